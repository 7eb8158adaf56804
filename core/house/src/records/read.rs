//! Record frames to state; caches are rebuilt from what the records say.

use crate::book::{Book, MAX_LOTS, MAX_PRICE};
use crate::frame::{FrameError, Message, check_version, read_body, read_header};
use crate::joining::EVERY_PRODUCT;
use crate::references::Reference;
use crate::state::{
    Account, AccountAt, Actor, Fixing, Member, Offer, Order, Pending, Proposal, Protection, Row,
    Series, SeriesAt, State, Table, Terms, TimerKind, Trade, product_of,
};
use crate::wire::{self, LedgerClass, OrderState, bound};

mod cover;
mod default;
mod obligations;

/// What is entered when every account and series is known.
#[derive(Default)]
struct Later {
    table: u32,
    orders: Vec<(Order, Terms)>,
    references: Vec<(AccountAt, Reference)>,
}

fn bent(what: impl std::fmt::Display) -> FrameError {
    FrameError(format!("not the records of a house: {what}"))
}

/// The state that record frames tell, caches rebuilt.
///
/// # Errors
/// When the bytes are not the records of a house.
pub(crate) fn read_records(frames: &[u8]) -> Result<State, FrameError> {
    let mut state = State::default();
    let mut later = Later::default();
    let mut at = 0;
    while at < frames.len() {
        let header = read_header(&frames[at..])?;
        check_version(&header)?;
        let frame = &frames[at..at + header.length];
        let body = read_body(&header, frame)?;
        if at == 0 && header.kind != wire::HouseRecord::KIND {
            return Err(bent("the first record is the house's own"));
        }
        read_record(&mut state, &mut later, header.kind, body, header.block)?;
        at += header.length;
    }
    // A full account forgets its first reference first, so references come back in order of use.
    let most = bound::REFERENCES_PER_ACCOUNT as usize;
    later.references.sort_by_key(|(account, _)| *account);
    for of_account in later.references.chunk_by_mut(|one, other| one.0 == other.0) {
        of_account.sort_unstable_by(|(_, one), (_, other)| {
            let numbers = one.original.cmp(&other.original);
            numbers.then_with(|| one.reference.cmp(&other.reference))
        });
        let kept = &mut state.accounts[of_account[0].0 as usize].references;
        for (_, reference) in of_account {
            kept.push(reference, most);
        }
    }
    later
        .orders
        .sort_by_cached_key(|(o, _)| (o.priority, o.order));
    for (order, terms) in later.orders {
        state.restore_order(order, terms);
    }
    state.mark_suspended();
    state.count_all_collateral();
    state.lay_out();
    Ok(state)
}

fn read_record(
    state: &mut State,
    later: &mut Later,
    kind: u16,
    body: &[u8],
    block: usize,
) -> Result<(), FrameError> {
    match kind {
        wire::HouseRecord::KIND => {
            let r = wire::HouseRecord::unpack(body, block)?;
            later.table = r.table;
            read_house(state, &r)?;
        }
        wire::AssetRecord::KIND => {
            let r = wire::AssetRecord::unpack(body, block)?;
            state.assets.insert(r.asset, r.name);
        }
        wire::MemberRecord::KIND => {
            let r = wire::MemberRecord::unpack(body, block)?;
            let member = Member {
                member: r.member,
                name: r.name,
                suspended: r.suspended,
                withheld: read_products(r.withheld)?,
            };
            state.members.insert(r.member, member);
        }
        wire::ActorRecord::KIND => {
            let r = wire::ActorRecord::unpack(body, block)?;
            let actor = Actor {
                actor: r.actor,
                member: r.member,
                roles: r.roles,
            };
            state.actors.insert(r.actor, actor);
        }
        wire::AccountRecord::KIND => {
            read_account(state, &wire::AccountRecord::unpack(body, block)?)?;
        }
        wire::BalanceRecord::KIND => {
            read_balance(state, &wire::BalanceRecord::unpack(body, block)?)?;
        }
        wire::PendingRecord::KIND => {
            read_pending(state, &wire::PendingRecord::unpack(body, block)?)?;
        }
        wire::SeriesRecord::KIND => {
            read_series(state, &wire::SeriesRecord::unpack(body, block)?)?;
        }
        wire::OrderRecord::KIND => {
            let order = read_order(state, &wire::OrderRecord::unpack(body, block)?)?;
            later.orders.push(order);
        }
        wire::PositionRecord::KIND => {
            read_position(state, &wire::PositionRecord::unpack(body, block)?)?;
        }
        wire::ReferenceRecord::KIND => {
            let r = wire::ReferenceRecord::unpack(body, block)?;
            let reference = Reference {
                reference: r.reference,
                original: r.original,
                reference_time: r.reference_time,
                order: r.order,
                body: r.body,
            };
            let account = find_account(state, r.account)?;
            later.references.push((account, reference));
        }
        _ => return read_kept(state, later.table, kind, body, block),
    }
    Ok(())
}

