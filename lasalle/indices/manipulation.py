"""What it costs to move a fixing within its own rules, against what settles on it (IDX-017).

The model. Whoever would move a fixing brings offers of their own to the tier that speaks, to the
source where one weighs most, at the price of the index and for as long as the season asks; on the
date each moves by the band, the most that is not held. The method itself is then asked what comes
out, caps and all, for the least number of offers that moves the fixing far enough. They cost, at
the least:

- *executed*: accelerator-hours dealt with oneself: both fees and the spread on every date of the
  season and the last, and the rent of the accelerators on the last;
- *executable*: below the market an offer is taken, and loses the band on its hours; above it is
  not, and the hardware earns nothing that date;
- *list*: nothing must exist, only a listing be kept.

Where nothing of the date spoke (offers of earlier dates stand for it, or the chain begins) they are
brought to the weakest tier, which they make speak; in a shortage they are executable, and end it.
Where the most offers the search tries do not do it, a date does not do it at any price. What leaves
moves nothing; enough leaving takes the word from the tier, and how many that is stands beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from lasalle.indices.chain import RUNG_OF, Remembered, Rung, State, Status, Step
from lasalle.indices.evidence import PriceType
from lasalle.indices.fixed_point import MILLION, amount_of, half_even, log_of
from lasalle.indices.published import ChainMethod
from lasalle.indices.quotes import DateEvidence, Quote, offer_of
from lasalle.indices.step import Outcome, outcome
from lasalle.indices.weights import ONE

MOST_OFFERS = 256
OWN = "lasalle-venue"
MOVES_PPM = (10_000, 50_000)


@dataclass(frozen=True, slots=True)
class Costs:
    """What dealing costs; stands beside the figures it is used for."""

    fee_ppm: int = 1_000
    """Of the notional, each side of an executed trade."""
    spread_ppm: int = 20_000
    """Crossed by whoever trades with themselves on an open book, of the notional."""
    listing_micro_dollars: int = 1_000_000
    """Of an offer in a list, a day."""


@dataclass(frozen=True, slots=True)
class Cost:
    """The least that moves a fixing by so much, up or down."""

    move_ppm: int
    up: bool
    offers: int
    """Own offers it takes; 0 where `MOST_OFFERS` do not do it in one date."""
    micro_dollars: int
    gain_micro_dollars: int
    """What the open interest wins or loses by it: the move, of one date of the month's average."""

    @property
    def pays(self) -> bool:
        """Whether it brings more than it costs."""
        return self.offers > 0 and self.gain_micro_dollars > self.micro_dollars


@dataclass(frozen=True, slots=True)
class Exposure:
    """What it takes to move a fixing, and to silence it."""

    costs: tuple[Cost, ...]
    largest_alone_ppm: int
    """How far the offer that weighs most moves it by itself, in a date, without being held."""
    withdrawals: int
    """Offers that must leave before another rung speaks, or none."""
    rung_after: Rung


def exposure(
    method: ChainMethod,
    before: State,
    evidence: DateEvidence,
    made: Step,
    lots: int,
    costs: Costs | None = None,
) -> Exposure | None:
    """What a fixing stands against, so many lots settling on it (a lot is one accelerator for every
    hour of the month); None where there is no fixing.
    """
    tier = _spoken(method, made)
    if tier is None:
        return None
    price = made.fixing.price
    found = []

    @cache
    def moved(count: int, up: bool) -> Outcome:
        return attacked(method, before, evidence, made, tier, count, up)

    for ppm in MOVES_PPM:
        # A lot pays the month's average for 24 x days hours: of each date's fixing, 24 hours.
        gain = lots * 24 * half_even(price * ppm, MILLION)
        for up in (True, False):
            many = _least(moved, price, ppm, up)
            paid = _paid(costs or Costs(), method, evidence, tier, many, price, up)
            found.append(Cost(ppm, up, many, paid, gain))
    weight = max((v.weight for v in made.verdicts), default=0)
    alone = amount_of(log_of(MILLION) + half_even(weight * method.band, ONE)) - MILLION
    return Exposure(tuple(found), alone, *_silence(method, before, evidence, made))


def _spoken(method: ChainMethod, made: Step) -> PriceType | None:
    """The tier that own offers are brought to."""
    if made.fixing.status is Status.NO_FIX:
        return None
    for tier, rung in RUNG_OF.items():
        if rung is made.fixing.rung:
            return tier
    if made.fixing.rung is Rung.COVER and PriceType.EXECUTABLE in method.tiers:
        return PriceType.EXECUTABLE
    return list(method.tiers)[-1]


def exposure_row(found: Exposure, lots: int) -> dict[str, int]:
    """Figures for a record; a move that no number of own offers makes in a date has no cost."""
    row = {"lots": lots, "largest_alone_ppm": found.largest_alone_ppm}
    row["withdrawals"] = found.withdrawals
    for cost in found.costs:
        per_cent = cost.move_ppm // 10_000
        row[f"gain_{per_cent}_micro_dollars"] = cost.gain_micro_dollars
        if cost.offers:
            row[f"{'up' if cost.up else 'down'}_{per_cent}_micro_dollars"] = cost.micro_dollars
    return row


