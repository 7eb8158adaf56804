//! What the state keeps of deliveries.

use std::collections::BTreeMap;

use super::State;
use crate::wire::{DeliveryParty, DeliveryState, LedgerClass};

/// Nanoseconds of an hour.
pub const HOUR: i64 = 3_600_000_000_000;

/// Terms of the deliveries of a series (DEL-020).
#[derive(Clone, Copy, Debug)]
pub struct DeliveryTerms {
    /// Begin of its first hour.
    pub starts: i64,
    /// Nominations are due that long before the begin.
    pub nomination_lead: i64,
    /// A tender is late that long after the begin.
    pub grace: i64,
    /// Time to inspect a tender.
    pub inspection: i64,
    /// Time to dispute metered hours.
    pub dispute: i64,
    /// The outage of the units named excuses.
    pub contingent: bool,
    /// Margin of the seller, micro-dollars an accelerator-hour.
    pub seller_margin: i64,
    /// Hours to come that the buyer has set aside the price of.
    pub prefund_hours: u32,
    /// Ten-thousandths of the contract price, for what is missing.
    pub penalty: u32,
    /// Ten-thousandths that a remedy in cash lies from the index.
    pub cash_factor: u32,
    /// Least quality, ten-thousandths of the contract price.
    pub quality_floor: u32,
    /// Most that quality may come to.
    pub quality_cap: u32,
    /// Time to determine a dispute or a contested rejection.
    pub determination: i64,
    /// What is missing is made good in that time, or by itself.
    pub remedy_window: i64,
    /// Ten-thousandths that a replacement may lie from the index.
    pub cover_band: u32,
    /// Time to correct hours that are final.
    pub correction: i64,
    /// Ten-thousandths that a correction may come to.
    pub correction_share: u32,
}

/// `account` owes `buyer` accelerators for hours of a block.
#[derive(Clone, Copy, Debug)]
pub struct Delivery {
    /// Event number that made it.
    pub delivery: u64,
    /// Seller.
    pub account: u32,
    /// Buyer.
    pub buyer: u32,
    /// Series number.
    pub series: u32,
    /// Accelerators.
    pub lots: i64,
    /// Contract price.
    pub price: i64,
    /// Begin of the block.
    pub starts: i64,
    /// First hour, counted from that of the block.
    pub first_hour: u32,
    /// Hours.
    pub hours: u32,
    /// Bits of the parties that have nominated.
    pub nominated: u32,
    /// Account the buyer's side is pledged to; 0 none.
    pub pledgee: u32,
    /// What it waits for is due then; 0 none.
    pub due: i64,
    /// Where it stands.
    pub state: DeliveryState,
    /// Quality tendered, or accepted, ten-thousandths.
    pub quality: u32,
    /// Begin of its first hour as tendered early; 0 none.
    pub early: i64,
    /// Hours metered.
    pub metered_hours: u32,
    /// Hours that are final.
    pub final_hours: u32,
    /// Accelerator-hours to be made good.
    pub missing: i64,
    /// Who let its time pass.
    pub failed: DeliveryParty,
    /// Micro-dollars kept of what is final for what is missing.
    pub held: i64,
    /// Its last tender was rejected, and it can be contested.
    pub rejected: bool,
}

impl Delivery {
    /// Begin of its first hour.
    #[must_use]
    pub fn begins(&self) -> i64 {
        self.starts + i64::from(self.first_hour) * HOUR
    }

    /// End of its last hour.
    #[must_use]
    pub fn ends(&self) -> i64 {
        self.begins() + i64::from(self.hours) * HOUR
    }

    /// Micro-dollars kept of what is final for what is missing: its price and the penalty, rounded
    /// up (DEL-025).
    #[must_use]
    pub fn kept(&self, terms: &DeliveryTerms) -> i128 {
        let priced = i128::from(self.missing) * i128::from(self.price);
        ceil(priced * i128::from(10_000 + terms.penalty), 10_000)
    }

    /// The account on a side.
    #[must_use]
    pub fn of(&self, party: DeliveryParty) -> u32 {
        match party {
            DeliveryParty::Seller => self.account,
            DeliveryParty::Buyer | DeliveryParty::Nobody => self.buyer,
        }
    }

    /// The side an account is on.
    #[must_use]
    pub fn party(&self, account: u32) -> DeliveryParty {
        if account == self.account {
            DeliveryParty::Seller
        } else if account == self.buyer {
            DeliveryParty::Buyer
        } else {
            DeliveryParty::Nobody
        }
    }

    /// Micro-dollars a side has to have set aside, rounded up once (DEL-027).
    #[must_use]
    pub fn needs(&self, party: DeliveryParty, terms: &DeliveryTerms) -> i128 {
        let (lots, missing) = (i128::from(self.lots), i128::from(self.missing));
        let margin = i128::from(terms.seller_margin);
        if self.state == DeliveryState::Failed {
            return if party == self.failed {
                missing * margin
            } else {
                0
            };
        }
        let left = self.hours - self.final_hours;
        if party == DeliveryParty::Seller {
            return (lots * i128::from(left) + missing) * margin;
        }
        let price = i128::from(self.price);
        if self.state != DeliveryState::Running {
            // Parts of a block need together what the whole did, whoever split it.
            let ahead = terms.prefund_hours.saturating_sub(self.first_hour);
            return lots * i128::from(self.hours.min(ahead)) * price;
        }
        let priced = lots * i128::from(left.min(terms.prefund_hours)) * price;
        ceil(priced * i128::from(self.quality), 10_000)
    }
}

