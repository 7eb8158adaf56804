"""The bank's entries, each once: taken, matched or held, booked, paid, reconciled."""

from __future__ import annotations

import sqlite3
from xml.etree import ElementTree

import pytest

from lasalle import wire
from lasalle.clearing.bank_files import PAIN, BankFileError, read_statements
from lasalle.clearing.concentration import Concentration, Intake, load_concentration_terms
from lasalle.gateway.commands import make_command
from lasalle.institution.bank_book import FILE, HELD, MATCHED, BankBook
from lasalle.institution.bank_desk import Ledger, post
from lasalle.institution.books_desk import Books
from lasalle.institution.command_line import main
from lasalle.institution.house import open_house
from lasalle.plain import House
from lasalle.plain.records import read_records
from lasalle.wire import LedgerClass
from tests.clearing.test_bank_files import IBAN, OTHER, entry, statement
from tests.scenario import START, read_scenarios, tell

WORLD = """scenario A house with members
given world=market
"""
PAYEES = f"""[house]
name = "LaSalle"
iban = "{IBAN}"
bic = "COBADEFF"

[1]
name = "Ana Ltd"
iban = "{OTHER}"
bic = "NWBKGB2L"
"""


@pytest.fixture
def house(tmp_path):
    """The market's world in a folder, as the bank knows nothing of."""
    story = tell(read_scenarios(WORLD, "here")[0], House)
    house = open_house(tmp_path / "house", lambda: START + 10**12)
    for frame in story.frames:
        header = wire.read_header(frame)
        house.ask(header.actor, wire.read_body(header, frame))
    yield house
    house.release()


def send(house, refused=()):
    """Asks as the house's settlement would."""

    def ask(name, fields):
        told = [event for _, event in house.ask(1, make_command(name, fields))]
        if any(isinstance(event, wire.Refused) for event in told):
            raise ValueError(told)
        return told

    return ask


def cash(house, account=1, asset=1):
    return house.accounts.accounts[account].balances[LedgerClass.CASH, asset]


def taken(book, ledger, *entries, **more):
    new = []
    for one in read_statements(statement(*entries, **more)):
        new += book.take(one, ledger.accounts, ledger.waiting, ledger.time)
    return new


@pytest.mark.rule("LED-003")
def test_an_entry_is_booked_once_however_often_it_comes(house):
    book, ledger = BankBook(house.folder), Ledger(house.folder)
    before = cash(house)
    new = taken(book, ledger, entry("A", "5.00", text="for LASALLE 1"), closing="105.00")
    assert [(i.state, i.account) for i in new] == [(MATCHED, 1)]
    assert taken(book, ledger, entry("A", "5.00", text="for LASALLE 1"), closing="105.00") == []
    post(book, ledger.assets, send(house))
    assert cash(house) == before + 5_000_000
    # Killed between the ledger's answer and the note of it: asked again, booked once.
    with sqlite3.connect(house.folder / FILE) as bent:
        bent.execute("UPDATE entries SET state = 'matched'")
    post(book, ledger.assets, send(house))
    assert cash(house) == before + 5_000_000
    book.close()


@pytest.mark.rule("CLR-096")
def test_what_would_pass_a_limit_of_the_house_is_not_booked_until_there_is_room(house, capsys):
    book, ledger = BankBook(house.folder), Ledger(house.folder)
    taken(book, ledger, entry("A", "5.00", text="for LASALLE 1"), closing="105.00")
    before, asked = cash(house), []
    full = Concentration("asset 1, USD", (1,), 6, 5)

    class Full:
        def beyond(self, *place):
            asked.append(place)
            return full

    post(book, ledger.assets, send(house), Full())
    (item,) = book.items(MATCHED)
    assert asked == [(1, 1, 5_000_000, item.ledger_reference)]
    assert f"item {item.item}: not booked: {full.said()}" in capsys.readouterr().out
    assert cash(house) == before
    state = read_records(Books.read(house.folder).records)
    post(book, ledger.assets, send(house), Intake(state, {}, load_concentration_terms()))
    assert cash(house) == before + 5_000_000
    state = read_records(Books.read(house.folder).records)
    assert item.ledger_reference in state.accounts[1].references
    book.close()


