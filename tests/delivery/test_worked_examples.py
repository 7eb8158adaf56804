"""The worked examples of chapter 8, each line a question and its answer, counted by the program."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from lasalle.delivery.accepting import STANDARD_TABLE, invoice
from lasalle.delivery.answers import Asked, Message
from lasalle.delivery.auditing import audited
from lasalle.delivery.canonical import NONE
from lasalle.delivery.counting import Counter, chatml
from lasalle.delivery.hours import (
    Excuse,
    Served,
    corrected,
    corrected_from,
    excused_units,
    excuses_of,
    units_of_capacity,
    units_of_work,
)
from lasalle.delivery.judging import compared, healthy_between, stands_of
from lasalle.delivery.made_metering import made_specification, metered_terms
from lasalle.delivery.service_level import level_of
from lasalle.delivery.statements import Event, Happening
from lasalle.delivery.terms import Side
from lasalle.delivery.tree_check import dated_within
from lasalle.delivery.validating import Billed, estimated
from tests.delivery.test_capacity import probed
from tests.delivery.test_judgement import reading_of

US = 1_000_000
SPEC = made_specification()
ROOT = Path(__file__).resolve().parents[2]


def numbers(words: str) -> list[int]:
    return [int(one) for one in words.split(",")]


def told(verb: str, said: dict[str, str]) -> str:
    """The answer to a line of a worked example."""
    n = {name: int(value) for name, value in said.items() if value.isdigit()}
    plain = Counter(lambda text: list(text.encode()), chatml(""))
    if verb == "prompt_tokens":
        # Bytes stand for tokens: ChatML around an empty system message and one turn.
        return str(len(plain.prompt_ids(Asked([Message("user", said["messages"])]))))
    if verb == "completion_tokens":
        return str(len(plain.completion_ids(said["text"])))
    if verb == "cached":
        return str([plain.cached(one.encode()) for one in said["prompts"].split(",")][-1])
    if verb == "level":
        return level_of(n["misses"], n["planned"], n["share"], n["confidence"]).value
    if verb == "dated":
        return str(dated_within(n["end"] * US, n.get("without"), n["there"]) // US)
    if verb == "estimate":
        before = [reading_of(one) for one in numbers(said["before"])]
        checks = [reading_of(n["check"], Side.SUPPLIER)] if "check" in n else []
        found = estimated(None, (), checks, before, SPEC)
        assert found is not None
        return str(found.value.total)
    if verb == "compare":
        spec = made_specification(tolerance_ppm=n["tolerance"])
        sides = reading_of(n["buyer"]), reading_of(n["supplier"], Side.SUPPLIER)
        answer = compared(*sides, spec)
        return f"{answer.answer.value} {answer.settled.total}"
    return told_of_hours(verb, said, n)


def told_of_hours(verb: str, said: dict[str, str], n: dict[str, int]) -> str:
    if verb == "work":
        service = Served(Billed(0, n["served"]), n["answered"], n["failed"])
        return str(units_of_work(n["lots"], n["hours"], service))
    if verb == "failures":
        return failures(said)
    if verb == "healthy":
        return healthy(said)
    if verb == "capacity":
        return str(units_of_capacity(n["lots"], n["hours"], n["healthy"]))
    if verb == "suspended":
        return suspended(said["said"].split(","))
    if verb == "excused":
        spans = [one.split("-") for one in said["spans"].split(",")]
        excuses = [Excuse(int(a) * US, int(b) * US, "grid", (NONE,)) for a, b in spans]
        return str(excused_units(n["missing"], 0, 3_600 * US, n["lots"], excuses))
    if verb == "corrected_from":
        return str(corrected_from(n["found"], n["last_test"], n.get("onset"), n["longest"]))
    if verb == "grade":
        graded = STANDARD_TABLE.graded(n["speed"])
        return f"{graded.grade.value} {graded.quality}"
    if verb == "invoice":
        return str(invoice(n["price"], n["units"], n["quality"]))
    if verb == "audit":
        shown = audited([n["gaps"]] * n["tokens"])
        return "of the model" if shown.of_the_model else "another model"
    assert verb == "corrected", verb
    return str(corrected(n["value"], n["reads"], n["true"]))


def failures(said: dict[str, str]) -> str:
    """Failed requests and all of the reading that stands."""
    readings = {}
    for name, told in said.items():
        errors, rows = map(int, told.split("/"))
        side = Side(name)
        readings[side] = msgspec.structs.replace(reading_of(9, side), errors=errors, rows=rows)
    stands = stands_of(readings)
    return f"{stands.errors}/{stands.rows}"


def suspended(said: list[str]) -> str:
    """Spans excused where meters say so, each word SIDE:EVENT:SECOND, told within the grace."""
    terms = metered_terms(SPEC, 1, intervals=60, interval_us=60 * US)
    meters = {one.side.value: one.meter for one in terms.meters}
    words = [one.split(":") for one in said]
    events = [
        Event(
            contract=terms.contract, meter=meters[side], made_us=1 + int(at) * US,
            nonce=f"{n:032x}", event=Happening(event), at_us=1 + int(at) * US, reason="grid",
            evidence=(NONE,),
        )
        for n, (side, event, at) in enumerate(words)
    ]  # fmt: skip
    found, _ = excuses_of(events, terms)
    spans = [f"{one.begin_us // US}-{one.end_us // US}" for one in found]
    return ",".join(spans) or "none"


def healthy(said: dict[str, str]) -> str:
    """Accelerator-seconds that stand, out of those found healthy of those that were due."""
    readings = {}
    for name, told in said.items():
        seconds, due = map(int, told.split("/"))
        readings[Side(name)] = [probed(Side(name), seconds, due)]
    return str(healthy_between(readings))


def examples() -> list[Any]:
    found: list[Any] = []
    code = ""
    text = (ROOT / "rulebook" / "8-delivery.md").read_text()
    for part in re.finditer(r"^\*\*(DEL-\d{3})\*\*|```worked\n(.*?)```", text, re.M | re.S):
        code = part.group(1) or code
        for line in (part.group(2) or "").splitlines():
            found.append(pytest.param(line, marks=pytest.mark.rule(code), id=f"{code}-{line}"))
    return found


EXAMPLES = examples()


def test_the_rulebook_has_worked_examples() -> None:
    assert len(EXAMPLES) >= 25


@pytest.mark.parametrize("line", EXAMPLES)
def test_a_worked_example_comes_out_as_told(line: str) -> None:
    question, answer = line.split(" -> ")
    verb, *words = question.split()
    assert told(verb, dict(word.split("=", 1) for word in words)) == answer


