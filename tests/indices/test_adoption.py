"""A later version goes on from what the earlier one left, and what was fixed keeps its version."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from lasalle.indices import ChainMethod, EvidenceBook, State, evidence_table, method_of
from lasalle.indices.adoption import Saying, adoptions, check_notice, method_at, stages_of
from lasalle.indices.bundle import day_of, recompute
from lasalle.indices.chain import Rung
from lasalle.indices.history import replay, staged
from lasalle.indices.published import MethodError
from lasalle.institution.index_desk import IndexDesk
from lasalle.institution.index_store import IndexStore
from tests.indices.offers import SPOT, every

ABCD = ("a", "b", "c", "d")
THIRD = method_of("H100-US", 3)
assert isinstance(THIRD, ChainMethod)
NOTICE = Saying("H100-US", 3, 4, date(2026, 1, 12), SPOT.sha256, "why", 1, 5)
BOTH = (NOTICE, replace(NOTICE, actor=2, time=6))
AGREED = adoptions(BOTH)


def test_two_hands_make_a_notice_and_one_hand_twice_none() -> None:
    assert [(a.hands, a.agreed, a.time) for a in AGREED] == [((1, 2), True, 6)]
    assert not adoptions([NOTICE, replace(NOTICE, time=9)])[0].agreed
    other = replace(BOTH[1], first=date(2026, 1, 13))
    assert [a.agreed for a in adoptions([NOTICE, other])] == [False, False], "of one date each"
    third = adoptions([*BOTH, replace(NOTICE, actor=3, time=99)])
    assert third == AGREED, "what is agreed is not agreed later"


@pytest.mark.rule("IDX-026")
def test_a_later_version_goes_on_from_the_state_of_the_earlier() -> None:
    """Read to the 2nd: version 3 stands to the 9th; version 4 from the 12th finds what is stale."""
    book = EvidenceBook(evidence_table(every(range(1, 3), 3.0, *ABCD)))
    stages = stages_of(THIRD, AGREED)
    assert [method_at(stages, day_of(d)).version for d in (date(2026, 1, 11), NOTICE.first)] == [
        3, 4,
    ]  # fmt: skip
    last = day_of(date(2026, 1, 20))
    lived = [(method.version, made.fixing) for method, *_, made in staged(stages, book, last)]
    assert [v for v, _ in lived] == [f.method_version for _, f in lived] == [3] * 11 + [4] * 9
    assert {f.rung for _, f in lived[9:11]} == {Rung.NONE}
    assert {f.rung for _, f in lived[11:16]} == {Rung.STALE}
    for (_, before), (_, after) in pairwise(lived):
        assert after.state_before == before.state_after
    alone = [s.fixing for s in replay(THIRD, book, last)]
    assert [f for _, f in lived[:11]] == alone[:11]
    assert stages_of(THIRD, adoptions([NOTICE])) == ((0, THIRD),), "one hand changes nothing"
    bent = adoptions([replace(one, method_sha256="0" * 64) for one in BOTH])
    with pytest.raises(MethodError, match="the adopted table 0000"):
        stages_of(THIRD, bent)


@pytest.mark.rule("IDX-026")
def test_a_record_changes_its_version_on_the_date_and_every_bundle_is_made_again(tmp_path) -> None:
    store = IndexStore(tmp_path)
    book = EvidenceBook(evidence_table(every(range(1, 19), 3.0, *ABCD)))

    def fix(until: date) -> None:
        now = (day_of(until) + 1) * 86_400 * 10**9 + THIRD.provisional
        IndexDesk(store, book, now, 0).fix(THIRD)

    fix(date(2026, 1, 8))
    for word in BOTH:
        store.say(word)
    assert store.adoptions() == AGREED
    for day in (11, 12, 13, 18):  # the last of the old is provisional when the first of the new is
        fix(date(2026, 1, day))
    current = store.record("H100-US").current()
    assert [r.fixing["method_version"] for r in current] == [3] * 11 + [4] * 7
    assert {r.fixing["method_sha256"] for r in current[11:]} == {SPOT.sha256}
    for row in current:
        bundle = store.bundle("H100-US", row.fixing["day"])
        assert bundle is not None
        assert recompute(bundle, row.fixing).faults == ()
    # Looked at again from before it, each date is under its own version still.
    wrong = every(range(1, 19), 3.0, *ABCD)
    wrong = [replace(r, price=r.price + 90_000) if r.offer == "a" and "a@11" in r.reference else r
             for r in wrong]  # fmt: skip
    now = 2**61
    desk = IndexDesk(store, EvidenceBook(evidence_table(wrong)), now, 0)
    rows = desk.correct(THIRD, date(2026, 1, 1), "a test", State())
    assert {r.fixing["day"]: r.fixing["method_version"] for r in rows}["2026-01-11"] == 3


@pytest.mark.rule("IDX-025")
@pytest.mark.parametrize(
    ("version", "first", "running", "field"),
    [
        (4, date(2026, 2, 13), {}, "from"),
        (3, date(2026, 6, 1), {}, "version"),
        (1, date(2026, 6, 1), {}, "version"),
        (4, date(2026, 6, 1), {"W": (date(2026, 5, 28), date(2026, 6, 3))}, "from"),
    ],
)
def test_a_notice_is_refused_by_field(version, first, running, field) -> None:
    today = date(2026, 1, 15)
    with pytest.raises(MethodError) as refused:
        check_notice(THIRD, version, first, today, (), running)
    assert refused.value.field == field
    june = {"M": (date(2026, 6, 1), date(2026, 6, 30)), "N": (date(2026, 5, 1), date(2026, 5, 31))}
    assert check_notice(THIRD, 4, date(2026, 6, 1), today, (), june) is SPOT
    with pytest.raises(MethodError, match="a mean ends"):
        check_notice(method_of("H100-US", 1), 4, date(2026, 6, 1), today, (), {})
