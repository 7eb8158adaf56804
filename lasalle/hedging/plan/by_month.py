"""The position of a plan by month: hours needed and hours carried, as rows."""

from __future__ import annotations

from typing import Any

from lasalle.hedging.plan.instruments import Kind
from lasalle.hedging.plan.planning import Plan

MONTHS_TOGETHER = (
    "Prices of months move together, so that hours carried in one cover those of its neighbours:"
    " read the months beside each other, and the sum."
)


def month_table(plan: Plan) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of the position by month: hours expected to be needed, the share of them that
    is carried, and the hours that each kind of leg carries; the last row is their sum.
    """
    rows = [row for row in position_by_month(plan) if len(row) > 2 or row["needed"] > 0]
    kinds = [kind.value for kind in Kind if any(kind.value in row for row in rows)]
    found = []
    whole = {name: sum(row.get(name, 0.0) for row in rows) for name in ("needed", *kinds)}
    for row in [*rows, {"month": "all", **whole}]:
        carried, needed = sum(row.get(kind, 0.0) for kind in kinds), row["needed"]
        share = f"{carried / needed:.0%}" if needed >= 1 else "no need"
        found.append([row["month"], f"{needed:,.0f}", share,
                      *(f"{row.get(kind, 0.0):,.0f}" for kind in kinds)])  # fmt: skip
    return ["month", "needed, expected", "carried", *kinds], found


def position_by_month(plan: Plan) -> list[dict[str, Any]]:
    """Hours needed, expected, and hours carried by each kind of leg, month by month."""
    needed = plan.drawn.factors.needed(plan.drawn.terms).mean(axis=0)
    rows = []
    for n, month in enumerate(plan.drawn.factors.months):
        carried: dict[str, float] = {}
        for one, lots in zip(plan.instruments, plan.hedge.lots, strict=True):
            if lots and one.hours[n]:
                kind = one.kind.value
                carried[kind] = carried.get(kind, 0.0) + float(lots * one.hours[n])
        rows.append({"month": str(month), "needed": float(needed[n]), **carried})
    return rows
