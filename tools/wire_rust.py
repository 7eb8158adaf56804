"""Emits core/house/src/wire.rs and its parts: messages as structs, codecs, enums, bounds, rights."""

from __future__ import annotations

from typing import Any

RUST = {
    "u8": "u8",
    "bool": "bool",
    "u16": "u16",
    "u32": "u32",
    "i32": "i32",
    "u64": "u64",
    "i64": "i64",
    "b32": "[u8; 32]",
    "text32": "Text",
}
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
MARK = "//! {title} Written by tools/wire.py from schema/; change it there.\n"
PARTS = {"commands": "Commands.", "events": "Events.", "records": "Records of the state."}

COMMANDS = """/// A command.
#[derive(Clone, Copy)]
pub enum Command<'a> {
@words
}

impl<'a> Command<'a> {
    /// The command of a kind in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the kind is no command, or the bytes are not its body.
    #[inline]
    pub fn unpack(kind: u16, body: &'a [u8], block: usize) -> Result<Self, FrameError> {
        Ok(match kind {
@reads
            _ => return Err(FrameError(format!("kind {kind} is not a command"))),
        })
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> u16 {
        match self {
@kinds
        }
    }

    /// Account it names; zero when it names none.
    #[inline]
    #[must_use]
    pub fn account(&self) -> u32 {
        match self {
@accounts
            _ => 0,
        }
    }

    /// Numbers it occupies: two for each leg of a mass quote, else one.
    #[inline]
    #[must_use]
    pub fn span(&self) -> u64 {
        match self {
            Command::MassQuote(c) => c.span(),
            _ => 1,
        }
    }

    /// The same of a body that was unpacked before; one that is no such body occupies one.
    #[inline]
    #[must_use]
    pub fn span_of(kind: u16, body: &[u8], block: usize) -> u64 {
        if kind != MassQuote::KIND {
            return 1;
        }
        MassQuote::unpack(body, block).map_or(1, |c| c.span())
    }
}

impl MassQuote<'_> {
    #[inline]
    fn span(&self) -> u64 {
        (2 * self.quotes.len() as u64).max(1)
    }
}

/// Who may ask a command, and how.
#[derive(Clone, Copy, Debug)]
pub struct Rights {
    /// Bits of the roles that may; zero is the venue alone.
    pub roles: u32,
    /// Only through propose and approve.
    pub four_eyes: bool,
    /// The actor's member owns the account.
    pub scoped: bool,
    /// Bytes of the block in this schema.
    pub block: u16,
    /// Schema that declared it.
    pub since: u32,
}

/// Rights of a kind; none when it is no command.
#[inline]
#[must_use]
pub fn rights(kind: u16) -> Option<Rights> {
    Some(match kind {
@rights
        _ => return None,
    })
}"""


def emit(schema: Any) -> dict[str, str]:
    """File name under core/house/src to text."""
    files = {"wire.rs": _front(schema)}
    for part, title in PARTS.items():
        messages = getattr(schema, part)
        bodies = [_message(m) for m in messages]
        if part == "commands":
            bodies += [_commands(messages)]
        files[f"wire/{part}.rs"] = (
            MARK.format(title=title)
            + "#![allow(clippy::all, clippy::pedantic, unused_variables, unused_imports)]\n\n"
            + "use super::*;\n"
            + "use crate::frame::{Element, FrameError, List, Message, Text, exact, fixed, read_bytes, "
            + "whole, write_bytes};\n\n"
            + "\n\n".join(bodies)
            + "\n"
        )
    return files


def _camel(name: str) -> str:
    return "".join(p.capitalize() for p in name.split("_"))


def _front(schema: Any) -> str:
    parts = [
        MARK.format(title="Messages of the house.")
        + "//!\n//! Money is micro-dollars, price micro-dollars per unit, time nanoseconds UTC.\n"
        + "#![allow(clippy::all, clippy::pedantic, unused_imports)]\n\n"
        + "use crate::frame::{Element, FrameError};\n\n"
        + "\n".join(f"pub mod {p};" for p in PARTS)
        + "\n"
        + "\n".join(f"pub use {p}::*;" for p in PARTS)
        + f"\n\n/// Version of the schema, and the newest behaviour of the house it speaks of.\npub const SCHEMA_VERSION: u16 = {schema.version};"
    ]
    for name, enum in schema.enums.items():
        parts.append(
            _bits(name, enum["doc"], enum["values"])
            if name == "role"
            else _enum(_camel(name), "u8", enum["doc"], enum["values"])
        )
    codes = {n: a["code"] for n, a in schema.ledger.items()}
    parts.append(_enum("LedgerClass", "u8", "Classes of the chart of accounts.", codes))
    arms = " | ".join(f"Self::{_camel(n)}" for n, a in schema.ledger.items() if a["non_negative"])
    parts.append(
        "impl LedgerClass {\n    /// Never goes below zero.\n    #[must_use]\n"
        f"    pub fn non_negative(self) -> bool {{\n        matches!(self, {arms})\n    }}\n}}"
    )
    refusals = {n: r["code"] for n, r in schema.refusals.items()}
    parts.append(_enum("Refusal", "u16", "Reasons to say no, in order of precedence.", refusals))
    rows = "\n".join(
        f'    ("{r["rule"]}", "{r["field"]}", "{r["text"]}"),' for r in sorted(schema.refusals.values(), key=lambda r: r["code"])
    )
    parts.append(
        "/// Rule, field at fault and text of each refusal, ascending by code.\n"
        f"pub const REFUSALS: [(&str, &str, &str); {len(schema.refusals)}] = [\n{rows}\n];"
    )
    bounds = "\n".join(
        f"    /// {b['doc']}\n    pub const {n.upper()}: i64 = {b['value']:_};"
        for n, b in schema.bounds.items()
    )
    parts.append(f"/// Bounds that are law.\npub mod bound {{\n{bounds}\n}}")
    parts += [_struct(s) for s in schema.structs]
    return "\n\n".join(parts) + "\n"


