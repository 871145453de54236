//! Handlers of calls and returns.
#![expect(unsafe_code, reason = "verified code runs unchecked; argued in the module documentation of `run`")]
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::missing_safety_doc,
    reason = "the handlers share one argument, in the module documentation"
)]

use super::{Leave, Machine};
use crate::code::Code;
use crate::fiber::{Frame, OnReturn};
use crate::heap::class::Constructor;
use crate::heap::{BoundMethod, Class, Function, Gc, Kind, NativeFunction, Tuple};
use crate::isolate::Isolate;
use crate::native::{Cx, NativeResult, Outcome, returned};
use crate::op::{Instruction, Op};
use crate::value::Value;

impl Machine {
    /// Whether there is room for a frame of `target` with its first local at `first`.
    #[inline(always)]
    unsafe fn has_room(&self, iso: &Isolate, code: *const Code, first: *mut Value) -> bool {
        let hot = &iso.fiber.hot;
        // No frame is so large that the sum could wrap.
        let end = first.wrapping_add(unsafe { (*code).frame_size } as usize);
        self.frame.wrapping_add(1) < hot.frame_end && end <= hot.stack_end
    }

    /// Whether `target` can be entered with `argc` positional arguments at `first` and nothing to bind.
    #[inline(always)]
    pub(super) unsafe fn enters_plainly(
        &self,
        iso: &Isolate,
        target: Gc<Function>,
        first: *mut Value,
        argc: usize,
    ) -> bool {
        unsafe {
            let code = (*target.as_ptr()).code.as_ptr();
            (*code).fast_args as usize == argc && self.has_room(iso, code, first)
        }
    }

    /// Enters `target`, whose parameters are bound to the slots from `first` up to the top; the caller goes on behind this
    /// instruction of one word.
    #[inline(always)]
    pub(super) unsafe fn enter(
        mut self,
        iso: &mut Isolate,
        target: Gc<Function>,
        first: *mut Value,
        on_return: OnReturn,
    ) -> Leave {
        unsafe {
            let code = (*target.as_ptr()).code.as_ptr();
            (*self.frame).ip = self.ip.add(1);
            let locals_end = self.sp.add((*code).extra_locals as usize);
            while self.sp < locals_end {
                self.push(Value::UNDEFINED);
            }
            self.base = first;
            self.ip = (*code).ops.as_ptr();
            self.frame = self.frame.add(1);
            let base = (first.byte_offset_from(iso.fiber.hot.stack) as usize / size_of::<Value>()) as u32;
            // Its `ip` is saved when it calls or leaves.
            (&raw mut (*self.frame).function).write(target);
            (&raw mut (*self.frame).consts).write((*code).consts.as_ptr());
            (&raw mut (*self.frame).base).write(base);
            (&raw mut (*self.frame).on_return).write(on_return);
            self.charge(iso)
        }
    }

    /// Binds `argc` arguments at `first`, the last ones named, to the parameters of `target`, if that can be done in place.
    #[inline(always)]
    unsafe fn binds(
        &mut self,
        iso: &mut Isolate,
        target: Gc<Function>,
        first: *mut Value,
        argc: usize,
        names: Option<Gc<Tuple>>,
    ) -> bool {
        unsafe {
            let code = (*target.as_ptr()).code.as_ptr();
            if !self.has_room(iso, code, first) || !iso.bind_quick(target, first, argc, names) {
                return false;
            }
            self.sp = first.add((*code).params.slots() as usize);
            true
        }
    }

    /// Calls a native whose `argc` arguments, the last on the stack, start at `first`; the result goes to `at`.
    #[inline(always)]
    unsafe fn call_native(
        mut self,
        iso: &mut Isolate,
        native: Gc<NativeFunction>,
        first: *mut Value,
        argc: usize,
        at: *mut Value,
    ) -> Leave {
        unsafe {
            let (least, most, slots) = (*native.as_ptr()).direct;
            let (least, most, slots) = (usize::from(least), usize::from(most), usize::from(slots));
            if argc < least || argc > most {
                return self.general(iso);
            }
            if argc != slots {
                let room = iso.fiber.hot.stack_end.offset_from(first) as usize;
                if slots > room {
                    return self.general(iso);
                }
                let defaults = (*native.as_ptr()).defaults.as_ptr().add(argc);
                std::ptr::copy_nonoverlapping(defaults, self.sp, slots - argc);
                self.sp = self.sp.add(slots - argc);
            }
            self.ip = self.ip.add(1);
            self.save(iso);
            let result = iso.invoke_out(native, first, slots);
            if result.is_undefined() {
                iso.fiber.hot.at = at.offset_from(iso.fiber.hot.stack) as usize;
                return Leave::Returned;
            }
            at.write(result);
            self.sp = at.add(1);
            self.go(iso)
        }
    }
}

