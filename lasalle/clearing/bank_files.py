"""Files of a bank: account statements in (ISO 20022 camt.053), payments out (pain.001).

A statement is taken whole or refused with the element at fault: nothing in it is guessed. A file
with a document type, which entities and their bombs need, is refused before it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.etree.ElementTree import Element, ParseError, SubElement, indent, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

MICRO = 1_000_000
MOST_BYTES = 16 * 2**20
CAMT = (
    "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02",
    "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08",
)
PAIN = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")
NAME = re.compile(r"[A-Za-z0-9/\-?:().,'+ ]{1,70}")
"""Characters that every bank passes on."""


class BankFileError(ValueError):
    """A bank file is not as it has to be; says element, expected and found."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A booked entry: the bank's own reference, micro-units of a currency, the day it was booked,
    the payer's end-to-end reference, free text; `several` transactions in one have neither."""

    reference: str
    currency: str
    amount: int
    credit: bool
    day: date
    end_to_end: str
    text: str
    several: bool = False


@dataclass(frozen=True, slots=True)
class BankStatement:
    """A statement of one account at a bank; balances in micro-units."""

    name: str
    iban: str
    currency: str
    opening: int
    closing: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment to make, micro-units, in whole hundredths; `end_to_end` comes back in the entry
    that says it was made."""

    end_to_end: str
    currency: str
    amount: int
    name: str
    iban: str
    bic: str
    text: str


# -- statements ----------------------------------------------------------------------------------


def read_statements(content: bytes) -> list[BankStatement]:
    """Every statement of a camt.053 file."""
    if len(content) > MOST_BYTES:
        raise BankFileError(f"file: expected at most {MOST_BYTES} bytes, found {len(content)}")
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise BankFileError(f"file: expected no document type, found {error}") from error
    except (ParseError, ValueError) as error:
        raise BankFileError(f"file: expected XML, found {error}") from error
    space, _, name = root.tag.removeprefix("{").partition("}")
    if space not in CAMT or name != "Document":
        raise BankFileError(f"Document: expected one of {', '.join(CAMT)}, found {root.tag}")
    for one in root.iter():
        one.tag = one.tag.removeprefix(f"{{{space}}}")
    body = _one(root, "BkToCstmrStmt")
    found = [_statement(one) for one in body.findall("Stmt")]
    if not found:
        raise BankFileError("Stmt: expected at least one, found none")
    return found


def _one(home: Any, path: str) -> Any:
    found = home.findall(path)
    if len(found) != 1:
        raise BankFileError(f"{home.tag}/{path}: expected one, found {len(found)}")
    return found[0]


def _text(home: Any, path: str, most: int = 35) -> str:
    text = (_one(home, path).text or "").strip()
    if not 1 <= len(text) <= most or not text.isprintable():
        raise BankFileError(f"{home.tag}/{path}: expected 1 to {most} characters, found {text!r}")
    return text


def _day(home: Any, path: str) -> date:
    text = _text(home, path)
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise BankFileError(f"{home.tag}/{path}: expected a date, found {text!r}") from None


def _amount(home: Any, currency: str) -> int:
    """Micro-units of an Amt of this currency, signed by CdtDbtInd."""
    amount, text = _one(home, "Amt"), _text(home, "Amt")
    if amount.get("Ccy") != currency:
        raise BankFileError(f"{home.tag}/Amt: expected {currency}, found {amount.get('Ccy')}")
    try:
        micro = Decimal(text) * MICRO
    except InvalidOperation:
        raise BankFileError(f"{home.tag}/Amt: expected a number, found {text!r}") from None
    if not micro.is_finite() or micro != micro.to_integral_value() or not 0 <= micro < 10**18:
        raise BankFileError(f"{home.tag}/Amt: expected up to six decimals, found {text!r}")
    side = _text(home, "CdtDbtInd")
    if side not in ("CRDT", "DBIT"):
        raise BankFileError(f"{home.tag}/CdtDbtInd: expected CRDT or DBIT, found {side!r}")
    return int(micro) if side == "CRDT" else -int(micro)


def _statement(one: Any) -> BankStatement:
    name, iban = _text(one, "Id"), read_iban(_text(one, "Acct/Id/IBAN"), "Acct/Id/IBAN")
    currency = _text(one, "Acct/Ccy")
    if not re.fullmatch("[A-Z]{3}", currency):
        raise BankFileError(f"Acct/Ccy: expected a currency code, found {currency!r}")
    balances = {_text(b, "Tp/CdOrPrtry/Cd"): _amount(b, currency) for b in one.findall("Bal")}
    for code in ("OPBD", "CLBD"):
        if code not in balances:
            raise BankFileError(f"Bal: expected {code}, found {sorted(balances)}")
    entries = [_entry(e, currency) for e in one.findall("Ntry") if _booked(e)]
    total = sum(e.amount if e.credit else -e.amount for e in entries)
    if balances["OPBD"] + total != balances["CLBD"]:
        raise BankFileError(
            f"Stmt {name}: opening and entries come to {balances['OPBD'] + total}, "
            f"the closing balance is {balances['CLBD']}"
        )
    references = [e.reference for e in entries]
    if len(set(references)) != len(references):
        raise BankFileError(f"Stmt {name}: an AcctSvcrRef stands twice")
    return BankStatement(name, iban, currency, balances["OPBD"], balances["CLBD"], tuple(entries))


def _booked(entry: Any) -> bool:
    """What is pending or for information is none of the balance's."""
    status = _one(entry, "Sts")
    code = status.findtext("Cd") or status.text or ""
    if code.strip() not in ("BOOK", "PDNG", "INFO"):
        raise BankFileError(f"Ntry/Sts: expected BOOK, PDNG or INFO, found {code.strip()!r}")
    return code.strip() == "BOOK"


