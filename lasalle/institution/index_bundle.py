"""The bundle of a date and the fixing it is held against: from a folder, from a house that is
served, or from what was fetched of one before.

A bundle that was rewritten whole agrees with itself, so what it gives is compared with the row of
the record, which says price, method, and the digests of inputs and state.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from lasalle.client.faults import fault_from
from lasalle.indices.record import Stage
from lasalle.institution.index_store import FOLDER, IndexStore
from lasalle.institution.index_words import FOLDER as FIXED_HERE

HERE = "http://127.0.0.1:8080"
CACHE = Path("var/bundles")
"""Bundles that were fetched, each with the row it was published under."""
TIMEOUT_SECONDS = 30
RECORD_FOLDERS = (Path("."), FIXED_HERE, Path("var/house"))
"""Where records and bundles are looked for: in a house's own folder, where `fix` lays them down, in
the demonstration's."""


def store_of(named: Path | None, index: str = "") -> IndexStore:
    """The records in a folder that is named, a house's or its indices', else in the first of
    RECORD_FOLDERS that has some, and which one that is on stderr; of one index, where it is given.
    What is found nowhere is an empty store of the named folder, or of where `fix` lays them down.
    """
    for folder in (named,) if named else RECORD_FOLDERS:
        for place in (folder / FOLDER, folder):
            store = IndexStore(place)
            had = store.indices()
            if index in had if index else bool(had):
                if named is None:
                    print(f"records of {place}; --dir names another folder", file=sys.stderr)
                return store
    return IndexStore(named or FIXED_HERE)


def looked_in(named: Path | None) -> str:
    """Where records were looked for, in words."""
    return str(named) if named else " or ".join(f"{folder}" for folder in RECORD_FOLDERS)


@dataclass(frozen=True, slots=True)
class Found:
    """A bundle, the row it is published under, and where both are from, in words."""

    bundle: bytes
    published: dict[str, Any]
    origin: str


def found_bundle(index: str, day: str, address: str, folders: Iterable[Path]) -> Found:
    """The bundle of a date: of the house at an address where one is named, else of the first folder
    that has it, else of the house LASALLE_AT names or the one on this machine; of the cache where
    no house answers. Raises ValueError where nobody has one.
    """
    folders = tuple(folders)
    if not address:
        for folder in folders:
            if found := at_hand(index, day, folder):
                return found
    where = address or os.environ.get("LASALLE_AT", HERE)
    try:
        found = fetched(where, index, day)
    except httpx.TransportError as error:
        kept = _cached(index, day)
        if kept is None:
            looked = ", ".join(map(str, folders)) if not address else CACHE
            raise ValueError(
                f"--bundle: expected the bundle of {index} {day} in {looked} or at {where}, found "
                f"none ({error}); name a house with --at or LASALLE_AT, or a file with --bundle"
            ) from error
        print(f"{where} does not answer: {error}", file=sys.stderr)
        return kept
    _keep(index, day, found)
    return found


def at_hand(index: str, day: str, folder: Path) -> Found | None:
    """The bundle of the row of a date that stands in a folder of indices, or in a house's; None
    where there is none."""
    for place in (folder / FOLDER, folder):
        store = IndexStore(place)
        record = store.record(index)
        rows = [row for row in record.current() if row.fixing["day"] == day]
        if not rows:
            continue
        number = record.rows.index(rows[0]) + 1
        name = f"{day}.{number}" if rows[0].stage is Stage.CORRECTION else day
        bundle = store.bundle(index, name)
        if bundle is None:
            raise ValueError(f"{index} {day}: expected its bundle in {place}, found none")
        return Found(bundle, dict(rows[0].fixing), f"{place / index}, row {number} of its record")
    return None


def fetched(address: str, index: str, day: str) -> Found:
    """The same of a house that is served, over REST. Raises Fault as the house does, ValueError for
    a date it has no row of, and httpx.TransportError where no house answers."""
    if not re.match(r"https?://[^/]", address):
        raise ValueError(f"--at: expected an address as {HERE}, found {address}")
    path = f"/v1/indices/{quote(index)}"
    with httpx.Client(base_url=address, timeout=TIMEOUT_SECONDS) as client:
        row = _row_of(client, f"{path}/fixings", day)
        if row is None:
            raise ValueError(f"{index} {day}: expected a date fixed at {address}, found none")
        corrected = row["stage"] == Stage.CORRECTION.value
        name = f"{day}.{row['number']}" if corrected else day
        bundle = _answer(client, f"{path}/bundles/{name}").content
    return Found(bundle, row, f"{address}{path}/bundles/{name}, row {row['number']} of its record")


def _row_of(client: httpx.Client, path: str, day: str) -> dict[str, Any] | None:
    """The newest row of a date: rows come newest first, page by page."""
    cursor: str | None = ""
    while cursor is not None:
        told = _answer(client, path + (f"?limit=500&cursor={cursor}" if cursor else "?limit=500"))
        rows: dict[str, Any] = told.json()
        for row in rows["fixings"]:
            if row["day"] == day:
                return dict(row)
        cursor = rows["next"]
    return None


def _answer(client: httpx.Client, path: str) -> httpx.Response:
    answer = client.get(path)
    if answer.status_code != 200:
        try:
            error = answer.json()["error"]
        except (ValueError, KeyError, TypeError):
            error = {"text": f"status {answer.status_code}: {answer.text[:200]}"}
        raise fault_from(answer.status_code, error)
    return answer


def _places(index: str, day: str) -> tuple[Path, Path]:
    """Files of the bundle and of its published row."""
    return CACHE / f"{index}-{day}.json", CACHE / f"{index}-{day}.published.json"


def _keep(index: str, day: str, found: Found) -> None:
    bundle, published = _places(index, day)
    CACHE.mkdir(parents=True, exist_ok=True)
    bundle.write_bytes(found.bundle)
    published.write_text(json.dumps({"origin": found.origin, "row": found.published}, indent=1))


def _cached(index: str, day: str) -> Found | None:
    bundle, published = _places(index, day)
    if not (bundle.is_file() and published.is_file()):
        return None
    told = json.loads(published.read_text(encoding="utf-8"))
    origin = f"{bundle}, fetched before from {told['origin']}"
    return Found(bundle.read_bytes(), told["row"], origin)
