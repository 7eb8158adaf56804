"""What statements say of deliveries comes to the ledger, to the micro-dollar, in stories that
deliver, fail and are made good."""

from __future__ import annotations

import copy
import csv
import dataclasses
import json
from collections import Counter
from io import StringIO

import pytest

from lasalle.views.statement import unreconciled
from lasalle.views.statement_delivery_lines import COLUMNS, KEPT
from lasalle.views.statement_pages import as_csv, as_data, as_json, as_pdf
from lasalle.views.statements import differing
from lasalle.wire import LedgerClass
from tests.properties.wide_deliveries import DeliveryTeller
from tests.views.test_statements import told

SEEDS = (18, 29)
REACHED = (
    "seller", "buyer", "running", "delivered", "remedied", "abandoned", "split", "waiting",
    "final", "corrected", "hours delivered", "remedies", "fees of disputes",
    "corrections of hours", "sides of deliveries", "set aside for deliveries", "performance bond",
    "receivable", "margin", "bond", "cash", "paid", "received", "credit",
    "guarantees", "gives", "has",
)  # fmt: skip


@pytest.fixture(scope="module")
def stories():
    return [told(seed, 250, DeliveryTeller) for seed in SEEDS]


@pytest.fixture(scope="module")
def statements(stories):
    found = [one for _, fold in stories for _, one in sorted(fold.found.items())]
    return [one for one in found if one.deliveries is not None]


@pytest.mark.rule("DEL-026")
@pytest.mark.rule("DEL-027")
def test_deliveries_come_to_the_ledger_and_to_each_other(stories):
    """Columns of money come to what balances changed by; what is kept, to what the ledger keeps;
    and over all accounts every column together to nothing: what one pays another receives."""
    moved = 0
    for house, fold in stories:
        assert unreconciled(one for _, one in sorted(fold.found.items())) == []
        assert differing(fold, house.snapshot()) == []
        sums, remedies = Counter(), Counter()
        for (day, _), one in fold.found.items():
            for line in one.deliveries.money if one.deliveries else ():
                sums[day] += sum(getattr(line, name) for name in ("cash", *KEPT))
                moved += abs(line.cash)
            for remedy in one.deliveries.remedies if one.deliveries else ():
                remedies[remedy.party] += remedy.cost - remedy.unpaid
        assert set(sums.values()) <= {0}
        assert remedies["paid"] == remedies["received"]
    assert moved > 10**6


def test_no_money_of_deliveries_is_left_out(statements):
    """Every balance that holds money of deliveries alone is told by a column."""
    classes = {
        class_
        for one in statements
        for class_, _ in one.closing
        if "DELIVERY" in class_.name
        or class_ in (LedgerClass.PERFORMANCE_BOND, LedgerClass.GUARANTEE)
    }
    assert classes <= set(COLUMNS)
    for one in statements:
        said = sum(line.cash for line in one.deliveries.money)
        names = {line.what for line in one.deliveries.money}
        assert said == sum(one.purposes.get(name, 0) for name in names)


def test_the_stories_reached_what_the_section_is_for(statements):
    seen: Counter[str] = Counter()
    for one in statements:
        part = one.deliveries
        seen.update(word for line in part.deliveries for word in (line.party, line.state))
        seen.update(line.state for line in part.hours)
        seen.update(line.what for line in part.money)
        seen.update(line.party for line in part.remedies)
        seen.update(source for line in part.remedies for source, _ in line.sources)
        seen.update(line.party for line in part.guarantees)
        seen["credit"] += part.credit is not None
    assert [word for word in REACHED if not seen[word]] == [], seen


@pytest.mark.parametrize("bent", [*KEPT, "kept", "source", "held"])
def test_a_micro_dollar_is_missed(statements, bent):
    for one in statements:
        part = one.deliveries
        if bent in KEPT and part.money:
            first = part.money[0]
            lines = (first._replace(**{bent: getattr(first, bent) + 1}), *part.money[1:])
            found = _with(one, money=lines)
        elif bent == "kept" and any(d.party == "seller" for d in part.deliveries):
            lines = tuple(d._replace(receivable=d.receivable + 1) for d in part.deliveries)
            found = _with(one, deliveries=lines)
        elif bent == "held" and any(g.party == "gives" for g in part.guarantees):
            lines = tuple(g._replace(amount=g.amount + 1) for g in part.guarantees)
            found = _with(one, guarantees=lines)
        elif bent == "source" and part.remedies:
            lines = tuple(r._replace(unpaid=r.unpaid + 1) for r in part.remedies)
            found = _with(one, remedies=lines)
        else:
            continue
        assert unreconciled([found]), bent
        return
    pytest.fail(f"no statement with {bent}")


def _with(one, **lines):
    found = copy.copy(one)
    found.deliveries = dataclasses.replace(one.deliveries, **lines)
    return found


def test_every_page_says_it(statements):
    one = max(statements, key=lambda s: min(len(s.deliveries.remedies), len(s.deliveries.hours)))
    said = as_data(one)
    assert json.loads(as_json(one)) == said
    rows = list(csv.DictReader(StringIO(as_csv(one).decode())))
    counts = Counter(row["section"] for row in rows)
    part = said["deliveries"]
    for section, lines in (
        ("delivery", "deliveries"), ("hours metered", "hours"), ("remedy", "remedies"),
    ):  # fmt: skip
        assert counts[section] == len(part[lines]) > 0
    for column in ("cash", *KEPT):
        told_ = [r for r in rows if (r["section"], r["class"]) == ("delivery money", column)]
        cents = sum(int(row["amount"].replace(".", "")) for row in told_)
        assert cents == int(part["moved"][column].replace(".", ""))
    assert as_pdf(one, "LaSalle") == as_pdf(one, "LaSalle")


def test_who_delivers_nothing_is_told_nothing_of_it(stories):
    bare = [one for _, fold in stories for one in fold.found.values() if one.deliveries is None]
    assert bare
    assert "deliveries" not in as_data(bare[0])
