"""Evidence made up for tests of a chain: a few words an offer, the rest as the method wants it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from lasalle.indices.chain import Step
from lasalle.indices.evidence import Evidence, PriceType, Unit
from lasalle.indices.history import replay
from lasalle.indices.published import ChainMethod, method_of, parse_method
from lasalle.indices.quotes import EvidenceBook, evidence_table

FIRST = date(2026, 1, 1)
DAY = 86_400 * 10**9
SPOT = method_of("H100-US")
assert isinstance(SPOT, ChainMethod)


def method(*changes: tuple[str, str]) -> ChainMethod:
    """The spot method with some of its lines written otherwise."""
    text = SPOT.text.decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    found = parse_method(text.encode())
    assert isinstance(found, ChainMethod)
    return found


def seen(
    day: int,
    offer: str,
    usd: float,
    *,
    source: str = "gcp-history",
    kind: PriceType = PriceType.LIST,
    location: str = "US-EAST",
    tenor: int = 0,
    size: int = 8,
    hour: float = 12,
    reference: str = "",
    grade: str = "H100-SXM",
) -> Evidence:
    """An offer on a day of the year 2026, at an hour."""
    start = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) * 10**9
    return Evidence(
        source=source,
        time=start + (day - 1) * DAY + int(hour * 3600) * 10**9,
        unit=Unit.GPU_HOUR,
        grade=grade,
        location=location,
        tenor_days=tenor,
        size=size,
        price_type=kind,
        price=round(usd * 1_000_000),
        offer=offer,
        reference=reference or f"{offer}@{day}.{hour}",
    )


def every(days: range, usd: float, *offers: str, **words: Any) -> list[Evidence]:
    """Offers at one price, each a cent apart, on every day of a range."""
    return [
        seen(day, offer, usd + n / 100, **words) for day in days for n, offer in enumerate(offers)
    ]


def lived(rows: list[Evidence], by: ChainMethod = SPOT, last: int | None = None) -> list[Step]:
    """The dates of a made-up history, to a day of 2026."""
    first = 20_454  # 2026-01-01
    return list(replay(by, EvidenceBook(evidence_table(rows)), last and first + last - 1))


def words(step: Step) -> dict[str, str]:
    """What became of each offer of a date, by name."""
    return {v.key.rsplit("|", 1)[1]: v.word for v in step.verdicts}
