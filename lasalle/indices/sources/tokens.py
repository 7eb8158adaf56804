"""Token price lists: dated changes of published prices as one standing price a day.

A published price stands from the change that sets it until the next change, the day its publisher
withdraws the model, or the last day the list's keeper looked, whichever comes first. Past that last
day nothing stands: a keeper that fell silent is no evidence that prices did not move.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as arrow
import pyarrow.compute as compute

from lasalle.indices.evidence import EVIDENCE_SCHEMA, PriceType, Unit
from lasalle.indices.sources.admission import Reading, admit, combine, rows_of
from lasalle.indices.sources.columns import DAY, HOUR, asked_columns, nanoseconds
from lasalle.indices.sources.token_classes import BATCH_CLASS, blend, token_class

TOKEN_COLUMNS = (
    "provider",
    "model",
    "mode",
    "observed_from",
    "input_usd_per_mtok",
    "output_usd_per_mtok",
    "removed",
    "effective_to",
)
_WITH_KEEPER = (*TOKEN_COLUMNS, "source")


@dataclass(frozen=True, slots=True)
class Standing:
    """A price that stands from a moment until before another, nanoseconds UTC."""

    since: int
    until: int
    micro_dollars: int
    row: int


def blended(input_usd: float | None, output_usd: float | None) -> int:
    """Micro-dollars per million tokens of the published mix, half to even; 0 where either price is
    missing or not above zero.
    """
    if not input_usd or not output_usd or input_usd < 0 or output_usd < 0:
        return 0
    read, written = blend()
    return round((read * input_usd + written * output_usd) * 1e6 / (read + written))


def token_evidence(
    table: arrow.Table,
    since: int,
    until: int,
    *,
    source: str,
    reference: str,
    looked_until: int,
    keeper: str | None = None,
) -> Reading:
    """Evidence of a list of dated price changes: one LIST row a model, mode and day, at 12:00 UTC.

    `looked_until` is when the list's keeper looked last; where a file holds the lists of several,
    `keeper` names the one in its column `source`. A batch price dated before its model was
    first sold is moved to that day: some keepers date batch prices from the start of the batch
    service itself.
    """
    kept = asked_columns(table, TOKEN_COLUMNS if keeper is None else _WITH_KEEPER, source)
    rows = kept.append_column("row", arrow.array(range(len(kept)), arrow.int64()))
    if keeper is not None:
        rows = rows.filter(compute.equal(rows["source"], keeper))
    times = nanoseconds(rows["observed_from"])
    offers: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row, time in zip(rows.to_pylist(), times.tolist(), strict=True):
        kind = token_class(row["model"], row["mode"] or "")
        if kind is not None:
            told = row | {"time": time, "class": kind}
            offers.setdefault((row["provider"], row["model"], row["mode"] or ""), []).append(told)
    sold = {
        (provider, model): min(change["time"] for change in changes)
        for (provider, model, mode), changes in offers.items()
        if changes[0]["class"] != BATCH_CLASS
    }
    readings = []
    for (provider, model, mode), changes in sorted(offers.items()):
        first = sold.get((provider, model), 0)
        days, prices, numbers = _daily(
            list(_standings(changes, first, looked_until)), since, min(until, looked_until)
        )
        if len(days):
            readings.append(
                rows_of(
                    {
                        "source": source,
                        "time": days,
                        "unit": int(Unit.MILLION_TOKENS),
                        "grade": changes[0]["class"],
                        "tenor_days": 1,
                        "size": 0,
                        "price_type": int(PriceType.LIST),
                        "price": prices,
                        "offer": f"{provider}/{model}/{mode or 'standard'}",
                        "reference": [f"{reference}#{number}" for number in numbers],
                    }
                )
            )
    whole = arrow.concat_tables([EVIDENCE_SCHEMA.empty_table(), *readings])
    return combine([admit(whole, since, until)])


def _standings(
    changes: Sequence[Mapping[str, Any]], first: int, looked_until: int
) -> Iterator[Standing]:
    """The prices of one offer one after another; of changes at one moment the last row holds."""
    ordered = sorted(changes, key=lambda change: (change["time"], change["row"]))
    for change, after in zip(ordered, [*ordered[1:], None], strict=True):
        end = looked_until if after is None else min(after["time"], looked_until)
        if change["effective_to"]:
            last = date.fromisoformat(str(change["effective_to"])[:10])
            end = min(end, (last.toordinal() - date(1970, 1, 1).toordinal() + 1) * DAY)
        start = max(change["time"], first)
        if not change["removed"] and start < end:
            price = blended(change["input_usd_per_mtok"], change["output_usd_per_mtok"])
            yield Standing(start, end, price, change["row"])


def _daily(standings: list[Standing], since: int, until: int) -> tuple[Any, Any, list[int]]:
    """Noons at which each price stands within the window, with the price and its row."""
    days: list[Any] = [np.zeros(0, dtype=np.int64)]
    prices: list[Any] = [np.zeros(0, dtype=np.int64)]
    numbers: list[int] = []
    for standing in standings:
        start, end = max(standing.since, since), min(standing.until, until)
        noons = np.arange(_noon_from(start), max(end, _noon_from(start)), DAY, dtype=np.int64)
        days.append(noons)
        prices.append(np.full(len(noons), standing.micro_dollars, dtype=np.int64))
        numbers.extend([standing.row] * len(noons))
    return np.concatenate(days), np.concatenate(prices), numbers


def _noon_from(moment: int) -> int:
    noon = moment // DAY * DAY + 12 * HOUR
    return noon if noon >= moment else noon + DAY
