//! Events. Written by tools/wire.py from schema/; change it there.
#![allow(clippy::all, clippy::pedantic, unused_variables, unused_imports)]

use super::*;
use crate::frame::{Element, FrameError, List, Message, Text, exact, fixed, read_bytes, whole, write_bytes};

/// A command was refused; nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Reason.
    pub refusal: u16,
    /// Account of the command; 0 if none.
    pub account: u32,
    /// What was expected, in the unit the refusal names.
    pub expected: i64,
    /// What was found.
    pub found: i64,
}

impl Refused {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 22] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("refused", body, at)?;
        Ok(Self {
            refusal: u16::from_le_bytes(b[0..2].try_into().unwrap()),
            account: u32::from_le_bytes(b[2..6].try_into().unwrap()),
            expected: i64::from_le_bytes(b[6..14].try_into().unwrap()),
            found: i64::from_le_bytes(b[14..22].try_into().unwrap()),
        })
    }
}

impl Message for Refused {
    const KIND: u16 = 1000;
    const BLOCK: u16 = 22;
    const NAME: &'static str = "refused";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 22] = block.try_into().unwrap();
        b[0..2].copy_from_slice(&self.refusal.to_le_bytes());
        b[2..6].copy_from_slice(&self.account.to_le_bytes());
        b[6..14].copy_from_slice(&self.expected.to_le_bytes());
        b[14..22].copy_from_slice(&self.found.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// The same reference and body came before; the first result stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// Account.
    pub account: u32,
    /// Command number of the first one.
    pub original: u64,
}

impl Replayed {
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
        whole("replayed", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            original: u64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for Replayed {
    const KIND: u16 = 1001;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "replayed";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.original.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// The house exists.
#[derive(Clone, Copy)]
pub struct HouseOpened<'a> {
    /// Name.
    pub name: Text,
    /// Behaviour it opens under; 0 is the first.
    pub behaviour: u32,
    /// First operators.
    pub operators: List<'a, ActorNumber>,
}

impl<'a> HouseOpened<'a> {
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
        whole("house_opened", body, at)?;
        Ok(Self {
            name: Text::read(b[0..33].try_into().unwrap())?,
            behaviour: u32::from_le_bytes(b[33..37].try_into().unwrap()),
            operators,
        })
    }
}

impl Message for HouseOpened<'_> {
    const KIND: u16 = 1002;
    const BLOCK: u16 = 37;
    const NAME: &'static str = "house_opened";

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

/// A four-eyes command waits for a second operator.
#[derive(Clone, Copy)]
pub struct Proposed<'a> {
    /// Command number of the proposal.
    pub proposal: u64,
    /// Kind proposed.
    pub command: u16,
    /// Lapses then.
    pub due: i64,
    /// Block and variable part.
    pub payload: &'a [u8],
}

impl<'a> Proposed<'a> {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &'a [u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 18] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        let (payload, at) = read_bytes(body, at)?;
        whole("proposed", body, at)?;
        Ok(Self {
            proposal: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            command: u16::from_le_bytes(b[8..10].try_into().unwrap()),
            due: i64::from_le_bytes(b[10..18].try_into().unwrap()),
            payload,
        })
    }
}

impl Message for Proposed<'_> {
    const KIND: u16 = 1003;
    const BLOCK: u16 = 18;
    const NAME: &'static str = "proposed";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 18] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.proposal.to_le_bytes());
        b[8..10].copy_from_slice(&self.command.to_le_bytes());
        b[10..18].copy_from_slice(&self.due.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
        write_bytes(self.payload, out);
    }
}

/// A second operator approved; the command follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Approved {
    /// Proposal, used up.
    pub proposal: u64,
}

impl Approved {
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
        whole("approved", body, at)?;
        Ok(Self {
            proposal: u64::from_le_bytes(b[0..8].try_into().unwrap()),
        })
    }
}

impl Message for Approved {
    const KIND: u16 = 1004;
    const BLOCK: u16 = 8;
    const NAME: &'static str = "approved";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 8] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.proposal.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Nobody approved a proposal in time; it can no longer be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProposalLapsed {
    /// Command number of the proposal.
    pub proposal: u64,
}

impl ProposalLapsed {
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
        whole("proposal_lapsed", body, at)?;
        Ok(Self {
            proposal: u64::from_le_bytes(b[0..8].try_into().unwrap()),
        })
    }
}

impl Message for ProposalLapsed {
    const KIND: u16 = 1005;
    const BLOCK: u16 = 8;
    const NAME: &'static str = "proposal_lapsed";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 8] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.proposal.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Who proposed a command took it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProposalWithdrawn {
    /// Command number of the proposal.
    pub proposal: u64,
}

impl ProposalWithdrawn {
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
        whole("proposal_withdrawn", body, at)?;
        Ok(Self {
            proposal: u64::from_le_bytes(b[0..8].try_into().unwrap()),
        })
    }
}

impl Message for ProposalWithdrawn {
    const KIND: u16 = 1006;
    const BLOCK: u16 = 8;
    const NAME: &'static str = "proposal_withdrawn";
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

/// A member was admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberRegistered {
    /// Member.
    pub member: u32,
    /// Name.
    pub name: Text,
}

impl MemberRegistered {
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
        whole("member_registered", body, at)?;
        Ok(Self {
            member: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            name: Text::read(b[4..37].try_into().unwrap())?,
        })
    }
}

impl Message for MemberRegistered {
    const KIND: u16 = 1010;
    const BLOCK: u16 = 37;
    const NAME: &'static str = "member_registered";

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

/// An actor has these roles now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActorRegistered {
    /// Actor.
    pub registered: u32,
    /// Member.
    pub member: u32,
    /// Roles.
    pub roles: u32,
}

impl ActorRegistered {
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
        whole("actor_registered", body, at)?;
        Ok(Self {
            registered: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            member: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            roles: u32::from_le_bytes(b[8..12].try_into().unwrap()),
        })
    }
}

impl Message for ActorRegistered {
    const KIND: u16 = 1011;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "actor_registered";

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

/// An account was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountOpened {
    /// Account.
    pub account: u32,
    /// Member.
    pub member: u32,
    /// House or client.
    pub account_kind: AccountKind,
    /// Beneficial owner.
    pub owner: u32,
    /// Limit.
    pub position_limit: i64,
    /// Limit.
    pub order_lots_limit: i64,
    /// Limit.
    pub order_value_limit: i64,
}

impl AccountOpened {
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
        whole("account_opened", body, at)?;
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

impl Message for AccountOpened {
    const KIND: u16 = 1012;
    const BLOCK: u16 = 37;
    const NAME: &'static str = "account_opened";

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

/// Limits changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitsSet {
    /// Account.
    pub account: u32,
    /// Limit.
    pub position_limit: i64,
    /// Limit.
    pub order_lots_limit: i64,
    /// Limit.
    pub order_value_limit: i64,
}

impl LimitsSet {
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
        whole("limits_set", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            position_limit: i64::from_le_bytes(b[4..12].try_into().unwrap()),
            order_lots_limit: i64::from_le_bytes(b[12..20].try_into().unwrap()),
            order_value_limit: i64::from_le_bytes(b[20..28].try_into().unwrap()),
        })
    }
}

impl Message for LimitsSet {
    const KIND: u16 = 1013;
    const BLOCK: u16 = 28;
    const NAME: &'static str = "limits_set";

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

/// A member may not trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberSuspended {
    /// Member.
    pub member: u32,
}

impl MemberSuspended {
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
        whole("member_suspended", body, at)?;
        Ok(Self {
            member: u32::from_le_bytes(b[0..4].try_into().unwrap()),
        })
    }
}

impl Message for MemberSuspended {
    const KIND: u16 = 1014;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "member_suspended";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 4] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.member.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A member may trade again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberReinstated {
    /// Member.
    pub member: u32,
}

impl MemberReinstated {
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
        whole("member_reinstated", body, at)?;
        Ok(Self {
            member: u32::from_le_bytes(b[0..4].try_into().unwrap()),
        })
    }
}

impl Message for MemberReinstated {
    const KIND: u16 = 1015;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "member_reinstated";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 4] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.member.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// An account may not place orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KillSwitchEngaged {
    /// Account.
    pub account: u32,
}

impl KillSwitchEngaged {
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
        whole("kill_switch_engaged", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
        })
    }
}

impl Message for KillSwitchEngaged {
    const KIND: u16 = 1016;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "kill_switch_engaged";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 4] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// An account may place orders again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KillSwitchReleased {
    /// Account.
    pub account: u32,
}

impl KillSwitchReleased {
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
        whole("kill_switch_released", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
        })
    }
}

impl Message for KillSwitchReleased {
    const KIND: u16 = 1017;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "kill_switch_released";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 4] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// All trading stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarketHalted {
    /// Why.
    pub reason: HaltReason,
}

impl MarketHalted {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 1] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("market_halted", body, at)?;
        Ok(Self {
            reason: HaltReason::of(b[0])?,
        })
    }
}

impl Message for MarketHalted {
    const KIND: u16 = 1018;
    const BLOCK: u16 = 1;
    const NAME: &'static str = "market_halted";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 1] = block.try_into().unwrap();
        b[0] = self.reason as u8;
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Trading goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarketResumed {

}

impl MarketResumed {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        fixed::<0>(body, block)?;
        let at = block;
        whole("market_resumed", body, at)?;
        Ok(Self {
        })
    }
}

impl Message for MarketResumed {
    const KIND: u16 = 1019;
    const BLOCK: u16 = 0;
    const NAME: &'static str = "market_resumed";

    #[inline]
    fn block(&self, block: &mut [u8]) {
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// An asset joined the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AssetDefined {
    /// Asset.
    pub asset: u16,
    /// Name.
    pub name: Text,
}

impl AssetDefined {
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
        whole("asset_defined", body, at)?;
        Ok(Self {
            asset: u16::from_le_bytes(b[0..2].try_into().unwrap()),
            name: Text::read(b[2..35].try_into().unwrap())?,
        })
    }
}

impl Message for AssetDefined {
    const KIND: u16 = 1020;
    const BLOCK: u16 = 35;
    const NAME: &'static str = "asset_defined";

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

/// A series was listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeriesListed {
    /// Number.
    pub series: u32,
    /// Name.
    pub symbol: Text,
    /// Product.
    pub series_kind: SeriesKind,
    /// Product group.
    pub group: u16,
    /// Index.
    pub index: u16,
    /// First delivery month.
    pub first_month: u32,
    /// Last delivery month.
    pub last_month: u32,
    /// Hours of one lot.
    pub hours: u32,
    /// Tick.
    pub tick: i64,
    /// Strike.
    pub strike: i64,
    /// Centre of the first band.
    pub reference_price: i64,
    /// Band.
    pub band: u32,
    /// Pause range.
    pub pause_range: u32,
    /// Pause length.
    pub pause_duration: i64,
    /// Protection distance.
    pub protection: u32,
    /// Maker fee.
    pub maker_fee: i64,
    /// Taker fee.
    pub taker_fee: i64,
    /// Clearing fee.
    pub clearing_fee: i64,
    /// End of trading.
    pub last_trading_time: i64,
    /// Version of its contract standard; 0 none.
    pub standard_version: u32,
    /// SHA-256 of the canonical text of that standard; zeros none.
    pub standard_hash: [u8; 32],
    /// End of a delivery period within its last month; 0 the end of that month.
    pub period_ends: i64,
    /// Settled by delivery of capacity.
    pub delivers: bool,
}

impl SeriesListed {
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
        whole("series_listed", body, at)?;
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

impl Message for SeriesListed {
    const KIND: u16 = 1021;
    const BLOCK: u16 = 175;
    const NAME: &'static str = "series_listed";

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

/// A series entered a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeriesStateChanged {
    /// Series.
    pub series: u32,
    /// State.
    pub state: SeriesState,
    /// Why.
    pub reason: PauseReason,
    /// End of a volatility pause; 0 open-ended.
    pub until: i64,
}

impl SeriesStateChanged {
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
        whole("series_state_changed", body, at)?;
        Ok(Self {
            series: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            state: SeriesState::of(b[4])?,
            reason: PauseReason::of(b[5])?,
            until: i64::from_le_bytes(b[6..14].try_into().unwrap()),
        })
    }
}

impl Message for SeriesStateChanged {
    const KIND: u16 = 1022;
    const BLOCK: u16 = 14;
    const NAME: &'static str = "series_state_changed";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 14] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.series.to_le_bytes());
        b[4] = self.state as u8;
        b[5] = self.reason as u8;
        b[6..14].copy_from_slice(&self.until.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Fees changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeesSet {
    /// Series.
    pub series: u32,
    /// Per lot.
    pub maker_fee: i64,
    /// Per lot.
    pub taker_fee: i64,
    /// Per lot and side.
    pub clearing_fee: i64,
}

impl FeesSet {
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
        whole("fees_set", body, at)?;
        Ok(Self {
            series: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            maker_fee: i64::from_le_bytes(b[4..12].try_into().unwrap()),
            taker_fee: i64::from_le_bytes(b[12..20].try_into().unwrap()),
            clearing_fee: i64::from_le_bytes(b[20..28].try_into().unwrap()),
        })
    }
}

impl Message for FeesSet {
    const KIND: u16 = 1023;
    const BLOCK: u16 = 28;
    const NAME: &'static str = "fees_set";

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

/// A version of behaviour is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BehaviourSwitched {
    /// Version.
    pub behaviour: u32,
}

impl BehaviourSwitched {
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
        whole("behaviour_switched", body, at)?;
        Ok(Self {
            behaviour: u32::from_le_bytes(b[0..4].try_into().unwrap()),
        })
    }
}

