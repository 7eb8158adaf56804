//! The book against plain statements of the same law: vectors searched from end to end.

mod answers;

use std::collections::BTreeMap;

use super::*;

const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x100_0000_01b3;

/// Splitmix64, the generator of the workload specification.
struct Chance(u64);

impl Chance {
    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.draw() % bound
    }
}

/// Verdicts are asked of `judge`; the rest is written down.
struct Ear<F: FnMut(&Resting) -> Verdict> {
    judge: F,
    index: OrderIndex,
    taker: u64,
    fnv: u64,
    events: Vec<(u64, i64, i64, bool)>,
}

impl<F: FnMut(&Resting) -> Verdict> Ear<F> {
    fn new(judge: F) -> Self {
        let index = OrderIndex::default();
        Self {
            judge,
            index,
            taker: 0,
            fnv: FNV_START,
            events: Vec::new(),
        }
    }

    /// The index keeps up with a maker.
    fn follow(&mut self, fill: &Fill) {
        if fill.gone {
            self.index.remove(fill.id);
        } else if fill.refreshed {
            self.index.moved(fill.id, fill.slot);
        }
    }
}

impl<F: FnMut(&Resting) -> Verdict> Sink for Ear<F> {
    fn before_fill(&mut self, maker: Maker) -> Verdict {
        (self.judge)(&maker.order)
    }

    fn filled(&mut self, fill: &Fill) {
        for word in [fill.id, self.taker, fill.price as u64, fill.lots as u64] {
            self.fnv = (self.fnv ^ word).wrapping_mul(FNV_PRIME);
        }
        self.events
            .push((fill.id, fill.price, fill.lots, fill.gone));
        self.follow(fill);
    }

    fn decremented(&mut self, fill: &Fill) {
        self.events.push((fill.id, 0, fill.lots, fill.gone));
        self.follow(fill);
    }

    fn cancelled(&mut self, maker: &Resting, _details: &Details) {
        self.events.push((maker.id(), 0, 0, true));
        self.index.remove(maker.id());
    }
}

fn order(id: u64, side: Side, price: i64, lots: i64, display: u32) -> Order {
    Order {
        id,
        handle: (id % 5) as u32,
        side,
        price,
        lots,
        display,
    }
}

/// An order of the plain book.
#[derive(Clone, Debug)]
struct Plain {
    id: u64,
    account: u32,
    side: Side,
    price: i64,
    visible: i64,
    hidden: i64,
    display: i64,
    priority: u64,
}

/// A book that is one vector, sorted whenever it is asked.
#[derive(Default)]
struct PlainBook(Vec<Plain>);

impl PlainBook {
    fn queue(&self, side: Side) -> Vec<Plain> {
        let mut queue: Vec<Plain> = self
            .0
            .iter()
            .filter(|order| order.side == side)
            .cloned()
            .collect();
        let sign = if side == Side::Buy { -1 } else { 1 };
        queue.sort_by_key(|order| (sign * order.price, order.priority));
        queue
    }

    fn at(&mut self, id: u64) -> &mut Plain {
        self.0
            .iter_mut()
            .find(|order| order.id == id)
            .expect("the plain book has the order")
    }

    /// Take lots off the visible slice; true when the order is gone.
    fn fill(&mut self, id: u64, lots: i64, priority: &mut u64) -> bool {
        let order = self.at(id);
        order.visible -= lots;
        if order.visible > 0 {
            return false;
        }
        if order.hidden == 0 {
            self.0.retain(|order| order.id != id);
            return true;
        }
        *priority += 1;
        order.priority = *priority;
        order.visible = order.hidden.min(order.display);
        order.hidden -= order.visible;
        false
    }

    fn cross(
        &mut self,
        (side, limit, lots): (Side, i64, i64),
        judge: impl Fn(u64, u32) -> Verdict,
        priority: &mut u64,
    ) -> (i64, Vec<(u64, i64, i64, bool)>) {
        let (mut open, mut events) = (lots, Vec::new());
        while open > 0 {
            let Some(maker) = self.queue(side.other()).into_iter().next() else {
                break;
            };
            if (side == Side::Buy && maker.price > limit)
                || (side == Side::Sell && maker.price < limit)
            {
                break;
            }
            let verdict = judge(maker.id, maker.account);
            match verdict {
                Verdict::Fill | Verdict::Decrement => {
                    let taken = open.min(maker.visible);
                    open -= taken;
                    let gone = self.fill(maker.id, taken, priority);
                    let price = if verdict == Verdict::Fill {
                        maker.price
                    } else {
                        0
                    };
                    events.push((maker.id, price, taken, gone));
                }
                Verdict::CancelMaker | Verdict::CancelBoth => {
                    self.0.retain(|order| order.id != maker.id);
                    events.push((maker.id, 0, 0, true));
                    if verdict == Verdict::CancelBoth {
                        break;
                    }
                }
                Verdict::CancelTaker | Verdict::Stop => break,
            }
        }
        (open, events)
    }
}

