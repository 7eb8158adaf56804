"""A standard as a reader has it: term sheet of two pages, rule chapter, difference, the verbs."""

from __future__ import annotations

import html as markup
import json
import re
from pathlib import Path

import pytest

from lasalle.contracts import load_catalogue
from lasalle.contracts.difference import Difference, differences
from lasalle.contracts.rendering import chapter, html, pdf
from lasalle.contracts.sheet import percent, term_sheet, usd
from lasalle.institution.command_line import main
from lasalle.institution.index_terms import index_section

CHAPTERS = Path(__file__).parents[2] / "docs/reference/contracts"
STANDARDS = load_catalogue().every_standard()
ONE_EACH = {(s.product, s.family): s for s in STANDARDS}.values()
TERMS = {
    "Unit", "Grade", "Location", "Time block", "Lot", "Price", "Currency, tick", "Last trading",
    "Settlement", "Index", "Meter", "Tolerance", "Condition 1", "Remedy", "Force majeure",
}  # fmt: skip


def test_every_term_sheet_has_every_term_and_two_pages() -> None:
    assert len(ONE_EACH) == 75
    for standard in ONE_EACH:
        sheet = term_sheet(standard, index_section(standard))
        rows = dict(row for part in (*sheet.front, *sheet.back) for row in part.rows)
        assert rows.keys() >= TERMS, standard.name
        assert all(text.strip() and "{" not in text for text in rows.values())
        printed = pdf(sheet)
        assert len(re.findall(rb"/Type /Page\b", printed)) == 2, standard.name


def test_a_sheet_speaks_of_its_one_standard_and_marks_what_is_an_example() -> None:
    """Of accelerators or of tokens; the rule chapter, which is of all, says both."""
    for standard in STANDARDS:
        sheet = term_sheet(standard)
        front = {label: text for part in sheet.front for label, text in part.rows}
        terms = " ".join(front[name] for name in ("Unit", "Lot", "Location", "Meter"))
        other = "token" if standard.unit == "GPU-hour" else "accelerator"
        if standard.unit != "GPU-hour" or "token" not in standard.terms["product"]["title"]:
            assert other not in terms.lower().replace("tokens have no place", ""), standard.name
        said = " ".join(text for part in (*sheet.front, *sheet.back) for _, text in part.rows)
        assert "grade or class" not in said
        assert front["Examples"].startswith("Series on 2026-03-17 at a forward of 2.500 USD are ")
    whole = term_sheet(STANDARDS[0], whole=True)
    assert whole != term_sheet(STANDARDS[0])


def test_the_same_standard_gives_the_same_bytes() -> None:
    sheet = term_sheet(STANDARDS[0])
    assert pdf(sheet) == pdf(sheet)
    assert html(sheet) == html(sheet)


def test_the_page_says_what_the_sheet_says() -> None:
    for standard in list(ONE_EACH)[::7]:
        sheet = term_sheet(standard, index_section(standard))
        page = html(sheet)
        shown = markup.unescape(re.sub(r"<[^>]+>", "\n", page))
        for part in (*sheet.front, *sheet.back):
            for label, text in part.rows:
                assert label in shown
                assert text in shown
        assert standard.sha256.hex() in page
        assert page.count("<table>") == page.count("</table>") == len(sheet.front) + len(sheet.back)


def test_the_chapters_are_those_of_the_standards() -> None:
    """`lasalle contracts render all --chapters --dir docs/reference/contracts` writes them."""
    catalogue = load_catalogue()
    made = {
        f"{file.terms['id']}.{file.terms['version']}.md": chapter(catalogue, file, index_section)
        for file in catalogue.products
    }
    written = {path.name: path.read_text(encoding="utf-8") for path in CHAPTERS.glob("*.md")}
    assert written.keys() == made.keys()
    assert [name for name in made if made[name] != written[name]] == []


def test_a_difference_is_told_by_field() -> None:
    before = {"a": {"b": 1, "c": "same"}, "d": ["x", "y"], "f": [3, 1]}
    after = {"a": {"b": "1", "c": "same"}, "d": ["x", "z"], "e": True, "f": [1, 3]}
    found = differences(before, after)
    assert found == (
        Difference("a.b", "1", '"1"'),
        Difference("d", '["y"]', None),
        Difference("d", None, '["z"]'),
        Difference("e", None, "true"),
        Difference("f, in its order", "[3, 1]", "[1, 3]"),
    )
    assert [one.what for one in found] == ["changed", "removed", "added", "added", "changed"]
    assert differences(before, before) == ()


def test_rows_of_a_standard_are_compared_by_name_and_not_by_place() -> None:
    """A grade put first moves no other; a term of a row is told under the row's name."""
    old = load_catalogue().find("month-future").terms
    rows = [dict(row) for row in old["contract"]]
    rows[2]["index"] = "B200-WORLD"
    new = old | {"contract": [{"slice": "B300-SXM/1", "locations": ["US/1"]}, *rows[1:]]}
    assert differences(old, new) == (
        Difference("contract[B200-SXM/1].index", '"B200-US"', '"B200-WORLD"'),
        Difference(
            "contract[B300-SXM/1]", None, '{ slice = "B300-SXM/1", locations = ["US/1"] }'
        ),
        Difference(
            "contract[H100-SXM/1]",
            '{ slice = "H100-SXM/1", locations = ["US/1"], index = "H100-US" }',
            None,
        ),
    )
    turned = old | {"contract": rows[1:2] + rows[:1] + list(old["contract"][2:])}
    (order,) = differences(old, turned)
    assert (order.field, order.what) == ("contract, in its order", "changed")