impl Message for BehaviourSwitched {
    const KIND: u16 = 1024;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "behaviour_switched";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 4] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.behaviour.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// The centre of the price band moved: an auction price or a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReferenceMoved {
    /// Series.
    pub series: u32,
    /// Reference price.
    pub price: i64,
}

impl ReferenceMoved {
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
        whole("reference_moved", body, at)?;
        Ok(Self {
            series: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            price: i64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for ReferenceMoved {
    const KIND: u16 = 1025;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "reference_moved";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.series.to_le_bytes());
        b[4..12].copy_from_slice(&self.price.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A call auction found its price; its trades follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuctionUncrossed {
    /// Series.
    pub series: u32,
    /// Auction price; 0 when nothing crosses.
    pub price: i64,
    /// Lots executable at that price.
    pub lots: i64,
    /// Buy lots less sell lots at that price.
    pub imbalance: i64,
}

impl AuctionUncrossed {
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
        whole("auction_uncrossed", body, at)?;
        Ok(Self {
            series: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            price: i64::from_le_bytes(b[4..12].try_into().unwrap()),
            lots: i64::from_le_bytes(b[12..20].try_into().unwrap()),
            imbalance: i64::from_le_bytes(b[20..28].try_into().unwrap()),
        })
    }
}

impl Message for AuctionUncrossed {
    const KIND: u16 = 1026;
    const BLOCK: u16 = 28;
    const NAME: &'static str = "auction_uncrossed";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 28] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.series.to_le_bytes());
        b[4..12].copy_from_slice(&self.price.to_le_bytes());
        b[12..20].copy_from_slice(&self.lots.to_le_bytes());
        b[20..28].copy_from_slice(&self.imbalance.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Money moved between two ledger accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransferPosted {
    /// Account.
    pub account: u32,
    /// Asset.
    pub asset: u16,
    /// Amount, positive.
    pub amount: i64,
    /// Deposit: bank to cash. Withdrawal: cash to bank, unpended. Liquidity: bank to the house's liquidity, a shortfall first (account 0).
    pub reason: TransferReason,
    /// Part of it that paid dues (deposit) or shortfall (liquidity).
    pub to_dues: i64,
    /// Pending transfer it completes; 0 none.
    pub pending: u64,
    /// Reference.
    pub reference: Text,
    /// Time of the reference.
    pub reference_time: i64,
    /// Check of the command's terms.
    pub body: u32,
}

impl TransferPosted {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 76] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("transfer_posted", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            asset: u16::from_le_bytes(b[4..6].try_into().unwrap()),
            amount: i64::from_le_bytes(b[6..14].try_into().unwrap()),
            reason: TransferReason::of(b[14])?,
            to_dues: i64::from_le_bytes(b[15..23].try_into().unwrap()),
            pending: u64::from_le_bytes(b[23..31].try_into().unwrap()),
            reference: Text::read(b[31..64].try_into().unwrap())?,
            reference_time: i64::from_le_bytes(b[64..72].try_into().unwrap()),
            body: u32::from_le_bytes(b[72..76].try_into().unwrap()),
        })
    }
}

impl Message for TransferPosted {
    const KIND: u16 = 1030;
    const BLOCK: u16 = 76;
    const NAME: &'static str = "transfer_posted";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 76] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..6].copy_from_slice(&self.asset.to_le_bytes());
        b[6..14].copy_from_slice(&self.amount.to_le_bytes());
        b[14] = self.reason as u8;
        b[15..23].copy_from_slice(&self.to_dues.to_le_bytes());
        b[23..31].copy_from_slice(&self.pending.to_le_bytes());
        b[31..64].copy_from_slice(self.reference.wire());
        b[64..72].copy_from_slice(&self.reference_time.to_le_bytes());
        b[72..76].copy_from_slice(&self.body.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Cash is set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransferPended {
    /// Command number of the request.
    pub transfer: u64,
    /// Account.
    pub account: u32,
    /// Asset.
    pub asset: u16,
    /// Amount.
    pub amount: i64,
    /// Voids then; 0 never.
    pub due: i64,
    /// Client reference.
    pub reference: Text,
    /// Time of the reference.
    pub reference_time: i64,
    /// Check of the command's terms.
    pub body: u32,
}

impl TransferPended {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 75] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("transfer_pended", body, at)?;
        Ok(Self {
            transfer: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            asset: u16::from_le_bytes(b[12..14].try_into().unwrap()),
            amount: i64::from_le_bytes(b[14..22].try_into().unwrap()),
            due: i64::from_le_bytes(b[22..30].try_into().unwrap()),
            reference: Text::read(b[30..63].try_into().unwrap())?,
            reference_time: i64::from_le_bytes(b[63..71].try_into().unwrap()),
            body: u32::from_le_bytes(b[71..75].try_into().unwrap()),
        })
    }
}

impl Message for TransferPended {
    const KIND: u16 = 1031;
    const BLOCK: u16 = 75;
    const NAME: &'static str = "transfer_pended";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 75] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.transfer.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..14].copy_from_slice(&self.asset.to_le_bytes());
        b[14..22].copy_from_slice(&self.amount.to_le_bytes());
        b[22..30].copy_from_slice(&self.due.to_le_bytes());
        b[30..63].copy_from_slice(self.reference.wire());
        b[63..71].copy_from_slice(&self.reference_time.to_le_bytes());
        b[71..75].copy_from_slice(&self.body.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Cash set aside is free again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransferVoided {
    /// Request.
    pub transfer: u64,
    /// Account.
    pub account: u32,
    /// Asset.
    pub asset: u16,
    /// Amount.
    pub amount: i64,
}

impl TransferVoided {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 22] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("transfer_voided", body, at)?;
        Ok(Self {
            transfer: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            asset: u16::from_le_bytes(b[12..14].try_into().unwrap()),
            amount: i64::from_le_bytes(b[14..22].try_into().unwrap()),
        })
    }
}

impl Message for TransferVoided {
    const KIND: u16 = 1032;
    const BLOCK: u16 = 22;
    const NAME: &'static str = "transfer_voided";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 22] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.transfer.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..14].copy_from_slice(&self.asset.to_le_bytes());
        b[14..22].copy_from_slice(&self.amount.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// An order passed every guard; its lots count as open from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderAccepted {
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
    /// Self-trade prevention.
    pub self_trade: SelfTrade,
    /// Leg of a mass quote.
    pub quote: bool,
    /// Skips coverage.
    pub close_out: bool,
    /// Worst price: the limit, or the protection price.
    pub price: i64,
    /// Lots.
    pub lots: i64,
    /// Visible slice; 0 all.
    pub display_lots: i64,
    /// Minimum at once; 0 none.
    pub minimum_lots: i64,
    /// Trigger; 0 none.
    pub stop_price: i64,
    /// End of a GTD order; 0 none.
    pub expiry: i64,
    /// Session; 0 none.
    pub session: u32,
    /// Label.
    pub label: u64,
    /// Client reference.
    pub reference: Text,
    /// Time of the reference.
    pub reference_time: i64,
    /// Check of the command's terms.
    pub body: u32,
}

impl OrderAccepted {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 127] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("order_accepted", body, at)?;
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
            reference_time: i64::from_le_bytes(b[115..123].try_into().unwrap()),
            body: u32::from_le_bytes(b[123..127].try_into().unwrap()),
        })
    }
}

impl Message for OrderAccepted {
    const KIND: u16 = 1040;
    const BLOCK: u16 = 127;
    const NAME: &'static str = "order_accepted";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 127] = block.try_into().unwrap();
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
        b[115..123].copy_from_slice(&self.reference_time.to_le_bytes());
        b[123..127].copy_from_slice(&self.body.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// What is left of an order joined the book at the end of its level. The event number is its priority and its public id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderRested {
    /// Series.
    pub series: u32,
    /// Side.
    pub side: Side,
    /// Level.
    pub price: i64,
    /// Lots shown.
    pub visible: i64,
    /// Order.
    pub order: u64,
    /// Account.
    pub account: u32,
}

impl OrderRested {
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
        whole("order_rested", body, at)?;
        Ok(Self {
            series: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            side: Side::of(b[4])?,
            price: i64::from_le_bytes(b[5..13].try_into().unwrap()),
            visible: i64::from_le_bytes(b[13..21].try_into().unwrap()),
            order: u64::from_le_bytes(b[21..29].try_into().unwrap()),
            account: u32::from_le_bytes(b[29..33].try_into().unwrap()),
        })
    }
}

impl Message for OrderRested {
    const KIND: u16 = 1041;
    const BLOCK: u16 = 33;
    const NAME: &'static str = "order_rested";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 33] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.series.to_le_bytes());
        b[4] = self.side as u8;
        b[5..13].copy_from_slice(&self.price.to_le_bytes());
        b[13..21].copy_from_slice(&self.visible.to_le_bytes());
        b[21..29].copy_from_slice(&self.order.to_le_bytes());
        b[29..33].copy_from_slice(&self.account.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A stop order waits for its trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderWaiting {
    /// Order.
    pub order: u64,
    /// Account.
    pub account: u32,
    /// Series.
    pub series: u32,
}

impl OrderWaiting {
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
        whole("order_waiting", body, at)?;
        Ok(Self {
            order: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            series: u32::from_le_bytes(b[12..16].try_into().unwrap()),
        })
    }
}

impl Message for OrderWaiting {
    const KIND: u16 = 1042;
    const BLOCK: u16 = 16;
    const NAME: &'static str = "order_waiting";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 16] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.order.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..16].copy_from_slice(&self.series.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A stop order met its trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderElected {
    /// Order.
    pub order: u64,
    /// Account.
    pub account: u32,
    /// Series.
    pub series: u32,
}

impl OrderElected {
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
        whole("order_elected", body, at)?;
        Ok(Self {
            order: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            series: u32::from_le_bytes(b[12..16].try_into().unwrap()),
        })
    }
}

impl Message for OrderElected {
    const KIND: u16 = 1043;
    const BLOCK: u16 = 16;
    const NAME: &'static str = "order_elected";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 16] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.order.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..16].copy_from_slice(&self.series.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A resting order has other terms; it left the book unless priority is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderReplaced {
    /// Order.
    pub order: u64,
    /// Account.
    pub account: u32,
    /// Series.
    pub series: u32,
    /// Side.
    pub side: Side,
    /// Level it stood at.
    pub old_price: i64,
    /// Lots it showed.
    pub old_visible: i64,
    /// Limit now.
    pub price: i64,
    /// Remaining lots now.
    pub lots: i64,
    /// Lots it shows if priority is kept; 0 when it left the book.
    pub visible: i64,
    /// Priority kept, still in the book.
    pub kept: bool,
    /// Reference of the replacement.
    pub reference: Text,
    /// Time of the reference.
    pub reference_time: i64,
    /// Check of the command's terms.
    pub body: u32,
}

impl OrderReplaced {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 103] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("order_replaced", body, at)?;
        Ok(Self {
            order: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            series: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            side: Side::of(b[16])?,
            old_price: i64::from_le_bytes(b[17..25].try_into().unwrap()),
            old_visible: i64::from_le_bytes(b[25..33].try_into().unwrap()),
            price: i64::from_le_bytes(b[33..41].try_into().unwrap()),
            lots: i64::from_le_bytes(b[41..49].try_into().unwrap()),
            visible: i64::from_le_bytes(b[49..57].try_into().unwrap()),
            kept: b[57] != 0,
            reference: Text::read(b[58..91].try_into().unwrap())?,
            reference_time: i64::from_le_bytes(b[91..99].try_into().unwrap()),
            body: u32::from_le_bytes(b[99..103].try_into().unwrap()),
        })
    }
}

