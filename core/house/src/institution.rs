//! Deciding what becomes of the house, members, actors, accounts, assets and series.

use crate::agenda::{Agenda, Decision};
use crate::wire;

impl Agenda<'_> {
    /// Opens the house (INS-001).
    pub(crate) fn genesis(&mut self, _: &wire::Genesis<'_>) -> Decision {
        Ok(())
    }

    /// Puts a four-eyes command before a second operator (INS-004).
    pub(crate) fn propose(&mut self, _: &wire::Propose<'_>) -> Decision {
        Ok(())
    }

    /// Admits a member (INS-005).
    pub(crate) fn register_member(&mut self, _: &wire::RegisterMember) -> Decision {
        Ok(())
    }

    /// Gives an actor its member and roles (INS-002, INS-003).
    pub(crate) fn register_actor(&mut self, _: &wire::RegisterActor) -> Decision {
        Ok(())
    }

    /// Opens an account (INS-006).
    pub(crate) fn open_account(&mut self, _: &wire::OpenAccount) -> Decision {
        Ok(())
    }

    /// Changes limits; a member only tightens (INS-007).
    pub(crate) fn set_limits(&mut self, _: &wire::SetLimits) -> Decision {
        Ok(())
    }

    /// Suspends a member and cancels its orders (INS-008).
    pub(crate) fn suspend_member(&mut self, _: &wire::SuspendMember) -> Decision {
        Ok(())
    }

    /// Lifts a suspension (INS-008).
    pub(crate) fn reinstate_member(&mut self, _: &wire::ReinstateMember) -> Decision {
        Ok(())
    }

    /// Cancels every order of an account (INS-009).
    pub(crate) fn engage_kill_switch(&mut self, _: &wire::EngageKillSwitch) -> Decision {
        Ok(())
    }

    /// Admits orders again (INS-009).
    pub(crate) fn release_kill_switch(&mut self, _: &wire::ReleaseKillSwitch) -> Decision {
        Ok(())
    }

    /// Stops all trading (INS-010).
    pub(crate) fn halt_market(&mut self, _: &wire::HaltMarket) -> Decision {
        Ok(())
    }

    /// Trading goes on (INS-010).
    pub(crate) fn resume_market(&mut self, _: &wire::ResumeMarket) -> Decision {
        Ok(())
    }

    /// Puts the next behaviour in force (INS-011).
    pub(crate) fn switch_behaviour(&mut self, _: &wire::SwitchBehaviour) -> Decision {
        Ok(())
    }

    /// Adds an asset (LED-001).
    pub(crate) fn define_asset(&mut self, _: &wire::DefineAsset) -> Decision {
        Ok(())
    }

    /// Lists a series (EXC-001).
    pub(crate) fn list_series(&mut self, _: &wire::ListSeries) -> Decision {
        Ok(())
    }

    /// Moves a series through its day (EXC-002); uses `uncross` and `cancel_all`.
    pub(crate) fn set_series_state(&mut self, _: &wire::SetSeriesState) -> Decision {
        Ok(())
    }

    /// Changes fees.
    pub(crate) fn set_fees(&mut self, _: &wire::SetFees) -> Decision {
        Ok(())
    }
}
