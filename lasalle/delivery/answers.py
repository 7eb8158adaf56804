"""What a meter reads in the requests and answers of an OpenAI-compatible endpoint: the words that
were asked, the words that came back, and what the endpoint claims to have counted.

The words are read from the bytes that pass; what the endpoint claims is kept beside and never
counted (DEL-041).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

import msgspec

METERED = ("/v1/chat/completions", "/v1/completions")
"""Paths whose requests are metered, by POST."""
UNSEEN = ("/v1/models", "/health")
"""Paths that yield no token and pass unseen, by GET; anything else is refused (DEL-074)."""
MOST_ID = 2**32 - 1
MOST_LINE = 4 * 1024 * 1024
"""Bytes of a line of a stream beyond which it is no answer."""
_DATA = b"data:"
_DONE = b"[DONE]"


class Message(msgspec.Struct, frozen=True):
    """A message of a conversation."""

    role: str
    content: str | list[dict[str, Any]] | None = None

    @property
    def words(self) -> str:
        """Its text; parts of other kinds have none."""
        if isinstance(self.content, list):
            return "".join(str(part.get("text", "")) for part in self.content)
        return self.content or ""


class Asked(msgspec.Struct, frozen=True):
    """A request, as far as a meter reads it."""

    messages: list[Message] | None = None
    prompt: str | list[Annotated[int, msgspec.Meta(ge=0, le=MOST_ID)]] | None = None
    stream: bool | None = False
    max_tokens: int | None = None


class _Called(msgspec.Struct, frozen=True, gc=False):
    name: str | None = None
    arguments: str | None = None


class _Tool(msgspec.Struct, frozen=True, gc=False):
    function: _Called | None = None


class _Words(msgspec.Struct, frozen=True, gc=False):
    content: str | None = None
    reasoning_content: str | None = None
    tool_calls: list[_Tool] | None = None

    @property
    def words(self) -> str:
        """Whatever passes as text: reasoning that is shown, what is said, tools that are called."""
        said = (self.reasoning_content or "") + (self.content or "")
        calls = [one.function for one in self.tool_calls or [] if one.function]
        return said + "".join((one.name or "") + (one.arguments or "") for one in calls)


class _Choice(msgspec.Struct, frozen=True, gc=False):
    text: str | None = None
    delta: _Words | None = None
    message: _Words | None = None
    finish_reason: str | None = None
    logprobs: Any = None

    @property
    def words(self) -> str:
        said = self.delta or self.message
        return said.words if said is not None else self.text or ""


class Usage(msgspec.Struct, frozen=True):
    """What an endpoint claims."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    prompt_tokens_details: dict[str, Any] | None = None

    @property
    def cached(self) -> int:
        """Tokens of the prompt it says it had already."""
        found = (self.prompt_tokens_details or {}).get("cached_tokens", 0)
        return found if isinstance(found, int) else 0


class _Chunk(msgspec.Struct, frozen=True, gc=False):
    choices: list[_Choice] = []
    usage: Usage | None = None
    error: Any = None


_read_asked = msgspec.json.Decoder(Asked)
_read_chunk = msgspec.json.Decoder(_Chunk)


def asked_in(body: bytes) -> Asked:
    """A request from its body. Raises ValueError with what was expected and found, where a meter
    could not count all that is asked (DEL-074)."""
    try:
        found = _read_asked.decode(body)
    except RecursionError:
        raise ValueError("Expected JSON that is not nested so deep") from None
    if (found.messages is None) == (found.prompt is None):
        what = "neither" if found.prompt is None else "both"
        raise ValueError(f"Expected either `messages` or `prompt`, got {what}")
    return found


def read_asked(body: bytes) -> Asked | None:
    """A request from its body; None where it is none."""
    try:
        return asked_in(body)
    except ValueError:
        return None


@dataclass
class AnswerReader:
    """An answer as it comes, streamed or whole."""

    streamed: bool
    parts: list[str] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    """Token ids, where the endpoint tells them."""
    finish: str = ""
    usage: Usage | None = None
    done: bool = False
    """Whether the stream said that it is over."""
    bent: bool = False
    """Whether something came that is no answer, or says that it failed."""
    chunks: int = 0
    _rest: bytes = b""

    @property
    def whole(self) -> bool:
        """Whether the answer came to its end and can be read."""
        return not self.bent and (self.done or bool(self.finish))

    @property
    def text(self) -> str:
        """Every word that came."""
        return "".join(self.parts)

    def feed(self, piece: bytes) -> bool:
        """Takes bytes in; whether words came with them."""
        self._rest += piece
        if not self.streamed:
            return False
        *lines, self._rest = self._rest.split(b"\n")
        if len(self._rest) > MOST_LINE:
            self.bent, self._rest = True, b""
        came = False
        for line in lines:
            if line.startswith(_DATA):
                came |= self._event(line[len(_DATA) :].strip())
        return came

    def end(self) -> bool:
        """The answer is over; whether words came with the end of it."""
        rest, self._rest = self._rest, b""
        if not self.streamed:
            return self._event(rest) if rest.strip() else False
        return self._event(rest[len(_DATA) :].strip()) if rest.startswith(_DATA) else False

    def _event(self, content: bytes) -> bool:
        if content == _DONE:
            self.done = True
            return False
        try:
            chunk = _read_chunk.decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            self.bent = True
            return False
        if chunk.error is not None:
            self.bent = True
        if chunk.usage is not None:
            self.usage = chunk.usage
        came = False
        for choice in chunk.choices:
            if choice.finish_reason:
                self.finish = choice.finish_reason
            words = choice.words
            if words:
                self.parts.append(words)
                self.chunks += 1
                came = True
            if choice.logprobs:
                self.ids += _ids_of(choice.logprobs)
        return came


def _ids_of(logprobs: Any) -> list[int]:
    content = logprobs.get("content") if isinstance(logprobs, dict) else None
    found = [one.get("id") for one in content or [] if isinstance(one, dict)]
    return [one for one in found if isinstance(one, int)]
