"""A margin table in words: of each series what it is asked and why, of each family what binds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lasalle.clearing.filtering import buffer_share, filtered
from lasalle.clearing.model import MarginTable
from lasalle.clearing.moves import price_range
from lasalle.clearing.portfolio import Held, requirement
from lasalle.clearing.published_table import Published, PublishedRow
from lasalle.clearing.scan import Listed, priced
from lasalle.clearing.terms import MarginTerms, load_margin_terms
from lasalle.pricing.forward import DAYS_PER_YEAR
from lasalle.wire import ScenarioKind

WORST_SHOWN = 5
"""Cases a run shows to read; the whole run has all of them."""
SHORT_HISTORY = 250
"""Fixings below which a history is called short, as the regulators count a year of dates."""


def report_lines(
    table: MarginTable,
    rows: Published,
    families: Sequence[Listed],
    terms: MarginTerms | None = None,
) -> Iterable[str]:
    """The report, line by line: digest, families with what binds, then each series."""
    stated = terms or load_margin_terms()
    yield f"margin table for {table.day}, sha256 {rows.sha256}"
    counts = {kind: sum(x.kind is kind for x in table.labels) for kind in ScenarioKind}
    yield ", ".join(f"{n} {kind.name.lower()} columns" for kind, n in counts.items())
    for family in families:
        yield from _family(family, stated.of(family.name), stated)
    for charge in table.scan_rows:
        if charge.weight_per_ten_thousand != 10_000:
            share = charge.weight_per_ten_thousand / 100
            yield f"scan row {charge.group}, {charge.name}: {share:g} % counts"
    floors = _floors(families, table, stated)
    heads = ("series", "mark", "long %", "short %", "binds", "worst column of a long, of a short")
    yield "{:<26}{:>12}{:>9}{:>9}  {:<12}{}".format(*heads)
    for row in rows.series:
        yield _series(row, rows, table, floors.get(row.symbol, ""))


def _family(family: Listed, own: MarginTerms, terms: MarginTerms) -> Iterable[str]:
    history = filtered(family.fixings, own)
    year = DAYS_PER_YEAR**0.5
    said = f"{family.name}: {len(family.fixings)} fixings to {family.fixings[-1][0]}"
    said += f", volatility {100 * history.measured * year:.1f} % a year"
    yield said
    if len(family.fixings) < SHORT_HISTORY:
        yield f"  history below {SHORT_HISTORY} fixings: floors bind"
    if history.floor_binds:
        yield f"  volatility floor binds: {100 * history.now * year:.1f} %"
    missing = own.windows - history.observed
    if missing:
        stand_in = next((p for p in terms.proxies if p.family == family.name), None)
        by = f"{stand_in.of} times {stand_in.scale:g}, where it has them" if stand_in else "none"
        yield f"  {missing} of {own.windows} historical moves not observed; proxy: {by}"
    more = buffer_share(family.fixings, own)
    if more:
        yield f"  buffer adds {100 * more:.1f} % to every move"


def _floors(families: Sequence[Listed], table: MarginTable, terms: MarginTerms) -> dict[str, str]:
    """Of each series whose range is the floor's, that it is, with the range."""
    found = {}
    for one in priced(families, table.day):
        if one.pair is not None:
            continue
        own, market = terms.of(one.market.name), one.market
        for series in one.series:
            month = series.open_months(table.day)[0]
            width = price_range(market.model, month, market.live[0], market.curve[month], own)
            if width in (own.price_floor_front, own.price_floor_back):
                found[series.symbol] = f"floor {width:.2f}"
            else:
                found[series.symbol] = f"range {width:.2f}"
    return found