impl Message for OrderReplaced {
    const KIND: u16 = 1044;
    const BLOCK: u16 = 103;
    const NAME: &'static str = "order_replaced";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 103] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.order.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..16].copy_from_slice(&self.series.to_le_bytes());
        b[16] = self.side as u8;
        b[17..25].copy_from_slice(&self.old_price.to_le_bytes());
        b[25..33].copy_from_slice(&self.old_visible.to_le_bytes());
        b[33..41].copy_from_slice(&self.price.to_le_bytes());
        b[41..49].copy_from_slice(&self.lots.to_le_bytes());
        b[49..57].copy_from_slice(&self.visible.to_le_bytes());
        b[57] = self.kept as u8;
        b[58..91].copy_from_slice(self.reference.wire());
        b[91..99].copy_from_slice(&self.reference_time.to_le_bytes());
        b[99..103].copy_from_slice(&self.body.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Self-trade prevention took the same lots off an order as off its counterpart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderReduced {
    /// Order.
    pub order: u64,
    /// Account.
    pub account: u32,
    /// Series.
    pub series: u32,
    /// Side.
    pub side: Side,
    /// Level.
    pub price: i64,
    /// Lots taken off.
    pub lots: i64,
    /// Visible lots taken off the book; 0 on the incoming order.
    pub visible: i64,
}

impl OrderReduced {
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
        whole("order_reduced", body, at)?;
        Ok(Self {
            order: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            series: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            side: Side::of(b[16])?,
            price: i64::from_le_bytes(b[17..25].try_into().unwrap()),
            lots: i64::from_le_bytes(b[25..33].try_into().unwrap()),
            visible: i64::from_le_bytes(b[33..41].try_into().unwrap()),
        })
    }
}

impl Message for OrderReduced {
    const KIND: u16 = 1045;
    const BLOCK: u16 = 41;
    const NAME: &'static str = "order_reduced";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 41] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.order.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..16].copy_from_slice(&self.series.to_le_bytes());
        b[16] = self.side as u8;
        b[17..25].copy_from_slice(&self.price.to_le_bytes());
        b[25..33].copy_from_slice(&self.lots.to_le_bytes());
        b[33..41].copy_from_slice(&self.visible.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// What was left of an order ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderCancelled {
    /// Order.
    pub order: u64,
    /// Account.
    pub account: u32,
    /// Series.
    pub series: u32,
    /// Side.
    pub side: Side,
    /// Level.
    pub price: i64,
    /// Visible lots that left the book; 0 if it was not in the book.
    pub visible: i64,
    /// Lots cancelled.
    pub lots: i64,
    /// Why.
    pub reason: CancelReason,
}

impl OrderCancelled {
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
        whole("order_cancelled", body, at)?;
        Ok(Self {
            order: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            series: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            side: Side::of(b[16])?,
            price: i64::from_le_bytes(b[17..25].try_into().unwrap()),
            visible: i64::from_le_bytes(b[25..33].try_into().unwrap()),
            lots: i64::from_le_bytes(b[33..41].try_into().unwrap()),
            reason: CancelReason::of(b[41])?,
        })
    }
}

impl Message for OrderCancelled {
    const KIND: u16 = 1046;
    const BLOCK: u16 = 42;
    const NAME: &'static str = "order_cancelled";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 42] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.order.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..16].copy_from_slice(&self.series.to_le_bytes());
        b[16] = self.side as u8;
        b[17..25].copy_from_slice(&self.price.to_le_bytes());
        b[25..33].copy_from_slice(&self.visible.to_le_bytes());
        b[33..41].copy_from_slice(&self.lots.to_le_bytes());
        b[41] = self.reason as u8;
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// An iceberg shows its next slice, at the end of its level under a new public id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SliceRefreshed {
    /// Series.
    pub series: u32,
    /// Side.
    pub side: Side,
    /// Level.
    pub price: i64,
    /// Lots shown.
    pub visible: i64,
    /// Order.
    pub order: u64,
    /// Account.
    pub account: u32,
}

impl SliceRefreshed {
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
        whole("slice_refreshed", body, at)?;
        Ok(Self {
            series: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            side: Side::of(b[4])?,
            price: i64::from_le_bytes(b[5..13].try_into().unwrap()),
            visible: i64::from_le_bytes(b[13..21].try_into().unwrap()),
            order: u64::from_le_bytes(b[21..29].try_into().unwrap()),
            account: u32::from_le_bytes(b[29..33].try_into().unwrap()),
        })
    }
}

impl Message for SliceRefreshed {
    const KIND: u16 = 1047;
    const BLOCK: u16 = 33;
    const NAME: &'static str = "slice_refreshed";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 33] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.series.to_le_bytes());
        b[4] = self.side as u8;
        b[5..13].copy_from_slice(&self.price.to_le_bytes());
        b[13..21].copy_from_slice(&self.visible.to_le_bytes());
        b[21..29].copy_from_slice(&self.order.to_le_bytes());
        b[29..33].copy_from_slice(&self.account.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Two orders traded. The event number is the trade's number. The book side that rested lost these lots at its level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traded {
    /// Series.
    pub series: u32,
    /// Price.
    pub price: i64,
    /// Lots.
    pub lots: i64,
    /// Side that crossed; none in an auction.
    pub aggressor: Aggressor,
    /// Level of the buy order in the book; 0 when it was incoming.
    pub buy_price: i64,
    /// Level of the sell order in the book; 0 when it was incoming.
    pub sell_price: i64,
    /// Buy order.
    pub buy_order: u64,
    /// Sell order.
    pub sell_order: u64,
    /// Account that bought.
    pub buy_account: u32,
    /// Account that sold.
    pub sell_account: u32,
    /// Exchange fee of the buyer.
    pub buy_fee: i64,
    /// Exchange fee of the seller.
    pub sell_fee: i64,
    /// Clearing fee of the buyer.
    pub buy_clearing_fee: i64,
    /// Clearing fee of the seller.
    pub sell_clearing_fee: i64,
    /// Option premium the buyer pays the seller at once; 0 otherwise.
    pub premium: i64,
}

impl Traded {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 101] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("traded", body, at)?;
        Ok(Self {
            series: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            price: i64::from_le_bytes(b[4..12].try_into().unwrap()),
            lots: i64::from_le_bytes(b[12..20].try_into().unwrap()),
            aggressor: Aggressor::of(b[20])?,
            buy_price: i64::from_le_bytes(b[21..29].try_into().unwrap()),
            sell_price: i64::from_le_bytes(b[29..37].try_into().unwrap()),
            buy_order: u64::from_le_bytes(b[37..45].try_into().unwrap()),
            sell_order: u64::from_le_bytes(b[45..53].try_into().unwrap()),
            buy_account: u32::from_le_bytes(b[53..57].try_into().unwrap()),
            sell_account: u32::from_le_bytes(b[57..61].try_into().unwrap()),
            buy_fee: i64::from_le_bytes(b[61..69].try_into().unwrap()),
            sell_fee: i64::from_le_bytes(b[69..77].try_into().unwrap()),
            buy_clearing_fee: i64::from_le_bytes(b[77..85].try_into().unwrap()),
            sell_clearing_fee: i64::from_le_bytes(b[85..93].try_into().unwrap()),
            premium: i64::from_le_bytes(b[93..101].try_into().unwrap()),
        })
    }
}

impl Message for Traded {
    const KIND: u16 = 1050;
    const BLOCK: u16 = 101;
    const NAME: &'static str = "traded";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 101] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.series.to_le_bytes());
        b[4..12].copy_from_slice(&self.price.to_le_bytes());
        b[12..20].copy_from_slice(&self.lots.to_le_bytes());
        b[20] = self.aggressor as u8;
        b[21..29].copy_from_slice(&self.buy_price.to_le_bytes());
        b[29..37].copy_from_slice(&self.sell_price.to_le_bytes());
        b[37..45].copy_from_slice(&self.buy_order.to_le_bytes());
        b[45..53].copy_from_slice(&self.sell_order.to_le_bytes());
        b[53..57].copy_from_slice(&self.buy_account.to_le_bytes());
        b[57..61].copy_from_slice(&self.sell_account.to_le_bytes());
        b[61..69].copy_from_slice(&self.buy_fee.to_le_bytes());
        b[69..77].copy_from_slice(&self.sell_fee.to_le_bytes());
        b[77..85].copy_from_slice(&self.buy_clearing_fee.to_le_bytes());
        b[85..93].copy_from_slice(&self.sell_clearing_fee.to_le_bytes());
        b[93..101].copy_from_slice(&self.premium.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A trade was undone: positions go back, fees return; premium and price differences follow as payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TradeBusted {
    /// Trade.
    pub trade: u64,
    /// Series.
    pub series: u32,
    /// Its price.
    pub price: i64,
    /// Its lots.
    pub lots: i64,
    /// Account that had bought.
    pub buy_account: u32,
    /// Account that had sold.
    pub sell_account: u32,
    /// Exchange fee returned.
    pub buy_fee: i64,
    /// Exchange fee returned.
    pub sell_fee: i64,
    /// Clearing fee returned.
    pub buy_clearing_fee: i64,
    /// Clearing fee returned.
    pub sell_clearing_fee: i64,
}

impl TradeBusted {
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
        whole("trade_busted", body, at)?;
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

impl Message for TradeBusted {
    const KIND: u16 = 1051;
    const BLOCK: u16 = 68;
    const NAME: &'static str = "trade_busted";

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

/// The price of a trade was corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TradeAdjusted {
    /// Trade.
    pub trade: u64,
    /// Series.
    pub series: u32,
    /// Price before.
    pub old_price: i64,
    /// Price now.
    pub price: i64,
    /// Lots.
    pub lots: i64,
    /// Buyer.
    pub buy_account: u32,
    /// Seller.
    pub sell_account: u32,
}

impl TradeAdjusted {
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
        whole("trade_adjusted", body, at)?;
        Ok(Self {
            trade: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            series: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            old_price: i64::from_le_bytes(b[12..20].try_into().unwrap()),
            price: i64::from_le_bytes(b[20..28].try_into().unwrap()),
            lots: i64::from_le_bytes(b[28..36].try_into().unwrap()),
            buy_account: u32::from_le_bytes(b[36..40].try_into().unwrap()),
            sell_account: u32::from_le_bytes(b[40..44].try_into().unwrap()),
        })
    }
}

impl Message for TradeAdjusted {
    const KIND: u16 = 1052;
    const BLOCK: u16 = 44;
    const NAME: &'static str = "trade_adjusted";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 44] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.trade.to_le_bytes());
        b[8..12].copy_from_slice(&self.series.to_le_bytes());
        b[12..20].copy_from_slice(&self.old_price.to_le_bytes());
        b[20..28].copy_from_slice(&self.price.to_le_bytes());
        b[28..36].copy_from_slice(&self.lots.to_le_bytes());
        b[36..40].copy_from_slice(&self.buy_account.to_le_bytes());
        b[40..44].copy_from_slice(&self.sell_account.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A maker's protection stands, counters at zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MakerProtectionSet {
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
}

impl MakerProtectionSet {
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
        whole("maker_protection_set", body, at)?;
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

impl Message for MakerProtectionSet {
    const KIND: u16 = 1053;
    const BLOCK: u16 = 38;
    const NAME: &'static str = "maker_protection_set";

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

/// A maker's quotes in the group are withdrawn and refused until protection is set again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MakerProtectionTripped {
    /// Account.
    pub account: u32,
    /// Group.
    pub group: u16,
}

impl MakerProtectionTripped {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 6] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("maker_protection_tripped", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            group: u16::from_le_bytes(b[4..6].try_into().unwrap()),
        })
    }
}

impl Message for MakerProtectionTripped {
    const KIND: u16 = 1054;
    const BLOCK: u16 = 6;
    const NAME: &'static str = "maker_protection_tripped";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 6] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..6].copy_from_slice(&self.group.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// The account's orders end then unless it is armed again; 0 disarmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeadManArmed {
    /// Account.
    pub account: u32,
    /// When.
    pub due: i64,
}

impl DeadManArmed {
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
        whole("dead_man_armed", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            due: i64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for DeadManArmed {
    const KIND: u16 = 1055;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "dead_man_armed";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.due.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// The timeout passed; cancels follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeadManFired {
    /// Account.
    pub account: u32,
}

impl DeadManFired {
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
        whole("dead_man_fired", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
        })
    }
}

impl Message for DeadManFired {
    const KIND: u16 = 1056;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "dead_man_fired";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 4] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A position is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransferOffered {
    /// Command number.
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

impl TransferOffered {
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
        whole("transfer_offered", body, at)?;
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

impl Message for TransferOffered {
    const KIND: u16 = 1057;
    const BLOCK: u16 = 44;
    const NAME: &'static str = "transfer_offered";

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

/// A position moved: with both sides' consent, or out of a default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PositionTransferred {
    /// Offer used up; 0 out of a default.
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
}

impl PositionTransferred {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 36] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("position_transferred", body, at)?;
        Ok(Self {
            offer: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            series: u32::from_le_bytes(b[16..20].try_into().unwrap()),
            lots: i64::from_le_bytes(b[20..28].try_into().unwrap()),
            price: i64::from_le_bytes(b[28..36].try_into().unwrap()),
        })
    }
}

impl Message for PositionTransferred {
    const KIND: u16 = 1058;
    const BLOCK: u16 = 36;
    const NAME: &'static str = "position_transferred";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 36] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.offer.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..16].copy_from_slice(&self.to_account.to_le_bytes());
        b[16..20].copy_from_slice(&self.series.to_le_bytes());
        b[20..28].copy_from_slice(&self.lots.to_le_bytes());
        b[28..36].copy_from_slice(&self.price.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// An offer of a position ended without being taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfferEnded {
    /// Command number of the offer.
    pub offer: u64,
    /// From.
    pub account: u32,
    /// To.
    pub to_account: u32,
    /// Why.
    pub reason: OfferEnd,
}

impl OfferEnded {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 17] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("offer_ended", body, at)?;
        Ok(Self {
            offer: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            reason: OfferEnd::of(b[16])?,
        })
    }
}

impl Message for OfferEnded {
    const KIND: u16 = 1059;
    const BLOCK: u16 = 17;
    const NAME: &'static str = "offer_ended";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 17] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.offer.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..16].copy_from_slice(&self.to_account.to_le_bytes());
        b[16] = self.reason as u8;
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A margin table is being loaded.
#[derive(Clone, Copy)]
pub struct MarginTableBegun<'a> {
    /// Version.
    pub table: u32,
    /// Labels.
    pub scenarios: List<'a, Scenario>,
    /// Scan rows.
    pub rows: List<'a, ScanRow>,
}

impl<'a> MarginTableBegun<'a> {
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
        whole("margin_table_begun", body, at)?;
        Ok(Self {
            table: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            scenarios,
            rows,
        })
    }
}

impl Message for MarginTableBegun<'_> {
    const KIND: u16 = 1060;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "margin_table_begun";

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

/// The row of a series is in the open table.
#[derive(Clone, Copy)]
pub struct MarginRowLoaded<'a> {
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

