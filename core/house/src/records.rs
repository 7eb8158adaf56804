//! State to record frames and back, in the canonical order of schema/records.toml.

use crate::frame::{CHECK_BYTES, HEADER_BYTES, List, Message, Seal, Text, seal};
use crate::state::{Account, AccountAt, State};
use crate::wire::{self, ScenarioLoss};

mod obligations;
mod read;

pub(crate) use read::read_records;

/// Bytes of records that a reader is given at once.
const LEAF: usize = 1 << 16;

/// Record frames, one after the other, told to a reader a leaf at a time.
struct Page<'r> {
    out: Vec<u8>,
    number: u64,
    read: &'r mut dyn FnMut(&[u8]),
}

impl Page<'_> {
    fn turn(&mut self) {
        (self.read)(&self.out);
        self.out.clear();
    }

    fn write<M: Message>(&mut self, record: &M) {
        if self.out.len() >= LEAF {
            self.turn();
        }
        let stands = Seal {
            number: self.number,
            time: 0,
            cause: 0,
            actor: 0,
            span: 0,
        };
        seal(record, stands, &mut self.out);
    }
}

/// Record frames of a state, a leaf of bytes at a time; equal states give equal bytes.
pub(crate) fn write_records(state: &State, read: &mut dyn FnMut(&[u8])) {
    let mut page = Page {
        out: Vec::with_capacity(2 * LEAF),
        number: state.last_number,
        read,
    };
    let accounts: Vec<AccountAt> = state.accounts_in_order().collect();
    let accounts: Vec<&Account> = accounts
        .into_iter()
        .map(|at| &state.accounts[at as usize])
        .collect();
    write_institution(state, &accounts, &mut page);
    for (class, account, asset, balance) in state.balances() {
        page.write(&wire::BalanceRecord {
            ledger_class: class as u8,
            account,
            asset,
            balance,
        });
    }
    for pending in state.pendings.values() {
        page.write(&wire::PendingRecord {
            transfer: pending.transfer,
            account: pending.account,
            asset: pending.asset,
            amount: pending.amount,
            due: pending.due,
        });
    }
    write_series(state, &mut page);
    write_orders(state, &mut page);
    write_positions(state, &accounts, &mut page);
    write_kept(state, &mut page);
    write_protections(&accounts, &mut page);
    write_tables(state, &mut page);
    for fixing in state.fixings.values() {
        page.write(&wire::FixingRecord {
            index: fixing.index,
            day: fixing.day,
            price: fixing.price,
            fixed: fixing.fixed,
        });
    }
    for (&(index, day), &reason) in &state.no_fixes {
        page.write(&wire::NoFixRecord { index, day, reason });
    }
    write_defaults(state, &mut page);
    write_cover(state, &mut page);
    write_recovery(state, &mut page);
    write_credit(state, &mut page);
    obligations::write_obligations(state, &mut page);
    page.turn();
}

fn write_recovery(state: &State, page: &mut Page<'_>) {
    for (number, slice) in &state.slices {
        page.write(&wire::SliceRecord {
            slice: *number,
            from_account: slice.from_account,
            reserve: slice.reserve,
            seals: slice.seals,
            opens: slice.opens,
            positions: List::Own(&slice.positions),
        });
    }
    for (account, cooling) in &state.coolings {
        page.write(&wire::CoolingRecord {
            account: *account,
            base: cooling.base,
            assessed: cooling.assessed,
            until: cooling.until,
        });
    }
    for (member, effective) in &state.notices {
        page.write(&wire::NoticeRecord {
            member: *member,
            effective: *effective,
        });
    }
    for (account, gain) in &state.earlier {
        page.write(&wire::EarlierGainRecord {
            account: *account,
            gain: *gain,
        });
    }
}

fn write_cover(state: &State, page: &mut Page<'_>) {
    for (asset, terms) in &state.collateral {
        page.write(&wire::CollateralRecord {
            asset: *asset,
            haircut: terms.haircut,
            account_cap: terms.account_cap,
            letter: terms.letter,
            price: terms.price,
            day: terms.day,
        });
    }
    for (account, call) in &state.calls {
        page.write(&wire::MarginCallRecord {
            account: *account,
            call: call.call,
            amount: call.amount,
            due: call.due,
        });
    }
    for (publication, (day, digest)) in &state.digests {
        page.write(&wire::DigestRecord {
            publication: *publication,
            day: *day,
            digest: *digest,
        });
    }
}

