"""Exchange rates: the fixing of a date by its rules, its table made again by anybody, and the files
rates come in."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from lasalle.clearing.fx import (
    FxError,
    Last,
    Observation,
    canonical,
    check_table,
    digest_of,
    fix,
    lasts_of,
    load_fx_terms,
    make_table,
    read_fx_terms,
)
from lasalle.clearing.fx_files import read_file, read_rate

TERMS = load_fx_terms()
DAY = 20261127
LAST = Last(20261126, 1_080_000)


def said(hand, rate, day=DAY, currency="EUR"):
    return Observation(currency, day, hand, rate)


def fixed(*observations, day=DAY, last=LAST):
    row = fix(TERMS, "EUR", day, observations, last)
    return row.status, row.rate, row.price, row.of, row.why


@pytest.mark.rule("CLR-090")
class TestTheRule:
    def test_two_hands_that_agree_fix_and_the_first_named_gives_the_rate(self):
        two = said("bank", 1_085_200), said("ecb", 1_085_100)
        assert fixed(*two) == ("fixed", 1_085_100, 1_085_100, DAY, "")
        row = fix(TERMS, "EUR", DAY, two, LAST)
        assert row.hands == ("ecb", "bank")

    def test_an_officer_is_a_hand_and_two_of_them_are_enough(self):
        assert fixed(said("officer 1", 1_085_000), said("ecb", 1_085_100))[:2] == (
            "fixed", 1_085_100,
        )  # fmt: skip
        assert fixed(said("officer 1", 1_085_000), said("officer 2", 1_085_000))[0] == "fixed"

    def test_one_hand_alone_fixes_nothing_however_often_it_speaks(self):
        again = said("ecb", 1_085_100), said("ecb", 1_085_200)
        assert fixed(*again) == ("carried", 1_080_000, 1_026_000, 20261126, "one_hand")
        assert fixed(said("officer 1", 1_085_000), said("officer 1", 1_085_000))[0] == "carried"

    def test_what_a_hand_said_last_counts(self):
        bad = said("bank", 999_000), said("ecb", 1_085_100), said("bank", 1_085_000)
        assert fixed(*bad)[:2] == ("fixed", 1_085_100)

    def test_hands_that_differ_fix_nothing(self):
        # 30 ten-thousandths of 1.0851 are 0.0032553.
        near, far = said("bank", 1_088_355), said("bank", 1_088_356)
        ecb = said("ecb", 1_085_100)
        assert fixed(ecb, near)[0] == "fixed"
        assert fixed(ecb, far) == ("carried", 1_080_000, 1_026_000, 20261126, "disagree")

    def test_the_newest_date_that_hands_agree_on_counts_until_it_is_stale(self):
        friday = said("ecb", 1_085_100), said("bank", 1_085_200)
        for day, found in ((20261129, "fixed"), (20261201, "fixed"), (20261202, "carried")):
            status, _, _, of, why = fixed(*friday, day=day, last=Last(20261127, 1_080_000))
            assert (status, of) == (found, DAY if found == "fixed" else 20261127), day
        assert why == "stale"
        alone = said("ecb", 1_086_000, 20261130)
        assert fixed(*friday, alone, day=20261130)[1:4] == (1_085_100, 1_085_100, DAY)

    def test_what_is_said_of_a_later_date_is_not_known_yet(self):
        later = said("ecb", 1_085_100, 20261128), said("bank", 1_085_100, 20261128)
        assert fixed(*later)[4] == "no_observation"


@pytest.mark.rule("CLR-091")
def test_a_jump_needs_two_officers():
    jump = said("ecb", 1_140_000), said("bank", 1_140_000)
    assert fixed(*jump) == ("carried", 1_080_000, 1_026_000, 20261126, "outlier")
    assert fixed(*jump, said("officer 1", 1_140_000))[4] == "outlier"
    seen = *jump, said("officer 1", 1_140_000), said("officer 2", 1_140_100)
    assert fixed(*seen)[:2] == ("fixed", 1_140_000)
    # One hand that says so today is not passed over for what two said yesterday.
    before = said("ecb", 1_085_100, 20261126), said("bank", 1_085_100, 20261126)
    assert fixed(*before, said("ecb", 1_140_000))[4] == "outlier"
    assert fixed(*jump, last=Last())[0] == "fixed", "the first fixing has nothing to be near"


@pytest.mark.rule("CLR-092")
def test_the_last_fixing_counts_less_then_nothing():
    assert fixed()[:3] == ("carried", 1_080_000, 1_026_000)
    assert fixed(day=20261201)[:3] == ("carried", 1_080_000, 1_026_000)
    assert fixed(day=20261202) == ("none", 0, 0, 0, "no_observation")
    assert fixed(last=Last()) == ("none", 0, 0, 0, "no_observation")


def story(seed, days=9):
    """Tables of several dates of one seed, each after the other, and how often each status came."""
    random, tables, told = Random(seed), [], []
    often = random.choice((0.1, 0.45))
    for n in range(days):
        day = 20261101 + n
        for currency in ("EUR", "JPY"):
            for hand in ("ecb", "bank", "officer 1", "officer 2"):
                if random.random() < often:
                    rate = round(1_000_000 * random.choice((1, 1.001, 1.002, 1.01, 1.2)))
                    told.append(said(hand, rate, day, currency))
        tables.append(make_table(TERMS, day, told, lasts_of(tables[-1] if tables else None)))
    return tables


@pytest.mark.rule("CLR-090")
def test_anybody_makes_the_rows_of_a_table_again_and_finds_a_bent_one():
    reached = Counter()
    for seed in range(12):
        for table in story(seed):
            assert set(TERMS.currencies) == {row["currency"] for row in table["rows"]}
            read = json.loads(canonical(table))
            assert check_table(read) == digest_of(table)
            for row in read["rows"]:
                reached[row["status"], row["why"]] += 1
                if row["status"] == "fixed":
                    assert row["price"] == row["rate"] > 0
                    assert len(set(row["hands"])) >= TERMS.hands
        row = next(r for r in read["rows"] if r["currency"] == "EUR")
        row["price"] += 1
        with pytest.raises(FxError, match="EUR: expected what its observations give"):
            check_table(read)
    for status, why in (
        ("fixed", ""), ("carried", "outlier"), ("carried", "disagree"), ("none", "one_hand"),
        ("none", "no_observation"),
    ):  # fmt: skip
        assert reached[status, why] >= 5, reached


def test_a_stale_rate_is_in_the_table_that_it_does_not_fix():
    old = said("ecb", 1_085_100, 20261101), said("bank", 1_085_100, 20261101)
    table = json.loads(canonical(make_table(TERMS, DAY, old, {})))
    row = next(r for r in table["rows"] if r["currency"] == "EUR")
    assert (row["status"], row["why"], len(row["observations"])) == ("none", "stale", 1)
    check_table(table)


def test_a_table_that_is_none_is_refused():
    table = make_table(TERMS, DAY, (), {})
    bad = ({}, {**table, "format": "x"}, {**table, "rows": table["rows"][1:]},
           {**table, "method": {**table["method"], "hands": 0}})  # fmt: skip
    for one in bad:
        with pytest.raises(FxError):
            check_table(one)
    with pytest.raises(FxError, match="stale_days: expected 0 to 31"):
        read_fx_terms({**table["method"], "stale_days": 32})


XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
 xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
 <gesmes:subject>Reference rates</gesmes:subject>
 <Cube><Cube time='2026-11-27'>
  <Cube currency='USD' rate='1.0851'/><Cube currency='JPY' rate='161.33'/>
  <Cube currency='GBP' rate='0.83170'/>
 </Cube></Cube></gesmes:Envelope>"""
