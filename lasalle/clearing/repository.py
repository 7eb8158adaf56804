"""Trades as a repository asks for them: one report a side of each cleared trade, its changes, and
its end, folded from the events of a journal.

The fields are a subset of CFTC Part 45 (17 CFR 45, technical specification) and of EMIR Refit
(RTS 2022/1855): those a house truly has. What it does not have is named in ABSENT, never made up.
Nothing here was ever filed with a repository, nor checked against its schemas.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from lasalle import wire
from lasalle.clearing.membership import check_lei
from lasalle.plain.state import OPTIONS
from lasalle.wire import Header

NOT_ASSIGNED = "not assigned"
"""Of a product: ISO 4914 codes are given by its issuer alone, on a request with these
attributes."""
UNKNOWN = ""
NAMESPACE = "urn:x-lasalle:derivatives-trade-report:1"
HEADS = (
    "action_type", "event_type", "event_timestamp", "uti", "journal_number", "trade_event",
    "event_code", "prior_uti",
    "reporting_counterparty_lei", "other_counterparty_lei", "other_counterparty_name",
    "other_counterparty_account", "side_of_other_counterparty", "cleared", "ccp_lei",
    "execution_timestamp", "upi", "upi_request", "contract_symbol", "contract_type", "asset_class",
    "underlying", "delivery_type", "quantity_lots", "quantity_per_lot", "quantity_unit",
    "total_notional_quantity", "price", "price_unit", "notional_amount", "notional_currency",
    "option_type", "option_style", "strike_price", "option_premium", "effective_date",
    "expiration_date", "final_settlement_price", "fees",
)  # fmt: skip
ABSENT: tuple[tuple[str, str], ...] = (
    ("upi", "ISO 4914 codes are assigned by the issuer; the request attributes stand beside it"),
    ("platform_identifier", "the venue has no market identifier code (ISO 10383)"),
    ("cfi", "ISO 10962 classification is not made here"),
    ("prior_uti of a trade", "orders meet in the book: no bilateral trade comes before; what a "
     "position moved from has one"),
    ("beneficiary_lei", "the log knows accounts and owners by number alone"),
    ("trader_location, desk, decision_maker", "actors are numbers; identities stay off the log"),
    ("execution_agent, broker", "members trade in their own name"),
    ("valuation_amount, valuation_method, delta", "positions are valued by account, not by trade"),
    ("initial_margin, variation_margin", "margin is by account; the statement of a day has it"),
    ("report_tracking_number", "a repository gives it on acceptance; nothing was filed"),
)
"""Fields that are not in the file, and why."""
ACTIONS = {"NEWT": "New", "MODI": "Modfctn", "CORR": "Crrctn", "EROR": "Err", "TERM": "Termntn"}


class Contract(NamedTuple):
    """What a series is, in words: of its index, its unit, and its days (YYYYMMDD)."""

    underlying: str
    unit: str
    effective: int
    expires: int


@dataclass(frozen=True, slots=True)
class Parties:
    """The identifiers of a house and of its members by number; a member without one is absent."""

    house: str
    members: Mapping[int, str]

    def __post_init__(self) -> None:
        for lei in (self.house, *self.members.values()):
            check_lei(lei)


@dataclass(slots=True)
class _Trade:
    """A side of a trade as it stands: its identifier and those it came from, its account, signed
    lots, and micro-dollars."""

    uti: str
    prior: str
    event: int
    number: int
    time: int
    series: int
    account: int
    lots: int
    price: int
    premium: int
    fees: int


def uti(house: str, trade: int, buyer: bool) -> str:
    """Unique transaction identifier (ISO 23897): the LEI of the house, then up to 32 letters and
    digits; here the number of the trade's event and the side, so that it is the same every time."""
    return f"{house}T{trade:020d}{'B' if buyer else 'S'}"


def moved_uti(house: str, event: int, trade: int, buyer: bool) -> str:
    """The identifier of what an event of the journal made of a trade or of nothing (0)."""
    return f"{house}M{event:015d}{trade:015d}{'B' if buyer else 'S'}"


