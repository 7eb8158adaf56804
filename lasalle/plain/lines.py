"""Deciding lines of credit for the variation of covered sellers (CLR-050 to CLR-055)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lasalle import wire
from lasalle.plain.collateral import WHOLE_UNIT
from lasalle.plain.months import days_between
from lasalle.plain.orders import find_series, same
from lasalle.plain.soundness import owed, principal_of
from lasalle.plain.state import JOINING, Account, Place, Refused, State, need_behaviour
from lasalle.plain.waterfall import Part, accounts_of, own_money
from lasalle.wire import Bound, LedgerClass, Refusal

Events = Iterator[Any]
MILLION = 1_000_000


# -- terms ---------------------------------------------------------------------------------------


def _find_account(state: State, number: int) -> Account:
    account = state.accounts.get(number)
    if account is None:
        raise Refused(Refusal.ACCOUNT_UNKNOWN, 0, number)
    return account


def _check_term(term: int, bound: int) -> None:
    if not 0 <= term <= bound:
        raise Refused(Refusal.LINE_TERMS, bound, term)


def record_cover(state: State, place: Place, command: wire.RecordCover) -> Events:
    need_behaviour(state, JOINING)
    _find_account(state, command.account)
    find_series(state, command.series)
    _check_term(command.lots, Bound.ACCOUNT_GROSS_LOTS)
    if command.lots and command.until <= place.time:
        raise Refused(Refusal.EXPIRY_NOT_AHEAD, place.time, command.until)
    if command.lots and command.evidence == bytes(32):
        raise Refused(Refusal.COVER_UNPROVEN, 0, command.lots)
    yield same(wire.CoverRecorded, command)


def set_line(state: State, place: Place, command: wire.SetLine) -> Events:
    need_behaviour(state, JOINING)
    account = _find_account(state, command.account)
    _check_term(command.limit, Bound.MONEY)
    _check_term(command.rate, Bound.LINE_RATE)
    if command.limit:
        if account.member in state.defaults:
            raise Refused(Refusal.MEMBER_IN_DEFAULT, 0, account.member)
        covers = state.credit.covers.values()
        if not any(c.account == command.account and c.until > place.time for c in covers):
            raise Refused(Refusal.COVER_MISSING, 0, command.account)
        limits = {line.account: line.limit for line in state.credit.lines.values()}
        limits[command.account] = command.limit
        undrawn = sum(max(0, limit - principal_of(state, a)) for a, limit in limits.items())
        fund = state.balance(LedgerClass.LINE_FUND)
        if undrawn > fund:
            raise Refused(Refusal.LINE_FUND_SHORT, fund, undrawn)
    yield same(wire.LineSet, command)


def fund_lines(state: State, place: Place, command: wire.FundLines) -> Events:
    need_behaviour(state, JOINING)
    for amount in (command.amount, command.amount - state.balance(LedgerClass.BANK)):
        if amount <= 0:
            raise Refused(Refusal.AMOUNT_NOT_POSITIVE, 1, amount)
        if amount > Bound.MONEY:
            raise Refused(Refusal.AMOUNT_TOO_LARGE, Bound.MONEY, amount)
    yield same(wire.LinesFunded, command)


def secure_lines(state: State, place: Place, command: wire.SecureLines) -> Events:
    need_behaviour(state, JOINING)
    terms = state.collateral.get(command.asset)
    if terms is None:
        raise Refused(Refusal.COLLATERAL_UNKNOWN, 0, command.asset)
    for term, bound in ((command.advance, 10_000), (command.account_cap, Bound.MONEY)):
        if not 0 <= term <= bound:
            raise Refused(Refusal.COLLATERAL_TERMS, bound, term)
    if command.advance and terms.haircut < 10_000:
        raise Refused(Refusal.ASSET_COVERS_MARGIN, 0, command.asset)
    yield same(wire.LinesSecured, command)


# -- what is owed, and what secures it -----------------------------------------------------------


def secured(state: State, account: Account, leaving: tuple[int, int] = (0, 0)) -> int:
    """What secures an account's line, micro-dollars, each asset rounded down; `leaving` is an asset
    and units of it about to go (CLR-053)."""
    value = 0
    for asset, security in state.credit.securities.items():
        units = state.free_of_holds(account, asset) - leaving[1] * (asset == leaving[0])
        price = state.collateral[asset].price
        worth = units * price * security.advance // (WHOLE_UNIT * 10_000)
        value += min(security.account_cap, worth)
    return min(Bound.MONEY, value)


def check_securing(state: State, account: Account, asset: int, units: int) -> None:
    """What secures a line leaves only while what stays secures what is owed (CLR-053)."""
    due = owed(state, account.account)
    if not due or asset not in state.credit.securities:
        return
    stays = secured(state, account, (asset, units))
    if stays < due:
        raise Refused(Refusal.LINE_UNPAID, due, stays)


# -- a settlement --------------------------------------------------------------------------------


def covered_losses(
    state: State, place: Place, prices: Sequence[wire.SeriesPrice | wire.FoundPrice]
) -> dict[int, int]:
    """What each account with a line loses at these prices on short lots it has shown it can
    deliver, rounded down series by series (CLR-052)."""
    priced = {item.series: item.price for item in prices}
    found: dict[int, int] = {}
    for cover in state.credit.covers.values():
        account, series = state.accounts[cover.account], state.series[cover.series]
        position = account.positions.get(cover.series)
        if series.is_option or position is None or position.lots >= 0:
            continue
        if cover.account not in state.credit.lines or cover.until <= place.time:
            continue
        loss = (position.cost - position.lots * priced[cover.series]) * series.hours
        short = -position.lots
        part = max(0, loss) * min(cover.lots, short) // short
        found[cover.account] = found.get(cover.account, 0) + part
    return found


def drawing(state: State, account: Account, wanted: int, covered: int) -> int:
    """What a line lends of what cash does not pay (CLR-052)."""
    line = state.credit.lines.get(account.account)
    if line is None or account.member in state.defaults:
        return 0
    room = min(line.limit, secured(state, account)) - owed(state, account.account)
    fund = state.balance(LedgerClass.LINE_FUND)
    return max(0, min(wanted, covered, room, fund))


def accrue(state: State, since: int, day: int) -> Events:
    """Interest of every line for the days since the last settlement, rounded up (CLR-054)."""
    days = days_between(since, day) if since else 0
    for number in sorted(state.credit.lines):
        rate = state.credit.lines[number].rate
        interest = -(-principal_of(state, number) * rate * days // MILLION)
        interest = min(interest, Bound.MONEY - state.balance(LedgerClass.LINES_RECEIVABLE))
        if interest > 0:
            yield wire.LineAccrued(account=number, days=days, amount=interest)


def repay(state: State, account: Account, incoming: int) -> Events:
    """Money that came in repays interest, then principal (CLR-054); in a default all waits for its
    close."""
    if account.member not in state.defaults:
        yield from _repaid(state, account.account, account.account, incoming)


def _repaid(state: State, number: int, payer: int, incoming: int) -> Events:
    interest = min(incoming, -state.balance(LedgerClass.LINE_INTEREST, number))
    principal = min(incoming - interest, principal_of(state, number))
    if interest or principal:
        yield wire.LineRepaid(account=number, interest=interest, principal=principal, payer=payer)


def left_for_lines(state: State, member: int) -> tuple[list[Part], dict[int, int]]:
    """At the end of a default, what cash pays of what lines of a member are owed: an account's own,
    then that of house accounts; and what is left owed, for which no security stands any more
    (CLR-055)."""
    owing = {a.account: owed(state, a.account) for a in accounts_of(state, member)}
    left = {number: due for number, due in owing.items() if due}
    parts = own_money(state, member, left)
    for number, rest in left.items():
        for asset in sorted(state.credit.securities) if rest else ():
            if state.balance(LedgerClass.CASH, number, asset):
                raise Refused(Refusal.COLLATERAL_STANDS, asset, number)
    return parts, left


def close_lines(state: State, parts: Sequence[Part], left: Iterable[int]) -> Events:
    """Lines are repaid as far as cash goes; the rest is the house's loss (CLR-055)."""
    for part in parts:
        yield from _repaid(state, part.due_account, part.account, part.amount)
    for number in left:
        if owed(state, number):
            yield wire.LineWrittenOff(
                account=number,
                interest=-state.balance(LedgerClass.LINE_INTEREST, number),
                principal=principal_of(state, number),
            )
