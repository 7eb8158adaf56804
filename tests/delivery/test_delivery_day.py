"""Days of a delivery in which meters and the log are killed at seeded moments, torn ends included,
and everything is sent again that was not answered for: no request is lost or counted twice, no
reading stands twice, a dispute stays open where it stood, and the day is proved whole. `make soak`
lives through many more."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lasalle.delivery.bundle import Published, bundle
from lasalle.delivery.cosigner import Cosigning, Seen
from lasalle.delivery.delivery_log import DeliveryLog
from lasalle.delivery.made import made_key
from lasalle.delivery.made_metering import made_specification, metered_terms
from lasalle.delivery.meter_book import MeterBook, Sighting
from lasalle.delivery.readings import read_entry, sign
from lasalle.delivery.rows import FAILED, WorkRow, read_rows
from lasalle.delivery.statements import Dispute
from lasalle.delivery.terms import Product, Side
from lasalle.delivery.tree import consistency_proof
from lasalle.delivery.verifying import verify
from lasalle.institution.metering.keeper import MeterClock, MeterKeeper
from lasalle.venue.shelf import FolderShelf

US, NS = 1_000_000, 1_000_000_000
START = 1_790_000_000 * US
SPEC = made_specification()
TERMS = metered_terms(SPEC, START, interval_us=60 * US, intervals=8)
SIDES = {1: Side.BUYER, 2: Side.SUPPLIER}
STEPS = 90


class Told(MeterClock):
    """The day's clock."""

    def __init__(self) -> None:
        super().__init__()
        self.at_ns = START * 1_000

    def now_ns(self) -> int:
        return max(self.at_ns, self.floor_ns)


@dataclass
class Day:
    """What is going on, and what has to be true at the end of it."""

    folder: Path
    chance: random.Random
    clock: Told = field(default_factory=Told)
    ended: dict[int, list[str]] = field(default_factory=lambda: {1: [], 2: []})
    disputes: list[str] = field(default_factory=list)
    kills: int = 0
    torn: int = 0
    answered: dict[int, int] = field(default_factory=lambda: {1: 0, 2: 0})
    """Readings each side knows to be in the log."""
    numbers: int = 0
    seen: Seen = field(default_factory=Seen)

    def __post_init__(self) -> None:
        self.kept = {meter: self.opened(meter) for meter in SIDES}
        self.open_log()

    def opened(self, meter: int) -> MeterKeeper:
        book = MeterBook(TERMS, meter, made_key(SIDES[meter].value), SPEC)
        return MeterKeeper(self.folder / str(meter), book, self.clock)

    def open_log(self) -> None:
        self.shelf = FolderShelf(self.folder / "log")
        self.log = DeliveryLog.begin(self.shelf, made_key("log"), TERMS, SPEC)

    def kill_meter(self, meter: int) -> None:
        kept = self.kept[meter]
        kept.close()
        self.kills += 1
        if self.chance.random() < 0.5 and not kept.book.over:
            with kept._rows_path(kept.book.sequence + 1).open("ab") as file:
                file.write(b'[1,1,"')
            self.torn += 1
        self.kept[meter] = self.opened(meter)

    def kill_log(self) -> None:
        self.shelf.close()
        self.kills += 1
        self.open_log()

    async def request(self) -> None:
        """Through the buyer's meter and the supplier's, either killed between any two steps."""
        self.numbers += 1
        at, nonce = self.clock.now_ns(), f"{self.numbers:032x}"
        one = Sighting(nonce, f"{self.numbers:064x}", at, at, at, at, 200, "words",
                       list(b"words"), 7, 0, "stop")  # fmt: skip
        for meter in (1, 2):
            self.kept[meter].begin(nonce, one.request, at, at)
        for meter in (2, 1):
            if self.chance.random() < 0.08:
                self.kill_meter(meter)
                continue
            await self.kept[meter].end(one)
            if not self.kept[meter].book.over:
                self.ended[meter].append(nonce)

    def send(self, meter: int) -> None:
        """Readings not known to be in the log; the answer may get lost with the log's process."""
        kept = self.kept[meter]
        kept.close_due()
        entries = kept.entries(self.answered[meter])
        if not entries:
            return
        self.log.admit_all(entries)
        if self.chance.random() < 0.3:
            self.kill_log()
        else:
            self.answered[meter] = kept.book.sequence

    def dispute(self) -> None:
        """The buyer's word against a reading of the supplier; sent twice."""
        standing = [d for n, d in self.log.chains[2].taken.items()]
        if not standing:
            return
        number = len(self.disputes) + 1
        said = Dispute(
            contract=1, meter=1, made_us=self.clock.now_ns() // 1_000, nonce=f"{number:032x}",
            dispute=number, readings=(standing[-1],), rows=(1,), claim="too many", evidence=(),
            deposit_micro=0,
        )  # fmt: skip
        entry = sign(said, made_key("buyer"))
        place = self.log.admit(entry.content)
        self.kill_log()
        assert self.log.admit(entry.content) == place
        self.disputes.append(entry.sha256)

    def cosign(self) -> None:
        """A party sends what it has before it puts its name to a log: what comes later than the
        grace is told as back-dated."""
        for meter in SIDES:
            self.send(meter)
        note = self.log.publish()
        if note.checkpoint.size == self.seen.size:
            return  # What was cosigned stands.
        proof = consistency_proof(self.seen.size, note.checkpoint.size, self.log.log.reader().node)
        seconds = self.clock.now_ns() // NS + 1
        for cosigner in TERMS.cosigners:
            key = made_key(f"{cosigner.side.value} watch")
            after, line = Cosigning(TERMS, cosigner.name, key).cosigned(
                self.seen, note, proof, seconds
            )
            self.log.take_cosignature(note.checkpoint.size, line)
        self.seen = after

    async def live(self) -> None:
        for _ in range(STEPS):
            self.clock.at_ns += self.chance.randrange(10 * NS)
            drawn = self.chance.random()
            if drawn < 0.7:
                await self.request()
            elif drawn < 0.86:
                self.send(self.chance.choice((1, 2)))
            elif drawn < 0.92:
                self.cosign()
            elif drawn < 0.95:
                self.dispute()
            else:
                self.kill_meter(self.chance.choice((1, 2)))
        self.clock.at_ns = max(self.clock.at_ns, TERMS.end_us * 1_000)
        for meter in SIDES:
            while self.answered[meter] < self.kept[meter].book.sequence or not (
                self.kept[meter].book.over
            ):
                self.send(meter)
        self.cosign()


