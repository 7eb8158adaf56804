//! Records of the state. Written by tools/wire.py from schema/; change it there.
#![allow(clippy::all, clippy::pedantic, unused_variables, unused_imports)]

use super::*;
use crate::frame::{Element, FrameError, List, Message, Text, exact, fixed, read_bytes, whole, write_bytes};

/// The house itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HouseRecord {
    /// Name.
    pub name: Text,
    /// Last command number taken, span included.
    pub last_number: u64,
    /// Venue time.
    pub last_time: i64,
    /// Last event number.
    pub last_event: u64,
    /// Behaviour in force.
    pub behaviour: u32,
    /// Market halted.
    pub halted: bool,
    /// Margin table in force.
    pub table: u32,
    /// Margin table being loaded; 0 none.
    pub loading: u32,
    /// Event number at which marks or table last changed.
    pub epoch: u64,
    /// Last day of variation settlement.
    pub settled_day: u32,
}

impl HouseRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 82] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("house_record", body, at)?;
        Ok(Self {
            name: Text::read(b[0..33].try_into().unwrap())?,
            last_number: u64::from_le_bytes(b[33..41].try_into().unwrap()),
            last_time: i64::from_le_bytes(b[41..49].try_into().unwrap()),
            last_event: u64::from_le_bytes(b[49..57].try_into().unwrap()),
            behaviour: u32::from_le_bytes(b[57..61].try_into().unwrap()),
            halted: b[61] != 0,
            table: u32::from_le_bytes(b[62..66].try_into().unwrap()),
            loading: u32::from_le_bytes(b[66..70].try_into().unwrap()),
            epoch: u64::from_le_bytes(b[70..78].try_into().unwrap()),
            settled_day: u32::from_le_bytes(b[78..82].try_into().unwrap()),
        })
    }
}

impl Message for HouseRecord {
    const KIND: u16 = 2000;
    const BLOCK: u16 = 82;
    const NAME: &'static str = "house_record";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 82] = block.try_into().unwrap();
        b[0..33].copy_from_slice(self.name.wire());
        b[33..41].copy_from_slice(&self.last_number.to_le_bytes());
        b[41..49].copy_from_slice(&self.last_time.to_le_bytes());
        b[49..57].copy_from_slice(&self.last_event.to_le_bytes());
        b[57..61].copy_from_slice(&self.behaviour.to_le_bytes());
        b[61] = self.halted as u8;
        b[62..66].copy_from_slice(&self.table.to_le_bytes());
        b[66..70].copy_from_slice(&self.loading.to_le_bytes());
        b[70..78].copy_from_slice(&self.epoch.to_le_bytes());
        b[78..82].copy_from_slice(&self.settled_day.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// An asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AssetRecord {
    /// Asset.
    pub asset: u16,
    /// Name.
    pub name: Text,
}

impl AssetRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 35] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("asset_record", body, at)?;
        Ok(Self {
            asset: u16::from_le_bytes(b[0..2].try_into().unwrap()),
            name: Text::read(b[2..35].try_into().unwrap())?,
        })
    }
}

impl Message for AssetRecord {
    const KIND: u16 = 2001;
    const BLOCK: u16 = 35;
    const NAME: &'static str = "asset_record";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 35] = block.try_into().unwrap();
        b[0..2].copy_from_slice(&self.asset.to_le_bytes());
        b[2..35].copy_from_slice(self.name.wire());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberRecord {
    /// Member.
    pub member: u32,
    /// Name.
    pub name: Text,
    /// May not trade.
    pub suspended: bool,
    /// Product classes it is not eligible for.
    pub withheld: u32,
}

impl MemberRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 42] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("member_record", body, at)?;
        Ok(Self {
            member: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            name: Text::read(b[4..37].try_into().unwrap())?,
            suspended: b[37] != 0,
            withheld: u32::from_le_bytes(b[38..42].try_into().unwrap()),
        })
    }
}

impl Message for MemberRecord {
    const KIND: u16 = 2002;
    const BLOCK: u16 = 42;
    const NAME: &'static str = "member_record";

    #[inline]
    fn written(&self) -> (u16, u16) {
        if self.withheld != 0 {
            return (4, 42);
        }
        (1, 38)
    }

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 42] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.member.to_le_bytes());
        b[4..37].copy_from_slice(self.name.wire());
        b[37] = self.suspended as u8;
        b[38..42].copy_from_slice(&self.withheld.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// An actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActorRecord {
    /// Actor.
    pub actor: u32,
    /// Member.
    pub member: u32,
    /// Roles.
    pub roles: u32,
}

impl ActorRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 12] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("actor_record", body, at)?;
        Ok(Self {
            actor: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            member: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            roles: u32::from_le_bytes(b[8..12].try_into().unwrap()),
        })
    }
}

impl Message for ActorRecord {
    const KIND: u16 = 2003;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "actor_record";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.actor.to_le_bytes());
        b[4..8].copy_from_slice(&self.member.to_le_bytes());
        b[8..12].copy_from_slice(&self.roles.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A trading account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountRecord {
    /// Account.
    pub account: u32,
    /// Member.
    pub member: u32,
    /// Kind.
    pub account_kind: AccountKind,
    /// Owner.
    pub owner: u32,
    /// Limit.
    pub position_limit: i64,
    /// Limit.
    pub order_lots_limit: i64,
    /// Limit.
    pub order_value_limit: i64,
    /// Kill switch engaged.
    pub killed: bool,
    /// Epoch under which the account was last judged.
    pub seen: u64,
    /// Dead-man due; 0 disarmed.
    pub dead_man: i64,
    /// References at or before this are forgotten.
    pub reference_floor: i64,
    /// Product classes it is not eligible for, beside those of its member.
    pub withheld: u32,
}

impl AccountRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 66] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("account_record", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            member: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            account_kind: AccountKind::of(b[8])?,
            owner: u32::from_le_bytes(b[9..13].try_into().unwrap()),
            position_limit: i64::from_le_bytes(b[13..21].try_into().unwrap()),
            order_lots_limit: i64::from_le_bytes(b[21..29].try_into().unwrap()),
            order_value_limit: i64::from_le_bytes(b[29..37].try_into().unwrap()),
            killed: b[37] != 0,
            seen: u64::from_le_bytes(b[38..46].try_into().unwrap()),
            dead_man: i64::from_le_bytes(b[46..54].try_into().unwrap()),
            reference_floor: i64::from_le_bytes(b[54..62].try_into().unwrap()),
            withheld: u32::from_le_bytes(b[62..66].try_into().unwrap()),
        })
    }
}

impl Message for AccountRecord {
    const KIND: u16 = 2004;
    const BLOCK: u16 = 66;
    const NAME: &'static str = "account_record";

    #[inline]
    fn written(&self) -> (u16, u16) {
        if self.withheld != 0 {
            return (4, 66);
        }
        (1, 62)
    }

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 66] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.member.to_le_bytes());
        b[8] = self.account_kind as u8;
        b[9..13].copy_from_slice(&self.owner.to_le_bytes());
        b[13..21].copy_from_slice(&self.position_limit.to_le_bytes());
        b[21..29].copy_from_slice(&self.order_lots_limit.to_le_bytes());
        b[29..37].copy_from_slice(&self.order_value_limit.to_le_bytes());
        b[37] = self.killed as u8;
        b[38..46].copy_from_slice(&self.seen.to_le_bytes());
        b[46..54].copy_from_slice(&self.dead_man.to_le_bytes());
        b[54..62].copy_from_slice(&self.reference_floor.to_le_bytes());
        b[62..66].copy_from_slice(&self.withheld.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A ledger balance; zero balances are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BalanceRecord {
    /// Class.
    pub ledger_class: u8,
    /// Account; 0 for the house's own.
    pub account: u32,
    /// Asset.
    pub asset: u16,
    /// Credits less debits.
    pub balance: i64,
}

impl BalanceRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 15] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("balance_record", body, at)?;
        Ok(Self {
            ledger_class: b[0],
            account: u32::from_le_bytes(b[1..5].try_into().unwrap()),
            asset: u16::from_le_bytes(b[5..7].try_into().unwrap()),
            balance: i64::from_le_bytes(b[7..15].try_into().unwrap()),
        })
    }
}

