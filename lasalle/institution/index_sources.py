"""What a served house fixes on its timetable and from what, as `indices.toml` in its folder says.

    indices = ["H100-US"]        # every published one where it is left out
    begins = 2026-01-01          # the first date of a chain; the first evidence where left out
    prices = "prices"            # folder of published histories; the folder of the house itself
    files = ["own.csv"]          # anyone's prices in the plain columns, `file-own`
    publishers = ["vast"]        # asked over the network while the house is served; none by itself
    observe_minutes = 60         # how often publishers and the venue's own offers are looked at

Publishers tell what stands when they are asked. So they are asked while a date lasts, and what they
said is kept in `indices/observed/`; the fixing of the date reads what was kept.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pyarrow.compute as compute
import pyarrow.parquet as parquet

from lasalle.indices import EVIDENCE_SCHEMA
from lasalle.indices.bundle import date_of, day_of
from lasalle.indices.quotes import DAY
from lasalle.indices.sources import Reading, Source
from lasalle.institution.families import load_families
from lasalle.institution.index_desk import chosen
from lasalle.institution.settings import PRICES, Settings, SettingsWrong
from lasalle.institution.sources import file_sources, known_sources, plain_file

FILE, OBSERVED = "indices.toml", "observed"
DEMONSTRATED = (
    "H100-US", "H100-US-OD", "H100-US-1Y", "H100-US-3Y", "T-STANDARD",
)  # fmt: skip
"""Those its families settle on, and those the first is compared with."""


@dataclass(frozen=True)
class IndexSettings:
    """Indices by name, and where their evidence comes from; `begins` is the first date read."""

    prices: Path
    indices: tuple[str, ...] = ()
    begins: date = date(1970, 1, 1)
    files: tuple[Path, ...] = ()
    publishers: tuple[str, ...] = ()
    observe_minutes: int = 60


def read_index_settings(folder: Path, settings: Settings) -> IndexSettings:
    """What a house fixes by the file in its folder, or without one. Raises SettingsWrong."""
    path = folder / FILE
    if not path.exists():
        if not settings.demonstration:
            return IndexSettings(folder)
        families = load_families(settings.listed)
        named = dict.fromkeys((*DEMONSTRATED, *(family.method.index for family in families)))
        return IndexSettings(PRICES, tuple(named), max(family.begins for family in families))
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SettingsWrong(f"{path}: expected TOML, {error}") from error
    kinds: dict[str, type] = {
        "indices": list, "begins": date, "prices": str, "files": list, "publishers": list,
        "observe_minutes": int,
    }  # fmt: skip
    for name, value in table.items():
        if name not in kinds:
            raise SettingsWrong(f"{path}: expected {', '.join(kinds)}, found {name}")
        words = kinds[name] is not list or all(isinstance(word, str) for word in value)
        if type(value) is not kinds[name] or not words:
            raise SettingsWrong(f"{path}: {name}: expected {kinds[name].__name__}, found {value!r}")
    try:
        chosen(table.get("indices", []))
    except ValueError as error:
        raise SettingsWrong(f"{path}: {error}") from error
    minutes = table.get("observe_minutes", 60)
    if not 1 <= minutes <= 1_440:
        raise SettingsWrong(f"{path}: observe_minutes: expected 1 to 1440, found {minutes}")
    return IndexSettings(
        prices=folder / table.get("prices", ""),
        indices=tuple(table.get("indices", ())),
        begins=table.get("begins", date(1970, 1, 1)),
        files=tuple(folder / name for name in table.get("files", ())),
        publishers=tuple(table.get("publishers", ())),
        observe_minutes=minutes,
    )


def sources_of(
    asked: IndexSettings, folder: Path, environment: Mapping[str, str]
) -> tuple[dict[str, Source], dict[str, Source]]:
    """(sources a fixing reads, sources that are looked at while a date lasts), by name. Raises
    SettingsWrong for a publisher nobody knows.

    A published history that is not in the folder is no source of the house; a file that is named is
    one, and fails while it is absent.
    """
    histories = [one for one in file_sources(asked.prices) if one.path.is_file()]
    files: list[Source] = [*histories, *(plain_file(path) for path in asked.files)]
    read = {source.name: source for source in files}
    looked: dict[str, Source] = {}
    if asked.publishers:
        known = known_sources(asked.prices, folder / "cache", environment)
        for name in asked.publishers:
            if name not in known or name in read:
                rest = ", ".join(sorted(known.keys() - read.keys()))
                raise SettingsWrong(f"{FILE}: publishers: expected some of {rest}, found {name}")
            looked[name] = known[name]
    return read, looked


@dataclass(frozen=True)
class KeptEvidence:
    """What a source said each time it was looked at, a Parquet file a look, and read as evidence
    afterwards; a look is laid down whole or not at all.
    """

    folder: Path
    name: str
    origin: str = "kept by this house"
    licence: str = "as its publisher says"
    live: str = "this house"

    def keep(self, rows: arrow.Table, at: int) -> None:
        """Lays down what was said at an instant, by the dates its rows are of."""
        days = compute.divide(rows["time"], DAY)
        for day in days.unique().to_pylist():
            folder = self.folder / self.name / date_of(day).isoformat()
            folder.mkdir(parents=True, exist_ok=True)
            draft = folder / f"{at}.draft"
            parquet.write_table(rows.filter(compute.equal(days, day)), draft)
            draft.replace(folder / f"{at}.parquet")

    def reading(self, since: int, until: int) -> Reading:
        """The kept rows of a window; what was refused was refused when it was said."""
        return Reading(self.read(since, until), ())

    def read(self, since: int, until: int) -> arrow.Table:
        """The kept rows of a window."""
        tables = [EVIDENCE_SCHEMA.empty_table()]
        for folder in sorted((self.folder / self.name).glob("[0-9]*-[0-9]*-[0-9]*")):
            if since // DAY <= day_of(date.fromisoformat(folder.name)) <= until // DAY:
                tables += [parquet.read_table(p) for p in sorted(folder.glob("*.parquet"))]
        found = arrow.concat_tables(tables)
        inside: Any = compute.and_(
            compute.greater_equal(found["time"], since), compute.less(found["time"], until)
        )
        return found.filter(inside)