def proved(day: Day) -> None:
    """Everything that has to be true of a day."""

    def rows(meter: int, number: int) -> list[bytes] | None:
        return day.kept[meter].rows_of(meter, number)

    proof = b"".join(bundle(Published(day.log.log.read, day.log.log.sizes()), rows))
    verdict = verify(proof)
    assert verdict.breaches == ()
    assert verdict.whole
    for meter in SIDES:
        kept = day.kept[meter]
        numbers = range(1, kept.book.sequence + 1)
        lines = [row for n in numbers for row in kept.rows_of(meter, n) or []]
        block = read_rows(Product.WORK, b"".join(line + b"\n" for line in lines), "the day").rows
        found = [row for row in block if isinstance(row, WorkRow)]
        assert [row.nonce for row in found if not row.marks & FAILED] == day.ended[meter]
        assert len({row.nonce for row in found}) == len(found)
        assert verdict.totals[meter - 1].sums["sum_completion"] == 5 * len(day.ended[meter])
    logged = [read_entry(entry) for entry in day.log.log.entries()]
    disputes = [one.sha256 for one in logged if isinstance(one.statement, Dispute)]
    assert disputes == day.disputes
    day.shelf.close()
    for kept in day.kept.values():
        kept.close()


def lived(folder: Path, days: int, seed: int) -> tuple[int, int, int]:
    """Kills, torn ends and disputes of so many days."""
    kills = torn = disputes = 0
    for number in range(days):
        day = Day(folder / str(number), random.Random(f"{seed} {number}"))
        asyncio.run(day.live())
        proved(day)
        kills, torn, disputes = kills + day.kills, torn + day.torn, disputes + len(day.disputes)
    return kills, torn, disputes


@pytest.mark.rule("DEL-011")
@pytest.mark.rule("DEL-044")
def test_days_of_kills_lose_nothing_and_count_nothing_twice(tmp_path: Path) -> None:
    kills, torn, disputes = lived(tmp_path, 3, 1)
    assert kills > 30
    assert torn > 5
    assert disputes > 1


@pytest.mark.slow
def test_many_days_of_kills(tmp_path: Path, kills: int) -> None:
    if kills < 50:
        pytest.skip("`make soak` lives through many days")
    found, torn, disputes = lived(tmp_path, kills, 2)
    assert found > 10 * kills
    assert torn > 2 * kills
    assert disputes > kills // 2
