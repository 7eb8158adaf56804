"""Capacity: probes that cannot be guessed, acceptance by a fixed number of runs, attestation,
nodes that fail and are replaced, and a driver whose nodes are processes of this machine."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from lasalle.delivery.accepting import Grade, accepted, median_speed
from lasalle.delivery.attesting import NotAttested, verified
from lasalle.delivery.canonical import NONE
from lasalle.delivery.chain import Chain
from lasalle.delivery.hours import units_of_capacity
from lasalle.delivery.judging import healthy_between
from lasalle.delivery.made import made_key, made_terms
from lasalle.delivery.meter_book import MeterBook
from lasalle.delivery.nodes import Replacement, check_replacement, counted_seconds, failures
from lasalle.delivery.probing import (
    KERNEL,
    challenge,
    found_healthy,
    grade_ppm,
    is_right,
    worked,
)
from lasalle.delivery.readings import CapacityReading, read_entry
from lasalle.delivery.rows import CapacityRow
from lasalle.delivery.statements import Happening
from lasalle.delivery.terms import Product, Side
from lasalle.institution.metering.capacity import CapacityMeter, ProbeTerms, telemetry_digest
from lasalle.institution.metering.keeper import MeterClock, MeterKeeper
from lasalle.institution.metering.provisioning import Asked, Happened, LocalDriver
from lasalle.institution.metering.templates import TEMPLATES

US = 1_000_000
SECRET = b"s" * 32
NOW = 1_790_000_000


@pytest.mark.rule("DEL-058")
def test_a_probe_is_answered_by_work_alone() -> None:
    nonces = {challenge(SECRET, 1, node, slot) for node in "ab" for slot in range(50)}
    assert len(nonces) == 100
    nonce = challenge(SECRET, 1, "a", 0)
    answer = worked(nonce, 24)
    assert is_right(nonce, 24, answer, b"mine")
    numbers = np.frombuffer(answer, dtype="<i8").copy()
    for place in range(0, 24 * 24, 37):
        bent = numbers.copy()
        bent[place] += 1
        assert not is_right(nonce, 24, bent.tobytes(), b"mine")
    assert not is_right(challenge(SECRET, 1, "a", 1), 24, answer, b"mine")
    assert not is_right(nonce, 24, answer[:-8], b"mine")
    assert found_healthy(8, True, 10, 10, 900_000, 900_000) == 8
    for right, taken, speed in ((False, 1, 10**6), (True, 11, 10**6), (True, 1, 899_999)):
        assert found_healthy(8, right, taken, 10, speed, 900_000) == 0
    assert grade_ppm(0, 10**9) == 10_000_000


@pytest.mark.rule("DEL-055")
def test_a_fabric_is_as_good_as_its_slowest_node() -> None:
    good, slow = [990_000, 1_100_000, 100], [900_000, 890_000, 870_000]
    assert accepted([good, [1_200_000] * 3], 3).grade is Grade.STANDARD
    found = accepted([good, slow], 3)
    assert (found.grade, found.quality) == (Grade.BELOW, 8_900)
    for speeds, planned, words in (
        (good[:2], 3, "runs: expected 3, found 2"),
        ([*good, 5], 4, "planned: expected an odd number"),
    ):
        with pytest.raises(ValueError, match=words):
            median_speed(speeds, planned)


# -- attestation ---------------------------------------------------------------------------------


def part(said: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()


EDDSA = ed25519.Ed25519PrivateKey.from_private_bytes(b"k" * 32)
ES256 = ec.derive_private_key(12345, ec.SECP256R1())
KEYS = {"ed": EDDSA.public_key(), "es": ES256.public_key()}


def signed_eddsa(message: bytes) -> bytes:
    return EDDSA.sign(message)


def signed_es256(message: bytes) -> bytes:
    r, s = decode_dss_signature(ES256.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def token(
    header: dict[str, str], sign: Callable[[bytes], bytes], **said: Any
) -> str:
    claims = {
        "iss": "attester.example", "iat": NOW - 5, "exp": NOW + 60, "eat_nonce": "n" * 32,
        "ueids": ["gpu-2", "gpu-1"], "x-nvidia-overall-att-result": True, "more": {"kept": 1},
        **said,
    }  # fmt: skip
    message = f"{part(header)}.{part(claims)}"
    signature = base64.urlsafe_b64encode(sign(message.encode())).rstrip(b"=").decode()
    return f"{message}.{signature}"


ED, ES = {"alg": "EdDSA", "kid": "ed"}, {"alg": "ES256", "kid": "es"}


@pytest.mark.rule("DEL-059")
@pytest.mark.parametrize(("header", "sign"), [(ED, signed_eddsa), (ES, signed_es256)])
def test_a_sound_token_attests(header: dict[str, str], sign: Callable[[bytes], bytes]) -> None:
    found = verified(token(header, sign), KEYS, "n" * 32, NOW, ["gpu-1", "gpu-2"])
    assert found.accelerators == ("gpu-1", "gpu-2")
    assert found.attester == "attester.example"


@pytest.mark.rule("DEL-059")
@pytest.mark.parametrize(
    ("told", "words"),
    [
        (token(ED, signed_eddsa, eat_nonce="m" * 32), "eat_nonce: expected n"),
        (token(ED, signed_eddsa, iat=NOW + 61), "iat: expected up to"),
        (token(ED, signed_eddsa, exp=NOW), "exp: expected after"),
        (token(ED, signed_eddsa, **{"x-nvidia-overall-att-result": False}), "att-result: expected"),
        (token(ED, signed_eddsa, **{"x-nvidia-overall-att-result": None}), "att-result: expected"),
        (token(ED, signed_eddsa, ueids=["gpu-1"]), "ueids: expected"),
        (token(ED, signed_eddsa, ueids=["gpu-1", "gpu-2", "gpu-3"]), "ueids: expected"),
        (token(ED, signed_eddsa, iat="soon"), "claims: Expected `int`"),
        (token({"alg": "none", "kid": "ed"}, lambda _: b""), "alg: expected that of the key"),
        (token({"alg": "ES256", "kid": "ed"}, signed_es256), "alg: expected that of the key"),
        (token({"alg": "EdDSA", "kid": "who"}, signed_eddsa), "kid: expected one of ed, es"),
        (token(ED, signed_es256), "signature: expected"),
        (token(ES, lambda m: signed_es256(m)[:-1]), "signature: expected"),
        (token(ED, signed_eddsa)[:-4] + "????", "signature: expected base64url"),
        ("one.two", "token: expected three parts"),
    ],
)
def test_a_token_that_shows_less_does_not(told: str, words: str) -> None:
    with pytest.raises(NotAttested, match=words):
        verified(told, KEYS, "n" * 32, NOW, ["gpu-1", "gpu-2"])


# -- nodes ---------------------------------------------------------------------------------------


def row(node: str, slot: int, healthy: int, due: int = 4) -> CapacityRow:
    return CapacityRow(1, 1, "referee", 1, f"{slot:032x}", node, slot, 60, due, healthy, 10**6,
                       NONE, 0, 1, 0, 0, NONE)  # fmt: skip


@pytest.mark.rule("DEL-058")
def test_a_node_that_was_replaced_does_not_come_back() -> None:
    rows = [row("a", slot, 4) for slot in range(8)]
    rows += [row("b", slot, 4 if slot not in (1, 3, 4) else 0) for slot in range(8)]
    rows += [row("c", slot, 4) for slot in range(8)]
    failed = failures(rows)
    assert failed == {"b": 3}
    sound = Replacement("b", "c", 5, 5, 4)
    check_replacement(sound, failed)
    # One silent slot is a miss and no failure; from 5 on c stands in, though b answers again.
    assert counted_seconds(rows, ["a", "b"], [sound], 8) == 60 * (8 * 8 - 3 * 4)
    assert counted_seconds(rows, ["a", "b"], [sound], 6) == 60 * (8 * 6 - 3 * 2)
    assert counted_seconds(rows, ["a", "b", "c"], [], 8) == 60 * 8 * 8
    for bad, words in (
        (Replacement("a", "c", 5, 5, 4), "failed: expected a node that failed"),
        (Replacement("b", "c", 2, 2, 2), "from_slot: expected 3, found 2"),
        (Replacement("b", "c", 5, 6, 4), "attested_slot: expected up to 5, found 6"),
        (Replacement("b", "c", 5, 5, 6), "accepted_slot"),
    ):
        with pytest.raises(ValueError, match=words):
            check_replacement(bad, failed)


ASKED = Asked(contract=1, nodes=1, accelerators=2, grade="h100", start_s=NOW, end_s=NOW + 7_200)


class Turned(MeterClock):
    """A clock that moves a little whenever it is asked, and further when a test says so."""

    def __init__(self, at_ns: int) -> None:
        super().__init__()
        self.at_ns = at_ns

    def now_ns(self) -> int:
        self.at_ns += 1_000
        return max(self.at_ns, self.floor_ns)


@pytest.mark.rule("DEL-058")
def test_nodes_are_handed_over_probed_replaced_and_taken_back(tmp_path: Path) -> None:
    """Real processes, a kernel of the processor in the place of an accelerator's."""
    told: list[Happened] = []
    driver = LocalDriver(told.append, capacity=2)
    terms = made_terms(Product.CAPACITY, 2)
    clock = Turned(terms.start_us * 1_000)
    keeper = MeterKeeper(
        tmp_path, MeterBook(terms, 3, made_key("referee")), clock
    )  # fmt: skip
    probing = ProbeTerms(16, 10**9, 60 * 10**9, 1, 12)
    meter = CapacityMeter(keeper, driver, probing, SECRET)
    try:
        name = driver.reserve(ASKED)
        with pytest.raises(ValueError, match="accelerators: expected 1 to 0, found 2"):
            driver.reserve(ASKED)
        grant = driver.activate(name)
        meter.nodes = list(grant.nodes)
        assert grant.nodes[0].accelerators == (f"{name}-1-0", f"{name}-1-1")
        assert accepted([meter.benchmark(grant.nodes[0], 3, b"acceptance")], 3).quality > 0
        assert [one.healthy for one in meter.beat(0)] == [2]
        driver.stop_node(name, f"{name}-1")
        assert [one.healthy for slot in (1, 2) for one in meter.beat(slot)] == [0, 0]
        meter.replace(f"{name}-1", driver.replace(name, f"{name}-1"))
        assert [one.healthy for slot in (3, 4) for one in meter.beat(slot)] == [2, 2]
    finally:
        driver.close()
    rows = [one for one in keeper.book.rows if isinstance(one, CapacityRow)]
    assert failures(rows) == {f"{name}-1": 1}
    clock.at_ns += 60 * 10**9
    (entry,) = keeper.close_due()
    keeper.close()
    Chain(terms, 3).check(read_entry(entry))
    reading = read_entry(entry).statement
    assert isinstance(reading, CapacityReading)
    assert (reading.due_seconds, reading.healthy_seconds, reading.errors) == (120, 72, 2)
    assert units_of_capacity(2, 1, reading.healthy_seconds * 60) == 1
    reopened = MeterKeeper(tmp_path, MeterBook(terms, 3, made_key("referee")), clock)
    assert reopened.entries() == [entry]
    reopened.close()
    events = [one.event for one in told]
    assert events == [Happening.NOMINATED, Happening.TENDERED, Happening.RESUMED, Happening.ENDED]
    assert "processor stand-in" in KERNEL