impl<'a> MarginRowLoaded<'a> {
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
        whole("margin_row_loaded", body, at)?;
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

impl Message for MarginRowLoaded<'_> {
    const KIND: u16 = 1061;
    const BLOCK: u16 = 56;
    const NAME: &'static str = "margin_row_loaded";

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

/// The loaded table is in force with its marks; every account is due a refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarginTableActivated {
    /// Version.
    pub table: u32,
}

impl MarginTableActivated {
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
        whole("margin_table_activated", body, at)?;
        Ok(Self {
            table: u32::from_le_bytes(b[0..4].try_into().unwrap()),
        })
    }
}

impl Message for MarginTableActivated {
    const KIND: u16 = 1062;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "margin_table_activated";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 4] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.table.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// An account was judged under the marks and table in force; in deficit its risk-raising orders are cancelled next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountRefreshed {
    /// Account.
    pub account: u32,
    /// Requirement with open orders at their worst, before the initial factor.
    pub requirement: i64,
    /// Coverage holds.
    pub covered: bool,
}

impl AccountRefreshed {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 13] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("account_refreshed", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            requirement: i64::from_le_bytes(b[4..12].try_into().unwrap()),
            covered: b[12] != 0,
        })
    }
}

impl Message for AccountRefreshed {
    const KIND: u16 = 1063;
    const BLOCK: u16 = 13;
    const NAME: &'static str = "account_refreshed";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 13] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.requirement.to_le_bytes());
        b[12] = self.covered as u8;
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Settlement prices of a day stand; payments follow.
#[derive(Clone, Copy)]
pub struct VariationSettled<'a> {
    /// Day.
    pub day: u32,
    /// Prices.
    pub prices: List<'a, SeriesPrice>,
}

impl<'a> VariationSettled<'a> {
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
        whole("variation_settled", body, at)?;
        Ok(Self {
            day: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            prices,
        })
    }
}

impl Message for VariationSettled<'_> {
    const KIND: u16 = 1070;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "variation_settled";

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

/// A series, or a month of a swap, settled for good; payments follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FinalSettled {
    /// Series.
    pub series: u32,
    /// Month.
    pub month: u32,
    /// Final settlement price.
    pub price: i64,
    /// Hours settled.
    pub hours: u32,
    /// Nothing is left of the series.
    pub expired: bool,
}

impl FinalSettled {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 21] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("final_settled", body, at)?;
        Ok(Self {
            series: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            month: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            price: i64::from_le_bytes(b[8..16].try_into().unwrap()),
            hours: u32::from_le_bytes(b[16..20].try_into().unwrap()),
            expired: b[20] != 0,
        })
    }
}

impl Message for FinalSettled {
    const KIND: u16 = 1071;
    const BLOCK: u16 = 21;
    const NAME: &'static str = "final_settled";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 21] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.series.to_le_bytes());
        b[4..8].copy_from_slice(&self.month.to_le_bytes());
        b[8..16].copy_from_slice(&self.price.to_le_bytes());
        b[16..20].copy_from_slice(&self.hours.to_le_bytes());
        b[20] = self.expired as u8;
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// One account's share of a settlement went through the settlement account. amount = paid + advanced + shortfall for a payer; a receiver's dues are repaid first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaymentPosted {
    /// Account.
    pub account: u32,
    /// Signed: positive receives.
    pub amount: i64,
    /// Payer: taken from cash.
    pub from_cash: i64,
    /// Payer: advanced by the house's liquidity.
    pub advanced: i64,
    /// Payer: beyond the liquidity.
    pub shortfall: i64,
    /// Receiver: part that repaid dues.
    pub to_dues: i64,
}

impl PaymentPosted {
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
        whole("payment_posted", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            amount: i64::from_le_bytes(b[4..12].try_into().unwrap()),
            from_cash: i64::from_le_bytes(b[12..20].try_into().unwrap()),
            advanced: i64::from_le_bytes(b[20..28].try_into().unwrap()),
            shortfall: i64::from_le_bytes(b[28..36].try_into().unwrap()),
            to_dues: i64::from_le_bytes(b[36..44].try_into().unwrap()),
        })
    }
}

impl Message for PaymentPosted {
    const KIND: u16 = 1072;
    const BLOCK: u16 = 44;
    const NAME: &'static str = "payment_posted";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 44] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.amount.to_le_bytes());
        b[12..20].copy_from_slice(&self.from_cash.to_le_bytes());
        b[20..28].copy_from_slice(&self.advanced.to_le_bytes());
        b[28..36].copy_from_slice(&self.shortfall.to_le_bytes());
        b[36..44].copy_from_slice(&self.to_dues.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// An account owes the house this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallOpened {
    /// Account.
    pub account: u32,
    /// Dues now.
    pub amount: i64,
}

impl CallOpened {
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
        whole("call_opened", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            amount: i64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for CallOpened {
    const KIND: u16 = 1073;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "call_opened";

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

/// An account owes nothing any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallClosed {
    /// Account.
    pub account: u32,
}

impl CallClosed {
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
        whole("call_closed", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
        })
    }
}

impl Message for CallClosed {
    const KIND: u16 = 1074;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "call_closed";

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 4] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// An index fixing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FixingPublished {
    /// Index.
    pub index: u16,
    /// Day.
    pub day: u32,
    /// Fixing.
    pub price: i64,
    /// Carried.
    pub carried: bool,
    /// Simulated evidence.
    pub simulated: bool,
    /// Method version.
    pub method: u32,
    /// SHA-256 of the inputs.
    pub inputs: [u8; 32],
}

impl FixingPublished {
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
        whole("fixing_published", body, at)?;
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

impl Message for FixingPublished {
    const KIND: u16 = 1075;
    const BLOCK: u16 = 52;
    const NAME: &'static str = "fixing_published";

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

/// A day without a fixing of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoFixDeclared {
    /// Index.
    pub index: u16,
    /// Day.
    pub day: u32,
    /// Why there is none.
    pub reason: NoFixReason,
    /// Method version.
    pub method: u32,
    /// Digest of the inputs that were too few; zeros none.
    pub inputs: [u8; 32],
}

impl NoFixDeclared {
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
        whole("no_fix_declared", body, at)?;
        Ok(Self {
            index: u16::from_le_bytes(b[0..2].try_into().unwrap()),
            day: u32::from_le_bytes(b[2..6].try_into().unwrap()),
            reason: NoFixReason::of(b[6])?,
            method: u32::from_le_bytes(b[7..11].try_into().unwrap()),
            inputs: b[11..43].try_into().unwrap(),
        })
    }
}

impl Message for NoFixDeclared {
    const KIND: u16 = 1076;
    const BLOCK: u16 = 43;
    const NAME: &'static str = "no_fix_declared";
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

/// The fixing of a day that stood on the log without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LateFixingPublished {
    /// Index.
    pub index: u16,
    /// Day.
    pub day: u32,
    /// Fixing.
    pub price: i64,
    /// Simulated evidence.
    pub simulated: bool,
    /// Method version.
    pub method: u32,
    /// Digest of the inputs.
    pub inputs: [u8; 32],
}

impl LateFixingPublished {
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
        whole("late_fixing_published", body, at)?;
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

impl Message for LateFixingPublished {
    const KIND: u16 = 1077;
    const BLOCK: u16 = 51;
    const NAME: &'static str = "late_fixing_published";
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

/// The house stands to lose more in a default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrancheFunded {
    /// Before or after the fund of the survivors.
    pub tranche: Tranche,
    /// Amount in USD.
    pub amount: i64,
}

impl TrancheFunded {
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
        whole("tranche_funded", body, at)?;
        Ok(Self {
            tranche: Tranche::of(b[0])?,
            amount: i64::from_le_bytes(b[1..9].try_into().unwrap()),
        })
    }
}

impl Message for TrancheFunded {
    const KIND: u16 = 1080;
    const BLOCK: u16 = 9;
    const NAME: &'static str = "tranche_funded";
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

/// Cash of a house account went into the default fund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FundContributed {
    /// Account.
    pub account: u32,
    /// Amount in USD.
    pub amount: i64,
}

impl FundContributed {
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
        whole("fund_contributed", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            amount: i64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for FundContributed {
    const KIND: u16 = 1081;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "fund_contributed";
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

/// Money of the default fund came back to the account it had come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FundReturned {
    /// Account.
    pub account: u32,
    /// Amount in USD.
    pub amount: i64,
}

impl FundReturned {
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
        whole("fund_returned", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            amount: i64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for FundReturned {
    const KIND: u16 = 1082;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "fund_returned";
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

/// A member is in default; what the others have in the default fund is what they stand to lose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DefaultDeclared {
    /// Member.
    pub member: u32,
}

impl DefaultDeclared {
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
        whole("default_declared", body, at)?;
        Ok(Self {
            member: u32::from_le_bytes(b[0..4].try_into().unwrap()),
        })
    }
}

impl Message for DefaultDeclared {
    const KIND: u16 = 1083;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "default_declared";
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

/// The account of a client is offered to another member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortOffered {
    /// Account of the client.
    pub account: u32,
    /// Member that may take it.
    pub member: u32,
}

impl PortOffered {
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
        whole("port_offered", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            member: u32::from_le_bytes(b[4..8].try_into().unwrap()),
        })
    }
}

impl Message for PortOffered {
    const KIND: u16 = 1084;
    const BLOCK: u16 = 8;
    const NAME: &'static str = "port_offered";
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

/// The account of a client is another member's, with its cash and its positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountPorted {
    /// Account of the client.
    pub account: u32,
    /// Member in default.
    pub from_member: u32,
    /// Its member from here on.
    pub member: u32,
}

impl AccountPorted {
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
        whole("account_ported", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            from_member: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            member: u32::from_le_bytes(b[8..12].try_into().unwrap()),
        })
    }
}

impl Message for AccountPorted {
    const KIND: u16 = 1085;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "account_ported";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.from_member.to_le_bytes());
        b[8..12].copy_from_slice(&self.member.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A sealed bid stands; its member has bid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BidCommitted {
    /// Account that would take the slice.
    pub account: u32,
    /// Slice.
    pub slice: u32,
    /// Account whose positions the slice holds.
    pub from_account: u32,
    /// The bid stands until then.
    pub until: i64,
    /// Commitment.
    pub commitment: [u8; 32],
}

impl BidCommitted {
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
        whole("bid_committed", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            slice: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            from_account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            until: i64::from_le_bytes(b[12..20].try_into().unwrap()),
            commitment: b[20..52].try_into().unwrap(),
        })
    }
}

impl Message for BidCommitted {
    const KIND: u16 = 1086;
    const BLOCK: u16 = 52;
    const NAME: &'static str = "bid_committed";
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

/// A slice went to a bid; every bid for it has ended. Transfers of its positions and the payment follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SliceAwarded {
    /// Account that takes it.
    pub account: u32,
    /// Slice.
    pub slice: u32,
    /// Account of the member in default.
    pub from_account: u32,
    /// Paid to who takes it; negative is paid by it.
    pub amount: i64,
}

impl SliceAwarded {
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
        whole("slice_awarded", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            slice: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            from_account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            amount: i64::from_le_bytes(b[12..20].try_into().unwrap()),
        })
    }
}

impl Message for SliceAwarded {
    const KIND: u16 = 1087;
    const BLOCK: u16 = 20;
    const NAME: &'static str = "slice_awarded";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 20] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.slice.to_le_bytes());
        b[8..12].copy_from_slice(&self.from_account.to_le_bytes());
        b[12..20].copy_from_slice(&self.amount.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A layer of the waterfall bore part of what an account of a member in default owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LossAllocated {
    /// Account that bears it; 0 the house.
    pub account: u32,
    /// Member in default.
    pub member: u32,
    /// Account that owed it.
    pub due_account: u32,
    /// Layer.
    pub layer: LossLayer,
    /// Amount.
    pub amount: i64,
    /// Part that the bearing account owes from here on; the rest is paid.
    pub owed: i64,
}

impl LossAllocated {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 29] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("loss_allocated", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            member: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            due_account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            layer: LossLayer::of(b[12])?,
            amount: i64::from_le_bytes(b[13..21].try_into().unwrap()),
            owed: i64::from_le_bytes(b[21..29].try_into().unwrap()),
        })
    }
}

impl Message for LossAllocated {
    const KIND: u16 = 1088;
    const BLOCK: u16 = 29;
    const NAME: &'static str = "loss_allocated";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 29] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.member.to_le_bytes());
        b[8..12].copy_from_slice(&self.due_account.to_le_bytes());
        b[12] = self.layer as u8;
        b[13..21].copy_from_slice(&self.amount.to_le_bytes());
        b[21..29].copy_from_slice(&self.owed.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A position of a member in default ends at the mark; transfers to the other side follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TornUp {
    /// Account of the member in default.
    pub account: u32,
    /// Series.
    pub series: u32,
    /// Signed lots.
    pub lots: i64,
    /// Mark.
    pub price: i64,
}

impl TornUp {
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
        whole("torn_up", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            series: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            lots: i64::from_le_bytes(b[8..16].try_into().unwrap()),
            price: i64::from_le_bytes(b[16..24].try_into().unwrap()),
        })
    }
}

