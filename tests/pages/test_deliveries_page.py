"""The page's deliveries: where each stands, disputes, money, and the steps of one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from lasalle import wire
from lasalle.institution.examples.delivery_venue import BUYER, HOUR, SUPPLIER, DeliveryVenue
from tests.gateway.conftest import Served, serving_house
from tests.institution.delivery_world import begun
from tests.pages.browser import Browser, chromium
from tests.pages.test_page import CONTRAST

PROGRAM = chromium()
pytestmark = [
    pytest.mark.page,
    pytest.mark.skipif(PROGRAM is None, reason="no Chromium: tools/install_chromium.sh"),
]
EVIDENCE = b"\x01" * 32
WIDTHS = (1400, 390)
ROWS = (
    "[...document.querySelectorAll('#own tbody tr')].map(r => [...r.cells].map(c => c.textContent))"
)


def disputed(venue: DeliveryVenue) -> int:
    """A delivery of which an hour is disputed, with a bond beside it; its number."""
    number = begun(venue)
    for account in (SUPPLIER, BUYER):
        named = wire.NominateDelivery(account=account, delivery=number, nomination=EVIDENCE)
        venue.ask(10 + account, named)
    tender = wire.TenderDelivery(
        account=SUPPLIER, delivery=number, quality=10_000, evidence=EVIDENCE
    )
    venue.ask(10 + SUPPLIER, tender)
    delivery = venue.house.accounts.margins.owed.deliveries[number]
    venue.until(delivery.starts + 2 * HOUR)
    for units in (100, 60):
        metered = venue.ask(
            1, wire.MeterDelivery(delivery=number, hours=1, units=units, evidence=EVIDENCE)
        )
    dispute = wire.DisputeMetered(account=BUYER, metered=metered[0].metered, evidence=EVIDENCE)
    venue.ask(10 + BUYER, dispute)
    venue.ask(10 + SUPPLIER, wire.PostBond(account=SUPPLIER, amount=250_000_000))
    return number


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Browser, int]]:
    folder = tmp_path_factory.mktemp("deliveries")
    assert PROGRAM is not None, "without a browser every test here is skipped"
    venue = DeliveryVenue.open(folder / "house")
    number = disputed(venue)
    with serving_house(venue.house, page=True) as served:
        browser = Browser(PROGRAM, folder / "profile")
        try:
            browser.open(served.address + "/")
            browser.until("document.querySelector('#wire')?.textContent === 'live'")
            yield served, browser, number
        finally:
            browser.close()


def logged_on(served: Served, browser: Browser) -> None:
    """The supplier's deliveries."""
    key = served.keys[10 + SUPPLIER]
    browser.fill("#key", json.dumps({"key": key.key, "secret": key.secret, "account": SUPPLIER}))
    browser.click("#logon-go")
    browser.until("!document.querySelector('#order').hidden")
    browser.click("#tabs button[data-name=deliveries]")


def test_a_seller_sees_where_its_delivery_stands_and_opens_it(
    page: tuple[Served, Browser, int],
) -> None:
    served, browser, number = page
    browser.click("#tabs button[data-name=deliveries]")
    browser.until("/Log on to see your own/.test(document.querySelector('#own').textContent)")
    logged_on(served, browser)
    browser.until("document.querySelectorAll('#own tbody tr').length === 4")
    money, sold, first, second = browser.run(ROWS)
    assert money[2] == "set aside 470.00, bond 250.00"
    assert money[5:] == ["64.00", "720.00"]
    assert sold[0] == str(number)
    assert sold[2] == "running, 1 disputed, 0 final: hours to be metered"
    assert sold[4:] == ["2 of 24", "64.00", "720.00"]
    assert "100 accelerator-hours" in first[1]
    assert second[2].startswith("disputed by account 2")
    browser.run(
        f"[...document.querySelectorAll('#own tbody tr')].find(r => r.cells[0].textContent === "
        f"'{number}').click()"
    )
    browser.until("/in all, so far/.test(document.querySelector('#own').textContent)")
    opened = browser.run(ROWS)
    steps = [row[1] for row in opened if row[0] == "· step"]
    assert (steps[0], steps[-1]) == ("metered disputed", "delivery made")
    assert [row[5] for row in opened if row[1] == "in all, so far"] == ["64.000000"]
    for width in WIDTHS:
        browser.size(width, 900)
        assert browser.run("document.documentElement.scrollWidth <= innerWidth"), width
    assert [row for row in browser.run(CONTRAST) if row[0] and row[1] < 4.5] == []
    assert browser.errors == []


def test_of_what_failed_no_hour_is_metered_and_its_remedy_is_money(tmp_path: Path) -> None:
    """A failed delivery of 2,400 units at 0.40, made good at 0.50 and a penalty of 0.04."""
    assert PROGRAM is not None, "without a browser every test here is skipped"
    venue = DeliveryVenue.open(tmp_path / "house")
    number = begun(venue)
    named = wire.NominateDelivery(account=BUYER, delivery=number, nomination=EVIDENCE)
    venue.ask(10 + BUYER, named)
    venue.until(venue.house.accounts.margins.owed.deliveries[number].due)
    venue.agreed(
        wire.RemedyDelivery(delivery=number, units=2_400, cover_price=500_000, evidence=EVIDENCE)
    )
    with serving_house(venue.house, page=True) as served:
        browser = Browser(PROGRAM, tmp_path / "profile")
        try:
            browser.open(served.address + "/")
            browser.until("document.querySelector('#wire')?.textContent === 'live'")
            logged_on(served, browser)
            found = f"{ROWS}.find(row => row[0] === '{number}')"
            (_, _, stands, _, hours, money, _) = browser.until(found)
        finally:
            browser.close()
    assert stands == "remedied, remedies 336.00 to the buyer: nothing: it ended"
    assert (hours, money) == ("0 of 24", "\u2212336.00")
