//! Messages of the house. Written by tools/wire.py from schema/; change it there.
//!
//! Money is micro-dollars, price micro-dollars per unit, time nanoseconds UTC.
#![allow(clippy::all, clippy::pedantic, unused_imports)]

use crate::frame::{Element, FrameError};

pub mod commands;
pub mod events;
pub mod records;
pub use commands::*;
pub use events::*;
pub use records::*;

/// Version of the schema, and the newest behaviour of the house it speaks of.
pub const SCHEMA_VERSION: u16 = 6;

/// Side of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Side {
    /// Buy.
    Buy = 1,
    /// Sell.
    Sell = 2,
}

impl Side {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::Buy),
            2 => Ok(Self::Sell),
            _ => Err(FrameError(format!("{code} is no Side"))),
        }
    }
}

/// Side that crossed; none in an auction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Aggressor {
    /// None.
    None = 0,
    /// Buy.
    Buy = 1,
    /// Sell.
    Sell = 2,
}

impl Aggressor {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            0 => Ok(Self::None),
            1 => Ok(Self::Buy),
            2 => Ok(Self::Sell),
            _ => Err(FrameError(format!("{code} is no Aggressor"))),
        }
    }
}

/// How the price is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum OrderType {
    /// Limit.
    Limit = 1,
    /// Market.
    Market = 2,
    /// Stop.
    Stop = 3,
    /// Stop limit.
    StopLimit = 4,
}

impl OrderType {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::Limit),
            2 => Ok(Self::Market),
            3 => Ok(Self::Stop),
            4 => Ok(Self::StopLimit),
            _ => Err(FrameError(format!("{code} is no OrderType"))),
        }
    }
}

/// How long an order lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum TimeInForce {
    /// Day.
    Day = 1,
    /// Gtc.
    Gtc = 2,
    /// Gtd.
    Gtd = 3,
    /// Ioc.
    Ioc = 4,
    /// Fok.
    Fok = 5,
}

impl TimeInForce {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::Day),
            2 => Ok(Self::Gtc),
            3 => Ok(Self::Gtd),
            4 => Ok(Self::Ioc),
            5 => Ok(Self::Fok),
            _ => Err(FrameError(format!("{code} is no TimeInForce"))),
        }
    }
}

/// What happens when both sides have one owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum SelfTrade {
    /// Cancel newest.
    CancelNewest = 1,
    /// Cancel oldest.
    CancelOldest = 2,
    /// Cancel both.
    CancelBoth = 3,
    /// Decrement.
    Decrement = 4,
}

impl SelfTrade {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::CancelNewest),
            2 => Ok(Self::CancelOldest),
            3 => Ok(Self::CancelBoth),
            4 => Ok(Self::Decrement),
            _ => Err(FrameError(format!("{code} is no SelfTrade"))),
        }
    }
}

/// Product of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum SeriesKind {
    /// Future.
    Future = 1,
    /// Call.
    Call = 2,
    /// Put.
    Put = 3,
    /// Swap.
    Swap = 4,
}

impl SeriesKind {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::Future),
            2 => Ok(Self::Call),
            3 => Ok(Self::Put),
            4 => Ok(Self::Swap),
            _ => Err(FrameError(format!("{code} is no SeriesKind"))),
        }
    }
}

/// Class of a series for eligibility; bits. What delivers is physical, whatever its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum ProductClass {
    /// Future.
    Future = 1,
    /// Option.
    Option = 2,
    /// Swap.
    Swap = 4,
    /// Physical.
    Physical = 8,
}

impl ProductClass {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::Future),
            2 => Ok(Self::Option),
            4 => Ok(Self::Swap),
            8 => Ok(Self::Physical),
            _ => Err(FrameError(format!("{code} is no ProductClass"))),
        }
    }
}

/// Trading state of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum SeriesState {
    /// Listed.
    Listed = 1,
    /// Pre open.
    PreOpen = 2,
    /// Open.
    Open = 3,
    /// Paused.
    Paused = 4,
    /// Pre close.
    PreClose = 5,
    /// Closed.
    Closed = 6,
    /// Expired.
    Expired = 7,
}

impl SeriesState {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::Listed),
            2 => Ok(Self::PreOpen),
            3 => Ok(Self::Open),
            4 => Ok(Self::Paused),
            5 => Ok(Self::PreClose),
            6 => Ok(Self::Closed),
            7 => Ok(Self::Expired),
            _ => Err(FrameError(format!("{code} is no SeriesState"))),
        }
    }
}

/// Where a live order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum OrderState {
    /// Taking.
    Taking = 1,
    /// Resting.
    Resting = 2,
    /// Waiting.
    Waiting = 3,
    /// Elected.
    Elected = 4,
}

impl OrderState {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::Taking),
            2 => Ok(Self::Resting),
            3 => Ok(Self::Waiting),
            4 => Ok(Self::Elected),
            _ => Err(FrameError(format!("{code} is no OrderState"))),
        }
    }
}

/// Whose business the account carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum AccountKind {
    /// House.
    House = 1,
    /// Client.
    Client = 2,
}

impl AccountKind {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::House),
            2 => Ok(Self::Client),
            _ => Err(FrameError(format!("{code} is no AccountKind"))),
        }
    }
}

/// What an actor may ask; bits.
pub mod role {
    /// Trader.
    pub const TRADER: u32 = 1;
    /// Risk.
    pub const RISK: u32 = 2;
    /// Operator.
    pub const OPERATOR: u32 = 4;
    /// Settlement.
    pub const SETTLEMENT: u32 = 8;
    /// Read only.
    pub const READ_ONLY: u32 = 16;
    /// Clearing.
    pub const CLEARING: u32 = 32;
    /// Every one.
    pub const ALL: u32 = 63;
}

/// Which tail a scenario belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum ScenarioKind {
    /// Scan.
    Scan = 1,
    /// Historical.
    Historical = 2,
    /// Stress.
    Stress = 3,
}

impl ScenarioKind {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::Scan),
            2 => Ok(Self::Historical),
            3 => Ok(Self::Stress),
            _ => Err(FrameError(format!("{code} is no ScenarioKind"))),
        }
    }
}

/// Why money moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum TransferReason {
    /// Deposit.
    Deposit = 1,
    /// Withdrawal.
    Withdrawal = 2,
    /// Liquidity.
    Liquidity = 3,
}

impl TransferReason {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::Deposit),
            2 => Ok(Self::Withdrawal),
            3 => Ok(Self::Liquidity),
            _ => Err(FrameError(format!("{code} is no TransferReason"))),
        }
    }
}

/// Why the whole market stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum HaltReason {
    /// Operator.
    Operator = 1,
    /// Liquidity exhausted.
    LiquidityExhausted = 2,
}

impl HaltReason {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::Operator),
            2 => Ok(Self::LiquidityExhausted),
            _ => Err(FrameError(format!("{code} is no HaltReason"))),
        }
    }
}

/// Why a series changed its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum PauseReason {
    /// Schedule.
    Schedule = 1,
    /// Volatility.
    Volatility = 2,
    /// Trading ended.
    TradingEnded = 3,
}

impl PauseReason {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::Schedule),
            2 => Ok(Self::Volatility),
            3 => Ok(Self::TradingEnded),
            _ => Err(FrameError(format!("{code} is no PauseReason"))),
        }
    }
}

/// Step of the waterfall of settlement prices that gave a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum PriceStep {
    /// Auction.
    Auction = 1,
    /// Trades.
    Trades = 2,
    /// Quotes.
    Quotes = 3,
    /// Curve.
    Curve = 4,
    /// Standing.
    Standing = 5,
}

impl PriceStep {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::Auction),
            2 => Ok(Self::Trades),
            3 => Ok(Self::Quotes),
            4 => Ok(Self::Curve),
            5 => Ok(Self::Standing),
            _ => Err(FrameError(format!("{code} is no PriceStep"))),
        }
    }
}

/// What a digest on the log is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Publication {
    /// Balances.
    Balances = 1,
    /// Statements.
    Statements = 2,
    /// Collateral.
    Collateral = 3,
    /// Membership.
    Membership = 4,
}

impl Publication {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::Balances),
            2 => Ok(Self::Statements),
            3 => Ok(Self::Collateral),
            4 => Ok(Self::Membership),
            _ => Err(FrameError(format!("{code} is no Publication"))),
        }
    }
}

/// Why an index has no fixing on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum NoFixReason {
    /// Evidence.
    Evidence = 1,
    /// Scale.
    Scale = 2,
    /// Shortage.
    Shortage = 3,
    /// Not published.
    NotPublished = 4,
}

