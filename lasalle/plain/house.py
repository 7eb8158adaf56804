"""The house: frames of commands in, frames of events out. The same frames always give the same
bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from lasalle import wire
from lasalle.plain import (
    alignment,
    auction,
    bonds,
    calls,
    default,
    delivery,
    exchanging,
    fixings,
    guarantees,
    institution,
    joining,
    lines,
    listing,
    metering,
    money,
    orders,
    quoting,
    remedies,
    rights,
    settlement,
    tendering,
)
from lasalle.plain.evolve import evolve
from lasalle.plain.matching import cancel_all, cancelled, run_elected, uncross
from lasalle.plain.records import read_records, write_records
from lasalle.plain.state import LATEST_TIME, RECOVERY, Actor, Place, Refused, State
from lasalle.plain.timers import (
    ACCOUNT_TIMER,
    CALL_TIMER,
    CREDIT_TIMER,
    DELIVERY_OFFER_TIMER,
    DELIVERY_TIMER,
    EXCHANGE_TIMER,
    FINAL_TIMER,
    GUARANTEE_TIMER,
    METERED_TIMER,
    ORDER_TIMER,
    PROPOSAL_TIMER,
    SERIES_TIMER,
    TRANSFER_TIMER,
)
from lasalle.wire import (
    CancelReason,
    LedgerClass,
    OfferEnd,
    PauseReason,
    Refusal,
    Role,
    SeriesState,
)

Events = Iterator[Any]
HOUSE_ONLY = (wire.Deposit, wire.PostWithdrawal, wire.VoidWithdrawal)
CLOSERS = Role.CLEARING
WITHDRAWS = (
    *(wire.CancelOrder, wire.MassCancel, wire.WithdrawOffer),
    *(wire.WithdrawDelivery, wire.WithdrawExchange),
)


def _nothing(state: State, place: Place, command: Any) -> Events:
    yield from ()


DECIDES: dict[str, Callable[[State, Place, Any], Events]] = {
    "advance_time": _nothing,
    **{
        d.__name__: d
        for d in (
            institution.genesis,
            institution.propose,
            institution.withdraw_proposal,
            institution.register_member,
            institution.register_actor,
            institution.open_account,
            institution.set_limits,
            institution.suspend_member,
            institution.reinstate_member,
            institution.engage_kill_switch,
            institution.release_kill_switch,
            institution.halt_market,
            institution.resume_market,
            institution.define_asset,
            listing.list_series,
            listing.set_series_state,
            listing.set_fees,
            institution.switch_behaviour,
            money.deposit,
            money.request_withdrawal,
            money.post_withdrawal,
            money.void_withdrawal,
            money.fund_liquidity,
            institution.offer_transfer,
            institution.accept_transfer,
            institution.withdraw_offer,
            institution.set_maker_protection,
            institution.arm_dead_man,
            institution.lose_session,
            orders.place_order,
            orders.replace_order,
            orders.cancel_order,
            orders.mass_cancel,
            quoting.mass_quote,
            settlement.begin_margin_table,
            settlement.load_margin_row,
            settlement.activate_margin_table,
            settlement.sweep_accounts,
            settlement.settle_variation,
            settlement.settle_final,
            settlement.bust_trade,
            settlement.adjust_trade,
            fixings.publish_fixing,
            fixings.declare_no_fix,
            fixings.publish_late_fixing,
            default.fund_tranche,
            default.contribute_fund,
            default.return_fund,
            default.declare_default,
            default.offer_port,
            default.accept_port,
            default.give_notice,
            auction.offer_slice,
            auction.commit_bid,
            auction.open_bid,
            auction.award_slice,
            auction.end_slice,
            default.allocate_loss,
            default.tear_up,
            default.close_default,
            settlement.settle_prices,
            calls.admit_collateral,
            calls.value_collateral,
            calls.issue_call,
            calls.publish_digest,
            joining.set_eligibility,
            lines.record_cover,
            lines.set_line,
            lines.fund_lines,
            lines.secure_lines,
            alignment.publish_rate,
            delivery.begin_delivery,
            delivery.exercise_right,
            delivery.nominate_delivery,
            tendering.tender_delivery,
            tendering.accept_tender,
            tendering.reject_tender,
            tendering.contest_rejection,
            tendering.determine_tender,
            metering.meter_delivery,
            metering.dispute_metered,
            metering.determine_metered,
            metering.correct_metered,
            remedies.remedy_delivery,
            remedies.terminate_delivery,
            rights.offer_delivery,
            rights.accept_delivery,
            rights.withdraw_delivery,
            rights.pledge_delivery,
            bonds.post_bond,
            bonds.return_bond,
            bonds.fund_delivery,
            bonds.repay_delivery,
            bonds.set_delivery_credit,
            exchanging.offer_exchange,
            exchanging.accept_exchange,
            exchanging.withdraw_exchange,
            guarantees.give_guarantee,
            guarantees.return_guarantee,
        )
    },
}
"""How each command is decided; approve decides the command it approves."""


class House:
    """One institution. Only `take` changes it."""

    def __init__(self) -> None:
        self.state = State()

    @property
    def last_number(self) -> int:
        """Last command number taken, span included."""
        return self.state.last_number

    @property
    def last_time(self) -> int:
        """Venue time, nanoseconds UTC."""
        return self.state.last_time

    @property
    def last_event(self) -> int:
        """Number of the last event told."""
        return self.state.last_event

    def take(self, frames: bytes) -> bytes:
        """Carries out a run of command frames and gives the event frames.

        Raises FrameError before anything is taken when the bytes are not command frames that
        continue the log.
        """
        wire.check_versions(frames)
        commands = wire.read_frames(frames)
        self._check_sequence(commands)
        return b"".join(self._take_one(header, command) for header, command in commands)

    def snapshot(self) -> bytes:
        """The state as record frames in canonical order."""
        return write_records(self.state)

    @classmethod
    def restore(cls, records: bytes) -> House:
        """A house in the state the record frames tell."""
        house = cls()
        house.state = read_records(records)
        return house

    def state_hash(self) -> bytes:
        """SHA-256 of the snapshot."""
        return sha256(self.snapshot()).digest()

    def _check_sequence(self, commands: list[tuple[wire.Header, Any]]) -> None:
        number, time = self.state.last_number, self.state.last_time
        for header, command in commands:
            if header.kind >= 1000:
                raise wire.FrameError(f"kind {header.kind} is not a command")
            if header.number != number + 1 or header.span != wire.span_of(command):
                raise wire.FrameError(f"number {number + 1} expected, {header.number} found")
            if not time <= header.time <= LATEST_TIME:
                raise wire.FrameError(
                    f"time {header.time} does not lie between {time} and {LATEST_TIME}"
                )
            number, time = number + header.span, header.time

    def _take_one(self, header: wire.Header, command: Any) -> bytes:
        place = Place(header.number, header.time, header.actor, header.version)
        self.state.last_number = header.number + header.span - 1
        self.state.last_time = header.time
        told: list[bytes] = []
        self._tell(place, fire_timers(self.state, place), told)
        self._tell(place, run_elected(self.state, place), told)
        try:
            self._tell(place, decide(self.state, place, command), told)
        except Refused as no:
            account = getattr(command, "account", 0)
            refused = wire.Refused(
                refusal=int(no.refusal),
                account=account,
                expected=_clip(no.expected),
                found=_clip(no.found),
            )
            self._tell(place, iter((refused,)), told)
        self._tell(place, run_elected(self.state, place), told)
        assert self.state.balance(LedgerClass.SETTLEMENT) == 0, "settlement is a transit"
        return b"".join(told)

    def _tell(self, place: Place, events: Events, told: list[bytes]) -> None:
        """Each event is written into the state before the next one is decided."""
        for event in events:
            number = self.state.last_event + 1
            evolve(self.state, number, place, event)
            told.append(wire.seal(event, number, place.time, cause=place.number, actor=place.actor))


def _clip(value: int) -> int:
    """Refusals tell amounts in 64 bits; a greater one is told as the greatest."""
    return max(-(2**63), min(2**63 - 1, value))


def decide(state: State, place: Place, command: Any, approved: bool = False) -> Events:
    """The agenda of a command; it refuses before its first event or not at all."""
    authorise(state, place, command, approved)
    if isinstance(command, wire.Approve):
        yield from approve(state, place, command)
    else:
        yield from DECIDES[command.NAME](state, place, command)


def authorise(state: State, place: Place, command: Any, approved: bool) -> None:
    """Who may ask this (INS-001 to INS-006)."""
    if isinstance(command, wire.Genesis) and state.name:
        raise Refused(Refusal.HOUSE_OPEN)
    if not isinstance(command, wire.Genesis) and not state.name:
        raise Refused(Refusal.HOUSE_CLOSED)
    if not command.ROLES:
        if place.actor:
            raise Refused(Refusal.ROLE_MISSING, 0, place.actor)
        return
    actor = state.actors.get(place.actor)
    if actor is None:
        raise Refused(Refusal.ACTOR_UNKNOWN, 0, place.actor)
    closing = isinstance(command, wire.PlaceOrder) and command.close_out
    needed = CLOSERS if closing else command.ROLES
    if not actor.roles & needed or (isinstance(command, HOUSE_ONLY) and actor.member):
        raise Refused(Refusal.ROLE_MISSING, needed, actor.roles)
    _check_not_frozen(state, actor, command)
    if command.FOUR_EYES and not approved:
        raise Refused(Refusal.FOUR_EYES_REQUIRED)
    if not command.SCOPED:
        return
    account = state.accounts.get(command.account)
    if account is None:
        raise Refused(Refusal.ACCOUNT_UNKNOWN, 0, command.account)
    orders_of_their_own = (wire.PlaceOrder, wire.ReplaceOrder, wire.MassQuote, wire.GiveGuarantee)
    stranger = isinstance(command, orders_of_their_own) and not closing
    if actor.member != account.member and (actor.member or stranger):
        raise Refused(Refusal.ACCOUNT_NOT_YOURS, actor.member, command.account)


def _check_not_frozen(state: State, actor: Actor, command: Any) -> None:
    """Actors of a member in default withdraw what waits and ask for nothing else (CLR-036)."""
    if state.behaviour < RECOVERY or actor.member not in state.defaults:
        return
    if not isinstance(command, WITHDRAWS):
        raise Refused(Refusal.MEMBER_FROZEN, 0, actor.member)


def approve(state: State, place: Place, command: wire.Approve) -> Events:
    """Carries out a proposal; the guards of the command inside come first (INS-004)."""
    proposal = state.proposals.get(command.proposal)
    if proposal is None:
        raise Refused(Refusal.PROPOSAL_UNKNOWN, 0, command.proposal)
    if proposal.actor == place.actor:
        raise Refused(Refusal.PROPOSAL_OWN, 0, place.actor)
    kind = wire.MESSAGES[proposal.command]
    roles = state.actors[proposal.actor].roles
    if not roles & kind.ROLES:
        raise Refused(Refusal.ROLE_MISSING, kind.ROLES, roles)
    inner = decide(state, place, kind.unpack(proposal.payload, kind.BLOCK), approved=True)
    first = next(inner)
    yield wire.Approved(proposal=command.proposal)
    yield first
    yield from inner


def fire_timers(state: State, place: Place) -> Events:
    """Everything due by now, in order of (due, kind, id) (EXC-010)."""
    due = sorted((due, *timer) for timer, due in state.timers.items() if due <= place.time)
    for _, kind, number in due:
        if (kind, number) not in state.timers:
            continue
        if kind == ORDER_TIMER:
            yield cancelled(state.orders[number], CancelReason.GTD_EXPIRED)
        elif kind == SERIES_TIMER:
            yield from _end_pause(state, place, number)
        elif kind == ACCOUNT_TIMER:
            yield wire.DeadManFired(account=number)
            theirs = [o for o in state.accounts[number].orders.values() if not o.close_out]
            yield from cancel_all(theirs, CancelReason.DEAD_MAN)
        elif kind == TRANSFER_TIMER:
            yield orders.same(wire.TransferVoided, state.pendings[number])
        elif kind == PROPOSAL_TIMER:
            yield wire.ProposalLapsed(proposal=number)
        elif kind == CALL_TIMER:
            yield from calls.call_due(state, number)
        elif kind == DELIVERY_TIMER:
            yield from remedies.delivery_due(state, place, number)
        elif kind == METERED_TIMER:
            yield from metering.make_final(state, place, number)
        elif kind == FINAL_TIMER:
            yield from metering.close_final(state, number)
        elif kind == CREDIT_TIMER:
            yield from bonds.credit_over(state, number)
        elif kind == EXCHANGE_TIMER:
            yield exchanging.exchange_over(state.owed.exchanges[number], OfferEnd.LAPSED)
        elif kind == GUARANTEE_TIMER:
            yield orders.same(wire.GuaranteeEnded, state.owed.guarantees[number])
        elif kind == DELIVERY_OFFER_TIMER:
            late = state.owed.offers[number]
            yield rights.offer_over(late, OfferEnd.LAPSED)
        else:
            yield institution.offer_ended(state.offers[number], OfferEnd.LAPSED)


def _end_pause(state: State, place: Place, number: int) -> Events:
    """A volatility pause ends in its auction; it waits while the market is halted (EXC-019), and
    closes the series whose trading has ended (EXC-026)."""
    series = state.series[number]
    if place.time >= series.last_trading_time:
        yield from listing.close_series(state, series, PauseReason.TRADING_ENDED)
        return
    if state.halted:
        return
    yield from uncross(state, series)
    yield wire.SeriesStateChanged(
        series=number, state=SeriesState.OPEN, reason=PauseReason.VOLATILITY
    )
