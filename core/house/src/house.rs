//! The house: frames of commands in, frames of events out. The same frames always give the same
//! bytes.

use sha2::{Digest, Sha256};

use crate::agenda::{Agenda, Decision, Refused};
use crate::default::RECOVERY;
use crate::foresight::{Guess, Guesses, STAGES};
use crate::frame::{FrameError, Header, body, check_version, read_body, read_header};
use crate::records::{bytes_of_records, read_records, write_records};
use crate::state::{Account, Place, State};
use crate::wire;
use crate::wire::{Command, LedgerClass, Refusal, rights, role};

/// Latest venue time, nanoseconds UTC: with the bound on durations every due time fits 64 bits.
pub const LATEST_TIME: i64 = 1 << 62;

/// Bytes of a frame that is seldom shorter: room for as many commands is made at once.
const USUAL_BYTES: usize = 90;

/// One institution. Only `take` changes it.
#[derive(Default)]
pub struct House {
    state: State,
}

impl House {
    /// An empty house.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Last command number taken, span included.
    #[must_use]
    pub fn last_number(&self) -> u64 {
        self.state.last_number
    }

    /// Venue time, nanoseconds UTC.
    #[must_use]
    pub fn last_time(&self) -> i64 {
        self.state.last_time
    }

    /// Number of the last event told.
    #[must_use]
    pub fn last_event(&self) -> u64 {
        self.state.last_event
    }

    /// The state, to read.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Has every coverage test judge exactly, rather than accept at once what a bound covers.
    ///
    /// No byte of what is told depends on it; a comparison of speeds does.
    pub fn judge_always(&mut self, always: bool) {
        self.state.judge_always = always;
    }

    /// Scatters client references over their tables by a key, so that whoever does not know it
    /// cannot choose references that crowd one place.
    ///
    /// No byte of what is told depends on it.
    pub fn scatter(&mut self, key: u64) {
        self.state.key = key;
        for account in &mut self.state.accounts {
            account.references.scatter(key);
        }
    }

    /// Carries out a run of command frames and appends the event frames to `out`.
    ///
    /// # Errors
    /// Before anything is taken, when the bytes are not command frames that continue the log.
    pub fn take(&mut self, frames: &[u8], out: &mut Vec<u8>) -> Result<(), FrameError> {
        let commands = self.read(frames, read_body)?;
        self.take_all(&commands, out);
        Ok(())
    }

    /// The same for frames whose check sums this process has just written itself, as `restamp`
    /// does: they are not summed a second time. Everything else is read as `take` reads it, so
    /// bytes that came from elsewhere can be taken wrongly here but never unsafely.
    ///
    /// # Errors
    /// As `take`, check sums apart.
    pub fn take_stamped(&mut self, frames: &[u8], out: &mut Vec<u8>) -> Result<(), FrameError> {
        let commands = self.read(frames, |header, frame| Ok(body(header, frame)))?;
        self.take_all(&commands, out);
        Ok(())
    }

