"""A statement as JSON, CSV and PDF: the same statement gives the same bytes."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from textwrap import fill
from typing import Any

from lasalle.views.model import dollars
from lasalle.views.statement import CollateralLine, Key, Statement, TradeLine, owed
from lasalle.views.statement_delivery_pages import delivery_data, delivery_rows

MARGIN = 42.0
"""Points of a page of A4."""
WIDEST = 56
"""Letters of what a row says, before its next line."""
HEADS = ("section", "event", "time", "what", "class", "asset", "lots", "price", "amount")


def _instant(nanoseconds: int) -> str:
    return datetime.fromtimestamp(nanoseconds // 10**9, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _balances(found: dict[Key, int]) -> list[dict[str, Any]]:
    return [
        {"class": k.name.lower(), "asset": asset, "amount": dollars(amount)}
        for (k, asset), amount in sorted(found.items())
    ]


def _trade(one: TradeLine) -> dict[str, Any]:
    return {
        "event": one.event,
        "time": _instant(one.time),
        "what": one.what,
        "symbol": one.symbol,
        "lots": one.lots,
        "price": dollars(one.price),
        "fees": dollars(one.fees),
        "premium": dollars(one.premium),
    }


def _collateral(one: CollateralLine) -> dict[str, Any]:
    return {
        "asset": one.asset,
        "name": one.name,
        "units": dollars(one.units),
        "price": dollars(one.price),
        "priced": one.priced,
        "haircut_per_ten_thousand": one.haircut,
        "counts": dollars(one.value),
    }


def as_data(one: Statement) -> dict[str, Any]:
    """A statement as plain data; amounts are decimal text of whole units. What it says of
    deliveries is there where the account has any."""
    part = one.deliveries
    return {
        "account": one.account,
        "member": one.member,
        "day": one.day,
        "commands": [one.first, one.last],
        "opening": _balances(one.opening),
        "postings": [
            {
                "event": x.event,
                "time": _instant(x.time),
                "cause": x.cause,
                "class": x.ledger_class.name.lower(),
                "asset": x.asset,
                "amount": dollars(x.amount),
            }
            for x in one.lines
        ],
        "closing": _balances(one.closing),
        "purposes": {name: dollars(amount) for name, amount in one.purposes.items()},
        "change": dollars(owed(one.closing) - owed(one.opening)),
        "fees": dollars(one.fees),
        "trades": [_trade(x) for x in one.trades],
        "collateral": [_collateral(x) for x in one.collateral],
        "positions": [
            {
                "symbol": h.symbol,
                "lots": h.lots,
                "mark": dollars(h.mark),
                "value": dollars(h.lots * h.mark * h.hours),
            }
            for h in one.positions
        ],
        "margin": {
            "requirement": None if one.requirement is None else dollars(one.requirement),
            "covered": one.covered,
        },
        "calls": [
            {
                "event": c.event,
                "time": _instant(c.time),
                "call": c.call,
                "what": c.what,
                "amount": dollars(c.amount),
            }
            for c in one.calls
        ],
        **({} if part is None else {"deliveries": delivery_data(part)}),
    }


def as_json(one: Statement) -> bytes:
    """ASCII JSON, keys in their order."""
    return (json.dumps(as_data(one), indent=1) + "\n").encode("ascii")


def rows(said: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """One row a balance, posting, trade, position and call of a statement's data, under HEADS."""
    found: list[tuple[str, ...]] = []
    for part in ("opening", "closing"):
        for b in said[part]:
            found.append((part, "", "", "", b["class"], str(b["asset"]), "", "", b["amount"]))
        if part == "opening":
            for x in said["postings"]:
                found.append(("posting", str(x["event"]), x["time"], x["cause"], x["class"],
                              str(x["asset"]), "", "", x["amount"]))  # fmt: skip
    for t in said["trades"]:
        cash = f"{Decimal(t['fees']) + Decimal(t['premium']):f}"
        told = f"{t['what']} {t['symbol']}"
        found.append(("trade", str(t["event"]), t["time"], told, "", "1", str(t["lots"]),
                      t["price"], cash))  # fmt: skip
    for purpose, amount in said["purposes"].items():
        found.append(("purpose", "", "", purpose, "", "1", "", "", amount))
    found.append(("change", "", "", "cash less dues", "", "1", "", "", said["change"]))
    found.append(("fees", "", "", "", "", "1", "", "", said["fees"]))
    for c in said["collateral"]:
        haircut = Decimal(c["haircut_per_ten_thousand"]) / 100
        # What was kept before assets were told by name has their number alone.
        name = c.get("name", "units")
        told = f"{c['units']} {name} at the price of {c.get('priced', 'the day')}, less {haircut} %"
        found.append(("collateral", "", "", told, "cash", str(c["asset"]), "", c["price"],
                      c["counts"]))  # fmt: skip
    for p in said["positions"]:
        lots = str(p["lots"])
        found.append(("position", "", "", p["symbol"], "", "1", lots, p["mark"], p["value"]))
    required = said["margin"]["requirement"]
    if required is not None:
        covered = "covered" if said["margin"]["covered"] else "not covered"
        found.append(("margin", "", "", covered, "", "1", "", "", required))
    for c in said["calls"]:
        told = f"{c['what']} {c['call'] or ''}".strip()
        found.append(("call", str(c["event"]), c["time"], told, "", "1", "", "", c["amount"]))
    return found + list(delivery_rows(said["deliveries"])) if "deliveries" in said else found


def as_csv(one: Statement) -> bytes:
    """Rows under their heads."""
    return csv_of(as_data(one))


def csv_of(said: Mapping[str, Any]) -> bytes:
    """Rows of a statement's data under their heads."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADS)
    writer.writerows(rows(said))
    return out.getvalue().encode("ascii")


def as_pdf(one: Statement, house: str) -> bytes:
    """Pages of A4, the same bytes for the same statement."""
    return pdf_of(as_data(one), house)


def pdf_of(said: Mapping[str, Any], house: str) -> bytes:
    """Pages of A4 of a statement's data."""
    # reportlab is read only by who prints: every other verb starts without it.
    from reportlab.lib.colors import HexColor
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

    title = f"Statement of account {said['account']}, {said['day']}"
    first, last = said["commands"]
    head = ParagraphStyle("head", fontName="Helvetica-Bold", fontSize=13, spaceAfter=6)
    small = ParagraphStyle("small", fontName="Helvetica", fontSize=8, spaceAfter=8)
    told = f"{house}. Member {said['member']}. Commands {first} to {last} of the journal."
    style = TableStyle(
        [
            ("FONT", (0, 0), (-1, -1), "Helvetica", 7),
            ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 7),
            ("LINEBELOW", (0, 0), (-1, 0), 0.5, HexColor("#202020")),
            ("ALIGN", (-3, 0), (-1, -1), "RIGHT"),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ]
    )
    out = BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, invariant=1, title=title, author=house, leftMargin=MARGIN,
        rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
    )  # fmt: skip
    folded = [(*row[:3], fill(row[3], WIDEST), *row[4:]) for row in rows(said)]
    table = Table([HEADS, *folded], repeatRows=1)
    table.setStyle(style)
    document.build([Paragraph(title, head), Paragraph(told, small), table])
    return out.getvalue()
