"""What a person at the command line is told: sentences with money in USD; JSON for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lasalle import wire
from lasalle.institution.command_line import main
from lasalle.venue.refusals import FIGURES, Figure, refusal_text
from tests.gateway.conftest import SYMBOL, Served


@pytest.fixture
def at(served: Served, tmp_path: Path) -> list[str]:
    """Words that name the house and a key of actor 11."""
    path = tmp_path / "own.json"
    key = served.keys[11]
    path.write_text(json.dumps({"key": key.key, "secret": key.secret}), encoding="utf-8")
    return ["--at", served.address, "--key", str(path)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["1", "buy", SYMBOL, "100000", "2.00"],
         "100000 lots: the limit of the account is 10000 (order lots limit, INS-007)"),
        (["1", "buy", SYMBOL, "5", "1.955"],
         "price 1.955 USD is not a multiple of the tick 0.01 USD (price off tick, EXC-006)"),
        (["1", "buy", SYMBOL, "10000", "2.59"],
         "1,000,000.00 USD of cover: 4,358,000.00 USD are required (margin short, CLR-003)"),
        (["1", "buy", SYMBOL, "5", "2.61"],
         "price 2.61 USD: the band ends at 2.60 USD (price outside band, EXC-007)"),
    ],
)  # fmt: skip
def test_a_refusal_is_a_sentence(at, capsys, words: list[str], said: str) -> None:
    assert main(["order", "place", *words, *at]) == 1
    error = capsys.readouterr().err
    assert error.startswith("lasalle order: ")
    assert said in error
    assert "{" not in error
    assert "micro" not in error


@pytest.mark.parametrize("verb", ["order", "ask"])
def test_a_program_is_told_in_json(at, capsys, verb: str) -> None:
    words = {
        "order": ["place", "1", "buy", SYMBOL, "5", "1.955"],
        "ask": ["cancel_order", '{"account": 1, "order": 7}'],
    }[verb]
    assert main([verb, *words, "--json", *at]) == 1
    told = json.loads(capsys.readouterr().err)["error"]
    assert told["rule"]
    assert isinstance(told["found"], int)
    assert main([verb, *words, *at]) == 1
    assert capsys.readouterr().err.startswith(f"lasalle {verb}: {told['text']} (")


def test_every_refusal_tells_its_figures_and_no_micro_dollars() -> None:
    """A refusal whose registry speaks of micro-dollars, or of a price, is told in USD."""
    for refusal, (_, _, text) in wire.REFUSALS.items():
        told = refusal_text(refusal, 2_505_000, 1)
        assert "{" not in told, refusal
        assert "micro-dollar" not in told, refusal
        money = "micro-dollar" in text or text.startswith(("price {found}", "stop price {found}"))
        assert (refusal in FIGURES) == money, refusal
        assert ("2.505" in told) == (money and "{expected}" in text), told
        assert refusal_text(refusal, None, "H100-2026-03"), "a door may have found a word"
    now, paired = wire.DeliveryState.SCHEDULED, wire.DeliveryState.PAIRED
    assert refusal_text(wire.Refusal.DELIVERY_NOT_NOW, int(paired), int(now)) == (
        "the delivery is in state scheduled: expected state paired"
    )
    assert [f"{Figure(n):usd}" for n in (-1, 10**13)] == ["-0.000001 USD", "10,000,000.00 USD"]
