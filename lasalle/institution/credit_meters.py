"""Heartbeats as the meters of capacity deliveries signed them, read from their logs into the record
of suppliers: each span of each delivery by what stands, with the digest of its readings (CRD-024,
CRD-027, CRD-028)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from itertools import islice, pairwise

from lasalle import wire
from lasalle.delivery.bundle import is_cosigned
from lasalle.delivery.chain import Chain
from lasalle.delivery.delivery_log import DeliveryLog
from lasalle.delivery.faults import EvidenceRefused
from lasalle.delivery.readings import CapacityReading, check_signature, read_entry
from lasalle.delivery.terms import Product, Side
from lasalle.institution.credit_store import CreditStore, Heard
from lasalle.institution.delivery_store import DeliveryStore
from lasalle.views import AccountsView, obligations

SPAN_US = 6 * 3_600 * 10**6
"""Spans of a delivery begin with it; each is read once it is over and its readings had their
grace. As long a cosignature is waited for."""


@dataclass
class Listened:
    """What a log came to: spans that do not stand so on record, how far it was seen without both
    cosignatures for the first time (0: it was not), and what was expected of whom."""

    spans: list[Heard] = field(default_factory=list)
    left: int = 0
    lacks: str = ""


def heard_in(
    log: DeliveryLog, known: Mapping[int, Heard], left: Sequence[tuple[int, int]], now_us: int
) -> Listened:
    """Spans of a log that are over and do not stand so on record. known: as they stand there, by
    number; left: below which entries, and when (nanoseconds), it was seen without cosignatures.
    Raises EvidenceRefused where a reading that counts is not of its meter."""
    found, terms = Listened(), log.terms
    if terms.product is not Product.CAPACITY:
        return found
    cosigned, silent = _cosigned(log)
    waited = (size for size, time in left if now_us >= time // 1_000 + SPAN_US)
    voices = _voices(log, max(cosigned, *waited, 0))
    over = (now_us - terms.grace_us - terms.start_us - 1) // SPAN_US
    if now_us > terms.end_us + terms.grace_us:
        over = -(-(terms.end_us - terms.start_us) // SPAN_US)
    read = (_heard(log, voices, span) for span in range(over))
    found.spans = [one for one in read if one != known.get(one.span, _nothing(log, one.span))]
    _check(log, {word for one in found.spans for word in one.readings})
    seen, ended = max(cosigned, *(size for size, _ in left), 0), terms.start_us + over * SPAN_US
    if any(
        one.start_us < ended and seen <= log.number_of(chain.taken[one.sequence])
        for chain in log.chains.values()
        for one in chain.standing.values()
    ):
        found.left = log.log.size
        found.lacks = f"expected {found.left} entries cosigned by {silent}, found {cosigned}"
    return found


# -- what counts of a log ------------------------------------------------------------------------


def _cosigned(log: DeliveryLog) -> tuple[int, str]:
    """How far both parties cosigned, and who put no name to what is behind it."""
    behind: set[str] = set()
    size = 0
    for at in reversed(log.log.sizes()):
        note = log.log.checkpoint_of(at)
        if note is not None and is_cosigned(note, log.terms):
            size = at
            break
        behind |= {line.name for line in note.lines} if note is not None else set()
    names = [one.name for one in log.terms.cosigners]
    return size, " and ".join([one for one in names if one not in behind] or names)


@dataclass(frozen=True, slots=True)
class Voice:
    """Readings of a meter that stand, in the order of time, and their digests by number."""

    side: Side
    readings: list[CapacityReading]
    taken: dict[int, str]


def _voices(log: DeliveryLog, size: int) -> list[Voice]:
    """Meters as they are heard of entries below a number; the supplier's once more of all there are
    (CRD-027)."""
    chains = _as_of(log, size)
    found = [_voice(log, m.side, chains[m.meter], size) for m in log.terms.meters]
    own = [m for m in log.terms.meters if m.side is Side.SUPPLIER]
    return found + [_voice(log, m.side, log.chains[m.meter], log.log.size) for m in own]


def _as_of(log: DeliveryLog, size: int) -> Mapping[int, Chain]:
    """Chains in which no reading was revised by an entry from a number on."""
    if not any(
        one.revises and log.number_of(chain.taken[one.sequence]) >= size
        for chain in log.chains.values()
        for one in chain.standing.values()
    ):
        return log.chains
    found = {m.meter: Chain(log.terms, m.meter) for m in log.terms.meters}
    for number, content in enumerate(islice(log.log.entries(), size)):
        entry = read_entry(content, f"entry {number}")
        if isinstance(entry.statement, CapacityReading):
            found[entry.statement.meter].take(entry)
    return found


def _voice(log: DeliveryLog, side: Side, chain: Chain, size: int) -> Voice:
    rows = [
        one
        for one in chain.standing.values()
        if isinstance(one, CapacityReading)
        # Where nothing was due nothing was read: it does not speak in another's stead.
        and one.due_seconds
        and log.number_of(chain.taken[one.sequence]) < size
    ]
    return Voice(side, sorted(rows, key=_start), chain.taken)


def _start(one: CapacityReading) -> int:
    return one.start_us


def _end(one: CapacityReading) -> int:
    return one.end_us


# -- a span --------------------------------------------------------------------------------------


def _heard(log: DeliveryLog, voices: Sequence[Voice], span: int) -> Heard:
    """A span by the readings that count in it, each for the time it counts for."""
    begin, end = _edges(log, span)
    counted: dict[str, tuple[CapacityReading, int]] = {}
    for start, stop, there in _pieces(voices, begin, end):
        spoken = _speaks(there)
        if spoken is not None:
            voice, one = spoken
            word = voice.taken[one.sequence]
            counted[word] = one, counted.get(word, (one, 0))[1] + stop - start
    if not counted:
        return _nothing(log, span)
    rows = counted.values()
    return Heard(
        log.terms.contract, span, tuple(sorted({one.meter for one, _ in rows})),
        sum(_part(one.due_seconds, one, us) for one, us in rows),
        sum(_part(one.healthy_seconds, one, us) for one, us in rows),
        min(end, max(one.end_us for one, _ in rows)) * 1_000,
        sha256("".join(counted).encode()).hexdigest(), tuple(counted),
    )  # fmt: skip


def _pieces(
    voices: Sequence[Voice], begin: int, end: int
) -> Iterator[tuple[int, int, list[tuple[Voice, CapacityReading]]]]:
    """Time of a span, cut wherever a reading begins or ends, with what was read of each piece."""
    rows = [
        one.readings[
            bisect_right(one.readings, begin, key=_end) : bisect_left(one.readings, end, key=_start)
        ]
        for one in voices
    ]
    edges = {max(begin, one.start_us) for row in rows for one in row}
    edges |= {min(end, one.end_us) for row in rows for one in row}
    places = [0] * len(rows)
    for start, stop in pairwise(sorted(edges)):
        there = []
        for n, row in enumerate(rows):
            while places[n] < len(row) and row[places[n]].end_us <= start:
                places[n] += 1
            if places[n] < len(row) and row[places[n]].start_us <= start:
                there.append((voices[n], row[places[n]]))
        yield start, stop, there


def _edges(log: DeliveryLog, span: int) -> tuple[int, int]:
    begin = log.terms.start_us + span * SPAN_US
    return begin, min(begin + SPAN_US, log.terms.end_us)


def _nothing(log: DeliveryLog, span: int) -> Heard:
    """A span nobody told anything of."""
    return Heard(log.terms.contract, span, (), 0, 0, _edges(log, span)[1] * 1_000, "")


def _part(seconds: int, one: CapacityReading, us: int) -> int:
    """Accelerator-seconds of the part of a reading that counts, rounded down."""
    return seconds * us // (one.end_us - one.start_us)


def _speaks(there: list[tuple[Voice, CapacityReading]]) -> tuple[Voice, CapacityReading] | None:
    """Who speaks of a time: the referee's meter where it read it, else the worse of the parties';
    the supplier's alone where it tells a miss (CRD-024)."""
    sides: list[tuple[Voice, CapacityReading]] = []
    for voice, one in there:
        if voice.side is Side.REFEREE:
            return voice, one
        if voice.side is Side.BUYER or _missed(one):
            sides.append((voice, one))
    return max(sides, key=lambda row: _missed(row[1]), default=None)