def _bits(name: str, doc: str, values: dict[str, int]) -> str:
    lines = "\n".join(
        f"    /// {n.replace('_', ' ').capitalize()}.\n    pub const {n.upper()}: u32 = {v};"
        for n, v in values.items()
    )
    every = sum(values.values())
    return (
        f"/// {doc}\npub mod {name} {{\n{lines}\n"
        f"    /// Every one.\n    pub const ALL: u32 = {every};\n}}"
    )


def _enum(name: str, wire: str, doc: str, values: dict[str, int]) -> str:
    words = "\n".join(
        f"    /// {n.replace('_', ' ').capitalize()}.\n    {_camel(n)} = {v},"
        for n, v in values.items()
    )
    arms = "\n".join(f"            {v} => Ok(Self::{_camel(n)})," for n, v in values.items())
    return (
        f"/// {doc}\n#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]\n"
        f"#[repr({wire})]\npub enum {name} {{\n{words}\n}}\n\n"
        f"impl {name} {{\n    /// The word of a code.\n    ///\n    /// # Errors\n"
        f"    /// When the code is none.\n    #[inline]\n"
        f"    pub fn of(code: {wire}) -> Result<Self, FrameError> {{\n        match code {{\n{arms}\n"
        f'            _ => Err(FrameError(format!("{{code}} is no {name}"))),\n        }}\n    }}\n}}'
    )


def _type(f: Any, life: str = "'a") -> str:
    if f.wire == "list":
        return f"List<{life}, {_camel(f.type)}>"
    if f.wire == "bytes":
        return f"&{life} [u8]"
    return _camel(f.enum) if f.enum else RUST[f.wire]


def _get(f: Any, at: int) -> str:
    size = SIZES[f.wire]
    window = f"b[{at}..{at + size}].try_into().unwrap()"
    if f.enum:
        return f"{_camel(f.enum)}::of(b[{at}])?"
    if f.wire == "u8":
        return f"b[{at}]"
    if f.wire == "bool":
        return f"b[{at}] != 0"
    if f.wire == "b32":
        return window
    if f.wire == "text32":
        return f"Text::read(b[{at}..{at + size}].try_into().unwrap())?"
    return f"{f.wire}::from_le_bytes({window})"


def _put(f: Any, at: int) -> str:
    size = SIZES[f.wire]
    if size == 1:
        return f"b[{at}] = self.{f.name} as u8;"
    if f.wire == "b32":
        value = f"&self.{f.name}"
    elif f.wire == "text32":
        value = f"self.{f.name}.wire()"
    else:
        value = f"&self.{f.name}.to_le_bytes()"
    return f"b[{at}..{at + size}].copy_from_slice({value});"


def _offsets(fields: list[Any]) -> list[tuple[Any, int]]:
    found, at = [], 0
    for f in fields:
        found.append((f, at))
        at += SIZES[f.wire]
    return found


def _declared(message: Any) -> str:
    return "\n".join(
        f"    /// {f.doc}\n    pub {f.name}: {_type(f)},"
        for f in message.fields + message.lists + message.bytes
    )


def _struct(s: Any) -> str:
    gets = "\n".join(f"            {f.name}: {_get(f, at)}," for f, at in _offsets(s.fields))
    puts = "\n".join(f"        {_put(f, at)}" for f, at in _offsets(s.fields))
    return (
        f"/// {s.doc}\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\n"
        f"pub struct {s.struct} {{\n{_declared(s)}\n}}\n\n"
        f"impl Element for {s.struct} {{\n    const SIZE: usize = {s.block};\n\n"
        f"    #[inline]\n    fn read(wire: &[u8]) -> Result<Self, FrameError> {{\n"
        f"        let b: &[u8; {s.block}] = wire.try_into().unwrap();\n"
        f"        Ok(Self {{\n{gets}\n        }})\n    }}\n\n"
        f"    #[inline]\n    fn write(&self, out: &mut Vec<u8>) {{\n"
        f"        let mut b = [0u8; {s.block}];\n{puts}\n        out.extend_from_slice(&b);\n"
        f"    }}\n}}"
    )


