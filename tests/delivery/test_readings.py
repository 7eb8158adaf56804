"""Readings: their one form, whose key signed them, which may come next, and the name by which any
other is refused."""

from __future__ import annotations

import json
from collections.abc import Callable

import msgspec
import pytest

from lasalle.delivery.canonical import canonical, digest
from lasalle.delivery.chain import Chain
from lasalle.delivery.faults import RULES, Breach, EvidenceRefused, Fault
from lasalle.delivery.keys import SigningKey, signed_by
from lasalle.delivery.readings import Entry, Quality, Reading, read_entry, sign
from lasalle.delivery.rows import (
    Block,
    Row,
    WorkRow,
    block_root,
    checked_rows,
    columns_of,
    read_rows,
    row_bytes,
    rows_root,
)
from lasalle.delivery.terms import Product, Side, checked
from tests.delivery.world import (
    BUYER,
    INTERVAL,
    METERS,
    REFEREE,
    SECOND,
    START,
    SUPPLIER,
    Reader,
    terms,
)


def refusal(run: Callable[[], object]) -> Breach:
    with pytest.raises(EvidenceRefused) as found:
        run()
    assert RULES[found.value.breach.fault] in str(found.value)
    return found.value.breach


def bent(entry: Entry, old: str, new: str) -> bytes:
    content = entry.content.decode()
    assert content.count(old) == 1, old
    return content.replace(old, new).encode()


@pytest.mark.rule("DEL-001")
def test_a_reading_has_one_form_and_comes_back_from_it() -> None:
    for product in Product:
        entry = Reader(terms(product), BUYER).read()
        assert read_entry(entry.content) == entry
        said = json.loads(entry.body)
        assert entry.body == json.dumps(said, separators=(",", ":"), sort_keys=True).encode()
        assert not any(isinstance(value, float) for value in said.values())
    with pytest.raises(ValueError, match="whole numbers"):
        canonical({"price": [1, 2.5]})
    assert digest({"b": 1, "a": "é"}) == digest({"a": "é", "b": 1})


@pytest.mark.rule("DEL-001")
@pytest.mark.parametrize(
    ("old", "new", "fault", "field"),
    [
        ('"rows":3', '"rows":3.0', Fault.MALFORMED, "rows"),
        ('"rows":3', '"rows":-3', Fault.OUT_OF_RANGE, "rows"),
        ('"rows":3', '"rows":9007199254740992', Fault.OUT_OF_RANGE, "rows"),
        ('"rows":3', '"rows":99999999999999999999999999', Fault.OUT_OF_RANGE, "rows"),
        ('"rows":3', '"rows":"3"', Fault.MALFORMED, "rows"),
        ('"rows":3,', "", Fault.MALFORMED, "rows"),
        ('"rows":3', '"rows":3,"rowz":1', Fault.MALFORMED, "rowz"),
        ('"rows":3', '"rows":3,"rows":3', Fault.MALFORMED, "bytes"),
        ('"rows":3', '"rows": 3', Fault.MALFORMED, "bytes"),
        ('"side":"buyer"', '"side":"seller"', Fault.MALFORMED, "side"),
        ('"kind":"work"', '"kind":"worked"', Fault.MALFORMED, "kind"),
        ('"quality":"actual"', '"quality":"guess"', Fault.MALFORMED, "quality"),
        ('"version":1', '"version":1"', Fault.MALFORMED, "bytes"),
        ('"signature":"', '"signature":"Z', Fault.MALFORMED, "signature"),
    ],
)
def test_another_form_is_refused_by_its_field(
    old: str, new: str, fault: Fault, field: str
) -> None:
    entry = Reader(terms(), BUYER).read()
    found = refusal(lambda: read_entry(bent(entry, old, new)))
    assert (found.fault, found.field) == (fault, field)


@pytest.mark.rule("DEL-002")
def test_an_altered_reading_and_a_strange_key_are_told_apart() -> None:
    reader = Reader(terms(), SUPPLIER)
    chain, entry = Chain(reader.terms, SUPPLIER), reader.read()
    told = entry.statement
    assert isinstance(told, Reading)
    more = canonical(msgspec.structs.replace(told, errors=1))
    altered = read_entry(entry.content.replace(entry.body, more))
    found = refusal(lambda: chain.check(altered))
    assert (found.fault, found.field) == (Fault.ALTERED, "signature")
    strange = sign(told, METERS[BUYER])
    found = refusal(lambda: chain.check(strange))
    assert (found.fault, found.found) == (Fault.WRONG_KEY, "of meter 1 (buyer)")
    nobody = sign(told, SigningKey(bytes(32)))
    assert refusal(lambda: chain.check(nobody)).fault is Fault.ALTERED
    for change in ({"meter": 9}, {"side": Side.BUYER}):
        unknown = sign(msgspec.structs.replace(told, **change), METERS[SUPPLIER])
        assert refusal(lambda one=unknown: chain.check(one)).fault is Fault.UNKNOWN_METER
    chain.check(entry)


