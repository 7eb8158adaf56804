//! Commands. Written by tools/wire.py from schema/; change it there.
#![allow(clippy::all, clippy::pedantic, unused_variables, unused_imports)]

use super::*;
use crate::frame::{Element, FrameError, List, Message, Text, exact, fixed, read_bytes, whole, write_bytes};

/// Opens an empty house with its first operators, at least two; actor 0 only, once.
#[derive(Clone, Copy)]
pub struct Genesis<'a> {
    /// Name of the venue.
    pub name: Text,
    /// Behaviour it opens under; 0 is the first.
    pub behaviour: u32,
    /// First operators; they hold every house role.
    pub operators: List<'a, ActorNumber>,
}

impl<'a> Genesis<'a> {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &'a [u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 37] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        let (operators, at) = List::read(body, at)?;
        whole("genesis", body, at)?;
        Ok(Self {
            name: Text::read(b[0..33].try_into().unwrap())?,
            behaviour: u32::from_le_bytes(b[33..37].try_into().unwrap()),
            operators,
        })
    }
}

impl Message for Genesis<'_> {
    const KIND: u16 = 1;
    const BLOCK: u16 = 37;
    const NAME: &'static str = "genesis";

    #[inline]
    fn written(&self) -> (u16, u16) {
        if self.behaviour != 0 {
            return (2, 37);
        }
        (1, 33)
    }

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 37] = block.try_into().unwrap();
        b[0..33].copy_from_slice(self.name.wire());
        b[33..37].copy_from_slice(&self.behaviour.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
        self.operators.write(out);
    }
}

/// Lets venue time pass so that due timers and waiting elections run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdvanceTime {

}

impl AdvanceTime {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        fixed::<0>(body, block)?;
        let at = block;
        whole("advance_time", body, at)?;
        Ok(Self {
        })
    }
}

impl Message for AdvanceTime {
    const KIND: u16 = 2;
    const BLOCK: u16 = 0;
    const NAME: &'static str = "advance_time";

    #[inline]
    fn block(&self, block: &mut [u8]) {
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Puts a four-eyes command before a second actor; who proposes holds a role the command names.
#[derive(Clone, Copy)]
pub struct Propose<'a> {
    /// Kind of the command proposed.
    pub command: u16,
    /// Block and variable part of the command proposed.
    pub payload: &'a [u8],
}

impl<'a> Propose<'a> {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &'a [u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 2] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        let (payload, at) = read_bytes(body, at)?;
        whole("propose", body, at)?;
        Ok(Self {
            command: u16::from_le_bytes(b[0..2].try_into().unwrap()),
            payload,
        })
    }
}

impl Message for Propose<'_> {
    const KIND: u16 = 3;
    const BLOCK: u16 = 2;
    const NAME: &'static str = "propose";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 2] = block.try_into().unwrap();
        b[0..2].copy_from_slice(&self.command.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
        write_bytes(self.payload, out);
    }
}

/// Carries out a proposal of another actor; who approves holds a role the command names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Approve {
    /// Command number of the proposal.
    pub proposal: u64,
}

impl Approve {
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
        whole("approve", body, at)?;
        Ok(Self {
            proposal: u64::from_le_bytes(b[0..8].try_into().unwrap()),
        })
    }
}

impl Message for Approve {
    const KIND: u16 = 4;
    const BLOCK: u16 = 8;
    const NAME: &'static str = "approve";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 8] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.proposal.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Ends a proposal that waits; only who proposed it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WithdrawProposal {
    /// Command number of the proposal.
    pub proposal: u64,
}

impl WithdrawProposal {
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
        whole("withdraw_proposal", body, at)?;
        Ok(Self {
            proposal: u64::from_le_bytes(b[0..8].try_into().unwrap()),
        })
    }
}

impl Message for WithdrawProposal {
    const KIND: u16 = 5;
    const BLOCK: u16 = 8;
    const NAME: &'static str = "withdraw_proposal";
    const SINCE: u16 = 2;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 8] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.proposal.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Admits a clearing member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegisterMember {
    /// Number of the member, above 0, never reused.
    pub member: u32,
    /// Short name.
    pub name: Text,
}

impl RegisterMember {
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
        whole("register_member", body, at)?;
        Ok(Self {
            member: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            name: Text::read(b[4..37].try_into().unwrap())?,
        })
    }
}

impl Message for RegisterMember {
    const KIND: u16 = 10;
    const BLOCK: u16 = 37;
    const NAME: &'static str = "register_member";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 37] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.member.to_le_bytes());
        b[4..37].copy_from_slice(self.name.wire());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Gives a person or program its member and roles; again changes the roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegisterActor {
    /// Actor, above 0.
    pub registered: u32,
    /// Member it acts for; 0 is the house.
    pub member: u32,
    /// Bits of roles; 0 withdraws.
    pub roles: u32,
}

impl RegisterActor {
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
        whole("register_actor", body, at)?;
        Ok(Self {
            registered: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            member: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            roles: u32::from_le_bytes(b[8..12].try_into().unwrap()),
        })
    }
}

impl Message for RegisterActor {
    const KIND: u16 = 11;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "register_actor";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.registered.to_le_bytes());
        b[4..8].copy_from_slice(&self.member.to_le_bytes());
        b[8..12].copy_from_slice(&self.roles.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Opens a trading account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenAccount {
    /// Number of the account, above 0, never reused.
    pub account: u32,
    /// Clearing member.
    pub member: u32,
    /// House or client business.
    pub account_kind: AccountKind,
    /// Beneficial owner; self-trades are judged by it.
    pub owner: u32,
    /// Largest |position| with open orders in one series.
    pub position_limit: i64,
    /// Largest order.
    pub order_lots_limit: i64,
    /// Largest order value: lots x worst price x hours.
    pub order_value_limit: i64,
}

impl OpenAccount {
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
        whole("open_account", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            member: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            account_kind: AccountKind::of(b[8])?,
            owner: u32::from_le_bytes(b[9..13].try_into().unwrap()),
            position_limit: i64::from_le_bytes(b[13..21].try_into().unwrap()),
            order_lots_limit: i64::from_le_bytes(b[21..29].try_into().unwrap()),
            order_value_limit: i64::from_le_bytes(b[29..37].try_into().unwrap()),
        })
    }
}

impl Message for OpenAccount {
    const KIND: u16 = 12;
    const BLOCK: u16 = 37;
    const NAME: &'static str = "open_account";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 37] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.member.to_le_bytes());
        b[8] = self.account_kind as u8;
        b[9..13].copy_from_slice(&self.owner.to_le_bytes());
        b[13..21].copy_from_slice(&self.position_limit.to_le_bytes());
        b[21..29].copy_from_slice(&self.order_lots_limit.to_le_bytes());
        b[29..37].copy_from_slice(&self.order_value_limit.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Changes the limits of an account; a member's own risk role may only tighten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetLimits {
    /// Account.
    pub account: u32,
    /// Largest |position| with open orders in one series.
    pub position_limit: i64,
    /// Largest order.
    pub order_lots_limit: i64,
    /// Largest order value.
    pub order_value_limit: i64,
}

impl SetLimits {
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
        whole("set_limits", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            position_limit: i64::from_le_bytes(b[4..12].try_into().unwrap()),
            order_lots_limit: i64::from_le_bytes(b[12..20].try_into().unwrap()),
            order_value_limit: i64::from_le_bytes(b[20..28].try_into().unwrap()),
        })
    }
}

impl Message for SetLimits {
    const KIND: u16 = 13;
    const BLOCK: u16 = 28;
    const NAME: &'static str = "set_limits";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 28] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.position_limit.to_le_bytes());
        b[12..20].copy_from_slice(&self.order_lots_limit.to_le_bytes());
        b[20..28].copy_from_slice(&self.order_value_limit.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Stops a member: its orders are cancelled, new ones refused, cancels admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SuspendMember {
    /// Member.
    pub member: u32,
}

impl SuspendMember {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 4] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("suspend_member", body, at)?;
        Ok(Self {
            member: u32::from_le_bytes(b[0..4].try_into().unwrap()),
        })
    }
}

impl Message for SuspendMember {
    const KIND: u16 = 14;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "suspend_member";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 4] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.member.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Lifts a suspension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReinstateMember {
    /// Member.
    pub member: u32,
}

impl ReinstateMember {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 4] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("reinstate_member", body, at)?;
        Ok(Self {
            member: u32::from_le_bytes(b[0..4].try_into().unwrap()),
        })
    }
}

impl Message for ReinstateMember {
    const KIND: u16 = 15;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "reinstate_member";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 4] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.member.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Cancels every order of an account and refuses new ones; cancels stay admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EngageKillSwitch {
    /// Account.
    pub account: u32,
}

impl EngageKillSwitch {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 4] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("engage_kill_switch", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
        })
    }
}

impl Message for EngageKillSwitch {
    const KIND: u16 = 16;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "engage_kill_switch";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 4] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Admits orders of the account again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReleaseKillSwitch {
    /// Account.
    pub account: u32,
}

impl ReleaseKillSwitch {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 4] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("release_kill_switch", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
        })
    }
}

impl Message for ReleaseKillSwitch {
    const KIND: u16 = 17;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "release_kill_switch";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 4] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Stops all trading; resting orders stay, cancels are admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HaltMarket {

}

impl HaltMarket {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        fixed::<0>(body, block)?;
        let at = block;
        whole("halt_market", body, at)?;
        Ok(Self {
        })
    }
}

impl Message for HaltMarket {
    const KIND: u16 = 18;
    const BLOCK: u16 = 0;
    const NAME: &'static str = "halt_market";

    #[inline]
    fn block(&self, block: &mut [u8]) {
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Lets trading go on after a halt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResumeMarket {

}

impl ResumeMarket {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        fixed::<0>(body, block)?;
        let at = block;
        whole("resume_market", body, at)?;
        Ok(Self {
        })
    }
}

impl Message for ResumeMarket {
    const KIND: u16 = 19;
    const BLOCK: u16 = 0;
    const NAME: &'static str = "resume_market";

    #[inline]
    fn block(&self, block: &mut [u8]) {
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Adds an asset to the ledger; asset 1, USD, stands from the start and alone covers margin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DefineAsset {
    /// Number, above 1.
    pub asset: u16,
    /// Currency code.
    pub name: Text,
}

impl DefineAsset {
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
        whole("define_asset", body, at)?;
        Ok(Self {
            asset: u16::from_le_bytes(b[0..2].try_into().unwrap()),
            name: Text::read(b[2..35].try_into().unwrap())?,
        })
    }
}

impl Message for DefineAsset {
    const KIND: u16 = 20;
    const BLOCK: u16 = 35;
    const NAME: &'static str = "define_asset";

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

/// Lists a series; its terms are data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListSeries {
    /// Number, above 0, never reused.
    pub series: u32,
    /// Name by the symbol grammar; unique.
    pub symbol: Text,
    /// Product.
    pub series_kind: SeriesKind,
    /// Product group.
    pub group: u16,
    /// Index it settles on.
    pub index: u16,
    /// First delivery month.
    pub first_month: u32,
    /// Last delivery month.
    pub last_month: u32,
    /// Hours of one lot.
    pub hours: u32,
    /// Smallest price step.
    pub tick: i64,
    /// Strike of an option; 0 otherwise.
    pub strike: i64,
    /// Centre of the first price band.
    pub reference_price: i64,
    /// Half-width of the price band around the reference price.
    pub band: u32,
    /// Move from the last trade that pauses the series; 0 never.
    pub pause_range: u32,
    /// Length of a volatility pause.
    pub pause_duration: i64,
    /// Distance of the protection price of market and stop orders.
    pub protection: u32,
    /// Exchange fee per lot of the resting side.
    pub maker_fee: i64,
    /// Exchange fee per lot of the crossing side; of both in an auction.
    pub taker_fee: i64,
    /// Clearing fee per lot and side.
    pub clearing_fee: i64,
    /// From then on no order is accepted.
    pub last_trading_time: i64,
    /// Version of the contract standard it is listed under; 0 none.
    pub standard_version: u32,
    /// SHA-256 of the canonical text of that standard; zeros none.
    pub standard_hash: [u8; 32],
    /// First nanosecond after a delivery period that ends within its last month; 0 the end of that month.
    pub period_ends: i64,
    /// Settled by delivery of capacity.
    pub delivers: bool,
}

impl ListSeries {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 175] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("list_series", body, at)?;
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
            standard_version: u32::from_le_bytes(b[130..134].try_into().unwrap()),
            standard_hash: b[134..166].try_into().unwrap(),
            period_ends: i64::from_le_bytes(b[166..174].try_into().unwrap()),
            delivers: b[174] != 0,
        })
    }
}

impl Message for ListSeries {
    const KIND: u16 = 21;
    const BLOCK: u16 = 175;
    const NAME: &'static str = "list_series";

    #[inline]
    fn written(&self) -> (u16, u16) {
        if self.delivers {
            return (4, 175);
        }
        if self.period_ends != 0 {
            return (3, 174);
        }
        if self.standard_version != 0 || self.standard_hash != [0; 32] {
            return (2, 166);
        }
        (1, 130)
    }

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 175] = block.try_into().unwrap();
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
        b[130..134].copy_from_slice(&self.standard_version.to_le_bytes());
        b[134..166].copy_from_slice(&self.standard_hash);
        b[166..174].copy_from_slice(&self.period_ends.to_le_bytes());
        b[174] = self.delivers as u8;
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Moves a series through its day; leaving a call uncrosses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetSeriesState {
    /// Series.
    pub series: u32,
    /// State to enter.
    pub state: SeriesState,
}

impl SetSeriesState {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 5] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("set_series_state", body, at)?;
        Ok(Self {
            series: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            state: SeriesState::of(b[4])?,
        })
    }
}

impl Message for SetSeriesState {
    const KIND: u16 = 22;
    const BLOCK: u16 = 5;
    const NAME: &'static str = "set_series_state";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 5] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.series.to_le_bytes());
        b[4] = self.state as u8;
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Changes the fees of a series for trades from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetFees {
    /// Series.
    pub series: u32,
    /// Per lot.
    pub maker_fee: i64,
    /// Per lot.
    pub taker_fee: i64,
    /// Per lot and side.
    pub clearing_fee: i64,
}

impl SetFees {
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
        whole("set_fees", body, at)?;
        Ok(Self {
            series: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            maker_fee: i64::from_le_bytes(b[4..12].try_into().unwrap()),
            taker_fee: i64::from_le_bytes(b[12..20].try_into().unwrap()),
            clearing_fee: i64::from_le_bytes(b[20..28].try_into().unwrap()),
        })
    }
}

impl Message for SetFees {
    const KIND: u16 = 23;
    const BLOCK: u16 = 28;
    const NAME: &'static str = "set_fees";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 28] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.series.to_le_bytes());
        b[4..12].copy_from_slice(&self.maker_fee.to_le_bytes());
        b[12..20].copy_from_slice(&self.taker_fee.to_le_bytes());
        b[20..28].copy_from_slice(&self.clearing_fee.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Puts a version of the house's behaviour in force from the next command on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SwitchBehaviour {
    /// Version; one above the one in force.
    pub behaviour: u32,
}

impl SwitchBehaviour {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 4] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("switch_behaviour", body, at)?;
        Ok(Self {
            behaviour: u32::from_le_bytes(b[0..4].try_into().unwrap()),
        })
    }
}

