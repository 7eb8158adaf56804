//! Records of defaults.

use super::{cover, find_account, find_series};
use crate::frame::{FrameError, Message};
use crate::state::{Bid, Cooling, Slice, Stake, State};
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
                opened: r.opened,
                amount: r.amount,
            };
            state.bids.insert((r.slice, r.account), bid);
        }
        wire::PortRecord::KIND => {
            let r = wire::PortRecord::unpack(body, block)?;
            find_account(state, r.account)?;
            state.ports.insert(r.account, r.member);
        }
        wire::SliceRecord::KIND => {
            let r = wire::SliceRecord::unpack(body, block)?;
            find_account(state, r.from_account)?;
            let slice = Slice {
                from_account: r.from_account,
                reserve: r.reserve,
                seals: r.seals,
                opens: r.opens,
                positions: r.positions.iter().collect(),
            };
            for item in &slice.positions {
                find_series(state, item.series)?;
            }
            state.slices.insert(r.slice, slice);
        }
        wire::CoolingRecord::KIND => {
            let r = wire::CoolingRecord::unpack(body, block)?;
            find_account(state, r.account)?;
            let cooling = Cooling {
                base: r.base,
                assessed: r.assessed,
                until: r.until,
            };
            state.coolings.insert(r.account, cooling);
        }
        wire::NoticeRecord::KIND => {
            let r = wire::NoticeRecord::unpack(body, block)?;
            state.notices.insert(r.member, r.effective);
        }
        wire::EarlierGainRecord::KIND => {
            let r = wire::EarlierGainRecord::unpack(body, block)?;
            find_account(state, r.account)?;
            state.earlier.insert(r.account, r.gain);
        }
        _ => return cover::read_cover(state, kind, body, block),
    }
    Ok(())
}