impl Message for BalanceRecord {
    const KIND: u16 = 2005;
    const BLOCK: u16 = 15;
    const NAME: &'static str = "balance_record";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 15] = block.try_into().unwrap();
        b[0] = self.ledger_class as u8;
        b[1..5].copy_from_slice(&self.account.to_le_bytes());
        b[5..7].copy_from_slice(&self.asset.to_le_bytes());
        b[7..15].copy_from_slice(&self.balance.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A pending withdrawal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PendingRecord {
    /// Request.
    pub transfer: u64,
    /// Account.
    pub account: u32,
    /// Asset.
    pub asset: u16,
    /// Amount.
    pub amount: i64,
    /// Voids then; 0 never.
    pub due: i64,
}

impl PendingRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 30] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("pending_record", body, at)?;
        Ok(Self {
            transfer: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            asset: u16::from_le_bytes(b[12..14].try_into().unwrap()),
            amount: i64::from_le_bytes(b[14..22].try_into().unwrap()),
            due: i64::from_le_bytes(b[22..30].try_into().unwrap()),
        })
    }
}

impl Message for PendingRecord {
    const KIND: u16 = 2006;
    const BLOCK: u16 = 30;
    const NAME: &'static str = "pending_record";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 30] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.transfer.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..14].copy_from_slice(&self.asset.to_le_bytes());
        b[14..22].copy_from_slice(&self.amount.to_le_bytes());
        b[22..30].copy_from_slice(&self.due.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeriesRecord {
    /// Series.
    pub series: u32,
    /// Symbol.
    pub symbol: Text,
    /// Product.
    pub series_kind: SeriesKind,
    /// Group.
    pub group: u16,
    /// Index.
    pub index: u16,
    /// First month left.
    pub first_month: u32,
    /// Last month.
    pub last_month: u32,
    /// Hours left of one lot.
    pub hours: u32,
    /// Tick.
    pub tick: i64,
    /// Strike.
    pub strike: i64,
    /// Centre of the band.
    pub reference_price: i64,
    /// Band.
    pub band: u32,
    /// Pause range.
    pub pause_range: u32,
    /// Pause length.
    pub pause_duration: i64,
    /// Protection.
    pub protection: u32,
    /// Fee.
    pub maker_fee: i64,
    /// Fee.
    pub taker_fee: i64,
    /// Fee.
    pub clearing_fee: i64,
    /// End of trading.
    pub last_trading_time: i64,
    /// State.
    pub state: SeriesState,
    /// End of pause; 0 none.
    pub until: i64,
    /// Mark.
    pub mark: i64,
    /// Last trade since the series last opened; 0 none.
    pub last_price: i64,
    /// Version of its standard; 0 none.
    pub standard_version: u32,
    /// SHA-256 of that standard.
    pub standard_hash: [u8; 32],
    /// End of its delivery period; 0 the end of its last month.
    pub period_ends: i64,
    /// Settled by delivery of capacity.
    pub delivers: bool,
}

impl SeriesRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 200] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("series_record", body, at)?;
        Ok(Self {
            series: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            symbol: Text::read(b[4..37].try_into().unwrap())?,
            series_kind: SeriesKind::of(b[37])?,
            group: u16::from_le_bytes(b[38..40].try_into().unwrap()),
            index: u16::from_le_bytes(b[40..42].try_into().unwrap()),
            first_month: u32::from_le_bytes(b[42..46].try_into().unwrap()),
            last_month: u32::from_le_bytes(b[46..50].try_into().unwrap()),
            hours: u32::from_le_bytes(b[50..54].try_into().unwrap()),
            tick: i64::from_le_bytes(b[54..62].try_into().unwrap()),
            strike: i64::from_le_bytes(b[62..70].try_into().unwrap()),
            reference_price: i64::from_le_bytes(b[70..78].try_into().unwrap()),
            band: u32::from_le_bytes(b[78..82].try_into().unwrap()),
            pause_range: u32::from_le_bytes(b[82..86].try_into().unwrap()),
            pause_duration: i64::from_le_bytes(b[86..94].try_into().unwrap()),
            protection: u32::from_le_bytes(b[94..98].try_into().unwrap()),
            maker_fee: i64::from_le_bytes(b[98..106].try_into().unwrap()),
            taker_fee: i64::from_le_bytes(b[106..114].try_into().unwrap()),
            clearing_fee: i64::from_le_bytes(b[114..122].try_into().unwrap()),
            last_trading_time: i64::from_le_bytes(b[122..130].try_into().unwrap()),
            state: SeriesState::of(b[130])?,
            until: i64::from_le_bytes(b[131..139].try_into().unwrap()),
            mark: i64::from_le_bytes(b[139..147].try_into().unwrap()),
            last_price: i64::from_le_bytes(b[147..155].try_into().unwrap()),
            standard_version: u32::from_le_bytes(b[155..159].try_into().unwrap()),
            standard_hash: b[159..191].try_into().unwrap(),
            period_ends: i64::from_le_bytes(b[191..199].try_into().unwrap()),
            delivers: b[199] != 0,
        })
    }
}

impl Message for SeriesRecord {
    const KIND: u16 = 2007;
    const BLOCK: u16 = 200;
    const NAME: &'static str = "series_record";

    #[inline]
    fn written(&self) -> (u16, u16) {
        if self.delivers {
            return (4, 200);
        }
        if self.period_ends != 0 {
            return (3, 199);
        }
        if self.standard_version != 0 || self.standard_hash != [0; 32] {
            return (2, 191);
        }
        (1, 155)
    }

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 200] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.series.to_le_bytes());
        b[4..37].copy_from_slice(self.symbol.wire());
        b[37] = self.series_kind as u8;
        b[38..40].copy_from_slice(&self.group.to_le_bytes());
        b[40..42].copy_from_slice(&self.index.to_le_bytes());
        b[42..46].copy_from_slice(&self.first_month.to_le_bytes());
        b[46..50].copy_from_slice(&self.last_month.to_le_bytes());
        b[50..54].copy_from_slice(&self.hours.to_le_bytes());
        b[54..62].copy_from_slice(&self.tick.to_le_bytes());
        b[62..70].copy_from_slice(&self.strike.to_le_bytes());
        b[70..78].copy_from_slice(&self.reference_price.to_le_bytes());
        b[78..82].copy_from_slice(&self.band.to_le_bytes());
        b[82..86].copy_from_slice(&self.pause_range.to_le_bytes());
        b[86..94].copy_from_slice(&self.pause_duration.to_le_bytes());
        b[94..98].copy_from_slice(&self.protection.to_le_bytes());
        b[98..106].copy_from_slice(&self.maker_fee.to_le_bytes());
        b[106..114].copy_from_slice(&self.taker_fee.to_le_bytes());
        b[114..122].copy_from_slice(&self.clearing_fee.to_le_bytes());
        b[122..130].copy_from_slice(&self.last_trading_time.to_le_bytes());
        b[130] = self.state as u8;
        b[131..139].copy_from_slice(&self.until.to_le_bytes());
        b[139..147].copy_from_slice(&self.mark.to_le_bytes());
        b[147..155].copy_from_slice(&self.last_price.to_le_bytes());
        b[155..159].copy_from_slice(&self.standard_version.to_le_bytes());
        b[159..191].copy_from_slice(&self.standard_hash);
        b[191..199].copy_from_slice(&self.period_ends.to_le_bytes());
        b[199] = self.delivers as u8;
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A live order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderRecord {
    /// Order.
    pub order: u64,
    /// Account.
    pub account: u32,
    /// Series.
    pub series: u32,
    /// Side.
    pub side: Side,
    /// Type.
    pub order_type: OrderType,
    /// Life.
    pub time_in_force: TimeInForce,
    /// Prevention.
    pub self_trade: SelfTrade,
    /// Quote.
    pub quote: bool,
    /// Skips coverage.
    pub close_out: bool,
    /// Worst price.
    pub price: i64,
    /// Lots left.
    pub lots: i64,
    /// Slice.
    pub display_lots: i64,
    /// Minimum.
    pub minimum_lots: i64,
    /// Trigger.
    pub stop_price: i64,
    /// GTD end.
    pub expiry: i64,
    /// Session.
    pub session: u32,
    /// Label.
    pub label: u64,
    /// Reference.
    pub reference: Text,
    /// Where it is.
    pub state: OrderState,
    /// Lots shown.
    pub visible: i64,
    /// Event number of its place in the queue.
    pub priority: u64,
}

