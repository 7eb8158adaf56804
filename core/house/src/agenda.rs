//! The agenda of one command: each event is written into the state before the next one is decided.
//!
//! Desks of the core (`orders`, `matching`, `money` and the rest) add their steps to `Agenda`. A
//! step reads the state and tells events; a guard that says no returns `Refused`. Apart from
//! refreshes, which judge an account before its command is looked at, a guard stands before the
//! first event.

use crate::evolve::Evolve;
use crate::foresight::Guess;
use crate::frame::{Message, Seal, seal};
use crate::state::{Place, State};
use crate::wire::{Approved, Refusal};

/// A guard said no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// Reason.
    pub(crate) refusal: Refusal,
    /// What was expected, in the unit the refusal names.
    pub(crate) expected: i64,
    /// What was found.
    pub(crate) found: i64,
}

impl Refused {
    /// A refusal; amounts beyond 64 bits are told as the greatest or least there is.
    #[cold]
    pub(crate) fn new(refusal: Refusal, expected: impl Into<i128>, found: impl Into<i128>) -> Self {
        let clip = |value: i128| value.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64;
        Self {
            refusal,
            expected: clip(expected.into()),
            found: clip(found.into()),
        }
    }

    /// A refusal that names no amounts.
    #[cold]
    #[must_use]
    pub(crate) fn plain(refusal: Refusal) -> Self {
        Self::new(refusal, 0, 0)
    }
}

/// What a step comes to.
pub(crate) type Decision = Result<(), Refused>;

/// Where an event stands: its number, and the command that caused it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At {
    /// Event number.
    pub(crate) number: u64,
    /// The command.
    pub(crate) place: Place,
}

/// One command being carried out.
pub(crate) struct Agenda<'h> {
    /// The house.
    pub(crate) state: &'h mut State,
    /// Event frames told.
    pub(crate) out: &'h mut Vec<u8>,
    /// Where the command stands.
    pub(crate) place: Place,
    /// Where what it names may stand.
    pub(crate) guess: Guess,
    /// Proposal whose approval is told before the next event; 0 is none.
    pub(crate) approving: u64,
}

impl Agenda<'_> {
    /// Writes an event into the state and tells it.
    #[inline]
    pub(crate) fn tell<E: Evolve>(&mut self, event: &E) {
        self.tell_by(event, |state, at| event.evolve(state, at));
    }

    /// The same, with a writer that knows more than the event says, such as where an order is.
    #[inline]
    pub(crate) fn tell_by<M: Message>(&mut self, event: &M, write: impl FnOnce(&mut State, At)) {
        if self.approving != 0 {
            let proposal = std::mem::take(&mut self.approving);
            self.tell(&Approved { proposal });
        }
        let number = self.state.last_event + 1;
        self.state.last_event = number;
        let place = self.place;
        write(self.state, At { number, place });
        let stands = Seal {
            number,
            time: place.time,
            cause: place.number,
            actor: place.actor,
            span: 0,
        };
        seal(event, stands, self.out);
    }
}
