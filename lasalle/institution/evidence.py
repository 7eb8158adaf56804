"""Where the fixings of a demonstration's families come from: files of prices, else made-up paths.

A made-up row says so, and so does every fixing made from one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pyarrow.compute as compute

from lasalle.contracts import Month
from lasalle.indices import (
    EVIDENCE_SCHEMA,
    METHOD,
    ChainMethod,
    Dated,
    EvidenceBook,
    Fixing,
    FixingError,
    IndexMethod,
    MeanMethod,
    NoFix,
    Observation,
    Step,
    Unit,
    fixing_history,
    method_of,
    simulated_history,
)
from lasalle.indices.adoption import stages_of
from lasalle.indices.bundle import date_of, day_of
from lasalle.indices.gcp_history import gcp_history
from lasalle.indices.history import staged
from lasalle.indices.published import Method
from lasalle.indices.quotes import DAY
from lasalle.indices.record import Stage
from lasalle.indices.sources.admission import rows_of
from lasalle.institution.families import Family, FamilyError, Loader
from lasalle.institution.index_store import IndexStore
from lasalle.institution.settings import PRICES
from lasalle.institution.sources import FileSource, file_sources

MARKET_FILE = "gcp_gpu_prices_2022_2026.parquet"
SIMULATED_SEED, SIMULATED_FIRST = 20_260_101, date(2022, 1, 1)
MADE_UP_REFERENCE = "simulated path"
MADE_UP_OFFERS = {
    Unit.MILLION_TOKENS: tuple(
        ("tokens-model", f"simulated/model-{n + 1}/standard", price)
        for n, price in enumerate(
            (250_000, 400_000, 600_000, 700_000, 900_000, 1_500_000, 2_500_000)
        )
    ),
    Unit.GPU_HOUR: tuple(
        ("gcp-history", f"simulated/zone-{n + 1}", price)
        for n, price in enumerate((1_900_000, 2_100_000, 2_200_000, 2_400_000, 2_700_000))
    ),
}
"""Source, offer and micro-dollars per unit of models and zones that nobody sells."""


def load_observations(prices: Path | None, last: date) -> tuple[list[Observation], bool]:
    """(rows of the one price list up to a date, whether they are real)."""
    path = prices / "gpu_prices" / MARKET_FILE if prices else None
    if path is not None and path.exists():
        return list(gcp_history(path)), True
    return list(simulated_history(SIMULATED_SEED, SIMULATED_FIRST, last)), False


def load_fixings(
    prices: Path | None, last: date, method: IndexMethod = METHOD
) -> tuple[list[Dated], bool]:
    """(fixings of the one price list up to a date, whether their evidence is real)."""
    observed, real = load_observations(prices, last)
    return list(fixing_history(observed, last, method)), real


@dataclass(frozen=True)
class ChainEvidence:
    """Evidence of a chain of offers; `real_until` is the last date a publisher is known to have
    been looked at, None where no file is at hand. What is later is made up.
    """

    book: EvidenceBook
    real_until: date | None


def chain_evidence(
    prices: Path | None, method: ChainMethod, begins: date, last: date
) -> ChainEvidence:
    """The published prices from a date on; after the last of them was looked at, its offers
    standing on a made-up path, so that a demonstration goes on.
    """
    # One book serves every day of a month, and the day after it.
    horizon = Month.of(last).plus(2).first_day
    return _chain_evidence(prices, method.index, method.version, begins, horizon)


@lru_cache(maxsize=4)
def _chain_evidence(
    prices: Path | None, index: str, version: int, begins: date, horizon: date
) -> ChainEvidence:
    method = method_of(index, version)
    assert isinstance(method, ChainMethod), "an index of offers is fixed by a chain"
    tables = [
        source.read(day_of(begins) * DAY, day_of(horizon) * DAY)
        for source in _files_of(method, prices)
        if source.path.is_file()
    ]
    real = arrow.concat_tables([EVIDENCE_SCHEMA.empty_table(), *tables])
    real = real.filter(compute.equal(real["grade"], method.base[0]))
    offers, first, until = MADE_UP_OFFERS[method.unit], begins, None
    if len(real):
        final = compute.max(real["time"]).as_py() // DAY
        until, first = date_of(final), date_of(final + 1)
        standing = real.filter(compute.greater_equal(real["time"], final * DAY))
        for column, own in zip(("location", "tenor_days"), method.base[1:], strict=True):
            standing = standing.filter(compute.equal(standing[column], own))
        named = (standing[c].to_pylist() for c in ("source", "offer", "price"))
        offers = tuple(sorted(zip(*named, strict=True)))
    made = [_made_up(method, offers, first, horizon)] if first < horizon else []
    return ChainEvidence(EvidenceBook(arrow.concat_tables([real, *made])), until)


def _files_of(method: Method, prices: Path | None) -> list[FileSource]:
    """Histories in files that a method takes as evidence."""
    if prices is None or not isinstance(method, ChainMethod):
        return []
    return [source for source in file_sources(prices) if source.name in method.sources]


def _made_up(
    method: ChainMethod, offers: Iterable[tuple[str, str, int]], first: date, horizon: date
) -> arrow.Table:
    """Offers at noon of every date, all on one path that stands still and moves in steps."""
    path = simulated_history(SIMULATED_SEED, first, horizon, 1.0, 1.0)
    days = [first + timedelta(days=n) for n in range((horizon - first).days)]
    levels = [float(seen.usd_per_gpu_hour) for seen in path]
    rows = [
        (source, day_of(day) * DAY + DAY // 2, offer, max(1, round(price * levels[n // 7])))
        for n, day in enumerate(days)
        for source, offer, price in offers
    ]
    source, time, offer, price = zip(*rows, strict=True)
    grade, location, tenor = method.base
    return rows_of(
        {
            "source": list(source), "time": list(time), "unit": int(method.unit), "grade": grade,
            "location": location, "tenor_days": tenor, "size": 0, "price_type": 3,
            "price": list(price), "offer": list(offer), "reference": MADE_UP_REFERENCE,
            "simulated": [True] * len(rows),
        }
    )  # fmt: skip


def chain_fixings(steps: Iterable[Step]) -> Iterator[Dated]:
    """Every date of a chain from its first fixing on, as the log takes it."""
    begun = False
    for step in steps:
        made = step.fixing
        if made.price:
            begun = True
            yield Fixing(
                day=date_of(made.day),
                price_micro_dollars=made.price,
                evidence=(),
                evidence_day=date_of(made.evidence_day),
                carried="carried" in made.marks,
                simulated=made.simulated,
                method_version=made.method_version,
                input_sha256=made.inputs_root,
            )
        elif begun:
            day, version = date_of(made.day), made.method_version
            yield NoFix(day, made.reason, version, made.inputs_root)


def offered_fixings(
    prices: Path | None, family: Family, store: IndexStore | None, last: date
) -> tuple[list[Dated], bool]:
    """(fixings of a family's index up to a date, whether there is real evidence behind the first);
    under version 1, which a house that was begun under it keeps, those of the one price list.
    """
    if isinstance(family.method, MeanMethod):
        return load_fixings(prices, last, family.method.identity)
    found = chain_evidence(prices, family.method, family.begins, last)
    stages = stages_of(family.method, store.adoptions() if store else ())
    steps = (made for *_, made in staged(stages, found.book, day_of(last)))
    dated = list(chain_fixings(steps))
    # The challenge time of the last date still runs, as its record has it.
    if dated and dated[-1].day == last:
        dated[-1] = replace(dated[-1], provisional=True)
    return dated, found.real_until is not None


def recorded_fixings(store: IndexStore, index: str, last: date) -> tuple[list[Dated], bool]:
    """(fixings of the record a served house keeps of an index, up to a date, each with whether it
    is provisional; whether none is made up). Raises FixingError while the timetable has not come to
    the date: the desk asks again.
    """
    rows = [r for r in store.record(index).current() if r.fixing["day"] <= last.isoformat()]
    newest = rows[-1].fixing["day"] if rows else "none"
    if newest != last.isoformat():
        raise FixingError("record", f"a row of {index} for {last}", newest)
    dated = [_recorded(row.fixing, row.stage is Stage.PROVISIONAL) for row in rows]
    return dated, not any(row.fixing["simulated"] for row in rows if row.fixing["price"])


def _recorded(one: Mapping[str, Any], provisional: bool) -> Dated:
    """A row of a record as the log takes it."""
    day, version = date.fromisoformat(one["day"]), one["method_version"]
    if not one["price"]:
        return NoFix(day, one["reason"], version, one["inputs_root"], provisional)
    return Fixing(
        day=day,
        price_micro_dollars=one["price"],
        evidence=(),
        evidence_day=date.fromisoformat(one["evidence_day"]),
        carried="carried" in one["marks"],
        simulated=one["simulated"],
        method_version=version,
        input_sha256=one["inputs_root"],
        provisional=provisional,
    )


def loader_of(
    family: Family, prices: Path | None = PRICES, store: IndexStore | None = None
) -> Loader:
    """Fixings of a family; `store` has the records of its house. Raises FamilyError where nothing
    is known of its evidence.
    """
    loaders: dict[str, Callable[[date], tuple[list[Dated], bool]]] = {
        "tokens": partial(offered_fixings, prices, family, store),
        "offers": partial(offered_fixings, prices, family, store),
    }
    if store is not None:
        loaders["record"] = partial(recorded_fixings, store, family.method.index)
    if family.evidence not in loaders:
        raise FamilyError("evidence", " or ".join(loaders), family.evidence)
    return loaders[family.evidence]


def said_of(family: Family, prices: Path | None = PRICES) -> tuple[str, str]:
    """What is real of a family's index and what is made up, in words; empty where nothing is."""
    index = f"the {family.method.index} index"
    if family.evidence == "record":
        return f"{index}: the record this house keeps of it", ""
    if isinstance(family.method, MeanMethod):
        here = prices is not None and (prices / "gpu_prices" / MARKET_FILE).exists()
        told = "published GCP spot prices, carried where no price was observed"
        return (f"{index}: {told}", "") if here else ("", index)
    if prices is None or not any(s.path.is_file() for s in _files_of(family.method, prices)):
        return "", index
    lists = {"tokens": "token price lists", "offers": "GCP spot prices"}[family.evidence]
    told = f"published {lists}, until their keepers looked last"
    return f"{index}: {told}", f"{index} after that"
