"""Emits the page of rules: each sentence with what shows it and what is refused under it."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

NOTE = "<!-- Written by tools/wire.py from rulebook/, schema/ and tests/; change it there. -->\n\n"
RULE = re.compile(r"^\*\*([A-Z]{3}-\d{3})\*\*(?: \((proposed|withdrawn)\))? (.+)$", re.M)
TITLE = re.compile(r"^scenario (.+?)  ?((?:\[[A-Z]{3}-\d{3}\] ?)+)$", re.M)


def emit(schema: Any, root: Path) -> str:
    """The whole page; chapters in the order of the rulebook."""
    shown = scenarios(root)
    for code, places in marked_tests(root).items():
        shown.setdefault(code, []).extend(places)
    refused: dict[str, list[str]] = {}
    for name, refusal in [*schema.refusals.items(), *schema.faults.items()]:
        refused.setdefault(refusal["rule"], []).append(name)
    parts = [NOTE + "# Rules\n\nWhat is obliged, what shows it, and what is refused under it.\n"]
    for path in sorted((root / "rulebook").glob("*.md")):
        text = path.read_text()
        title = text.splitlines()[0].removeprefix("# ")
        parts.append(f"## [{title}](../../rulebook/{path.name})\n")
        for code, status, sentence in RULE.findall(text):
            parts.append(f"**{code}** {sentence}\n")
            parts.append(_facts(status or "in force", shown.get(code), refused.get(code)))
    return "\n".join(parts)


def _facts(status: str, shown: list[str] | None, refused: list[str] | None) -> str:
    lines = [f"- {status[0].upper()}{status[1:]}."]
    if shown:
        lines.append(f"- Shown by {'; '.join(shown)}.")
    if refused:
        lines.append(f"- Refuses {', '.join(f'`{name}`' for name in refused)}.")
    return "\n".join(lines) + "\n"


def scenarios(root: Path) -> dict[str, list[str]]:
    """Scenario titles by the rules they name: worked examples first, then the stories."""
    found: dict[str, list[str]] = {}
    for path in [
        *sorted((root / "rulebook").glob("*.md")),
        *sorted((root / "tests" / "scenarios").glob("*.scn")),
    ]:
        where = "its example" if path.suffix == ".md" else f"`{path.relative_to(root)}`"
        for title, codes in TITLE.findall(path.read_text()):
            for code in re.findall(r"[A-Z]{3}-\d{3}", codes):
                found.setdefault(code, []).append(f"{where} *{title.strip()}*")
    return found


def marked_tests(root: Path) -> dict[str, list[str]]:
    """Tests by the rules their marks name."""
    found: dict[str, list[str]] = {}
    for path in sorted((root / "tests").glob("**/test_*.py")):
        source = path.read_text()
        if "mark.rule(" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                for mark in node.decorator_list:
                    if isinstance(mark, ast.Call) and ast.unparse(mark.func).endswith("mark.rule"):
                        place = f"`{path.relative_to(root)}::{node.name}`"
                        found.setdefault(ast.literal_eval(mark.args[0]), []).append(place)
    return found
