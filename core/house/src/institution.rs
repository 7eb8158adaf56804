//! Deciding what becomes of the house, members, actors, accounts, assets and series.

use crate::agenda::{Agenda, Decision, Refused};
use crate::evolve::settlement::month_after;
use crate::guards::find_series;
use crate::settlement::month_hours;
use crate::state::{Account, Series, SeriesAt};
use crate::wire::{
    self, CancelReason, Command, HaltReason, LedgerClass, PauseReason, Refusal, SeriesKind,
    SeriesState, TimeInForce, bound, rights, role,
};

const MEMBER_ROLES: u32 = role::TRADER | role::RISK | role::SETTLEMENT | role::READ_ONLY;
/// Newest version of behaviour this core can follow.
const KNOWN_BEHAVIOUR: u32 = 1;
/// Highest fee per lot, micro-dollars.
const FEE: i64 = 1_000_000_000;
/// Longest volatility pause, nanoseconds.
const PAUSE: i64 = 86_400_000_000_000;
/// Latest end of trading, nanoseconds UTC.
const LATEST_END: i64 = 1 << 62;

/// Which state may follow which by command (EXC-002).
fn reachable(from: SeriesState, to: SeriesState) -> bool {
    use SeriesState::{Closed, Expired, Listed, Open, Paused, PreClose, PreOpen};
    match from {
        Listed => matches!(to, PreOpen | Open | Closed),
        PreOpen => matches!(to, Open | Closed),
        Open => matches!(to, Paused | PreClose | Closed),
        Paused => matches!(to, Open | PreClose | Closed),
        PreClose => matches!(to, Open | Closed),
        Closed => matches!(to, PreOpen | Open),
        Expired => false,
    }
}

fn check_term(found: impl Into<i128>, low: i64, high: i64) -> Decision {
    let found = found.into();
    if (i128::from(low)..=i128::from(high)).contains(&found) {
        return Ok(());
    }
    Err(Refused::new(Refusal::TermsOutOfBounds, high, found))
}

fn check_fees(maker: i64, taker: i64, clearing: i64) -> Decision {
    check_term(maker, 0, FEE)?;
    check_term(taker, 0, FEE)?;
    check_term(clearing, 0, FEE)
}

/// Refuses limits of positions, order lots and order value that are not between one and the
/// bound of the schema.
fn check_limits(limits: [i64; 3]) -> Decision {
    let bounds = [bound::ACCOUNT_GROSS_LOTS, bound::ORDER_LOTS, bound::MONEY];
    for (limit, most) in limits.into_iter().zip(bounds) {
        if !(1..=most).contains(&limit) {
            return Err(Refused::new(Refusal::LimitOutOfBounds, most, limit));
        }
    }
    Ok(())
}

/// Calendar hours of every month before the last, counted until they pass the bound.
fn hours_before_last(c: &wire::ListSeries) -> i64 {
    let (mut month, mut hours) = (c.first_month, 0);
    while month < c.last_month && hours <= bound::HOURS {
        hours += i64::from(month_hours(month));
        month = month_after(month);
    }
    hours
}

fn check_terms(c: &wire::ListSeries, now: i64) -> Decision {
    let option = matches!(c.series_kind, SeriesKind::Call | SeriesKind::Put);
    check_term(c.hours, 1, bound::HOURS)?;
    check_term(c.tick, 1, bound::PRICE)?;
    let (low, high) = if option { (1, bound::PRICE) } else { (0, 0) };
    check_term(c.strike, low, high)?;
    check_term(c.reference_price, c.tick, bound::PRICE)?;
    check_term(bound::PRICE / c.tick, 1, bound::PRICE_TICKS)?;
    check_term(c.band, 1, 1_000_000)?;
    check_term(c.pause_range, 0, 1_000_000)?;
    check_term(c.pause_duration, i64::from(c.pause_range != 0), PAUSE)?;
    check_term(c.protection, 1, 10_000)?;
    check_fees(c.maker_fee, c.taker_fee, c.clearing_fee)?;
    check_term(c.first_month % 100, 1, 12)?;
    check_term(c.last_month % 100, 1, 12)?;
    check_term(c.last_month, i64::from(c.first_month), 999_912)?;
    // Each month but the last takes its calendar hours; the last one takes what is left.
    check_term(c.hours, 1 + hours_before_last(c), bound::HOURS)?;
    check_term(c.last_trading_time, now + 1, LATEST_END)
}