impl Message for SwitchBehaviour {
    const KIND: u16 = 24;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "switch_behaviour";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 4] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.behaviour.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Books money that reached the bank; repays dues first. House settlement role only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deposit {
    /// Account.
    pub account: u32,
    /// Asset.
    pub asset: u16,
    /// Amount.
    pub amount: i64,
    /// Bank reference; the same one twice books once.
    pub reference: Text,
    /// When the reference was first used.
    pub reference_time: i64,
}

impl Deposit {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 55] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("deposit", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            asset: u16::from_le_bytes(b[4..6].try_into().unwrap()),
            amount: i64::from_le_bytes(b[6..14].try_into().unwrap()),
            reference: Text::read(b[14..47].try_into().unwrap())?,
            reference_time: i64::from_le_bytes(b[47..55].try_into().unwrap()),
        })
    }
}

impl Message for Deposit {
    const KIND: u16 = 30;
    const BLOCK: u16 = 55;
    const NAME: &'static str = "deposit";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 55] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..6].copy_from_slice(&self.asset.to_le_bytes());
        b[6..14].copy_from_slice(&self.amount.to_le_bytes());
        b[14..47].copy_from_slice(self.reference.wire());
        b[47..55].copy_from_slice(&self.reference_time.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Sets free cash aside until the bank has paid it or the timeout voids it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestWithdrawal {
    /// Account.
    pub account: u32,
    /// Asset.
    pub asset: u16,
    /// Amount.
    pub amount: i64,
    /// Void after this; 0 never.
    pub timeout: i64,
    /// Client reference.
    pub reference: Text,
    /// When the reference was first used.
    pub reference_time: i64,
}

impl RequestWithdrawal {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 63] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("request_withdrawal", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            asset: u16::from_le_bytes(b[4..6].try_into().unwrap()),
            amount: i64::from_le_bytes(b[6..14].try_into().unwrap()),
            timeout: i64::from_le_bytes(b[14..22].try_into().unwrap()),
            reference: Text::read(b[22..55].try_into().unwrap())?,
            reference_time: i64::from_le_bytes(b[55..63].try_into().unwrap()),
        })
    }
}

impl Message for RequestWithdrawal {
    const KIND: u16 = 31;
    const BLOCK: u16 = 63;
    const NAME: &'static str = "request_withdrawal";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 63] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..6].copy_from_slice(&self.asset.to_le_bytes());
        b[6..14].copy_from_slice(&self.amount.to_le_bytes());
        b[14..22].copy_from_slice(&self.timeout.to_le_bytes());
        b[22..55].copy_from_slice(self.reference.wire());
        b[55..63].copy_from_slice(&self.reference_time.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// The bank has paid: the money leaves. House settlement role only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostWithdrawal {
    /// Command number of the request.
    pub transfer: u64,
}

impl PostWithdrawal {
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
        whole("post_withdrawal", body, at)?;
        Ok(Self {
            transfer: u64::from_le_bytes(b[0..8].try_into().unwrap()),
        })
    }
}

impl Message for PostWithdrawal {
    const KIND: u16 = 32;
    const BLOCK: u16 = 8;
    const NAME: &'static str = "post_withdrawal";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 8] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.transfer.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// The withdrawal will not be paid: the cash is free again. House settlement role only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoidWithdrawal {
    /// Command number of the request.
    pub transfer: u64,
}

impl VoidWithdrawal {
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
        whole("void_withdrawal", body, at)?;
        Ok(Self {
            transfer: u64::from_le_bytes(b[0..8].try_into().unwrap()),
        })
    }
}

impl Message for VoidWithdrawal {
    const KIND: u16 = 33;
    const BLOCK: u16 = 8;
    const NAME: &'static str = "void_withdrawal";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 8] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.transfer.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Adds cash of the house to its liquidity account; fills a shortfall first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FundLiquidity {
    /// Amount in USD.
    pub amount: i64,
}

impl FundLiquidity {
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
        whole("fund_liquidity", body, at)?;
        Ok(Self {
            amount: i64::from_le_bytes(b[0..8].try_into().unwrap()),
        })
    }
}

impl Message for FundLiquidity {
    const KIND: u16 = 34;
    const BLOCK: u16 = 8;
    const NAME: &'static str = "fund_liquidity";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 8] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.amount.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Asks for an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaceOrder {
    /// Account.
    pub account: u32,
    /// Series.
    pub series: u32,
    /// Buy or sell.
    pub side: Side,
    /// Limit, market, stop, stop-limit.
    pub order_type: OrderType,
    /// Day, GTC, GTD, IOC, FOK.
    pub time_in_force: TimeInForce,
    /// Self-trade prevention.
    pub self_trade: SelfTrade,
    /// Refuse instead of crossing.
    pub post_only: bool,
    /// Skips coverage; clearing role of the house only.
    pub close_out: bool,
    /// Limit; 0 for market and stop.
    pub price: i64,
    /// Total lots.
    pub lots: i64,
    /// Visible slice of an iceberg; 0 shows all.
    pub display_lots: i64,
    /// Fill at least this at once or cancel; 0 is none.
    pub minimum_lots: i64,
    /// Trigger of a stop order; 0 otherwise.
    pub stop_price: i64,
    /// End of a GTD order; 0 otherwise.
    pub expiry: i64,
    /// Cancelled when this session is lost; 0 stays.
    pub session: u32,
    /// For mass cancels.
    pub label: u64,
    /// Client reference.
    pub reference: Text,
    /// When the reference was first used.
    pub reference_time: i64,
}

impl PlaceOrder {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 115] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("place_order", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            series: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            side: Side::of(b[8])?,
            order_type: OrderType::of(b[9])?,
            time_in_force: TimeInForce::of(b[10])?,
            self_trade: SelfTrade::of(b[11])?,
            post_only: b[12] != 0,
            close_out: b[13] != 0,
            price: i64::from_le_bytes(b[14..22].try_into().unwrap()),
            lots: i64::from_le_bytes(b[22..30].try_into().unwrap()),
            display_lots: i64::from_le_bytes(b[30..38].try_into().unwrap()),
            minimum_lots: i64::from_le_bytes(b[38..46].try_into().unwrap()),
            stop_price: i64::from_le_bytes(b[46..54].try_into().unwrap()),
            expiry: i64::from_le_bytes(b[54..62].try_into().unwrap()),
            session: u32::from_le_bytes(b[62..66].try_into().unwrap()),
            label: u64::from_le_bytes(b[66..74].try_into().unwrap()),
            reference: Text::read(b[74..107].try_into().unwrap())?,
            reference_time: i64::from_le_bytes(b[107..115].try_into().unwrap()),
        })
    }
}

impl Message for PlaceOrder {
    const KIND: u16 = 40;
    const BLOCK: u16 = 115;
    const NAME: &'static str = "place_order";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 115] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.series.to_le_bytes());
        b[8] = self.side as u8;
        b[9] = self.order_type as u8;
        b[10] = self.time_in_force as u8;
        b[11] = self.self_trade as u8;
        b[12] = self.post_only as u8;
        b[13] = self.close_out as u8;
        b[14..22].copy_from_slice(&self.price.to_le_bytes());
        b[22..30].copy_from_slice(&self.lots.to_le_bytes());
        b[30..38].copy_from_slice(&self.display_lots.to_le_bytes());
        b[38..46].copy_from_slice(&self.minimum_lots.to_le_bytes());
        b[46..54].copy_from_slice(&self.stop_price.to_le_bytes());
        b[54..62].copy_from_slice(&self.expiry.to_le_bytes());
        b[62..66].copy_from_slice(&self.session.to_le_bytes());
        b[66..74].copy_from_slice(&self.label.to_le_bytes());
        b[74..107].copy_from_slice(self.reference.wire());
        b[107..115].copy_from_slice(&self.reference_time.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Changes price or remaining lots of a resting order; priority is kept only when just the lots fall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplaceOrder {
    /// Account.
    pub account: u32,
    /// Order; 0 to name it by target.
    pub order: u64,
    /// Client reference of the order.
    pub target: Text,
    /// New limit.
    pub price: i64,
    /// New remaining lots.
    pub lots: i64,
    /// Client reference of this replacement.
    pub reference: Text,
    /// When the reference was first used.
    pub reference_time: i64,
}

impl ReplaceOrder {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 102] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("replace_order", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            order: u64::from_le_bytes(b[4..12].try_into().unwrap()),
            target: Text::read(b[12..45].try_into().unwrap())?,
            price: i64::from_le_bytes(b[45..53].try_into().unwrap()),
            lots: i64::from_le_bytes(b[53..61].try_into().unwrap()),
            reference: Text::read(b[61..94].try_into().unwrap())?,
            reference_time: i64::from_le_bytes(b[94..102].try_into().unwrap()),
        })
    }
}

impl Message for ReplaceOrder {
    const KIND: u16 = 41;
    const BLOCK: u16 = 102;
    const NAME: &'static str = "replace_order";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 102] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.order.to_le_bytes());
        b[12..45].copy_from_slice(self.target.wire());
        b[45..53].copy_from_slice(&self.price.to_le_bytes());
        b[53..61].copy_from_slice(&self.lots.to_le_bytes());
        b[61..94].copy_from_slice(self.reference.wire());
        b[94..102].copy_from_slice(&self.reference_time.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Ends an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CancelOrder {
    /// Account.
    pub account: u32,
    /// Order; 0 to name it by target.
    pub order: u64,
    /// Client reference of the order.
    pub target: Text,
}

impl CancelOrder {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 45] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("cancel_order", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            order: u64::from_le_bytes(b[4..12].try_into().unwrap()),
            target: Text::read(b[12..45].try_into().unwrap())?,
        })
    }
}

impl Message for CancelOrder {
    const KIND: u16 = 42;
    const BLOCK: u16 = 45;
    const NAME: &'static str = "cancel_order";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 45] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.order.to_le_bytes());
        b[12..45].copy_from_slice(self.target.wire());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Ends every order of an account that fits every word given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MassCancel {
    /// Account.
    pub account: u32,
    /// Only this series; 0 all.
    pub series: u32,
    /// Only this session; 0 all.
    pub session: u32,
    /// Only this label; 0 all.
    pub label: u64,
}

impl MassCancel {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 20] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("mass_cancel", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            series: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            session: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            label: u64::from_le_bytes(b[12..20].try_into().unwrap()),
        })
    }
}

impl Message for MassCancel {
    const KIND: u16 = 43;
    const BLOCK: u16 = 20;
    const NAME: &'static str = "mass_cancel";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 20] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.series.to_le_bytes());
        b[8..12].copy_from_slice(&self.session.to_le_bytes());
        b[12..20].copy_from_slice(&self.label.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Replaces the account's quotes in the series named, all or none. Leg j of the list bids under number + 2j and offers under number + 2j + 1.
#[derive(Clone, Copy)]
pub struct MassQuote<'a> {
    /// Account.
    pub account: u32,
    /// Self-trade prevention.
    pub self_trade: SelfTrade,
    /// Withdrawn when this session is lost; 0 stays.
    pub session: u32,
    /// For mass cancels.
    pub label: u64,
    /// Legs, each series once.
    pub quotes: List<'a, Quote>,
}

impl<'a> MassQuote<'a> {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &'a [u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 17] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        let (quotes, at) = List::read(body, at)?;
        whole("mass_quote", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            self_trade: SelfTrade::of(b[4])?,
            session: u32::from_le_bytes(b[5..9].try_into().unwrap()),
            label: u64::from_le_bytes(b[9..17].try_into().unwrap()),
            quotes,
        })
    }
}

impl Message for MassQuote<'_> {
    const KIND: u16 = 44;
    const BLOCK: u16 = 17;
    const NAME: &'static str = "mass_quote";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 17] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4] = self.self_trade as u8;
        b[5..9].copy_from_slice(&self.session.to_le_bytes());
        b[9..17].copy_from_slice(&self.label.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
        self.quotes.write(out);
    }
}

/// Limits what a maker's quotes in a group may trade in an interval; all zero lifts the protection. Setting it again resets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetMakerProtection {
    /// Account.
    pub account: u32,
    /// Product group.
    pub group: u16,
    /// Length of the interval.
    pub interval: i64,
    /// Lots filled; 0 no limit.
    pub lots_limit: i64,
    /// |Net delta| filled; 0 no limit.
    pub delta_limit: i64,
    /// |Net vega| filled; 0 no limit.
    pub vega_limit: i64,
}

impl SetMakerProtection {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 38] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("set_maker_protection", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            group: u16::from_le_bytes(b[4..6].try_into().unwrap()),
            interval: i64::from_le_bytes(b[6..14].try_into().unwrap()),
            lots_limit: i64::from_le_bytes(b[14..22].try_into().unwrap()),
            delta_limit: i64::from_le_bytes(b[22..30].try_into().unwrap()),
            vega_limit: i64::from_le_bytes(b[30..38].try_into().unwrap()),
        })
    }
}

