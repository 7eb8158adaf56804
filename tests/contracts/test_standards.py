"""Standards are read, checked and refused: 200 generated ones, valid and invalid, each invalid one
by field and line; what the catalogue says of itself.
"""

from __future__ import annotations

import json
import random
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import jsonschema_rs
import pytest

from lasalle.contracts import (
    LIST_FAMILY,
    StandardWrong,
    load_catalogue,
    read_catalogue,
    read_standard,
)
from lasalle.contracts.catalogue import shipped_texts
from lasalle.contracts.reading import MOST_BYTES, standard_schema

SHIPPED = dict(shipped_texts())
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Bent:
    """A standard made wrong, and the fault that must be told."""

    file: str
    text: str
    field: str
    line: int
    how: str


def _bent(file: str) -> list[Bent]:
    """Each field of a file left out, of a wrong type and misspelt; lines counted from the text."""
    found, lines = [], SHIPPED[file].splitlines()
    table, table_line, arrays = "", 1, Counter[str]()
    inside = False
    for number, line in enumerate(lines, 1):
        if inside:
            inside = line != "]"
            continue
        if head := re.fullmatch(r"\[\[(.+)\]\]", line):
            table, table_line = f"{head[1]}.{arrays[head[1]]}.", number
            arrays[head[1]] += 1
        elif head := re.fullmatch(r"\[(.+)\]", line):
            table, table_line = f"{head[1]}.", number
        elif key := re.match(r"(\w+) = (.*)", line):
            inside = key[2] == "["
            optional = key[1] in ("within_months", "strikes", "strike_step_micro_dollars")
            field, end = table + key[1], lines.index("]", number) + 1 if inside else number
            before, after = lines[: number - 1], lines[end:]

            def text(*instead: str, before=before, after=after) -> str:
                return "\n".join((*before, *instead, *after)) + "\n"

            optional |= key[1] in ("against", "against_index", "accelerators", "days")
            if not optional and table != "cfi.":  # codes are judged beside the catalogue
                found.append(Bent(file, text(), field, table_line, "missing"))
            wrong = "7" if key[2][0] in '"[tf' else '"seven"'
            found.append(Bent(file, text(f"{key[1]} = {wrong}"), field, number, "type"))
            spelt = text(f"{key[1]}s = {key[2]}" if not inside else f"{key[1]}s = []")
            # Without its kind a file cannot be judged further: that fault alone is told.
            told = (field, table_line) if field == "kind" else (field + "s", number)
            found.append(Bent(file, spelt, *told, "misspelt"))
    return found


@pytest.mark.parametrize(
    ("value", "field", "expected"),
    [
        ("nan", "cluster.least_accelerators", "a whole number"),
        ("-inf", "cluster.least_accelerators", "a whole number"),
        ("16.0", "cluster.least_accelerators", "a whole number, without a point"),
        ("2026-01-01", "cluster.least_accelerators", "a whole number"),
        ("true", "cluster.least_accelerators", "a whole number"),
        ("9223372036854775808", "cluster.least_accelerators", "at most"),
        ("9" * 5_000, "file", "TOML"),
        ("[" * 30_000, "file", "TOML"),
        ("{a = " * 10_000, "file", "TOML"),
        ("1\n" + ".".join("a" * 30_000) + " = 1", "file", "TOML"),
        ("1\n[" + ".".join("a" * 30_000) + "]", "file", "TOML"),
        ("1 # \u202eright to left", "file", "characters that can be seen"),
        ("1\x00", "file", "characters that can be seen"),
        ("1\n" + "\n".join(f"a{n} = 1" for n in range(4_000)), "cluster.a0", "no such field"),
        ("1\n" + "a = 1\n" * 20_000, "file", "at most 65536 bytes"),
    ],
    ids=lambda word: ascii(word[:24]),
)
def test_what_is_made_to_harm_a_reader_is_refused(value: str, field: str, expected: str) -> None:
    name = next(name for name, text in SHIPPED.items() if 'kind = "grade"' in text)
    text, count = re.subn(
        r"least_accelerators = \d+", lambda _: "least_accelerators = " + value, SHIPPED[name]
    )
    assert count == 1
    with pytest.raises(StandardWrong) as caught:
        read_standard(text, name)
    told = [fault for fault in caught.value.faults if fault.field == field]
    assert told, caught.value.faults[:3]
    assert expected in told[0].expected


