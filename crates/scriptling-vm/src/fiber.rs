//! A fiber: the run-state of one strand of script execution (operand stack, frames, continuations).

use crate::heap::{Function, Gc, Marker};
use crate::isolate::Interrupt;
use crate::native::{Kept, NativeResult, Resume, Wait};
use crate::value::Value;

/// What happens with the value that a frame returns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum OnReturn {
    /// It is pushed where the callee was: an ordinary call.
    Push,
    /// The same for the `__next__` that `ForIter` called: StopIteration ends the loop.
    NextFor,
    /// The same for `ForIterStore`.
    NextForStore,
    /// It must be `None` and is dropped; the instance under the frame is the result (`__init__`).
    Init,
    /// It goes to the newest continuation.
    Continue,
    /// The frame belongs to a generator (its object is under the frame); `ForIter` entered it.
    GeneratorFor,
    /// The same; `ForIterStore` (two words) entered it.
    GeneratorForStore,
    /// The same; a native or operator entered it, through a continuation.
    GeneratorContinue,
    /// The same; `yield from` entered it.
    GeneratorSend,
    /// The same; a call of its `__next__` or `send` entered it, and the generator is in the callee's place.
    GeneratorCall,
    /// It is the fiber's result.
    Finish,
}

impl OnReturn {
    /// Whether the frame is a generator's whose yielded values go to the stack of the frame below.
    pub(crate) fn pushes_yielded(self) -> bool {
        matches!(
            self,
            OnReturn::GeneratorFor | OnReturn::GeneratorForStore | OnReturn::GeneratorSend | OnReturn::GeneratorCall
        )
    }
}

/// One activation of script code.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    /// The function (its code, globals, caches).
    pub(crate) function: Gc<Function>,
    /// Next instruction word, saved while another frame runs or something may raise.
    pub(crate) ip: *const u32,
    /// The code's constants, at hand for the run loop.
    pub(crate) consts: *const Value,
    /// Index of the first local in the stack.
    pub(crate) base: u32,
    /// What becomes of the result.
    pub(crate) on_return: OnReturn,
}

const _: () = assert!(size_of::<Frame>() == 32);

/// What the handlers of the run loop share (`run::hot`); meaningless while they do not run.
#[derive(Clone, Copy)]
pub(crate) struct HotState {
    /// The current frame; this and the next are kept between handlers only where those return to a loop.
    pub(crate) frame: *mut Frame,
    /// One beyond the top of the stack.
    pub(crate) sp: *mut Value,
    /// The first frame.
    pub(crate) frames: *mut Frame,
    /// One beyond the last frame that there is room for.
    pub(crate) frame_end: *mut Frame,
    /// The first slot of the stack.
    pub(crate) stack: *mut Value,
    /// One beyond its last slot.
    pub(crate) stack_end: *mut Value,
    /// Where the result of the native is due that `Fiber::pending` is of.
    pub(crate) at: usize,
}

impl HotState {
    const NONE: HotState = HotState {
        frame: std::ptr::null_mut(),
        sp: std::ptr::null_mut(),
        frames: std::ptr::null_mut(),
        frame_end: std::ptr::null_mut(),
        stack: std::ptr::null_mut(),
        stack_end: std::ptr::null_mut(),
        at: 0,
    };
}

/// What to do when the call that a native (or operator) asked for has returned, or what it waits for is ready.
pub(crate) struct Continuation {
    /// The native's own continuation; `None`: the result is the native's result.
    pub(crate) then: Option<Box<dyn Resume>>,
    /// Where the native's kept values start.
    pub(crate) kept_base: u32,
    /// Height of the stack to which the final result is delivered.
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
    /// Take its truth; if that is the sense, jump by the distance.
    JumpIf {
        /// The wanted truth.
        sense: bool,
        /// Distance in words from the saved instruction pointer.
        distance: i32,
    },
    /// Take its truth; if that is the sense, jump and keep the value below, else pop that.
    JumpIfOrPop {
        /// The wanted truth.
        sense: bool,
        /// Distance in words from the saved instruction pointer.
        distance: i32,
    },
    /// Push its truth, negated if set (`not`, `in`, `not in`).
    PushTruth {
        /// Whether to negate.
        negate: bool,
    },
    /// Push it as `for`'s next value; StopIteration ends the loop. The op had this many words.
    ForStep(u8),
    /// Push it as what `yield from` yields; StopIteration carries the result.
    SendStep,
    /// It is a callable for `CallMethod`: push undefined, then it.
    PushCallable,
    /// It is a list: push its `n` elements, first on top (`UnpackSequence` of an iterable).
    Unpack(u32),
    /// It is a list: `UnpackStar`.
    UnpackStar(u8, u8),
    /// Give it to the newest continuation: a native called by a native.
    Resume,
}

/// Identities of containers. (In a box, because most fibers have none, and there may be very many.)
#[derive(Default)]
pub(crate) struct Showing(pub(crate) Vec<i64>);

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
    /// Identities of containers whose repr the prelude is making, so that it does not follow cycles.
    pub(crate) showing: Option<Box<Showing>>,
    /// What it is parked on; the newest continuation says where the result goes.
    pub(crate) waiting: Option<Box<dyn Wait>>,
    pub(crate) hot: HotState,
    /// What shall be raised in it.
    pub(crate) interrupt: Option<Box<Interrupt>>,
    /// How often that has happened.
    pub(crate) interrupts_raised: u32,
    /// What a handler of the run loop has left with: an exception, or what a native has returned instead of a value.
    pub(crate) pending: Option<Box<NativeResult>>,
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
            showing: None,
            waiting: None,
            hot: HotState::NONE,
            pending: None,
            interrupt: None,
            interrupts_raised: 0,
        }
    }

    /// Bytes that it owns.
    pub(crate) fn bytes(&self) -> usize {
        (self.stack.capacity() + self.kept.capacity()) * size_of::<Value>()
            + self.frames.capacity() * size_of::<Frame>()
            + size_of::<Fiber>()
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