impl Message for SetMakerProtection {
    const KIND: u16 = 45;
    const BLOCK: u16 = 38;
    const NAME: &'static str = "set_maker_protection";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 38] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..6].copy_from_slice(&self.group.to_le_bytes());
        b[6..14].copy_from_slice(&self.interval.to_le_bytes());
        b[14..22].copy_from_slice(&self.lots_limit.to_le_bytes());
        b[22..30].copy_from_slice(&self.delta_limit.to_le_bytes());
        b[30..38].copy_from_slice(&self.vega_limit.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Unless repeated within the timeout every order of the account is cancelled; 0 disarms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArmDeadMan {
    /// Account.
    pub account: u32,
    /// Time to the next repeat; 0 disarms.
    pub timeout: i64,
}

impl ArmDeadMan {
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
        whole("arm_dead_man", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            timeout: i64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for ArmDeadMan {
    const KIND: u16 = 46;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "arm_dead_man";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.timeout.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A gateway session ended: its orders are cancelled. Actor 0 only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoseSession {
    /// Session.
    pub session: u32,
}

impl LoseSession {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 4] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("lose_session", body, at)?;
        Ok(Self {
            session: u32::from_le_bytes(b[0..4].try_into().unwrap()),
        })
    }
}

impl Message for LoseSession {
    const KIND: u16 = 47;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "lose_session";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 4] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.session.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Offers a position, or a trade given up, to another account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfferTransfer {
    /// Account that gives.
    pub account: u32,
    /// Account that may take.
    pub to_account: u32,
    /// Series.
    pub series: u32,
    /// Signed: positive hands over a long position.
    pub lots: i64,
    /// Price at which it moves; on tick and within the band.
    pub price: i64,
}

impl OfferTransfer {
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
        whole("offer_transfer", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            series: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            lots: i64::from_le_bytes(b[12..20].try_into().unwrap()),
            price: i64::from_le_bytes(b[20..28].try_into().unwrap()),
        })
    }
}

impl Message for OfferTransfer {
    const KIND: u16 = 48;
    const BLOCK: u16 = 28;
    const NAME: &'static str = "offer_transfer";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 28] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.to_account.to_le_bytes());
        b[8..12].copy_from_slice(&self.series.to_le_bytes());
        b[12..20].copy_from_slice(&self.lots.to_le_bytes());
        b[20..28].copy_from_slice(&self.price.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Takes an offered position; both sides must stay covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceptTransfer {
    /// Account that takes.
    pub account: u32,
    /// Command number of the offer.
    pub offer: u64,
}

impl AcceptTransfer {
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
        whole("accept_transfer", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            offer: u64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for AcceptTransfer {
    const KIND: u16 = 49;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "accept_transfer";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.offer.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Undoes a trade in error, with its fees, until the next variation settlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BustTrade {
    /// Event number of the trade.
    pub trade: u64,
}

impl BustTrade {
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
        whole("bust_trade", body, at)?;
        Ok(Self {
            trade: u64::from_le_bytes(b[0..8].try_into().unwrap()),
        })
    }
}

impl Message for BustTrade {
    const KIND: u16 = 50;
    const BLOCK: u16 = 8;
    const NAME: &'static str = "bust_trade";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 8] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.trade.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Changes the price of a trade in error, until the next variation settlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdjustTrade {
    /// Event number of the trade.
    pub trade: u64,
    /// Corrected price.
    pub price: i64,
}

impl AdjustTrade {
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
        whole("adjust_trade", body, at)?;
        Ok(Self {
            trade: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            price: i64::from_le_bytes(b[8..16].try_into().unwrap()),
        })
    }
}

impl Message for AdjustTrade {
    const KIND: u16 = 51;
    const BLOCK: u16 = 16;
    const NAME: &'static str = "adjust_trade";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 16] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.trade.to_le_bytes());
        b[8..16].copy_from_slice(&self.price.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Ends an offer: its giver withdraws it, or its taker declines it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WithdrawOffer {
    /// Account that gives, or that may take.
    pub account: u32,
    /// Command number of the offer.
    pub offer: u64,
}

impl WithdrawOffer {
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
        whole("withdraw_offer", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            offer: u64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for WithdrawOffer {
    const KIND: u16 = 52;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "withdraw_offer";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.offer.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Opens a margin table for loading; a table not activated is dropped.
#[derive(Clone, Copy)]
pub struct BeginMarginTable<'a> {
    /// Version; above the active one.
    pub table: u32,
    /// Labels, in the order of every row's losses.
    pub scenarios: List<'a, Scenario>,
    /// Scan rows with weights.
    pub rows: List<'a, ScanRow>,
}

impl<'a> BeginMarginTable<'a> {
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
        whole("begin_margin_table", body, at)?;
        Ok(Self {
            table: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            scenarios,
            rows,
        })
    }
}

impl Message for BeginMarginTable<'_> {
    const KIND: u16 = 60;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "begin_margin_table";

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

/// Loads the row of one series into the open table.
#[derive(Clone, Copy)]
pub struct LoadMarginRow<'a> {
    /// Version being loaded.
    pub table: u32,
    /// Series.
    pub series: u32,
    /// Mark of the series under this table.
    pub mark: i64,
    /// Charge per lot of the worst net position.
    pub liquidity: i64,
    /// Lots free of the concentration charge.
    pub concentration_lots: i64,
    /// Charge per lot beyond those.
    pub concentration: i64,
    /// Delta per lot, for maker protection.
    pub delta: i64,
    /// Vega per lot, for maker protection.
    pub vega: i64,
    /// Loss of one long lot in each scenario.
    pub losses: List<'a, ScenarioLoss>,
}

impl<'a> LoadMarginRow<'a> {
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
        whole("load_margin_row", body, at)?;
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

impl Message for LoadMarginRow<'_> {
    const KIND: u16 = 61;
    const BLOCK: u16 = 56;
    const NAME: &'static str = "load_margin_row";

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

/// Puts the loaded table in force if the version it replaces is the one in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActivateMarginTable {
    /// Version loaded.
    pub table: u32,
    /// Version in force; 0 is none.
    pub replaces: u32,
}

impl ActivateMarginTable {
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
        whole("activate_margin_table", body, at)?;
        Ok(Self {
            table: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            replaces: u32::from_le_bytes(b[4..8].try_into().unwrap()),
        })
    }
}

impl Message for ActivateMarginTable {
    const KIND: u16 = 62;
    const BLOCK: u16 = 8;
    const NAME: &'static str = "activate_margin_table";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 8] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.table.to_le_bytes());
        b[4..8].copy_from_slice(&self.replaces.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Refreshes the next accounts not seen since marks or table changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SweepAccounts {
    /// Accounts at most.
    pub limit: u32,
}

impl SweepAccounts {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 4] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("sweep_accounts", body, at)?;
        Ok(Self {
            limit: u32::from_le_bytes(b[0..4].try_into().unwrap()),
        })
    }
}

impl Message for SweepAccounts {
    const KIND: u16 = 63;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "sweep_accounts";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 4] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.limit.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Publishes settlement prices and posts variation margin of every account.
#[derive(Clone, Copy)]
pub struct SettleVariation<'a> {
    /// Business day; grows.
    pub day: u32,
    /// Every series with a position, ascending by series.
    pub prices: List<'a, SeriesPrice>,
}

impl<'a> SettleVariation<'a> {
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
        let (prices, at) = List::read(body, at)?;
        whole("settle_variation", body, at)?;
        Ok(Self {
            day: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            prices,
        })
    }
}

impl Message for SettleVariation<'_> {
    const KIND: u16 = 70;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "settle_variation";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 4] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.day.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
        self.prices.write(out);
    }
}

/// Pays a series, or one month of a swap, against the final settlement price, once that month and, at the end, trading are over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettleFinal {
    /// Series.
    pub series: u32,
    /// Delivery month settled.
    pub month: u32,
    /// Final settlement price; may be finer than a tick.
    pub price: i64,
    /// Hours of a lot this month carries.
    pub hours: u32,
}

impl SettleFinal {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 20] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("settle_final", body, at)?;
        Ok(Self {
            series: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            month: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            price: i64::from_le_bytes(b[8..16].try_into().unwrap()),
            hours: u32::from_le_bytes(b[16..20].try_into().unwrap()),
        })
    }
}

impl Message for SettleFinal {
    const KIND: u16 = 71;
    const BLOCK: u16 = 20;
    const NAME: &'static str = "settle_final";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 20] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.series.to_le_bytes());
        b[4..8].copy_from_slice(&self.month.to_le_bytes());
        b[8..16].copy_from_slice(&self.price.to_le_bytes());
        b[16..20].copy_from_slice(&self.hours.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Puts an index fixing on the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishFixing {
    /// Index.
    pub index: u16,
    /// Day fixed; grows per index.
    pub day: u32,
    /// Fixing.
    pub price: i64,
    /// The last fixing stands for want of evidence.
    pub carried: bool,
    /// The evidence is simulated.
    pub simulated: bool,
    /// Version of the published method.
    pub method: u32,
    /// SHA-256 of the published inputs.
    pub inputs: [u8; 32],
}

impl PublishFixing {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 52] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("publish_fixing", body, at)?;
        Ok(Self {
            index: u16::from_le_bytes(b[0..2].try_into().unwrap()),
            day: u32::from_le_bytes(b[2..6].try_into().unwrap()),
            price: i64::from_le_bytes(b[6..14].try_into().unwrap()),
            carried: b[14] != 0,
            simulated: b[15] != 0,
            method: u32::from_le_bytes(b[16..20].try_into().unwrap()),
            inputs: b[20..52].try_into().unwrap(),
        })
    }
}

impl Message for PublishFixing {
    const KIND: u16 = 72;
    const BLOCK: u16 = 52;
    const NAME: &'static str = "publish_fixing";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 52] = block.try_into().unwrap();
        b[0..2].copy_from_slice(&self.index.to_le_bytes());
        b[2..6].copy_from_slice(&self.day.to_le_bytes());
        b[6..14].copy_from_slice(&self.price.to_le_bytes());
        b[14] = self.carried as u8;
        b[15] = self.simulated as u8;
        b[16..20].copy_from_slice(&self.method.to_le_bytes());
        b[20..52].copy_from_slice(&self.inputs);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Puts on the log that a day has no fixing of an index, and why: it takes the place of the fixing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeclareNoFix {
    /// Index.
    pub index: u16,
    /// Day without a fixing; grows per index.
    pub day: u32,
    /// Why there is none.
    pub reason: NoFixReason,
    /// Version of the published method.
    pub method: u32,
    /// Digest of the published inputs that were too few; zeros none.
    pub inputs: [u8; 32],
}

impl DeclareNoFix {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 43] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("declare_no_fix", body, at)?;
        Ok(Self {
            index: u16::from_le_bytes(b[0..2].try_into().unwrap()),
            day: u32::from_le_bytes(b[2..6].try_into().unwrap()),
            reason: NoFixReason::of(b[6])?,
            method: u32::from_le_bytes(b[7..11].try_into().unwrap()),
            inputs: b[11..43].try_into().unwrap(),
        })
    }
}

impl Message for DeclareNoFix {
    const KIND: u16 = 73;
    const BLOCK: u16 = 43;
    const NAME: &'static str = "declare_no_fix";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 43] = block.try_into().unwrap();
        b[0..2].copy_from_slice(&self.index.to_le_bytes());
        b[2..6].copy_from_slice(&self.day.to_le_bytes());
        b[6] = self.reason as u8;
        b[7..11].copy_from_slice(&self.method.to_le_bytes());
        b[11..43].copy_from_slice(&self.inputs);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Puts the fixing of a day on the log that stood there without one, as a row of its own; once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishLateFixing {
    /// Index.
    pub index: u16,
    /// Day that has no fixing.
    pub day: u32,
    /// Fixing.
    pub price: i64,
    /// The evidence is simulated.
    pub simulated: bool,
    /// Version of the published method.
    pub method: u32,
    /// Digest of the published inputs.
    pub inputs: [u8; 32],
}

impl PublishLateFixing {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 51] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("publish_late_fixing", body, at)?;
        Ok(Self {
            index: u16::from_le_bytes(b[0..2].try_into().unwrap()),
            day: u32::from_le_bytes(b[2..6].try_into().unwrap()),
            price: i64::from_le_bytes(b[6..14].try_into().unwrap()),
            simulated: b[14] != 0,
            method: u32::from_le_bytes(b[15..19].try_into().unwrap()),
            inputs: b[19..51].try_into().unwrap(),
        })
    }
}

impl Message for PublishLateFixing {
    const KIND: u16 = 74;
    const BLOCK: u16 = 51;
    const NAME: &'static str = "publish_late_fixing";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 51] = block.try_into().unwrap();
        b[0..2].copy_from_slice(&self.index.to_le_bytes());
        b[2..6].copy_from_slice(&self.day.to_le_bytes());
        b[6..14].copy_from_slice(&self.price.to_le_bytes());
        b[14] = self.simulated as u8;
        b[15..19].copy_from_slice(&self.method.to_le_bytes());
        b[19..51].copy_from_slice(&self.inputs);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Adds cash of the house to what it stands to lose in a default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FundTranche {
    /// Before or after the fund of the survivors.
    pub tranche: Tranche,
    /// Amount in USD.
    pub amount: i64,
}

impl FundTranche {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 9] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("fund_tranche", body, at)?;
        Ok(Self {
            tranche: Tranche::of(b[0])?,
            amount: i64::from_le_bytes(b[1..9].try_into().unwrap()),
        })
    }
}

impl Message for FundTranche {
    const KIND: u16 = 80;
    const BLOCK: u16 = 9;
    const NAME: &'static str = "fund_tranche";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 9] = block.try_into().unwrap();
        b[0] = self.tranche as u8;
        b[1..9].copy_from_slice(&self.amount.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Moves free cash of a house account into the default fund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContributeFund {
    /// House account of the member.
    pub account: u32,
    /// Amount in USD.
    pub amount: i64,
}

impl ContributeFund {
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
        whole("contribute_fund", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            amount: i64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for ContributeFund {
    const KIND: u16 = 81;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "contribute_fund";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.amount.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Gives back what a member has in the default fund beyond what it has to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReturnFund {
    /// Account it came from.
    pub account: u32,
    /// Amount in USD.
    pub amount: i64,
}

impl ReturnFund {
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
        whole("return_fund", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            amount: i64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for ReturnFund {
    const KIND: u16 = 82;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "return_fund";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.amount.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Declares a member in default: it is suspended, its orders end, its money stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeclareDefault {
    /// Member.
    pub member: u32,
}

impl DeclareDefault {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 4] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("declare_default", body, at)?;
        Ok(Self {
            member: u32::from_le_bytes(b[0..4].try_into().unwrap()),
        })
    }
}

impl Message for DeclareDefault {
    const KIND: u16 = 83;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "declare_default";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 4] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.member.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Offers the account of a client of a member in default to another member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfferPort {
    /// Account of the client.
    pub account: u32,
    /// Member that may take it.
    pub member: u32,
}

impl OfferPort {
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
        whole("offer_port", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            member: u32::from_le_bytes(b[4..8].try_into().unwrap()),
        })
    }
}

impl Message for OfferPort {
    const KIND: u16 = 84;
    const BLOCK: u16 = 8;
    const NAME: &'static str = "offer_port";
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

/// Takes over the account of a client, whole: cash and positions. Risk role of the member it was offered to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceptPort {
    /// Account of the client.
    pub account: u32,
}

impl AcceptPort {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 4] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("accept_port", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
        })
    }
}

impl Message for AcceptPort {
    const KIND: u16 = 85;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "accept_port";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 4] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Seals a bid for a slice of the book of a member in default; a later one takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommitBid {
    /// Account that would take the slice.
    pub account: u32,
    /// Slice.
    pub slice: u32,
    /// Account whose positions the slice holds.
    pub from_account: u32,
    /// The bid stands until then.
    pub until: i64,
    /// SHA-256 of slice, accounts, amount, positions and a secret.
    pub commitment: [u8; 32],
}

impl CommitBid {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 52] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("commit_bid", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            slice: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            from_account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            until: i64::from_le_bytes(b[12..20].try_into().unwrap()),
            commitment: b[20..52].try_into().unwrap(),
        })
    }
}

impl Message for CommitBid {
    const KIND: u16 = 86;
    const BLOCK: u16 = 52;
    const NAME: &'static str = "commit_bid";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 52] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.slice.to_le_bytes());
        b[8..12].copy_from_slice(&self.from_account.to_le_bytes());
        b[12..20].copy_from_slice(&self.until.to_le_bytes());
        b[20..52].copy_from_slice(&self.commitment);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Opens a sealed bid and carries it out: the positions of the slice move at their marks and its amount is paid.
#[derive(Clone, Copy)]
pub struct AwardSlice<'a> {
    /// Slice.
    pub slice: u32,
    /// Account of the member in default.
    pub from_account: u32,
    /// Account that bid.
    pub to_account: u32,
    /// Paid to who takes the slice; negative is paid by it.
    pub amount: i64,
    /// Secret of the bid.
    pub secret: [u8; 32],
    /// Positions, ascending by series.
    pub positions: List<'a, SliceLots>,
}

impl<'a> AwardSlice<'a> {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &'a [u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 52] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        let (positions, at) = List::read(body, at)?;
        whole("award_slice", body, at)?;
        Ok(Self {
            slice: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            from_account: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            amount: i64::from_le_bytes(b[12..20].try_into().unwrap()),
            secret: b[20..52].try_into().unwrap(),
            positions,
        })
    }
}

impl Message for AwardSlice<'_> {
    const KIND: u16 = 87;
    const BLOCK: u16 = 52;
    const NAME: &'static str = "award_slice";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 52] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.slice.to_le_bytes());
        b[4..8].copy_from_slice(&self.from_account.to_le_bytes());
        b[8..12].copy_from_slice(&self.to_account.to_le_bytes());
        b[12..20].copy_from_slice(&self.amount.to_le_bytes());
        b[20..52].copy_from_slice(&self.secret);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
        self.positions.write(out);
    }
}

