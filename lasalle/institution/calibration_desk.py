"""`lasalle pricing fit`, `score`, `scenarios`: fits, forecasts walked, joint paths drawn."""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import Any

import numpy as np

from lasalle.contracts.conversion import load_conversion
from lasalle.institution import aws_histories
from lasalle.institution import calibration_histories as histories
from lasalle.institution.calibration_report import (
    estimate_rows,
    fit_page,
    fit_values,
    score_page,
)
from lasalle.institution.calibration_words import HOUSE
from lasalle.pricing.processes import (
    Chances,
    Fitted,
    NeedLaw,
    PriceHistory,
    Profile,
    bootstrapped,
    calibrate,
    fit_availability,
    fit_jumps,
    fit_lifetimes,
    fit_panel,
    fit_price,
    fit_regimes,
    forecasters,
    of_grade,
    reversion_profile,
    scenarios,
    walk,
)
from lasalle.pricing.processes.generations import launches, parity_bend
from lasalle.pricing.processes.generations_fit import fit_generation, fit_substitution

QUANTILES = (0.05, 0.5, 0.95)
HORIZONS = (0, 30)
OWN_HISTORIES = ("generations", "availability")
"""Processes of many things at once: their histories are not one of `--series`."""


def run(args: argparse.Namespace) -> int:
    """0 when carried out."""
    return {"fit": _fit, "score": _score, "scenarios": _scenarios}[args.what](args)


def _price(args: argparse.Namespace) -> PriceHistory:
    series = args.series or HOUSE
    kind, *names = series.split(":")
    if kind == "gcp" and len(names) == 2:
        found = histories.spot(args.prices, *names)
    elif kind == "henry-hub" and not names:
        found = histories.hub(args.prices)
    else:
        raise ValueError(
            f"--series: expected gcp:GRADE:REGION or henry-hub, found {series}; a panel of "
            "futures is for lasalle pricing fit --process schwartz-smith"
        )
    return found.until(args.until) if args.until else found


def _fit(args: argparse.Namespace) -> int:
    profile: Profile | None = None
    beside: list[str] = []
    _refuse_unused(args)
    series = args.series or HOUSE
    if series.startswith("futures:"):
        if args.process != "schwartz-smith":
            raise ValueError(
                f"--process: expected schwartz-smith for a panel of futures, found {args.process}"
            )
        root = series.removeprefix("futures:")
        panel = histories.futures(args.prices, root)
        panel = panel.until(args.until) if args.until else panel
        fits: list[Fitted[Any]] = [fit_panel(panel, harmonics=2 if root == "NG" else 0)]
        drawn: PriceHistory | None = None
    elif args.process == "availability":
        fits, beside = _availability(args)
        drawn = None
    elif args.process == "generations":
        fits, beside = _generations(args)
        drawn = None
    else:
        drawn = _price(args)
        fits = _of_price(drawn, args.process)
        if args.process in ("all", "schwartz-smith"):
            profile = reversion_profile(drawn)
    page = fit_page(fits, profile, beside)
    if args.png:
        args.png.write_bytes(_drawn(drawn, fits, profile))
    if args.out:
        args.out.write_text(page, encoding="utf-8")
    values = {"fits": [fit_values(one) for one in fits], "beside": beside}
    if profile is not None:
        values["profile"] = {"values": profile.values, "falls": profile.falls}
    print(json.dumps(values, indent=2) if args.json else page, end="" if not args.json else "\n")
    return 0


def _refuse_unused(args: argparse.Namespace) -> None:
    """Raises ValueError where a word would change nothing of what is fitted."""
    if args.process in OWN_HISTORIES and args.series:
        raise ValueError(
            f"--series: expected none with --process {args.process}, which has histories of its "
            f"own, found {args.series}"
        )
    if args.process == "generations" and args.until:
        # Cut before a launch it would know the date of a successor that nobody knew.
        raise ValueError(
            "--until: expected none with --process generations, whose launches are told with "
            f"hindsight, found {args.until}"
        )


def _of_price(history: PriceHistory, process: str) -> list[Fitted[Any]]:
    makers: dict[str, Any] = {
        "schwartz-smith": fit_price,
        "jumps": fit_jumps,
        "regimes": fit_regimes,
    }
    names = list(makers) if process == "all" else [process]
    return [makers[name](history) for name in names]


def _drawn(history: PriceHistory | None, fits: list[Fitted[Any]], profile: Profile | None) -> bytes:
    if history is None:
        raise ValueError("--png: expected the price of one thing by date, found a panel or offers")
    from lasalle.institution.calibration_chart import fan_chart

    return fan_chart(history, fits, profile)