impl NoFixReason {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::Evidence),
            2 => Ok(Self::Scale),
            3 => Ok(Self::Shortage),
            4 => Ok(Self::NotPublished),
            _ => Err(FrameError(format!("{code} is no NoFixReason"))),
        }
    }
}

/// Why an offer of a position ended without being taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum OfferEnd {
    /// Lapsed.
    Lapsed = 1,
    /// Withdrawn.
    Withdrawn = 2,
    /// Declined.
    Declined = 3,
}

impl OfferEnd {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::Lapsed),
            2 => Ok(Self::Withdrawn),
            3 => Ok(Self::Declined),
            _ => Err(FrameError(format!("{code} is no OfferEnd"))),
        }
    }
}

/// What the house stands to lose in a default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Tranche {
    /// First loss.
    FirstLoss = 1,
    /// Second tranche.
    SecondTranche = 2,
}

impl Tranche {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::FirstLoss),
            2 => Ok(Self::SecondTranche),
            _ => Err(FrameError(format!("{code} is no Tranche"))),
        }
    }
}

/// Layers of the waterfall, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum LossLayer {
    /// Margin.
    Margin = 1,
    /// Own fund.
    OwnFund = 2,
    /// First loss.
    FirstLoss = 3,
    /// Absent fund.
    AbsentFund = 4,
    /// Bidding fund.
    BiddingFund = 5,
    /// Second tranche.
    SecondTranche = 6,
    /// Assessment.
    Assessment = 7,
    /// Gains.
    Gains = 8,
    /// Client gains.
    ClientGains = 9,
    /// Liquidity.
    Liquidity = 10,
}

impl LossLayer {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::Margin),
            2 => Ok(Self::OwnFund),
            3 => Ok(Self::FirstLoss),
            4 => Ok(Self::AbsentFund),
            5 => Ok(Self::BiddingFund),
            6 => Ok(Self::SecondTranche),
            7 => Ok(Self::Assessment),
            8 => Ok(Self::Gains),
            9 => Ok(Self::ClientGains),
            10 => Ok(Self::Liquidity),
            _ => Err(FrameError(format!("{code} is no LossLayer"))),
        }
    }
}

/// What became of a sealed bid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum BidEnd {
    /// Won.
    Won = 1,
    /// Counted.
    Counted = 2,
    /// Unopened.
    Unopened = 3,
    /// Above reserve.
    AboveReserve = 4,
    /// Uncovered.
    Uncovered = 5,
    /// Withdrawn.
    Withdrawn = 6,
    /// Lapsed.
    Lapsed = 7,
}

impl BidEnd {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::Won),
            2 => Ok(Self::Counted),
            3 => Ok(Self::Unopened),
            4 => Ok(Self::AboveReserve),
            5 => Ok(Self::Uncovered),
            6 => Ok(Self::Withdrawn),
            7 => Ok(Self::Lapsed),
            _ => Err(FrameError(format!("{code} is no BidEnd"))),
        }
    }
}

/// Why an order ended without being filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum CancelReason {
    /// Requested.
    Requested = 1,
    /// Mass requested.
    MassRequested = 2,
    /// Ioc remainder.
    IocRemainder = 3,
    /// Fok unfilled.
    FokUnfilled = 4,
    /// Minimum unmet.
    MinimumUnmet = 5,
    /// Day expired.
    DayExpired = 6,
    /// Gtd expired.
    GtdExpired = 7,
    /// Self trade.
    SelfTrade = 8,
    /// Deficit.
    Deficit = 9,
    /// Session lost.
    SessionLost = 10,
    /// Dead man.
    DeadMan = 11,
    /// Kill switch.
    KillSwitch = 12,
    /// Member suspended.
    MemberSuspended = 13,
    /// Market halted.
    MarketHalted = 14,
    /// Series expired.
    SeriesExpired = 15,
    /// Maker protection.
    MakerProtection = 16,
    /// Sweep bound.
    SweepBound = 17,
    /// Quote replaced.
    QuoteReplaced = 18,
    /// Volatility pause.
    VolatilityPause = 19,
    /// Position transferred.
    PositionTransferred = 20,
    /// Not eligible.
    NotEligible = 22,
}

impl CancelReason {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::Requested),
            2 => Ok(Self::MassRequested),
            3 => Ok(Self::IocRemainder),
            4 => Ok(Self::FokUnfilled),
            5 => Ok(Self::MinimumUnmet),
            6 => Ok(Self::DayExpired),
            7 => Ok(Self::GtdExpired),
            8 => Ok(Self::SelfTrade),
            9 => Ok(Self::Deficit),
            10 => Ok(Self::SessionLost),
            11 => Ok(Self::DeadMan),
            12 => Ok(Self::KillSwitch),
            13 => Ok(Self::MemberSuspended),
            14 => Ok(Self::MarketHalted),
            15 => Ok(Self::SeriesExpired),
            16 => Ok(Self::MakerProtection),
            17 => Ok(Self::SweepBound),
            18 => Ok(Self::QuoteReplaced),
            19 => Ok(Self::VolatilityPause),
            20 => Ok(Self::PositionTransferred),
            22 => Ok(Self::NotEligible),
            _ => Err(FrameError(format!("{code} is no CancelReason"))),
        }
    }
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum DeliveryState {
    /// Paired.
    Paired = 1,
    /// Scheduled.
    Scheduled = 2,
    /// Tendered.
    Tendered = 3,
    /// Running.
    Running = 4,
    /// Failed.
    Failed = 5,
    /// Contested.
    Contested = 6,
}

impl DeliveryState {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::Paired),
            2 => Ok(Self::Scheduled),
            3 => Ok(Self::Tendered),
            4 => Ok(Self::Running),
            5 => Ok(Self::Failed),
            6 => Ok(Self::Contested),
            _ => Err(FrameError(format!("{code} is no DeliveryState"))),
        }
    }
}

/// A side of a delivery; bits where both are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum DeliveryParty {
    /// Nobody.
    Nobody = 0,
    /// Seller.
    Seller = 1,
    /// Buyer.
    Buyer = 2,
}

impl DeliveryParty {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            0 => Ok(Self::Nobody),
            1 => Ok(Self::Seller),
            2 => Ok(Self::Buyer),
            _ => Err(FrameError(format!("{code} is no DeliveryParty"))),
        }
    }
}

/// How a delivery ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum DeliveryEnd {
    /// Delivered.
    Delivered = 1,
    /// Remedied.
    Remedied = 2,
    /// Abandoned.
    Abandoned = 3,
    /// Split.
    Split = 4,
    /// Netted.
    Netted = 5,
    /// Terminated.
    Terminated = 6,
}

impl DeliveryEnd {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::Delivered),
            2 => Ok(Self::Remedied),
            3 => Ok(Self::Abandoned),
            4 => Ok(Self::Split),
            5 => Ok(Self::Netted),
            6 => Ok(Self::Terminated),
            _ => Err(FrameError(format!("{code} is no DeliveryEnd"))),
        }
    }
}

/// What a remedy is paid from; DEL-026 says in which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum RemedySource {
    /// Receivable.
    Receivable = 1,
    /// Margin.
    Margin = 2,
    /// Bond.
    Bond = 3,
    /// Cash.
    Cash = 4,
    /// Fund.
    Fund = 5,
    /// Guarantee.
    Guarantee = 6,
    /// Initial margin.
    InitialMargin = 7,
}

impl RemedySource {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::Receivable),
            2 => Ok(Self::Margin),
            3 => Ok(Self::Bond),
            4 => Ok(Self::Cash),
            5 => Ok(Self::Fund),
            6 => Ok(Self::Guarantee),
            7 => Ok(Self::InitialMargin),
            _ => Err(FrameError(format!("{code} is no RemedySource"))),
        }
    }
}

/// Classes of the chart of accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum LedgerClass {
    /// Cash.
    Cash = 1,
    /// Due from member.
    DueFromMember = 2,
    /// Advances receivable.
    AdvancesReceivable = 3,
    /// House liquidity.
    HouseLiquidity = 4,
    /// Default shortfall.
    DefaultShortfall = 5,
    /// Settlement.
    Settlement = 6,
    /// Exchange fees.
    ExchangeFees = 7,
    /// Clearing fees.
    ClearingFees = 8,
    /// Bank.
    Bank = 9,
    /// Default fund.
    DefaultFund = 10,
    /// First loss.
    FirstLoss = 11,
    /// Second tranche.
    SecondTranche = 12,
    /// Line fund.
    LineFund = 35,
    /// Line principal.
    LinePrincipal = 36,
    /// Line interest.
    LineInterest = 37,
    /// Lines receivable.
    LinesReceivable = 38,
    /// Line income.
    LineIncome = 39,
    /// Delivery receivable.
    DeliveryReceivable = 50,
    /// Delivery margin.
    DeliveryMargin = 51,
    /// Performance bond.
    PerformanceBond = 52,
    /// Delivery fund.
    DeliveryFund = 53,
    /// Delivery owed.
    DeliveryOwed = 54,
    /// Delivery claims.
    DeliveryClaims = 55,
    /// Guarantee.
    Guarantee = 56,
}

