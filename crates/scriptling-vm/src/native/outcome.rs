//! What a native wants next: the kernel of the native ABI.
//!
//! A native never calls back into the virtual machine. It returns an [`Outcome`]: a value, a call for the loop to make
//! (and what to do with its result), or something to wait for. So the Rust stack is of constant depth whatever scripts
//! do, a callback may suspend, and the task may move to another thread at each arrow.
//!
//! # Worked example: `Shared.update(fn)`
//! Park until the lock is free, call the script with the value, store the result, unlock on every path:
//!
//! ```text
//! fn update(cx, args) -> Result<Outcome, Raise> {
//!     let shared = ...;                          // an Arc, Send
//!     let f = cx.keep(args[1]);                  // a traced slot; `f` is a plain index, so Send
//!     Ok(Outcome::wait(move |cx, waker| {
//!         let Some(permit) = shared.try_lock(waker) else { return Poll::Pending };
//!         let argument = permit.value(cx);
//!         Poll::Ready(Ok(Outcome::call(cx.kept(f), &[argument], move |cx, result| {
//!             let new = result?;                 // on an exception `permit` drops: unlocked
//!             permit.set(cx, new)?;
//!             Ok(Outcome::Return(new))
//!         })))
//!     }))
//! }
//! ```
//!
//! `Resume` and `Wait` are `Send` and `Value` is not, so *capturing a bare value across a suspension does not compile*;
//! `Cx::keep` is the way.

use std::task::{Poll, Waker};

use super::Cx;
use crate::error::Raise;
use crate::heap::{Gc, Generator};
use crate::value::Value;

/// What every native returns.
pub type NativeResult = Result<Outcome, Raise>;

/// What a native wants next.
pub enum Outcome {
    /// It is done.
    Return(Value),
    /// Call this, then resume.
    Call(Box<CallRequest>),
    /// Park until this is ready.
    Wait(Box<dyn Wait>),
    /// Resume a generator; its next value, or the StopIteration it ends with, is the result.
    Generator(Box<GeneratorRequest>),
}

/// A generator that the loop shall resume.
pub struct GeneratorRequest {
    /// The generator.
    pub generator: Gc<Generator>,
    /// How.
    pub action: GeneratorAction,
    /// What to do with the result; `None`: it is the native's result.
    pub then: Option<Box<dyn Resume>>,
}

/// How a generator is resumed.
pub enum GeneratorAction {
    /// `next()` and `send()`: the value of the `yield` expression.
    Send(Value),
    /// `throw()`: the exception raised at the `yield`.
    Throw(Raise),
    /// The iterator that it delegates to by `yield from` has ended with this result.
    Delegated(Value),
}

/// A call that the loop shall make.
pub struct CallRequest {
    /// What to call.
    pub callee: Value,
    /// Positional arguments.
    pub args: Vec<Value>,
    /// Keyword arguments.
    pub keywords: Vec<(Value, Value)>,
    /// What to do with the result; `None`: the result is the native's result.
    pub then: Option<Box<dyn Resume>>,
}

