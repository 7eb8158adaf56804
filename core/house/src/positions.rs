//! Deciding transfers of positions, maker protection, dead man's hand and lost sessions.

use crate::agenda::{Agenda, Decision};
use crate::wire;

impl Agenda<'_> {
    /// Offers a position (CLR-011).
    pub(crate) fn offer_transfer(&mut self, _: &wire::OfferTransfer) -> Decision {
        Ok(())
    }

    /// Takes an offered position; both sides stay covered (CLR-011): `margin::judge_whole` with `Moved`.
    pub(crate) fn accept_transfer(&mut self, _: &wire::AcceptTransfer) -> Decision {
        Ok(())
    }

    /// Limits a maker's quotes (EXC-018).
    pub(crate) fn set_maker_protection(&mut self, _: &wire::SetMakerProtection) -> Decision {
        Ok(())
    }

    /// Arms or disarms the dead man's hand.
    pub(crate) fn arm_dead_man(&mut self, _: &wire::ArmDeadMan) -> Decision {
        Ok(())
    }

    /// Cancels the orders of a session.
    pub(crate) fn lose_session(&mut self, _: &wire::LoseSession) -> Decision {
        Ok(())
    }
}
