"""The page in a browser: it shows the day, signs an order, shows it, and shows a refusal's rule."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from lasalle import wire
from tests.gateway.conftest import SYMBOL, Served, serving
from tests.pages.browser import Browser, chromium

PROGRAM = chromium()
pytestmark = [
    pytest.mark.page,
    pytest.mark.skipif(PROGRAM is None, reason="no Chromium: tools/install_chromium.sh"),
]
BOOK = "[...document.querySelectorAll('#book tr[data-ticks]')].map(r => +r.dataset.ticks)"


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
