"""The loss of a house's own suppliers: each as it is judged, put into the loss model (CRD-021)."""

from __future__ import annotations

from collections.abc import Sequence

from lasalle.credit.losses import Exposed, Losses, simulate
from lasalle.credit.model import DOLLAR, micro, month_number, month_of, sold_hours
from lasalle.credit.portfolio import Book, Judged
from lasalle.credit.wrong_way import GRID, pd_given_price


def exposed_of(one: Judged, book: Book) -> Exposed:
    """A supplier that may fail on any day of the year alike: hours of a month are lost where it
    fails before the middle of it. Bonds and letters pay but for a published share."""
    file, terms = one.file, book.terms
    now = month_of(file.as_of)
    hours = sold = worth = 0.0
    for row in file.sold:
        ahead = month_number(row.month) - now
        if row.elsewhere or ahead < 0:
            continue
        many = sold_hours(row) * min(1.0, (ahead + 0.5) / 12)
        hours += many
        sold += many * micro(row.price) / DOLLAR
        worth += many * book.market.price(row.grade) / DOLLAR
    held, pays = one.secured, 1 - terms.loss.bonds_fail
    return Exposed(
        supplier=file.supplier,
        place=max(file.fleet, key=lambda m: m.accelerators).place,
        pd=one.score.pd,
        hours=hours,
        sold_at=sold / hours if hours else 0.0,
        price=worth / hours if hours else 0.0,
        firm_security=(held.cash + pays * (held.bond + held.letters)) / DOLLAR,
        hardware=held.hardware / DOLLAR,
        leverage=one.score.worth.leverage,
        pds=pd_given_price(one.score, GRID, terms),
    )


def book_losses(found: Sequence[Judged], book: Book, *, plain: bool = False) -> Losses:
    """The loss of all of them in the horizon of the terms."""
    exposed = [exposed_of(one, book) for one in found]
    return simulate(exposed, GRID, book.market, book.terms, plain=plain)
