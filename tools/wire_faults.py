"""Emits the registry of faults a door tells of (lasalle/client/registry.py)."""

from __future__ import annotations

from typing import Any


def emit(schema: Any) -> str:
    rows = "\n".join(
        f'    "{n}": FaultTerms({f["code"]}, {f["status"]}, "{f["rule"]}", {f["text"]!r}),'.replace(
            "'", '"'
        )
        for n, f in schema.faults.items()
    )
    return (
        '"""Faults of the doors. Written by tools/wire.py from schema/faults.toml; change it there."""\n\n'
        "from __future__ import annotations\n\n"
        "from typing import NamedTuple\n\n\n"
        "class FaultTerms(NamedTuple):\n"
        '    """Code above every refusal, status of HTTP, rule, and what the name means."""\n\n'
        "    code: int\n    status: int\n    rule: str\n    text: str\n\n\n"
        f"FAULTS: dict[str, FaultTerms] = {{\n{rows}\n}}\n"
    )
