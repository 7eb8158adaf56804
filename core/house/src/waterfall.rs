//! Who bears the loss of a default, layer by layer: what an allocation is held against (CLR-024 to
//! CLR-027, CLR-034, CLR-035).

use crate::agenda::{Decision, Refused};
use crate::default::RECOVERY;
use crate::state::{Account, Cooling, Stake, State};
use crate::wire::{AccountKind, AccountLots, LedgerClass, LossLayer, LossShare, Refusal, bound};

/// Layers of money that stands ready, in order.
const PREFUNDED: [LossLayer; 5] = [
    LossLayer::OwnFund,
    LossLayer::FirstLoss,
    LossLayer::AbsentFund,
    LossLayer::BiddingFund,
    LossLayer::SecondTranche,
];

/// What `account` (0: the house) bears in a layer of what `due_account` owes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) layer: LossLayer,
    pub(crate) account: u32,
    pub(crate) due_account: u32,
    pub(crate) amount: i64,
}

/// Dues still to be borne, ascending by account.
pub(crate) type Left = Vec<(u32, i64)>;

/// A total spread over weights that come to at least as much: rounded down, what is left by largest
/// remainder, ties in the order given (CLR-025).
pub(crate) fn shares(total: i64, weights: &[i64]) -> Vec<i64> {
    let whole: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if total == 0 || whole == 0 {
        return vec![0; weights.len()];
    }
    let of = |weight: i64| i128::from(total) * i128::from(weight);
    let mut given: Vec<i64> = weights.iter().map(|w| (of(*w) / whole) as i64).collect();
    let mut places: Vec<usize> = (0..weights.len()).collect();
    places.sort_by_key(|place| (-(of(weights[*place]) % whole), *place));
    let left = total - given.iter().sum::<i64>();
    for place in places.into_iter().take(left as usize) {
        given[place] += 1;
    }
    given
}

/// A share spent on dues, ascending by the account that owes.
fn split(layer: LossLayer, account: u32, share: i64, left: &mut Left, parts: &mut Vec<Part>) {
    let mut share = share;
    for (due_account, due) in left {
        let amount = share.min(*due);
        if amount != 0 {
            share -= amount;
            *due -= amount;
            parts.push(Part {
                layer,
                account,
                due_account: *due_account,
                amount,
            });
        }
    }
}

/// Parts as a command names them: one share a layer and account; within a layer in order of member
/// and account, as parts are but those of the margin.
pub(crate) fn share_list(parts: &[Part]) -> Vec<LossShare> {
    let mut found: Vec<LossShare> = Vec::new();
    for part in parts {
        let known = found
            .iter_mut()
            .find(|s| s.layer == part.layer && s.account == part.account);
        match known {
            Some(share) => share.amount += part.amount,
            None => found.push(LossShare {
                layer: part.layer,
                account: part.account,
                amount: part.amount,
            }),
        }
    }
    found.sort_by_key(|share| match share.layer {
        LossLayer::Margin => (share.layer as u8, share.account),
        layer => (layer as u8, 0),
    });
    found
}

/// The shares named are those the law comes to, one by one (CLR-024, CLR-025).
pub(crate) fn check_shares(wanted: &[LossShare], found: &[LossShare]) -> Decision {
    for i in 0..wanted.len().max(found.len()) {
        let (wants, names) = (wanted.get(i), found.get(i));
        let code = |share: Option<&LossShare>| share.map_or(0, |s| s.layer as u8);
        let (Some(wants), Some(names), true) = (wants, names, code(wants) == code(names)) else {
            let (expected, found) = (code(wants), code(names));
            return Err(Refused::new(Refusal::LayerWrong, expected, found));
        };
        if wants != names {
            let (expected, found) = (wants.amount, names.amount);
            return Err(Refused::new(Refusal::ShareWrong, expected, found));
        }
    }
    Ok(())
}

/// The cuts named are those the law comes to, one by one (CLR-028).
pub(crate) fn check_cuts(wanted: &[AccountLots], found: &[AccountLots]) -> Decision {
    const NONE: AccountLots = AccountLots {
        account: 0,
        lots: 0,
    };
    for i in 0..wanted.len().max(found.len()) {
        let wants = wanted.get(i).unwrap_or(&NONE);
        let names = found.get(i).unwrap_or(&NONE);
        if wants != names {
            return Err(Refused::new(Refusal::CutWrong, wants.lots, names.lots));
        }
    }
    Ok(())
}