impl Message for TornUp {
    const KIND: u16 = 1089;
    const BLOCK: u16 = 24;
    const NAME: &'static str = "torn_up";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 24] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.series.to_le_bytes());
        b[8..16].copy_from_slice(&self.lots.to_le_bytes());
        b[16..24].copy_from_slice(&self.price.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A default is over; its member stays suspended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DefaultClosed {
    /// Member.
    pub member: u32,
}

impl DefaultClosed {
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
        whole("default_closed", body, at)?;
        Ok(Self {
            member: u32::from_le_bytes(b[0..4].try_into().unwrap()),
        })
    }
}

impl Message for DefaultClosed {
    const KIND: u16 = 1090;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "default_closed";
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

/// What the accounts of a member in default owe is spread over the layers; the shares follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LossFound {
    /// Member in default.
    pub member: u32,
    /// What they owe.
    pub loss: i64,
    /// Part of it that no layer can bear.
    pub left: i64,
}

impl LossFound {
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
        whole("loss_found", body, at)?;
        Ok(Self {
            member: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            loss: i64::from_le_bytes(b[4..12].try_into().unwrap()),
            left: i64::from_le_bytes(b[12..20].try_into().unwrap()),
        })
    }
}

impl Message for LossFound {
    const KIND: u16 = 1091;
    const BLOCK: u16 = 20;
    const NAME: &'static str = "loss_found";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 20] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.member.to_le_bytes());
        b[4..12].copy_from_slice(&self.loss.to_le_bytes());
        b[12..20].copy_from_slice(&self.left.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// An asset counts as collateral under these terms; every account is due a refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollateralAdmitted {
    /// Asset.
    pub asset: u16,
    /// Ten-thousandths taken off its price.
    pub haircut: u32,
    /// Most that one account may count of it, micro-dollars.
    pub account_cap: i64,
    /// A letter of credit.
    pub letter: bool,
}

impl CollateralAdmitted {
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
        whole("collateral_admitted", body, at)?;
        Ok(Self {
            asset: u16::from_le_bytes(b[0..2].try_into().unwrap()),
            haircut: u32::from_le_bytes(b[2..6].try_into().unwrap()),
            account_cap: i64::from_le_bytes(b[6..14].try_into().unwrap()),
            letter: b[14] != 0,
        })
    }
}

impl Message for CollateralAdmitted {
    const KIND: u16 = 1110;
    const BLOCK: u16 = 15;
    const NAME: &'static str = "collateral_admitted";
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

/// Collateral counts at these prices; every account is due a refresh.
#[derive(Clone, Copy)]
pub struct CollateralValued<'a> {
    /// Day.
    pub day: u32,
    /// SHA-256 of the published inputs.
    pub inputs: [u8; 32],
    /// Prices.
    pub prices: List<'a, AssetPrice>,
}

impl<'a> CollateralValued<'a> {
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
        whole("collateral_valued", body, at)?;
        Ok(Self {
            day: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            inputs: b[4..36].try_into().unwrap(),
            prices,
        })
    }
}

impl Message for CollateralValued<'_> {
    const KIND: u16 = 1111;
    const BLOCK: u16 = 36;
    const NAME: &'static str = "collateral_valued";
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

/// An account lacks this much cover and has until then to provide it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarginCalled {
    /// Command number of the call.
    pub call: u64,
    /// Account.
    pub account: u32,
    /// Cover it lacks, micro-dollars.
    pub amount: i64,
    /// Cover it needs, micro-dollars.
    pub required: i64,
    /// Late then.
    pub due: i64,
}

impl MarginCalled {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 36] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("margin_called", body, at)?;
        Ok(Self {
            call: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            amount: i64::from_le_bytes(b[12..20].try_into().unwrap()),
            required: i64::from_le_bytes(b[20..28].try_into().unwrap()),
            due: i64::from_le_bytes(b[28..36].try_into().unwrap()),
        })
    }
}

impl Message for MarginCalled {
    const KIND: u16 = 1112;
    const BLOCK: u16 = 36;
    const NAME: &'static str = "margin_called";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 36] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.call.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..20].copy_from_slice(&self.amount.to_le_bytes());
        b[20..28].copy_from_slice(&self.required.to_le_bytes());
        b[28..36].copy_from_slice(&self.due.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// The account is covered again: its call has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarginCallMet {
    /// Call.
    pub call: u64,
    /// Account.
    pub account: u32,
}

impl MarginCallMet {
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
        whole("margin_call_met", body, at)?;
        Ok(Self {
            call: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
        })
    }
}

impl Message for MarginCallMet {
    const KIND: u16 = 1113;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "margin_call_met";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 12] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.call.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// The time of a call is over and the account is not covered; the call stands until it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarginCallLate {
    /// Call.
    pub call: u64,
    /// Account.
    pub account: u32,
    /// Cover it lacks now, micro-dollars.
    pub amount: i64,
}

impl MarginCallLate {
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
        whole("margin_call_late", body, at)?;
        Ok(Self {
            call: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            amount: i64::from_le_bytes(b[12..20].try_into().unwrap()),
        })
    }
}

impl Message for MarginCallLate {
    const KIND: u16 = 1114;
    const BLOCK: u16 = 20;
    const NAME: &'static str = "margin_call_late";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 20] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.call.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..20].copy_from_slice(&self.amount.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// The steps of the waterfall that gave the settlement prices told next.
#[derive(Clone, Copy)]
pub struct PricesFound<'a> {
    /// Day.
    pub day: u32,
    /// Steps.
    pub steps: List<'a, StepFound>,
}

impl<'a> PricesFound<'a> {
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
        let (steps, at) = List::read(body, at)?;
        whole("prices_found", body, at)?;
        Ok(Self {
            day: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            steps,
        })
    }
}

impl Message for PricesFound<'_> {
    const KIND: u16 = 1115;
    const BLOCK: u16 = 4;
    const NAME: &'static str = "prices_found";
    const SINCE: u16 = 3;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 4] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.day.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
        self.steps.write(out);
    }
}

/// A publication beside the log has this digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DigestPublished {
    /// What it is of.
    pub publication: Publication,
    /// Day.
    pub day: u32,
    /// SHA-256, or the root of a tree of them.
    pub digest: [u8; 32],
}

impl DigestPublished {
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
        whole("digest_published", body, at)?;
        Ok(Self {
            publication: Publication::of(b[0])?,
            day: u32::from_le_bytes(b[1..5].try_into().unwrap()),
            digest: b[5..37].try_into().unwrap(),
        })
    }
}

impl Message for DigestPublished {
    const KIND: u16 = 1116;
    const BLOCK: u16 = 37;
    const NAME: &'static str = "digest_published";
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

/// A slice is out to sealed bids.
#[derive(Clone, Copy)]
pub struct SliceOffered<'a> {
    /// Slice.
    pub slice: u32,
    /// Account whose positions the slice holds.
    pub from_account: u32,
    /// Most that the house pays to who takes it.
    pub reserve: i64,
    /// Bids are sealed until then.
    pub seals: i64,
    /// And opened from there until then.
    pub opens: i64,
    /// Positions, ascending by series.
    pub positions: List<'a, SliceLots>,
}

impl<'a> SliceOffered<'a> {
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
        whole("slice_offered", body, at)?;
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

impl Message for SliceOffered<'_> {
    const KIND: u16 = 1140;
    const BLOCK: u16 = 32;
    const NAME: &'static str = "slice_offered";
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

/// A bid was opened as it had been sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BidOpened {
    /// Account that would take the slice.
    pub account: u32,
    /// Slice.
    pub slice: u32,
    /// Paid to who takes the slice; negative is paid by it.
    pub amount: i64,
    /// Secret of the bid.
    pub secret: [u8; 32],
}

impl BidOpened {
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
        whole("bid_opened", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            slice: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            amount: i64::from_le_bytes(b[8..16].try_into().unwrap()),
            secret: b[16..48].try_into().unwrap(),
        })
    }
}

impl Message for BidOpened {
    const KIND: u16 = 1141;
    const BLOCK: u16 = 48;
    const NAME: &'static str = "bid_opened";
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

/// A bid has ended with its slice; a bid that won or counted says that its member has bid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BidEnded {
    /// Account that bid.
    pub account: u32,
    /// Slice.
    pub slice: u32,
    /// Account whose positions the slice holds.
    pub from_account: u32,
    /// What became of it.
    pub reason: BidEnd,
}

impl BidEnded {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 13] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("bid_ended", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            slice: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            from_account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            reason: BidEnd::of(b[12])?,
        })
    }
}

impl Message for BidEnded {
    const KIND: u16 = 1142;
    const BLOCK: u16 = 13;
    const NAME: &'static str = "bid_ended";
    const SINCE: u16 = 4;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 13] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.slice.to_le_bytes());
        b[8..12].copy_from_slice(&self.from_account.to_le_bytes());
        b[12] = self.reason as u8;
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A slice went to nobody and is out to bids no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SliceEnded {
    /// Slice.
    pub slice: u32,
    /// Account whose positions it holds.
    pub from_account: u32,
}

impl SliceEnded {
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
        whole("slice_ended", body, at)?;
        Ok(Self {
            slice: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            from_account: u32::from_le_bytes(b[4..8].try_into().unwrap()),
        })
    }
}

impl Message for SliceEnded {
    const KIND: u16 = 1143;
    const BLOCK: u16 = 8;
    const NAME: &'static str = "slice_ended";
    const SINCE: u16 = 4;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 8] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.slice.to_le_bytes());
        b[4..8].copy_from_slice(&self.from_account.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A member gave notice: from `effective` on it stands in no default while it holds and owes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticeGiven {
    /// Member.
    pub member: u32,
    /// End of its cooling period.
    pub effective: i64,
}

impl NoticeGiven {
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
        whole("notice_given", body, at)?;
        Ok(Self {
            member: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            effective: i64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for NoticeGiven {
    const KIND: u16 = 1144;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "notice_given";
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

/// A member, or one account of it, is eligible for these product classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EligibilitySet {
    /// Account; 0 every one of the member.
    pub account: u32,
    /// Member.
    pub member: u32,
    /// Bits of product classes.
    pub products: u32,
    /// SHA-256 of what it rests on.
    pub basis: [u8; 32],
}

impl EligibilitySet {
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
        whole("eligibility_set", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            member: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            products: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            basis: b[12..44].try_into().unwrap(),
        })
    }
}

impl Message for EligibilitySet {
    const KIND: u16 = 1150;
    const BLOCK: u16 = 44;
    const NAME: &'static str = "eligibility_set";
    const SINCE: u16 = 4;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 44] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.member.to_le_bytes());
        b[8..12].copy_from_slice(&self.products.to_le_bytes());
        b[12..44].copy_from_slice(&self.basis);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// An account has shown that it can deliver short lots of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoverRecorded {
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

impl CoverRecorded {
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
        whole("cover_recorded", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            series: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            lots: i64::from_le_bytes(b[8..16].try_into().unwrap()),
            until: i64::from_le_bytes(b[16..24].try_into().unwrap()),
            evidence: b[24..56].try_into().unwrap(),
        })
    }
}

impl Message for CoverRecorded {
    const KIND: u16 = 1151;
    const BLOCK: u16 = 56;
    const NAME: &'static str = "cover_recorded";
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

/// A line of credit has these terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineSet {
    /// Account.
    pub account: u32,
    /// Most that may be owed under it.
    pub limit: i64,
    /// Interest.
    pub rate: u32,
}

impl LineSet {
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
        whole("line_set", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            limit: i64::from_le_bytes(b[4..12].try_into().unwrap()),
            rate: u32::from_le_bytes(b[12..16].try_into().unwrap()),
        })
    }
}

impl Message for LineSet {
    const KIND: u16 = 1152;
    const BLOCK: u16 = 16;
    const NAME: &'static str = "line_set";
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

/// The house set cash aside to lend under lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinesFunded {
    /// Amount in USD.
    pub amount: i64,
}

impl LinesFunded {
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
        whole("lines_funded", body, at)?;
        Ok(Self {
            amount: i64::from_le_bytes(b[0..8].try_into().unwrap()),
        })
    }
}

impl Message for LinesFunded {
    const KIND: u16 = 1153;
    const BLOCK: u16 = 8;
    const NAME: &'static str = "lines_funded";
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

/// An asset secures lines under these terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinesSecured {
    /// Asset.
    pub asset: u16,
    /// Ten-thousandths of its price lent against it.
    pub advance: u32,
    /// Most that one account may count of it.
    pub account_cap: i64,
}

impl LinesSecured {
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
        whole("lines_secured", body, at)?;
        Ok(Self {
            asset: u16::from_le_bytes(b[0..2].try_into().unwrap()),
            advance: u32::from_le_bytes(b[2..6].try_into().unwrap()),
            account_cap: i64::from_le_bytes(b[6..14].try_into().unwrap()),
        })
    }
}

impl Message for LinesSecured {
    const KIND: u16 = 1154;
    const BLOCK: u16 = 14;
    const NAME: &'static str = "lines_secured";
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

/// A line paid variation that cash did not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineDrawn {
    /// Account.
    pub account: u32,
    /// Amount.
    pub amount: i64,
}

impl LineDrawn {
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
        whole("line_drawn", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            amount: i64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for LineDrawn {
    const KIND: u16 = 1155;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "line_drawn";
    const SINCE: u16 = 4;

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

/// Interest of a line since the last settlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineAccrued {
    /// Account.
    pub account: u32,
    /// Days it is of.
    pub days: u32,
    /// Interest.
    pub amount: i64,
}

impl LineAccrued {
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
        whole("line_accrued", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            days: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            amount: i64::from_le_bytes(b[8..16].try_into().unwrap()),
        })
    }
}

