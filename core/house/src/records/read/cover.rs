//! Records of collateral, of margin calls and of publications.

use super::{bent, find_account, find_series, obligations};
use crate::collateral::Collateral;
use crate::frame::FrameError;
use crate::frame::Message;
use crate::state::{Cover, Line, MarginCall, Rate, Security, State, TimerKind};
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
        wire::CoverRecord::KIND => {
            let r = wire::CoverRecord::unpack(body, block)?;
            find_account(state, r.account)?;
            find_series(state, r.series)?;
            let cover = Cover {
                lots: r.lots,
                until: r.until,
                evidence: r.evidence,
            };
            state.credit.covers.insert((r.account, r.series), cover);
        }
        wire::LineRecord::KIND => {
            let r = wire::LineRecord::unpack(body, block)?;
            find_account(state, r.account)?;
            let (limit, rate) = (r.limit, r.rate);
            state.credit.lines.insert(r.account, Line { limit, rate });
        }
        wire::SecurityRecord::KIND => {
            let r = wire::SecurityRecord::unpack(body, block)?;
            if !state.collateral.contains_key(&r.asset) || r.advance > 10_000 {
                return Err(bent(format_args!("security in asset {}", r.asset)));
            }
            let security = Security {
                advance: r.advance,
                account_cap: r.account_cap,
            };
            state.credit.securities.insert(r.asset, security);
        }
        wire::RateRecord::KIND => {
            let r = wire::RateRecord::unpack(body, block)?;
            let rate = Rate {
                day: r.day,
                rate: r.rate,
                source: r.source,
                inputs: r.inputs,
            };
            state.credit.rates.insert(r.day, rate);
        }
        wire::VariationRecord::KIND => {
            let r = wire::VariationRecord::unpack(body, block)?;
            find_account(state, r.account)?;
            find_series(state, r.series)?;
            let key = (r.account, r.series);
            state.credit.variation.insert(key, r.amount);
        }
        _ => return obligations::read_obligations(state, kind, body, block),
    }
    Ok(())
}
