"""Heartbeats of capacity deliveries, read from their logs into the record of suppliers."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from msgspec.structs import replace

from lasalle.delivery.delivery_log import DeliveryLog
from lasalle.delivery.faults import EvidenceRefused
from lasalle.delivery.made import MINUTE_US, START_US, MadeUp, made_key
from lasalle.delivery.readings import Quality, sign
from lasalle.delivery.rows import CapacityRow, Row
from lasalle.delivery.terms import Product, Side
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
    sees nothing. Meters fall silent, and cosigners, after minutes they are told."""

    until: ClassVar[dict[Side, int]] = {}
    cosigned = MINUTES
    honest = False
    blind: Side | None = None
    """Who says from the seventh minute on that nothing was due."""

    def run(self) -> None:
        for number in range(1, self.intervals + 1):
            speaking = [m for m in self.terms.meters if number <= self.until.get(m.side, MINUTES)]
            self.log.admit_all([self.reading(m, number) for m in speaking])
            if number <= self.cosigned:
                self.cosign((START_US + number * MINUTE_US) // 10**6 + 5)
        self.log.publish()

    def _row(self, meter: Any, seq: int, n: int, number: int) -> Row:
        row = super()._row(meter, seq, n, number)
        assert isinstance(row, CapacityRow), "capacity is made up"
        if number > 6 and meter.side is self.blind:
            return replace(row, due=0, healthy=0)
        sees = self.honest if row.side == "supplier" else True
        return replace(row, healthy=1) if sees and number > 6 and n == 0 else row

    def say(self, logs: DeliveryStore, side: Side, cosigned: bool, **says: Any) -> None:
        """One more reading of a meter, which says the same as its first but for what is told."""

        def said(log: DeliveryLog) -> None:
            self.log = log
            chain = next(log.chains[m.meter] for m in log.terms.meters if m.side is side)
            told: Any = {
                "sequence": chain.sequence + 1, "previous": chain.sha256, "made_us": chain.made_us,
                "nonce": f"{chain.meter:016x}{chain.sequence + 1:016x}", **says,
            }  # fmt: skip
            reading = replace(chain.standing[says.get("revises", 1)], **told)
            log.admit(sign(reading, made_key(side.value)).content)
            log.publish()
            if cosigned:
                self.cosign(chain.made_us // 10**6)

        logs.asked(1, said)


def laid(folder: Path, **how: Any) -> tuple[Path, Failing]:
    """A folder with a supplier on file and the log of one delivery of its."""
    (folder / "journal").mkdir(parents=True)
    log = folder / "deliveries" / "1"
    log.mkdir(parents=True)
    shelf = FolderShelf(log)
    made = Failing(shelf, Product.CAPACITY, MINUTES)
    for name, value in how.items():
        setattr(made, name, value)
    made.run()
    shelf.close()
    secret = sha256(b"made up: log").hexdigest()
    (log.parent / KEY_FILE).write_text(secret)
    (log / PARTIES).write_text(json.dumps({}))
    (log / ORIGIN).write_text(made.terms.origin)
    CreditStore(folder).file(supplier(account=SELLER), 1, at(0))
    return folder, made


@pytest.fixture(autouse=True)
def _spans_of_five_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credit_meters, "SPAN_US", 5 * MINUTE_US)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """All meters read and both parties cosigned everything."""
    return laid(tmp_path / "house")[0]


def spans(folder: Path, now: int, logs: DeliveryStore | None = None) -> list[tuple[int, int, int]]:
    """What is kept now: span, accelerator-seconds due and missed."""
    asked = logs or DeliveryStore(folder)
    try:
        found, _ = hear(CreditStore(folder), asked, accounts(), now)
    finally:
        if logs is None:
            asked.close()
    return [(one.span, one.due, one.due - one.healthy) for _, one in found]


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
    assert [(one.span, one.meters, one.due, one.healthy) for _, one in found] == [
        (1, (3,), 5 * 480, 5 * 480 - 4 * 60), (2, (3,), 2 * 480, 2 * 480 - 2 * 60)
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
        return heard_in(log, {}, [], at(20) // 1_000)

    with pytest.raises(EvidenceRefused, match="signature"):
        logs.asked(1, bent)
    logs.close()
    (house / "deliveries" / "1" / ORIGIN).unlink()
    found, (fault,) = hear(store, DeliveryStore(house), accounts(), at(20))
    assert (found, "delivery 1:" in fault) == ([], True)
    assert store.held()["tested"].heard == {}


ALL = [(0, 5 * 480, 0), (1, 5 * 480, 4 * 60), (2, 2 * 480, 2 * 60)]
"""What buyer and referee saw."""


@pytest.mark.rule("CRD-024")
@pytest.mark.parametrize(
    ("until", "honest", "found"),
    [
        ({Side.REFEREE: 0}, False, ALL),
        ({Side.REFEREE: 8}, False, ALL),
        ({Side.BUYER: 0}, True, ALL),
        # Without a reading by another what the supplier says counts where it tells a miss.
        ({Side.REFEREE: 0, Side.BUYER: 0}, False, []),
        ({Side.REFEREE: 0, Side.BUYER: 0}, True, [(1, 4 * 480, 4 * 60), (2, 2 * 480, 2 * 60)]),
        ({Side.REFEREE: 0, Side.BUYER: 8}, True, ALL),
        ({Side.REFEREE: 8, Side.BUYER: 8}, False, [ALL[0], (1, 3 * 480, 2 * 60)]),
    ],
)
def test_a_silent_meter_hides_no_miss_that_another_read(
    tmp_path: Path, until: dict[Side, int], honest: bool, found: list[Any]
) -> None:
    folder, _ = laid(tmp_path / "house", until=until, honest=honest)
    assert spans(folder, at(20)) == found


@pytest.mark.rule("CRD-024")
@pytest.mark.parametrize("until", [{}, {Side.REFEREE: 0}])
def test_a_reading_in_which_nothing_was_due_is_none(tmp_path: Path, until: dict[Side, int]) -> None:
    blind = Side.BUYER if until else Side.REFEREE
    folder, _ = laid(tmp_path / "house", until=until, blind=blind, honest=True)
    assert spans(folder, at(20)) == ALL


@pytest.mark.rule("CRD-024")
def test_a_reading_counts_for_the_time_the_referee_did_not_read(tmp_path: Path) -> None:
    folder, made = laid(tmp_path / "house", until={Side.REFEREE: 6})
    logs = DeliveryStore(folder)
    quarter = START_US + 6 * MINUTE_US + 15 * 10**6
    short = {"start_us": START_US + 6 * MINUTE_US, "end_us": quarter, "made_us": quarter}
    made.say(logs, Side.REFEREE, True, **short, due_seconds=120, healthy_seconds=120,
             seq_first=25, seq_last=28)  # fmt: skip
    # A quarter of the seventh minute is the referee's, in which nothing was missed.
    assert spans(folder, at(20), logs) == [ALL[0], (1, 5 * 480, 3 * 60 + 45), ALL[2]]
    logs.close()


@pytest.mark.rule("CRD-027")
def test_what_is_not_cosigned_waits_and_what_the_supplier_admits_does_not(tmp_path: Path) -> None:
    folder, _ = laid(tmp_path / "house", cosigned=7)
    store, logs = CreditStore(folder), DeliveryStore(folder)
    found, (said,) = hear(store, logs, accounts(), at(20))
    assert [(one.span, one.due, one.due - one.healthy) for _, one in found] == [
        ALL[0], (1, 2 * 480, 60)
    ]  # fmt: skip
    assert said.startswith("delivery 1: expected 37 entries cosigned by buyer.example and "
                           "supplier.example, found 22;")  # fmt: skip
    assert hear(store, logs, accounts(), at(24, 59)) == ([], []), "it is told once"
    # Another process, as after a kill: how long it waited stands on record.
    logs.close()
    assert spans(folder, at(25)) == ALL[1:]
    assert spans(folder, at(26)) == []
    folder, made = laid(tmp_path / "other", cosigned=7, honest=True)
    assert spans(folder, at(20)) == ALL, "its own meter says so"
    # What it says otherwise of that alone takes nothing back.
    logs = DeliveryStore(folder)
    made.say(logs, Side.SUPPLIER, False, revises=7, healthy_seconds=480, quality=Quality.EDITED,
             start_us=START_US + 6 * MINUTE_US, end_us=START_US + 7 * MINUTE_US)  # fmt: skip
    assert spans(folder, at(21), logs) == []
    logs.close()


@pytest.mark.rule("CRD-027")
def test_one_party_that_cosigns_is_not_named_and_later_entries_wait_anew(tmp_path: Path) -> None:
    folder, made = laid(tmp_path / "house", cosigned=0)
    logs = DeliveryStore(folder)

    def by_the_buyer(log: DeliveryLog) -> None:
        made.log = log
        both = log.terms.cosigners
        log.terms = replace(log.terms, cosigners=both[:1])
        made.terms = log.terms
        made.cosign(START_US // 10**6 + 3_600)
        log.terms = made.terms = replace(log.terms, cosigners=both)

    store = CreditStore(folder)
    assert hear(store, logs, accounts(), at(6))[1] == [], "nothing is over"
    logs.asked(1, by_the_buyer)
    found, (said,) = hear(store, logs, accounts(), at(6, 1))
    assert found == []
    assert "expected 37 entries cosigned by supplier.example, found 0;" in said
    revised = {"revises": 7, "quality": Quality.EDITED, "start_us": START_US + 6 * MINUTE_US,
               "end_us": START_US + 7 * MINUTE_US}  # fmt: skip
    made.say(logs, Side.REFEREE, False, healthy_seconds=0, **revised)
    assert spans(folder, at(11, 1), logs) == ALL[:2], "the revision was not there when it was seen"
    assert spans(folder, at(16, 1), logs) == [(1, 5 * 480, 3 * 60 + 480), ALL[2]]
    assert [row["size"] for row in store.rows() if row["kind"] == "left_uncosigned"] == [37, 38]
    logs.close()


@pytest.mark.rule("CRD-028")
def test_a_span_is_reckoned_anew_from_what_was_revised(tmp_path: Path) -> None:
    folder, made = laid(tmp_path / "house")
    store, logs = CreditStore(folder), DeliveryStore(folder)
    assert spans(folder, at(20), logs) == ALL
    before = store.held()["tested"].heartbeats(at(20))
    revised = {"revises": 7, "quality": Quality.EDITED, "start_us": START_US + 6 * MINUTE_US,
               "end_us": START_US + 7 * MINUTE_US}  # fmt: skip
    made.say(logs, Side.REFEREE, False, healthy_seconds=0, **revised)
    assert spans(folder, at(21), logs) == [], "nobody cosigned it"
    made.say(logs, Side.REFEREE, True, healthy_seconds=240, **revised)
    assert spans(folder, at(22), logs) == [(1, 5 * 480, 3 * 60 + 240)]
    assert spans(folder, at(23), logs) == []
    rows = [row for row in store.rows() if row["kind"] == "heartbeats_heard"]
    assert [row["span"] for row in rows] == [0, 1, 2, 1]
    assert rows[1]["evidence"] != rows[3]["evidence"]
    held = store.held()["tested"]
    assert (before, held.heartbeats(at(23))) == (
        pytest.approx(6 * 60 / 5_760), pytest.approx((5 * 60 + 240) / 5_760)
    )  # fmt: skip
    # Who learnt nothing since writes nothing.
    store.heard("tested", held.heard[1, 1], at(24))
    assert len(store.rows()) == 1 + len(rows) + 1
    logs.close()
