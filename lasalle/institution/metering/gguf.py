"""The model file of a llama.cpp endpoint: its tokenizer and template, read from its own metadata,
and where its weights lie. The layout is that of the GGUF specification, version 3, little-endian.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from lasalle.delivery.counting import Counter, Encode, chatml

MAGIC, VERSION = b"GGUF", 3
MOST_ITEMS = 4_000_000
ALIGNMENT = 32
CONTROL = 3
"""Type of a token that no text spells by accident."""
_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q",
            12: "d"}  # fmt: skip
_STRING, _ARRAY = 8, 9
_SYSTEM = "{{ '<|im_start|>system\n"


@dataclass(frozen=True)
class Tensor:
    """Where a tensor lies: shape, type of its blocks, place from the beginning of the file."""

    name: str
    shape: tuple[int, ...]
    kind: int
    begin: int


@dataclass(frozen=True)
class ModelFile:
    """What a model file says of itself."""

    path: Path
    metadata: dict[str, Any]
    tensors: tuple[Tensor, ...]
    sha256: str

    @property
    def tokenizer_sha256(self) -> str:
        """Digest of what makes the tokenizer: its kind, tokens, their types and merges."""
        said = sha256()
        for key in ("model", "pre", "tokens", "token_type", "merges"):
            said.update(repr(self.metadata.get(f"tokenizer.ggml.{key}")).encode())
        return said.hexdigest()

    @property
    def template(self) -> str:
        """The chat template as the file has it."""
        return str(self.metadata.get("tokenizer.chat_template", ""))

    @property
    def template_sha256(self) -> str:
        """Its digest."""
        return sha256(self.template.encode()).hexdigest()


def read_model_file(path: Path) -> ModelFile:
    """What a file says of itself, its weights not looked at beyond their digest. Raises
    ValueError."""
    with path.open("rb") as file:
        # First, since what is another file may have no end.
        if file.read(len(MAGIC)) != MAGIC:
            raise ValueError(f"{path}: expected a GGUF file, found another")
        digest = sha256(MAGIC)
        while piece := file.read(1 << 20):
            digest.update(piece)
        file.seek(len(MAGIC))
        version, tensors, pairs = struct.unpack("<IQQ", file.read(20))
        if version != VERSION or max(tensors, pairs) > MOST_ITEMS:
            raise ValueError(f"{path}: expected GGUF of version {VERSION}, found {version}")
        try:
            metadata = dict(_pairs(file, pairs))
            found = [_tensor(file) for _ in range(tensors)]
        except (struct.error, KeyError, UnicodeDecodeError) as error:
            raise ValueError(f"{path}: expected a whole GGUF file: {error!r}") from None
        step = int(metadata.get("general.alignment", ALIGNMENT))
        base = -(-file.tell() // step) * step
    placed = tuple(Tensor(t.name, t.shape, t.kind, base + t.begin) for t in found)
    return ModelFile(path, metadata, placed, digest.hexdigest())


def counter_of(model: ModelFile) -> Counter:
    """A counter with a model's own tokenizer and template. Raises ImportError where `tokenizers`
    is not installed, ValueError for a tokenizer or a template that is of another kind."""
    kind, pre = (model.metadata.get(f"tokenizer.ggml.{key}") for key in ("model", "pre"))
    if (kind, pre) != ("gpt2", "smollm"):
        raise ValueError(f"expected the tokenizer gpt2/smollm, found {kind}/{pre}")
    if _SYSTEM not in model.template or "<|im_end|>" not in model.template:
        raise ValueError("expected a ChatML template with a system message of its own")
    system = model.template.split(_SYSTEM)[1].split("<|im_end|>")[0]
    return Counter(_encoder(model), chatml(system))


def _encoder(model: ModelFile) -> Encode:
    from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers

    said = model.metadata
    tokens: list[str] = said["tokenizer.ggml.tokens"]
    merges = [tuple(merge.split(" ", 1)) for merge in said["tokenizer.ggml.merges"]]
    vocabulary = {token: number for number, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.BPE(vocabulary, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
    ])  # fmt: skip
    kinds = zip(tokens, said["tokenizer.ggml.token_type"], strict=True)
    special = [AddedToken(token, special=True) for token, kind in kinds if kind == CONTROL]
    tokenizer.add_special_tokens(special)
    return lambda text: list(tokenizer.encode(text, add_special_tokens=False).ids)


def _pairs(file: BinaryIO, count: int) -> Iterator[tuple[str, Any]]:
    for _ in range(count):
        key = _string(file)
        (kind,) = struct.unpack("<I", file.read(4))
        yield key, _value(file, kind)


def _value(file: BinaryIO, kind: int) -> Any:
    if kind == _STRING:
        return _string(file)
    if kind == _ARRAY:
        inner, count = struct.unpack("<IQ", file.read(12))
        if count > MOST_ITEMS:
            raise KeyError(f"an array of {count}")
        if inner in _NUMBERS:
            form = f"<{count}{_NUMBERS[inner]}"
            return list(struct.unpack(form, file.read(struct.calcsize(form))))
        read: Callable[[], Any] = lambda: _value(file, inner)
        return [read() for _ in range(count)]
    form = "<" + _NUMBERS[kind]
    return struct.unpack(form, file.read(struct.calcsize(form)))[0]


def _string(file: BinaryIO) -> str:
    (length,) = struct.unpack("<Q", file.read(8))
    if length > MOST_ITEMS:
        raise KeyError(f"a string of {length}")
    return file.read(length).decode("utf-8")


def _tensor(file: BinaryIO) -> Tensor:
    name = _string(file)
    (dimensions,) = struct.unpack("<I", file.read(4))
    shape = struct.unpack(f"<{dimensions}Q", file.read(8 * dimensions))
    kind, begin = struct.unpack("<IQ", file.read(12))
    return Tensor(name, shape, kind, begin)
