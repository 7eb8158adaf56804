//! A made-up day: what members ask next, told from the events of what they asked before.

use std::collections::{HashMap, HashSet};

use lasalle_house::frame::{Header, Message, Text, body, read_header};
use lasalle_house::wire::{
    CancelOrder, OrderAccepted, OrderCancelled, OrderType, PlaceOrder, Refused, ReplaceOrder,
    SelfTrade, Side, TimeInForce, Traded,
};

use crate::world::{Chance, MIDDLE, TICK, World};

/// Commands of a batch of the recording: what one of them changes, the next batch knows.
const BATCH: usize = 1_000;
/// Orders that rest at least when the day begins.
const FEWEST: usize = 20_000;

#[derive(Clone, Copy)]
struct Live {
    order: u64,
    account: u32,
    series: u32,
    side: Side,
    price: i64,
    lots: i64,
}

/// The day.
pub(crate) struct Day {
    /// Session of every order.
    pub(crate) session: u32,
    chance: Chance,
    middles: Vec<i64>,
    live: Vec<Live>,
    places: HashMap<u64, usize>,
    asked: HashSet<u64>,
    counting: bool,
    placed: u64,
    cancels: u64,
    replaces: u64,
    immediate: u64,
    accepted: HashSet<u64>,
    filled: HashSet<u64>,
    trades: u64,
    refused: u64,
    filling: usize,
    references: u64,
}

impl Day {
    /// A day of as many commands in this world.
    pub(crate) fn new(world: &World, commands: usize) -> Self {
        Self {
            session: 1,
            chance: Chance(42),
            middles: vec![MIDDLE; world.series as usize],
            live: Vec::new(),
            places: HashMap::new(),
            asked: HashSet::new(),
            counting: false,
            placed: 0,
            cancels: 0,
            replaces: 0,
            immediate: 0,
            accepted: HashSet::new(),
            filled: HashSet::new(),
            trades: 0,
            refused: 0,
            // As many are cancelled as placed, and some of the placed trade: the rest was there.
            filling: FEWEST + commands / 10,
            references: 0,
        }
    }

    /// Rests the orders that stood there in the morning.
    pub(crate) fn fill_books(&mut self, world: &mut World) {
        while self.live.len() < self.filling {
            for _ in 0..BATCH {
                self.place(world, TimeInForce::Gtc, false);
            }
            self.hear(world);
        }
        assert_eq!(self.refused, 0, "every order of the morning is accepted");
    }

    /// Asks the day's commands.
    pub(crate) fn record(&mut self, world: &mut World, commands: usize) {
        self.record_more(world, commands);
        self.check(commands as u64);
    }

    /// Asks some of the day's commands; the frames of those before were taken away.
    pub(crate) fn record_more(&mut self, world: &mut World, commands: usize) {
        world.taken_away();
        self.counting = true;
        for asked in 0..commands {
            match self.chance.below(100) {
                0..45 => {
                    let crossing = self.chance.below(100) < 18;
                    self.placed += 1;
                    self.place(world, TimeInForce::Gtc, crossing);
                }
                45..90 => self.cancel(world),
                90..95 => self.replace(world),
                _ => {
                    self.immediate += 1;
                    self.place(world, TimeInForce::Ioc, true);
                }
            }
            if (asked + 1) % BATCH == 0 || asked + 1 == commands {
                self.hear(world);
            }
        }
    }

    /// Checks the mix of a whole day, and that it traded.
    pub(crate) fn check(&self, commands: u64) {
        let asked = [self.placed, self.cancels, self.replaces, self.immediate];
        assert_eq!(asked.iter().sum::<u64>(), commands);
        for (count, share) in asked.iter().zip([45, 45, 5, 5]) {
            let expected = commands * share / 100;
            assert!(
                count.abs_diff(expected) * 20 <= expected,
                "the mix: {asked:?}"
            );
        }
        let orders = self.accepted.len() as u64;
        let filled = self.filled.len() as u64;
        assert!(filled * 5 >= orders, "{filled} of {orders} orders traded");
        assert!(
            self.refused * 50 < commands,
            "{} were refused",
            self.refused
        );
    }

    /// What was counted, as words of a JSON object.
    pub(crate) fn counts(&self) -> String {
        format!(
            "\"new\": {}, \"cancels\": {}, \"replaces\": {}, \"immediate\": {}, \"orders\": {}, \
             \"orders_traded\": {}, \"trades\": {}, \"refused\": {}",
            self.placed,
            self.cancels,
            self.replaces,
            self.immediate,
            self.accepted.len(),
            self.filled.len(),
            self.trades,
            self.refused
        )
    }

