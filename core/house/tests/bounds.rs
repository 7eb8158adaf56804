//! What a bound accepts, a judgement accepts: bounds change no byte of what a house tells.

use lasalle_house::frame::{Message, Text, read_header};
use lasalle_house::margin::{Change, judge_whole, surely_covered};
use lasalle_house::wire::{
    CancelOrder, OrderType, PlaceOrder, Refused, ReplaceOrder, SelfTrade, Side, TimeInForce, Traded,
};

#[allow(dead_code, reason = "shared with the bench of the whole core")]
#[path = "../examples/whole_core/world.rs"]
mod world;

use world::{Chance, MIDDLE, TICK, World};

const COMMANDS: u64 = 30_000;
const SERIES: u32 = 9;
/// Series that an account of even number keeps to: so few that no sums of it are kept.
const FEW: u32 = 4;
const ACCOUNTS: u32 = 6;

/// How often each way of the coverage test was taken.
#[derive(Default)]
struct Reach {
    sure: u64,
    judged_covered: u64,
    judged_short: u64,
    refused: u64,
    trades: u64,
    with_few: u64,
    with_many: u64,
}

fn place(chance: &mut Chance) -> PlaceOrder {
    let buys = chance.below(2) == 0;
    let away = chance.below(12) as i64 - 3;
    // Large orders bring an account to the end of its money, small ones along it.
    let most = if chance.below(3) == 0 { 30_000 } else { 300 };
    let account = 1 + chance.below(u64::from(ACCOUNTS)) as u32;
    let within = if account.is_multiple_of(2) {
        FEW
    } else {
        SERIES
    };
    PlaceOrder {
        account,
        series: 1 + chance.below(u64::from(within)) as u32,
        side: if buys { Side::Buy } else { Side::Sell },
        order_type: OrderType::Limit,
        time_in_force: if chance.below(4) == 0 {
            TimeInForce::Ioc
        } else {
            TimeInForce::Gtc
        },
        self_trade: SelfTrade::CancelOldest,
        post_only: false,
        close_out: false,
        price: if buys { MIDDLE - away } else { MIDDLE + away } * TICK,
        lots: 1 + chance.below(most) as i64,
        display_lots: 0,
        minimum_lots: 0,
        stop_price: 0,
        expiry: 0,
        session: 1,
        label: 0,
        reference: Text::default(),
        reference_time: 0,
    }
}

/// Compares the bound with a judgement from nothing kept.
fn compare(world: &World, order: &PlaceOrder, reach: &mut Reach) {
    let state = world.house.state();
    let account = state.account_at(order.account).expect("an account");
    let held = state.accounts[account as usize].holdings.len();
    reach.with_few += u64::from(held > 1 && held <= FEW as usize);
    reach.with_many += u64::from(held > FEW as usize);
    let change = Change {
        series: state.series_at(order.series).expect("a series"),
        side: order.side,
        price: order.price,
        lots: order.lots,
    };
    let covered = judge_whole(state, account, &[change], &[]).covered();
    if surely_covered(state, account, &[change]) {
        assert!(covered, "a bound never accepts what is not covered");
        reach.sure += 1;
    } else if covered {
        reach.judged_covered += 1;
    } else {
        reach.judged_short += 1;
    }
}

fn count(told: &[u8], reach: &mut Reach) {
    let mut at = 0;
    while at < told.len() {
        let header = read_header(&told[at..]).expect("an event");
        reach.refused += u64::from(header.kind == Refused::KIND);
        reach.trades += u64::from(header.kind == Traded::KIND);
        at += header.length;
    }
}

#[test]
fn a_bound_accepts_only_what_a_judgement_accepts() {
    let (mut world, mut always) = (
        World::new(SERIES, ACCOUNTS, ACCOUNTS, 250),
        World::new(SERIES, ACCOUNTS, ACCOUNTS, 250),
    );
    always.house.judge_always(true);
    let (mut chance, mut reach) = (Chance(11), Reach::default());
    let mut asked: Vec<(u64, u32)> = Vec::new();
    for _ in 0..COMMANDS {
        let what = chance.below(10);
        if what < 5 || asked.is_empty() {
            let order = place(&mut chance);
            compare(&world, &order, &mut reach);
            let number = world.ask(&order, 100 + order.account, 1);
            always.ask(&order, 100 + order.account, 1);
            asked.push((number, order.account));
        } else if what < 9 {
            let at = chance.below(asked.len() as u64) as usize;
            let (order, account) = asked.swap_remove(at);
            let target = Text::default();
            let cancel = CancelOrder {
                account,
                order,
                target,
            };
            world.ask(&cancel, 100 + account, 1);
            always.ask(&cancel, 100 + account, 1);
        } else {
            let (order, account) = asked[chance.below(asked.len() as u64) as usize];
            let replace = ReplaceOrder {
                account,
                order,
                target: Text::default(),
                price: (MIDDLE + chance.below(9) as i64 - 4) * TICK,
                lots: 1 + chance.below(9_000) as i64,
                reference: Text::default(),
                reference_time: 0,
            };
            world.ask(&replace, 100 + account, 1);
            always.ask(&replace, 100 + account, 1);
        }
        world.take();
        always.take();
        assert!(world.told == always.told, "the same events, byte for byte");
        count(&world.told, &mut reach);
    }
    assert_eq!(world.house.state_hash(), always.house.state_hash());
    let Reach {
        sure,
        judged_covered,
        judged_short,
        refused,
        trades,
        with_few,
        with_many,
    } = reach;
    let told = format!("{sure} {judged_covered} {judged_short} {refused} {trades}");
    assert!(sure > 1_000 && judged_covered > 200, "{told}");
    assert!(
        with_few > 3_000 && with_many > 3_000,
        "{with_few} {with_many}"
    );
    assert!(judged_short > 200 && trades > 1_000, "{told}");
}
