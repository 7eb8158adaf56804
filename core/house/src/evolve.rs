//! What each event writes. Evolving cannot fail: what could be refused was refused before.

use crate::agenda::At;
use crate::book::Book;
use crate::delivery::DELIVERY;
use crate::frame::{Message, Text};
use crate::ledger::Side as Post;
use crate::references::Reference;
use crate::state::{
    Account, Actor, Fixing, Member, Pending, Proposal, Protection, Row, Series, State, Table,
    TimerKind, USD, product_of,
};
use crate::wire::{self, LedgerClass, SeriesState, TransferReason, bound, role};

mod collateral;
mod default;
mod delivery;
mod guarantees;
mod joining;
mod lines;
mod money;
pub(crate) mod orders;
mod positions;
pub(crate) mod settlement;

/// An event that says by itself what it writes.
pub(crate) trait Evolve: Message {
    /// Writes the event into the state.
    fn evolve(&self, state: &mut State, at: At);
}

macro_rules! writes_nothing {
    ($($event:ty),+) => {
        $(impl Evolve for $event {
            fn evolve(&self, _: &mut State, _: At) {}
        })+
    };
}

writes_nothing!(
    wire::Refused,
    wire::Replayed,
    wire::AuctionUncrossed,
    wire::CallOpened,
    wire::CallClosed,
    wire::LossFound,
    wire::TornUp,
    wire::PricesFound<'_>
);

/// Keeps a client reference; past the cap the one that came first is forgotten (EXC-004).
pub(crate) fn remember(account: &mut Account, reference: Reference) {
    if reference.reference.is_empty() {
        return;
    }
    let most = bound::REFERENCES_PER_ACCOUNT as usize;
    if let Some(gone) = account.references.push(&reference, most) {
        account.reference_floor = account.reference_floor.max(gone.reference_time);
    }
}

fn account_of(state: &mut State, number: u32) -> &mut Account {
    let at = state
        .account_at(number)
        .expect("the guard found the account");
    &mut state.accounts[at as usize]
}

fn series_of(state: &mut State, number: u32) -> &mut Series {
    let at = state.series_at(number).expect("the guard found the series");
    &mut state.series[at as usize]
}

impl Evolve for wire::HouseOpened<'_> {
    fn evolve(&self, state: &mut State, _: At) {
        state.name = self.name;
        state.behaviour = self.behaviour.max(1);
        state
            .assets
            .insert(USD, Text::of("USD").expect("three letters"));
        for operator in self.operators.iter() {
            let actor = Actor {
                actor: operator.actor,
                member: 0,
                roles: role::ALL,
            };
            state.actors.insert(operator.actor, actor);
        }
    }
}

impl Evolve for wire::Proposed<'_> {
    fn evolve(&self, state: &mut State, at: At) {
        let proposal = Proposal {
            proposal: self.proposal,
            actor: at.place.actor,
            command: self.command,
            due: self.due,
            payload: self.payload.to_vec(),
        };
        state.proposals.insert(self.proposal, proposal);
        state.set_timer(self.due, TimerKind::Proposal, self.proposal);
    }
}

fn forget_proposal(state: &mut State, number: u64) {
    if let Some(gone) = state.proposals.remove(&number) {
        state.stop_timer(gone.due, TimerKind::Proposal, number);
    }
}

impl Evolve for wire::Approved {
    fn evolve(&self, state: &mut State, _: At) {
        forget_proposal(state, self.proposal);
    }
}

impl Evolve for wire::ProposalLapsed {
    fn evolve(&self, state: &mut State, _: At) {
        forget_proposal(state, self.proposal);
    }
}

impl Evolve for wire::ProposalWithdrawn {
    fn evolve(&self, state: &mut State, _: At) {
        forget_proposal(state, self.proposal);
    }
}

impl Evolve for wire::MemberRegistered {
    fn evolve(&self, state: &mut State, _: At) {
        let member = Member {
            member: self.member,
            name: self.name,
            suspended: false,
            withheld: 0,
        };
        state.members.insert(self.member, member);
    }
}

impl Evolve for wire::ActorRegistered {
    fn evolve(&self, state: &mut State, _: At) {
        let actor = Actor {
            actor: self.registered,
            member: self.member,
            roles: self.roles,
        };
        state.actors.insert(self.registered, actor);
    }
}

impl Evolve for wire::AccountOpened {
    fn evolve(&self, state: &mut State, _: At) {
        let account = Account {
            member: self.member,
            account_kind: self.account_kind,
            owner: self.owner,
            position_limit: self.position_limit,
            order_lots_limit: self.order_lots_limit,
            order_value_limit: self.order_value_limit,
            seen: state.epoch,
            ..Account::new(self.account)
        };
        state.add_account(account);
    }
}

impl Evolve for wire::LimitsSet {
    fn evolve(&self, state: &mut State, _: At) {
        let account = account_of(state, self.account);
        account.position_limit = self.position_limit;
        account.order_lots_limit = self.order_lots_limit;
        account.order_value_limit = self.order_value_limit;
    }
}

impl Evolve for wire::MemberSuspended {
    fn evolve(&self, state: &mut State, _: At) {
        state.suspend(self.member, true);
    }
}

impl Evolve for wire::MemberReinstated {
    fn evolve(&self, state: &mut State, _: At) {
        state.suspend(self.member, false);
    }
}

impl Evolve for wire::KillSwitchEngaged {
    fn evolve(&self, state: &mut State, _: At) {
        account_of(state, self.account).killed = true;
    }
}

