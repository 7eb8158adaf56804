"""The daily run of Cover-1 and Cover-2: who could cost the house most in each case of the stress
set, against what stands ready; how far a case has to go until it does not; what the fund should be.

A case is taken member by member, or group by group where members belong together: what each of its
accounts loses beyond what it has against a loss. A run is plain data, so that the same close gives
the same bytes (`as_data`); `totals` is what everyone may read of it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from importlib import resources
from typing import Any

from lasalle.clearing.concentration import (
    Concentration,
    Issuers,
    concentration_data,
    concentrations,
    load_concentration_terms,
)
from lasalle.clearing.disclosure import initial, option_value
from lasalle.clearing.liquidity import FAILING, Need, need_data, needs
from lasalle.clearing.sizing import (
    Cover,
    Exposure,
    FundSize,
    Reverse,
    SizingTerms,
    beyond_margin,
    cover,
    fund_size,
    reverse_stress,
)
from lasalle.clearing.stress import StressLosses
from lasalle.clearing.wrong_way import Supply, WrongWay, supplies, wrong_way_run
from lasalle.plain import margin
from lasalle.plain.state import USD, Account, State
from lasalle.wire import LedgerClass, ScenarioKind

DOLLAR = 10**6
TAILS = (ScenarioKind.HISTORICAL, ScenarioKind.STRESS)
LAYERS = (LedgerClass.FIRST_LOSS, LedgerClass.DEFAULT_FUND, LedgerClass.SECOND_TRANCHE)
PUBLIC = ("day", "number", "set", "cases", "prefunded", "cover1", "cover2", "breach", "simulated",
          "wrong_way", "collateral")  # fmt: skip
"""What everyone may read of a run: no figure of it shows a member."""


class CoverError(ValueError):
    """A run cannot be made, or its terms are not as they should be."""


@dataclass(frozen=True, slots=True)
class CoverTerms:
    """How the fund is proposed, how far the reverse stress looks, thousandths of a case, hours
    until other assets than dollars are sold, and the penalty of a supplier that fails,
    ten-thousandths of what its hours cost."""

    sizing: SizingTerms
    reverse_most: int
    sale_hours: int
    penalty: int


def load_cover_terms() -> CoverTerms:
    """Terms shipped with the house."""
    path = resources.files("lasalle.clearing") / "table" / "sizing.toml"
    return read_cover_terms(path.read_text(encoding="utf-8"))


def read_cover_terms(text: str) -> CoverTerms:
    """Terms of a TOML text. Raises CoverError."""
    names = {"floor", "member_floor", "buffer", "margin_weight", "reverse_most", "sale_hours",
             "penalty"}  # fmt: skip
    row = {k: v for k, v in tomllib.loads(text).items() if type(v) is int and v >= 0}
    if set(row) != names:
        raise CoverError(f"sizing: expected whole {sorted(names)}, found {sorted(row)}")
    sizing = SizingTerms(
        row["floor"] * DOLLAR, row["member_floor"] * DOLLAR, row["buffer"], row["margin_weight"]
    )
    return CoverTerms(sizing, row["reverse_most"], row["sale_hours"], row["penalty"])


@dataclass(frozen=True, slots=True)
class Stressed:
    """Accounts under a set of cases. `kinds` says of each case where it comes from; `standing` are
    series taken at their worst of the margin table, for no model revalues them; `short` has what
    accounts are short of capacity."""

    set: str
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    exposures: tuple[Exposure, ...]
    standing: tuple[str, ...] = ()
    short: tuple[Supply, ...] = ()


def against_a_loss(state: State, account: Account) -> int:
    """What an account has to set against a loss, micro-dollars: its initial margin, or what is
    there of it, and its options at their marks."""
    asked = initial(state, account)
    there = max(0, margin.judge(state, account, []).cover)
    return min(asked, there) + option_value(state, account)


def under_cases(state: State, losses: StressLosses, version: str) -> Stressed:
    """Every account under the cases of the stress set, by full revaluation."""
    known, standing = set(losses.symbols), set[str]()
    found = []
    for account in _accounts(state):
        lots, worst = {}, 0
        for number, held in account.positions.items():
            symbol = state.series[number].symbol
            if symbol in known:
                lots[symbol] = held.lots
            elif held.lots:
                standing.add(symbol)
                worst += _worst(state, number, held.lots)
        lost = tuple(loss + worst for loss in losses.of(lots))
        margin_ = against_a_loss(state, account)
        found.append(Exposure(account.member, account.account, margin_, lost))
    cases = losses.cases

    def of_a_lot(number: int) -> list[int]:
        symbol = state.series[number].symbol
        if symbol in known:
            return losses.of({symbol: 1})
        return [-_worst(state, number, -1)] * len(cases)

    return Stressed(
        f"stress set, {version}",
        tuple(case.name for case in cases),
        tuple(case.kind.value for case in cases),
        tuple(found),
        tuple(sorted(standing)),
        supplies(state, len(cases), of_a_lot),
    )


def under_columns(state: State) -> Stressed:
    """Every account under the tail columns of the margin table in force, or all of them where it
    has no tails: for a house without curves, which cannot revalue the cases. Raises CoverError
    where no table is in force."""
    table = state.table
    if table is None:
        raise CoverError("no margin table is in force: there is nothing to stress with")
    tails = [n for n, label in enumerate(table.scenarios) if label.kind in TAILS]
    places = tails or list(range(len(table.scenarios)))
    found = []
    for account in _accounts(state):
        lost = [0] * len(table.scenarios)
        for number, held in account.positions.items():
            for n, loss in enumerate(table.series[number].losses):
                lost[n] += held.lots * loss
        kept = tuple(lost[n] for n in places)
        margin_ = against_a_loss(state, account)
        found.append(Exposure(account.member, account.account, margin_, kept))
    kinds = tuple(table.scenarios[n].kind.name.lower() for n in places)
    names = tuple(f"{kind} column {n + 1}" for kind, n in zip(kinds, places, strict=True))
    what = "tail columns" if tails else "columns"

    def of_a_lot(number: int) -> list[int]:
        row = table.series.get(number)
        return [row.losses[n] if row else 0 for n in places]

    short = supplies(state, len(places), of_a_lot)
    return Stressed(
        f"{what} of margin table {table.table}", names, kinds, tuple(found), short=short
    )


def _accounts(state: State) -> list[Account]:
    return [state.accounts[number] for number in sorted(state.accounts)]


def _worst(state: State, series: int, lots: int) -> int:
    """The most that lots of a series lose in any column of the table in force."""
    row = state.table.series.get(series) if state.table else None
    return max((lots * loss for loss in row.losses), default=0) if row else 0


@dataclass(frozen=True, slots=True)
class Ready:
    """What stands ready at the close, micro-dollars."""

    first_loss: int
    default_fund: int
    second_tranche: int
    liquidity: int

    @property
    def prefunded(self) -> int:
        return self.first_loss + self.default_fund + self.second_tranche


def ready(state: State) -> Ready:
    """Own tranches, fund and liquidity of the house, from its ledger."""
    found = dict.fromkeys((*LAYERS, LedgerClass.HOUSE_LIQUIDITY), 0)
    for (class_, _, asset), balance in state.balances.items():
        if asset == USD and class_ in found:
            found[class_] += balance
    first, fund, second, liquid = found.values()
    return Ready(first, fund, second, liquid)


@dataclass(frozen=True, slots=True)
class CoverRun:
    """The run of a day (YYYYMMDD), of the state after command `number`; `settled` is when its
    variation was, nanoseconds UTC. A member stands for its group."""

    day: int
    number: int
    settled: int
    stressed: Stressed
    groups: Mapping[int, int]
    ready: Ready
    first: Cover
    second: Cover
    reverse: tuple[Reverse, ...]
    fund: FundSize
    paid: Mapping[int, int]
    needs: tuple[Need, ...]
    simulated: bool
    wrong_way: WrongWay
    collateral: tuple[Concentration, ...] = ()

    @property
    def breach(self) -> bool:
        """Whether the two largest cost more than stands ready."""
        return self.second.total > self.ready.prefunded

    def said(self) -> str:
        """A sentence for the log."""
        worst = f"{_usd(self.second.total)} in {self.second.scenario!r}"
        stands = f"{_usd(self.ready.prefunded)} stand ready"
        told = f"Cover-2 of {self.day}: {worst}; {stands}."
        if self.breach:
            short = _usd(self.second.total - self.ready.prefunded)
            told = f"COVER-2 BREACHED on {self.day}: {worst}; {stands}: {short} short."
        spike = self.wrong_way
        if spike.beyond_margin > self.ready.prefunded:
            short = _usd(spike.beyond_margin - self.ready.prefunded)
            told += f" Suppliers that fail in {spike.case!r} are {short} short of it."
        for row in self.collateral:
            told += f" COLLATERAL BEYOND ITS LIMIT, {row.said()}." if row.over else ""
        return told


def cover_run(
    state: State,
    stressed: Stressed,
    terms: CoverTerms,
    close: tuple[int, int, int],
    groups: Mapping[int, int] | None = None,
    *,
    simulated: bool = False,
    issuers: Issuers | None = None,
) -> CoverRun:
    """The run of a close, (day, number, nanoseconds of its settlement); `groups` names of members
    that belong together the one that stands for them, `issuers` who issued an asset."""
    day, number, settled = close
    heads = dict(groups or {})
    of = [replace(e, member=heads.get(e.member, e.member)) for e in stressed.exposures]
    short = [replace(s, member=heads.get(s.member, s.member)) for s in stressed.short]
    stands, names = ready(state), stressed.names
    paid: dict[int, int] = dict.fromkeys(sorted({e.member for e in of}), 0)
    for (class_, account, asset), balance in state.balances.items():
        if class_ == LedgerClass.DEFAULT_FUND and asset == USD:
            member = state.accounts[account].member
            paid[heads.get(member, member)] += balance
    second = cover(of, names, FAILING)
    return CoverRun(
        day, number, settled, replace(stressed, exposures=tuple(of)), heads, stands,
        cover(of, names, 1), second,
        tuple(reverse_stress(of, names, stands.prefunded, terms.reverse_most)),
        fund_size(of, names, stands.first_loss, terms.sizing), paid,
        tuple(needs(state, of, len(names), settled, terms.sale_hours, stands.liquidity)), simulated,
        wrong_way_run(of, names, short, terms.penalty),
        concentrations(state, issuers or {}, load_concentration_terms()),
    )  # fmt: skip


# -- as it is kept and told ------------------------------------------------------------------------


def as_data(run: CoverRun) -> dict[str, Any]:
    """A run as plain data, whole numbers in micro-dollars."""
    of, stands = run.stressed.exposures, run.ready
    by_case = []
    for n, (name, kind) in enumerate(zip(run.stressed.names, run.stressed.kinds, strict=True)):
        ranked = sorted(beyond_margin(of, n).items(), key=lambda item: (-item[1], item[0]))
        two = [{"member": m, "beyond_margin": lost} for m, lost in ranked[:FAILING]]
        total = sum(lost for _, lost in ranked[:FAILING])
        left = stands.prefunded - total
        by_case.append({"case": name, "kind": kind, "largest": two, "total": total, "left": left})
    return {
        "day": run.day,
        "number": run.number,
        "set": run.stressed.set,
        "cases": len(run.stressed.names),
        "simulated": run.simulated,
        "prefunded": {
            "first_loss": stands.first_loss,
            "default_fund": stands.default_fund,
            "second_tranche": stands.second_tranche,
            "total": stands.prefunded,
        },
        "cover1": _cover(run.first, stands),
        "cover2": _cover(run.second, stands),
        "breach": run.breach,
        "wrong_way": {
            "case": run.wrong_way.case,
            "beyond_margin": run.wrong_way.beyond_margin,
            "short": max(0, run.wrong_way.beyond_margin - stands.prefunded),
        },
        "suppliers": [
            {**asdict(one), "accounts": list(one.accounts)} for one in run.wrong_way.by_member
        ],
        "members_of_wrong_way": list(run.wrong_way.members),
        "collateral": [concentration_data(row) for row in run.collateral],
        "members_of_cover1": list(run.first.members),
        "members_of_cover2": list(run.second.members),
        "groups": {str(member): head for member, head in sorted(run.groups.items())},
        "by_case": by_case,
        "by_member": _members(run),
        "taken_at_worst": list(run.stressed.standing),
        "reverse": [
            {"case": r.scenario, "thousandths": r.scale, "members": list(r.members)}
            for r in run.reverse
        ],
        "fund": {
            "proposed": run.fund.total,
            "binding": run.fund.binding,
            "paid_in": stands.default_fund,
            "contributions": [
                {"member": m, "proposed": part, "paid_in": run.paid.get(m, 0)}
                for m, part in sorted(run.fund.contributions.items())
            ],
        },
        "liquidity": [need_data(need) for need in run.needs],
    }


def _cover(found: Cover, stands: Ready) -> dict[str, Any]:
    short = max(0, found.total - stands.prefunded)
    return {"case": found.scenario, "beyond_margin": found.total, "short": short}


def _members(run: CoverRun) -> list[dict[str, Any]]:
    """Of each member what it has against a loss, and the case that costs most beyond it."""
    of, names = run.stressed.exposures, run.stressed.names
    found = []
    for member in sorted({one.member for one in of}):
        mine = [one for one in of if one.member == member]
        beyond = [beyond_margin(mine, n)[member] for n in range(len(names))]
        worst = max(range(len(names)), key=lambda n: (beyond[n], -n), default=0)
        lost = [sum(one.losses[n] for one in mine) for n in range(len(names))]
        found.append(
            {
                "member": member,
                "accounts": [one.account for one in mine],
                "against_a_loss": sum(one.margin for one in mine),
                "beyond_margin": beyond[worst] if beyond else 0,
                "case": names[worst] if any(beyond) else "",
                "largest_loss": max(0, *lost) if lost else 0,
            }
        )
    return found


def same_run(kept: Mapping[str, Any], made: Mapping[str, Any]) -> bool:
    """Whether a run that is kept is the one made anew, in all that it tells: one may have been kept
    before suppliers and collateral were told."""
    may_lack = {"wrong_way", "suppliers", "members_of_wrong_way", "collateral"}
    return {**{name: made[name] for name in may_lack}, **kept} == made


def totals(run: Mapping[str, Any]) -> dict[str, Any]:
    """What everyone may read of a run that is kept."""
    return {name: run[name] for name in PUBLIC if name in run}


def _usd(amount: int) -> str:
    return f"{amount // DOLLAR:,} USD"
