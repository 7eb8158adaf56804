"""What each event does to the ledger: debit one account, credit another (chart:
schema/ledger.toml)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from lasalle.plain.state import USD
from lasalle.wire import (
    AlignmentPosted,
    BondMoved,
    DeliveryFunded,
    DeliveryMarginMoved,
    DeliveryPaid,
    DeliveryRepaid,
    FundContributed,
    FundReturned,
    GuaranteeEnded,
    GuaranteeGiven,
    GuaranteePaid,
    LedgerClass,
    LineAccrued,
    LineDrawn,
    LineRepaid,
    LinesFunded,
    LineWrittenOff,
    LossAllocated,
    LossLayer,
    PaymentPosted,
    ReceivablePaid,
    RemedyPaid,
    RemedySource,
    TradeBusted,
    Traded,
    Tranche,
    TrancheFunded,
    TransferPosted,
    TransferReason,
)

C = LedgerClass
PAYS = {
    LossLayer.MARGIN: C.CASH,
    LossLayer.OWN_FUND: C.DEFAULT_FUND,
    LossLayer.FIRST_LOSS: C.FIRST_LOSS,
    LossLayer.ABSENT_FUND: C.DEFAULT_FUND,
    LossLayer.BIDDING_FUND: C.DEFAULT_FUND,
    LossLayer.SECOND_TRANCHE: C.SECOND_TRANCHE,
    LossLayer.ASSESSMENT: C.CASH,
    LossLayer.GAINS: C.CASH,
    LossLayer.CLIENT_GAINS: C.CASH,
}
"""What each layer of the waterfall is paid from (CLR-024)."""
REMEDIES = {
    RemedySource.RECEIVABLE: C.DELIVERY_RECEIVABLE,
    RemedySource.MARGIN: C.DELIVERY_MARGIN,
    RemedySource.BOND: C.PERFORMANCE_BOND,
    RemedySource.CASH: C.CASH,
    RemedySource.GUARANTEE: C.CASH,
    RemedySource.INITIAL_MARGIN: C.CASH,
}
"""What each source of a remedy is paid from, of the account that failed (DEL-026); a guarantee has
given it its cash before."""
MOVES_MONEY = frozenset(
    (
        *(Traded, TradeBusted, TransferPosted, PaymentPosted, AlignmentPosted),
        *(TrancheFunded, FundContributed, FundReturned, LossAllocated),
        *(LinesFunded, LineDrawn, LineAccrued, LineRepaid, LineWrittenOff),
        *(DeliveryPaid, ReceivablePaid, RemedyPaid, DeliveryMarginMoved, BondMoved),
        *(DeliveryFunded, DeliveryRepaid, GuaranteeGiven, GuaranteePaid, GuaranteeEnded),
    )
)
"""Events that have postings."""


class Posting(NamedTuple):
    """Amount of an asset leaves `debit` and enters `credit`; each is (class, account)."""

    debit: tuple[LedgerClass, int]
    credit: tuple[LedgerClass, int]
    asset: int
    amount: int


def postings(event: Any, shortfall: int) -> Iterator[Posting]:
    """Postings of an event; none for an event that moves no money.

    shortfall: micro-dollars of default shortfall open before the event; repayments fill it before
    the house's liquidity (LED-006).
    """
    if isinstance(event, Traded):
        yield from _fees(event, back=False)
        yield from _move((C.CASH, event.buy_account), (C.CASH, event.sell_account), event.premium)
    elif isinstance(event, TradeBusted):
        yield from _fees(event, back=True)
    elif isinstance(event, TransferPosted):
        yield from _transfer(event, shortfall)
    elif isinstance(event, PaymentPosted | AlignmentPosted):
        yield from _payment(event, shortfall)
    elif isinstance(event, LinesFunded):
        yield from _move((C.BANK, 0), (C.LINE_FUND, 0), event.amount)
    elif isinstance(event, LineDrawn | LineAccrued | LineRepaid | LineWrittenOff):
        yield from _line(event)
    elif isinstance(event, LossAllocated):
        yield from _loss(event, shortfall)
    elif isinstance(event, FundContributed):
        fund = (C.DEFAULT_FUND, event.account)
        yield from _move((C.CASH, event.account), fund, event.amount)
    elif isinstance(event, FundReturned):
        fund = (C.DEFAULT_FUND, event.account)
        yield from _move(fund, (C.CASH, event.account), event.amount)
    elif isinstance(event, TrancheFunded):
        first = event.tranche == Tranche.FIRST_LOSS
        tranche = C.FIRST_LOSS if first else C.SECOND_TRANCHE
        yield from _move((C.BANK, 0), (tranche, 0), event.amount)
    else:
        yield from _delivery(event, shortfall)


def _delivery(event: Any, shortfall: int) -> Iterator[Posting]:
    """Money beside deliveries (DEL-024 to DEL-029, DEL-035)."""
    if isinstance(event, DeliveryPaid):
        kept = (C.DELIVERY_RECEIVABLE, event.account)
        yield from _either((C.SETTLEMENT, 0), kept, event.amount)
    elif isinstance(event, ReceivablePaid):
        kept = (C.DELIVERY_RECEIVABLE, event.account)
        yield from _repay(event.account, kept, event.to_dues, shortfall)
        yield from _move(kept, (C.CASH, event.account), event.amount - event.to_dues)
    elif isinstance(event, RemedyPaid):
        if event.source == RemedySource.FUND:
            yield from _move((C.DELIVERY_FUND, 0), (C.SETTLEMENT, 0), event.amount)
            owed = (C.DELIVERY_OWED, event.account)
            yield from _move(owed, (C.DELIVERY_CLAIMS, 0), event.amount)
        else:
            pot = REMEDIES[RemedySource(event.source)]
            yield from _move((pot, event.account), (C.SETTLEMENT, 0), event.amount)
    elif isinstance(event, DeliveryMarginMoved):
        cash, margin = (C.CASH, event.account), (C.DELIVERY_MARGIN, event.account)
        yield from _either(cash, margin, event.amount)
    elif isinstance(event, BondMoved):
        cash, bond = (C.CASH, event.account), (C.PERFORMANCE_BOND, event.account)
        yield from _either(cash, bond, event.amount)
    elif isinstance(event, GuaranteeGiven):
        cash, given = (C.CASH, event.account), (C.GUARANTEE, event.account)
        yield from _move(cash, given, event.amount)
    elif isinstance(event, GuaranteePaid | GuaranteeEnded):
        paid = isinstance(event, GuaranteePaid)
        cash = (C.CASH, event.to_account if paid else event.account)
        yield from _move((C.GUARANTEE, event.account), cash, event.amount)
    elif isinstance(event, DeliveryFunded):
        yield from _move((C.BANK, 0), (C.DELIVERY_FUND, 0), event.amount)
    elif isinstance(event, DeliveryRepaid):
        yield from _move((C.CASH, event.account), (C.DELIVERY_FUND, 0), event.amount)
        owed = (C.DELIVERY_OWED, event.account)
        yield from _move((C.DELIVERY_CLAIMS, 0), owed, event.amount)


def _either(
    debit: tuple[LedgerClass, int], credit: tuple[LedgerClass, int], amount: int
) -> Iterator[Posting]:
    """A negative amount goes the other way."""
    if amount < 0:
        debit, credit, amount = credit, debit, -amount
    yield from _move(debit, credit, amount)


def _move(
    debit: tuple[LedgerClass, int], credit: tuple[LedgerClass, int], amount: int, asset: int = USD
) -> Iterator[Posting]:
    if amount:
        yield Posting(debit, credit, asset, amount)


def _fees(event: Traded | TradeBusted, *, back: bool) -> Iterator[Posting]:
    for account, fee, clearing_fee in (
        (event.buy_account, event.buy_fee, event.buy_clearing_fee),
        (event.sell_account, event.sell_fee, event.sell_clearing_fee),
    ):
        for earned, amount in ((C.EXCHANGE_FEES, fee), (C.CLEARING_FEES, clearing_fee)):
            cash = (C.CASH, account)
            if back:
                yield from _move((earned, 0), cash, amount)
            else:
                yield from _move(cash, (earned, 0), amount)


def _repay(
    account: int, source: tuple[LedgerClass, int], amount: int, shortfall: int
) -> Iterator[Posting]:
    filled = min(amount, shortfall)
    yield from _move(source, (C.DEFAULT_SHORTFALL, 0), filled)
    yield from _move(source, (C.HOUSE_LIQUIDITY, 0), amount - filled)
    yield from _move((C.ADVANCES_RECEIVABLE, 0), (C.DUE_FROM_MEMBER, account), amount)


def _transfer(event: TransferPosted, shortfall: int) -> Iterator[Posting]:
    cash = (C.CASH, event.account)
    if event.reason == TransferReason.DEPOSIT:
        yield from _repay(event.account, (C.BANK, 0), event.to_dues, shortfall)
        yield from _move((C.BANK, 0), cash, event.amount - event.to_dues, event.asset)
    elif event.reason == TransferReason.WITHDRAWAL:
        yield from _move(cash, (C.BANK, 0), event.amount, event.asset)
    else:
        yield from _move((C.BANK, 0), (C.DEFAULT_SHORTFALL, 0), event.to_dues)
        yield from _move((C.BANK, 0), (C.HOUSE_LIQUIDITY, 0), event.amount - event.to_dues)


def _payment(event: PaymentPosted | AlignmentPosted, shortfall: int) -> Iterator[Posting]:
    transit, account = (C.SETTLEMENT, 0), event.account
    if event.amount < 0:
        yield from _move((C.CASH, account), transit, event.from_cash)
        yield from _move((C.HOUSE_LIQUIDITY, 0), transit, event.advanced)
        yield from _move((C.DEFAULT_SHORTFALL, 0), transit, event.shortfall)
        owed = event.advanced + event.shortfall
        yield from _move((C.DUE_FROM_MEMBER, account), (C.ADVANCES_RECEIVABLE, 0), owed)
    else:
        yield from _repay(account, transit, event.to_dues, shortfall)
        yield from _move(transit, (C.CASH, account), event.amount - event.to_dues)


def _loss(event: LossAllocated, shortfall: int) -> Iterator[Posting]:
    """Dues fall by what their layer pays, and pass to who owes the rest (CLR-024, CLR-026);
    what the house bears of what it advanced is paid by nobody (CLR-035)."""
    if event.layer == LossLayer.LIQUIDITY:
        owed = (C.DUE_FROM_MEMBER, event.due_account)
        yield from _move((C.ADVANCES_RECEIVABLE, 0), owed, event.amount)
        return
    due, source = (C.DUE_FROM_MEMBER, event.due_account), (PAYS[event.layer], event.account)
    yield from _repay(event.due_account, source, event.amount - event.owed, shortfall)
    yield from _move((C.DUE_FROM_MEMBER, event.account), due, event.owed)


def _line(event: LineDrawn | LineAccrued | LineRepaid | LineWrittenOff) -> Iterator[Posting]:
    """Cash lent and paid back, and beside it what is owed (CLR-052, CLR-054)."""
    cash, owed_in_all = (C.CASH, event.account), (C.LINES_RECEIVABLE, 0)
    principal, interest = (C.LINE_PRINCIPAL, event.account), (C.LINE_INTEREST, event.account)
    if isinstance(event, LineDrawn):
        yield from _move((C.LINE_FUND, 0), cash, event.amount)
        yield from _move(principal, owed_in_all, event.amount)
        return
    if isinstance(event, LineAccrued):
        yield from _move(interest, owed_in_all, event.amount)
        return
    if isinstance(event, LineRepaid):
        payer = (C.CASH, event.payer)
        yield from _move(payer, (C.LINE_INCOME, 0), event.interest)
        yield from _move(payer, (C.LINE_FUND, 0), event.principal)
    yield from _move(owed_in_all, interest, event.interest)
    yield from _move(owed_in_all, principal, event.principal)
