//! Coverage: the test every order passes before it can rest or trade (CLR-001 to CLR-004).

use crate::state::{Account, AccountAt, Holding, Series, SeriesAt, State, Table};
use crate::wire::{ScenarioKind, Side};

pub(crate) mod grid;
pub(crate) mod kernel;
pub mod portfolio;
mod rows;
pub(crate) mod running;
mod worst;

/// Both tests of an account, micro-dollars. Covered when cover >= required and free >= needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Requirement with open orders at their worst, before the initial factor.
    pub requirement: i128,
    /// Cash less holds, dues and unsettled losses, and what collateral counts.
    pub cover: i128,
    /// What has to be covered.
    pub required: i128,
    /// Cash apart from margin.
    pub free: i128,
    /// What open orders may cost at once.
    pub needed: i128,
}

impl Judgement {
    /// Both tests hold.
    #[must_use]
    pub fn covered(&self) -> bool {
        self.cover >= self.required && self.free >= self.needed
    }
}

/// Open lots about to come (positive) or go (negative) at their worst price.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// Series.
    pub series: SeriesAt,
    /// Side.
    pub side: Side,
    /// Worst price.
    pub price: i64,
    /// Lots, signed.
    pub lots: i64,
}

/// A position about to come or go.
#[derive(Clone, Copy, Debug)]
pub struct Moved {
    /// Series.
    pub series: SeriesAt,
    /// Signed lots.
    pub lots: i64,
    /// Lots x price; 0 for an option.
    pub cost: i64,
}

/// What a lot filled at the worst price costs against the mark (CLR-003).
///
/// A short option counts its mark at the initial factor, so that its fill never raises what was
/// checked.
#[inline]
#[must_use]
pub fn adverse(series: &Series, side: Side, price: i64) -> i64 {
    let per_unit = if side == Side::Buy {
        price - series.mark
    } else if series.is_option() {
        (11 * series.mark + 9) / 10 - price
    } else {
        series.mark - price
    };
    per_unit.max(0) * i64::from(series.hours)
}

/// Worst fees of a lot.
#[inline]
#[must_use]
pub fn fees(series: &Series) -> i64 {
    series.maker_fee.max(series.taker_fee) + series.clearing_fee
}

/// Sums over open lots: (worse, paid) of one lot on a side at a worst price.
#[inline]
pub(crate) fn per_lot(series: &Series, side: Side, price: i64) -> (i64, i64) {
    let worse = adverse(series, side, price) + fees(series);
    if side == Side::Buy && series.is_option() {
        (worse, price * i64::from(series.hours) + fees(series))
    } else {
        (worse, worse)
    }
}

/// True when these lots on top of what is open on that side only take the position towards zero.
#[must_use]
pub fn reduces(account: &Account, series: SeriesAt, side: Side, lots: i64) -> bool {
    let Some(holding) = account.holding(series) else {
        return false;
    };
    let position = if side == Side::Buy {
        -holding.lots
    } else {
        holding.lots
    };
    position > 0 && holding.open_lots(side) + lots <= position
}

/// Judges an account with its open orders and these changes to them.
#[must_use]
pub fn judge(state: &mut State, account: AccountAt, changes: &[Change]) -> Judgement {
    state.judge_running(account, changes)
}

/// True when these changes are covered by a bound; false says nothing.
#[inline]
#[must_use]
pub fn surely_covered(state: &State, account: AccountAt, changes: &[Change]) -> bool {
    state.surely_covered(account, changes)
}

/// The same; the account remembers whether it was judged last.
#[inline]
pub(crate) fn covered_by_bound(state: &mut State, account: AccountAt, changes: &[Change]) -> bool {
    let sure = state.surely_covered(account, changes);
    state.accounts[account as usize].running.set_judged(!sure);
    sure
}

/// Judges an account from nothing kept, with changes to its open orders and positions moved.
#[must_use]
pub fn judge_whole(
    state: &State,
    account: AccountAt,
    changes: &[Change],
    moved: &[Moved],
) -> Judgement {
    let holder = &state.accounts[account as usize];
    let mut exposures: Vec<Holding> = holder.holdings.clone();
    let mut find = |series: SeriesAt| -> usize {
        let found = exposures.iter().position(|e| e.series == series);
        found.unwrap_or_else(|| {
            exposures.push(Holding {
                series,
                ..Holding::default()
            });
            exposures.len() - 1
        })
    };
    let places: Vec<usize> = changes.iter().map(|c| find(c.series)).collect();
    let moved: Vec<(usize, &Moved)> = moved.iter().map(|m| (find(m.series), m)).collect();
    for (change, place) in changes.iter().zip(places) {
        match change.side {
            Side::Buy => exposures[place].buys += change.lots,
            Side::Sell => exposures[place].sells += change.lots,
        }
    }
    for (place, moved) in moved {
        exposures[place].lots += moved.lots;
        exposures[place].cost += moved.cost;
    }
    let (mut worse, mut paid) = (0_i128, 0_i128);
    let own = state.orders.of_account(holder);
    let live = own.map(|o| (o.series, o.side, o.price, o.lots));
    let plus = changes.iter().map(|c| (c.series, c.side, c.price, c.lots));
    for (series, side, price, lots) in live.chain(plus) {
        let (w, p) = per_lot(&state.series[series as usize], side, price);
        worse += i128::from(w) * i128::from(lots);
        paid += i128::from(p) * i128::from(lots);
    }
    let requirement = requirement(state, &exposures);
    let base = i128::from(holder.free_of_holds()) - i128::from(holder.due())
        + unsettled(state, &exposures).min(0);
    let required = ceil(11 * requirement, 10) + worse + holder.lacking;
    Judgement {
        requirement,
        cover: base + holder.counted.cover(required),
        required,
        free: base,
        needed: paid,
    }
}

