"""The desk of deliveries in a served house, and the taxes of its invoices."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from lasalle.delivery.invoice import TaxRow, read_taxes
from lasalle.institution import demo
from lasalle.institution.day import refused
from lasalle.institution.delivery_hours import DeliveryHours
from lasalle.institution.delivery_round import DeliveryDesk, read_remedy
from lasalle.institution.delivery_store import DeliveryStore
from lasalle.institution.house import OpenHouse
from lasalle.institution.running import FULL_SECONDS, IDLE_SECONDS, STUCK_SECONDS, Clock
from lasalle.institution.settings import Settings
from lasalle.venue import JournalFull, VenueStopped
from lasalle.venue.waiting import VenueBusy, Waiting

TAXES = "taxes.toml"
"""File of a house that says which tax a supply bears."""


def delivery_desk_of(
    house: OpenHouse, settings: Settings, store: DeliveryStore
) -> DeliveryDesk:
    """The desk of deliveries of a house: its two actors, the remedy account it names, and the logs
    it books hours from."""
    second = demo.SECOND if settings.demonstration else 0
    remedy = read_remedy(house.folder)
    hours = DeliveryHours(house.views, store)
    return DeliveryDesk(house.views, settings.desk_actor, second, remedy, hours=hours)


def taxes_of(folder: Path) -> tuple[TaxRow, ...]:
    """Rows of the file of taxes; none where there is no file. Raises TaxWrong."""
    path = folder / TAXES
    return read_taxes(path.read_text()) if path.exists() else ()


async def keep_deliveries(
    desk: DeliveryDesk, waiting: Waiting, clock: Clock, say: Callable[[str], None]
) -> None:
    """The desk of deliveries of a served house, until it is cancelled or the venue stops. What is
    refused is told, tried again later, and holds up nothing else."""
    said = ""
    while True:
        pause, told = IDLE_SECONDS, desk.said()
        try:
            for number in desk.unread(clock()):
                await asyncio.to_thread(desk.read, number)
            for asked in desk.due(clock()):
                pause = 0.0
                answer = await waiting.ask(asked.actor, asked.command, asked.cause)
                if problem := refused([asked], [answer]):
                    pause, told = STUCK_SECONDS, f"The desk of deliveries tries again: {problem}."
            told = told or desk.said()
        except (JournalFull, VenueBusy) as error:
            pause, told = FULL_SECONDS, f"The desk of deliveries waits: {error}."
        except VenueStopped:
            return
        except Exception as error:
            pause, told = STUCK_SECONDS, f"The desk of deliveries failed, tries again: {error!r}."
        if told and told != said:
            say(told)
        said = told
        await asyncio.sleep(pause)
