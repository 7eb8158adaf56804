"""Series of the contract standards live through both cores: listed, traded, settled for good
against the average of their index, paid to the micro-dollar.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from fractions import Fraction
from importlib import resources

import pytest

from lasalle import wire
from lasalle.contracts import (
    ContractError,
    SeriesKind,
    SeriesTerms,
    find_terms,
    load_catalogue,
    parse_symbol,
)
from lasalle.exchange import list_series, load_listing_terms
from lasalle.exchange.listing import published_indices
from lasalle.views.market import MarketView
from tests.scenario import read_scenarios, tell

INDICES = {"H100-US": 1, "H200-US": 2, "T-STANDARD": 3, "H100-EU-NORTH": 4, "T-BATCH": 5}
LOTS = 3
ROW = "liquidity=1.00 concentration_lots=100 concentration=2.00 delta=1000000 vega=0"
LOSSES = "losses=20.00,-20.00,25.00,-25.00,60.00,-60.00"


def terms(symbol: str) -> SeriesTerms:
    return find_terms(parse_symbol(symbol))


def told(command: wire.ListSeries) -> str:
    """The command as a line of a scenario."""
    words = []
    for name in command.__struct_fields__:
        value = getattr(command, name)
        if name in (
            "tick",
            "strike",
            "reference_price",
            "maker_fee",
            "taker_fee",
            "clearing_fee",
        ):
            value = f"{value / 1e6:.6f}"
        elif isinstance(value, SeriesKind):
            value = value.name.lower()
        elif name == "last_trading_time" or (name == "period_ends" and value):
            since = datetime.fromtimestamp(value // 10**9, UTC) - datetime(2026, 1, 1, tzinfo=UTC)
            value = f"+{since.days}d"
        elif name == "pause_duration":
            value = f"{value // 10**9}s"
        elif name == "standard_hash":
            value = value.hex()
        words.append(f"{name}={value}")
    return "given list " + " ".join(words)


def settled(series: SeriesTerms, price: str, *final: str) -> str:
    """A scenario: bo sells three lots to ana, the series ends, each of its finals is paid."""
    rules = load_listing_terms("option" if series.is_option else "linear")
    reference = round(Fraction(price) * 1_000_000)
    command = list_series(series, 20, reference, rules, INDICES)
    kept = [
        "load_row table=2 series=fut mark=2.50 " + ROW + " " + LOSSES,
        "load_row table=2 series=call mark=0.20 " + ROW + " " + LOSSES,
        f"load_row table=2 series=20 mark={price} {ROW} {LOSSES}",
    ]
    lines = [
        f"scenario {series.symbol} settles  [CLR-008]",
        "given world=market",
        "given switch_behaviour behaviour=2",
        "given switch_behaviour behaviour=3",
        told(command),
        "given begin_table table=2 scenarios=scan:1,scan:1,historical:0,historical:0,stress:0,"
        "stress:0 rows=1:10000",
        *(f"given {row}" for row in kept),
        "given activate_table table=2 replaces=1",
        "given set_state series=20 state=open",
        f"given place account=bo series=20 side=sell price={price} lots={LOTS}",
        f"given place account=ana series=20 side=buy price={price} lots={LOTS}",
        "given set_state series=20 state=closed",
        "given advance_time at=+200d",
    ]
    month, units = command.first_month, command.hours
    months = {202601: 744, 202602: 672, 202603: 744}
    for n, last in enumerate(final):
        hours = units if len(final) == 1 else months[month + n]
        paid = paid_to_buyer(series, Fraction(price), Fraction(last)) * LOTS * hours
        lines.append(f"when settle_final series=20 month={month + n} price={last} hours={hours}")
        lines.append(
            f"then final_settled series=20 expired={'yes' if n + 1 == len(final) else 'no'}"
        )
        # Who pays is told before who is paid.
        for amount, account in sorted([(paid, "ana"), (-paid, "bo")]):
            if amount:
                lines.append(f"then payment account={account} amount={float(amount):.6f}")
    return "\n".join([*lines, "then state series=20 is=expired", "then ledger", ""])


def paid_to_buyer(series: SeriesTerms, price: Fraction, final: Fraction) -> Fraction:
    strike = Fraction(series.strike_micro_dollars, 1_000_000)
    if series.kind is SeriesKind.CALL:
        return max(Fraction(0), final - strike)
    if series.kind is SeriesKind.PUT:
        return max(Fraction(0), strike - final)
    return final - price


@pytest.mark.parametrize(
    ("symbol", "price", "final"),
    [
        ("H100-2026-02", "2.50", ["2.613571"]),
        ("TSTD-2026-02", "3.00", ["2.871429"]),
        ("TSTD-2026-02-C-2.500", "0.50", ["2.871429"]),
        ("TSTD-2026-02-P-2.500", "0.20", ["2.871429"]),
        ("TBAT-2026-02", "0.80", ["0.75"]),
        ("H100-2026Q2", "2.50", ["2.499999"]),
        # Par plus a difference: down from +0.25 to -0.10.
        ("H100.LEN-2026-02", "50.25", ["49.90"]),
        ("H200.GH100-2026-02", "51.00", ["51.123456"]),
        ("H100.V-2026-02", "2.50", ["3.10"]),
        ("H100.W-2026W08-1.500_3.500", "2.50", ["3.50"]),
        ("TSTD-2026-01_2026-03", "3.00", ["2.90", "3.10", "3.000001"]),
    ],
)
def test_a_series_of_each_kind_settles_on_its_average(symbol, price, final, core) -> None:
    series = terms(symbol)
    (scenario,) = read_scenarios(settled(series, price, *final), "standards")
    story = tell(scenario, core)
    market = MarketView()
    for header, event in story.told:
        market.on(header, event)
    listed = market.by_symbol[symbol].terms
    assert market.behaviour == 3
    pinned = (series.standard.version, series.standard.sha256)
    assert (listed.standard_version, listed.standard_hash) == pinned


def test_the_house_lists_only_what_can_settle() -> None:
    rules = load_listing_terms("linear")
    listed = list_series(terms("H100-2026-02"), 20, 2_500_000, rules)
    assert (listed.index, listed.hours, listed.symbol) == (1, 672, "H100-2026-02")
    standard = terms("H100-2026-02").standard
    assert (listed.standard_version, listed.standard_hash) == (2, standard.sha256)
    older = list_series(terms("H100-2026-02"), 20, 2_500_000, rules, behaviour=1)
    assert (older.standard_version, older.standard_hash) == (0, bytes(32))
    for symbol, why in (
        ("H100.FUE-2026-03", "under a law that knows it"),
        ("TSTD.F-2026-03", "under a law that knows it"),
        ("H100.KUE64-2026-03-C-2.500", "under a law that knows it"),
        ("TINT-2026-02", "T-INTERACTIVE is not published"),
    ):
        with pytest.raises(ContractError, match=why):
            list_series(terms(symbol), 20, 2_500_000, rules, INDICES, behaviour=4)
    physical = list_series(terms("TSTD.F-2026-03-09"), 20, 400_000, rules, {"T-STANDARD": 35})
    assert (physical.delivers, physical.hours, listed.delivers) == (True, 24, False)


def test_every_index_a_standard_settles_on_has_a_method_and_the_number_it_is_listed_under() -> None:
    folder = resources.files("lasalle.indices") / "methods"
    methods = [
        tomllib.loads(f.read_text("utf-8")) for f in folder.iterdir() if f.name.endswith("toml")
    ]
    numbers = {method["index"]: method["number"] for method in methods if "number" in method}
    for standard in load_catalogue().every_standard():
        row = standard.terms["contract"]
        assert {standard.index, row.get("against_index", standard.index)} <= numbers.keys()
    assert {name: numbers[name] for name in published_indices()} == published_indices()
