"""What fits and walks say, as Markdown and as values for programs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from lasalle.pricing.processes import Estimate, Fitted, Profile, Score

ERRORS = """\
Errors: of the curvature; of the scores (OPG); robust, of both; of blocks drawn again. Infinite
is a parameter that the history does not tell, or one at its bound. Where they disagree the model
is not the truth: use the widest."""


def number(value: float) -> str:
    """Four figures, or infinity in a word."""
    return "infinite" if math.isinf(value) else f"{value:.4g}"


def estimate_rows(estimates: Sequence[Estimate]) -> Iterator[str]:
    """A table of estimates."""
    yield "| parameter | estimate | curvature | OPG | robust | blocks | unit |"
    yield "|---|---|---|---|---|---|---|"
    for one in estimates:
        errors = (one.error, one.opg_error, one.robust_error, one.bootstrap_error)
        told = " | ".join(number(error) for error in errors)
        yield f"| {one.name} | {number(one.value)} | {told} | {one.unit} |"


def fit_page(
    fits: Sequence[Fitted[Any]], profile: Profile | None, beside: Sequence[str] = ()
) -> str:
    """Markdown of fits to one history."""
    lines = [f"# {fits[0].history}, up to {fits[0].fitted_on}", "", ERRORS, ""]
    for fitted in fits:
        word = "" if fitted.converged else ", the search did not settle"
        lines += [f"## {fitted.name}", ""]
        lines += [
            f"{fitted.observations} observations, log-likelihood {fitted.log_likelihood:.2f}, "
            f"BIC {fitted.bic:.2f}{word}.",
            "",
            *estimate_rows(fitted.estimates),
            "",
            "| test of residuals | statistic | p | at 1 % |",
            "|---|---|---|---|",
        ]
        for test in fitted.tests():
            lines.append(
                f"| {test.name} | {test.statistic:.3f} | {test.p_value:.4f} | {test.verdict} |"
            )
        lines += ["", "Not told by this history:", ""]
        lines += [f"- {sentence}." for sentence in fitted.cannot_tell]
        lines.append("")
    if profile is not None:
        low, high = profile.interval
        word = "told" if profile.told else "not told: an end of what was tried is within 95 %"
        lines += [
            f"## Profile of {profile.name}",
            "",
            f"Within 95 %: {low:g} to {high:g} {profile.unit}; {word}.",
            "",
        ]
    return "\n".join([*lines, *beside]).rstrip() + "\n"


def score_page(name: str, scores: Sequence[Score]) -> str:
    """Markdown of a walk, and in words where the benchmarks win."""
    lines = [f"# Forecasts of {name}", ""]
    lines += [
        "Each forecast uses what was known on its day. CRPS in log price, smaller is better; the",
        "log score is of an interval of half a hundredth around what came, greater is better. t",
        "is of the difference of CRPS (Diebold and Mariano): below -2 the process is better.",
        "",
    ]
    for days in sorted({score.days for score in scores}):
        lines += [
            f"## {'Next date' if days == 0 else f'{days} days'}",
            "",
            "| process | forecasts | CRPS | log score | in central 90 % | PIT p "
            "| t against random walk | t against history |",
            "|---|---|---|---|---|---|---|---|",
        ]
        here = [score for score in scores if score.days == days]
        for one in here:
            ts = [
                f"{one.against[other][1]:.1f}" if other in one.against else ""
                for other in ("random walk", "historical simulation")
            ]
            lines.append(
                f"| {one.model} | {one.forecasts} | {one.crps:.4f} | {one.log_score:.3f} | "
                f"{100 * one.coverage_90:.0f} % | {one.uniform.p_value:.3f} | {ts[0]} | {ts[1]} |"
            )
        best = min(here, key=lambda score: score.crps)
        lines += ["", f"Least CRPS: {best.model}. {_verdict(here)}", ""]
    return "\n".join(lines).rstrip() + "\n"


def _verdict(scores: Sequence[Score]) -> str:
    """Which processes beat the random walk by more than chance, and which lose."""
    rivals = [s for s in scores if "random walk" in s.against]
    better = [s.model for s in rivals if s.against["random walk"][1] < -2.0]
    worse = [s.model for s in rivals if s.against["random walk"][1] > 2.0]
    told = f"Better than a random walk: {', '.join(better) or 'none'}"
    return f"{told}; worse: {', '.join(worse) or 'none'}."


def fit_values(fitted: Fitted[Any]) -> dict[str, Any]:
    """For programs; an infinite error is null."""
    return {
        "process": fitted.name,
        "history": fitted.history,
        "fitted_on": str(fitted.fitted_on),
        "observations": fitted.observations,
        "log_likelihood": fitted.log_likelihood,
        "bic": fitted.bic,
        "converged": fitted.converged,
        "estimates": [
            {
                "name": one.name,
                "unit": one.unit,
                "value": one.value,
                **{
                    f"error_{name}": None if math.isinf(error) else error
                    for name, error in (
                        ("curvature", one.error),
                        ("opg", one.opg_error),
                        ("robust", one.robust_error),
                        ("blocks", one.bootstrap_error),
                    )
                },
            }
            for one in fitted.estimates
        ],
        "tests": [
            {"name": t.name, "statistic": t.statistic, "p_value": t.p_value} for t in fitted.tests()
        ],
        "cannot_tell": list(fitted.cannot_tell),
    }
