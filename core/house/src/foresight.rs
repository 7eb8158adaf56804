//! Looking a few commands ahead, so that what they will read is near when their turn comes.
//!
//! A house with many orders and accounts is larger than any cache, and one command waits for a
//! dozen lines of memory one after another. Foresight asks for them early. It reads and never
//! writes: whether a processor heeds it changes no byte of what is told.

use crate::evolve::orders::side_of;
use crate::frame::Header;
use crate::state::{AccountAt, OrderAt, SeriesAt, State};
use crate::wire::{Command, PlaceOrder};

/// Commands ahead at which the stages look; a later stage reads what an earlier one asked for.
pub(crate) const STAGES: [usize; 4] = [12, 9, 6, 3];
/// Guesses kept: more than the first stage looks ahead.
const KEPT: usize = 16;
/// Lines of an account that an order reads.
const LINES_OF_ACCOUNT: usize = 7;
/// No place.
const NOWHERE: u32 = u32::MAX;

/// Where stands what a command names. Whoever uses one of them looks whether it is so.
#[derive(Clone, Copy)]
pub(crate) struct Guess {
    pub(crate) account: AccountAt,
    pub(crate) series: SeriesAt,
    pub(crate) order: OrderAt,
}

/// Guesses of the commands about to be taken.
pub(crate) struct Guesses([Guess; KEPT]);

impl Guess {
    /// Nothing is guessed.
    pub(crate) const NONE: Self = Self {
        account: NOWHERE,
        series: NOWHERE,
        order: NOWHERE,
    };
}

impl Guesses {
    /// Nothing is guessed.
    pub(crate) const NONE: Self = Self([Guess::NONE; KEPT]);

    /// The guess of a command by its place in the batch.
    #[inline]
    pub(crate) fn of(&mut self, at: usize) -> &mut Guess {
        &mut self.0[at % KEPT]
    }
}

/// Asks for the memory a place stands in.
#[inline(always)]
pub(crate) fn hint<T>(place: *const T) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch reads nothing and faults on no address.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(place.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}

/// Asks for the first lines of a value or a slice.
#[inline(always)]
pub(crate) fn hint_lines<T>(place: *const T, lines: usize) {
    for line in 0..lines {
        hint(place.cast::<u8>().wrapping_add(64 * line));
    }
}

/// The live order a command names by number; zero when it names none.
#[inline]
fn named(command: &Command<'_>) -> u64 {
    match command {
        Command::CancelOrder(c) => c.order,
        Command::ReplaceOrder(c) => c.order,
        _ => 0,
    }
}

/// True when a command has its account judged.
#[inline]
fn judged(command: &Command<'_>) -> bool {
    matches!(
        command,
        Command::PlaceOrder(_) | Command::ReplaceOrder(_) | Command::MassQuote(_)
    )
}

impl State {
    /// Looks at a command from one of the stages.
    #[inline]
    pub(crate) fn foresee(
        &mut self,
        stage: usize,
        (header, command): &(Header, Command<'_>),
        guess: &mut Guess,
    ) {
        match (stage, command) {
            (0, _) => *guess = self.foresee_first(header, command),
            (_, Command::PlaceOrder(c)) => self.foresee_placing(stage, c, *guess),
            (1, _) => self.foresee_named(command, guess),
            (2, _) => self.foresee_order(*guess),
            _ => self.foresee_its_level(*guess),
        }
    }

    /// Asks for the account of a command, for who asks, for its series, and for where its order is
    /// told or will be.
    #[inline]
    fn foresee_first(&self, header: &Header, command: &Command<'_>) -> Guess {
        let mut guess = Guess::NONE;
        self.actors.foresee(header.actor);
        if let Some(at) = self.account_at(command.account()) {
            guess.account = at;
            hint_lines(&raw const self.accounts[at as usize], LINES_OF_ACCOUNT);
        }
        match command {
            Command::PlaceOrder(c) => {
                self.orders.foresee(header.number);
                if let Some(at) = self.series_at(c.series) {
                    guess.series = at;
                    hint_lines(&raw const self.series[at as usize], 3);
                }
            }
            _ if named(command) != 0 => self.orders.foresee(named(command)),
            _ => {}
        }
        guess
    }

    /// Asks for an order, and for what a judgement will read.
    #[inline]
    fn foresee_named(&self, command: &Command<'_>, guess: &mut Guess) {
        if named(command) != 0 {
            guess.order = self.orders.guess(named(command)).unwrap_or(NOWHERE);
            self.orders.foresee_newest(guess.order);
        }
        if let (true, Some(account)) = (judged(command), self.accounts.get(guess.account as usize))
        {
            account.running.foresee();
        }
    }

    /// Asks for what an order names: its holding, its neighbours, its series and its place there.
    #[inline]
    fn foresee_order(&self, guess: Guess) {
        if let Some(order) = self.orders.get(guess.order) {
            self.orders.foresee_neighbours(order);
            let account = &self.accounts[order.account as usize];
            hint(
                account
                    .holdings
                    .as_ptr()
                    .wrapping_add(order.holding as usize),
            );
            let series = &self.series[order.series as usize];
            hint_lines(series, 3);
            series.book.foresee(order.slot);
        }
    }

    /// Asks for the level of an order.
    #[inline]
    fn foresee_its_level(&self, guess: Guess) {
        if let Some(order) = self.orders.get(guess.order) {
            let series = &self.series[order.series as usize];
            let ticks = order.price / series.tick;
            series.book.foresee_level(side_of(order.side), ticks);
        }
    }

    /// Asks, stage by stage, for what an order about to be placed will read.
    #[inline]
    fn foresee_placing(&mut self, stage: usize, c: &PlaceOrder, guess: Guess) {
        let account = self.accounts.get_mut(guess.account as usize);
        let (Some(account), Some(series)) = (account, self.series.get(guess.series as usize))
        else {
            return;
        };
        match stage {
            1 => {
                account.keys.foresee(guess.series);
                account.references.foresee(&c.reference);
                account.running.foresee();
                series
                    .book
                    .foresee_side(side_of(c.side), c.price / series.tick);
            }
            2 => {
                if let Some(holding) = account.keys.recall(guess.series) {
                    hint(&raw const account.holdings[holding]);
                }
                if account.running.is_judged() {
                    self.grid.foresee(guess.series);
                    for marked in account.running.marked() {
                        hint(&raw const account.holdings[marked.place as usize]);
                        self.grid.foresee(marked.series);
                    }
                }
                self.orders.foresee_newest(account.first_order);
                series
                    .book
                    .foresee_level(side_of(c.side), c.price / series.tick);
            }
            _ => series
                .book
                .foresee_back(side_of(c.side), c.price / series.tick),
        }
    }
}
