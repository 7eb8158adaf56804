"""Emits what the page knows of the schema and the law (web/wire.js): words, refusals, kinds, rules."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

RULE = re.compile(r"^\*\*([A-Z]{3}-\d{3})\*\*(?: \((?:proposed|withdrawn)\))? (.+)$", re.M)


def emit(schema: Any, rulebook: Path) -> str:
    """An ES module; every table is data, in the order of the schema."""
    enums = {n: e["values"] for n, e in schema.enums.items()}
    refusals = {
        n: {"code": r["code"], "rule": r["rule"], "field": r["field"], "text": r["text"]}
        for n, r in schema.refusals.items()
    }
    faults = {
        n: {"code": f["code"], "rule": f["rule"], "status": f["status"], "text": f["text"]}
        for n, f in schema.faults.items()
    }
    rules = {
        code: sentence
        for path in sorted(rulebook.glob("*.md"))
        for code, sentence in RULE.findall(path.read_text())
    }
    tables = {
        "ENUMS": enums,
        "COMMANDS": {m.name: m.kind for m in schema.commands},
        "EVENTS": {m.name: m.kind for m in schema.events},
        "BOUNDS": {n: b["value"] for n, b in schema.bounds.items()},
        "REFUSALS": refusals,
        "FAULTS": faults,
        "RULES": rules,
    }
    text = "// Written by tools/wire.py from schema/ and rulebook/; change it there.\n"
    text += f"export const SCHEMA_VERSION = {schema.version};\n"
    for name, table in tables.items():
        text += f"export const {name} = Object.freeze({_table(table)});\n"
    return text


def _table(table: dict[str, Any]) -> str:
    rows = ",\n".join(
        f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps(value, ensure_ascii=False)}"
        for name, value in table.items()
    )
    return "{\n" + rows + "\n}"
