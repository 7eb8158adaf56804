//! Running sums of one account, so that a judgement costs what changed since the last one.
//!
//! Each series of an account remembers the lots at which it is counted in the sums. A change marks
//! its series; the next judgement brings the marked ones up to date, with the lots of an order that
//! is about to come. When that order is refused the series stays marked and comes back later.
//! Money sums change with every order and trade at once. All of it is rebuilt when marks, table,
//! hours or fees have changed since; none of it is hashed or part of a snapshot.

use super::grid::{Grid, Tail};
use super::kernel::{MOST_FORESEEN, Step, advance};
use super::worst::{greatest, tail};
use super::{Change, Judgement, ceil, judge_whole, per_lot};
use crate::foresight::{hint, hint_lines};
use crate::state::{Account, AccountAt, Holding, Series, SeriesAt, State};
use crate::wire::Side;

/// Age of sums that were never built.
const NEVER: u64 = u64::MAX;
/// Gross lots up to which the sums of losses fit 64 bits: twice the bound of the schema. Only
/// undone trades lead beyond it; such an account is judged whole.
const MOST_GROSS: i64 = 1 << 22;

/// Holdings up to which an account keeps no sum for each scenario: they are added from nothing for
/// each judgement, which reads rows that every account shares instead of memory of its own.
const FEW: usize = 4;

/// Marked holdings asked for ahead of a judgement.
const MOST_MARKED: usize = 4;

/// A holding that the next judgement brings up to date.
#[derive(Clone, Copy)]
pub(crate) struct Marked {
    /// Its place among the holdings.
    pub(crate) place: u32,
    /// Its series.
    pub(crate) series: SeriesAt,
}

/// Running sums, micro-dollars.
pub(crate) struct Running {
    age: u64,
    /// Loss in each scenario; empty with no more than `FEW` holdings.
    total: Vec<i64>,
    /// The losses are kept.
    summed: bool,
    marked: Vec<Marked>,
    worse: i128,
    paid: i128,
    unsettled: i128,
    charges: i128,
    value: i128,
    /// Tails and charges of the last judgement.
    judged: i128,
    /// The most by which they have grown since.
    growth: i128,
    /// The last coverage test judged.
    judges: bool,
}

impl Default for Running {
    fn default() -> Self {
        Self {
            age: NEVER,
            total: Vec::new(),
            summed: false,
            marked: Vec::new(),
            worse: 0,
            paid: 0,
            unsettled: 0,
            charges: 0,
            value: 0,
            judged: 0,
            growth: 0,
            judges: false,
        }
    }
}

impl Running {
    /// Lots of live orders grew on a side at a worst price.
    #[inline]
    pub(crate) fn opened(&mut self, age: u64, terms: &Series, change: &Change) {
        if self.age == age {
            let (worse, paid) = per_lot(terms, change.side, change.price);
            self.worse += product(worse, change.lots);
            self.paid += product(paid, change.lots);
        }
    }

    /// Lots joined the position at a price.
    #[inline]
    pub(crate) fn moved(&mut self, age: u64, terms: &Series, lots: i64, price: i64) {
        if self.age != age {
            return;
        }
        let hours = i64::from(terms.hours);
        if terms.is_option() {
            self.value += product(lots * terms.mark, hours);
        } else {
            self.unsettled += product(lots * (terms.mark - price), hours);
        }
    }

    /// Marks a holding whose lots changed.
    #[inline]
    pub(crate) fn mark(&mut self, at: usize, holding: &mut Holding) {
        if !holding.marked {
            holding.marked = true;
            let (place, series) = (at as u32, holding.series);
            self.marked.push(Marked { place, series });
        }
    }

    /// Marks a holding whose lots changed, and bounds what that adds to the requirement.
    #[inline]
    pub(crate) fn changed(&mut self, grid: &Grid, at: usize, holding: &mut Holding) {
        self.mark(at, holding);
        self.growth += holding.grow(grid);
    }