impl LedgerClass {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u8) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::Cash),
            2 => Ok(Self::DueFromMember),
            3 => Ok(Self::AdvancesReceivable),
            4 => Ok(Self::HouseLiquidity),
            5 => Ok(Self::DefaultShortfall),
            6 => Ok(Self::Settlement),
            7 => Ok(Self::ExchangeFees),
            8 => Ok(Self::ClearingFees),
            9 => Ok(Self::Bank),
            10 => Ok(Self::DefaultFund),
            11 => Ok(Self::FirstLoss),
            12 => Ok(Self::SecondTranche),
            35 => Ok(Self::LineFund),
            36 => Ok(Self::LinePrincipal),
            37 => Ok(Self::LineInterest),
            38 => Ok(Self::LinesReceivable),
            39 => Ok(Self::LineIncome),
            50 => Ok(Self::DeliveryReceivable),
            51 => Ok(Self::DeliveryMargin),
            52 => Ok(Self::PerformanceBond),
            53 => Ok(Self::DeliveryFund),
            54 => Ok(Self::DeliveryOwed),
            55 => Ok(Self::DeliveryClaims),
            56 => Ok(Self::Guarantee),
            _ => Err(FrameError(format!("{code} is no LedgerClass"))),
        }
    }
}

impl LedgerClass {
    /// Never goes below zero.
    #[must_use]
    pub fn non_negative(self) -> bool {
        matches!(self, Self::Cash | Self::AdvancesReceivable | Self::HouseLiquidity | Self::Settlement | Self::ExchangeFees | Self::ClearingFees | Self::DefaultFund | Self::FirstLoss | Self::SecondTranche | Self::LineFund | Self::LinesReceivable | Self::LineIncome | Self::DeliveryReceivable | Self::DeliveryMargin | Self::PerformanceBond | Self::DeliveryFund | Self::DeliveryClaims | Self::Guarantee)
    }
}

/// Reasons to say no, in order of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u16)]
pub enum Refusal {
    /// House closed.
    HouseClosed = 1,
    /// House open.
    HouseOpen = 2,
    /// Operators too few.
    OperatorsTooFew = 3,
    /// Actor unknown.
    ActorUnknown = 4,
    /// Role missing.
    RoleMissing = 5,
    /// Member frozen.
    MemberFrozen = 200,
    /// Four eyes required.
    FourEyesRequired = 6,
    /// Behaviour too old.
    BehaviourTooOld = 93,
    /// Proposal unknown.
    ProposalUnknown = 7,
    /// Proposal own.
    ProposalOwn = 8,
    /// Proposal not yours.
    ProposalNotYours = 95,
    /// Command not proposable.
    CommandNotProposable = 9,
    /// Payload malformed.
    PayloadMalformed = 10,
    /// Member unknown.
    MemberUnknown = 11,
    /// Member known.
    MemberKnown = 12,
    /// Actor bound.
    ActorBound = 13,
    /// Number zero.
    NumberZero = 14,
    /// Roles out of bounds.
    RolesOutOfBounds = 15,
    /// Account unknown.
    AccountUnknown = 16,
    /// Account known.
    AccountKnown = 17,
    /// Account not yours.
    AccountNotYours = 18,
    /// Limit out of bounds.
    LimitOutOfBounds = 19,
    /// Limit loosened.
    LimitLoosened = 20,
    /// Member suspended.
    MemberSuspended = 21,
    /// Member not suspended.
    MemberNotSuspended = 22,
    /// Account killed.
    AccountKilled = 23,
    /// Account not killed.
    AccountNotKilled = 24,
    /// Market halted.
    MarketHalted = 25,
    /// Market not halted.
    MarketNotHalted = 26,
    /// Shortfall open.
    ShortfallOpen = 27,
    /// Behaviour unknown.
    BehaviourUnknown = 28,
    /// Asset unknown.
    AssetUnknown = 29,
    /// Asset known.
    AssetKnown = 30,
    /// Asset is cash.
    AssetIsCash = 150,
    /// Collateral terms.
    CollateralTerms = 151,
    /// Collateral unknown.
    CollateralUnknown = 152,
    /// Call standing.
    CallStanding = 153,
    /// Call covered.
    CallCovered = 154,
    /// Asset covers margin.
    AssetCoversMargin = 232,
    /// Rate out of bounds.
    RateOutOfBounds = 238,
    /// Line terms.
    LineTerms = 233,
    /// Cover unproven.
    CoverUnproven = 234,
    /// Cover missing.
    CoverMissing = 235,
    /// Line fund short.
    LineFundShort = 236,
    /// Line unpaid.
    LineUnpaid = 237,
    /// Reference malformed.
    ReferenceMalformed = 31,
    /// Reference missing.
    ReferenceMissing = 32,
    /// Reference stale.
    ReferenceStale = 33,
    /// Reference early.
    ReferenceEarly = 34,
    /// Reference reused.
    ReferenceReused = 35,
    /// Amount not positive.
    AmountNotPositive = 36,
    /// Amount too large.
    AmountTooLarge = 37,
    /// Transfer unknown.
    TransferUnknown = 38,
    /// Timeout negative.
    TimeoutNegative = 39,
    /// Cash short.
    CashShort = 40,
    /// Series unknown.
    SeriesUnknown = 41,
    /// Series known.
    SeriesKnown = 42,
    /// Symbol known.
    SymbolKnown = 43,
    /// Standard incomplete.
    StandardIncomplete = 94,
    /// Terms out of bounds.
    TermsOutOfBounds = 44,
    /// State not reachable.
    StateNotReachable = 45,
    /// Series not trading.
    SeriesNotTrading = 46,
    /// Trading ended.
    TradingEnded = 47,
    /// Order unknown.
    OrderUnknown = 48,
    /// Order not resting.
    OrderNotResting = 49,
    /// Quantity not positive.
    QuantityNotPositive = 50,
    /// Quantity too large.
    QuantityTooLarge = 51,
    /// Price below tick.
    PriceBelowTick = 52,
    /// Price off tick.
    PriceOffTick = 53,
    /// Price too high.
    PriceTooHigh = 54,
    /// Price not wanted.
    PriceNotWanted = 55,
    /// Price outside band.
    PriceOutsideBand = 56,
    /// No protection price.
    NoProtectionPrice = 57,
    /// Combination not allowed.
    CombinationNotAllowed = 58,
    /// Expiry not ahead.
    ExpiryNotAhead = 59,
    /// Stop price wrong.
    StopPriceWrong = 60,
    /// Display out of bounds.
    DisplayOutOfBounds = 61,
    /// Minimum out of bounds.
    MinimumOutOfBounds = 62,
    /// Post only crosses.
    PostOnlyCrosses = 63,
    /// Orders too many.
    OrdersTooMany = 64,
    /// Order lots limit.
    OrderLotsLimit = 65,
    /// Order value limit.
    OrderValueLimit = 66,
    /// Product not eligible.
    ProductNotEligible = 230,
    /// Products out of bounds.
    ProductsOutOfBounds = 231,
    /// Position limit.
    PositionLimit = 67,
    /// Gross lots bound.
    GrossLotsBound = 68,
    /// Quotes out of bounds.
    QuotesOutOfBounds = 69,
    /// Protection tripped.
    ProtectionTripped = 70,
    /// Offer unknown.
    OfferUnknown = 71,
    /// Position short.
    PositionShort = 72,
    /// Margin row missing.
    MarginRowMissing = 73,
    /// Margin short.
    MarginShort = 74,
    /// Premium short.
    PremiumShort = 75,
    /// Trade unknown.
    TradeUnknown = 76,
    /// Table not ahead.
    TableNotAhead = 77,
    /// Table not open.
    TableNotOpen = 78,
    /// Table not replaced.
    TableNotReplaced = 79,
    /// Scenarios out of bounds.
    ScenariosOutOfBounds = 80,
    /// Losses out of bounds.
    LossesOutOfBounds = 81,
    /// Row out of bounds.
    RowOutOfBounds = 82,
    /// Row missing.
    RowMissing = 83,
    /// Day not ahead.
    DayNotAhead = 84,
    /// Price missing.
    PriceMissing = 85,
    /// Prices unordered.
    PricesUnordered = 86,
    /// Month wrong.
    MonthWrong = 87,
    /// Hours wrong.
    HoursWrong = 88,
    /// Series still trading.
    SeriesStillTrading = 89,
    /// Trading not ended.
    TradingNotEnded = 90,
    /// Month not over.
    MonthNotOver = 91,
    /// Period not over.
    PeriodNotOver = 96,
    /// Fixing not missing.
    FixingNotMissing = 97,
    /// Settlement too large.
    SettlementTooLarge = 92,
    /// Member in default.
    MemberInDefault = 100,
    /// Member not in default.
    MemberNotInDefault = 101,
    /// Account not house.
    AccountNotHouse = 102,
    /// Fund short.
    FundShort = 103,
    /// Default open.
    DefaultOpen = 104,
    /// Port unknown.
    PortUnknown = 105,
    /// Account not client.
    AccountNotClient = 106,
    /// Account owes.
    AccountOwes = 107,
    /// Bid unknown.
    BidUnknown = 108,
    /// Bid broken.
    BidBroken = 109,
    /// Slice unordered.
    SliceUnordered = 110,
    /// Loss wrong.
    LossWrong = 111,
    /// Layer wrong.
    LayerWrong = 112,
    /// Share wrong.
    ShareWrong = 113,
    /// Layer not exhausted.
    LayerNotExhausted = 114,
    /// Cut wrong.
    CutWrong = 115,
    /// Default unfinished.
    DefaultUnfinished = 116,
    /// Slice unknown.
    SliceUnknown = 201,
    /// Slice known.
    SliceKnown = 202,
    /// Bid window.
    BidWindow = 203,
    /// Bid out of bounds.
    BidOutOfBounds = 204,
    /// Bid open.
    BidOpen = 205,
    /// Award not best.
    AwardNotBest = 206,
    /// Slice standing.
    SliceStanding = 207,
    /// Notice not now.
    NoticeNotNow = 208,
    /// Notice standing.
    NoticeStanding = 209,
    /// Collateral stands.
    CollateralStands = 210,
    /// Series not physical.
    SeriesNotPhysical = 300,
    /// Delivery terms.
    DeliveryTerms = 301,
    /// Right unknown.
    RightUnknown = 302,
    /// Delivery unknown.
    DeliveryUnknown = 303,
    /// Delivery not yours.
    DeliveryNotYours = 304,
    /// Delivery not now.
    DeliveryNotNow = 305,
    /// Quality out of bounds.
    QualityOutOfBounds = 306,
    /// Hours out of bounds.
    HoursOutOfBounds = 307,
    /// Units out of bounds.
    UnitsOutOfBounds = 308,
    /// Hours not over.
    HoursNotOver = 309,
    /// Not contingent.
    NotContingent = 310,
    /// Metered unknown.
    MeteredUnknown = 311,
    /// Metered disputed.
    MeteredDisputed = 312,
    /// Metered not disputed.
    MeteredNotDisputed = 313,
    /// Fixing unknown.
    FixingUnknown = 314,
    /// Delivery pledged.
    DeliveryPledged = 315,
    /// Bond short.
    BondShort = 316,
    /// Owed short.
    OwedShort = 317,
    /// Evidence missing.
    EvidenceMissing = 318,
    /// Begin out of period.
    BeginOutOfPeriod = 319,
    /// Series delivers.
    SeriesDelivers = 320,
    /// Cover out of bounds.
    CoverOutOfBounds = 321,
    /// Fixing stale.
    FixingStale = 322,
    /// Rejection unknown.
    RejectionUnknown = 323,
    /// Credit terms.
    CreditTerms = 324,
    /// Correction out of bounds.
    CorrectionOutOfBounds = 325,
    /// Exchange unequal.
    ExchangeUnequal = 326,
    /// Block over.
    BlockOver = 327,
    /// Exchange not future.
    ExchangeNotFuture = 328,
    /// Guarantee own.
    GuaranteeOwn = 329,
    /// Guarantees too many.
    GuaranteesTooMany = 330,
    /// Guarantee unknown.
    GuaranteeUnknown = 331,
    /// Guarantee needed.
    GuaranteeNeeded = 332,
    /// Fee out of bounds.
    FeeOutOfBounds = 333,
}

