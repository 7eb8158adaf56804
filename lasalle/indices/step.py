"""Method versions 2 to 4: an index as a chain of matched offers, one date at a time.

`step` is a pure function of the method, the state the last date left and the evidence of the date.
It climbs down the ladder: the strongest tier with enough matched evidence, a wider window, the
list that stands unread, the level after a long silence, and an explicit no-fix. A shortage goes its
own way.
The sentences are those of rulebook/6-indices.md; docs/desks/index-method.md tells them in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lasalle.indices.chain import RUNG_OF, Rung, State, Status, Step
from lasalle.indices.evidence import PriceType
from lasalle.indices.fixed_point import amount_of, half_even, weighted_median
from lasalle.indices.matching import Date
from lasalle.indices.published import PUBLISHER_VERSION, ChainMethod, MethodError
from lasalle.indices.quotes import DateEvidence, Quote
from lasalle.indices.weights import ONE, weights_of


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is fixed on a date, and on which rung; a price in micro-dollars."""

    status: Status
    rung: Rung
    price: int


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What a rung gives: the chain's logarithm, and the weight of each offer that counts."""

    rung: Rung
    log: int
    counted: Mapping[str, int]
    evidence_day: int
    level: int | None = None
    marks: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        return Outcome(Status.FIXED, self.rung, amount_of(self.log))


@dataclass(frozen=True, slots=True)
class _Left:
    """A date the chain itself is not fixed on, and what counted in it."""

    outcome: Outcome
    reason: str
    counted: Mapping[str, int]


def step(method: ChainMethod, state: State, evidence: DateEvidence) -> Step:
    """The fixing of a date."""
    date = _date(method, state, evidence)
    chosen = _decided(date)
    if isinstance(chosen, _Left):
        return _left(date, chosen)
    consumed = {
        m.key
        for moves in date.moves.values()
        for m in moves
        if m.key not in date.held or chosen.rung is Rung.LEVEL
    }
    after = date.after(
        chosen.log,
        consumed=consumed,
        # What stands unread is no evidence: the silence of the chain goes on through it.
        fixed_day=state.fixed_day if chosen.rung is Rung.STALE else evidence.day,
        anew=chosen.rung is Rung.LEVEL,
    )
    fixing = date.fixing(
        after,
        status=Status.FIXED,
        rung=chosen.rung,
        price=amount_of(chosen.log),
        marks=chosen.marks,
        evidence_day=chosen.evidence_day,
        counted=chosen.counted,
        level=0 if chosen.level is None else amount_of(chosen.level),
    )
    return Step(fixing, after, date.verdicts(chosen.rung, chosen.counted))


def outcome(method: ChainMethod, state: State, evidence: DateEvidence) -> Outcome:
    """What `step` would fix, without the state it leaves, its record and its verdicts."""
    return _decided(_date(method, state, evidence)).outcome


def _date(method: ChainMethod, state: State, evidence: DateEvidence) -> Date:
    if evidence.day <= state.day:
        raise MethodError("day", f"after {state.day}", evidence.day)
    return Date(method, state, evidence)


def _decided(date: Date) -> _Chosen | _Left:
    if date.shortage:
        return _shortage(date)
    log = date.state.log
    chosen = _level(date, "begun") if log is None else _fixed(date, log)
    if chosen is not None:
        return chosen
    told = set(date.words.values())
    reason = "scale" if told == {"scale"} else "evidence"
    return _Left(Outcome(Status.NO_FIX, Rung.NONE, 0), reason, {})


def _fixed(date: Date, log: int) -> _Chosen | None:
    """The first rung of the ladder that has enough."""
    return _tiers(date, log) or _wider(date, log) or _stale(date, log) or _restart(date)


def _tiers(date: Date, log: int) -> _Chosen | None:
    """The strongest tier with enough matched evidence of the date: the weighted geometric mean of
    its relatives (IDX-003, IDX-005), led back to the level where it left it (IDX-010, IDX-019).
    """
    method = date.method
    for tier in method.tiers:
        kept, weights = date.kept(tier)
        if not kept or not date.enough(tier, [m.quote for m in kept]):
            continue
        log += half_even(sum(m.move * weights[m.key] for m in kept), ONE)
        standing = [m for m in kept if m.before.seen >= method.standing]
        if not date.enough(tier, [m.quote for m in standing]):
            marks = _outside(method, log, [m.quote for m in kept])
            return _Chosen(RUNG_OF[tier], log, weights, date.evidence.day, marks=marks)
        adjusted = [m.quote.log - m.quote.offer.shift for m in standing]
        level = weighted_median(adjusted, [weights[m.key] for m in standing])
        led = log + _back(method, log, level, adjusted)
        marks = ("anchored",) if led != log else ()
        marks += _outside(method, led, [m.quote for m in kept])
        return _Chosen(RUNG_OF[tier], led, weights, date.evidence.day, level, marks)
    return None


