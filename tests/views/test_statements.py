"""Statements reconcile with ledger and positions to the micro-dollar, in every story; proofs of
balances lead to one root, and a bent one does not."""

from __future__ import annotations

import copy
import csv
import json
from collections import Counter
from io import StringIO

import pytest

from lasalle import wire
from lasalle.plain import House
from lasalle.views import proof as proofs
from lasalle.views.statement import owed, unreconciled
from lasalle.views.statement_pages import HEADS, as_csv, as_data, as_json, as_pdf
from lasalle.views.statements import Statements, differing
from lasalle.wire import LedgerClass
from tests.properties.wide_stories import WideTeller

SEEDS = (5, 6, 7, 12, 13, 14, 20, 22, 23, 36)
"""Stories that open under the newest behaviour."""


def told(seed, commands=300, teller=WideTeller):
    """A wide story and the fold of its events."""
    house, teller, fold = House(), teller(seed), Statements()

    def ask(command, actor):
        teller.clock += 1_000_000
        number = house.last_number + 1
        span = wire.span_of(command)
        events = house.take(wire.seal(command, number, teller.clock, actor=actor, span=span))
        fold.take(events)
        teller.number = number
        for header, event in wire.read_frames(events):
            teller.see(header, event)

    for command, actor in teller.opening():
        for asked, who in teller.sealed(command, actor):
            ask(asked, who)
    for _ in range(commands):
        for command, actor in teller.next():
            ask(command, actor)
    fold.finish()
    return house, fold


@pytest.fixture(scope="module")
def stories():
    return [told(seed) for seed in SEEDS]


def of(stories):
    return [one for _, fold in stories for _, one in sorted(fold.found.items())]


def test_every_statement_adds_up_and_the_last_state_is_the_ledgers(stories):
    for house, fold in stories:
        assert unreconciled(one for _, one in sorted(fold.found.items())) == []
        assert differing(fold, house.snapshot()) == []


def test_the_stories_reached_what_statements_are_for(stories):
    found = of(stories)
    causes = Counter(line.cause for one in found for line in one.lines)
    assert len(found) > 300
    assert min(causes.values()) > 2
    assert len(causes) >= 3
    assert sum(bool(one.calls) for one in found) > 5
    assert sum(bool(one.positions) for one in found) > 100
    assert sum(one.requirement is not None for one in found) > 20
    assert {asset for one in found for _, asset in one.closing} >= {1, 2}


def test_a_bent_statement_is_named(stories):
    one = copy.deepcopy(next(one for one in of(stories) if one.lines))
    line = one.lines[0]
    one.lines = (line._replace(amount=line.amount + 1), *one.lines[1:])
    (fault,) = unreconciled([one])
    assert fault.startswith(f"statement of account {one.account} of {one.day}: ")
    house, fold = next(told for told in stories if {1, 2} <= told[1]._open.keys())
    bent = copy.deepcopy(fold)
    bent._open[1].balances[LedgerClass.CASH, 1] += 1
    bent._open[2].positions[10] += 1
    assert differing(bent, house.snapshot()) == [
        "account 1: its postings come to other balances than the ledger's",
        "account 2: its trades come to other lots than its positions",
    ]


def test_what_cash_changed_by_is_told_by_purpose(stories):
    """Purposes come to the change of cash and dues, account by account; variation of all of them
    to nothing; the fees of the trades to those of the purposes."""
    sums, reached = Counter(), Counter()
    for _, fold in stories:
        for (day, _), one in fold.found.items():
            assert sum(one.purposes.values()) == owed(one.closing) - owed(one.opening)
            sums[id(fold), day] += one.purposes.get("variation", 0)
            reached.update(one.purposes.keys())
            reached.update(t.what for t in one.trades)
            traded = [t for t in one.trades if t.what in ("bought", "sold")]
            assert sum(t.premium for t in traded) == one.purposes.get("premium", 0)
            assert sum(t.fees for t in one.trades) == one.purposes.get("fees", 0) == -one.fees
            held = Counter()
            for t in one.trades:
                held[t.symbol] += t.lots if t.what != "corrected" else 0
            reached["collateral"] += len(one.collateral)
    assert set(sums.values()) == {0}
    asked = ("bought", "sold", "undone", "variation", "final settlement", "premium", "fees",
             "deposits", "withdrawals", "default fund", "collateral")  # fmt: skip
    assert [name for name in asked if not reached[name]] == [], reached


def test_a_purpose_that_does_not_come_to_the_cash_is_named(stories):
    one = copy.deepcopy(next(one for one in of(stories) if one.purposes))
    one.purposes[next(iter(one.purposes))] += 1
    (fault,) = unreconciled([one])
    assert "its purposes come to" in fault