impl State {
    /// Accounts of a member, ascending.
    pub(crate) fn accounts_of(&self, member: u32) -> Vec<&Account> {
        let all = self.accounts_in_order();
        let all = all.map(|at| &self.accounts[at as usize]);
        all.filter(|account| account.member == member).collect()
    }

    /// What each account of a member owes, ascending by account.
    pub(crate) fn dues(&self, member: u32) -> Left {
        let theirs = self.accounts_of(member).into_iter();
        let dues = theirs.map(|account| (account.account, account.due()));
        dues.filter(|(_, due)| *due != 0).collect()
    }

    /// The margin: each account's cash pays its own dues, then house cash those of all (CLR-030).
    pub(crate) fn own_money(&self, member: u32, left: &mut Left) -> Vec<Part> {
        let layer = LossLayer::Margin;
        let (mut parts, mut spare) = (Vec::new(), Vec::new());
        for account in self.accounts_of(member) {
            let cash = account.free_of_holds().max(0);
            let number = account.account;
            let own = left
                .iter_mut()
                .find(|(due_account, _)| *due_account == number);
            let own = own.map_or(0, |(_, due)| {
                let own = cash.min(*due);
                *due -= own;
                own
            });
            if own != 0 {
                parts.push(Part {
                    layer,
                    account: number,
                    due_account: number,
                    amount: own,
                });
            }
            if account.account_kind == AccountKind::House {
                spare.push((number, cash - own));
            }
        }
        for (payer, cash) in spare {
            split(layer, payer, cash, left, &mut parts);
        }
        parts
    }

    /// Who stands to lose in a default and is not in one, by member and account.
    fn survivors(&self, member: u32) -> Vec<(u32, &Stake)> {
        let theirs = self.stakes.iter().filter(|(key, _)| key.0 == member);
        let named = theirs.map(|((_, account), stake)| (self.member_of(*account), *account, stake));
        let sound = named.filter(|(survivor, ..)| !self.defaults.contains_key(survivor));
        let mut found: Vec<_> = sound.collect();
        found.sort_by_key(|(survivor, account, _)| (*survivor, *account));
        found
            .into_iter()
            .map(|(_, account, s)| (account, s))
            .collect()
    }

    /// Member of an account number.
    pub(crate) fn member_of(&self, account: u32) -> u32 {
        let at = self.account_at(account).expect("a stake has its account");
        self.accounts[at as usize].member
    }

    /// Gains that members not in default give back: a house account what it gained, a client what
    /// of it is still in its cash (CLR-027, CLR-035).
    fn gained(&self, kind: AccountKind) -> Vec<(u32, i64)> {
        let mut found: Vec<(u32, u32, i64)> = Vec::new();
        for (number, gain) in self.gains.iter().filter(|(_, gain)| **gain > 0) {
            let at = self.account_at(*number).expect("a gain has its account");
            let account = &self.accounts[at as usize];
            if account.account_kind == kind && !self.defaults.contains_key(&account.member) {
                let cash = account.free_of_holds().max(0);
                let client = kind == AccountKind::Client;
                let most = if client { cash.min(*gain) } else { *gain };
                found.push((account.member, *number, most));
            }
        }
        found.sort_unstable();
        found.into_iter().map(|(_, n, gain)| (n, gain)).collect()
    }

    /// The most that each account (0: the house) bears in a layer beyond the margin, in order of
    /// member and account.
    fn capacity(&self, member: u32, layer: LossLayer) -> Vec<(u32, i64)> {
        match layer {
            LossLayer::Margin => Vec::new(),
            LossLayer::OwnFund => {
                let theirs = self.accounts_of(member).into_iter();
                theirs
                    .map(|a| (a.account, self.in_fund(a.account)))
                    .collect()
            }
            LossLayer::FirstLoss => vec![(0, self.ledger.house(LedgerClass::FirstLoss))],
            LossLayer::SecondTranche => vec![(0, self.ledger.house(LedgerClass::SecondTranche))],
            LossLayer::Gains => self.gained(AccountKind::House),
            LossLayer::ClientGains => self.gained(AccountKind::Client),
            LossLayer::Liquidity => vec![(0, bound::MONEY)],
            LossLayer::Assessment => {
                let stakes = self.survivors(member).into_iter();
                stakes.map(|(n, s)| (n, self.assessable(n, s))).collect()
            }
            LossLayer::AbsentFund | LossLayer::BiddingFund => {
                let bidding = layer == LossLayer::BiddingFund;
                let stakes = self.survivors(member).into_iter();
                let stakes = stakes.filter(|(_, stake)| stake.bid == bidding);
                stakes
                    .map(|(n, s)| (n, self.in_fund(n).min(s.left())))
                    .collect()
            }
        }
    }