fn compare(book: &Book, plain: &PlainBook) {
    for side in [Side::Buy, Side::Sell] {
        let queue = plain.queue(side);
        let slots: Vec<Slot> = book.iter(side).collect();
        assert_eq!(slots.len(), queue.len(), "both books hold as many orders");
        let mut totals: BTreeMap<i64, LevelTotals> = BTreeMap::new();
        for (slot, expected) in slots.iter().zip(&queue) {
            let (found, details) = (book.order(*slot), book.details(*slot));
            let found = (found.id(), found.price(), found.visible(), details.hidden());
            let Plain {
                id,
                price,
                visible,
                hidden,
                ..
            } = *expected;
            assert_eq!(found, (id, price, visible, hidden));
            let empty = LevelTotals {
                price,
                visible: 0,
                hidden: 0,
            };
            let level = totals.entry(price).or_insert(empty);
            level.visible += visible;
            level.hidden += hidden;
        }
        let mut expected: Vec<LevelTotals> = totals.into_values().collect();
        if side == Side::Buy {
            expected.reverse();
        }
        assert_eq!(book.levels(side).collect::<Vec<_>>(), expected);
        assert_eq!(
            book.best(side).map(|(price, _)| price),
            queue.first().map(|order| order.price)
        );
        let bound = queue.get(queue.len() / 2).map_or(500, |order| order.price);
        let within: i64 = queue
            .iter()
            .filter(|order| {
                if side == Side::Buy {
                    order.price >= bound
                } else {
                    order.price <= bound
                }
            })
            .map(|order| order.visible + order.hidden)
            .sum();
        assert_eq!(book.volume_within(side, bound, i64::MAX), within);
        assert!(
            book.volume_within(side, bound, within / 2) >= within / 2,
            "the count reaches enough"
        );
    }
}

/// A price: mostly near a wandering mid, sometimes anywhere in the law's range.
fn price(chance: &mut Chance, mid: i64) -> i64 {
    match chance.below(40) {
        0 => 1 + chance.below(MAX_PRICE as u64) as i64,
        1 => 1 + chance.below(3) as i64,
        2 => MAX_PRICE - chance.below(3) as i64,
        3..=6 => (mid + chance.below(12_000) as i64 - 6_000).clamp(1, MAX_PRICE),
        _ => (mid + chance.below(60) as i64 - 30).clamp(1, MAX_PRICE),
    }
}

#[derive(Default, Debug)]
struct Reached {
    fills: u64,
    refreshes: u64,
    reduces: u64,
    cancels: u64,
    makers_cancelled: u64,
    far: u64,
    restored: u64,
    emptied: u64,
}

fn judge(id: u64, account: u32) -> Verdict {
    match (account, id % 7) {
        (0, 0) => Verdict::CancelMaker,
        (0, 1) => Verdict::CancelTaker,
        (0, 2) => Verdict::CancelBoth,
        (0, 3) => Verdict::Decrement,
        (0, 4) => Verdict::Stop,
        _ => Verdict::Fill,
    }
}