impl Refusal {
    /// The word of a code.
    ///
    /// # Errors
    /// When the code is none.
    #[inline]
    pub fn of(code: u16) -> Result<Self, FrameError> {
        match code {
            1 => Ok(Self::HouseClosed),
            2 => Ok(Self::HouseOpen),
            3 => Ok(Self::OperatorsTooFew),
            4 => Ok(Self::ActorUnknown),
            5 => Ok(Self::RoleMissing),
            200 => Ok(Self::MemberFrozen),
            6 => Ok(Self::FourEyesRequired),
            93 => Ok(Self::BehaviourTooOld),
            7 => Ok(Self::ProposalUnknown),
            8 => Ok(Self::ProposalOwn),
            95 => Ok(Self::ProposalNotYours),
            9 => Ok(Self::CommandNotProposable),
            10 => Ok(Self::PayloadMalformed),
            11 => Ok(Self::MemberUnknown),
            12 => Ok(Self::MemberKnown),
            13 => Ok(Self::ActorBound),
            14 => Ok(Self::NumberZero),
            15 => Ok(Self::RolesOutOfBounds),
            16 => Ok(Self::AccountUnknown),
            17 => Ok(Self::AccountKnown),
            18 => Ok(Self::AccountNotYours),
            19 => Ok(Self::LimitOutOfBounds),
            20 => Ok(Self::LimitLoosened),
            21 => Ok(Self::MemberSuspended),
            22 => Ok(Self::MemberNotSuspended),
            23 => Ok(Self::AccountKilled),
            24 => Ok(Self::AccountNotKilled),
            25 => Ok(Self::MarketHalted),
            26 => Ok(Self::MarketNotHalted),
            27 => Ok(Self::ShortfallOpen),
            28 => Ok(Self::BehaviourUnknown),
            29 => Ok(Self::AssetUnknown),
            30 => Ok(Self::AssetKnown),
            150 => Ok(Self::AssetIsCash),
            151 => Ok(Self::CollateralTerms),
            152 => Ok(Self::CollateralUnknown),
            153 => Ok(Self::CallStanding),
            154 => Ok(Self::CallCovered),
            232 => Ok(Self::AssetCoversMargin),
            238 => Ok(Self::RateOutOfBounds),
            233 => Ok(Self::LineTerms),
            234 => Ok(Self::CoverUnproven),
            235 => Ok(Self::CoverMissing),
            236 => Ok(Self::LineFundShort),
            237 => Ok(Self::LineUnpaid),
            31 => Ok(Self::ReferenceMalformed),
            32 => Ok(Self::ReferenceMissing),
            33 => Ok(Self::ReferenceStale),
            34 => Ok(Self::ReferenceEarly),
            35 => Ok(Self::ReferenceReused),
            36 => Ok(Self::AmountNotPositive),
            37 => Ok(Self::AmountTooLarge),
            38 => Ok(Self::TransferUnknown),
            39 => Ok(Self::TimeoutNegative),
            40 => Ok(Self::CashShort),
            41 => Ok(Self::SeriesUnknown),
            42 => Ok(Self::SeriesKnown),
            43 => Ok(Self::SymbolKnown),
            94 => Ok(Self::StandardIncomplete),
            44 => Ok(Self::TermsOutOfBounds),
            45 => Ok(Self::StateNotReachable),
            46 => Ok(Self::SeriesNotTrading),
            47 => Ok(Self::TradingEnded),
            48 => Ok(Self::OrderUnknown),
            49 => Ok(Self::OrderNotResting),
            50 => Ok(Self::QuantityNotPositive),
            51 => Ok(Self::QuantityTooLarge),
            52 => Ok(Self::PriceBelowTick),
            53 => Ok(Self::PriceOffTick),
            54 => Ok(Self::PriceTooHigh),
            55 => Ok(Self::PriceNotWanted),
            56 => Ok(Self::PriceOutsideBand),
            57 => Ok(Self::NoProtectionPrice),
            58 => Ok(Self::CombinationNotAllowed),
            59 => Ok(Self::ExpiryNotAhead),
            60 => Ok(Self::StopPriceWrong),
            61 => Ok(Self::DisplayOutOfBounds),
            62 => Ok(Self::MinimumOutOfBounds),
            63 => Ok(Self::PostOnlyCrosses),
            64 => Ok(Self::OrdersTooMany),
            65 => Ok(Self::OrderLotsLimit),
            66 => Ok(Self::OrderValueLimit),
            230 => Ok(Self::ProductNotEligible),
            231 => Ok(Self::ProductsOutOfBounds),
            67 => Ok(Self::PositionLimit),
            68 => Ok(Self::GrossLotsBound),
            69 => Ok(Self::QuotesOutOfBounds),
            70 => Ok(Self::ProtectionTripped),
            71 => Ok(Self::OfferUnknown),
            72 => Ok(Self::PositionShort),
            73 => Ok(Self::MarginRowMissing),
            74 => Ok(Self::MarginShort),
            75 => Ok(Self::PremiumShort),
            76 => Ok(Self::TradeUnknown),
            77 => Ok(Self::TableNotAhead),
            78 => Ok(Self::TableNotOpen),
            79 => Ok(Self::TableNotReplaced),
            80 => Ok(Self::ScenariosOutOfBounds),
            81 => Ok(Self::LossesOutOfBounds),
            82 => Ok(Self::RowOutOfBounds),
            83 => Ok(Self::RowMissing),
            84 => Ok(Self::DayNotAhead),
            85 => Ok(Self::PriceMissing),
            86 => Ok(Self::PricesUnordered),
            87 => Ok(Self::MonthWrong),
            88 => Ok(Self::HoursWrong),
            89 => Ok(Self::SeriesStillTrading),
            90 => Ok(Self::TradingNotEnded),
            91 => Ok(Self::MonthNotOver),
            96 => Ok(Self::PeriodNotOver),
            97 => Ok(Self::FixingNotMissing),
            92 => Ok(Self::SettlementTooLarge),
            100 => Ok(Self::MemberInDefault),
            101 => Ok(Self::MemberNotInDefault),
            102 => Ok(Self::AccountNotHouse),
            103 => Ok(Self::FundShort),
            104 => Ok(Self::DefaultOpen),
            105 => Ok(Self::PortUnknown),
            106 => Ok(Self::AccountNotClient),
            107 => Ok(Self::AccountOwes),
            108 => Ok(Self::BidUnknown),
            109 => Ok(Self::BidBroken),
            110 => Ok(Self::SliceUnordered),
            111 => Ok(Self::LossWrong),
            112 => Ok(Self::LayerWrong),
            113 => Ok(Self::ShareWrong),
            114 => Ok(Self::LayerNotExhausted),
            115 => Ok(Self::CutWrong),
            116 => Ok(Self::DefaultUnfinished),
            201 => Ok(Self::SliceUnknown),
            202 => Ok(Self::SliceKnown),
            203 => Ok(Self::BidWindow),
            204 => Ok(Self::BidOutOfBounds),
            205 => Ok(Self::BidOpen),
            206 => Ok(Self::AwardNotBest),
            207 => Ok(Self::SliceStanding),
            208 => Ok(Self::NoticeNotNow),
            209 => Ok(Self::NoticeStanding),
            210 => Ok(Self::CollateralStands),
            300 => Ok(Self::SeriesNotPhysical),
            301 => Ok(Self::DeliveryTerms),
            302 => Ok(Self::RightUnknown),
            303 => Ok(Self::DeliveryUnknown),
            304 => Ok(Self::DeliveryNotYours),
            305 => Ok(Self::DeliveryNotNow),
            306 => Ok(Self::QualityOutOfBounds),
            307 => Ok(Self::HoursOutOfBounds),
            308 => Ok(Self::UnitsOutOfBounds),
            309 => Ok(Self::HoursNotOver),
            310 => Ok(Self::NotContingent),
            311 => Ok(Self::MeteredUnknown),
            312 => Ok(Self::MeteredDisputed),
            313 => Ok(Self::MeteredNotDisputed),
            314 => Ok(Self::FixingUnknown),
            315 => Ok(Self::DeliveryPledged),
            316 => Ok(Self::BondShort),
            317 => Ok(Self::OwedShort),
            318 => Ok(Self::EvidenceMissing),
            319 => Ok(Self::BeginOutOfPeriod),
            320 => Ok(Self::SeriesDelivers),
            321 => Ok(Self::CoverOutOfBounds),
            322 => Ok(Self::FixingStale),
            323 => Ok(Self::RejectionUnknown),
            324 => Ok(Self::CreditTerms),
            325 => Ok(Self::CorrectionOutOfBounds),
            326 => Ok(Self::ExchangeUnequal),
            327 => Ok(Self::BlockOver),
            328 => Ok(Self::ExchangeNotFuture),
            329 => Ok(Self::GuaranteeOwn),
            330 => Ok(Self::GuaranteesTooMany),
            331 => Ok(Self::GuaranteeUnknown),
            332 => Ok(Self::GuaranteeNeeded),
            333 => Ok(Self::FeeOutOfBounds),
            _ => Err(FrameError(format!("{code} is no Refusal"))),
        }
    }
}

