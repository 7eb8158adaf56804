//! Guards that several commands share. Each refuses with what was expected and what was found.

use crate::agenda::{Agenda, Decision, Refused};
use crate::checksum::crc32c;
use crate::frame::{Message, Text};
use crate::joining::not_eligible;
use crate::margin::Judgement;
use crate::references::Reference;
use crate::state::{Account, AccountAt, Place, Series, SeriesAt, State};
use crate::wire::{self, Refusal, Replayed, Side, bound};

/// A command that carries a client reference.
pub(crate) trait Referenced: Message {
    /// Bytes of the block before session, label and reference: the terms.
    const TERMS: usize;
    /// The reference; empty is none.
    fn reference(&self) -> &Text;
    /// When it was first used; 0 is now.
    fn reference_time(&self) -> i64;

    /// CRC32C of the terms.
    fn terms_check(&self) -> u32 {
        let mut block = [0; 256];
        self.block(&mut block[..usize::from(Self::BLOCK)]);
        crc32c(&block[..Self::TERMS])
    }
}

macro_rules! referenced {
    ($($command:ty: $tail:expr),+) => {
        $(impl Referenced for $command {
            const TERMS: usize = Self::BLOCK as usize - $tail;
            fn reference(&self) -> &Text {
                &self.reference
            }
            fn reference_time(&self) -> i64 {
                self.reference_time
            }
        })+
    };
}

const REFERENCE: usize = 33 + 8;
const SESSION_AND_LABEL: usize = 4 + 8;
referenced!(
    wire::PlaceOrder: REFERENCE + SESSION_AND_LABEL,
    wire::ReplaceOrder: REFERENCE,
    wire::Deposit: REFERENCE,
    wire::RequestWithdrawal: REFERENCE
);

/// What the account keeps under the reference of a command.
#[inline]
pub(crate) fn known<C: Referenced>(account: &Account, command: &C) -> Option<Reference> {
    if command.reference().is_empty() {
        return None;
    }
    account.references.get(command.reference())
}

/// The first result, when the same reference and terms came before (EXC-003). `check` is
/// `terms_check` of the command.
#[inline]
pub(crate) fn replay(account: &Account, known: Option<&Reference>, check: u32) -> Option<Replayed> {
    let known = known?;
    (known.body == check).then_some(Replayed {
        account: account.account,
        original: known.original,
    })
}

/// Time of a command's reference.
pub(crate) fn reference_time<C: Referenced>(command: &C, place: Place) -> i64 {
    if command.reference_time() == 0 {
        place.time
    } else {
        command.reference_time()
    }
}

/// Refuses malformed, stale, early and reused references (EXC-003, EXC-004); `known` is `known` of
/// the command.
pub(crate) fn check_reference<C: Referenced>(
    account: &Account,
    place: Place,
    command: &C,
    known: Option<&Reference>,
) -> Decision {
    let reference = command.reference();
    if reference.is_empty() {
        return Ok(());
    }
    if !reference
        .characters()
        .iter()
        .all(|c| (b' '..=b'~').contains(c))
    {
        return Err(Refused::plain(Refusal::ReferenceMalformed));
    }
    let at = reference_time(command, place);
    let floor = account
        .reference_floor
        .max(place.time - bound::REFERENCE_WINDOW);
    if at <= floor {
        return Err(Refused::new(Refusal::ReferenceStale, floor, at));
    }
    if at > place.time + bound::REFERENCE_LEAD {
        return Err(Refused::new(Refusal::ReferenceEarly, place.time, at));
    }
    match known {
        Some(known) => Err(Refused::new(Refusal::ReferenceReused, 0, known.original)),
        None => Ok(()),
    }
}

/// Refuses an account whose member is suspended, that is killed, or while the market is halted.
///
/// A close-out needs an open market alone: whoever defaults is suspended or killed first (CLR-013).
pub(crate) fn check_may_trade(state: &State, account: AccountAt, close_out: bool) -> Decision {
    let account = &state.accounts[account as usize];
    if !close_out && account.suspended {
        return Err(Refused::new(Refusal::MemberSuspended, 0, account.member));
    }
    if !close_out && account.killed {
        return Err(Refused::new(Refusal::AccountKilled, 0, account.account));
    }
    if state.halted {
        return Err(Refused::plain(Refusal::MarketHalted));
    }
    Ok(())
}

/// The series of a number.
#[inline]
pub(crate) fn find_series(state: &State, number: u32) -> Result<SeriesAt, Refused> {
    state
        .series_at(number)
        .ok_or_else(|| Refused::new(Refusal::SeriesUnknown, 0, number))
}

/// Refuses lots that no order may have.
#[inline]
pub(crate) fn check_lots(lots: i64) -> Decision {
    if lots <= 0 {
        return Err(Refused::new(Refusal::QuantityNotPositive, 1, lots));
    }
    if lots > bound::ORDER_LOTS {
        let most = bound::ORDER_LOTS;
        return Err(Refused::new(Refusal::QuantityTooLarge, most, lots));
    }
    Ok(())
}

