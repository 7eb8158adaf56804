"""Emits the reference pages of messages, refusals and the chart of accounts."""

from __future__ import annotations

from typing import Any

NOTE = "<!-- Written by tools/wire.py from schema/; change it there. -->\n\n"


def emit(schema: Any) -> dict[str, str]:
    return {
        "commands.md": NOTE + "# Commands\n\n" + "\n".join(_message(m) for m in schema.commands),
        "events.md": NOTE + "# Events\n\n" + "\n".join(_message(m) for m in schema.events),
        "refusals.md": NOTE + _refusals(schema),
        "ledger.md": NOTE + _ledger(schema),
        "units.md": NOTE + _units(schema),
    }


def _message(m: Any) -> str:
    roles = ", ".join(m.attributes.get("roles", [])) or "the venue itself"
    lines = [f"## {m.name} ({m.kind})", "", m.doc, ""]
    if m.kind < 1000:
        eyes = " Four eyes." if m.attributes.get("four_eyes") else ""
        lines += [f"Verb `{m.attributes['verb']}`. Roles: {roles}.{eyes}", ""]
    parts = m.fields + m.lists + m.bytes
    if parts:
        lines += ["| field | type | seen by | meaning |", "|---|---|---|---|"]
        lines += [
            f"| {f.name} | {f.type}{'[]' if f.wire == 'list' else ''} | {f.audience} | {f.doc}{_since(f)} |"
            for f in parts
        ]
        lines.append("")
    return "\n".join(lines)


def _since(f: Any) -> str:
    since = getattr(f, "since", 1)
    return f" Since schema {since}." if since > 1 else ""


def _refusals(schema: Any) -> str:
    rows = [
        f"| {r['code']} | `{n}` | {r['rule']} | {r['field'] or '-'} | {r['text']} |"
        for n, r in schema.refusals.items()
    ]
    return (
        "# Refusals\n\nIn order of precedence.\n\n| code | name | rule | field | text |\n|---|---|---|---|---|\n"
        + "\n".join(rows)
        + "\n"
    )


def _ledger(schema: Any) -> str:
    rows = [
        f"| {a['code']} | {n} | {'yes' if a['per_account'] else 'no'} | {'yes' if a['non_negative'] else 'no'} | {a['doc']} |"
        for n, a in schema.ledger.items()
    ]
    return (
        "# Chart of accounts\n\n| code | class | per account | never below zero | meaning |\n|---|---|---|---|---|\n"
        + "\n".join(rows)
        + "\n"
    )


def _units(schema: Any) -> str:
    types = [f"| {n} | {t['wire']} | {t['doc']} |" for n, t in schema.types.items()]
    bounds = [f"| {n} | {b['value']:,} | {b['doc']} |" for n, b in schema.bounds.items()]
    enums = [
        f"| {n} | {', '.join(f'{w} {v}' for w, v in e['values'].items())} | {e['doc']} |"
        for n, e in schema.enums.items()
    ]
    return (
        "# Units\n\n| type | wire | meaning |\n|---|---|---|\n"
        + "\n".join(types)
        + "\n\n## Words\n\n| list | values | meaning |\n|---|---|---|\n"
        + "\n".join(enums)
        + "\n\n## Bounds\n\n| bound | value | meaning |\n|---|---|---|\n"
        + "\n".join(bounds)
        + "\n"
    )