def _back(method: ChainMethod, log: int, level: int, adjusted: Sequence[int]) -> int:
    """How far a chain is led back on a date: to the corridor around the level (IDX-010) and into
    the hull of the prices that speak for it (IDX-019), whichever is further, a step at most.

    Both point the same way: the level lies in the hull.
    """
    gap = log - level
    beyond = max(abs(gap) - method.corridor, 0)
    if method.hull is not None:
        outside = max(min(adjusted) - log, log - max(adjusted))
        if outside > method.hull:
            beyond = max(beyond, outside)
    back = min(beyond, method.step)
    return -back if gap > 0 else back


def _outside(method: ChainMethod, log: int, quotes: Sequence[Quote]) -> tuple[str, ...]:
    """The mark of a fixing that lies beyond the tolerance outside every price that counts in it,
    whether they have stood long enough to lead it back or not (IDX-024).
    """
    if method.version < PUBLISHER_VERSION or method.hull is None:
        return ()
    prices = [q.log - q.offer.shift for q in quotes]
    return ("outside",) if max(min(prices) - log, log - max(prices)) > method.hull else ()


def _wider(date: Date, log: int) -> _Chosen | None:
    """Offers of the last dates stand, unmoved, beside those of this one (IDX-011)."""
    return _unmoved(date, log, date.method.tiers, date.method.wider_days, Rung.WIDER)


def _stale(date: Date, log: int) -> _Chosen | None:
    """A list stands until it is read again, for so many days, and is marked (IDX-022): a price that
    was dealt or could be dealt at was one of its own date, a published list is one until the next.
    """
    tiers = [tier for tier in date.method.tiers if tier is PriceType.LIST]
    if date.method.stale_days <= date.method.wider_days:
        return None
    return _unmoved(date, log, tiers, date.method.stale_days, Rung.STALE)


def _unmoved(
    date: Date, log: int, tiers: Iterable[PriceType], days: int, rung: Rung
) -> _Chosen | None:
    """The strongest tier with enough where what was seen in the last days stands for the date."""
    for tier in tiers:
        least = date.method.tiers[tier]
        kept, _ = date.kept(tier)
        silent = date.silent(tier, days)
        pool = [(m.quote, m.before.log, m.move) for m in kept]
        pool += [(quote, quote.log, 0) for quote, _ in silent]
        weights = weights_of(
            date.method, [(q, before) for q, before, _ in pool], by_size=least.by_size
        )
        counted = [(q, move) for q, _, move in pool if q.offer.key in weights]
        if not counted or not date.enough(tier, [q for q, _ in counted]):
            continue
        moved = sum(move * weights[q.offer.key] for q, move in counted)
        newest = date.evidence.day if kept else max(day for _, day in silent)
        log += half_even(moved, ONE)
        marks: tuple[str, ...] = () if kept else ("carried",)
        marks += ("stale",) if rung is Rung.STALE else ()
        marks += _outside(date.method, log, [q for q, _ in counted])
        return _Chosen(rung, log, weights, newest, marks=marks)
    return None


def _restart(date: Date) -> _Chosen | None:
    """After a silence longer than offers are matched over, the level of those there are."""
    silence = date.evidence.day - date.state.fixed_day
    return _level(date, "relinked") if silence > date.method.match_days else None


def _level(date: Date, mark: str) -> _Chosen | None:
    """The weighted median of adjusted prices in the strongest tier with enough (IDX-008)."""
    for tier, least in date.method.tiers.items():
        quotes = [*date.entering.get(tier, ()), *(m.quote for m in date.moves.get(tier, ()))]
        weights = weights_of(date.method, [(q, 0) for q in quotes], by_size=least.by_size)
        kept = [q for q in quotes if q.offer.key in weights]
        if not kept or not date.enough(tier, kept):
            continue
        log = weighted_median(
            [q.log - q.offer.shift for q in kept], [weights[q.offer.key] for q in kept]
        )
        return _Chosen(Rung.LEVEL, log, weights, date.evidence.day, log, (mark,))
    return None


def _shortage(date: Date) -> _Left:
    """Nothing to be had: the price of cover, never below the last fixing, or no fix (IDX-013)."""
    method, log = date.method, date.state.log
    found = [q for q in date.evidence.quotes if q.offer.cover]
    if log is not None:
        found = [q for q in found if q.log - q.offer.cover_shift <= log + method.scale]
    weights = weights_of(method, [(q, 0) for q in found], by_size=False)
    if not weights or log is None:
        return _Left(Outcome(Status.NO_FIX, Rung.NONE, 0), "shortage", {})
    kept = [q for q in found if q.offer.key in weights]
    cover = weighted_median(
        [q.log - q.offer.cover_shift for q in kept], [weights[q.offer.key] for q in kept]
    )
    price = amount_of(max(cover, log))
    return _Left(Outcome(Status.SHORTAGE, Rung.COVER, price), "shortage", weights)


def _left(date: Date, left: _Left) -> Step:
    """No offer's move is used up."""
    after = date.after(date.state.log, consumed=set(), fixed_day=date.state.fixed_day)
    fixing = date.fixing(
        after,
        status=left.outcome.status,
        rung=left.outcome.rung,
        price=left.outcome.price,
        reason=left.reason,
        evidence_day=date.evidence.day if left.counted else 0,
        counted=left.counted,
    )
    return Step(fixing, after, date.verdicts(left.outcome.rung, left.counted))