/// Spreads what the accounts of a member in default owe over the layers of the waterfall.
#[derive(Clone, Copy)]
pub struct AllocateLoss<'a> {
    /// Member in default.
    pub member: u32,
    /// What its accounts owe.
    pub loss: i64,
    /// Who bears how much, in order of layer; within a layer of member and account.
    pub shares: List<'a, LossShare>,
}

impl<'a> AllocateLoss<'a> {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &'a [u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 12] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        let (shares, at) = List::read(body, at)?;
        whole("allocate_loss", body, at)?;
        Ok(Self {
            member: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            loss: i64::from_le_bytes(b[4..12].try_into().unwrap()),
            shares,
        })
    }
}

impl Message for AllocateLoss<'_> {
    const KIND: u16 = 88;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "allocate_loss";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.member.to_le_bytes());
        b[4..12].copy_from_slice(&self.loss.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
        self.shares.write(out);
    }
}

/// Ends the position of a member in default against those who hold the other side, at the mark.
#[derive(Clone, Copy)]
pub struct TearUp<'a> {
    /// Account of the member in default.
    pub account: u32,
    /// Series.
    pub series: u32,
    /// Lots each account on the other side loses, ascending by account.
    pub cuts: List<'a, AccountLots>,
}

impl<'a> TearUp<'a> {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &'a [u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 8] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        let (cuts, at) = List::read(body, at)?;
        whole("tear_up", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            series: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            cuts,
        })
    }
}

impl Message for TearUp<'_> {
    const KIND: u16 = 89;
    const BLOCK: u16 = 8;
    const NAME: &'static str = "tear_up";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 8] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.series.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
        self.cuts.write(out);
    }
}

/// Ends the management of a default when nothing is held and nothing owed any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CloseDefault {
    /// Member.
    pub member: u32,
}

impl CloseDefault {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 4] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("close_default", body, at)?;
        Ok(Self {
            member: u32::from_le_bytes(b[0..4].try_into().unwrap()),
        })
    }
}

impl Message for CloseDefault {
    const KIND: u16 = 90;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "close_default";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 4] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.member.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Admits an asset as collateral, or changes the terms under which it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdmitCollateral {
    /// Asset, not USD.
    pub asset: u16,
    /// Ten-thousandths taken off its price; 10,000 counts nothing.
    pub haircut: u32,
    /// Most that one account may count of it, micro-dollars.
    pub account_cap: i64,
    /// A letter of credit: counts within the share of the schema only.
    pub letter: bool,
}

impl AdmitCollateral {
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
        whole("admit_collateral", body, at)?;
        Ok(Self {
            asset: u16::from_le_bytes(b[0..2].try_into().unwrap()),
            haircut: u32::from_le_bytes(b[2..6].try_into().unwrap()),
            account_cap: i64::from_le_bytes(b[6..14].try_into().unwrap()),
            letter: b[14] != 0,
        })
    }
}

impl Message for AdmitCollateral {
    const KIND: u16 = 100;
    const BLOCK: u16 = 15;
    const NAME: &'static str = "admit_collateral";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 15] = block.try_into().unwrap();
        b[0..2].copy_from_slice(&self.asset.to_le_bytes());
        b[2..6].copy_from_slice(&self.haircut.to_le_bytes());
        b[6..14].copy_from_slice(&self.account_cap.to_le_bytes());
        b[14] = self.letter as u8;
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Prices of collateral; every account's collateral counts at them from here on.
#[derive(Clone, Copy)]
pub struct ValueCollateral<'a> {
    /// Day of the prices; never before that of the last ones.
    pub day: u32,
    /// SHA-256 of the published inputs.
    pub inputs: [u8; 32],
    /// Assets admitted, ascending.
    pub prices: List<'a, AssetPrice>,
}

impl<'a> ValueCollateral<'a> {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &'a [u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 36] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        let (prices, at) = List::read(body, at)?;
        whole("value_collateral", body, at)?;
        Ok(Self {
            day: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            inputs: b[4..36].try_into().unwrap(),
            prices,
        })
    }
}

impl Message for ValueCollateral<'_> {
    const KIND: u16 = 101;
    const BLOCK: u16 = 36;
    const NAME: &'static str = "value_collateral";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 36] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.day.to_le_bytes());
        b[4..36].copy_from_slice(&self.inputs);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
        self.prices.write(out);
    }
}

/// Calls on an account that is not covered for what it lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IssueCall {
    /// Account.
    pub account: u32,
    /// Time to meet it.
    pub timeout: i64,
}

impl IssueCall {
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
        whole("issue_call", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            timeout: i64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for IssueCall {
    const KIND: u16 = 102;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "issue_call";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.timeout.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Publishes settlement prices, each with the step of the waterfall that gave it, and posts variation margin of every account.
#[derive(Clone, Copy)]
pub struct SettlePrices<'a> {
    /// Business day; grows.
    pub day: u32,
    /// Every series with a position, ascending by series.
    pub prices: List<'a, FoundPrice>,
}

impl<'a> SettlePrices<'a> {
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
        let (prices, at) = List::read(body, at)?;
        whole("settle_prices", body, at)?;
        Ok(Self {
            day: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            prices,
        })
    }
}

impl Message for SettlePrices<'_> {
    const KIND: u16 = 103;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "settle_prices";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 4] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.day.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
        self.prices.write(out);
    }
}

/// Puts the digest of a publication that stands beside the log on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishDigest {
    /// What it is of.
    pub publication: Publication,
    /// Day of the publication; grows for each.
    pub day: u32,
    /// SHA-256, or the root of a tree of them.
    pub digest: [u8; 32],
}

impl PublishDigest {
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
        whole("publish_digest", body, at)?;
        Ok(Self {
            publication: Publication::of(b[0])?,
            day: u32::from_le_bytes(b[1..5].try_into().unwrap()),
            digest: b[5..37].try_into().unwrap(),
        })
    }
}

impl Message for PublishDigest {
    const KIND: u16 = 104;
    const BLOCK: u16 = 37;
    const NAME: &'static str = "publish_digest";
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

/// Puts a slice of the book of a member in default out to sealed bids.
#[derive(Clone, Copy)]
pub struct OfferSlice<'a> {
    /// Slice.
    pub slice: u32,
    /// Account whose positions the slice holds.
    pub from_account: u32,
    /// Most that the house pays to who takes it; negative is least it wants.
    pub reserve: i64,
    /// Bids are sealed until then.
    pub seals: i64,
    /// And opened from there until then.
    pub opens: i64,
    /// Positions, ascending by series.
    pub positions: List<'a, SliceLots>,
}

impl<'a> OfferSlice<'a> {
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
        whole("offer_slice", body, at)?;
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

impl Message for OfferSlice<'_> {
    const KIND: u16 = 120;
    const BLOCK: u16 = 32;
    const NAME: &'static str = "offer_slice";
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

/// Opens a bid of one's own that was sealed for a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenBid {
    /// Account that would take the slice.
    pub account: u32,
    /// Slice.
    pub slice: u32,
    /// Paid to who takes the slice; negative is paid by it.
    pub amount: i64,
    /// Secret of the bid.
    pub secret: [u8; 32],
}

impl OpenBid {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 48] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("open_bid", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            slice: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            amount: i64::from_le_bytes(b[8..16].try_into().unwrap()),
            secret: b[16..48].try_into().unwrap(),
        })
    }
}

impl Message for OpenBid {
    const KIND: u16 = 121;
    const BLOCK: u16 = 48;
    const NAME: &'static str = "open_bid";
    const SINCE: u16 = 4;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 48] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.slice.to_le_bytes());
        b[8..16].copy_from_slice(&self.amount.to_le_bytes());
        b[16..48].copy_from_slice(&self.secret);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Takes a slice back that goes to nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndSlice {
    /// Slice.
    pub slice: u32,
}

impl EndSlice {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 4] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("end_slice", body, at)?;
        Ok(Self {
            slice: u32::from_le_bytes(b[0..4].try_into().unwrap()),
        })
    }
}

impl Message for EndSlice {
    const KIND: u16 = 122;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "end_slice";
    const SINCE: u16 = 4;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 4] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.slice.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// The member of who asks gives notice to leave when its cooling period is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GiveNotice {

}

impl GiveNotice {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        fixed::<0>(body, block)?;
        let at = block;
        whole("give_notice", body, at)?;
        Ok(Self {
        })
    }
}

impl Message for GiveNotice {
    const KIND: u16 = 123;
    const BLOCK: u16 = 0;
    const NAME: &'static str = "give_notice";
    const SINCE: u16 = 4;

    #[inline]
    fn block(&self, block: &mut [u8]) {
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Says for which product classes a member, or one account of it, is eligible; in others it may only reduce what it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetEligibility {
    /// Member.
    pub member: u32,
    /// Account of the member; 0 every one it has and will have.
    pub account: u32,
    /// Bits of the product classes it is eligible for.
    pub products: u32,
    /// SHA-256 of what it rests on: the application, or the rule that refuses.
    pub basis: [u8; 32],
}

impl SetEligibility {
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
        whole("set_eligibility", body, at)?;
        Ok(Self {
            member: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            account: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            products: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            basis: b[12..44].try_into().unwrap(),
        })
    }
}

impl Message for SetEligibility {
    const KIND: u16 = 130;
    const BLOCK: u16 = 44;
    const NAME: &'static str = "set_eligibility";
    const SINCE: u16 = 4;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 44] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.member.to_le_bytes());
        b[4..8].copy_from_slice(&self.account.to_le_bytes());
        b[8..12].copy_from_slice(&self.products.to_le_bytes());
        b[12..44].copy_from_slice(&self.basis);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Records how many short lots of a series an account has shown that it can deliver from capacity of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordCover {
    /// Account.
    pub account: u32,
    /// Series.
    pub series: u32,
    /// Lots covered; 0 ends the cover.
    pub lots: i64,
    /// The cover stands until then.
    pub until: i64,
    /// SHA-256 of what was verified.
    pub evidence: [u8; 32],
}

impl RecordCover {
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
        whole("record_cover", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            series: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            lots: i64::from_le_bytes(b[8..16].try_into().unwrap()),
            until: i64::from_le_bytes(b[16..24].try_into().unwrap()),
            evidence: b[24..56].try_into().unwrap(),
        })
    }
}

impl Message for RecordCover {
    const KIND: u16 = 131;
    const BLOCK: u16 = 56;
    const NAME: &'static str = "record_cover";
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

/// Opens a line of credit for the variation of covered short positions, or changes its terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetLine {
    /// Account.
    pub account: u32,
    /// Most that may be owed under it; 0 ends draws.
    pub limit: i64,
    /// Interest.
    pub rate: u32,
}

impl SetLine {
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
        whole("set_line", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            limit: i64::from_le_bytes(b[4..12].try_into().unwrap()),
            rate: u32::from_le_bytes(b[12..16].try_into().unwrap()),
        })
    }
}

impl Message for SetLine {
    const KIND: u16 = 132;
    const BLOCK: u16 = 16;
    const NAME: &'static str = "set_line";
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

/// Adds cash of the house to what it lends under lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FundLines {
    /// Amount in USD.
    pub amount: i64,
}

impl FundLines {
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
        whole("fund_lines", body, at)?;
        Ok(Self {
            amount: i64::from_le_bytes(b[0..8].try_into().unwrap()),
        })
    }
}

impl Message for FundLines {
    const KIND: u16 = 133;
    const BLOCK: u16 = 8;
    const NAME: &'static str = "fund_lines";
    const SINCE: u16 = 4;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 8] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.amount.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Takes an asset that covers no margin as security for lines, or changes the terms under which it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecureLines {
    /// Asset admitted as collateral that counts nothing toward margin.
    pub asset: u16,
    /// Ten-thousandths of its price lent against it; 0 nothing.
    pub advance: u32,
    /// Most that one account may count of it, micro-dollars.
    pub account_cap: i64,
}

impl SecureLines {
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
        whole("secure_lines", body, at)?;
        Ok(Self {
            asset: u16::from_le_bytes(b[0..2].try_into().unwrap()),
            advance: u32::from_le_bytes(b[2..6].try_into().unwrap()),
            account_cap: i64::from_le_bytes(b[6..14].try_into().unwrap()),
        })
    }
}

impl Message for SecureLines {
    const KIND: u16 = 134;
    const BLOCK: u16 = 14;
    const NAME: &'static str = "secure_lines";
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

/// Puts the interest rate of a day on the log; price alignment of swaps is reckoned at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishRate {
    /// Day of the rate; grows.
    pub day: u32,
    /// Rate.
    pub rate: i64,
    /// Who publishes it, and under which name.
    pub source: Text,
    /// SHA-256 of the publication it is read from.
    pub inputs: [u8; 32],
}

impl PublishRate {
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
        whole("publish_rate", body, at)?;
        Ok(Self {
            day: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            rate: i64::from_le_bytes(b[4..12].try_into().unwrap()),
            source: Text::read(b[12..45].try_into().unwrap())?,
            inputs: b[45..77].try_into().unwrap(),
        })
    }
}

impl Message for PublishRate {
    const KIND: u16 = 135;
    const BLOCK: u16 = 77;
    const NAME: &'static str = "publish_rate";
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

/// Turns the positions of a physical series whose trading has ended into deliveries, each between one seller and one buyer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BeginDelivery {
    /// Series.
    pub series: u32,
    /// Begin of its first hour.
    pub starts: i64,
    /// Nominations are due that long before the begin.
    pub nomination_lead: i64,
    /// A tender is late that long after the begin.
    pub grace: i64,
    /// Time to inspect a tender; silence accepts it.
    pub inspection: i64,
    /// Time to dispute hours that were metered.
    pub dispute: i64,
    /// The outage of the units named excuses.
    pub contingent: bool,
    /// Margin of the seller, an accelerator-hour to come.
    pub seller_margin: i64,
    /// Hours to come that the buyer has set aside the price of.
    pub prefund_hours: u32,
    /// Ten-thousandths of the contract price, for what is missing.
    pub penalty: u32,
    /// Ten-thousandths that a remedy in cash lies from the index.
    pub cash_factor: u32,
    /// Least quality that is a delivery, ten-thousandths of the contract price.
    pub quality_floor: u32,
    /// Most that quality may come to, ten-thousandths of the contract price.
    pub quality_cap: u32,
    /// Time to determine a dispute, or a rejection that is contested.
    pub determination: i64,
    /// What is missing is made good in that time, or in cash by itself.
    pub remedy_window: i64,
    /// Ten-thousandths that the price of a replacement may lie from the index, to the loss of who failed.
    pub cover_band: u32,
    /// Time after they are final in which hours can be corrected; 0 none.
    pub correction: i64,
    /// Ten-thousandths of the accelerator-hours metered that a correction may come to.
    pub correction_share: u32,
}

impl BeginDelivery {
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
        whole("begin_delivery", body, at)?;
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

impl Message for BeginDelivery {
    const KIND: u16 = 160;
    const BLOCK: u16 = 105;
    const NAME: &'static str = "begin_delivery";
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

/// Says how many lots of a right are taken, and from when; a later one takes its place, none withdraws it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExerciseRight {
    /// Account that holds the right.
    pub account: u32,
    /// Series of the right.
    pub series: u32,
    /// Lots taken; 0 withdraws.
    pub lots: i64,
    /// Begin of its first hour; 0 that of the series.
    pub starts: i64,
}

impl ExerciseRight {
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
        whole("exercise_right", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            series: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            lots: i64::from_le_bytes(b[8..16].try_into().unwrap()),
            starts: i64::from_le_bytes(b[16..24].try_into().unwrap()),
        })
    }
}