/// Records that stand beside members, accounts, series and orders.
fn read_kept(
    state: &mut State,
    in_force: u32,
    kind: u16,
    body: &[u8],
    block: usize,
) -> Result<(), FrameError> {
    match kind {
        wire::ProposalRecord::KIND => {
            let r = wire::ProposalRecord::unpack(body, block)?;
            let proposal = Proposal {
                proposal: r.proposal,
                actor: r.actor,
                command: r.command,
                due: r.due,
                payload: r.payload.to_vec(),
            };
            state.set_timer(r.due, TimerKind::Proposal, r.proposal);
            state.proposals.insert(r.proposal, proposal);
        }
        wire::OfferRecord::KIND => {
            read_offer(state, &wire::OfferRecord::unpack(body, block)?);
        }
        wire::TradeRecord::KIND => {
            read_trade(state, &wire::TradeRecord::unpack(body, block)?)?;
        }
        wire::ProtectionRecord::KIND => {
            read_protection(state, &wire::ProtectionRecord::unpack(body, block)?)?;
        }
        wire::TableRecord::KIND => {
            let r = wire::TableRecord::unpack(body, block)?;
            let table = Table {
                table: r.table,
                scenarios: r.scenarios.iter().collect(),
                rows: r.rows.iter().collect(),
                series: Default::default(),
            };
            if r.table == in_force {
                state.table = Some(table);
            } else {
                state.loading = Some(table);
            }
        }
        wire::RowRecord::KIND => {
            let r = wire::RowRecord::unpack(body, block)?;
            read_row(state, r.table == in_force, &r)?;
        }
        wire::FixingRecord::KIND => {
            let r = wire::FixingRecord::unpack(body, block)?;
            let fixing = Fixing {
                index: r.index,
                day: r.day,
                price: r.price,
                fixed: r.fixed,
            };
            state.fixings.insert(r.index, fixing);
        }
        wire::NoFixRecord::KIND => {
            let r = wire::NoFixRecord::unpack(body, block)?;
            state.no_fixes.insert((r.index, r.day), r.reason);
        }
        _ => return default::read_default(state, kind, body, block),
    }
    Ok(())
}

fn find_account(state: &State, number: u32) -> Result<AccountAt, FrameError> {
    let found = state.account_at(number);
    found.ok_or_else(|| bent(format_args!("account {number} stands nowhere before")))
}

fn find_series(state: &State, number: u32) -> Result<SeriesAt, FrameError> {
    let found = state.series_at(number);
    found.ok_or_else(|| bent(format_args!("series {number} stands nowhere before")))
}