impl OrderRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 132] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("order_record", body, at)?;
        Ok(Self {
            order: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            series: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            side: Side::of(b[16])?,
            order_type: OrderType::of(b[17])?,
            time_in_force: TimeInForce::of(b[18])?,
            self_trade: SelfTrade::of(b[19])?,
            quote: b[20] != 0,
            close_out: b[21] != 0,
            price: i64::from_le_bytes(b[22..30].try_into().unwrap()),
            lots: i64::from_le_bytes(b[30..38].try_into().unwrap()),
            display_lots: i64::from_le_bytes(b[38..46].try_into().unwrap()),
            minimum_lots: i64::from_le_bytes(b[46..54].try_into().unwrap()),
            stop_price: i64::from_le_bytes(b[54..62].try_into().unwrap()),
            expiry: i64::from_le_bytes(b[62..70].try_into().unwrap()),
            session: u32::from_le_bytes(b[70..74].try_into().unwrap()),
            label: u64::from_le_bytes(b[74..82].try_into().unwrap()),
            reference: Text::read(b[82..115].try_into().unwrap())?,
            state: OrderState::of(b[115])?,
            visible: i64::from_le_bytes(b[116..124].try_into().unwrap()),
            priority: u64::from_le_bytes(b[124..132].try_into().unwrap()),
        })
    }
}

impl Message for OrderRecord {
    const KIND: u16 = 2008;
    const BLOCK: u16 = 132;
    const NAME: &'static str = "order_record";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 132] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.order.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..16].copy_from_slice(&self.series.to_le_bytes());
        b[16] = self.side as u8;
        b[17] = self.order_type as u8;
        b[18] = self.time_in_force as u8;
        b[19] = self.self_trade as u8;
        b[20] = self.quote as u8;
        b[21] = self.close_out as u8;
        b[22..30].copy_from_slice(&self.price.to_le_bytes());
        b[30..38].copy_from_slice(&self.lots.to_le_bytes());
        b[38..46].copy_from_slice(&self.display_lots.to_le_bytes());
        b[46..54].copy_from_slice(&self.minimum_lots.to_le_bytes());
        b[54..62].copy_from_slice(&self.stop_price.to_le_bytes());
        b[62..70].copy_from_slice(&self.expiry.to_le_bytes());
        b[70..74].copy_from_slice(&self.session.to_le_bytes());
        b[74..82].copy_from_slice(&self.label.to_le_bytes());
        b[82..115].copy_from_slice(self.reference.wire());
        b[115] = self.state as u8;
        b[116..124].copy_from_slice(&self.visible.to_le_bytes());
        b[124..132].copy_from_slice(&self.priority.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A position; flat ones without cost are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PositionRecord {
    /// Account.
    pub account: u32,
    /// Series.
    pub series: u32,
    /// Signed lots.
    pub lots: i64,
    /// Sum of signed lots x price since the last mark to market; 0 for options.
    pub cost: i64,
}

impl PositionRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 24] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("position_record", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            series: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            lots: i64::from_le_bytes(b[8..16].try_into().unwrap()),
            cost: i64::from_le_bytes(b[16..24].try_into().unwrap()),
        })
    }
}

impl Message for PositionRecord {
    const KIND: u16 = 2009;
    const BLOCK: u16 = 24;
    const NAME: &'static str = "position_record";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 24] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.series.to_le_bytes());
        b[8..16].copy_from_slice(&self.lots.to_le_bytes());
        b[16..24].copy_from_slice(&self.cost.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A remembered client reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReferenceRecord {
    /// Account.
    pub account: u32,
    /// Reference.
    pub reference: Text,
    /// Command it named.
    pub original: u64,
    /// Time it was used.
    pub reference_time: i64,
    /// Order it names; 0 none.
    pub order: u64,
    /// CRC32C of the command's terms.
    pub body: u32,
}

impl ReferenceRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 65] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("reference_record", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            reference: Text::read(b[4..37].try_into().unwrap())?,
            original: u64::from_le_bytes(b[37..45].try_into().unwrap()),
            reference_time: i64::from_le_bytes(b[45..53].try_into().unwrap()),
            order: u64::from_le_bytes(b[53..61].try_into().unwrap()),
            body: u32::from_le_bytes(b[61..65].try_into().unwrap()),
        })
    }
}

impl Message for ReferenceRecord {
    const KIND: u16 = 2010;
    const BLOCK: u16 = 65;
    const NAME: &'static str = "reference_record";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 65] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..37].copy_from_slice(self.reference.wire());
        b[37..45].copy_from_slice(&self.original.to_le_bytes());
        b[45..53].copy_from_slice(&self.reference_time.to_le_bytes());
        b[53..61].copy_from_slice(&self.order.to_le_bytes());
        b[61..65].copy_from_slice(&self.body.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A waiting proposal.
#[derive(Clone, Copy)]
pub struct ProposalRecord<'a> {
    /// Proposal.
    pub proposal: u64,
    /// Who proposed.
    pub actor: u32,
    /// Kind.
    pub command: u16,
    /// Lapses then.
    pub due: i64,
    /// Body.
    pub payload: &'a [u8],
}

impl<'a> ProposalRecord<'a> {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &'a [u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 22] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        let (payload, at) = read_bytes(body, at)?;
        whole("proposal_record", body, at)?;
        Ok(Self {
            proposal: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            actor: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            command: u16::from_le_bytes(b[12..14].try_into().unwrap()),
            due: i64::from_le_bytes(b[14..22].try_into().unwrap()),
            payload,
        })
    }
}

impl Message for ProposalRecord<'_> {
    const KIND: u16 = 2011;
    const BLOCK: u16 = 22;
    const NAME: &'static str = "proposal_record";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 22] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.proposal.to_le_bytes());
        b[8..12].copy_from_slice(&self.actor.to_le_bytes());
        b[12..14].copy_from_slice(&self.command.to_le_bytes());
        b[14..22].copy_from_slice(&self.due.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
        write_bytes(self.payload, out);
    }
}

/// A waiting position offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfferRecord {
    /// Offer.
    pub offer: u64,
    /// From.
    pub account: u32,
    /// To.
    pub to_account: u32,
    /// Series.
    pub series: u32,
    /// Signed lots.
    pub lots: i64,
    /// Price.
    pub price: i64,
    /// Lapses then.
    pub due: i64,
}

impl OfferRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 44] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("offer_record", body, at)?;
        Ok(Self {
            offer: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            series: u32::from_le_bytes(b[16..20].try_into().unwrap()),
            lots: i64::from_le_bytes(b[20..28].try_into().unwrap()),
            price: i64::from_le_bytes(b[28..36].try_into().unwrap()),
            due: i64::from_le_bytes(b[36..44].try_into().unwrap()),
        })
    }
}

impl Message for OfferRecord {
    const KIND: u16 = 2012;
    const BLOCK: u16 = 44;
    const NAME: &'static str = "offer_record";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 44] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.offer.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..16].copy_from_slice(&self.to_account.to_le_bytes());
        b[16..20].copy_from_slice(&self.series.to_le_bytes());
        b[20..28].copy_from_slice(&self.lots.to_le_bytes());
        b[28..36].copy_from_slice(&self.price.to_le_bytes());
        b[36..44].copy_from_slice(&self.due.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A trade that may still be busted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TradeRecord {
    /// Trade.
    pub trade: u64,
    /// Series.
    pub series: u32,
    /// Price.
    pub price: i64,
    /// Lots.
    pub lots: i64,
    /// Buyer.
    pub buy_account: u32,
    /// Seller.
    pub sell_account: u32,
    /// Fee.
    pub buy_fee: i64,
    /// Fee.
    pub sell_fee: i64,
    /// Clearing fee.
    pub buy_clearing_fee: i64,
    /// Clearing fee.
    pub sell_clearing_fee: i64,
}

impl TradeRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 68] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("trade_record", body, at)?;
        Ok(Self {
            trade: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            series: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            price: i64::from_le_bytes(b[12..20].try_into().unwrap()),
            lots: i64::from_le_bytes(b[20..28].try_into().unwrap()),
            buy_account: u32::from_le_bytes(b[28..32].try_into().unwrap()),
            sell_account: u32::from_le_bytes(b[32..36].try_into().unwrap()),
            buy_fee: i64::from_le_bytes(b[36..44].try_into().unwrap()),
            sell_fee: i64::from_le_bytes(b[44..52].try_into().unwrap()),
            buy_clearing_fee: i64::from_le_bytes(b[52..60].try_into().unwrap()),
            sell_clearing_fee: i64::from_le_bytes(b[60..68].try_into().unwrap()),
        })
    }
}