def test_what_is_settled_in_a_day_sums_to_zero_over_all_statements(stories):
    moved = 0
    for _, fold in stories:
        sums = Counter()
        for (day, _), one in fold.found.items():
            for line in one.lines:
                if line.cause == "settlement":
                    sums[day] += line.amount
                    moved += abs(line.amount)
        assert set(sums.values()) <= {0}, "cash and dues: what one pays another receives"
    assert moved > 10**9


def test_json_csv_and_pdf_say_the_same_and_always_the_same(stories):
    one = max(of(stories), key=lambda s: (len(s.positions) > 0) * len(s.lines))
    assert json.loads(as_json(one)) == as_data(one)
    rows = list(csv.DictReader(StringIO(as_csv(one).decode())))
    assert tuple(rows[0]) == HEADS
    said = Counter(row["section"] for row in rows)
    assert said["posting"] == len(one.lines)
    assert said["position"] == len(one.positions)

    def total(section):
        return sum(
            int(row["amount"].replace(".", ""))
            for row in rows
            if (row["section"], row["class"], row["asset"]) == (section, "cash", "1")
        )

    assert total("opening") + total("posting") == total("closing")
    pages = as_pdf(one, "LaSalle")
    assert pages.startswith(b"%PDF-")
    assert pages == as_pdf(one, "LaSalle")


# -- proofs --------------------------------------------------------------------------------------

SECRET = bytes(range(32))
OWED = {1: {1: 10_000_000, 2: 0, 3: 7, 9: 123_456_789_012}, 2: {2: 55}}


def trees():
    return {a: proofs.make_tree(SECRET, 20260330, a, found) for a, found in OWED.items()}


def test_each_account_checks_its_own_balance_against_one_root():
    made = trees()
    digest = proofs.digest_of(20260330, {asset: tree.root for asset, tree in made.items()})
    for account in (1, 2, 3, 9):
        said = json.loads(json.dumps(proofs.proof(account, 20260330, made)))
        found = proofs.check(said)
        assert found.balances == {a: b[account] for a, b in OWED.items() if account in b}
        assert found.totals == {a: sum(b.values()) for a, b in OWED.items()}
        assert found.digest == digest


def test_a_proof_shows_nobody_elses_balance():
    owed = {n: 1_000_000 + n for n in range(1, 40)}
    tree = proofs.make_tree(SECRET, 20260330, 1, owed)
    said = proofs.proof(7, 20260330, {1: tree})
    shown = {total for part in said["balances"][0]["parts"] for _, _, total in part["path"]}
    assert not shown & (set(owed.values()) - {owed[7]})
    assert said["account"] == 7
    other = proofs.make_tree(bytes(32), 20260330, 1, owed)
    assert other.root.hash != tree.root.hash, "salts hide what balances alone would give"
    assert other.root.sum == tree.root.sum


def bends(said):
    """Every way one number of a proof can be off."""
    part = said["balances"][0]["parts"][0]
    yield "amount", part, "amount", part["amount"] + 1
    yield "amount", part, "amount", -1
    yield "salt", part, "salt", "00" * 32
    yield "account", said, "account", 2
    yield "sum", part["path"][0], 2, part["path"][0][2] + 1
    yield "sum", part["path"][0], 2, -part["path"][0][2] - 1
    yield "side", part["path"][0], 0, not part["path"][0][0]
    yield "root", said["roots"][0], 2, said["roots"][0][2] + 1
    yield "twice", said["balances"][0], "parts", [part, part]
    yield "format", said, "format", "another"
    yield "path", part, "path", None


@pytest.mark.parametrize("at", range(11))
def test_a_bent_proof_is_refused(at):
    said = proofs.proof(9, 20260330, trees())
    _, home, key, value = list(bends(said))[at]
    home[key] = value
    with pytest.raises(proofs.ProofError):
        proofs.check(said)


def test_no_total_but_the_published_one_fits_a_path():
    """A house that owes more than it says would have to leave a sum out of somebody's path."""
    said = proofs.proof(9, 20260330, trees())
    for part in said["balances"][0]["parts"]:
        part["path"][0][2] += 5
    said["roots"][0][2] += 5
    with pytest.raises(proofs.ProofError, match="expected the root"):
        proofs.check(said)


def test_what_is_no_proof_is_refused():
    for said in (None, [], {}, {"format": proofs.FORMAT}, "x"):
        with pytest.raises(proofs.ProofError, match="expected a proof of balances"):
            proofs.check(said)
    with pytest.raises(proofs.ProofError, match="expected at least 0, found -1"):
        proofs.make_tree(SECRET, 20260330, 1, {1: -1})
