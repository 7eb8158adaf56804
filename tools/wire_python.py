"""Emits lasalle/wire.py: messages as frozen structs, codecs, enums, bounds, refusals, ledger classes."""

from __future__ import annotations

import textwrap
from typing import Any

from wire_python_head import HEAD

PY = {
    "u8": "int",
    "bool": "bool",
    "u16": "int",
    "u32": "int",
    "i32": "int",
    "u64": "int",
    "i64": "int",
    "b32": "bytes",
    "text32": "str",
}
CODE = {
    "u8": "B",
    "bool": "?",
    "u16": "H",
    "u32": "I",
    "i32": "i",
    "u64": "Q",
    "i64": "q",
    "b32": "32s",
    "text32": "33p",
}
ZERO = {"bool": "False", "b32": "bytes(32)", "text32": '""'}

def emit(schema: Any) -> str:
    parts = [HEAD.format(version=schema.version)]
    for name, enum in schema.enums.items():
        parts.append(_enum(_camel(name), enum["doc"], enum["values"]))
    parts.append(
        _enum(
            "LedgerClass",
            "Classes of the chart of accounts.",
            {n: a["code"] for n, a in schema.ledger.items()},
        )
    )
    parts.append(
        _enum(
            "Refusal",
            "Reasons to say no, in order of precedence.",
            {n: r["code"] for n, r in schema.refusals.items()},
        )
    )
    parts.append(
        'class Bound:\n    """Bounds that are law; units in schema/units.toml."""\n\n'
        + "\n".join(f"    {n.upper()} = {b['value']:_}" for n, b in schema.bounds.items())
    )
    names = [(n, r["rule"], r["field"], r["text"]) for n, r in schema.refusals.items()]
    rows = "\n".join(
        f'    Refusal.{n.upper()}: ("{r}", "{f}",\n        "{t}"),' for n, r, f, t in names
    )
    parts.append(
        "REFUSALS: dict[Refusal, tuple[str, str, str]] = {\n"
        + rows
        + '\n}\n"""Rule, field at fault, text."""'
    )
    non_negative = ", ".join(
        f"LedgerClass.{n.upper()}" for n, a in schema.ledger.items() if a["non_negative"]
    )
    parts.append(f"NON_NEGATIVE = frozenset({{{non_negative}}})")
    for message in schema.structs:
        parts.append(_struct(message))
    for message in schema.messages:
        parts.append(_message(message))
    everything = ", ".join(f"{m.kind}: {m.struct}" for m in schema.messages)
    parts.append(
        "MESSAGES: dict[int, Any] = {\n"
        + textwrap.fill(everything, 96, initial_indent="    ", subsequent_indent="    ")
        + ",\n}"
    )
    verbs = ", ".join(
        f'"{m.attributes["verb"]}": {m.struct}' for m in schema.commands + schema.events
    )
    parts.append(
        "VERBS: dict[str, Any] = {\n"
        + textwrap.fill(verbs, 96, initial_indent="    ", subsequent_indent="    ")
        + ",\n}"
    )
    return "\n\n\n".join(parts).replace("\n\n\n\n\n", "\n\n\n") + "\n"


def _camel(name: str) -> str:
    return "".join(p.capitalize() for p in name.split("_"))


def _enum(name: str, doc: str, values: dict[str, int]) -> str:
    return f'class {name}(IntEnum):\n    """{doc}"""\n\n' + "\n".join(
        f"    {n.upper()} = {v}" for n, v in values.items()
    ) + f"\n\n\n_{name.upper()} = _Words({name})"


def _word(f: Any, value: str) -> str:
    """The word of a closed list for a number."""
    return f"_{_camel(f.enum).upper()}[{value}]"


def _type(f: Any) -> str:
    if f.wire == "list":
        return f"tuple[{_camel(f.type)}, ...]"
    return "bytes" if f.wire == "bytes" else (_camel(f.enum) if f.enum else PY[f.wire])


def _zero(f: Any) -> str:
    if f.wire == "list":
        return "()"
    if f.wire == "bytes":
        return 'b""'
    return f"{_camel(f.enum)}(0)" if f.enum == "aggressor" else ZERO.get(f.wire, "0")


def _fields(message: Any) -> str:
    lines = []
    for f in message.fields + message.lists + message.bytes:
        default = "" if f.enum and f.enum != "aggressor" else f" = {_zero(f)}"
        lines.append(f"    {f.name}: {_type(f)}{default}")
    return "\n".join(lines)


