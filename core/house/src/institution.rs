//! Deciding what becomes of the house, members, actors, accounts and assets.

use crate::agenda::{Agenda, Decision, Refused};
use crate::default::RECOVERY;
use crate::state::Account;
use crate::wire::{
    self, CancelReason, Command, HaltReason, LedgerClass, LossLayer, Refusal, Rights, bound,
    rights, role,
};

const MEMBER_ROLES: u32 = role::TRADER | role::RISK | role::SETTLEMENT | role::READ_ONLY;
/// Behaviour from which a proposal can be withdrawn (INS-013).
const WITHDRAWALS: u32 = 2;

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
        if c.behaviour > self.place.version {
            return Err(Refused::new(Refusal::BehaviourUnknown, 0, c.behaviour));
        }
        self.tell(&wire::HouseOpened {
            name: c.name,
            behaviour: c.behaviour,
            operators: c.operators,
        });
        Ok(())
    }

    /// Puts a four-eyes command before a second operator (INS-004).
    pub(crate) fn propose(&mut self, c: &wire::Propose<'_>) -> Decision {
        // A kind that the program that sealed this did not know was not proposable to it.
        let known = |r: &Rights| r.four_eyes && r.since <= self.place.version;
        let Some(rights) = rights(c.command).filter(known) else {
            return Err(Refused::new(Refusal::CommandNotProposable, 0, c.command));
        };
        let proposer = self.state.actors.get(self.place.actor);
        let roles = proposer.map_or(0, |actor| actor.roles);
        if roles & rights.roles == 0 {
            return Err(Refused::new(Refusal::RoleMissing, rights.roles, roles));
        }
        let inner = Command::unpack(c.command, c.payload, usize::from(rights.block));
        if inner.map_or(true, |inner| !self.knows(&inner)) {
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

    /// False where a layer is named that the program that sealed this did not know.
    fn knows(&self, inner: &Command<'_>) -> bool {
        let Command::AllocateLoss(c) = inner else {
            return true;
        };
        let later = |share: wire::LossShare| share.layer as u8 > LossLayer::Gains as u8;
        self.place.version >= RECOVERY || !c.shares.iter().any(later)
    }

    /// Ends a proposal for who made it (INS-013).
    pub(crate) fn withdraw_proposal(&mut self, c: &wire::WithdrawProposal) -> Decision {
        self.need_behaviour(WITHDRAWALS)?;
        let Some(proposal) = self.state.proposals.get(&c.proposal) else {
            return Err(Refused::new(Refusal::ProposalUnknown, 0, c.proposal));
        };
        let (theirs, asks) = (proposal.actor, self.place.actor);
        if theirs != asks {
            return Err(Refused::new(Refusal::ProposalNotYours, theirs, asks));
        }
        self.tell(&wire::ProposalWithdrawn {
            proposal: c.proposal,
        });
        Ok(())
    }

    /// What a behaviour brought is refused before it (INS-011).
    pub(crate) fn need_behaviour(&self, behaviour: u32) -> Decision {
        let in_force = self.state.behaviour;
        if in_force < behaviour {
            return Err(Refused::new(Refusal::BehaviourTooOld, behaviour, in_force));
        }
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
        self.check_not_in_default(member)?;
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
        // What the program that sealed it did not know it refused, and so does every later one.
        if now.checked_add(1) != Some(c.behaviour) || c.behaviour > self.place.version {
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
}