impl Agenda<'_> {
    /// Opens the house (INS-001).
    pub(crate) fn genesis(&mut self, c: &wire::Genesis<'_>) -> Decision {
        let named = c
            .operators
            .iter()
            .map(|o| o.actor)
            .filter(|actor| *actor != 0);
        let mut different: Vec<u32> = named.collect();
        different.sort_unstable();
        different.dedup();
        if different.len() < 2 || different.len() != c.operators.len() {
            let found = different.len() as i64;
            return Err(Refused::new(Refusal::OperatorsTooFew, 2, found));
        }
        self.tell(&wire::HouseOpened {
            name: c.name,
            operators: c.operators,
        });
        Ok(())
    }

    /// Puts a four-eyes command before a second operator (INS-004).
    pub(crate) fn propose(&mut self, c: &wire::Propose<'_>) -> Decision {
        let Some(rights) = rights(c.command).filter(|r| r.four_eyes) else {
            return Err(Refused::new(Refusal::CommandNotProposable, 0, c.command));
        };
        let proposer = self.state.actors.get(self.place.actor);
        let roles = proposer.map_or(0, |actor| actor.roles);
        if roles & rights.roles == 0 {
            return Err(Refused::new(Refusal::RoleMissing, rights.roles, roles));
        }
        if Command::unpack(c.command, c.payload, usize::from(rights.block)).is_err() {
            return Err(Refused::new(Refusal::PayloadMalformed, c.command, 0));
        }
        self.tell(&wire::Proposed {
            proposal: self.place.number,
            command: c.command,
            due: self.place.time + bound::CONSENT_WINDOW,
            payload: c.payload,
        });
        Ok(())
    }

    /// Admits a member (INS-005).
    pub(crate) fn register_member(&mut self, c: &wire::RegisterMember) -> Decision {
        if c.member == 0 {
            return Err(Refused::new(Refusal::NumberZero, 1, 0));
        }
        if self.state.members.contains_key(&c.member) {
            return Err(Refused::new(Refusal::MemberKnown, 0, c.member));
        }
        self.tell(&wire::MemberRegistered {
            member: c.member,
            name: c.name,
        });
        Ok(())
    }

    /// Gives an actor its member and roles (INS-002, INS-003).
    pub(crate) fn register_actor(&mut self, c: &wire::RegisterActor) -> Decision {
        let state = &*self.state;
        if c.member != 0 && !state.members.contains_key(&c.member) {
            return Err(Refused::new(Refusal::MemberUnknown, 0, c.member));
        }
        if let Some(known) = state.actors.get(c.registered)
            && known.member != c.member
        {
            return Err(Refused::new(
                Refusal::ActorBound,
                known.member,
                c.registered,
            ));
        }
        if c.registered == 0 {
            return Err(Refused::new(Refusal::NumberZero, 1, 0));
        }
        let allowed = if c.member == 0 {
            role::ALL
        } else {
            MEMBER_ROLES
        };
        if c.roles & !allowed != 0 {
            return Err(Refused::new(Refusal::RolesOutOfBounds, allowed, c.roles));
        }
        self.tell(&wire::ActorRegistered {
            registered: c.registered,
            member: c.member,
            roles: c.roles,
        });
        Ok(())
    }

    /// Opens an account (INS-006).
    pub(crate) fn open_account(&mut self, c: &wire::OpenAccount) -> Decision {
        if !self.state.members.contains_key(&c.member) {
            return Err(Refused::new(Refusal::MemberUnknown, 0, c.member));
        }
        if c.account == 0 {
            return Err(Refused::new(Refusal::NumberZero, 1, 0));
        }
        if self.state.account_at(c.account).is_some() {
            return Err(Refused::new(Refusal::AccountKnown, 0, c.account));
        }
        check_limits([c.position_limit, c.order_lots_limit, c.order_value_limit])?;
        self.tell(&wire::AccountOpened {
            account: c.account,
            member: c.member,
            account_kind: c.account_kind,
            owner: c.owner,
            position_limit: c.position_limit,
            order_lots_limit: c.order_lots_limit,
            order_value_limit: c.order_value_limit,
        });
        Ok(())
    }

    /// Changes limits; a member only tightens (INS-007).
    pub(crate) fn set_limits(&mut self, c: &wire::SetLimits) -> Decision {
        let wanted = [c.position_limit, c.order_lots_limit, c.order_value_limit];
        check_limits(wanted)?;
        let actor = self.state.actors.get(self.place.actor);
        if actor.is_some_and(|actor| actor.member != 0) {
            let account = self.account(c.account);
            let now = [
                account.position_limit,
                account.order_lots_limit,
                account.order_value_limit,
            ];
            for (limit, now) in wanted.into_iter().zip(now) {
                if limit > now {
                    return Err(Refused::new(Refusal::LimitLoosened, now, limit));
                }
            }
        }
        self.tell(&wire::LimitsSet {
            account: c.account,
            position_limit: c.position_limit,
            order_lots_limit: c.order_lots_limit,
            order_value_limit: c.order_value_limit,
        });
        Ok(())
    }

    /// The account of a command that `authorise` let through, to read.
    fn account(&self, number: u32) -> &Account {
        &self.state.accounts[self.account_at(number) as usize]
    }

    /// Suspends a member and cancels its orders (INS-008).
    pub(crate) fn suspend_member(&mut self, c: &wire::SuspendMember) -> Decision {
        let member = c.member;
        let Some(known) = self.state.members.get(&member) else {
            return Err(Refused::new(Refusal::MemberUnknown, 0, member));
        };
        if known.suspended {
            return Err(Refused::new(Refusal::MemberSuspended, 0, member));
        }
        self.tell(&wire::MemberSuspended { member });
        let state = &*self.state;
        let theirs = state
            .orders_that(|o| !o.close_out && state.accounts[o.account as usize].member == member);
        self.cancel_all(&theirs, CancelReason::MemberSuspended);
        Ok(())
    }

    /// Lifts a suspension (INS-008).
    pub(crate) fn reinstate_member(&mut self, c: &wire::ReinstateMember) -> Decision {
        let member = c.member;
        let Some(known) = self.state.members.get(&member) else {
            return Err(Refused::new(Refusal::MemberUnknown, 0, member));
        };
        if !known.suspended {
            return Err(Refused::new(Refusal::MemberNotSuspended, 0, member));
        }
        self.tell(&wire::MemberReinstated { member });
        Ok(())
    }

    /// Cancels every order of an account (INS-009).
    pub(crate) fn engage_kill_switch(&mut self, c: &wire::EngageKillSwitch) -> Decision {
        let at = self.account_at(c.account);
        if self.state.accounts[at as usize].killed {
            return Err(Refused::new(Refusal::AccountKilled, 0, c.account));
        }
        self.tell(&wire::KillSwitchEngaged { account: c.account });
        let spares = self.spares_close_outs();
        let theirs = self.state.orders_of(at, spares);
        self.cancel_all(&theirs, CancelReason::KillSwitch);
        Ok(())
    }

    /// Admits orders again (INS-009).
    pub(crate) fn release_kill_switch(&mut self, c: &wire::ReleaseKillSwitch) -> Decision {
        if !self.account(c.account).killed {
            return Err(Refused::new(Refusal::AccountNotKilled, 0, c.account));
        }
        self.tell(&wire::KillSwitchReleased { account: c.account });
        Ok(())
    }

    /// Stops all trading (INS-010).
    pub(crate) fn halt_market(&mut self, _: &wire::HaltMarket) -> Decision {
        if self.state.halted {
            return Err(Refused::plain(Refusal::MarketHalted));
        }
        self.tell(&wire::MarketHalted {
            reason: HaltReason::Operator,
        });
        Ok(())
    }

    /// Trading goes on (INS-010).
    pub(crate) fn resume_market(&mut self, _: &wire::ResumeMarket) -> Decision {
        if !self.state.halted {
            return Err(Refused::plain(Refusal::MarketNotHalted));
        }
        let shortfall = -self.state.ledger.house(LedgerClass::DefaultShortfall);
        if shortfall != 0 {
            return Err(Refused::new(Refusal::ShortfallOpen, 0, shortfall));
        }
        self.tell(&wire::MarketResumed {});
        Ok(())
    }

    /// Puts the next behaviour in force (INS-011).
    pub(crate) fn switch_behaviour(&mut self, c: &wire::SwitchBehaviour) -> Decision {
        let now = self.state.behaviour;
        // One behaviour is known to this core; the next one comes with a core that knows it.
        if now.checked_add(1) != Some(c.behaviour) || c.behaviour > KNOWN_BEHAVIOUR {
            return Err(Refused::new(Refusal::BehaviourUnknown, now, c.behaviour));
        }
        self.tell(&wire::BehaviourSwitched {
            behaviour: c.behaviour,
        });
        Ok(())
    }

    /// Adds an asset (LED-001).
    pub(crate) fn define_asset(&mut self, c: &wire::DefineAsset) -> Decision {
        if c.asset == 0 {
            return Err(Refused::new(Refusal::NumberZero, 1, 0));
        }
        if self.state.assets.contains_key(&c.asset) {
            return Err(Refused::new(Refusal::AssetKnown, 0, c.asset));
        }
        self.tell(&wire::AssetDefined {
            asset: c.asset,
            name: c.name,
        });
        Ok(())
    }

    /// Lists a series (EXC-001).
    pub(crate) fn list_series(&mut self, c: &wire::ListSeries) -> Decision {
        if c.series == 0 {
            return Err(Refused::new(Refusal::NumberZero, 1, 0));
        }
        if self.state.series_at(c.series).is_some() {
            return Err(Refused::new(Refusal::SeriesKnown, 0, c.series));
        }
        if let Some(known) = self.state.symbols.get(&c.symbol) {
            return Err(Refused::new(Refusal::SymbolKnown, 0, *known));
        }
        check_terms(c, self.place.time)?;
        self.tell(&wire::SeriesListed {
            series: c.series,
            symbol: c.symbol,
            series_kind: c.series_kind,
            group: c.group,
            index: c.index,
            first_month: c.first_month,
            last_month: c.last_month,
            hours: c.hours,
            tick: c.tick,
            strike: c.strike,
            reference_price: c.reference_price,
            band: c.band,
            pause_range: c.pause_range,
            pause_duration: c.pause_duration,
            protection: c.protection,
            maker_fee: c.maker_fee,
            taker_fee: c.taker_fee,
            clearing_fee: c.clearing_fee,
            last_trading_time: c.last_trading_time,
        });
        Ok(())
    }

    /// Moves a series through its day; a call ends in its auction (EXC-002).
    pub(crate) fn set_series_state(&mut self, c: &wire::SetSeriesState) -> Decision {
        let at = find_series(self.state, c.series)?;
        let series: &Series = &self.state.series[at as usize];
        let from = series.state;
        if !reachable(from, c.state) {
            let (from, to) = (from as i64, c.state as i64);
            return Err(Refused::new(Refusal::StateNotReachable, from, to));
        }
        let ends = series.last_trading_time;
        if c.state != SeriesState::Closed && self.place.time >= ends {
            return Err(Refused::new(Refusal::TradingEnded, ends, self.place.time));
        }
        let opens = c.state == SeriesState::Open || from == SeriesState::PreClose;
        let call = series.in_call() && opens;
        if call && self.state.halted {
            return Err(Refused::plain(Refusal::MarketHalted));
        }
        if call {
            self.uncross(at);
        }
        if c.state == SeriesState::Closed {
            self.close_series(at, PauseReason::Schedule);
            return Ok(());
        }
        self.tell(&wire::SeriesStateChanged {
            series: c.series,
            state: c.state,
            reason: PauseReason::Schedule,
            until: 0,
        });
        Ok(())
    }

    /// Ends the day of a series and of its day orders (EXC-010).
    pub(crate) fn close_series(&mut self, at: SeriesAt, reason: PauseReason) {
        self.tell(&wire::SeriesStateChanged {
            series: self.state.series[at as usize].series,
            state: SeriesState::Closed,
            reason,
            until: 0,
        });
        let wanted =
            |o: &crate::state::Order| o.series == at && o.time_in_force == TimeInForce::Day;
        let ended = self.state.orders_that(wanted);
        self.cancel_all(&ended, CancelReason::DayExpired);
    }

    /// Changes fees.
    pub(crate) fn set_fees(&mut self, c: &wire::SetFees) -> Decision {
        find_series(self.state, c.series)?;
        check_fees(c.maker_fee, c.taker_fee, c.clearing_fee)?;
        self.tell(&wire::FeesSet {
            series: c.series,
            maker_fee: c.maker_fee,
            taker_fee: c.taker_fee,
            clearing_fee: c.clearing_fee,
        });
        Ok(())
    }
}