    fn place(&mut self, world: &mut World, life: TimeInForce, crossing: bool) {
        let chance = &mut self.chance;
        let account = 1 + chance.below(u64::from(world.accounts)) as u32;
        let series = 1 + chance.below(u64::from(world.series)) as u32;
        let middle = &mut self.middles[series as usize - 1];
        if chance.below(4_096) == 0 {
            let step = if chance.below(2) == 0 { 1 } else { -1 };
            *middle = (*middle + step).clamp(MIDDLE - 100, MIDDLE + 100);
        }
        let buys = chance.below(2) == 0;
        let (away, lots) = if crossing {
            (-(2 + chance.below(3) as i64), 1 + chance.below(2) as i64)
        } else {
            (1 + chance.below(20) as i64, 20 + chance.below(40) as i64)
        };
        let price = if buys { *middle - away } else { *middle + away } * TICK;
        self.references += 1;
        let order = PlaceOrder {
            account,
            series,
            side: if buys { Side::Buy } else { Side::Sell },
            order_type: OrderType::Limit,
            time_in_force: life,
            self_trade: SelfTrade::CancelNewest,
            post_only: false,
            close_out: false,
            price,
            lots,
            display_lots: 0,
            minimum_lots: 0,
            stop_price: 0,
            expiry: 0,
            session: self.session,
            label: 0,
            reference: Text::of(&format!("client-{}", self.references)).expect("a reference"),
            reference_time: 0,
        };
        let trader = world.trader(account);
        world.ask(&order, trader, 1);
    }

    /// A live order that nothing else of the batch is about.
    fn pick(&mut self) -> Live {
        loop {
            let at = self.chance.below(self.live.len() as u64) as usize;
            let found = self.live[at];
            if self.asked.insert(found.order) {
                return found;
            }
        }
    }

    fn cancel(&mut self, world: &mut World) {
        let live = self.pick();
        self.cancels += 1;
        let cancel = CancelOrder {
            account: live.account,
            order: live.order,
            target: Text::default(),
        };
        let trader = world.trader(live.account);
        world.ask(&cancel, trader, 1);
    }

    fn replace(&mut self, world: &mut World) {
        let live = self.pick();
        self.replaces += 1;
        let middle = self.middles[live.series as usize - 1];
        let away = 1 + self.chance.below(20) as i64;
        let price = if live.side == Side::Buy {
            middle - away
        } else {
            middle + away
        } * TICK;
        let fewer = self.chance.below(2) == 0;
        let replace = ReplaceOrder {
            account: live.account,
            order: live.order,
            target: Text::default(),
            price: if fewer { live.price } else { price },
            lots: if fewer {
                (live.lots - 1).max(1)
            } else {
                live.lots
            },
            reference: Text::default(),
            reference_time: 0,
        };
        let trader = world.trader(live.account);
        world.ask(&replace, trader, 1);
    }

    /// Has the batch taken and reads what became of it.
    fn hear(&mut self, world: &mut World) {
        world.take();
        self.asked.clear();
        let (told, mut at) = (&world.told, 0);
        while at < told.len() {
            let header = read_header(&told[at..]).expect("an event frame");
            self.see(&header, body(&header, &told[at..at + header.length]));
            at += header.length;
        }
    }

    fn see(&mut self, header: &Header, body: &[u8]) {
        match header.kind {
            Refused::KIND => self.refused += 1,
            OrderAccepted::KIND => {
                let event = OrderAccepted::unpack(body, header.block).expect("an acceptance");
                if self.counting {
                    self.accepted.insert(event.order);
                }
                self.places.insert(event.order, self.live.len());
                self.live.push(Live {
                    order: event.order,
                    account: event.account,
                    series: event.series,
                    side: event.side,
                    price: event.price,
                    lots: event.lots,
                });
            }
            OrderCancelled::KIND => {
                let event = OrderCancelled::unpack(body, header.block).expect("a cancel");
                self.forget(event.order);
            }
            Traded::KIND => {
                let event = Traded::unpack(body, header.block).expect("a trade");
                self.trades += u64::from(self.counting);
                for order in [event.buy_order, event.sell_order] {
                    if self.accepted.contains(&order) {
                        self.filled.insert(order);
                    }
                    let live = &mut self.live[self.places[&order]];
                    live.lots -= event.lots;
                    if live.lots == 0 {
                        self.forget(order);
                    }
                }
            }
            lasalle_house::wire::OrderReplaced::KIND => {
                let event = lasalle_house::wire::OrderReplaced::unpack(body, header.block);
                let event = event.expect("a replacement");
                let live = &mut self.live[self.places[&event.order]];
                (live.price, live.lots) = (event.price, event.lots);
            }
            _ => {}
        }
    }

    fn forget(&mut self, order: u64) {
        let Some(at) = self.places.remove(&order) else {
            return;
        };
        self.live.swap_remove(at);
        if let Some(moved) = self.live.get(at) {
            self.places.insert(moved.order, at);
        }
    }
}