impl Message for LineAccrued {
    const KIND: u16 = 1156;
    const BLOCK: u16 = 16;
    const NAME: &'static str = "line_accrued";
    const SINCE: u16 = 4;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 16] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.days.to_le_bytes());
        b[8..16].copy_from_slice(&self.amount.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Money that came in repaid a line, its interest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineRepaid {
    /// Account.
    pub account: u32,
    /// Interest repaid.
    pub interest: i64,
    /// Principal repaid.
    pub principal: i64,
    /// Account whose cash paid: its own, in a default a house account of its member as well.
    pub payer: u32,
}

impl LineRepaid {
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
        whole("line_repaid", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            interest: i64::from_le_bytes(b[4..12].try_into().unwrap()),
            principal: i64::from_le_bytes(b[12..20].try_into().unwrap()),
            payer: u32::from_le_bytes(b[20..24].try_into().unwrap()),
        })
    }
}

impl Message for LineRepaid {
    const KIND: u16 = 1157;
    const BLOCK: u16 = 24;
    const NAME: &'static str = "line_repaid";
    const SINCE: u16 = 4;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 24] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.interest.to_le_bytes());
        b[12..20].copy_from_slice(&self.principal.to_le_bytes());
        b[20..24].copy_from_slice(&self.payer.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// What a line left owing when the default of its member closed is the loss of the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineWrittenOff {
    /// Account.
    pub account: u32,
    /// Interest lost.
    pub interest: i64,
    /// Principal lost.
    pub principal: i64,
}

impl LineWrittenOff {
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
        whole("line_written_off", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            interest: i64::from_le_bytes(b[4..12].try_into().unwrap()),
            principal: i64::from_le_bytes(b[12..20].try_into().unwrap()),
        })
    }
}

impl Message for LineWrittenOff {
    const KIND: u16 = 1158;
    const BLOCK: u16 = 20;
    const NAME: &'static str = "line_written_off";
    const SINCE: u16 = 4;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 20] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.interest.to_le_bytes());
        b[12..20].copy_from_slice(&self.principal.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// The interest rate of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RatePublished {
    /// Day.
    pub day: u32,
    /// Rate.
    pub rate: i64,
    /// Who publishes it.
    pub source: Text,
    /// SHA-256 of the publication.
    pub inputs: [u8; 32],
}

impl RatePublished {
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
        whole("rate_published", body, at)?;
        Ok(Self {
            day: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            rate: i64::from_le_bytes(b[4..12].try_into().unwrap()),
            source: Text::read(b[12..45].try_into().unwrap())?,
            inputs: b[45..77].try_into().unwrap(),
        })
    }
}

impl Message for RatePublished {
    const KIND: u16 = 1160;
    const BLOCK: u16 = 77;
    const NAME: &'static str = "rate_published";
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

/// Price alignment of the swaps of an account went through the settlement account; amounts as in a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlignmentPosted {
    /// Account.
    pub account: u32,
    /// Signed: positive receives.
    pub amount: i64,
    /// Payer: taken from cash.
    pub from_cash: i64,
    /// Payer: advanced by the house's liquidity.
    pub advanced: i64,
    /// Payer: beyond the liquidity.
    pub shortfall: i64,
    /// Receiver: part that repaid dues.
    pub to_dues: i64,
    /// Variation on swaps received so far, on which it is reckoned; negative is paid.
    pub variation: i64,
}

impl AlignmentPosted {
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
        whole("alignment_posted", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            amount: i64::from_le_bytes(b[4..12].try_into().unwrap()),
            from_cash: i64::from_le_bytes(b[12..20].try_into().unwrap()),
            advanced: i64::from_le_bytes(b[20..28].try_into().unwrap()),
            shortfall: i64::from_le_bytes(b[28..36].try_into().unwrap()),
            to_dues: i64::from_le_bytes(b[36..44].try_into().unwrap()),
            variation: i64::from_le_bytes(b[44..52].try_into().unwrap()),
        })
    }
}

impl Message for AlignmentPosted {
    const KIND: u16 = 1161;
    const BLOCK: u16 = 52;
    const NAME: &'static str = "alignment_posted";
    const SINCE: u16 = 4;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 52] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.amount.to_le_bytes());
        b[12..20].copy_from_slice(&self.from_cash.to_le_bytes());
        b[20..28].copy_from_slice(&self.advanced.to_le_bytes());
        b[28..36].copy_from_slice(&self.shortfall.to_le_bytes());
        b[36..44].copy_from_slice(&self.to_dues.to_le_bytes());
        b[44..52].copy_from_slice(&self.variation.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A physical series turns into deliveries on these terms; the deliveries follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryBegun {
    /// Series.
    pub series: u32,
    /// Begin of its first hour.
    pub starts: i64,
    /// Nominations are due that long before the begin.
    pub nomination_lead: i64,
    /// A tender is late that long after the begin.
    pub grace: i64,
    /// Time to inspect a tender.
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

impl DeliveryBegun {
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
        whole("delivery_begun", body, at)?;
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

impl Message for DeliveryBegun {
    const KIND: u16 = 1200;
    const BLOCK: u16 = 105;
    const NAME: &'static str = "delivery_begun";
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

/// A seller owes a buyer these accelerators for these hours at this price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryMade {
    /// Delivery: the number of this event.
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
    /// Begin of the first hour of the block.
    pub starts: i64,
    /// Its first hour, counted from that of the block.
    pub first_hour: u32,
    /// Hours.
    pub hours: u32,
    /// Bits of the parties that have nominated.
    pub nominated: u32,
    /// Account the buyer's side is pledged to; 0 none.
    pub pledgee: u32,
    /// Nominations are due then.
    pub due: i64,
}

impl DeliveryMade {
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
        whole("delivery_made", body, at)?;
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
        })
    }
}

impl Message for DeliveryMade {
    const KIND: u16 = 1201;
    const BLOCK: u16 = 68;
    const NAME: &'static str = "delivery_made";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 68] = block.try_into().unwrap();
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
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// So many lots of a right are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RightExercised {
    /// Account that holds the right.
    pub account: u32,
    /// Series of the right.
    pub series: u32,
    /// Lots taken; 0 none any more.
    pub lots: i64,
    /// Begin of its first hour; 0 that of the series.
    pub starts: i64,
}

impl RightExercised {
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
        whole("right_exercised", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            series: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            lots: i64::from_le_bytes(b[8..16].try_into().unwrap()),
            starts: i64::from_le_bytes(b[16..24].try_into().unwrap()),
        })
    }
}

impl Message for RightExercised {
    const KIND: u16 = 1202;
    const BLOCK: u16 = 24;
    const NAME: &'static str = "right_exercised";
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

/// A side named what it brings; once both have, the delivery is scheduled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryNominated {
    /// Who nominated.
    pub account: u32,
    /// The other side.
    pub to_account: u32,
    /// Delivery.
    pub delivery: u64,
    /// Its side.
    pub party: DeliveryParty,
    /// SHA-256 of what is named.
    pub nomination: [u8; 32],
}

impl DeliveryNominated {
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
        whole("delivery_nominated", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[8..16].try_into().unwrap()),
            party: DeliveryParty::of(b[16])?,
            nomination: b[17..49].try_into().unwrap(),
        })
    }
}

impl Message for DeliveryNominated {
    const KIND: u16 = 1203;
    const BLOCK: u16 = 49;
    const NAME: &'static str = "delivery_nominated";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 49] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.to_account.to_le_bytes());
        b[8..16].copy_from_slice(&self.delivery.to_le_bytes());
        b[16] = self.party as u8;
        b[17..49].copy_from_slice(&self.nomination);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// The capacity can be inspected until then; silence accepts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryTendered {
    /// Seller.
    pub account: u32,
    /// The other side.
    pub to_account: u32,
    /// Delivery.
    pub delivery: u64,
    /// Ten-thousandths of the contract price that its grade is worth.
    pub quality: u32,
    /// Begin of its first hour, handed over early; 0 as the contract has it.
    pub starts: i64,
    /// SHA-256 of the acceptance test.
    pub evidence: [u8; 32],
    /// End of the inspection.
    pub due: i64,
}

impl DeliveryTendered {
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
        whole("delivery_tendered", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[8..16].try_into().unwrap()),
            quality: u32::from_le_bytes(b[16..20].try_into().unwrap()),
            starts: i64::from_le_bytes(b[20..28].try_into().unwrap()),
            evidence: b[28..60].try_into().unwrap(),
            due: i64::from_le_bytes(b[60..68].try_into().unwrap()),
        })
    }
}

impl Message for DeliveryTendered {
    const KIND: u16 = 1204;
    const BLOCK: u16 = 68;
    const NAME: &'static str = "delivery_tendered";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 68] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.to_account.to_le_bytes());
        b[8..16].copy_from_slice(&self.delivery.to_le_bytes());
        b[16..20].copy_from_slice(&self.quality.to_le_bytes());
        b[20..28].copy_from_slice(&self.starts.to_le_bytes());
        b[28..60].copy_from_slice(&self.evidence);
        b[60..68].copy_from_slice(&self.due.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// What was tendered is accepted; delivery runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryAccepted {
    /// Buyer.
    pub account: u32,
    /// The other side.
    pub to_account: u32,
    /// Delivery.
    pub delivery: u64,
    /// By silence.
    pub silent: bool,
    /// Ten-thousandths of the contract price that its hours are billed at.
    pub quality: u32,
    /// Begin of the first hour of the block.
    pub starts: i64,
}

impl DeliveryAccepted {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 29] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("delivery_accepted", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[8..16].try_into().unwrap()),
            silent: b[16] != 0,
            quality: u32::from_le_bytes(b[17..21].try_into().unwrap()),
            starts: i64::from_le_bytes(b[21..29].try_into().unwrap()),
        })
    }
}

impl Message for DeliveryAccepted {
    const KIND: u16 = 1205;
    const BLOCK: u16 = 29;
    const NAME: &'static str = "delivery_accepted";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 29] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.to_account.to_le_bytes());
        b[8..16].copy_from_slice(&self.delivery.to_le_bytes());
        b[16] = self.silent as u8;
        b[17..21].copy_from_slice(&self.quality.to_le_bytes());
        b[21..29].copy_from_slice(&self.starts.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// What was tendered is rejected; the seller may tender again until then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryRejected {
    /// Buyer.
    pub account: u32,
    /// The other side.
    pub to_account: u32,
    /// Delivery.
    pub delivery: u64,
    /// SHA-256 of the test it failed.
    pub evidence: [u8; 32],
    /// A tender is late then.
    pub due: i64,
}

impl DeliveryRejected {
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
        whole("delivery_rejected", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[8..16].try_into().unwrap()),
            evidence: b[16..48].try_into().unwrap(),
            due: i64::from_le_bytes(b[48..56].try_into().unwrap()),
        })
    }
}

impl Message for DeliveryRejected {
    const KIND: u16 = 1206;
    const BLOCK: u16 = 56;
    const NAME: &'static str = "delivery_rejected";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 56] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.to_account.to_le_bytes());
        b[8..16].copy_from_slice(&self.delivery.to_le_bytes());
        b[16..48].copy_from_slice(&self.evidence);
        b[48..56].copy_from_slice(&self.due.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A side let its time pass: every accelerator-hour is missing by its fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryFailed {
    /// Who failed.
    pub account: u32,
    /// The other side.
    pub to_account: u32,
    /// Delivery.
    pub delivery: u64,
    /// Its side.
    pub party: DeliveryParty,
    /// Accelerator-hours missing.
    pub missing: i64,
}

impl DeliveryFailed {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 25] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("delivery_failed", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[8..16].try_into().unwrap()),
            party: DeliveryParty::of(b[16])?,
            missing: i64::from_le_bytes(b[17..25].try_into().unwrap()),
        })
    }
}

impl Message for DeliveryFailed {
    const KIND: u16 = 1207;
    const BLOCK: u16 = 25;
    const NAME: &'static str = "delivery_failed";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 25] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.to_account.to_le_bytes());
        b[8..16].copy_from_slice(&self.delivery.to_le_bytes());
        b[16] = self.party as u8;
        b[17..25].copy_from_slice(&self.missing.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Hours are booked; they can be disputed until then, and the payment for them follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryMetered {
    /// The metered hours: the number of this event.
    pub metered: u64,
    /// Seller.
    pub account: u32,
    /// Buyer.
    pub buyer: u32,
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
    /// Quality measured.
    pub quality: u32,
    /// Price of what was delivered.
    pub amount: i64,
    /// Root of the readings.
    pub evidence: [u8; 32],
    /// Final then.
    pub due: i64,
}

impl DeliveryMetered {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 100] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("delivery_metered", body, at)?;
        Ok(Self {
            metered: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            buyer: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[16..24].try_into().unwrap()),
            first_hour: u32::from_le_bytes(b[24..28].try_into().unwrap()),
            hours: u32::from_le_bytes(b[28..32].try_into().unwrap()),
            units: i64::from_le_bytes(b[32..40].try_into().unwrap()),
            excused: i64::from_le_bytes(b[40..48].try_into().unwrap()),
            quality: u32::from_le_bytes(b[48..52].try_into().unwrap()),
            amount: i64::from_le_bytes(b[52..60].try_into().unwrap()),
            evidence: b[60..92].try_into().unwrap(),
            due: i64::from_le_bytes(b[92..100].try_into().unwrap()),
        })
    }
}

