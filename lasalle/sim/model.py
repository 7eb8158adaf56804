"""Nouns of a made-up day: who takes part, what is listed, and how a fault is told."""

from __future__ import annotations

from typing import NamedTuple

from lasalle.wire import AccountKind, SeriesKind

CENT = 10_000
DOLLAR = 1_000_000
OPERATORS = (1, 2)
READER = 300
"""An actor of the house that may read and nothing else."""


class Violation(Exception):
    """A checker found what must not be; names the checker and the command number."""

    def __init__(self, checker: str, sentence: str, number: int = 0) -> None:
        super().__init__(f"{checker}: {sentence} (number {number})")
        self.checker, self.sentence, self.number = checker, sentence, number


class AccountRow(NamedTuple):
    """An account of the made-up world; cash in micro-dollars."""

    account: int
    member: int
    owner: int
    kind: AccountKind
    habit: str
    cash: int


ACCOUNTS = (
    AccountRow(1, 1, 1, AccountKind.HOUSE, "lab", 20_000 * DOLLAR),
    AccountRow(2, 1, 1, AccountKind.CLIENT, "lab", 10_000 * DOLLAR),
    AccountRow(3, 2, 2, AccountKind.HOUSE, "supplier", 20_000 * DOLLAR),
    AccountRow(4, 3, 3, AccountKind.HOUSE, "fund", 15_000 * DOLLAR),
    AccountRow(5, 4, 4, AccountKind.HOUSE, "maker", 60_000 * DOLLAR),
    AccountRow(6, 5, 5, AccountKind.HOUSE, "maker", 60_000 * DOLLAR),
    AccountRow(7, 6, 6, AccountKind.HOUSE, "thin", 3_000 * DOLLAR),
    AccountRow(8, 4, 4, AccountKind.CLIENT, "fund", 20_000 * DOLLAR),
)
MEMBERS = {1: "Ana Lab", 2: "Bo Supply", 3: "Cy Fund", 4: "Di Maker", 5: "Ed Maker", 6: "Flo Thin"}
THIN = 7
"""The account that bets more than it has."""
BY_ACCOUNT = {row.account: row for row in ACCOUNTS}


def actor_of(account: int) -> int:
    """The person who asks for an account."""
    return 100 + BY_ACCOUNT[account].member


class SeriesRow(NamedTuple):
    """A series of the made-up world; price in micro-dollars, hours of one lot."""

    series: int
    symbol: str
    kind: SeriesKind
    group: int
    first_month: int
    last_month: int
    hours: int
    strike: int
    price: int
    band: int
    pause_range: int


FRONT, NEXT, CALL, PUT, SWAP, DYING = 10, 11, 20, 21, 30, 40
_FUTURE = SeriesKind.FUTURE
SERIES = (
    SeriesRow(FRONT, "H100-2026-03", _FUTURE, 1, 202603, 202603, 100, 0, 250 * CENT, 2_000, 400),
    SeriesRow(NEXT, "H100-2026-04", _FUTURE, 1, 202604, 202604, 100, 0, 255 * CENT, 2_000, 1_000),
    SeriesRow(
        CALL,
        "H100-2026-03-C-2.500",
        SeriesKind.CALL,
        *(2, 202603, 202603, 100, 250 * CENT, 20 * CENT, 5_000, 0),
    ),
    SeriesRow(
        PUT,
        "H100-2026-03-P-2.400",
        SeriesKind.PUT,
        *(2, 202603, 202603, 100, 240 * CENT, 15 * CENT, 5_000, 0),
    ),
    SeriesRow(
        SWAP,
        "H100-2025-12-S-2026-01",
        SeriesKind.SWAP,
        *(1, 202512, 202601, 1_488, 0, 252 * CENT, 2_000, 1_000),
    ),
    SeriesRow(DYING, "H100-2025-12", _FUTURE, 1, 202512, 202512, 100, 0, 248 * CENT, 2_000, 1_000),
)
BY_SERIES = {row.series: row for row in SERIES}
