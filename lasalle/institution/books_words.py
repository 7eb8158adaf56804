"""The words of `lasalle statement`, `proof` and `collateral`: what each expects, and an example."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from lasalle.institution.index_words import a_day

FORMATS = ("json", "csv", "pdf")


def add(verbs: Any, verb: Callable[..., Any]) -> None:
    """Adds the verbs."""
    statement = verb(
        verbs,
        "statement",
        "write the statement of an account, or of all, over a settled day",
        "lasalle statement var/house",
        "lasalle statement var/house 2 --format csv --out statements",
    )
    statement.add_argument("dir", type=Path, help="folder of a house, served or not")
    statement.add_argument("account", nargs="?", type=int, default=0, help="account (default: all)")
    statement.add_argument("--day", type=a_day, default=0, help="YYYY-MM-DD (default: the last)")
    statement.add_argument("--format", choices=FORMATS, default="json", help="(default: json)")
    statement.add_argument("--out", type=Path, help="folder for the files; one is else printed")
    proof = verb(
        verbs,
        "proof",
        "prove to each member that its balance is in the house's total, and check such a proof",
        "lasalle proof make var/house --out proofs",
    )
    what = proof.add_subparsers(dest="what", required=True, metavar="WHAT")
    make = verb(
        what,
        "make",
        "write the proof of every account over a settled day, and print what goes on the log",
        "lasalle proof make var/house --out proofs",
    )
    make.add_argument("dir", type=Path, help="folder of a house, served or not")
    make.add_argument("--day", type=a_day, default=0, help="YYYY-MM-DD (default: the last settled)")
    make.add_argument("--out", type=Path, required=True, help="folder for the proofs")
    check = verb(
        what,
        "check",
        "check a proof: its parts lead to the root, and the root is the one on the log",
        "lasalle proof check proofs/20260330-2.json",
    )
    check.add_argument("file", type=Path, help="a proof, as the house handed it over")
    check.add_argument(
        "--statement", type=Path, help="the statement a served house's proof is beside, JSON"
    )
    check.add_argument("--digest", default="", help="as the log has it, 64 hexadecimal digits")
    check.add_argument("--dir", type=Path, help="folder of a house whose log is looked at instead")
    _add_collateral(verbs, verb)


def _add_collateral(verbs: Any, verb: Callable[..., Any]) -> None:
    collateral = verb(
        verbs,
        "collateral",
        "show classes of collateral, admit and price assets, see what accounts lean on",
        "lasalle collateral classes",
    )
    what = collateral.add_subparsers(dest="what", required=True, metavar="WHAT")
    verb(what, "classes", "list the classes in force", "lasalle collateral classes")
    admit = verb(
        what,
        "admit",
        "print the command that admits an asset under a class, for two operators",
        "lasalle collateral admit 2 currency",
        "lasalle collateral admit 5 note-3 --years 2.25",
    )
    admit.add_argument("asset", type=int, help="number of the asset in the ledger, not 1")
    admit.add_argument("name", metavar="CLASS", help="as lasalle collateral classes lists it")
    admit.add_argument("--years", default="0", help="years to maturity of a bill, note or bond")
    value = verb(
        what,
        "value",
        "print the command that puts published prices in force",
        "lasalle collateral value prices.csv --day 2026-03-30",
    )
    value.add_argument("file", type=Path, help="CSV with the heads asset,price_usd")
    value.add_argument("--day", type=a_day, required=True, help="day of the prices, YYYY-MM-DD")
    deposit = verb(
        what,
        "deposit",
        "print the command that books what the custodian holds, within the limit of the house",
        "lasalle collateral deposit var/house 2 5 250000000000 --reference custodian-17",
    )
    deposit.add_argument("dir", type=Path, help="folder of a house, served or not")
    deposit.add_argument("account", type=int, help="trading account")
    deposit.add_argument("asset", type=int, help="number of the asset in the ledger")
    deposit.add_argument("units", type=int, help="smallest units, millionths of a whole one")
    deposit.add_argument("--reference", required=True, help="of the custodian, booked once")
    report = verb(
        what,
        "report",
        "show what each account holds and counts, what is concentrated, and limits of the house",
        "lasalle collateral report var/house",
    )
    report.add_argument("dir", type=Path, help="folder of a house, served or not")
    report.add_argument(
        "--most", type=float, default=0.25, help="share of an asset one account may have"
    )