/// Quotient of a positive denominator, rounded up.
#[inline]
fn ceil(numerator: i128, denominator: i128) -> i128 {
    if let (Ok(n), Ok(d)) = (i64::try_from(numerator), i64::try_from(denominator)) {
        return i128::from(n.div_euclid(d)) + i128::from(n.rem_euclid(d) != 0);
    }
    -(-numerator).div_euclid(denominator)
}

/// Gain at marks not yet settled by variation.
fn unsettled(state: &State, exposures: &[Holding]) -> i128 {
    let futures = exposures
        .iter()
        .map(|e| (e, &state.series[e.series as usize]))
        .filter(|(_, series)| !series.is_option());
    futures
        .map(|(e, series)| i128::from(e.lots * series.mark - e.cost) * i128::from(series.hours))
        .sum()
}

/// Loss of the worst subset of fills in each scenario (CLR-001).
fn losses(state: &State, table: &Table, exposures: &[Holding]) -> Vec<i128> {
    let mut total = vec![0_i128; table.scenarios.len()];
    for e in exposures {
        let number = state.series[e.series as usize].series;
        let Some(row) = table.series.get(&number) else {
            continue;
        };
        let (lots, buys, sells) = (i128::from(e.lots), i128::from(e.buys), i128::from(e.sells));
        for (sum, a) in total.iter_mut().zip(&row.losses) {
            let a = i128::from(*a);
            *sum += a * lots + (buys * a).max(-sells * a).max(0);
        }
    }
    total
}

/// ES99 as a fraction (numerator, denominator): 100 x the k worst plus (N - 100 k) x the next,
/// over N.
fn tail_sum(mut losses: Vec<i128>) -> (i128, i128) {
    let n = losses.len();
    if n == 0 {
        return (0, 1);
    }
    losses.sort_unstable_by(|a, b| b.cmp(a));
    let k = n / 100;
    let worst: i128 = losses[..k].iter().sum();
    (100 * worst + (n - 100 * k) as i128 * losses[k], n as i128)
}

/// Margin requirement, rounded up once (CLR-001).
fn requirement(state: &State, exposures: &[Holding]) -> i128 {
    let Some(table) = &state.table else {
        return 0;
    };
    let loss = losses(state, table, exposures);
    let labelled = |kind: ScenarioKind, group: u16| -> Vec<i128> {
        let pairs = loss.iter().zip(&table.scenarios);
        let wanted = pairs.filter(|(_, label)| label.kind == kind && label.group == group);
        wanted.map(|(x, _)| *x).collect()
    };
    let mut scan = 0_i128;
    for row in &table.rows {
        let worst = labelled(ScenarioKind::Scan, row.group).into_iter().max();
        scan += i128::from(row.weight) * worst.unwrap_or(0).max(0);
    }
    let (h, nh) = tail_sum(labelled(ScenarioKind::Historical, 0));
    let (t, nt) = tail_sum(labelled(ScenarioKind::Stress, 0));
    let (mut charges, mut value) = (0_i128, 0_i128);
    for e in exposures {
        let terms = &state.series[e.series as usize];
        let Some(row) = table.series.get(&terms.series) else {
            continue;
        };
        let worst_net = (e.lots + e.buys).abs().max((e.lots - e.sells).abs());
        charges += i128::from(row.liquidity) * i128::from(worst_net);
        let beyond = (worst_net - row.concentration_lots).max(0);
        charges += i128::from(row.concentration) * i128::from(beyond);
        if terms.is_option() {
            value += i128::from(e.lots) * i128::from(terms.mark) * i128::from(terms.hours);
        }
    }
    // One common denominator, so that the only rounding is the last one.
    let denominator = 10_000 * 4 * nh * nt;
    let tail = 10_000 * (3 * h * nt + t * nh);
    let numerator = (scan * 4 * nh * nt).max(tail) + (charges - value) * denominator;
    ceil(numerator, denominator).max(0)
}