def test_rfc_8032_and_what_is_no_key() -> None:
    secret = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    key = SigningKey(secret)
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e3970"
        "1cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    assert key.public.hex().startswith("d75a980182b10ab7")
    assert key.sign(b"") == signature
    assert signed_by(key.public, b"", signature)
    assert not signed_by(key.public, b" ", signature)
    assert not signed_by(b"short", b"", signature)
    assert "9d61" not in repr(key)


@pytest.mark.rule("DEL-003")
def test_what_may_not_come_next_is_refused_by_its_name() -> None:
    reader = Reader(terms(), BUYER)
    chain = Chain(reader.terms, BUYER)
    first, second, third = reader.read(), reader.read(), reader.read()
    chain.check(first)
    chain.take(first)
    assert refusal(lambda: chain.check(first)).fault is Fault.REPEATED
    found = refusal(lambda: chain.check(third))
    assert (found.fault, found.field, found.expected) == (Fault.GAP, "sequence", "2")
    chain.check(second)
    chain.take(second)
    other = Reader(reader.terms, BUYER)
    other.read()
    twin = other.read(errors=1)
    assert refusal(lambda: chain.check(twin)).fault is Fault.FORKED
    loose = Reader(reader.terms, BUYER)
    for _ in range(2):
        loose.read()
    unchained = loose.read(previous="0" * 64)
    assert refusal(lambda: chain.check(unchained)).fault is Fault.UNCHAINED
    chain.taken.pop(1)
    assert refusal(lambda: chain.check(first)).fault is Fault.REORDERED
    chain.check(third)


CHANGES: list[tuple[dict[str, object], Fault, str]] = [
    ({"start_us": START}, Fault.BACK_DATED, "start_us"),
    ({"start_us": START + INTERVAL + 1}, Fault.GAP, "start_us"),
    ({"end_us": START + INTERVAL}, Fault.OUT_OF_RANGE, "end_us"),
    ({"end_us": START + 2 * INTERVAL + 1}, Fault.OUT_OF_RANGE, "end_us"),
    ({"made_us": START + INTERVAL}, Fault.BACK_DATED, "made_us"),
    ({"made_us": START + 2 * INTERVAL - SECOND}, Fault.BACK_DATED, "made_us"),
    ({"made_us": START + 3 * INTERVAL + 1}, Fault.LATE, "made_us"),
    ({"clock_offset_us": -250_001}, Fault.CLOCK, "clock_offset_us"),
    ({"clock_error_us": 249_301}, Fault.CLOCK, "clock_offset_us"),
]


@pytest.mark.rule("DEL-004")
@pytest.mark.parametrize(("changes", "fault", "field"), CHANGES)
def test_a_reading_of_another_time_is_refused(
    changes: dict[str, object], fault: Fault, field: str
) -> None:
    reader = Reader(terms(), BUYER)
    chain, first = Chain(reader.terms, BUYER), reader.read()
    chain.take(first)
    found = refusal(lambda: chain.check(reader.read(**changes)))
    assert (found.fault, found.field) == (fault, field)


@pytest.mark.rule("DEL-004")
def test_a_late_reading_stands_where_it_says_what_it_is() -> None:
    reader = Reader(terms(), BUYER)
    chain = Chain(reader.terms, BUYER)
    chain.check(reader.read(made_us=START + 5 * INTERVAL, quality=Quality.ESTIMATED))
    with pytest.raises(EvidenceRefused, match="quality"):
        chain.check(Reader(reader.terms, BUYER).read(quality=Quality.EDITED))


@pytest.mark.rule("DEL-009")
@pytest.mark.parametrize(
    ("changes", "fault"),
    [({"contract": 42}, Fault.WRONG_CONTRACT), ({"method": "0" * 64}, Fault.WRONG_METHOD)],
)
def test_a_reading_of_other_terms_is_refused(changes: dict[str, object], fault: Fault) -> None:
    reader = Reader(terms(), REFEREE)
    chain = Chain(reader.terms, REFEREE)
    assert refusal(lambda: chain.check(reader.read(**changes))).fault is fault
    capacity = Reader(terms(Product.CAPACITY), REFEREE).read(previous=reader.terms.sha256)
    assert refusal(lambda: chain.check(capacity)).field == "kind"