class Repository:
    """Fold of all events of a house into the reports of one settled day: what came after the
    settlement before it, up to and with its own.

    Positions are net and trades are not: what leaves a position leaves the trades of its side, the
    oldest first, so that the lots of all live sides of an account always come to its position."""

    def __init__(
        self, day: int, parties: Parties, contract: Callable[[wire.SeriesListed], Contract]
    ) -> None:
        """contract: says of a series what it is; what it does not know is left empty."""
        self.day, self._parties, self._contract = day, parties, contract
        self.reports: list[dict[str, str]] = []
        self.settled = False
        self._series: dict[int, wire.SeriesListed] = {}
        self._hours: dict[int, int] = {}
        self._member: dict[int, int] = {}
        self._names: dict[int, str] = {}
        self._live: dict[int, list[_Trade]] = {}
        """Sides of trades by number of the trade."""
        self._of_series: dict[int, set[int]] = {}
        self._settling = -1
        self._torn: set[tuple[int, int, int]] = set()
        """(command, account, series) of positions that are torn up."""

    def on(self, header: Header, event: Any) -> None:
        """Folds an event."""
        if self._settling >= 0 and header.cause != self._settling:
            self.settled, self._settling = True, -1
        if self.settled:
            return
        if isinstance(event, wire.Traded):
            self._traded(header, event)
        elif isinstance(event, wire.TradeAdjusted):
            for side in self._live.get(event.trade, []):
                side.price = event.price
                self._report("CORR", "price corrected", header, side)
        elif isinstance(event, wire.TradeBusted):
            for side in self._live.pop(event.trade, []):
                self._report("EROR", "error trade undone", header, side)
            self._of_series.get(event.series, set()).discard(event.trade)
        elif isinstance(event, wire.FinalSettled):
            self._finally(header, event)
        elif isinstance(event, wire.PositionTransferred):
            self._moved(header, event)
        elif isinstance(event, wire.AccountPorted):
            self._ported(header, event)
        elif isinstance(event, wire.TornUp):
            self._torn.add((header.cause, event.account, event.series))
        elif isinstance(event, wire.VariationSettled):
            if event.day == self.day:
                self._settling = header.cause
            else:
                self.reports = []
        else:
            self._know(event)

    def _know(self, event: Any) -> None:
        if isinstance(event, wire.SeriesListed):
            self._series[event.series], self._hours[event.series] = event, event.hours
        elif isinstance(event, wire.MemberRegistered):
            self._names[event.member] = event.name
        elif isinstance(event, wire.AccountOpened):
            self._member[event.account] = event.member

    def _traded(self, header: Header, event: wire.Traded) -> None:
        sides = []
        for name, sign in (("buy", 1), ("sell", -1)):
            fees = getattr(event, f"{name}_fee") + getattr(event, f"{name}_clearing_fee")
            account = getattr(event, f"{name}_account")
            named = uti(self._parties.house, header.number, sign > 0)
            sides.append(
                _Trade(named, "", header.number, header.cause, header.time, event.series, account,
                       sign * event.lots, event.price, event.premium, fees)
            )  # fmt: skip
        self._live[header.number] = sides
        self._of_series.setdefault(event.series, set()).add(header.number)
        for side in sides:
            self._report("NEWT", "cleared trade", header, side, code="TRAD")

    def _moved(self, header: Header, event: wire.PositionTransferred) -> None:
        """Lots leave an account's trades and come to another's: as a novation, or, where a position
        is torn up, off the trades of both."""
        torn = (header.cause, event.account, event.series) in self._torn
        code, what = ("ETRM", "torn up in a default") if torn else ("NOVA", "position transferred")
        gone = self._take_off(header, event.account, event.series, event.lots, (code, what))
        prior = ";".join(side.uti for side, _ in gone)
        left = event.lots - sum(lots for _, lots in gone)
        if left:
            self._comes(header, event, event.account, -left, "", what)
        came = event.lots
        if torn:
            ended = self._take_off(header, event.to_account, event.series, -came, (code, what))
            came += sum(lots for _, lots in ended)
        if came:
            self._comes(header, event, event.to_account, came, prior, what)

    def _take_off(
        self, header: Header, account: int, series: int, lots: int, said: tuple[str, str]
    ) -> list[tuple[_Trade, int]]:
        """Takes signed lots off the sides of an account that have their sign, the oldest first; the
        sides and how many of each. What is left of a side is modified, else the side ends."""
        found: list[tuple[_Trade, int]] = []
        left, (code, what) = lots, said
        for trade in sorted(self._of_series.get(series, ())):
            for side in [s for s in self._live[trade] if s.account == account]:
                if not left or (side.lots > 0) != (lots > 0):
                    continue
                part = min(abs(left), abs(side.lots)) * (1 if lots > 0 else -1)
                left -= part
                found.append((side, part))
                if part == side.lots:
                    self._report("TERM", what, header, side, code=code)
                    self._live[trade].remove(side)
                else:
                    side.lots -= part
                    self._report("MODI", what, header, side, code=code)
        return found

    def _comes(
        self, header: Header, event: wire.PositionTransferred, account: int, lots: int, prior: str,
        what: str,
    ) -> None:  # fmt: skip
        """Signed lots come to an account at the price of a transfer."""
        place = header.number, len(self._live.get(header.number, ()))
        side = _Trade(
            moved_uti(self._parties.house, *place, lots > 0), prior, header.number, header.cause,
            header.time, event.series, account, lots, event.price, 0, 0,
        )  # fmt: skip
        self._live.setdefault(header.number, []).append(side)
        self._of_series.setdefault(event.series, set()).add(header.number)
        self._report("NEWT", what, header, side, code="NOVA")

    def _ported(self, header: Header, event: wire.AccountPorted) -> None:
        """Every live side of the account goes on with another member under another identifier."""
        what = "account ported"
        mine = [s for _, sides in sorted(self._live.items()) for s in sides
                if s.account == event.account]  # fmt: skip
        for side in mine:
            self._report("TERM", what, header, side, code="NOVA")
        self._member[event.account] = event.member
        for side in mine:
            side.prior = side.uti
            side.uti = moved_uti(self._parties.house, header.number, side.event, side.lots > 0)
            self._report("NEWT", what, header, side, code="NOVA")

    def _finally(self, header: Header, event: wire.FinalSettled) -> None:
        """A month settled for good: the trade goes on with fewer units, or ends."""
        self._hours[event.series] -= event.hours
        kept = sorted(self._of_series.get(event.series, ()))
        action, what = "MODI", "a month settled for good"
        if event.expired:
            action, what = "TERM", "expired and settled"
            self._of_series.pop(event.series, None)
        for trade in kept:
            for side in self._live[trade]:
                self._report(action, what, header, side, event)
            if event.expired:
                del self._live[trade]

    def _report(
        self, action: str, what: str, header: Header, side: _Trade,
        final: wire.FinalSettled | None = None, code: str = "",
    ) -> None:  # fmt: skip
        terms, hours = self._series[side.series], self._hours[side.series]
        contract = self._contract(terms)
        member, right = self._member[side.account], terms.series_kind in OPTIONS
        units = abs(side.lots) * hours
        kind = "OPTN" if right else "SWAP" if terms.series_kind == wire.SeriesKind.SWAP else "FUTR"
        row = {
            "action_type": action,
            "event_type": what,
            "event_timestamp": _instant(header.time),
            "uti": side.uti,
            "journal_number": str(side.number),
            "trade_event": str(side.event),
            "event_code": code,
            "prior_uti": side.prior,
            "reporting_counterparty_lei": self._parties.house,
            "other_counterparty_lei": self._parties.members.get(member, UNKNOWN),
            "other_counterparty_name": self._names.get(member, UNKNOWN),
            "other_counterparty_account": str(side.account),
            "side_of_other_counterparty": "BYER" if side.lots > 0 else "SLLR",
            "cleared": "Y",
            "ccp_lei": self._parties.house,
            "execution_timestamp": _instant(side.time),
            "upi": NOT_ASSIGNED,
            "contract_symbol": terms.symbol,
            "contract_type": kind,
            "asset_class": "COMM",
            "underlying": contract.underlying,
            "delivery_type": "CASH",
            "quantity_lots": str(abs(side.lots)),
            "quantity_per_lot": str(hours),
            "quantity_unit": contract.unit,
            "total_notional_quantity": str(units),
            "price": _decimal(side.price),
            "price_unit": f"USD per {contract.unit}" if contract.unit else "USD per unit",
            "notional_amount": _decimal((terms.strike if right else side.price) * units),
            "notional_currency": "USD",
            "option_type": terms.series_kind.name if right else UNKNOWN,
            "option_style": "AVERAGE, EUROPEAN" if right else UNKNOWN,
            "strike_price": _decimal(terms.strike) if right else UNKNOWN,
            "option_premium": _decimal(side.premium) if right else UNKNOWN,
            "effective_date": _date(contract.effective),
            "expiration_date": _date(contract.expires),
            "final_settlement_price": _decimal(final.price) if final else UNKNOWN,
            "fees": _decimal(side.fees),
        }
        row["upi_request"] = _request(row)
        self.reports.append(row)