@cache
def probed(side: Side, healthy: int, due: int) -> CapacityReading:
    """A reading of an interval in which so many accelerator-seconds were due and healthy."""
    terms = made_terms(Product.CAPACITY, 1)
    number = next(m.meter for m in terms.meters if m.side is side)
    reading = MeterBook(terms, number, made_key(side.value)).close(terms.end_us, "1" * 32).statement
    assert isinstance(reading, CapacityReading)
    return msgspec.structs.replace(reading, due_seconds=due, healthy_seconds=healthy)


@pytest.mark.rule("DEL-075")
@pytest.mark.parametrize("liar", list(Side))
def test_nobody_alone_moves_what_was_healthy(liar: Side) -> None:
    for true, lie in product(range(0, 3_601, 1_200), repeat=2):
        told = dict.fromkeys(Side, true) | {liar: lie}
        assert healthy_between({s: [probed(s, n, 3_600)] for s, n in told.items()}) == true


@pytest.mark.rule("DEL-075")
@pytest.mark.parametrize("said", list(product(range(0, 3_601, 1_200), repeat=3)))
def test_what_was_healthy_is_what_one_says_and_another_bears_out(
    said: tuple[int, int, int],
) -> None:
    told = {side: [probed(side, n, 3_600)] for side, n in zip(Side, said, strict=True)}
    buyer, supplier, referee = said
    assert healthy_between(told) == sorted(said)[1]
    for absent, stands in (
        (Side.REFEREE, max(buyer, supplier)),
        (Side.SUPPLIER, max(buyer, referee)),
        (Side.BUYER, min(supplier, referee)),
    ):
        assert healthy_between({s: one for s, one in told.items() if s is not absent}) == stands
    assert healthy_between({Side.BUYER: told[Side.BUYER]}) == buyer
    assert healthy_between({Side.SUPPLIER: told[Side.SUPPLIER]}) == supplier


@pytest.mark.rule("DEL-075")
def test_seconds_of_an_hour_are_those_of_all_its_readings() -> None:
    told = {side: [probed(side, n, 60) for n in (60, 0, 30)] for side in Side}
    assert healthy_between(told) == 90
    # A referee that probed in one interval of three says what it found; in none it says nothing.
    told[Side.BUYER] = [probed(Side.BUYER, 0, 60)] * 3
    told[Side.REFEREE] = [*[probed(Side.REFEREE, 0, 0)] * 2, probed(Side.REFEREE, 45, 60)]
    assert healthy_between(told) == 45
    told[Side.REFEREE] = [probed(Side.REFEREE, 0, 0)] * 3
    assert healthy_between(told) == 90


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_says_every_call(name: str) -> None:
    said = TEMPLATES[name](ASKED)
    assert list(said) == ["reserve", "activate", "probe", "revoke"]
    assert all(said.values())
    assert "1" in said["revoke"]


def test_telemetry_has_one_digest() -> None:
    samples = [("DCGM_FI_DEV_XID_ERRORS", 0), ("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", 5)]
    assert telemetry_digest(samples) == telemetry_digest(samples[::-1])
    assert telemetry_digest([]) == NONE