/// Rule, field at fault and text of each refusal, ascending by code.
pub const REFUSALS: [(&str, &str, &str); 173] = [
    ("INS-001", "", "the house is not open yet"),
    ("INS-001", "", "the house is open already"),
    ("INS-001", "operators", "{found} operators: a house opens with at least {expected} different ones"),
    ("INS-002", "actor", "actor {found} is not registered"),
    ("INS-003", "actor", "roles {found}: one of the roles {expected} is needed"),
    ("INS-004", "", "this command is carried out only through propose and approve"),
    ("INS-004", "proposal", "no proposal {found} is waiting"),
    ("INS-004", "actor", "actor {found} made the proposal: a second operator approves it"),
    ("INS-004", "command", "kind {found} is not a four-eyes command"),
    ("INS-004", "payload", "the payload is not a body of kind {expected}"),
    ("INS-005", "member", "member {found} is not registered"),
    ("INS-005", "member", "member {found} is registered already"),
    ("INS-002", "registered", "actor {found} belongs to member {expected} for good"),
    ("INS-005", "", "numbers of members, actors, accounts, series and assets start at {expected}, found {found}"),
    ("INS-003", "roles", "roles {found}: only the bits of {expected} exist for this member"),
    ("INS-006", "account", "account {found} does not exist"),
    ("INS-006", "account", "account {found} exists already"),
    ("INS-006", "account", "account {found} belongs to another member"),
    ("INS-007", "limits", "a limit of {found}: limits lie between 1 and {expected}"),
    ("INS-007", "limits", "a limit of {found}: a member may only tighten below {expected}"),
    ("INS-008", "account", "member {found} is suspended"),
    ("INS-008", "member", "member {found} is not suspended"),
    ("INS-009", "account", "the kill switch of account {found} is engaged"),
    ("INS-009", "account", "the kill switch of account {found} is not engaged"),
    ("INS-010", "", "the market is halted"),
    ("INS-010", "", "the market is not halted"),
    ("INS-010", "", "a shortfall of {found} micro-dollars is open: trading resumes when it is {expected}"),
    ("INS-011", "behaviour", "behaviour {found} cannot follow behaviour {expected}, or this program does not know it"),
    ("LED-001", "asset", "asset {found} is not defined"),
    ("LED-001", "asset", "asset {found} is defined already"),
    ("EXC-003", "reference", "a reference is at most 32 printable ASCII characters"),
    ("LED-003", "reference", "money moves only with a reference"),
    ("EXC-004", "reference_time", "reference time {found}: references are remembered from {expected} on"),
    ("EXC-004", "reference_time", "reference time {found} lies ahead of {expected}"),
    ("EXC-003", "reference", "the reference was used for another body in command {found}"),
    ("LED-002", "amount", "amount {found}: an amount is at least {expected} micro-dollar"),
    ("LED-002", "amount", "amount {found}: an amount is at most {expected} micro-dollars"),
    ("LED-004", "transfer", "no pending transfer {found}"),
    ("LED-004", "timeout", "timeout {found}: a duration is at least {expected} nanoseconds"),
    ("LED-005", "amount", "{found} micro-dollars: at most {expected} can be withdrawn"),
    ("EXC-001", "series", "series {found} is not listed"),
    ("EXC-001", "series", "series {found} is listed already"),
    ("EXC-001", "symbol", "the symbol is listed already as series {found}"),
    ("EXC-001", "terms", "a term of {found}: expected at most {expected} and a sensible sign"),
    ("EXC-002", "state", "state {found} cannot follow state {expected}"),
    ("EXC-002", "series", "the series is in state {found} and accepts no such order"),
    ("EXC-002", "series", "last trading time was {expected}"),
    ("EXC-005", "order", "order {found} is not live in this account"),
    ("EXC-016", "order", "order {found} is not resting in the book"),
    ("EXC-006", "lots", "{found} lots: at least {expected}"),
    ("EXC-006", "lots", "{found} lots: at most {expected}"),
    ("EXC-006", "price", "price {found}: a price is at least one tick, {expected}"),
    ("EXC-006", "price", "price {found} is not a multiple of the tick {expected}"),
    ("EXC-006", "price", "price {found}: at most {expected}"),
    ("EXC-008", "price", "price {found}: this order type takes none"),
    ("EXC-007", "price", "price {found}: the band ends at {expected}"),
    ("EXC-008", "series", "a market order needs a price on the other side of the book"),
    ("EXC-009", "order_type", "order type, time in force and flags do not go together"),
    ("EXC-010", "expiry", "expiry {found}: expected after {expected}"),
    ("EXC-011", "stop_price", "stop price {found}: expected a price on tick {expected} for a stop order, none otherwise"),
    ("EXC-012", "display_lots", "{found} lots shown: expected between 0 and {expected}"),
    ("EXC-013", "minimum_lots", "minimum of {found} lots: expected between 0 and {expected}"),
    ("EXC-014", "price", "price {found} would cross the best price {expected}"),
    ("EXC-006", "account", "{found} live orders: an account has at most {expected}"),
    ("INS-007", "lots", "{found} lots: the limit of the account is {expected}"),
    ("INS-007", "lots", "value {found} micro-dollars: the limit of the account is {expected}"),
    ("INS-007", "lots", "{found} lots with open orders: the limit of the account is {expected}"),
    ("CLR-001", "lots", "{found} gross lots: an account carries at most {expected}"),
    ("EXC-017", "quotes", "{found} legs: expected between 1 and {expected}, each series once"),
    ("EXC-018", "account", "maker protection of group {found} has tripped: set it again"),
    ("CLR-011", "offer", "no offer {found} is waiting for this account"),
    ("CLR-011", "lots", "{found} lots: the account can hand over {expected}"),
    ("CLR-002", "series", "series {found} has no row in the margin table in force"),
    ("CLR-003", "account", "{found} micro-dollars of cover: {expected} are required"),
    ("CLR-004", "account", "{found} micro-dollars free: premiums and fees of open orders need {expected}"),
    ("CLR-010", "trade", "trade {found} cannot be touched any more"),
    ("CLR-005", "table", "table {found}: expected above {expected}"),
    ("CLR-005", "table", "table {found} is not being loaded"),
    ("CLR-005", "replaces", "table {expected} is in force, not {found}"),
    ("CLR-005", "scenarios", "{found} scenarios: expected between 1 and {expected}, labels naming declared rows once"),
    ("CLR-005", "losses", "{found}: expected {expected} losses, each within the bound of the schema"),
    ("CLR-005", "row", "a value of {found}: expected between 0 and {expected}"),
    ("CLR-005", "table", "series {found} has no row in the loaded table"),
    ("CLR-007", "day", "day {found}: expected after {expected}"),
    ("CLR-007", "prices", "series {found} has positions and no price"),
    ("CLR-007", "prices", "prices ascend by series; found {found} after {expected}"),
    ("CLR-008", "month", "month {found}: expected {expected}"),
    ("CLR-008", "hours", "{found} hours: expected {expected}"),
    ("CLR-008", "series", "the series is in state {found}: it is closed before it settles for good"),
    ("CLR-008", "series", "the time is {found}: the series trades until {expected}"),
    ("CLR-008", "month", "the time is {found}: the month ends at {expected}"),
    ("CLR-015", "", "{found} micro-dollars: what is owed at once is at most {expected}"),
    ("INS-011", "behaviour", "this is asked under behaviour {expected} or a later one: behaviour {found} is in force"),
    ("EXC-027", "standard_version", "a standard is named by its version and its hash, both or neither: version {found}"),
    ("INS-013", "actor", "actor {expected} made the proposal: actor {found} cannot withdraw it"),
    ("CLR-016", "month", "the time is {found}: the delivery period of the series ends at {expected}"),
    ("CLR-018", "day", "day {found} of index {expected} does not stand on the log without a fixing"),
    ("CLR-021", "member", "member {found} is in default"),
    ("CLR-021", "member", "member {found} is not in default"),
    ("CLR-020", "account", "account {found} carries client business: a member contributes money of its own"),
    ("CLR-020", "amount", "{found} micro-dollars: the account has {expected} in the default fund"),
    ("CLR-020", "", "the default of member {found} is open: nothing leaves the default fund"),
    ("CLR-022", "account", "account {found} is not offered to this member"),
    ("CLR-022", "account", "account {found} carries house business: only a client's account moves whole"),
    ("CLR-022", "account", "{found} micro-dollars are due: an account moves whole when it owes nothing"),
    ("CLR-023", "slice", "no bid of account {found} for this slice stands"),
    ("CLR-023", "secret", "the bid for slice {found} is not this one: it was sealed otherwise"),
    ("CLR-023", "positions", "positions ascend by series; found {found} after {expected}"),
    ("CLR-024", "loss", "a loss of {found} micro-dollars: the accounts owe {expected}"),
    ("CLR-024", "shares", "layer {found}: expected layer {expected}; each is used up before the next"),
    ("CLR-025", "shares", "a share of {found} micro-dollars: expected {expected}, in order of member and account"),
    ("CLR-028", "", "{found} micro-dollars are left in the layers before: positions are torn up when nothing is"),
    ("CLR-028", "cuts", "{found} lots: expected {expected}, in order of account"),
    ("CLR-029", "member", "account {found} still holds positions or owes money"),
    ("CLR-040", "asset", "asset {found} is cash: other assets are collateral"),
    ("CLR-040", "haircut", "a term of {found}: expected between 0 and {expected}"),
    ("CLR-041", "prices", "asset {found} is not admitted as collateral"),
    ("CLR-045", "account", "call {found} stands on this account already"),
    ("CLR-045", "account", "{found} micro-dollars of cover against {expected}: there is nothing to call"),
    ("CLR-036", "actor", "member {found} is in default: its actors withdraw what waits and ask for nothing else"),
    ("CLR-032", "slice", "slice {found} is not out to bids"),
    ("CLR-032", "slice", "slice {found} is out to bids already"),
    ("CLR-032", "slice", "the time is {found}: the window has its bound at {expected}"),
    ("CLR-033", "amount", "{found} micro-dollars: expected at most {expected}"),
    ("CLR-032", "slice", "the bid for slice {found} is opened already"),
    ("CLR-033", "to_account", "account {found}: account {expected} bid better and can carry the slice"),
    ("CLR-033", "", "slice {found} is out to bids: it goes to a bid or is taken back first"),
    ("CLR-034", "", "no cooling period of member {found} runs: its money returns on its word"),
    ("CLR-034", "", "member {found} has given notice already"),
    ("CLR-037", "member", "account {found} still has asset {expected}: it is sold before a loss is spread"),
    ("INS-014", "series", "product class {found}: eligible for the classes {expected}, in others for what only reduces a position"),
    ("INS-014", "products", "products {found}: only the bits of {expected} exist"),
    ("CLR-053", "asset", "asset {found} counts toward margin or secures lines: nothing counts for both"),
    ("CLR-051", "terms", "a term of {found}: expected between 0 and {expected}"),
    ("CLR-050", "evidence", "cover of {found} lots names the digest of its evidence"),
    ("CLR-051", "account", "account {found} has no cover in force: a line is for covered sellers"),
    ("CLR-051", "limit", "{found} micro-dollars could be drawn: the house has set {expected} aside to lend"),
    ("CLR-053", "amount", "{found} micro-dollars of security would stay: {expected} are owed under the line"),
    ("CLR-056", "rate", "a rate of {found} millionths a year: at most {expected} either way"),
    ("DEL-020", "series", "series {found} is not settled by delivery"),
    ("DEL-020", "", "{found} is out of bounds: expected at most {expected}"),
    ("DEL-021", "series", "series {found} is no right on capacity"),
    ("DEL-022", "delivery", "delivery {found} is not owed"),
    ("DEL-022", "account", "account {found} is not on that side of the delivery: account {expected} is"),
    ("DEL-022", "delivery", "the delivery is in state {found}: expected state {expected}"),
    ("DEL-023", "quality", "quality {found}: the terms of the series have {expected} ten-thousandths as its bound"),
    ("DEL-024", "hours", "{found} hours: expected between 1 and {expected}"),
    ("DEL-024", "units", "{found} accelerator-hours: expected between 0 and {expected}"),
    ("DEL-024", "hours", "the time is {found}: those hours are over at {expected}"),
    ("DEL-024", "excused", "{found} accelerator-hours excused: a firm contract excuses none but by a determination"),
    ("DEL-025", "metered", "no metered hours {found} wait to be final"),
    ("DEL-025", "metered", "account {found} disputes these hours already"),
    ("DEL-025", "metered", "metered hours {found} are not disputed"),
    ("DEL-026", "cover_price", "index {found} has no fixing: a remedy in cash is priced at one"),
    ("DEL-028", "delivery", "the delivery is pledged to account {expected}: it does not go to account {found}"),
    ("DEL-029", "amount", "{found} micro-dollars: the bond can give {expected}"),
    ("DEL-029", "amount", "{found} micro-dollars: {expected} are owed to the delivery fund"),
    ("DEL-023", "evidence", "no evidence is named: expected the SHA-256 of what it rests on"),
    ("DEL-021", "starts", "the block begins at {found}: within the months of the series it begins at {expected} at the nearest"),
    ("DEL-020", "series", "series {found} turns into deliveries: it is not settled in cash"),
    ("DEL-026", "cover_price", "{found} micro-dollars for the replacement: {expected} is the furthest the terms let it lie from the index"),
    ("DEL-026", "cover_price", "the last fixing is of {found}: a remedy in cash is priced at one no older than {expected} days"),
    ("DEL-031", "delivery", "delivery {found} has no rejection that can be contested"),
    ("DEL-034", "", "{found} is out of bounds: expected at most {expected}"),
    ("DEL-032", "units", "a correction by {found} accelerator-hours: the terms allow {expected}"),
    ("DEL-033", "accelerators", "{found} accelerator-hours are delivered for {expected} of the position"),
    ("DEL-023", "delivery", "the time is {found}: the last hour of the delivery was over at {expected}"),
    ("DEL-033", "series", "series {found} is not a future settled in cash"),
    ("DEL-035", "to_account", "account {found} gives no guarantee for what it owes itself"),
    ("DEL-035", "to_account", "{found} guarantees for one account: expected at most {expected} of one guarantor at a time"),
    ("DEL-036", "guarantee", "the account has given no guarantee {found}"),
    ("DEL-036", "guarantee", "account {found} is on a side of a delivery: what is guaranteed for it comes back at {expected}"),
    ("DEL-025", "fee", "a fee of {found} micro-dollars: expected between 0 and {expected}, the contract price of all those hours can have"),
];

