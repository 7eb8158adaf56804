"""State to record frames and back, in the canonical order of schema/records.toml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from lasalle import wire
from lasalle.plain.book import Book
from lasalle.plain.credit import Cover, Credit, Line, Rate, Security
from lasalle.plain.evolve_joining import bar
from lasalle.plain.obligations import (
    Delivery,
    DeliveryCredit,
    DeliveryOffer,
    Exchange,
    Exercise,
    FinalHours,
    Guarantee,
    Metered,
    Obligations,
    Terms,
)
from lasalle.plain.stakes import Bid, Cooling, Default, Notice, Port, Slice, Stake
from lasalle.plain.state import (
    Account,
    Actor,
    Call,
    Collateral,
    Digest,
    Fixing,
    Member,
    NoFix,
    Offer,
    Order,
    Pending,
    Position,
    Proposal,
    Protection,
    Reference,
    Series,
    State,
    Trade,
)
from lasalle.plain.tables import Row, Table
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
    OFFER_TIMER,
    ORDER_TIMER,
    PROPOSAL_TIMER,
    SERIES_TIMER,
    TRANSFER_TIMER,
    set_timer,
)
from lasalle.wire import LedgerClass, OrderState, ScenarioLoss

OF_DEFAULTS = wire.StakeRecord | wire.GainRecord | wire.BidRecord | wire.EarlierGainRecord


def write_records(state: State) -> bytes:
    """Record frames of a state; equal states give equal bytes."""
    return b"".join(wire.seal(record, state.last_number, 0) for record in _records(state))


def _fill(record: type[Any], source: Any, **more: Any) -> Any:
    taken = {f: getattr(source, f) for f in record.__struct_fields__ if f not in more}
    return record(**taken, **more)


def _ordered(items: dict[Any, Any]) -> list[Any]:
    return [items[key] for key in sorted(items)]


def _records(state: State) -> Iterator[Any]:
    accounts = _ordered(state.accounts)
    yield _fill(
        wire.HouseRecord,
        state,
        table=state.table.table if state.table else 0,
        loading=state.loading.table if state.loading else 0,
    )
    for asset in sorted(state.assets):
        yield wire.AssetRecord(asset=asset, name=state.assets[asset])
    yield from (_fill(wire.MemberRecord, m) for m in _ordered(state.members))
    yield from (_fill(wire.ActorRecord, a) for a in _ordered(state.actors))
    yield from (_fill(wire.AccountRecord, a) for a in accounts)
    for key in sorted(k for k, balance in state.balances.items() if balance):
        yield wire.BalanceRecord(
            ledger_class=key[0], account=key[1], asset=key[2], balance=state.balances[key]
        )
    yield from (_fill(wire.PendingRecord, p) for p in _ordered(state.pendings))
    yield from (_fill(wire.SeriesRecord, s) for s in _ordered(state.series))
    yield from (_fill(wire.OrderRecord, o) for o in _ordered(state.orders))
    for account in accounts:
        for series in sorted(account.positions):
            yield _fill(
                wire.PositionRecord,
                account.positions[series],
                account=account.account,
                series=series,
            )
    for account in accounts:
        yield from (
            _fill(wire.ReferenceRecord, r, account=account.account)
            for r in _ordered(account.references)
        )
    yield from (_fill(wire.ProposalRecord, p) for p in _ordered(state.proposals))
    yield from (_fill(wire.OfferRecord, o) for o in _ordered(state.offers))
    yield from (_fill(wire.TradeRecord, t) for t in _ordered(state.trades))
    for account in accounts:
        yield from (
            _fill(wire.ProtectionRecord, p, account=account.account)
            for p in _ordered(account.protections)
        )
    tables = [t for t in (state.table, state.loading) if t is not None]
    yield from (_fill(wire.TableRecord, t) for t in tables)
    for table in tables:
        yield from (
            _fill(
                wire.RowRecord,
                r,
                table=table.table,
                losses=tuple(ScenarioLoss(x) for x in r.losses),
            )
            for r in _ordered(table.series)
        )
    yield from (_fill(wire.FixingRecord, f) for f in _ordered(state.fixings))
    yield from (_fill(wire.NoFixRecord, n) for n in _ordered(state.no_fixes))
    yield from _late_records(state)


def _late_records(state: State) -> Iterator[Any]:
    """Defaults, collateral, calls and publications."""
    yield from (_fill(wire.DefaultRecord, d) for d in _ordered(state.defaults))
    yield from (_fill(wire.StakeRecord, s) for s in _ordered(state.stakes))
    for number in sorted(state.gains):
        yield wire.GainRecord(account=number, gain=state.gains[number])
    yield from (_fill(wire.BidRecord, b) for b in _ordered(state.bids))
    yield from (_fill(wire.PortRecord, p) for p in _ordered(state.ports))
    yield from (_fill(wire.CollateralRecord, c) for c in _ordered(state.collateral))
    yield from (_fill(wire.MarginCallRecord, c) for c in _ordered(state.calls))
    yield from (_fill(wire.DigestRecord, d) for d in _ordered(state.digests))
    yield from (_fill(wire.SliceRecord, s) for s in _ordered(state.slices))
    yield from (_fill(wire.CoolingRecord, c) for c in _ordered(state.coolings))
    yield from (_fill(wire.NoticeRecord, n) for n in _ordered(state.notices))
    for number in sorted(state.earlier):
        yield wire.EarlierGainRecord(account=number, gain=state.earlier[number])
    yield from (_fill(wire.CoverRecord, c) for c in _ordered(state.credit.covers))
    yield from (_fill(wire.LineRecord, c) for c in _ordered(state.credit.lines))
    yield from (_fill(wire.SecurityRecord, s) for s in _ordered(state.credit.securities))
    yield from (_fill(wire.RateRecord, r) for r in _ordered(state.credit.rates))
    for (account, series), amount in sorted(state.credit.variation.items()):
        yield wire.VariationRecord(account=account, series=series, amount=amount)
    owed = state.owed
    yield from (_fill(wire.DeliveryTermsRecord, t) for t in _ordered(owed.terms))
    yield from (_fill(wire.DeliveryRecord, d) for d in _ordered(owed.deliveries))
    yield from (_fill(wire.MeteredRecord, m) for m in _ordered(owed.metered))
    yield from (_fill(wire.DeliveryOfferRecord, o) for o in _ordered(owed.offers))
    yield from (_fill(wire.ExerciseRecord, e) for e in _ordered(owed.exercises))
    yield from (_fill(wire.DeliveryCreditRecord, c) for c in _ordered(owed.credits))
    yield from (_fill(wire.FinalHoursRecord, f) for f in _ordered(owed.finals))
    yield from (_fill(wire.ExchangeRecord, e) for e in _ordered(owed.exchanges))
    yield from (_fill(wire.GuaranteeRecord, g) for g in _ordered(owed.guarantees))


def read_records(frames: bytes) -> State:
    """The state that record frames tell, caches rebuilt.

    Raises FrameError when they are not the records of a house.
    """
    try:
        return _read_all(frames)
    except wire.FrameError:
        raise
    except (AssertionError, AttributeError, KeyError, ValueError) as error:
        raise wire.FrameError(f"not the records of a house: {error!r}") from error


def _read_all(frames: bytes) -> State:
    wire.check_versions(frames)
    return state_of(record for _, record in wire.read_frames(frames))


def state_of(records: Iterable[Any]) -> State:
    """The state that records tell; some kinds may be left out, the house's own stands first."""
    state = State()
    references: list[wire.ReferenceRecord] = []
    marks: dict[str, int] = {}
    for record in records:
        if isinstance(record, wire.HouseRecord):
            _house(state, record)
            marks = {"table": record.table, "loading": record.loading}
        elif isinstance(record, wire.ReferenceRecord):
            references.append(record)
        else:
            _read(state, record, marks)
    # A full account forgets its first reference first, so references come back in order of use.
    for item in sorted(references, key=lambda r: (r.original, r.reference)):
        state.accounts[item.account].references[item.reference] = _build(Reference, item)
    _rebuild_caches(state)
    return state


