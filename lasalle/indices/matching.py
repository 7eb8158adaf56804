"""One date of a chained index: each offer matched, held, entering or of another scale.

Nothing here chooses a rung; `step.py` does. Moves are logarithms against the index, so that an
offer that was silent while the index moved with the others comes back without moving it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lasalle.indices.chain import ChainFixing, Remembered, Rung, State, Status, Verdict
from lasalle.indices.evidence import PriceType
from lasalle.indices.fixed_point import MILLION, amount_of, half_even, weighted_median
from lasalle.indices.merkle import leaves_of, root_of
from lasalle.indices.published import ChainMethod
from lasalle.indices.quotes import DateEvidence, Quote, offer_of
from lasalle.indices.weights import weights_of

_STRONG = (PriceType.EXECUTED, PriceType.EXECUTABLE)


@dataclass(frozen=True, slots=True)
class Move:
    """An offer that can be matched, and its move against the index since it was last accepted."""

    quote: Quote
    before: Remembered
    move: int

    @property
    def key(self) -> str:
        """Key of its offer."""
        return self.quote.offer.key


class Date:
    """One date of one index, looked at from every rung."""

    def __init__(self, method: ChainMethod, state: State, evidence: DateEvidence) -> None:
        self.method, self.state, self.evidence = method, state, evidence
        self.words: dict[str, str] = {}
        self.moves: dict[PriceType, list[Move]] = {}
        self.entering: dict[PriceType, list[Quote]] = {}
        main = [q for q in evidence.quotes if q.offer.main]
        reference = state.log
        if reference is None and main:
            logs = [q.log - q.offer.shift for q in main]
            reference = weighted_median(logs, [1] * len(logs))
        for quote in main:
            self._place(quote, reference or 0)
        offered = any(self.moves.get(tier) or self.entering.get(tier) for tier in _STRONG)
        self.shortage = bool(evidence.short) and not offered
        """Something was asked for, none of it was to be had, and nothing else was (IDX-013)."""
        self.held = {m.key for found in self.moves.values() for m in self._parting(found)}
        self.words.update(dict.fromkeys(self.held, "held"))

    def _place(self, quote: Quote, reference: int) -> None:
        method, key, tier = self.method, quote.offer.key, quote.offer.tier
        before = self.state.offers.get(key)
        if abs(quote.log - quote.offer.shift - reference) > method.scale:
            self.words[key] = "scale"
        elif before is None or self.state.log is None:
            self.entering.setdefault(tier, []).append(quote)
            self.words[key] = "entering"
        elif before.seen < method.season:
            self.entering.setdefault(tier, []).append(quote)
            self.words[key] = "season"
        else:
            # The index's own move since then is no move of the offer against it (IDX-006).
            move = quote.log - before.log - (self.state.log - before.index)
            if abs(move) > method.farthest and self._stood(quote, before):
                self.entering.setdefault(tier, []).append(quote)
                self.words[key] = "entering"
                return
            self.moves.setdefault(tier, []).append(Move(quote, before, move))
            self.words[key] = "weaker"

    def _parting(self, moves: Sequence[Move]) -> list[Move]:
        """Moves that part too far from the others and have not stood long enough (IDX-009)."""
        method = self.method
        if not any(m.move for m in moves):
            return []
        weights = self.weigh(moves)
        kept = [m for m in moves if m.key in weights]
        parts = [weights[m.key] for m in kept]
        centre = deviation = 0
        if len(kept) >= method.centre_offers:
            centre = weighted_median([m.move for m in kept], parts)
            deviation = weighted_median([abs(m.move - centre) for m in kept], parts)
        limit = max(method.band, half_even(method.deviations * deviation, MILLION))
        return [
            m for m in moves if abs(m.move - centre) > limit and not self._stood(m.quote, m.before)
        ]

    def _stood(self, quote: Quote, before: Remembered) -> bool:
        """Whether a price that was held has stood for the confirming dates."""
        if not self.method.confirm_dates:
            return True
        same = abs(quote.log - before.held_log) <= self.method.band
        return same and before.held >= self.method.confirm_dates

    def weigh(self, moves: Sequence[Move]) -> dict[str, int]:
        """Weights of moves of one tier, by key."""
        if not moves:
            return {}
        by_size = self.method.tiers[moves[0].quote.offer.tier].by_size
        return weights_of(self.method, [(m.quote, m.before.log) for m in moves], by_size=by_size)

    def enough(self, tier: PriceType, quotes: Sequence[Quote]) -> bool:
        """Whether quotes reach the least evidence of a tier."""
        least = self.method.tiers[tier]
        return (
            len(quotes) >= least.offers
            and len({q.offer.source for q in quotes}) >= least.sources
            and sum(q.size for q in quotes) >= least.size
        )

    def kept(self, tier: PriceType) -> tuple[list[Move], dict[str, int]]:
        """Moves of a tier that are not held, one clone of each, and their weights."""
        weights = self.weigh([m for m in self.moves.get(tier, ()) if m.key not in self.held])
        return [m for m in self.moves.get(tier, ()) if m.key in weights], weights

    def silent(self, tier: PriceType, days: int) -> list[tuple[Quote, int]]:
        """Remembered offers of a tier that say nothing on the date or are held, and when in so many
        days they last spoke; one that says it has none is not silent (IDX-011).
        """
        found = []
        oldest = self.evidence.day - days
        for key, m in sorted(self.state.offers.items()):
            spoke = key in self.words and key not in self.held
            if spoke or m.day < oldest or m.seen < self.method.season:
                continue
            offer = offer_of(self.method, key)
            if offer.tier is tier and offer.place not in self.evidence.short:
                found.append((Quote(offer, amount_of(m.log), m.log, 0, False), m.day))
        return found

    def after(
        self, log: int | None, *, consumed: set[str], fixed_day: int, anew: bool = False
    ) -> State:
        """The state the date leaves. Moves that are not consumed count when they are; where the
        chain begins anew, the offers it begins from need no season.
        """
        today, index = self.evidence.day, log or 0
        most = max(self.method.season, self.method.standing)
        oldest = today + 1 - self.method.match_days
        offers = {key: m for key, m in self.state.offers.items() if m.day >= oldest}
        for quotes in self.entering.values() if log is not None else ():
            for quote in quotes:
                before = self.state.offers.get(quote.offer.key)
                if before is not None and before.seen >= self.method.season:
                    before = None  # what was priced became another thing, and enters anew
                seen = most if anew else min(most, before.seen + 1 if before else 1)
                offers[quote.offer.key] = Remembered(quote.log, index, today, seen)
        for moves in self.moves.values():
            for m in moves:
                before = replace(m.before, day=today, seen=min(most, m.before.seen + 1))
                if m.key in consumed:
                    offers[m.key] = Remembered(m.quote.log, index, today, before.seen)
                elif m.key in self.held:
                    same = before.held and abs(m.quote.log - before.held_log) <= self.method.band
                    offers[m.key] = replace(
                        before,
                        held_log=before.held_log if same else m.quote.log,
                        held=before.held + 1 if same else 1,
                    )
                else:
                    offers[m.key] = replace(before, held_log=0, held=0)
        simulated = self.state.simulated or self.evidence.simulated
        return State(today, log, fixed_day, simulated, offers)

    def fixing(
        self,
        after: State,
        *,
        status: Status,
        rung: Rung,
        price: int,
        reason: str = "",
        marks: tuple[str, ...] = (),
        evidence_day: int = 0,
        counted: Mapping[str, int],
        level: int = 0,
    ) -> ChainFixing:
        """A fixing of the date that leaves a state."""
        return ChainFixing(
            index=self.method.index,
            day=self.evidence.day,
            status=status,
            rung=rung,
            price=price,
            reason=reason,
            marks=marks,
            evidence_day=evidence_day,
            offers=len(counted),
            sources=len({key.split("|", 2)[1] for key in counted}),
            rows=len(self.evidence.rows),
            level=level,
            simulated=after.simulated,
            method_version=self.method.version,
            method_sha256=self.method.sha256,
            inputs_root=root_of(leaves_of(self.evidence.rows)).hex(),
            state_before=self.state.root,
            state_after=after.root,
        )

    def verdicts(self, rung: Rung, counted: Mapping[str, int]) -> tuple[Verdict, ...]:
        """What became of every offer of the date."""
        moved = {m.key: m.move for moves in self.moves.values() for m in moves}
        chosen = {key.split("|", 1)[0] for key in counted}

        def word(key: str) -> str:
            if key in counted:
                return "counts"
            known = self.words.get(key, "other tenor")
            same = known == "weaker" and key.split("|", 1)[0] in chosen
            return "clone" if same and rung is not Rung.COVER else known

        return tuple(
            Verdict(
                key=q.offer.key,
                word=word(q.offer.key),
                price=q.price,
                move=moved.get(q.offer.key, 0),
                weight=counted.get(q.offer.key, 0),
            )
            for q in self.evidence.quotes
        )
