"""On what terms a series turns into deliveries: its standard and a published table (DEL-061)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import Any

from lasalle import wire

MINUTE, HOUR = 60 * 10**9, 3_600 * 10**9
RATIO = 10_000


class DeskTermsWrong(ValueError):
    """A term is missing or wrong; says which, what was expected and found."""


@dataclass(frozen=True, slots=True)
class DeskTerms:
    """The table: hours, minutes, ratios in ten-thousandths."""

    nominations_hours: int
    least_nomination_minutes: int
    grace_minutes: int
    inspection_minutes: int
    dispute_hours: int
    quality_floor: int
    quality_cap: int
    determination_hours: int
    cosigning_hours: int
    correction_days: int
    correction_share: int
    prefund_hours: int
    cash_factor: int
    cover_band: int
    window_minutes: int
    settlement_hours: int

    @property
    def window(self) -> int:
        """Nanoseconds for which replacement is looked for."""
        return self.window_minutes * MINUTE

    @property
    def cosigning(self) -> int:
        """Nanoseconds behind the grace in which a party's cosignature is waited for (DEL-076)."""
        return self.cosigning_hours * HOUR


def read_desk_terms(table: Mapping[str, Any]) -> DeskTerms:
    """Terms of a table. Raises DeskTermsWrong."""
    names = [field.name for field in fields(DeskTerms)]
    if set(table) != set(names):
        raise DeskTermsWrong(f"terms: expected {', '.join(names)}, found {sorted(table)}")
    for name, value in table.items():
        if type(value) is not int or not 0 <= value <= 2 * RATIO:
            raise DeskTermsWrong(f"{name}: expected 0 to {2 * RATIO}, found {value!r}")
    found = DeskTerms(**table)
    if found.window_minutes >= 60 * found.settlement_hours:
        expected = f"less than {found.settlement_hours} hours, so that a remedy is booked in time"
        raise DeskTermsWrong(f"window_minutes: expected {expected}, found {found.window_minutes}")
    if found.cover_band < found.cash_factor:
        expected = f"{found.cash_factor} at least, or what is cheaper than cash could not be booked"
        raise DeskTermsWrong(f"cover_band: expected {expected}, found {found.cover_band}")
    return found


@cache
def load_desk_terms() -> DeskTerms:
    """The terms in force."""
    path = resources.files("lasalle.delivery") / "table" / "desk.toml"
    return read_desk_terms(tomllib.loads(path.read_text(encoding="utf-8")))


def seller_margin(mark: int, fixing: int, worst_move: int, penalty: int) -> int:
    """Micro-dollars a seller sets aside a unit: what replacement costs beyond the price now, the
    worst move of two days in the margin table, and the penalty, rounded up.

    penalty: ten-thousandths of the price.
    """
    return max(0, fixing - mark) + worst_move + -(-mark * penalty // RATIO)


def begin_of(
    series: int,
    starts: int,
    last_trading_time: int,
    now: int,
    clauses: Mapping[str, Any],
    margin: int,
    terms: DeskTerms,
) -> wire.BeginDelivery | None:
    """The command that turns a series into deliveries; None where it is too late for nominations
    to be due before the block begins. Times in nanoseconds UTC.

    clauses: those of its standard, which say whether it is contingent, and the penalty.
    """
    due = last_trading_time + terms.nominations_hours * HOUR
    due = max(due, now + terms.least_nomination_minutes * MINUTE)
    if due > starts:
        return None
    return wire.BeginDelivery(
        series=series,
        starts=starts,
        nomination_lead=starts - due,
        grace=terms.grace_minutes * MINUTE,
        inspection=terms.inspection_minutes * MINUTE,
        dispute=terms.dispute_hours * HOUR,
        contingent=clauses["firmness"] == "contingent",
        seller_margin=margin,
        prefund_hours=terms.prefund_hours,
        penalty=clauses["remedy"]["penalty"],
        cash_factor=terms.cash_factor,
        quality_floor=terms.quality_floor,
        quality_cap=terms.quality_cap,
        determination=terms.determination_hours * HOUR,
        remedy_window=terms.settlement_hours * HOUR,
        cover_band=terms.cover_band,
        correction=terms.correction_days * 24 * HOUR,
        correction_share=terms.correction_share,
    )
