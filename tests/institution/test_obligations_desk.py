"""The steps of a delivery as its two sides take them, and what each sees of it."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from lasalle import wire
from lasalle.client import Fault, Refused
from lasalle.delivery.invoice import TaxWrong, read_taxes
from lasalle.institution import obligations_desk
from lasalle.institution.delivery_verbs import STEPS
from lasalle.institution.examples.delivery_venue import (
    BUYER,
    HOUR,
    OTHER,
    SUPPLIER,
    DeliveryVenue,
)
from lasalle.institution.words import parser
from tests.institution.delivery_world import OwnDoor, begun, owned

TAXES = '[[tax]]\nseller = 1\nbuyer = 2\ncode = "S"\nrate = 1900\n'


@pytest.fixture
def venue(tmp_path: Path) -> Iterator[DeliveryVenue]:
    found = DeliveryVenue.open(tmp_path / "house")
    yield found
    found.close()


class Desk:
    """`lasalle delivery` of an actor, in this process."""

    def __init__(self, venue: DeliveryVenue, capsys: pytest.CaptureFixture[str]) -> None:
        self._venue, self._capsys = venue, capsys

    def __call__(self, actor: int, *words: object) -> str:
        args: Namespace = parser().parse_args(["delivery", *map(str, words)])
        client: Any = OwnDoor(self._venue, actor, read_taxes(TAXES))
        assert obligations_desk.run(args, client) == 0
        return self._capsys.readouterr().out


def ended_of_both(desk: Desk, number: int, how: str) -> None:
    for actor, account, party in ((11, SUPPLIER, "seller"), (12, BUYER, "buyer")):
        (ended,) = json.loads(desk(actor, "list", account, "--ended", "--json"))
        assert (ended["delivery"], ended["party"], ended["state"]) == (number, party, how)
        assert (ended["metered_hours"], ended["final_hours"], ended["missing"]) == (24, 24, 0)
    assert "is on no side of a delivery that has ended" in desk(13, "list", OTHER, "--ended")


@pytest.mark.rule("DEL-022", "DEL-023", "DEL-024", "DEL-025", "DEL-026", "DEL-060")
def test_a_delivery_from_nomination_to_invoice(
    venue: DeliveryVenue, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, number = Desk(venue, capsys), begun(venue)
    before = {account: owned(venue, account) for account in (SUPPLIER, BUYER)}
    named = tmp_path / "cluster.json"
    named.write_text('{"endpoint": "https://tokens.example"}')
    listed = desk(11, "list", SUPPLIER)
    assert f"delivery {number}: seller of 100 x TSTD.F-2026-07-18 at 0.400000" in listed
    assert "waits for nominations of the seller and the buyer, else it fails" in listed
    assert "need 720.000000 USD set aside; margin 720.000000" in desk(11, "money", SUPPLIER)
    assert "delivery nominated" in desk(11, "nominate", SUPPLIER, number, named)
    assert "waits for nominations of the buyer" in desk(12, "list", BUYER)
    assert "nobody" not in desk(12, "nominate", BUYER, number, named)
    desk(11, "tender", SUPPLIER, number, "--quality", 9_800, "--evidence", named)
    assert "delivery rejected" in desk(12, "reject", BUYER, number, "--evidence", named)
    desk(11, "tender", SUPPLIER, number, "--quality", 9_500)
    # Silence accepts: the inspection ends two hours after the begin.
    starts = venue.series[0].period_ends - 24 * HOUR
    venue.until(starts + 2 * HOUR)
    assert "running, waits for hours to be metered" in desk(12, "list", BUYER)
    venue.clock.to(starts + 24 * HOUR)
    told = desk(1, "book", number, 23, 2_300, "--evidence", named)
    assert "amount 874.00 USD" in told
    metered = int(told.split("metered: metered ")[1].split(",")[0])
    desk(1, "book", number, 1, 90, "--evidence", named)
    assert f"metered {metered}: 2300 units, disputed by 2" not in desk(12, "list", BUYER)
    desk(12, "dispute", BUYER, metered, "--evidence", named)
    assert f"metered {metered}: 2300 units, disputed by 2" in desk(12, "list", BUYER)
    said = desk(1, "determine", metered, 2_300, SUPPLIER, "--fee", "25", "--evidence", named)
    assert "determine_metered waits for another operator" in said
    venue.ask(2, wire.Approve(proposal=int(said.split()[1].strip(":"))))
    venue.until(starts + 49 * HOUR)
    assert "10 accelerator-hours missing" in desk(11, "list", SUPPLIER)
    said = desk(1, "remedy", number, 10, "--cover-price", "0.5", "--evidence", named)
    venue.ask(2, wire.Approve(proposal=int(said.split()[1].strip(":"))))
    assert "is on no side of a delivery that is open" in desk(12, "list", BUYER)
    ended_of_both(desk, number, "remedied")
    story = json.loads(desk(12, "show", BUYER, number, "--json"))
    names = [step["name"] for step in story["steps"]]
    assert (story["now"], names[0], names[-1]) == (None, "delivery_made", "delivery_ended")
    assert {"delivery_rejected", "metered_determined", "remedy_paid", "receivable_paid"} < {*names}
    bill = json.loads(desk(11, "invoice", SUPPLIER, number, "--json"))
    # 2,390 units at 0.40 less 5 %, taxed at 19 %; the fee and the remedy bear no tax.
    supply = 2_390 * 400_000 * 9_500 // 10_000
    cost = 10 * (500_000 - 400_000 + 40_000)
    assert bill["taxes"] == [
        {"net": -25_000_000 - cost, "code": "O", "rate": 0, "amount": 0},
        {"net": supply, "code": "S", "rate": 1_900, "amount": supply * 19 // 100},
    ]
    assert bill["net"] == supply - 25_000_000 - cost
    assert (bill["provisional"], bill["gross"]) == (False, bill["net"] + bill["tax"])
    text = desk(12, "invoice", BUYER, number)
    assert "quality 9,500 of 10,000" in text
    assert "tax S, standard rate, 19.00 % of 908.200000" in text
    assert owned(venue, SUPPLIER) - before[SUPPLIER] == bill["net"]
    assert owned(venue, BUYER) - before[BUYER] == -bill["net"]
    with pytest.raises(Refused, match="is not of account 3"):
        desk(13, "show", OTHER, number)


@pytest.mark.rule("DEL-022")
def test_of_what_failed_no_hour_was_metered_and_what_a_remedy_paid_is_told(
    venue: DeliveryVenue, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, number = Desk(venue, capsys), begun(venue)
    named = tmp_path / "cluster.json"
    named.write_text('{"endpoint": "https://tokens.example"}')
    desk(12, "nominate", BUYER, number, named)
    told = desk(12, "nominate", BUYER, number, named)
    assert "delivery nominated" in told, "a later one takes the place of the earlier"
    venue.until(venue.house.accounts.margins.owed.deliveries[number].due)
    told = desk(11, "list", SUPPLIER)
    assert "failed, waits for what is missing to be made good by 2026-" in told
    assert "0 hours metered, 0 final, 2400 accelerator-hours missing" in told
    told = desk(11, "show", SUPPLIER, number)
    assert "terms: nomination_lead " in told
    assert "0000000" not in told, "no nanoseconds"
    said = desk(1, "remedy", number, 2_400, "--cover-price", "0.5", "--evidence", named)
    venue.ask(2, wire.Approve(proposal=int(said.split()[1].strip(":"))))
    cost = "336.000000 USD"  # 2,400 units at 0.50 less 0.40, and 0.04 of penalty
    told = desk(12, "list", BUYER, "--ended")
    assert "0 hours metered, 0 final; its seller was paid 0.000000 USD" in told
    assert f"remedies paid its buyer {cost}" in told


def test_a_side_changes_hands_and_is_pledged(
    venue: DeliveryVenue, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, number = Desk(venue, capsys), begun(venue)
    told = desk(12, "offer", BUYER, number, OTHER, 40, 0, 12, "3.50")
    offer = int(told.split("offer ")[1].split(",")[0])
    assert f"offer {offer}: account 2 to 3, 40 of delivery {number}" in desk(12, "money", BUYER)
    told = desk(13, "take", OTHER, offer)
    assert "delivery transferred" in told
    mine = json.loads(desk(13, "list", OTHER, "--json"))
    assert [(d["party"], d["lots"], d["hours"]) for d in mine] == [("buyer", 40, 12)]
    desk(13, "pledge", OTHER, mine[0]["delivery"], SUPPLIER)
    told = desk(11, "list", SUPPLIER, "--json")
    assert [d["pledgee"] for d in json.loads(told)].count(SUPPLIER) == 1
    until = venue.clock.now + HOUR
    credit = wire.SetDeliveryCredit(
        account=SUPPLIER, amount=500_000_000, share=2_500, until=until, basis=b"\x01" * 32
    )
    venue.agreed(credit)
    told = desk(11, "money", SUPPLIER)
    assert "count 180.000000, of 500.000000 and 25 % of its margin as a seller" in told
    venue.until(until)
    assert "hardware" not in desk(11, "money", SUPPLIER)
    desk(11, "bond", SUPPLIER, 800)
    assert "margin 0.000000, bond 800.000000" in desk(11, "money", SUPPLIER)
    desk(11, "return-bond", SUPPLIER, "79.5")
    with pytest.raises(Refused, match="bond"):
        desk(11, "return-bond", SUPPLIER, 100_000)
    with pytest.raises(Refused, match="offer"):
        desk(13, "withdraw", OTHER, offer)


@pytest.mark.rule("DEL-035")
def test_a_guarantee_is_seen_by_who_gives_it_and_by_who_has_it(
    venue: DeliveryVenue, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, signed, until = Desk(venue, capsys), tmp_path / "guarantee.pdf", venue.clock.now + HOUR
    signed.write_text("We guarantee.")
    told = desk(13, "guarantee", OTHER, SUPPLIER, "250.5", until, signed)
    number = int(told.split(": guarantee ")[1].split(",")[0])
    for actor, account in ((13, OTHER), (11, SUPPLIER)):
        line = f"guarantee {number}: account {OTHER} for {SUPPLIER}, 250.500000 until"
        assert line in desk(actor, "money", account)
        money = json.loads(desk(actor, "money", account, "--json"))
        (row,) = money["guarantees"]
        assert (row["guarantee"], row["account"], row["to_account"]) == (number, OTHER, SUPPLIER)
        of_it = (money["given"], money["guaranteed"])
        assert of_it == (("250.500000", "0.000000")[:: 1 if account == OTHER else -1])
    with pytest.raises(Refused, match="has given no guarantee"):
        desk(11, "return-guarantee", SUPPLIER, number)
    desk(13, "return-guarantee", OTHER, number)
    assert "guarantee" not in desk(11, "money", SUPPLIER)
    desk(13, "guarantee", OTHER, SUPPLIER, 90, until, signed)
    venue.until(until)
    assert "guarantee" not in desk(13, "money", OTHER)


def test_words_that_are_no_amount_and_files_that_say_nothing_are_refused(
    venue: DeliveryVenue, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, empty = Desk(venue, capsys), tmp_path / "empty"
    empty.write_bytes(b"")
    for words, why in (
        (("bond", 1, "much"), "amount: expected dollars, found much"),
        (("bond", 1, "0.0000001"), "amount: expected whole micro-dollars"),
        (("nominate", 1, 5, empty), "expected a file that says something"),
    ):
        with pytest.raises(ValueError, match=why):
            desk(11, *words)


@pytest.mark.rule("DEL-070")
def test_a_nomination_in_the_form_of_the_house_is_held_against_the_standard(
    venue: DeliveryVenue, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, number = Desk(venue, capsys), begun(venue)
    form = tmp_path / "endpoint.toml"
    form.write_text('class = "T-BATCH"\nendpoint = "https://tokens.example"')
    with pytest.raises(Fault, match="class: expected T-STANDARD, found T-BATCH") as caught:
        desk(11, "nominate", SUPPLIER, number, form)
    told = (caught.value.status, caught.value.name, caught.value.rule)
    assert told == (422, "nomination_wrong", "DEL-070")
    assert "nominations of the seller" in desk(11, "list", SUPPLIER)
    assert "nobody has nominated" in desk(12, "nominations", BUYER, number)
    form.write_text('class = "T-STANDARD"\nendpoint = "https://tokens.example"')
    told = desk(11, "nominate", SUPPLIER, number, form)
    assert told.startswith("nominates T-STANDARD at https://tokens.example")
    assert "whatever it says" in desk(12, "nominate", BUYER, number, form)
    told = desk(12, "nominations", BUYER, number)
    assert 'endpoint = "https://tokens.example"' in told
    assert told.count(sha256(form.read_bytes()).hexdigest()) == 2
    with pytest.raises(Refused, match="is in state scheduled: expected state paired"):
        desk(11, "nominate", SUPPLIER, number, tmp_path / "endpoint.toml")


def test_every_command_of_a_delivery_has_a_verb() -> None:
    named = {step.command.NAME for step in STEPS}
    of_deliveries = {kind.NAME for number, kind in wire.MESSAGES.items() if 160 < number <= 187}
    assert named == of_deliveries
    for step in STEPS:
        assert {w.field for w in step.words} == set(step.command.__struct_fields__), step.name


@pytest.mark.rule("DEL-060")
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("tax = 3", "expected rows"),
        ('[[tax]]\ncode = "VAT"', "expected one of S, AA"),
        ('[[tax]]\ncode = "S"', "rate of S: expected 1 to 10000, found 0"),
        ('[[tax]]\ncode = "Z"\nrate = 5', "rate of Z: expected 0 to 0, found 5"),
        ('[[tax]]\ncode = "S"\nrate = "19 %"', "rate: expected int"),
        ("[[tax]]\nrate = 5", "expected code"),
        ("[[tax", "expected TOML"),
    ],
)
def test_a_tax_that_is_none_is_refused(text: str, why: str) -> None:
    with pytest.raises(TaxWrong, match=why):
        read_taxes(text)
