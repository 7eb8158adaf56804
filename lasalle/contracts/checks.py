"""What the schema cannot say of a standard: references that exist, terms that agree, bounds of the
core.

Each rule is held against what the schema accepted of a file: where it asks for a field that was
refused, or for a file that is not there, it says nothing, and every other rule is still told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from lasalle.contracts.checks_of_products import PRODUCT
from lasalle.contracts.periods import LONGEST_PEAK_HOURS
from lasalle.contracts.reading import StandardFault, StandardFile
from lasalle.contracts.sound import Known, Rule, Sound, Wrong, until_unread


def check(file: StandardFile, terms: Sound, known: Known) -> list[StandardFault]:
    """Everything wrong with a file that the schema does not see, given all the others."""
    rules: Iterable[Rule] = RULES.get(file.kind, ())
    return [file.fault(*wrong) for rule in rules for wrong in until_unread(rule(terms, known))]


def _whole_nodes(terms: Sound, _: Known) -> Iterator[Wrong]:
    cluster = terms["cluster"]
    if cluster["least_accelerators"] % cluster["node_accelerators"]:
        expected = f"a multiple of {cluster['node_accelerators']}, whole nodes"
        yield ("cluster", "least_accelerators"), expected, cluster["least_accelerators"]


def _fabric_class(terms: Sound, _: Known) -> Iterator[Wrong]:
    link = terms["interconnect"]
    if link["class"] != f"FABRIC-{link['fabric_gigabits_per_second']}":
        expected = f"FABRIC-{link['fabric_gigabits_per_second']}, the class of its bandwidth"
        yield ("interconnect", "class"), expected, link["class"]


def _acceptance(terms: Sound, _: Known) -> Iterator[Wrong]:
    test = terms["acceptance"]
    if test["least_composite"] > test["par_composite"]:
        expected = f"at most par, {test['par_composite']}"
        yield ("acceptance", "least_composite"), expected, test["least_composite"]


def _run_of_months(terms: Sound, _: Known) -> Iterator[Wrong]:
    if (terms["months"] >= 2) != (terms["unit"] == "months"):
        expected = "at least 2 for a run of months, 0 for any other block"
        yield ("months",), expected, terms["months"]


def _profile(terms: Sound, _: Known) -> Iterator[Wrong]:
    if terms["profile"] == "peak" and terms["unit"] not in LONGEST_PEAK_HOURS:
        yield ("profile",), "base, for a block that is no day, week or month", "peak"


def _meter(terms: Sound, _: Known) -> Iterator[Wrong]:
    reader = "index" if terms["firmness"] == "cash" else "both"
    if terms["meter"]["by"] != reader:
        yield ("meter", "by"), f"{reader}, for {terms['firmness']} clauses", terms["meter"]["by"]


def _excuses(terms: Sound, _: Known) -> Iterator[Wrong]:
    delivers = terms["firmness"] != "cash"
    if terms["force_majeure"]["excuses"] != delivers:
        expected = f"{delivers}".lower()
        yield ("force_majeure", "excuses"), expected, terms["force_majeure"]["excuses"]


def _three_parts(terms: Sound, _: Known) -> Iterator[Wrong]:
    delivers, test = terms["firmness"] != "cash", terms["force_majeure"]["test"]
    if len(test) != 3 * delivers:
        expected = "the three parts of the test" if delivers else "no test, for nothing excuses"
        yield ("force_majeure", "test"), expected, test


def _hardware(terms: Sound, _: Known) -> Iterator[Wrong]:
    delivers, excluded = terms["firmness"] != "cash", terms["force_majeure"]["excluded"]
    if delivers and not any("hardware" in words for words in excluded):
        yield ("force_majeure", "excluded"), "failure of hardware among them", excluded


def _remedy(terms: Sound, _: Known) -> Iterator[Wrong]:
    delivers, remedy = terms["firmness"] != "cash", terms["remedy"]["measure"]
    if (remedy == "fallback") == delivers:
        expected = "cover or refund" if delivers else "fallback"
        yield ("remedy", "measure"), f"{expected}, for {terms['firmness']} clauses", remedy


RULES: Mapping[str, tuple[Rule, ...]] = {
    "grade": (_whole_nodes, _fabric_class, _acceptance),
    "block": (_run_of_months, _profile),
    "clauses": (_meter, _excuses, _three_parts, _hardware, _remedy),
    "product": PRODUCT,
}
"""Rules by kind of file, each told by itself."""
