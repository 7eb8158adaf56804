"""A need's file is read whole or refused by line and field; draws follow what it states."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from importlib import resources

import numpy as np
import pytest

from lasalle.contracts import Month
from lasalle.hedging.plan.drawing import PriceLaw, draw
from lasalle.hedging.plan.need import DEFAULTS, Need, NeedError, horizon, offered_months, read_need

BEGINS = """name = "Run"
grade = "H100"
location = "US"
[amount]
dollars = 20_000_000
[start]
earliest = 2027-03-01
latest = 2027-05-31
run_days = 30
"""
DAY = date(2026, 11, 20)
LAW = PriceLaw(2.0, 0.3, 0.3, premium=0.05)


def need(more: str = "") -> Need:
    """The need above with more lines."""
    return read_need(BEGINS + more, "need.toml")


def curve(of: Need) -> dict[Month, float]:
    """A curve that rises."""
    return {month: 2.5 + 0.05 * n for n, month in enumerate(horizon(of, DAY))}


def test_the_example_is_a_need_and_every_default_names_a_field() -> None:
    """What `lasalle hedge example` writes is read; the explained defaults exist."""
    text = (resources.files("lasalle.hedging") / "table" / "need.toml").read_text("utf-8")
    found = read_need(text, "need.toml")
    assert found.start.run_days == 30
    for field in DEFAULTS:
        table, _, name = field.partition(".")
        held = getattr(need(), table)
        assert not name or hasattr(held, name), field


@pytest.mark.parametrize(
    ("lines", "where", "said"),
    [
        ("nonsense = 1", 10, "nonsense: expected no such field, found nonsense"),
        ("[risk]\nlevel = 0.2", 11, "risk.level: expected 0.5 to 0.999, found 0.2"),
        ("[risk]\nlevel = 'high'", 11, "risk.level: expected a number, found text in quotes"),
        ("[[size]]\nfactor = 1.0\nprobability = 0.5", 10, "size: expected probabilities that sum"),
        ("[[size]]\nfactor = -1.0\nprobability = 1.0", 11, "size.0.factor: expected 0.001 to 100"),
        ("[bill]\nratio = 0.0", 11, "bill.ratio: expected 0.01 to 100, found 0.0"),
        ("[late]\nwait_days = 9000", 11, "late.wait_days: expected 0 to 366"),
        ("[budget]\ncash_dollars = -1.0", 11, "budget.cash_dollars: expected 0 to inf"),
        ("[supply]\nshortage = 1.5", 11, "supply.shortage: expected 0 to 0.99"),
        ("[trade]\ninstruments = ['future', 'tulip']", 11, "trade.instruments.1"),
        (
            "[[offers]]\nkind = 'physical'\nname = 'x'\nfirst = '2027-13'\nprice = 2.0\n"
            "accelerators = 8",
            13,
            "offers.0.first: expected a month, YYYY-MM, found 2027-13",
        ),
        (
            "[[offers]]\nkind = 'future'\nname = 'x'\nfirst = '2027-03'\nprice = 2.0\n"
            "accelerators = 8",
            11,
            "offers.0.kind: expected physical or capacity, found future",
        ),
        (
            "[[substitutes]]\ngrade = 'H200'\nhours = 0.0\nprice_ratio = 1.2",
            12,
            "substitutes.0.hours: expected 0.01 to 100",
        ),
        ("= 3", 10, "file: expected TOML"),
    ],
)
def test_a_wrong_field_is_named(lines: str, where: int, said: str) -> None:
    """By file, line and field, with what was expected and found."""
    with pytest.raises(NeedError) as refused:
        need(lines)
    begins = f"need.toml:{where}: "
    assert any(one.startswith(begins) and said in one for one in refused.value.faults)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("dollars = 20_000_000", "dollars = 1\naccelerator_hours = 1"), "one of them, found 2"),
        (("dollars = 20_000_000", "dollars = -1"), "at least 1 and below 1e12"),
        (("latest = 2027-05-31\n", ""), "earliest and latest, or milestones, found neither"),
        (("latest = 2027-05-31", "latest = 2026-05-31"), "2027-03-01 or later"),
        (("run_days = 30", "run_days = 30\nmost_likely = 2029-01-01"), "a day of the window"),
        (("run_days = 30", "run_days = 0"), "1 to 366 days"),
        (("run_days = 30\n", ""), "start.run_days: expected a value, found nothing"),
    ],
)
def test_a_need_that_cannot_be_is_refused(change: tuple[str, str], said: str) -> None:
    """What types alone do not say."""
    with pytest.raises(NeedError, match=said):
        read_need(BEGINS.replace(*change), "need.toml")


def test_every_fault_is_told_at_once() -> None:
    """Three ranges left, three lines."""
    with pytest.raises(NeedError) as refused:
        need("[bill]\nratio = 0.0\n[risk]\nlevel = 0.1\n[supply]\nfailure = 2.0")
    assert len(refused.value.faults) == 3


def test_a_horizon_runs_from_the_day_to_the_last_hour() -> None:
    """A start on 31 May and 30 days end in June; a past start and a far one are refused."""
    months = horizon(need(), DAY)
    assert (months[0], months[-1]) == (Month(2026, 11), Month(2027, 6))
    with pytest.raises(ValueError, match="expected after the plan's day 2027-03-01"):
        horizon(need(), date(2027, 3, 1))
    with pytest.raises(ValueError, match="within 48 months"):
        horizon(need(), date(2020, 1, 1))


def test_starts_and_sizes_follow_what_is_stated() -> None:
    """Evenly, as a triangle, by milestones; sizes by their probabilities."""
    uniform = (np.arange(10_000) + 0.5) / 10_000
    even = need().starts(uniform)
    assert (even.min(), even.max()) == (
        date(2027, 3, 1).toordinal(),
        date(2027, 5, 31).toordinal(),
    )
    assert np.ptp(np.bincount((even - even.min()).astype(int))) <= 2
    peaked = read_need(BEGINS + "most_likely = 2027-03-15\n", "n").starts(uniform)
    counts = np.bincount((peaked - peaked.min()).astype(int))
    assert abs(int(counts.argmax()) - 14) <= 1
    assert np.all(np.diff(counts[20:]) <= 2)
    stones = read_need(
        BEGINS.replace("earliest = 2027-03-01\nlatest = 2027-05-31\n", "")
        + "[[start.milestones]]\nday = 2027-04-01\nprobability = 0.25\n"
        + "[[start.milestones]]\nday = 2027-06-01\nprobability = 0.75\n",
        "n",
    )
    drawn = stones.starts(uniform)
    assert np.mean(drawn == date(2027, 4, 1).toordinal()) == pytest.approx(0.25)
    sized = need(
        "[[size]]\nfactor = 1.0\nprobability = 0.7\n[[size]]\nfactor = 2.0\nprobability = 0.3\n"
    )
    assert np.mean(sized.sizes(uniform) == 2.0) == pytest.approx(0.3)


def test_draws_keep_the_curve_and_the_seed() -> None:
    """Months settle at their forwards less the premium on average; marks are martingales after it;
    more paths are the same paths and more.
    """
    asked = need()
    drawn = draw(asked, DAY, curve(asked), LAW, count=20_000, seed=3).factors
    years = np.array([(m.first_day - DAY).days + m.days / 2 for m in drawn.months]) / 365
    expected = drawn.curve * np.exp(-0.05 * np.maximum(years, 0))
    assert drawn.settled.mean(axis=0)[1:] == pytest.approx(expected[1:], rel=0.012)
    last = drawn.marks[:, 2, -1]
    seen = (drawn.months[2].last_day - DAY).days / 365
    assert last.mean() == pytest.approx(drawn.curve[-1] * np.exp(-0.05 * seen), rel=0.012)
    again = draw(asked, DAY, curve(asked), LAW, count=500, seed=3).factors
    assert np.array_equal(again.settled, drawn.settled[:500])
    assert np.array_equal(again.shortage, drawn.shortage[:500])
    other = draw(asked, DAY, curve(asked), LAW, count=500, seed=4).factors
    assert not np.array_equal(other.settled, again.settled)


def test_shortage_comes_with_dear_months() -> None:
    """As often as stated where the price stands at its forward, oftener where it is dearer."""
    asked = need("[supply]\nshortage = 0.1\nslope = 4.0\n")
    drawn = draw(asked, DAY, curve(asked), LAW, count=20_000, seed=5).factors
    ratio = drawn.settled[:, 5] / drawn.curve[5]
    near = np.abs(ratio - 1) < 0.05
    assert drawn.shortage[near, 5].mean() == pytest.approx(0.1, abs=0.015)
    assert drawn.shortage[ratio > 1.3, 5].mean() > 1.8 * drawn.shortage[ratio < 0.8, 5].mean()
    none = need("[supply]\nshortage = 0.0\n")
    assert not draw(none, DAY, curve(none), LAW, count=500, seed=5).factors.shortage.any()


def test_a_substitute_serves_where_the_grade_is_short_and_caps_its_price() -> None:
    """Where scarcity is not shared both short at once is rare; the bill is never above what the
    substitute would cost. Shared, the substitute is short when it is wanted.
    """
    more = "[supply]\nshortage = 0.2\nslope = 0.0\ncommon = 0.0\n"
    other = "[[substitutes]]\ngrade = 'H200'\nhours = 0.8\nprice_ratio = 1.3\ndeviation = 0.0\n"
    alone = draw(need(more), DAY, curve(need()), LAW, count=4_000, seed=6).factors
    both = draw(need(more + other), DAY, curve(need()), LAW, count=4_000, seed=6).factors
    assert alone.shortage.mean() == pytest.approx(0.2, abs=0.01)
    assert both.shortage.mean() == pytest.approx(0.04, abs=0.01)
    served = (both.basis != alone.basis).mean()
    assert 0.1 < served < 0.6
    assert both.basis.max() <= max(alone.basis.max(), 1.04) + 1e-9
    shared = need(more.replace("common = 0.0", "common = 0.9") + other)
    scarce = draw(shared, DAY, curve(need()), LAW, count=4_000, seed=6).factors
    assert scarce.shortage.mean() > 0.12


def test_a_curve_without_a_month_is_refused() -> None:
    """By the month it lacks."""
    asked = need()
    short = dict.fromkeys(horizon(asked, DAY)[:-1], 2.5)
    said = "expected prices to 2027-06, where the run may end, found none for 2027-06"
    with pytest.raises(ValueError, match=said):
        draw(asked, DAY, short, LAW, count=500, seed=1)


def test_an_offer_has_its_months() -> None:
    """From first to last."""
    asked = need(
        "[[offers]]\nkind = 'capacity'\nname = 'x'\nfirst = '2027-03'\nlast = '2027-05'\n"
        "price = 0.4\nstrike = 2.6\naccelerators = 8\n"
    )
    assert [str(m) for m in offered_months(asked.offers[0])] == ["2027-03", "2027-04", "2027-05"]


def test_what_is_past_of_the_first_month_moves_no_more() -> None:
    """On 20 November a third of the month is to come, and its average moves by a third of that."""
    found = draw(need(), DAY, curve(need()), replace(LAW, premium=0.0), count=20_000, seed=3)
    moves = found.factors.settled[:, 0] / found.factors.curve[0] - 1.0
    # One week's price falls into what is left: lognormal of a week's variance.
    short, long, between = LAW.moments(7 / 365)
    week = np.sqrt(np.expm1(short + long + 2 * between))
    assert moves.std() == pytest.approx(week * 10 / 30, rel=0.03)
    assert abs(moves.mean()) < 4 * moves.std() / np.sqrt(len(moves))