impl Message for TradeRecord {
    const KIND: u16 = 2013;
    const BLOCK: u16 = 68;
    const NAME: &'static str = "trade_record";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 68] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.trade.to_le_bytes());
        b[8..12].copy_from_slice(&self.series.to_le_bytes());
        b[12..20].copy_from_slice(&self.price.to_le_bytes());
        b[20..28].copy_from_slice(&self.lots.to_le_bytes());
        b[28..32].copy_from_slice(&self.buy_account.to_le_bytes());
        b[32..36].copy_from_slice(&self.sell_account.to_le_bytes());
        b[36..44].copy_from_slice(&self.buy_fee.to_le_bytes());
        b[44..52].copy_from_slice(&self.sell_fee.to_le_bytes());
        b[52..60].copy_from_slice(&self.buy_clearing_fee.to_le_bytes());
        b[60..68].copy_from_slice(&self.sell_clearing_fee.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A maker's protection and its counters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProtectionRecord {
    /// Account.
    pub account: u32,
    /// Group.
    pub group: u16,
    /// Interval.
    pub interval: i64,
    /// Limit.
    pub lots_limit: i64,
    /// Limit.
    pub delta_limit: i64,
    /// Limit.
    pub vega_limit: i64,
    /// Start of the interval.
    pub started: i64,
    /// Filled.
    pub lots: i64,
    /// Net delta filled.
    pub delta: i64,
    /// Net vega filled.
    pub vega: i64,
    /// Tripped.
    pub tripped: bool,
}

impl ProtectionRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 71] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("protection_record", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            group: u16::from_le_bytes(b[4..6].try_into().unwrap()),
            interval: i64::from_le_bytes(b[6..14].try_into().unwrap()),
            lots_limit: i64::from_le_bytes(b[14..22].try_into().unwrap()),
            delta_limit: i64::from_le_bytes(b[22..30].try_into().unwrap()),
            vega_limit: i64::from_le_bytes(b[30..38].try_into().unwrap()),
            started: i64::from_le_bytes(b[38..46].try_into().unwrap()),
            lots: i64::from_le_bytes(b[46..54].try_into().unwrap()),
            delta: i64::from_le_bytes(b[54..62].try_into().unwrap()),
            vega: i64::from_le_bytes(b[62..70].try_into().unwrap()),
            tripped: b[70] != 0,
        })
    }
}

impl Message for ProtectionRecord {
    const KIND: u16 = 2014;
    const BLOCK: u16 = 71;
    const NAME: &'static str = "protection_record";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 71] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..6].copy_from_slice(&self.group.to_le_bytes());
        b[6..14].copy_from_slice(&self.interval.to_le_bytes());
        b[14..22].copy_from_slice(&self.lots_limit.to_le_bytes());
        b[22..30].copy_from_slice(&self.delta_limit.to_le_bytes());
        b[30..38].copy_from_slice(&self.vega_limit.to_le_bytes());
        b[38..46].copy_from_slice(&self.started.to_le_bytes());
        b[46..54].copy_from_slice(&self.lots.to_le_bytes());
        b[54..62].copy_from_slice(&self.delta.to_le_bytes());
        b[62..70].copy_from_slice(&self.vega.to_le_bytes());
        b[70] = self.tripped as u8;
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A margin table in force or being loaded.
#[derive(Clone, Copy)]
pub struct TableRecord<'a> {
    /// Version.
    pub table: u32,
    /// Labels.
    pub scenarios: List<'a, Scenario>,
    /// Scan rows.
    pub rows: List<'a, ScanRow>,
}

impl<'a> TableRecord<'a> {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &'a [u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 4] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        let (scenarios, at) = List::read(body, at)?;
        let (rows, at) = List::read(body, at)?;
        whole("table_record", body, at)?;
        Ok(Self {
            table: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            scenarios,
            rows,
        })
    }
}

impl Message for TableRecord<'_> {
    const KIND: u16 = 2015;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "table_record";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 4] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.table.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
        self.scenarios.write(out);
        self.rows.write(out);
    }
}

/// The row of a series in a margin table.
#[derive(Clone, Copy)]
pub struct RowRecord<'a> {
    /// Version.
    pub table: u32,
    /// Series.
    pub series: u32,
    /// Mark.
    pub mark: i64,
    /// Per lot.
    pub liquidity: i64,
    /// Free lots.
    pub concentration_lots: i64,
    /// Per lot beyond.
    pub concentration: i64,
    /// Per lot.
    pub delta: i64,
    /// Per lot.
    pub vega: i64,
    /// Losses.
    pub losses: List<'a, ScenarioLoss>,
}

impl<'a> RowRecord<'a> {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &'a [u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 56] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        let (losses, at) = List::read(body, at)?;
        whole("row_record", body, at)?;
        Ok(Self {
            table: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            series: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            mark: i64::from_le_bytes(b[8..16].try_into().unwrap()),
            liquidity: i64::from_le_bytes(b[16..24].try_into().unwrap()),
            concentration_lots: i64::from_le_bytes(b[24..32].try_into().unwrap()),
            concentration: i64::from_le_bytes(b[32..40].try_into().unwrap()),
            delta: i64::from_le_bytes(b[40..48].try_into().unwrap()),
            vega: i64::from_le_bytes(b[48..56].try_into().unwrap()),
            losses,
        })
    }
}

impl Message for RowRecord<'_> {
    const KIND: u16 = 2016;
    const BLOCK: u16 = 56;
    const NAME: &'static str = "row_record";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 56] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.table.to_le_bytes());
        b[4..8].copy_from_slice(&self.series.to_le_bytes());
        b[8..16].copy_from_slice(&self.mark.to_le_bytes());
        b[16..24].copy_from_slice(&self.liquidity.to_le_bytes());
        b[24..32].copy_from_slice(&self.concentration_lots.to_le_bytes());
        b[32..40].copy_from_slice(&self.concentration.to_le_bytes());
        b[40..48].copy_from_slice(&self.delta.to_le_bytes());
        b[48..56].copy_from_slice(&self.vega.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
        self.losses.write(out);
    }
}

/// The last day of an index on the log, fixed or not, and its last fixing of the day itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FixingRecord {
    /// Index.
    pub index: u16,
    /// Day.
    pub day: u32,
    /// Fixing; 0 before the first.
    pub price: i64,
    /// Day of that fixing where the last day had none; 0 the same.
    pub fixed: u32,
}

impl FixingRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 18] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("fixing_record", body, at)?;
        Ok(Self {
            index: u16::from_le_bytes(b[0..2].try_into().unwrap()),
            day: u32::from_le_bytes(b[2..6].try_into().unwrap()),
            price: i64::from_le_bytes(b[6..14].try_into().unwrap()),
            fixed: u32::from_le_bytes(b[14..18].try_into().unwrap()),
        })
    }
}

impl Message for FixingRecord {
    const KIND: u16 = 2017;
    const BLOCK: u16 = 18;
    const NAME: &'static str = "fixing_record";

    #[inline]
    fn written(&self) -> (u16, u16) {
        if self.fixed != 0 {
            return (5, 18);
        }
        (1, 14)
    }

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 18] = block.try_into().unwrap();
        b[0..2].copy_from_slice(&self.index.to_le_bytes());
        b[2..6].copy_from_slice(&self.day.to_le_bytes());
        b[6..14].copy_from_slice(&self.price.to_le_bytes());
        b[14..18].copy_from_slice(&self.fixed.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A day of an index that stands on the log without a fixing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoFixRecord {
    /// Index.
    pub index: u16,
    /// Day.
    pub day: u32,
    /// Why there is none.
    pub reason: NoFixReason,
}

impl NoFixRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 7] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("no_fix_record", body, at)?;
        Ok(Self {
            index: u16::from_le_bytes(b[0..2].try_into().unwrap()),
            day: u32::from_le_bytes(b[2..6].try_into().unwrap()),
            reason: NoFixReason::of(b[6])?,
        })
    }
}

impl Message for NoFixRecord {
    const KIND: u16 = 2018;
    const BLOCK: u16 = 7;
    const NAME: &'static str = "no_fix_record";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 7] = block.try_into().unwrap();
        b[0..2].copy_from_slice(&self.index.to_le_bytes());
        b[2..6].copy_from_slice(&self.day.to_le_bytes());
        b[6] = self.reason as u8;
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A member in default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DefaultRecord {
    /// Member.
    pub member: u32,
    /// Event number of the declaration.
    pub declared: u64,
}

impl DefaultRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 12] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("default_record", body, at)?;
        Ok(Self {
            member: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            declared: u64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for DefaultRecord {
    const KIND: u16 = 2020;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "default_record";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.member.to_le_bytes());
        b[4..12].copy_from_slice(&self.declared.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// What a survivor stands to lose in a default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StakeRecord {
    /// Member in default.
    pub member: u32,
    /// Account of the survivor.
    pub account: u32,
    /// What it had in the default fund at the declaration.
    pub contribution: i64,
    /// Part of that already lost, in this default or another.
    pub used: i64,
    /// Assessed beyond that.
    pub assessed: i64,
    /// Its member has bid.
    pub bid: bool,
}

impl StakeRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 33] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("stake_record", body, at)?;
        Ok(Self {
            member: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            account: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            contribution: i64::from_le_bytes(b[8..16].try_into().unwrap()),
            used: i64::from_le_bytes(b[16..24].try_into().unwrap()),
            assessed: i64::from_le_bytes(b[24..32].try_into().unwrap()),
            bid: b[32] != 0,
        })
    }
}

