//! Deciding the auction of the book of a member in default: slices, sealed bids, their opening,
//! awards (CLR-023, CLR-032, CLR-033).

use sha2::{Digest, Sha256};

use crate::agenda::{Agenda, Decision, Refused};
use crate::default::{DEFAULTS, RECOVERY};
use crate::guards::{check_covered, check_position, find_series};
use crate::margin::{Judgement, Moved, judge_whole};
use crate::settlement::Amounts;
use crate::state::{AccountAt, Bid, SeriesAt, Slice, State};
use crate::wire::{
    self, BidEnd, CancelReason, PositionTransferred, Refusal, SeriesState, SliceEnded, SliceLots,
    bound,
};

/// SHA-256 of a bid: slice, accounts, amount, secret and positions, little-endian (CLR-023).
fn commitment(
    slice: u32,
    accounts: (u32, u32),
    amount: i64,
    secret: &[u8; 32],
    positions: &[SliceLots],
) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(slice.to_le_bytes());
    hash.update(accounts.0.to_le_bytes());
    hash.update(accounts.1.to_le_bytes());
    hash.update(amount.to_le_bytes());
    hash.update(secret);
    for item in positions {
        hash.update(item.series.to_le_bytes());
        hash.update(item.lots.to_le_bytes());
    }
    hash.finalize().into()
}

fn check_in_order(last: u32, series: u32) -> Decision {
    if series <= last {
        return Err(Refused::new(Refusal::SliceUnordered, last, series));
    }
    Ok(())
}

fn tradable(state: &State, number: u32) -> Result<SeriesAt, Refused> {
    let at = find_series(state, number)?;
    let series = &state.series[at as usize];
    if series.state == SeriesState::Expired {
        let (open, found) = (SeriesState::Open as i64, series.state as i64);
        return Err(Refused::new(Refusal::SeriesNotTrading, open, found));
    }
    Ok(at)
}

/// Lots out of a position: the same way, and no more than it has.
fn check_within(held: i64, lots: i64) -> Decision {
    let same = held.signum() * lots.signum() > 0;
    if !same || lots.unsigned_abs() > held.unsigned_abs() {
        return Err(Refused::new(Refusal::PositionShort, held, lots));
    }
    Ok(())
}

/// An amount, either way, is within the share of the value at the marks (CLR-033).
fn check_amount(state: &State, positions: &[SliceLots], amount: i64) -> Decision {
    let values = positions.iter().map(|item| {
        let at = state.series_at(item.series).expect("it was found before");
        let series = &state.series[at as usize];
        let hours = i128::from(series.hours);
        i128::from(item.lots.unsigned_abs()) * i128::from(series.mark) * hours
    });
    let most = values.sum::<i128>() * i128::from(bound::BID_SHARE) / 10_000;
    let found = i128::from(amount).abs();
    if found > most {
        return Err(Refused::new(Refusal::BidOutOfBounds, most, found));
    }
    Ok(())
}

/// Who takes a slice for an amount is covered afterwards, when its line has been repaid of it
/// (CLR-054).
fn check_carries(state: &State, taker: AccountAt, amount: i128, moved: &[Moved]) -> Decision {
    let judged = judge_whole(state, taker, &[], moved);
    let account = &state.accounts[taker as usize];
    let came = (amount - i128::from(account.due())).max(0);
    let kept = amount - came.min(state.line_owed(account.account));
    check_covered(&Judgement {
        cover: judged.cover + kept,
        free: judged.free + kept,
        ..judged
    })
}

/// What comes to the taker; each position is held by the giver, where one is asked of, and within
/// the taker's limits.
fn taken(
    state: &State,
    giver: Option<AccountAt>,
    taker: AccountAt,
    positions: &[SliceLots],
) -> Result<Vec<Moved>, Refused> {
    if positions.is_empty() {
        return Err(Refused::new(Refusal::PositionShort, 0, 0));
    }
    let takes = &state.accounts[taker as usize];
    let (mut found, mut last, mut gross) = (Vec::new(), 0, takes.gross);
    for item in positions {
        check_in_order(last, item.series)?;
        last = item.series;
        let at = tradable(state, item.series)?;
        let lots = item.lots;
        let held = giver.map_or(lots, |giver| state.accounts[giver as usize].lots(at));
        check_within(held, lots)?;
        check_position(state, taker, at, lots)?;
        let has = takes.lots(at);
        gross += (has + lots).abs() - has.abs();
        let series = &state.series[at as usize];
        let cost = if series.is_option() {
            0
        } else {
            lots * series.mark
        };
        found.push(Moved {
            series: at,
            lots,
            cost,
        });
    }
    if gross > bound::ACCOUNT_GROSS_LOTS {
        let most = bound::ACCOUNT_GROSS_LOTS;
        return Err(Refused::new(Refusal::GrossLotsBound, most, gross));
    }
    Ok(found)
}

