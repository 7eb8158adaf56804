"""The demonstration house: members and money by the ordinary commands.

Every price here is the published index (real where the price data is at hand, else simulated)
or the maker's model; the members and their money are made up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lasalle import wire
from lasalle.contracts import SeriesTerms
from lasalle.indices import Fixing
from lasalle.institution.estimates import (
    MARKET_FILE,
    Estimate,
    by_day,
    day_number,
    load_fixings,
)
from lasalle.making import Quote, load_maker_terms, quotes
from lasalle.pricing import CurveModel, fit
from lasalle.venue.sequencer import Asked
from lasalle.views import AccountsView
from lasalle.wire import Role, SelfTrade

__all__ = [
    "DOLLAR",
    "FIRST",
    "LAB",
    "LAB_ACTOR",
    "MAKER_ACTOR",
    "MARKET_FILE",
    "Desk",
    "by_day",
    "day_number",
    "load_fixings",
    "maker_quotes",
    "next_founding_step",
    "open_demo",
    "quote_commands",
]
Ask = Callable[[int, Any], list[tuple[wire.Header, Any]]]
MAKER, LAB, FUND = 1, 2, 3
MAKER_ACTOR, LAB_ACTOR, FUND_ACTOR = 11, 12, 13
FIRST, SECOND, DAY_DESK = 1, 2, 3
"""The two operators, and the desk that takes the house through its days."""
DOLLAR = 1_000_000
MEMBERS = (
    (MAKER, MAKER_ACTOR, "Demo maker", 400_000_000),
    (LAB, LAB_ACTOR, "Demo lab", 100_000_000),
    (FUND, FUND_ACTOR, "Demo fund", 50_000_000),
)
"""Member and account, actor, name, USD paid in."""


class DemoFault(Exception):
    """A command of the demonstration was refused; it names the refusal."""


@dataclass
class Desk:
    """What a study knows of its own venue: numbers of series, terms listed, margin table."""

    ask: Ask
    fixings: list[Fixing]
    real: bool
    series: dict[str, int] = field(default_factory=dict)
    listed: list[SeriesTerms] = field(default_factory=list)
    model: CurveModel | None = None
    table: int = 0

    def must(self, actor: int, command: Any) -> list[tuple[wire.Header, Any]]:
        """Asks and insists."""
        told = self.ask(actor, command)
        for _, event in told:
            if isinstance(event, wire.Refused):
                name = wire.Refusal(event.refusal).name.lower()
                raise DemoFault(
                    f"{command.NAME}: {name} expected={event.expected} found={event.found}"
                )
        return told

    def approved(self, command: Any) -> None:
        """A four-eyes command: one operator proposes, the other approves."""
        told = self.must(FIRST, wire.Propose(command=command.KIND, payload=command.pack()))
        self.must(SECOND, wire.Approve(proposal=told[0][1].proposal))

    def refit(self, today: date) -> None:
        """The maker's curve from the fixings before a day."""
        known = [(f.day, f.price_micro_dollars) for f in self.fixings if f.day < today]
        self.model = fit(known)


GENESIS = wire.Genesis(
    name="LaSalle demo", operators=(wire.ActorNumber(FIRST), wire.ActorNumber(SECOND))
)
LIQUIDITY = wire.FundLiquidity(amount=20_000_000 * DOLLAR)
DESK_ACTOR = wire.RegisterActor(
    registered=DAY_DESK, member=0, roles=int(Role.OPERATOR | Role.CLEARING)
)


def member_commands(
    member: int, actor: int, name: str, cash: int
) -> tuple[wire.RegisterMember, wire.RegisterActor, wire.OpenAccount, wire.Deposit]:
    """A member with one actor, one account of the member's number, and money."""
    roles = Role.TRADER | Role.RISK | Role.SETTLEMENT
    return (
        wire.RegisterMember(member=member, name=name),
        wire.RegisterActor(registered=actor, member=member, roles=int(roles)),
        wire.OpenAccount(
            account=member,
            member=member,
            account_kind=wire.AccountKind.HOUSE,
            owner=member,
            position_limit=200_000,
            order_lots_limit=20_000,
            order_value_limit=10**15,
        ),
        wire.Deposit(account=member, asset=1, amount=cash * DOLLAR, reference=f"demo-{member}"),
    )


def open_demo(desk: Desk) -> None:
    """The first day: operators, members, accounts, money."""
    desk.must(0, GENESIS)
    for row in MEMBERS:
        *registered, deposit = member_commands(*row)
        for command in registered:
            desk.approved(command)
        desk.must(FIRST, deposit)
    desk.approved(LIQUIDITY)


def next_founding_step(views: AccountsView) -> Asked | None:
    """The next command of the first day, read from what the views already show; None when the
    house is founded. The desk comes last: whoever finds it finds everything.
    """
    if DAY_DESK in views.actors:
        return None
    if FIRST not in views.actors:
        return Asked(0, GENESIS)
    for row in MEMBERS:
        member, actor = row[0], row[1]
        register, act, account, deposit = member_commands(*row)
        if member not in views.members:
            return _four_eyes(views, register)
        if actor not in views.actors:
            return _four_eyes(views, act)
        if member not in views.accounts:
            return _four_eyes(views, account)
        if not views.accounts[member].balances:
            return Asked(FIRST, deposit)
    if not views.house.get((wire.LedgerClass.HOUSE_LIQUIDITY, 1)):
        return _four_eyes(views, LIQUIDITY)
    return _four_eyes(views, DESK_ACTOR)


def _four_eyes(views: AccountsView, command: Any) -> Asked:
    """The proposal of a command, or its approval when it waits already."""
    payload = command.pack()
    for number, waiting in views.proposals.items():
        if waiting.command == command.KIND and waiting.payload == payload:
            return Asked(SECOND, wire.Approve(proposal=number))
    return Asked(FIRST, wire.Propose(command=command.KIND, payload=payload))


def maker_quotes(made: Estimate, inventory: dict[str, int], symbols: set[str]) -> list[Quote]:
    """The maker's quotes of a day for some symbols, against its inventory in lots."""
    listing = [t for t in made.listing if t.symbol in symbols]
    terms = load_maker_terms()
    found = quotes(made.model, made.prices, made.value_day, listing, inventory, terms)
    return list(found)


def quote_commands(desk: Desk, found: list[Quote]) -> list[wire.MassQuote]:
    """Mass quotes of at most the bound of the schema."""
    return mass_quotes(desk.series, found)


def mass_quotes(series: dict[str, int], found: list[Quote]) -> list[wire.MassQuote]:
    """Mass quotes of the maker's account, of at most the bound of the schema."""
    legs = [
        wire.Quote(series[q.symbol], q.bid_price, q.bid_lots, q.ask_price, q.ask_lots)
        for q in found
    ]
    size = wire.Bound.QUOTES
    return [
        wire.MassQuote(
            account=MAKER, self_trade=SelfTrade.CANCEL_NEWEST, quotes=tuple(legs[i : i + size])
        )
        for i in range(0, len(legs), size)
    ]
