"""From the meters of a delivery to its proof: what buyer's and supplier's proxies kept goes into
the log, is cosigned, bundled with every row and verified offline; what is bent in it afterwards is
named."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from lasalle.delivery.bundle import Published, bundle
from lasalle.delivery.cosigner import Cosigning, Seen
from lasalle.delivery.counting import byte_counter
from lasalle.delivery.delivery_log import DeliveryLog
from lasalle.delivery.faults import EvidenceRefused, Fault
from lasalle.delivery.hours import standing_in
from lasalle.delivery.judging import compared
from lasalle.delivery.made import made_key
from lasalle.delivery.made_metering import made_specification, metered_terms
from lasalle.delivery.meter_book import MeterBook
from lasalle.delivery.readings import Quality, WorkReading, read_entry
from lasalle.delivery.statements import Answer
from lasalle.delivery.terms import Side
from lasalle.delivery.tree import consistency_proof
from lasalle.delivery.validating import Doubt, Suspicion, billed, estimated
from lasalle.delivery.verifying import Verdict, verify
from lasalle.institution.metering.keeper import MeterClock, MeterKeeper
from lasalle.institution.metering.made_up_engine import MadeUpEngine
from lasalle.institution.metering.proxy import MeterProxy
from lasalle.venue.shelf import FolderShelf

US = 1_000_000
START = 1_790_000_000 * US
SPEC = made_specification(quantity_basis="utf8_bytes")
TERMS = metered_terms(SPEC, START, intervals=2, interval_us=60 * US)


class Turned(MeterClock):
    """A clock two meters share, that goes a little with each look."""

    def __init__(self) -> None:
        super().__init__()
        self.at_ns = START * 1_000

    def now_ns(self) -> int:
        self.at_ns += 1_000_000
        return max(self.at_ns, self.floor_ns)


async def metered(folder: Path) -> dict[Side, MeterKeeper]:
    """Two minutes of traffic through both meters."""
    engine = MadeUpEngine()
    await engine.start()
    clock = Turned()
    kept = {
        side: MeterKeeper(
            folder / side.value, MeterBook(TERMS, number, made_key(side.value), SPEC), clock
        )
        for number, side in ((1, Side.BUYER), (2, Side.SUPPLIER))
    }
    supplier = MeterProxy(kept[Side.SUPPLIER], byte_counter(), engine.address)
    await supplier.start()
    buyer = MeterProxy(kept[Side.BUYER], byte_counter(), supplier.address)
    await buyer.start()
    async with httpx.AsyncClient(base_url=buyer.address) as client:
        for minute in (1, 2):
            for n in range(5):
                body = {"prompt": f"{minute}, {n}", "max_tokens": 3 + n, "stream": n % 2 == 0}
                answer = await client.post("/v1/completions", content=json.dumps(body))
                assert answer.status_code == 200
            clock.at_ns = (START + minute * 60 * US) * 1_000
            for keeper in kept.values():
                keeper.close_due()
    for one in (buyer, supplier, engine):
        await one.stop()
    return kept


def logged(folder: Path, kept: dict[Side, MeterKeeper]) -> DeliveryLog:
    """The log, cosigned after each side's readings."""
    log = DeliveryLog.begin(FolderShelf(folder / "log"), made_key("log"), TERMS, SPEC)
    log.admit_all([entry for keeper in kept.values() for entry in keeper.entries()])
    cosign(log)
    return log