impl Message for StakeRecord {
    const KIND: u16 = 2021;
    const BLOCK: u16 = 33;
    const NAME: &'static str = "stake_record";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 33] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.member.to_le_bytes());
        b[4..8].copy_from_slice(&self.account.to_le_bytes());
        b[8..16].copy_from_slice(&self.contribution.to_le_bytes());
        b[16..24].copy_from_slice(&self.used.to_le_bytes());
        b[24..32].copy_from_slice(&self.assessed.to_le_bytes());
        b[32] = self.bid as u8;
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// What an account gained in the last variation settlement, from behaviour 4 on less what it lost and in all since the one before the first open default, and has not given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GainRecord {
    /// Account.
    pub account: u32,
    /// Micro-dollars.
    pub gain: i64,
}

impl GainRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 12] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("gain_record", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            gain: i64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for GainRecord {
    const KIND: u16 = 2022;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "gain_record";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.gain.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A sealed bid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BidRecord {
    /// Slice.
    pub slice: u32,
    /// Account that bid.
    pub account: u32,
    /// Account of the member in default.
    pub from_account: u32,
    /// The bid stands until then.
    pub until: i64,
    /// Commitment.
    pub commitment: [u8; 32],
    /// It was opened.
    pub opened: bool,
    /// What it asks for the slice, once opened.
    pub amount: i64,
}

impl BidRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 61] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("bid_record", body, at)?;
        Ok(Self {
            slice: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            account: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            from_account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            until: i64::from_le_bytes(b[12..20].try_into().unwrap()),
            commitment: b[20..52].try_into().unwrap(),
            opened: b[52] != 0,
            amount: i64::from_le_bytes(b[53..61].try_into().unwrap()),
        })
    }
}

impl Message for BidRecord {
    const KIND: u16 = 2023;
    const BLOCK: u16 = 61;
    const NAME: &'static str = "bid_record";
    const SINCE: u16 = 3;

    #[inline]
    fn written(&self) -> (u16, u16) {
        if self.opened || self.amount != 0 {
            return (4, 61);
        }
        (3, 52)
    }

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 61] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.slice.to_le_bytes());
        b[4..8].copy_from_slice(&self.account.to_le_bytes());
        b[8..12].copy_from_slice(&self.from_account.to_le_bytes());
        b[12..20].copy_from_slice(&self.until.to_le_bytes());
        b[20..52].copy_from_slice(&self.commitment);
        b[52] = self.opened as u8;
        b[53..61].copy_from_slice(&self.amount.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// The account of a client, offered to another member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortRecord {
    /// Account.
    pub account: u32,
    /// Member that may take it.
    pub member: u32,
}

impl PortRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 8] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("port_record", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            member: u32::from_le_bytes(b[4..8].try_into().unwrap()),
        })
    }
}

impl Message for PortRecord {
    const KIND: u16 = 2024;
    const BLOCK: u16 = 8;
    const NAME: &'static str = "port_record";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 8] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.member.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// An asset admitted as collateral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollateralRecord {
    /// Asset.
    pub asset: u16,
    /// Haircut.
    pub haircut: u32,
    /// Cap.
    pub account_cap: i64,
    /// A letter of credit.
    pub letter: bool,
    /// Price of a whole unit.
    pub price: i64,
    /// Day of the price.
    pub day: u32,
}

impl CollateralRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 27] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("collateral_record", body, at)?;
        Ok(Self {
            asset: u16::from_le_bytes(b[0..2].try_into().unwrap()),
            haircut: u32::from_le_bytes(b[2..6].try_into().unwrap()),
            account_cap: i64::from_le_bytes(b[6..14].try_into().unwrap()),
            letter: b[14] != 0,
            price: i64::from_le_bytes(b[15..23].try_into().unwrap()),
            day: u32::from_le_bytes(b[23..27].try_into().unwrap()),
        })
    }
}

impl Message for CollateralRecord {
    const KIND: u16 = 2030;
    const BLOCK: u16 = 27;
    const NAME: &'static str = "collateral_record";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 27] = block.try_into().unwrap();
        b[0..2].copy_from_slice(&self.asset.to_le_bytes());
        b[2..6].copy_from_slice(&self.haircut.to_le_bytes());
        b[6..14].copy_from_slice(&self.account_cap.to_le_bytes());
        b[14] = self.letter as u8;
        b[15..23].copy_from_slice(&self.price.to_le_bytes());
        b[23..27].copy_from_slice(&self.day.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A margin call that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarginCallRecord {
    /// Account.
    pub account: u32,
    /// Call.
    pub call: u64,
    /// Cover it lacked.
    pub amount: i64,
    /// Late then; 0 is late already.
    pub due: i64,
}

impl MarginCallRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 28] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("margin_call_record", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            call: u64::from_le_bytes(b[4..12].try_into().unwrap()),
            amount: i64::from_le_bytes(b[12..20].try_into().unwrap()),
            due: i64::from_le_bytes(b[20..28].try_into().unwrap()),
        })
    }
}

impl Message for MarginCallRecord {
    const KIND: u16 = 2031;
    const BLOCK: u16 = 28;
    const NAME: &'static str = "margin_call_record";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 28] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.call.to_le_bytes());
        b[12..20].copy_from_slice(&self.amount.to_le_bytes());
        b[20..28].copy_from_slice(&self.due.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// The last digest of a publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DigestRecord {
    /// What it is of.
    pub publication: Publication,
    /// Day.
    pub day: u32,
    /// Digest.
    pub digest: [u8; 32],
}

impl DigestRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 37] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("digest_record", body, at)?;
        Ok(Self {
            publication: Publication::of(b[0])?,
            day: u32::from_le_bytes(b[1..5].try_into().unwrap()),
            digest: b[5..37].try_into().unwrap(),
        })
    }
}

impl Message for DigestRecord {
    const KIND: u16 = 2032;
    const BLOCK: u16 = 37;
    const NAME: &'static str = "digest_record";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 37] = block.try_into().unwrap();
        b[0] = self.publication as u8;
        b[1..5].copy_from_slice(&self.day.to_le_bytes());
        b[5..37].copy_from_slice(&self.digest);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A slice that is out to bids.
#[derive(Clone, Copy)]
pub struct SliceRecord<'a> {
    /// Slice.
    pub slice: u32,
    /// Account of the member in default.
    pub from_account: u32,
    /// Most the house pays.
    pub reserve: i64,
    /// End of sealing.
    pub seals: i64,
    /// End of opening.
    pub opens: i64,
    /// Positions.
    pub positions: List<'a, SliceLots>,
}

impl<'a> SliceRecord<'a> {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &'a [u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 32] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        let (positions, at) = List::read(body, at)?;
        whole("slice_record", body, at)?;
        Ok(Self {
            slice: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            from_account: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            reserve: i64::from_le_bytes(b[8..16].try_into().unwrap()),
            seals: i64::from_le_bytes(b[16..24].try_into().unwrap()),
            opens: i64::from_le_bytes(b[24..32].try_into().unwrap()),
            positions,
        })
    }
}

impl Message for SliceRecord<'_> {
    const KIND: u16 = 2040;
    const BLOCK: u16 = 32;
    const NAME: &'static str = "slice_record";
    const SINCE: u16 = 4;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 32] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.slice.to_le_bytes());
        b[4..8].copy_from_slice(&self.from_account.to_le_bytes());
        b[8..16].copy_from_slice(&self.reserve.to_le_bytes());
        b[16..24].copy_from_slice(&self.seals.to_le_bytes());
        b[24..32].copy_from_slice(&self.opens.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
        self.positions.write(out);
    }
}

/// The cooling period of an account that stands in the default fund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoolingRecord {
    /// Account.
    pub account: u32,
    /// The most it had in the fund at a declaration of the period.
    pub base: i64,
    /// Assessed within the period, all defaults together.
    pub assessed: i64,
    /// The period ends then.
    pub until: i64,
}

impl CoolingRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 28] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("cooling_record", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            base: i64::from_le_bytes(b[4..12].try_into().unwrap()),
            assessed: i64::from_le_bytes(b[12..20].try_into().unwrap()),
            until: i64::from_le_bytes(b[20..28].try_into().unwrap()),
        })
    }
}