/// Bounds that are law.
pub mod bound {
    /// Lots of one order.
    pub const ORDER_LOTS: i64 = 1_000_000;
    /// Sum over series of |position| + open buys + open sells of one account (2^21).
    pub const ACCOUNT_GROSS_LOTS: i64 = 2_097_152;
    /// Micro-dollars one lot may lose in one scenario, either sign (2^40).
    pub const LOSS_PER_LOT: i64 = 1_099_511_627_776;
    /// Highest price, micro-dollars per unit (100 USD per GPU-hour): with the bounds on lots and hours every payment fits 64 bits.
    pub const PRICE: i64 = 100_000_000;
    /// Highest price in ticks (2^31 - 1).
    pub const PRICE_TICKS: i64 = 2_147_483_647;
    /// Hours of one lot (two years).
    pub const HOURS: i64 = 17_520;
    /// Micro-dollars of liquidity or concentration charge of one lot (2^38).
    pub const CHARGE_PER_LOT: i64 = 274_877_906_944;
    /// Scenarios of one margin table.
    pub const SCENARIOS: i64 = 4_096;
    /// Legs of one mass quote.
    pub const QUOTES: i64 = 64;
    /// Fills one order may cause before its remainder is cancelled.
    pub const FILLS_PER_COMMAND: i64 = 1_000;
    /// Stop orders elected in one command; the rest wait for the next one.
    pub const ELECTIONS_PER_COMMAND: i64 = 100;
    /// Accounts one sweep may refresh.
    pub const SWEEP_ACCOUNTS: i64 = 10_000;
    /// Micro-dollars of one deposit, limit or liquidity line (10^18).
    pub const MONEY: i64 = 1_000_000_000_000_000_000;
    /// Client references remembered per account; the oldest go first.
    pub const REFERENCES_PER_ACCOUNT: i64 = 4_096;
    /// Nanoseconds a client reference is remembered: seven days.
    pub const REFERENCE_WINDOW: i64 = 604_800_000_000_000;
    /// Nanoseconds a reference time may lie ahead of venue time.
    pub const REFERENCE_LEAD: i64 = 5_000_000_000;
    /// Nanoseconds a proposal waits for its second actor, and an offer for its taker: 24 hours.
    pub const CONSENT_WINDOW: i64 = 86_400_000_000_000;
    /// Live orders one account may have.
    pub const OPEN_ORDERS_PER_ACCOUNT: i64 = 65_536;
    /// Micro-dollars of one whole unit of an asset, a million of its smallest (10^12).
    pub const COLLATERAL_PRICE: i64 = 1_000_000_000_000;
    /// Ten-thousandths of what an account has to cover that letters of credit may cover.
    pub const LETTER_SHARE: i64 = 2_500;
    /// Ten-thousandths of the value of a slice at its marks that a bid or a reserve may come to, either way.
    pub const BID_SHARE: i64 = 10_000;
    /// Nanoseconds that a cooling period lasts after the last declaration within it: 30 days.
    pub const COOLING_PERIOD: i64 = 2_592_000_000_000_000;
    /// Times its contribution that a survivor is assessed within a cooling period, all defaults together.
    pub const ASSESSMENT_MULTIPLE: i64 = 2;
    /// Millionths a day that a line of credit may cost (one per cent).
    pub const LINE_RATE: i64 = 10_000;
    /// Millionths a year that a published rate may be, either sign (100 per cent).
    pub const YEARLY_RATE: i64 = 1_000_000;
    /// Nanoseconds that a lead, a grace, an inspection or a dispute window of a delivery lasts at most: 30 days.
    pub const DELIVERY_WINDOW: i64 = 2_592_000_000_000_000;
    /// Ten-thousandths of the contract price that the quality of a delivery may come to.
    pub const QUALITY: i64 = 20_000;
    /// Days that the last fixing of an index may be old for a price to be measured against it.
    pub const FIXING_AGE: i64 = 7;
    /// Guarantees that one account gives for another at a time.
    pub const GUARANTEES: i64 = 4;
    /// Ten-thousandths that the price of a replacement may lie from the index at most.
    pub const COVER_BAND: i64 = 100_000;
}

