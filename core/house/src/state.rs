//! The state of the house: what the records of the schema say, held in memory.
//!
//! Numbers of accounts, series and orders are what the log tells; inside, an account, a series and
//! an order are found by a dense index (`AccountAt`, `SeriesAt`, `OrderAt`), which never leaves
//! the core. Everything here is written by evolving events alone. Caches (timers, queues of stops,
//! running sums of margin) are neither hashed nor part of a snapshot.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::collateral::Collateral;
use crate::frame::Text;
use crate::ledger::Ledger;
use crate::margin::Change;
use crate::margin::grid::Grid;
use crate::margin::running::Workings;
use crate::orders::slab::Orders;
use crate::wire::{NoFixReason, Publication, Side};

mod account;
mod credit;
mod keys;
mod numbers;
mod obligations;
mod order;
mod records;
mod series;

pub use account::{Account, Holding, Protection};
pub use credit::{Cover, Credit, Line, Rate, Security};
pub use numbers::ByNumber;
pub use obligations::{
    Delivery, DeliveryCredit, DeliveryOffer, DeliveryTerms, Exchange, FinalHours, Guarantee, HOUR,
    Metered, Needs, Obligations,
};
pub(crate) use order::Counts;
pub(crate) use order::TermsAt;
pub use order::{Order, Terms};
pub use records::{
    Bid, Cooling, Fixing, MarginCall, Offer, Pending, Proposal, Row, Slice, Stake, Table, Trade,
    Trades,
};
pub use series::Series;
pub(crate) use series::product_of;

/// Index of an account in `State::accounts`.
pub type AccountAt = u32;
/// Index of a series in `State::series`.
pub type SeriesAt = u32;
/// Index of a live order in `State::orders`.
pub type OrderAt = u32;

/// Asset that alone covers margin.
pub const USD: u16 = 1;

/// Where a command stands in the log: what the venue wrote on it.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Command number.
    pub number: u64,
    /// Venue time, nanoseconds UTC.
    pub time: i64,
    /// Who asked.
    pub actor: u32,
    /// Schema the command was sealed under: the newest behaviour that whoever sealed it knew.
    pub version: u32,
}

impl Place {
    /// When a timeout from here is due; never (0) without one.
    #[must_use]
    pub fn due_after(&self, timeout: i64) -> i64 {
        if timeout == 0 { 0 } else { self.time + timeout }
    }
}

/// A clearing member.
#[derive(Clone, Debug)]
pub struct Member {
    /// Number.
    pub member: u32,
    /// Name.
    pub name: Text,
    /// May not trade.
    pub suspended: bool,
    /// Product classes it is not eligible for.
    pub withheld: u8,
}

/// A person or program with its roles.
#[derive(Clone, Copy, Debug)]
pub struct Actor {
    /// Number.
    pub actor: u32,
    /// Member it acts for; 0 is the house.
    pub member: u32,
    /// Bits of roles.
    pub roles: u32,
}

/// What a timer is about; timers that are due together fire in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimerKind {
    /// End of a GTD order; its number is an order id.
    Order = 1,
    /// End of a volatility pause; a series number.
    Series = 2,
    /// Dead man's hand; an account number.
    Account = 3,
    /// Timeout of a pending withdrawal; its transfer.
    Transfer = 4,
    /// End of a proposal nobody approved; its command number.
    Proposal = 5,
    /// End of an offer nobody took; its command number.
    Offer = 6,
    /// End of the time of a margin call; an account number.
    Call = 7,
    /// Deadline of what a delivery waits for; its number.
    Delivery = 8,
    /// End of the window to dispute metered hours; their number.
    Metered = 9,
    /// End of an offer of a side of a delivery; its command number.
    DeliveryOffer = 10,
    /// End of the time to correct hours that are final; their number.
    Final = 11,
    /// End of a delivery credit; an account number.
    Credit = 12,
    /// End of an offer of futures for physical; its command number.
    Exchange = 13,
    /// End of a guarantee; its command number.
    Guarantee = 14,
}

