"""What residuals say of a model: are they independent, normal, and where the law placed them.

Sources: G. Ljung and G. Box, Biometrika 65, 1978; C. Jarque and A. Bera, Economics Letters 6,
1980; F. Diebold, T. Gunther and A. Tay, International Economic Review 39, 1998, for the
probability integral transform, tested against the uniform law by Kolmogorov and Smirnov.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, ndtr

from lasalle.pricing.processes.history import Floats

LAGS = 10


@dataclass(frozen=True, slots=True)
class Test:
    """A statistic and the probability of one as great when the model is true."""

    __test__ = False  # A class of the house, not of pytest.

    name: str
    statistic: float
    p_value: float

    @property
    def verdict(self) -> str:
        """In words, at 1 %."""
        return "rejected" if self.p_value < 0.01 else "not rejected"


def ljung_box(residuals: Floats, lags: int = LAGS, *, name: str = "Ljung-Box") -> Test:
    """Are autocorrelations up to a lag zero?"""
    seen = residuals[~np.isnan(residuals)]
    lags = min(lags, max(1, len(seen) // 4))
    centred = seen - seen.mean()
    power = float(centred @ centred)
    if power <= 0.0:
        return Test(name, 0.0, 1.0)
    count = len(seen)
    found = [float(centred[k:] @ centred[:-k]) / power for k in range(1, lags + 1)]
    statistic = count * (count + 2) * sum(r * r / (count - k) for k, r in enumerate(found, 1))
    return Test(f"{name}({lags})", statistic, float(chdtrc(lags, statistic)))


def jarque_bera(residuals: Floats) -> Test:
    """Are skewness and excess kurtosis zero?"""
    seen = residuals[~np.isnan(residuals)]
    centred = seen - seen.mean()
    variance = float(np.mean(centred**2))
    if variance <= 0.0:
        return Test("Jarque-Bera", 0.0, 1.0)
    skewness = float(np.mean(centred**3)) / variance**1.5
    excess = float(np.mean(centred**4)) / variance**2 - 3.0
    statistic = len(seen) / 6.0 * (skewness**2 + 0.25 * excess**2)
    return Test("Jarque-Bera", statistic, float(chdtrc(2, statistic)))


def uniformity(pits: Floats) -> Test:
    """Are probability integral transforms uniform?"""
    # The rest of its library is heavy, and a served house judges no process.
    from scipy.stats import kstest

    found = kstest(pits[~np.isnan(pits)], "uniform")
    return Test("PIT uniform (KS)", float(found.statistic), float(found.pvalue))


def coverage(pits: Floats, level: float = 0.90) -> float:
    """Share of outcomes inside the central interval of a level."""
    seen = pits[~np.isnan(pits)]
    return float(np.mean(np.abs(seen - 0.5) <= 0.5 * level))


def residual_tests(residuals: Floats) -> tuple[Test, ...]:
    """Tests of residuals that the model takes for independent standard normals."""
    return (
        ljung_box(residuals),
        ljung_box(residuals**2, name="Ljung-Box of squares"),
        jarque_bera(residuals),
        uniformity(np.asarray(ndtr(residuals))),
    )