def _series(row: PublishedRow, rows: Published, table: MarginTable, floor: str) -> str:
    """Initial margin of a lot each way as a share of its value, and where it comes from."""
    value = max(1, row.mark * row.hours)
    asked = [requirement({row.symbol: Held(lots)}, rows) for lots in (1, -1)]
    shares = [f"{100 * one.initial / value:9.1f}" for one in asked]
    losses = range(len(row.losses))
    worst = [max(losses, key=row.losses.__getitem__), min(losses, key=row.losses.__getitem__)]
    names = "; ".join(table.labels[n].name for n in worst)
    paths = "/".join("scan" if one.scan_path > one.tail_path else "tail" for one in asked)
    return (
        f"{row.symbol:<26}{row.mark / 1e6:>12.6f}{shares[0]}{shares[1]}"
        f"  {paths:<11} {names}{f' ({floor})' if floor else ''}"
    )


def cover_lines(run: Mapping[str, Any]) -> list[str]:
    """A run of Cover-1 and Cover-2 as it is kept, to read: US dollars."""
    lines = [f"{run['day']}, after command {run['number']}: {run['cases']} cases, {run['set']}"]
    for name in ("first_loss", "default_fund", "second_tranche", "total"):
        lines.append(f"  prefunded {name:<16}{_usd(run['prefunded'][name])}")
    for row in sorted(run["by_case"], key=lambda row: row["left"])[:WORST_SHOWN]:
        two = row["largest"]
        who = ", ".join(f"{x['member']}: {_usd(x['beyond_margin']).strip()}" for x in two)
        lines.append(f"  {row['case']:<52}{_usd(row['total'])}  ({who})")
    for row in run["by_member"]:
        told = f"{_usd(row['beyond_margin'])} beyond {_usd(row['against_a_loss']).strip()}"
        lines.append(f"  member {row['member']:<6}{told}  {row['case']}")
    lines += _supplier_lines(run)
    lines += [_reverse_line(run["reverse"]), *_fund_lines(run["fund"])]
    for need in run["liquidity"]:
        told = f"{_usd(need['most'])}, ready {_usd(need['ready']).strip()}"
        lines.append(f"  liquidity {need['name']:<6}{told}")
    for row in run["collateral"]:
        told = f"{_usd(row['counted'])}, limit {_usd(row['limit']).strip()}"
        lines.append(f"  collateral {row['name']}{told}{'  BEYOND IT' if row['over'] else ''}")
    if run["taken_at_worst"]:
        lines.append(f"  at their worst of the margin table: {', '.join(run['taken_at_worst'])}")
    return lines


def _supplier_lines(run: Mapping[str, Any]) -> list[str]:
    spike = run["wrong_way"]
    if not spike["case"]:
        return ["  wrong way: no account short of capacity loses in any case"]
    who = ", ".join(map(str, run["members_of_wrong_way"]))
    told = f"{_usd(spike['beyond_margin'])}, short {_usd(spike['short']).strip()}"
    lines = [f"  wrong way       {told}, in {spike['case']!r} (members {who})"]
    for row in run["suppliers"]:
        lost, penalty, owed = (_usd(row[name]).strip() for name in ("lost", "penalty", "owed"))
        lines.append(
            f"    supplier {row['member']}: {row['lots']} lots lose {lost}, penalty {penalty}, "
            f"line {owed}: {_usd(row['beyond_margin']).strip()} beyond margin in {row['case']!r}"
        )
    return lines


def _reverse_line(reverse: Sequence[Mapping[str, Any]]) -> str:
    first = reverse[0] if reverse else {"thousandths": 0}
    if not first["thousandths"]:
        return "  reverse stress: no multiple within the bound uses up what is prefunded"
    times = f"{first['thousandths'] / 1_000:.3f}"
    return f"  reverse stress: {times} times {first['case']!r} uses up what is prefunded"


def _fund_lines(fund: Mapping[str, Any]) -> list[str]:
    lines = [f"  fund proposed   {_usd(fund['proposed'])}, by {fund['binding']}"]
    for part in fund["contributions"]:
        told = f"{_usd(part['proposed'])}, paid in {_usd(part['paid_in']).strip()}"
        lines.append(f"    member {part['member']:<6}{told}")
    return lines


def _usd(micro: int) -> str:
    return f"{micro / 1e6:,.2f}".rjust(20)