/// The whole house.
#[derive(Default)]
pub struct State {
    /// Name; empty before genesis.
    pub name: Text,
    /// Last command number taken, span included.
    pub last_number: u64,
    /// Venue time, nanoseconds UTC.
    pub last_time: i64,
    /// Number of the last event told.
    pub last_event: u64,
    /// Behaviour in force.
    pub behaviour: u32,
    /// The whole market stands still.
    pub halted: bool,
    /// Margin table in force.
    pub table: Option<Table>,
    /// Margin table being loaded.
    pub loading: Option<Table>,
    /// Event number at which marks or table last changed.
    pub epoch: u64,
    /// Last day of variation settlement.
    pub settled_day: u32,
    /// Assets by number.
    pub assets: BTreeMap<u16, Text>,
    /// Members by number.
    pub members: BTreeMap<u32, Member>,
    /// Actors by number.
    pub actors: ByNumber<Actor>,
    /// Accounts in order of opening.
    pub accounts: Vec<Account>,
    /// Account number to index.
    pub(crate) account_index: ByNumber<AccountAt>,
    /// Indices of accounts, ascending by number.
    pub(crate) account_order: Vec<AccountAt>,
    /// Balances that are not an account's own USD.
    pub ledger: Ledger,
    /// Withdrawals that wait, by request.
    pub pendings: BTreeMap<u64, Pending>,
    /// Series in order of listing.
    pub series: Vec<Series>,
    /// Series number to index.
    pub(crate) series_index: ByNumber<SeriesAt>,
    /// Symbol to series number.
    pub symbols: FxHashMap<Text, u32>,
    /// Live orders.
    pub orders: Orders,
    /// Elected stops by priority.
    pub(crate) elected: BTreeMap<u64, OrderAt>,
    /// Proposals by command number.
    pub proposals: BTreeMap<u64, Proposal>,
    /// Offers by command number.
    pub offers: BTreeMap<u64, Offer>,
    /// Trades that may still be busted.
    pub trades: Trades,
    /// Last day and fixing by index.
    pub fixings: BTreeMap<u16, Fixing>,
    /// Days without a fixing, and why, by index and day.
    pub no_fixes: BTreeMap<(u16, u32), NoFixReason>,
    /// Members in default, with the event that declared it.
    pub defaults: BTreeMap<u32, u64>,
    /// What survivors stand to lose, by member in default and account.
    pub stakes: BTreeMap<(u32, u32), Stake>,
    /// Gains of the last variation settlement, or of all since the first open default, by account
    /// number.
    pub gains: BTreeMap<u32, i64>,
    /// Of those, while a default is open, what settlements before the last one brought.
    pub earlier: BTreeMap<u32, i64>,
    /// Sealed bids by slice and account number.
    pub bids: BTreeMap<(u32, u32), Bid>,
    /// Accounts of clients offered to another member.
    pub ports: BTreeMap<u32, u32>,
    /// Slices that are out to bids.
    pub slices: BTreeMap<u32, Slice>,
    /// Cooling periods by account number.
    pub coolings: BTreeMap<u32, Cooling>,
    /// When the notice of a member that leaves is effective.
    pub notices: BTreeMap<u32, i64>,
    /// Terms of collateral by asset.
    pub collateral: BTreeMap<u16, Collateral>,
    /// Margin calls that stand, by account number.
    pub calls: BTreeMap<u32, MarginCall>,
    /// Day and digest of the last of each publication.
    pub digests: BTreeMap<Publication, (u32, [u8; 32])>,
    /// Covers, lines of credit, securities.
    pub credit: Credit,
    /// Deliveries and what belongs to them.
    pub owed: Obligations,
    /// Timers by (due, kind, number).
    pub(crate) timers: BTreeSet<(i64, TimerKind, u64)>,
    /// Grows when marks, table, hours or fees change; running sums of another age are rebuilt.
    pub(crate) age: u64,
    /// The table in force, laid out for judging.
    pub(crate) grid: Grid,
    /// Every coverage test judges, none is answered by a bound; changes no byte of what is told.
    pub(crate) judge_always: bool,
    /// Key of the tables of client references; changes no byte of what is told.
    pub(crate) key: u64,
    /// What the judgement at hand works with.
    pub(crate) workings: Workings,
}

impl State {
    /// The account of a number.
    #[inline]
    #[must_use]
    pub fn account_at(&self, number: u32) -> Option<AccountAt> {
        self.account_index.get(number).copied()
    }

    /// The series of a number.
    #[inline]
    #[must_use]
    pub fn series_at(&self, number: u32) -> Option<SeriesAt> {
        self.series_index.get(number).copied()
    }

