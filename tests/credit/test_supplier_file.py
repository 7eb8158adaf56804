"""A supplier's file is refused by its field, and has one form."""

from __future__ import annotations

import msgspec
import pytest

from lasalle.credit import CreditError, digest, read_supplier
from lasalle.credit.supplier_file import canonical, of_canonical
from lasalle.credit.terms import load_scorecard, load_terms, read_scorecard, read_terms
from lasalle.institution.credit_house import EXAMPLES, example_text
from tests.credit.world import TEXT

WRONG = [
    (
        "accelerators = 4096",
        "accelerators = 0",
        "fleet[0].accelerators: expected `int` >= 1, found 0",
    ),
    ("accelerators = 4096", "accelerators = true", "fleet[0].accelerators: expected `int`"),
    ('vintage = "2025-09"', 'vintage = "2025-13"', "fleet[0].vintage: expected"),
    (
        'vintage = "2025-09"',
        'vintage = "2026-12"',
        "fleet[0].vintage: expected a month up to 2026-11",
    ),
    ("verified = 3800", "verified = 5000", "fleet[0].verified: expected at most 4096, found 5000"),
    (
        "verified_until = 2027-02-01\n[[fleet]]",
        "[[fleet]]",
        "fleet[0].verified_until: expected a date",
    ),
    ("verified = 3800", "verified = 3800\nreclaimable = true", "0 for machines that may be taken"),
    ("simulated = true", "", "simulated: expected a value, found nothing"),
    ("simulated = true", "simulated = true\nnickname = 1", "nickname: expected no such field"),
    ("delivered_hours = 30_940_000", "delivered_hours = 40_000_000", "record.delivered_hours"),
    ('rating = "AA-"', 'rating = "good"', "collateral.letters[0].rating: expected"),
    ("most_leverage = 0.5", "most_luck = 0.5", "covenants: expected some of"),
    ("most_leverage = 0.5", "most_leverage = -1.0", "covenants.most_leverage: expected 0 to 1000"),
    ('price = "2.45"', 'price = "-2"', "sold[0].price: expected"),
    ('since = "2021-03"', 'since = "2031-03"', "since: expected a month up to 2026-11"),
    ("[financials]\nas_of = 2026-09-30", "[financials]\nas_of = 2027-01-01", "financials.as_of"),
    ("interest_usd = 3_200_000", "interest_usd = 3_200_000\nmarket_equity_usd = 5", "equity"),
    ("[record]", "[record", "file: expected TOML"),
]


@pytest.mark.rule("CRD-001")
@pytest.mark.parametrize(("was", "now", "says"), WRONG)
def test_what_is_wrong_is_told_by_field(was: str, now: str, says: str):
    assert was in TEXT
    with pytest.raises(CreditError) as refused:
        read_supplier(TEXT.replace(was, now, 1))
    assert says in str(refused.value)
    assert "CRD-001" in str(refused.value)


def test_every_fault_is_told_at_once():
    text = TEXT.replace("verified = 3800", "verified = 5000").replace("2021-03", "2031-03")
    with pytest.raises(CreditError) as refused:
        read_supplier(text)
    assert len(str(refused.value).splitlines()) == 2


def test_more_machines_are_not_pledged_than_there_are():
    text = TEXT + (
        '[[collateral.hardware]]\ngrade = "H100"\nvintage = "2025-09"\nplace = "EN"\n'
        "accelerators = 4097\nfirst_lien = true\ninsured = true\n"
    )
    # A table of tables after `covenants` belongs to `collateral` all the same.
    with pytest.raises(CreditError, match=r"at most the 4096 of H100 2025-09 EN"):
        read_supplier(text)


@pytest.mark.rule("CRD-022")
def test_what_may_be_taken_back_or_secures_a_debt_is_not_pledged():
    text = example_text("plateau-compute")
    assert read_supplier(text).collateral.hardware[0].accelerators == 400
    place = "collateral.hardware[0].accelerators: expected at most the"
    more = text.replace("accelerators = 400\nfirst", "accelerators = 401\nfirst")
    with pytest.raises(CreditError) as refused:
        read_supplier(more)
    assert f"{place} 400 of H100 2024-11 UW that secure no debt (CRD-011), found 401" in str(
        refused.value
    )
    # Behind another lien it counts nothing, and is told as it is.
    read_supplier(more.replace("first_lien = true", "first_lien = false"))
    taken = text.replace("accelerators = 400\ncost", "accelerators = 400\nreclaimable = true\ncost")
    with pytest.raises(CreditError) as refused:
        read_supplier(taken.replace("accelerators = 400\nfirst", "accelerators = 1649\nfirst"))
    assert f"{place} 1648 of H100 2024-11 UW that nobody may take back (CRD-022)" in str(
        refused.value
    )


def test_letters_of_a_file_are_told_apart():
    rows = '[[collateral.letters]]\nissuer = "Bank of the North"\nrating = "AA"\n'
    rows += "amount_usd = 5\nexpires = 2027-03-01\n"
    one = read_supplier(TEXT + rows)
    # The one that ends first is 1, whatever their order in the file.
    assert one.collateral.references() == ("Bank of the North 2", "Bank of the North 1")
    assert "reference" not in canonical(one).decode(), "a digest is what it always was"
    named = read_supplier(TEXT + rows + 'reference = "LC-7"\n')
    assert named.collateral.references() == ("Bank of the North 1", "LC-7")
    with pytest.raises(
        CreditError, match=r"letters\[1\].reference: expected one no other letter has"
    ):
        read_supplier(TEXT + rows + 'reference = "Bank of the North 1"\n')


@pytest.mark.parametrize("name", EXAMPLES)
def test_made_up_files_are_sound_and_have_one_form(name: str):
    one = read_supplier(example_text(name))
    assert one.simulated
    assert "made up" in one.title
    again = of_canonical(canonical(one))
    assert again == one
    assert digest(again) == digest(one)
    assert digest(read_supplier(example_text(name).replace("# Made", "#  Made"))) == digest(one)


def test_tables_are_checked():
    rows = msgspec.to_builtins(load_terms())
    for change, says in (
        ({"grade": rows["grade"][:-1]}, "up to 1"),
        ({"grade": [{**g, "sell_share": 0.1 * n} for n, g in enumerate(rows["grade"])]}, "falling"),
        ({"luck": 1}, "unknown field"),
    ):
        with pytest.raises(CreditError, match=says):
            read_terms({**rows, **change})
    card = msgspec.to_builtins(load_scorecard())
    lines = {**card["lines"], "prior": card["prior"]}
    assert read_scorecard(lines) == load_scorecard()
    with pytest.raises(CreditError, match="rising"):
        read_scorecard({**lines, "age": {"reason": "", "rows": [[1.0, 1], [0.5, 2], [9e9, 3]]}})
