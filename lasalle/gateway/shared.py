"""What every door shares: the venue, the views, keys, sessions, limits, measures, the log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lasalle.gateway.answers import Tellings
from lasalle.gateway.commitments import Reports
from lasalle.gateway.cover import Covers
from lasalle.gateway.credit import Credit
from lasalle.gateway.curves import Curves
from lasalle.gateway.custody import Custody
from lasalle.gateway.deliveries import Deliveries
from lasalle.gateway.derived import DerivedIndices
from lasalle.gateway.files import Files, Inputs
from lasalle.gateway.fx import Tables as FxTables
from lasalle.gateway.held import HeldFaults
from lasalle.gateway.indices import Indices
from lasalle.gateway.keys import KeyStore
from lasalle.gateway.limits import Buckets
from lasalle.gateway.log import CommandLog
from lasalle.gateway.margin import Tables
from lasalle.gateway.measures import Measures
from lasalle.gateway.plan_jobs import PlanJobs
from lasalle.gateway.reading import Reading
from lasalle.gateway.sessions import Sessions
from lasalle.gateway.statements import DayStatements
from lasalle.gateway.surfaces import Surfaces
from lasalle.venue.waiting import Waiting
from lasalle.views import AccountsView, MarketView
from lasalle.views.requirement import RequirementStore


class Shared:
    """Held by every door, and by nothing below them; it knows none of them."""

    def __init__(
        self,
        waiting: Waiting,
        market: MarketView,
        accounts: AccountsView,
        keys: KeyStore,
        about: dict[str, Any],
        demo: bool,
        buckets: Buckets | None = None,
        *,
        inputs: Inputs | None = None,
        curves: Curves | None = None,
        indices: Indices | None = None,
        derived: DerivedIndices | None = None,
        covers: Covers | None = None,
        fx: FxTables | None = None,
        deliveries: Deliveries | None = None,
        commitments: Reports | None = None,
        statements: DayStatements | None = None,
        requirements: RequirementStore | None = None,
        tables: Tables | None = None,
        faults: HeldFaults | None = None,
        log: Path | None = None,
    ) -> None:
        """about: what is real and what is simulated, in words. inputs: canonical inputs of a
        fixing, where they are at hand. curves, indices, derived: those published. covers: daily
        runs of Cover-1 and Cover-2. fx: tables of exchange rates. deliveries: logs of what is
        metered. commitments: weekly reports. statements: those of settled days, whole.
        requirements: where changes of what accounts are asked are kept. tables: margin tables that
        were in force. faults: those of a house that goes on serving. log: a file for one line a
        command."""
        self.waiting, self.market, self.accounts, self.keys = waiting, market, accounts, keys
        self.about, self.demo = about, demo
        self.buckets = buckets or Buckets()
        self.measures, self.log = Measures(), CommandLog(log)
        self.reading = Reading(market, accounts)
        self.files = Files(market, accounts.history, inputs)
        self.curves, self.indices, self.derived = curves, indices, derived
        self.covers, self.statements, self.fx = covers, statements, fx
        self.deliveries = deliveries
        self.commitments = commitments
        self.tables, self.faults = tables, faults or HeldFaults()
        self.plans = PlanJobs()
        self.surfaces: Surfaces | None = None
        self.credit: Credit | None = None
        self.custody: Custody | None = None
        self.kept_requirements = requirements or RequirementStore()
        self.sessions = Sessions(waiting, self.reading.last_session())
        self.tellings = Tellings()
        self._house = ""
        self.broken = ""
        """Why the views stopped; empty while they follow."""
        self.started = False

    @property
    def house(self) -> str:
        """Which house this is: the chain of its journal's first batch; empty before there is
        one."""
        self._house = self._house or self.waiting.sequencer.founded().hex()
        return self._house

    def measured(self) -> bytes:
        """Measures in the text form of Prometheus."""
        core = self.waiting.sequencer.core
        self.measures.number.set(core.last_number)
        self.measures.event.set(core.last_event)
        self.measures.lag.set(core.last_event - self.market.last_event)
        self.measures.held_faults.set(len(self.faults.told()))
        folded = self.accounts.history.mark.event
        self.measures.history_lag.set(max(0, core.last_event - folded))
        return self.measures.text()