DAILY = b"Date, USD, JPY, GBP, \n27 November 2026, 1.0851, 161.33, 0.83170, \n"
HISTORY = b"Date,USD,JPY,GBP,\n2026-11-27,1.0851,161.33,0.83170,\n2026-11-26,1.0790,N/A,0.8310,\n"


class TestFiles:
    def test_the_forms_of_the_central_bank_say_the_same(self):
        found = [
            {(o.currency, o.day): o.rate for o in read_file(content)}
            for content in (XML, DAILY, HISTORY)
        ]
        # By hand: 1.0851 / 161.33 and 1.0851 / 0.8317.
        assert found[0] == {
            ("EUR", DAY): 1_085_100, ("JPY", DAY): 6_726, ("GBP", DAY): 1_304_677,
        }  # fmt: skip
        assert found[0] == found[1]
        assert found[2] == {**found[0], ("EUR", 20261126): 1_079_000, ("GBP", 20261126): 1_298_436}

    def test_a_cross_is_within_half_a_micro_dollar_of_the_quotient(self):
        random = Random(7)
        for _ in range(300):
            unit = Decimal(random.randrange(10_000, 20_000_000)) / 10_000
            row = f"Date,USD,JPY\n2026-11-27,1.0851,{unit}\n".encode()
            found = {o.currency: o.rate for o in read_file(row)}
            assert abs(found["JPY"] - Decimal("1085100") / unit) <= Decimal("0.5")

    def test_rates_of_others_need_a_hand(self):
        rows = b"date,currency,usd_per_unit\n2026-11-27,EUR,1.0852\n"
        assert read_file(rows, "bank") == [
            replace(said("bank", 1_085_200), source=read_file(rows, "bank")[0].source)
        ]
        with pytest.raises(FxError, match="--hand"):
            read_file(rows)
        with pytest.raises(FxError, match="--hand"):
            read_file(XML, "bank")

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (b"", "line 1"),
            (b"<x/>", "expected one with a time"),
            (b"<!DOCTYPE x><x/>", "no document type"),
            (b"<x", "expected XML"),
            (XML.replace(b"GBP", b"JPY"), "JPY stands twice"),
            (XML.replace(b"161.33", b"-1"), "expected a positive number"),
            (XML.replace(b"161.33", b"1e-9999999"), "expected a positive number"),
            (XML.replace(b"2026-11-27", b"2026-13-27"), "expected 2026-11-27"),
            (b"Date,USD,USD\n2026-11-27,1,1\n", "each currency once"),
            (b"Date,USD\n2026-11-27\n", "line 2: expected 2 cells"),
            (b"Date,USD\n", "at least one rate"),
            (b"Date,USD,usd\n2026-11-27,1,1\n", "three capitals"),
        ],
    )
    def test_a_file_that_is_bent_is_refused_whole(self, content, told):
        with pytest.raises(FxError, match=told):
            read_file(content)

    @pytest.mark.parametrize(
        ("line", "told"),
        [
            ("2026-11-27,EUR,1.08511111", "six decimals"),
            ("2026-11-27,USD,1", "another than USD"),
            ("2026-11-27,EUR,x", "expected a number"),
            ("2026-11-27,EUR,NaN", "expected a positive number"),
            ("2026-11-27,EUR", "line 2: expected date"),
            ("2026-11-27,EUR,1\n2026-11-27,EUR,1", "stands twice"),
        ],
    )
    def test_a_line_that_is_bent_is_told(self, line, told):
        with pytest.raises(FxError, match=told):
            read_file(f"date,currency,usd_per_unit\n{line}\n".encode(), "bank")

    def test_a_rate_is_within_what_a_price_may_be(self):
        assert read_rate("1000000") == 10**12
        for text in ("1000000.1", "0.0000001", "0"):
            with pytest.raises(FxError):
                read_rate(text)
