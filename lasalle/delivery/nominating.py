"""What a seller nominates, held against the standard of the series before it is named: the grade or
class within what may be delivered, the place, whole nodes on one fabric (DEL-070).

The core takes a digest: which cluster it names is judged here, by the doors of the house that is
shown the document and by whoever is shown it after.
"""

from __future__ import annotations

import tomllib
from typing import Any

import msgspec

from lasalle.contracts import Standard
from lasalle.contracts.conversion import load_conversion
from lasalle.contracts.conversion_basket import Basket


class NominationWrong(ValueError):
    """A nomination that the standard does not take: field, what was expected and found."""

    def __init__(self, field: str, expected: object, found: object) -> None:
        super().__init__(f"{field}: expected {expected}, found {found} (DEL-070)")
        self.field, self.expected, self.found = field, str(expected), str(found)


class Node(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A node by its name, and its accelerators."""

    name: str
    accelerators: int


class Capacity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A cluster: grade, location and fabric as the seller names them, and its nodes."""

    grade: str
    location: str
    fabric: str
    node: list[Node]


class Work(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"class_": "class"}):
    """An endpoint that answers in a class; a location where the buyer asked for one."""

    class_: str
    endpoint: str
    location: str = ""


def check_nomination(content: str, standard: Standard, lots: int) -> str:
    """What a nomination brings, in a sentence. content: TOML; lots: of the delivery. Raises
    NominationWrong."""
    slice_ = standard.terms["slice"]
    kind: Any = Work if slice_["kind"] == "class" else Capacity
    try:
        said = msgspec.convert(tomllib.loads(content), kind)
    except (ValueError, RecursionError, msgspec.ValidationError) as error:
        # A number of too many digits and lists too deep are no TOML either, by other names.
        raise NominationWrong("nomination", f"a {kind.__name__.lower()} in TOML", error) from None
    if isinstance(said, Work):
        return _work(said, slice_["id"])
    return _capacity(said, standard, lots)


def _work(said: Work, named: str) -> str:
    if said.class_ != named:
        raise NominationWrong("class", named, said.class_)
    if not said.endpoint.startswith("https://"):
        raise NominationWrong("endpoint", "an address that begins with https://", said.endpoint)
    return f"{named} at {said.endpoint}"


def _capacity(said: Capacity, standard: Standard, lots: int) -> str:
    terms = standard.terms
    most, rest = _accelerators(said.grade, standard, lots)
    if said.location != terms["location"]["id"]:
        raise NominationWrong("location", terms["location"]["id"], said.location)
    if not said.fabric:
        raise NominationWrong("fabric", "the one fabric all nodes stand on", "none")
    names = [one.name for one in said.node]
    if len(set(names)) != len(names) or "" in names:
        raise NominationWrong("node", "each by a name of its own", ", ".join(names))
    cluster = terms["slice"]["cluster"]
    size = int(cluster["node_accelerators"])
    for one in said.node:
        if one.accelerators != size:
            raise NominationWrong(f"node {one.name}", f"{size} accelerators", one.accelerators)
    whole, found = most // size * size, size * len(said.node)
    if found != whole:
        raise NominationWrong("node", f"{whole // size} nodes of {size}", f"{len(names)} nodes")
    least = int(cluster["least_accelerators"])
    if found < least:
        raise NominationWrong("node", f"{least} accelerators at least on one fabric", found)
    short = most - whole
    left = f"; {short} accelerators fill no node and are short" if short else ""
    left += "; what is left of a lot settles in cash" if rest else ""
    return f"{found} {said.grade} in {said.location} on {said.fabric}{left}"


def _accelerators(grade: str, standard: Standard, lots: int) -> tuple[int, int]:
    """Accelerators of a grade that deliver some lots, and what is left of a lot in millionths."""
    product, named = standard.terms["product"], standard.terms["slice"]["id"]
    if "basket" not in product:
        if grade != named:
            raise NominationWrong("grade", f"{named}, another by consent of the buyer alone", grade)
        return lots, 0
    basket = Basket.of(load_conversion(), standard)
    taken = [one.partition("/")[0] for one in product["basket"]["deliverable"]]
    if grade not in taken:
        raise NominationWrong("grade", f"one of {', '.join(taken)}", grade)
    return basket.accelerators(lots, grade)
