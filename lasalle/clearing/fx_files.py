"""Files of exchange rates: the reference rates of the European Central Bank, as CSV and XML, and
rates of anybody else as CSV.

The ECB says how many units of a currency a euro is; the dollars of a unit are its dollar over its
currency, rounded once, half to even, to the micro-dollar. A file is taken whole or refused with
the line at fault.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from hashlib import sha256
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from lasalle.clearing.fx import FxError, Observation, a_currency, a_hand, a_rate

ECB = "ecb"
"""The hand of the European Central Bank, whichever file its rates come in."""
MOST_BYTES = 16 << 20
HEADS = ["date", "currency", "usd_per_unit"]
SPACE = "http://www.ecb.int/vocabulary/2002-08-01/eurofxref"
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
ABSENT = ("", "N/A")


def read_file(content: bytes, hand: str = ECB) -> list[Observation]:
    """Every rate of a file against the dollar, told by its form: XML or CSV of the ECB, or CSV
    with the heads of this house. Raises FxError; what is not the ECB's needs another hand."""
    if len(content) > MOST_BYTES:
        raise FxError(f"file: expected at most {MOST_BYTES} bytes, found {len(content)}")
    source, start = sha256(content).hexdigest(), content.lstrip()[:1]
    if start == b"<":
        found = _ecb_xml(content, source)
        theirs = True
    else:
        try:
            rows = list(csv.reader(content.decode("utf-8-sig").splitlines()))
        except (UnicodeDecodeError, csv.Error) as error:
            raise FxError(f"file: expected CSV or XML, found {error}") from error
        heads = [cell.strip() for cell in rows[0]] if rows else []
        theirs = heads[:1] == ["Date"]
        if not theirs and heads != HEADS:
            raise FxError(f"line 1: expected Date,USD,... or {','.join(HEADS)}, found {heads}")
        found = _ecb_csv(rows, source) if theirs else _plain_csv(rows, hand, source)
    if theirs and hand != ECB:
        raise FxError(f"--hand: the file is the European Central Bank's, expected {ECB}")
    if not theirs and hand == ECB:
        raise FxError("--hand: expected who says these rates, found none")
    if not found:
        raise FxError("file: expected at least one rate, found none")
    return found


def _ecb_xml(content: bytes, source: str) -> list[Observation]:
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise FxError(f"file: expected no document type, found {error}") from error
    except (ParseError, ValueError) as error:
        raise FxError(f"file: expected XML, found {error}") from error
    days = [one for one in root.iter(f"{{{SPACE}}}Cube") if "time" in one.attrib]
    if not days:
        raise FxError(f"Cube: expected one with a time in {SPACE}, found none")
    found: list[Observation] = []
    for one in days:
        told: dict[str, str] = {}
        for cube in one:
            currency = cube.attrib.get("currency", "")
            if currency in told:
                raise FxError(f"Cube {one.attrib['time']}: {currency} stands twice")
            told[currency] = cube.attrib.get("rate", "")
        found += _of_euro(f"Cube {one.attrib['time']}", _a_date(one.attrib["time"]), told, source)
    return found


def _ecb_csv(rows: list[list[str]], source: str) -> list[Observation]:
    heads = [cell.strip() for cell in rows[0]]
    named = [head for head in heads[1:] if head]
    if len(set(named)) != len(named):
        raise FxError(f"line 1: expected each currency once, found {named}")
    found: list[Observation] = []
    for number, row in enumerate(rows[1:], 2):
        if not row:
            continue
        if len(row) != len(heads):
            raise FxError(f"line {number}: expected {len(heads)} cells, found {len(row)}")
        pairs = zip(heads[1:], row[1:], strict=True)
        told = {head: cell.strip() for head, cell in pairs if head}
        found += _of_euro(f"line {number}", _a_date(row[0].strip()), told, source)
    return found


def _of_euro(
    where: str, day: int, told: Mapping[str, str], source: str
) -> Iterator[Observation]:  # fmt: skip
    """Dollars of a unit of each currency, from units a euro. A date without a dollar has none."""
    if told.get("USD", "") in ABSENT:
        return
    dollar = _a_number(f"{where}: USD", told["USD"])
    yield Observation("EUR", day, ECB, _micro(where, "EUR", dollar), source)
    for currency, text in sorted(told.items()):
        if currency != "USD" and text not in ABSENT:
            unit = _a_number(f"{where}: {currency}", text)
            rate = _micro(where, a_currency(currency), dollar / unit)
            yield Observation(currency, day, ECB, rate, source)


def _plain_csv(rows: list[list[str]], hand: str, source: str) -> list[Observation]:
    found: dict[tuple[str, int], Observation] = {}
    for number, row in enumerate(rows[1:], 2):
        if not row:
            continue
        where = f"line {number}"
        if len(row) != len(HEADS):
            raise FxError(f"{where}: expected {','.join(HEADS)}, found {row}")
        day, currency = _a_date(row[0].strip()), a_currency(row[1].strip())
        rate = read_rate(row[2].strip(), where)
        if (currency, day) in found:
            raise FxError(f"{where}: {currency} of {row[0]} stands twice")
        found[currency, day] = Observation(currency, day, a_hand(hand), rate, source)
    return list(found.values())


def read_rate(text: str, where: str = "rate") -> int:
    """Micro-dollars a unit from a decimal number of at most six places. Raises FxError."""
    micro = _a_number(where, text) * 1_000_000
    if micro != micro.to_integral_value():
        raise FxError(f"{where}: expected at most six decimals, found {text}")
    return a_rate(int(micro))


def _a_number(where: str, text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise FxError(f"{where}: expected a number, found {text!r}") from None
    if not found.is_finite() or not Decimal("1e-9") <= found <= Decimal("1e9"):
        raise FxError(f"{where}: expected a positive number, found {text}")
    return found


def _micro(where: str, currency: str, dollars: Decimal) -> int:
    try:
        return a_rate(int((dollars * 1_000_000).quantize(Decimal(1), ROUND_HALF_EVEN)))
    except FxError as error:
        raise FxError(f"{where}: {currency}: {error}") from error


def _a_date(text: str) -> int:
    """2026-11-27, or 27 November 2026 as the ECB's daily file has it."""
    try:
        return int(f"{date.fromisoformat(text):%Y%m%d}")
    except ValueError:
        pass
    parts = text.split()
    if len(parts) == 3 and parts[1] in MONTHS:
        try:
            found = date(int(parts[2]), MONTHS.index(parts[1]) + 1, int(parts[0]))
            return int(f"{found:%Y%m%d}")
        except ValueError:
            pass
    raise FxError(f"date: expected 2026-11-27 or 27 November 2026, found {text!r}")
