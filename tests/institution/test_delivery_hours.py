"""Hours of deliveries booked from the logs in a house's folder: each once, by the numbered rules,
and none whose log is missing or unsound."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from lasalle.delivery.booking import NotBooked, NotYet, Owed, booked, reviewed
from lasalle.delivery.bundle import Published
from lasalle.delivery.canonical import digest
from lasalle.delivery.charges import Charge
from lasalle.delivery.faults import EvidenceRefused
from lasalle.delivery.made import MINUTE_US, START_US, MadeUp, made_key
from lasalle.delivery.made_metering import made_specification, metered_terms
from lasalle.delivery.meter_book import MeterBook
from lasalle.delivery.readings import Quality, WorkReading, sign
from lasalle.delivery.statements import Dispute, Event, Happening
from lasalle.delivery.terms import Product, Side
from lasalle.institution import delivery_serving
from lasalle.institution.delivery_hours import DeliveryHours
from lasalle.institution.examples.delivery_metering import Meters
from lasalle.institution.examples.delivery_venue import HOUR
from tests.delivery.world import Memory
from tests.institution.metered_house import HOURS, LOTS, House
from tests.institution.test_delivery_round import delivery

HOUR_US = 3_600 * 10**6


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    found = House(tmp_path)
    yield found
    found.store.close()
    found.venue.close()


@pytest.mark.rule("DEL-073")
def test_each_hour_is_booked_once_as_the_rules_judge_it(house: House) -> None:
    house.begin()
    judged = [house.hour(0), house.hour(1, cheats=True), house.hour(2)]
    assert house.run() == []
    assert "checkpoint: expected one, found none (DEL-007)" in house.desk.said()
    house.send()
    told = house.run()
    assert [(e.first_hour, e.hours, e.units) for e in told] == [(0, 1, 10), (1, 1, 5), (2, 1, 10)]
    assert [e.evidence for e in told] == [one.evidence for one in judged], "anybody reckons it"
    assert house.desk.said() == ""
    assert house.run() == [], "no hour is over that is not booked"
    house.again()
    assert house.run() == [], "nor by a desk that remembers nothing"
    house.hour(3)
    house.again()
    house.send()
    found = house.run()
    assert [e.first_hour for e in found] == [3], house.desk.said()
    assert delivery(house.venue).metered_hours == 4


@pytest.mark.rule("DEL-073")
def test_a_log_that_is_missing_or_unsound_books_nothing_and_is_told(house: House) -> None:
    house.hour(0)
    assert house.run() == []
    said = house.desk.said()
    assert f"hour 0 of delivery {house.number} (not booked: deliveries/{house.number}: " in said
    assert "expected the log of its meters, found none" in said
    house.begin()
    house.send()
    folder = house.store.folder / str(house.number)
    (path,) = (folder / "tile" / "entries").glob("*.p/*")
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b'"rows":4,', b'"rows":5,', 1))
    assert house.run() == []
    assert "reading 1 of meter 1 (buyer): altered" in house.desk.said()
    assert "(DEL-002)" in house.desk.said(), "nobody signed what it says now"
    assert delivery(house.venue).metered_hours == 0
    path.write_bytes(whole)
    house.again()
    assert [e.units for e in house.run()] == [10]
    # A log under a key that is not the house's is no log of the delivery.
    own = (house.store.folder / "log.key").read_text()
    (house.store.folder / "log.key").write_text("11" * 32 + "\n")
    house.hour(1)
    hours = DeliveryHours(house.venue.house.views, house.store)
    hours.read(house.number)
    waiting = hours.due(house.venue.clock.now).waiting
    assert "(DEL-009)" in "".join(waiting.values())
    (house.store.folder / "log.key").write_text(own)


@pytest.mark.rule("DEL-009")
@pytest.mark.rule("DEL-073")
def test_a_log_of_another_delivery_books_nothing(house: House) -> None:
    house.number, due = house.number + 1, house.number
    house.meters = Meters(Memory(), house.number, house.starts // 1_000, HOURS, LOTS)
    house.begin()
    house.hour(0)
    house.send()
    house.store.close()
    (house.store.folder / str(house.number)).rename(house.store.folder / str(due))
    house.again()
    assert house.run() == []
    assert f"expected terms of contract {due} under the key" in house.desk.said()
    assert f"found {house.number} under" in house.desk.said()


@pytest.mark.rule("DEL-047")
@pytest.mark.rule("DEL-073")
def test_what_one_party_did_not_read_waits_for_the_grace_and_stands_as_the_other_did(
    house: House,
) -> None:
    house.begin()
    house.hour(0)
    house.hour(1)
    house.send()
    house.hour(2)
    house.send((Side.SUPPLIER,))
    assert [e.first_hour for e in house.run()] == [0, 1]
    assert house.desk.said() == "", "the others may still come"
    house.venue.clock.to(house.starts + 4 * HOUR)
    assert [(e.first_hour, e.units) for e in house.run()] == [(2, 10)]
    assert house.desk.said() == "", "so may those of the next hour"
    house.venue.clock.to(house.starts + 5 * HOUR)
    assert house.run() == []
    assert "expected the buyer's or the supplier's" in house.desk.said()


@pytest.mark.rule("DEL-072")
@pytest.mark.rule("DEL-073")
def test_an_hour_the_referee_says_another_model_answered_is_booked_as_nothing(
    house: House,
) -> None:
    house.begin()
    house.hour(0)
    house.meters.accuse(0)
    house.hour(1)
    house.send()
    assert [e.units for e in house.run()] == [0, 10]


@pytest.mark.rule("DEL-072")
def test_a_reading_that_was_revised_escapes_no_accusation(house: House) -> None:
    house.begin()
    for hour in range(2):
        house.hour(hour)
        house.meters.accuse(hour)
    reading = house.meters.readings[Side.SUPPLIER, 0]
    revised = msgspec.structs.replace(
        reading, sequence=3, revises=1, nonce="f" * 32, quality=Quality.EDITED,
        previous=digest(house.meters.readings[Side.SUPPLIER, 1]),
        made_us=house.meters.readings[Side.SUPPLIER, 1].made_us,
    )  # fmt: skip
    house.meters.log.admit_all([sign(revised, made_key("supplier")).content])
    house.send()
    assert [e.units for e in house.run()] == [0, 0]


@pytest.mark.rule("DEL-072")
def test_a_supplier_that_reads_nothing_escapes_no_accusation(house: House) -> None:
    house.begin()
    house.hour(0)
    house.meters.accuse(0)
    house.hour(1)
    house.send((Side.BUYER, Side.REFEREE))
    house.venue.clock.to(house.starts + 3 * HOUR)
    assert [e.units for e in house.run()] == [0, 10]


@pytest.mark.rule("DEL-072")
@pytest.mark.parametrize(
    ("side", "claim"),
    [
        (Side.BUYER, Charge.MODEL.value),
        (Side.SUPPLIER, Charge.MODEL.value),
        (Side.REFEREE, "answers were late"),
    ],
)
def test_nobody_but_the_referee_says_so_and_of_no_other_claim(
    house: House, side: Side, claim: str
) -> None:
    house.begin()
    house.hour(0)
    meter = next(m for m in house.meters.terms.meters if m.side is side)
    reading = house.meters.readings[Side.SUPPLIER, 0]
    said = Dispute(
        contract=house.number, meter=meter.meter, made_us=reading.made_us, nonce="e" * 32,
        dispute=7, readings=(digest(reading),), rows=(), claim=claim, evidence=(), deposit_micro=0,
    )  # fmt: skip
    house.meters.log.admit_all([sign(said, made_key(side.value)).content])
    house.send()
    assert [e.units for e in house.run()] == [10]


@pytest.mark.rule("DEL-073")
def test_what_was_refused_is_no_change_of_a_log(house: House) -> None:
    house.begin()
    house.hour(0)
    house.send()
    before = house.store.changes(house.number)
    with pytest.raises(EvidenceRefused):
        house.store.enter(11, house.number, [b"garbage"])
    assert house.store.changes(house.number) == before
    house.hour(1)
    good = list(house.meters.log.log.entries())[-3:]
    with pytest.raises(EvidenceRefused):
        house.store.enter(11, house.number, [*good, b"garbage"])
    assert house.store.changes(house.number) == before + 1, "what was good before it is entered"


@pytest.mark.rule("DEL-012")
def test_a_cosignature_that_was_refused_or_is_kept_is_no_change_of_a_log(house: House) -> None:
    house.begin()
    house.hour(0)
    house.send()
    size = house.store.asked(house.number, lambda log: log.log.published)
    note = house.store.asked(house.number, lambda log: log.log.checkpoint_of(size))
    assert note is not None
    name = house.meters.terms.cosigners[0].name
    own = next(one for one in note.lines if one.name == name)
    line, before = own.text.removesuffix("\n"), house.store.changes(house.number)
    bent = line[:-8] + ("A" if line[-8] != "A" else "B") + line[-7:]
    for where, said in ((size, bent), (size, "no line"), (size + 1, line)):
        with pytest.raises(EvidenceRefused):
            house.store.cosign(11, house.number, where, name, said)
    house.store.cosign(11, house.number, size, name, line)
    assert house.store.changes(house.number) == before
    house.hour(1)
    house.send()
    assert house.store.changes(house.number) == before + 3, "a checkpoint, and two that cosign it"


@pytest.mark.rule("DEL-073")
def test_an_interval_that_was_cut_short_is_followed_by_the_rest_of_it() -> None:
    spec = made_specification()
    terms = metered_terms(spec, START_US, intervals=2)
    book = MeterBook(terms, 1, made_key("buyer"), spec)
    spans = []
    for end in (START_US + MINUTE_US, 0, 0):
        reading = book.close(START_US, "0" * 32, end_us=end).statement
        assert isinstance(reading, WorkReading)
        spans.append((reading.start_us - START_US, reading.end_us - START_US))
    assert spans == [(0, MINUTE_US), (MINUTE_US, HOUR_US), (HOUR_US, 2 * HOUR_US)]
    assert book.over


def made(product: Product) -> tuple[Any, Owed]:
    told = MadeUp(Memory(), product, 60, count=1, span=60)
    told.run()
    log = reviewed(Published(told.log.log.read, told.log.log.sizes()))
    return log, Owed(START_US, START_US + 60 * MINUTE_US, 2)


@pytest.mark.rule("DEL-073")
def test_readings_of_minutes_make_an_hour(house: House) -> None:
    log, owed = made(Product.CAPACITY)
    assert booked(log, owed, 0, START_US + HOUR_US).units == 2
    assert booked(log, replace(owed, lots=9), 0, START_US + HOUR_US).units == 2
    with pytest.raises(NotBooked, match="terms: expected"):
        booked(log, replace(owed, end_us=owed.end_us + HOUR_US), 0, START_US + HOUR_US)
    short = replace(log, chains={n: replace(c, standing=dict(list(c.standing.items())[:59]))
                                 for n, c in log.chains.items()})  # fmt: skip
    with pytest.raises(NotYet, match="buyer, supplier, referee may still come"):
        booked(short, owed, 0, START_US + HOUR_US)
    with pytest.raises(NotBooked, match=r"\(DEL-047\)"):
        booked(short, owed, 0, START_US + HOUR_US + MINUTE_US)
    with pytest.raises(NotBooked, match=r"method: expected .* \(DEL-009\)"):
        booked(made(Product.WORK)[0], owed, 0, START_US + HOUR_US)


@pytest.mark.rule("DEL-053")
@pytest.mark.rule("DEL-073")
def test_what_is_excused_is_booked_as_excused_where_the_terms_are_contingent() -> None:
    log, owed = made(Product.CAPACITY)
    owed = replace(owed, lots=9)
    said = Event(
        contract=1, meter=2, made_us=START_US + MINUTE_US, nonce="0" * 32, reason="grid",
        event=Happening.SUSPENDED, at_us=START_US, evidence=("1" * 64,),
    )  # fmt: skip
    told = replace(log, said=(said,))
    firm = booked(told, owed, 0, START_US + HOUR_US)
    contingent = booked(told, replace(owed, contingent=True), 0, START_US + HOUR_US)
    assert (firm.units, firm.excused) == (2, 0)
    assert (contingent.units, contingent.excused) == (2, 7)
    assert firm.evidence != contingent.evidence


def test_a_served_desk_reviews_and_books(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.begin()
    house.hour(0)
    house.send()
    monkeypatch.setattr(delivery_serving, "IDLE_SECONDS", 0.01)
    told: list[str] = []

    class Door:
        async def ask(self, actor: int, command: Any, cause: Any = None) -> Any:
            return house.venue.house.ask(actor, command)

    async def served() -> None:
        door: Any = Door()
        clock = house.venue.clock
        keeping = asyncio.create_task(
            delivery_serving.keep_deliveries(house.desk, door, clock, told.append)
        )
        for _ in range(1_000):
            await asyncio.sleep(0.01)
            if delivery(house.venue).metered_hours:
                break
        clock.to(house.starts + 3 * HOUR)
        for _ in range(1_000):
            await asyncio.sleep(0.01)
            if told:
                break
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping

    asyncio.run(served())
    assert delivery(house.venue).metered_hours == 1
    assert any("hour 1 of delivery" in one for one in told)