/// What a bid comes to as its slice ends.
type End = (u32, Bid, BidEnd);

impl Agenda<'_> {
    // -- slices ----------------------------------------------------------------------------------

    /// Puts a slice out to sealed bids (CLR-032).
    pub(crate) fn offer_slice(&mut self, c: &wire::OfferSlice<'_>) -> Decision {
        self.need_behaviour(RECOVERY)?;
        let giver = self.named_account(c.from_account)?;
        self.check_in_default(self.state.accounts[giver as usize].member)?;
        if self.state.slices.contains_key(&c.slice) {
            return Err(Refused::new(Refusal::SliceKnown, 0, c.slice));
        }
        for (before, after) in [(self.place.time, c.seals), (c.seals, c.opens)] {
            if after <= before {
                return Err(Refused::new(Refusal::ExpiryNotAhead, before, after));
            }
        }
        let positions: Vec<SliceLots> = c.positions.iter().collect();
        if positions.is_empty() {
            return Err(Refused::new(Refusal::PositionShort, 0, 0));
        }
        let mut last = 0;
        for item in &positions {
            check_in_order(last, item.series)?;
            last = item.series;
            let at = tradable(self.state, item.series)?;
            let held = self.state.accounts[giver as usize].lots(at);
            check_within(held - self.out(c.from_account, item.series), item.lots)?;
        }
        check_amount(self.state, &positions, c.reserve)?;
        self.tell(&wire::SliceOffered {
            slice: c.slice,
            from_account: c.from_account,
            reserve: c.reserve,
            seals: c.seals,
            opens: c.opens,
            positions: c.positions,
        });
        Ok(())
    }

    /// Lots of an account's position that are out to bids.
    fn out(&self, account: u32, series: u32) -> i64 {
        let theirs = self.state.slices.values();
        let theirs = theirs.filter(|slice| slice.from_account == account);
        let items = theirs.flat_map(|slice| &slice.positions);
        let lots = items.filter(|item| item.series == series);
        lots.map(|item| item.lots).sum()
    }

    fn find_slice(&self, number: u32) -> Result<Slice, Refused> {
        let found = self.state.slices.get(&number).cloned();
        found.ok_or_else(|| Refused::new(Refusal::SliceUnknown, 0, number))
    }

    /// Takes a slice back that goes to nobody (CLR-032).
    pub(crate) fn end_slice(&mut self, c: &wire::EndSlice) -> Decision {
        self.need_behaviour(RECOVERY)?;
        let found = self.find_slice(c.slice)?;
        if self.place.time <= found.opens {
            self.withdraw_slice(c.slice, &found);
            return Ok(());
        }
        let ends = self.ends(c.slice, &found, None);
        self.tell_ends_of(c.slice, ends);
        self.tell_slice_ended(c.slice, &found);
        Ok(())
    }

    fn tell_slice_ended(&mut self, slice: u32, found: &Slice) {
        self.tell(&SliceEnded {
            slice,
            from_account: found.from_account,
        });
    }

    fn withdraw_slice(&mut self, number: u32, found: &Slice) {
        let bids = self.bids(number).into_iter();
        let ends = bids
            .map(|(account, bid)| (account, bid, BidEnd::Withdrawn))
            .collect();
        self.tell_ends_of(number, ends);
        self.tell_slice_ended(number, found);
    }

    /// Slices of these accounts end, and the bids for them unread.
    pub(crate) fn take_back(&mut self, accounts: &[u32]) {
        let all = self.state.slices.iter();
        let theirs = all.filter(|(_, slice)| accounts.contains(&slice.from_account));
        let theirs: Vec<_> = theirs.map(|(n, slice)| (*n, slice.clone())).collect();
        for (number, slice) in theirs {
            self.withdraw_slice(number, &slice);
        }
    }

    /// Refuses while a slice of a member's book is out to bids (CLR-033).
    pub(crate) fn check_no_slices(&self, member: u32) -> Decision {
        for (number, slice) in &self.state.slices {
            if self.state.member_of(slice.from_account) == member {
                return Err(Refused::new(Refusal::SliceStanding, 0, *number));
            }
        }
        Ok(())
    }

    // -- bids ------------------------------------------------------------------------------------

    /// Seals a bid (CLR-023, CLR-032).
    pub(crate) fn commit_bid(&mut self, c: &wire::CommitBid) -> Decision {
        self.need_behaviour(DEFAULTS)?;
        self.check_sound(self.state.member_of(c.account))?;
        let giver = self.named_account(c.from_account)?;
        let giver = &self.state.accounts[giver as usize];
        self.check_in_default(giver.member)?;
        if giver.holdings.iter().all(|h| h.lots == 0) {
            return Err(Refused::new(Refusal::PositionShort, 0, 0));
        }
        let now = self.place.time;
        if self.state.behaviour >= RECOVERY {
            let found = self.find_slice(c.slice)?;
            if found.from_account != c.from_account {
                return Err(Refused::new(Refusal::SliceUnknown, 0, c.slice));
            }
            if now > found.seals {
                return Err(Refused::new(Refusal::BidWindow, found.seals, now));
            }
            if c.until <= found.opens {
                let (opens, until) = (found.opens, c.until);
                return Err(Refused::new(Refusal::ExpiryNotAhead, opens, until));
            }
        } else if c.until <= now {
            return Err(Refused::new(Refusal::ExpiryNotAhead, now, c.until));
        }
        self.tell(&wire::BidCommitted {
            account: c.account,
            slice: c.slice,
            from_account: c.from_account,
            until: c.until,
            commitment: c.commitment,
        });
        Ok(())
    }

    /// Opens a bid as it was sealed (CLR-032).
    pub(crate) fn open_bid(&mut self, c: &wire::OpenBid) -> Decision {
        self.need_behaviour(RECOVERY)?;
        self.check_sound(self.state.member_of(c.account))?;
        let found = self.find_slice(c.slice)?;
        let Some(bid) = self.state.bids.get(&(c.slice, c.account)).copied() else {
            return Err(Refused::new(Refusal::BidUnknown, 0, c.account));
        };
        let now = self.place.time;
        if now <= found.seals || now > found.opens {
            let early = now <= found.seals;
            let edge = if early { found.seals } else { found.opens };
            return Err(Refused::new(Refusal::BidWindow, edge, now));
        }
        if bid.opened {
            return Err(Refused::new(Refusal::BidOpen, 0, c.slice));
        }
        let accounts = (found.from_account, c.account);
        let sealed = commitment(c.slice, accounts, c.amount, &c.secret, &found.positions);
        if bid.commitment != sealed {
            return Err(Refused::new(Refusal::BidBroken, 0, c.slice));
        }
        check_amount(self.state, &found.positions, c.amount)?;
        self.tell(&wire::BidOpened {
            account: c.account,
            slice: c.slice,
            amount: c.amount,
            secret: c.secret,
        });
        Ok(())
    }

    /// Bids for a slice, ascending by account.
    fn bids(&self, number: u32) -> Vec<(u32, Bid)> {
        let theirs = self.state.bids.range((number, 0)..=(number, u32::MAX));
        theirs.map(|((_, account), bid)| (*account, *bid)).collect()
    }

    /// What a bid that does not win comes to (CLR-033).
    fn worth(&self, found: &Slice, account: u32, bid: &Bid) -> BidEnd {
        if !bid.opened {
            return BidEnd::Unopened;
        }
        if bid.until < self.place.time {
            return BidEnd::Lapsed;
        }
        if bid.amount > found.reserve {
            return BidEnd::AboveReserve;
        }
        let carries = || {
            let taker = self.named_account(account)?;
            self.check_sound(self.state.accounts[taker as usize].member)?;
            let moved = taken(self.state, None, taker, &found.positions)?;
            check_carries(self.state, taker, i128::from(bid.amount), &moved)
        };
        carries().map_or(BidEnd::Uncovered, |()| BidEnd::Counted)
    }

    /// What every bid for a slice comes to as it ends; winner: the account that takes it.
    fn ends(&self, number: u32, found: &Slice, winner: Option<u32>) -> Vec<End> {
        let bids = self.bids(number).into_iter();
        let ends = bids.map(|(account, bid)| {
            let end = if winner == Some(account) {
                BidEnd::Won
            } else {
                self.worth(found, account, &bid)
            };
            (account, bid, end)
        });
        ends.collect()
    }

    fn tell_ends_of(&mut self, slice: u32, ends: Vec<End>) {
        for (account, bid, reason) in ends {
            self.tell(&wire::BidEnded {
                account,
                slice,
                from_account: bid.from_account,
                reason,
            });
        }
    }

    // -- awards ----------------------------------------------------------------------------------

    /// The windows are over, and the bid is within the reserve and the best of those that stand
    /// and can be carried; ties go to the lower account (CLR-033).
    fn check_best(&self, found: &Slice, c: &wire::AwardSlice<'_>) -> Decision {
        let now = self.place.time;
        if now <= found.opens {
            return Err(Refused::new(Refusal::BidWindow, found.opens, now));
        }
        if c.amount > found.reserve {
            let (most, asks) = (found.reserve, c.amount);
            return Err(Refused::new(Refusal::BidOutOfBounds, most, asks));
        }
        let mut bids = self.bids(c.slice);
        bids.retain(|(_, bid)| bid.opened);
        bids.sort_by_key(|(account, bid)| (bid.amount, *account));
        for (account, bid) in bids {
            let better = (bid.amount, account) < (c.amount, c.to_account);
            if better && self.worth(found, account, &bid) == BidEnd::Counted {
                return Err(Refused::new(Refusal::AwardNotBest, account, c.to_account));
            }
        }
        Ok(())
    }

    /// Gives a slice to a bid and carries it out (CLR-023, CLR-033).
    pub(crate) fn award_slice(&mut self, c: &wire::AwardSlice<'_>) -> Decision {
        self.need_behaviour(DEFAULTS)?;
        let giver = self.named_account(c.from_account)?;
        self.check_in_default(self.state.accounts[giver as usize].member)?;
        let taker = self.named_account(c.to_account)?;
        self.check_sound(self.state.accounts[taker as usize].member)?;
        let opens = self.state.behaviour >= RECOVERY;
        let found = opens.then(|| self.find_slice(c.slice)).transpose()?;
        let bid = self.state.bids.get(&(c.slice, c.to_account));
        let now = self.place.time;
        let bid = bid.filter(|b| b.from_account == c.from_account && b.until >= now);
        let Some(bid) = bid.filter(|b| b.opened || !opens) else {
            return Err(Refused::new(Refusal::BidUnknown, 0, c.to_account));
        };
        let positions: Vec<SliceLots> = c.positions.iter().collect();
        let accounts = (c.from_account, c.to_account);
        if bid.commitment != commitment(c.slice, accounts, c.amount, &c.secret, &positions) {
            return Err(Refused::new(Refusal::BidBroken, 0, c.slice));
        }
        let amount = i128::from(c.amount);
        if amount.abs() > i128::from(bound::MONEY) {
            let most = bound::MONEY;
            return Err(Refused::new(Refusal::AmountTooLarge, most, amount.abs()));
        }
        if let Some(found) = &found {
            self.check_best(found, c)?;
        }
        let moved = taken(self.state, Some(giver), taker, &positions)?;
        check_carries(self.state, taker, amount, &moved)?;
        let both = [(c.to_account, amount), (c.from_account, -amount)];
        let amounts: Amounts = both.into_iter().collect();
        self.check_payments(&amounts)?;
        if let Some(found) = &found {
            let ends = self.ends(c.slice, found, Some(c.to_account));
            self.tell_ends_of(c.slice, ends);
        }
        self.tell(&wire::SliceAwarded {
            account: c.to_account,
            slice: c.slice,
            from_account: c.from_account,
            amount: c.amount,
        });
        for moved in &moved {
            self.leave(moved.series, c.from_account, c.to_account, moved.lots);
        }
        if opens {
            let gone = |series: SeriesAt| moved.iter().any(|m| m.series == series);
            let state = &*self.state;
            let closing = state.orders_that(|o| o.account == giver && gone(o.series));
            self.cancel_all(&closing, CancelReason::PositionTransferred);
        }
        if amount != 0 {
            self.pay(&amounts);
        }
        Ok(())
    }

    /// Lots leave a member in default at the mark.
    pub(crate) fn leave(&mut self, series: SeriesAt, account: u32, to_account: u32, lots: i64) {
        let terms = &self.state.series[series as usize];
        let (series, price) = (terms.series, terms.mark);
        self.tell(&PositionTransferred {
            offer: 0,
            account,
            to_account,
            series,
            lots,
            price,
        });
    }
}