/// One two-sided quote; zero lots on a side withdraws that side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Series quoted.
    pub series: u32,
    /// Price to buy at.
    pub bid_price: i64,
    /// Lots to buy; 0 withdraws.
    pub bid_lots: i64,
    /// Price to sell at.
    pub ask_price: i64,
    /// Lots to sell; 0 withdraws.
    pub ask_lots: i64,
}

impl Element for Quote {
    const SIZE: usize = 36;

    #[inline]
    fn read(wire: &[u8]) -> Result<Self, FrameError> {
        let b: &[u8; 36] = wire.try_into().unwrap();
        Ok(Self {
            series: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            bid_price: i64::from_le_bytes(b[4..12].try_into().unwrap()),
            bid_lots: i64::from_le_bytes(b[12..20].try_into().unwrap()),
            ask_price: i64::from_le_bytes(b[20..28].try_into().unwrap()),
            ask_lots: i64::from_le_bytes(b[28..36].try_into().unwrap()),
        })
    }

    #[inline]
    fn write(&self, out: &mut Vec<u8>) {
        let mut b = [0u8; 36];
        b[0..4].copy_from_slice(&self.series.to_le_bytes());
        b[4..12].copy_from_slice(&self.bid_price.to_le_bytes());
        b[12..20].copy_from_slice(&self.bid_lots.to_le_bytes());
        b[20..28].copy_from_slice(&self.ask_price.to_le_bytes());
        b[28..36].copy_from_slice(&self.ask_lots.to_le_bytes());
        out.extend_from_slice(&b);
    }
}

/// Label of one scenario of a margin table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// Tail it belongs to.
    pub kind: ScenarioKind,
    /// Scan row it belongs to; 0 for historical and stress.
    pub group: u16,
}

impl Element for Scenario {
    const SIZE: usize = 3;