impl Message for ExerciseRight {
    const KIND: u16 = 161;
    const BLOCK: u16 = 24;
    const NAME: &'static str = "exercise_right";
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

/// Names what a side brings: the seller its cluster, the buyer its keys and image; a later one takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NominateDelivery {
    /// Seller or buyer.
    pub account: u32,
    /// Delivery.
    pub delivery: u64,
    /// SHA-256 of what is named.
    pub nomination: [u8; 32],
}

impl NominateDelivery {
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
        whole("nominate_delivery", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[4..12].try_into().unwrap()),
            nomination: b[12..44].try_into().unwrap(),
        })
    }
}

impl Message for NominateDelivery {
    const KIND: u16 = 162;
    const BLOCK: u16 = 44;
    const NAME: &'static str = "nominate_delivery";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 44] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.delivery.to_le_bytes());
        b[12..44].copy_from_slice(&self.nomination);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Offers the capacity for inspection, with the grade its acceptance test gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TenderDelivery {
    /// Seller.
    pub account: u32,
    /// Delivery.
    pub delivery: u64,
    /// Ten-thousandths of the contract price that its grade is worth.
    pub quality: u32,
    /// Begin of its first hour, handed over early; 0 as the contract has it.
    pub starts: i64,
    /// SHA-256 of the acceptance test.
    pub evidence: [u8; 32],
}

impl TenderDelivery {
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
        whole("tender_delivery", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[4..12].try_into().unwrap()),
            quality: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            starts: i64::from_le_bytes(b[16..24].try_into().unwrap()),
            evidence: b[24..56].try_into().unwrap(),
        })
    }
}

impl Message for TenderDelivery {
    const KIND: u16 = 163;
    const BLOCK: u16 = 56;
    const NAME: &'static str = "tender_delivery";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 56] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.delivery.to_le_bytes());
        b[12..16].copy_from_slice(&self.quality.to_le_bytes());
        b[16..24].copy_from_slice(&self.starts.to_le_bytes());
        b[24..56].copy_from_slice(&self.evidence);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Accepts what was tendered; delivery runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceptTender {
    /// Buyer.
    pub account: u32,
    /// Delivery.
    pub delivery: u64,
}

impl AcceptTender {
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
        whole("accept_tender", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for AcceptTender {
    const KIND: u16 = 164;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "accept_tender";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.delivery.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Rejects what was tendered; the seller may tender again while its time lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RejectTender {
    /// Buyer.
    pub account: u32,
    /// Delivery.
    pub delivery: u64,
    /// SHA-256 of the test it failed.
    pub evidence: [u8; 32],
}

impl RejectTender {
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
        whole("reject_tender", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[4..12].try_into().unwrap()),
            evidence: b[12..44].try_into().unwrap(),
        })
    }
}

impl Message for RejectTender {
    const KIND: u16 = 165;
    const BLOCK: u16 = 44;
    const NAME: &'static str = "reject_tender";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 44] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.delivery.to_le_bytes());
        b[12..44].copy_from_slice(&self.evidence);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Books the next hours of a delivery as the meters of both sides agree, or as the rule for readings that differ has it; the buyer pays for what was delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeterDelivery {
    /// Delivery.
    pub delivery: u64,
    /// Hours, from the first one not yet metered.
    pub hours: u32,
    /// Accelerator-hours delivered in them.
    pub units: i64,
    /// Accelerator-hours missing and excused.
    pub excused: i64,
    /// Quality measured, at most the one accepted; 0 that one.
    pub quality: u32,
    /// Root of the readings.
    pub evidence: [u8; 32],
}

impl MeterDelivery {
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
        whole("meter_delivery", body, at)?;
        Ok(Self {
            delivery: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            hours: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            units: i64::from_le_bytes(b[12..20].try_into().unwrap()),
            excused: i64::from_le_bytes(b[20..28].try_into().unwrap()),
            quality: u32::from_le_bytes(b[28..32].try_into().unwrap()),
            evidence: b[32..64].try_into().unwrap(),
        })
    }
}

impl Message for MeterDelivery {
    const KIND: u16 = 166;
    const BLOCK: u16 = 64;
    const NAME: &'static str = "meter_delivery";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 64] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.delivery.to_le_bytes());
        b[8..12].copy_from_slice(&self.hours.to_le_bytes());
        b[12..20].copy_from_slice(&self.units.to_le_bytes());
        b[20..28].copy_from_slice(&self.excused.to_le_bytes());
        b[28..32].copy_from_slice(&self.quality.to_le_bytes());
        b[32..64].copy_from_slice(&self.evidence);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Disputes hours that were metered: they are not final before they are determined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DisputeMetered {
    /// Seller or buyer.
    pub account: u32,
    /// The metered hours: event number that booked them.
    pub metered: u64,
    /// SHA-256 of the readings it stands on.
    pub evidence: [u8; 32],
}

impl DisputeMetered {
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
        whole("dispute_metered", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            metered: u64::from_le_bytes(b[4..12].try_into().unwrap()),
            evidence: b[12..44].try_into().unwrap(),
        })
    }
}

impl Message for DisputeMetered {
    const KIND: u16 = 167;
    const BLOCK: u16 = 44;
    const NAME: &'static str = "dispute_metered";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 44] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.metered.to_le_bytes());
        b[12..44].copy_from_slice(&self.evidence);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Ends a dispute: what was delivered, what is excused, and what the loser pays the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DetermineMetered {
    /// The metered hours.
    pub metered: u64,
    /// Accelerator-hours delivered.
    pub units: i64,
    /// Accelerator-hours missing and excused.
    pub excused: i64,
    /// Quality measured, at most the one accepted; 0 as metered.
    pub quality: u32,
    /// Paid by who loses to the other side.
    pub fee: i64,
    /// Seller or buyer.
    pub loser: u32,
    /// SHA-256 of the determination.
    pub evidence: [u8; 32],
}

impl DetermineMetered {
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
        whole("determine_metered", body, at)?;
        Ok(Self {
            metered: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            units: i64::from_le_bytes(b[8..16].try_into().unwrap()),
            excused: i64::from_le_bytes(b[16..24].try_into().unwrap()),
            quality: u32::from_le_bytes(b[24..28].try_into().unwrap()),
            fee: i64::from_le_bytes(b[28..36].try_into().unwrap()),
            loser: u32::from_le_bytes(b[36..40].try_into().unwrap()),
            evidence: b[40..72].try_into().unwrap(),
        })
    }
}

impl Message for DetermineMetered {
    const KIND: u16 = 168;
    const BLOCK: u16 = 72;
    const NAME: &'static str = "determine_metered";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 72] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.metered.to_le_bytes());
        b[8..16].copy_from_slice(&self.units.to_le_bytes());
        b[16..24].copy_from_slice(&self.excused.to_le_bytes());
        b[24..28].copy_from_slice(&self.quality.to_le_bytes());
        b[28..36].copy_from_slice(&self.fee.to_le_bytes());
        b[36..40].copy_from_slice(&self.loser.to_le_bytes());
        b[40..72].copy_from_slice(&self.evidence);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Makes missing accelerator-hours good: who failed pays what their replacement cost more, and the penalty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemedyDelivery {
    /// Delivery.
    pub delivery: u64,
    /// Accelerator-hours made good.
    pub units: i64,
    /// Price they were replaced at; 0 where nothing could be bought or sold: in cash at the index.
    pub cover_price: i64,
    /// SHA-256 of the trades, or of the search.
    pub evidence: [u8; 32],
}

impl RemedyDelivery {
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
        whole("remedy_delivery", body, at)?;
        Ok(Self {
            delivery: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            units: i64::from_le_bytes(b[8..16].try_into().unwrap()),
            cover_price: i64::from_le_bytes(b[16..24].try_into().unwrap()),
            evidence: b[24..56].try_into().unwrap(),
        })
    }
}

impl Message for RemedyDelivery {
    const KIND: u16 = 169;
    const BLOCK: u16 = 56;
    const NAME: &'static str = "remedy_delivery";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 56] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.delivery.to_le_bytes());
        b[8..16].copy_from_slice(&self.units.to_le_bytes());
        b[16..24].copy_from_slice(&self.cover_price.to_le_bytes());
        b[24..56].copy_from_slice(&self.evidence);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Offers one's side of a delivery, whole or a part of its lots or hours, to another account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfferDelivery {
    /// Seller or buyer.
    pub account: u32,
    /// Delivery.
    pub delivery: u64,
    /// Account that may take it.
    pub to_account: u32,
    /// Lots.
    pub lots: i64,
    /// First hour, counted from that of the block.
    pub first_hour: u32,
    /// Hours.
    pub hours: u32,
    /// Paid by who takes it; negative is paid to it.
    pub amount: i64,
}

impl OfferDelivery {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 40] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("offer_delivery", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[4..12].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            lots: i64::from_le_bytes(b[16..24].try_into().unwrap()),
            first_hour: u32::from_le_bytes(b[24..28].try_into().unwrap()),
            hours: u32::from_le_bytes(b[28..32].try_into().unwrap()),
            amount: i64::from_le_bytes(b[32..40].try_into().unwrap()),
        })
    }
}