    /// True when the last coverage test judged: the next one will, most likely.
    #[inline]
    pub(crate) fn is_judged(&self) -> bool {
        self.judges
    }

    /// Says whether a coverage test judged.
    #[inline]
    pub(crate) fn set_judged(&mut self, judged: bool) {
        self.judges = judged;
    }

    /// Asks for the losses, and for the places of marked holdings.
    #[inline]
    pub(crate) fn foresee(&self) {
        if !self.judges {
            return;
        }
        hint(self.marked.as_ptr());
        let lines = self.total.len().div_ceil(8).min(MOST_FORESEEN);
        hint_lines(self.total.as_ptr(), lines);
    }

    /// Holdings that the next judgement brings up to date, the first of them.
    #[inline]
    pub(crate) fn marked(&self) -> impl Iterator<Item = Marked> + '_ {
        self.marked.iter().take(MOST_MARKED).copied()
    }

    /// Bytes held, spare capacity included.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.total.capacity() * 8 + self.marked.capacity() * size_of::<Marked>()
    }
}

/// What a judgement works with; kept so that judging allocates nothing.
#[derive(Default)]
pub(crate) struct Workings {
    /// What changed since the last judgement.
    pub(super) steps: Vec<Step>,
    /// Losses of an account that keeps none.
    pub(super) total: Vec<i64>,
    /// The greatest loss of each column.
    pub(super) columns: Vec<i64>,
    /// Room to pick the worst scenarios in.
    room: Vec<i64>,
}

/// Lots of a series at which an account's sums count it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counted {
    charge: i64,
    /// The most by which its lots now add to the sums.
    growth: i64,
    /// Position and open buys.
    up: i32,
    /// Open sells less position.
    down: i32,
}

impl Holding {
    /// Bounds what its lots add to the sums of the last judgement; gives what that bound grew.
    #[inline]
    fn grow(&mut self, grid: &Grid) -> i128 {
        let most = grid.most_of(self.series);
        let counted = &mut self.counted;
        let up = (self.lots + self.buys - i64::from(counted.up)).max(0);
        let down = (self.sells - self.lots - i64::from(counted.down)).max(0);
        // Only an account beyond `MOST_GROSS` could saturate, and it is judged whole.
        let ups = up.saturating_mul(most.up);
        let growth = ups.saturating_add(down.saturating_mul(most.down));
        let before = std::mem::replace(&mut counted.growth, growth);
        i128::from(growth) - i128::from(before)
    }
}

impl State {
    /// Judges an account with its open orders and these changes to them.
    #[inline]
    pub(crate) fn judge_running(&mut self, at: AccountAt, changes: &[Change]) -> Judgement {
        let more: i64 = changes.iter().map(|change| change.lots.max(0)).sum();
        if self.accounts[at as usize].gross + more > MOST_GROSS {
            self.accounts[at as usize].running.age = NEVER;
            return judge_whole(self, at, changes, &[]);
        }
        let account = &mut self.accounts[at as usize];
        for change in changes {
            account.make_holding(change.series);
        }
        let outgrew = account.holdings.len() > FEW && !account.running.summed;
        if account.running.age != self.age || outgrew {
            self.rebuild(at);
        }
        let account = &mut self.accounts[at as usize];
        bring(account, &self.grid, changes, &mut self.workings);
        let (mut worse, mut paid) = (account.running.worse, account.running.paid);
        for change in changes {
            let (w, p) = per_lot(
                &self.series[change.series as usize],
                change.side,
                change.price,
            );
            worse += product(w, change.lots);
            paid += product(p, change.lots);
        }
        let base = i128::from(account.free_of_holds()) - i128::from(account.due())
            + account.running.unsettled.min(0);
        let (counted, lacking) = (account.counted, account.lacking);
        let running = &mut account.running;
        let kept = running.summed.then_some(&mut running.total);
        let worst = tails(&self.grid, kept, &mut self.workings);
        running.judged = worst + running.charges;
        let requirement = (running.judged - running.value).max(0);
        let required = initial(requirement) + worse + lacking;
        let found = Judgement {
            requirement,
            cover: base + counted.cover(required),
            required,
            free: base,
            needed: paid,
        };
        debug_assert_eq!(found, judge_whole(self, at, changes, &[]));
        found
    }