    #[inline]
    fn read(wire: &[u8]) -> Result<Self, FrameError> {
        let b: &[u8; 3] = wire.try_into().unwrap();
        Ok(Self {
            kind: ScenarioKind::of(b[0])?,
            group: u16::from_le_bytes(b[1..3].try_into().unwrap()),
        })
    }

    #[inline]
    fn write(&self, out: &mut Vec<u8>) {
        let mut b = [0u8; 3];
        b[0] = self.kind as u8;
        b[1..3].copy_from_slice(&self.group.to_le_bytes());
        out.extend_from_slice(&b);
    }
}

/// A scan row: its worst point counts with this weight. Offsets between groups are joint rows with the weight taken from the groups' own rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanRow {
    /// Row named by the scenario labels.
    pub group: u16,
    /// Ten-thousandths of the worst point that count.
    pub weight: u32,
}

impl Element for ScanRow {
    const SIZE: usize = 6;

    #[inline]
    fn read(wire: &[u8]) -> Result<Self, FrameError> {
        let b: &[u8; 6] = wire.try_into().unwrap();
        Ok(Self {
            group: u16::from_le_bytes(b[0..2].try_into().unwrap()),
            weight: u32::from_le_bytes(b[2..6].try_into().unwrap()),
        })
    }

    #[inline]
    fn write(&self, out: &mut Vec<u8>) {
        let mut b = [0u8; 6];
        b[0..2].copy_from_slice(&self.group.to_le_bytes());
        b[2..6].copy_from_slice(&self.weight.to_le_bytes());
        out.extend_from_slice(&b);
    }
}

/// Loss of one long lot in one scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScenarioLoss {
    /// Micro-dollars.
    pub loss: i64,
}

impl Element for ScenarioLoss {
    const SIZE: usize = 8;

    #[inline]
    fn read(wire: &[u8]) -> Result<Self, FrameError> {
        let b: &[u8; 8] = wire.try_into().unwrap();
        Ok(Self {
            loss: i64::from_le_bytes(b[0..8].try_into().unwrap()),
        })
    }

    #[inline]
    fn write(&self, out: &mut Vec<u8>) {
        let mut b = [0u8; 8];
        b[0..8].copy_from_slice(&self.loss.to_le_bytes());
        out.extend_from_slice(&b);
    }
}

/// A settlement price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeriesPrice {
    /// Series.
    pub series: u32,
    /// Settlement price; an option's is its premium.
    pub price: i64,
}

impl Element for SeriesPrice {
    const SIZE: usize = 12;

    #[inline]
    fn read(wire: &[u8]) -> Result<Self, FrameError> {
        let b: &[u8; 12] = wire.try_into().unwrap();
        Ok(Self {
            series: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            price: i64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }

    #[inline]
    fn write(&self, out: &mut Vec<u8>) {
        let mut b = [0u8; 12];
        b[0..4].copy_from_slice(&self.series.to_le_bytes());
        b[4..12].copy_from_slice(&self.price.to_le_bytes());
        out.extend_from_slice(&b);
    }
}

/// An actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActorNumber {
    /// Actor.
    pub actor: u32,
}

impl Element for ActorNumber {
    const SIZE: usize = 4;

    #[inline]
    fn read(wire: &[u8]) -> Result<Self, FrameError> {
        let b: &[u8; 4] = wire.try_into().unwrap();
        Ok(Self {
            actor: u32::from_le_bytes(b[0..4].try_into().unwrap()),
        })
    }

    #[inline]
    fn write(&self, out: &mut Vec<u8>) {
        let mut b = [0u8; 4];
        b[0..4].copy_from_slice(&self.actor.to_le_bytes());
        out.extend_from_slice(&b);
    }
}

/// Price of a whole unit of an asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AssetPrice {
    /// Asset.
    pub asset: u16,
    /// Micro-dollars of one whole unit, a million of its smallest.
    pub price: i64,
}

impl Element for AssetPrice {
    const SIZE: usize = 10;

    #[inline]
    fn read(wire: &[u8]) -> Result<Self, FrameError> {
        let b: &[u8; 10] = wire.try_into().unwrap();
        Ok(Self {
            asset: u16::from_le_bytes(b[0..2].try_into().unwrap()),
            price: i64::from_le_bytes(b[2..10].try_into().unwrap()),
        })
    }

    #[inline]
    fn write(&self, out: &mut Vec<u8>) {
        let mut b = [0u8; 10];
        b[0..2].copy_from_slice(&self.asset.to_le_bytes());
        b[2..10].copy_from_slice(&self.price.to_le_bytes());
        out.extend_from_slice(&b);
    }
}

/// A settlement price with the step of the waterfall that gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoundPrice {
    /// Step that gave it.
    pub step: PriceStep,
    /// Series.
    pub series: u32,
    /// Settlement price; an option's is its premium.
    pub price: i64,
}

impl Element for FoundPrice {
    const SIZE: usize = 13;

    #[inline]
    fn read(wire: &[u8]) -> Result<Self, FrameError> {
        let b: &[u8; 13] = wire.try_into().unwrap();
        Ok(Self {
            step: PriceStep::of(b[0])?,
            series: u32::from_le_bytes(b[1..5].try_into().unwrap()),
            price: i64::from_le_bytes(b[5..13].try_into().unwrap()),
        })
    }

    #[inline]
    fn write(&self, out: &mut Vec<u8>) {
        let mut b = [0u8; 13];
        b[0] = self.step as u8;
        b[1..5].copy_from_slice(&self.series.to_le_bytes());
        b[5..13].copy_from_slice(&self.price.to_le_bytes());
        out.extend_from_slice(&b);
    }
}

/// The step of the waterfall that gave a settlement price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepFound {
    /// Step that gave its price.
    pub step: PriceStep,
    /// Series.
    pub series: u32,
}

impl Element for StepFound {
    const SIZE: usize = 5;

    #[inline]
    fn read(wire: &[u8]) -> Result<Self, FrameError> {
        let b: &[u8; 5] = wire.try_into().unwrap();
        Ok(Self {
            step: PriceStep::of(b[0])?,
            series: u32::from_le_bytes(b[1..5].try_into().unwrap()),
        })
    }

    #[inline]
    fn write(&self, out: &mut Vec<u8>) {
        let mut b = [0u8; 5];
        b[0] = self.step as u8;
        b[1..5].copy_from_slice(&self.series.to_le_bytes());
        out.extend_from_slice(&b);
    }
}

/// A position in a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SliceLots {
    /// Series.
    pub series: u32,
    /// Signed lots.
    pub lots: i64,
}

impl Element for SliceLots {
    const SIZE: usize = 12;

    #[inline]
    fn read(wire: &[u8]) -> Result<Self, FrameError> {
        let b: &[u8; 12] = wire.try_into().unwrap();
        Ok(Self {
            series: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            lots: i64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }

    #[inline]
    fn write(&self, out: &mut Vec<u8>) {
        let mut b = [0u8; 12];
        b[0..4].copy_from_slice(&self.series.to_le_bytes());
        b[4..12].copy_from_slice(&self.lots.to_le_bytes());
        out.extend_from_slice(&b);
    }
}

/// What one account, or the house, bears in one layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LossShare {
    /// Layer.
    pub layer: LossLayer,
    /// Account that bears it; 0 the house.
    pub account: u32,
    /// Amount.
    pub amount: i64,
}

impl Element for LossShare {
    const SIZE: usize = 13;

    #[inline]
    fn read(wire: &[u8]) -> Result<Self, FrameError> {
        let b: &[u8; 13] = wire.try_into().unwrap();
        Ok(Self {
            layer: LossLayer::of(b[0])?,
            account: u32::from_le_bytes(b[1..5].try_into().unwrap()),
            amount: i64::from_le_bytes(b[5..13].try_into().unwrap()),
        })
    }

    #[inline]
    fn write(&self, out: &mut Vec<u8>) {
        let mut b = [0u8; 13];
        b[0] = self.layer as u8;
        b[1..5].copy_from_slice(&self.account.to_le_bytes());
        b[5..13].copy_from_slice(&self.amount.to_le_bytes());
        out.extend_from_slice(&b);
    }
}

/// Lots of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountLots {
    /// Account.
    pub account: u32,
    /// Lots.
    pub lots: i64,
}

impl Element for AccountLots {
    const SIZE: usize = 12;

    #[inline]
    fn read(wire: &[u8]) -> Result<Self, FrameError> {
        let b: &[u8; 12] = wire.try_into().unwrap();
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            lots: i64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }

    #[inline]
    fn write(&self, out: &mut Vec<u8>) {
        let mut b = [0u8; 12];
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.lots.to_le_bytes());
        out.extend_from_slice(&b);
    }
}