@pytest.mark.parametrize("field", ["family", "id"])
def test_letters_that_look_alike_are_no_names(field: str) -> None:
    """A Greek Alpha for an A: nobody tells them apart in a symbol."""
    name = next(name for name, text in SHIPPED.items() if 'family = "A100"' in text)
    text = SHIPPED[name].replace(f'{field} = "A', f'{field} = "\u0391', 1)
    assert text != SHIPPED[name]
    with pytest.raises(StandardWrong) as caught:
        read_standard(text, name)
    assert {fault.field for fault in caught.value.faults} == {field}


def test_two_hundred_generated_standards() -> None:
    """A hundred valid ones are accepted, a hundred invalid ones refused by field and line."""
    draw, files = random.Random(20_261_127), sorted(SHIPPED)
    accepted: Counter[str] = Counter()
    for n in range(100):
        file = files[n % len(files)]
        made = read_catalogue((SHIPPED | {file: _varied(file, draw)}).items())
        assert made.files.keys() == load_catalogue().files.keys()
        accepted[file.partition("/")[0]] += 1
    pool = [bent for file in files for bent in _bent(file)]
    refused: Counter[str] = Counter()
    for bent in draw.sample(pool, 100):
        with pytest.raises(StandardWrong) as wrong:
            read_standard(bent.text, bent.file)
        told = [(fault.field, fault.line) for fault in wrong.value.faults]
        assert (bent.field, bent.line) in told, (bent.file, bent.how, str(wrong.value))
        refused[bent.how] += 1
    assert sum(accepted.values()) + sum(refused.values()) == 200
    assert len(accepted) == 7
    assert min(refused[how] for how in ("missing", "type", "misspelt")) >= 20


def _varied(file: str, draw: random.Random) -> str:
    """The same standard with other words, and other numbers where any number will do."""
    text = re.sub(
        r'^title = "', f'title = "Variant {draw.randrange(1000)}: ', SHIPPED[file], flags=re.M
    )

    def other(found: re.Match[str]) -> str:
        return f"{found[1]} = {int(found[2]) + draw.randrange(1, 4)}"

    names = "burn_in_hours|memory_gigabytes|penalty|count|requests|output_token_milliseconds"
    return re.sub(rf"^({names}) = (\d+)$", other, text, flags=re.M)


WRONG = tomllib.loads(Path(__file__).with_name("wrong_standards.toml").read_text("utf-8"))["wrong"]


@pytest.mark.parametrize("row", WRONG, ids=lambda row: row["field"])
def test_terms_that_do_not_agree_are_refused_by_field(row: dict[str, str]) -> None:
    file, old, new, field = (row[name] for name in ("file", "old", "new", "field"))
    assert old in SHIPPED[file]
    with pytest.raises(StandardWrong) as wrong:
        read_catalogue((SHIPPED | {file: SHIPPED[file].replace(old, new)}).items())
    told = {fault.field: fault for fault in wrong.value.faults}
    assert field in told, str(wrong.value)
    assert all(fault.expected and fault.found and fault.line > 0 for fault in told.values())
    assert {fault.file for fault in told.values()} == {file}


def test_every_fault_of_every_file_is_told_at_once() -> None:
    texts = SHIPPED | {
        "locations/us.1.toml": SHIPPED["locations/us.1.toml"].replace("version = 1", "version = 0"),
        "blocks/hour.1.toml": "kind = 7\n",
        "grades/h100-sxm.1.toml": "kind = [\n",
    }
    with pytest.raises(StandardWrong) as wrong:
        read_catalogue(texts.items())
    told = [(fault.file, fault.line, fault.field) for fault in wrong.value.faults]
    assert told == [
        ("blocks/hour.1.toml", 1, "kind"),
        ("grades/h100-sxm.1.toml", 2, "file"),
        ("locations/us.1.toml", 3, "version"),
    ]
    assert str(wrong.value).count("\n") == 2