def _availability(args: argparse.Namespace) -> tuple[list[Fitted[Any]], list[str]]:
    """Hazards on the marketplace; what they come to by grade and size; lifetimes of spot."""
    seen = histories.offers(args.prices, args.until)
    fitted = fit_availability(seen)
    lines = ["## Long-run probability that offers cannot be had, fitted beside seen", ""]
    sizes = (1.0, 4.0, 8.0, 16.0)
    lines += [f"| grade | {' | '.join(f'{n:g} offers' for n in sizes)} |", "|---|---|---|---|---|"]
    for at, grade in enumerate(seen.grades):
        made = of_grade(fitted.process, seen, grade)
        known = seen.available[:, at][~np.isnan(seen.available[:, at])]
        cells = [
            f"{100 * float(made.shortage(n, made.usual_log_price)):.1f} beside "
            f"{100 * float(np.mean(known < n)):.1f} %"
            for n in sizes
        ]
        lines.append(f"| {grade} | {' | '.join(cells)} |")
    for cloud in ("aws", "gcp"):
        told = fit_lifetimes(*histories.lifetimes(args.prices, cloud))
        lines += ["", f"## Hours until a spot machine was taken away, {cloud}, 2020", ""]
        lines += list(estimate_rows(told))
    return [fitted], [*lines, *aws_histories.aws_rows(args.prices)]


def _generations(args: argparse.Namespace) -> tuple[list[Fitted[Any]], list[str]]:
    """A100 beside H100 on lists, H100 beside B200 on spot by region, and the parity of work."""
    dated = launches()
    curve, told = fit_substitution(histories.counts(args.prices, "A100", "H100"), dated["H100"])
    fits: list[Fitted[Any]] = [
        fit_generation(seen, curve, dated[newer], ((dated[newer].let, 1.0),))
        for seen, newer in (
            (histories.list_prices(args.prices, "A100"), "H100"),
            (histories.region_prices(args.prices, "H100-80GB-SXM"), "B200"),
        )
    ]
    lines = ["## Substitution of A100 by H100 among offers", "", *estimate_rows(told), ""]
    seen = histories.offers(args.prices)
    usual = {grade: float(np.nanmedian(seen.prices[:, at])) for at, grade in enumerate(seen.grades)}
    old, new = usual["H100_80GB SXM5"], next(v for g, v in usual.items() if g.startswith("B200"))
    conversion = load_conversion()
    by_round = conversion.last_round(["B200-SXM"])
    work = conversion.of("B200-SXM", by_round).parts_per_million / 1e6
    bend = parity_bend(old, new, work)
    lines += [
        "## What parity of work would cost",
        "",
        f"On the marketplace an hour of H100 was {old:.2f} USD and one of B200 {new:.2f}, the work "
        f"of {work:.6f} hours by the conversion of round {by_round}: H100 would lose {bend:.2f} in "
        "log price until an hour of work costs the same. That is an assumption to put beside the "
        "fitted bend, no estimate.",
    ]
    return fits, lines


def _score(args: argparse.Namespace) -> int:
    history = _price(args)
    scores = walk(history, forecasters(), HORIZONS, first=args.first)
    page = score_page(history.name, scores)
    if args.out:
        args.out.write_text(page, encoding="utf-8")
    if args.json:
        rows = [
            {
                "process": s.model, "days": s.days, "forecasts": s.forecasts, "crps": s.crps,
                "log_score": s.log_score, "coverage_90": s.coverage_90,
                "pit_p_value": s.uniform.p_value,
                "against": {name: {"difference": d, "t": t} for name, (d, t) in s.against.items()},
            }
            for s in scores
        ]  # fmt: skip
        print(json.dumps({"history": history.name, "scores": rows}, indent=2))
    else:
        print(page, end="")
    return 0


def _scenarios(args: argparse.Namespace) -> int:
    table = histories.table(args.prices)
    table = table.until(args.until) if args.until else table
    market = bootstrapped(table) if args.bootstrap else calibrate(table)
    need = NeedLaw(Chances((0.0,), (1.0,)), Chances((1.0,), (1.0,)))
    made = scenarios(market, need, seed=args.seed, paths=args.paths, months=args.months)
    rows = np.quantile(made.prices, QUANTILES, axis=0)
    if args.png:
        from lasalle.institution.calibration_chart import scenario_chart

        args.png.write_bytes(scenario_chart(made, QUANTILES))
    if args.json:
        told = {
            "day": str(made.day), "seed": made.seed, "paths": args.paths, "modelled": True,
            "model": "bootstrap" if args.bootstrap else "two factors", "quantiles": QUANTILES,
            "months": [str(day) for day in made.months],
            "prices": {" ".join(c): rows[:, :, n].tolist() for n, c in enumerate(made.columns)},
        }  # fmt: skip
        print(json.dumps(told, indent=2))
        return 0
    print(f"{args.paths} paths from {made.day}, MODELLED, USD per GPU-hour: 5, 50, 95 % by month")
    for column, name in enumerate(made.columns):
        print(" ".join(name))
        for month, day in enumerate(made.months):
            print(f"  {_month(day)}  " + "  ".join(f"{v:8.3f}" for v in rows[:, month, column]))
    print("Spot prices; whether anything can be had is not in this picture.")
    return 0


def _month(day: date) -> str:
    return f"{day.year}-{day.month:02d}"