def attacked(
    method: ChainMethod,
    before: State,
    evidence: DateEvidence,
    made: Step,
    tier: PriceType,
    count: int,
    up: bool,
) -> Outcome:
    """The date with so many own offers more, known for their season and moved by the band."""
    source = _emptiest(method, made)
    grade, location, tenor = method.base
    index = log_of(made.fixing.price) if before.log is None else before.log
    size = _size(method, evidence, tier)
    offers, quotes = dict(before.offers), list(evidence.quotes)
    for n in range(count):
        key = f"{int(tier)}|{source}|{grade}|{location}|{tenor}|own-{n:04d}"
        offer = offer_of(method, key)
        # Each a micro-dollar apart, so that none is a clone of another.
        base = amount_of(index + offer.shift) + n
        moved = amount_of(log_of(base) + (method.band if up else -method.band))
        moved += -1 if up else 1  # inside the band after rounding
        quotes.append(Quote(offer, moved, log_of(moved), size, True))
        seen = max(method.season, 1)
        offers[key] = Remembered(log_of(base), index, before.day, seen)
    quotes.sort(key=lambda quote: quote.offer.key)
    state = replace(before, offers=offers)
    return outcome(method, state, replace(evidence, quotes=tuple(quotes)))


def _least(moved: Callable[[int, bool], Outcome], price: int, ppm: int, up: bool) -> int:
    """The least number of own offers that moves a price so far; 0 where the most do not."""
    wanted = price * (MILLION + ppm if up else MILLION - ppm)

    def reaches(count: int) -> bool:
        to = moved(count, up)
        found = to.price * MILLION
        return to.status is Status.FIXED and (found >= wanted if up else found <= wanted)

    most = 1
    while not reaches(most):
        most *= 2
        if most > MOST_OFFERS:
            return 0
    least = most // 2
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (least, middle) if reaches(middle) else (middle, most)
    return most


def _emptiest(method: ChainMethod, made: Step) -> str:
    """The source with the fewest offers that count, of the publisher with the fewest: there one
    more weighs most. Where none of the date counts, any but the venue itself."""
    counts = Counter(v.key.split("|", 2)[1] for v in made.verdicts if v.word == "counts")
    if not counts:
        return min(method.sources - {OWN} or method.sources)
    of = {source: method.publishers.get(source, source) for source in counts}
    voices = Counter(dict.fromkeys(of.values(), 0))
    for source, many in counts.items():
        voices[of[source]] += many
    return min(counts, key=lambda source: (voices[of[source]], counts[source], source))


def _size(method: ChainMethod, evidence: DateEvidence, tier: PriceType) -> int:
    """Accelerators of an own offer: one where all weigh the same, else as many as others have."""
    if not method.tiers[tier].by_size:
        return 1
    sizes = sorted(q.size for q in evidence.quotes if q.offer.tier is tier)
    return max(1, sizes[len(sizes) // 2])


def _paid(
    costs: Costs,
    method: ChainMethod,
    evidence: DateEvidence,
    tier: PriceType,
    many: int,
    price: int,
    up: bool,
) -> int:
    """Micro-dollars of so many own offers of a tier, at the least."""
    rent = 24 * _size(method, evidence, tier) * many * price
    if tier is PriceType.EXECUTED:
        dear = (2 * costs.fee_ppm + costs.spread_ppm) * (method.season + 1)
        return rent + half_even(rent * dear, MILLION)
    if tier is PriceType.EXECUTABLE:
        lost = MILLION - half_even(MILLION * MILLION, amount_of(log_of(MILLION) + method.band))
        return rent if up else half_even(rent * lost, MILLION)
    return many * costs.listing_micro_dollars * (method.season + 1)


def _silence(
    method: ChainMethod, before: State, evidence: DateEvidence, made: Step
) -> tuple[int, Rung]:
    """Offers that must leave until the tier no longer speaks, and what does then: the fewer of two
    ways, source by source from the one with the fewest, and offer by offer from the largest.
    """
    counting = [v.key for v in made.verdicts if v.word == "counts"]
    many = Counter(key.split("|", 2)[1] for key in counting)
    tier = [q for q in evidence.quotes if RUNG_OF[q.offer.tier] is made.fixing.rung]
    # What does not count now may once others are gone: a clone, or an offer that was held.
    first = [q for q in tier if q.offer.key in counting]
    later = [q for q in tier if q.offer.key not in counting]

    def after(leaving: Sequence[Quote]) -> Rung:
        gone = {q.offer.key for q in leaving}
        left = tuple(q for q in evidence.quotes if q.offer.key not in gone)
        return outcome(method, before, replace(evidence, quotes=left)).rung

    ways = []
    for order in (
        sorted(first, key=lambda q: (many[q.offer.source], q.offer.source)),
        sorted(first, key=lambda q: -q.size),
    ):
        leaving = [*order, *later]
        stays, goes = 0, len(leaving)
        while goes - stays > 1:
            middle = (stays + goes) // 2
            same = after(leaving[:middle]) is made.fixing.rung
            stays, goes = (middle, goes) if same else (stays, middle)
        ways.append((goes, after(leaving[:goes])))
    return min(ways, key=lambda way: way[0])