def _build(kind: type[Any], record: Any) -> Any:
    names = kind.__dataclass_fields__
    return kind(**{f: getattr(record, f) for f in record.__struct_fields__ if f in names})


def _house(state: State, record: wire.HouseRecord) -> None:
    for name in (
        "name",
        "last_number",
        "last_time",
        "last_event",
        "behaviour",
        "halted",
        "epoch",
        "settled_day",
    ):
        setattr(state, name, getattr(record, name))
    if record.behaviour > wire.SCHEMA_VERSION:
        raise wire.FrameError(
            f"behaviour {record.behaviour} is in force: expected at most {wire.SCHEMA_VERSION}, "
            "the newest that this program knows. Open the house with the program that wrote it, "
            "or a newer one"
        )


def _read(state: State, record: Any, marks: dict[str, int]) -> None:
    simple: dict[type[Any], tuple[Any, str, type[Any]]] = {
        wire.MemberRecord: (state.members, "member", Member),
        wire.ActorRecord: (state.actors, "actor", Actor),
        wire.AccountRecord: (state.accounts, "account", Account),
        wire.PendingRecord: (state.pendings, "transfer", Pending),
        wire.SeriesRecord: (state.series, "series", Series),
        wire.OrderRecord: (state.orders, "order", Order),
        wire.ProposalRecord: (state.proposals, "proposal", Proposal),
        wire.OfferRecord: (state.offers, "offer", Offer),
        wire.TradeRecord: (state.trades, "trade", Trade),
        wire.FixingRecord: (state.fixings, "index", Fixing),
        wire.DefaultRecord: (state.defaults, "member", Default),
        wire.PortRecord: (state.ports, "account", Port),
        wire.SliceRecord: (state.slices, "slice", Slice),
        wire.CoolingRecord: (state.coolings, "account", Cooling),
        wire.NoticeRecord: (state.notices, "member", Notice),
        wire.CollateralRecord: (state.collateral, "asset", Collateral),
        wire.MarginCallRecord: (state.calls, "account", Call),
        wire.DigestRecord: (state.digests, "publication", Digest),
        wire.LineRecord: (state.credit.lines, "account", Line),
        wire.SecurityRecord: (state.credit.securities, "asset", Security),
    }
    if type(record) in simple:
        home, key, kind = simple[type(record)]
        home[getattr(record, key)] = _build(kind, record)
    elif isinstance(record, wire.AssetRecord):
        state.assets[record.asset] = record.name
    elif isinstance(record, wire.BalanceRecord):
        key_ = (LedgerClass(record.ledger_class), record.account, record.asset)
        state.balances[key_] = record.balance
    elif isinstance(record, wire.PositionRecord):
        state.accounts[record.account].positions[record.series] = _build(Position, record)
    elif isinstance(record, wire.NoFixRecord):
        state.no_fixes[record.index, record.day] = _build(NoFix, record)
    elif isinstance(record, wire.ProtectionRecord):
        protections = state.accounts[record.account].protections
        protections[record.group] = _build(Protection, record)
    elif isinstance(record, OF_DEFAULTS):
        _read_default(state, record)
    elif isinstance(record, wire.CoverRecord | wire.RateRecord | wire.VariationRecord):
        _read_credit(state.credit, record)
    elif not _read_owed(state.owed, record):
        _read_table(state, record, marks)


