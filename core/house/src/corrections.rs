//! Deciding busts and corrections of trades in error.

use crate::agenda::{Agenda, Decision, Refused};
use crate::guards::{check_band, check_price, find_series};
use crate::settlement::Amounts;
use crate::state::{Holding, SeriesAt, Trade};
use crate::wire::{self, Refusal, Side, bound};

impl Agenda<'_> {
    fn find_trade(&self, number: u64) -> Result<Trade, Refused> {
        let found = self.state.trades.get(number);
        found.ok_or_else(|| Refused::new(Refusal::TradeUnknown, 0, number))
    }

    /// What is owed when the buyer's position changes by these lots and cost, the seller's by
    /// their opposite, and the buyer is paid an amount, stays within the bound (CLR-015).
    fn check_owed(&self, trade: &Trade, lots: i64, cost: i128, amounts: &Amounts) -> Decision {
        let series = find_series(self.state, trade.series)?;
        for (number, sign) in [(trade.buy_account, 1), (trade.sell_account, -1)] {
            let more =
                i128::from(sign * lots) * i128::from(self.mark(series)) - i128::from(sign) * cost;
            let gain = self.unsettled(number) + self.hours(series) * more;
            if gain.abs() > i128::from(bound::MONEY) {
                let most = bound::MONEY;
                return Err(Refused::new(Refusal::SettlementTooLarge, most, gain.abs()));
            }
        }
        self.check_payments(amounts)
    }

    fn mark(&self, series: SeriesAt) -> i64 {
        self.state.series[series as usize].mark
    }

    /// Hours of a lot that settles by variation; none of an option, whose premium is paid.
    fn hours(&self, series: SeriesAt) -> i128 {
        let terms = &self.state.series[series as usize];
        i128::from(if terms.is_option() { 0 } else { terms.hours })
    }

    /// Gain of an account at marks not yet settled by variation.
    fn unsettled(&self, account: u32) -> i128 {
        let gain = |holding: &Holding| {
            let value = i128::from(holding.lots) * i128::from(self.mark(holding.series));
            (value - i128::from(holding.cost)) * self.hours(holding.series)
        };
        self.holder(account).holdings.iter().map(gain).sum()
    }

    /// What the buyer of a trade receives and its seller pays; nothing when it is nothing.
    fn to_buyer(trade: &Trade, amount: i128) -> Amounts {
        let both = [(trade.buy_account, amount), (trade.sell_account, -amount)];
        both.into_iter()
            .filter(|(_, amount)| *amount != 0)
            .collect()
    }

    /// Premium of a trade at a price; nothing for a future.
    fn premium_at(&self, trade: &Trade, price: i64) -> Result<i128, Refused> {
        let series = &self.state.series[find_series(self.state, trade.series)? as usize];
        if !series.is_option() {
            return Ok(0);
        }
        Ok(i128::from(price) * i128::from(trade.lots) * i128::from(series.hours))
    }

    /// What a bust leaves stays within the bound: positions may have moved on since the trade.
    fn check_gross(&self, account: u32, series: u32, lots: i64) -> Decision {
        let account = self.holder(account);
        let held = account.lots(find_series(self.state, series)?);
        let grown = (held + lots).abs() - held.abs();
        let gross = account.gross + grown;
        if grown > 0 && gross > bound::ACCOUNT_GROSS_LOTS {
            let most = bound::ACCOUNT_GROSS_LOTS;
            return Err(Refused::new(Refusal::GrossLotsBound, most, gross));
        }
        Ok(())
    }

    /// Undoes a trade (CLR-010).
    pub(crate) fn bust_trade(&mut self, c: &wire::BustTrade) -> Decision {
        let trade = self.find_trade(c.trade)?;
        let lots = i64::from(trade.lots);
        self.check_gross(trade.buy_account, trade.series, -lots)?;
        self.check_gross(trade.sell_account, trade.series, lots)?;
        let back = Self::to_buyer(&trade, self.premium_at(&trade, trade.price)?);
        let cost = i128::from(lots) * i128::from(trade.price);
        self.check_owed(&trade, -lots, -cost, &back)?;
        self.tell(&wire::TradeBusted {
            trade: trade.trade,
            series: trade.series,
            price: trade.price,
            lots,
            buy_account: trade.buy_account,
            sell_account: trade.sell_account,
            buy_fee: trade.buy_fee,
            sell_fee: trade.sell_fee,
            buy_clearing_fee: trade.buy_clearing_fee,
            sell_clearing_fee: trade.sell_clearing_fee,
        });
        if !back.is_empty() {
            self.pay(&back);
        }
        let [buyer, seller] = [trade.buy_account, trade.sell_account];
        for account in [buyer.min(seller), buyer.max(seller)] {
            self.end_raising(self.account_at(account));
        }
        Ok(())
    }

    /// Corrects the price of a trade (CLR-010).
    pub(crate) fn adjust_trade(&mut self, c: &wire::AdjustTrade) -> Decision {
        let trade = self.find_trade(c.trade)?;
        let series = &self.state.series[find_series(self.state, trade.series)? as usize];
        check_price(series, c.price)?;
        check_band(series, Side::Buy, c.price)?;
        check_band(series, Side::Sell, c.price)?;
        let more = self.premium_at(&trade, c.price)? - self.premium_at(&trade, trade.price)?;
        let paid = Self::to_buyer(&trade, -more);
        let cost = i128::from(c.price - trade.price) * i128::from(trade.lots);
        self.check_owed(&trade, 0, cost, &paid)?;
        self.tell(&wire::TradeAdjusted {
            trade: trade.trade,
            series: trade.series,
            old_price: trade.price,
            price: c.price,
            lots: i64::from(trade.lots),
            buy_account: trade.buy_account,
            sell_account: trade.sell_account,
        });
        if !paid.is_empty() {
            self.pay(&paid);
        }
        Ok(())
    }
}
