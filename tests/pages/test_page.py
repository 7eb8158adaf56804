"""The page in a browser: it shows the day, signs an order, shows it, and shows a refusal's rule."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from lasalle import wire
from tests.gateway.conftest import FAR, SYMBOL, Served, serving, told_to
from tests.pages.browser import Browser, chromium

PROGRAM = chromium()
pytestmark = [
    pytest.mark.page,
    pytest.mark.skipif(PROGRAM is None, reason="no Chromium: tools/install_chromium.sh"),
]
WIDTHS = (1440, 900, 420, 320)
BOOK = "[...document.querySelectorAll('#book tr[data-ticks]')].map(r => +r.dataset.ticks)"

CONTRAST = """(() => {
  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = colour => {
    paint.clearRect(0, 0, 1, 1); paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data];
  };
  const over = (top, under) => under.map((u, i) => i === 3 ? 255
    : top[i] * top[3] / 255 + u * (1 - top[3] / 255));
  const behind = e => e ? over(rgba(getComputedStyle(e).backgroundColor), behind(e.parentElement))
    : rgba("Canvas");
  const light = c => [.2126, .7152, .0722].reduce((sum, share, i) => {
    const v = c[i] / 255;
    return sum + share * (v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
  }, 0);
  const found = [];
  for (const e of document.querySelectorAll("body *")) {
    const text = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!text || !e.checkVisibility()) continue;
    const style = getComputedStyle(e), drawn = e.closest("svg");
    const back = behind(drawn ? drawn.parentElement : e);
    const one = light(over(rgba(drawn ? style.fill : style.color), back)), other = light(back);
    const ratio = (Math.max(one, other) + .05) / (Math.min(one, other) + .05);
    found.push([`${e.tagName} ${e.id} ${e.className}: ${e.textContent.slice(0, 30)}`, ratio]);
  }
  return found;
})()"""
"""Every element with text of its own, and its contrast against what is painted behind it."""


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Iterator[tuple[Served, Browser]]:
    folder = tmp_path_factory.mktemp("page")
    assert PROGRAM is not None, "without a browser every test here is skipped"
    with serving(folder / "house", page=True) as served:
        admin = served.client(1)
        for day, price in ((20_990_101, 2_000_000), (20_990_102, 2_100_000)):
            admin.command(
                "publish_fixing", index=1, day=day, price=price, method=1, inputs="00" * 32
            )
        served.client(12).place(2, SYMBOL, "sell", 7, price_ticks=205)
        browser = Browser(PROGRAM, folder / "profile")
        try:
            browser.open(served.address + "/")
            browser.until("document.querySelectorAll('#book tr[data-ticks]').length === 1")
            yield served, browser
        finally:
            browser.close()


def test_it_shows_the_day_and_logs_no_error(page):
    served, browser = page
    assert browser.run(BOOK) == [205]
    assert browser.run("document.querySelector('#series tr.chosen td').textContent") == SYMBOL
    assert browser.run("document.querySelectorAll('#index-chart path.line').length") == 1
    assert browser.until("document.querySelector('#wire').textContent") == "live"
    ages = browser.run("[...document.querySelectorAll('[data-age]')].map(a => a.textContent)")
    assert len(ages) == 6
    assert all(ages)
    served.client(12).place(2, SYMBOL, "sell", 3, price_ticks=206)
    browser.until(f"({BOOK}).includes(206)")
    assert browser.errors == []


def test_no_width_scrolls_sideways(page):
    _, browser = page
    try:
        for width in WIDTHS:
            browser.size(width, 900)
            browser.until(f"innerWidth === {width}")
            told = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
            needed, there = browser.run(told)
            assert needed <= there, width
    finally:
        browser.size(1440, 900)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_text_stands_out_in_the_dark_and_in_the_light(page, scheme):
    _, browser = page
    browser.prefer(scheme)
    browser.until(f"matchMedia('(prefers-color-scheme: {scheme})').matches")
    measured = browser.run(CONTRAST)
    assert len(measured) > 60
    assert [row for row in measured if row[1] < 4.5] == [], "WCAG AA asks 4.5 to 1"


def test_the_curve_is_as_old_as_its_marks(page):
    served, browser = page
    marked = served.gateway.market.marks_time
    assert marked > 0
    title = browser.until("document.querySelector('[data-age=curve]').title")
    shown = f"Date.parse({json.dumps(title)}.slice(3))"
    assert browser.run(shown) == pytest.approx(marked // 10**6, abs=1)


def test_what_is_published_of_an_index_is_told_beside_it(page):
    served, browser = page
    assert browser.run("document.querySelector('#index-name').textContent") == "H100-US"

    def told(**message):
        tell = served.gateway.streams.tell
        served.gateway._loop.call_soon_threadsafe(tell, [{"symbol": "H100-US", **message}])

    row = {
        "channel": "indices", "day": "2099-01-02", "stage": "final", "status": "fixed",
        "offers": 3, "sources": 1, "method": 2, "marks": [], "reason": "", "late_seconds": 0,
        "silent": [],
    }  # fmt: skip
    text = "document.querySelector('#index-row').textContent"
    for changed, shown in (
        ({}, "final on 2099-01-02 from 3 offers of 1 source, method 2"),
        ({"stage": "provisional", "marks": ["carried"], "late_seconds": 1_000},
         "provisional on 2099-01-02 from 3 offers of 1 source, method 2, carried, late"),
        ({"status": "no-fix", "reason": "evidence", "silent": ["vast"]},
         "no fix on 2099-01-02: evidence, method 2, vast silent"),
    ):  # fmt: skip
        told(**row | changed)
        assert browser.until(f"{text}.endsWith({json.dumps(shown)})")
    implied = {"channel": "derived", "day": 20_990_102, "value": 4_444, "reason": ""}
    told(**implied | {"symbol": "H100-US-IV30"})
    assert browser.until(f"{text}.endsWith('30-day implied volatility 44.44 % on 2099-01-02')")
    told(**implied | {"symbol": "H100-US-IV30", "simulated": True, "modelled": True})
    assert browser.until(f"{text}.endsWith('2099-01-02 (simulated, modelled)')")
    told(**implied | {"symbol": "H100-US-IV30", "value": None, "reason": "no quotes"})
    assert browser.until(f"{text}.endsWith('30-day implied volatility: none, no quotes')")
    told(channel="curves", day=20_990_102, months=[{}, {}], curve_sha256="0123456789abcdef")
    shown = "Published for 2099-01-02: 2 months, hash 0123456789ab"
    assert browser.until(
        f"document.querySelector('#curve-row').textContent === {json.dumps(shown)}"
    )
    assert browser.errors == []


def test_a_house_that_does_not_answer_is_said(page):
    _, browser = page
    assert browser.run("document.querySelector('#lost').hidden")
    browser.offline(True)
    try:
        browser.until("!document.querySelector('#lost').hidden")
        assert "has not answered since" in browser.run("document.querySelector('#lost').innerText")
        assert browser.run("document.querySelector('#market').textContent") == "unknown"
    finally:
        browser.offline(False)
    browser.until("document.querySelector('#lost').hidden")
    browser.until("document.querySelector('#market').textContent === 'running'")
    browser.errors.clear()


def test_keys_find_a_series_and_can_be_switched_off(page):
    _, browser = page
    hidden = "document.querySelector('#finding').hidden"
    browser.press("/")
    assert browser.run(f"!{hidden} && document.activeElement.id") == "find"
    browser.fill("#find", SYMBOL[1:].lower())
    browser.press("Enter")
    browser.until(hidden)
    assert browser.run("document.querySelector('#contract-symbol').textContent") == SYMBOL
    browser.click("#hotkeys")
    browser.press("/")
    assert browser.run(hidden)
    browser.click("#hotkeys")
    assert browser.errors == []


def test_an_order_is_signed_in_the_browser_and_seen_in_the_book(page):
    served, browser = page
    key = served.keys[11]
    browser.fill("#key", json.dumps({"key": key.key, "secret": key.secret, "account": 1}))
    browser.click("#logon-go")
    browser.until("!document.querySelector('#order').hidden")
    assert browser.run("document.querySelector('#key').value") == "", "the secret does not linger"
    browser.press("b")
    browser.fill("#price", "1.95")
    browser.fill("#lots", "4")
    browser.press("Enter")
    browser.until(f"({BOOK}).includes(195)")
    browser.until("document.querySelector('#answer').textContent.includes('Resting')")
    (order,) = served.client(11).live_orders(1)
    assert (order.price_ticks, order.lots, order.side) == (195, 4, "buy")
    browser.click("#tabs [data-name=orders]")
    browser.until(f"document.querySelector('#own').textContent.includes('{order.client_order_id}')")
    browser.click("#own td button")
    browser.until(f"!({BOOK}).includes(195)")
    assert served.client(11).order(1, order.order).status.startswith("cancelled")
    assert browser.errors == []


def test_the_price_goes_with_the_series_even_under_a_hand(page):
    served, browser = page
    terms = {
        "series": 2, "symbol": "OTHER", "series_kind": "future", "group": 1, "index": 1,
        "first_month": 1212, "last_month": 1212, "hours": 720, "tick": 10_000,
        "reference_price": 2_000_000, "band": 3_000, "protection": 500, "last_trading_time": FAR,
    }  # fmt: skip
    served.client(1).command("list_series", **terms)
    rows = "[...document.querySelectorAll('#series tbody tr')]"
    browser.until(f"{rows}.length === 2")
    browser.run("document.querySelector('#price').focus()")
    before = browser.run("document.querySelector('#price').value")
    browser.run(f"{rows}[1].click()")
    assert browser.run("document.querySelector('#ticket-symbol').textContent") == "OTHER"
    assert browser.run("document.querySelector('#price').value") != before
    browser.run(f"{rows}[0].click()")
    assert browser.run("document.querySelector('#price').value") == "2.05", "the best offer"


def test_a_refusal_links_to_its_sentence(page):
    served, browser = page
    browser.fill("#price", "1.955")
    browser.click("#send")
    rule = wire.REFUSALS[wire.Refusal.PRICE_OFF_TICK][0]
    link = browser.until("document.querySelector('#answer .refused a')?.getAttribute('href')")
    assert link == f"/web/rules.html#{rule}"
    seen = [e for e in browser.errors if "422" not in e]
    assert seen == [], "a refusal is an answer, not an error of the page"
    browser.open(served.address + link)
    sentence = browser.until(f"document.getElementById('{rule}')?.nextElementSibling.textContent")
    assert "tick" in sentence


def test_a_curve_is_of_month_futures_alone(page):
    """Quarters, weeks, bases and variances are futures too, at prices of their own."""
    served, browser = page
    months = ("H100-2099-02", "H100-2099-03")
    others = ("H100-2099Q1", "H100.W-2099W05-1.000_3.000", "H100.V-2099-01", "H100.LEN-2099-01")
    for number, symbol in enumerate((*months, *others), 50):
        listed = wire.ListSeries(
            series=number, symbol=symbol, series_kind=wire.SeriesKind.FUTURE, group=1, index=1,
            first_month=209901, last_month=209901, hours=720, tick=1_000,
            reference_price=50_000_000, band=3_000, protection=500, last_trading_time=FAR,
        )  # fmt: skip
        told_to(served.house, 1, listed)
    browser.open(served.address + "/")
    browser.until("document.querySelector('#series')?.textContent.includes('H100-2099Q1')")
    dots = 'document.querySelectorAll(\'#curve-chart circle:is([r="2.3"], [r="4.5"])\').length'
    browser.until(f"{dots} > 0")
    assert browser.run(dots) == len(months)


@pytest.mark.parametrize("width", [1440, 900, 390])
def test_the_instruments_are_seen_whole(page, width: int) -> None:
    """The longest symbols the house lists take a second line rather than the last column."""
    _, browser = page
    browser.size(width, 900)
    browser.run(
        "document.querySelector('#series tbody td').textContent = 'H100.W-2026W48-2.450_7.400'"
    )
    wide = "(e => e.scrollWidth - e.clientWidth)(document.querySelector('#instruments .scroll'))"
    assert browser.run(wide) <= 0
    browser.size(1440, 900)
