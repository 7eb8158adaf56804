"""Nightly margin of many accounts from a published table, beside what others would do.

Every account holds 20 of 200 series, drawn; the table has 1,000 columns: 24 scan points, 936
historical moves and 40 stress moves. The peer is the plain product of positions and losses in
64-bit floats, which has every account's loss in every scenario and takes no tail of it. QuantLib is
asked what a revaluation of each position in each scenario would cost, from a sample.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from benches import whole_core
from benches.table import Row, row
from lasalle.clearing import Published, PublishedRow
from lasalle.clearing.nightly import BLOCK, Accounts, Nightly
from lasalle.wire import ScenarioKind

ACCOUNTS, POSITIONS, SERIES, SCENARIOS = 100_000, 20, 200, 1_000
LABELS = (
    *[(ScenarioKind.SCAN, 1)] * 18,
    *[(ScenarioKind.SCAN, 2)] * 6,
    *[(ScenarioKind.HISTORICAL, 0)] * 936,
    *[(ScenarioKind.STRESS, 0)] * 40,
)
PLAIN, SAMPLE = 10_000, 200_000
COMMAND = "python -m benches margin"
CLOCK = "best of 3, processor time of one thread"
PRE_TRADE = whole_core.Size("pre-trade", 32, 1_000, SCENARIOS, 200_000, 2)


def drawn_table() -> Published:
    """Losses of futures and options as large as those of a month at two dollars and a half."""
    draw = np.random.default_rng(1)
    losses = draw.normal(0.0, 3e8, (SERIES, SCENARIOS)).astype(np.int64)
    rows = tuple(
        PublishedRow(
            f"S{n}", n % 3 == 0, 720, 2_500_000, 9_000_000, 10_000, 90_000_000,
            tuple(losses[n].tolist()),
        )
        for n in range(SERIES)
    )  # fmt: skip
    return Published(1, LABELS, ((1, 10_000), (2, 10_000)), rows)


def drawn_accounts(count: int) -> Accounts:
    """Twenty series each, none twice, up to fifty lots either way."""
    draw = np.random.default_rng(2)
    series = np.argsort(draw.random((count, SERIES)), axis=1)[:, :POSITIONS].ravel()
    lots = draw.integers(-50, 51, POSITIONS * count)
    return Accounts(np.full(count, POSITIONS), series, lots)


def best(run: Callable[[], object], times: int = 3) -> float:
    """Seconds of processor time of the fastest run."""
    taken = []
    for _ in range(times):
        began = time.process_time()
        run()
        taken.append(time.process_time() - began)
    return min(taken)


def product(nightly: Nightly, accounts: Accounts) -> NDArray[np.float64]:
    """Greatest loss of each account by the matrix product, in blocks as large as the nightly's."""
    losses = nightly.losses.astype(float)
    count = len(accounts.counts)
    worst = np.zeros(count)
    for start in range(0, count, BLOCK):
        stop = min(count, start + BLOCK)
        part = slice(start * POSITIONS, stop * POSITIONS)
        owner = np.repeat(np.arange(stop - start), POSITIONS)
        held = np.zeros((stop - start, SERIES))
        held[owner, accounts.series[part]] = accounts.lots[part]
        worst[start:stop] = (held @ losses).max(axis=1)
    return worst


def quantlib_seconds() -> float | None:
    """Seconds of one option's value in QuantLib, from a sample; None where it is not installed."""
    try:
        formula = import_module("QuantLib").blackFormula
    except ImportError:
        return None
    forwards = np.random.default_rng(3).uniform(1.5, 3.5, SAMPLE).tolist()
    return best(lambda: [formula(1, 2.5, forward, 0.2) for forward in forwards]) / SAMPLE


def reading_bytes() -> float:
    """Bytes a second one thread reads of memory far larger than any cache."""
    far = np.ones(32 * 2**20)
    return float(far.nbytes / best(far.sum))


def rows() -> list[Row]:
    """Nightly margin and its peers, the bytes it reads, and the check before a trade."""
    table, accounts = drawn_table(), drawn_accounts(ACCOUNTS)
    few = Accounts(
        accounts.counts[:PLAIN],
        accounts.series[: PLAIN * POSITIONS],
        accounts.lots[: PLAIN * POSITIONS],
    )
    compiled, plain = Nightly(table), Nightly(table, plain=True)
    found = plain.requirements(few)
    assert (found > 0).mean() > 0.5, "most accounts are asked something"
    plainly = PLAIN / best(lambda: plain.requirements(few))
    peer = PLAIN / best(lambda: product(plain, few))
    name = f"nightly margin, {POSITIONS} positions x {SCENARIOS:,} scenarios"
    product_name = "numpy float64 positions @ losses, no tails"
    made = []
    if compiled.is_compiled:
        assert (compiled.requirements(few) == found).all(), "both ways ask the same"
        speed = ACCOUNTS / best(lambda: compiled.requirements(accounts))
        for shown, who, value in (
            (f"{name}, {ACCOUNTS:,} accounts", product_name, peer),
            (f"{name}, beside QuantLib", "QuantLib blackFormula, a sample extrapolated", None),
        ):
            made.append(_beside(shown, speed, who, value))
        made.append(_reading(speed))
    made.append(_beside(f"{name}, in numpy", plainly, product_name, peer))
    return made + _pre_trade()


def _reading(speed: float) -> Row:
    kilobytes = SERIES * SCENARIOS * 4 // 1024
    return row(
        "losses read by it",
        round(speed * POSITIONS * SCENARIOS * 4 / 1e9, 1),
        "GB/s",
        command=COMMAND,
        taken=f"{CLOCK}; the table is {kilobytes} KB and stays near the processor",
        peer="one thread reading memory in order",
        peer_value=round(reading_bytes() / 1e9, 1),
    )


def _beside(name: str, speed: float, peer: str, value: float | None) -> Row:
    if value is None:
        one = quantlib_seconds()
        value = None if one is None else 1.0 / (one * POSITIONS * SCENARIOS)
    return row(
        name, round(speed), "accounts/s", command=COMMAND, taken=CLOCK, peer=peer,
        peer_value=round(value, 1) if value else None,
        reason="" if value else "not installed",
    )  # fmt: skip


def _pre_trade() -> list[Row]:
    """An order through the whole core with every one judged: what the check takes is part of it."""
    program = whole_core.built()
    if program is None:
        return []
    told = whole_core.measured(program, PRE_TRADE)
    taken = f"best of {PRE_TRADE.runs}, processor time; decoding, matching and ledger included"
    name = f"a command of the whole core, each order judged over {SCENARIOS:,} scenarios"
    spent = round(1e6 / told["commands_per_s_judging_always"], 2)
    return [row(name, spent, "us", command=COMMAND, taken=taken)]
