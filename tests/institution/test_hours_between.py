"""What is booked of an hour where buyer, supplier and referee do not say the same of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from lasalle.delivery.booking import Owed, Reviewed, booked, reviewed
from lasalle.delivery.bundle import Published
from lasalle.delivery.canonical import NONE, digest
from lasalle.delivery.hours import basis_of
from lasalle.delivery.made import MINUTE_US, START_US, MadeUp
from lasalle.delivery.rows import CapacityRow, Row
from lasalle.delivery.statements import Determination, Dispute
from lasalle.delivery.terms import Meter, Product, Side
from lasalle.institution.examples.delivery_metering import HOUR_US, Request
from tests.delivery.world import Memory
from tests.institution.metered_house import LOTS, House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    found = House(tmp_path)
    yield found
    found.store.close()
    found.venue.close()


def answered(count: int, words: int = 200, claimed: int = 0) -> list[Request]:
    return [Request(n, words, claimed or words) for n in range(1, count + 1)]


def failing(count: int, before: int) -> list[Request]:
    return [*answered(before), *(Request(before + n, 0, 0) for n in range(1, count + 1))]


def basis(house: House, units: int, quantity: int, determination: str = NONE) -> bytes:
    """The digest of an hour that is booked so, of every reading there is."""
    read = [digest(house.meters.readings[side, 0]) for side in Side]
    return bytes.fromhex(
        basis_of(
            house.meters.terms, 0, 1, read, determination=determination, units=units, excused=0,
            quality=10_000, quantity=quantity,
        ).sha256
    )  # fmt: skip


def prompts(house: House, side: Side = Side.BUYER) -> int:
    return house.meters.readings[side, 0].sum_prompt


@pytest.mark.rule("DEL-075")
@pytest.mark.parametrize(
    ("buyer", "supplier", "referee", "units"),
    [
        (failing(20, 4), answered(4), answered(4), 10),
        (failing(12, 12), failing(12, 12), answered(4), 5),
        (failing(12, 12), answered(24), failing(12, 12), 5),
        (failing(12, 12), answered(24), failing(1, 3), 7),
        (answered(24), failing(12, 12), failing(4, 0), 5),
        (failing(24, 0), answered(24), failing(4, 0), 0),
        (failing(24, 0), failing(1, 23), answered(4), 9),
    ],
    ids=["the buyer alone", "both parties", "buyer and referee", "a sample between", "the supplier",
         "all of it", "a buyer that says all of it"],
)  # fmt: skip
def test_failures_are_booked_as_far_as_another_bears_them_out(
    house: House,
    buyer: list[Request],
    supplier: list[Request],
    referee: list[Request],
    units: int,
) -> None:
    house.begin()
    judged = house.apart({Side.BUYER: buyer, Side.SUPPLIER: supplier, Side.REFEREE: referee})
    house.send()
    (told,) = house.run()
    assert (told.units, told.evidence) == (units, judged.evidence)


@pytest.mark.rule("DEL-075")
def test_between_the_parties_alone_what_both_say_failed(house: House) -> None:
    house.begin()
    house.apart({Side.BUYER: failing(20, 4), Side.SUPPLIER: failing(1, 3)})
    house.send((Side.BUYER, Side.SUPPLIER))
    assert [e.units for e in house.run()] == [7]


class Probed(MadeUp):
    """An hour of capacity, two accelerators on one node, of which each meter finds its own."""

    found: Mapping[Side, int] = {}

    def _row(self, meter: Meter, seq: int, n: int, number: int) -> Row:
        row = super()._row(meter, seq, n, number)
        assert isinstance(row, CapacityRow), "capacity is made up"
        return msgspec.structs.replace(row, healthy=self.found[meter.side])


@pytest.mark.rule("DEL-075")
@pytest.mark.parametrize(
    ("found", "healthy"),
    [
        ({Side.BUYER: 0, Side.SUPPLIER: 2, Side.REFEREE: 2}, 2),
        ({Side.BUYER: 2, Side.SUPPLIER: 0, Side.REFEREE: 2}, 2),
        ({Side.BUYER: 0, Side.SUPPLIER: 2, Side.REFEREE: 1}, 1),
        ({Side.BUYER: 0, Side.SUPPLIER: 2, Side.REFEREE: 0}, 0),
        ({Side.BUYER: 0, Side.SUPPLIER: 2}, 2),
        ({Side.BUYER: 0, Side.REFEREE: 1}, 1),
        ({Side.SUPPLIER: 2, Side.REFEREE: 1}, 1),
        ({Side.BUYER: 1}, 1),
        ({Side.SUPPLIER: 1}, 1),
    ],
    ids=str,
)
def test_capacity_is_booked_as_it_stands_between_the_meters(
    found: dict[Side, int], healthy: int
) -> None:
    made = Probed(Memory(), Product.CAPACITY, 60, count=1, sides=tuple(found), span=60)
    made.found = found
    made.run()
    log = reviewed(Published(made.log.log.read, made.log.log.sizes()))
    owed = Owed(START_US, START_US + HOUR_US, 2)
    booking = booked(log, owed, 0, START_US + HOUR_US + MINUTE_US)
    read = [digest(one) for m in log.terms.meters for one in log.chains[m.meter].standing.values()]
    told = basis_of(
        log.terms, 0, 1, read, determination=NONE, units=healthy, excused=0, quality=10_000,
        quantity=healthy * 3_600,
    )  # fmt: skip
    assert (booking.units, booking.evidence.hex()) == (healthy, told.sha256)


@pytest.mark.rule("DEL-048")
@pytest.mark.rule("DEL-073")
@pytest.mark.parametrize(
    ("claimed", "quantity"),
    [(1_000, 4_000), (1_002, 4_004), (1_500, 4_000)],
    ids=["agreed", "tolerated", "padded"],
)
def test_the_quantity_is_the_mean_within_the_tolerance_else_the_buyers(
    house: House, claimed: int, quantity: int
) -> None:
    house.begin()
    house.apart({
        Side.BUYER: answered(4, 1_000), Side.SUPPLIER: answered(4, 1_000, claimed),
        Side.REFEREE: answered(2, 1_000),
    })  # fmt: skip
    house.send()
    (told,) = house.run()
    assert (told.units, told.evidence) == (LOTS, basis(house, LOTS, prompts(house) + quantity))


@pytest.mark.rule("DEL-050")
@pytest.mark.rule("DEL-073")
def test_what_was_determined_before_is_the_quantity_that_is_booked(house: House) -> None:
    house.begin()
    first = house.apart({
        Side.BUYER: answered(4, 100), Side.SUPPLIER: answered(4), Side.REFEREE: answered(4)
    })  # fmt: skip
    house.meters.dispute(0)
    found, judged = house.meters.determine(0)
    assert found.loser is Side.BUYER
    assert found.quantity.output == 800
    house.send()
    (told,) = house.run()
    assert told.evidence == judged.evidence != first.evidence


@pytest.fixture
def log(house: House) -> Reviewed:
    """A log of one hour that was cheated on, without a word of it."""
    house.begin()
    house.hour(0, cheats=True)
    house.meters.cosign(0)
    return reviewed(Published(house.meters.log.log.read, house.meters.log.log.sizes()))


def disputed(log: Reviewed, readings: tuple[str, ...], **more: Any) -> Dispute:
    said = Dispute(
        contract=log.terms.contract, meter=2, made_us=log.terms.start_us, nonce="1" * 32, dispute=1,
        readings=readings, rows=(), claim="more came", evidence=(), deposit_micro=0,
    )  # fmt: skip
    return msgspec.structs.replace(said, **more)


def found(log: Reviewed, **more: Any) -> Determination:
    said = Determination(
        contract=log.terms.contract, meter=3, made_us=log.terms.start_us, nonce="2" * 32, dispute=1,
        method=log.terms.method, quantity=700, upheld=True, reasons="counted", evidence=(),
    )  # fmt: skip
    return msgspec.structs.replace(said, **more)


Said = Callable[[Reviewed, tuple[str, ...]], list[Any]]


@pytest.mark.rule("DEL-050")
@pytest.mark.rule("DEL-073")
@pytest.mark.parametrize(
    ("said", "stands"),
    [
        (lambda log, own: [disputed(log, own), found(log)], 700),
        (lambda log, own: [disputed(log, own[:1]), found(log)], 700),
        (lambda log, own: [disputed(log, own), found(log), found(log, quantity=710)], 710),
        (lambda log, own: [disputed(log, own), found(log, method=NONE)], None),
        (lambda log, own: [disputed(log, own), found(log, meter=1)], None),
        (lambda log, own: [disputed(log, own), found(log, dispute=2)], None),
        (lambda log, own: [found(log), disputed(log, own)], None),
        (lambda log, _: [disputed(log, ("e" * 64,)), found(log)], None),
        (lambda log, own: [disputed(log, ()), disputed(log, own, meter=1), found(log)], None),
    ],
    ids=["the referee's", "of one reading", "the last word", "another method", "a party's",
         "another dispute", "before it was disputed", "an unknown reading", "a number taken twice"],
)  # fmt: skip
def test_a_determination_counts_of_its_dispute_by_the_referee_and_the_method(
    house: House, log: Reviewed, said: Said, stands: int | None
) -> None:
    own = tuple(digest(house.meters.readings[side, 0]) for side in (Side.BUYER, Side.SUPPLIER))
    told = said(log, own)
    owed = Owed(log.terms.start_us, log.terms.end_us, LOTS)
    booking = booked(replace(log, said=tuple(told)), owed, 0, log.terms.start_us + HOUR_US)
    last = digest(told[-1]) if stands is not None else NONE
    quantity = stands if stands is not None else prompts(house) + 2 * 200
    assert booking.evidence == basis(house, 5, quantity, last)


@pytest.mark.rule("DEL-073")
def test_what_is_determined_of_a_part_or_of_more_is_not_the_hours(
    house: House, log: Reviewed
) -> None:
    own = digest(house.meters.readings[Side.BUYER, 0])
    begin, end = log.spans[own]
    owed = Owed(log.terms.start_us, log.terms.end_us, LOTS)
    plain = booked(log, owed, 0, end)
    half = begin + HOUR_US // 2
    for spans, counts in (
        ([(begin, half), (half, end)], True),
        ([(begin, half)], False),
        ([(half, end)], False),
        ([(begin, half), (half + 1, end)], False),
        ([(begin, end), (end, end + HOUR_US)], False),
        ([(begin - HOUR_US, begin), (begin, end)], False),
    ):
        names = tuple(f"{n:064x}" for n in range(len(spans)))
        told = replace(
            log, said=(disputed(log, names), found(log)),
            spans={**log.spans, **dict(zip(names, spans, strict=True))},
        )  # fmt: skip
        assert (booked(told, owed, 0, end).evidence != plain.evidence) is counts, spans