fn write_credit(state: &State, page: &mut Page<'_>) {
    for ((account, series), cover) in &state.credit.covers {
        page.write(&wire::CoverRecord {
            account: *account,
            series: *series,
            lots: cover.lots,
            until: cover.until,
            evidence: cover.evidence,
        });
    }
    for (account, line) in &state.credit.lines {
        page.write(&wire::LineRecord {
            account: *account,
            limit: line.limit,
            rate: line.rate,
        });
    }
    for (asset, security) in &state.credit.securities {
        page.write(&wire::SecurityRecord {
            asset: *asset,
            advance: security.advance,
            account_cap: security.account_cap,
        });
    }
    for rate in state.credit.rates.values() {
        page.write(&wire::RateRecord {
            day: rate.day,
            rate: rate.rate,
            source: rate.source,
            inputs: rate.inputs,
        });
    }
    for ((account, series), amount) in &state.credit.variation {
        page.write(&wire::VariationRecord {
            account: *account,
            series: *series,
            amount: *amount,
        });
    }
}

/// Bytes of the records of a state, nearly: orders and references, of which there are most.
pub(crate) fn bytes_of_records(state: &State) -> usize {
    let of = |block: u16| HEADER_BYTES + usize::from(block) + CHECK_BYTES;
    let references: usize = state.accounts.iter().map(|a| a.references.len()).sum();
    state.orders.len() * of(wire::OrderRecord::BLOCK)
        + references * of(wire::ReferenceRecord::BLOCK)
        + state.trades.len() * of(wire::TradeRecord::BLOCK)
        + LEAF
}

fn write_institution(state: &State, accounts: &[&Account], page: &mut Page<'_>) {
    page.write(&wire::HouseRecord {
        name: state.name,
        last_number: state.last_number,
        last_time: state.last_time,
        last_event: state.last_event,
        behaviour: state.behaviour,
        halted: state.halted,
        table: state.table.as_ref().map_or(0, |t| t.table),
        loading: state.loading.as_ref().map_or(0, |t| t.table),
        epoch: state.epoch,
        settled_day: state.settled_day,
    });
    for (asset, name) in &state.assets {
        page.write(&wire::AssetRecord {
            asset: *asset,
            name: *name,
        });
    }
    for member in state.members.values() {
        page.write(&wire::MemberRecord {
            member: member.member,
            name: member.name,
            suspended: member.suspended,
            withheld: u32::from(member.withheld),
        });
    }
    let mut actors: Vec<_> = state.actors.values().collect();
    actors.sort_unstable_by_key(|actor| actor.actor);
    for actor in actors {
        page.write(&wire::ActorRecord {
            actor: actor.actor,
            member: actor.member,
            roles: actor.roles,
        });
    }
    for account in accounts {
        page.write(&wire::AccountRecord {
            account: account.account,
            member: account.member,
            account_kind: account.account_kind,
            owner: account.owner,
            position_limit: account.position_limit,
            order_lots_limit: account.order_lots_limit,
            order_value_limit: account.order_value_limit,
            killed: account.killed,
            seen: account.seen,
            dead_man: account.dead_man,
            reference_floor: account.reference_floor,
            withheld: u32::from(account.withheld),
        });
    }
}

fn write_defaults(state: &State, page: &mut Page<'_>) {
    for (member, declared) in &state.defaults {
        page.write(&wire::DefaultRecord {
            member: *member,
            declared: *declared,
        });
    }
    for ((member, account), stake) in &state.stakes {
        page.write(&wire::StakeRecord {
            member: *member,
            account: *account,
            contribution: stake.contribution,
            used: stake.used,
            assessed: stake.assessed,
            bid: stake.bid,
        });
    }
    for (account, gain) in &state.gains {
        page.write(&wire::GainRecord {
            account: *account,
            gain: *gain,
        });
    }
    for ((slice, account), bid) in &state.bids {
        page.write(&wire::BidRecord {
            slice: *slice,
            account: *account,
            from_account: bid.from_account,
            until: bid.until,
            commitment: bid.commitment,
            opened: bid.opened,
            amount: bid.amount,
        });
    }
    for (account, member) in &state.ports {
        page.write(&wire::PortRecord {
            account: *account,
            member: *member,
        });
    }
}

fn write_series(state: &State, page: &mut Page<'_>) {
    for at in state.series_in_order() {
        let series = &state.series[at as usize];
        page.write(&wire::SeriesRecord {
            series: series.series,
            symbol: series.symbol,
            series_kind: series.series_kind,
            group: series.group,
            index: series.index,
            first_month: series.first_month,
            last_month: series.last_month,
            hours: series.hours,
            tick: series.tick,
            strike: series.strike,
            reference_price: series.reference_price,
            band: series.band,
            pause_range: series.pause_range,
            pause_duration: series.pause_duration,
            protection: series.protection,
            maker_fee: series.maker_fee,
            taker_fee: series.taker_fee,
            clearing_fee: series.clearing_fee,
            last_trading_time: series.last_trading_time,
            standard_version: series.standard_version,
            standard_hash: series.standard_hash,
            period_ends: series.period_ends,
            delivers: series.delivers,
            state: series.state,
            until: series.until,
            mark: series.mark,
            last_price: series.last_price,
        });
    }
}