impl Isolate {
    /// Calls a native. Undefined: what it has returned is no value, but in `fiber.pending`.
    #[inline(never)]
    unsafe fn invoke_out(&mut self, native: Gc<NativeFunction>, first: *const Value, count: usize) -> Value {
        let (args, call) = unsafe { (std::slice::from_raw_parts(first, count), &(*native.as_ptr()).call) };
        match returned(call.invoke(&mut Cx { isolate: self }, args)) {
            Ok(value) if self.fiber.kept.len() == self.fiber.kept_base => value,
            Ok(value) => self.set_pending(Ok(Outcome::Return(value))),
            Err(result) => self.set_pending(result),
        }
    }

    #[cold]
    #[inline(never)]
    fn set_pending(&mut self, result: NativeResult) -> Value {
        self.fiber.pending = Some(Box::new(result));
        Value::UNDEFINED
    }
}

/// How many values the receiver of a method call takes among the arguments: the words differ, the rest is the same.
#[inline(always)]
fn arguments(word: Instruction) -> usize {
    word.a() as usize + usize::from(word.op() == Op::CallMethod)
}

handlers! {
    /// `Call`, and `CallMethod` with a method: a function is called without looking further.
    fn call(iso, m) {
        let argc = m.word.a() as usize;
        let first = m.sp.sub(argc);
        if let Some(target) = m.peek(argc).as_gc::<Function>()
            && m.enters_plainly(iso, target, first, argc)
        {
            return m.enter(iso, target, first, OnReturn::Push);
        }
        if m.peek(argc).kind() == Some(Kind::NativeFunction) {
            return m.retry_rebased(iso, call_native);
        }
        m.retry_rebased(iso, call_other)
    }

    fn call_method(iso, m) {
        let argc = m.word.a() as usize + 1;
        let first = m.sp.sub(argc);
        if let Some(target) = m.peek(argc).as_gc::<Function>()
            && m.enters_plainly(iso, target, first, argc)
        {
            return m.enter(iso, target, first, OnReturn::Push);
        }
        if m.peek(argc).kind() == Some(Kind::NativeFunction) {
            return m.retry_rebased(iso, call_native);
        }
        m.retry_rebased(iso, call_other)
    }

    #[inline(never)]
    fn call_other(iso, m) {
        let argc = arguments(m.word);
        let callee = m.peek(argc);
        match callee.kind() {
            Some(Kind::Class) => m.retry(iso, call_class),
            Some(Kind::Function) => m.retry(iso, call_bound),
            // Without a receiver, what a method call finds in the callee's place is undefined.
            None if callee.is_undefined() => m.retry(iso, call_unbound),
            Some(Kind::BoundMethod) if m.word.op() == Op::Call => m.retry(iso, call_bound_method),
            _ => m.general(iso),
        }
    }

    /// `method(...)`: the receiver goes before the arguments.
    #[inline(never)]
    fn call_bound_method(iso, m) {
        let argc = m.word.a() as usize;
        let Some(bound) = m.peek(argc).as_gc::<BoundMethod>() else { return m.general(iso) };
        let (function, receiver) = ((*bound.as_ptr()).function, (*bound.as_ptr()).receiver);
        let first = m.sp.sub(argc);
        let room = iso.fiber.hot.stack_end.offset_from(first) as usize;
        let fits = if let Some(native) = function.as_gc::<NativeFunction>() {
            let (least, most, slots) = (*native.as_ptr()).direct;
            argc + 1 >= usize::from(least) && argc < usize::from(most) && usize::from(slots) < room
        } else if let Some(target) = function.as_gc::<Function>() {
            m.enters_plainly(iso, target, first, argc + 1)
        } else {
            false
        };
        if !fits {
            return m.general(iso);
        }
        std::ptr::copy(first, first.add(1), argc);
        first.write(receiver);
        first.sub(1).write(function);
        m.sp = m.sp.add(1);
        match function.as_gc::<Function>() {
            Some(target) => m.enter(iso, target, first, OnReturn::Push),
            None => {
                let native = function.as_gc::<NativeFunction>().expect("it is one of both");
                m.call_native(iso, native, first, argc + 1, first.sub(1))
            }
        }
    }

    /// A method call of what was no method: a module's function, most often.
    #[inline(never)]
    fn call_unbound(iso, m) {
        let argc = m.word.a() as usize;
        let callee = m.peek(argc);
        let first = m.sp.sub(argc);
        if let Some(native) = callee.as_gc::<NativeFunction>() {
            if let Some(quick) = (*native.as_ptr()).quick {
                let result = quick(iso, std::slice::from_raw_parts(first, argc));
                if !result.is_undefined() {
                    m.drop_top(argc + 1);
                    return m.replace_next(iso, 0, result);
                }
            }
            return m.call_native(iso, native, first, argc, first.sub(2));
        }
        let Some(target) = callee.as_gc::<Function>() else { return m.general(iso) };
        if !m.enters_plainly(iso, target, first, argc) {
            return m.general(iso);
        }
        // Into the hole below, where a plain call would have it.
        std::ptr::copy(first.sub(1), first.sub(2), argc + 1);
        m.sp = m.sp.sub(1);
        m.enter(iso, target, first.sub(1), OnReturn::Push)
    }

    #[inline(never)]
    fn call_native(iso, m) {
        let argc = arguments(m.word);
        let Some(native) = m.peek(argc).as_gc::<NativeFunction>() else { return m.general(iso) };
        let first = m.sp.sub(argc);
        if let Some(quick) = (*native.as_ptr()).quick {
            let result = quick(iso, std::slice::from_raw_parts(first, argc));
            if !result.is_undefined() {
                m.drop_top(argc);
                // The results of statements are dropped.
                if Instruction(m.ip.add(1).read()).op() == Op::Pop {
                    m.drop_top(1);
                    return m.next(iso, 2);
                }
                return m.replace_next(iso, 0, result);
            }
        }
        m.retry(iso, call_native_fully)
    }

    /// A native whose common case this call is not.
    #[inline(never)]
    fn call_native_fully(iso, m) {
        let argc = arguments(m.word);
        let Some(native) = m.peek(argc).as_gc::<NativeFunction>() else { return m.general(iso) };
        let first = m.sp.sub(argc);
        m.call_native(iso, native, first, argc, first.sub(1))
    }

    /// A function with arguments to bind: defaults, or the wrong number.
    #[inline(never)]
    fn call_bound(iso, m) {
        let argc = arguments(m.word);
        let Some(target) = m.peek(argc).as_gc::<Function>() else { return m.general(iso) };
        let first = m.sp.sub(argc);
        if !m.binds(iso, target, first, argc, None) {
            return m.general(iso);
        }
        m.enter(iso, target, first, OnReturn::Push)
    }

    #[inline(never)]
    fn call_class(iso, m) {
        let argc = arguments(m.word);
        let callee = m.peek(argc);
        let Some(class) = callee.as_gc::<Class>() else { return m.general(iso) };
        let first = m.sp.sub(argc);
        match (*class.as_ptr()).constructor.get() {
            Constructor::Native(new) => {
                let Some(native) = new.as_gc::<NativeFunction>() else { return m.general(iso) };
                // The class itself, where the callee is, is the first argument.
                let first = first.sub(1);
                m.call_native(iso, native, first, argc + 1, first)
            }
            Constructor::Init(init) => {
                let Some(target) = init.as_gc::<Function>() else { return m.general(iso) };
                let code = (*target.as_ptr()).code.as_ptr();
                if !m.has_room(iso, code, first) {
                    return m.general(iso);
                }
                // [instance, instance as self, arguments...]: the lower one is the result.
                iso.instance_out(class, first, argc);
                if (*code).fast_args as usize == argc + 1 {
                    m.sp = m.sp.add(1);
                    return m.enter(iso, target, first, OnReturn::Init);
                }
                if !m.binds(iso, target, first, argc + 1, None) {
                    std::ptr::copy(first.add(1), first, argc);
                    first.sub(1).write(callee);
                    return m.general(iso);
                }
                m.enter(iso, target, first, OnReturn::Init)
            }
            _ => m.general(iso),
        }
    }

    fn call_keywords(iso, m) {
        // Without a receiver, what a method call finds in the callee's place is undefined.
        let argc = m.word.a() as usize + usize::from(m.word.op() == Op::CallMethodKeywords);
        let names = m.constant(m.word.bx()).as_gc::<Tuple>();
        let Some(target) = m.peek(argc).as_gc::<Function>() else { return m.general(iso) };
        let first = m.sp.sub(argc);
        if !m.binds(iso, target, first, argc, names) {
            return m.general(iso);
        }
        m.enter(iso, target, first, OnReturn::Push)
    }

    fn return_value(iso, m) {
        let value = m.peek(0);
        match (*m.frame).on_return {
            OnReturn::Push | OnReturn::NextFor | OnReturn::NextForStore => {
                m.sp = m.base.sub(1);
                m.push(value);
            }
            // The instance is below the frame.
            OnReturn::Init if value.is_none() => m.sp = m.base,
            _ => return m.general(iso),
        }
        m.pop_frame(iso);
        m.go(iso)
    }
}
