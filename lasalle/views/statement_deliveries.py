"""What a statement says of deliveries: where each stands, hours metered, remedies and what paid
them, and every micro-dollar that moved beside them.

Deliveries are folded by the law's own words (`lasalle.plain.evolve_delivery`). Each line of money
is an event's own posting, so that the columns come to what the ledger's balances changed by, and
what is kept of the deliveries an account sells comes to the balance that is kept for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from lasalle import wire
from lasalle.plain.evolve_delivery import DELIVERY_WRITES
from lasalle.plain.obligations import HOUR, Delivery, Obligations
from lasalle.plain.securing import counted_credit, needed
from lasalle.plain.state import Place, State
from lasalle.views.model import StatementLine
from lasalle.views.statement_delivery_lines import (
    COLUMNS,
    KEPT,
    USD,
    CreditLine,
    DeliveryLine,
    DeliveryPart,
    GuaranteeLine,
    HoursLine,
    Key,
    MoneyLine,
    RemedyLine,
)
from lasalle.wire import DeliveryParty, DeliveryState, Header, LedgerClass

HOURS, REMEDIES, FEES = "hours delivered", "remedies", "fees of disputes"
ASIDE, BOND, REPAID = "set aside for deliveries", "performance bond", "delivery fund repaid"
GUARANTEES = "guarantees"
OF_POSTINGS: dict[type[Any], str] = {
    wire.DeliveryPaid: HOURS,
    wire.ReceivablePaid: HOURS,
    wire.RemedyPaid: REMEDIES,
    wire.DeliveryMarginMoved: ASIDE,
    wire.BondMoved: BOND,
    wire.GuaranteeGiven: GUARANTEES,
    wire.GuaranteePaid: GUARANTEES,
    wire.GuaranteeEnded: GUARANTEES,
    wire.DeliveryRepaid: REPAID,
}
"""What money beside a delivery moved for, by the event that posts it."""
OF_PAYMENTS: dict[type[Any], str] = {
    wire.DeliveryMetered: HOURS,
    wire.MeteredDetermined: HOURS,
    wire.MeteredCorrected: "corrections of hours",
    wire.DeliveryRemedied: REMEDIES,
    wire.DeliveryTransferred: "sides of deliveries",
    wire.TenderDetermined: FEES,
}
"""What the payments behind an event of a delivery are for."""


# -- folding -------------------------------------------------------------------------------------


class _Remedy:
    """A remedy while its sources are told."""

    def __init__(self, header: Header, event: wire.DeliveryRemedied) -> None:
        self.header, self.event = header, event
        self.sources: list[tuple[str, int]] = []

    def line(self, party: str) -> RemedyLine:
        event = self.event
        return RemedyLine(
            self.header.number, self.header.time, event.delivery, party, event.units,
            event.cover_price, event.in_cash, event.cost, tuple(self.sources), event.unpaid,
        )  # fmt: skip


class DeliveryFold:
    """Fold of the events of a house into what statements say of its deliveries."""

    def __init__(self) -> None:
        self._state = State()
        self._ended: dict[int, tuple[Delivery, str]] = {}
        self._hours: dict[int, HoursLine] = {}
        self._remedies: list[_Remedy] = []
        self._money: dict[int, dict[tuple[int, str], dict[str, int]]] = defaultdict(dict)
        self._cause = self._of = 0
        """The command whose payments are of a delivery, and that delivery."""
        self._names: list[str] = []
        """What its next payments are for; the last stands for all behind it."""

    def begin(self, owed: Obligations) -> None:
        """Goes on from what the house keeps of deliveries right after a settlement."""
        self._state.owed = deepcopy(owed)

    @property
    def _owed(self) -> Obligations:
        return self._state.owed

    def on(self, header: Header, event: Any) -> None:
        """Writes an event, once its postings were told."""
        if isinstance(event, wire.DeliveryEnded):
            ended = self._owed.deliveries[event.delivery]
            self._ended[event.delivery] = (ended, event.reason.name.lower())
        elif isinstance(event, wire.MeteredFinal):
            self._keep(event.metered, "final", event.due)
        write = DELIVERY_WRITES.get(event.NAME)
        if write is not None:
            place = Place(header.cause, header.time, header.actor)
            write(self._state, header.number, place, event)
        if isinstance(event, wire.MeteredCorrected):
            self._correct(event)
        elif isinstance(event, wire.DeliveryRemedied):
            self._remedies.append(_Remedy(header, event))
        elif isinstance(event, wire.RemedyPaid):
            self._remedies[-1].sources.append((event.source.name.lower(), event.amount))

    def _keep(self, metered: int, state: str, due: int) -> None:
        one = self._owed.metered[metered]
        self._hours[metered] = HoursLine(
            one.metered, one.delivery, one.first_hour, one.hours, one.units, one.excused,
            one.quality, one.amount, state, due,
        )  # fmt: skip

    def _correct(self, event: wire.MeteredCorrected) -> None:
        """Hours that became final on an earlier day are told by the money of their correction."""
        known = self._hours.get(event.metered)
        if known is not None:
            amount = known.amount + event.amount
            self._hours[event.metered] = known._replace(
                units=event.units, amount=amount, state="corrected", due=0
            )

    # -- money -----------------------------------------------------------------------------------

    def look(self, header: Header, event: Any) -> None:
        """Notes what payments of this command are for, before any is told."""
        name = OF_PAYMENTS.get(type(event))
        if name is None:
            return
        self._cause, self._of, self._names = header.cause, event.delivery, [name]
        if isinstance(event, wire.MeteredDetermined):
            known = self._owed.metered[event.metered]
            self._names = [name] * (event.amount != known.amount) + [FEES]

    def of_posting(self, header: Header, event: Any) -> tuple[int, str]:
        """(delivery, what for) of an event's postings; "" where they are of no delivery."""
        name = OF_POSTINGS.get(type(event))
        if name is not None:
            return getattr(event, "delivery", 0), name
        if isinstance(event, wire.PaymentPosted) and self._names and header.cause == self._cause:
            return self._of, self._names[0]
        return 0, ""

    def paid(self, header: Header, event: Any) -> None:
        """A payment was told: what the next one of its command is for."""
        told = isinstance(event, wire.PaymentPosted) and header.cause == self._cause
        if told and len(self._names) > 1:
            del self._names[0]

    def post(self, account: int, delivery: int, what: str, line: StatementLine) -> None:
        """Adds a posting to an account's money of deliveries."""
        column = COLUMNS.get(line.ledger_class)
        if column is None or line.asset != USD:
            return
        money = self._money[account].setdefault((delivery, what), defaultdict(int))
        money[column] += line.amount

    # -- closing ---------------------------------------------------------------------------------

    def part(
        self, account: int, balances: Mapping[Key, int], symbols: Mapping[int, Any]
    ) -> DeliveryPart | None:
        """What a statement says of an account's deliveries; None where it has none and never moved
        money beside one in the day."""
        deliveries = tuple(self._lines(account, symbols))
        mine = {line.delivery for line in deliveries if line.party != "pledgee"}
        remedies = tuple(self._made_good(account))
        money = tuple(self._moved(account))
        set_aside = sum(
            balances.get((class_, USD), 0)
            for class_ in (LedgerClass.DELIVERY_MARGIN, LedgerClass.PERFORMANCE_BOND)
        )
        credit = self._credit(account)
        guarantees = tuple(self._guarantees(account))
        if not (deliveries or remedies or money or set_aside or credit or guarantees):
            return None
        needs = needed(self._state, account)
        return DeliveryPart(
            deliveries=deliveries,
            hours=tuple(line for line in self._all_hours() if line.delivery in mine),
            remedies=remedies,
            money=money,
            needs=needs,
            lacks=max(0, needs - set_aside),
            credit=credit,
            guarantees=guarantees,
        )

    def close(self) -> None:
        """A day is over: what it told is forgotten, what is owed stays."""
        self._ended, self._hours, self._remedies = {}, {}, []
        self._money = defaultdict(dict)

    def _lines(self, account: int, symbols: Mapping[int, Any]) -> Iterator[DeliveryLine]:
        found = {number: (d, d.state.name.lower()) for number, d in self._owed.deliveries.items()}
        for number, (delivery, state) in sorted((found | self._ended).items()):
            if account in (delivery.account, delivery.buyer, delivery.pledgee):
                ended = number in self._ended
                yield self._line(account, delivery, state, symbols[delivery.series][0], ended)

    def _line(
        self, account: int, delivery: Delivery, state: str, symbol: str, ended: bool
    ) -> DeliveryLine:
        party = delivery.party(account)
        waiting = 0 if ended else sum(m.amount for m in self._owed.open_metered(delivery.delivery))
        left = 0 if ended or delivery.state == DeliveryState.FAILED else delivery.hours
        left = max(0, left - delivery.metered_hours)
        needs = 0 if ended or not party else delivery.needs(party, self._owed.terms_of(delivery))
        return DeliveryLine(
            delivery=delivery.delivery,
            symbol=symbol,
            party=party.name.lower() if party else "pledgee",
            other=delivery.buyer if party == DeliveryParty.SELLER else delivery.account,
            state=state,
            lots=delivery.lots,
            price=delivery.price,
            begins=delivery.starts + delivery.first_hour * HOUR,
            first_hour=delivery.first_hour,
            hours=delivery.hours,
            metered_hours=delivery.metered_hours,
            final_hours=delivery.final_hours,
            missing=delivery.missing,
            quality=delivery.quality,
            receivable=0 if ended else delivery.held + waiting,
            to_come=delivery.lots * left * delivery.price * delivery.quality // 10_000,
            needs=needs,
            due=0 if ended else delivery.due,
        )

    def _all_hours(self) -> Iterator[HoursLine]:
        found = dict(self._hours)
        for number, one in self._owed.metered.items():
            state = "disputed" if one.disputed else "waiting"
            found[number] = HoursLine(
                one.metered, one.delivery, one.first_hour, one.hours, one.units, one.excused,
                one.quality, one.amount, state, one.due,
            )  # fmt: skip
        for number in sorted(found):
            yield found[number]

    def _made_good(self, account: int) -> Iterator[RemedyLine]:
        for one in self._remedies:
            for party, number in (("paid", one.event.account), ("received", one.event.to_account)):
                if number == account:
                    yield one.line(party)

    def _moved(self, account: int) -> Iterator[MoneyLine]:
        for (delivery, what), columns in sorted(self._money.get(account, {}).items()):
            if any(columns.values()):
                found = (columns.get(name, 0) for name in ("cash", *KEPT))
                yield MoneyLine(delivery, what, *found)

    def _guarantees(self, account: int) -> Iterator[GuaranteeLine]:
        for _, one in sorted(self._owed.guarantees.items()):
            for party, mine, other in (
                ("gives", one.account, one.to_account),
                ("has", one.to_account, one.account),
            ):
                if mine == account:
                    yield GuaranteeLine(
                        one.guarantee, party, other, one.amount, one.until, one.basis
                    )

    def _credit(self, account: int) -> CreditLine | None:
        credit = self._owed.credits.get(account)
        if credit is None:
            return None
        counts = counted_credit(self._state, account)
        return CreditLine(credit.amount, credit.share, credit.until, counts, credit.basis)
