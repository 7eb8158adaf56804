"""Logs of deliveries over REST: files for everyone, a cosignature by a party alone, and a bundle
made from what is published."""

from __future__ import annotations

import json
import threading
import time
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import pytest

from lasalle.client import Asking, Client
from lasalle.client.faults import Fault
from lasalle.delivery.cosigner import Cosigning, Seen
from lasalle.delivery.faults import EvidenceRefused
from lasalle.delivery.notes import Note, cosign
from lasalle.delivery.readings import Entry
from lasalle.delivery.tree import consistency_proof
from lasalle.delivery.verifying import verify
from lasalle.gateway.deliveries import FOR_GOOD, NotAParty
from lasalle.institution import delivery_desk
from lasalle.institution.delivery_store import DeliveryStore
from tests.delivery.world import BUYER, PARTIES, SUPPLIER, Reader, hexed, specification, terms
from tests.gateway.conftest import Served, serving
from tests.loopback import HTTP

ACTORS = dict(zip(sorted(PARTIES), (11, 12), strict=True))
BASE = "/v1/deliveries/41"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, DeliveryStore]]:
    folder = tmp_path_factory.mktemp("deliveries")
    store = DeliveryStore(folder / "house", time.time_ns)

    def furnished(gateway):
        gateway.deliveries = store

    with serving(folder / "house", furnished=furnished) as served:
        agreed = terms(log_key=store.key().public.hex())
        store.begin(agreed, ACTORS, specification())
        readers = [Reader(agreed, n) for n in (BUYER, SUPPLIER)]
        entries: list[Entry] = [r.read() for _ in range(6) for r in readers]
        store.admit(41, [entry.content for entry in entries])
        store.publish(41)
        yield served, store
    store.close()


def line_of(store: DeliveryStore, note: Note, name: str, later: int = 0) -> str:
    """A line as of when the checkpoint was published, or so many seconds later."""
    log = store._log(41)
    size = note.checkpoint.size
    seconds = log._published_us[size] // 1_000_000 + later
    proof = consistency_proof(0, size, log.log.reader().node)
    party = Cosigning(log.terms, name, PARTIES[name])
    _, line = party.cosigned(Seen(), note, proof, seconds)
    return line.text.removesuffix("\n")


def told(client: Client, size: int, line: str) -> str:
    body = json.dumps({"size": size, "line": line}).encode()
    found = client.ask(Asking("POST", BASE + "/cosignatures", dict, body=body))
    return str(found["checkpoint"])


@pytest.mark.rule("DEL-012")
def test_parties_cosign_and_nobody_else(house: tuple[Served, DeliveryStore]) -> None:
    served, store = house
    note = store.publish(41)
    size = note.checkpoint.size
    buyer, supplier = sorted(PARTIES)
    line = line_of(store, note, buyer)
    for client, asked, name in (
        (served.client(12), (size, line), "role_missing"),
        (served.client(1), (size, line), "role_missing"),
        (served.client(11), (size, line_of(store, note, supplier)), "role_missing"),
        (served.client(11), (size + 1, line), "malformed"),
        (served.client(11), (size, line[:-4] + "AAA="), "malformed"),
        (served.client(11), (size, "a line"), "malformed"),
    ):
        with pytest.raises(Fault) as found:
            told(client, *asked)
        assert found.value.name == name
    for later in (-3_600, 3_600):
        with pytest.raises(Fault, match="time: expected after") as found:
            told(served.client(11), size, line_of(store, note, buyer, later))
        assert found.value.name == "malformed"
    strange = cosign(note.checkpoint, buyer, PARTIES[supplier], 5).text.removesuffix("\n")
    with pytest.raises(Fault, match="cosignature"):
        told(served.client(11), size, strange)
    assert told(served.client(11), size, line).count("\u2014") == 2
    assert told(served.client(12), size, line_of(store, note, supplier)).count("\u2014") == 3
    assert told(served.client(11), size, line).count("\u2014") == 3, "the same again is kept once"
    with pytest.raises(Fault, match="which stands"):
        told(served.client(11), size, line_of(store, note, buyer, 1))
    with pytest.raises(NotAParty):
        store.cosign(13, 41, size, buyer, line)


