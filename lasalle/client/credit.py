"""Suppliers of a house over REST: requests and what they answer. Money is micro-dollars; shares,
probabilities and ratios are as believed."""

from __future__ import annotations

from urllib.parse import quote

import msgspec

from lasalle.client.asking import Asking
from lasalle.client.shapes import Shape

PATH = "/v1/credit"


class CreditSummary(Shape, frozen=True):
    """A supplier in short: why it is stopped (empty: it is not), and the step of the ladder."""

    supplier: str
    title: str
    as_of: str
    simulated: bool
    grade: str
    pd: float
    accelerators_sold: int
    required: int
    secured: int
    short: int
    step: str
    stopped: str


class CreditMonth(Shape, frozen=True):
    """What all suppliers sold for a month, accelerators, and what one of them sold at most."""

    month: str
    accelerators: int
    largest: int


class CreditLosses(Shape, frozen=True):
    """A year's loss on all suppliers: expected with its error, at a quantile, and the rest between
    both, which is unexpected; of so many draws from a seed."""

    draws: int
    seed: int
    quantile: float
    expected: int
    expected_error: int
    at_quantile: int
    shortfall: int
    unexpected: int
    failing: float


class CreditTotals(Shape, frozen=True):
    """The book of suppliers without a name; `made_up` has those that are simulated, in short."""

    suppliers: int
    by_grade: dict[str, int]
    required: int
    secured: int
    short: int
    months: list[CreditMonth]
    losses: CreditLosses | None
    made_up: list[CreditSummary]


class CreditLine(Shape, frozen=True):
    """A line of the scorecard: its figure and points."""

    name: str
    figure: float
    points: int


class CreditAtMove(Shape, frozen=True):
    """Probability of failing in a year when prices have moved by a share."""

    move: float
    pd: float


class CreditPiece(Shape, frozen=True):
    """A piece of collateral: face and what it counts, micro-dollars, and why."""

    what: str
    face: int
    counts: int
    why: str


class CreditLimit(Shape, frozen=True):
    """Accelerators of a month, grade and place: sold, the limit, what is left, what binds."""

    month: str
    grade: str
    place: str
    sold: int
    limit: int
    left: int
    binds: str


class CreditSign(Shape, frozen=True):
    """A sign of early warning."""

    name: str
    level: str
    found: float
    limit: float


class CreditBinding(Shape, frozen=True):
    """What the core holds the account of a supplier to: its largest position in a series, as it is
    and as the limits ask; whether it may sell what delivers, and why it is to sell nothing more
    (empty: it may); `due` are the commands that lack, by name with their fields."""

    account: int
    position_limit: int
    asked_limit: int
    physical: bool
    stopped: str
    due: dict[str, dict[str, str | int]]


class CreditSupplier(Shape, frozen=True, kw_only=True):
    """A supplier judged: the summary, and what it rests on."""

    summary: CreditSummary
    digest: str
    points: int
    scorecard_pd: float
    structural_pd: float
    lines: list[CreditLine]
    by_move: list[CreditAtMove]
    margin: int
    floor: int
    unsecured: int
    initial_margin_credit: int
    pieces: list[CreditPiece]
    limits: list[CreditLimit]
    signs: list[CreditSign]
    actions: list[str]
    binding: CreditBinding | None


class CreditSpike(Shape, frozen=True):
    """When prices have moved by a share: delivery margin, variation on what was sold, and cash to
    bring for both."""

    move: float
    margin: int
    variation: int
    cash: int


class CreditHour(Shape, frozen=True):
    """An hour of a grade in a place: price, power, what is left."""

    grade: str
    place: str
    price: int
    power: int
    over: int


class CreditAnswer(Shape, frozen=True, kw_only=True):
    """How many accelerators more can be sold, what binds, and what it would take. `receivable`:
    what buyers will pay for hours of verified machines, `kept` of it, and what may be
    assigned."""

    month: str
    grade: str
    place: str
    price: int
    more: int
    by_limit: int
    by_security: int
    binds: str
    margin_of_one: int
    spikes: list[CreditSpike]
    receivable: int
    kept: int
    assignable: int
    over_energy: list[CreditHour]


class CreditFiled(Shape, frozen=True):
    """A file kept: its line in the record, and its digest."""

    supplier: str
    number: int
    digest: str


class CreditSwitched(Shape, frozen=True):
    """A line without security as it stands: on, off, or waiting for another officer."""

    supplier: str
    usd: int
    state: str


class CreditDrawn(Shape, frozen=True):
    """A drawing on a letter of credit, whole US dollars: what is left of it, and the demand as it
    is presented to the issuer."""

    supplier: str
    issuer: str
    expires: str
    usd: int
    left: int
    demand: str


def asking_totals() -> Asking[CreditTotals]:
    """The book of suppliers in totals."""
    return Asking("GET", PATH, CreditTotals, repeatable=True)


def asking_suppliers() -> Asking[list[CreditSummary]]:
    """Every supplier the actor may see: all for officers, those of its member for others."""
    return Asking(
        "GET", f"{PATH}/suppliers", list[CreditSummary], within="suppliers", repeatable=True
    )


def asking_supplier(supplier: str) -> Asking[CreditSupplier]:
    """A supplier judged."""
    return Asking("GET", _path(supplier), CreditSupplier, repeatable=True)


def asking_file(text: str) -> Asking[CreditFiled]:
    """Keeps a supplier's file, TOML text; the same file again is kept once."""
    body = msgspec.json.encode({"file": text})
    return Asking("POST", f"{PATH}/suppliers", CreditFiled, body, repeatable=True)


def asking_line(supplier: str, usd: int) -> Asking[CreditSwitched]:
    """Asks for a line without security, or agrees to what another officer asked for."""
    body = msgspec.json.encode({"usd": usd})
    return Asking("POST", f"{_path(supplier)}/line", CreditSwitched, body)


def asking_heartbeats(supplier: str, missed: float) -> Asking[CreditSummary]:
    """Keeps the share of heartbeats a supplier missed in the last day."""
    body = msgspec.json.encode({"missed": missed})
    return Asking("POST", f"{_path(supplier)}/heartbeats", CreditSummary, body)


def asking_draw(supplier: str, issuer: str, usd: int, reference: str) -> Asking[CreditDrawn]:
    """Draws on a letter of credit, whole US dollars; the same reference draws once."""
    body = msgspec.json.encode({"issuer": issuer, "usd": usd, "reference": reference})
    return Asking("POST", f"{_path(supplier)}/draw", CreditDrawn, body, repeatable=True)


def asking_what_if(
    supplier: str, month: str, grade: str, place: str, price: str = ""
) -> Asking[CreditAnswer]:
    """How much more a supplier can sell of a month, YYYY-MM, at a price in USD an hour."""
    asked = {"month": month, "grade": grade, "place": place, "price": price}
    return Asking(
        "POST", f"{_path(supplier)}/what-if", CreditAnswer, msgspec.json.encode(asked),
        repeatable=True,
    )  # fmt: skip


def _path(supplier: str) -> str:
    return f"{PATH}/suppliers/{quote(supplier, safe='')}"