impl Message for OfferDelivery {
    const KIND: u16 = 170;
    const BLOCK: u16 = 40;
    const NAME: &'static str = "offer_delivery";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 40] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.delivery.to_le_bytes());
        b[12..16].copy_from_slice(&self.to_account.to_le_bytes());
        b[16..24].copy_from_slice(&self.lots.to_le_bytes());
        b[24..28].copy_from_slice(&self.first_hour.to_le_bytes());
        b[28..32].copy_from_slice(&self.hours.to_le_bytes());
        b[32..40].copy_from_slice(&self.amount.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Takes a side of a delivery that was offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceptDelivery {
    /// Account it was offered to.
    pub account: u32,
    /// Command number of the offer.
    pub offer: u64,
}

impl AcceptDelivery {
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
        whole("accept_delivery", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            offer: u64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for AcceptDelivery {
    const KIND: u16 = 171;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "accept_delivery";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.offer.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Ends an offer of a side of a delivery; either side may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WithdrawDelivery {
    /// Account that offered or was offered.
    pub account: u32,
    /// Command number of the offer.
    pub offer: u64,
}

impl WithdrawDelivery {
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
        whole("withdraw_delivery", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            offer: u64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for WithdrawDelivery {
    const KIND: u16 = 172;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "withdraw_delivery";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.offer.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Pledges the buyer's side of a delivery: it goes to the pledgee alone until the pledgee lets go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PledgeDelivery {
    /// Buyer; or the pledgee, who lets go.
    pub account: u32,
    /// Delivery.
    pub delivery: u64,
    /// Pledgee; 0 lets go.
    pub to_account: u32,
}

impl PledgeDelivery {
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
        whole("pledge_delivery", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[4..12].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[12..16].try_into().unwrap()),
        })
    }
}

impl Message for PledgeDelivery {
    const KIND: u16 = 173;
    const BLOCK: u16 = 16;
    const NAME: &'static str = "pledge_delivery";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 16] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.delivery.to_le_bytes());
        b[12..16].copy_from_slice(&self.to_account.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Moves free cash of an account into its performance bond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostBond {
    /// Account.
    pub account: u32,
    /// Amount in USD.
    pub amount: i64,
}

impl PostBond {
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
        whole("post_bond", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            amount: i64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for PostBond {
    const KIND: u16 = 174;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "post_bond";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.amount.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Takes back what a performance bond holds beyond what the deliveries of the account need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReturnBond {
    /// Account.
    pub account: u32,
    /// Amount in USD.
    pub amount: i64,
}

impl ReturnBond {
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
        whole("return_bond", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            amount: i64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for ReturnBond {
    const KIND: u16 = 175;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "return_bond";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.amount.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Adds money of the house to the delivery fund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FundDelivery {
    /// Amount in USD.
    pub amount: i64,
}

impl FundDelivery {
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
        whole("fund_delivery", body, at)?;
        Ok(Self {
            amount: i64::from_le_bytes(b[0..8].try_into().unwrap()),
        })
    }
}

impl Message for FundDelivery {
    const KIND: u16 = 176;
    const BLOCK: u16 = 8;
    const NAME: &'static str = "fund_delivery";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 8] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.amount.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Pays back what the delivery fund paid for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RepayDelivery {
    /// Account.
    pub account: u32,
    /// Amount in USD.
    pub amount: i64,
}

impl RepayDelivery {
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
        whole("repay_delivery", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            amount: i64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for RepayDelivery {
    const KIND: u16 = 177;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "repay_delivery";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.amount.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Ends a delivery early: hours not yet metered are missing by the fault of a side, or owed by nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TerminateDelivery {
    /// Delivery.
    pub delivery: u64,
    /// Side at fault; nobody: the hours are owed no more.
    pub party: DeliveryParty,
    /// SHA-256 of what it rests on.
    pub evidence: [u8; 32],
}

impl TerminateDelivery {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 41] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("terminate_delivery", body, at)?;
        Ok(Self {
            delivery: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            party: DeliveryParty::of(b[8])?,
            evidence: b[9..41].try_into().unwrap(),
        })
    }
}

impl Message for TerminateDelivery {
    const KIND: u16 = 178;
    const BLOCK: u16 = 41;
    const NAME: &'static str = "terminate_delivery";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 41] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.delivery.to_le_bytes());
        b[8] = self.party as u8;
        b[9..41].copy_from_slice(&self.evidence);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Contests the rejection of a tender: two actors of the house determine it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContestRejection {
    /// Seller.
    pub account: u32,
    /// Delivery.
    pub delivery: u64,
    /// SHA-256 of the test it stands on.
    pub evidence: [u8; 32],
}

impl ContestRejection {
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
        whole("contest_rejection", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[4..12].try_into().unwrap()),
            evidence: b[12..44].try_into().unwrap(),
        })
    }
}

impl Message for ContestRejection {
    const KIND: u16 = 179;
    const BLOCK: u16 = 44;
    const NAME: &'static str = "contest_rejection";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 44] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.delivery.to_le_bytes());
        b[12..44].copy_from_slice(&self.evidence);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Determines a rejection that is contested: the tender is accepted, or the rejection stands; who loses pays the fee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DetermineTender {
    /// Delivery.
    pub delivery: u64,
    /// The tender is accepted, at no more than the contract price.
    pub accepted: bool,
    /// Paid by who loses to the other side.
    pub fee: i64,
    /// SHA-256 of the determination.
    pub evidence: [u8; 32],
}

impl DetermineTender {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 49] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("determine_tender", body, at)?;
        Ok(Self {
            delivery: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            accepted: b[8] != 0,
            fee: i64::from_le_bytes(b[9..17].try_into().unwrap()),
            evidence: b[17..49].try_into().unwrap(),
        })
    }
}

impl Message for DetermineTender {
    const KIND: u16 = 180;
    const BLOCK: u16 = 49;
    const NAME: &'static str = "determine_tender";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 49] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.delivery.to_le_bytes());
        b[8] = self.accepted as u8;
        b[9..17].copy_from_slice(&self.fee.to_le_bytes());
        b[17..49].copy_from_slice(&self.evidence);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Says what hardware pledged and spare capacity verified count for an account, toward the margin of what it delivers alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetDeliveryCredit {
    /// Account.
    pub account: u32,
    /// Most that they count for, in USD; 0 ends it.
    pub amount: i64,
    /// Ten-thousandths of the margin of what it delivers that they count for at most.
    pub share: u32,
    /// Counts until then; 0 with an amount of 0.
    pub until: i64,
    /// SHA-256 of what it rests on: appraisals, covenants, verification.
    pub basis: [u8; 32],
}

impl SetDeliveryCredit {
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
        whole("set_delivery_credit", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            amount: i64::from_le_bytes(b[4..12].try_into().unwrap()),
            share: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            until: i64::from_le_bytes(b[16..24].try_into().unwrap()),
            basis: b[24..56].try_into().unwrap(),
        })
    }
}

impl Message for SetDeliveryCredit {
    const KIND: u16 = 181;
    const BLOCK: u16 = 56;
    const NAME: &'static str = "set_delivery_credit";
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

/// Corrects hours that are final, once, within the published share: the difference is paid at their price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CorrectMetered {
    /// The metered hours.
    pub metered: u64,
    /// Accelerator-hours delivered.
    pub units: i64,
    /// SHA-256 of the readings as edited.
    pub evidence: [u8; 32],
}

impl CorrectMetered {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 48] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("correct_metered", body, at)?;
        Ok(Self {
            metered: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            units: i64::from_le_bytes(b[8..16].try_into().unwrap()),
            evidence: b[16..48].try_into().unwrap(),
        })
    }
}

impl Message for CorrectMetered {
    const KIND: u16 = 182;
    const BLOCK: u16 = 48;
    const NAME: &'static str = "correct_metered";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 48] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.metered.to_le_bytes());
        b[8..16].copy_from_slice(&self.units.to_le_bytes());
        b[16..48].copy_from_slice(&self.evidence);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Offers futures for physical: a position moves, and a delivery of as many accelerator-hours is owed the other way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfferExchange {
    /// Account that gives the position.
    pub account: u32,
    /// Account that may take it.
    pub to_account: u32,
    /// Series of the position.
    pub series: u32,
    /// Signed: who gives a long position takes delivery, who gives a short one delivers.
    pub lots: i64,
    /// Price at which it moves; on tick and within the band.
    pub price: i64,
    /// Series on whose terms is delivered; its deliveries have begun.
    pub physical: u32,
    /// Accelerators delivered.
    pub accelerators: i64,
    /// First hour, counted from that of the block.
    pub first_hour: u32,
    /// Hours.
    pub hours: u32,
    /// Contract price of the delivery.
    pub delivery_price: i64,
}

impl OfferExchange {
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
        whole("offer_exchange", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            series: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            lots: i64::from_le_bytes(b[12..20].try_into().unwrap()),
            price: i64::from_le_bytes(b[20..28].try_into().unwrap()),
            physical: u32::from_le_bytes(b[28..32].try_into().unwrap()),
            accelerators: i64::from_le_bytes(b[32..40].try_into().unwrap()),
            first_hour: u32::from_le_bytes(b[40..44].try_into().unwrap()),
            hours: u32::from_le_bytes(b[44..48].try_into().unwrap()),
            delivery_price: i64::from_le_bytes(b[48..56].try_into().unwrap()),
        })
    }
}

impl Message for OfferExchange {
    const KIND: u16 = 183;
    const BLOCK: u16 = 56;
    const NAME: &'static str = "offer_exchange";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 56] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.to_account.to_le_bytes());
        b[8..12].copy_from_slice(&self.series.to_le_bytes());
        b[12..20].copy_from_slice(&self.lots.to_le_bytes());
        b[20..28].copy_from_slice(&self.price.to_le_bytes());
        b[28..32].copy_from_slice(&self.physical.to_le_bytes());
        b[32..40].copy_from_slice(&self.accelerators.to_le_bytes());
        b[40..44].copy_from_slice(&self.first_hour.to_le_bytes());
        b[44..48].copy_from_slice(&self.hours.to_le_bytes());
        b[48..56].copy_from_slice(&self.delivery_price.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Takes an exchange of futures for physical that was offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceptExchange {
    /// Account it was offered to.
    pub account: u32,
    /// Command number of the offer.
    pub offer: u64,
}

impl AcceptExchange {
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
        whole("accept_exchange", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            offer: u64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for AcceptExchange {
    const KIND: u16 = 184;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "accept_exchange";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.offer.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Ends an offer of an exchange; either side may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WithdrawExchange {
    /// Account that offered or was offered.
    pub account: u32,
    /// Command number of the offer.
    pub offer: u64,
}

impl WithdrawExchange {
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
        whole("withdraw_exchange", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            offer: u64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for WithdrawExchange {
    const KIND: u16 = 185;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "withdraw_exchange";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.offer.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Sets free cash aside as a guarantee for what another account owes out of failed deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GiveGuarantee {
    /// Guarantor.
    pub account: u32,
    /// Account it is given for.
    pub to_account: u32,
    /// Amount in USD.
    pub amount: i64,
    /// Counts until then, and comes back.
    pub until: i64,
    /// SHA-256 of the guarantee as it was signed.
    pub basis: [u8; 32],
}

impl GiveGuarantee {
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
        whole("give_guarantee", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            amount: i64::from_le_bytes(b[8..16].try_into().unwrap()),
            until: i64::from_le_bytes(b[16..24].try_into().unwrap()),
            basis: b[24..56].try_into().unwrap(),
        })
    }
}

impl Message for GiveGuarantee {
    const KIND: u16 = 186;
    const BLOCK: u16 = 56;
    const NAME: &'static str = "give_guarantee";
    const SINCE: u16 = 6;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 56] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.to_account.to_le_bytes());
        b[8..16].copy_from_slice(&self.amount.to_le_bytes());
        b[16..24].copy_from_slice(&self.until.to_le_bytes());
        b[24..56].copy_from_slice(&self.basis);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Takes a guarantee back before its time, while the account it is given for is on no side of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReturnGuarantee {
    /// Guarantor.
    pub account: u32,
    /// Guarantee: the number of the command that gave it.
    pub guarantee: u64,
}

impl ReturnGuarantee {
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
        whole("return_guarantee", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            guarantee: u64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for ReturnGuarantee {
    const KIND: u16 = 187;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "return_guarantee";
    const SINCE: u16 = 6;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.guarantee.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A command.
#[derive(Clone, Copy)]
pub enum Command<'a> {
    /// Opens an empty house with its first operators, at least two; actor 0 only, once.
    Genesis(Genesis<'a>),
    /// Lets venue time pass so that due timers and waiting elections run.
    AdvanceTime(AdvanceTime),
    /// Puts a four-eyes command before a second actor; who proposes holds a role the command names.
    Propose(Propose<'a>),
    /// Carries out a proposal of another actor; who approves holds a role the command names.
    Approve(Approve),
    /// Ends a proposal that waits; only who proposed it may.
    WithdrawProposal(WithdrawProposal),
    /// Admits a clearing member.
    RegisterMember(RegisterMember),
    /// Gives a person or program its member and roles; again changes the roles.
    RegisterActor(RegisterActor),
    /// Opens a trading account.
    OpenAccount(OpenAccount),
    /// Changes the limits of an account; a member's own risk role may only tighten.
    SetLimits(SetLimits),
    /// Stops a member: its orders are cancelled, new ones refused, cancels admitted.
    SuspendMember(SuspendMember),
    /// Lifts a suspension.
    ReinstateMember(ReinstateMember),
    /// Cancels every order of an account and refuses new ones; cancels stay admitted.
    EngageKillSwitch(EngageKillSwitch),
    /// Admits orders of the account again.
    ReleaseKillSwitch(ReleaseKillSwitch),
    /// Stops all trading; resting orders stay, cancels are admitted.
    HaltMarket(HaltMarket),
    /// Lets trading go on after a halt.
    ResumeMarket(ResumeMarket),
    /// Adds an asset to the ledger; asset 1, USD, stands from the start and alone covers margin.
    DefineAsset(DefineAsset),
    /// Lists a series; its terms are data.
    ListSeries(ListSeries),
    /// Moves a series through its day; leaving a call uncrosses it.
    SetSeriesState(SetSeriesState),
    /// Changes the fees of a series for trades from now on.
    SetFees(SetFees),
    /// Puts a version of the house's behaviour in force from the next command on.
    SwitchBehaviour(SwitchBehaviour),
    /// Books money that reached the bank; repays dues first. House settlement role only.
    Deposit(Deposit),
    /// Sets free cash aside until the bank has paid it or the timeout voids it.
    RequestWithdrawal(RequestWithdrawal),
    /// The bank has paid: the money leaves. House settlement role only.
    PostWithdrawal(PostWithdrawal),
    /// The withdrawal will not be paid: the cash is free again. House settlement role only.
    VoidWithdrawal(VoidWithdrawal),
    /// Adds cash of the house to its liquidity account; fills a shortfall first.
    FundLiquidity(FundLiquidity),
    /// Asks for an order.
    PlaceOrder(PlaceOrder),
    /// Changes price or remaining lots of a resting order; priority is kept only when just the lots fall.
    ReplaceOrder(ReplaceOrder),
    /// Ends an order.
    CancelOrder(CancelOrder),
    /// Ends every order of an account that fits every word given.
    MassCancel(MassCancel),
    /// Replaces the account's quotes in the series named, all or none. Leg j of the list bids under number + 2j and offers under number + 2j + 1.
    MassQuote(MassQuote<'a>),
    /// Limits what a maker's quotes in a group may trade in an interval; all zero lifts the protection. Setting it again resets it.
    SetMakerProtection(SetMakerProtection),
    /// Unless repeated within the timeout every order of the account is cancelled; 0 disarms.
    ArmDeadMan(ArmDeadMan),
    /// A gateway session ended: its orders are cancelled. Actor 0 only.
    LoseSession(LoseSession),
    /// Offers a position, or a trade given up, to another account.
    OfferTransfer(OfferTransfer),
    /// Takes an offered position; both sides must stay covered.
    AcceptTransfer(AcceptTransfer),
    /// Undoes a trade in error, with its fees, until the next variation settlement.
    BustTrade(BustTrade),
    /// Changes the price of a trade in error, until the next variation settlement.
    AdjustTrade(AdjustTrade),
    /// Ends an offer: its giver withdraws it, or its taker declines it.
    WithdrawOffer(WithdrawOffer),
    /// Opens a margin table for loading; a table not activated is dropped.
    BeginMarginTable(BeginMarginTable<'a>),
    /// Loads the row of one series into the open table.
    LoadMarginRow(LoadMarginRow<'a>),
    /// Puts the loaded table in force if the version it replaces is the one in force.
    ActivateMarginTable(ActivateMarginTable),
    /// Refreshes the next accounts not seen since marks or table changed.
    SweepAccounts(SweepAccounts),
    /// Publishes settlement prices and posts variation margin of every account.
    SettleVariation(SettleVariation<'a>),
    /// Pays a series, or one month of a swap, against the final settlement price, once that month and, at the end, trading are over.
    SettleFinal(SettleFinal),
    /// Puts an index fixing on the log.
    PublishFixing(PublishFixing),
    /// Puts on the log that a day has no fixing of an index, and why: it takes the place of the fixing.
    DeclareNoFix(DeclareNoFix),
    /// Puts the fixing of a day on the log that stood there without one, as a row of its own; once.
    PublishLateFixing(PublishLateFixing),
    /// Adds cash of the house to what it stands to lose in a default.
    FundTranche(FundTranche),
    /// Moves free cash of a house account into the default fund.
    ContributeFund(ContributeFund),
    /// Gives back what a member has in the default fund beyond what it has to have.
    ReturnFund(ReturnFund),
    /// Declares a member in default: it is suspended, its orders end, its money stays.
    DeclareDefault(DeclareDefault),
    /// Offers the account of a client of a member in default to another member.
    OfferPort(OfferPort),
    /// Takes over the account of a client, whole: cash and positions. Risk role of the member it was offered to.
    AcceptPort(AcceptPort),
    /// Seals a bid for a slice of the book of a member in default; a later one takes its place.
    CommitBid(CommitBid),
    /// Opens a sealed bid and carries it out: the positions of the slice move at their marks and its amount is paid.
    AwardSlice(AwardSlice<'a>),
    /// Spreads what the accounts of a member in default owe over the layers of the waterfall.
    AllocateLoss(AllocateLoss<'a>),
    /// Ends the position of a member in default against those who hold the other side, at the mark.
    TearUp(TearUp<'a>),
    /// Ends the management of a default when nothing is held and nothing owed any more.
    CloseDefault(CloseDefault),
    /// Admits an asset as collateral, or changes the terms under which it counts.
    AdmitCollateral(AdmitCollateral),
    /// Prices of collateral; every account's collateral counts at them from here on.
    ValueCollateral(ValueCollateral<'a>),
    /// Calls on an account that is not covered for what it lacks.
    IssueCall(IssueCall),
    /// Publishes settlement prices, each with the step of the waterfall that gave it, and posts variation margin of every account.
    SettlePrices(SettlePrices<'a>),
    /// Puts the digest of a publication that stands beside the log on it.
    PublishDigest(PublishDigest),
    /// Puts a slice of the book of a member in default out to sealed bids.
    OfferSlice(OfferSlice<'a>),
    /// Opens a bid of one's own that was sealed for a slice.
    OpenBid(OpenBid),
    /// Takes a slice back that goes to nobody.
    EndSlice(EndSlice),
    /// The member of who asks gives notice to leave when its cooling period is over.
    GiveNotice(GiveNotice),
    /// Says for which product classes a member, or one account of it, is eligible; in others it may only reduce what it has.
    SetEligibility(SetEligibility),
    /// Records how many short lots of a series an account has shown that it can deliver from capacity of its own.
    RecordCover(RecordCover),
    /// Opens a line of credit for the variation of covered short positions, or changes its terms.
    SetLine(SetLine),
    /// Adds cash of the house to what it lends under lines.
    FundLines(FundLines),
    /// Takes an asset that covers no margin as security for lines, or changes the terms under which it counts.
    SecureLines(SecureLines),
    /// Puts the interest rate of a day on the log; price alignment of swaps is reckoned at it.
    PublishRate(PublishRate),
    /// Turns the positions of a physical series whose trading has ended into deliveries, each between one seller and one buyer.
    BeginDelivery(BeginDelivery),
    /// Says how many lots of a right are taken, and from when; a later one takes its place, none withdraws it.
    ExerciseRight(ExerciseRight),
    /// Names what a side brings: the seller its cluster, the buyer its keys and image; a later one takes its place.
    NominateDelivery(NominateDelivery),
    /// Offers the capacity for inspection, with the grade its acceptance test gave.
    TenderDelivery(TenderDelivery),
    /// Accepts what was tendered; delivery runs.
    AcceptTender(AcceptTender),
    /// Rejects what was tendered; the seller may tender again while its time lasts.
    RejectTender(RejectTender),
    /// Books the next hours of a delivery as the meters of both sides agree, or as the rule for readings that differ has it; the buyer pays for what was delivered.
    MeterDelivery(MeterDelivery),
    /// Disputes hours that were metered: they are not final before they are determined.
    DisputeMetered(DisputeMetered),
    /// Ends a dispute: what was delivered, what is excused, and what the loser pays the other side.
    DetermineMetered(DetermineMetered),
    /// Makes missing accelerator-hours good: who failed pays what their replacement cost more, and the penalty.
    RemedyDelivery(RemedyDelivery),
    /// Offers one's side of a delivery, whole or a part of its lots or hours, to another account.
    OfferDelivery(OfferDelivery),
    /// Takes a side of a delivery that was offered.
    AcceptDelivery(AcceptDelivery),
    /// Ends an offer of a side of a delivery; either side may.
    WithdrawDelivery(WithdrawDelivery),
    /// Pledges the buyer's side of a delivery: it goes to the pledgee alone until the pledgee lets go.
    PledgeDelivery(PledgeDelivery),
    /// Moves free cash of an account into its performance bond.
    PostBond(PostBond),
    /// Takes back what a performance bond holds beyond what the deliveries of the account need.
    ReturnBond(ReturnBond),
    /// Adds money of the house to the delivery fund.
    FundDelivery(FundDelivery),
    /// Pays back what the delivery fund paid for an account.
    RepayDelivery(RepayDelivery),
    /// Ends a delivery early: hours not yet metered are missing by the fault of a side, or owed by nobody.
    TerminateDelivery(TerminateDelivery),
    /// Contests the rejection of a tender: two actors of the house determine it.
    ContestRejection(ContestRejection),
    /// Determines a rejection that is contested: the tender is accepted, or the rejection stands; who loses pays the fee.
    DetermineTender(DetermineTender),
    /// Says what hardware pledged and spare capacity verified count for an account, toward the margin of what it delivers alone.
    SetDeliveryCredit(SetDeliveryCredit),
    /// Corrects hours that are final, once, within the published share: the difference is paid at their price.
    CorrectMetered(CorrectMetered),
    /// Offers futures for physical: a position moves, and a delivery of as many accelerator-hours is owed the other way.
    OfferExchange(OfferExchange),
    /// Takes an exchange of futures for physical that was offered.
    AcceptExchange(AcceptExchange),
    /// Ends an offer of an exchange; either side may.
    WithdrawExchange(WithdrawExchange),
    /// Sets free cash aside as a guarantee for what another account owes out of failed deliveries.
    GiveGuarantee(GiveGuarantee),
    /// Takes a guarantee back before its time, while the account it is given for is on no side of a delivery.
    ReturnGuarantee(ReturnGuarantee),
}

impl<'a> Command<'a> {
    /// The command of a kind in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the kind is no command, or the bytes are not its body.
    #[inline]
    pub fn unpack(kind: u16, body: &'a [u8], block: usize) -> Result<Self, FrameError> {
        Ok(match kind {
            1 => Command::Genesis(Genesis::unpack(body, block)?),
            2 => Command::AdvanceTime(AdvanceTime::unpack(body, block)?),
            3 => Command::Propose(Propose::unpack(body, block)?),
            4 => Command::Approve(Approve::unpack(body, block)?),
            5 => Command::WithdrawProposal(WithdrawProposal::unpack(body, block)?),
            10 => Command::RegisterMember(RegisterMember::unpack(body, block)?),
            11 => Command::RegisterActor(RegisterActor::unpack(body, block)?),
            12 => Command::OpenAccount(OpenAccount::unpack(body, block)?),
            13 => Command::SetLimits(SetLimits::unpack(body, block)?),
            14 => Command::SuspendMember(SuspendMember::unpack(body, block)?),
            15 => Command::ReinstateMember(ReinstateMember::unpack(body, block)?),
            16 => Command::EngageKillSwitch(EngageKillSwitch::unpack(body, block)?),
            17 => Command::ReleaseKillSwitch(ReleaseKillSwitch::unpack(body, block)?),
            18 => Command::HaltMarket(HaltMarket::unpack(body, block)?),
            19 => Command::ResumeMarket(ResumeMarket::unpack(body, block)?),
            20 => Command::DefineAsset(DefineAsset::unpack(body, block)?),
            21 => Command::ListSeries(ListSeries::unpack(body, block)?),
            22 => Command::SetSeriesState(SetSeriesState::unpack(body, block)?),
            23 => Command::SetFees(SetFees::unpack(body, block)?),
            24 => Command::SwitchBehaviour(SwitchBehaviour::unpack(body, block)?),
            30 => Command::Deposit(Deposit::unpack(body, block)?),
            31 => Command::RequestWithdrawal(RequestWithdrawal::unpack(body, block)?),
            32 => Command::PostWithdrawal(PostWithdrawal::unpack(body, block)?),
            33 => Command::VoidWithdrawal(VoidWithdrawal::unpack(body, block)?),
            34 => Command::FundLiquidity(FundLiquidity::unpack(body, block)?),
            40 => Command::PlaceOrder(PlaceOrder::unpack(body, block)?),
            41 => Command::ReplaceOrder(ReplaceOrder::unpack(body, block)?),
            42 => Command::CancelOrder(CancelOrder::unpack(body, block)?),
            43 => Command::MassCancel(MassCancel::unpack(body, block)?),
            44 => Command::MassQuote(MassQuote::unpack(body, block)?),
            45 => Command::SetMakerProtection(SetMakerProtection::unpack(body, block)?),
            46 => Command::ArmDeadMan(ArmDeadMan::unpack(body, block)?),
            47 => Command::LoseSession(LoseSession::unpack(body, block)?),
            48 => Command::OfferTransfer(OfferTransfer::unpack(body, block)?),
            49 => Command::AcceptTransfer(AcceptTransfer::unpack(body, block)?),
            50 => Command::BustTrade(BustTrade::unpack(body, block)?),
            51 => Command::AdjustTrade(AdjustTrade::unpack(body, block)?),
            52 => Command::WithdrawOffer(WithdrawOffer::unpack(body, block)?),
            60 => Command::BeginMarginTable(BeginMarginTable::unpack(body, block)?),
            61 => Command::LoadMarginRow(LoadMarginRow::unpack(body, block)?),
            62 => Command::ActivateMarginTable(ActivateMarginTable::unpack(body, block)?),
            63 => Command::SweepAccounts(SweepAccounts::unpack(body, block)?),
            70 => Command::SettleVariation(SettleVariation::unpack(body, block)?),
            71 => Command::SettleFinal(SettleFinal::unpack(body, block)?),
            72 => Command::PublishFixing(PublishFixing::unpack(body, block)?),
            73 => Command::DeclareNoFix(DeclareNoFix::unpack(body, block)?),
            74 => Command::PublishLateFixing(PublishLateFixing::unpack(body, block)?),
            80 => Command::FundTranche(FundTranche::unpack(body, block)?),
            81 => Command::ContributeFund(ContributeFund::unpack(body, block)?),
            82 => Command::ReturnFund(ReturnFund::unpack(body, block)?),
            83 => Command::DeclareDefault(DeclareDefault::unpack(body, block)?),
            84 => Command::OfferPort(OfferPort::unpack(body, block)?),
            85 => Command::AcceptPort(AcceptPort::unpack(body, block)?),
            86 => Command::CommitBid(CommitBid::unpack(body, block)?),
            87 => Command::AwardSlice(AwardSlice::unpack(body, block)?),
            88 => Command::AllocateLoss(AllocateLoss::unpack(body, block)?),
            89 => Command::TearUp(TearUp::unpack(body, block)?),
            90 => Command::CloseDefault(CloseDefault::unpack(body, block)?),
            100 => Command::AdmitCollateral(AdmitCollateral::unpack(body, block)?),
            101 => Command::ValueCollateral(ValueCollateral::unpack(body, block)?),
            102 => Command::IssueCall(IssueCall::unpack(body, block)?),
            103 => Command::SettlePrices(SettlePrices::unpack(body, block)?),
            104 => Command::PublishDigest(PublishDigest::unpack(body, block)?),
            120 => Command::OfferSlice(OfferSlice::unpack(body, block)?),
            121 => Command::OpenBid(OpenBid::unpack(body, block)?),
            122 => Command::EndSlice(EndSlice::unpack(body, block)?),
            123 => Command::GiveNotice(GiveNotice::unpack(body, block)?),
            130 => Command::SetEligibility(SetEligibility::unpack(body, block)?),
            131 => Command::RecordCover(RecordCover::unpack(body, block)?),
            132 => Command::SetLine(SetLine::unpack(body, block)?),
            133 => Command::FundLines(FundLines::unpack(body, block)?),
            134 => Command::SecureLines(SecureLines::unpack(body, block)?),
            135 => Command::PublishRate(PublishRate::unpack(body, block)?),
            160 => Command::BeginDelivery(BeginDelivery::unpack(body, block)?),
            161 => Command::ExerciseRight(ExerciseRight::unpack(body, block)?),
            162 => Command::NominateDelivery(NominateDelivery::unpack(body, block)?),
            163 => Command::TenderDelivery(TenderDelivery::unpack(body, block)?),
            164 => Command::AcceptTender(AcceptTender::unpack(body, block)?),
            165 => Command::RejectTender(RejectTender::unpack(body, block)?),
            166 => Command::MeterDelivery(MeterDelivery::unpack(body, block)?),
            167 => Command::DisputeMetered(DisputeMetered::unpack(body, block)?),
            168 => Command::DetermineMetered(DetermineMetered::unpack(body, block)?),
            169 => Command::RemedyDelivery(RemedyDelivery::unpack(body, block)?),
            170 => Command::OfferDelivery(OfferDelivery::unpack(body, block)?),
            171 => Command::AcceptDelivery(AcceptDelivery::unpack(body, block)?),
            172 => Command::WithdrawDelivery(WithdrawDelivery::unpack(body, block)?),
            173 => Command::PledgeDelivery(PledgeDelivery::unpack(body, block)?),
            174 => Command::PostBond(PostBond::unpack(body, block)?),
            175 => Command::ReturnBond(ReturnBond::unpack(body, block)?),
            176 => Command::FundDelivery(FundDelivery::unpack(body, block)?),
            177 => Command::RepayDelivery(RepayDelivery::unpack(body, block)?),
            178 => Command::TerminateDelivery(TerminateDelivery::unpack(body, block)?),
            179 => Command::ContestRejection(ContestRejection::unpack(body, block)?),
            180 => Command::DetermineTender(DetermineTender::unpack(body, block)?),
            181 => Command::SetDeliveryCredit(SetDeliveryCredit::unpack(body, block)?),
            182 => Command::CorrectMetered(CorrectMetered::unpack(body, block)?),
            183 => Command::OfferExchange(OfferExchange::unpack(body, block)?),
            184 => Command::AcceptExchange(AcceptExchange::unpack(body, block)?),
            185 => Command::WithdrawExchange(WithdrawExchange::unpack(body, block)?),
            186 => Command::GiveGuarantee(GiveGuarantee::unpack(body, block)?),
            187 => Command::ReturnGuarantee(ReturnGuarantee::unpack(body, block)?),
            _ => return Err(FrameError(format!("kind {kind} is not a command"))),
        })
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> u16 {
        match self {
            Command::Genesis(_) => 1,
            Command::AdvanceTime(_) => 2,
            Command::Propose(_) => 3,
            Command::Approve(_) => 4,
            Command::WithdrawProposal(_) => 5,
            Command::RegisterMember(_) => 10,
            Command::RegisterActor(_) => 11,
            Command::OpenAccount(_) => 12,
            Command::SetLimits(_) => 13,
            Command::SuspendMember(_) => 14,
            Command::ReinstateMember(_) => 15,
            Command::EngageKillSwitch(_) => 16,
            Command::ReleaseKillSwitch(_) => 17,
            Command::HaltMarket(_) => 18,
            Command::ResumeMarket(_) => 19,
            Command::DefineAsset(_) => 20,
            Command::ListSeries(_) => 21,
            Command::SetSeriesState(_) => 22,
            Command::SetFees(_) => 23,
            Command::SwitchBehaviour(_) => 24,
            Command::Deposit(_) => 30,
            Command::RequestWithdrawal(_) => 31,
            Command::PostWithdrawal(_) => 32,
            Command::VoidWithdrawal(_) => 33,
            Command::FundLiquidity(_) => 34,
            Command::PlaceOrder(_) => 40,
            Command::ReplaceOrder(_) => 41,
            Command::CancelOrder(_) => 42,
            Command::MassCancel(_) => 43,
            Command::MassQuote(_) => 44,
            Command::SetMakerProtection(_) => 45,
            Command::ArmDeadMan(_) => 46,
            Command::LoseSession(_) => 47,
            Command::OfferTransfer(_) => 48,
            Command::AcceptTransfer(_) => 49,
            Command::BustTrade(_) => 50,
            Command::AdjustTrade(_) => 51,
            Command::WithdrawOffer(_) => 52,
            Command::BeginMarginTable(_) => 60,
            Command::LoadMarginRow(_) => 61,
            Command::ActivateMarginTable(_) => 62,
            Command::SweepAccounts(_) => 63,
            Command::SettleVariation(_) => 70,
            Command::SettleFinal(_) => 71,
            Command::PublishFixing(_) => 72,
            Command::DeclareNoFix(_) => 73,
            Command::PublishLateFixing(_) => 74,
            Command::FundTranche(_) => 80,
            Command::ContributeFund(_) => 81,
            Command::ReturnFund(_) => 82,
            Command::DeclareDefault(_) => 83,
            Command::OfferPort(_) => 84,
            Command::AcceptPort(_) => 85,
            Command::CommitBid(_) => 86,
            Command::AwardSlice(_) => 87,
            Command::AllocateLoss(_) => 88,
            Command::TearUp(_) => 89,
            Command::CloseDefault(_) => 90,
            Command::AdmitCollateral(_) => 100,
            Command::ValueCollateral(_) => 101,
            Command::IssueCall(_) => 102,
            Command::SettlePrices(_) => 103,
            Command::PublishDigest(_) => 104,
            Command::OfferSlice(_) => 120,
            Command::OpenBid(_) => 121,
            Command::EndSlice(_) => 122,
            Command::GiveNotice(_) => 123,
            Command::SetEligibility(_) => 130,
            Command::RecordCover(_) => 131,
            Command::SetLine(_) => 132,
            Command::FundLines(_) => 133,
            Command::SecureLines(_) => 134,
            Command::PublishRate(_) => 135,
            Command::BeginDelivery(_) => 160,
            Command::ExerciseRight(_) => 161,
            Command::NominateDelivery(_) => 162,
            Command::TenderDelivery(_) => 163,
            Command::AcceptTender(_) => 164,
            Command::RejectTender(_) => 165,
            Command::MeterDelivery(_) => 166,
            Command::DisputeMetered(_) => 167,
            Command::DetermineMetered(_) => 168,
            Command::RemedyDelivery(_) => 169,
            Command::OfferDelivery(_) => 170,
            Command::AcceptDelivery(_) => 171,
            Command::WithdrawDelivery(_) => 172,
            Command::PledgeDelivery(_) => 173,
            Command::PostBond(_) => 174,
            Command::ReturnBond(_) => 175,
            Command::FundDelivery(_) => 176,
            Command::RepayDelivery(_) => 177,
            Command::TerminateDelivery(_) => 178,
            Command::ContestRejection(_) => 179,
            Command::DetermineTender(_) => 180,
            Command::SetDeliveryCredit(_) => 181,
            Command::CorrectMetered(_) => 182,
            Command::OfferExchange(_) => 183,
            Command::AcceptExchange(_) => 184,
            Command::WithdrawExchange(_) => 185,
            Command::GiveGuarantee(_) => 186,
            Command::ReturnGuarantee(_) => 187,
        }
    }

    /// Account it names; zero when it names none.
    #[inline]
    #[must_use]
    pub fn account(&self) -> u32 {
        match self {
            Command::OpenAccount(c) => c.account,
            Command::SetLimits(c) => c.account,
            Command::EngageKillSwitch(c) => c.account,
            Command::ReleaseKillSwitch(c) => c.account,
            Command::Deposit(c) => c.account,
            Command::RequestWithdrawal(c) => c.account,
            Command::PlaceOrder(c) => c.account,
            Command::ReplaceOrder(c) => c.account,
            Command::CancelOrder(c) => c.account,
            Command::MassCancel(c) => c.account,
            Command::MassQuote(c) => c.account,
            Command::SetMakerProtection(c) => c.account,
            Command::ArmDeadMan(c) => c.account,
            Command::OfferTransfer(c) => c.account,
            Command::AcceptTransfer(c) => c.account,
            Command::WithdrawOffer(c) => c.account,
            Command::ContributeFund(c) => c.account,
            Command::ReturnFund(c) => c.account,
            Command::OfferPort(c) => c.account,
            Command::AcceptPort(c) => c.account,
            Command::CommitBid(c) => c.account,
            Command::TearUp(c) => c.account,
            Command::IssueCall(c) => c.account,
            Command::OpenBid(c) => c.account,
            Command::SetEligibility(c) => c.account,
            Command::RecordCover(c) => c.account,
            Command::SetLine(c) => c.account,
            Command::ExerciseRight(c) => c.account,
            Command::NominateDelivery(c) => c.account,
            Command::TenderDelivery(c) => c.account,
            Command::AcceptTender(c) => c.account,
            Command::RejectTender(c) => c.account,
            Command::DisputeMetered(c) => c.account,
            Command::OfferDelivery(c) => c.account,
            Command::AcceptDelivery(c) => c.account,
            Command::WithdrawDelivery(c) => c.account,
            Command::PledgeDelivery(c) => c.account,
            Command::PostBond(c) => c.account,
            Command::ReturnBond(c) => c.account,
            Command::RepayDelivery(c) => c.account,
            Command::ContestRejection(c) => c.account,
            Command::SetDeliveryCredit(c) => c.account,
            Command::OfferExchange(c) => c.account,
            Command::AcceptExchange(c) => c.account,
            Command::WithdrawExchange(c) => c.account,
            Command::GiveGuarantee(c) => c.account,
            Command::ReturnGuarantee(c) => c.account,
            _ => 0,
        }
    }

    /// Numbers it occupies: two for each leg of a mass quote, else one.
    #[inline]
    #[must_use]
    pub fn span(&self) -> u64 {
        match self {
            Command::MassQuote(c) => c.span(),
            _ => 1,
        }
    }

    /// The same of a body that was unpacked before; one that is no such body occupies one.
    #[inline]
    #[must_use]
    pub fn span_of(kind: u16, body: &[u8], block: usize) -> u64 {
        if kind != MassQuote::KIND {
            return 1;
        }
        MassQuote::unpack(body, block).map_or(1, |c| c.span())
    }
}

impl MassQuote<'_> {
    #[inline]
    fn span(&self) -> u64 {
        (2 * self.quotes.len() as u64).max(1)
    }
}

/// Who may ask a command, and how.
#[derive(Clone, Copy, Debug)]
pub struct Rights {
    /// Bits of the roles that may; zero is the venue alone.
    pub roles: u32,
    /// Only through propose and approve.
    pub four_eyes: bool,
    /// The actor's member owns the account.
    pub scoped: bool,
    /// Bytes of the block in this schema.
    pub block: u16,
    /// Schema that declared it.
    pub since: u32,
}

/// Rights of a kind; none when it is no command.
#[inline]
#[must_use]
pub fn rights(kind: u16) -> Option<Rights> {
    Some(match kind {
        1 => Rights { roles: 0, four_eyes: false, scoped: false, block: 37, since: 1 },
        2 => Rights { roles: 0, four_eyes: false, scoped: false, block: 0, since: 1 },
        3 => Rights { roles: role::OPERATOR | role::CLEARING, four_eyes: false, scoped: false, block: 2, since: 1 },
        4 => Rights { roles: role::OPERATOR | role::CLEARING, four_eyes: false, scoped: false, block: 8, since: 1 },
        5 => Rights { roles: role::OPERATOR | role::CLEARING, four_eyes: false, scoped: false, block: 8, since: 2 },
        10 => Rights { roles: role::OPERATOR, four_eyes: true, scoped: false, block: 37, since: 1 },
        11 => Rights { roles: role::OPERATOR, four_eyes: true, scoped: false, block: 12, since: 1 },
        12 => Rights { roles: role::OPERATOR, four_eyes: true, scoped: false, block: 37, since: 1 },
        13 => Rights { roles: role::RISK | role::OPERATOR, four_eyes: false, scoped: true, block: 28, since: 1 },
        14 => Rights { roles: role::OPERATOR, four_eyes: false, scoped: false, block: 4, since: 1 },
        15 => Rights { roles: role::OPERATOR, four_eyes: true, scoped: false, block: 4, since: 1 },
        16 => Rights { roles: role::RISK | role::TRADER | role::OPERATOR, four_eyes: false, scoped: true, block: 4, since: 1 },
        17 => Rights { roles: role::RISK | role::OPERATOR, four_eyes: false, scoped: true, block: 4, since: 1 },
        18 => Rights { roles: role::OPERATOR, four_eyes: false, scoped: false, block: 0, since: 1 },
        19 => Rights { roles: role::OPERATOR, four_eyes: true, scoped: false, block: 0, since: 1 },
        20 => Rights { roles: role::OPERATOR, four_eyes: true, scoped: false, block: 35, since: 1 },
        21 => Rights { roles: role::OPERATOR, four_eyes: false, scoped: false, block: 175, since: 1 },
        22 => Rights { roles: role::OPERATOR, four_eyes: false, scoped: false, block: 5, since: 1 },
        23 => Rights { roles: role::OPERATOR, four_eyes: true, scoped: false, block: 28, since: 1 },
        24 => Rights { roles: role::OPERATOR, four_eyes: true, scoped: false, block: 4, since: 1 },
        30 => Rights { roles: role::SETTLEMENT, four_eyes: false, scoped: false, block: 55, since: 1 },
        31 => Rights { roles: role::SETTLEMENT, four_eyes: false, scoped: true, block: 63, since: 1 },
        32 => Rights { roles: role::SETTLEMENT, four_eyes: false, scoped: false, block: 8, since: 1 },
        33 => Rights { roles: role::SETTLEMENT, four_eyes: false, scoped: false, block: 8, since: 1 },
        34 => Rights { roles: role::OPERATOR, four_eyes: true, scoped: false, block: 8, since: 1 },
        40 => Rights { roles: role::TRADER, four_eyes: false, scoped: true, block: 115, since: 1 },
        41 => Rights { roles: role::TRADER, four_eyes: false, scoped: true, block: 102, since: 1 },
        42 => Rights { roles: role::TRADER | role::RISK, four_eyes: false, scoped: true, block: 45, since: 1 },
        43 => Rights { roles: role::TRADER | role::RISK | role::OPERATOR, four_eyes: false, scoped: true, block: 20, since: 1 },
        44 => Rights { roles: role::TRADER, four_eyes: false, scoped: true, block: 17, since: 1 },
        45 => Rights { roles: role::TRADER | role::RISK, four_eyes: false, scoped: true, block: 38, since: 1 },
        46 => Rights { roles: role::TRADER, four_eyes: false, scoped: true, block: 12, since: 1 },
        47 => Rights { roles: 0, four_eyes: false, scoped: false, block: 4, since: 1 },
        48 => Rights { roles: role::TRADER | role::SETTLEMENT, four_eyes: false, scoped: true, block: 28, since: 1 },
        49 => Rights { roles: role::TRADER | role::SETTLEMENT, four_eyes: false, scoped: true, block: 12, since: 1 },
        50 => Rights { roles: role::OPERATOR, four_eyes: true, scoped: false, block: 8, since: 1 },
        51 => Rights { roles: role::OPERATOR, four_eyes: true, scoped: false, block: 16, since: 1 },
        52 => Rights { roles: role::TRADER | role::SETTLEMENT, four_eyes: false, scoped: true, block: 12, since: 1 },
        60 => Rights { roles: role::CLEARING, four_eyes: false, scoped: false, block: 4, since: 1 },
        61 => Rights { roles: role::CLEARING, four_eyes: false, scoped: false, block: 56, since: 1 },
        62 => Rights { roles: role::CLEARING, four_eyes: false, scoped: false, block: 8, since: 1 },
        63 => Rights { roles: role::CLEARING, four_eyes: false, scoped: false, block: 4, since: 1 },
        70 => Rights { roles: role::CLEARING, four_eyes: false, scoped: false, block: 4, since: 1 },
        71 => Rights { roles: role::CLEARING, four_eyes: true, scoped: false, block: 20, since: 1 },
        72 => Rights { roles: role::CLEARING, four_eyes: false, scoped: false, block: 52, since: 1 },
        73 => Rights { roles: role::CLEARING, four_eyes: false, scoped: false, block: 43, since: 3 },
        74 => Rights { roles: role::CLEARING, four_eyes: true, scoped: false, block: 51, since: 3 },
        80 => Rights { roles: role::OPERATOR, four_eyes: true, scoped: false, block: 9, since: 3 },
        81 => Rights { roles: role::SETTLEMENT, four_eyes: false, scoped: true, block: 12, since: 3 },
        82 => Rights { roles: role::OPERATOR | role::CLEARING, four_eyes: true, scoped: false, block: 12, since: 3 },
        83 => Rights { roles: role::OPERATOR | role::CLEARING, four_eyes: true, scoped: false, block: 4, since: 3 },
        84 => Rights { roles: role::CLEARING, four_eyes: false, scoped: false, block: 8, since: 3 },
        85 => Rights { roles: role::RISK, four_eyes: false, scoped: false, block: 4, since: 3 },
        86 => Rights { roles: role::TRADER | role::RISK, four_eyes: false, scoped: true, block: 52, since: 3 },
        87 => Rights { roles: role::CLEARING, four_eyes: true, scoped: false, block: 52, since: 3 },
        88 => Rights { roles: role::CLEARING, four_eyes: true, scoped: false, block: 12, since: 3 },
        89 => Rights { roles: role::CLEARING, four_eyes: true, scoped: false, block: 8, since: 3 },
        90 => Rights { roles: role::CLEARING, four_eyes: true, scoped: false, block: 4, since: 3 },
        100 => Rights { roles: role::CLEARING, four_eyes: true, scoped: false, block: 15, since: 3 },
        101 => Rights { roles: role::CLEARING, four_eyes: false, scoped: false, block: 36, since: 3 },
        102 => Rights { roles: role::CLEARING, four_eyes: false, scoped: false, block: 12, since: 3 },
        103 => Rights { roles: role::CLEARING, four_eyes: false, scoped: false, block: 4, since: 3 },
        104 => Rights { roles: role::CLEARING, four_eyes: false, scoped: false, block: 37, since: 3 },
        120 => Rights { roles: role::CLEARING, four_eyes: false, scoped: false, block: 32, since: 4 },
        121 => Rights { roles: role::TRADER | role::RISK, four_eyes: false, scoped: true, block: 48, since: 4 },
        122 => Rights { roles: role::CLEARING, four_eyes: false, scoped: false, block: 4, since: 4 },
        123 => Rights { roles: role::RISK, four_eyes: false, scoped: false, block: 0, since: 4 },
        130 => Rights { roles: role::OPERATOR, four_eyes: true, scoped: false, block: 44, since: 4 },
        131 => Rights { roles: role::OPERATOR | role::CLEARING, four_eyes: true, scoped: false, block: 56, since: 4 },
        132 => Rights { roles: role::OPERATOR | role::CLEARING, four_eyes: true, scoped: false, block: 16, since: 4 },
        133 => Rights { roles: role::OPERATOR, four_eyes: true, scoped: false, block: 8, since: 4 },
        134 => Rights { roles: role::CLEARING, four_eyes: true, scoped: false, block: 14, since: 4 },
        135 => Rights { roles: role::CLEARING, four_eyes: true, scoped: false, block: 77, since: 4 },
        160 => Rights { roles: role::CLEARING, four_eyes: true, scoped: false, block: 105, since: 5 },
        161 => Rights { roles: role::TRADER | role::RISK, four_eyes: false, scoped: true, block: 24, since: 5 },
        162 => Rights { roles: role::TRADER | role::RISK, four_eyes: false, scoped: true, block: 44, since: 5 },
        163 => Rights { roles: role::TRADER | role::RISK, four_eyes: false, scoped: true, block: 56, since: 5 },
        164 => Rights { roles: role::TRADER | role::RISK, four_eyes: false, scoped: true, block: 12, since: 5 },
        165 => Rights { roles: role::TRADER | role::RISK, four_eyes: false, scoped: true, block: 44, since: 5 },
        166 => Rights { roles: role::CLEARING, four_eyes: false, scoped: false, block: 64, since: 5 },
        167 => Rights { roles: role::TRADER | role::RISK, four_eyes: false, scoped: true, block: 44, since: 5 },
        168 => Rights { roles: role::CLEARING, four_eyes: true, scoped: false, block: 72, since: 5 },
        169 => Rights { roles: role::CLEARING, four_eyes: true, scoped: false, block: 56, since: 5 },
        170 => Rights { roles: role::TRADER | role::RISK, four_eyes: false, scoped: true, block: 40, since: 5 },
        171 => Rights { roles: role::TRADER | role::RISK, four_eyes: false, scoped: true, block: 12, since: 5 },
        172 => Rights { roles: role::TRADER | role::RISK, four_eyes: false, scoped: true, block: 12, since: 5 },
        173 => Rights { roles: role::TRADER | role::RISK, four_eyes: false, scoped: true, block: 16, since: 5 },
        174 => Rights { roles: role::SETTLEMENT, four_eyes: false, scoped: true, block: 12, since: 5 },
        175 => Rights { roles: role::SETTLEMENT, four_eyes: false, scoped: true, block: 12, since: 5 },
        176 => Rights { roles: role::OPERATOR | role::CLEARING, four_eyes: true, scoped: false, block: 8, since: 5 },
        177 => Rights { roles: role::SETTLEMENT, four_eyes: false, scoped: true, block: 12, since: 5 },
        178 => Rights { roles: role::CLEARING, four_eyes: true, scoped: false, block: 41, since: 5 },
        179 => Rights { roles: role::TRADER | role::RISK, four_eyes: false, scoped: true, block: 44, since: 5 },
        180 => Rights { roles: role::CLEARING, four_eyes: true, scoped: false, block: 49, since: 5 },
        181 => Rights { roles: role::CLEARING, four_eyes: true, scoped: false, block: 56, since: 5 },
        182 => Rights { roles: role::CLEARING, four_eyes: true, scoped: false, block: 48, since: 5 },
        183 => Rights { roles: role::TRADER | role::RISK, four_eyes: false, scoped: true, block: 56, since: 5 },
        184 => Rights { roles: role::TRADER | role::RISK, four_eyes: false, scoped: true, block: 12, since: 5 },
        185 => Rights { roles: role::TRADER | role::RISK, four_eyes: false, scoped: true, block: 12, since: 5 },
        186 => Rights { roles: role::SETTLEMENT, four_eyes: false, scoped: true, block: 56, since: 6 },
        187 => Rights { roles: role::SETTLEMENT, four_eyes: false, scoped: true, block: 12, since: 6 },
        _ => return None,
    })
}
