"""Options by the array beside QuantLib and vollib, one option at a time as each of them is asked.

All three are asked for the same options in the same run: forward 2.5, strikes about it within three
deviations, out of the money. QuantLib's implied deviation is asked with its own accuracy of 1e-6;
ours and vollib's come to the last places. What a peer refuses counts as its answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from benches.table import Row, row
from lasalle.pricing import black, black_measures, implied_deviation

OPTIONS, SAMPLE = 200_000, 20_000
COMMAND = "python -m benches pricing"
CLOCK = "best of 5, processor time of one thread"


def best(run: Callable[[], object], times: int = 5) -> float:
    """Least processor time of several runs, seconds."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        run()
        spent.append(time.process_time() - start)
    return min(spent)


def options(count: int) -> tuple[Any, ...]:
    """(calls, forwards, strikes, deviations, prices), out of the money."""
    law = np.random.default_rng(1)
    forward, deviation = np.full(count, 2.5), law.uniform(0.05, 0.8, count)
    strike = forward * np.exp(deviation * law.uniform(-3.0, 3.0, count))
    call = strike > forward
    return call, forward, strike, deviation, black(call, forward, strike, deviation)


def peer(module: str) -> Any:
    """A peer's module, None where it is not installed."""
    try:
        return import_module(module)
    except ImportError:
        return None


def _tolerant(formula: Callable[..., float]) -> Callable[..., float | None]:
    def asked(*given: Any) -> float | None:
        try:
            return formula(*given)
        except Exception:
            return None

    return asked


def quantlib_seconds() -> tuple[float | None, float | None]:
    """Seconds of a value and of an implied deviation in QuantLib."""
    ql = peer("QuantLib")
    if ql is None:
        return None, None
    call, forward, strike, deviation, price = (one.tolist() for one in options(SAMPLE))
    kinds = [ql.Option.Call if one else ql.Option.Put for one in call]
    value, implied = ql.blackFormula, _tolerant(ql.blackFormulaImpliedStdDev)
    asked = list(zip(kinds, strike, forward, deviation, price, strict=True))
    values = best(lambda: [value(kind, k, f, v) for kind, k, f, v, _ in asked])
    return values / SAMPLE, best(lambda: [implied(o, k, f, p) for o, k, f, _, p in asked]) / SAMPLE


def vollib_seconds() -> tuple[float | None, float | None]:
    """Seconds of a value and of an implied volatility in vollib, from a tenth of the sample."""
    values, implied = peer("vollib.black"), peer("vollib.black.implied_volatility")
    if values is None or implied is None:
        return None, None
    count = SAMPLE // 10
    call, forward, strike, deviation, price = (one.tolist() for one in options(count))
    kinds = ["c" if one else "p" for one in call]
    asked = list(zip(kinds, forward, strike, deviation, price, strict=True))
    value, solve = values.black, _tolerant(implied.implied_volatility)
    spent = best(lambda: [value(c, f, k, 1.0, 0.0, v) for c, f, k, v, _ in asked], 3)
    solved = best(lambda: [solve(p, f, k, 0.0, 1.0, c) for c, f, k, _, p in asked], 3)
    return spent / count, solved / count


def _beside(name: str, seconds: float, who: str, peer_seconds: float | None) -> Row:
    """Options a second, so that a ratio above one is ours ahead."""
    return row(
        name,
        round(1.0 / seconds),
        "options/s",
        command=COMMAND,
        taken=CLOCK,
        peer=who,
        peer_value=round(1.0 / peer_seconds) if peer_seconds else None,
        reason="" if peer_seconds else "not installed",
    )


def rows() -> list[Row]:
    """Black's value, all its slopes, and the deviation a price implies."""
    call, forward, strike, deviation, price = options(OPTIONS)
    solved = implied_deviation(call, price, forward, strike)
    assert np.max(np.abs(solved.found / deviation - 1.0)) < 1e-13, "every deviation comes back"
    values = best(lambda: black(call, forward, strike, deviation)) / OPTIONS
    slopes = best(lambda: black_measures(call, forward, strike, deviation)) / OPTIONS
    implied = best(lambda: implied_deviation(call, price, forward, strike)) / OPTIONS
    ql_value, ql_implied = quantlib_seconds()
    vol_value, vol_implied = vollib_seconds()
    one = "QuantLib, one at a time"
    return [
        _beside("Black's value of an option", values, one, ql_value),
        _beside("Black's value and six slopes, beside a value", slopes, one, ql_value),
        _beside("Black's value of an option, beside vollib", values, "vollib", vol_value),
        _beside("implied volatility to the last places", implied, one + ", to 1e-6", ql_implied),
        _beside("implied volatility, beside vollib", implied, "vollib", vol_implied),
    ]