@pytest.mark.parametrize("product", ["month-future", "capacity-forward-firm", "weekly-bounded"])
def test_every_array_of_a_product_names_its_rows(product: str) -> None:
    """No two rows of a table share a name, so that none is told as the second of it."""
    terms = load_catalogue().find(product).terms
    fields = [one.field for one in differences({}, terms)]
    assert any(field.startswith("contract[") for field in fields)
    assert not [field for field in fields if "#2" in field or "unnamed" in field]


@pytest.mark.parametrize(("amount", "text"), [(0, "0.000"), (1_500, "0.0015"), (10**8, "100.000")])
def test_amounts_in_words(amount: int, text: str) -> None:
    assert usd(amount) == text
    assert (percent(9_990), percent(10_000), percent(250)) == ("99.9 %", "100 %", "2.5 %")


def lasalle(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["contracts", *words])
    return code, *capsys.readouterr()


def test_the_verbs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = lasalle(capsys, "list")
    assert code == 0
    assert len(out.splitlines()) == len(load_catalogue().files)
    day = ("--day", "2026-03-17", "--forward", "2.50")
    code, out, _ = lasalle(capsys, "list", "average-option", "--family", "H100", *day)
    assert (code, len(out.splitlines())) == (0, 18 * 17 * 2)
    code, out, _ = lasalle(capsys, "show", "H100-2026-03-C-2.500")
    assert out.startswith("H100-2026-03-C-2.500: call of average-option/3 H100 US\n")
    assert "last trading 2026-04-01 00:00 UTC" in out
    code, out, _ = lasalle(capsys, "show", "month-future", "--family", "TSTD", "--json")
    assert json.loads(out)["slice"]["id"] == "T-STANDARD"
    code, out, _ = lasalle(capsys, "diff", "capacity-forward-firm", "capacity-forward-contingent")
    assert 'changed clauses\n  - "delivery-firm/2"\n  + "delivery-contingent/2"\n' in out
    assert "added failure[Delivery from the unit named at nomination is suspended" in out
    assert "failure[The shortfall of a block" not in out
    code, out, _ = lasalle(
        capsys, "render", "capacity-call", "--family", "B200", "--dir", str(tmp_path)
    )
    names = {Path(line).name for line in out.splitlines()}
    stem = "capacity-call.2"
    assert names == {f"{stem}.md", f"{stem}.B200.UE.html", f"{stem}.B200.UE.pdf"}
    assert (tmp_path / f"{stem}.B200.UE.pdf").read_bytes().startswith(b"%PDF")


def test_files_of_ones_own_are_checked_beside_the_catalogue(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "own.toml"
    lasalle(capsys, "show", "H100-SXM/1", "--toml", str(own))
    text = own.read_text()
    own.write_text(text.replace("version = 1", "version = 2").replace("= 64", "= 128"))
    assert lasalle(capsys, "validate", str(own))[:2] == (0, f"{own}: grade H100-SXM/2 is sound\n")
    code, out, _ = lasalle(capsys, "diff", "H100-SXM/1", str(own))
    assert [line for line in out.splitlines() if line[0] != " "] == [
        "changed cluster.least_accelerators",
        "changed version",
    ]
    own.write_text(text.replace("= 64", "= 60").replace('"H100"', '"h100"'))
    code, out, error = lasalle(capsys, "validate", str(own))
    line = text.splitlines().index('family = "H100"') + 1
    assert code == 1
    assert error.startswith(f"{own}:{line}: family: expected the family by which symbols name it")
    assert 'found "h100"\n' in error
    assert "cluster.least_accelerators: expected a multiple of 8, whole nodes, found 60" in error
    assert error.endswith("\n2 faults\n")
    again = tmp_path / "again.toml"
    other = text.replace('id = "H100-SXM"', 'id = "H101-SXM"').replace('"H100"', '"H101"')
    again.write_text(other.replace("= 48", '= "48"'))
    code, _, error = lasalle(capsys, "validate", str(own), str(again), str(own))
    assert {line.partition(":")[0] for line in error.splitlines()[:-1]} == {str(own), str(again)}
    assert 'first delivery of a cluster: a whole number, found "48"\n' in error
    assert lasalle(capsys, "validate", str(again))[2].endswith("\n1 fault\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "nothing"), "expected a standard of the catalogue"),
        (("list", "nothing"), "expected a standard of the catalogue"),
        (("list", "month-future", "--family", "X1"), "expected a family and place"),
        (("list", "month-future", "--forward", "dear"), "--forward: expected USD per unit"),
        (("diff", "nothing", "H100-SXM"), "expected a standard of the catalogue"),
        (("show", "H100-2026-03-C-2.500X"), "strike: expected USD with three digits"),
        (("show", "X100-2026-03"), "family: expected A100 or B200 or H100"),
        (("show", "h100-2026-03"), "family: expected 2 to 8 capital letters"),
        (("show", "month-futur"), "expected a standard of the catalogue (near: month-future"),
        (("render", "H100-SXM", "--dir", "sheets"), "expected a product or all, found grade"),
        (("validate", "/bin/ls"), "/bin/ls: expected text in UTF-8"),
    ],
)
def test_wrong_words(words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, error = lasalle(capsys, *words)
    assert code == 1
    assert said in error
