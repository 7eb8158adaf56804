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
