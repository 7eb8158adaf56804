"""A seller's nomination is held against the standard of its series."""

from __future__ import annotations

import pytest

from lasalle.contracts import Standard, find_terms, parse_symbol
from lasalle.delivery.nominating import NominationWrong, check_nomination

FIRM, BASKET, TOKENS = (
    find_terms(parse_symbol(symbol)).standard
    for symbol in ("H100.FUE-2026-12-05", "H100.D-2027-01", "TSTD.F-2026-12-05")
)


def cluster(nodes: int = 8, size: int = 8, **said: str) -> str:
    head = {"grade": "H100-SXM", "location": "US-EAST", "fabric": "hall-3", **said}
    lines = [f'{name} = "{value}"' for name, value in head.items()]
    lines += [f'[[node]]\nname = "n{n}"\naccelerators = {size}' for n in range(nodes)]
    return "\n".join(lines)


@pytest.mark.rule("DEL-070")
def test_what_conforms_is_said_in_a_sentence() -> None:
    assert check_nomination(cluster(), FIRM, 64) == "64 H100-SXM in US-EAST on hall-3"
    found = check_nomination(cluster(), FIRM, 67)
    assert found.endswith("3 accelerators fill no node and are short")
    # 310 lots are 310 hours of H100: fewer of a faster grade, in whole nodes, deliver them.
    said = check_nomination(cluster(11, grade="B200-SXM"), BASKET, 310)
    assert said.startswith("88 B200-SXM in US-EAST on hall-3")
    assert said.endswith("what is left of a lot settles in cash")
    named = 'class = "T-STANDARD"\nendpoint = "https://tokens.example"'
    assert check_nomination(named, TOKENS, 5) == "T-STANDARD at https://tokens.example"


@pytest.mark.rule("DEL-070")
@pytest.mark.parametrize(
    ("content", "standard", "lots", "why"),
    [
        (cluster(grade="H200-SXM"), FIRM, 64, "grade: expected H100-SXM, another by consent"),
        (cluster(grade="A100-80-SXM"), BASKET, 64, "grade: expected one of H100-SXM, H200-SXM"),
        (cluster(location="US-WEST"), FIRM, 64, "location: expected US-EAST, found US-WEST"),
        (cluster(fabric=""), FIRM, 64, "fabric: expected the one fabric"),
        (cluster(16, 4), FIRM, 64, "node n0: expected 8 accelerators, found 4"),
        (cluster(7), FIRM, 64, "node: expected 8 nodes of 8, found 7 nodes"),
        (cluster(4), FIRM, 32, "node: expected 64 accelerators at least on one fabric, found 32"),
        (cluster() + '\n[[node]]\nname = "n0"\naccelerators = 8', FIRM, 72, "name of its own"),
        (cluster(hall="3"), FIRM, 64, "unknown field `hall`"),
        ("grade = ", FIRM, 64, "nomination: expected a capacity in TOML"),
        ('class = "T-BATCH"\nendpoint = "https://a"', TOKENS, 1, "class: expected T-STANDARD"),
        ('class = "T-STANDARD"\nendpoint = "ftp://a"', TOKENS, 1, "endpoint: expected an address"),
        (cluster(), TOKENS, 1, "nomination: expected a work in TOML"),
    ],
)
def test_what_the_standard_does_not_take_is_refused_by_field(
    content: str, standard: Standard, lots: int, why: str
) -> None:
    with pytest.raises(NominationWrong, match=why.replace("[", r"\[")):
        check_nomination(content, standard, lots)