def _entry(entry: Any, currency: str) -> Entry:
    amount = _amount(entry, currency)
    if not amount:
        raise BankFileError("Ntry/Amt: expected more than nothing")
    parts = entry.findall("NtryDtls/TxDtls")
    several = len(parts) > 1
    end_to_end = text = ""
    if len(parts) == 1:
        end_to_end = (parts[0].findtext("Refs/EndToEndId") or "").strip()
        text = " ".join((u.text or "").strip() for u in parts[0].findall("RmtInf/Ustrd"))
    if len(end_to_end) > 35 or len(text) > 1_400:
        raise BankFileError("Ntry: EndToEndId or Ustrd is too long")
    reference, day = _text(entry, "AcctSvcrRef"), _day(entry, "BookgDt/Dt")
    return Entry(reference, currency, abs(amount), amount > 0, day, end_to_end, text, several)


# -- payments ------------------------------------------------------------------------------------


def read_iban(text: str, where: str) -> str:
    """An account number with its two check digits (ISO 13616: modulo 97 is 1)."""
    digits = "".join(str(int(c, 36)) for c in text[4:] + text[:4]) if IBAN.fullmatch(text) else "0"
    if int(digits) % 97 != 1:
        raise BankFileError(f"{where}: expected an IBAN, found {text!r}")
    return text


def check_payment(payment: Payment) -> None:
    """What no bank would take is refused here, before it is written."""
    where = payment.end_to_end
    if not 1 <= len(where) <= 35 or not payment.amount > 0 or payment.amount % 10_000:
        raise BankFileError(f"{where}: expected whole hundredths, found {payment.amount}")
    read_iban(payment.iban, where)
    if not BIC.fullmatch(payment.bic):
        raise BankFileError(f"{where}: expected a BIC, found {payment.bic!r}")
    for text in (payment.name, payment.text):
        if not NAME.fullmatch(text):
            raise BankFileError(f"{where}: expected plain characters, found {text!r}")


def write_payments(
    name: str, moment: str, day: date, payer: Payment, payments: Sequence[Payment]
) -> bytes:
    """A pain.001 file of payments in one currency from one account. `payer` has the house's own
    name, IBAN and BIC; `moment` is the time of the file, ISO 8601 UTC."""
    for one in payments:
        check_payment(one)
        if one.currency != payer.currency:
            raise BankFileError(
                f"{one.end_to_end}: expected {payer.currency}, found {one.currency}"
            )
    document = Element("Document", xmlns=PAIN)
    body = SubElement(document, "CstmrCdtTrfInitn")
    count, total = str(len(payments)), _decimal(sum(p.amount for p in payments))
    head = SubElement(body, "GrpHdr")
    _add(head, {"MsgId": name, "CreDtTm": moment, "NbOfTxs": count, "CtrlSum": total})
    _add(SubElement(head, "InitgPty"), {"Nm": payer.name})
    order = SubElement(body, "PmtInf")
    _add(order, {"PmtInfId": name, "PmtMtd": "TRF", "NbOfTxs": count, "CtrlSum": total})
    _add(SubElement(order, "ReqdExctnDt"), {"Dt": day.isoformat()})
    _party(order, "Dbtr", payer, ("Dbtr", "DbtrAcct", "DbtrAgt"))
    for one in payments:
        transfer = SubElement(order, "CdtTrfTxInf")
        _add(SubElement(transfer, "PmtId"), {"EndToEndId": one.end_to_end})
        amount = SubElement(SubElement(transfer, "Amt"), "InstdAmt", Ccy=one.currency)
        amount.text = _decimal(one.amount)
        _party(transfer, "Cdtr", one, ("CdtrAgt", "Cdtr", "CdtrAcct"))
        _add(SubElement(transfer, "RmtInf"), {"Ustrd": one.text})
    indent(document)
    content: bytes = tostring(document, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + content + b"\n"


def _add(home: Element, texts: dict[str, str]) -> None:
    for tag, text in texts.items():
        SubElement(home, tag).text = text


def _party(home: Element, name: str, one: Payment, order: Iterable[str]) -> None:
    """Name, account and agent of a party, in the order the standard has them."""
    for tag in order:
        part = SubElement(home, tag)
        if tag == name:
            _add(part, {"Nm": one.name})
        elif tag.endswith("Acct"):
            _add(SubElement(part, "Id"), {"IBAN": one.iban})
        else:
            _add(SubElement(part, "FinInstnId"), {"BICFI": one.bic})


def _decimal(amount: int) -> str:
    return f"{amount // MICRO}.{amount % MICRO // 10_000:02d}"
