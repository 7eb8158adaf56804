"""A drawing, a line of text and a derived index say which figures are simulated or modelled."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

import pytest

from lasalle.indices import EVIDENCE_SCHEMA, index_chart
from lasalle.indices.family import (
    DerivedError,
    Leg,
    difference,
    implied_volatility,
    realised_volatility,
    recompute,
)
from lasalle.indices.family.derived import OBSERVED, Truth
from lasalle.indices.family.listed import family_of
from lasalle.indices.record import Record, Row, Stage
from lasalle.indices.truth import said, stretches, truth_of
from lasalle.institution import index_command
from lasalle.institution.command_line import main
from lasalle.institution.index_store import IndexStore

FIRST = date(2026, 1, 1)


def row(day: int, *, simulated: bool, price: int = 2_000_000) -> Row:
    fixing = {
        "index": "H100-US", "day": str(FIRST + timedelta(days=day)), "price": price,
        "status": "fixed" if price else "no-fix", "rung": "list", "marks": [], "reason": "",
        "evidence_day": str(FIRST), "offers": 3, "sources": 2, "rows": 3, "level": price,
        "simulated": simulated, "method_version": 4, "method_sha256": "a" * 64,
        "inputs_root": "b" * 64, "state_before": "c" * 64, "state_after": "d" * 64,
    }  # fmt: skip
    return Row(Stage.FINAL, fixing, 1)


def record(word: str) -> Record:
    """A record in letters: r real, s simulated, - without a fixing."""
    rows = [
        row(day, simulated=letter == "s", price=0 if letter == "-" else 2_000_000 + day)
        for day, letter in enumerate(word)
    ]
    return Record(rows)


@pytest.mark.parametrize(
    ("word", "days", "words"),
    [
        ("rrr", [], ""),
        ("", [], ""),
        ("sss", [(0, 2)], "SIMULATED: every fixing"),
        ("s--s", [(0, 3)], "SIMULATED: every fixing"),
        ("rrs-sr", [(2, 4)], "in part: 2026-01-03 to 2026-01-05, 2 of 5 fixings"),
        ("srsrsrs", [(0, 0), (2, 2), (4, 4), (6, 6)], "in part: 4 stretches, 4 of 7 fixings"),
    ],
)
def test_simulated_stretches_are_named(word, days, words) -> None:
    rows = record(word).current()
    found = [(a.fixing["day"], b.fixing["day"]) for a, b in stretches(rows)]
    named = [tuple(str(FIRST + timedelta(days=n)) for n in pair) for pair in days]
    assert found == named
    assert words in said(rows) if words else said(rows) == ""


def test_a_drawing_says_what_is_simulated(monkeypatch) -> None:
    """In the title, and over the stretch itself; a real one says nothing of the kind."""
    titles: list[str] = []
    shaded: list[str] = []
    axes = "matplotlib.axes.Axes"
    monkeypatch.setattr(f"{axes}.set_title", lambda _, text, **__: titles.append(text))
    monkeypatch.setattr(f"{axes}.annotate", lambda _, text, *__, **___: shaded.append(text))
    for word in ("rrssrr", "rrrrrr"):
        assert index_chart.picture("A price", record(word)).startswith(b"\x89PNG")
    assert titles[0].startswith("A price\nSIMULATED in part: 2026-01-03 to 2026-01-04")
    assert titles[1] == "A price"
    assert shaded == ["simulated"]
    mixed, real = (index_chart.page("A price", record(w)).decode() for w in ("rrssrr", "rrrrrr"))
    head = mixed.split("<canvas")[0]
    assert head.count("SIMULATED in part: 2026-01-03 to 2026-01-04, 2 of 6") == 2
    rows = json.loads(re.findall(r"const rows = (.*);", mixed)[0])
    assert [one[7] for one in rows] == [0, 0, 1, 1, 0, 0]
    assert "SIMULATED" not in real
    assert not re.search("@[A-Z]+@", mixed + real), "nothing of the template is left"


def test_a_derived_index_says_what_it_is_made_of() -> None:
    real, made_up = Leg("x", 7, "fixed"), Leg("y", 5, "fixed", simulated=True)
    none = Leg("z", 0, "no-fix", simulated=True)
    labels = [
        difference("A", 20260312, *legs).simulated
        for legs in ((real, real), (real, made_up), (made_up, real), (real, none))
    ]
    assert labels == [False, True, True, False]
    found = difference("A", 20260312, real, made_up)
    assert recompute(found.inputs) == found, "the label stands in the lines it is made again from"
    assert found.inputs.startswith(b"A|difference v1|20260312|simulated\n")
    # Lines of before the label are read, and do not say.
    old = recompute(found.inputs.replace(b"|simulated\n", b"\n"))
    assert (old.value, old.simulated, old.modelled) == (2, None, None)
    assert old.inputs == found.inputs.replace(b"|simulated\n", b"\n")
    for bent in (b"|real\n", b"|modelled+simulated\n", b"|simulated|modelled\n", b"|\n"):
        with pytest.raises(DerivedError, match="inputs"):
            recompute(found.inputs.replace(b"|simulated\n", bent))
    words = [truth_of(*pair) for pair in ((None, None), (False, False), (True, True))]
    assert words == ["not said", "real", "simulated, modelled"]


def test_a_volatility_is_simulated_by_the_fixings_it_rests_on() -> None:
    days = [int(f"{FIRST + timedelta(days=n):%Y%m%d}") for n in range(60)]
    fixings = [(day, 2_000_000 + n % 7 * 10_000, "fixed") for n, day in enumerate(days)]
    labels = {
        n: realised_volatility("A", fixings, made_up={days[n]}).simulated for n in (59, 30, 29, 28)
    }
    assert labels == {59: True, 30: True, 29: True, 28: False}, "the move into the window counts"
    for truth in (OBSERVED, Truth(modelled=True), Truth(simulated=True, modelled=True)):
        found = implied_volatility("H100-US-IV30", 20260312, [], truth)
        assert recompute(found.inputs).truth == truth


def test_a_family_without_quotes_claims_no_model() -> None:
    made = family_of(FIRST, {}, EVIDENCE_SCHEMA.empty_table(), quoted=Truth(modelled=True))
    assert {(one.simulated, one.modelled) for one in made} == {(False, False)}


def test_text_says_simulated_and_finds_the_record_of_a_house(tmp_path, monkeypatch, capsys) -> None:
    """A made-up row bears a keeper's name in its bytes: it is told as simulated before it."""
    house = tmp_path / "var/house/indices"
    names = "gcp-history|1|1|H100-SXM|US-EAST|0|0|3|2|simulated/zone-1|simulated path|simulated"
    bundle = json.dumps({"rows": [names]}).encode()
    IndexStore(house).keep("H100-US", record("rss").rows, {"2026-01-03": bundle}, None)
    monkeypatch.chdir(tmp_path)
    assert main(["index", "show", "H100-US"]) == 0
    asked = capsys.readouterr()
    assert "records of var/house/indices" in asked.err
    first, *lines = asked.out.splitlines()
    assert first.startswith("SIMULATED in part: 2026-01-02 to 2026-01-03")
    assert [re.split(r"\s+", line)[2] for line in lines] == ["real", "simulated", "simulated"]
    assert main(["index", "show", "H100-US", "2026-01-03"]) == 0
    told = capsys.readouterr().out
    assert "    simulated: gcp-history|" in told
    assert not re.search(r"^ +gcp-history", told, re.M)
    assert main(["index", "list"]) == 0
    (line,) = [one for one in capsys.readouterr().out.splitlines() if one.startswith("H100-US ")]
    assert "final       simulated  " in line
    for folder in ("var/house", "var/house/indices"):
        assert main(["index", "show", "H100-US", "--dir", folder]) == 0
        assert "records of" not in capsys.readouterr().err
    for words in (["show", "T-BATCH"], ["plot", "T-BATCH", "--png", "x.png"],
                  ["bundle", "T-BATCH", "2026-01-03", "--out", "x"]):  # fmt: skip
        assert main(["index", *words]) == 1
        assert "in . or var/indices or var/house, found none" in capsys.readouterr().err


def test_a_long_index_says_how_far_it_is(monkeypatch, capsys) -> None:
    """Not at each date, and on stderr alone."""
    now = [0.0]
    monkeypatch.setattr(index_command.time, "monotonic", lambda: now[0])
    going = index_command._told_of("H100-US")
    for tick in range(10):
        now[0] = tick / 2
        assert going()
    asked = capsys.readouterr()
    assert asked.err.splitlines() == ["fixing H100-US: 4 dates", "fixing H100-US: 8 dates"]
    assert asked.out == ""
