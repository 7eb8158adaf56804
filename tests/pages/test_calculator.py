"""The margin calculator in a browser: reckoned there from the published table, to the micro-dollar
the house's own figure and that of an account as it stands."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator

import pytest

from lasalle.clearing import Held, read_published, requirement
from lasalle.clearing.fx import Observation, load_fx_terms
from lasalle.institution.credit_house import file_examples
from lasalle.institution.credit_served import ServedCredit
from lasalle.institution.credit_sold import Views
from lasalle.institution.fx_round import make_day
from lasalle.institution.fx_store import FxStore
from tests.gateway.conftest import SYMBOL, Served, serving
from tests.gateway.test_cover import Kept
from tests.gateway.test_margin import richer, traded
from tests.loopback import HTTP
from tests.pages.browser import Browser
from tests.pages.test_page import CONTRAST, PROGRAM, WIDTHS

pytestmark = [
    pytest.mark.page,
    pytest.mark.skipif(PROGRAM is None, reason="no Chromium: tools/install_chromium.sh"),
]
TAB = "#tabs button[data-name=calculator]"
SAID = "document.querySelector('#calculator-said').textContent"
PARTS = """Object.fromEntries([...document.querySelectorAll('#calculator-parts tbody tr')]
  .map(r => [...r.cells].map(c => c.textContent)))"""


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Iterator[tuple[Served, Browser]]:
    folder = tmp_path_factory.mktemp("calculator")
    assert PROGRAM is not None, "without a browser every test here is skipped"
    with serving(folder / "house", page=True) as served:
        richer(served, 1)
        traded(served)
        browser = Browser(PROGRAM, folder / "profile")
        try:
            browser.open(served.address + "/")
            browser.until("document.querySelectorAll('#series tbody tr').length > 0")
            browser.until(f"!!document.querySelector('{TAB}')")
            browser.click(TAB)
            browser.until("document.querySelectorAll('#calculator-parts tbody tr').length > 5")
            yield served, browser
        finally:
            browser.close()


def dollars(micro: int) -> str:
    return f"{micro // 10**6:,}.{micro % 10**6:06d}"


def fill(browser: Browser, symbol: str, name: str, text: str) -> None:
    browser.run(
        f"(() => {{ const e = [...document.querySelectorAll('#calculator-held input')]"
        f".find(e => e.dataset.is === {json.dumps(f'{symbol} {name}')}); "
        f"e.value = {json.dumps(text)}; e.dispatchEvent(new Event('input')); }})()"
    )


def test_a_portfolio_is_asked_here_what_the_house_asks(page):
    served, browser = page
    told = HTTP.get(f"{served.address}/v1/margin/tables/current").json()
    table = read_published(told)
    browser.fill("#calculator-find", "RIGHT")
    browser.run("document.querySelector('#calculator-add').requestSubmit()")
    browser.until("document.querySelectorAll('#calculator-held tbody tr').length === 2")
    draw, bound = random.Random(3), set()
    for _ in range(12):
        portfolio = {
            s: Held(draw.randint(-90, 90), draw.randint(0, 40), draw.randint(0, 40))
            for s in (SYMBOL, "RIGHT")
        }
        for symbol, held in portfolio.items():
            for name, lots in held._asdict().items():
                fill(browser, symbol, name, str(lots))
        found = requirement(portfolio, table)
        # The whole number the page reckons, before the house is asked.
        asked = json.dumps([{"symbol": s, **h._asdict()} for s, h in portfolio.items()])
        here = browser.run(
            "import('/web/margin.js').then(async m => { const table = await "
            "(await fetch('/v1/margin/tables/current')).json(); "
            f"const r = m.requirement({asked}, table); "
            "return [r.requirement, r.initial, r.scan, r.tail].map(String).concat("
            "[await m.digestOf(table)]); })"
        )
        assert here == [
            str(found.requirement), str(found.initial), str(found.scan_path),
            str(found.tail_path), told["sha256"],
        ]  # fmt: skip
        bound.add("scan" if found.scan_path > found.tail_path else "tail")
        browser.until(f"({PARTS})['Requirement'] === {json.dumps(dollars(found.requirement))}")
        browser.until(f"{SAID} === \"equal to the house's own figure\"")
    assert bound == {"scan", "tail"}, "both paths were reached"
    shown = browser.run("document.querySelector('#calculator-table').textContent")
    assert "checked here" in shown
    assert told["sha256"][:12] in shown
    # This house keeps no record of an index, and says so.
    assert [e for e in browser.errors if "/v1/indices/" not in e] == []


def test_words_that_are_no_lots_are_said_and_a_new_table_is_read(page):
    served, browser = page
    fill(browser, SYMBOL, "lots", "many")
    browser.until(f"{SAID} === '{SYMBOL}: expected whole lots, signed for what is held.'")
    for name, lots in (("lots", "7"), ("buys", "0"), ("sells", "0")):
        fill(browser, SYMBOL, name, lots)
        fill(browser, "RIGHT", name, "0")
    before = browser.until(f"({PARTS})['Requirement']")
    richer_mark = [{"series": 1, "price": 2_000_000}, {"series": 2, "price": 500_000}]
    served.client(1).command("settle_variation", day=20260107, prices=richer_mark)
    fill(browser, "RIGHT", "lots", "3")
    table = read_published(HTTP.get(f"{served.address}/v1/margin/tables/current").json())
    found = requirement({SYMBOL: Held(7), "RIGHT": Held(3)}, table)
    browser.until(f"({PARTS})['Requirement'] === {json.dumps(dollars(found.requirement))}")
    browser.until(f"{SAID} === \"equal to the house's own figure\"")
    assert before
    # This house keeps no record of an index, and says so.
    assert [e for e in browser.errors if "/v1/indices/" not in e] == []


def test_it_fits_and_can_be_read(page):
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
    for scheme in ("light", "dark"):
        browser.prefer(scheme)
        browser.until(f"matchMedia('(prefers-color-scheme: {scheme})').matches")
        measured = [row for row in browser.run(CONTRAST) if row[0]]
        assert [row for row in measured if row[1] < 4.5] == []


def test_what_the_house_says_of_its_clearing_is_read_on_the_page(page):
    served, browser = page
    store = FxStore(served.house.folder)
    said = [Observation("EUR", 20260330, hand, 1_085_100) for hand in ("ecb", "bank")]
    store.add([*said, Observation("GBP", 20260330, "ecb", 1_304_677)])
    make_day(store, load_fx_terms(), 20260330)
    served.gateway.covers, served.gateway.fx = Kept(), store
    browser.click("#tabs button[data-name=clearing]")
    browser.until("document.querySelectorAll('#own tbody tr').length > 7")
    rows = browser.run(
        "[...document.querySelectorAll('#own tbody tr')]"
        ".map(r => [...r.cells].map(c => c.textContent))"
    )
    told = {what: (figure, of) for what, figure, of in rows}
    assert told["Ready for a default, USD"] == ("0.00", "close of 2026-03-30")
    assert told["Suppliers that fail in a spike, beyond margin, USD"][1] == "a fall"
    assert told["Collateral, asset 2, EUR, USD"] == ("0.00", "limit 0.00")
    assert told["One EUR, USD"] == ("1.085100", "fixed of 2026-03-30 by ecb and bank")
    assert told["One GBP, USD"] == ("–", "no value: one hand")
    chip = browser.run("document.querySelector('#accounts-truth').textContent")
    assert chip == "Cover-2 breached"
    browser.click(TAB)


def test_the_book_of_suppliers_is_read_on_the_page_and_opens_for_an_officer(page):
    served, browser = page
    views = Views(served.gateway.market, served.gateway.accounts)
    served.gateway.credit = ServedCredit(served.house.folder, views)
    file_examples(served.house.folder, 1, time.time_ns())
    browser.click("#tabs button[data-name=suppliers]")
    browser.until("document.querySelectorAll('#own tbody tr').length === 6")
    read = (
        "[...document.querySelectorAll('#own tbody tr')]"
        ".map(r => [...r.cells].map(c => c.textContent))"
    )
    told = {row[0]: row for row in browser.run(read)}
    totals = served.client(1).credit_totals()
    assert totals.losses is not None
    usd = dollars(totals.losses.expected).partition(".")[0]
    assert told["Loss of a year, expected, USD"][4] == usd
    assert told["3 suppliers"][6] != "0"
    assert "wrong-way risk" in told["Sandbar Resale (made up)"][7]
    chip = "document.querySelector('#accounts-truth').textContent"
    browser.until(f"{chip} === 'some suppliers are made up'")
    assert [row for row in browser.run(CONTRAST) if row[0] and row[1] < 4.5] == []
    key = served.keys[1]
    content = json.dumps({"key": key.key, "secret": key.secret, "account": 1})
    browser.fill("#key", content)
    browser.click("#logon-go")
    browser.until("!document.querySelector('#order').hidden")
    browser.click("#tabs button[data-name=suppliers]")
    row = "[...document.querySelectorAll('#own tbody tr')].find(r => /Sandbar/.test(r.textContent))"
    browser.until(f"Boolean({row})")
    browser.run(f"{row}.click()")
    browser.until("/covenant most_short_cover/.test(document.querySelector('#own').textContent)")
    # Logging off loads the page anew: its tabs are waited for and not those that go.
    browser.run("globalThis.before = true")
    browser.click("#logoff")
    browser.until(f"!globalThis.before && !!document.querySelector('{TAB}')")
    browser.click(TAB)