/// Refuses prices below or off the tick, or too high.
#[inline]
pub(crate) fn check_price(series: &Series, price: i64) -> Decision {
    if price < series.tick {
        return Err(Refused::new(Refusal::PriceBelowTick, series.tick, price));
    }
    if price % series.tick != 0 {
        return Err(Refused::new(Refusal::PriceOffTick, series.tick, price));
    }
    if price > bound::PRICE {
        return Err(Refused::new(Refusal::PriceTooHigh, bound::PRICE, price));
    }
    Ok(())
}

/// Refuses a price on the wrong side of the band (EXC-007).
#[inline]
pub(crate) fn check_band(series: &Series, side: Side, price: i64) -> Decision {
    let (low, high) = series.band_edges();
    if side == Side::Buy && price > high {
        return Err(Refused::new(Refusal::PriceOutsideBand, high, price));
    }
    if side == Side::Sell && price < low {
        return Err(Refused::new(Refusal::PriceOutsideBand, low, price));
    }
    Ok(())
}

/// An order as the caps of an account see it.
pub(crate) struct Size {
    pub(crate) series: SeriesAt,
    pub(crate) side: Side,
    /// Worst price.
    pub(crate) price: i64,
    pub(crate) lots: i64,
    /// Lots open on that side of that series without it.
    pub(crate) open: i64,
    /// Signed position in that series.
    pub(crate) position: i64,
    /// Gross lots of the account without it.
    pub(crate) gross: i64,
}

/// Fat-finger caps, position limit and the gross bound with an order added (INS-007).
#[inline]
pub(crate) fn check_size(state: &State, account: AccountAt, size: &Size) -> Decision {
    let account = &state.accounts[account as usize];
    let lots = size.lots;
    if lots > account.order_lots_limit {
        let limit = account.order_lots_limit;
        return Err(Refused::new(Refusal::OrderLotsLimit, limit, lots));
    }
    let value = lots * size.price * i64::from(state.series[size.series as usize].hours);
    if value > account.order_value_limit {
        let limit = account.order_value_limit;
        return Err(Refused::new(Refusal::OrderValueLimit, limit, value));
    }
    let product = state.series[size.series as usize].product;
    let same = size.open + lots;
    within_limit(account, product, size.position, size.side, same)?;
    let gross = size.gross + lots;
    if gross > bound::ACCOUNT_GROSS_LOTS {
        let most = bound::ACCOUNT_GROSS_LOTS;
        return Err(Refused::new(Refusal::GrossLotsBound, most, gross));
    }
    Ok(())
}

/// The products and the position limit with lots open on a side; what only takes a position towards
/// zero passes both.
#[inline]
fn within_limit(account: &Account, product: u8, position: i64, side: Side, same: i64) -> Decision {
    let sign = if side == Side::Buy { 1 } else { -1 };
    if account.barred & product != 0 && -sign * position < same {
        return Err(not_eligible(account.barred, product));
    }
    let worst = (position + sign * same).abs();
    if worst > account.position_limit && -sign * position < same {
        let limit = account.position_limit;
        return Err(Refused::new(Refusal::PositionLimit, limit, worst));
    }
    Ok(())
}

/// The products and the position limit with signed lots moved on top of what is open on their side
/// (INS-007, INS-014).
pub(crate) fn check_position(
    state: &State,
    account: AccountAt,
    series: SeriesAt,
    lots: i64,
) -> Decision {
    let account = &state.accounts[account as usize];
    let side = if lots > 0 { Side::Buy } else { Side::Sell };
    let holding = account.holding(series);
    let open = holding.map_or(0, |h| h.open_lots(side));
    let product = state.series[series as usize].product;
    within_limit(
        account,
        product,
        account.lots(series),
        side,
        open + lots.abs(),
    )
}

/// Refuses a series without a row in the margin table in force (CLR-002).
#[inline]
pub(crate) fn check_row(state: &State, series: SeriesAt) -> Decision {
    if state.grid.has_row(series) {
        return Ok(());
    }
    let number = state.series[series as usize].series;
    Err(Refused::new(Refusal::MarginRowMissing, 0, number))
}

/// Refuses what is not covered (CLR-003, CLR-004).
pub(crate) fn check_covered(judgement: &Judgement) -> Decision {
    if judgement.cover < judgement.required {
        let (required, cover) = (judgement.required, judgement.cover);
        return Err(Refused::new(Refusal::MarginShort, required, cover));
    }
    if judgement.free < judgement.needed {
        let (needed, free) = (judgement.needed, judgement.free);
        return Err(Refused::new(Refusal::PremiumShort, needed, free));
    }
    Ok(())
}

impl Agenda<'_> {
    /// The account of a command that `authorise` let through.
    #[inline]
    pub(crate) fn account_at(&self, number: u32) -> AccountAt {
        let at = self.find_account(number);
        at.expect("a scoped command names an account")
    }

    /// The account of a number.
    #[inline]
    pub(crate) fn find_account(&self, number: u32) -> Option<AccountAt> {
        let at = self.guess.account;
        match self.state.accounts.get(at as usize) {
            Some(account) if account.account == number => Some(at),
            _ => self.state.account_at(number),
        }
    }

    /// The series of a number.
    #[inline]
    pub(crate) fn find_series(&self, number: u32) -> Result<SeriesAt, Refused> {
        let at = self.guess.series;
        match self.state.series.get(at as usize) {
            Some(series) if series.series == number => Ok(at),
            _ => find_series(self.state, number),
        }
    }
}
