"""What a statement says of deliveries, as data and as rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from lasalle.views.model import dollars
from lasalle.views.statement_delivery_lines import KEPT, DeliveryPart

MONEY = {
    *("price", "receivable", "to_come", "needs", "amount", "cover_price", "cost", "unpaid"),
    *("cash", "margin", "bond", "guarantee", "fund", "most", "counts", "lacks"),
}
"""Fields that are micro-dollars, told as decimal text of dollars."""
TIMES = {"time", "begins", "due", "until"}
Row = tuple[str, ...]


def instant(nanoseconds: int) -> str:
    """A time in words, UTC; none for 0."""
    if not nanoseconds:
        return ""
    return datetime.fromtimestamp(nanoseconds // 10**9, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _told(line: Any) -> dict[str, Any]:
    """A line as data."""
    found: dict[str, Any] = {}
    for name, value in line._asdict().items():
        if name in MONEY:
            value = dollars(value)
        elif name in TIMES:
            value = instant(value)
        elif name == "sources":
            value = {source: dollars(amount) for source, amount in value}
        elif isinstance(value, bytes):
            value = value.hex()
        found[name] = value
    return found


def delivery_data(part: DeliveryPart) -> dict[str, Any]:
    """What a statement says of deliveries as plain data; amounts are decimal text of dollars."""
    totals = {name: dollars(sum(getattr(x, name) for x in part.money)) for name in ("cash", *KEPT)}
    return {
        "deliveries": [_told(line) for line in part.deliveries],
        "hours": [_told(line) for line in part.hours],
        "remedies": [_told(line) for line in part.remedies],
        "money": [_told(line) for line in part.money],
        "moved": totals,
        "needs": dollars(part.needs),
        "lacks": dollars(part.lacks),
        "guarantees": [_told(line) for line in part.guarantees],
        "credit": None if part.credit is None else _told(part.credit),
    }


def delivery_rows(said: Mapping[str, Any]) -> Iterator[Row]:
    """Rows of a statement's data under the heads of its pages."""
    for d in said["deliveries"]:
        told = (
            f"{d['delivery']} as {d['party']} with {d['other']}: {d['state']},"
            f" {d['metered_hours']} of {d['hours']} hours metered, {d['final_hours']} final,"
            f" {d['missing']} missing"
        )
        yield _row("delivery", told, d["symbol"], lots=d["lots"], price=d["price"],
                   amount=d["receivable"], time=d["begins"])  # fmt: skip
        if Decimal(d["to_come"]):
            told = f"{d['delivery']}: hours not yet metered, at the quality accepted"
            yield _row("delivery to come", told, d["symbol"], amount=d["to_come"])
    for h in said["hours"]:
        last = h["first_hour"] + h["hours"] - 1
        told = (
            f"delivery {h['delivery']} hours {h['first_hour']} to {last}: {h['units']} delivered,"
            f" {h['excused']} excused, quality {Decimal(h['quality']) / 100} %, {h['state']}"
        )
        yield _row("hours metered", told, event=h["metered"], time=h["due"], amount=h["amount"])
    for r in said["remedies"]:
        how = "in cash" if r["in_cash"] else "replaced"
        told = f"{r['party']} for delivery {r['delivery']}: {r['units']} made good, {how}"
        yield _row("remedy", told, event=r["event"], time=r["time"], price=r["cover_price"],
                   amount=r["cost"])  # fmt: skip
        for source, amount in (*r["sources"].items(), ("nobody", r["unpaid"])):
            if Decimal(amount):
                yield _row("remedy paid", f"by {source}", event=r["event"], amount=amount)
    for m in said["money"]:
        of = f"delivery {m['delivery']}: " if m["delivery"] else ""
        for column in ("cash", *KEPT):
            if Decimal(m[column]):
                yield _row("delivery money", of + m["what"], column, amount=m[column])
    yield _row("delivery needs", "to be set aside, credit taken off", amount=said["needs"])
    yield _row("delivery lacks", "neither set aside nor in the bond", amount=said["lacks"])
    for g in said["guarantees"]:
        how = "given for" if g["party"] == "gives" else "from"
        told = f"guarantee {g['guarantee']} {how} account {g['other']}"
        yield _row("guarantee", told, event=g["guarantee"], time=g["until"], amount=g["amount"])
    credit = said["credit"]
    if credit is not None:
        share = Decimal(credit["share"]) / 100
        told = f"counts, of {credit['most']} and {share} % of the seller's margin at most"
        yield _row("delivery credit", told, time=credit["until"], amount=credit["counts"])


def _row(
    section: str,
    what: str,
    class_: str = "",
    *,
    event: int | str = "",
    time: str = "",
    lots: int | str = "",
    price: str = "",
    amount: str = "",
) -> Row:
    return (section, str(event), time, what, class_, "1", str(lots), price, amount)
