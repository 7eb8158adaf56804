"""From judgement to what the house is asked to book: units delivered, excused and missing of an
hour, the quality of it, and the digest of the evidence (DEL-052 to DEL-054).

These are the numbers of the commands `meter_delivery` and `determine_metered`; the house takes
them as told, and whoever doubts them has the evidence under the digest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from lasalle.delivery.canonical import Count, Digest, digest
from lasalle.delivery.chain import Chain
from lasalle.delivery.readings import AnyReading, WorkReading
from lasalle.delivery.statements import Event, Happening
from lasalle.delivery.terms import Side, Terms
from lasalle.delivery.validating import Billed

US = 1_000_000
MOST_QUALITY = 20_000
"""The highest quality the house books, in ten-thousandths; 10,000 is what was promised."""
FORCE_MAJEURE = frozenset({"grid", "weather", "authority", "fibre"})
"""Reasons that excuse; anything else is the supplier's own affair."""


class Basis(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="basis"):
    """What booked hours rest on; its digest goes with the command."""

    contract: Count
    method: Digest
    first_hour: Count
    hours: Count
    readings: tuple[Digest, ...]
    determination: Digest
    units: Count
    excused: Count
    quality: Count
    quantity: Count
    without: str = ""
    """The side under whose cosignature it did not stand in time (DEL-076); none for none."""

    @property
    def sha256(self) -> str:
        """The digest the house is told."""
        return digest(self)


@dataclass(frozen=True, slots=True)
class Served:
    """What was asked of an endpoint in an hour, and what came."""

    served: Billed
    answered: int
    failed: int


def units_of_work(lots: int, hours: int, service: Served, *, of_the_model: bool = True) -> int:
    """Accelerator-hours of hours of work: the share of what was asked that came, rounded down. A
    request that failed owed what those that came had on average, rounded up. Where nothing was
    asked, the capacity was there and is delivered (DEL-052). of_the_model: whether audits of the
    hours found the model that was sold; what another answered is nothing of it (DEL-072)."""
    if not of_the_model:
        return 0
    due = lots * hours
    if not service.failed:
        return due
    served = service.served.total
    if not service.answered or not served:
        return 0
    owed = -(-served // service.answered) * service.failed
    return due * served // (served + owed)


def units_of_capacity(lots: int, hours: int, healthy_seconds: int) -> int:
    """Accelerator-hours of hours of capacity: healthy accelerator-seconds, in whole hours, rounded
    down, and never more than was bought (DEL-052)."""
    return min(lots * hours, healthy_seconds // 3_600)


@dataclass(frozen=True, slots=True)
class Excuse:
    """A span in which delivery was suspended for a reason that excuses."""

    begin_us: int
    end_us: int
    reason: str
    evidence: tuple[str, ...]


def excuses_of(events: Sequence[Event], terms: Terms) -> tuple[list[Excuse], list[str]]:
    """Spans that are excused, and why others are not. A suspension excuses where the supplier or
    the referee tells of it, where its reason is one of those that do, where it bears evidence of
    somebody else's, and where it was told within the grace of when it began; until the meter that
    told of it says it is over, or the referee, or the delivery ends (DEL-053)."""
    sides = {one.meter: one.side for one in terms.meters}
    found: list[Excuse] = []
    refusals: list[str] = []
    open_at: dict[int, Event] = {}
    for event in sorted(events, key=lambda one: one.at_us):
        side = sides.get(event.meter)
        if event.event is Happening.SUSPENDED and event.meter not in open_at:
            words = _refused(event, side, terms)
            if words:
                refusals.append(f"suspension at {event.at_us}: {words} (DEL-053)")
            else:
                open_at[event.meter] = event
        elif event.event in (Happening.RESUMED, Happening.ENDED):
            ended = list(open_at) if side is Side.REFEREE else open_at.keys() & {event.meter}
            found += [_excuse(open_at.pop(meter), event.at_us) for meter in ended]
    return found + [_excuse(event, terms.end_us) for event in open_at.values()], refusals


def _excuse(event: Event, end_us: int) -> Excuse:
    return Excuse(event.at_us, end_us, event.reason, event.evidence)


def _refused(event: Event, side: Side | None, terms: Terms) -> str:
    """Why a suspension does not excuse; nothing where it does."""
    told = event.made_us - event.at_us
    known = ", ".join(sorted(FORCE_MAJEURE))
    whose = "the supplier's or the referee's"
    for sound, words in (
        # What a buyer says of itself is no excuse of the supplier's.
        (side in (Side.SUPPLIER, Side.REFEREE), f"meter: expected {whose}, found {event.meter}"),
        (event.reason in FORCE_MAJEURE, f"reason: expected one of {known}, found {event.reason}"),
        (bool(event.evidence), "evidence: expected a digest of it, found none"),
        (told <= terms.grace_us, f"told: expected within {terms.grace_us} us, found {told}"),
    ):  # fmt: skip
        if not sound:
            return words
    return ""


def excused_units(
    missing: int, begin_us: int, end_us: int, lots: int, excuses: Sequence[Excuse]
) -> int:
    """Missing units of a span that are excused: no more than fit into the excused seconds of it,
    each second counted once, rounded down."""
    edges = sorted(
        (max(begin_us, one.begin_us), min(end_us, one.end_us)) for one in excuses
    )
    covered, reached = 0, begin_us
    for begin, end in edges:
        begin = max(begin, reached)
        if end > begin:
            covered, reached = covered + end - begin, end
    return min(missing, lots * covered // (3_600 * US))


def corrected_from(
    found_us: int, last_test_us: int, onset_us: int | None, longest_us: int
) -> int:
    """From when on a meter that was found wrong is corrected: from when it is known to have gone
    wrong, else for half the time since it was last found right, and for no longer than the longest
    (DEL-054)."""
    since = found_us - last_test_us
    begin = found_us - since // 2 if onset_us is None else max(onset_us, last_test_us)
    return max(begin, found_us - longest_us)


def corrected(value: int, reads: int, true: int) -> int:
    """A value a meter read that reads `reads` where `true` would be right, rounded down."""
    if reads <= 0:
        raise ValueError(f"reads: expected above 0, found {reads} (DEL-054)")
    return value * true // reads


def basis_of(
    terms: Terms,
    first_hour: int,
    hours: int,
    readings: Sequence[str],
    *,
    determination: str,
    units: int,
    excused: int,
    quality: int,
    quantity: int,
    without: Side | None = None,
) -> Basis:
    """What the house is told of hours, with what it rests on. Raises ValueError."""
    if not 0 <= quality <= MOST_QUALITY:
        raise ValueError(f"quality: expected 0 to {MOST_QUALITY}, found {quality} (DEL-055)")
    return Basis(
        contract=terms.contract, method=terms.method, first_hour=first_hour, hours=hours,
        readings=tuple(readings), determination=determination, units=units, excused=excused,
        quality=quality, quantity=quantity, without=without or "",
    )  # fmt: skip


def standing_in(chain: Chain, begin_us: int, end_us: int) -> list[AnyReading]:
    """Readings of a meter that stand and lie in a span, in order."""
    found = (r for r in chain.standing.values() if begin_us <= r.start_us and r.end_us <= end_us)
    return sorted(found, key=lambda one: one.start_us)


def summed(readings: Sequence[WorkReading]) -> dict[str, int]:
    """Sums over readings of a meter."""
    names = ("rows", "errors", "sum_prompt", "sum_cached", "sum_completion", "sum_bytes",
             "over_ttft", "over_tpot", "available_s")  # fmt: skip
    return {name: sum(getattr(one, name) for one in readings) for name in names}
