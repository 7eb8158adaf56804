"""What the schema cannot say of a product: what it refers to, terms that agree, prices, listing and
the rows it is listed for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from lasalle.contracts.periods import LONGEST_PEAK_HOURS
from lasalle.contracts.reading import NOTHING, InWords, Path
from lasalle.contracts.sound import Known, Rule, Sound, Unread, Wrong, apart
from lasalle.contracts.standard import FORMS
from lasalle.contracts.symbols import STRIKE_STEP_MICRO_DOLLARS
from lasalle.wire import Bound, SeriesKind

LONGEST_HOURS = {"hour": 1, "day": 24, "week": 168, "month": 744, "quarter": 2_208}
RIGHTS = ("capacity_call", "flexible_start")
BASES = ("location_basis", "grade_basis")
METHOD = {True: "physical", False: "cash"}
"""Method of settlement, by whether something is delivered."""
LAST = {True: "before_block", False: "block_end"}
"""Rule of the last trading time, by whether something is delivered."""
CFI_DELIVERY = {"future": 3, "call": 4, "put": 4, "swap": 5}
"""Where the letter of delivery stands in a code, by kind of series."""


# -- products: references --------------------------------------------------------------------------


def _named(field: str) -> Rule:
    """A file of a kind that a product names in the field of that kind."""

    def rule(terms: Sound, known: Known) -> Iterator[Wrong]:
        if (field, terms[field]) not in known:
            yield (field,), f"a file of {field} that exists", terms[field]

    return rule


def _named_blocks(terms: Sound, known: Known) -> Iterator[Wrong]:
    def of(n: int, strip: Sound) -> Iterator[Wrong]:
        if ("block", strip["block"]) not in known:
            yield ("listing", "strip", n, "block"), "a block that exists", strip["block"]

    yield from apart(of(n, strip) for n, strip in enumerate(terms["listing"]["strip"]))


def _kind_of(slice_: str, known: Known) -> str:
    """Whether a slice is a grade or a class; empty where no file of it is there."""
    for kind in ("grade", "class"):
        if known.states((kind, slice_)):
            return kind
    if not known.whole:
        raise Unread(slice_)
    return ""


def _named_rows(terms: Sound, known: Known) -> Iterator[Wrong]:
    def slice_of(n: int, row: Sound) -> Iterator[Wrong]:
        if not _kind_of(row["slice"], known):
            yield ("contract", n, "slice"), "a grade or class that exists", row["slice"]

    def places_of(n: int, row: Sound) -> Iterator[Wrong]:
        for place in row["locations"]:
            if ("location", place) not in known:
                yield ("contract", n, "locations"), "locations that exist", place

    def against_of(n: int, row: Sound) -> Iterator[Wrong]:
        kind = "location" if terms["form"] == "location_basis" else "grade"
        if "against" in row and (kind, row["against"]) not in known:
            yield ("contract", n, "against"), f"a {kind} that exists", row["against"]

    for told in (slice_of, places_of, against_of):
        yield from apart(told(n, row) for n, row in enumerate(terms["contract"]))


def _named_basket(terms: Sound, known: Known) -> Iterator[Wrong]:
    if "basket" in terms:
        for grade in terms["basket"]["deliverable"]:
            if ("grade", grade) not in known:
                yield ("basket", "deliverable"), "grades that exist", grade


# -- products: terms that agree --------------------------------------------------------------------


def _agrees(path: Path, word: Callable[[str], str]) -> Rule:
    """A field says what the form of the product implies."""

    def rule(terms: Sound, _: Known) -> Iterator[Wrong]:
        form = terms["form"]
        found: Any = terms
        for part in path:
            found = found[part]
        if found != word(form):
            yield path, f"{word(form)}, for {form}", found

    return rule


def _firmness(terms: Sound, known: Known) -> Iterator[Wrong]:
    form, wanted = terms["form"], FORMS[terms["form"]].firmness
    found = known["clauses", terms["clauses"]]["firmness"]
    if found != wanted:
        expected = f"{wanted} clauses, for {form}"
        yield ("clauses",), expected, InWords(f"{found} clauses")


def _promised(table: str, field: str) -> Rule:
    """What is promised where something is delivered, and nowhere else."""

    def rule(terms: Sound, _: Known) -> Iterator[Wrong]:
        promised = terms[table][field]
        if (promised > 0) != FORMS[terms["form"]].delivers:
            yield (table, field), "above 0 exactly where something is delivered", promised

    return rule


def _basket(terms: Sound, _: Known) -> Iterator[Wrong]:
    if ("basket" in terms) != (terms["form"] == "basket"):
        expected = "a basket exactly for the form basket"
        yield ("basket",), expected, InWords(f"the form {terms['form']}")


def _classified(terms: Sound, _: Known) -> Iterator[Wrong]:
    """Every kind of series has a CFI code, and its letter of delivery is right."""
    rules = FORMS[terms["form"]]
    kinds = [kind.name.lower() for kind in rules.kinds]
    for missing in kinds:
        if not terms["cfi"].states(missing):
            yield ("cfi", missing), f"a code, for its series are {missing}s", NOTHING
    letter = "P" if rules.delivers else "C"
    for kind, code in terms["cfi"].items():
        if kind not in kinds:
            yield ("cfi", kind), f"no code, for it lists no {kind}", code
        elif code[CFI_DELIVERY[kind]] != letter:
            yield ("cfi", kind), f"{letter} as its letter of delivery", code


# -- products: prices ------------------------------------------------------------------------------


def _tick(terms: Sound, _: Known) -> Iterator[Wrong]:
    tick = terms["price"]["tick_micro_dollars"]
    if tick % STRIKE_STEP_MICRO_DOLLARS:
        expected = f"a multiple of {STRIKE_STEP_MICRO_DOLLARS}"
        yield ("price", "tick_micro_dollars"), expected, tick


def _par(terms: Sound, _: Known) -> Iterator[Wrong]:
    par = terms["price"]["par_micro_dollars"]
    if (par > 0) != (terms["form"] in BASES):
        expected = "above 0 exactly for a difference, whose price must be positive"
        yield ("price", "par_micro_dollars"), expected, par


def _on_ticks(field: str) -> Rule:
    """A price of the product lies on a tick."""

    def rule(terms: Sound, _: Known) -> Iterator[Wrong]:
        tick, found = terms["price"]["tick_micro_dollars"], terms["price"][field]
        if found % tick:
            yield ("price", field), f"whole ticks of {tick}", found

    return rule


def _most(terms: Sound, _: Known) -> Iterator[Wrong]:
    least, most = terms["price"]["least_micro_dollars"], terms["price"]["most_micro_dollars"]
    if not least < most <= Bound.PRICE:
        expected = f"above the least price and at most {Bound.PRICE}, the core's bound"
        yield ("price", "most_micro_dollars"), expected, most


def _par_between(terms: Sound, _: Known) -> Iterator[Wrong]:
    price = terms["price"]
    par = price["par_micro_dollars"]
    between = price["least_micro_dollars"] <= par <= price["most_micro_dollars"]
    if terms["form"] in BASES and not between:
        yield ("price", "par_micro_dollars"), "between least and highest price", par


# -- products: listing -----------------------------------------------------------------------------


def _strikes(terms: Sound, _: Known) -> Iterator[Wrong]:
    option = SeriesKind.CALL in FORMS[terms["form"]].kinds
    strikes = terms["listing"].get("strikes", [])
    if bool(strikes) != option:
        expected = "strikes, for an option" if option else f"none, for {terms['form']}"
        yield ("listing", "strikes"), expected, strikes
    elif strikes != sorted(strikes):
        yield ("listing", "strikes"), "ascending", strikes


def _bounds(terms: Sound, _: Known) -> Iterator[Wrong]:
    bounded, found = terms["form"] == "bounded", terms["listing"].get("bounds", NOTHING)
    if (found is not NOTHING) != bounded:
        expected = "floors and caps" if bounded else f"none, for {terms['form']}"
        yield ("listing", "bounds"), expected, found


def _floors_and_caps(terms: Sound, _: Known) -> Iterator[Wrong]:
    def of(n: int, bound: Sound) -> Iterator[Wrong]:
        if bound["floor"] >= bound["cap"]:
            yield ("listing", "bounds", n, "cap"), f"above {bound['floor']}", bound["cap"]

    bounds = terms["listing"].get("bounds", ())
    yield from apart(of(n, bound) for n, bound in enumerate(bounds))


def _step(terms: Sound, _: Known) -> Iterator[Wrong]:
    form = terms["form"]
    wanted = SeriesKind.CALL in FORMS[form].kinds or form == "bounded"
    step = terms["listing"].get("strike_step_micro_dollars", 0)
    if (step > 0) != wanted:
        expected = "a step" if wanted else f"none, for {form}"
        yield ("listing", "strike_step_micro_dollars"), expected, step
    elif step % terms["price"]["tick_micro_dollars"]:
        yield ("listing", "strike_step_micro_dollars"), "whole ticks", step


def _strips(terms: Sound, known: Known) -> Iterator[Wrong]:
    strips = terms["listing"]["strip"]
    yield from apart(_strip(terms, known, n) for n in range(len(strips)))


def _strip(terms: Sound, known: Known, n: int) -> Iterator[Wrong]:
    form, strip = terms["form"], terms["listing"]["strip"][n]
    block = known["block", strip["block"]]
    at: Path = ("listing", "strip", n, "block")
    allowed = [unit.value for unit in FORMS[form].blocks]
    if block["unit"] not in allowed:
        yield at, f"a block of {' or '.join(allowed)}, for {form}", block["unit"]
        return
    if block["profile"] == "peak" and form not in ("firm_forward", "contingent_forward"):
        yield at, f"base hours, for {form}", "peak"
    run = block["unit"] == "months"
    if ("within_months" in strip) != run:
        path: Path = ("listing", "strip", n, "within_months")
        yield path, "months ahead exactly for a run of months", InWords(f"a block {block['id']}")
    size = terms["lot"]["size"]
    longest = LONGEST_PEAK_HOURS if block["profile"] == "peak" else LONGEST_HOURS
    hours = 744 * block["months"] if run else longest.get(block["unit"], 0)
    units = size * hours if terms["lot"]["per"] == "hour" else size
    if units > Bound.HOURS:
        expected = f"at most {Bound.HOURS} units a lot, the core's bound"
        yield ("lot", "size"), expected, InWords(f"{units} units in {block['id']}")


# -- products: the rows they are listed for --------------------------------------------------------


def _rows(terms: Sound, known: Known) -> Iterator[Wrong]:
    rows = list(enumerate(terms["contract"]))
    for told in (_family, _delivered_at, _against, *map(_field, FIELDS), _gangs):
        yield from apart(told(terms, known, n, row) for n, row in rows)


def _family(terms: Sound, known: Known, n: int, row: Sound) -> Iterator[Wrong]:
    family, kind = terms["unit_family"], _kind_of(row["slice"], known)
    if kind and family != "either" and (kind == "class") != (family == "work"):
        yield ("contract", n, "slice"), f"a slice of {family}", row["slice"]


def _delivered_at(terms: Sound, known: Known, n: int, row: Sound) -> Iterator[Wrong]:
    if not FORMS[terms["form"]].delivers or _kind_of(row["slice"], known) != "grade":
        return
    for place in row["locations"]:
        if known.states(("location", place)) and not known["location", place]["delivers"]:
            yield ("contract", n, "locations"), "locations capacity is delivered at", place


FIELDS = {
    "against": BASES,
    "against_index": BASES,
    "accelerators": RIGHTS,
    "days": ("flexible_start",),
}
"""Fields of a row, and the forms that need them."""


def _field(field: str) -> Callable[[Sound, Known, int, Sound], Iterator[Wrong]]:
    """A row has a field exactly where its form needs it."""

    def rule(terms: Sound, _: Known, n: int, row: Sound) -> Iterator[Wrong]:
        wanted, form = terms["form"] in FIELDS[field], terms["form"]
        if (field in row) != wanted:
            expected = f"a value, for {form}" if wanted else f"no such field, for {form}"
            yield ("contract", n, field), expected, row.get(field, NOTHING)

    return rule


def _gangs(_: Sound, known: Known, n: int, row: Sound) -> Iterator[Wrong]:
    if "accelerators" not in row or _kind_of(row["slice"], known) != "grade":
        return
    cluster = known["grade", row["slice"]]["cluster"]
    for gang in row["accelerators"]:
        if gang % cluster["node_accelerators"] or gang < cluster["least_accelerators"]:
            expected = f"whole nodes, at least {cluster['least_accelerators']}"
            yield ("contract", n, "accelerators"), expected, gang


def _against(_: Sound, __: Known, n: int, row: Sound) -> Iterator[Wrong]:
    if "against" in row and row["against"] in (row["slice"], *row["locations"]):
        yield ("contract", n, "against"), "another grade or location", row["against"]


PRODUCT: tuple[Rule, ...] = (
    _named("clauses"),
    _named("calendar"),
    _named_blocks,
    _named_rows,
    _named_basket,
    _agrees(("derivation",), lambda form: FORMS[form].derivation),
    _agrees(("settlement", "method"), lambda form: METHOD[FORMS[form].delivers]),
    _agrees(("settlement", "average"), lambda form: FORMS[form].average),
    _agrees(("trading", "last"), lambda form: LAST[FORMS[form].delivers]),
    _firmness,
    _promised("block", "availability"),
    _promised("trading", "business_days"),
    _basket,
    _classified,
    _tick,
    _par,
    _on_ticks("least_micro_dollars"),
    _on_ticks("par_micro_dollars"),
    _most,
    _par_between,
    _strikes,
    _bounds,
    _floors_and_caps,
    _step,
    _strips,
    _rows,
)
"""Rules of a product, each told by itself."""