def _struct(message: Any) -> str:
    layout = "<" + "".join(CODE[f.wire] for f in message.fields)
    makes = ", ".join(_word(f, f.name) if f.enum else f.name for f in message.fields)
    names = ", ".join(f"{f.name}: Any" for f in message.fields)
    row = ", ".join(f"self.{f.name}" for f in message.fields)
    return (
        f'class {message.struct}(msgspec.Struct, frozen=True):\n    """{message.doc}"""\n\n{_fields(message)}\n\n'
        f'    LAYOUT: ClassVar[struct.Struct] = struct.Struct("{layout}")\n\n'
        f"    @classmethod\n    def make(cls, {names}) -> {message.struct}:\n"
        f"        return cls({makes})\n\n"
        f"    def row(self) -> tuple[Any, ...]:\n        return ({row},)"
    )


def _text(f: Any) -> str:
    return f'self.{f.name}.encode("ascii")' if f.wire == "text32" else f"self.{f.name}"


def _facts(m: Any) -> list[str]:
    """What the schema says of a message, as constants of its class."""
    layout = "<" + "".join(CODE[f.wire] for f in m.fields)
    roles = " | ".join(f"Role.{r.upper()}" for r in m.attributes.get("roles", [])) or "0"
    return [
        f"    KIND: ClassVar[int] = {m.kind}",
        f'    NAME: ClassVar[str] = "{m.name}"',
        f"    BLOCK: ClassVar[int] = {m.block}",
        f"    SINCE: ClassVar[int] = {m.since}",
        f"    ROLES: ClassVar[int] = {roles}",
        f"    FOUR_EYES: ClassVar[bool] = {m.attributes.get('four_eyes', False)}",
        f"    SCOPED: ClassVar[bool] = {m.attributes.get('scope') == 'account'}",
        f'    LAYOUT: ClassVar[struct.Struct] = struct.Struct("{layout}")',
        "",
    ]


def _written(m: Any) -> list[str]:
    """Oldest schema version that says all of a message: nothing appended later is other than zero."""
    lines = [
        "",
        "    def written(self) -> tuple[int, int]:",
        '        """Oldest schema version that says all of it, and the bytes of its block there."""',
    ]
    for version, block in reversed(m.blocks[1:]):
        said = " or ".join(_said(f) for f in m.appended(version))
        lines += [f"        if {said}:", f"            return {version}, {block}"]
    version, block = m.blocks[0]
    return [*lines, f"        return {version}, {block}"]


def _said(f: Any) -> str:
    return f"self.{f.name} != bytes(32)" if f.wire == "b32" else f"self.{f.name}"


def _message(m: Any) -> str:
    lines = [
        f"class {m.struct}(msgspec.Struct, frozen=True, kw_only=True):",
        f'    """{m.doc}"""',
        "",
    ]
    if m.fields or m.lists or m.bytes:
        lines += [_fields(m), ""]
    lines += _facts(m)
    lines += ["    def pack(self) -> bytes:"]
    packed = ", ".join(_text(f) for f in m.fields)
    total = f"self.LAYOUT.pack({packed})" if m.fields else 'b""'
    if len(m.blocks) > 1:
        total += "[: self.written()[1]]"
    for f in m.lists:
        lines.append(
            f'        {f.name} = b"".join({_camel(f.type)}.LAYOUT.pack(*e.row()) for e in self.{f.name})'
        )
        total += f"\n            + _LIST.pack(len(self.{f.name}), {_camel(f.type)}.LAYOUT.size) + {f.name}"
    for f in m.bytes:
        total += f"\n            + _U32.pack(len(self.{f.name})) + self.{f.name}"
    lines.append(f"        return (\n            {total}\n        )")
    lines += _written(m)
    lines += [
        "",
        "    @classmethod",
        f"    def unpack(cls, body: bytes, block: int) -> {m.struct}:",
    ]
    whole = 1000 <= m.kind < 2000
    most = "" if whole else ", cls.BLOCK"
    if m.fields or not whole:
        fixed = "fixed = " if m.fields else ""
        lines.append(f"        {fixed}_fixed(cls.LAYOUT, body, block{most})")
    lines.append("        at = block")
    for f in m.lists:
        lines.append(
            f"        {f.name}, at = _elements({_camel(f.type)}.LAYOUT, {_camel(f.type)}.make, body, at)"
        )
    for f in m.bytes:
        lines.append(f"        {f.name}, at = _blob(body, at)")
    lines.append(f'        _whole("{m.name}", body, at)')
    makes = []
    for i, f in enumerate(m.fields):
        value = f"fixed[{i}]"
        if f.wire == "text32":
            value += '.decode("ascii")'
        makes.append(f"{f.name}={_word(f, value) if f.enum else value}")
    makes += [f"{f.name}={f.name}" for f in m.lists + m.bytes]
    if m.fields or makes:
        lines += [
            "        try:",
            "            return cls(" + ", ".join(makes) + ")",
            "        except ValueError as error:",
            f'            raise FrameError(f"{m.name}: {{error}}") from error',
        ]
    else:
        lines.append("        return cls()")
    return "\n".join(lines)