impl Message for CoolingRecord {
    const KIND: u16 = 2041;
    const BLOCK: u16 = 28;
    const NAME: &'static str = "cooling_record";
    const SINCE: u16 = 4;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 28] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.base.to_le_bytes());
        b[12..20].copy_from_slice(&self.assessed.to_le_bytes());
        b[20..28].copy_from_slice(&self.until.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// The notice of a member that leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticeRecord {
    /// Member.
    pub member: u32,
    /// From then on.
    pub effective: i64,
}

impl NoticeRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 12] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("notice_record", body, at)?;
        Ok(Self {
            member: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            effective: i64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for NoticeRecord {
    const KIND: u16 = 2042;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "notice_record";
    const SINCE: u16 = 4;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.member.to_le_bytes());
        b[4..12].copy_from_slice(&self.effective.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Of what an account gained while a default is open, that of settlements before the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EarlierGainRecord {
    /// Account.
    pub account: u32,
    /// Micro-dollars.
    pub gain: i64,
}

impl EarlierGainRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 12] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("earlier_gain_record", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            gain: i64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for EarlierGainRecord {
    const KIND: u16 = 2043;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "earlier_gain_record";
    const SINCE: u16 = 4;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.gain.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Short lots of a series that an account has shown it can deliver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoverRecord {
    /// Account.
    pub account: u32,
    /// Series.
    pub series: u32,
    /// Lots covered.
    pub lots: i64,
    /// The cover stands until then.
    pub until: i64,
    /// SHA-256 of what was verified.
    pub evidence: [u8; 32],
}

impl CoverRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 56] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("cover_record", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            series: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            lots: i64::from_le_bytes(b[8..16].try_into().unwrap()),
            until: i64::from_le_bytes(b[16..24].try_into().unwrap()),
            evidence: b[24..56].try_into().unwrap(),
        })
    }
}

impl Message for CoverRecord {
    const KIND: u16 = 2045;
    const BLOCK: u16 = 56;
    const NAME: &'static str = "cover_record";
    const SINCE: u16 = 4;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 56] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.series.to_le_bytes());
        b[8..16].copy_from_slice(&self.lots.to_le_bytes());
        b[16..24].copy_from_slice(&self.until.to_le_bytes());
        b[24..56].copy_from_slice(&self.evidence);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A line of credit; what is owed under it stands in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineRecord {
    /// Account.
    pub account: u32,
    /// Most that may be owed.
    pub limit: i64,
    /// Interest.
    pub rate: u32,
}

impl LineRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 16] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("line_record", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            limit: i64::from_le_bytes(b[4..12].try_into().unwrap()),
            rate: u32::from_le_bytes(b[12..16].try_into().unwrap()),
        })
    }
}

impl Message for LineRecord {
    const KIND: u16 = 2046;
    const BLOCK: u16 = 16;
    const NAME: &'static str = "line_record";
    const SINCE: u16 = 4;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 16] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.limit.to_le_bytes());
        b[12..16].copy_from_slice(&self.rate.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// An asset that secures lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecurityRecord {
    /// Asset.
    pub asset: u16,
    /// Lent against its price.
    pub advance: u32,
    /// Cap.
    pub account_cap: i64,
}

impl SecurityRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 14] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("security_record", body, at)?;
        Ok(Self {
            asset: u16::from_le_bytes(b[0..2].try_into().unwrap()),
            advance: u32::from_le_bytes(b[2..6].try_into().unwrap()),
            account_cap: i64::from_le_bytes(b[6..14].try_into().unwrap()),
        })
    }
}

impl Message for SecurityRecord {
    const KIND: u16 = 2047;
    const BLOCK: u16 = 14;
    const NAME: &'static str = "security_record";
    const SINCE: u16 = 4;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 14] = block.try_into().unwrap();
        b[0..2].copy_from_slice(&self.asset.to_le_bytes());
        b[2..6].copy_from_slice(&self.advance.to_le_bytes());
        b[6..14].copy_from_slice(&self.account_cap.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// An interest rate on the log: the last one for a day that is settled, and those for days after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateRecord {
    /// Day.
    pub day: u32,
    /// Rate.
    pub rate: i64,
    /// Who publishes it.
    pub source: Text,
    /// SHA-256 of the publication.
    pub inputs: [u8; 32],
}

impl RateRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 77] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("rate_record", body, at)?;
        Ok(Self {
            day: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            rate: i64::from_le_bytes(b[4..12].try_into().unwrap()),
            source: Text::read(b[12..45].try_into().unwrap())?,
            inputs: b[45..77].try_into().unwrap(),
        })
    }
}

impl Message for RateRecord {
    const KIND: u16 = 2048;
    const BLOCK: u16 = 77;
    const NAME: &'static str = "rate_record";
    const SINCE: u16 = 4;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 77] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.day.to_le_bytes());
        b[4..12].copy_from_slice(&self.rate.to_le_bytes());
        b[12..45].copy_from_slice(self.source.wire());
        b[45..77].copy_from_slice(&self.inputs);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Variation on a swap received so far and taken up by no final settlement; negative is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VariationRecord {
    /// Account.
    pub account: u32,
    /// Series.
    pub series: u32,
    /// Micro-dollars.
    pub amount: i64,
}

impl VariationRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 16] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("variation_record", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            series: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            amount: i64::from_le_bytes(b[8..16].try_into().unwrap()),
        })
    }
}

impl Message for VariationRecord {
    const KIND: u16 = 2049;
    const BLOCK: u16 = 16;
    const NAME: &'static str = "variation_record";
    const SINCE: u16 = 4;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 16] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.series.to_le_bytes());
        b[8..16].copy_from_slice(&self.amount.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Terms of the deliveries of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryTermsRecord {
    /// Series.
    pub series: u32,
    /// Begin of its first hour.
    pub starts: i64,
    /// Lead of nominations.
    pub nomination_lead: i64,
    /// Grace of a tender.
    pub grace: i64,
    /// Inspection of a tender.
    pub inspection: i64,
    /// Window of a dispute.
    pub dispute: i64,
    /// The outage of the units named excuses.
    pub contingent: bool,
    /// Margin of an accelerator-hour.
    pub seller_margin: i64,
    /// Hours the buyer has set aside.
    pub prefund_hours: u32,
    /// Penalty.
    pub penalty: u32,
    /// Factor of a remedy in cash.
    pub cash_factor: u32,
    /// Least quality.
    pub quality_floor: u32,
    /// Most quality.
    pub quality_cap: u32,
    /// Time to determine.
    pub determination: i64,
    /// Time to make good.
    pub remedy_window: i64,
    /// Bound of the price of a replacement.
    pub cover_band: u32,
    /// Time to correct.
    pub correction: i64,
    /// Bound of a correction.
    pub correction_share: u32,
}

impl DeliveryTermsRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 105] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("delivery_terms_record", body, at)?;
        Ok(Self {
            series: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            starts: i64::from_le_bytes(b[4..12].try_into().unwrap()),
            nomination_lead: i64::from_le_bytes(b[12..20].try_into().unwrap()),
            grace: i64::from_le_bytes(b[20..28].try_into().unwrap()),
            inspection: i64::from_le_bytes(b[28..36].try_into().unwrap()),
            dispute: i64::from_le_bytes(b[36..44].try_into().unwrap()),
            contingent: b[44] != 0,
            seller_margin: i64::from_le_bytes(b[45..53].try_into().unwrap()),
            prefund_hours: u32::from_le_bytes(b[53..57].try_into().unwrap()),
            penalty: u32::from_le_bytes(b[57..61].try_into().unwrap()),
            cash_factor: u32::from_le_bytes(b[61..65].try_into().unwrap()),
            quality_floor: u32::from_le_bytes(b[65..69].try_into().unwrap()),
            quality_cap: u32::from_le_bytes(b[69..73].try_into().unwrap()),
            determination: i64::from_le_bytes(b[73..81].try_into().unwrap()),
            remedy_window: i64::from_le_bytes(b[81..89].try_into().unwrap()),
            cover_band: u32::from_le_bytes(b[89..93].try_into().unwrap()),
            correction: i64::from_le_bytes(b[93..101].try_into().unwrap()),
            correction_share: u32::from_le_bytes(b[101..105].try_into().unwrap()),
        })
    }
}

