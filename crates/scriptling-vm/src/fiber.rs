//! A fiber: the run-state of one strand of script execution (operand stack, frames, continuations).

use crate::heap::{Function, Gc, Marker};
use crate::native::{Kept, Resume, Wait};
use crate::value::Value;

/// What happens with the value that a frame returns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum OnReturn {
    /// It is pushed where the callee was: an ordinary call.
    Push,
    /// It must be `None` and is dropped; the instance under the frame is the result (`__init__`).
    Init,
    /// It goes to the newest continuation.
    Continue,
    /// The frame belongs to a generator (its object is under the frame); `for` entered it.
    GeneratorFor,
    /// The same; a native or operator entered it, through a continuation.
    GeneratorContinue,
    /// The same; `yield from` entered it.
    GeneratorSend,
    /// It is the fiber's result.
    Finish,
}

/// One activation of script code.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    /// The function (its code, globals, caches).
    pub(crate) function: Gc<Function>,
    /// Index of the first local in the stack.
    pub(crate) base: u32,
    /// Next instruction word, saved while another frame runs.
    pub(crate) ip: u32,
    /// What becomes of the result.
    pub(crate) on_return: OnReturn,
}

const _: () = assert!(size_of::<Frame>() == 24);

/// What to do when the call that a native (or operator) asked for has returned.
pub(crate) struct Continuation {
    /// The native's own continuation; `None`: the result is the native's result.
    pub(crate) then: Option<Box<dyn Resume>>,
    /// Where the native's kept values start.
    pub(crate) kept_base: u32,
    /// Number of frames below the call: unwinding past it passes the exception to `then`.
    pub(crate) frames: u32,
    /// Stack height at which the final result goes.
    pub(crate) result_at: u32,
    /// What to do with the native's final value.
    pub(crate) deliver: Deliver,
}

/// What becomes of the final value of a native or operator that took more than one step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Deliver {
    /// Push it.
    Push,
    /// Drop it (stores, deletes).
    Drop,
    /// Store it in a local (fused operator-and-store).
    StoreLocal(u32),
    /// Take its truth and jump by the distance if that is the flag.
    JumpIf {
        /// The wanted truth.
        sense: bool,
        /// Distance in words from the instruction's end.
        distance: i32,
    },
    /// It must be true or false already; push the negation.
    PushNot,
    /// It is the result of the frame-less call of a class: drop it, the instance is below (`__init__` as a native).
    Init,
    /// Return it to the frame that called (a native tail position).
    Finish,
}

/// The run-state of one strand of execution.
pub struct Fiber {
    /// Locals and operands of all frames; its length is what is allocated.
    pub(crate) stack: Vec<Value>,
    /// Live height of the stack, up to date at safepoints and while natives run.
    pub(crate) height: usize,
    pub(crate) frames: Vec<Frame>,
    pub(crate) continuations: Vec<Continuation>,
    pub(crate) kept: Vec<Value>,
    pub(crate) kept_base: usize,
    /// The exception being handled (`None` if none).
    pub(crate) handling: Value,
    /// What it is parked on.
    pub(crate) waiting: Option<Box<dyn Wait>>,
}

impl Fiber {
    pub(crate) fn new() -> Fiber {
        Fiber {
            stack: Vec::new(),
            height: 0,
            frames: Vec::new(),
            continuations: Vec::new(),
            kept: Vec::new(),
            kept_base: 0,
            handling: Value::NONE,
            waiting: None,
        }
    }

    pub(crate) fn keep(&mut self, value: Value) -> Kept {
        self.kept.push(value);
        Kept((self.kept.len() - 1 - self.kept_base) as u32)
    }

    pub(crate) fn kept(&self, kept: Kept) -> Value {
        self.kept[self.kept_base + kept.0 as usize]
    }

    pub(crate) fn set_kept(&mut self, kept: Kept, value: Value) {
        self.kept[self.kept_base + kept.0 as usize] = value;
    }

    pub(crate) fn trace(&self, marker: &mut Marker) {
        marker.values(&self.stack[..self.height]);
        for frame in &self.frames {
            marker.gc(frame.function);
        }
        marker.values(&self.kept);
        marker.value(self.handling);
    }
}