@pytest.mark.rule("DEL-012")
def test_everyone_reads_the_files_and_makes_the_bundle(
    house: tuple[Served, DeliveryStore], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    served, store = house
    note = store.publish(41)
    for actor, name in zip((11, 12), sorted(PARTIES), strict=True):
        told(served.client(actor), note.checkpoint.size, line_of(store, note, name))
    address = served.address + BASE
    checkpoint = HTTP.get(address + "/checkpoint")
    assert checkpoint.headers["content-type"] == "text/plain; charset=utf-8"
    assert checkpoint.headers["cache-control"] == "no-cache"
    size = note.checkpoint.size
    assert checkpoint.content == HTTP.get(f"{address}/checkpoints/{size}").content
    tile = HTTP.get(f"{address}/tile/0/000.p/{size}")
    assert tile.content == store.read(41, f"tile/0/000.p/{size}")
    assert len(tile.content) == 32 * size
    assert tile.headers["cache-control"] == FOR_GOOD["Cache-Control"]
    assert HTTP.get(f"{address}/tile/entries/000.p/{size}").status_code == 200
    for path in (
        "/tile/0/001", "/tile/0/000.p/999", "/tile/../parties.json", "/tile/0/%2e%2e",
        "/checkpoints/9", "/tile/0/x001/x002/x003/004", "/tile/64/000",
    ):  # fmt: skip
        answer = HTTP.get(address + path)
        assert answer.status_code == 404, path
    for name in ("parties.json", "../log.key", "pending/0", "origin.txt", "writing.lock"):
        assert store.read(41, name) is None
    rows = HTTP.get(served.address + "/v1/deliveries").json()["deliveries"]
    assert rows == [
        {"contract": 41, "product": "work", "origin": "house.example/delivery/41", "size": size,
         "terms": store._log(41).terms.sha256}
    ]  # fmt: skip
    out = tmp_path / "delivery.bundle"
    prove = Namespace(what="prove", log=address, rows=None, out=out, without="")
    assert delivery_desk.run(prove) == 0
    assert "both parties cosigned" in capsys.readouterr().out
    verdict = verify(out.read_bytes(), terms_sha256=rows[0]["terms"])
    # These readings were all logged at the end: the cosignatures say so of the early ones.
    assert {b.fault.value for b in verdict.breaches} == set()
    assert (verdict.readings, verdict.whole) == (12, True)
    unknown = HTTP.get(served.address + "/v1/deliveries/7/checkpoints")
    assert unknown.json()["error"]["name"] == "file_unknown"


@pytest.mark.rule("DEL-008")
def test_a_party_cosigns_with_the_command_and_not_twice_two_logs(
    house: tuple[Served, DeliveryStore], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    served, store = house
    buyer = sorted(PARTIES)[0]
    secret, seen = tmp_path / "watch.key", tmp_path / "seen.txt"
    secret.write_text(hexed(buyer) + "\n")
    asked = Namespace(
        what="cosign", contract=41, name=buyer, secret=secret, seen=seen, terms="",
        at=served.address,
    )  # fmt: skip
    for _ in range(2):
        assert delivery_desk.run(asked, served.client(11)) == 0
        assert f"cosigned as {buyer}" in capsys.readouterr().out
    kept = Seen.read(seen.read_bytes())
    assert kept.size == store.publish(41).checkpoint.size
    seen.write_bytes(Seen(kept.size, bytes(32)).content)
    with pytest.raises(ValueError, match="forked"):
        delivery_desk.run(asked, served.client(11))
    asked.terms = "0" * 64
    with pytest.raises(ValueError, match="DEL-009"):
        delivery_desk.run(asked, served.client(11))


def test_a_store_is_opened_again_and_by_one_alone(tmp_path: Path) -> None:
    store = DeliveryStore(tmp_path)
    agreed = terms(log_key=store.key().public.hex())
    assert (store.listed(), store.sizes(41), store.read(41, "checkpoint")) == ([], None, None)
    log = store.begin(agreed, ACTORS)
    assert store.begin(agreed, ACTORS).terms == log.terms
    reader = Reader(agreed, BUYER)
    assert store.admit(41, [reader.read().content]) == [1]
    with pytest.raises(BlockingIOError):
        DeliveryStore(tmp_path).publish(41)
    store.close()
    again = DeliveryStore(tmp_path)
    entries = [reader.read().content for _ in range(3)]
    threads = [threading.Thread(target=again.admit, args=(41, entries)) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert again.publish(41).checkpoint.size == 5
    assert again.sizes(41) == [5]
    with pytest.raises(KeyError):
        again.publish(9)
    with pytest.raises(EvidenceRefused):
        again.begin(terms(quantity=3, log_key=agreed.log_key), ACTORS)
    assert (tmp_path / "deliveries" / "log.key").stat().st_mode & 0o077 == 0
    again.close()


@pytest.mark.rule("DEL-011")
@pytest.mark.rule("DEL-012")
def test_a_meter_s_readings_are_entered_once_and_by_a_party(
    house: tuple[Served, DeliveryStore], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    served, store = house
    referee = Reader(store._log(41).terms, 3)
    entries = [referee.read().content for _ in range(3)]
    (tmp_path / "entries").mkdir()
    for number, content in enumerate(entries, 1):
        (tmp_path / "entries" / f"{number:08d}").write_bytes(content)
    size = store._log(41).log.size
    asked = Namespace(what="send", dir=tmp_path, contract=41, after=0)
    with pytest.raises(Fault) as refusal:
        delivery_desk.run(asked, served.client(1))
    assert refusal.value.name == "role_missing"
    for _ in range(2):
        assert delivery_desk.run(asked, served.client(12)) == 0
        assert "3 readings entered into the log of 41, the last 3" in capsys.readouterr().out
        assert store._log(41).log.size == size + 3
    (tmp_path / "entries" / "00000004").write_bytes(entries[2].replace(b'"rows":', b'"row":', 1))
    with pytest.raises(Fault) as refusal:
        delivery_desk.run(asked, served.client(12))
    assert refusal.value.name == "malformed"
    assert store._log(41).log.size == size + 3
