"""Trials of suppliers at a running endpoint: traffic through the meters of both sides, audits among
it, and what the evidence charges. Whether the engine is real is said by who hands it in.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from lasalle.delivery.auditing import Audited, audited
from lasalle.delivery.charges import Charge, Seen, charges
from lasalle.delivery.counting import Counter
from lasalle.delivery.made import made_key
from lasalle.delivery.made_metering import made_specification, metered_terms
from lasalle.delivery.meter_book import MeterBook
from lasalle.delivery.readings import WorkReading, read_entry
from lasalle.delivery.rows import WorkRow
from lasalle.delivery.terms import Side, Specification
from lasalle.institution.metering.keeper import MeterKeeper
from lasalle.institution.metering.proxy import MeterProxy
from lasalle.institution.metering.refereeing import Audit, ask, gaps, prompts
from lasalle.institution.metering.suppliers import Conduct, SupplierSide, book_of
from lasalle.institution.metering.traffic import Arrival, send

US = 1_000_000
HOUR_US = 3_600 * US


@dataclass(frozen=True)
class Endpoint:
    """An engine to try: where it is, and where the model that was sold is asked for its opinion;
    none where the engine has no weights."""

    engine: tuple[str, int]
    model: str = ""


@dataclass(frozen=True)
class Trial:
    """A trial and what came of it."""

    conduct: Conduct
    seen: Seen
    charges: frozenset[Charge]
    supplier_rows: Sequence[WorkRow]
    entries: tuple[bytes, bytes]
    """Signed readings of both sides."""


def counters(counter: Counter) -> tuple[Counter, Counter]:
    """A counter for each side: each remembers the prompts it saw itself."""
    return (
        Counter(counter.encode, counter.template), Counter(counter.encode, counter.template)
    )  # fmt: skip


async def tried(
    folder: Path,
    conduct: Conduct,
    endpoint: Endpoint,
    counter: Counter,
    arrivals: Sequence[Arrival],
    specification: Specification | None = None,
    *,
    audits: int = 0,
    tokens: int = 16,
    seed: int = 0,
) -> Trial:
    """One supplier, one interval, cut short when the traffic is over."""
    spec = specification or made_specification()
    terms = metered_terms(spec, int(time.time()) * US - US, interval_us=HOUR_US)
    books = {
        side: MeterBook(terms, n, made_key(side.value), spec) for n, side in enumerate(Side, 1)
    }
    own, theirs = counters(counter)
    book = book_of(books[Side.SUPPLIER], conduct)
    supplier = SupplierSide(folder / "supplier", book, theirs, conduct, endpoint.engine, seed)
    await supplier.start()
    keeper = MeterKeeper(folder / "buyer", books[Side.BUYER])
    buyer = MeterProxy(keeper, own, supplier.address)
    await buyer.start()
    scored: list[int] = []
    try:
        asked = prompts(audits, seed)
        auditing = asyncio.create_task(_audits(buyer.address, asked, tokens))
        await send(buyer.address, arrivals, seed)
        async with httpx.AsyncClient(base_url=endpoint.model, timeout=120.0, verify=False) as model:
            for audit in await auditing:
                scored += await gaps(model, counter, audit)
        rows, supplier_rows = keeper.book.work_rows, supplier.keeper.book.work_rows
        claims = buyer.claims
        entries = keeper.cut_short(), supplier.keeper.cut_short()
    finally:
        await buyer.stop()
        keeper.close()
        await supplier.stop()
    assert entries[0] is not None
    assert entries[1] is not None
    readings = [read_entry(one).statement for one in entries if one is not None]
    assert isinstance(readings[0], WorkReading)
    assert isinstance(readings[1], WorkReading)
    seen = Seen(
        readings[0], readings[1], rows, audited(scored) if audits else Audited(0, 0, 0),
        claims.prompt + claims.completion, claims.counted_prompt + claims.counted_completion,
        claims.answers,
    )  # fmt: skip
    found = charges(seen, spec)
    return Trial(conduct, seen, found, supplier_rows, (entries[0], entries[1]))


async def _audits(address: str, asked: Sequence[str], tokens: int) -> list[Audit]:
    async with httpx.AsyncClient(base_url=address, timeout=120.0, verify=False) as client:
        return [await ask(client, prompt, tokens) for prompt in asked]