def _read_owed(owed: Obligations, record: Any) -> bool:
    """Reads a record of deliveries; False for any other."""
    simple: dict[type[Any], tuple[Any, str, type[Any]]] = {
        wire.DeliveryTermsRecord: (owed.terms, "series", Terms),
        wire.DeliveryRecord: (owed.deliveries, "delivery", Delivery),
        wire.MeteredRecord: (owed.metered, "metered", Metered),
        wire.DeliveryOfferRecord: (owed.offers, "offer", DeliveryOffer),
        wire.DeliveryCreditRecord: (owed.credits, "account", DeliveryCredit),
        wire.FinalHoursRecord: (owed.finals, "metered", FinalHours),
        wire.ExchangeRecord: (owed.exchanges, "offer", Exchange),
        wire.GuaranteeRecord: (owed.guarantees, "guarantee", Guarantee),
    }
    if type(record) in simple:
        home, key, kind = simple[type(record)]
        home[getattr(record, key)] = _build(kind, record)
    elif isinstance(record, wire.ExerciseRecord):
        owed.exercises[record.account, record.series] = _build(Exercise, record)
    else:
        return False
    return True


def _read_table(state: State, record: Any, marks: dict[str, int]) -> None:
    if isinstance(record, wire.TableRecord):
        table = Table(record.table, record.scenarios, record.rows)
        setattr(state, "table" if record.table == marks["table"] else "loading", table)
    else:
        home_ = state.table if record.table == marks["table"] else state.loading
        assert home_ is not None, "a row's table stands before it"
        losses = tuple(x.loss for x in record.losses)
        home_.series[record.series] = Row(
            record.series,
            record.mark,
            record.liquidity,
            record.concentration_lots,
            record.concentration,
            record.delta,
            record.vega,
            losses,
        )


