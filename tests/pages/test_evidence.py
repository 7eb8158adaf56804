"""The evidence of a delivery verified in a browser: the same verdict as from the house's own
program, on sound bundles and on bent ones, from the house and from a file."""

from __future__ import annotations

import base64
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from lasalle.delivery.faults import RULES
from lasalle.delivery.notes import Note, read_note
from lasalle.delivery.readings import Quality, Statement
from lasalle.delivery.rows import CapacityRow, WorkRow
from lasalle.delivery.statements import Answer, Happening
from lasalle.delivery.terms import Product, Side
from lasalle.delivery.verifying import verify
from lasalle.institution.delivery_desk import verdict_row
from tests.delivery.test_dating import bundle_of, kept, kept_checkpoints
from tests.delivery.test_set_aside import alone, event, late, told
from tests.delivery.test_tampering import KINDS, Bent, altered_and_signed
from tests.delivery.world import bundled, good
from tests.gateway.conftest import WEB, serving
from tests.pages.browser import Browser
from tests.pages.test_page import CONTRAST, PROGRAM, WIDTHS

pytestmark = [
    pytest.mark.page,
    pytest.mark.skipif(PROGRAM is None, reason="no Chromium: tools/install_chromium.sh"),
]
VERDICT = "document.querySelector('#verdict').textContent"
FAULTS = """[...document.querySelectorAll('#faults tr')].slice(1)
  .map(r => [...r.cells].map(c => c.textContent))"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Browser, Path]]:
    folder = tmp_path_factory.mktemp("evidence")
    assert PROGRAM is not None, "without a browser every test here is skipped"
    with serving(folder / "house", page=True) as served:
        browser = Browser(PROGRAM, folder / "profile")
        try:
            address = served.address + "/web/evidence.html"
            browser.open(address)
            browser.until("!!globalThis.evidence?.verify")
            yield address, browser, folder
        finally:
            browser.close()


def in_page(
    browser: Browser, content: bytes, terms: str = "", known: Sequence[Note] = ()
) -> dict[str, Any]:
    told = base64.b64encode(content).decode()
    kept = [note.content.decode() for note in known]
    found = browser.run(
        f"evidence.verify(Uint8Array.from(atob({json.dumps(told)}), c => c.charCodeAt(0)), "
        f"{json.dumps(terms)}, {json.dumps(kept)})"
        ".then(verdict => ({...verdict, dated: evidence.wordsOfDates(verdict)}))"
    )
    return dict(found)


def alike(browser: Browser, content: bytes, known: Sequence[Note] = ()) -> set[str]:
    """Faults both find, alike in name and place; asserts that they do."""
    here, there = verify(content, known=known), in_page(browser, content, known=known)
    mine = {(b.fault.value, b.rule, b.where) for b in here.breaches}
    assert {(f["fault"], f["rule"], f["where"]) for f in there["faults"]} == mine
    told = (there["sound"], there["whole"], there["entries"], there["readings"], there["rows"])
    assert told == (here.sound, here.whole, here.entries, here.readings, here.rows)
    assert (there["dated_to_s"], there["dated"]) == (here.dated_to_s, here.dated)
    assert there["set_aside"] == verdict_row(here)["set_aside"]
    assert there["totals"] == [msgspec.structs.asdict(one) for one in here.totals]
    return {fault for fault, _, _ in mine}


@pytest.mark.rule("DEL-006")
def test_the_page_finds_what_the_program_finds(page: tuple[str, Browser, Path]) -> None:
    _, browser, _ = page
    reached: Counter[str] = Counter()
    for product in Product:
        assert alike(browser, good(product)) == set()
    for number, kind in enumerate(KINDS):
        bent = Bent(list(Product)[number % 2], random.Random(number))
        fault, _ = kind(bent)
        found = alike(browser, b"\n".join(bent.lines) + b"\n")
        assert fault.value in found
        reached.update(found)
    content, chance = good(), random.Random(3)
    for _ in range(12):
        at = chance.randrange(len(content))
        other = bytes([content[at] ^ (1 << chance.randrange(7))])
        found = alike(browser, content[:at] + other + content[at + 1 :])
        assert found
        reached.update(found)
    for garbage in (b"", b"\n", b"{}\n", b"[1]\n", b'"x"\n', b"\xff\n", b'{"body":1}\n'):
        assert alike(browser, garbage)
    assert alike(browser, b"\xef\xbb\xbf" + content)
    assert len(reached) >= 14, reached
    assert browser.errors == []


@pytest.mark.rule("DEL-004")
def test_the_page_dates_as_the_program_does(page: tuple[str, Browser, Path]) -> None:
    _, browser, _ = page
    for sizes in ([3, 4, 5, 8], [5, 8], [8]):
        alike(browser, bundle_of(sizes))
    for name, note, expected in kept_checkpoints():
        assert alike(browser, bundle_of([8]), [note]) == {f.value for f in expected}, name
    every = [note for _, note, _ in kept_checkpoints()]
    for content in (bundle_of([8]), bundle_of([4, 8]), good()):
        assert "forked" in alike(browser, content, every)
    bent = Bent(Product.WORK, random.Random(1))
    altered_and_signed(bent)
    notes = [read_note(json.loads(x).encode()) for x in bent.lines if x.startswith(b'"')]
    # Without its hashes the tree alone is at fault, until its own checkpoints are held against it.
    content = b"".join(x + b"\n" for x in bent.lines if not x.startswith(b'{"leaves"'))
    assert "tree" in alike(browser, content)
    assert "forked" in alike(browser, content, notes)
    assert browser.errors == []


@pytest.mark.rule("DEL-004")
def test_the_page_sets_aside_what_the_program_does(page: tuple[str, Browser, Path]) -> None:
    _, browser, _ = page
    note = next(late().log.log.checkpoints())
    for content, known, count in (
        (bundled(late()), [], 4),
        (alone(late()), [], 0),
        (alone(late()), [note], 4),
        (bundled(told((event(2, 100, 1_900),), ())), [], 1),
    ):
        assert alike(browser, content, known) == set()
        assert len(verify(content, known=known).set_aside) == count


@pytest.mark.rule("DEL-009")
def test_the_terms_a_contract_names_are_held_against_it(page: tuple[str, Browser, Path]) -> None:
    _, browser, _ = page
    terms = verify(good()).terms
    assert terms is not None
    assert in_page(browser, good(), terms.sha256)["sound"]
    (fault,) = in_page(browser, good(), "0" * 64)["faults"]
    assert (fault["fault"], fault["rule"]) == ("terms", "DEL-009")


@pytest.mark.rule("DEL-002")
@pytest.mark.parametrize("where", ["house", "file"])
def test_a_person_opens_a_file_and_reads_the_verdict(
    where: str, page: tuple[str, Browser, Path]
) -> None:
    address, browser, folder = page
    browser.open(address if where == "house" else (WEB / "evidence.html").as_uri())
    browser.until("!!globalThis.evidence?.verify && document.readyState === 'complete'")
    sound, bent = folder / "sound.bundle", folder / "bent.bundle"
    sound.write_bytes(good())
    bent.write_bytes(good().replace(b'"sequence":2', b'"sequence":7', 1))
    browser.choose("#file", sound)
    browser.until(f"{VERDICT} === 'Sound: every look held.'")
    told = browser.run("document.querySelector('#told').textContent")
    assert told.startswith("sound.bundle: contract 41, work, log house.example/delivery/41.")
    assert browser.run("document.querySelectorAll('#totals tr').length") == 4
    assert browser.run("document.querySelector('#dated').textContent") == "Dated: to within 5 s."
    browser.choose("#file", bent)
    browser.until(f"{VERDICT}.endsWith('found.')")
    rows = browser.run(FAULTS)
    assert ["altered", "reading 7 of meter 1 (buyer)", "signature"] in [row[:3] for row in rows]
    assert {row[5] for row in rows} <= set(RULES.values())
    aside = folder / "aside.bundle"
    aside.write_bytes(bundled(late()))
    browser.choose("#file", aside)
    browser.until(f"{VERDICT} === 'Sound: every look held.'")
    assert not browser.run("document.querySelector('#aside').hidden")
    first = browser.run("[...document.querySelectorAll('#aside tr')[1].cells]"
                        ".map(c => c.textContent).slice(0, 3)")  # fmt: skip
    assert first == ["back dated", "entry 181, event of meter 2", "made_us"]
    # The readings of one side were held back: the bundle alone does not show it.
    sound.write_bytes(bundle_of([8]))
    browser.choose("#file", sound)
    wide = "Dated: to within 126 s, wider than the grace of 60 s"
    browser.until(f"document.querySelector('#dated').textContent.startsWith({wide!r})")
    assert browser.run(VERDICT) == "Sound: every look held."
    note = folder / "kept"
    note.write_bytes(kept(5).content)
    browser.choose("#kept", note)
    browser.until(f"{VERDICT} === '2 faults found.'")
    assert {row[0] for row in browser.run(FAULTS)} == {"back dated"}
    bent.write_bytes(b"none")
    browser.choose("#kept", bent)
    browser.until(f"{VERDICT} === 'bent.bundle: expected a checkpoint, found another.'")
    assert browser.errors == []


def test_it_fits_and_can_be_read(page: tuple[str, Browser, Path]) -> None:
    _, browser, _ = page
    try:
        for width in WIDTHS:
            browser.size(width, 900)
            browser.until(f"innerWidth === {width}")
            told = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
            needed, there = browser.run(told)
            assert needed <= there, width
    finally:
        browser.size(1440, 900)
    for scheme in ("light", "dark"):
        browser.prefer(scheme)
        browser.until(f"matchMedia('(prefers-color-scheme: {scheme})').matches")
        measured = [row for row in browser.run(CONTRAST) if row[0]]
        assert [row for row in measured if row[1] < 4.5] == []


def test_the_page_knows_the_fields_words_and_rules_of_the_program(
    page: tuple[str, Browser, Path],
) -> None:
    _, browser, _ = page
    known = browser.run("(({STATEMENTS, ROWS, RULES, WORDS}) => ({STATEMENTS, ROWS, RULES, WORDS}))"
                        "(evidence)")  # fmt: skip
    assert known["RULES"] == {fault.value: rule for fault, rule in RULES.items()}
    kinds = {kind.__struct_config__.tag: kind for kind in get_args(Statement)}
    assert {name: set(fields) for name, fields in known["STATEMENTS"].items()} == {
        name: set(kind.__struct_fields__) for name, kind in kinds.items()
    }
    rows = {"work": WorkRow, "capacity": CapacityRow}
    for name, kind in rows.items():
        assert list(known["ROWS"][name]) == list(kind.__struct_fields__)
    words = {"side": Side, "product": Product, "quality": Quality, "event": Happening,
             "answer": Answer}  # fmt: skip
    assert known["WORDS"] == {name: [w.value for w in kind] for name, kind in words.items()}