    fn take_all(&mut self, commands: &[(Header, Command<'_>)], out: &mut Vec<u8>) {
        let mut guesses = Guesses::NONE;
        for (stage, far) in STAGES.into_iter().enumerate() {
            for (at, command) in commands.iter().enumerate().take(far) {
                self.state.foresee(stage, command, guesses.of(at));
            }
        }
        for (at, (header, command)) in commands.iter().enumerate() {
            for (stage, far) in STAGES.into_iter().enumerate() {
                if let Some(command) = commands.get(at + far) {
                    self.state.foresee(stage, command, guesses.of(at + far));
                }
            }
            self.take_one(header, command, *guesses.of(at), out);
        }
    }

    /// Bytes held for resting orders (queues, order index and terms), and for accounts (sums,
    /// positions and references), spare capacity included.
    #[must_use]
    pub fn memory_bytes(&self) -> (usize, usize) {
        let books = self.state.series.iter().map(|s| s.book.memory_bytes());
        let accounts = self.state.accounts.iter().map(Account::memory_bytes);
        let orders = self.state.orders.memory_bytes() + books.sum::<usize>();
        (orders, accounts.sum())
    }

    /// The state as record frames in canonical order.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        let mut records = Vec::with_capacity(bytes_of_records(&self.state));
        write_records(&self.state, &mut |leaf| records.extend_from_slice(leaf));
        records
    }

    /// A house in the state the record frames tell.
    ///
    /// # Errors
    /// When the bytes are not the records of a house.
    pub fn restore(records: &[u8]) -> Result<Self, FrameError> {
        Ok(Self {
            state: read_records(records)?,
        })
    }

    /// SHA-256 of the snapshot.
    #[must_use]
    pub fn state_hash(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        write_records(&self.state, &mut |leaf| hash.update(leaf));
        hash.finalize().into()
    }

    /// The commands of these frames, which are whole and continue the log; `body_of` says whether
    /// one is sound.
    #[inline]
    fn read<'a>(
        &self,
        frames: &'a [u8],
        body_of: impl Fn(&Header, &'a [u8]) -> Result<&'a [u8], FrameError>,
    ) -> Result<Vec<(Header, Command<'a>)>, FrameError> {
        let (mut number, mut time) = (self.state.last_number, self.state.last_time);
        let mut commands = Vec::with_capacity(frames.len() / USUAL_BYTES + 1);
        let mut at = 0;
        while at < frames.len() {
            let header = read_header(&frames[at..])?;
            check_version(&header)?;
            let frame = &frames[at..at + header.length];
            let command = Command::unpack(header.kind, body_of(&header, frame)?, header.block)?;
            let span = command.span();
            if Some(header.number) != number.checked_add(1) || u64::from(header.span) != span {
                let (wanted, found) = (u128::from(number) + 1, header.number);
                return Err(FrameError(format!(
                    "number {wanted} expected, {found} found"
                )));
            }
            if header.time < time || header.time > LATEST_TIME {
                let found = header.time;
                return Err(FrameError(format!(
                    "time {found} does not lie between {time} and {LATEST_TIME}"
                )));
            }
            (number, time) = (number.saturating_add(span), header.time);
            at += header.length;
            commands.push((header, command));
        }
        Ok(commands)
    }

    fn take_one(
        &mut self,
        header: &Header,
        command: &Command<'_>,
        guess: Guess,
        out: &mut Vec<u8>,
    ) {
        let place = Place {
            number: header.number,
            time: header.time,
            actor: header.actor,
            version: u32::from(header.version),
        };
        self.state.last_number = header.number + command.span() - 1;
        self.state.last_time = header.time;
        let mut agenda = Agenda {
            state: &mut self.state,
            out,
            place,
            guess,
            approving: 0,
        };
        agenda.fire_timers();
        agenda.run_elected();
        if let Err(no) = agenda.decide(command, false) {
            agenda.approving = 0;
            agenda.tell(&wire::Refused {
                refusal: no.refusal as u16,
                account: command.account(),
                expected: no.expected,
                found: no.found,
            });
        }
        agenda.run_elected();
        let transit = self.state.ledger.house(LedgerClass::Settlement);
        assert!(transit == 0, "settlement is a transit");
    }
}

impl Agenda<'_> {
    /// The agenda of a command.
    #[inline]
    fn decide(&mut self, command: &Command<'_>, approved: bool) -> Decision {
        self.authorise(command, approved)?;
        match command {
            Command::PlaceOrder(c) => self.place_order(c),
            Command::CancelOrder(c) => self.cancel_order(c),
            Command::ReplaceOrder(c) => self.replace_order(c),
            Command::MassQuote(c) => self.mass_quote(c),
            Command::MassCancel(c) => self.mass_cancel(c),
            _ => self.decide_rarer(command),
        }
    }

