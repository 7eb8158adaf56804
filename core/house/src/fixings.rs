//! Deciding fixings, and days that have none.

use crate::agenda::{Agenda, Decision, Refused};
use crate::wire::{self, Refusal, bound};

/// Behaviour from which a day without a fixing stands on the log (CLR-017).
const NO_FIXES: u32 = 3;

fn check_fixing(price: i64) -> Decision {
    if (1..=bound::PRICE).contains(&price) {
        return Ok(());
    }
    Err(Refused::new(Refusal::RowOutOfBounds, bound::PRICE, price))
}

impl Agenda<'_> {
    /// An index has one row a day, and the days ascend (CLR-014, CLR-017).
    fn check_day_ahead(&self, index: u16, day: u32) -> Decision {
        match self.state.fixings.get(&index) {
            Some(last) if day <= last.day => Err(Refused::new(Refusal::DayNotAhead, last.day, day)),
            _ => Ok(()),
        }
    }

    /// Puts a fixing on the log (CLR-014).
    pub(crate) fn publish_fixing(&mut self, c: &wire::PublishFixing) -> Decision {
        self.check_day_ahead(c.index, c.day)?;
        check_fixing(c.price)?;
        self.tell(&wire::FixingPublished {
            index: c.index,
            day: c.day,
            price: c.price,
            carried: c.carried,
            simulated: c.simulated,
            method: c.method,
            inputs: c.inputs,
        });
        Ok(())
    }

    /// Puts a day without a fixing on the log (CLR-017).
    pub(crate) fn declare_no_fix(&mut self, c: &wire::DeclareNoFix) -> Decision {
        self.need_behaviour(NO_FIXES)?;
        self.check_day_ahead(c.index, c.day)?;
        self.tell(&wire::NoFixDeclared {
            index: c.index,
            day: c.day,
            reason: c.reason,
            method: c.method,
            inputs: c.inputs,
        });
        Ok(())
    }

    /// Puts the fixing of a day on the log that stood there without one (CLR-018).
    pub(crate) fn publish_late_fixing(&mut self, c: &wire::PublishLateFixing) -> Decision {
        self.need_behaviour(NO_FIXES)?;
        if !self.state.no_fixes.contains_key(&(c.index, c.day)) {
            return Err(Refused::new(Refusal::FixingNotMissing, c.index, c.day));
        }
        check_fixing(c.price)?;
        self.tell(&wire::LateFixingPublished {
            index: c.index,
            day: c.day,
            price: c.price,
            simulated: c.simulated,
            method: c.method,
            inputs: c.inputs,
        });
        Ok(())
    }
}
