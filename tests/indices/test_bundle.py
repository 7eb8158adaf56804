"""A fixing comes out of its bundle bit for bit, and what was bent in it is named."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from lasalle.gateway.indices import fixing_row as rest_row
from lasalle.indices import Observation, State, fixing_history, method_of
from lasalle.indices.bundle import (
    BundleError,
    chain_bundle,
    date_of,
    day_of,
    fixing_row,
    mean_bundle,
    recompute,
)
from lasalle.indices.chain import Rung
from lasalle.indices.evidence import EvidenceError, PriceType
from lasalle.indices.merkle import EMPTY, leaves_of, proof_of, proves, root_of
from lasalle.indices.quotes import EvidenceBook, evidence_table, parse_row
from lasalle.indices.record import Record, RecordError, Row, Stage, due
from lasalle.indices.record_file import fixing_json
from lasalle.indices.step import step
from tests.indices.offers import DAY, SPOT, every, method, seen

ROWS = [*every(range(1, 5), 3.0, "a", "b", "c", "d"), seen(4, "e", 3.2), seen(3, "a", 3.1, hour=13)]


def bundles() -> list[bytes]:
    """One of each date."""
    state, found = State(), []
    for evidence in EvidenceBook(evidence_table(ROWS)).dates(SPOT):
        made = step(SPOT, state, evidence)
        found.append(chain_bundle(SPOT, state, evidence, made))
        state = made.state
    return found


def edited(content, old: str, new: str, rows: str = "rows", at: int = 0) -> None:
    """A row written otherwise, under a leaf of its own."""
    assert old in content[rows][at]
    content[rows][at] = content[rows][at].replace(old, new, 1)
    leaves = "leaves" if rows == "rows" else "state_leaves"
    content[leaves][at] = leaves_of([content[rows][at].encode()])[0].hex()


def bent(bundle: bytes, change) -> bytes:
    content = json.loads(bundle)
    change(content)
    return json.dumps(content).encode()


@pytest.mark.rule("IDX-015")
def test_every_date_comes_out_of_its_bundle_in_another_process() -> None:
    program = (
        "import sys\nfrom lasalle.indices.bundle import recompute\n"
        "found = recompute(sys.stdin.buffer.read())\nassert not found.faults, found.faults\n"
        "print(found.made['price'], found.made['state_after'])\n"
    )
    found = bundles()
    assert len(found) == 4
    for bundle in found:
        assert recompute(bundle).faults == ()
    told = recompute(found[-1]).told
    ran = subprocess.run(
        [sys.executable, "-c", program], input=found[-1], capture_output=True, check=True
    )
    assert ran.stdout.decode().split() == [str(told["price"]), told["state_after"]]


@pytest.mark.rule("IDX-015")
def test_a_bent_row_is_named() -> None:
    bundle = bundles()[-1]
    count = len(json.loads(bundle)["rows"])
    for n in range(count):

        def bend(content, n=n) -> None:
            content["rows"][n] = content["rows"][n].replace("|3", "|4", 1)

        faults = recompute(bent(bundle, bend)).faults
        assert any(f.startswith(f"row {n + 1} was bent") for f in faults), faults
        assert not any(
            f.startswith(f"row {m + 1} ") for m in range(count) if m != n for f in faults
        )

    def state(content) -> None:
        content["state"][2] = content["state"][2][:-1] + "1"

    assert any(f.startswith("state row 3 was bent") for f in recompute(bent(bundle, state)).faults)


@pytest.mark.rule("IDX-015")
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: c["rows"].pop(1), "leaves sealed"),
        (lambda c: c["rows"].append(c["rows"][0].replace("|a|", "|z|")), "stands under no leaf"),
        (lambda c: (c["rows"].pop(1), c["leaves"].pop(1)), "inputs_root"),
        (lambda c: c["leaves"].__setitem__(0, "00" * 32), "row 1 was bent"),
        (lambda c: c["fixing"].__setitem__("price", 9), "price told 9"),
        (lambda c: c["fixing"].__setitem__("extra", 9), "extra told 9"),
        (lambda c: c.__setitem__("method", c["method"].replace("35 ", "36 ")), "method: sealed"),
        (lambda c: c.__setitem__("method", "index ="), "method: table"),
        (lambda c: c["fixing"].__setitem__("day", "2026-01-09"), "evidence of H100-US"),
        (lambda c: c["state"].pop(), "state rows: 5 leaves sealed, 4 rows found"),
        (lambda c: c["fixing"].__setitem__("price", 3010000.0), "price told 3010000.0"),
        (lambda c: c["fixing"].__setitem__("simulated", 0), "simulated told 0"),
        (lambda c: c.__setitem__("method", "a." * 30_000 + "a = 1"), "more than 32 names"),
        (lambda c: c.__setitem__("method", "a = " + "[" * 60_000), "brackets within brackets"),
        (lambda c: c.__setitem__("method", "#" * 70_000), "at most 65536 bytes"),
        (lambda c: edited(c, "|3000000|", f"|{10**30}|"), "numbers that no market gives"),
        (lambda c: edited(c, "|1767528", f"|{10**30}"), "numbers that no market gives"),
        (lambda c: edited(c, "|10|0|0", "|9|0|0", "state", 1), "state_before: the fixing bears"),
        (lambda c: (c["rows"].reverse(), c["leaves"].reverse()), "inputs_root"),
        (
            lambda c: (c["rows"].append(c["rows"][0]), c["leaves"].append(c["leaves"][0])),
            "inputs_root",
        ),
    ],
)
def test_whatever_is_bent_is_told(change, words: str) -> None:
    assert any(words in fault for fault in recompute(bent(bundles()[-1], change)).faults)


@pytest.mark.rule("IDX-015")
def test_a_bundle_rewritten_whole_differs_from_what_is_published() -> None:
    state, published = State(), {}
    for evidence in EvidenceBook(evidence_table(ROWS)).dates(SPOT):
        made = step(SPOT, state, evidence)
        published, state = fixing_row(made.fixing, SPOT), made.state
    dearer = [seen(4, "a", 3.05) if r.offer == "a" and r.time >= ROWS[12].time else r for r in ROWS]
    state = State()
    for evidence in EvidenceBook(evidence_table(dearer)).dates(SPOT):
        made = step(SPOT, state, evidence)
        forged = chain_bundle(SPOT, state, evidence, made)
        state = made.state
    assert recompute(forged).faults == ()
    faults = recompute(forged, published).faults
    assert any("inputs_root is published as" in fault for fault in faults)


def test_what_is_no_bundle_is_refused() -> None:
    for content in (b"{", b"[]", b"{}", b'{"bundle": 2}'):
        with pytest.raises(BundleError):
            recompute(content)
    for change in (
        lambda c: c.__setitem__("bundle", 2),
        lambda c: c.__setitem__("rows", [1]),
        lambda c: c.__setitem__("rows", ["\xe9"]),
        lambda c: c.__setitem__("linked", [1]),
        lambda c: c.__setitem__("linked", [0, 10**10]),
        lambda c: c.__setitem__("method", 3),
        lambda c: c.__setitem__("more", 3),
        lambda c: c.__setitem__("bundle", True),
        lambda c: c.__setitem__("method", "\ud800"),
    ):
        with pytest.raises(BundleError):
            recompute(bent(bundles()[-1], change))
    twice = bundles()[-1].replace(b'"rows": [', b'"rows": [],\n "rows": [', 1)
    for content in (twice, b"\xff\xfe", b"[" * 200_000, bundles()[-1][:-9]):
        with pytest.raises(BundleError, match="JSON"):
            recompute(content)
    for row in (b"", b"a|b", b"x" * 99, bundles()[-1][:50]):
        with pytest.raises(EvidenceError):
            parse_row(row)


@pytest.mark.rule("IDX-015")
def test_a_fixing_is_compared_in_each_form_it_is_published_in() -> None:
    bundle, neighbour = bundles()[-1], bundles()[-2]
    told = recompute(bundle).told
    record = Row(Stage.FINAL, told, 5, exposure={"lots": 3})
    for published in (told, json.loads(fixing_json(record)), rest_row(7, record)):
        assert recompute(bundle, published).faults == ()
        assert any("day is published as" in f for f in recompute(neighbour, published).faults)
        for name in ("price_micro_dollars" if "number" in published else "price", "inputs_root"):
            faults = recompute(bundle, published | {name: 9}).faults
            assert any("is published as 9" in fault for fault in faults)
            left = {key: value for key, value in published.items() if key != name}
            left.pop("price", None)
            assert any(f.startswith("published: ") for f in recompute(bundle, left).faults)
    assert recompute(bundle, {}).faults != ()


@pytest.mark.rule("IDX-015")
def test_the_order_of_a_table_decides_nothing() -> None:
    """Rows come back from a bundle in another order than they stood in: none of it may matter."""
    own = method(("size = 64", "size = 100"))
    rows = every(range(1, 6), 3.0, "a", "b", "c", kind=PriceType.EXECUTED, size=40)
    rows += every(range(1, 6), 3.3, "d", "e", "f")
    told_twice = [replace(row, size=20) for row in rows if row.price_type is PriceType.EXECUTED]
    made = set()
    for order in (rows + told_twice, told_twice + rows, (rows + told_twice)[::-1]):
        state = State()
        for evidence in EvidenceBook(evidence_table(order)).dates(own):
            found = step(own, state, evidence)
            assert recompute(chain_bundle(own, state, evidence, found)).faults == ()
            state = found.state
        made.add((state.root, found.fixing))
        assert sum(q.size for q in evidence.quotes[:3]) == 60, "of two sizes the smaller"
        assert found.fixing.rung is Rung.LIST
    assert len(made) == 1


@pytest.mark.rule("IDX-015")
def test_version_1_has_bundles_too() -> None:
    mean = method_of("H100-GCP-US-CENTRAL1", 1)
    observations = [
        Observation(date(2026, 1, 1), "row", Decimal("2.552879")),
        Observation(date(2026, 1, 5), "row", Decimal("2.6")),
    ]
    for fixing in fixing_history(observations, date(2026, 1, 8)):
        bundle = mean_bundle(mean, fixing, observations)
        found = recompute(bundle)
        assert found.faults == ()
        assert found.made["price"] == fixing.price_micro_dollars
        assert ("carried" in found.made["marks"]) is fixing.carried
    changed = bent(bundle, lambda c: c["rows"].__setitem__(1, c["rows"][1].replace("2.6", "2.7")))
    faults = recompute(changed).faults
    assert any(f.startswith("row 2 was bent") for f in faults)


def test_a_tree_is_that_of_rfc_6962_and_proves_its_leaves() -> None:
    """Roots of the certificate-transparency test vectors for 0, 1 and 8 leaves."""
    rows = [
        bytes.fromhex(text)
        for text in (
            "", "00", "10", "2021", "3031", "40414243",
            "5051525354555657", "606162636465666768696a6b6c6d6e6f",
        )
    ]  # fmt: skip
    roots = {
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }
    assert root_of([]) == EMPTY
    for count, root in roots.items():
        leaves = leaves_of(rows[:count])
        assert root_of(leaves).hex() == root
        for n, leaf in enumerate(leaves):
            assert proves(root_of(leaves), leaf, proof_of(leaves, n))
            assert not proves(root_of(leaves), leaves_of([b"x"])[0], proof_of(leaves, n))


def row(stage: Stage, price: int, published: int = 1, **words) -> Row:
    return Row(stage, {"day": "2026-01-05", "price": price}, published, **words)


@pytest.mark.rule("IDX-014")
def test_a_final_fixing_is_never_changed() -> None:
    record = Record([row(Stage.PROVISIONAL, 5), row(Stage.PROVISIONAL, 6), row(Stage.FINAL, 7)])
    for wrong in (
        row(Stage.FINAL, 8),
        row(Stage.PROVISIONAL, 8),
        row(Stage.CORRECTION, 8),
        row(Stage.CORRECTION, 8, old_price=6, why="a source spoke in cents"),
        row(Stage.CORRECTION, 7, old_price=7, why="nothing"),
        row(Stage.CORRECTION, 8, old_price=7, why="late", published=0),
    ):
        with pytest.raises(RecordError, match="IDX-014"):
            record.add(wrong)
    record.add(row(Stage.CORRECTION, 8, old_price=7, why="a source spoke in cents", published=2))
    settled = record.settles("2026-01-05")
    assert settled is not None
    assert settled.fixing["price"] == 7
    assert [r.fixing["price"] for r in record.current()] == [7]
    assert [r.why for r in record.corrections()] == ["a source spoke in cents"]
    assert record.settles("2026-01-06") is None
    with pytest.raises(RecordError):
        Record([row(Stage.CORRECTION, 8, old_price=7, why="nothing was final")])


@pytest.mark.rule("IDX-014")
def test_a_date_is_provisional_after_it_ends_and_final_after_the_challenge() -> None:
    day = day_of(date(2026, 1, 5))
    assert date_of(day) == date(2026, 1, 5)
    end = (day + 1) * DAY
    half_hour = 30 * 60 * 10**9
    assert due(SPOT, day, end) is None
    assert due(SPOT, day, end + half_hour) is Stage.PROVISIONAL
    assert due(SPOT, day, end + half_hour + DAY - 1) is Stage.PROVISIONAL
    assert due(SPOT, day, end + half_hour + DAY) is Stage.FINAL