def _missed(one: CapacityReading) -> float:
    return 1 - one.healthy_seconds / one.due_seconds


def _check(log: DeliveryLog, wanted: set[str]) -> None:
    """Looks at the signatures anew: the log was on a disk since its entries were admitted."""
    for number, content in enumerate(log.log.entries() if wanted else ()):
        entry = read_entry(content, f"entry {number}")
        if entry.sha256 in wanted:
            check_signature(entry, log.terms)


# -- the logs of a house -------------------------------------------------------------------------


def hear(
    store: CreditStore, logs: DeliveryStore, accounts: AccountsView, now: int
) -> tuple[list[tuple[str, Heard]], list[str]]:
    """Keeps what the logs say of suppliers on file that does not stand so on record: what was kept,
    and why a log could not be read, or whose cosignatures it lacks. May raise HistoryBehind."""
    suppliers = {one.file.account: name for name, one in store.held().items() if one.file.account}
    known, left = store.spans(), store.left()
    found, faults = list[tuple[str, Heard]](), list[str]()
    for contract in logs.contracts() if suppliers else ():
        supplier = suppliers.get(_seller(accounts, contract))
        if supplier is None:
            continue
        before, waits = known.get(contract, {}), left.get(contract, [])
        read = partial(heard_in, known=before, left=waits, now_us=now // 1_000)
        try:
            told = logs.asked(contract, read)
        except (EvidenceRefused, OSError) as error:
            faults.append(f"delivery {contract}: {error}")
            continue
        for one in told.spans:
            store.heard(supplier, one, now)
            found.append((supplier, one))
        if told.left:
            store.leave(supplier, contract, told.left, now)
            faults.append(f"delivery {contract}: {told.lacks}; what lacks counts in six hours "
                          "without (CRD-027)")  # fmt: skip
    return found, faults


def _seller(accounts: AccountsView, contract: int) -> int:
    """The account that delivers under a contract; 0 for one the house never made."""
    owed = accounts.margins.owed.deliveries.get(contract)
    if owed is not None:
        return int(owed.account)
    told = obligations.steps(accounts, contract, accounts.history.steps(contract))
    return next((e.account for _, e in told if isinstance(e, wire.DeliveryMade)), 0)