fn story(seed: u64, reached: &mut Reached) {
    let (mut chance, mut book, mut plain) = (Chance(seed), Book::new(), PlainBook::default());
    let mut ear = Ear::new(|maker: &Resting| judge(maker.id(), maker.handle()));
    let (mut id, mut priority, mut mid) = (0, 0, 20_000_i64);
    for step in 0..1_500 {
        mid = (mid + chance.below(400) as i64 - 200).clamp(1, MAX_PRICE);
        let pick = chance.below(plain.0.len().max(1) as u64) as usize;
        match (chance.below(20), plain.0.get(pick).cloned()) {
            (0..=6, Some(gone)) => {
                let slot = ear
                    .index
                    .remove(gone.id)
                    .expect("a resting order is in the index");
                assert_eq!(book.remove(slot).0.id(), gone.id);
                plain.0.retain(|order| order.id != gone.id);
                reached.cancels += 1;
            }
            (7..=8, Some(order)) if order.visible + order.hidden > 1 => {
                let cut = 1 + chance.below((order.visible + order.hidden - 1) as u64) as i64;
                let slot = ear
                    .index
                    .get(order.id)
                    .expect("a resting order is in the index");
                let kept = plain.at(order.id);
                let from_hidden = kept.hidden.min(cut);
                kept.hidden -= from_hidden;
                kept.visible -= cut - from_hidden;
                assert_eq!(book.reduce(slot, cut), (kept.visible, kept.hidden));
                reached.reduces += 1;
            }
            _ => {
                id += 1 + chance.below(9);
                let side = if chance.below(2) == 0 {
                    Side::Buy
                } else {
                    Side::Sell
                };
                let (limit, lots) = (price(&mut chance, mid), 1 + chance.below(60) as i64);
                reached.far += u64::from((limit - mid).abs() > 4096);
                let before = priority;
                ear.events.clear();
                // Some orders rest uncrossed, as before an auction.
                let crosses = step % 300 > 60;
                let open = if crosses {
                    book.cross(side, limit, lots, &mut ear).0
                } else {
                    lots
                };
                if crosses {
                    let (left, events) = plain.cross((side, limit, lots), judge, &mut priority);
                    assert_eq!(
                        (open, &ear.events),
                        (left, &events),
                        "both books tell the same trades"
                    );
                    reached.fills += events.iter().filter(|event| event.1 > 0).count() as u64;
                    reached.makers_cancelled +=
                        events.iter().filter(|event| event.2 == 0).count() as u64;
                    reached.refreshes += priority - before;
                }
                if open > 0 {
                    priority += 1;
                    let display = if chance.below(4) == 0 {
                        1 + chance.below(9) as u32
                    } else {
                        0
                    };
                    let new = order(id, side, limit, open, display);
                    let slot = book.rest(&new);
                    ear.index.insert(id, slot);
                    let visible = if display == 0 {
                        open
                    } else {
                        open.min(i64::from(display))
                    };
                    let (hidden, display) = (open - visible, i64::from(display));
                    let account = new.handle;
                    plain.0.push(Plain {
                        id,
                        account,
                        side,
                        price: limit,
                        visible,
                        hidden,
                        display,
                        priority,
                    });
                }
            }
        }
        reached.emptied += u64::from(book.orders() == 0);
        if step % 10 == 0 {
            compare(&book, &plain);
        }
        if step % 500 == 499 {
            book = restored(&book, &mut ear.index);
            compare(&book, &plain);
            reached.restored += 1;
        }
    }
}

/// The book as a snapshot gives it back.
fn restored(book: &Book, index: &mut OrderIndex) -> Book {
    let mut copy = Book::new();
    for side in [Side::Buy, Side::Sell] {
        for slot in book.iter(side) {
            let (found, details) = (book.order(slot), book.details(slot));
            let lots = found.visible() + details.hidden();
            let entry = order(found.id(), side, found.price(), lots, details.display);
            let slot = copy.restore(&entry, found.visible());
            index.remove(found.id());
            index.insert(found.id(), slot);
        }
    }
    copy
}

#[test]
fn random_stories_agree_with_the_plain_book() {
    let mut reached = Reached::default();
    for seed in 0..30 {
        story(seed, &mut reached);
    }
    assert!(reached.fills > 5_000, "{reached:?}");
    assert!(reached.refreshes > 300, "{reached:?}");
    assert!(reached.reduces > 2_000, "{reached:?}");
    assert!(reached.cancels > 5_000, "{reached:?}");
    assert!(reached.makers_cancelled > 200, "{reached:?}");
    assert!(reached.far > 1_000, "{reached:?}");
    assert!(reached.restored == 90, "{reached:?}");
    assert!(reached.emptied > 20, "{reached:?}");
}

#[test]
fn an_order_that_stands_nowhere_may_be_foreseen() {
    let mut book = Book::new();
    book.foresee(0);
    let slot = book.rest(&order(1, Side::Buy, 10, 5, 0));
    book.foresee(slot);
    book.foresee(0);
    assert_eq!(book.order(slot).visible(), 5);
}