@pytest.mark.rule("DEL-009")
def test_terms_that_cannot_be_metered_by_are_refused() -> None:
    sound = terms()
    assert checked(sound) == sound
    buyer, supplier, referee = sound.meters
    for changes, field in (
        ({"end_us": START}, "end_us"),
        ({"interval_us": 0}, "interval_us"),
        ({"meters": (buyer, referee)}, "meters"),
        ({"meters": (buyer, supplier, buyer)}, "meters"),
        ({"log_key": buyer.public}, "public"),
        ({"cosigners": sound.cosigners[:1]}, "cosigners"),
        ({"version": 2}, "version"),
    ):
        found = refusal(lambda one=changes: checked(msgspec.structs.replace(sound, **one)))
        assert (found.fault, found.field) == (Fault.TERMS, field)


@pytest.mark.parametrize(
    "changes",
    [{"rows": 4}, {"errors": 9}, {"sum_completion": 1_000_001}, {"available_s": 61},
     {"seq_first": 2, "seq_last": 4}, {"nonce": "same"}],
    ids=lambda c: next(iter(c)),
)  # fmt: skip
def test_what_no_meter_can_have_seen_is_refused(changes: dict[str, object]) -> None:
    reader = Reader(terms(), BUYER)
    chain, first = Chain(reader.terms, BUYER), reader.read()
    chain.take(first)
    if "nonce" in changes:
        assert isinstance(first.statement, Reading)
        changes = {"nonce": first.statement.nonce}
    field = next(iter(changes))
    assert refusal(lambda: chain.check(reader.read(**changes))).field == field


@pytest.mark.rule("DEL-010")
def test_an_edit_replaces_what_stands_and_keeps_what_was_read() -> None:
    reader = Reader(terms(), BUYER)
    chain = Chain(reader.terms, BUYER)
    for entry in (reader.read(), reader.read(), reader.read(revises=1)):
        chain.check(entry)
        chain.take(entry)
    assert chain.standing[1].sequence == 3
    assert sorted(chain.taken) == [1, 2, 3]
    assert chain.sequence == 3
    missing = reader.read(revises=5)
    assert refusal(lambda: chain.check(missing)).field == "revises"


def lined(rows: list[bytes]) -> bytes:
    return b"".join(row + b"\n" for row in rows)


def blocked(rows: list[Row]) -> Block:
    return Block(Product.WORK, rows, columns_of(rows))


@pytest.mark.rule("DEL-005")
def test_rows_are_refused_by_row_and_field() -> None:
    reader = Reader(terms(), BUYER)
    reader.read()
    rows = reader.rows[1]
    block = read_rows(Product.WORK, lined(rows), "reading 1")
    found = block.rows
    assert [row_bytes(row) for row in found] == rows
    for some in (rows, rows[:1], []):
        assert block_root(lined(some)) == rows_root(some)
    assert checked_rows(block, 41, Side.BUYER, 1, INTERVAL * 1000, "reading 1") is None
    second = found[1]
    assert isinstance(second, WorkRow)
    for name, value in (
        ("prompt", -1), ("completion", 2**53), ("nonce", "ab"), ("ids", "Z" * 64),
        ("side", "seller"), ("version", 2), ("finish", "\n"),
    ):  # fmt: skip
        other = [rows[0], row_bytes(msgspec.structs.replace(second, **{name: value})), rows[2]]
        told = refusal(lambda one=other: read_rows(Product.WORK, lined(one), "reading 1"))
        assert told.where == "reading 1, row 2"
        assert told.field == ("word" if name == "finish" else name)
        assert str(value) in told.found
    spaced = [rows[0], rows[1].replace(b",", b", ", 1), rows[2]]
    told = refusal(lambda: read_rows(Product.WORK, lined(spaced), "reading 1"))
    assert told.where == "reading 1, row 2"
    pointed = [rows[0], rows[1].replace(b",24,", b",24.5,", 1), rows[2]]
    assert refusal(lambda: read_rows(Product.WORK, lined(pointed), "reading 1")).field == "cached"
    for name, value in (
        ("contract", 42), ("side", "supplier"), ("seq", 9), ("first_ns", 0), ("marks", 64),
        ("last_ns", INTERVAL * 1000 + 1), ("cached", 1_000),
    ):  # fmt: skip
        other_rows = [found[0], msgspec.structs.replace(second, **{name: value}), found[2]]
        breach = checked_rows(blocked(other_rows), 41, Side.BUYER, 1, INTERVAL * 1000, "reading 1")
        assert breach is not None
        assert (breach.fault, breach.field) == (Fault.ROWS, name)
    twice = [found[0], msgspec.structs.replace(second, nonce=found[0].nonce), found[2]]
    breach = checked_rows(blocked(twice), 41, Side.BUYER, 1, INTERVAL * 1000, "reading 1")
    assert breach is not None
    assert breach.field == "nonce"
