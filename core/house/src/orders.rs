//! Deciding what becomes of a request to trade: place, replace, cancel.

use crate::agenda::{Agenda, Decision};
use crate::wire;

pub mod slab;

impl Agenda<'_> {
    pub(crate) fn place_order(&mut self, _: &wire::PlaceOrder) -> Decision {
        Ok(())
    }
    pub(crate) fn replace_order(&mut self, _: &wire::ReplaceOrder) -> Decision {
        Ok(())
    }
    pub(crate) fn cancel_order(&mut self, _: &wire::CancelOrder) -> Decision {
        Ok(())
    }
    pub(crate) fn mass_cancel(&mut self, _: &wire::MassCancel) -> Decision {
        Ok(())
    }
    pub(crate) fn mass_quote(&mut self, _: &wire::MassQuote<'_>) -> Decision {
        Ok(())
    }
    pub(crate) fn fire_timers(&mut self) {}
    pub(crate) fn run_elected(&mut self) {}
}
