"""The demonstration house: members and money by the ordinary commands.

Every price here is the published index (real where the price data is at hand, else simulated)
or the maker's model; the members and their money are made up.
"""

from __future__ import annotations

from typing import Any

from lasalle import wire
from lasalle.institution.estimates import Estimate
from lasalle.institution.opening import member_commands
from lasalle.making import Quote, load_maker_terms, quotes
from lasalle.venue.sequencer import Asked
from lasalle.views import AccountsView
from lasalle.wire import Role

MAKER, LAB, FUND = 1, 2, 3
MAKER_ACTOR, LAB_ACTOR, FUND_ACTOR = 11, 12, 13
FIRST, SECOND, DAY_DESK = 1, 2, 3
"""The two operators, and the desk that takes the house through its days."""
USD, DOLLAR = 1, 1_000_000
MEMBERS = (
    (MAKER, MAKER_ACTOR, "Demo maker", 400_000_000),
    (LAB, LAB_ACTOR, "Demo lab", 100_000_000),
    (FUND, FUND_ACTOR, "Demo fund", 50_000_000),
)
"""Member and account, actor, name, USD of cash it trades with."""
CONTRIBUTIONS = {MAKER: 20_000_000, LAB: 6_000_000, FUND: 4_000_000}
"""USD that each member pays into the default fund beside it."""


GENESIS = wire.Genesis(
    name="LaSalle demo",
    operators=(wire.ActorNumber(FIRST), wire.ActorNumber(SECOND)),
    behaviour=wire.SCHEMA_VERSION,
)
LIQUIDITY = wire.FundLiquidity(amount=20_000_000 * DOLLAR)
FUNDS = 3
"""Behaviour from which there is a default fund (CLR-020)."""
TRANCHES = (
    (wire.LedgerClass.FIRST_LOSS, wire.Tranche.FIRST_LOSS, 5_000_000),
    (wire.LedgerClass.SECOND_TRANCHE, wire.Tranche.SECOND_TRANCHE, 5_000_000),
)
"""USD that the house stands to lose before and after the fund (CLR-024)."""
DELIVERY_FUND = wire.FundDelivery(amount=2_000_000 * DOLLAR)
DELIVERIES = 5
"""Behaviour from which there are deliveries, and a fund of their own (DEL-029)."""
DESK_ACTOR = wire.RegisterActor(
    registered=DAY_DESK, member=0, roles=int(Role.OPERATOR | Role.CLEARING)
)


def next_founding_step(views: AccountsView) -> Asked | None:
    """The next command of the first day, read from what the views already show; None when the
    house is founded. The desk comes last: whoever finds it finds everything.
    """
    if DAY_DESK in views.actors:
        return None
    if FIRST not in views.actors:
        return Asked(0, GENESIS)
    for row in MEMBERS:
        member, actor, name, cash = row
        register, act, account = member_commands(member, actor, name)
        if member not in views.members:
            return _four_eyes(views, register)
        if actor not in views.actors:
            return _four_eyes(views, act)
        if member not in views.accounts:
            return _four_eyes(views, account)
        if not views.accounts[member].balances:
            paid = (cash + CONTRIBUTIONS.get(member, 0)) * DOLLAR
            reference = f"demo-{member}"
            return Asked(
                FIRST, wire.Deposit(account=member, asset=USD, amount=paid, reference=reference)
            )
    if not views.house.get((wire.LedgerClass.HOUSE_LIQUIDITY, 1)):
        return _four_eyes(views, LIQUIDITY)
    return _fund(views) or _four_eyes(views, DESK_ACTOR)


def _fund(views: AccountsView) -> Asked | None:
    """The next payment into what stands ready for a default; none where the law knows no fund."""
    if GENESIS.behaviour < FUNDS:
        return None
    for class_, tranche, usd in TRANCHES:
        if not views.house.get((class_, USD)):
            return _four_eyes(views, wire.FundTranche(tranche=tranche, amount=usd * DOLLAR))
    for member, usd in CONTRIBUTIONS.items():
        if not views.accounts[member].balances.get((wire.LedgerClass.DEFAULT_FUND, USD)):
            return Asked(FIRST, wire.ContributeFund(account=member, amount=usd * DOLLAR))
    unfunded = not views.house.get((wire.LedgerClass.DELIVERY_FUND, USD))
    if GENESIS.behaviour >= DELIVERIES and unfunded:
        return _four_eyes(views, DELIVERY_FUND)
    return None


def _four_eyes(views: AccountsView, command: Any) -> Asked:
    """The proposal of a command, or its approval when it waits already."""
    payload = command.pack()
    for number, waiting in views.proposals.items():
        if waiting.command == command.KIND and waiting.payload == payload:
            return Asked(SECOND, wire.Approve(proposal=number))
    return Asked(FIRST, wire.Propose(command=command.KIND, payload=payload))


def maker_quotes(made: Estimate, inventory: dict[str, int], symbols: set[str]) -> list[Quote]:
    """The maker's quotes of a day for some symbols, family by family, against its inventory in
    lots. What is delivered it does not quote: it has nothing to deliver."""
    found: list[Quote] = []
    for one in made.families:
        listing = [t for t in one.listing if t.symbol in symbols and not t.standard.delivers]
        terms = load_maker_terms()
        seen = one.model, one.prices, made.value_day
        found += quotes(*seen, listing, inventory, terms, one.against)
    return found
