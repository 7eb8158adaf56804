//! Auction prices against every tick tried, and the index against a sorted map.

use std::collections::BTreeMap;

use super::*;

fn plain_auction(bids: &[LevelTotals], asks: &[LevelTotals], reference: i64) -> Option<Uncross> {
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
        .min_by_key(|at| ((at.price - reference).abs(), at.price))
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
                id,
            ));
        }
        let reference = 1 + chance.below(80) as i64;
        let bids: Vec<_> = book.levels(Side::Buy).collect();
        let asks: Vec<_> = book.levels(Side::Sell).collect();
        let expected = plain_auction(&bids, &asks, reference);
        assert_eq!(
            book.auction(reference),
            expected,
            "{bids:?} {asks:?} {reference}"
        );
        assert_eq!(auction_price(&bids, &asks, reference), expected);
        match expected {
            None => none += 1,
            Some(at) if at.surplus > 0 => buyers += 1,
            Some(at) if at.surplus < 0 => sellers += 1,
            Some(at) => {
                even += 1;
                equally_near += u64::from(at.price != reference);
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
        let place = Place {
            series: step % 7,
            slot: step,
        };
        index.insert(id, place);
        plain.insert(id, place);
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