impl Message for DeliveryTermsRecord {
    const KIND: u16 = 2060;
    const BLOCK: u16 = 105;
    const NAME: &'static str = "delivery_terms_record";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 105] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.series.to_le_bytes());
        b[4..12].copy_from_slice(&self.starts.to_le_bytes());
        b[12..20].copy_from_slice(&self.nomination_lead.to_le_bytes());
        b[20..28].copy_from_slice(&self.grace.to_le_bytes());
        b[28..36].copy_from_slice(&self.inspection.to_le_bytes());
        b[36..44].copy_from_slice(&self.dispute.to_le_bytes());
        b[44] = self.contingent as u8;
        b[45..53].copy_from_slice(&self.seller_margin.to_le_bytes());
        b[53..57].copy_from_slice(&self.prefund_hours.to_le_bytes());
        b[57..61].copy_from_slice(&self.penalty.to_le_bytes());
        b[61..65].copy_from_slice(&self.cash_factor.to_le_bytes());
        b[65..69].copy_from_slice(&self.quality_floor.to_le_bytes());
        b[69..73].copy_from_slice(&self.quality_cap.to_le_bytes());
        b[73..81].copy_from_slice(&self.determination.to_le_bytes());
        b[81..89].copy_from_slice(&self.remedy_window.to_le_bytes());
        b[89..93].copy_from_slice(&self.cover_band.to_le_bytes());
        b[93..101].copy_from_slice(&self.correction.to_le_bytes());
        b[101..105].copy_from_slice(&self.correction_share.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A delivery that is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryRecord {
    /// Delivery.
    pub delivery: u64,
    /// Seller.
    pub account: u32,
    /// Buyer.
    pub buyer: u32,
    /// Series.
    pub series: u32,
    /// Accelerators.
    pub lots: i64,
    /// Contract price.
    pub price: i64,
    /// Begin of the block.
    pub starts: i64,
    /// First hour.
    pub first_hour: u32,
    /// Hours.
    pub hours: u32,
    /// Bits of the parties that have nominated.
    pub nominated: u32,
    /// Pledgee; 0 none.
    pub pledgee: u32,
    /// What it waits for is due then; 0 none.
    pub due: i64,
    /// Where it stands.
    pub state: DeliveryState,
    /// Quality tendered, or accepted.
    pub quality: u32,
    /// Begin tendered early; 0 none.
    pub early: i64,
    /// Hours metered.
    pub metered_hours: u32,
    /// Hours that are final.
    pub final_hours: u32,
    /// Accelerator-hours to be made good.
    pub missing: i64,
    /// Who let its time pass.
    pub failed: DeliveryParty,
    /// Kept of what is final for what is missing.
    pub held: i64,
    /// Its last tender was rejected, and not contested.
    pub rejected: bool,
}

impl DeliveryRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 107] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("delivery_record", body, at)?;
        Ok(Self {
            delivery: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            buyer: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            series: u32::from_le_bytes(b[16..20].try_into().unwrap()),
            lots: i64::from_le_bytes(b[20..28].try_into().unwrap()),
            price: i64::from_le_bytes(b[28..36].try_into().unwrap()),
            starts: i64::from_le_bytes(b[36..44].try_into().unwrap()),
            first_hour: u32::from_le_bytes(b[44..48].try_into().unwrap()),
            hours: u32::from_le_bytes(b[48..52].try_into().unwrap()),
            nominated: u32::from_le_bytes(b[52..56].try_into().unwrap()),
            pledgee: u32::from_le_bytes(b[56..60].try_into().unwrap()),
            due: i64::from_le_bytes(b[60..68].try_into().unwrap()),
            state: DeliveryState::of(b[68])?,
            quality: u32::from_le_bytes(b[69..73].try_into().unwrap()),
            early: i64::from_le_bytes(b[73..81].try_into().unwrap()),
            metered_hours: u32::from_le_bytes(b[81..85].try_into().unwrap()),
            final_hours: u32::from_le_bytes(b[85..89].try_into().unwrap()),
            missing: i64::from_le_bytes(b[89..97].try_into().unwrap()),
            failed: DeliveryParty::of(b[97])?,
            held: i64::from_le_bytes(b[98..106].try_into().unwrap()),
            rejected: b[106] != 0,
        })
    }
}

impl Message for DeliveryRecord {
    const KIND: u16 = 2061;
    const BLOCK: u16 = 107;
    const NAME: &'static str = "delivery_record";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 107] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.delivery.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..16].copy_from_slice(&self.buyer.to_le_bytes());
        b[16..20].copy_from_slice(&self.series.to_le_bytes());
        b[20..28].copy_from_slice(&self.lots.to_le_bytes());
        b[28..36].copy_from_slice(&self.price.to_le_bytes());
        b[36..44].copy_from_slice(&self.starts.to_le_bytes());
        b[44..48].copy_from_slice(&self.first_hour.to_le_bytes());
        b[48..52].copy_from_slice(&self.hours.to_le_bytes());
        b[52..56].copy_from_slice(&self.nominated.to_le_bytes());
        b[56..60].copy_from_slice(&self.pledgee.to_le_bytes());
        b[60..68].copy_from_slice(&self.due.to_le_bytes());
        b[68] = self.state as u8;
        b[69..73].copy_from_slice(&self.quality.to_le_bytes());
        b[73..81].copy_from_slice(&self.early.to_le_bytes());
        b[81..85].copy_from_slice(&self.metered_hours.to_le_bytes());
        b[85..89].copy_from_slice(&self.final_hours.to_le_bytes());
        b[89..97].copy_from_slice(&self.missing.to_le_bytes());
        b[97] = self.failed as u8;
        b[98..106].copy_from_slice(&self.held.to_le_bytes());
        b[106] = self.rejected as u8;
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Metered hours that are not yet final.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeteredRecord {
    /// The metered hours.
    pub metered: u64,
    /// Delivery.
    pub delivery: u64,
    /// First of the hours.
    pub first_hour: u32,
    /// Hours.
    pub hours: u32,
    /// Delivered.
    pub units: i64,
    /// Excused.
    pub excused: i64,
    /// Quality measured.
    pub quality: u32,
    /// Price of what was delivered.
    pub amount: i64,
    /// Root of the readings.
    pub evidence: [u8; 32],
    /// Final then.
    pub due: i64,
    /// Who disputes them; 0 nobody.
    pub disputed: u32,
}

impl MeteredRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 96] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("metered_record", body, at)?;
        Ok(Self {
            metered: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[8..16].try_into().unwrap()),
            first_hour: u32::from_le_bytes(b[16..20].try_into().unwrap()),
            hours: u32::from_le_bytes(b[20..24].try_into().unwrap()),
            units: i64::from_le_bytes(b[24..32].try_into().unwrap()),
            excused: i64::from_le_bytes(b[32..40].try_into().unwrap()),
            quality: u32::from_le_bytes(b[40..44].try_into().unwrap()),
            amount: i64::from_le_bytes(b[44..52].try_into().unwrap()),
            evidence: b[52..84].try_into().unwrap(),
            due: i64::from_le_bytes(b[84..92].try_into().unwrap()),
            disputed: u32::from_le_bytes(b[92..96].try_into().unwrap()),
        })
    }
}

impl Message for MeteredRecord {
    const KIND: u16 = 2062;
    const BLOCK: u16 = 96;
    const NAME: &'static str = "metered_record";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 96] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.metered.to_le_bytes());
        b[8..16].copy_from_slice(&self.delivery.to_le_bytes());
        b[16..20].copy_from_slice(&self.first_hour.to_le_bytes());
        b[20..24].copy_from_slice(&self.hours.to_le_bytes());
        b[24..32].copy_from_slice(&self.units.to_le_bytes());
        b[32..40].copy_from_slice(&self.excused.to_le_bytes());
        b[40..44].copy_from_slice(&self.quality.to_le_bytes());
        b[44..52].copy_from_slice(&self.amount.to_le_bytes());
        b[52..84].copy_from_slice(&self.evidence);
        b[84..92].copy_from_slice(&self.due.to_le_bytes());
        b[92..96].copy_from_slice(&self.disputed.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A waiting offer of a side of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryOfferRecord {
    /// Offer.
    pub offer: u64,
    /// From.
    pub account: u32,
    /// To.
    pub to_account: u32,
    /// Delivery.
    pub delivery: u64,
    /// Lots.
    pub lots: i64,
    /// First hour.
    pub first_hour: u32,
    /// Hours.
    pub hours: u32,
    /// Amount.
    pub amount: i64,
    /// Lapses then.
    pub due: i64,
}

impl DeliveryOfferRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 56] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("delivery_offer_record", body, at)?;
        Ok(Self {
            offer: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[16..24].try_into().unwrap()),
            lots: i64::from_le_bytes(b[24..32].try_into().unwrap()),
            first_hour: u32::from_le_bytes(b[32..36].try_into().unwrap()),
            hours: u32::from_le_bytes(b[36..40].try_into().unwrap()),
            amount: i64::from_le_bytes(b[40..48].try_into().unwrap()),
            due: i64::from_le_bytes(b[48..56].try_into().unwrap()),
        })
    }
}

