#!/usr/bin/env python3
"""Writes every generated file from schema/: `wire.py` writes, `wire.py --check` fails when one
is stale."""

from __future__ import annotations

import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SIZES = {
    "u8": 1,
    "bool": 1,
    "u16": 2,
    "u32": 4,
    "i32": 4,
    "u64": 8,
    "i64": 8,
    "b32": 32,
    "text32": 33,
}


@dataclass(frozen=True)
class Field:
    name: str
    type: str
    audience: str
    doc: str
    wire: str
    enum: str = ""
    since: int = 1
    """Schema version that appended it."""


@dataclass(frozen=True)
class Message:
    name: str
    kind: int
    doc: str
    fields: list[Field]
    lists: list[Field] = field(default_factory=list)
    bytes: list[Field] = field(default_factory=list)
    attributes: dict[str, Any] = field(default_factory=dict)

    @property
    def struct(self) -> str:
        return "".join(part.capitalize() for part in self.name.split("_"))

    @property
    def since(self) -> int:
        """Schema version that declared the message."""
        return int(self.attributes.get("since", 1))

    @property
    def block(self) -> int:
        return sum(SIZES[f.wire] for f in self.fields)

    @property
    def blocks(self) -> list[tuple[int, int]]:
        """Schema version and bytes of the block, for each version that appended a field."""
        versions = sorted({self.since, *(max(self.since, f.since) for f in self.fields)})
        return [
            (v, sum(SIZES[f.wire] for f in self.fields if f.since <= v)) for v in versions
        ]

    def appended(self, version: int) -> list[Field]:
        """Fields that a version appended."""
        return [f for f in self.fields if f.since == version]


class Schema:
    """Everything schema/ declares, read once and checked against itself."""

    def __init__(self, folder: Path) -> None:
        read = lambda name: tomllib.loads((folder / f"{name}.toml").read_text())
        units = read("units")
        self.version: int = units["version"]
        self.types: dict[str, Any] = units["types"]
        self.bounds: dict[str, Any] = units["bounds"]
        self.enums: dict[str, Any] = read("enums")
        self.ledger: dict[str, Any] = read("ledger")
        self.refusals: dict[str, Any] = read("refusals")
        self.faults: dict[str, Any] = read("faults")
        self.structs = [self._message(n, 0, d) for n, d in read("structs").items()]
        self.commands = [self._message(n, d["kind"], d) for n, d in read("commands").items()]
        self.events = [self._message(n, d["kind"], d) for n, d in read("events").items()]
        self.records = [self._message(n, d["kind"], d) for n, d in read("records").items()]
        kinds = [m.kind for m in self.messages]
        assert len(kinds) == len(set(kinds)), "a kind is declared once"
        assert kinds == sorted(kinds), "kinds ascend"
        for message in self.structs + self.messages:
            self._check_growth(message)
        codes = sorted(r["code"] for r in self.refusals.values())
        assert len(codes) == len(set(codes)), "a code of a refusal is given once"

    @property
    def messages(self) -> list[Message]:
        return self.commands + self.events + self.records

    def _check_growth(self, message: Message) -> None:
        """An old frame is a frame for good: fields come at the end, and read as zeros before."""
        name, since = message.name, [f.since for f in message.fields]
        assert since == sorted(since), f"{name}: a field is appended, never put in between"
        assert all(1 <= v <= self.version for v in (*since, message.since)), f"{name}: no version"
        later = [f for f in message.fields if f.since > 1]
        if not later:
            return
        assert message.kind, f"{name}: an element of a list has no version to grow by"
        for f in later:
            zero = not f.enum or 0 in self.enums[f.enum]["values"].values()
            assert zero, f"{name}.{f.name}: an older frame reads as zero, which is no word of it"
        # The check of a reference and a waiting payload know the block by its length alone.
        names = {f.name for f in message.fields}
        bound = message.attributes.get("four_eyes") or "reference" in names
        assert not bound, f"{name} is proposed or remembered whole: it takes a kind of its own"

    def _message(self, name: str, kind: int, declared: dict[str, Any]) -> Message:
        fields = [self._field(*f) for f in declared.get("fields", [])]
        lists = [Field(f[0], f[1], f[2], f[3], "list") for f in declared.get("lists", [])]
        blobs = [Field(f[0], "bytes", f[1], f[2], "bytes") for f in declared.get("bytes", [])]
        assert len(lists) + len(blobs) <= 2, f"{name}: at most two variable parts"
        rest = {k: v for k, v in declared.items() if k not in ("fields", "lists", "bytes", "doc")}
        return Message(name, kind, declared["doc"], fields, lists, blobs, rest)

    def _field(self, name: str, type_: str, audience: str, doc: str, since: int = 1) -> Field:
        if type_ in self.enums:
            return Field(name, type_, audience, doc, "u8", type_, since)
        return Field(name, type_, audience, doc, self.types[type_]["wire"], since=since)


def generated(schema: Schema) -> dict[Path, str]:
    """Every generated file with its text. Emitters are imported late: each is one language."""
    sys.path.insert(0, str(ROOT / "tools"))
    import wire_faults
    import wire_js
    import wire_pages
    import wire_python
    import wire_rules
    import wire_rust

    files = {ROOT / "lasalle" / "wire.py": wire_python.emit(schema)}
    files[ROOT / "lasalle" / "client" / "registry.py"] = wire_faults.emit(schema)
    files[ROOT / "web" / "wire.js"] = wire_js.emit(schema, ROOT / "rulebook")
    files.update({ROOT / "docs" / "reference" / n: t for n, t in wire_pages.emit(schema).items()})
    files[ROOT / "docs" / "reference" / "rules.md"] = wire_rules.emit(schema, ROOT)
    house = ROOT / "core" / "house" / "src"
    files.update({house / name: text for name, text in wire_rust.emit(schema).items()})
    return files


def main() -> int:
    stale = []
    for path, text in generated(Schema(ROOT / "schema")).items():
        if path.exists() and path.read_text() == text:
            continue
        stale.append(str(path.relative_to(ROOT)))
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    if stale and "--check" in sys.argv:
        print("stale, run `make wire`: " + ", ".join(stale))
        return 1
    print(("written: " + ", ".join(stale)) if stale else "generated files are fresh")
    return 0


if __name__ == "__main__":
    sys.exit(main())