impl Message for DeliveryMetered {
    const KIND: u16 = 1208;
    const BLOCK: u16 = 100;
    const NAME: &'static str = "delivery_metered";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 100] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.metered.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..16].copy_from_slice(&self.buyer.to_le_bytes());
        b[16..24].copy_from_slice(&self.delivery.to_le_bytes());
        b[24..28].copy_from_slice(&self.first_hour.to_le_bytes());
        b[28..32].copy_from_slice(&self.hours.to_le_bytes());
        b[32..40].copy_from_slice(&self.units.to_le_bytes());
        b[40..48].copy_from_slice(&self.excused.to_le_bytes());
        b[48..52].copy_from_slice(&self.quality.to_le_bytes());
        b[52..60].copy_from_slice(&self.amount.to_le_bytes());
        b[60..92].copy_from_slice(&self.evidence);
        b[92..100].copy_from_slice(&self.due.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// What a buyer paid is kept for the seller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryPaid {
    /// Seller.
    pub account: u32,
    /// Delivery.
    pub delivery: u64,
    /// Amount; negative goes back to the buyer.
    pub amount: i64,
}

impl DeliveryPaid {
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
        whole("delivery_paid", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[4..12].try_into().unwrap()),
            amount: i64::from_le_bytes(b[12..20].try_into().unwrap()),
        })
    }
}

impl Message for DeliveryPaid {
    const KIND: u16 = 1209;
    const BLOCK: u16 = 20;
    const NAME: &'static str = "delivery_paid";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 20] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.delivery.to_le_bytes());
        b[12..20].copy_from_slice(&self.amount.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Metered hours are disputed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeteredDisputed {
    /// Who disputes.
    pub account: u32,
    /// The other side.
    pub to_account: u32,
    /// The metered hours.
    pub metered: u64,
    /// Delivery.
    pub delivery: u64,
    /// SHA-256 of the readings it stands on.
    pub evidence: [u8; 32],
    /// Determined by then, or the hours stand as metered.
    pub due: i64,
}

impl MeteredDisputed {
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
        whole("metered_disputed", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            metered: u64::from_le_bytes(b[8..16].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[16..24].try_into().unwrap()),
            evidence: b[24..56].try_into().unwrap(),
            due: i64::from_le_bytes(b[56..64].try_into().unwrap()),
        })
    }
}

impl Message for MeteredDisputed {
    const KIND: u16 = 1210;
    const BLOCK: u16 = 64;
    const NAME: &'static str = "metered_disputed";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 64] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.to_account.to_le_bytes());
        b[8..16].copy_from_slice(&self.metered.to_le_bytes());
        b[16..24].copy_from_slice(&self.delivery.to_le_bytes());
        b[24..56].copy_from_slice(&self.evidence);
        b[56..64].copy_from_slice(&self.due.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A dispute ended: this was delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeteredDetermined {
    /// The metered hours.
    pub metered: u64,
    /// Who lost.
    pub account: u32,
    /// The other side.
    pub to_account: u32,
    /// Delivery.
    pub delivery: u64,
    /// Accelerator-hours delivered.
    pub units: i64,
    /// Accelerator-hours missing and excused.
    pub excused: i64,
    /// Quality measured.
    pub quality: u32,
    /// Price of what was delivered.
    pub amount: i64,
    /// Paid by who lost to the other side.
    pub fee: i64,
    /// SHA-256 of the determination.
    pub evidence: [u8; 32],
}

impl MeteredDetermined {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 92] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("metered_determined", body, at)?;
        Ok(Self {
            metered: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[16..24].try_into().unwrap()),
            units: i64::from_le_bytes(b[24..32].try_into().unwrap()),
            excused: i64::from_le_bytes(b[32..40].try_into().unwrap()),
            quality: u32::from_le_bytes(b[40..44].try_into().unwrap()),
            amount: i64::from_le_bytes(b[44..52].try_into().unwrap()),
            fee: i64::from_le_bytes(b[52..60].try_into().unwrap()),
            evidence: b[60..92].try_into().unwrap(),
        })
    }
}

impl Message for MeteredDetermined {
    const KIND: u16 = 1211;
    const BLOCK: u16 = 92;
    const NAME: &'static str = "metered_determined";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 92] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.metered.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..16].copy_from_slice(&self.to_account.to_le_bytes());
        b[16..24].copy_from_slice(&self.delivery.to_le_bytes());
        b[24..32].copy_from_slice(&self.units.to_le_bytes());
        b[32..40].copy_from_slice(&self.excused.to_le_bytes());
        b[40..44].copy_from_slice(&self.quality.to_le_bytes());
        b[44..52].copy_from_slice(&self.amount.to_le_bytes());
        b[52..60].copy_from_slice(&self.fee.to_le_bytes());
        b[60..92].copy_from_slice(&self.evidence);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Metered hours can be disputed no more; what is missing of them is to be made good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeteredFinal {
    /// The metered hours.
    pub metered: u64,
    /// Seller.
    pub account: u32,
    /// The other side.
    pub to_account: u32,
    /// Delivery.
    pub delivery: u64,
    /// Price of what was delivered.
    pub amount: i64,
    /// Accelerator-hours missing and not excused.
    pub missing: i64,
    /// Can be corrected until then; 0 not at all.
    pub due: i64,
}

impl MeteredFinal {
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
        whole("metered_final", body, at)?;
        Ok(Self {
            metered: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[16..24].try_into().unwrap()),
            amount: i64::from_le_bytes(b[24..32].try_into().unwrap()),
            missing: i64::from_le_bytes(b[32..40].try_into().unwrap()),
            due: i64::from_le_bytes(b[40..48].try_into().unwrap()),
        })
    }
}

impl Message for MeteredFinal {
    const KIND: u16 = 1212;
    const BLOCK: u16 = 48;
    const NAME: &'static str = "metered_final";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 48] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.metered.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..16].copy_from_slice(&self.to_account.to_le_bytes());
        b[16..24].copy_from_slice(&self.delivery.to_le_bytes());
        b[24..32].copy_from_slice(&self.amount.to_le_bytes());
        b[32..40].copy_from_slice(&self.missing.to_le_bytes());
        b[40..48].copy_from_slice(&self.due.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// What was kept for a seller is its cash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceivablePaid {
    /// Seller.
    pub account: u32,
    /// Delivery.
    pub delivery: u64,
    /// Amount.
    pub amount: i64,
    /// Part that repaid dues.
    pub to_dues: i64,
}

impl ReceivablePaid {
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
        whole("receivable_paid", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[4..12].try_into().unwrap()),
            amount: i64::from_le_bytes(b[12..20].try_into().unwrap()),
            to_dues: i64::from_le_bytes(b[20..28].try_into().unwrap()),
        })
    }
}

impl Message for ReceivablePaid {
    const KIND: u16 = 1213;
    const BLOCK: u16 = 28;
    const NAME: &'static str = "receivable_paid";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 28] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.delivery.to_le_bytes());
        b[12..20].copy_from_slice(&self.amount.to_le_bytes());
        b[20..28].copy_from_slice(&self.to_dues.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Missing accelerator-hours are made good; what pays for it follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryRemedied {
    /// Who failed.
    pub account: u32,
    /// The other side.
    pub to_account: u32,
    /// Delivery.
    pub delivery: u64,
    /// Accelerator-hours made good.
    pub units: i64,
    /// Price of their replacement.
    pub cover_price: i64,
    /// At the index, as nothing could be bought or sold.
    pub in_cash: bool,
    /// What is owed to the other side.
    pub cost: i64,
    /// Part of it that no source pays.
    pub unpaid: i64,
    /// SHA-256 of the trades, or of the search.
    pub evidence: [u8; 32],
}

impl DeliveryRemedied {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 81] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("delivery_remedied", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[8..16].try_into().unwrap()),
            units: i64::from_le_bytes(b[16..24].try_into().unwrap()),
            cover_price: i64::from_le_bytes(b[24..32].try_into().unwrap()),
            in_cash: b[32] != 0,
            cost: i64::from_le_bytes(b[33..41].try_into().unwrap()),
            unpaid: i64::from_le_bytes(b[41..49].try_into().unwrap()),
            evidence: b[49..81].try_into().unwrap(),
        })
    }
}

impl Message for DeliveryRemedied {
    const KIND: u16 = 1214;
    const BLOCK: u16 = 81;
    const NAME: &'static str = "delivery_remedied";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 81] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.to_account.to_le_bytes());
        b[8..16].copy_from_slice(&self.delivery.to_le_bytes());
        b[16..24].copy_from_slice(&self.units.to_le_bytes());
        b[24..32].copy_from_slice(&self.cover_price.to_le_bytes());
        b[32] = self.in_cash as u8;
        b[33..41].copy_from_slice(&self.cost.to_le_bytes());
        b[41..49].copy_from_slice(&self.unpaid.to_le_bytes());
        b[49..81].copy_from_slice(&self.evidence);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A source paid part of a remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemedyPaid {
    /// Who failed.
    pub account: u32,
    /// Delivery.
    pub delivery: u64,
    /// Source.
    pub source: RemedySource,
    /// Amount.
    pub amount: i64,
}

impl RemedyPaid {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 21] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("remedy_paid", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[4..12].try_into().unwrap()),
            source: RemedySource::of(b[12])?,
            amount: i64::from_le_bytes(b[13..21].try_into().unwrap()),
        })
    }
}

impl Message for RemedyPaid {
    const KIND: u16 = 1215;
    const BLOCK: u16 = 21;
    const NAME: &'static str = "remedy_paid";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 21] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..12].copy_from_slice(&self.delivery.to_le_bytes());
        b[12] = self.source as u8;
        b[13..21].copy_from_slice(&self.amount.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Cash of an account was set aside for its deliveries; negative came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryMarginMoved {
    /// Account.
    pub account: u32,
    /// Amount.
    pub amount: i64,
}

impl DeliveryMarginMoved {
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
        whole("delivery_margin_moved", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            amount: i64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for DeliveryMarginMoved {
    const KIND: u16 = 1216;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "delivery_margin_moved";
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

/// Nothing more is owed under a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryEnded {
    /// Seller.
    pub account: u32,
    /// Buyer.
    pub buyer: u32,
    /// Delivery.
    pub delivery: u64,
    /// How it ended.
    pub reason: DeliveryEnd,
}

impl DeliveryEnded {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 17] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("delivery_ended", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            buyer: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[8..16].try_into().unwrap()),
            reason: DeliveryEnd::of(b[16])?,
        })
    }
}

impl Message for DeliveryEnded {
    const KIND: u16 = 1217;
    const BLOCK: u16 = 17;
    const NAME: &'static str = "delivery_ended";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 17] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.buyer.to_le_bytes());
        b[8..16].copy_from_slice(&self.delivery.to_le_bytes());
        b[16] = self.reason as u8;
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A side of a delivery is offered to another account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryOffered {
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

impl DeliveryOffered {
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
        whole("delivery_offered", body, at)?;
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

impl Message for DeliveryOffered {
    const KIND: u16 = 1218;
    const BLOCK: u16 = 56;
    const NAME: &'static str = "delivery_offered";
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

/// An offer of a side of a delivery ended without being taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryOfferEnded {
    /// Command number of the offer.
    pub offer: u64,
    /// Who offered.
    pub account: u32,
    /// Account that might have taken it.
    pub to_account: u32,
    /// Why.
    pub reason: OfferEnd,
}

impl DeliveryOfferEnded {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 17] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("delivery_offer_ended", body, at)?;
        Ok(Self {
            offer: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            reason: OfferEnd::of(b[16])?,
        })
    }
}

impl Message for DeliveryOfferEnded {
    const KIND: u16 = 1219;
    const BLOCK: u16 = 17;
    const NAME: &'static str = "delivery_offer_ended";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 17] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.offer.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..16].copy_from_slice(&self.to_account.to_le_bytes());
        b[16] = self.reason as u8;
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A side of a delivery changed hands; the deliveries that take its place follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryTransferred {
    /// Command number of the offer.
    pub offer: u64,
    /// Who gave it.
    pub account: u32,
    /// Who took it.
    pub to_account: u32,
    /// Delivery.
    pub delivery: u64,
    /// Paid by who took it; negative was paid to it.
    pub amount: i64,
}

impl DeliveryTransferred {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 32] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("delivery_transferred", body, at)?;
        Ok(Self {
            offer: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[16..24].try_into().unwrap()),
            amount: i64::from_le_bytes(b[24..32].try_into().unwrap()),
        })
    }
}

impl Message for DeliveryTransferred {
    const KIND: u16 = 1220;
    const BLOCK: u16 = 32;
    const NAME: &'static str = "delivery_transferred";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 32] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.offer.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..16].copy_from_slice(&self.to_account.to_le_bytes());
        b[16..24].copy_from_slice(&self.delivery.to_le_bytes());
        b[24..32].copy_from_slice(&self.amount.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// The buyer's side of a delivery is pledged, or free again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryPledged {
    /// Buyer.
    pub account: u32,
    /// Delivery.
    pub delivery: u64,
    /// Pledgee; 0 it is free.
    pub to_account: u32,
}

impl DeliveryPledged {
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
        whole("delivery_pledged", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[4..12].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[12..16].try_into().unwrap()),
        })
    }
}

impl Message for DeliveryPledged {
    const KIND: u16 = 1221;
    const BLOCK: u16 = 16;
    const NAME: &'static str = "delivery_pledged";
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

/// Cash of an account went into its performance bond; negative came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BondMoved {
    /// Account.
    pub account: u32,
    /// Amount in USD.
    pub amount: i64,
}

