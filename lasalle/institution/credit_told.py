"""Suppliers told to a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from lasalle.client.credit import CreditSupplier
from lasalle.credit.losses import Losses
from lasalle.credit.model import DOLLAR, Letter
from lasalle.credit.portfolio import Judged
from lasalle.credit.residual import Decline, Slope
from lasalle.credit.what_if import WhatIf

if TYPE_CHECKING:
    from lasalle.credit.lifetimes import BackTest
    from lasalle.credit.pools import PoolTest


def usd(micro_dollars: int) -> str:
    """Whole US dollars, rounded to the nearest."""
    return f"{round(micro_dollars / DOLLAR):,}"


def percent(share: float) -> str:
    """A share as a person reads it."""
    return f"{share:.2%}"


def score_lines(one: Judged) -> Iterator[str]:
    """A supplier line by line."""
    file, score = one.file, one.score
    made_up = ", made up" if file.simulated else ""
    yield f"{file.supplier}: {file.title}, as of {file.as_of}{made_up}"
    yield f"grade {score.grade}, fails in a year with {percent(score.pd)}:"
    yield f"  by {score.points} points {percent(score.scorecard_pd)}"
    for name, (figure, points) in score.lines.items():
        yield f"    {name.replace('_', ' '):<12} {figure:>8.3f}  {points:+d}"
    yield f"  by the worth of its assets {percent(score.structural_pd)}:"
    firm = score.firm
    yield (
        f"    assets {firm.assets:,.0f}, debt {firm.debt:,.0f} USD, "
        f"volatility {firm.volatility:.0%} a year"
    )
    for move, pd in one.wrong_way.by_move[1:]:
        yield f"  with prices {move:+.0%} {percent(pd)}"
    yield from _money_lines(one)
    for limit in one.limits:
        yield (
            f"  {limit.month} {limit.grade} in {limit.place}: sold {limit.sold:,} of "
            f"{limit.limit:,} ({limit.binds}), {limit.left:,} left"
        )
    yield from _warning_lines(one)


def _money_lines(one: Judged) -> Iterator[str]:
    room = one.room
    yield f"required {usd(room.required)} USD (margin {usd(room.margin)}, floor {usd(room.floor)})"
    yield f"secured {usd(room.secured)} USD, without security {usd(room.unsecured)}:"
    for piece in one.secured.pieces:
        yield f"  {piece.what} counts {usd(piece.counts)} of {usd(piece.face)} ({piece.why})"
    yield f"short {usd(room.short)} USD" if room.short else f"left {usd(room.left)} USD"


def _warning_lines(one: Judged) -> Iterator[str]:
    for name in one.wrong_way.passes:
        yield f"beyond the limit of wrong-way risk: {name}"
    for sign in one.warned.signs:
        yield f"{sign.level}: {sign.name}, {sign.found:.4g} against {sign.limit:.4g}"
    for action in one.warned.step.actions:
        yield f"  {one.warned.step.name}: {action}"


def portfolio_lines(found: Sequence[Judged]) -> Iterator[str]:
    """All suppliers, one a line."""
    if not found:
        yield "no supplier is on file: lasalle credit file DIR FILE --by OFFICER"
        return
    heads = f"{'supplier':<18} grade      PD   required USD    secured USD      short USD  step"
    yield heads
    for one in found:
        room = one.room
        yield (
            f"{one.file.supplier:<18} {one.score.grade:>5} {percent(one.score.pd):>7} "
            f"{usd(room.required):>14} {usd(room.secured):>14} {usd(room.short):>14}  "
            f"{one.warned.step.name}" + (f", {one.stops}" if one.stopped else "")
        )
    if any(one.file.simulated for one in found):
        yield "made up: " + ", ".join(one.file.supplier for one in found if one.file.simulated)


def what_if_lines(supplier: str, found: WhatIf) -> Iterator[str]:
    """An answer to a supplier."""
    where = f"{found.grade} in {found.place} for {found.month}"
    yield f"{supplier} can sell {found.more:,} more {where} at {usd_exact(found.price)} USD an hour"
    yield f"  by its limit {found.by_limit:,}, by security {found.by_security:,}: {found.binds}"
    yield f"  one more asks {usd_exact(found.margin_of_one)} USD of delivery margin"
    for one in found.spikes:
        yield (
            f"  prices {one.move:+.0%}: margin {usd(one.margin)}, variation {usd(one.variation)} in"
            f" cash, to bring {usd(one.cash)} USD"
        )
    due = found.receivable
    yield (
        f"  receivable {usd(due.gross)} USD of verified hours, {usd(due.kept)} kept for credits "
        f"and penalty, {usd(due.assignable)} assignable"
    )
    for row in found.over_energy:
        yield (
            f"  {row.grade} in {row.place}: {usd_exact(row.price)} an hour less power "
            f"{usd_exact(row.power)} leaves {usd_exact(row.over)} USD"
        )


def usd_exact(micro_dollars: int) -> str:
    """US dollars without the zeros that say nothing, beyond two places."""
    text = f"{micro_dollars / DOLLAR:,.6f}".rstrip("0")
    return text.ljust(text.index(".") + 3, "0")


def loss_lines(found: Losses) -> Iterator[str]:
    """What suppliers may cost in a year."""
    yield f"{found.draws:,} draws from seed {found.seed}, a year, US dollars"
    yield f"expected loss {found.expected:,.0f}, error {found.expected_error:,.0f}"
    yield (
        f"loss at {found.quantile:.1%} {found.at_quantile:,.0f}, "
        f"error {found.quantile_error:,.0f};"
        f" unexpected {found.unexpected:,.0f}; mean beyond {found.shortfall:,.0f}"
    )
    yield f"suppliers failing {found.failing:.3f}"
    for name, own in sorted(found.by_supplier.items(), key=lambda row: -row[1]):
        yield f"  {name}: {own:,.0f} of the expected loss"


def lifetime_lines(tests: Mapping[str, BackTest | PoolTest]) -> Iterator[str]:
    """How well lifetimes were forecast."""
    for name, one in tests.items():
        yield (
            f"{name}: {one.known} known, {one.later} later, log score {one.score:.3f}; "
            f"{one.ended} ended, {one.expected_ended:.1f} expected "
            f"(deviation {one.deviation:.1f}); {one.within_half:.0%} in the middle half, "
            f"{one.within_most:.0%} in four fifths; "
            f"uniform with probability {one.probability:.2g}"
        )


def residual_lines(
    rows: Iterable[dict[str, Any]], slopes: Sequence[Slope], decline: Decline | None
) -> Iterator[str]:
    """The curve in force, and what files of prices say of it."""
    yield "age years   worth of new   in 5 % of cases below   above"
    for row in rows:
        yield f"{row['age']:>9} {row['mean']:>14.0%} {row['low']:>23.0%} {row['high']:>7.0%}"
    for one in slopes:
        yield (
            f"{one.source} {one.model}: rents moved {-one.rate:+.1%} a year, "
            f"error {one.error:.1%}, {one.steps} half-years of {one.series} offers"
        )
    if decline is not None:
        yield (
            f"fitted: {decline.rate:+.4f} a year (positive falls), error {decline.error:.4f}, "
            f"models differ by {decline.between:.4f}, {decline.models} of them"
        )


def demand(letter: Letter, supplier: str, usd: int, left: int) -> str:
    """What is presented under a letter of credit, whole US dollars."""
    named = "" if letter.reference is UNSET else f" {letter.reference}"
    return "\n".join((
        f"To {letter.issuer}: demand under your standby letter of credit{named}",
        f"  of {letter.amount_usd:,} USD, to {letter.expires}, applicant {supplier}.",
        f"We demand payment of {usd:,} USD. The amount is due to us for deliveries of the",
        "applicant that failed or were not secured under our rules (CRD-008, DEL-026).",
        f"Left of the letter after it: {left:,} USD.",
    ))  # fmt: skip


def limit_lines(one: CreditSupplier) -> list[str]:
    """Limits of a supplier, and what the core holds its account to."""
    rows = [
        f"{x.month} {x.grade} {x.place}: sold {x.sold:,} of {x.limit:,}, {x.left:,} left"
        f" ({x.binds})"
        for x in one.limits
    ]
    bound = one.binding
    if bound is None:
        return [*rows, "it has no account here: the core holds it to nothing"]
    rows.append(
        f"account {bound.account}: at most {bound.position_limit:,} lots in a series, its limits"
        f" ask {bound.asked_limit:,}; {'may' if bound.physical else 'may not'} sell what delivers"
    )
    rows += [f"to be stopped: {bound.stopped}"] if bound.stopped else []
    rows += [f"lacking in the core: {name}" for name in bound.due]
    return rows
