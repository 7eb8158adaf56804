"""Bank files: a statement is taken whole or refused with the element at fault; payments are what a
bank takes."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pytest

from lasalle.clearing.bank_files import (
    CAMT,
    PAIN,
    BankFileError,
    Payment,
    read_iban,
    read_statements,
    write_payments,
)

IBAN, OTHER = "DE89370400440532013000", "GB29NWBK60161331926819"
DAY = date(2026, 3, 30)


BOOKED = "<Cd>BOOK</Cd>"


def entry(reference, amount, side="CRDT", text="LASALLE 2", end="NOTPROVIDED", status=BOOKED):
    return (
        f'<Ntry><Amt Ccy="USD">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>{status}</Sts>'
        f"<BookgDt><Dt>2026-03-30</Dt></BookgDt><AcctSvcrRef>{reference}</AcctSvcrRef><NtryDtls>"
        f"<TxDtls><Refs><EndToEndId>{end}</EndToEndId></Refs><RmtInf><Ustrd>{text}</Ustrd></RmtInf>"
        "</TxDtls></NtryDtls></Ntry>"
    )


def statement(*entries, opening="100.00", closing="100.00", name="S1", space=CAMT[1], iban=IBAN):
    def balance(code, amount):
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
            f'<Amt Ccy="USD">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>'
        )

    return (
        f'<Document xmlns="{space}"><BkToCstmrStmt><Stmt><Id>{name}</Id><Acct><Id><IBAN>{iban}'
        f"</IBAN></Id><Ccy>USD</Ccy></Acct>{balance('OPBD', opening)}{balance('CLBD', closing)}"
        f"{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


@pytest.mark.parametrize(("space", "status"), [(CAMT[1], "<Cd>BOOK</Cd>"), (CAMT[0], "BOOK")])
def test_a_statement_is_read_to_the_micro_unit(space, status):
    content = statement(
        entry("A", "12.345678", status=status),
        entry("B", "2.00", "DBIT", end="LASALLE-W77", status=status),
        entry("C", "9.00", status="PDNG"),
        closing="110.345678",
        space=space,
    )
    (found,) = read_statements(content)
    assert (found.name, found.iban, found.currency) == ("S1", IBAN, "USD")
    assert (found.opening, found.closing) == (100_000_000, 110_345_678)
    assert [(e.reference, e.amount, e.credit) for e in found.entries] == [
        ("A", 12_345_678, True),
        ("B", 2_000_000, False),
    ]
    assert found.entries[0].text == "LASALLE 2"
    assert found.entries[1].end_to_end == "LASALLE-W77"
    assert found.entries[1].day == DAY


BOMB = (
    b'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<Document>&b;</Document>"
)
OUTSIDE = b'<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (BOMB, "file: expected no document type"),
        (OUTSIDE, "file: expected no document type"),
        (b"<!DOCTYPE Document>" + statement(), "file: expected no document type"),
        (b"<Document>", "file: expected XML"),
        (b"<Document/>", "Document: expected one of urn:iso"),
        (b" " * (2**24 + 1), "file: expected at most"),
        (statement(space="urn:other"), "Document: expected one of urn:iso"),
        (statement(closing="100.01"), "the closing balance is 100010000"),
        (statement(entry("A", "1"), entry("A", "1"), closing="102.00"), "stands twice"),
        (statement(entry("A", "1.0000001"), closing="101.00"), "Ntry/Amt: expected up to six"),
        (statement(entry("A", "-1"), closing="99.00"), "Ntry/Amt: expected up to six"),
        (statement(entry("A", "NaN")), "Ntry/Amt"),
        (statement(entry("A", "x")), "Ntry/Amt: expected a number"),
        (statement(entry("A", "0")), "Ntry/Amt: expected more than nothing"),
        (statement(entry("A", "1", "BOTH")), "CdtDbtInd: expected CRDT or DBIT"),
        (statement(entry("A", "1", status="DONE")), "Ntry/Sts: expected BOOK"),
        (statement(entry("", "1"), closing="101.00"), "Ntry/AcctSvcrRef: expected 1 to 35"),
        (statement(entry("A" * 36, "1"), closing="101.00"), "expected 1 to 35 characters"),
        (statement(iban="DE88370400440532013000"), "Acct/Id/IBAN: expected an IBAN"),
        (statement().replace(b"<Ccy>USD</Ccy>", b"<Ccy>EUR</Ccy>"), "Bal/Amt: expected EUR"),
        (statement().replace(b"<Ccy>USD</Ccy>", b"<Ccy>usd</Ccy>"), "Acct/Ccy"),
        (statement().replace(b"CLBD", b"ABCD"), "Bal: expected CLBD"),
        (statement().replace(b"<Id>S1</Id>", b""), "Stmt/Id: expected one, found 0"),
        (
            statement(entry("A", "1"), closing="101.00").replace(b"2026-03-30", b"2026-13-30"),
            "BookgDt/Dt: expected a date",
        ),
    ],
)
def test_what_is_no_statement_is_refused_with_the_element(content, sentence):
    with pytest.raises(BankFileError, match=sentence):
        read_statements(content)


def payment(**other):
    fields = {
        "end_to_end": "LASALLE-W77", "currency": "USD", "amount": 12_340_000, "name": "Ana Ltd",
        "iban": OTHER, "bic": "NWBKGB2L", "text": "Account 2",
    }  # fmt: skip
    return Payment(**{**fields, **other})


PAYER = payment(end_to_end="house", name="LaSalle", iban=IBAN, bic="COBADEFF")


def test_payments_are_written_with_their_sum_and_where_they_go():
    two = [payment(), payment(end_to_end="LASALLE-W78", amount=1_000_000)]
    content = write_payments("F1", "2026-03-30T12:00:00Z", DAY, PAYER, two)
    root = ElementTree.fromstring(content)
    at = {"p": PAIN}
    assert root.findtext("p:CstmrCdtTrfInitn/p:GrpHdr/p:CtrlSum", "", at) == "13.34"
    assert root.findtext(".//p:PmtInf/p:NbOfTxs", "", at) == "2"
    assert root.findtext(".//p:DbtrAcct/p:Id/p:IBAN", "", at) == IBAN
    assert [e.text for e in root.findall(".//p:EndToEndId", at)] == ["LASALLE-W77", "LASALLE-W78"]
    amounts = root.findall(".//p:InstdAmt", at)
    assert [(a.get("Ccy"), a.text) for a in amounts] == [("USD", "12.34"), ("USD", "1.00")]
    assert root.find(".//p:CdtTrfTxInf/p:CdtrAcct/p:Id/p:IBAN", at).text == OTHER
    assert content == write_payments("F1", "2026-03-30T12:00:00Z", DAY, PAYER, two)


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"amount": 12_345_678}, "expected whole hundredths"),
        ({"amount": 0}, "expected whole hundredths"),
        ({"iban": "GB28NWBK60161331926819"}, "expected an IBAN"),
        ({"bic": "NWBK"}, "expected a BIC"),
        ({"name": "Ana <Ltd>"}, "expected plain characters"),
        ({"currency": "EUR"}, "expected USD, found EUR"),
    ],
)
def test_what_no_bank_would_take_is_refused(other, sentence):
    with pytest.raises(BankFileError, match=sentence):
        write_payments("F1", "2026-03-30T12:00:00Z", DAY, PAYER, [payment(**other)])


def test_an_iban_has_its_check_digits():
    assert read_iban(IBAN, "x") == IBAN
    for bad in ("", "DE", "DE89370400440532013001", "de89370400440532013000"):
        with pytest.raises(BankFileError):
            read_iban(bad, "x")
