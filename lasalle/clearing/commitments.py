"""Who holds what: the large-trader report for operators, and the public commitments of traders.

A market is an index and a kind of series; a trader is a beneficial owner with all its accounts.
What a trader holds long in one series and short in another of a market is spreading, as in the
reports of the CFTC; over all traders long and spreading come to the open interest, as do short and
spreading. No public figure is of fewer traders than the table says.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources

from lasalle.plain.state import State
from lasalle.wire import AccountKind, SeriesKind

POOLED = "others"
PUBLIC = ("market", "class", "traders", "long", "short", "spreading", "open_interest", "as_of")
LARGE = ("trader", "class", "accounts", "market", "long", "short", "threshold", "as_of")


class ReportingError(ValueError):
    """A term of the reports, or a class of a trader, is not as it has to be."""


@dataclass(frozen=True, slots=True)
class ReportingTerms:
    """Fewest traders of a public figure; day of the week of the weekly report, 0 is Monday; lots
    from which a trader is large, by kind."""

    fewest_traders: int
    weekday: int
    large_lots: Mapping[SeriesKind, int]


@dataclass(frozen=True, slots=True)
class Holding:
    """A trader in a market: gross lots over its accounts and series."""

    trader: int
    traders_class: str
    accounts: tuple[int, ...]
    index: int
    kind: SeriesKind
    bought: int
    sold: int

    @property
    def market(self) -> str:
        """The market in words."""
        return f"index {self.index} {self.kind.name.lower()}"

    @property
    def spreading(self) -> int:
        """Lots on both sides."""
        return min(self.bought, self.sold)


@dataclass(frozen=True, slots=True)
class Commitment:
    """A class of traders in a market; lots are None where too few hold them."""

    market: str
    traders_class: str
    traders: int | None
    long: int | None
    short: int | None
    spreading: int | None
    open_interest: int


def load_reporting_terms() -> ReportingTerms:
    """The terms in force."""
    path = resources.files("lasalle.clearing") / "table" / "reporting.toml"
    return read_reporting_terms(path.read_text(encoding="utf-8"))


def read_reporting_terms(text: str) -> ReportingTerms:
    """Terms of a TOML text. Raises ReportingError."""
    table = tomllib.loads(text)
    names = {kind.name.lower(): kind for kind in SeriesKind}
    expected = {"fewest_traders", "weekday", "large_lots"}
    if set(table) != expected or set(table["large_lots"]) != set(names):
        raise ReportingError(f"terms: expected {sorted(expected)}, large_lots of {sorted(names)}")
    if table["weekday"] not in range(7):
        raise ReportingError(f"weekday: expected 0 to 6, found {table['weekday']!r}")
    lots = {names[name]: most for name, most in table["large_lots"].items()}
    for name, found in (("fewest_traders", table["fewest_traders"]), *table["large_lots"].items()):
        if type(found) is not int or found < 1:
            raise ReportingError(f"{name}: expected a whole number from 1, found {found!r}")
    return ReportingTerms(table["fewest_traders"], table["weekday"], lots)


def read_classes(text: str) -> dict[int, str]:
    """Class of each beneficial owner, from CSV with the heads owner and class."""
    found: dict[int, str] = {}
    rows = list(csv.reader(text.splitlines()))
    if not rows or rows[0] != ["owner", "class"]:
        raise ReportingError(f"line 1: expected owner,class, found {rows[:1]}")
    for number, row in enumerate(rows[1:], 2):
        sound = len(row) == 2 and row[0].isdecimal() and row[1].strip() and row[1] != POOLED
        if not sound or int(row[0]) in found:
            expected = f"a number once, and a class other than {POOLED}"
            raise ReportingError(f"line {number}: expected {expected}, found {row}")
        found[int(row[0])] = row[1].strip()
    return found


def holdings(state: State, classes: Mapping[int, str] | None = None) -> list[Holding]:
    """What every trader holds, by market. Without a class of its own a trader is a member when it
    has a house account, and else a client."""
    owned: dict[int, list[int]] = {}
    for account in sorted(state.accounts.values(), key=lambda a: a.account):
        owned.setdefault(account.owner, []).append(account.account)
    found = []
    for trader, numbers in sorted(owned.items()):
        kinds = {state.accounts[n].account_kind for n in numbers}
        usual = "member" if AccountKind.HOUSE in kinds else "client"
        sides: dict[tuple[int, SeriesKind], list[int]] = {}
        for number in numbers:
            for series, position in state.accounts[number].positions.items():
                terms = state.series[series]
                side = sides.setdefault((terms.index, terms.series_kind), [0, 0])
                side[position.lots < 0] += abs(position.lots)
        for (index, kind), (bought, sold) in sorted(sides.items()):
            if bought or sold:
                named = (classes or {}).get(trader, usual)
                found.append(Holding(trader, named, tuple(numbers), index, kind, bought, sold))
    return found


def large(of: Iterable[Holding], terms: ReportingTerms) -> list[Holding]:
    """Traders at or above the threshold on a side of a market; for operators alone."""
    return [h for h in of if max(h.bought, h.sold) >= terms.large_lots[h.kind]]


def commitments(of: Iterable[Holding], terms: ReportingTerms) -> list[Commitment]:
    """The public report: classes too small to be shown are pooled, with the smallest class beside
    them where they are too few even so; a market of too few traders shows its open interest."""
    markets: dict[str, list[Holding]] = {}
    for one in sorted(of, key=lambda h: (h.index, h.kind, h.trader)):
        markets.setdefault(one.market, []).append(one)
    found = []
    for market, held in markets.items():
        interest = sum(h.bought for h in held)
        for name, members in _pooled(held, terms.fewest_traders).items():
            if len(members) < terms.fewest_traders:
                found.append(Commitment(market, name, None, None, None, None, interest))
                continue
            both = sum(h.spreading for h in members)
            long, short = sum(h.bought for h in members), sum(h.sold for h in members)
            found.append(
                Commitment(market, name, len(members), long - both, short - both, both, interest)
            )
    return found


def _pooled(held: list[Holding], fewest: int) -> dict[str, list[Holding]]:
    classes: dict[str, list[Holding]] = {}
    for one in held:
        classes.setdefault(one.traders_class, []).append(one)
    small = sorted(name for name, members in classes.items() if len(members) < fewest)
    pool = [h for name in small for h in classes.pop(name)]
    while pool and len(pool) < fewest and classes:
        # A pool that could be had as the rest of the market has to be large enough itself.
        least = min(classes, key=lambda name: (len(classes[name]), name))
        pool += classes.pop(least)
    return classes | ({POOLED: pool} if pool else {})


def public_csv(rows: Iterable[Commitment], day: int) -> str:
    """The public report; a figure of too few traders is said to be withheld."""
    cells = [
        (
            r.market, r.traders_class,
            *("withheld" if v is None else v for v in (r.traders, r.long, r.short, r.spreading)),
            r.open_interest, day,
        )
        for r in rows
    ]  # fmt: skip
    return _csv(PUBLIC, cells)


def weekly_csv(rows: Iterable[Commitment], day: int, before: str) -> str:
    """The public report of a week, with what changed since the report before it (its text, empty
    where there is none); a change of what was or is withheld is withheld."""
    known = {(row["market"], row["class"]): row for row in csv.DictReader(io.StringIO(before))}
    told = list(csv.DictReader(io.StringIO(public_csv(rows, day))))
    for row in told:
        last = known.get((row["market"], row["class"]))
        for name in ("long", "short", "spreading"):
            now, then = row[name], last[name] if last else ("0" if before else "")
            unknown = "withheld" if then else ""
            both = now.isdecimal() and then.isdecimal()
            row[f"change_{name}"] = str(int(now) - int(then)) if both else unknown
    heads = (*PUBLIC, "change_long", "change_short", "change_spreading")
    return _csv(heads, [tuple(row[name] for name in heads) for row in told])


def large_csv(rows: Iterable[Holding], terms: ReportingTerms, day: int) -> str:
    """The report to the operators."""
    cells = [
        (
            h.trader, h.traders_class, " ".join(map(str, h.accounts)), h.market,
            h.bought, h.sold, terms.large_lots[h.kind], day,
        )
        for h in rows
    ]  # fmt: skip
    return _csv(LARGE, cells)


def _csv(heads: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return out.getvalue()
