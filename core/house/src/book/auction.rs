//! The price of a call auction, a pure function of both sides' levels.

use super::LevelTotals;

/// Result of a call auction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uncross {
    /// One price for all, in ticks.
    pub price: i64,
    /// Lots that trade, hidden lots included.
    pub lots: i64,
    /// Demand less supply at that price, in lots: positive when buyers are left over.
    pub surplus: i64,
}

/// A run of prices with one demand and one supply.
struct Stretch {
    low: i64,
    high: i64,
    lots: i64,
    surplus: i64,
}

/// The auction price, or `None` when no lot would trade.
///
/// Every tick is a candidate, whether or not an order has that limit. In order: most lots; smallest
/// absolute surplus; when every candidate left has buyers over, the highest, when every one has
/// sellers over, the lowest; otherwise nearest the reference price, and of two equally near the
/// lower. The reference is a price of its own unit, `tick` of which make a tick, and may lie between
/// two ticks. `bids` come highest first and `asks` lowest first, as `Book::levels` gives them.
#[must_use]
pub fn auction_price(
    bids: &[LevelTotals],
    asks: &[LevelTotals],
    reference: i64,
    tick: i64,
) -> Option<Uncross> {
    let stretches = stretches(bids, asks);
    let most = stretches
        .iter()
        .map(|run| run.lots)
        .max()
        .filter(|lots| *lots > 0)?;
    let least = stretches
        .iter()
        .filter(|run| run.lots == most)
        .map(|run| run.surplus.abs())
        .min()?;
    let ties: Vec<&Stretch> = stretches
        .iter()
        .filter(|run| run.lots == most && run.surplus.abs() == least)
        .collect();
    let answer = |run: &Stretch, price| Uncross {
        price,
        lots: run.lots,
        surplus: run.surplus,
    };
    let (lowest, highest) = (ties.first()?, ties.last()?);
    if ties.iter().all(|run| run.surplus > 0) {
        return Some(answer(highest, highest.high));
    }
    if ties.iter().all(|run| run.surplus < 0) {
        return Some(answer(lowest, lowest.low));
    }
    let below = reference.div_euclid(tick);
    ties.iter()
        .flat_map(|run| [below, below + 1].map(|near| answer(run, near.clamp(run.low, run.high))))
        .min_by_key(|uncross| ((uncross.price * tick - reference).abs(), uncross.price))
}

/// Runs of equal demand and supply from the best ask up to the best bid, ascending.
fn stretches(bids: &[LevelTotals], asks: &[LevelTotals]) -> Vec<Stretch> {
    let (Some(best_bid), Some(best_ask)) = (bids.first(), asks.first()) else {
        return Vec::new();
    };
    let crossed_bids = &bids[..bids.partition_point(|level| level.price >= best_ask.price)];
    let crossed_asks = &asks[..asks.partition_point(|level| level.price <= best_bid.price)];
    let mut prices: Vec<i64> = crossed_bids
        .iter()
        .chain(crossed_asks)
        .map(|level| level.price)
        .collect();
    prices.sort_unstable();
    prices.dedup();
    let mut demand: i64 = crossed_bids.iter().map(LevelTotals::total).sum();
    let mut supply = 0;
    let mut bids_up = crossed_bids.iter().rev().peekable();
    let mut asks_up = crossed_asks.iter().peekable();
    let mut runs = Vec::with_capacity(prices.len() * 2);
    for (at, &price) in prices.iter().enumerate() {
        supply += asks_up
            .next_if(|level| level.price == price)
            .map_or(0, LevelTotals::total);
        runs.push(Stretch {
            low: price,
            high: price,
            lots: demand.min(supply),
            surplus: demand - supply,
        });
        demand -= bids_up
            .next_if(|level| level.price == price)
            .map_or(0, LevelTotals::total);
        if let Some(&next) = prices.get(at + 1).filter(|next| **next > price + 1) {
            let (low, high) = (price + 1, next - 1);
            runs.push(Stretch {
                low,
                high,
                lots: demand.min(supply),
                surplus: demand - supply,
            });
        }
    }
    runs
}