def _read_default(state: State, record: Any) -> None:
    if isinstance(record, wire.StakeRecord):
        state.stakes[record.member, record.account] = _build(Stake, record)
    elif isinstance(record, wire.BidRecord):
        state.bids[record.slice, record.account] = _build(Bid, record)
    elif isinstance(record, wire.GainRecord):
        state.gains[record.account] = record.gain
    else:
        state.earlier[record.account] = record.gain


def _read_credit(credit: Credit, record: Any) -> None:
    if isinstance(record, wire.RateRecord):
        credit.rates[record.day] = _build(Rate, record)
    elif isinstance(record, wire.CoverRecord):
        credit.covers[record.account, record.series] = _build(Cover, record)
    else:
        credit.variation[record.account, record.series] = record.amount


def _rebuild_caches(state: State) -> None:
    for series in state.series.values():
        state.symbols[series.symbol] = series.series
        state.books[series.series] = Book()
        state.waiting[series.series] = {}
        if series.until:
            state.timers[SERIES_TIMER, series.series] = series.until
    for order in sorted(state.orders.values(), key=lambda o: (o.priority, o.order)):
        state.accounts[order.account].orders[order.order] = order
        if order.state == OrderState.RESTING:
            state.books[order.series].append(order)
        elif order.state == OrderState.WAITING:
            state.waiting[order.series][order.order] = order
        if order.expiry:
            state.timers[ORDER_TIMER, order.order] = order.expiry
    for account in state.accounts.values():
        bar(state, account)
        if account.dead_man:
            state.timers[ACCOUNT_TIMER, account.account] = account.dead_man
    for pending in state.pendings.values():
        held = state.accounts[pending.account].held
        held[pending.asset] = held.get(pending.asset, 0) + pending.amount
        if pending.due:
            state.timers[TRANSFER_TIMER, pending.transfer] = pending.due
    for proposal in state.proposals.values():
        set_timer(state, (PROPOSAL_TIMER, proposal.proposal), proposal.due)
    for offer in state.offers.values():
        set_timer(state, (OFFER_TIMER, offer.offer), offer.due)
    for call in state.calls.values():
        set_timer(state, (CALL_TIMER, call.account), call.due)
    for delivery in state.owed.deliveries.values():
        set_timer(state, (DELIVERY_TIMER, delivery.delivery), delivery.due)
    for metered in state.owed.metered.values():
        set_timer(state, (METERED_TIMER, metered.metered), metered.due)
    for late in state.owed.offers.values():
        set_timer(state, (DELIVERY_OFFER_TIMER, late.offer), late.due)
    for final in state.owed.finals.values():
        set_timer(state, (FINAL_TIMER, final.metered), final.due)
    for credit in state.owed.credits.values():
        set_timer(state, (CREDIT_TIMER, credit.account), credit.until)
    for exchange in state.owed.exchanges.values():
        set_timer(state, (EXCHANGE_TIMER, exchange.offer), exchange.due)
    for guarantee in state.owed.guarantees.values():
        set_timer(state, (GUARANTEE_TIMER, guarantee.guarantee), guarantee.until)