    #[inline(never)]
    fn decide_rarer(&mut self, command: &Command<'_>) -> Decision {
        match command {
            Command::AdvanceTime(_) => Ok(()),
            Command::Approve(c) => self.approve(c),
            Command::Genesis(c) => self.genesis(c),
            Command::Propose(c) => self.propose(c),
            Command::WithdrawProposal(c) => self.withdraw_proposal(c),
            Command::RegisterMember(c) => self.register_member(c),
            Command::RegisterActor(c) => self.register_actor(c),
            Command::OpenAccount(c) => self.open_account(c),
            Command::SetLimits(c) => self.set_limits(c),
            Command::SuspendMember(c) => self.suspend_member(c),
            Command::ReinstateMember(c) => self.reinstate_member(c),
            Command::EngageKillSwitch(c) => self.engage_kill_switch(c),
            Command::ReleaseKillSwitch(c) => self.release_kill_switch(c),
            Command::HaltMarket(c) => self.halt_market(c),
            Command::ResumeMarket(c) => self.resume_market(c),
            Command::DefineAsset(c) => self.define_asset(c),
            Command::ListSeries(c) => self.list_series(c),
            Command::SetSeriesState(c) => self.set_series_state(c),
            Command::SetFees(c) => self.set_fees(c),
            Command::SwitchBehaviour(c) => self.switch_behaviour(c),
            Command::Deposit(c) => self.deposit(c),
            Command::RequestWithdrawal(c) => self.request_withdrawal(c),
            Command::PostWithdrawal(c) => self.post_withdrawal(c),
            Command::VoidWithdrawal(c) => self.void_withdrawal(c),
            Command::FundLiquidity(c) => self.fund_liquidity(c),
            Command::SetMakerProtection(c) => self.set_maker_protection(c),
            Command::ArmDeadMan(c) => self.arm_dead_man(c),
            Command::LoseSession(c) => self.lose_session(c),
            Command::OfferTransfer(c) => self.offer_transfer(c),
            Command::AcceptTransfer(c) => self.accept_transfer(c),
            Command::WithdrawOffer(c) => self.withdraw_offer(c),
            Command::BustTrade(c) => self.bust_trade(c),
            Command::AdjustTrade(c) => self.adjust_trade(c),
            Command::BeginMarginTable(c) => self.begin_margin_table(c),
            Command::LoadMarginRow(c) => self.load_margin_row(c),
            Command::ActivateMarginTable(c) => self.activate_margin_table(c),
            Command::SweepAccounts(c) => self.sweep_accounts(c),
            Command::SettleVariation(c) => self.settle_variation(c),
            Command::SettleFinal(c) => self.settle_final(c),
            Command::PublishFixing(c) => self.publish_fixing(c),
            Command::DeclareNoFix(c) => self.declare_no_fix(c),
            Command::PublishLateFixing(c) => self.publish_late_fixing(c),
            Command::FundTranche(c) => self.fund_tranche(c),
            Command::ContributeFund(c) => self.contribute_fund(c),
            Command::ReturnFund(c) => self.return_fund(c),
            Command::DeclareDefault(c) => self.declare_default(c),
            Command::OfferPort(c) => self.offer_port(c),
            Command::AcceptPort(c) => self.accept_port(c),
            Command::OfferSlice(c) => self.offer_slice(c),
            Command::CommitBid(c) => self.commit_bid(c),
            Command::OpenBid(c) => self.open_bid(c),
            Command::AwardSlice(c) => self.award_slice(c),
            Command::EndSlice(c) => self.end_slice(c),
            Command::GiveNotice(_) => self.give_notice(),
            Command::AllocateLoss(c) => self.allocate_loss(c),
            Command::TearUp(c) => self.tear_up(c),
            Command::CloseDefault(c) => self.close_default(c),
            Command::AdmitCollateral(c) => self.admit_collateral(c),
            Command::ValueCollateral(c) => self.value_collateral(c),
            Command::IssueCall(c) => self.issue_call(c),
            Command::SettlePrices(c) => self.settle_prices(c),
            Command::PublishDigest(c) => self.publish_digest(c),
            Command::SetEligibility(c) => self.set_eligibility(c),
            Command::BeginDelivery(c) => self.begin_delivery(c),
            Command::ExerciseRight(c) => self.exercise_right(c),
            Command::NominateDelivery(c) => self.nominate_delivery(c),
            Command::TenderDelivery(c) => self.tender_delivery(c),
            Command::AcceptTender(c) => self.accept_tender(c),
            Command::RejectTender(c) => self.reject_tender(c),
            Command::MeterDelivery(c) => self.meter_delivery(c),
            Command::DisputeMetered(c) => self.dispute_metered(c),
            Command::DetermineMetered(c) => self.determine_metered(c),
            Command::RemedyDelivery(c) => self.remedy_delivery(c),
            Command::TerminateDelivery(c) => self.terminate_delivery(c),
            Command::ContestRejection(c) => self.contest_rejection(c),
            Command::DetermineTender(c) => self.determine_tender(c),
            Command::SetDeliveryCredit(c) => self.set_delivery_credit(c),
            Command::CorrectMetered(c) => self.correct_metered(c),
            Command::OfferExchange(c) => self.offer_exchange(c),
            Command::AcceptExchange(c) => self.accept_exchange(c),
            Command::WithdrawExchange(c) => self.withdraw_exchange(c),
            Command::OfferDelivery(c) => self.offer_delivery(c),
            Command::AcceptDelivery(c) => self.accept_delivery(c),
            Command::WithdrawDelivery(c) => self.withdraw_delivery(c),
            Command::PledgeDelivery(c) => self.pledge_delivery(c),
            Command::PostBond(c) => self.post_bond(c),
            Command::ReturnBond(c) => self.return_bond(c),
            Command::GiveGuarantee(c) => self.give_guarantee(c),
            Command::ReturnGuarantee(c) => self.return_guarantee(c),
            Command::FundDelivery(c) => self.fund_delivery(c),
            Command::RepayDelivery(c) => self.repay_delivery(c),
            Command::RecordCover(c) => self.record_cover(c),
            Command::SetLine(c) => self.set_line(c),
            Command::FundLines(c) => self.fund_lines(c),
            Command::SecureLines(c) => self.secure_lines(c),
            Command::PublishRate(c) => self.publish_rate(c),
            Command::PlaceOrder(_)
            | Command::CancelOrder(_)
            | Command::ReplaceOrder(_)
            | Command::MassQuote(_)
            | Command::MassCancel(_) => Ok(()),
        }
    }

