"""What a day of programs begins with, what its meters kept, and what the same day comes to on a
venue that is never killed."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from lasalle import wire
from lasalle.delivery.readings import read_entry
from lasalle.delivery.rows import WorkRow, read_rows
from lasalle.delivery.terms import Product
from lasalle.institution.delivery_round import FILE, DeliveryDesk, RemedyAccount
from lasalle.institution.examples.delivery_venue import (
    BUYER,
    DAY,
    DESK,
    FIRST,
    HOUR,
    OTHER,
    PRICE,
    SECOND,
    SUPPLIER,
    DeliveryVenue,
)
from lasalle.wire import Role, SeriesState, Side

CLEARING = 3
"""The desk of a served house: it may clear, and moves no series through the day."""
EVIDENCE = b"\x02" * 32
LOTS, HOURS, BLOCK, CHEATED, DETERMINED = 48, 24, 6, 5, 17
COVER, COVER_LOTS, FEE = 430_000, 8, 15 * 10**6


def found_house(folder: Path) -> None:
    """A house with members, money, a desk, day blocks that trade; keys of everybody beside it."""
    venue = DeliveryVenue.open(folder / "house")
    venue.agreed(wire.RegisterActor(registered=CLEARING, member=0, roles=int(Role.CLEARING)))
    keys = {}
    for actor in (FIRST, SECOND, *(10 + n for n in (SUPPLIER, BUYER, OTHER, DESK))):
        made = venue.house.keys.create(actor, ("read", "trade", "transfer", "admin"))
        keys[actor] = (made.key, made.secret)
    watch = venue.house.keys.create(10 + SUPPLIER, ("read",))
    keys[0] = (watch.key, watch.secret)
    venue.close()
    (folder / "house" / FILE).write_text(f"account = {DESK}\nactor = {10 + DESK}\n")
    (folder / "keys.json").write_text(json.dumps(keys))


def readings_of(folder: Path, hour: int) -> tuple[str, ...]:
    """What buyer and supplier signed of an hour, by its digest."""
    name = f"{hour + 1:08d}"
    entries = [(folder / side / "entries" / name).read_bytes() for side in ("buyer", "supplier")]
    return tuple(read_entry(entry).sha256 for entry in entries)


def rows_kept(folder: Path, meter: int, number: int) -> list[WorkRow]:
    """Rows of a reading in the folder of its meter."""
    path = folder / "rows" / str(meter) / f"{number:08d}.rows"
    rows = read_rows(Product.WORK, path.read_bytes(), str(path)).rows
    return [row for row in rows if isinstance(row, WorkRow)]


def balances(venue: DeliveryVenue) -> dict[str, dict[str, int]]:
    """Micro-dollars by account and class, and of the house."""
    accounts = venue.house.accounts
    found = {
        str(account): {class_.name: n for (class_, _), n in view.balances.items() if n}
        for account, view in accounts.accounts.items()
    }
    return {**found, "house": {"all": sum(accounts.house.values())}}


def never_killed(folder: Path, units: list[int]) -> dict[str, dict[str, int]]:
    """What the same day comes to on a venue in this process that nothing happens to."""
    venue = DeliveryVenue.open(folder / "house")
    remedy = RemedyAccount(DESK, 10 + DESK)
    desk = DeliveryDesk(venue.house.views, CLEARING, SECOND, remedy)

    def run_desk() -> None:
        while stage := desk.due(venue.clock.now):
            for asked in stage:
                venue.ask(asked.actor, asked.command)

    block, later = venue.series[0], venue.series[-1].symbol
    venue.order(SUPPLIER, block.symbol, Side.SELL, LOTS, PRICE)
    venue.order(BUYER, block.symbol, Side.BUY, LOTS, PRICE)
    venue.order(OTHER, later, Side.SELL, COVER_LOTS, COVER)
    venue.clock.to(block.last_trading_time)
    venue.fix(DAY + timedelta(days=2), PRICE)
    closed = wire.SetSeriesState(series=venue.number(block.symbol), state=SeriesState.CLOSED)
    venue.ask(FIRST, closed)
    run_desk()
    owed: Any = venue.house.accounts.margins.owed
    (delivery,) = owed.deliveries.values()
    number, starts = delivery.delivery, delivery.starts
    for account in (SUPPLIER, BUYER):
        venue.ask(10 + account, wire.NominateDelivery(
            account=account, delivery=number, nomination=EVIDENCE))  # fmt: skip
    venue.ask(10 + SUPPLIER, wire.TenderDelivery(
        account=SUPPLIER, delivery=number, quality=10_000, evidence=EVIDENCE))  # fmt: skip
    venue.ask(10 + BUYER, wire.AcceptTender(account=BUYER, delivery=number))
    for hour, came in enumerate(units):
        if hour % BLOCK == 0:
            venue.until(starts + (hour + BLOCK) * HOUR)
        venue.ask(FIRST, wire.MeterDelivery(
            delivery=number, hours=1, units=came, evidence=EVIDENCE))  # fmt: skip
        metered = next((m for m in owed.open_metered(number) if m.first_hour == CHEATED), None)
        if metered and hour == CHEATED:
            venue.ask(10 + SUPPLIER, wire.DisputeMetered(
                account=SUPPLIER, metered=metered.metered, evidence=EVIDENCE))  # fmt: skip
        if metered and hour == DETERMINED:
            venue.agreed(wire.DetermineMetered(
                metered=metered.metered, units=units[CHEATED], fee=FEE, loser=SUPPLIER,
                evidence=EVIDENCE,
            ))  # fmt: skip
            run_desk()
    venue.until(starts + (HOURS + 27) * HOUR)
    run_desk()
    found = balances(venue)
    venue.close()
    return found