def cosign(log: DeliveryLog, seconds: int = 200) -> None:
    note = log.publish()
    size = note.checkpoint.size
    for cosigner in TERMS.cosigners:
        proof = consistency_proof(0, size, log.log.reader().node)
        party = Cosigning(TERMS, cosigner.name, made_key(f"{cosigner.side.value} watch"))
        _, line = party.cosigned(Seen(), note, proof, START // US + seconds)
        log.take_cosignature(size, line)


def proof_of(log: DeliveryLog, kept: dict[Side, MeterKeeper]) -> bytes:
    def rows(meter: int, number: int) -> list[bytes] | None:
        return kept[Side.BUYER if meter == 1 else Side.SUPPLIER].rows_of(meter, number)

    return b"".join(bundle(Published(log.log.read, log.log.sizes()), rows))


def faults(verdict: Verdict) -> set[Fault]:
    return {one.fault for one in verdict.breaches}


@pytest.mark.rule("DEL-005")
@pytest.mark.rule("DEL-047")
def test_what_meters_kept_is_proved_bent_and_substituted(tmp_path: Path) -> None:
    kept = asyncio.run(metered(tmp_path))
    log = logged(tmp_path, kept)
    proof = proof_of(log, kept)
    verdict = verify(proof)
    assert verdict.breaches == ()
    assert (verdict.sound, verdict.whole, verdict.readings, verdict.rows) == (True, True, 4, 20)
    readings = {
        side: standing_in(log.chains[number], START, TERMS.end_us)
        for number, side in ((1, Side.BUYER), (2, Side.SUPPLIER))
    }
    for one, other in zip(readings[Side.BUYER], readings[Side.SUPPLIER], strict=True):
        assert isinstance(one, WorkReading)
        assert isinstance(other, WorkReading)
        assert compared(one, other, SPEC).answer is Answer.AGREED
    bent_found(proof)
    substituted(log, kept, readings[Side.BUYER][0], readings[Side.SUPPLIER][0])
    for keeper in kept.values():
        keeper.close()


def bent_found(proof: bytes) -> None:
    """A row that says more, one that is gone, two that changed places, a reading that is gone."""
    lines = proof.split(b"\n")
    rows = [n for n, line in enumerate(lines) if line.startswith(b"[")]
    entries = [n for n, line in enumerate(lines) if line.startswith(b'{"body"')]
    row = json.loads(lines[rows[3]])
    row[10] += 1
    swapped = list(lines)
    swapped[rows[1]], swapped[rows[2]] = lines[rows[2]], lines[rows[1]]
    more = list(lines)
    more[rows[3]] = json.dumps(row, separators=(",", ":")).encode()
    for bent, fault in (
        (more, Fault.ROWS),
        (lines[: rows[3]] + lines[rows[3] + 1 :], Fault.ROWS),
        (swapped, Fault.ROWS),
        (lines[: entries[3]] + lines[entries[3] + 1 :], Fault.DROPPED),
    ):
        assert fault in faults(verify(b"\n".join(bent)))


def substituted(
    log: DeliveryLog, kept: dict[Side, MeterKeeper], own: object, check: object
) -> None:
    """The supplier's first reading is suspect: the buyer's value stands, both are in the log."""
    assert isinstance(own, WorkReading)
    assert isinstance(check, WorkReading)
    keeper = kept[Side.SUPPLIER]
    standing = estimated(check, [Suspicion(Doubt.SPIKE, 1, 2)], [own], [], SPEC)
    assert standing is not None
    clock = keeper.clock
    assert isinstance(clock, Turned)
    clock.at_ns = (START + 205 * US) * 1_000
    entry = keeper.substitute(check, standing)
    log.admit(entry)
    stands = standing_in(log.chains[2], START, START + 60 * US)
    assert [one.quality for one in stands] == [Quality.SUBSTITUTED]
    assert isinstance(stands[0], WorkReading)
    assert billed(stands[0], SPEC) == billed(own, SPEC)
    assert log.chains[2].taken[1] == read_entry(keeper.entries()[0]).sha256
    cosign(log, 220)
    verdict = verify(proof_of(log, kept))
    assert verdict.breaches == ()
    assert (verdict.totals[1].revised, verdict.readings) == (1, 5)
    with pytest.raises(EvidenceRefused):
        log.admit(entry[:-9] + b'00000000"')
