//! Records of defaults.

use super::{cover, find_account};
use crate::frame::{FrameError, Message};
use crate::state::{Bid, Stake, State};
use crate::wire;

pub(super) fn read_default(
    state: &mut State,
    kind: u16,
    body: &[u8],
    block: usize,
) -> Result<(), FrameError> {
    match kind {
        wire::DefaultRecord::KIND => {
            let r = wire::DefaultRecord::unpack(body, block)?;
            state.defaults.insert(r.member, r.declared);
        }
        wire::StakeRecord::KIND => {
            let r = wire::StakeRecord::unpack(body, block)?;
            find_account(state, r.account)?;
            let stake = Stake {
                contribution: r.contribution,
                used: r.used,
                assessed: r.assessed,
                bid: r.bid,
            };
            state.stakes.insert((r.member, r.account), stake);
        }
        wire::GainRecord::KIND => {
            let r = wire::GainRecord::unpack(body, block)?;
            find_account(state, r.account)?;
            state.gains.insert(r.account, r.gain);
        }
        wire::BidRecord::KIND => {
            let r = wire::BidRecord::unpack(body, block)?;
            find_account(state, r.account)?;
            find_account(state, r.from_account)?;
            let bid = Bid {
                from_account: r.from_account,
                until: r.until,
                commitment: r.commitment,
            };
            state.bids.insert((r.slice, r.account), bid);
        }
        wire::PortRecord::KIND => {
            let r = wire::PortRecord::unpack(body, block)?;
            find_account(state, r.account)?;
            state.ports.insert(r.account, r.member);
        }
        _ => return cover::read_cover(state, kind, body, block),
    }
    Ok(())
}