def test_what_is_not_plain_is_held_until_somebody_matches_it(house):
    book, ledger = BankBook(house.folder), Ledger(house.folder)
    several = entry("E", "1.00").replace("</NtryDtls>", "<TxDtls/></NtryDtls>")
    new = taken(
        book, ledger,
        entry("A", "1.00", text="no name"),
        entry("B", "1.00", text="LASALLE 99"),
        entry("C", "1.00", text="LASALLE 1 LASALLE 2"),
        entry("D", "1.00", "DBIT", end="LASALLE-W12345"),
        several,
        closing="103.00",
    )  # fmt: skip
    assert [i.state for i in new] == [HELD] * 5
    before = cash(house, 2)
    book.match(new[0].item, 2)
    book.match(new[3].item, 0)
    for item, account in ((new[3].item, 1), (999, 1), (new[0].item, 1)):
        with pytest.raises(BankFileError, match="expected a held one"):
            book.match(item, account)
    post(book, ledger.assets, send(house))
    assert cash(house, 2) == before + 1_000_000
    assert len(book.items(HELD)) == 3
    book.close()


def test_a_statement_that_does_not_follow_or_tells_otherwise_changes_nothing(house):
    book, ledger = BankBook(house.folder), Ledger(house.folder)
    taken(book, ledger, entry("A", "5.00"), closing="105.00")
    for more, entries, sentence in (
        ({"opening": "104.00", "closing": "105.00", "name": "S2"}, [entry("B", "1.00")], "opens"),
        ({"closing": "106.00"}, [entry("A", "5.00"), entry("B", "1.00")], "told otherwise"),
        (
            {"opening": "105.00", "closing": "113.00", "name": "S2"},
            [entry("B", "2.00"), entry("A", "6.00")],
            "entry A: it was told otherwise",
        ),
    ):
        with pytest.raises(BankFileError, match=sentence):
            taken(book, ledger, *entries, **more)
        assert [i.reference for i in book.items()] == ["A"]
    book.close()


@pytest.mark.rule("LED-004")
def test_a_withdrawal_is_paid_in_one_file_and_leaves_when_the_bank_says_so(house, tmp_path, capsys):
    asked = wire.RequestWithdrawal(account=1, asset=1, amount=7_000_000, reference="w1")
    (pended,) = [event for _, event in house.ask(101, asked)]
    folder, out, payees = house.folder, tmp_path / "pain.xml", tmp_path / "payees.toml"
    payees.write_text(PAYEES)
    words = ["bank", "pay", str(folder), "--payees", str(payees), "--out", str(out)]
    assert main([*words, "--name", "F1"]) == 0
    first = out.read_bytes()
    root = ElementTree.fromstring(first)
    ends = [e.text for e in root.findall(".//p:EndToEndId", {"p": PAIN})]
    assert ends == [f"LASALLE-W{pended.transfer}"]
    out.unlink()
    assert main([*words, "--name", "F2"]) == 0
    assert "no withdrawal waits that no file pays" in capsys.readouterr().out
    assert not out.exists()
    assert main([*words, "--name", "F1"]) == 0
    assert out.read_bytes() == first, "the same name gives the same file"
    book, ledger = BankBook(folder), Ledger(folder)
    (item,) = taken(
        book, ledger, entry("P", "7.00", "DBIT", end=ends[0]), opening="100.00", closing="93.00"
    )
    assert item.transfer == pended.transfer
    before = cash(house)
    post(book, ledger.assets, send(house))
    assert cash(house) == before - 7_000_000
    book.close()


def test_bank_and_ledger_come_to_the_same(house, tmp_path, capsys):
    folder = house.folder
    banked = -house.accounts.house[LedgerClass.BANK, 1]
    opening = f"{banked // 10**6}.00"
    closing = f"{banked // 10**6 + 3}.00"
    file = tmp_path / "statement.xml"
    file.write_bytes(
        statement(
            entry("A", "1.00", text="LASALLE 1"), entry("B", "2.00", text="?"),
            opening=opening, closing=closing,
        )
    )
    assert main(["bank", "take", str(folder), str(file)]) == 0
    assert "2 new entries, 1 of them held" in capsys.readouterr().out
    assert main(["bank", "reconcile", str(folder)]) == 0
    book = BankBook(folder)
    post(book, Ledger(folder).assets, send(house))
    book.close()
    assert main(["bank", "reconcile", str(folder)]) == 0
    house.ask(1, wire.Deposit(account=1, asset=1, amount=1_000_000, reference="by hand"))
    capsys.readouterr()
    assert main(["bank", "reconcile", str(folder)]) == 1
    assert "DIFFERENCE: -1.000000 USD" in capsys.readouterr().out
    assert main(["bank", "held", str(folder)]) == 0
    assert "item 2: 2.000000 USD, B, held, for nobody: '?'" in capsys.readouterr().out