def _message(m: Any) -> str:
    held = bool(m.lists or m.bytes)
    life = "<'a>" if held else ""
    hidden = "<'_>" if held else ""
    gets = [f"            {f.name}: {_get(f, at)}," for f, at in _offsets(m.fields)]
    gets += [f"            {f.name}," for f in m.lists + m.bytes]
    puts = [f"        {_put(f, at)}" for f, at in _offsets(m.fields)]
    reads = [f"        let ({f.name}, at) = List::read(body, at)?;" for f in m.lists]
    reads += [f"        let ({f.name}, at) = read_bytes(body, at)?;" for f in m.bytes]
    writes = [f"        self.{f.name}.write(out);" for f in m.lists]
    writes += [f"        write_bytes(self.{f.name}, out);" for f in m.bytes]
    fixed = (
        f"        let other;\n        let b: &[u8; {m.block}] = match exact(body, block) {{\n"
        "            Some(b) => b,\n            None => {\n"
        "                other = fixed(body, block)?;\n                &other\n"
        "            }\n        };\n"
        if m.fields
        else ""
    )
    if not m.fields:
        fixed = "        fixed::<0>(body, block)?;\n"
    body = (
        f"{fixed}        let at = block;\n"
        + "".join(r + "\n" for r in reads)
        + f'        whole("{m.name}", body, at)?;\n'
        + "        Ok(Self {\n"
        + "".join(g + "\n" for g in gets)
        + "        })"
    )
    taken = (
        f"        let b: &mut [u8; {m.block}] = block.try_into().unwrap();\n" if m.fields else ""
    )
    derive = "#[derive(Clone, Copy)]" if held else "#[derive(Clone, Copy, Debug, PartialEq, Eq)]"
    return (
        f"/// {m.doc}\n{derive}\npub struct {m.struct}{life} {{\n{_declared(m)}\n}}\n\n"
        f"impl{life} {m.struct}{life} {{\n"
        f"    /// The message in a body with a block of `block` bytes.\n    ///\n"
        f"    /// # Errors\n    /// When the bytes are not such a body.\n    #[inline]\n"
        f"    pub fn unpack(body: &{'' if not held else chr(39) + 'a '}[u8], block: usize)"
        f" -> Result<Self, FrameError> {{\n{body}\n    }}\n}}\n\n"
        f"impl Message for {m.struct}{hidden} {{\n"
        f"    const KIND: u16 = {m.kind};\n    const BLOCK: u16 = {m.block};\n"
        f'    const NAME: &\'static str = "{m.name}";\n'
        f"{_written(m)}\n"
        f"    #[inline]\n    fn block(&self, block: &mut [u8]) {{\n{taken}"
        + "".join(p + "\n" for p in puts)
        + "    }\n\n    #[inline]\n    fn variable(&self, out: &mut Vec<u8>) {\n"
        + "".join(w + "\n" for w in writes)
        + "    }\n}"
    )


def _written(m: Any) -> str:
    """What differs from a message of the first schema version that nothing was appended to."""
    text = "" if m.since == 1 else f"    const SINCE: u16 = {m.since};\n"
    if len(m.blocks) == 1:
        return text
    text += "\n    #[inline]\n    fn written(&self) -> (u16, u16) {\n"
    for version, block in reversed(m.blocks[1:]):
        said = " || ".join(_said(f) for f in m.appended(version))
        text += f"        if {said} {{\n            return ({version}, {block});\n        }}\n"
    version, block = m.blocks[0]
    return text + f"        ({version}, {block})\n    }}\n"


def _said(f: Any) -> str:
    if f.enum:
        return f"self.{f.name} as u8 != 0"
    if f.wire == "bool":
        return f"self.{f.name}"
    if f.wire == "b32":
        return f"self.{f.name} != [0; 32]"
    return f"!self.{f.name}.is_empty()" if f.wire == "text32" else f"self.{f.name} != 0"


def _commands(commands: list[Any]) -> str:
    held = {m.name: "<'a>" if m.lists or m.bytes else "" for m in commands}
    rows = lambda text: "\n".join(text(m) for m in commands)
    parts = {
        "@words": rows(lambda m: f"    /// {m.doc}\n    {m.struct}({m.struct}{held[m.name]}),"),
        "@reads": rows(
            lambda m: (
                f"            {m.kind} => Command::{m.struct}({m.struct}::unpack(body, block)?),"
            )
        ),
        "@kinds": rows(lambda m: f"            Command::{m.struct}(_) => {m.kind},"),
        "@rights": rows(lambda m: f"        {m.kind} => {_rights(m)},"),
        "@accounts": "\n".join(
            f"            Command::{m.struct}(c) => c.account,"
            for m in commands
            if any(f.name == "account" for f in m.fields)
        ),
    }
    text = COMMANDS
    for name, lines in parts.items():
        text = text.replace(name, lines)
    return text


def _rights(m: Any) -> str:
    roles = " | ".join(f"role::{r.upper()}" for r in m.attributes.get("roles", [])) or "0"
    four = str(bool(m.attributes.get("four_eyes", False))).lower()
    scoped = str(m.attributes.get("scope") == "account").lower()
    return f"Rights {{ roles: {roles}, four_eyes: {four}, scoped: {scoped}, block: {m.block}, since: {m.since} }}"