    /// What a survivor can still be assessed for: in one default as much as its stake, in a cooling
    /// period twice the most it had in the fund (CLR-026, CLR-034).
    fn assessable(&self, account: u32, stake: &Stake) -> i64 {
        let left = stake.contribution - stake.assessed;
        self.coolings.get(&account).map_or(left, |cooling| {
            let most = bound::ASSESSMENT_MULTIPLE * cooling.base - cooling.assessed;
            left.min(most).max(0)
        })
    }

    /// True while a default is open that reaches the account's money in the fund.
    pub(crate) fn is_reached(&self, account: u32) -> bool {
        self.stakes.keys().any(|key| key.1 == account)
    }

    /// True while a cooling period runs: until its end, and while a default that reaches the
    /// account is open (CLR-034).
    pub(crate) fn cools(&self, account: u32, cooling: &Cooling, time: i64) -> bool {
        self.is_reached(account) || time <= cooling.until
    }

    /// True when the notice of a member is effective, no cooling period of it runs any more, and it
    /// holds and owes nothing (CLR-034).
    pub(crate) fn has_left(&self, member: u32, time: i64) -> bool {
        let notice = self.notices.get(&member);
        if notice.is_none_or(|effective| time < *effective) {
            return false;
        }
        let theirs = self.accounts_of(member);
        theirs.into_iter().all(|a| {
            let cooling = self.coolings.get(&a.account);
            let cools = cooling.is_some_and(|cooling| self.cools(a.account, cooling, time));
            let owes = a.due() != 0 || self.line_owed(a.account) != 0;
            let owes = owes || self.owes_delivery(a.account) || self.owes_fund(a.account) != 0;
            !cools && !owes && !a.holdings.iter().any(|h| h.stands())
        })
    }

    /// What an account has in the default fund.
    pub(crate) fn in_fund(&self, account: u32) -> i64 {
        self.balance(LedgerClass::DefaultFund, account, crate::state::USD)
    }

    /// What bears the dues of a member in default: each layer is used up before the next one.
    pub(crate) fn allocation(&self, member: u32) -> Vec<Part> {
        let mut left = self.dues(member);
        let mut parts = self.own_money(member, &mut left);
        let last = if self.behaviour >= RECOVERY {
            LossLayer::Liquidity
        } else {
            LossLayer::Gains
        };
        for code in LossLayer::OwnFund as u8..=last as u8 {
            let layer = LossLayer::of(code).expect("layers are numbered without a gap");
            let bearers = self.capacity(member, layer);
            let weights: Vec<i64> = bearers.iter().map(|(_, most)| *most).collect();
            let most: i128 = weights.iter().map(|most| i128::from(*most)).sum();
            let open: i128 = left.iter().map(|(_, due)| i128::from(*due)).sum();
            let total = open.min(most) as i64;
            for ((account, _), share) in bearers.iter().zip(shares(total, &weights)) {
                split(layer, *account, share, &mut left, &mut parts);
            }
        }
        parts
    }

    /// What the layers before the haircut of gains can still bear (CLR-028).
    pub(crate) fn unspent(&self, member: u32) -> i128 {
        let layers = PREFUNDED.into_iter().chain([LossLayer::Assessment]);
        let all = layers.flat_map(|layer| self.capacity(member, layer));
        all.map(|(_, most)| i128::from(most)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn what_rounding_leaves_goes_by_largest_remainder() {
        assert_eq!(shares(10, &[1, 1, 1, 9]), [1, 1, 1, 7]);
        assert_eq!(shares(5, &[2, 2, 2]), [2, 2, 1]);
        assert_eq!(shares(7, &[3, 0, 4]), [3, 0, 4]);
        assert_eq!(shares(0, &[3, 4]), [0, 0]);
        let most = 1_000_000_000_000_000_000;
        assert_eq!(shares(most, &[most, most]), [most / 2, most / 2]);
    }
}
