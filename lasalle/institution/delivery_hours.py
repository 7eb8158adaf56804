"""Hours of deliveries booked from their logs: what the desk of deliveries reads in `deliveries/`, and
the command it comes to. Which hour is next is read from the views alone, so that a desk that was
stopped anywhere books none twice; what is reviewed of a log is only kept so as not to be reviewed
again (DEL-073).
"""  # noqa: E501

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from lasalle import wire
from lasalle.delivery.booking import (
    Booking,
    NotBooked,
    NotYet,
    Owed,
    Reviews,
    booked_in_time,
    reviews_of,
)
from lasalle.delivery.bundle import Published
from lasalle.delivery.desk_terms import load_desk_terms
from lasalle.delivery.faults import EvidenceRefused
from lasalle.institution.delivery_store import FOLDER, DeliveryStore
from lasalle.institution.views import LivingViews
from lasalle.plain.obligations import HOUR, Delivery
from lasalle.wire import DeliveryState

NS_PER_US = 1_000


class Due(NamedTuple):
    """What can be booked now, what cannot and why, and what is told of that which can."""

    commands: list[wire.MeterDelivery]
    waiting: dict[str, str]
    noted: dict[str, str]


@dataclass
class DeliveryHours:
    """The logs of a house's deliveries, as far as its desk has reviewed them."""

    views: LivingViews
    store: DeliveryStore
    patience: int = field(default_factory=lambda: load_desk_terms().cosigning)
    """Nanoseconds behind the grace in which a party's cosignature is waited for."""
    _known: dict[int, tuple[int, Reviews | str]] = field(default_factory=dict)
    """What a log came to, or why to nothing, and after how many changes of it."""

    def unread(self, now: int) -> list[int]:
        """Deliveries with an hour to be booked whose log is as nobody has reviewed it."""
        return [
            one.delivery
            for one in self._waiting(now)
            if self._known.get(one.delivery, (-1, ""))[0] != self.store.changes(one.delivery)
        ]

    def read(self, number: int) -> None:
        """Reviews the log of a delivery; takes a while where it is long, and touches no view."""
        changes = self.store.changes(number)
        try:
            found: Reviews | str = self._reviewed(number)
        except EvidenceRefused as error:
            found = str(error)
        except (OSError, ValueError) as error:
            found = f"{FOLDER}/{number}: expected a log that can be read, found {error}"
        self._known[number] = changes, found

    def due(self, now: int) -> Due:
        """The next hour of each delivery that can be booked, and why others cannot."""
        due = Due([], {}, {})
        for delivery in self._waiting(now):
            name = f"hour {delivery.metered_hours} of delivery {delivery.delivery}"
            try:
                found = self._next(delivery, now)
            except NotYet:
                continue
            except NotBooked as error:
                due.waiting[name] = f"not booked: {error}"
                continue
            due.commands.append(
                wire.MeterDelivery(
                    delivery=delivery.delivery, hours=1, units=found.units, excused=found.excused,
                    evidence=found.evidence,
                )
            )  # fmt: skip
            if found.without is not None:
                due.noted[name] = f"the {found.without} did not cosign it in time, DEL-076"
        return due

    def _waiting(self, now: int) -> list[Delivery]:
        """Deliveries of which an hour is over that is not booked."""
        return [
            one
            for _, one in sorted(self.views.accounts.margins.owed.deliveries.items())
            if one.state == DeliveryState.RUNNING
            and one.metered_hours < one.hours
            and now >= one.begins + (one.metered_hours + 1) * HOUR
        ]

    def _next(self, delivery: Delivery, now: int) -> Booking:
        number = delivery.delivery
        _, log = self._known.get(number, (-1, ""))
        if log == "":
            raise NotYet("the log is reviewed first")
        if isinstance(log, str):
            raise NotBooked(log)
        terms = self.views.accounts.margins.owed.terms_of(delivery)
        owed = Owed(
            delivery.begins // NS_PER_US, delivery.ends // NS_PER_US, delivery.lots,
            terms.contingent, delivery.quality,
        )  # fmt: skip
        return booked_in_time(
            log, owed, delivery.metered_hours, now // NS_PER_US, self.patience // NS_PER_US
        )

    def _reviewed(self, number: int) -> Reviews | str:
        sizes = self.store.sizes(number)
        if sizes is None:
            return f"{FOLDER}/{number}: expected the log of its meters, found none"
        log = Published(lambda name: self.store.read(number, name), sizes)
        terms, own = log.terms, self.store.key().public.hex()
        if terms.contract != number or terms.log_key != own:
            return (f"{FOLDER}/{number}: expected terms of contract {number} under the key {own}, "
                    f"found {terms.contract} under {terms.log_key} (DEL-009)")  # fmt: skip
        return reviews_of(log)