    /// True when a bound of what these changes ask for is covered; false says nothing.
    ///
    /// The requirement of the last judgement, with the most by which every lot since can have
    /// raised it, is never below what a judgement finds; cash and money sums are the ones it reads.
    #[inline]
    pub(crate) fn surely_covered(&self, at: AccountAt, changes: &[Change]) -> bool {
        let account = &self.accounts[at as usize];
        let running = &account.running;
        let known = running.age == self.age && self.grid.bounded && !self.judge_always;
        let more: i64 = changes.iter().map(|change| change.lots.max(0)).sum();
        if !known || account.gross + more > MOST_GROSS {
            return false;
        }
        let (mut worse, mut paid, mut growth) = (running.worse, running.paid, running.growth);
        for change in changes {
            let terms = &self.series[change.series as usize];
            let (w, p) = per_lot(terms, change.side, change.price);
            worse += product(w, change.lots);
            paid += product(p, change.lots);
            let most = self.grid.most_of(change.series);
            let per_lot = match change.side {
                Side::Buy => most.up,
                Side::Sell => most.down,
            };
            growth += product(per_lot, change.lots.max(0));
        }
        let requirement = (running.judged + growth - running.value).max(0);
        let base = i128::from(account.free_of_holds()) - i128::from(account.due())
            + running.unsettled.min(0);
        // What is required less the share that letters cover of it never falls as it grows.
        let required = initial(requirement) + worse + account.lacking;
        let sure = base + account.counted.cover(required) >= required && base >= paid;
        debug_assert!(!sure || judge_whole(self, at, changes, &[]).covered());
        sure
    }

    /// Sums of an account from nothing, at the marks and the table in force.
    #[cold]
    fn rebuild(&mut self, at: AccountAt) {
        let account = &mut self.accounts[at as usize];
        let mut running = std::mem::take(&mut account.running);
        running.summed = account.holdings.len() > FEW;
        if running.summed {
            self.grid.nothing(&mut running.total);
        }
        running.marked.clear();
        (running.worse, running.paid, running.unsettled) = (0, 0, 0);
        (running.charges, running.value, running.growth) = (0, 0, 0);
        for (place, holding) in account.holdings.iter_mut().enumerate() {
            let terms = &self.series[holding.series as usize];
            let hours = i64::from(terms.hours);
            if terms.is_option() {
                running.value += product(holding.lots * terms.mark, hours);
            } else {
                running.unsettled += product(holding.lots * terms.mark - holding.cost, hours);
            }
            (holding.counted, holding.marked) = (Counted::default(), false);
            if holding.lots != 0 || holding.buys != 0 || holding.sells != 0 {
                running.mark(place, holding);
            }
        }
        for order in self.orders.of_account(account) {
            let terms = &self.series[order.series as usize];
            let (worse, paid) = per_lot(terms, order.side, order.price);
            running.worse += product(worse, order.lots);
            running.paid += product(paid, order.lots);
        }
        running.age = self.age;
        self.accounts[at as usize].running = running;
    }
}