/// Metered hours of a delivery that are not yet final.
#[derive(Clone, Copy, Debug)]
pub struct Metered {
    /// Delivery.
    pub delivery: u64,
    /// First of the hours.
    pub first_hour: u32,
    /// Hours.
    pub hours: u32,
    /// Accelerator-hours delivered.
    pub units: i64,
    /// Accelerator-hours missing and excused.
    pub excused: i64,
    /// Quality measured, ten-thousandths.
    pub quality: u32,
    /// What the buyer paid for them.
    pub amount: i64,
    /// Root of the readings.
    pub evidence: [u8; 32],
    /// Final then, disputed or not.
    pub due: i64,
    /// Who disputes them; 0 nobody.
    pub disputed: u32,
}

/// A waiting offer of a side of a delivery.
#[derive(Clone, Copy, Debug)]
pub struct DeliveryOffer {
    /// Command number of the offer.
    pub offer: u64,
    /// Who offers.
    pub account: u32,
    /// Account that may take it.
    pub to_account: u32,
    /// Delivery.
    pub delivery: u64,
    /// Lots.
    pub lots: i64,
    /// First hour.
    pub first_hour: u32,
    /// Hours.
    pub hours: u32,
    /// Paid by who takes it; negative is paid to it.
    pub amount: i64,
    /// Lapses then.
    pub due: i64,
}

/// Hours that are final and can be corrected.
#[derive(Clone, Copy, Debug)]
pub struct FinalHours {
    /// Delivery.
    pub delivery: u64,
    /// Seller.
    pub account: u32,
    /// Buyer.
    pub buyer: u32,
    /// Contract price.
    pub price: i64,
    /// Accelerator-hours delivered.
    pub units: i64,
    /// Most that can have been delivered.
    pub most: i64,
    /// Quality measured, ten-thousandths.
    pub quality: u32,
    /// Ten-thousandths of the most that a correction may come to.
    pub share: u32,
    /// Can be corrected until then.
    pub due: i64,
}

/// Counts for an account toward the margin of what it delivers (DEL-034).
#[derive(Clone, Copy, Debug)]
pub struct DeliveryCredit {
    /// Most that it counts for, micro-dollars.
    pub amount: i64,
    /// Ten-thousandths of that margin at most.
    pub share: u32,
    /// Counts until then.
    pub until: i64,
    /// What it rests on.
    pub basis: [u8; 32],
}

/// Cash set aside for what another account owes out of failed deliveries (DEL-035).
#[derive(Clone, Copy, Debug)]
pub struct Guarantee {
    /// Command number that gave it.
    pub guarantee: u64,
    /// Guarantor.
    pub account: u32,
    /// Account it is given for.
    pub to_account: u32,
    /// What it still holds, micro-dollars.
    pub amount: i64,
    /// Counts until then.
    pub until: i64,
    /// What was signed.
    pub basis: [u8; 32],
}

/// A waiting offer of futures for physical.
#[derive(Clone, Copy, Debug)]
pub struct Exchange {
    /// Command number of the offer.
    pub offer: u64,
    /// Who gives the position.
    pub account: u32,
    /// Account that may take it.
    pub to_account: u32,
    /// Series number of the position.
    pub series: u32,
    /// Signed lots.
    pub lots: i64,
    /// Price at which they move.
    pub price: i64,
    /// Series number on whose terms is delivered.
    pub physical: u32,
    /// Accelerators delivered.
    pub accelerators: i64,
    /// First hour.
    pub first_hour: u32,
    /// Hours.
    pub hours: u32,
    /// Contract price of the delivery.
    pub delivery_price: i64,
    /// Lapses then.
    pub due: i64,
}

/// Micro-dollars that sides of deliveries need.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Of who delivers.
    pub seller: i128,
    /// Of who takes.
    pub buyer: i128,
}

impl Needs {
    /// With (or, sign -1, without) what a delivery needs of an account.
    #[must_use]
    pub fn plus(
        mut self,
        account: u32,
        delivery: &Delivery,
        terms: &DeliveryTerms,
        sign: i128,
    ) -> Self {
        if delivery.account == account {
            self.seller += sign * delivery.needs(DeliveryParty::Seller, terms);
        }
        if delivery.buyer == account {
            self.buyer += sign * delivery.needs(DeliveryParty::Buyer, terms);
        }
        self
    }
}

/// Rounded up.
fn ceil(value: i128, by: i128) -> i128 {
    -(-value).div_euclid(by)
}

