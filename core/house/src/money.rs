//! Deciding deposits, withdrawals and the house's liquidity.

use crate::agenda::{Agenda, Decision};
use crate::wire;

impl Agenda<'_> {
    /// Books money that reached the bank; dues first (LED-002, LED-003).
    pub(crate) fn deposit(&mut self, _: &wire::Deposit) -> Decision {
        Ok(())
    }

    /// Sets cash aside (LED-005): most is by `margin::judge` and `Account::premiums`.
    pub(crate) fn request_withdrawal(&mut self, _: &wire::RequestWithdrawal) -> Decision {
        Ok(())
    }

    /// The bank has paid (LED-004).
    pub(crate) fn post_withdrawal(&mut self, _: &wire::PostWithdrawal) -> Decision {
        Ok(())
    }

    /// The cash is free again (LED-004).
    pub(crate) fn void_withdrawal(&mut self, _: &wire::VoidWithdrawal) -> Decision {
        Ok(())
    }

    /// Adds cash of the house (LED-006).
    pub(crate) fn fund_liquidity(&mut self, _: &wire::FundLiquidity) -> Decision {
        Ok(())
    }
}