def test_a_field_the_schema_refuses_hides_no_other_fault() -> None:
    """A value of the wrong type, terms that do not agree, names that do not exist: all at once."""
    grade, product = "grades/h100-sxm.1.toml", "products/month-future.1.toml"
    bent = SHIPPED | {
        grade: SHIPPED[grade]
        .replace("least_accelerators = 64", "least_accelerators = 60")
        .replace('"FABRIC-400"', '"FABRIC-800"')
        .replace("burn_in_hours = 48", 'burn_in_hours = "48"')
        .replace("memory_gigabytes = 80", "memory_gigabyte = 80"),
        product: SHIPPED[product]
        .replace("availability = 0", "availability = 9_000")
        .replace('currency = "USD"', "currency = 7")
        .replace("least_micro_dollars = 1_000", "least_micro_dollars = 1_500")
        .replace('block = "month/1"', 'block = "fortnight/1"')
        .replace('slice = "H200-SXM/1"', "slice = 8")
        .replace('slice = "B200-SXM/1"', 'slice = "B300-SXM/1"')
        .replace('future = "FCSCSX"', 'future = "FCSPSX"'),
    }
    with pytest.raises(StandardWrong) as wrong:
        read_catalogue(bent.items())
    found = {(f.file, f.field): (f.expected, f.found) for f in wrong.value.faults}
    assert {field for file, field in found if file == grade} == {
        "accelerator.memory_gigabyte",
        "accelerator.memory_gigabytes",
        "acceptance.burn_in_hours",
        "cluster.least_accelerators",
        "interconnect.class",
    }
    assert {field for file, field in found if file == product} == {
        "block.availability",
        "cfi.future",
        "contract.1.slice",
        "contract.2.slice",
        "listing.strip.0.block",
        "price.currency",
        "price.least_micro_dollars",
    }
    assert len(found) == 12, "no other file is accused"
    assert found[grade, "acceptance.burn_in_hours"][1] == '"48"'
    assert found[grade, "cluster.least_accelerators"][1] == "60"
    assert found[grade, "accelerator.memory_gigabyte"] == (
        "no such field; memory_gigabytes is one",
        "memory_gigabyte",
    )
    assert found[product, "contract.2.slice"][1] == '"B300-SXM/1"'


def test_where_a_file_has_no_name_nobody_is_accused_of_naming_it() -> None:
    """The other faults are told all the same."""
    grade, product = "grades/h100-sxm.1.toml", "products/month-future.1.toml"
    bent = SHIPPED | {
        grade: SHIPPED[grade].replace('id = "H100-SXM"', "id = 100"),
        product: SHIPPED[product].replace("least_micro_dollars = 1_000", "least_micro_dollars = 7"),
    }
    with pytest.raises(StandardWrong) as wrong:
        read_catalogue(bent.items())
    assert [(f.file, f.field) for f in wrong.value.faults] == [
        (grade, "id"),
        (product, "price.least_micro_dollars"),
    ]


def test_a_name_is_given_once() -> None:
    again = {"grades/again.1.toml": SHIPPED["grades/h100-sxm.1.toml"]}
    with pytest.raises(StandardWrong) as wrong:
        read_catalogue((SHIPPED | again).items())
    assert {fault.field for fault in wrong.value.faults} == {"id", "family"}


def test_a_file_that_is_no_standard_is_refused() -> None:
    for text, field in (
        ("", "kind"),
        ("x" * (MOST_BYTES + 1), "file"),
        ("kind = 1979-05-27", "kind"),
    ):
        with pytest.raises(StandardWrong) as wrong:
            read_standard(text, "own.toml")
        assert [fault.field for fault in wrong.value.faults] == [field]


def test_the_schema_is_one() -> None:
    jsonschema_rs.meta.validate(dict(standard_schema()))


