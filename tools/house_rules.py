"""The house rules a program can check; each check takes source and gives the breaches found.

A breach is (subject, sentence); `tests/tidy/allowed.txt` names subjects that have a reason.
"""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
Breach = tuple[str, str]

# Lowest first. Rooms of one floor do not import each other.
FLOORS = (
    ("wire", "units", "client"),
    ("contracts", "plain", "_core"),
    ("pricing", "indices"),
    ("exchange", "auction", "clearing", "delivery", "credit"),
    ("hedging", "making"),
    ("views", "venue"),
    ("gateway", "sim"),
    ("institution",),
)
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}

OUTSIDE_MODULES = frozenset(
    {
        "glob",
        "httpx",
        "os",
        "pathlib",
        "random",
        "secrets",
        "shutil",
        "socket",
        "sqlite3",
        "ssl",
        "subprocess",
        "tempfile",
        "time",
        "urllib",
        "uuid",
        "websockets",
    }
)
OUTSIDE_CALLS = re.compile(r"^(open|io\.open|input|(\w+\.)*(datetime|date)\.(now|utcnow|today))$")
# The client runs in the member's process, views keep their own store, the rest is the outside.
MAY_LOOK_OUTSIDE = frozenset({"client", "views", "venue", "gateway", "sim", "institution"})

NOUNS = re.compile(r"(Manager|Handler|Helpers?|Utils?|Service|Processor)$")
NAMES = re.compile(r"^(data|info|obj|tmp|flag|do_\w+|process_\w+|\w+_v2|(\w+_)?(utils?|helpers?))$")

LINES = {".py": 400, ".rs": 500}
FUNCTION_LINES = 60
GENERATED = re.compile(r"(?i)(generated|written) by (python )?`?tools/wire")

MACHINE_PATH = re.compile(r"(?<![\w.~/-])/(?:work|root|home/\w+|Users/\w+)/")
CORE_OUTSIDE = re.compile(
    r"\bstd::(time|fs|net|io|env|process|thread)\b|\b(SystemTime|Instant)\b|\bf(32|64)\b"
)


def tracked(*suffixes: str) -> list[str]:
    """Files of the repository, tracked or about to be, whose names end so."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return sorted(
        path for path in set(listed) if path.endswith(suffixes) and (ROOT / path).is_file()
    )


def room_of(path: str) -> str | None:
    """The room a file stands in; None outside the rooms and for the package's front page."""
    parts = Path(path).with_suffix("").parts
    return parts[1] if parts[0] == "lasalle" and len(parts) > 1 and parts[1] != "__init__" else None


def imported(source: str, path: str) -> Iterator[str]:
    """Dotted names a module imports, relative ones resolved; from `lasalle` itself, its rooms."""
    package = Path(path).parent.parts
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            base += node.module.split(".") if node.module else []
            whole = ".".join(base)
            yield from (
                (f"{whole}.{alias.name}" for alias in node.names)
                if whole == "lasalle"
                else (whole,)
            )


def floors(source: str, path: str) -> list[Breach]:
    """Imports run downwards only."""
    here = room_of(path)
    if here is None:
        return []
    if here not in FLOOR:
        return [(here, f"{path}: the room {here} stands on no floor of tools/house_rules.py")]
    found = []
    for name in imported(source, path):
        parts = name.split(".")
        if parts[0] != "lasalle" or len(parts) < 2 or parts[1] == here or parts[1] not in FLOOR:
            continue
        if FLOOR[parts[1]] >= FLOOR[here]:
            found.append(
                (f"{here}->{parts[1]}", f"{path}: {here} imports {name}, which is not below it")
            )
    return found


def outside(source: str, path: str) -> list[Breach]:
    """Below the venue nobody asks for the hour, draws chance, reads a file or the environment."""
    room = room_of(path)
    if room is None or room in MAY_LOOK_OUTSIDE:
        return []
    found = [
        (name.split(".")[0], f"{path}: imports {name}")
        for name in imported(source, path)
        if name.split(".")[0] in OUTSIDE_MODULES
    ]
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        unseeded = called.endswith("random.default_rng") and not (node.args or node.keywords)
        if OUTSIDE_CALLS.match(called) or unseeded:
            found.append((called, f"{path}:{node.lineno}: calls {called}()"))
    return found


def floats(source: str, path: str) -> list[Breach]:
    """The plain core knows no float: nothing that binds is divided into one."""
    if room_of(path) != "plain":
        return []
    found = []
    for node in ast.walk(ast.parse(source)):
        literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
        divided = isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div)
        cast = (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "float"
        )
        if literal or divided or cast:
            found.append(("float", f"{path}:{node.lineno}: a float in the plain core"))
    return found


def core_outside(source: str, path: str) -> list[Breach]:
    """The compiled core knows no clock, disk, socket, thread, environment or float."""
    if not path.startswith("core/house/src/") or "/tests" in path:
        return []
    code = re.sub(r"//[^\n]*", "", source).split("#[cfg(test)]\nmod tests {")[0]
    return [(hit.group(0), f"{path}: {hit.group(0)}") for hit in CORE_OUTSIDE.finditer(code)]


def sizes(source: str, path: str) -> list[tuple[str, int, int]]:
    """What is longer than the house allows: (path or path::function, lines, allowed)."""
    if GENERATED.search(source[:400]):
        return []
    allowed = LINES[Path(path).suffix]
    count = source.count("\n")
    found = [(path, count, allowed)] if count > allowed else []
    if path.endswith(".py"):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    found.append((f"{path}::{node.name}", lines, FUNCTION_LINES))
    return found


def names(source: str, path: str) -> list[Breach]:
    """Definitions use the trade's words."""
    found = (
        []
        if not NAMES.match(Path(path).stem)
        else [(Path(path).stem, f"{path}: the file's own name")]
    )
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and NOUNS.search(node.name):
            found.append((node.name, f"{path}:{node.lineno}: class {node.name}"))
        defined = None
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            defined = node.name
        elif isinstance(node, ast.arg):
            defined = node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            defined = node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            defined = node.attr
        if defined and NAMES.match(defined):
            found.append((defined, f"{path}:{node.lineno}: the name {defined}"))
    return found


def words(text: str, path: str, forbidden: dict[str, str]) -> list[Breach]:
    """No word of the list, and no path of somebody's machine."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        for word, instead in forbidden.items():
            if re.search(rf"\b{word}\b", line):
                found.append((word, f"{path}:{number}: {word} ({instead})"))
        if MACHINE_PATH.search(line):
            found.append(("path", f"{path}:{number}: a path of one machine"))
    return found


def locks(text: str, path: str) -> list[Breach]:
    """Lock files hold names, versions and hashes; cargo writes its registry beside each name."""
    cargo = 'source = "registry+https://github.com/rust-lang/crates.io-index"'
    return [
        ("address", f"{path}:{number}: {line.strip()}")
        for number, line in enumerate(text.splitlines(), 1)
        if "://" in line and line.strip() != cargo
    ]


def rows(name: str, fields: int) -> list[list[str]]:
    """Rows of a list in tests/tidy; the last field is free text and must not be empty."""
    found = []
    for line in (ROOT / "tests" / "tidy" / name).read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            row = line.split(None, fields - 1)
            if len(row) != fields:
                raise ValueError(
                    f"tests/tidy/{name}: {fields} fields expected, the last a reason: {line}"
                )
            found.append(row)
    return found
