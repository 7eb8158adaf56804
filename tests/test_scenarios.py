"""The law, one sentence at a time: every scenario and every worked example of the rulebook."""

from __future__ import annotations

import re

import pytest

from lasalle import wire
from lasalle.wire import REFUSALS, Bound, Refusal, Refused
from tests.scenario import ROOT, all_scenarios, read_scenarios, rulebook_scenarios, tell

SCENARIOS = all_scenarios()
CODE = re.compile(r"^\*\*([A-Z]{3}-\d{3})\*\*( \((?:proposed|withdrawn)\))? (.+)$", re.M)


def rules() -> dict[str, str]:
    """Code to sentence of every rule in force."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "rulebook").glob("*.md")):
        for code, status, sentence in CODE.findall(path.read_text()):
            assert code not in found, f"{code} stands twice"
            if not status:
                found[code] = sentence
    return found


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: f"{s.source}:{s.title}")
def test_scenario(scenario, core):
    story = tell(scenario, core)
    again = core()
    for frame in story.frames:
        again.take(frame)
    assert again.state_hash() == story.house.state_hash(), "replay gives the same state"
    at_once = core()
    at_once.take(b"".join(story.frames))
    assert at_once.state_hash() == story.house.state_hash(), "batching does not matter"
    restored = core.restore(story.house.snapshot())
    assert restored.state_hash() == story.house.state_hash(), (
        "a snapshot restores to the same state"
    )


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: f"{s.source}:{s.title}")
def test_a_house_restored_before_every_command_goes_on_alike(scenario, core):
    straight, restored = core(), core()
    for frame in tell(scenario).frames:
        restored = core.restore(restored.snapshot())
        assert restored.take(frame) == straight.take(frame), wire.read_frames(frame)


def test_every_rule_in_force_has_its_worked_example():
    shown = {code for scenario in rulebook_scenarios() for code in scenario.rules}
    # What a door promises is shown over a socket, what an index or desk does on its inputs: by the
    # tests that name the sentence.
    named = "".join(p.read_text() for p in (ROOT / "tests").glob("**/test_*.py"))
    shown |= set(re.findall(r'pytest\.mark\.rule\("((?:GTW|IDX|CLR|DEL|CRD)-\d{3})"\)', named))
    assert set(rules()) - shown == set()


def test_every_code_cited_is_a_rule_in_force():
    cited = {code for scenario in SCENARIOS for code in scenario.rules}
    cited |= {rule for rule, _, _ in REFUSALS.values()}
    assert cited - set(rules()) == set()


def test_every_refusal_is_shown_in_a_scenario():
    seen = set()
    for scenario in SCENARIOS:
        seen |= {Refusal(e.refusal) for _, e in tell(scenario).told if isinstance(e, Refused)}
    assert {r.name for r in set(Refusal) - seen} == {"ORDERS_TOO_MANY"}


def test_an_account_has_a_bounded_number_of_live_orders(monkeypatch):
    monkeypatch.setattr(Bound, "OPEN_ORDERS_PER_ACCOUNT", 2)
    tell(
        read_scenarios(
            """
        scenario Too many orders  [EXC-006]
        given world=market
        given place account=ana series=fut side=buy price=2.50 lots=1
        given place account=ana series=fut side=buy price=2.50 lots=1
        when place account=ana series=fut side=buy price=2.50 lots=1
        then refused refusal=orders_too_many expected=2 found=2
    """,
            "here",
        )[0]
    )


def test_a_full_account_forgets_its_first_reference(monkeypatch):
    monkeypatch.setattr(Bound, "REFERENCES_PER_ACCOUNT", 2)
    tell(
        read_scenarios(
            """
        scenario Forgotten  [EXC-004]
        given world=market
        given place account=ana series=fut side=buy price=2.50 lots=1 reference=r1 as=one
        given place account=ana series=fut side=buy price=2.50 lots=1 reference=r2
        given place account=ana series=fut side=buy price=2.50 lots=1 reference=r3
        when place account=ana series=fut side=buy price=2.50 lots=1 reference=r1 reference_time=1s
        then refused refusal=reference_stale
    """,
            "here",
        )[0]
    )