    /// Who may ask this (INS-001 to INS-006).
    #[inline]
    fn authorise(&self, command: &Command<'_>, approved: bool) -> Decision {
        let state = &*self.state;
        let genesis = matches!(command, Command::Genesis(_));
        if genesis && !state.name.is_empty() {
            return Err(Refused::plain(Refusal::HouseOpen));
        }
        if !genesis && state.name.is_empty() {
            return Err(Refused::plain(Refusal::HouseClosed));
        }
        let rights = rights(command.kind()).expect("every command has rights");
        let asks = self.place.actor;
        if rights.roles == 0 {
            if asks != 0 {
                return Err(Refused::new(Refusal::RoleMissing, 0, asks));
            }
            return Ok(());
        }
        let Some(actor) = state.actors.get(asks) else {
            return Err(Refused::new(Refusal::ActorUnknown, 0, asks));
        };
        let closing = matches!(command, Command::PlaceOrder(c) if c.close_out);
        let needed = if closing {
            role::CLEARING
        } else {
            rights.roles
        };
        let house_only = matches!(
            command,
            Command::Deposit(_) | Command::PostWithdrawal(_) | Command::VoidWithdrawal(_)
        );
        if actor.roles & needed == 0 || (house_only && actor.member != 0) {
            return Err(Refused::new(Refusal::RoleMissing, needed, actor.roles));
        }
        if !state.defaults.is_empty() {
            self.check_not_frozen(actor.member, command)?;
        }
        if rights.four_eyes && !approved {
            return Err(Refused::plain(Refusal::FourEyesRequired));
        }
        if !rights.scoped {
            return Ok(());
        }
        let number = command.account();
        let Some(at) = self.find_account(number) else {
            return Err(Refused::new(Refusal::AccountUnknown, 0, number));
        };
        let own = matches!(
            command,
            Command::PlaceOrder(_)
                | Command::ReplaceOrder(_)
                | Command::MassQuote(_)
                | Command::GiveGuarantee(_)
        );
        let member = state.accounts[at as usize].member;
        if actor.member != member && (actor.member != 0 || (own && !closing)) {
            return Err(Refused::new(Refusal::AccountNotYours, actor.member, number));
        }
        Ok(())
    }

    /// Actors of a member in default withdraw what waits and ask for nothing else (CLR-036).
    #[inline(never)]
    fn check_not_frozen(&self, member: u32, command: &Command<'_>) -> Decision {
        let withdraws = matches!(
            command,
            Command::CancelOrder(_)
                | Command::MassCancel(_)
                | Command::WithdrawOffer(_)
                | Command::WithdrawDelivery(_)
                | Command::WithdrawExchange(_)
        );
        let frozen = self.state.behaviour >= RECOVERY && self.state.defaults.contains_key(&member);
        if frozen && !withdraws {
            return Err(Refused::new(Refusal::MemberFrozen, 0, member));
        }
        Ok(())
    }

    /// Carries out a proposal; the guards of the command inside come first (INS-004).
    fn approve(&mut self, c: &wire::Approve) -> Decision {
        let Some(proposal) = self.state.proposals.get(&c.proposal) else {
            return Err(Refused::new(Refusal::ProposalUnknown, 0, c.proposal));
        };
        if proposal.actor == self.place.actor {
            return Err(Refused::new(Refusal::ProposalOwn, 0, self.place.actor));
        }
        let (kind, payload) = (proposal.command, proposal.payload.clone());
        let (block, needed) = rights(kind).map_or((0, 0), |r| (usize::from(r.block), r.roles));
        let roles = self.state.actors.get(proposal.actor).map_or(0, |a| a.roles);
        if roles & needed == 0 {
            return Err(Refused::new(Refusal::RoleMissing, needed, roles));
        }
        let inner = Command::unpack(kind, &payload, block).expect("a proposal was read before");
        self.approving = c.proposal;
        self.decide(&inner, true)
    }
}
