"""The timetable of an open house put together: its settings, its sources, its own evidence."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from lasalle.indices import ChainMethod, EvidenceBook, Observation
from lasalle.indices.sources import Source
from lasalle.institution.derived_desk import DerivedDesk, DerivedStore
from lasalle.institution.evidence import chain_evidence, load_observations
from lasalle.institution.families import Family, as_begun, load_families
from lasalle.institution.house import OpenHouse
from lasalle.institution.index_rounds import Own, Rounds
from lasalle.institution.index_sources import read_index_settings, sources_of
from lasalle.institution.index_store import IndexStore
from lasalle.institution.settings import PRICES, Settings
from lasalle.institution.sources import VenueSource, venue_series


def rounds_of(
    house: OpenHouse,
    settings: Settings,
    store: IndexStore,
    clock: Callable[[], int] = time.time_ns,
) -> Rounds:
    """The timetable of a house. Raises SettingsWrong."""
    asked = read_index_settings(house.folder, settings)
    read, looked = sources_of(asked, store.folder, os.environ)
    venue: Source = VenueSource(house.market, house.history, venue_series, clock)
    families = as_begun(load_families(settings.listed), house.market.fixings)
    methods = {family.method.index: family.method for family in families}
    demonstrated = families if asked.prices == PRICES else ()
    rounds = Rounds(
        store,
        asked,
        {**read, venue.name: venue},
        {**looked, venue.name: venue},
        own={f.method.index: own_evidence(f) for f in demonstrated if f.evidence != "record"},
        methods=methods,
        lots=partial(open_lots, house),
    )
    store.fixes = frozenset(method.index for method in rounds.methods)
    return rounds


def derived_of(
    house: OpenHouse, settings: Settings, store: IndexStore, derived: DerivedStore
) -> DerivedDesk:
    """The derived indices of a house, from the evidence its timetable reads. Raises
    SettingsWrong."""
    read, _ = sources_of(read_index_settings(house.folder, settings), store.folder, os.environ)
    had = {name: source for name, source in read.items() if not name.startswith("tokens-")}
    # In a demonstration options are quoted by its own maker alone.
    return DerivedDesk(store, derived, house.market, had, modelled=settings.demonstration)


def own_evidence(family: Family) -> Own:
    """The evidence that a demonstration's family settles on, so that its record and the log tell
    the same fixings.
    """

    def evidence(last: date) -> EvidenceBook | Sequence[Observation]:
        if isinstance(family.method, ChainMethod):
            return chain_evidence(PRICES, family.method, family.begins, last).book
        return load_observations(PRICES, last)[0]

    return evidence


def open_lots(house: OpenHouse, index: int) -> int:
    """Lots that settle on an index, both sides of a position counted once."""
    held = dict(house.accounts.open_interest)
    views = list(house.market.series.items())
    return sum(held.get(number, 0) for number, view in views if view.terms.index == index)
