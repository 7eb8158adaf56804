"""What is booked of an hour that one of the parties did not cosign, and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from lasalle.delivery.booking import (
    NotBooked,
    NotYet,
    Owed,
    Reviews,
    booked,
    booked_in_time,
    reviewed,
    reviews_of,
)
from lasalle.delivery.bundle import Published
from lasalle.delivery.canonical import NONE, digest
from lasalle.delivery.desk_terms import load_desk_terms
from lasalle.delivery.faults import Breach, EvidenceRefused, Fault
from lasalle.delivery.hours import basis_of
from lasalle.delivery.terms import Side
from lasalle.institution.command_line import main
from lasalle.institution.examples.delivery_venue import HOUR
from tests.institution.metered_house import LOTS, House
from tests.institution.test_delivery_round import delivery

SECOND = 10**9
PARTIES = (Side.BUYER, Side.SUPPLIER)
DUE = 2 * HOUR + load_desk_terms().cosigning
"""Behind the begin of the first hour: the hour, its grace, the published time."""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    found = House(tmp_path)
    found.begin()
    yield found
    found.store.close()
    found.venue.close()


def evidence(house: House, units: int, sides: Sequence[Side], without: Side | None) -> bytes:
    read = [digest(house.meters.readings[side, 0]) for side in sides]
    buyer = house.meters.readings[Side.BUYER, 0]
    return bytes.fromhex(
        basis_of(
            house.meters.terms, 0, 1, read, determination=NONE, units=units, excused=0,
            quality=10_000, quantity=buyer.sum_prompt + buyer.sum_completion, without=without,
        ).sha256
    )  # fmt: skip


def reviews(house: House) -> Reviews:
    sizes = house.store.sizes(house.number)
    assert sizes is not None
    return reviews_of(Published(lambda name: house.store.read(house.number, name), sizes))


def owed(house: House) -> Owed:
    terms = house.meters.terms
    return Owed(terms.start_us, terms.end_us, LOTS)


@pytest.mark.rule("DEL-076")
@pytest.mark.parametrize("absent", PARTIES)
def test_who_never_cosigns_holds_an_hour_up_no_longer_than_the_published_time(
    house: House, absent: Side
) -> None:
    (other,) = {*PARTIES} - {absent}
    house.hour(0, cheats=True)
    house.send(by=[other])
    for moment in (2 * HOUR, DUE - SECOND):
        house.venue.clock.to(house.starts + moment)
        assert house.run() == []
        assert f"expected one the {absent} cosigned over what was read" in house.desk.said()
        assert "without it from 2026-07-19T02:00:00Z on (DEL-076)" in house.desk.said()
    house.venue.clock.to(house.starts + DUE)
    assert house.desk.unread(house.venue.clock.now) == [], "time alone changes no log"
    (asked,) = house.desk.due(house.venue.clock.now)
    assert house.desk.said() == (
        f"Booked by one cosignature: hour 0 of delivery {house.number} "
        f"(the {absent} did not cosign it in time, DEL-076)."
    )
    house.venue.ask(asked.actor, asked.command)
    assert asked.command.evidence == evidence(house, 5, tuple(Side), absent)
    assert asked.command.units == 5
    # What comes later changes nothing that was booked, and books nothing twice.
    house.cosign()
    assert house.run() == []
    assert delivery(house.venue).metered_hours == 1
    assert house.desk.said().startswith("Deliveries wait: hour 1 of delivery")


@pytest.mark.rule("DEL-007")
@pytest.mark.rule("DEL-076")
def test_what_neither_cosigned_is_not_booked_and_told(house: House) -> None:
    house.hour(0)
    house.send(by=())
    house.venue.clock.to(house.starts + 2 * DUE)
    assert house.run() == []
    assert "checkpoint: expected one both parties cosigned, found none (DEL-" in house.desk.said()
    assert f"hour 0 of delivery {house.number} (not booked: " in house.desk.said()
    assert delivery(house.venue).metered_hours == 0


@pytest.mark.rule("DEL-076")
def test_a_party_chooses_no_evidence_by_what_it_cosigns(house: House) -> None:
    house.hour(0, cheats=True)
    house.send([Side.SUPPLIER])
    house.send(by=[Side.BUYER])
    assert house.run() == [], "the supplier's own reading stands alone, and its grace is over"
    house.venue.clock.to(house.starts + DUE)
    (told,) = house.run()
    assert told.units == 5
    assert told.evidence == evidence(house, 5, tuple(Side), Side.SUPPLIER)


@pytest.mark.rule("DEL-076")
def test_a_cosignature_within_the_time_is_one_of_both(house: House) -> None:
    house.hour(0)
    house.send(by=[Side.BUYER])
    assert house.run() == []
    house.cosign()
    (told,) = house.run()
    assert told.evidence == evidence(house, LOTS, tuple(Side), None)
    assert house.desk.said() == ""


@pytest.mark.rule("DEL-076")
def test_what_one_party_cosigned_behind_an_hour_is_nothing_to_that_hour(house: House) -> None:
    house.hour(0)
    house.send()
    house.hour(1)
    house.send(by=[Side.BUYER])
    (told,) = house.run()
    assert told.evidence == evidence(house, LOTS, tuple(Side), None)


@pytest.mark.rule("DEL-076")
def test_of_two_who_cosigned_apart_the_further_stands(house: House) -> None:
    house.hour(0)
    house.send([Side.SUPPLIER], by=[Side.SUPPLIER])
    house.send([Side.BUYER], by=[Side.BUYER])
    found = reviews(house)
    assert found.both is None
    assert [one.without for one in found.alone] == [Side.SUPPLIER, Side.BUYER]
    house.send([Side.REFEREE], by=[Side.SUPPLIER])
    assert [one.without for one in reviews(house).alone] == [Side.BUYER, Side.SUPPLIER]
    house.venue.clock.to(house.starts + DUE)
    (told,) = house.run()
    assert told.evidence == evidence(house, LOTS, tuple(Side), Side.BUYER)


@pytest.mark.rule("DEL-073")
@pytest.mark.rule("DEL-076")
def test_one_that_is_unsound_as_far_as_one_party_cosigned_books_nothing(house: House) -> None:
    house.hour(0)
    house.send([Side.BUYER])
    house.send(by=[Side.BUYER])
    found, hours = reviews(house), (0, house.starts // 1_000 + DUE // 1_000, 0)
    assert found.both is not None
    bent = Breach(Fault.ALTERED, "reading 1", "leaf", "one", "another")
    empty = {n: type(chain)(chain.terms, n) for n, chain in found.both.chains.items()}
    unsound = replace(found.alone[0], breaches=(bent,), chains=empty)
    told = booked_in_time(Reviews(found.both, (unsound,)), owed(house), *hours)
    assert told.without is None
    assert told == booked(found.both, owed(house), *hours[:2])
    for logs in (
        Reviews(None, (unsound,)),
        Reviews(replace(found.both, breaches=(bent,), chains=empty), found.alone),
    ):
        with pytest.raises(NotBooked, match="altered: leaf: expected one"):
            booked_in_time(logs, owed(house), *hours)


@pytest.mark.rule("DEL-076")
def test_within_the_grace_nobody_is_told_of(house: House) -> None:
    house.hour(0)
    house.send(by=[Side.BUYER])
    with pytest.raises(NotYet, match="the supplier may still cosign"):
        booked_in_time(reviews(house), owed(house), 0, house.starts // 1_000 + HOUR // 1_000, 0)


@pytest.mark.rule("DEL-007")
@pytest.mark.rule("DEL-076")
def test_anybody_proves_and_verifies_what_one_party_cosigned(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house.hour(0)
    house.send(by=[Side.BUYER])
    log, out = str(house.store.folder / str(house.number)), str(tmp_path / "one.bundle")
    prove = ["delivery", "prove", log, "--out", out]
    assert main(prove) != 0
    assert "one both parties cosigned" in capsys.readouterr().err
    assert main([*prove, "--without", "buyer"]) != 0
    assert "one but the buyer cosigned" in capsys.readouterr().err
    assert main([*prove, "--without", "supplier"]) == 0
    assert "all but the supplier cosigned" in capsys.readouterr().out
    assert main(["delivery", "verify", out, "--part"]) == 1
    assert "FAULT" in capsys.readouterr().out
    assert main(["delivery", "verify", out, "--part", "--without", "supplier"]) == 0
    assert "SOUND" in capsys.readouterr().out
    with pytest.raises(EvidenceRefused):
        reviewed(Published(lambda name: house.store.read(house.number, name),
                           house.store.sizes(house.number) or []), Side.BUYER)  # fmt: skip
