"""Every default of a need is explained, and the form to begin from shows every field."""

from __future__ import annotations

import re
from importlib import resources

from lasalle.hedging.plan.need import DEFAULTS, read_need
from lasalle.hedging.plan.plainly import fields, silent

FORM = (resources.files("lasalle.hedging") / "table" / "need.toml").read_text("utf-8")
WANTED = {"amount.accelerator_hours", "amount.dollars", "start.earliest", "start.latest"}
"""One of two has to be said: there is nothing that stands instead."""


def test_every_field_that_may_be_left_out_says_what_stands_then() -> None:
    assert set(DEFAULTS) == {name for name, _ in fields()} - WANTED


def test_the_form_shows_every_field_and_its_default() -> None:
    """What is commented out in it is what a need without it takes."""
    need = read_need(FORM, "need.toml")
    shown: dict[str, str] = {}
    table = ""
    for line in FORM.splitlines():
        head = re.match(r"(?:# )?\[\[?([\w.]+)\]\]?", line)
        row = re.match(r"(?:# )?(\w+) = (.+?)(?:\s+#.*)?$", line)
        if head:
            table = head[1] + "."
            shown[head[1]] = ""
        elif row:
            shown[table + row[1]] = row[2]
    assert {name for name, _ in fields()} <= set(shown)
    left = {name for name, _ in silent(need)}
    assert {"start.notice_days", "supply.resale", "trade.impact", "offers", "bill.files"} <= left
    assert not left & {"late.dollars_a_day", "budget.cash_dollars", "size", "start.most_likely"}
    for name, default in fields():
        if isinstance(default, float) and name in left and name.split(".")[0] in (
            "supply", "trade", "bill",
        ):  # fmt: skip
            assert float(shown[name].replace("_", "")) == default, name


def test_the_form_is_read_whole_when_its_comments_are_taken_away() -> None:
    """Every commented line of fields is TOML that a need takes, but for what excludes the rest."""
    lines = []
    for line in FORM.splitlines():
        bare = re.sub(r"^# (?=(\[|\w+ = ))", "", line)
        lines.append(bare)
    text = "\n".join(lines)
    for unwanted in ("accelerator_hours = 5_000_000", 'files = ["june.csv"]', 'scenarios = "two'):
        assert unwanted in text
    text = re.sub(r"^accelerator_hours = .*$|^files = .*$", "", text, flags=re.M)
    text = re.sub(r"^\[\[start\.milestones\]\]\n.*\n.*$", "", text, flags=re.M)
    text = text.replace('scenarios = "two-factor"', 'scenarios = "processes"')
    need = read_need(text, "need.toml")
    assert need.offers
    assert need.substitutes
    assert need.successors
    assert need.budget.mean_dollars == 30_000_000