/// Deliveries and what belongs to them.
#[derive(Clone, Debug, Default)]
pub struct Obligations {
    /// Terms by series number.
    pub terms: BTreeMap<u32, DeliveryTerms>,
    /// By number.
    pub deliveries: BTreeMap<u64, Delivery>,
    /// Metered hours that are not yet final, by number.
    pub metered: BTreeMap<u64, Metered>,
    /// Offers by command number.
    pub offers: BTreeMap<u64, DeliveryOffer>,
    /// Lots of rights that are taken and their begin, by account and series number.
    pub exercises: BTreeMap<(u32, u32), (i64, i64)>,
    /// Delivery credits by account number.
    pub credits: BTreeMap<u32, DeliveryCredit>,
    /// Hours that are final and can be corrected, by number.
    pub finals: BTreeMap<u64, FinalHours>,
    /// Offers of futures for physical by command number.
    pub exchanges: BTreeMap<u64, Exchange>,
    /// Guarantees by command number.
    pub guarantees: BTreeMap<u64, Guarantee>,
    /// What the deliveries of an account need, all of them; a cache.
    needs: BTreeMap<u32, Needs>,
}

impl Obligations {
    /// Terms of a delivery.
    #[must_use]
    pub fn terms_of(&self, delivery: &Delivery) -> DeliveryTerms {
        self.terms[&delivery.series]
    }

    /// Guarantees given for an account, the oldest first.
    pub(crate) fn guarantees_for(&self, account: u32) -> impl Iterator<Item = &Guarantee> {
        let all = self.guarantees.values();
        all.filter(move |guarantee| guarantee.to_account == account)
    }

    /// What the deliveries of an account need with `more`, less what its delivery credit counts
    /// toward what it delivers (DEL-034).
    #[must_use]
    pub fn needed(&self, account: u32, more: Needs) -> i128 {
        let needs = self.needs.get(&account).copied().unwrap_or_default();
        let (seller, buyer) = (needs.seller + more.seller, needs.buyer + more.buyer);
        let credit = self.credits.get(&account);
        let counts = credit.map_or(0, |credit| {
            let share = (seller * i128::from(credit.share)).div_euclid(10_000);
            share.min(i128::from(credit.amount))
        });
        seller + buyer - counts
    }

    fn add_needs(&mut self, delivery: &Delivery, sign: i128) {
        let terms = self.terms_of(delivery);
        for account in [delivery.account, delivery.buyer] {
            let needs = self.needs.entry(account).or_default();
            *needs = needs.plus(account, delivery, &terms, sign);
        }
        self.needs.retain(|_, needs| *needs != Needs::default());
    }
}

impl State {
    /// Enters, changes or (none) takes out a delivery; what its accounts lack is counted anew.
    pub(crate) fn put_delivery(&mut self, number: u64, delivery: Option<Delivery>) {
        let before = self.owed.deliveries.remove(&number);
        if let Some(before) = &before {
            self.owed.add_needs(before, -1);
        }
        if let Some(delivery) = delivery {
            self.owed.add_needs(&delivery, 1);
            self.owed.deliveries.insert(number, delivery);
        }
        for found in [before, delivery].into_iter().flatten() {
            self.count_lacking(found.account);
            self.count_lacking(found.buyer);
        }
    }

    /// What an account has set aside: margin of deliveries and performance bond.
    pub(crate) fn set_aside(&self, account: u32) -> i128 {
        let of = |class| i128::from(self.balance(class, account, super::USD));
        of(LedgerClass::DeliveryMargin) + of(LedgerClass::PerformanceBond)
    }

    /// What the delivery fund paid for an account and has not back, micro-dollars (DEL-029).
    pub(crate) fn owes_fund(&self, account: u32) -> i64 {
        -self.balance(LedgerClass::DeliveryOwed, account, super::USD)
    }

    /// What an account has not set aside of what it needs, and `more` (DEL-027).
    pub(crate) fn lacking(&self, account: u32, more: Needs) -> i128 {
        if self.owed.deliveries.is_empty() && more == Needs::default() {
            return 0;
        }
        (self.owed.needed(account, more) - self.set_aside(account)).max(0)
    }

    /// Counts what an account lacks anew, after its deliveries or what it set aside changed.
    pub(crate) fn count_lacking(&mut self, account: u32) {
        let lacking = self.lacking(account, Needs::default());
        if let Some(at) = self.account_at(account) {
            self.accounts[at as usize].lacking = lacking;
        }
    }

    /// True while units are missing that an account let fail (DEL-036).
    pub(crate) fn lets_fail(&self, account: u32) -> bool {
        self.owed.deliveries.values().into_iter().any(|d| {
            let party = if d.failed == DeliveryParty::Buyer {
                d.buyer
            } else {
                d.account
            };
            d.missing != 0 && party == account
        })
    }

    /// True while an account is on a side of a delivery (DEL-027).
    pub(crate) fn owes_delivery(&self, account: u32) -> bool {
        let all = self.owed.deliveries.values();
        all.into_iter()
            .any(|d| [d.account, d.buyer].contains(&account))
    }
}
