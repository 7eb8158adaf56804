"""`lasalle delivery capacity`, `template` and `attest`: capacity handed over by a driver, graded,
probed and metered; the calls of other ways of running machines; a token of an attester."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from lasalle.delivery.accepting import accepted, invoice
from lasalle.delivery.attesting import NotAttested, PublicKey, verified
from lasalle.delivery.canonical import NONE
from lasalle.delivery.hours import units_of_capacity
from lasalle.delivery.made import made_key
from lasalle.delivery.made_metering import made_specification, metered_terms
from lasalle.delivery.meter_book import MeterBook
from lasalle.delivery.nodes import Replacement, check_replacement, counted_seconds, failures
from lasalle.delivery.probing import KERNEL, challenge
from lasalle.delivery.readings import CapacityReading, read_entry
from lasalle.delivery.rows import CapacityRow
from lasalle.delivery.terms import Product, Terms
from lasalle.institution.metering.capacity import CapacityMeter, ProbeTerms
from lasalle.institution.metering.keeper import MeterKeeper
from lasalle.institution.metering.provisioning import (
    AccessGrant,
    Asked,
    Happened,
    LocalDriver,
    NodeGrant,
)
from lasalle.institution.metering.templates import TEMPLATES
from lasalle.institution.named_file import text_of
from lasalle.views.model import dollars

US, HOUR_S = 1_000_000, 3_600
REFEREE, RUNS, SIZE, SLOT_S, DEADLINE_NS = 3, 5, 96, 1, 10**9
SETTLING_S = 3
"""Seconds from the hand-over to the first slot, in which nodes are graded."""
MOST_NODES, MOST_SLOTS = 8, 600
CURVES = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1()}
BOUNDS = {"nodes": (1, MOST_NODES), "accelerators": (1, 16), "slots": (1, MOST_SLOTS)}


def run(args: Any) -> int:
    """Carries out a verb. Raises ValueError."""
    return {"capacity": _capacity, "template": _template, "attest": _attest}[args.what](args)


# -- capacity ------------------------------------------------------------------------------------


def _capacity(args: Any) -> int:
    for name, (least, most) in BOUNDS.items():
        if not least <= (found := getattr(args, name)) <= most:
            raise ValueError(f"--{name}: expected {least} to {most}, found {found}")
    if not -1 <= args.fail < args.slots:
        raise ValueError(f"--fail: expected a slot up to {args.slots - 1}, found {args.fail}")
    print("real: processes of this machine, challenges, rows and signed readings")
    print(f"stand-in: {KERNEL}; its speed is no accelerator's, nor is its grade")
    if args.dir.exists() and any(args.dir.iterdir()):
        raise ValueError(f"{args.dir}: expected an empty folder, found files in it")
    driver = LocalDriver(_said, capacity=args.nodes * args.accelerators)
    try:
        now = int(time.time())
        asked = Asked(1, args.nodes, args.accelerators, args.grade, now, now + HOUR_S)
        grant = driver.activate(driver.reserve(asked))
        start = int(time.time()) + SETTLING_S
        book = MeterBook(_terms(args, start), REFEREE, made_key("referee"))
        keeper = MeterKeeper(args.dir, book)
        try:
            _metered(args, driver, keeper, grant, start)
        finally:
            keeper.close()
    finally:
        driver.close()
    return 0


def _terms(args: Any, start: int) -> Terms:
    """An hour that is cut short, by three meters whose keys anybody can make."""
    found = metered_terms(made_specification(), start * US)
    quantity = args.nodes * args.accelerators
    return msgspec.structs.replace(found, product=Product.CAPACITY, quantity=quantity, method=NONE)


def _metered(
    args: Any, driver: LocalDriver, keeper: MeterKeeper, grant: AccessGrant, start: int
) -> None:
    name = grant.nodes[0].node.rpartition("-")[0]
    probing = ProbeTerms(SIZE, 10**9, DEADLINE_NS, 1, SLOT_S)
    meter = CapacityMeter(keeper, driver, probing, secrets.token_bytes(32), list(grant.nodes))
    print(f"challenges are drawn from a secret whose digest is {meter.commitment}")
    meter.terms = replace(probing, rated_ns=args.rated_us * 1_000 or _rated(meter))
    _graded(args, meter)
    stood_in: list[Replacement] = []
    for slot in range(args.slots):
        while time.time() < start + slot * SLOT_S:
            time.sleep(0.01)
        if slot == args.fail:
            driver.stop_node(name, meter.nodes[0].node)
        found = meter.beat(slot)
        healthy, due = sum(one.healthy for one in found), sum(one.due for one in found)
        print(f"slot {slot}: {healthy} of {due} accelerators answered right and in time")
        rows = [row for row in keeper.book.rows if isinstance(row, CapacityRow)]
        _replaced(driver, meter, name, stood_in, failures(rows), slot)
    rows = [row for row in keeper.book.rows if isinstance(row, CapacityRow)]
    names, bought = [one.node for one in grant.nodes], args.nodes * args.accelerators
    _billed(args, meter, counted_seconds(rows, names, stood_in, bought))


def _rated(meter: CapacityMeter) -> int:
    """What the first node takes, the median of the planned runs, nanoseconds: the standard where
    none is named, so that only differences between nodes grade. Raises ValueError."""
    node, taken = meter.nodes[0], []
    for run in range(RUNS):
        nonce = challenge(b"rated", meter.keeper.book.terms.contract, node.node, run)
        answered = meter.driver.probe(node, nonce, SIZE)
        if answered is None:
            raise ValueError(f"{node.node}: expected an answer, found none")
        taken.append(answered.taken_ns)
    return sorted(taken)[RUNS // 2]


def _graded(args: Any, meter: CapacityMeter) -> None:
    runs = [meter.benchmark(one, RUNS, b"acceptance") for one in meter.nodes]
    for grant, speeds in zip(meter.nodes, runs, strict=True):
        told = ", ".join(f"{speed / 10_000:.0f} %" for speed in speeds)
        print(f"{grant.node}: {RUNS} runs at {told} of the standard's speed")
    found = accepted(runs, RUNS)
    hour = invoice(args.price_micro, args.nodes * args.accelerators, found.quality)
    print(f"grade {found.grade}: quality {found.quality} of 10000; an hour of all is billed at"
          f" {dollars(hour)}")  # fmt: skip


def _replaced(
    driver: LocalDriver,
    meter: CapacityMeter,
    name: str,
    stood_in: list[Replacement],
    failed: dict[str, int],
    slot: int,
) -> None:
    """Another node in the place of each that failed, benchmarked before it counts."""
    for node in [one.node for one in meter.nodes if one.node in failed]:
        grant: NodeGrant = driver.replace(name, node)
        accepted([meter.benchmark(grant, RUNS, b"acceptance")], RUNS)
        meter.replace(node, grant)
        one = Replacement(node, grant.node, slot + 1, slot + 1, slot + 1)
        check_replacement(one, failed)
        stood_in.append(one)
        print(f"{node} failed from slot {failed[node]} on; {grant.node} counts from {slot + 1}")


def _billed(args: Any, meter: CapacityMeter, seconds: int) -> None:
    entry = meter.keeper.cut_short()
    assert entry is not None, "there was a slot"
    reading = read_entry(entry).statement
    assert isinstance(reading, CapacityReading)
    whole = args.nodes * args.accelerators * args.slots * SLOT_S
    scaled = seconds * HOUR_S // (args.slots * SLOT_S)
    units = units_of_capacity(args.nodes * args.accelerators, 1, scaled)
    print(f"signed reading: {reading.healthy_seconds} of {reading.due_seconds} accelerator-seconds"
          f" healthy; {seconds} of {whole} count")  # fmt: skip
    print(f"as an hour of such slots: {units} of {args.nodes * args.accelerators}"
          " accelerator-hours delivered")  # fmt: skip


def _said(happened: Happened) -> None:
    print(f"event {happened.event.value}: {happened.reason}, evidence {happened.evidence[:16]}")


# -- templates, attestation ----------------------------------------------------------------------


def _template(args: Any) -> int:
    if args.driver not in TEMPLATES:
        known = ", ".join(TEMPLATES)
        raise ValueError(f"driver: expected one of {known}, found {args.driver}")
    for name in ("nodes", "accelerators", "hours"):
        if not 1 <= (found := getattr(args, name)) <= 10_000:
            raise ValueError(f"--{name}: expected 1 to 10000, found {found}")
    start = args.start or int(time.time()) // HOUR_S * HOUR_S + HOUR_S
    end = start + args.hours * HOUR_S
    asked = Asked(args.contract, args.nodes, args.accelerators, args.grade, start, end)
    print(f"TEMPLATE for {args.driver}: written from its documentation, run on no cluster here")
    for call, text in TEMPLATES[args.driver](asked).items():
        print(f"\n{call}:\n{text.rstrip()}")
    return 0


def _attest(args: Any) -> int:
    keys = read_keys(args.keys)
    named = [one for one in args.accelerators.split(",") if one]
    try:
        found = verified(
            text_of(args.token).strip(), keys, args.nonce,
            args.now or int(time.time()), named,
        )  # fmt: skip
    except NotAttested as error:
        raise ValueError(f"{args.token}: {error}") from error
    print(f"attested by {found.attester}: {', '.join(found.accelerators)}")
    print("it says the accelerators are genuine; nothing of the model, the speed or the place")
    print(f"evidence {found.sha256}")
    return 0


def read_keys(path: Path) -> dict[str, PublicKey]:
    """Public keys of attesters, a JSON Web Key Set (RFC 7517). Raises ValueError."""
    try:
        rows = json.loads(text_of(path))["keys"]
        return {str(row["kid"]): _key(row) for row in _objects(rows)}
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(f"{path}: expected a JSON Web Key Set, found {error!r}") from error


def _objects(rows: Any) -> Iterator[dict[str, Any]]:
    for row in rows:
        if not isinstance(row, dict):
            raise TypeError("a key that is no object")
        yield row


def _key(row: dict[str, Any]) -> PublicKey:
    if (row["kty"], row["crv"]) == ("OKP", "Ed25519"):
        return ed25519.Ed25519PublicKey.from_public_bytes(_bytes(row["x"]))
    if row["kty"] != "EC" or row["crv"] not in CURVES:
        known = ", ".join(("Ed25519", *CURVES))
        raise ValueError(f"crv: expected one of {known}, found {row['crv']} (DEL-059)")
    x, y = (int.from_bytes(_bytes(row[name]), "big") for name in "xy")
    return ec.EllipticCurvePublicNumbers(x, y, CURVES[row["crv"]]).public_key()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
