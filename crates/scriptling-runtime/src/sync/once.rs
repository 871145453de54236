//! `Once`: something that is done by the first who needs it, while the others wait for its result.
//!
//! Who does it holds the turn ([`Running`]). If that is dropped without a result, because the function has raised or the task
//! has been cancelled, the next in the line tries.

use std::sync::Arc;
use std::task::{Poll, Waker};

use scriptling_vm::portable::Portable;

use super::turn::{Denied, Turn};
use super::waiters::{Ticket, wake_all};
use super::{Label, Object, Owner, Waiting};
use crate::primitives::Mutex;

/// Something done once; see the module documentation.
pub struct Once {
    label: Label,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    result: Option<Portable>,
    turn: Turn,
}

impl Once {
    /// It has not been done.
    pub fn new(label: Label) -> Once {
        Once { label, state: Mutex::default() }
    }

    /// Whether it has been done.
    pub fn is_done(&self) -> bool {
        self.state.lock().result.is_some()
    }
}

impl Object for Once {
    fn label(&self) -> &Label {
        &self.label
    }

    fn delete(&self) {
        self.label.mark_deleted();
        let wakers = self.state.lock().turn.delete();
        wake_all(wakers);
    }
}

/// What a task that comes to a [`Once`] has to do.
pub enum Turned {
    /// Do it.
    Run(Running),
    /// Nothing: here is the result.
    Done(Portable),
}

/// A wait for the result, or for the turn to make it.
pub struct Run {
    once: Arc<Once>,
    owner: Owner,
    ticket: Option<Ticket>,
}

impl Run {
    /// Asks for the result on behalf of `owner`.
    pub fn new(once: Arc<Once>, owner: Owner) -> Run {
        Run { once, owner, ticket: None }
    }
}

impl Waiting for Run {
    type Output = Result<Turned, Denied>;

    fn poll(&mut self, waker: &Waker) -> Poll<Result<Turned, Denied>> {
        let mut state = self.once.state.lock();
        if let Some(result) = state.result.clone() {
            self.ticket = None;
            return Poll::Ready(Ok(Turned::Done(result)));
        }
        let turn = state.turn.poll(&mut self.ticket, &self.owner, waker);
        turn.map(|turn| turn.map(|()| Turned::Run(Running { once: self.once.clone() })))
    }

    fn describe(&self) -> String {
        let label = &self.once.label;
        match self.once.state.lock().turn.holder() {
            Some(holder) => format!("{label} being done by task '{}'", holder.name),
            None => label.to_string(),
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if self.ticket.is_some() {
            let waker = self.once.state.lock().turn.give_up(&mut self.ticket);
            wake_all(waker);
        }
    }
}

/// The turn to do it; dropping it lets the next try.
pub struct Running {
    once: Arc<Once>,
}

impl Running {
    /// It is done.
    pub fn finish(self, result: Portable) {
        self.once.state.lock().result = Some(result);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut state = self.once.state.lock();
        let wakers =
            if state.result.is_some() { state.turn.dismiss_all() } else { state.turn.pass_on().into_iter().collect() };
        drop(state);
        wake_all(wakers);
    }
}
