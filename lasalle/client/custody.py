"""A reserve in custody: requests and what they answer. Prices are micro-dollars a unit, times
nanoseconds UTC, digests hexadecimal."""

from __future__ import annotations

import msgspec

from lasalle.client.asking import Asking
from lasalle.client.shapes import Shape


class CustodyRung(Shape, frozen=True):
    """A block that trades: days until its trading ends, lots held, best bid and offer, 0 for
    none."""

    symbol: str
    days_left: int
    held: int
    bid: int
    ask: int


class CustodyAction(Shape, frozen=True):
    """What today asks of a rung: buy, rotate, release or hold; the worst price, 0 where nothing is
    to be sent, and why."""

    deed: str
    symbol: str
    lots: int
    price: int
    why: str


class CustodyShare(Shape, frozen=True):
    """Lots of a released block that go to an account: its share, what of it was taken, and what is
    on offer."""

    account: int
    share: int
    taken: int
    offered: int


class CustodyOffer(Shape, frozen=True):
    """An offer of a delivery that is due."""

    delivery: int
    to_account: int
    lots: int
    first_hour: int
    hours: int


class CustodyRelease(Shape, frozen=True):
    """A block the reserve takes delivery of; what is not released stays with it."""

    symbol: str
    released: bool
    lots: int
    nominations_due: int
    shares: list[CustodyShare]
    offers: list[CustodyOffer]


class CustodyUnit(Shape, frozen=True):
    """A drawn unit: what it is asked, when it answered (0: not), digests of its work and of its
    evidence."""

    unit: str
    challenge: str
    answered: int
    work: str
    evidence: str


class CustodyTest(Shape, frozen=True):
    """A test of readiness: its line in the record, its day (YYYYMMDD), the command up to which the
    journal's chain is its seed, until when units answer; open, ready or failed."""

    test: int
    day: int
    command: int
    seed: str
    until: int
    state: str
    units: list[CustodyUnit]


class CustodyReport(Shape, frozen=True, kw_only=True):
    """A reserve as it stands, by the terms with this digest; `mean` of the fixings before the last,
    0 where they are too few; `record` is the digest of the record's last line."""

    account: int
    digest: str
    product: str
    time: int
    fixing: int
    mean: int
    released: bool
    rungs: list[CustodyRung]
    actions: list[CustodyAction]
    releases: list[CustodyRelease]
    units: list[str]
    tests: list[CustodyTest]
    test_due: bool
    record: str


class CustodyFiled(Shape, frozen=True):
    """Terms kept: their line in the record, and their digest."""

    account: int
    number: int
    digest: str


def asking_custody(account: int) -> Asking[CustodyReport]:
    """The reserve an account holds: its ladder, what today asks, releases, tests."""
    return Asking("GET", _path(account), CustodyReport, repeatable=True)


def asking_custody_terms(account: int, text: str) -> Asking[CustodyFiled]:
    """Keeps the terms of a reserve, TOML text; the same terms again are kept once."""
    body = msgspec.json.encode({"file": text})
    return Asking("POST", _path(account), CustodyFiled, body, repeatable=True)


def asking_custody_test(account: int) -> Asking[CustodyTest]:
    """Draws the test of readiness of today, once a day."""
    return Asking("POST", f"{_path(account)}/tests", CustodyTest, b"{}", repeatable=True)


def asking_custody_answer(
    account: int, test: int, unit: str, work: str, evidence: str, signature: str
) -> Asking[CustodyTest]:
    """What a drawn unit answers; its first answer stands."""
    said = {"test": test, "unit": unit, "work": work, "evidence": evidence, "signature": signature}
    body = msgspec.json.encode(said)
    return Asking("POST", f"{_path(account)}/answers", CustodyTest, body, repeatable=True)


def _path(account: int) -> str:
    return f"/v1/accounts/{account}/custody"
