"""Heartbeats as the meters of capacity deliveries signed them, read from their logs into the record
of suppliers: each span of each delivery once, with the digest of its readings (CRD-024)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from lasalle import wire
from lasalle.delivery.delivery_log import DeliveryLog
from lasalle.delivery.faults import EvidenceRefused
from lasalle.delivery.readings import CapacityReading, check_signature, read_entry
from lasalle.delivery.terms import Product, Side
from lasalle.institution.credit_store import CreditStore
from lasalle.institution.delivery_store import DeliveryStore
from lasalle.views import AccountsView, obligations

SPAN_US = 6 * 3_600 * 10**6
"""Spans of a delivery begin with it; each is read once it is over and its readings had their
grace."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Accelerator-seconds due and healthy in a span of a delivery, numbered from 0, by one meter;
    when it ended, nanoseconds UTC; SHA-256 of the digests of its readings."""

    contract: int
    span: int
    meter: int
    due: int
    healthy: int
    until: int
    evidence: str


def heard_in(log: DeliveryLog, known: Collection[int], now_us: int) -> list[Heard]:
    """Spans of a log that are over and not known yet. The referee's meter speaks, else the
    buyer's; what its supplier says of itself counts nothing. Raises EvidenceRefused where a reading
    is not of its meter."""
    terms = log.terms
    if terms.product is not Product.CAPACITY:
        return []
    sides = {meter.side: meter.meter for meter in terms.meters}
    chain = log.chains[sides.get(Side.REFEREE, sides[Side.BUYER])]
    spans: dict[int, list[CapacityReading]] = {}
    for reading in chain.standing.values():
        span = (reading.start_us - terms.start_us) // SPAN_US
        ends = min(terms.start_us + (span + 1) * SPAN_US, terms.end_us)
        over = now_us > ends + terms.grace_us and span not in known
        if over and isinstance(reading, CapacityReading):
            spans.setdefault(span, []).append(reading)
    if not spans:
        return []
    _check(log, {chain.taken[one.sequence] for rows in spans.values() for one in rows})
    return [_heard(log, chain.taken, span, rows) for span, rows in sorted(spans.items())]


def _check(log: DeliveryLog, wanted: set[str]) -> None:
    """Looks at the signatures anew: the log was on a disk since its entries were admitted."""
    for number, content in enumerate(log.log.entries()):
        entry = read_entry(content, f"entry {number}")
        if entry.sha256 in wanted:
            check_signature(entry, log.terms)


def _heard(
    log: DeliveryLog, taken: dict[int, str], span: int, rows: list[CapacityReading]
) -> Heard:
    rows.sort(key=lambda one: one.start_us)
    evidence = sha256("".join(taken[one.sequence] for one in rows).encode()).hexdigest()
    return Heard(
        log.terms.contract, span, rows[0].meter,
        sum(one.due_seconds for one in rows), sum(one.healthy_seconds for one in rows),
        rows[-1].end_us * 1_000, evidence,
    )  # fmt: skip


def hear(
    store: CreditStore, logs: DeliveryStore, accounts: AccountsView, now: int
) -> tuple[list[tuple[str, Heard]], list[str]]:
    """Keeps what the logs say of suppliers on file that is not on record yet: what was kept, and
    why a log could not be read. May raise HistoryBehind."""
    suppliers = {one.file.account: name for name, one in store.held().items() if one.file.account}
    known, found, faults = store.spans(), list[tuple[str, Heard]](), list[str]()
    for contract in logs.contracts() if suppliers else ():
        supplier = suppliers.get(_seller(accounts, contract))
        if supplier is None:
            continue
        read = partial(heard_in, known=known.get(contract, ()), now_us=now // 1_000)
        try:
            rows = logs.asked(contract, read)
        except (EvidenceRefused, OSError) as error:
            faults.append(f"delivery {contract}: {error}")
            continue
        for one in rows:
            store.heard(supplier, one.contract, one.span, now, meter=one.meter, due=one.due,
                        healthy=one.healthy, until=one.until, evidence=one.evidence)  # fmt: skip
            found.append((supplier, one))
    return found, faults


def _seller(accounts: AccountsView, contract: int) -> int:
    """The account that delivers under a contract; 0 for one the house never made."""
    owed = accounts.margins.owed.deliveries.get(contract)
    if owed is not None:
        return int(owed.account)
    told = obligations.steps(accounts, contract, accounts.history.steps(contract))
    return next((e.account for _, e in told if isinstance(e, wire.DeliveryMade)), 0)
