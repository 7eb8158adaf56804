//! What events of lines of credit and of interest on variation write.

use super::{Evolve, LedgerClass, Post, State};
use crate::agenda::At;
use crate::state::{Cover, Line, Rate, Security};
use crate::wire;

const FUND: Post = Post::House(LedgerClass::LineFund);
const OWED_IN_ALL: Post = Post::House(LedgerClass::LinesReceivable);

fn principal(account: u32) -> Post {
    Post::Of(LedgerClass::LinePrincipal, account)
}

fn interest(account: u32) -> Post {
    Post::Of(LedgerClass::LineInterest, account)
}

fn cash(state: &State, account: u32) -> Post {
    Post::Cash(state.account_at(account).expect("a line has its account"))
}

impl Evolve for wire::CoverRecorded {
    fn evolve(&self, state: &mut State, _: At) {
        let key = (self.account, self.series);
        state.credit.covers.remove(&key);
        if self.lots != 0 {
            let cover = Cover {
                lots: self.lots,
                until: self.until,
                evidence: self.evidence,
            };
            state.credit.covers.insert(key, cover);
        }
    }
}

impl Evolve for wire::LineSet {
    fn evolve(&self, state: &mut State, _: At) {
        let line = Line {
            limit: self.limit,
            rate: self.rate,
        };
        state.credit.lines.insert(self.account, line);
    }
}

impl Evolve for wire::LinesFunded {
    fn evolve(&self, state: &mut State, _: At) {
        state.post(Post::House(LedgerClass::Bank), FUND, self.amount);
    }
}

impl Evolve for wire::LinesSecured {
    fn evolve(&self, state: &mut State, _: At) {
        let security = Security {
            advance: self.advance,
            account_cap: self.account_cap,
        };
        state.credit.securities.insert(self.asset, security);
    }
}

impl Evolve for wire::LineDrawn {
    fn evolve(&self, state: &mut State, _: At) {
        let cash = cash(state, self.account);
        state.post(FUND, cash, self.amount);
        state.post(principal(self.account), OWED_IN_ALL, self.amount);
    }
}

impl Evolve for wire::LineAccrued {
    fn evolve(&self, state: &mut State, _: At) {
        state.post(interest(self.account), OWED_IN_ALL, self.amount);
    }
}

impl Evolve for wire::LineRepaid {
    fn evolve(&self, state: &mut State, _: At) {
        let cash = cash(state, self.payer);
        let income = Post::House(LedgerClass::LineIncome);
        state.post(cash, income, self.interest);
        state.post(cash, FUND, self.principal);
        state.post(OWED_IN_ALL, interest(self.account), self.interest);
        state.post(OWED_IN_ALL, principal(self.account), self.principal);
    }
}

impl Evolve for wire::LineWrittenOff {
    fn evolve(&self, state: &mut State, _: At) {
        state.post(OWED_IN_ALL, interest(self.account), self.interest);
        state.post(OWED_IN_ALL, principal(self.account), self.principal);
        if let Some(line) = state.credit.lines.get_mut(&self.account) {
            line.limit = 0;
        }
    }
}

impl Evolve for wire::RatePublished {
    fn evolve(&self, state: &mut State, _: At) {
        let rate = Rate {
            day: self.day,
            rate: self.rate,
            source: self.source,
            inputs: self.inputs,
        };
        state.credit.rates.insert(self.day, rate);
    }
}

impl Evolve for wire::AlignmentPosted {
    fn evolve(&self, state: &mut State, at: At) {
        let payment = wire::PaymentPosted {
            account: self.account,
            amount: self.amount,
            from_cash: self.from_cash,
            advanced: self.advanced,
            shortfall: self.shortfall,
            to_dues: self.to_dues,
        };
        payment.evolve(state, at);
    }
}