impl BondMoved {
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
        whole("bond_moved", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            amount: i64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for BondMoved {
    const KIND: u16 = 1222;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "bond_moved";
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

/// The house added to the delivery fund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryFunded {
    /// Amount in USD.
    pub amount: i64,
}

impl DeliveryFunded {
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
        whole("delivery_funded", body, at)?;
        Ok(Self {
            amount: i64::from_le_bytes(b[0..8].try_into().unwrap()),
        })
    }
}

impl Message for DeliveryFunded {
    const KIND: u16 = 1223;
    const BLOCK: u16 = 8;
    const NAME: &'static str = "delivery_funded";
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

/// An account paid back what the delivery fund had paid for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryRepaid {
    /// Account.
    pub account: u32,
    /// Amount in USD.
    pub amount: i64,
}

impl DeliveryRepaid {
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
        whole("delivery_repaid", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            amount: i64::from_le_bytes(b[4..12].try_into().unwrap()),
        })
    }
}

impl Message for DeliveryRepaid {
    const KIND: u16 = 1224;
    const BLOCK: u16 = 12;
    const NAME: &'static str = "delivery_repaid";
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

/// A delivery was ended early: hours metered so far stay, the rest follows as a delivery that failed, or is owed no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryTerminated {
    /// Seller.
    pub account: u32,
    /// Buyer.
    pub buyer: u32,
    /// Delivery.
    pub delivery: u64,
    /// Side at fault.
    pub party: DeliveryParty,
    /// Hours that stay; 0 none was metered.
    pub hours: u32,
    /// SHA-256 of what it rests on.
    pub evidence: [u8; 32],
}

impl DeliveryTerminated {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 53] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("delivery_terminated", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            buyer: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[8..16].try_into().unwrap()),
            party: DeliveryParty::of(b[16])?,
            hours: u32::from_le_bytes(b[17..21].try_into().unwrap()),
            evidence: b[21..53].try_into().unwrap(),
        })
    }
}

impl Message for DeliveryTerminated {
    const KIND: u16 = 1225;
    const BLOCK: u16 = 53;
    const NAME: &'static str = "delivery_terminated";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 53] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.buyer.to_le_bytes());
        b[8..16].copy_from_slice(&self.delivery.to_le_bytes());
        b[16] = self.party as u8;
        b[17..21].copy_from_slice(&self.hours.to_le_bytes());
        b[21..53].copy_from_slice(&self.evidence);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// The rejection of a tender is contested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RejectionContested {
    /// Seller.
    pub account: u32,
    /// The other side.
    pub to_account: u32,
    /// Delivery.
    pub delivery: u64,
    /// SHA-256 of the test it stands on.
    pub evidence: [u8; 32],
    /// Determined by then, or the rejection stands.
    pub due: i64,
}

impl RejectionContested {
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
        whole("rejection_contested", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[8..16].try_into().unwrap()),
            evidence: b[16..48].try_into().unwrap(),
            due: i64::from_le_bytes(b[48..56].try_into().unwrap()),
        })
    }
}

impl Message for RejectionContested {
    const KIND: u16 = 1226;
    const BLOCK: u16 = 56;
    const NAME: &'static str = "rejection_contested";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 56] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.to_account.to_le_bytes());
        b[8..16].copy_from_slice(&self.delivery.to_le_bytes());
        b[16..48].copy_from_slice(&self.evidence);
        b[48..56].copy_from_slice(&self.due.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// A rejection that was contested is determined, or stands because nobody determined it in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TenderDetermined {
    /// Seller.
    pub account: u32,
    /// Buyer.
    pub buyer: u32,
    /// Who lost; 0 nobody, as nobody determined it.
    pub loser: u32,
    /// Delivery.
    pub delivery: u64,
    /// The tender is accepted; else the seller may tender again until then.
    pub accepted: bool,
    /// Paid by who lost to the other side.
    pub fee: i64,
    /// SHA-256 of the determination.
    pub evidence: [u8; 32],
    /// A tender is late then; 0 the tender is accepted.
    pub due: i64,
}

impl TenderDetermined {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 69] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("tender_determined", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            buyer: u32::from_le_bytes(b[4..8].try_into().unwrap()),
            loser: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[12..20].try_into().unwrap()),
            accepted: b[20] != 0,
            fee: i64::from_le_bytes(b[21..29].try_into().unwrap()),
            evidence: b[29..61].try_into().unwrap(),
            due: i64::from_le_bytes(b[61..69].try_into().unwrap()),
        })
    }
}

impl Message for TenderDetermined {
    const KIND: u16 = 1227;
    const BLOCK: u16 = 69;
    const NAME: &'static str = "tender_determined";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 69] = block.try_into().unwrap();
        b[0..4].copy_from_slice(&self.account.to_le_bytes());
        b[4..8].copy_from_slice(&self.buyer.to_le_bytes());
        b[8..12].copy_from_slice(&self.loser.to_le_bytes());
        b[12..20].copy_from_slice(&self.delivery.to_le_bytes());
        b[20] = self.accepted as u8;
        b[21..29].copy_from_slice(&self.fee.to_le_bytes());
        b[29..61].copy_from_slice(&self.evidence);
        b[61..69].copy_from_slice(&self.due.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// What hardware pledged and spare capacity verified count for an account, toward the margin of what it delivers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryCreditSet {
    /// Account.
    pub account: u32,
    /// Most that they count for; 0 nothing any more.
    pub amount: i64,
    /// Ten-thousandths of that margin at most.
    pub share: u32,
    /// Counts until then.
    pub until: i64,
    /// SHA-256 of what it rests on.
    pub basis: [u8; 32],
}

impl DeliveryCreditSet {
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
        whole("delivery_credit_set", body, at)?;
        Ok(Self {
            account: u32::from_le_bytes(b[0..4].try_into().unwrap()),
            amount: i64::from_le_bytes(b[4..12].try_into().unwrap()),
            share: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            until: i64::from_le_bytes(b[16..24].try_into().unwrap()),
            basis: b[24..56].try_into().unwrap(),
        })
    }
}

impl Message for DeliveryCreditSet {
    const KIND: u16 = 1228;
    const BLOCK: u16 = 56;
    const NAME: &'static str = "delivery_credit_set";
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

/// Hours that were final are corrected; the payment follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeteredCorrected {
    /// The metered hours.
    pub metered: u64,
    /// Seller.
    pub account: u32,
    /// Buyer.
    pub buyer: u32,
    /// Delivery.
    pub delivery: u64,
    /// Accelerator-hours delivered.
    pub units: i64,
    /// What the buyer pays more; negative is paid back by the seller.
    pub amount: i64,
    /// SHA-256 of the readings as edited.
    pub evidence: [u8; 32],
}

impl MeteredCorrected {
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
        whole("metered_corrected", body, at)?;
        Ok(Self {
            metered: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            buyer: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[16..24].try_into().unwrap()),
            units: i64::from_le_bytes(b[24..32].try_into().unwrap()),
            amount: i64::from_le_bytes(b[32..40].try_into().unwrap()),
            evidence: b[40..72].try_into().unwrap(),
        })
    }
}

impl Message for MeteredCorrected {
    const KIND: u16 = 1229;
    const BLOCK: u16 = 72;
    const NAME: &'static str = "metered_corrected";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 72] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.metered.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..16].copy_from_slice(&self.buyer.to_le_bytes());
        b[16..24].copy_from_slice(&self.delivery.to_le_bytes());
        b[24..32].copy_from_slice(&self.units.to_le_bytes());
        b[32..40].copy_from_slice(&self.amount.to_le_bytes());
        b[40..72].copy_from_slice(&self.evidence);
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Hours can be corrected no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeteredClosed {
    /// The metered hours.
    pub metered: u64,
    /// Seller.
    pub account: u32,
    /// Buyer.
    pub buyer: u32,
    /// Delivery.
    pub delivery: u64,
}

impl MeteredClosed {
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
        whole("metered_closed", body, at)?;
        Ok(Self {
            metered: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            buyer: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[16..24].try_into().unwrap()),
        })
    }
}

impl Message for MeteredClosed {
    const KIND: u16 = 1230;
    const BLOCK: u16 = 24;
    const NAME: &'static str = "metered_closed";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 24] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.metered.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..16].copy_from_slice(&self.buyer.to_le_bytes());
        b[16..24].copy_from_slice(&self.delivery.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// An exchange of futures for physical is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExchangeOffered {
    /// Command number of the offer.
    pub offer: u64,
    /// Who offers.
    pub account: u32,
    /// Account that may take it.
    pub to_account: u32,
    /// Series of the position.
    pub series: u32,
    /// Signed lots.
    pub lots: i64,
    /// Price at which they move.
    pub price: i64,
    /// Series on whose terms is delivered.
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

impl ExchangeOffered {
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
        whole("exchange_offered", body, at)?;
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

impl Message for ExchangeOffered {
    const KIND: u16 = 1231;
    const BLOCK: u16 = 72;
    const NAME: &'static str = "exchange_offered";
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

/// An offer of an exchange ended without being taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExchangeEnded {
    /// Command number of the offer.
    pub offer: u64,
    /// Who offered.
    pub account: u32,
    /// Account that might have taken it.
    pub to_account: u32,
    /// Why.
    pub reason: OfferEnd,
}

impl ExchangeEnded {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 17] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("exchange_ended", body, at)?;
        Ok(Self {
            offer: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            reason: OfferEnd::of(b[16])?,
        })
    }
}

impl Message for ExchangeEnded {
    const KIND: u16 = 1232;
    const BLOCK: u16 = 17;
    const NAME: &'static str = "exchange_ended";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 17] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.offer.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..16].copy_from_slice(&self.to_account.to_le_bytes());
        b[16] = self.reason as u8;
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Futures were exchanged for physical; the position that moves and the delivery follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExchangeMade {
    /// Command number of the offer.
    pub offer: u64,
    /// Who gave the position.
    pub account: u32,
    /// Who took it.
    pub to_account: u32,
}

impl ExchangeMade {
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
        whole("exchange_made", body, at)?;
        Ok(Self {
            offer: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[12..16].try_into().unwrap()),
        })
    }
}

impl Message for ExchangeMade {
    const KIND: u16 = 1233;
    const BLOCK: u16 = 16;
    const NAME: &'static str = "exchange_made";
    const SINCE: u16 = 5;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 16] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.offer.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..16].copy_from_slice(&self.to_account.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// Cash of an account is set aside as a guarantee for what another owes out of failed deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuaranteeGiven {
    /// Command number that gave it.
    pub guarantee: u64,
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

impl GuaranteeGiven {
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
        whole("guarantee_given", body, at)?;
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

impl Message for GuaranteeGiven {
    const KIND: u16 = 1234;
    const BLOCK: u16 = 64;
    const NAME: &'static str = "guarantee_given";
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

/// A guarantee gave cash to who failed, for a remedy that is paid with it; one that holds nothing more has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuaranteePaid {
    /// Guarantee.
    pub guarantee: u64,
    /// Guarantor.
    pub account: u32,
    /// Who failed, and owes the guarantor outside the house.
    pub to_account: u32,
    /// Delivery.
    pub delivery: u64,
    /// Amount in USD.
    pub amount: i64,
}

impl GuaranteePaid {
    /// The message in a body with a block of `block` bytes.
    ///
    /// # Errors
    /// When the bytes are not such a body.
    #[inline]
    pub fn unpack(body: &[u8], block: usize) -> Result<Self, FrameError> {
        let other;
        let b: &[u8; 32] = match exact(body, block) {
            Some(b) => b,
            None => {
                other = fixed(body, block)?;
                &other
            }
        };
        let at = block;
        whole("guarantee_paid", body, at)?;
        Ok(Self {
            guarantee: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            delivery: u64::from_le_bytes(b[16..24].try_into().unwrap()),
            amount: i64::from_le_bytes(b[24..32].try_into().unwrap()),
        })
    }
}

impl Message for GuaranteePaid {
    const KIND: u16 = 1235;
    const BLOCK: u16 = 32;
    const NAME: &'static str = "guarantee_paid";
    const SINCE: u16 = 6;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 32] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.guarantee.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..16].copy_from_slice(&self.to_account.to_le_bytes());
        b[16..24].copy_from_slice(&self.delivery.to_le_bytes());
        b[24..32].copy_from_slice(&self.amount.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}

/// What a guarantee still held is cash of its guarantor again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuaranteeEnded {
    /// Guarantee.
    pub guarantee: u64,
    /// Guarantor.
    pub account: u32,
    /// Account it was given for.
    pub to_account: u32,
    /// Amount in USD.
    pub amount: i64,
}

impl GuaranteeEnded {
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
        whole("guarantee_ended", body, at)?;
        Ok(Self {
            guarantee: u64::from_le_bytes(b[0..8].try_into().unwrap()),
            account: u32::from_le_bytes(b[8..12].try_into().unwrap()),
            to_account: u32::from_le_bytes(b[12..16].try_into().unwrap()),
            amount: i64::from_le_bytes(b[16..24].try_into().unwrap()),
        })
    }
}

impl Message for GuaranteeEnded {
    const KIND: u16 = 1236;
    const BLOCK: u16 = 24;
    const NAME: &'static str = "guarantee_ended";
    const SINCE: u16 = 6;

    #[inline]
    fn block(&self, block: &mut [u8]) {
        let b: &mut [u8; 24] = block.try_into().unwrap();
        b[0..8].copy_from_slice(&self.guarantee.to_le_bytes());
        b[8..12].copy_from_slice(&self.account.to_le_bytes());
        b[12..16].copy_from_slice(&self.to_account.to_le_bytes());
        b[16..24].copy_from_slice(&self.amount.to_le_bytes());
    }

    #[inline]
    fn variable(&self, out: &mut Vec<u8>) {
    }
}