fn read_house(state: &mut State, r: &wire::HouseRecord) -> Result<(), FrameError> {
    if r.behaviour > u32::from(wire::SCHEMA_VERSION) {
        return Err(FrameError(format!(
            "behaviour {} is in force: expected at most {}, the newest that this program knows. \
             Open the house with the program that wrote it, or a newer one",
            r.behaviour,
            wire::SCHEMA_VERSION
        )));
    }
    state.name = r.name;
    state.last_number = r.last_number;
    state.last_time = r.last_time;
    state.last_event = r.last_event;
    state.behaviour = r.behaviour;
    state.halted = r.halted;
    state.epoch = r.epoch;
    state.settled_day = r.settled_day;
    Ok(())
}

fn read_account(state: &mut State, r: &wire::AccountRecord) -> Result<(), FrameError> {
    if state.account_at(r.account).is_some() {
        return Err(bent(format_args!("account {} stands twice", r.account)));
    }
    state.set_timer(r.dead_man, TimerKind::Account, u64::from(r.account));
    state.add_account(Account {
        member: r.member,
        account_kind: r.account_kind,
        owner: r.owner,
        position_limit: r.position_limit,
        order_lots_limit: r.order_lots_limit,
        order_value_limit: r.order_value_limit,
        killed: r.killed,
        seen: r.seen,
        dead_man: r.dead_man,
        reference_floor: r.reference_floor,
        withheld: read_products(r.withheld)?,
        ..Account::new(r.account)
    });
    Ok(())
}

fn read_products(products: u32) -> Result<u8, FrameError> {
    let found = u8::try_from(products).ok();
    let found = found.filter(|_| products & !EVERY_PRODUCT == 0);
    found.ok_or_else(|| bent(format_args!("product classes {products}")))
}

fn read_balance(state: &mut State, r: &wire::BalanceRecord) -> Result<(), FrameError> {
    let class = LedgerClass::of(r.ledger_class)?;
    if r.account != 0 {
        find_account(state, r.account)?;
    }
    state.set_balance(class, r.account, r.asset, r.balance);
    Ok(())
}

fn read_pending(state: &mut State, r: &wire::PendingRecord) -> Result<(), FrameError> {
    let account = find_account(state, r.account)?;
    state.accounts[account as usize].hold(r.asset, r.amount);
    state.set_timer(r.due, TimerKind::Transfer, r.transfer);
    let pending = Pending {
        transfer: r.transfer,
        account: r.account,
        asset: r.asset,
        amount: r.amount,
        due: r.due,
    };
    state.pendings.insert(r.transfer, pending);
    Ok(())
}

fn read_series(state: &mut State, r: &wire::SeriesRecord) -> Result<(), FrameError> {
    if state.series_at(r.series).is_some() || r.tick < 1 {
        return Err(bent(format_args!(
            "series {} stands twice or has no tick",
            r.series
        )));
    }
    state.set_timer(r.until, TimerKind::Series, u64::from(r.series));
    state.add_series(Series {
        series: r.series,
        symbol: r.symbol,
        series_kind: r.series_kind,
        product: product_of(r.series_kind, r.delivers),
        group: r.group,
        index: r.index,
        first_month: r.first_month,
        last_month: r.last_month,
        hours: r.hours,
        tick: r.tick,
        strike: r.strike,
        reference_price: r.reference_price,
        band: r.band,
        pause_range: r.pause_range,
        pause_duration: r.pause_duration,
        protection: r.protection,
        maker_fee: r.maker_fee,
        taker_fee: r.taker_fee,
        clearing_fee: r.clearing_fee,
        last_trading_time: r.last_trading_time,
        standard_version: r.standard_version,
        standard_hash: r.standard_hash,
        period_ends: r.period_ends,
        delivers: r.delivers,
        state: r.state,
        until: r.until,
        mark: r.mark,
        last_price: r.last_price,
        book: Book::new(),
        waiting_buys: Default::default(),
        waiting_sells: Default::default(),
    });
    Ok(())
}

