"""How a meter counts: by itself, with the tokenizer and the template the specification names, from
the words that passed (DEL-041). What an endpoint says of its own counts is no count.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from lasalle.delivery.answers import Asked, Message

BLOCK = 16
"""Tokens of a block of a prefix; what is cached is counted in whole blocks."""
REMEMBERED = 64
"""Prompts of a contract, newest first, whose beginnings count as cached."""
Encode = Callable[[str], Sequence[int]]
Template = Callable[[Sequence[Message]], str]


def ids_digest(ids: Sequence[int]) -> str:
    """SHA-256 of token ids, each as four bytes, big-endian."""
    return sha256(b"".join(one.to_bytes(4, "big") for one in ids)).hexdigest()


@dataclass
class Counter:
    """Counts requests and answers with one tokenizer and one template."""

    encode: Encode
    """Token ids of a text, special tokens of the template recognised."""
    template: Template
    _prompts: deque[Sequence[int]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def prompt_ids(self, asked: Asked) -> Sequence[int]:
        """Token ids of what is asked, with the template around it."""
        if asked.messages is not None:
            return self.encode(self.template(asked.messages))
        if isinstance(asked.prompt, str):
            return self.encode(asked.prompt)
        return asked.prompt or []

    def cached(self, ids: Sequence[int]) -> int:
        """Tokens at the beginning of a prompt that a prompt before it began with, in whole blocks
        and never the last one; the prompt is remembered."""
        most = max((_common(ids, other) for other in self._prompts), default=0)
        self._prompts.append(ids)
        return min(most, max(0, len(ids) - 1)) // BLOCK * BLOCK

    def completion_ids(self, text: str) -> Sequence[int]:
        """Token ids of an answer's text: the canonical count."""
        return self.encode(text)


def _common(one: Sequence[int], other: Sequence[int]) -> int:
    most = min(len(one), len(other))
    return next((n for n in range(most) if one[n] != other[n]), most)


def chatml(system: str) -> Template:
    """The ChatML template, with the system message that stands where none is given."""

    def template(messages: Sequence[Message]) -> str:
        said = list(messages)
        if not said or said[0].role != "system":
            said.insert(0, Message("system", system))
        turns = (f"<|im_start|>{one.role}\n{one.words}<|im_end|>\n" for one in said)
        return "".join(turns) + "<|im_start|>assistant\n"

    return template


def byte_counter() -> Counter:
    """Counts bytes of UTF-8, for contracts whose unit they are: it needs no tokenizer."""
    return Counter(lambda text: text.encode(), lambda said: "\n".join(m.words for m in said))
