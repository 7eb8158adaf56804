//! Deciding margin tables, settlement, busts and fixings.

use crate::agenda::{Agenda, Decision};
use crate::wire;

impl Agenda<'_> {
    /// Opens a table for loading (CLR-005).
    pub(crate) fn begin_margin_table(&mut self, _: &wire::BeginMarginTable<'_>) -> Decision {
        Ok(())
    }

    /// Loads the row of a series (CLR-005).
    pub(crate) fn load_margin_row(&mut self, _: &wire::LoadMarginRow<'_>) -> Decision {
        Ok(())
    }

    /// Puts the loaded table in force (CLR-005).
    pub(crate) fn activate_margin_table(&mut self, _: &wire::ActivateMarginTable) -> Decision {
        Ok(())
    }

    /// Refreshes the next stale accounts, ascending by number.
    pub(crate) fn sweep_accounts(&mut self, _: &wire::SweepAccounts) -> Decision {
        Ok(())
    }

    /// Posts variation margin of every account (CLR-007, CLR-009).
    pub(crate) fn settle_variation(&mut self, _: &wire::SettleVariation<'_>) -> Decision {
        Ok(())
    }

    /// Pays a series for good (CLR-008).
    pub(crate) fn settle_final(&mut self, _: &wire::SettleFinal) -> Decision {
        Ok(())
    }

    /// Undoes a trade (CLR-010).
    pub(crate) fn bust_trade(&mut self, _: &wire::BustTrade) -> Decision {
        Ok(())
    }

    /// Corrects the price of a trade (CLR-010).
    pub(crate) fn adjust_trade(&mut self, _: &wire::AdjustTrade) -> Decision {
        Ok(())
    }

    /// Puts a fixing on the log.
    pub(crate) fn publish_fixing(&mut self, _: &wire::PublishFixing) -> Decision {
        Ok(())
    }
}
