"""The chapter of the disclosure that is of deliveries: how many, what was metered and is missing,
what made good was paid from, and what stands ready beside the fund of the futures.

The standard knows nothing of deliveries, so each number is a row of this house. Sums are over all
deliveries and all accounts, and none names a side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from lasalle import wire
from lasalle.clearing.disclosure import Sheet
from lasalle.plain.securing import counted_credit, needed
from lasalle.plain.state import USD, State
from lasalle.wire import DeliveryParty, DeliveryState, LedgerClass, RemedySource

HOURS = "accelerator-hours"
COUNT = "deliveries"
EVENTS = frozenset(
    {
        wire.DeliveryMade,
        wire.DeliveryEnded,
        wire.DeliveryFailed,
        wire.DeliveryMetered,
        wire.MeteredDetermined,
        wire.MeteredFinal,
        wire.DeliveryRemedied,
        wire.RemedyPaid,
    }
)
"""Events a span's deliveries are counted from."""


@dataclass(slots=True)
class Delivered:
    """What happened to deliveries between two closes: counts by what they are of, accelerator-hours
    and micro-dollars with them."""

    of: Counter[str] = field(default_factory=Counter)
    sources: Counter[RemedySource] = field(default_factory=Counter)
    """Micro-dollars that each source paid of remedies."""

    def on(self, event: Any) -> None:
        """Counts an event of EVENTS."""
        of = self.of
        if isinstance(event, wire.DeliveryMade):
            of["made"] += 1
        elif isinstance(event, wire.DeliveryEnded):
            of[event.reason.name.lower()] += 1
        elif isinstance(event, wire.DeliveryFailed):
            of["failed"] += 1
        elif isinstance(event, wire.DeliveryMetered):
            of["metered"] += event.units
            of["excused"] += event.excused
        elif isinstance(event, wire.MeteredDetermined):
            of["determined"] += 1
        elif isinstance(event, wire.MeteredFinal):
            of["missing"] += event.missing
        elif isinstance(event, wire.DeliveryRemedied):
            of["cash" if event.in_cash else "replaced"] += event.units
            of["cost"] += event.cost
            of["unpaid"] += event.unpaid
        elif isinstance(event, wire.RemedyPaid):
            self.sources[RemedySource(event.source)] += event.amount

    def add(self, other: Delivered) -> None:
        """Takes what another span counted."""
        self.of.update(other.of)
        self.sources.update(other.sources)


@dataclass(frozen=True, slots=True)
class Tried:
    """Trials of one conduct of suppliers: how many, and how many were judged wrongly. honest: it
    was charged though it did nothing; else it was not charged with what it did."""

    conduct: str
    honest: bool
    trials: int
    wrong: int


def deliveries(
    sheet: Sheet, state: State, spans: Iterable[Delivered], tried: Iterable[Tried]
) -> None:
    """The rows of the chapter: the state at the close, and the year up to it."""
    year = Delivered()
    for span in spans:
        year.add(span)
    _open(sheet, state)
    _of_year(sheet, year)
    _made_good(sheet, year)
    _behind(sheet, state)
    _tried(sheet, tried)


def _open(sheet: Sheet, state: State) -> None:
    found = Counter(d.state for d in state.owed.deliveries.values())
    source = "delivery records, DEL-020"
    for where in DeliveryState:
        name = f"deliveries open, {where.name.lower()}"
        sheet.real("delivery.open", name, found[where], source, COUNT)
    missing = sum(d.missing for d in state.owed.deliveries.values())
    sheet.real("delivery.open", "missing and not yet made good", missing, source, HOURS)
    disputed = sum(m.disputed > 0 for m in state.owed.metered.values())
    name = "metered hours in dispute"
    sheet.real("delivery.open", name, disputed, "metered records, DEL-025", "blocks of hours")