impl Evolve for wire::KillSwitchReleased {
    fn evolve(&self, state: &mut State, _: At) {
        account_of(state, self.account).killed = false;
    }
}

impl Evolve for wire::MarketHalted {
    fn evolve(&self, state: &mut State, _: At) {
        state.halted = true;
    }
}

impl Evolve for wire::MarketResumed {
    fn evolve(&self, state: &mut State, _: At) {
        state.halted = false;
    }
}

impl Evolve for wire::AssetDefined {
    fn evolve(&self, state: &mut State, _: At) {
        state.assets.insert(self.asset, self.name);
    }
}

impl Evolve for wire::BehaviourSwitched {
    fn evolve(&self, state: &mut State, _: At) {
        state.behaviour = self.behaviour;
    }
}

impl Evolve for wire::SeriesListed {
    fn evolve(&self, state: &mut State, _: At) {
        state.add_series(Series {
            series: self.series,
            symbol: self.symbol,
            series_kind: self.series_kind,
            product: product_of(self.series_kind, self.delivers),
            group: self.group,
            index: self.index,
            first_month: self.first_month,
            last_month: self.last_month,
            hours: self.hours,
            tick: self.tick,
            strike: self.strike,
            reference_price: self.reference_price,
            band: self.band,
            pause_range: self.pause_range,
            pause_duration: self.pause_duration,
            protection: self.protection,
            maker_fee: self.maker_fee,
            taker_fee: self.taker_fee,
            clearing_fee: self.clearing_fee,
            last_trading_time: self.last_trading_time,
            standard_version: self.standard_version,
            standard_hash: self.standard_hash,
            period_ends: self.period_ends,
            delivers: self.delivers,
            state: SeriesState::Listed,
            until: 0,
            mark: 0,
            last_price: 0,
            book: Book::new(),
            waiting_buys: Default::default(),
            waiting_sells: Default::default(),
        });
    }
}

impl Evolve for wire::SeriesStateChanged {
    fn evolve(&self, state: &mut State, _: At) {
        let series = series_of(state, self.series);
        let ended = matches!(series.state, SeriesState::Listed | SeriesState::Closed);
        if self.state == SeriesState::PreOpen || ended {
            series.last_price = 0;
        }
        let before = std::mem::replace(&mut series.until, self.until);
        series.state = self.state;
        state.stop_timer(before, TimerKind::Series, u64::from(self.series));
        state.set_timer(self.until, TimerKind::Series, u64::from(self.series));
    }
}

impl Evolve for wire::FeesSet {
    fn evolve(&self, state: &mut State, at: At) {
        let series = series_of(state, self.series);
        series.maker_fee = self.maker_fee;
        series.taker_fee = self.taker_fee;
        series.clearing_fee = self.clearing_fee;
        // Worst fees of open orders changed: every account is judged again at its next touch.
        state.epoch = at.number;
        state.age += 1;
    }
}

impl Evolve for wire::ReferenceMoved {
    fn evolve(&self, state: &mut State, _: At) {
        series_of(state, self.series).reference_price = self.price;
    }
}

impl Evolve for wire::FixingPublished {
    fn evolve(&self, state: &mut State, _: At) {
        let fixing = Fixing {
            index: self.index,
            day: self.day,
            price: self.price,
            fixed: 0,
        };
        state.fixings.insert(self.index, fixing);
    }
}

impl Evolve for wire::NoFixDeclared {
    fn evolve(&self, state: &mut State, _: At) {
        let last = state.fixings.get(&self.index);
        let fixed = last.map_or(0, |last| match last.fixed {
            0 => last.day,
            day => day,
        });
        let fixing = Fixing {
            index: self.index,
            day: self.day,
            price: last.map_or(0, |last| last.price),
            fixed: if state.behaviour >= DELIVERY {
                fixed
            } else {
                0
            },
        };
        state.fixings.insert(self.index, fixing);
        state.no_fixes.insert((self.index, self.day), self.reason);
    }
}

impl Evolve for wire::LateFixingPublished {
    fn evolve(&self, state: &mut State, _: At) {
        state.no_fixes.remove(&(self.index, self.day));
    }
}

impl Evolve for wire::DeadManArmed {
    fn evolve(&self, state: &mut State, _: At) {
        set_dead_man(state, self.account, self.due);
    }
}

impl Evolve for wire::DeadManFired {
    fn evolve(&self, state: &mut State, _: At) {
        set_dead_man(state, self.account, 0);
    }
}

fn set_dead_man(state: &mut State, number: u32, due: i64) {
    let before = std::mem::replace(&mut account_of(state, number).dead_man, due);
    state.stop_timer(before, TimerKind::Account, u64::from(number));
    state.set_timer(due, TimerKind::Account, u64::from(number));
}

impl Evolve for wire::MakerProtectionSet {
    fn evolve(&self, state: &mut State, at: At) {
        let account = account_of(state, self.account);
        account.protections.retain(|p| p.group != self.group);
        if self.lots_limit != 0 || self.delta_limit != 0 || self.vega_limit != 0 {
            account.protections.push(Protection {
                group: self.group,
                interval: self.interval,
                lots_limit: self.lots_limit,
                delta_limit: self.delta_limit,
                vega_limit: self.vega_limit,
                started: at.place.time,
                lots: 0,
                delta: 0,
                vega: 0,
                tripped: false,
            });
        }
    }
}

impl Evolve for wire::MakerProtectionTripped {
    fn evolve(&self, state: &mut State, _: At) {
        let account = account_of(state, self.account);
        for protection in account.protections.iter_mut() {
            if protection.group == self.group {
                protection.tripped = true;
            }
        }
    }
}