ASKED = (
    "asset_class", "contract_type", "underlying", "delivery_type", "notional_currency",
    "quantity_unit", "option_type", "option_style", "strike_price", "expiration_date",
)  # fmt: skip
"""Attributes with which a product identifier would be asked for."""


def _request(row: Mapping[str, str]) -> str:
    return json.dumps({name: row[name] for name in ASKED if row[name]}, separators=(",", ":"))


def _instant(nanoseconds: int) -> str:
    whole = datetime.fromtimestamp(nanoseconds // 10**9, UTC)
    return f"{whole:%Y-%m-%dT%H:%M:%S}.{nanoseconds % 10**9 // 1000:06d}Z"


def _decimal(micro: int) -> str:
    sign = "-" if micro < 0 else ""
    return f"{sign}{abs(micro) // 10**6}.{abs(micro) % 10**6:06d}"


def _date(day: int) -> str:
    return f"{day // 10_000:04d}-{day // 100 % 100:02d}-{day % 100:02d}" if day else UNKNOWN


def reports_csv(reports: Sequence[Mapping[str, str]]) -> str:
    """One row a report under HEADS."""
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(reports)
    return out.getvalue()


def absent_csv() -> str:
    """The fields that are not in the file, and why."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("field", "why"))
    writer.writerows(ABSENT)
    return out.getvalue()


def reports_xml(reports: Sequence[Mapping[str, str]], day: int) -> bytes:
    """The same in the manner of ISO 20022 auth.030 (header, then one report each under its
    action), in a namespace of the house: it was not validated against the message's schema."""
    document = Element("Document", xmlns=NAMESPACE)
    top = SubElement(document, "DerivsTradRpt")
    head = SubElement(top, "RptHdr")
    SubElement(head, "RptExctnDt").text = _date(day)
    SubElement(head, "NbRcrds").text = str(len(reports))
    absent = SubElement(head, "NotReported")
    for name, why in ABSENT:
        SubElement(absent, "Field", name=name).text = why
    listed = SubElement(top, "TradData")
    for row in reports:
        one = SubElement(SubElement(listed, "Rpt"), ACTIONS[row["action_type"]])
        for part, names in _PARTS:
            _add(SubElement(one, part), row, names)
    indent(document)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(document) + b"\n"


_PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("CtrPtySpcfcData", HEADS[8:15]),
    ("CmonTradData", HEADS[:8] + HEADS[15:]),
)


def _add(parent: Element, row: Mapping[str, str], names: Iterable[str]) -> None:
    """Fields that have something; an empty element would say what is not known is nothing."""
    for name in names:
        if row[name]:
            SubElement(parent, name.title().replace("_", "")).text = row[name]
