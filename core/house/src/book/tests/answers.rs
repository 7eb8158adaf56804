//! Reference tapes, auction prices against every tick tried, and the index against a sorted map.

use std::collections::BTreeMap;

use super::*;

fn tape(seed: u64, cancel_per_mille: u64, cross: i64, width: u64, new: u64) -> (usize, usize, u64) {
    let (mut chance, mut book) = (Chance(seed), Book::new());
    let mut ear = Ear::new(|_: &Resting| Verdict::Fill);
    let (mut mid, mut pool, mut id) = (10_000, Vec::new(), 0);
    while id < new {
        if chance.below(16) == 0 {
            mid += if chance.below(2) == 1 { 1 } else { -1 };
            mid = i64::clamp(mid, 9_000, 11_000);
        }
        if !pool.is_empty() && chance.below(1000) < cancel_per_mille {
            let gone: u64 = pool.swap_remove(chance.below(pool.len() as u64) as usize);
            if let Some(slot) = ear.index.remove(gone) {
                book.remove(slot);
            }
            continue;
        }
        id += 1;
        let side = if chance.below(2) == 0 {
            Side::Buy
        } else {
            Side::Sell
        };
        let off = cross - chance.below(width) as i64;
        let lots = 1 + chance.below(100) as i64;
        let price = if side == Side::Buy {
            mid + off
        } else {
            mid - off
        };
        pool.push(id);
        ear.taker = id;
        let (open, _) = book.cross(side, price, lots, &mut ear);
        if open > 0 {
            let slot = book.rest(&order(id, side, price, open, 0));
            ear.index.insert(id, slot);
        }
    }
    assert_eq!(
        ear.index.len(),
        book.orders(),
        "the index knows exactly the resting orders"
    );
    (ear.events.len(), book.orders(), ear.fnv)
}

#[test]
fn the_reference_tapes_are_reproduced() {
    // Trades, resting orders and tape of the reference matcher for the first 20,000 orders.
    let told = [
        ((42, 500, 4, 25), (5390, 148, 0x08dd_8e3f_cc7c_87eb)),
        ((7, 333, 40, 500), (2432, 8690, 0x063a_ba68_4bf8_703e)),
        ((1, 500, 4, 25), (4557, 77, 0xc002_4be8_40a1_7d2a)),
        ((2, 450, 1, 10), (10158, 1438, 0xc999_b2de_bea4_fa0b)),
        ((3, 200, 100, 300), (10351, 7098, 0xa698_8455_7c65_8b20)),
        ((4, 333, 900, 6000), (4649, 7614, 0x61ec_c4d7_4be5_1924)),
        ((5, 100, 0, 2000), (42, 17723, 0x07e3_37eb_eeeb_c0d7)),
    ];
    for ((seed, cancel, cross, width), expected) in told {
        assert_eq!(
            tape(seed, cancel, cross, width, 20_000),
            expected,
            "seed {seed}"
        );
    }
}

fn plain_auction(
    bids: &[LevelTotals],
    asks: &[LevelTotals],
    reference: i64,
    tick: i64,
) -> Option<Uncross> {
    let every = || {
        (1..=80).map(|price| {
            let demand: i64 = bids
                .iter()
                .filter(|level| level.price >= price)
                .map(LevelTotals::total)
                .sum();
            let supply: i64 = asks
                .iter()
                .filter(|level| level.price <= price)
                .map(LevelTotals::total)
                .sum();
            Uncross {
                price,
                lots: demand.min(supply),
                surplus: demand - supply,
            }
        })
    };
    let most = every().map(|at| at.lots).max().filter(|lots| *lots > 0)?;
    let least = every()
        .filter(|at| at.lots == most)
        .map(|at| at.surplus.abs())
        .min()?;
    let ties: Vec<Uncross> = every()
        .filter(|at| at.lots == most && at.surplus.abs() == least)
        .collect();
    if ties.iter().all(|at| at.surplus > 0) {
        return ties.last().copied();
    }
    if ties.iter().all(|at| at.surplus < 0) {
        return ties.first().copied();
    }
    ties.into_iter()
        .min_by_key(|at| ((at.price * tick - reference).abs(), at.price))
}

#[test]
fn auction_prices_agree_with_every_tick_tried() {
    let mut chance = Chance(11);
    let (mut none, mut buyers, mut sellers, mut even, mut equally_near) = (0, 0, 0, 0, 0);
    for _ in 0..4_000 {
        let mut book = Book::new();
        for id in 1..=1 + chance.below(9) {
            let side = if chance.below(2) == 0 {
                Side::Buy
            } else {
                Side::Sell
            };
            let lots = 1 + chance.below(4) as i64;
            book.rest(&order(
                id,
                side,
                20 + chance.below(30) as i64,
                lots,
                chance.below(2) as u32,
            ));
        }
        let tick = 1 + chance.below(5) as i64;
        let reference = 1 + chance.below(80 * tick as u64) as i64;
        let bids: Vec<_> = book.levels(Side::Buy).collect();
        let asks: Vec<_> = book.levels(Side::Sell).collect();
        let expected = plain_auction(&bids, &asks, reference, tick);
        assert_eq!(
            book.auction(reference, tick),
            expected,
            "{bids:?} {asks:?} {reference}"
        );
        assert_eq!(auction_price(&bids, &asks, reference, tick), expected);
        match expected {
            None => none += 1,
            Some(at) if at.surplus > 0 => buyers += 1,
            Some(at) if at.surplus < 0 => sellers += 1,
            Some(at) => {
                even += 1;
                equally_near += u64::from(at.price != reference / tick);
            }
        }
    }
    let counts = [none, buyers, sellers, even, equally_near];
    assert!(counts.iter().all(|count| *count > 100), "{counts:?}");
}

#[test]
fn the_index_agrees_with_a_sorted_map() {
    let (mut chance, mut index) = (Chance(3), OrderIndex::default());
    let (mut plain, mut id, mut absent) = (BTreeMap::new(), 0_u64, 0);
    for step in 0..200_000_u32 {
        // Dense ids first, then steps of a busy house, then strides that share low bits.
        id += match step / 70_000 {
            0 => 1,
            1 => 1 + chance.below(300),
            _ => 1 << 20,
        };
        index.insert(id, step);
        plain.insert(id, step);
        if chance.below(100) < 90 {
            let wanted = chance.below(id + 2);
            let live = plain
                .range(wanted..)
                .next()
                .map_or(wanted, |(found, _)| *found);
            let asked = if chance.below(4) == 0 { wanted } else { live };
            absent += u32::from(!plain.contains_key(&asked));
            assert_eq!(index.get(asked), plain.get(&asked).copied());
            assert_eq!(index.remove(asked), plain.remove(&asked));
        }
        assert_eq!(index.len(), plain.len());
    }
    assert!(
        plain
            .iter()
            .all(|(id, place)| index.get(*id) == Some(*place))
    );
    assert!(
        plain.len() > 10_000 && absent > 10_000,
        "{} live, {absent} absent",
        plain.len()
    );
}
