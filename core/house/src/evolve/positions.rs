//! What busts, corrections and transfers of positions write.

use super::{Evolve, LedgerClass, Post, State};
use crate::agenda::At;
use crate::state::{AccountAt, Offer, SeriesAt, TimerKind};
use crate::wire;

fn find(state: &State, account: u32, series: u32) -> (AccountAt, SeriesAt) {
    let account = state.account_at(account);
    let series = state.series_at(series);
    (
        account.expect("the event names an account"),
        series.expect("the event names a series"),
    )
}

impl Evolve for wire::TradeBusted {
    fn evolve(&self, state: &mut State, _: At) {
        let (buyer, series) = find(state, self.buy_account, self.series);
        let (seller, _) = find(state, self.sell_account, self.series);
        for (account, fee, clearing_fee) in [
            (buyer, self.buy_fee, self.buy_clearing_fee),
            (seller, self.sell_fee, self.sell_clearing_fee),
        ] {
            let cash = Post::Cash(account);
            state.post(Post::House(LedgerClass::ExchangeFees), cash, fee);
            let clearing = Post::House(LedgerClass::ClearingFees);
            state.post(clearing, cash, clearing_fee);
        }
        state.move_position(buyer, series, -self.lots, self.price);
        state.move_position(seller, series, self.lots, self.price);
        state.accounts[buyer as usize].seen = 0;
        state.accounts[seller as usize].seen = 0;
        state.trades.remove(self.trade);
    }
}

impl Evolve for wire::TradeAdjusted {
    fn evolve(&self, state: &mut State, _: At) {
        for (account, lots) in [
            (self.buy_account, self.lots),
            (self.sell_account, -self.lots),
        ] {
            let (account, series) = find(state, account, self.series);
            state.move_position(account, series, -lots, self.old_price);
            state.move_position(account, series, lots, self.price);
            state.accounts[account as usize].seen = 0;
        }
        if let Some(trade) = state.trades.get_mut(self.trade) {
            trade.price = self.price;
        }
    }
}

impl Evolve for wire::TransferOffered {
    fn evolve(&self, state: &mut State, _: At) {
        let offer = Offer {
            offer: self.offer,
            account: self.account,
            to_account: self.to_account,
            series: self.series,
            lots: self.lots,
            price: self.price,
            due: self.due,
        };
        state.offers.insert(self.offer, offer);
        state.set_timer(self.due, TimerKind::Offer, self.offer);
    }
}

pub(super) fn forget_offer(state: &mut State, number: u64) {
    if let Some(gone) = state.offers.remove(&number) {
        state.stop_timer(gone.due, TimerKind::Offer, number);
    }
}

impl Evolve for wire::OfferEnded {
    fn evolve(&self, state: &mut State, _: At) {
        forget_offer(state, self.offer);
    }
}

impl Evolve for wire::PositionTransferred {
    fn evolve(&self, state: &mut State, _: At) {
        let (giver, series) = find(state, self.account, self.series);
        let (taker, _) = find(state, self.to_account, self.series);
        state.move_position(giver, series, -self.lots, self.price);
        state.move_position(taker, series, self.lots, self.price);
        forget_offer(state, self.offer);
    }
}
