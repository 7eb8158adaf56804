"""A fire drill: thirty days, three defaults, told as a trace and reconciled to the micro-dollar."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from lasalle import wire
from lasalle.institution.command_line import main
from lasalle.institution.default_command import drill, fitting
from lasalle.institution.drill import Drill
from lasalle.institution.drill_house import DrillHouse, copy_house
from lasalle.institution.drill_report import DrillReport, as_json, chart, report, text
from lasalle.institution.drill_story import StoryError, load_story, read_story, scaled, stories
from lasalle.plain import House
from lasalle.sim.watch import Watch, WatchedCore
from lasalle.venue import Journal, verify
from lasalle.venue.disk import FolderDisk
from lasalle.venue.replay import replay
from lasalle.views.statement import unreconciled
from lasalle.views.statements import Statements, differing
from lasalle.wire import LossLayer

TRACE = Path(__file__).parents[1] / "traces" / "three-defaults.txt"
STORY = load_story("three-defaults")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DrillReport]:
    """The folder of a drill that was kept, and its report."""
    folder = tmp_path_factory.mktemp("drill")
    house = DrillHouse(folder)
    told = Drill(STORY, house)
    told.run()
    found = report(told)
    house.close()
    return folder, found


def said(told: DrillReport) -> str:
    """The text without what depends on which core was built."""
    return text(replace(told, notice="A core serves."))


def test_the_drill_reads_as_it_was_accepted(lived: Any, pytestconfig: Any) -> None:
    found = said(lived[1])
    if pytestconfig.getoption("--accept"):
        TRACE.write_text(found)
    assert found == TRACE.read_text()


def test_every_layer_bears_a_loss_and_one_default_goes_through_to_tear_up(lived: Any) -> None:
    told = lived[1]
    borne = {layer: sum(d.layers[layer] for d in told.defaults) for layer in LossLayer}
    # What margin there was went in settlement, before the layers; gains of house accounts sufficed.
    idle = {LossLayer.MARGIN, LossLayer.CLIENT_GAINS, LossLayer.LIQUIDITY}
    assert {layer for layer, v in borne.items() if not v} == idle
    assert all(d.margin_paid for d in told.defaults)
    last = told.defaults[-1]
    assert (last.torn, last.left, last.closed - last.declared) == (1600, 0, 1)
    assert [bool(d.sold) for d in told.defaults] == [True, True, False]
    assert (len(told.defaults[0].ported), told.defaults[0].hedged) == (1, 150)


def test_every_account_reconciles_and_a_wrong_sum_is_noticed(lived: Any) -> None:
    told = lived[1]
    assert told.sound
    assert len(told.balances) > 20
    first = told.balances[0]
    bent = replace(told, balances=(replace(first, closing=first.closing + 1), *told.balances[1:]))
    assert not bent.sound
    bent = replace(told, balances=(replace(first, core=first.core + 1), *told.balances[1:]))
    assert not bent.sound
    assert not replace(told, ledger_sum=1).sound


def test_the_auditor_and_every_checker_agree(lived: Any) -> None:
    watch = Watch()
    disk = FolderDisk(lived[0] / "journal")
    core, _, _ = replay(Journal(disk), make=WatchedCore.maker(House, None, watch))
    disk.close()
    assert watch.found is None
    assert watch.reached["loss_allocated"] >= 20
    assert watch.reached["position_transferred"] >= 10
    assert core.state_hash().hex() == lived[1].state_hash


def test_statements_add_up_through_defaults_and_follow_a_client_to_its_member(lived: Any) -> None:
    fold, disk = Statements(), FolderDisk(lived[0] / "journal")
    core, _, _ = replay(Journal(disk), on_events=fold.take)
    disk.close()
    fold.finish()
    assert unreconciled(one for _, one in sorted(fold.found.items())) == []
    assert differing(fold, core.snapshot()) == []
    members = {day: one.member for (day, account), one in fold.found.items() if account == 9002}
    assert (members[20260108], members[20260109]) == (9001, 9005)


def test_the_same_seed_gives_the_same_drill_and_another_gives_another(lived: Any) -> None:
    again = drill(STORY, None)
    assert said(again) == said(lived[1])
    other = drill(replace(STORY, seed=8), None)
    assert other.sound
    assert other.state_hash != again.state_hash


def test_a_drill_in_a_house_leaves_the_house_alone(lived: Any) -> None:
    folder = lived[0]

    def digests() -> dict[Path, bytes]:
        return {p: sha256(p.read_bytes()).digest() for p in folder.rglob("*") if p.is_file()}

    before = digests()
    told = drill(replace(STORY, series="DRILL.SECOND"), folder)
    assert digests() == before
    # The second drill stands beside what the first left: its members, its fund, its price.
    assert told.sound
    assert any(b.name == "account 9005" for b in told.balances)
    assert not verify(folder).faults


def test_the_drill_asks_its_own_margin_in_a_house_of_several_scan_rows(tmp_path: Path) -> None:
    house, kinds = DrillHouse(tmp_path), wire.ScenarioKind
    labels = [wire.Scenario(kinds.SCAN, group) for group in (1, 1, 2, 2, 3)]
    labels += [wire.Scenario(kinds.HISTORICAL, 0)] * 2
    rows = tuple(wire.ScanRow(group, 10_000) for group in (1, 2, 3))
    begin = wire.BeginMarginTable(table=5, scenarios=tuple(labels), rows=rows)
    house.must(house.first, begin)
    house.must(house.first, wire.ActivateMarginTable(table=5, replaces=0))
    house.close()
    told = drill(STORY, tmp_path)
    assert told.sound
    assert [d.closed for d in told.defaults] == [7, 14, 23]


def test_a_folder_that_is_no_house_or_not_empty_is_refused(tmp_path: Path, lived: Any) -> None:
    with pytest.raises(ValueError, match="no journal"):
        copy_house(tmp_path, tmp_path / "copy")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(ValueError, match="empty folder"):
        copy_house(lived[0], tmp_path / "full")


def test_the_report_is_a_page_of_numbers_and_a_picture(lived: Any) -> None:
    found = json.loads(as_json(lived[1]))
    assert [d["declared"] for d in found["defaults"]] == [6, 13, 22]
    for d in found["defaults"]:
        assert sum(d["layers"].values()) == d["loss"]
    assert chart(lived[1]).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("bent", "said_"),
    [
        ('key = "cedar"', "each key once"),
        ("lots = -400", "a sum of 0"),
        ("price = 2.50", "six decimals"),
        ('title = "Thirty days, three defaults"', "expected title"),
    ],
)
def test_a_story_that_is_none_is_refused(bent: str, said_: str) -> None:
    to = {
        'key = "cedar"': 'key = "lab"',
        "lots = -400": "lots = -401",
        "price = 2.50": "price = 2.5000001",
    }
    folder = Path(__file__).parents[2] / "lasalle" / "institution" / "table" / "drills"
    whole = (folder / "three-defaults.toml").read_text()
    assert whole.count(bent) == 1
    with pytest.raises(StoryError, match=said_):
        read_story(whole.replace(bent, to.get(bent, "")))


def test_the_command_prints_the_trace_and_writes_the_report(tmp_path: Path, capsys: Any) -> None:
    assert stories() == ["three-defaults"]
    assert main(["default", "drill", "three-defaults", "--out", str(tmp_path)]) == 0
    assert "SOUND: every account reconciles" in capsys.readouterr().out
    assert sorted(p.name for p in tmp_path.iterdir()) == ["drill.json", "drill.png", "drill.txt"]
    assert main(["default", "drill", "no-such-story"]) == 1
    assert "three-defaults or a file" in capsys.readouterr().err


def test_a_story_that_asks_for_what_is_refused_says_so() -> None:
    poor = replace(STORY, cast=tuple(replace(c, cash=1_000_000_000) for c in STORY.cast))
    with pytest.raises(ValueError, match=r"contribute_fund: cash_short|place_order: margin_short"):
        drill(poor, None)


def test_a_story_of_more_money_goes_through_the_same_layers(lived: Any) -> None:
    """A house with millions ready is drilled with a story that uses them up."""
    folder, told = lived
    assert fitting(STORY, folder) > 10, "the house has tranches and survivors' fund"
    times = 300
    more = drill(scaled(STORY, times), None)
    assert more.sound
    for one, other in zip(told.defaults, more.defaults, strict=True):
        assert [n for n, v in other.layers.items() if v] == [n for n, v in one.layers.items() if v]
        assert other.loss > 100 * one.loss
    assert scaled(STORY, 1) == STORY
    for wrong in (0, 60_001):
        with pytest.raises(StoryError, match="--scale"):
            scaled(STORY, wrong)
    with pytest.raises(StoryError, match="more than a house"):
        scaled(replace(STORY, hours=200), 60_000)