impl Message for DeliveryOfferRecord {
    const KIND: u16 = 2063;
    const BLOCK: u16 = 56;
    const NAME: &'static str = "delivery_offer_record";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 56] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.offer.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..16].copy_from_slice(&self.to_account.to_le_bytes());
        b[16..24].copy_from_slice(&self.delivery.to_le_bytes());
        b[24..32].copy_from_slice(&self.lots.to_le_bytes());
        b[32..36].copy_from_slice(&self.first_hour.to_le_bytes());
        b[36..40].copy_from_slice(&self.hours.to_le_bytes());
        b[40..48].copy_from_slice(&self.amount.to_le_bytes());
        b[48..56].copy_from_slice(&self.due.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Lots of a right that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExerciseRecord {
    /// Account.
    pub account: u32,
    /// Series.
    pub series: u32,
    /// Lots.
    pub lots: i64,
    /// Begin of its first hour; 0 that of the series.
    pub starts: i64,
}

impl ExerciseRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 24] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("exercise_record", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            series: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            lots: i64::from_le_bytes(b[8..16].try_into().unwrap()),
            starts: i64::from_le_bytes(b[16..24].try_into().unwrap()),
        })
    }
}

impl Message for ExerciseRecord {
    const KIND: u16 = 2064;
    const BLOCK: u16 = 24;
    const NAME: &'static str = "exercise_record";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 24] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.series.to_le_bytes());
        b[8..16].copy_from_slice(&self.lots.to_le_bytes());
        b[16..24].copy_from_slice(&self.starts.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// What counts for an account toward the margin of what it delivers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryCreditRecord {
    /// Account.
    pub account: u32,
    /// Most that it counts for.
    pub amount: i64,
    /// Share of that margin at most.
    pub share: u32,
    /// Counts until then.
    pub until: i64,
    /// What it rests on.
    pub basis: [u8; 32],
}

impl DeliveryCreditRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 56] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("delivery_credit_record", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            amount: i64::from_le_bytes(b[4..12].try_into().unwrap()),
            share: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            until: i64::from_le_bytes(b[16..24].try_into().unwrap()),
            basis: b[24..56].try_into().unwrap(),
        })
    }
}

impl Message for DeliveryCreditRecord {
    const KIND: u16 = 2065;
    const BLOCK: u16 = 56;
    const NAME: &'static str = "delivery_credit_record";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 56] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.amount.to_le_bytes());
        b[12..16].copy_from_slice(&self.share.to_le_bytes());
        b[16..24].copy_from_slice(&self.until.to_le_bytes());
        b[24..56].copy_from_slice(&self.basis);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Hours that are final and can still be corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FinalHoursRecord {
    /// The metered hours.
    pub metered: u64,
    /// Delivery.
    pub delivery: u64,
    /// Seller.
    pub account: u32,
    /// Buyer.
    pub buyer: u32,
    /// Contract price.
    pub price: i64,
    /// Delivered.
    pub units: i64,
    /// Most that can have been delivered.
    pub most: i64,
    /// Quality measured.
    pub quality: u32,
    /// Bound of a correction.
    pub share: u32,
    /// Can be corrected until then.
    pub due: i64,
}

impl FinalHoursRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 64] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("final_hours_record", body, at)?;
        Ok(Self {
            metered: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[8..16].try_into().unwrap()),
            account: u32::from_le_bytes(b[16..20].try_into().unwrap()),
            buyer: u32::from_le_bytes(b[20..24].try_into().unwrap()),
            price: i64::from_le_bytes(b[24..32].try_into().unwrap()),
            units: i64::from_le_bytes(b[32..40].try_into().unwrap()),
            most: i64::from_le_bytes(b[40..48].try_into().unwrap()),
            quality: u32::from_le_bytes(b[48..52].try_into().unwrap()),
            share: u32::from_le_bytes(b[52..56].try_into().unwrap()),
            due: i64::from_le_bytes(b[56..64].try_into().unwrap()),
        })
    }
}

impl Message for FinalHoursRecord {
    const KIND: u16 = 2066;
    const BLOCK: u16 = 64;
    const NAME: &'static str = "final_hours_record";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 64] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.metered.to_le_bytes());
        b[8..16].copy_from_slice(&self.delivery.to_le_bytes());
        b[16..20].copy_from_slice(&self.account.to_le_bytes());
        b[20..24].copy_from_slice(&self.buyer.to_le_bytes());
        b[24..32].copy_from_slice(&self.price.to_le_bytes());
        b[32..40].copy_from_slice(&self.units.to_le_bytes());
        b[40..48].copy_from_slice(&self.most.to_le_bytes());
        b[48..52].copy_from_slice(&self.quality.to_le_bytes());
        b[52..56].copy_from_slice(&self.share.to_le_bytes());
        b[56..64].copy_from_slice(&self.due.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A waiting offer of an exchange of futures for physical.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExchangeRecord {
    /// Offer.
    pub offer: u64,
    /// From.
    pub account: u32,
    /// To.
    pub to_account: u32,
    /// Series.
    pub series: u32,
    /// Signed lots.
    pub lots: i64,
    /// Price.
    pub price: i64,
    /// Physical series.
    pub physical: u32,
    /// Accelerators.
    pub accelerators: i64,
    /// First hour.
    pub first_hour: u32,
    /// Hours.
    pub hours: u32,
    /// Contract price.
    pub delivery_price: i64,
    /// Lapses then.
    pub due: i64,
}

impl ExchangeRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 72] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("exchange_record", body, at)?;
        Ok(Self {
            offer: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            series: u32::from_le_bytes(b[16..20].try_into().unwrap()),
            lots: i64::from_le_bytes(b[20..28].try_into().unwrap()),
            price: i64::from_le_bytes(b[28..36].try_into().unwrap()),
            physical: u32::from_le_bytes(b[36..40].try_into().unwrap()),
            accelerators: i64::from_le_bytes(b[40..48].try_into().unwrap()),
            first_hour: u32::from_le_bytes(b[48..52].try_into().unwrap()),
            hours: u32::from_le_bytes(b[52..56].try_into().unwrap()),
            delivery_price: i64::from_le_bytes(b[56..64].try_into().unwrap()),
            due: i64::from_le_bytes(b[64..72].try_into().unwrap()),
        })
    }
}

impl Message for ExchangeRecord {
    const KIND: u16 = 2067;
    const BLOCK: u16 = 72;
    const NAME: &'static str = "exchange_record";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 72] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.offer.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..16].copy_from_slice(&self.to_account.to_le_bytes());
        b[16..20].copy_from_slice(&self.series.to_le_bytes());
        b[20..28].copy_from_slice(&self.lots.to_le_bytes());
        b[28..36].copy_from_slice(&self.price.to_le_bytes());
        b[36..40].copy_from_slice(&self.physical.to_le_bytes());
        b[40..48].copy_from_slice(&self.accelerators.to_le_bytes());
        b[48..52].copy_from_slice(&self.first_hour.to_le_bytes());
        b[52..56].copy_from_slice(&self.hours.to_le_bytes());
        b[56..64].copy_from_slice(&self.delivery_price.to_le_bytes());
        b[64..72].copy_from_slice(&self.due.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A guarantee for what an account owes out of failed deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuaranteeRecord {
    /// Guarantee.
    pub guarantee: u64,
    /// Guarantor.
    pub account: u32,
    /// Account it is given for.
    pub to_account: u32,
    /// What it still holds.
    pub amount: i64,
    /// Counts until then.
    pub until: i64,
    /// What was signed.
    pub basis: [u8; 32],
}

impl GuaranteeRecord {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 64] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("guarantee_record", body, at)?;
        Ok(Self {
            guarantee: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            amount: i64::from_le_bytes(b[16..24].try_into().unwrap()),
            until: i64::from_le_bytes(b[24..32].try_into().unwrap()),
            basis: b[32..64].try_into().unwrap(),
        })
    }
}

impl Message for GuaranteeRecord {
    const KIND: u16 = 2068;
    const BLOCK: u16 = 64;
    const NAME: &'static str = "guarantee_record";
    const SINCE: u16 = 6;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 64] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.guarantee.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..16].copy_from_slice(&self.to_account.to_le_bytes());
        b[16..24].copy_from_slice(&self.amount.to_le_bytes());
        b[24..32].copy_from_slice(&self.until.to_le_bytes());
        b[32..64].copy_from_slice(&self.basis);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}