fn read_order(state: &State, r: &wire::OrderRecord) -> Result<(Order, Terms), FrameError> {
    let (account, series) = (
        find_account(state, r.account)?,
        find_series(state, r.series)?,
    );
    let tick = state.series[series as usize].tick;
    let placed = r.price % tick == 0 && (1..=MAX_PRICE).contains(&(r.price / tick));
    let shows = r.state != OrderState::Resting || (1..=r.lots).contains(&r.visible);
    if !placed || !shows || !(1..=MAX_LOTS).contains(&r.lots) || r.order == 0 {
        return Err(bent(format_args!("order {} cannot stand", r.order)));
    }
    let terms = Terms {
        display_lots: r.display_lots,
        minimum_lots: r.minimum_lots,
        stop_price: r.stop_price,
        expiry: r.expiry,
    };
    let order = Order {
        order: r.order,
        account,
        series,
        next: 0,
        prev: 0,
        slot: 0,
        holding: 0,
        special: false,
        side: r.side,
        order_type: r.order_type,
        time_in_force: r.time_in_force,
        self_trade: r.self_trade,
        quote: r.quote,
        close_out: r.close_out,
        state: r.state,
        price: r.price,
        lots: r.lots,
        session: r.session,
        terms: 0,
        label: r.label,
        visible: r.visible,
        priority: r.priority,
        reference: r.reference,
    };
    Ok((order, terms))
}

fn read_position(state: &mut State, r: &wire::PositionRecord) -> Result<(), FrameError> {
    let (account, series) = (
        find_account(state, r.account)?,
        find_series(state, r.series)?,
    );
    let account = &mut state.accounts[account as usize];
    let at = account.make_holding(series);
    let holding = &mut account.holdings[at];
    (holding.lots, holding.cost) = (r.lots, r.cost);
    account.gross += r.lots.abs();
    Ok(())
}

fn read_offer(state: &mut State, r: &wire::OfferRecord) {
    let offer = Offer {
        offer: r.offer,
        account: r.account,
        to_account: r.to_account,
        series: r.series,
        lots: r.lots,
        price: r.price,
        due: r.due,
    };
    state.set_timer(r.due, TimerKind::Offer, r.offer);
    state.offers.insert(r.offer, offer);
}

fn read_trade(state: &mut State, r: &wire::TradeRecord) -> Result<(), FrameError> {
    let lots = u32::try_from(r.lots);
    state.trades.push(Trade {
        trade: r.trade,
        price: r.price,
        buy_fee: r.buy_fee,
        sell_fee: r.sell_fee,
        buy_clearing_fee: r.buy_clearing_fee,
        sell_clearing_fee: r.sell_clearing_fee,
        series: r.series,
        lots: lots.map_err(|_| bent(format_args!("trade {} of {} lots", r.trade, r.lots)))?,
        buy_account: r.buy_account,
        sell_account: r.sell_account,
    });
    Ok(())
}

fn read_protection(state: &mut State, r: &wire::ProtectionRecord) -> Result<(), FrameError> {
    let account = find_account(state, r.account)?;
    state.accounts[account as usize]
        .protections
        .push(Protection {
            group: r.group,
            interval: r.interval,
            lots_limit: r.lots_limit,
            delta_limit: r.delta_limit,
            vega_limit: r.vega_limit,
            started: r.started,
            lots: r.lots,
            delta: r.delta,
            vega: r.vega,
            tripped: r.tripped,
        });
    Ok(())
}

fn read_row(state: &mut State, in_force: bool, r: &wire::RowRecord<'_>) -> Result<(), FrameError> {
    let home = if in_force {
        &mut state.table
    } else {
        &mut state.loading
    };
    let fits = |table: &&mut Table| table.scenarios.len() == r.losses.len();
    let Some(table) = home.as_mut().filter(fits) else {
        return Err(bent(
            "a row's table stands before it, with as many scenarios",
        ));
    };
    let row = Row {
        series: r.series,
        mark: r.mark,
        liquidity: r.liquidity,
        concentration_lots: r.concentration_lots,
        concentration: r.concentration,
        delta: r.delta,
        vega: r.vega,
        losses: r.losses.iter().map(|x| x.loss).collect(),
    };
    table.series.insert(r.series, row);
    Ok(())
}