fn write_orders(state: &State, page: &mut Page<'_>) {
    let mut orders: Vec<_> = state.orders.iter().collect();
    orders.sort_unstable_by_key(|order| order.order);
    for order in orders {
        let terms = state.orders.terms_of(order);
        page.write(&wire::OrderRecord {
            order: order.order,
            account: state.accounts[order.account as usize].account,
            series: state.series[order.series as usize].series,
            side: order.side,
            order_type: order.order_type,
            time_in_force: order.time_in_force,
            self_trade: order.self_trade,
            quote: order.quote,
            close_out: order.close_out,
            price: order.price,
            lots: order.lots,
            display_lots: terms.display_lots,
            minimum_lots: terms.minimum_lots,
            stop_price: terms.stop_price,
            expiry: terms.expiry,
            session: order.session,
            label: order.label,
            reference: order.reference,
            state: order.state,
            visible: order.visible,
            priority: order.priority,
        });
    }
}

fn write_positions(state: &State, accounts: &[&Account], page: &mut Page<'_>) {
    for account in accounts {
        let standing = account.holdings.iter().filter(|h| h.stands());
        let mut standing: Vec<_> = standing
            .map(|h| (state.series[h.series as usize].series, h.lots, h.cost))
            .collect();
        standing.sort_unstable();
        for (series, lots, cost) in standing {
            page.write(&wire::PositionRecord {
                account: account.account,
                series,
                lots,
                cost,
            });
        }
    }
    let mut references = Vec::new();
    for account in accounts {
        references.clear();
        references.extend(account.references.iter());
        references.sort_unstable_by(|one, other| Text::cmp(&one.reference, &other.reference));
        for known in &references {
            page.write(&wire::ReferenceRecord {
                account: account.account,
                reference: known.reference,
                original: known.original,
                reference_time: known.reference_time,
                order: known.order,
                body: known.body,
            });
        }
    }
}

fn write_kept(state: &State, page: &mut Page<'_>) {
    for proposal in state.proposals.values() {
        page.write(&wire::ProposalRecord {
            proposal: proposal.proposal,
            actor: proposal.actor,
            command: proposal.command,
            due: proposal.due,
            payload: &proposal.payload,
        });
    }
    for offer in state.offers.values() {
        page.write(&wire::OfferRecord {
            offer: offer.offer,
            account: offer.account,
            to_account: offer.to_account,
            series: offer.series,
            lots: offer.lots,
            price: offer.price,
            due: offer.due,
        });
    }
    for trade in state.trades.iter() {
        page.write(&wire::TradeRecord {
            trade: trade.trade,
            series: trade.series,
            price: trade.price,
            lots: i64::from(trade.lots),
            buy_account: trade.buy_account,
            sell_account: trade.sell_account,
            buy_fee: trade.buy_fee,
            sell_fee: trade.sell_fee,
            buy_clearing_fee: trade.buy_clearing_fee,
            sell_clearing_fee: trade.sell_clearing_fee,
        });
    }
}

fn write_protections(accounts: &[&Account], page: &mut Page<'_>) {
    for account in accounts {
        let mut protections = account.protections.clone();
        protections.sort_unstable_by_key(|p| p.group);
        for p in protections {
            page.write(&wire::ProtectionRecord {
                account: account.account,
                group: p.group,
                interval: p.interval,
                lots_limit: p.lots_limit,
                delta_limit: p.delta_limit,
                vega_limit: p.vega_limit,
                started: p.started,
                lots: p.lots,
                delta: p.delta,
                vega: p.vega,
                tripped: p.tripped,
            });
        }
    }
}

fn write_tables(state: &State, page: &mut Page<'_>) {
    let tables: Vec<_> = state.table.iter().chain(&state.loading).collect();
    for table in &tables {
        page.write(&wire::TableRecord {
            table: table.table,
            scenarios: List::Own(&table.scenarios),
            rows: List::Own(&table.rows),
        });
    }
    for table in tables {
        for row in table.series.values() {
            let losses: Vec<ScenarioLoss> = row
                .losses
                .iter()
                .map(|&loss| ScenarioLoss { loss })
                .collect();
            page.write(&wire::RowRecord {
                table: table.table,
                series: row.series,
                mark: row.mark,
                liquidity: row.liquidity,
                concentration_lots: row.concentration_lots,
                concentration: row.concentration,
                delta: row.delta,
                vega: row.vega,
                losses: List::Own(&losses),
            });
        }
    }
}
