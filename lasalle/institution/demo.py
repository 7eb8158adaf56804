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
DOLLAR = 1_000_000
MEMBERS = (
    (MAKER, MAKER_ACTOR, "Demo maker", 400_000_000),
    (LAB, LAB_ACTOR, "Demo lab", 100_000_000),
    (FUND, FUND_ACTOR, "Demo fund", 50_000_000),
)
"""Member and account, actor, name, USD paid in."""


GENESIS = wire.Genesis(
    name="LaSalle demo",
    operators=(wire.ActorNumber(FIRST), wire.ActorNumber(SECOND)),
    behaviour=wire.SCHEMA_VERSION,
)
LIQUIDITY = wire.FundLiquidity(amount=20_000_000 * DOLLAR)
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
            paid = cash * DOLLAR
            reference = f"demo-{member}"
            return Asked(
                FIRST, wire.Deposit(account=member, asset=1, amount=paid, reference=reference)
            )
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
    """The maker's quotes of a day for some symbols, family by family, against its inventory in
    lots."""
    found: list[Quote] = []
    for one in made.families:
        listing = [t for t in one.listing if t.symbol in symbols]
        terms = load_maker_terms()
        seen = one.model, one.prices, made.value_day
        found += quotes(*seen, listing, inventory, terms, one.against)
    return found
