"""Deciding what becomes of members, actors, accounts, and positions that change hands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lasalle import wire
from lasalle.plain.limits import check_position
from lasalle.plain.margin import judge
from lasalle.plain.matching import cancel_all
from lasalle.plain.orders import (
    check_band,
    check_covered,
    check_price,
    find_series,
    is_theirs,
    same,
)
from lasalle.plain.state import (
    RECOVERY,
    WITHDRAWALS,
    Offer,
    Place,
    Refused,
    State,
    need_behaviour,
)
from lasalle.wire import (
    Bound,
    CancelReason,
    HaltReason,
    LedgerClass,
    LossLayer,
    OfferEnd,
    Refusal,
    Role,
    SeriesState,
)

Events = Iterator[Any]
MEMBER_ROLES = Role.TRADER | Role.RISK | Role.SETTLEMENT | Role.READ_ONLY
HOUSE_ROLES = sum(Role)


def genesis(state: State, place: Place, command: wire.Genesis) -> Events:
    different = {o.actor for o in command.operators if o.actor}
    if len(different) < 2 or len(different) != len(command.operators):
        raise Refused(Refusal.OPERATORS_TOO_FEW, 2, len(different))
    if command.behaviour > place.version:
        raise Refused(Refusal.BEHAVIOUR_UNKNOWN, 0, command.behaviour)
    yield same(wire.HouseOpened, command)


def propose(state: State, place: Place, command: wire.Propose) -> Events:
    kind = wire.MESSAGES.get(command.command)
    # A kind that the program that sealed this did not know was not proposable to it.
    if kind is None or not getattr(kind, "FOUR_EYES", False) or place.version < kind.SINCE:
        raise Refused(Refusal.COMMAND_NOT_PROPOSABLE, 0, command.command)
    roles = state.actors[place.actor].roles
    if not roles & kind.ROLES:
        raise Refused(Refusal.ROLE_MISSING, kind.ROLES, roles)
    try:
        inner = kind.unpack(command.payload, kind.BLOCK)
        _check_words(place, inner)
    except (wire.FrameError, ValueError):
        raise Refused(Refusal.PAYLOAD_MALFORMED, command.command) from None
    yield wire.Proposed(
        proposal=place.number,
        command=command.command,
        due=place.time + Bound.CONSENT_WINDOW,
        payload=command.payload,
    )


def _check_words(place: Place, inner: Any) -> None:
    """A layer that the program that sealed this did not know was no word to it."""
    if place.version >= RECOVERY or not isinstance(inner, wire.AllocateLoss):
        return
    if any(share.layer > LossLayer.GAINS for share in inner.shares):
        raise ValueError("a layer of a later behaviour")


def withdraw_proposal(state: State, place: Place, command: wire.WithdrawProposal) -> Events:
    need_behaviour(state, WITHDRAWALS)
    proposal = state.proposals.get(command.proposal)
    if proposal is None:
        raise Refused(Refusal.PROPOSAL_UNKNOWN, 0, command.proposal)
    if proposal.actor != place.actor:
        raise Refused(Refusal.PROPOSAL_NOT_YOURS, proposal.actor, place.actor)
    yield same(wire.ProposalWithdrawn, command)


def register_member(state: State, place: Place, command: wire.RegisterMember) -> Events:
    if not command.member:
        raise Refused(Refusal.NUMBER_ZERO, 1, 0)
    if command.member in state.members:
        raise Refused(Refusal.MEMBER_KNOWN, 0, command.member)
    yield same(wire.MemberRegistered, command)


def register_actor(state: State, place: Place, command: wire.RegisterActor) -> Events:
    if command.member and command.member not in state.members:
        raise Refused(Refusal.MEMBER_UNKNOWN, 0, command.member)
    known = state.actors.get(command.registered)
    if known is not None and known.member != command.member:
        raise Refused(Refusal.ACTOR_BOUND, known.member, command.registered)
    if not command.registered:
        raise Refused(Refusal.NUMBER_ZERO, 1, 0)
    allowed = MEMBER_ROLES if command.member else HOUSE_ROLES
    if command.roles & ~allowed:
        raise Refused(Refusal.ROLES_OUT_OF_BOUNDS, allowed, command.roles)
    yield same(wire.ActorRegistered, command)


def _limits(command: Any) -> list[tuple[int, int]]:
    return [
        (command.position_limit, Bound.ACCOUNT_GROSS_LOTS),
        (command.order_lots_limit, Bound.ORDER_LOTS),
        (command.order_value_limit, Bound.MONEY),
    ]


def open_account(state: State, place: Place, command: wire.OpenAccount) -> Events:
    if command.member not in state.members:
        raise Refused(Refusal.MEMBER_UNKNOWN, 0, command.member)
    if not command.account:
        raise Refused(Refusal.NUMBER_ZERO, 1, 0)
    if command.account in state.accounts:
        raise Refused(Refusal.ACCOUNT_KNOWN, 0, command.account)
    for limit, bound in _limits(command):
        if not 1 <= limit <= bound:
            raise Refused(Refusal.LIMIT_OUT_OF_BOUNDS, bound, limit)
    yield same(wire.AccountOpened, command)


def set_limits(state: State, place: Place, command: wire.SetLimits) -> Events:
    account = state.accounts[command.account]
    for limit, bound in _limits(command):
        if not 1 <= limit <= bound:
            raise Refused(Refusal.LIMIT_OUT_OF_BOUNDS, bound, limit)
    if state.actors[place.actor].member:
        for (limit, _), (now, _) in zip(_limits(command), _limits(account), strict=True):
            if limit > now:
                raise Refused(Refusal.LIMIT_LOOSENED, now, limit)
    yield same(wire.LimitsSet, command)


def suspend_member(state: State, place: Place, command: wire.SuspendMember) -> Events:
    member = state.members.get(command.member)
    if member is None:
        raise Refused(Refusal.MEMBER_UNKNOWN, 0, command.member)
    if member.suspended:
        raise Refused(Refusal.MEMBER_SUSPENDED, 0, command.member)
    yield same(wire.MemberSuspended, command)
    theirs = [
        o
        for a in state.accounts.values()
        if a.member == command.member
        for o in a.orders.values()
        if not o.close_out
    ]
    yield from cancel_all(theirs, CancelReason.MEMBER_SUSPENDED)


def reinstate_member(state: State, place: Place, command: wire.ReinstateMember) -> Events:
    member = state.members.get(command.member)
    if member is None:
        raise Refused(Refusal.MEMBER_UNKNOWN, 0, command.member)
    if not member.suspended:
        raise Refused(Refusal.MEMBER_NOT_SUSPENDED, 0, command.member)
    if command.member in state.defaults:
        raise Refused(Refusal.MEMBER_IN_DEFAULT, 0, command.member)
    yield same(wire.MemberReinstated, command)


def engage_kill_switch(state: State, place: Place, command: wire.EngageKillSwitch) -> Events:
    account = state.accounts[command.account]
    if account.killed:
        raise Refused(Refusal.ACCOUNT_KILLED, 0, command.account)
    yield same(wire.KillSwitchEngaged, command)
    theirs = [o for o in account.orders.values() if is_theirs(state, place, o)]
    yield from cancel_all(theirs, CancelReason.KILL_SWITCH)


def release_kill_switch(state: State, place: Place, command: wire.ReleaseKillSwitch) -> Events:
    if not state.accounts[command.account].killed:
        raise Refused(Refusal.ACCOUNT_NOT_KILLED, 0, command.account)
    yield same(wire.KillSwitchReleased, command)


def halt_market(state: State, place: Place, command: wire.HaltMarket) -> Events:
    if state.halted:
        raise Refused(Refusal.MARKET_HALTED)
    yield wire.MarketHalted(reason=HaltReason.OPERATOR)


def resume_market(state: State, place: Place, command: wire.ResumeMarket) -> Events:
    if not state.halted:
        raise Refused(Refusal.MARKET_NOT_HALTED)
    shortfall = -state.balance(LedgerClass.DEFAULT_SHORTFALL)
    if shortfall:
        raise Refused(Refusal.SHORTFALL_OPEN, 0, shortfall)
    yield wire.MarketResumed()


def switch_behaviour(state: State, place: Place, command: wire.SwitchBehaviour) -> Events:
    # What the program that sealed it did not know it refused, and so does every later one.
    if command.behaviour != state.behaviour + 1 or command.behaviour > place.version:
        raise Refused(Refusal.BEHAVIOUR_UNKNOWN, state.behaviour, command.behaviour)
    yield same(wire.BehaviourSwitched, command)


def define_asset(state: State, place: Place, command: wire.DefineAsset) -> Events:
    if not command.asset:
        raise Refused(Refusal.NUMBER_ZERO, 1, 0)
    if command.asset in state.assets:
        raise Refused(Refusal.ASSET_KNOWN, 0, command.asset)
    yield same(wire.AssetDefined, command)


def offer_transfer(state: State, place: Place, command: wire.OfferTransfer) -> Events:
    account = state.accounts[command.account]
    if command.to_account not in state.accounts or command.to_account == command.account:
        raise Refused(Refusal.ACCOUNT_UNKNOWN, 0, command.to_account)
    series = find_series(state, command.series)
    if series.state == SeriesState.EXPIRED:
        raise Refused(Refusal.SERIES_NOT_TRADING, SeriesState.OPEN, series.state)
    if not command.lots:
        raise Refused(Refusal.QUANTITY_NOT_POSITIVE, 1, 0)
    check_price(series, command.price)
    check_band(series, wire.Side.BUY, command.price)
    check_band(series, wire.Side.SELL, command.price)
    check_holds(account.lots(command.series), command.lots)
    yield wire.TransferOffered(
        offer=place.number,
        account=command.account,
        to_account=command.to_account,
        series=command.series,
        lots=command.lots,
        price=command.price,
        due=place.time + Bound.CONSENT_WINDOW,
    )


def withdraw_offer(state: State, place: Place, command: wire.WithdrawOffer) -> Events:
    offer = state.offers.get(command.offer)
    if offer is None or command.account not in (offer.account, offer.to_account):
        raise Refused(Refusal.OFFER_UNKNOWN, 0, command.offer)
    gives = command.account == offer.account
    yield offer_ended(offer, OfferEnd.WITHDRAWN if gives else OfferEnd.DECLINED)


def offer_ended(offer: Offer, reason: OfferEnd) -> wire.OfferEnded:
    """The end of an offer that nobody took."""
    return wire.OfferEnded(
        offer=offer.offer, account=offer.account, to_account=offer.to_account, reason=reason
    )


def check_holds(held: int, lots: int) -> None:
    """Who gives a position has it, on that side."""
    if held * lots <= 0 or abs(lots) > abs(held):
        raise Refused(Refusal.POSITION_SHORT, held, lots)


def check_gives(state: State, offer: Any) -> None:
    """The price a position would move at, and that who gives it has it."""
    series = state.series[offer.series]
    check_price(series, offer.price)
    check_band(series, wire.Side.BUY, offer.price)
    check_band(series, wire.Side.SELL, offer.price)
    check_holds(state.accounts[offer.account].lots(offer.series), offer.lots)


def check_moves(state: State, offer: Any) -> None:
    """Price, limits and bounds of a position that moves from one account to another."""
    series = state.series[offer.series]
    giver, taker = state.accounts[offer.account], state.accounts[offer.to_account]
    check_price(series, offer.price)
    check_band(series, wire.Side.BUY, offer.price)
    check_band(series, wire.Side.SELL, offer.price)
    after = abs(taker.lots(offer.series) + offer.lots)
    check_position(giver, series, -offer.lots)
    check_position(taker, series, offer.lots)
    gross = after + sum(abs(p.lots) for s, p in taker.positions.items() if s != offer.series)
    gross += sum(o.lots for o in taker.orders.values())
    if gross > Bound.ACCOUNT_GROSS_LOTS:
        raise Refused(Refusal.GROSS_LOTS_BOUND, Bound.ACCOUNT_GROSS_LOTS, gross)
    check_holds(giver.lots(offer.series), offer.lots)


def accept_transfer(state: State, place: Place, command: wire.AcceptTransfer) -> Events:
    offer = state.offers.get(command.offer)
    if offer is None or offer.to_account != command.account:
        raise Refused(Refusal.OFFER_UNKNOWN, 0, command.offer)
    giver, taker = state.accounts[offer.account], state.accounts[offer.to_account]
    for account in (giver, taker):
        if state.members[account.member].suspended:
            raise Refused(Refusal.MEMBER_SUSPENDED, 0, account.member)
    series = state.series[offer.series]
    check_moves(state, offer)
    cost = 0 if series.is_option else offer.lots * offer.price
    for account, sign in ((giver, -1), (taker, 1)):
        moved = {offer.series: (sign * offer.lots, sign * cost)}
        check_covered(judge(state, account, moved=moved))
    yield wire.PositionTransferred(
        offer=offer.offer,
        account=offer.account,
        to_account=offer.to_account,
        series=offer.series,
        lots=offer.lots,
        price=offer.price,
    )


# -- makers --------------------------------------------------------------------------------------


def set_maker_protection(state: State, place: Place, command: wire.SetMakerProtection) -> Events:
    limits = (command.lots_limit, command.delta_limit, command.vega_limit)
    for value in (command.interval, *limits):
        if not 0 <= value <= Bound.MONEY:
            raise Refused(Refusal.LIMIT_OUT_OF_BOUNDS, Bound.MONEY, value)
    yield same(wire.MakerProtectionSet, command)


def arm_dead_man(state: State, place: Place, command: wire.ArmDeadMan) -> Events:
    if not 0 <= command.timeout <= Bound.MONEY:
        raise Refused(Refusal.TIMEOUT_NEGATIVE, 0, command.timeout)
    yield wire.DeadManArmed(
        account=command.account, due=place.time + command.timeout if command.timeout else 0
    )


def lose_session(state: State, place: Place, command: wire.LoseSession) -> Events:
    lost = [o for o in state.orders.values() if command.session and o.session == command.session]
    yield from cancel_all(lost, CancelReason.SESSION_LOST)