def _of_year(sheet: Sheet, year: Delivered) -> None:
    of = year.of
    for key, name in (
        ("made", "deliveries and parts of them made in the year"),
        ("delivered", "deliveries ended in the year, delivered"),
        ("remedied", "deliveries ended in the year, made good"),
        ("abandoned", "deliveries ended in the year, nominated by neither side"),
        ("terminated", "deliveries ended in the year before their time"),
        ("failed", "deliveries that failed in the year"),
    ):
        sheet.real("delivery.year", name, of[key], "events of deliveries", COUNT)
    for key, name in (
        ("metered", "metered as delivered in the year"),
        ("excused", "metered as missing and excused in the year"),
        ("missing", "final in the year and missing"),
    ):
        sheet.real("delivery.year", name, of[key], "delivery_metered, metered_final", HOURS)
    name = "disputes of metered hours determined in the year"
    sheet.real("delivery.year", name, of["determined"], "metered_determined", "disputes")


def _made_good(sheet: Sheet, year: Delivered) -> None:
    of, source = year.of, "delivery_remedied, DEL-026"
    sheet.real("delivery.remedy", "made good in the year by replacement", of["replaced"], source,
               HOURS)  # fmt: skip
    sheet.real("delivery.remedy", "made good in the year in cash at the index", of["cash"], source,
               HOURS)  # fmt: skip
    sheet.real("delivery.remedy", "remedies owed in the year", of["cost"], source)
    for one in RemedySource:
        name = f"of them paid by {one.name.lower()}"
        sheet.real("delivery.remedy", name, year.sources[one], "remedy_paid, DEL-026")
    sheet.real("delivery.remedy", "of them paid by no source", of["unpaid"], source)


def _behind(sheet: Sheet, state: State) -> None:
    """What stands ready for deliveries, apart from what stands ready for the futures (4.1)."""

    def held(class_: LedgerClass) -> int:
        return sum(b for (c, _, asset), b in state.balances.items() if c == class_ and asset == USD)

    fund = held(LedgerClass.DELIVERY_FUND)
    sheet.real("delivery.fund", "delivery fund, apart from the default fund of 4.1", fund,
               "ledger delivery_fund, DEL-029")  # fmt: skip
    sheet.real("delivery.fund", "most the delivery fund pays: what it holds", fund, "DEL-026")
    claims = held(LedgerClass.DELIVERY_CLAIMS)
    name = "owed to the delivery fund by who failed"
    sheet.real("delivery.fund", name, claims, "ledger delivery_claims")
    for class_, name in (
        (LedgerClass.DELIVERY_MARGIN, "set aside for deliveries"),
        (LedgerClass.PERFORMANCE_BOND, "performance bonds"),
        (LedgerClass.GUARANTEE, "guaranteed for others out of failed deliveries"),
        (LedgerClass.DELIVERY_RECEIVABLE, "paid by buyers and kept for sellers"),
    ):
        sheet.real("delivery.secured", name, held(class_), f"ledger {class_.name.lower()}")
    asked = sum(needed(state, account) for account in state.accounts)
    name = "needed for deliveries, hardware and spare capacity taken off"
    sheet.modelled("delivery.secured", name, asked, "DEL-027, DEL-034")
    counts = sum(counted_credit(state, account) for account in state.accounts)
    name = "hardware and spare capacity counted toward it"
    sheet.modelled("delivery.secured", name, counts, "delivery credit records, DEL-034")
    failed = sum(d.failed == DeliveryParty.SELLER for d in state.owed.deliveries.values())
    name = "open deliveries whose seller failed"
    sheet.real("delivery.secured", name, failed, "delivery records", COUNT)


def _tried(sheet: Sheet, tried: Iterable[Tried]) -> None:
    """How often the judgement of meters is wrong, of hours drawn from a seed."""
    rows = list(tried)
    for one in rows:
        wrong = "charged falsely" if one.honest else "missed"
        name = f"{one.conduct}: {wrong}, of {one.trials} simulated hours"
        sheet.simulated("delivery.error", name, one.wrong, "lasalle delivery honesty", "hours")
    if not rows:
        why = "trials of dishonest suppliers were not handed in"
        sheet.absent("delivery.error", "error rates of the judgement of meters", why)