/// Goes on after a call.
pub trait Resume: Send {
    /// Takes the call's result, or the exception it raised, and says what is next.
    fn resume(self: Box<Self>, cx: &mut Cx<'_>, result: Result<Value, Raise>) -> NativeResult;
}

impl<F> Resume for F
where
    F: FnOnce(&mut Cx<'_>, Result<Value, Raise>) -> NativeResult + Send,
{
    fn resume(self: Box<Self>, cx: &mut Cx<'_>, result: Result<Value, Raise>) -> NativeResult {
        self(cx, result)
    }
}

/// Something a fiber waits for. Dropping it cancels the wait.
pub trait Wait: Send {
    /// Checks, or registers `waker` and says `Pending`. "Check under the lock, else register" leaves no lost wake-up.
    fn poll(&mut self, cx: &mut Cx<'_>, waker: &Waker) -> Poll<NativeResult>;

    /// What the task list and the deadlock report say: `queue 'jobs' (get)`.
    fn describe(&self) -> String {
        String::from("waiting")
    }

    /// Whether nothing but another task of the same program can make it ready: no timer, no other thread, no device. When
    /// all tasks wait like that, the program is stuck.
    fn only_tasks(&self) -> bool {
        false
    }

    /// The fiber is being interrupted while it is parked here. True: this can be dropped. False: there is something to finish
    /// first (a lock to take again): it is polled until it is ready, and the exception takes the place of its result.
    fn interrupted(&mut self) -> bool {
        true
    }
}

impl<F> Wait for F
where
    F: FnMut(&mut Cx<'_>, &Waker) -> Poll<NativeResult> + Send,
{
    fn poll(&mut self, cx: &mut Cx<'_>, waker: &Waker) -> Poll<NativeResult> {
        self(cx, waker)
    }
}

/// The value of a native that is done, as nearly all are; otherwise what it said. To the compiler a value is nothing that
/// has to be dropped behind this, unlike behind a `match`.
#[inline(always)]
pub(crate) fn returned(result: NativeResult) -> Result<Value, NativeResult> {
    let result = std::mem::ManuallyDrop::new(result);
    match &*result {
        Ok(Outcome::Return(value)) => Ok(*value),
        _ => Err(std::mem::ManuallyDrop::into_inner(result)),
    }
}

impl Outcome {
    /// Call `callee` with `args`, then go on with `then`.
    pub fn call<F>(callee: Value, args: &[Value], then: F) -> Outcome
    where
        F: FnOnce(&mut Cx<'_>, Result<Value, Raise>) -> NativeResult + Send + 'static,
    {
        Outcome::Call(Box::new(CallRequest {
            callee,
            args: args.to_vec(),
            keywords: Vec::new(),
            then: Some(Box::new(then)),
        }))
    }

    /// Call `callee` with `args`; its result is the native's.
    pub fn tail_call(callee: Value, args: &[Value]) -> Outcome {
        Outcome::Call(Box::new(CallRequest { callee, args: args.to_vec(), keywords: Vec::new(), then: None }))
    }

    /// Park until `wait` is ready.
    pub fn wait<F>(wait: F) -> Outcome
    where
        F: FnMut(&mut Cx<'_>, &Waker) -> Poll<NativeResult> + Send + 'static,
    {
        Outcome::Wait(Box::new(wait))
    }

    /// Park until the future is ready; its result becomes the native's.
    pub fn future<F>(future: F) -> Outcome
    where
        F: Future<Output = Result<crate::portable::Portable, Raise>> + Send + 'static,
    {
        let mut future = Box::pin(future);
        Outcome::wait(move |cx, waker| {
            let mut context = std::task::Context::from_waker(waker);
            future.as_mut().poll(&mut context).map(|result| Ok(Outcome::Return(result?.into_value(cx)?)))
        })
    }

    /// What to send to which generator, if that is all there is to do: what it yields is the result.
    pub(crate) fn into_sending(self) -> Result<GeneratorRequest, Outcome> {
        match self {
            Outcome::Generator(request)
                if request.then.is_none() && matches!(request.action, GeneratorAction::Send(_)) =>
            {
                Ok(*request)
            }
            other => Err(other),
        }
    }

    /// What to call, if the result of that is the native's.
    pub(crate) fn into_tail_call(self) -> Result<Box<CallRequest>, Outcome> {
        match self {
            Outcome::Call(request) if request.then.is_none() => Ok(request),
            other => Err(other),
        }
    }

    /// Goes on with `next` once this outcome has a value: at once if it has one already.
    pub fn and_then<F>(self, cx: &mut Cx<'_>, next: F) -> NativeResult
    where
        F: FnOnce(&mut Cx<'_>, Value) -> NativeResult + Send + 'static,
    {
        match self {
            Outcome::Return(value) => next(cx, value),
            Outcome::Call(mut request) => {
                request.then = Some(chain(request.then.take(), next));
                Ok(Outcome::Call(request))
            }
            Outcome::Generator(mut request) => {
                request.then = Some(chain(request.then.take(), next));
                Ok(Outcome::Generator(request))
            }
            Outcome::Wait(mut wait) => {
                let mut next = Some(next);
                Ok(Outcome::wait(move |cx, waker| match wait.poll(cx, waker) {
                    Poll::Pending => Poll::Pending,
                    Poll::Ready(Err(raise)) => Poll::Ready(Err(raise)),
                    Poll::Ready(Ok(outcome)) => {
                        let next = next.take().expect("a wait is not polled again after it was ready");
                        Poll::Ready(outcome.and_then(cx, next))
                    }
                }))
            }
        }
    }
}

/// `first`, then `next` with its value.
fn chain<F>(first: Option<Box<dyn Resume>>, next: F) -> Box<dyn Resume>
where
    F: FnOnce(&mut Cx<'_>, Value) -> NativeResult + Send + 'static,
{
    Box::new(move |cx: &mut Cx<'_>, result: Result<Value, Raise>| match first {
        Some(first) => first.resume(cx, result)?.and_then(cx, next),
        None => next(cx, result?),
    })
}

impl From<Value> for Outcome {
    fn from(value: Value) -> Outcome {
        Outcome::Return(value)
    }
}
