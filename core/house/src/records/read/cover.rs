//! Records of collateral, of margin calls and of publications.

use super::{bent, find_account};
use crate::collateral::Collateral;
use crate::frame::FrameError;
use crate::frame::Message;
use crate::state::{MarginCall, State, TimerKind};
use crate::wire;

pub(super) fn read_cover(
    state: &mut State,
    kind: u16,
    body: &[u8],
    block: usize,
) -> Result<(), FrameError> {
    match kind {
        wire::CollateralRecord::KIND => {
            let r = wire::CollateralRecord::unpack(body, block)?;
            if r.haircut > 10_000 {
                return Err(bent(format_args!("a haircut of {}", r.haircut)));
            }
            let terms = Collateral {
                haircut: r.haircut,
                account_cap: r.account_cap,
                letter: r.letter,
                price: r.price,
                day: r.day,
            };
            state.collateral.insert(r.asset, terms);
        }
        wire::MarginCallRecord::KIND => {
            let r = wire::MarginCallRecord::unpack(body, block)?;
            find_account(state, r.account)?;
            state.set_timer(r.due, TimerKind::Call, u64::from(r.account));
            let call = MarginCall {
                call: r.call,
                amount: r.amount,
                due: r.due,
            };
            state.calls.insert(r.account, call);
        }
        wire::DigestRecord::KIND => {
            let r = wire::DigestRecord::unpack(body, block)?;
            state.digests.insert(r.publication, (r.day, r.digest));
        }
        _ => return Err(bent(format_args!("kind {kind} is not a record"))),
    }
    Ok(())
}
