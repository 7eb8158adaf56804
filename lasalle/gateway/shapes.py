"""Shapes of answers that only the doors declare; the others are the client's."""

from __future__ import annotations

from typing import Any

import msgspec

from lasalle.client.shapes import Shape


def page_of(name: str, field: str, row: Any) -> Any:
    """A page of rows with the cursor of the next one."""
    return msgspec.defstruct(
        name, [(field, list[row]), ("next", str | None, None)], bases=(Shape,), frozen=True
    )


class Time(Shape, frozen=True):
    """Nanoseconds UTC."""

    time: int


class Status(Shape, frozen=True):
    """The house now: versions, numbers, what is real in it and what is simulated."""

    version: str
    schema_version: int
    number: int
    event: int
    venue_time: int
    marks_time: int
    """Nanoseconds UTC at which marks last changed; 0 when they never did."""
    halted: bool
    ready: bool
    demo: bool
    real: list[str]
    simulated: list[str]
    schedule: str = ""
    maker: str = ""
    house: str = ""
    """Which house this is: the chain of its journal's first batch, in hexadecimal."""


class Proposal(Shape, frozen=True):
    """A command that waits for another operator, with its fields."""

    proposal: int
    command: str
    fields: dict[str, Any]


class RateTerms(Shape, frozen=True):
    """A bucket."""

    per_second: int
    burst: int


class Cost(Shape, frozen=True):
    """What a request takes from its bucket."""

    method: str
    path: str
    bucket: str
    cost: int


class Limits(Shape, frozen=True):
    """Bounds of the schema, bounds of the doors, buckets, costs."""

    bounds: dict[str, int]
    body_bytes: int
    header_bytes: int
    connections: int
    stream_messages_conflated: int
    stream_bytes_conflated: int
    stream_messages_behind: int
    stream_bytes_behind: int
    stream_commands_unanswered: int
    rates: dict[str, RateTerms]
    costs: list[Cost]


class ErrorRow(Shape, frozen=True):
    """A reason to say no."""

    code: int
    name: str
    status: int
    rule: str
    field: str
    text: str


class Errors(Shape, frozen=True):
    """Every reason to say no: refusals of the core, then faults of the doors."""

    errors: list[ErrorRow]


class File(Shape, frozen=True):
    """A published file; day 0 is a file of many days."""

    number: int
    name: str
    day: int
    kind: str


class CurveMonth(Shape, frozen=True):
    """A month (YYYYMM) of a forward curve in USD per unit, with its band. `place`: quoted, an input
    of its own; between the inputs; beyond the last of them."""

    month: int
    forward: str
    low: str
    high: str
    forward_micro_dollars: int
    place: str


class CurveInput(Shape, frozen=True):
    """A price the curve was made from, and its average there, in USD per unit. `held`: exact, to a
    tenth of a tick; inside bid and ask; inconsistent, and left out, with what stands against it."""

    name: str
    standing: str
    first_month: int
    last_month: int
    bid: str
    price: str | None
    """None for a band without a price."""
    ask: str
    average: str
    held: str
    beyond: str
    """How far the curve stands outside bid and ask; 0.000000 inside."""
    against: list[str]


class Curve(Shape, frozen=True):
    """The published forward curve of an index on a day (YYYYMMDD). `inputs` are the very bytes
    whose SHA-256 it bears: anyone makes it from them again."""

    index: str
    day: int
    previous: int
    """The day of the curve before it; 0 for the first."""
    method: int
    published: int
    """Nanoseconds UTC."""
    input_sha256: str
    curve_sha256: str
    """Of its canonical form: index, day, method, `input_sha256`, its months, how each is held."""
    inputs: str
    months: list[CurveMonth]
    held: list[CurveInput]


class CurveTold(Shape, frozen=True):
    """A published forward curve without its inputs, which it names by their hash."""

    index: str
    day: int
    method: int
    published: int
    input_sha256: str
    curve_sha256: str
    months: list[CurveMonth]


class CurveList(Shape, frozen=True):
    """The last curve of every index that has one."""

    curves: list[CurveTold]


class DerivedRow(Shape, frozen=True):
    """A derived index of a day (YYYYMMDD), provisional or final as the fixings it is made of. Where
    there is no value the reason says why; `value` is whole, in `unit`."""

    index: str
    day: int
    stage: str
    value: int | None
    unit: str
    reason: str
    detail: str
    simulated: bool | None
    """Whether a fixing or an offer it is made of is made up; null for lines of before the label."""
    modelled: bool | None
    """Whether quotes it is made of are those of a model, as a demonstration's maker has them; null
    for lines of before the label."""
    method: str
    input_sha256: str
    """Of its lines, from which alone it is made again."""
    published: int
    """Nanoseconds UTC."""
    late_seconds: int
    silent: list[str]
    """Sources that were asked and failed."""


class DerivedList(Shape, frozen=True):
    """Every derived index of a day."""

    derived: list[DerivedRow]


class IndexFixing(Shape, frozen=True):
    """A row of the record of an index, `number` in it from 1. `stage`: provisional, final or
    correction, which says the price that was final, the one found, and why. `status`: fixed,
    shortage (a price of cover) or no-fix, with the reason and no price."""

    number: int
    index: str
    day: str
    stage: str
    status: str
    price: str | None
    price_micro_dollars: int
    rung: str
    marks: list[str]
    reason: str
    evidence_day: str
    offers: int
    sources: int
    simulated: bool
    method: int
    method_sha256: str
    inputs_root: str
    state_before: str
    state_after: str
    published: int
    """Nanoseconds UTC."""
    late_seconds: int
    """After its time in the timetable; 0 where it was kept."""
    silent: list[str]
    """Sources that were asked and failed."""
    old_price: str | None
    why: str
    cost_of_moving: dict[str, int]
    """Micro-dollars to move it up or down by 1 and 5 per cent within its own rules, and what that
    gains on the open interest; a move that no date can make is absent."""
    lots: int
    """The open interest that gains."""


class IndexSummary(Shape, frozen=True):
    """An index under a version of its method, and its last fixing; `kept`: whether this house fixes
    it, or has. What it does not keep has no fixing here, and that is no date without one."""

    index: str
    number: int
    version: int
    title: str
    method_sha256: str
    kept: bool
    last: IndexFixing | None


class IndexList(Shape, frozen=True):
    """Every published index."""

    indices: list[IndexSummary]


class IndexTable(IndexSummary, frozen=True):
    """A method with its table, the very bytes its digest is taken over."""

    table: str


class IndexMethods(Shape, frozen=True):
    """Every method an index has had."""

    methods: list[IndexTable]


class Alive(Shape, frozen=True):
    """Yes."""

    ok: bool


class Ready(Shape, frozen=True):
    """Serving as it should; the questions that were asked."""

    ready: bool
    questions: list[str]
    history_event: int
    """Last event the history has folded."""
    history_expected: int
    """Until the history has folded this event it answers history_catching_up: the last event when
    the house opened, where the history was behind; else 0."""
    history_fault: str = ""
    """Why it folds nothing at the moment; empty while it does."""
    faults: dict[str, str] = {}  # noqa: RUF012 a struct copies it
    """What fails beside the serving and is tried again, by name."""