def test_the_version_and_the_digest_change_with_a_term_and_with_nothing_else() -> None:
    def standard(texts):
        made = read_catalogue(texts.items())
        rows = made.standards(made.latest("month-future"))
        return {row.family: row for row in rows}

    before = standard(SHIPPED)
    file = "grades/h200-sxm.1.toml"
    after = standard(
        SHIPPED | {file: SHIPPED[file].replace("burn_in_hours = 48", "burn_in_hours = 24")}
    )
    changed = {name for name in before if before[name].sha256 != after[name].sha256}
    assert changed == {"H200"}
    assert len({row.sha256 for row in before.values()}) == len(before)
    assert json.loads(before["H100"].canonical) == before["H100"].terms

    file = "products/month-future.1.toml"
    second = (
        SHIPPED[file].replace("version = 1", "version = 2", 1).replace("count = 24", "count = 36")
    )
    both = read_catalogue((SHIPPED | {"products/month-future.2.toml": second}).items())
    versions = [both.find(f"month-future{n}").terms["version"] for n in ("", "/1", "/2")]
    assert versions == [2, 1, 2]


CHARTER = {
    "unit", "grade", "location", "block", "lot", "price", "trading", "settlement",
}  # fmt: skip


def test_every_standard_states_every_term_of_a_contract() -> None:
    standards = load_catalogue().every_standard()
    for standard in standards:
        product, clauses = standard.terms["product"], standard.terms["clauses"]
        assert product.keys() >= CHARTER
        assert product["price"].keys() >= {"tick_micro_dollars", "currency"}
        assert clauses.keys() >= {"meter", "tolerance", "failure", "remedy", "force_majeure"}
    derived = Counter(standard.terms["product"]["derivation"] for standard in standards)
    assert derived.keys() == {"delivery", "index_average", "basis", "variance"}
    assert {standard.unit for standard in standards} == {"GPU-hour", "million tokens"}


def test_hardware_failure_excuses_nobody_and_the_test_has_three_parts() -> None:
    for (kind, _), file in load_catalogue().files.items():
        if kind == "clauses" and file.terms["firmness"] != "cash":
            force = file.terms["force_majeure"]
            assert len(force["test"]) == 3
            assert "hardware" in force["excluded"][0]


def test_every_reason_exists_and_names_what_cites_it() -> None:
    cited = {file.terms["reason"] for file in load_catalogue().files.values()}
    assert len(cited) >= 8
    for reason in cited:
        assert (ROOT / reason).is_file(), reason
    for file in load_catalogue().files.values():
        page = (ROOT / file.terms["reason"]).read_text(encoding="utf-8")
        assert file.terms["id"] in page, (file.file, file.terms["reason"])


def test_files_are_named_by_what_they_state() -> None:
    for file in load_catalogue().files.values():
        folder, _, name = file.file.partition("/")
        assert name == f"{file.terms['id'].lower()}.{file.terms['version']}.toml"
        assert folder.startswith(file.kind[:5])


def test_locations_hold_the_regions_by_which_the_index_desk_places_its_evidence() -> None:
    path = ROOT / "lasalle/indices/table/locations.toml"
    placed = tomllib.loads(path.read_text(encoding="utf-8"))
    known = {key[1]: file.terms for key, file in load_catalogue().files.items()}
    united = []
    for location in ("US-EAST", "US-WEST", "EU-NORTH", "APAC"):
        regions = [
            f"{cloud}/{name}"
            for cloud in ("gcp", "aws", "azure")
            for name in placed[cloud][location]
        ]
        assert known[f"{location}/1"]["regions"] == regions
        united += regions if location.startswith("US") else []
    assert known["US/1"]["regions"] == united


def test_grades_and_classes_are_those_the_index_desk_knows() -> None:
    path = ROOT / "lasalle/indices/table/grades.toml"
    graded = tomllib.loads(path.read_text(encoding="utf-8"))["grade"]
    files = load_catalogue().files.values()
    named = {f.terms["id"]: f for f in files if f.kind in ("grade", "class")}
    # The machine type of one price list is no grade that evidence is sorted into.
    assert {n for n, f in named.items() if f.terms["family"] != LIST_FAMILY} == graded.keys()