    /// Indices of all accounts, ascending by account number.
    pub fn accounts_in_order(&self) -> impl Iterator<Item = AccountAt> + '_ {
        self.account_order.iter().copied()
    }

    /// Indices of all series, ascending by series number.
    #[must_use]
    pub fn series_in_order(&self) -> Vec<SeriesAt> {
        let mut found: Vec<SeriesAt> = (0..self.series.len() as u32).collect();
        found.sort_unstable_by_key(|at| self.series[*at as usize].series);
        found
    }

    /// True when marks or table changed since the account was last judged.
    #[inline]
    #[must_use]
    pub fn stale(&self, account: AccountAt) -> bool {
        self.accounts[account as usize].seen < self.epoch
    }

    /// Enters an account; its number is new.
    pub fn add_account(&mut self, mut account: Account) -> AccountAt {
        if let Some(member) = self.members.get(&account.member) {
            account.suspended = member.suspended;
            account.barred = account.withheld | member.withheld;
        }
        let (number, at) = (account.account, self.accounts.len() as u32);
        let place = self
            .account_order
            .partition_point(|other| self.accounts[*other as usize].account < number);
        self.account_order.insert(place, at);
        self.account_index.insert(number, at);
        self.accounts.push(account);
        self.accounts[at as usize].references.scatter(self.key);
        at
    }

    /// Suspends a member with its accounts, or reinstates it; the member is known.
    pub(crate) fn suspend(&mut self, number: u32, suspended: bool) {
        let member = self.members.get_mut(&number);
        member.expect("the guard found the member").suspended = suspended;
        let accounts = self.accounts.iter_mut().filter(|a| a.member == number);
        accounts.for_each(|account| account.suspended = suspended);
    }

    /// Marks the accounts of suspended members, after all records were read.
    pub(crate) fn mark_suspended(&mut self) {
        for account in &mut self.accounts {
            if let Some(member) = self.members.get(&account.member) {
                account.suspended = member.suspended;
                account.barred = account.withheld | member.withheld;
            }
        }
    }

    /// Finds again what the accounts of a member are barred from (INS-014).
    pub(crate) fn bar_accounts(&mut self, number: u32) {
        let member = self.members.get(&number).map_or(0, |m| m.withheld);
        for account in self.accounts.iter_mut().filter(|a| a.member == number) {
            account.barred = account.withheld | member;
        }
    }

    /// Enters a series; number and symbol are new.
    pub fn add_series(&mut self, series: Series) -> SeriesAt {
        let at = self.series.len() as u32;
        self.series_index.insert(series.series, at);
        self.symbols.insert(series.symbol, series.series);
        self.series.push(series);
        at
    }

    /// Lays the table in force out for judging, after it or all records changed.
    pub(crate) fn lay_out(&mut self) {
        let table = self.table.as_ref();
        self.grid = table.map_or_else(Grid::default, |table| Grid::new(table, &self.series));
        self.age += 1;
    }

    /// Lots join an account's position at a price; negative ones leave it.
    pub fn move_position(&mut self, account: AccountAt, series: SeriesAt, lots: i64, price: i64) {
        let holding = self.accounts[account as usize].make_holding(series);
        self.move_holding(account, holding, lots, price);
    }

    /// The same, where the holding is known.
    #[inline]
    pub(crate) fn move_holding(
        &mut self,
        account: AccountAt,
        holding: usize,
        lots: i64,
        price: i64,
    ) {
        let account = &mut self.accounts[account as usize];
        let holder = &mut account.holdings[holding];
        let terms = &self.series[holder.series as usize];
        account.running.moved(self.age, terms, lots, price);
        let before = holder.lots.abs();
        holder.lots += lots;
        if !terms.is_option() {
            holder.cost += lots * price;
        }
        account.gross += holder.lots.abs() - before;
        account.running.changed(&self.grid, holding, holder);
    }

    /// Lots of a live order of an account grow; negative ones fall.
    #[inline]
    pub(crate) fn open_lots(&mut self, order: Counts, lots: i64) {
        let terms = &self.series[order.series as usize];
        let account = &mut self.accounts[order.account as usize];
        if order.side == Side::Buy && terms.is_option() {
            account.premiums += order.price * lots * i64::from(terms.hours);
        }
        account.gross += lots;
        let change = Change {
            series: order.series,
            side: order.side,
            price: order.price,
            lots,
        };
        account.running.opened(self.age, terms, &change);
        let holder = &mut account.holdings[order.holding as usize];
        if order.side == Side::Buy {
            holder.buys += lots;
        } else {
            holder.sells += lots;
        }
        let holding = order.holding as usize;
        account.running.changed(&self.grid, holding, holder);
    }

    /// Sets a timer that is not set; zero is never.
    pub(crate) fn set_timer(&mut self, due: i64, kind: TimerKind, number: u64) {
        if due != 0 {
            self.timers.insert((due, kind, number));
        }
    }

    /// Takes a timer back; `due` is when it was set for, zero when it was not.
    pub(crate) fn stop_timer(&mut self, due: i64, kind: TimerKind, number: u64) {
        if due != 0 {
            self.timers.remove(&(due, kind, number));
        }
    }
}
