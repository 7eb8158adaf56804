"""The words of `lasalle bank` and `lasalle member`: what each expects, and an example."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from lasalle.institution.index_words import a_day


def add(verbs: Any, verb: Callable[..., Any], asks: Callable[[Any], None]) -> None:
    """Adds the verbs; `asks` adds the words of who asks a served house."""
    _add_members(verbs, verb)
    bank = verb(
        verbs,
        "bank",
        "take the bank's statements, book deposits and paid withdrawals, write payments",
        "lasalle bank reconcile var/house",
    )
    what = bank.add_subparsers(dest="what", required=True, metavar="WHAT")
    take = verb(
        what,
        "take",
        "take a statement of the bank (ISO 20022 camt.053), each entry once, and match it",
        "lasalle bank take var/house statement.xml",
    )
    held = verb(
        what,
        "held",
        "list entries that nobody is matched with",
        "lasalle bank held var/house",
    )
    match = verb(
        what,
        "match",
        "match a held entry by hand: a credit with an account, or with the house itself",
        "lasalle bank match var/house 7 2",
    )
    post = verb(
        what,
        "post",
        "book every matched entry in a served house, each once",
        "lasalle bank post var/house --key settlement.json",
    )
    asks(post)
    pay = verb(
        what,
        "pay",
        "write a file of payments (pain.001) for withdrawals that wait, none in two files",
        "lasalle bank pay var/house --payees payees.toml --out payments.xml",
    )
    reconcile = verb(
        what,
        "reconcile",
        "compare what the banks hold with the ledger and the entries it has not booked",
        "lasalle bank reconcile var/house",
    )
    for one in (take, held, match, post, pay, reconcile):
        one.add_argument("dir", type=Path, help="folder of the house, served or not")
    take.add_argument("file", type=Path, help="a camt.053 file")
    match.add_argument("item", type=int, help="number of the entry, as held lists it")
    match.add_argument("account", type=int, help="a trading account; 0: the house's own money")
    pay.add_argument("--payees", type=Path, required=True, help="TOML: [house], and each account")
    pay.add_argument("--out", type=Path, required=True, help="the file to write")
    pay.add_argument("--currency", default="USD", help="(default: %(default)s)")
    pay.add_argument("--name", default="", help="of a file to write again; else a new one")


def _add_members(verbs: Any, verb: Callable[..., Any]) -> None:
    member = verb(
        verbs,
        "member",
        "take applications of firms that want to clear, screen them, admit them",
        "lasalle member apply var/house ana.toml",
    )
    what = member.add_subparsers(dest="what", required=True, metavar="WHAT")
    apply = verb(
        what,
        "apply",
        "take an application, with the documents it names by their hashes",
        "lasalle member apply var/house ana.toml",
    )
    screen = verb(
        what,
        "screen",
        "have a program of the house screen an applicant, and keep its answer",
        "lasalle member screen var/house 1 ./screening-hook",
    )
    admit = verb(
        what,
        "admit",
        "print what two operators ask to admit an applicant whose screening passed",
        "lasalle member admit var/house 1 9 2026-03-30",
    )
    listed = verb(
        what,
        "list",
        "list the applications of the register",
        "lasalle member list var/house",
    )
    restrict = verb(
        what,
        "restrict",
        "print what two operators ask to leave a member, or one account, only these products",
        "lasalle member restrict var/house 9 cash option --decision decision.txt",
    )
    products = verb(
        what,
        "products",
        "list the products that members and accounts are eligible for",
        "lasalle member products var/house",
    )
    for one in (apply, screen, admit, listed, restrict, products):
        one.add_argument("dir", type=Path, help="folder of the house, served or not")
    apply.add_argument("file", type=Path, help="the application, TOML; documents lie beside it")
    for one in (screen, admit):
        one.add_argument("number", type=int, help="of the application")
    screen.add_argument("hook", type=Path, help="program: application in, answer out, both JSON")
    for one in (admit, restrict):
        one.add_argument("member", type=int, help="number of the member on the log")
    restrict.add_argument("products", nargs="*", help="cash, option, swap, physical")
    restrict.add_argument("--account", type=int, default=0, help="only this account of the member")
    restrict.add_argument("--decision", type=Path, required=True, help="why, in writing")
    admit.add_argument("day", type=a_day, help="day of the digest, YYYY-MM-DD")
