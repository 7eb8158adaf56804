"""What a house books of an hour from its log: the log reviewed as far as both parties cosigned it,
or in the end one of them (DEL-076), the readings of the hour judged by chapter 8 (DEL-073). Pure:
whoever has the log comes to the same command, digest of the evidence included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import msgspec

from lasalle.delivery.bundle import Published, bundle
from lasalle.delivery.canonical import NONE, digest
from lasalle.delivery.chain import Chain
from lasalle.delivery.charges import Charge
from lasalle.delivery.faults import Breach
from lasalle.delivery.hours import (
    US,
    basis_of,
    excused_units,
    excuses_of,
    standing_in,
    summed,
    units_of_capacity,
    units_of_work,
)
from lasalle.delivery.judging import compared, healthy_between, served_between
from lasalle.delivery.readings import (
    AnyReading,
    CapacityReading,
    Reading,
    WorkReading,
    read_entry,
)
from lasalle.delivery.statements import Determination, Dispute, Event, Said
from lasalle.delivery.terms import Product, Side, Specification, Terms
from lasalle.delivery.validating import billed
from lasalle.delivery.verifying import verify

HOUR_US = 3_600 * US
MOST_TOLD = 3
"""Faults of a log that are told; lasalle delivery verify has them all."""


class NotBooked(ValueError):
    """An hour that cannot be booked; says what was expected and found."""


class NotYet(NotBooked):
    """An hour of which readings may still come."""


@dataclass(frozen=True)
class Reviewed:
    """A log as far as both parties cosigned it, and every fault in it."""

    terms: Terms
    chains: dict[int, Chain]
    specification: Specification | None
    said: tuple[Said, ...]
    """What was said beside readings, in order, without what was set aside (DEL-004)."""
    breaches: tuple[Breach, ...]
    spans: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """From when to when each reading is, by its digest, revised since or not; microseconds."""
    without: Side | None = None
    """The side under whose cosignatures it need not stand; none where both cosigned."""


@dataclass(frozen=True)
class Reviews:
    """A log as far as both parties cosigned it, and what more of it one of them alone did."""

    both: Reviewed | None
    """None where there is nothing both cosigned."""
    alone: tuple[Reviewed, ...]
    """The furthest first; what both cosigned to one size is of both."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What a delivery owes in each hour: instants in microseconds, lots, whether what is missing
    may be excused, and the quality it was tendered at."""

    start_us: int
    end_us: int
    lots: int
    contingent: bool = False
    quality: int = 10_000


@dataclass(frozen=True, slots=True)
class Booking:
    """An hour as it is booked."""

    hour: int
    units: int
    excused: int
    evidence: bytes
    without: Side | None = None
    """The side that did not cosign what it rests on in time."""


def reviews_of(log: Published) -> Reviews:
    """Reviews a log as far as both parties cosigned it, and where one went further, as far as that
    one did. Raises EvidenceRefused where nobody cosigned anything."""
    common, reach = log.cosigned(), {}
    for without in (Side.SUPPLIER, Side.BUYER):
        notes = log.cosigned(without)
        if notes and (not common or notes[-1].checkpoint.size > common[-1].checkpoint.size):
            reach[without] = notes[-1].checkpoint.size
    furthest = sorted(reach, key=lambda side: -reach[side])
    both = reviewed(log) if common or not reach else None
    return Reviews(both, tuple(reviewed(log, without) for without in furthest))


def reviewed(log: Published, without: Side | None = None) -> Reviewed:
    """Verifies a log, and puts together what stands in it. without: the side whose cosignatures are
    not asked for. Raises EvidenceRefused where there is nothing both parties cosigned."""
    lines = list(bundle(log, without=without))
    verdict = verify(b"".join(lines), part=True, without=without)
    chains = {m.meter: Chain(log.terms, m.meter) for m in log.terms.meters}
    found = Reviewed(log.terms, chains, None, (), verdict.breaches, without=without)
    if not verdict.sound:
        return found
    said: list[Said] = []
    spans: dict[str, tuple[int, int]] = {}
    specification: Specification | None = None
    aside = {one.entry for one in verdict.set_aside}
    entries = (line for line in lines if line.startswith(b'{"body"'))
    for number, line in enumerate(entries):
        entry = read_entry(line[:-1])
        if isinstance(entry.statement, Reading):
            chains[entry.statement.meter].take(entry)
            spans[digest(entry.statement)] = entry.statement.start_us, entry.statement.end_us
        elif isinstance(entry.statement, Said) and number not in aside:
            said.append(entry.statement)
        elif isinstance(entry.statement, Specification):
            specification = entry.statement
    return replace(found, specification=specification, said=tuple(said), spans=spans)


def booked_in_time(
    log: Reviews, owed: Owed, hour: int, now_us: int, patience_us: int
) -> Booking:
    """What is booked of an hour by what both parties cosigned; where one of them alone cosigned
    readings of a meter of which there is none under both, by that, once the patience behind the
    grace is over (DEL-076). Raises NotYet, NotBooked."""
    known = set(_read(log.both, hour)) if log.both else set()
    # What is unsound as far as one alone cosigned it has no readings here.
    more = [one for one in log.alone if set(_read(one, hour)) > known]
    if not more or (log.both and log.both.breaches):
        return booked(log.both or log.alone[0], owed, hour, now_us)
    found = more[0]
    grace = found.terms.start_us + (hour + 1) * HOUR_US + found.terms.grace_us
    if now_us < grace:
        raise NotYet(f"the {found.without} may still cosign what was read")
    if now_us < grace + patience_us:
        raise NotBooked(f"checkpoint: expected one the {found.without} cosigned over what was "
                        f"read, found none; without it from {_told(grace + patience_us)} on "
                        "(DEL-076)")  # fmt: skip
    return booked(found, owed, hour, now_us)


def _told(instant_us: int) -> str:
    """An instant as people read it."""
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant_us)
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def booked(log: Reviewed, owed: Owed, hour: int, now_us: int) -> Booking:
    """What is booked of an hour, counted from the first of the delivery. It is judged once every
    meter of the terms has read it, and after the grace by what one of the parties read. Raises
    NotYet, NotBooked."""
    terms = log.terms
    if log.breaches:
        raise NotBooked("; ".join(str(one) for one in log.breaches[:MOST_TOLD]))
    span = terms.start_us, terms.end_us
    if span != (owed.start_us, owed.end_us):
        raise NotBooked(f"terms: expected {owed.start_us} to {owed.end_us} us, found {span[0]} to "
                        f"{span[1]} (DEL-073)")  # fmt: skip
    begin = terms.start_us + hour * HOUR_US
    read = _read(log, hour)
    late = now_us >= begin + HOUR_US + terms.grace_us
    missing = [m.side.value for m in terms.meters if m.side not in read]
    if missing and not late:
        raise NotYet(f"readings of {', '.join(missing)} may still come")
    if not read.keys() & {Side.BUYER, Side.SUPPLIER}:
        raise NotBooked("readings: expected the buyer's or the supplier's under a checkpoint both "
                        "cosigned, found none (DEL-047)")  # fmt: skip
    determined = _determination(log, begin, begin + HOUR_US)
    units, quantity = _units(log, owed, read, determined)
    if _of_another_model(log, begin, begin + HOUR_US):
        units = 0
    events = [one for one in log.said if isinstance(one, Event)]
    excuses = excuses_of(events, terms)[0] if owed.contingent else []
    excused = excused_units(owed.lots - units, begin, begin + HOUR_US, owed.lots, excuses)
    basis = basis_of(
        terms, hour, 1, [digest(one) for side in Side for one in read.get(side, ())],
        determination=NONE if determined is None else digest(determined), units=units,
        excused=excused, quality=owed.quality, quantity=quantity, without=log.without,
    )  # fmt: skip
    return Booking(hour, units, excused, bytes.fromhex(basis.sha256), log.without)


def _read(log: Reviewed, hour: int) -> dict[Side, list[AnyReading]]:
    """What stands of an hour, of each side that read the whole of it."""
    begin = log.terms.start_us + hour * HOUR_US
    return {
        m.side: found
        for m in log.terms.meters
        if (found := _whole(log.chains[m.meter], begin, begin + HOUR_US))
    }


def _whole(chain: Chain, begin_us: int, end_us: int) -> list[AnyReading]:
    """Readings that stand of the whole of an hour; none where any of it is missing."""
    found = standing_in(chain, begin_us, end_us)
    edges = found and found[0].start_us == begin_us and found[-1].end_us == end_us
    joined = all(one.end_us == other.start_us for one, other in pairwise(found))
    return found if edges and joined else []


def _units(
    log: Reviewed,
    owed: Owed,
    read: Mapping[Side, list[AnyReading]],
    determination: Determination | None,
) -> tuple[int, int]:
    """Units and the quantity that is told with them, by what stands between all readings there are
    (DEL-075): of capacity the healthy seconds are both; of work units follow from the share that
    failed, and the quantity is as the parties counted it (DEL-048), or as it was determined."""
    if log.terms.product is Product.CAPACITY:
        probed = {
            side: [one for one in readings if isinstance(one, CapacityReading)]
            for side, readings in read.items()
        }
        healthy = healthy_between(probed)
        return units_of_capacity(owed.lots, 1, healthy), healthy
    specification = log.specification
    if specification is None:
        raise NotBooked("method: expected how the delivery is measured in its log, found none "
                        "(DEL-009)")  # fmt: skip
    works = {side: _one(readings) for side, readings in read.items()}
    units = units_of_work(owed.lots, 1, served_between(works, specification))
    if determination is not None:
        return units, determination.quantity
    buyer, supplier = works.get(Side.BUYER), works.get(Side.SUPPLIER)
    if buyer is not None and supplier is not None:
        return units, compared(buyer, supplier, specification).settled.total
    alone = works[Side.BUYER if supplier is None else Side.SUPPLIER]
    return units, billed(alone, specification).total


def _one(readings: Sequence[AnyReading]) -> WorkReading:
    """Readings of an hour as if it had been read in one."""
    works = [one for one in readings if isinstance(one, WorkReading)]
    return msgspec.structs.replace(works[0], **summed(works))


def _determination(log: Reviewed, begin_us: int, end_us: int) -> Determination | None:
    """What the referee found of the whole of an hour, by the method of the terms; the last word of
    it. A number of a dispute is of the first that bore it: nobody turns what the referee determines
    to another hour by a second one."""
    referees, found = _referees(log), None
    disputes: dict[int, Dispute] = {}
    for one in log.said:
        if isinstance(one, Dispute):
            disputes.setdefault(one.dispute, one)
        elif (
            isinstance(one, Determination)
            and one.meter in referees
            and one.method == log.terms.method
            and one.dispute in disputes
            and _is_of(log, disputes[one.dispute], begin_us, end_us)
        ):
            found = one
    return found


def _is_of(log: Reviewed, dispute: Dispute, begin_us: int, end_us: int) -> bool:
    """Whether the readings a dispute names are of an hour, of all of it and of no other."""
    reached = begin_us
    for start, end in sorted(log.spans[one] for one in dispute.readings if one in log.spans):
        if not begin_us <= start <= reached or end > end_us:
            return False
        reached = max(reached, end)
    return reached == end_us


def _referees(log: Reviewed) -> set[int]:
    return {m.meter for m in log.terms.meters if m.side is Side.REFEREE}


def _of_another_model(log: Reviewed, begin_us: int, end_us: int) -> bool:
    """Whether the referee said, of any reading of these hours, that audits found another model: one
    that was revised since is named as well (DEL-072)."""
    referees = _referees(log)
    named = [
        log.spans[reading]
        for one in log.said
        if isinstance(one, Dispute) and one.meter in referees and one.claim == Charge.MODEL.value
        for reading in one.readings
        if reading in log.spans
    ]
    return any(start < end_us and begin_us < end for start, end in named)
