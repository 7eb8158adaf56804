"""Heartbeats of capacity deliveries, read from their logs into the record of suppliers."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from lasalle.delivery.faults import EvidenceRefused
from lasalle.delivery.made import MINUTE_US, START_US, MadeUp
from lasalle.delivery.rows import CapacityRow, Row
from lasalle.delivery.terms import Product
from lasalle.institution import credit_meters
from lasalle.institution.credit_house import judge_house
from lasalle.institution.credit_meters import hear, heard_in
from lasalle.institution.credit_store import SEEN_FOR_NS, CreditStore
from lasalle.institution.delivery_store import KEY_FILE, ORIGIN, PARTIES, DeliveryStore
from lasalle.venue.shelf import FolderShelf
from tests.credit.world import supplier

SELLER, MINUTES = 5, 12


class Failing(MadeUp):
    """Half a node is down from its seventh minute on, as buyer and referee see it; the supplier
    sees nothing."""

    def _row(self, meter: Any, seq: int, n: int, number: int) -> Row:
        row = super()._row(meter, seq, n, number)
        assert isinstance(row, CapacityRow), "capacity is made up"
        down = number > 6 and n == 0 and row.side != "supplier"
        return replace(row, healthy=1) if down else row


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a supplier on file and the log of one delivery of its."""
    monkeypatch.setattr(credit_meters, "SPAN_US", 5 * MINUTE_US)
    (tmp_path / "journal").mkdir()
    folder = tmp_path / "deliveries" / "1"
    folder.mkdir(parents=True)
    shelf = FolderShelf(folder)
    made = Failing(shelf, Product.CAPACITY, MINUTES)
    made.run()
    shelf.close()
    secret = sha256(b"made up: log").hexdigest()
    (folder.parent / KEY_FILE).write_text(secret)
    (folder / PARTIES).write_text(json.dumps({}))
    (folder / ORIGIN).write_text(made.terms.origin)
    CreditStore(tmp_path).file(supplier(account=SELLER), 1, at(0))
    return tmp_path


def at(minute: int, seconds: int = 0) -> int:
    """Nanoseconds UTC of a minute of the delivery."""
    return (START_US + minute * MINUTE_US) * 1_000 + seconds * 10**9


def accounts(seller: int = SELLER) -> Any:
    owed = SimpleNamespace(deliveries={1: SimpleNamespace(account=seller)})
    return SimpleNamespace(margins=SimpleNamespace(owed=owed))


@pytest.mark.rule("CRD-024")
def test_each_span_is_read_once_when_its_readings_had_their_grace(house: Path) -> None:
    store, logs = CreditStore(house), DeliveryStore(house)
    assert hear(store, logs, accounts(), at(6)) == ([], []), "the grace is not over"
    found, faults = hear(store, logs, accounts(), at(6, 1))
    assert [(n, one.span, one.due, one.healthy) for n, one in found] == [
        ("tested", 0, 5 * 480, 5 * 480)
    ]
    assert faults == []
    logs.close()
    # Another process, as after a kill: what is on record is not read again.
    store, logs = CreditStore(house), DeliveryStore(house)
    found, _ = hear(store, logs, accounts(), at(20))
    assert [(one.span, one.meter, one.due, one.healthy) for _, one in found] == [
        (1, 3, 5 * 480, 5 * 480 - 4 * 60), (2, 3, 2 * 480, 2 * 480 - 2 * 60)
    ]  # fmt: skip
    assert hear(store, logs, accounts(), at(21)) == ([], [])
    rows = [row for row in store.rows() if row["kind"] == "heartbeats_heard"]
    assert [row["span"] for row in rows] == [0, 1, 2]
    assert len({row["evidence"] for row in rows}) == 3
    held, missed = store.held()["tested"], 6 * 60 / (12 * 480)
    assert held.heartbeats(at(21)) == pytest.approx(missed)
    assert held.heartbeats(at(12) + SEEN_FOR_NS + 1) == 0.0, "what is long ago speaks no more"
    (judged,) = judge_house(store, at(21))
    assert "missed heartbeats" in [sign.name for sign in judged.warned.signs]
    store.see("tested", 0.5, 1, at(21))
    assert store.held()["tested"].heartbeats(at(21)) == 0.5, "the worse of both"
    store.see("tested", 0.0, 1, at(22))
    assert store.held()["tested"].heartbeats(at(22)) == pytest.approx(missed)
    logs.close()


@pytest.mark.rule("CRD-024")
def test_logs_of_others_and_bent_ones_are_left_and_told(house: Path) -> None:
    store, logs = CreditStore(house), DeliveryStore(house)
    assert hear(store, logs, accounts(seller=6), at(20)) == ([], [])

    def bent(log: Any) -> Any:
        log.terms = replace(log.terms, meters=tuple(
            replace(m, public=log.terms.log_key) for m in log.terms.meters
        ))  # fmt: skip
        return heard_in(log, (), at(20) // 1_000)

    with pytest.raises(EvidenceRefused, match="signature"):
        logs.asked(1, bent)
    logs.close()
    (house / "deliveries" / "1" / ORIGIN).unlink()
    found, (fault,) = hear(store, DeliveryStore(house), accounts(), at(20))
    assert (found, "delivery 1:" in fault) == ([], True)
    assert store.held()["tested"].heard == []
