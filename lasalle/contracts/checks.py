"""What the schema cannot say of a standard: references that exist, terms that agree, bounds of the
core.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lasalle.contracts.periods import PEAK_HOURS
from lasalle.contracts.reading import Path, StandardFault, StandardFile
from lasalle.contracts.standard import FORMS
from lasalle.contracts.symbols import STRIKE_STEP_MICRO_DOLLARS
from lasalle.wire import Bound, SeriesKind

Known = Mapping[tuple[str, str], StandardFile]
"""Files by kind and reference."""
Wrong = tuple[Path, str, object]
LONGEST_HOURS = {"hour": 1, "day": 24, "week": 168, "month": 744, "quarter": 2_208}
LONGEST_PEAK_HOURS = {"day": PEAK_HOURS, "week": 5 * PEAK_HOURS, "month": 23 * PEAK_HOURS}
RIGHTS = ("capacity_call", "flexible_start")
BASES = ("location_basis", "grade_basis")
LAST = {True: "before_block", False: "block_end"}
"""Rule of the last trading time, by whether something is delivered."""
CFI_DELIVERY = {"future": 3, "call": 4, "put": 4, "swap": 5}
"""Where the letter of delivery stands in a code, by kind of series."""


def check(file: StandardFile, known: Known) -> list[StandardFault]:
    """Everything wrong with a file that the schema accepts, given all the others."""
    if file.kind == "grade":
        found = list(_grade(file.terms))
    elif file.kind == "block":
        found = list(_block(file.terms))
    elif file.kind == "clauses":
        found = list(_clauses(file.terms))
    elif file.kind == "product":
        missing = list(_references(file.terms, known))
        found = missing or [wrong for rule in PRODUCT for wrong in rule(file.terms, known)]
    else:
        found = []
    return [file.fault(*wrong) for wrong in found]


def _grade(terms: dict[str, Any]) -> Iterator[Wrong]:
    cluster, link, test = terms["cluster"], terms["interconnect"], terms["acceptance"]
    if cluster["least_accelerators"] % cluster["node_accelerators"]:
        expected = f"a multiple of {cluster['node_accelerators']}, whole nodes"
        yield ("cluster", "least_accelerators"), expected, cluster["least_accelerators"]
    if link["class"] != f"FABRIC-{link['fabric_gigabits_per_second']}":
        expected = f"FABRIC-{link['fabric_gigabits_per_second']}, the class of its bandwidth"
        yield ("interconnect", "class"), expected, link["class"]
    if test["least_composite"] > test["par_composite"]:
        expected = f"at most par, {test['par_composite']}"
        yield ("acceptance", "least_composite"), expected, test["least_composite"]


def _block(terms: dict[str, Any]) -> Iterator[Wrong]:
    run = terms["unit"] == "months"
    if (terms["months"] >= 2) != run:
        expected = "at least 2 for a run of months, 0 for any other block"
        yield ("months",), expected, terms["months"]
    if terms["profile"] == "peak" and terms["unit"] not in LONGEST_PEAK_HOURS:
        yield ("profile",), "base, for a block that is no day, week or month", "peak"


def _clauses(terms: dict[str, Any]) -> Iterator[Wrong]:
    delivers, force = terms["firmness"] != "cash", terms["force_majeure"]
    reader = "both" if delivers else "index"
    if terms["meter"]["by"] != reader:
        yield ("meter", "by"), f"{reader}, for {terms['firmness']} clauses", terms["meter"]["by"]
    if force["excuses"] != delivers:
        yield ("force_majeure", "excuses"), f"{delivers}".lower(), force["excuses"]
    if len(force["test"]) != 3 * delivers:
        expected = "the three parts of the test" if delivers else "no test, for nothing excuses"
        yield ("force_majeure", "test"), expected, force["test"]
    if delivers and not any("hardware" in words for words in force["excluded"]):
        yield ("force_majeure", "excluded"), "failure of hardware among them", force["excluded"]
    remedy = terms["remedy"]["measure"]
    if (remedy == "fallback") == delivers:
        expected = "cover or refund" if delivers else "fallback"
        yield ("remedy", "measure"), f"{expected}, for {terms['firmness']} clauses", remedy


def _references(terms: dict[str, Any], known: Known) -> Iterator[Wrong]:
    """References to what is not there; nothing else is checked of a product that has one."""
    for kind in ("clauses", "calendar"):
        if (kind, terms[kind]) not in known:
            yield (kind,), f"a file of {kind} that exists", terms[kind]
    for n, strip in enumerate(terms["listing"]["strip"]):
        if ("block", strip["block"]) not in known:
            yield ("listing", "strip", n, "block"), "a block that exists", strip["block"]
    for n, row in enumerate(terms["contract"]):
        at: Path = ("contract", n)
        if not {("grade", row["slice"]), ("class", row["slice"])} & known.keys():
            yield (*at, "slice"), "a grade or class that exists", row["slice"]
        for place in row["locations"]:
            if ("location", place) not in known:
                yield (*at, "locations"), "locations that exist", place
        kind = "location" if terms["form"] == "location_basis" else "grade"
        if "against" in row and (kind, row["against"]) not in known:
            yield (*at, "against"), f"a {kind} that exists", row["against"]
    for grade in terms.get("basket", {}).get("deliverable", ()):
        if ("grade", grade) not in known:
            yield ("basket", "deliverable"), "grades that exist", grade


def _agreement(terms: dict[str, Any], known: Known) -> Iterator[Wrong]:
    """Form, derivation, settlement, clauses and the rest say the same."""
    form, rules, settlement = terms["form"], FORMS[terms["form"]], terms["settlement"]
    firmness = known["clauses", terms["clauses"]].terms["firmness"]
    method = "physical" if rules.delivers else "cash"
    rows: tuple[tuple[Path, object, object], ...] = (
        (("derivation",), rules.derivation, terms["derivation"]),
        (("settlement", "method"), method, settlement["method"]),
        (("settlement", "average"), rules.average, settlement["average"]),
        (("clauses",), f"{rules.firmness} clauses", f"{firmness} clauses"),
        (("trading", "last"), LAST[rules.delivers], terms["trading"]["last"]),
    )
    for path, expected, found in rows:
        if found != expected:
            yield path, f"{expected}, for {form}", found
    for table, field in (("block", "availability"), ("trading", "business_days")):
        promised = terms[table][field]
        if (promised > 0) != rules.delivers:
            yield (table, field), "above 0 exactly where something is delivered", promised
    if ("basket" in terms) != (form == "basket"):
        yield ("basket",), "a basket exactly for the form basket", form


def _classified(terms: dict[str, Any], _: Known) -> Iterator[Wrong]:
    """Every kind of series has a CFI code, and its letter of delivery is right."""
    rules = FORMS[terms["form"]]
    kinds = [kind.name.lower() for kind in rules.kinds]
    for missing in kinds:
        if missing not in terms["cfi"]:
            yield ("cfi", missing), f"a code, for its series are {missing}s", "nothing"
    letter = "P" if rules.delivers else "C"
    for kind, code in terms["cfi"].items():
        if kind not in kinds:
            yield ("cfi", kind), f"no code, for it lists no {kind}", code
        elif code[CFI_DELIVERY[kind]] != letter:
            yield ("cfi", kind), f"{letter} as its letter of delivery", code


def _prices(terms: dict[str, Any], _: Known) -> Iterator[Wrong]:
    """Prices lie on ticks and within what the core can carry."""
    price, basis = terms["price"], terms["form"] in BASES
    tick, par = price["tick_micro_dollars"], price["par_micro_dollars"]
    least, most = price["least_micro_dollars"], price["most_micro_dollars"]
    if tick % STRIKE_STEP_MICRO_DOLLARS:
        expected = f"a multiple of {STRIKE_STEP_MICRO_DOLLARS}"
        yield ("price", "tick_micro_dollars"), expected, tick
    if (par > 0) != basis:
        expected = "above 0 exactly for a difference, whose price must be positive"
        yield ("price", "par_micro_dollars"), expected, par
    if least % tick:
        yield ("price", "least_micro_dollars"), f"whole ticks of {tick}", least
    if par % tick:
        yield ("price", "par_micro_dollars"), f"whole ticks of {tick}", par
    if not least < most <= Bound.PRICE:
        expected = f"above the least price and at most {Bound.PRICE}, the core's bound"
        yield ("price", "most_micro_dollars"), expected, most
    if basis and not least <= par <= most:
        yield ("price", "par_micro_dollars"), "between least and highest price", par


def _listing(terms: dict[str, Any], known: Known) -> Iterator[Wrong]:
    """Blocks, strikes and bounds a form is listed with, and lots the core can carry."""
    listing, form = terms["listing"], terms["form"]
    option, bounded = SeriesKind.CALL in FORMS[form].kinds, form == "bounded"
    for n, strip in enumerate(listing["strip"]):
        yield from _strip(terms, known["block", strip["block"]].terms, n)
    strikes = listing.get("strikes", [])
    if bool(strikes) != option:
        expected = "strikes, for an option" if option else f"none, for {form}"
        yield ("listing", "strikes"), expected, strikes
    elif strikes != sorted(strikes):
        yield ("listing", "strikes"), "ascending", strikes
    if ("bounds" in listing) != bounded:
        expected = "floors and caps" if bounded else f"none, for {form}"
        yield ("listing", "bounds"), expected, listing.get("bounds", "nothing")
    for n, bound in enumerate(listing.get("bounds", ())):
        if bound["floor"] >= bound["cap"]:
            yield ("listing", "bounds", n, "cap"), f"above {bound['floor']}", bound["cap"]
    step = listing.get("strike_step_micro_dollars", 0)
    if (step > 0) != (option or bounded):
        expected = "a step" if option or bounded else f"none, for {form}"
        yield ("listing", "strike_step_micro_dollars"), expected, step
    elif step % terms["price"]["tick_micro_dollars"]:
        yield ("listing", "strike_step_micro_dollars"), "whole ticks", step


def _strip(terms: dict[str, Any], block: dict[str, Any], n: int) -> Iterator[Wrong]:
    form, size = terms["form"], terms["lot"]["size"]
    at: Path = ("listing", "strip", n, "block")
    allowed = [unit.value for unit in FORMS[form].blocks]
    if block["unit"] not in allowed:
        yield at, f"a block of {' or '.join(allowed)}, for {form}", block["unit"]
        return
    if block["profile"] == "peak" and form not in ("firm_forward", "contingent_forward"):
        yield at, f"base hours, for {form}", "peak"
    run = block["unit"] == "months"
    if ("within_months" in terms["listing"]["strip"][n]) != run:
        path: Path = ("listing", "strip", n, "within_months")
        yield path, "months ahead exactly for a run of months", block["id"]
    longest = LONGEST_PEAK_HOURS if block["profile"] == "peak" else LONGEST_HOURS
    hours = 744 * block["months"] if run else longest.get(block["unit"], 0)
    units = size * hours if terms["lot"]["per"] == "hour" else size
    if units > Bound.HOURS:
        expected = f"at most {Bound.HOURS} units a lot, the core's bound"
        yield ("lot", "size"), expected, f"{units} units in {block['id']}"


def _contracts(terms: dict[str, Any], known: Known) -> Iterator[Wrong]:
    """Each row names what its form needs."""
    form, family = terms["form"], terms["unit_family"]
    physical, basis = FORMS[form].delivers, form in BASES
    for n, row in enumerate(terms["contract"]):
        at: Path = ("contract", n)
        work = ("class", row["slice"]) in known
        if family != "either" and work != (family == "work"):
            yield (*at, "slice"), f"a slice of {family}", row["slice"]
        for place in row["locations"]:
            delivers = known["location", place].terms["delivers"]
            if physical and not work and not delivers:
                yield (*at, "locations"), "locations capacity is delivered at", place
        for field, wanted in (
            ("against", basis),
            ("against_index", basis),
            ("accelerators", form in RIGHTS),
            ("days", form == "flexible_start"),
        ):
            if (field in row) != wanted:
                expected = f"a value, for {form}" if wanted else f"no such field, for {form}"
                yield (*at, field), expected, row.get(field, "nothing")
        if not work:
            cluster = known["grade", row["slice"]].terms["cluster"]
            for gang in row.get("accelerators", ()):
                if gang % cluster["node_accelerators"] or gang < cluster["least_accelerators"]:
                    least = cluster["least_accelerators"]
                    yield (*at, "accelerators"), f"whole nodes, at least {least}", gang
        if row.get("against") in (row["slice"], *row["locations"]):
            yield (*at, "against"), "another grade or location", row["against"]


PRODUCT: tuple[Callable[[dict[str, Any], Known], Iterator[Wrong]], ...] = (
    _agreement,
    _classified,
    _prices,
    _listing,
    _contracts,
)
