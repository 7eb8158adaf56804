"""The referee at an endpoint: audits among the traffic, scored by the model that was sold."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from lasalle.delivery.answers import AnswerReader
from lasalle.delivery.auditing import MICRO
from lasalle.delivery.counting import Counter

LIKELY = 40
"""Likeliest tokens the model is asked for; one beyond them has at least their gap."""
SUBJECTS = (
    "a power market", "the price of bread", "rain in the mountains", "a harbour at night",
    "the history of paper", "counting sheep", "a clock that stopped", "two ships", "old maps",
    "an orchard in spring", "the rules of chess", "a letter to a friend", "the weight of snow",
    "building a bridge", "the colour of rust", "a market town", "learning to swim", "night trains",
)  # fmt: skip
OPENINGS = ("This is about", "A few lines about", "Here is what is known about", "Let us describe")


def prompts(count: int, seed: int) -> list[str]:
    """Prompts of audits: drawn, so that no answer to them is at hand, and left open, so that the
    answer has words."""
    chance = random.Random(seed)
    return [
        f"{chance.choice(OPENINGS)} {chance.choice(SUBJECTS)} and {chance.choice(SUBJECTS)}, "
        f"number {chance.randrange(10**4)}. The first thing to say of it is that the"
        for _ in range(count)
    ]


@dataclass(frozen=True)
class Audit:
    """An audit: what was asked and what came back."""

    prompt: str
    text: str
    body: bytes = b""


async def ask(client: httpx.AsyncClient, prompt: str, tokens: int, **more: Any) -> Audit:
    """One greedy request, streamed as any other."""
    body = json.dumps(
        {"prompt": prompt, "max_tokens": tokens, "temperature": 0, "stream": True, **more}
    ).encode()
    answer = await client.post("/v1/completions", content=body)
    reader = AnswerReader(streamed=True)
    reader.feed(answer.content)
    reader.end()
    return Audit(prompt, reader.text if answer.status_code == httpx.codes.OK else "", body)


async def gaps(model: httpx.AsyncClient, counter: Counter, audit: Audit) -> list[int]:
    """Gaps of an audit's tokens, in millionths of a nat, each scored by the model given those
    before."""
    before = list(counter.completion_ids(audit.prompt))
    found = []
    for token in counter.completion_ids(audit.text):
        found.append(await _gap(model, before, token))
        before.append(token)
    return found


async def _gap(model: httpx.AsyncClient, before: Sequence[int], token: int) -> int:
    body = {
        "prompt": list(before), "n_predict": 1, "temperature": 0, "n_probs": LIKELY,
        "cache_prompt": True,
    }  # fmt: skip
    answer = await model.post("/completion", content=json.dumps(body))
    answer.raise_for_status()
    told: list[dict[str, Any]] = answer.json()["completion_probabilities"][0]["top_logprobs"]
    likely = {int(one["id"]): float(one["logprob"]) for one in told}
    best = max(likely.values())
    least = likely.get(token, min(likely.values()))
    # A belief of the model becomes a whole number here, once.
    return round((best - least) * MICRO)