/// Brings the marked series of an account up to date, with changes about to come.
#[inline]
fn bring(account: &mut Account, grid: &Grid, changes: &[Change], workings: &mut Workings) {
    for change in changes {
        let place = account.make_holding(change.series);
        let holding = &mut account.holdings[place];
        account.running.mark(place, holding);
    }
    let Workings {
        steps,
        columns,
        total,
        ..
    } = workings;
    steps.clear();
    let running = &mut account.running;
    let holdings = &mut account.holdings;
    running.marked.retain(|marked| {
        let holding = &mut holdings[marked.place as usize];
        let (mut up, mut down) = (holding.lots + holding.buys, holding.sells - holding.lots);
        let mut as_it_is = true;
        for change in changes.iter().filter(|c| c.series == holding.series) {
            as_it_is = false;
            if change.side == Side::Buy {
                up += change.lots;
            } else {
                down += change.lots;
            }
        }
        // Within `MOST_GROSS` lots fit 32 bits.
        let counted = &mut holding.counted;
        let grown = [up as i32 - counted.up, down as i32 - counted.down];
        if grown != [0; 2] {
            if let Some(row) = grid.row(holding.series) {
                let [up, down] = grown;
                steps.push(Step { row, up, down });
            }
            let charge = grid.charge(holding.series, up.abs().max(down.abs()));
            running.charges += i128::from(charge - counted.charge);
            (counted.up, counted.down, counted.charge) = (up as i32, down as i32, charge);
        }
        holding.marked = !as_it_is;
        if as_it_is {
            running.growth -= i128::from(std::mem::take(&mut counted.growth));
        } else {
            running.growth += holding.grow(grid);
        }
        !as_it_is
    });
    columns.resize(grid.chunks.columns(), 0);
    let (chunks, losses) = (&grid.chunks, &grid.losses);
    let total = if running.summed {
        &mut running.total
    } else {
        grid.nothing(total);
        steps.clear();
        steps.extend(holdings.iter().filter_map(|holding| {
            let Counted { up, down, .. } = holding.counted;
            let row = grid.row(holding.series).filter(|_| [up, down] != [0; 2])?;
            Some(Step { row, up, down })
        }));
        total
    };
    advance(total, chunks, losses, steps, columns, grid.wide);
}

/// The greater of scan risk and expected shortfall, micro-dollars, rounded up (CLR-001).
///
/// Rounding each up before the greater is taken is rounding the greater up. No product here comes
/// near 2^127: losses stay below 2^63, there are at most 4,096 scenarios and 65,536 scan rows.
#[inline]
pub(super) fn tails(grid: &Grid, kept: Option<&mut Vec<i64>>, workings: &mut Workings) -> i128 {
    let Workings {
        columns,
        room,
        total,
        ..
    } = workings;
    let total = kept.unwrap_or(total);
    let mut scan = 0_i128;
    for row in &grid.scans {
        let worst = greatest(&columns[row.part.columns.clone()]).max(0);
        scan += product(row.weight, worst);
    }
    let mut part = |shape: &Tail| {
        if shape.scenarios == 0 {
            return (0, 1);
        }
        let lanes = &mut total[shape.part.lanes.clone()];
        let columns = &mut columns[shape.part.columns.clone()];
        let (worst, next) = tail(lanes, columns, shape.k, room, grid.wide);
        let left = (shape.scenarios - 100 * shape.k) as i64;
        (
            worst.wrapping_mul(100) + product(left, next),
            shape.scenarios as i64,
        )
    };
    let ((h, nh), (t, nt)) = (part(&grid.historical), part(&grid.stress));
    let (of_h, of_t) = (
        h.wrapping_mul(3 * i128::from(nt)),
        t.wrapping_mul(i128::from(nh)),
    );
    let shortfall = ceil(of_h + of_t, i128::from(4 * nh * nt));
    ceil(scan, 10_000).max(shortfall)
}

/// The product of two 64-bit numbers, which 128 bits always hold.
#[inline]
fn product(one: i64, other: i64) -> i128 {
    i128::from(one).wrapping_mul(i128::from(other))
}

/// A requirement at the initial factor, rounded up (CLR-003).
#[inline]
fn initial(requirement: i128) -> i128 {
    match i64::try_from(requirement) {
        Ok(found) if found <= i64::MAX / 11 => i128::from((11 * found + 9) / 10),
        _ => ceil(11 * requirement, 10),
    }
}
