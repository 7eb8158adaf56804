"""The words of `lasalle delivery custody`: what each verb expects, and an example."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Verb = Callable[..., Any]


def add(what: Any, verb: Verb, asks: Callable[[Any], None]) -> None:
    """What a reserve in custody can be asked; `asks` adds the words of who asks a house."""
    custody = verb(
        what,
        "custody",
        "keep a strategic reserve: a rolling ladder of blocks, standing units, tests, release",
        "lasalle delivery custody example my-reserve",
    )
    verbs = custody.add_subparsers(dest="custody", required=True, metavar="VERB")
    example = verb(
        verbs,
        "example",
        "write terms to begin from, and a key for each standing unit, into a folder",
        "lasalle delivery custody example strategic-reserve",
    )
    example.add_argument("dir", type=Path, help="a folder that is empty or not there")
    example.add_argument(
        "--account", type=int, default=2, help="that holds the reserve (default: %(default)s)"
    )
    check = verb(
        verbs,
        "check",
        "read terms; the first fault by field, or their digest",
        "lasalle delivery custody check strategic-reserve/reserve.toml",
    )
    check.add_argument("terms", type=Path, help="a TOML file")
    file = verb(
        verbs,
        "file",
        "put terms in force: kept in the record of the house under their digest",
        "lasalle delivery custody file strategic-reserve/reserve.toml",
    )
    file.add_argument("terms", type=Path, help="a TOML file; it names the account")
    asks(file)
    _add_account(verbs, verb, asks)
    answer = verb(
        verbs,
        "answer",
        "answer for every drawn unit whose key lies in a folder: its work, signed",
        "lasalle delivery custody answer 2 --keys strategic-reserve",
    )
    answer.add_argument("account", type=int, help="account that holds the reserve")
    answer.add_argument("--keys", type=Path, required=True, help="folder of UNIT.key files")
    answer.add_argument("--evidence", type=Path, help="file whose SHA-256 is signed along")
    asks(answer)


def _add_account(verbs: Any, verb: Verb, asks: Callable[[Any], None]) -> None:
    for name, says, sends in (
        ("plan", "say what today asks: which rung is bought, rotated or released", False),
        ("execute", "send the orders of today after one confirmation, never more than lacks", True),
        ("release", "offer released deliveries to the published accounts, each its share", True),
        ("test", "draw the test of readiness of today, once a day", False),
        ("report", "show the reserve: ladder, releases, tests, digest of the record", False),
    ):
        words = verb(verbs, name, says, f"lasalle delivery custody {name} 2")
        words.add_argument("account", type=int, help="account that holds the reserve")
        if sends:
            words.add_argument("--yes", action="store_true", help="do not ask before sending")
        else:
            words.add_argument("--json", action="store_true", help="for programs")
        asks(words)
