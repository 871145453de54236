//! Handlers of loops, unpacking and generators.
#![expect(unsafe_code, reason = "verified code runs unchecked; argued in the module documentation of `run`")]
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::missing_safety_doc,
    reason = "the handlers share one argument, in the module documentation"
)]

use super::{Leave, Machine, leave_safepoint};
use crate::fiber::{Frame, OnReturn};
use crate::heap::generator::GeneratorState;
use crate::heap::{Gc, Generator, List};
use crate::isolate::Isolate;
use crate::op::{Instruction, Op};
use crate::run::out_of_line::Stepping;
use crate::run::quick::{QuickStep, quick_char, quick_pair, quick_step};
use crate::run::step::quick_unpack;
use crate::value::Value;

/// The slots of two `StoreLocal`s that come next.
///
/// # Safety
/// `ip` must be an instruction of verified code.
#[inline(always)]
unsafe fn store_pair(ip: *const u32) -> Option<(u32, u32)> {
    // SAFETY: a store is not the last instruction: code ends with one that control does not fall through.
    unsafe {
        let first = Instruction(ip.read());
        let second = Instruction(if first.op() == Op::StoreLocal { ip.add(1).read() } else { return None });
        (second.op() == Op::StoreLocal).then(|| (first.ax(), second.ax()))
    }
}

impl Machine {
    /// Enters the frame of the generator that is on the stack just below `new_base`; the caller goes on behind this
    /// instruction of so many words.
    #[inline(always)]
    unsafe fn resume(
        mut self,
        iso: &mut Isolate,
        generator: Gc<Generator>,
        new_base: *mut Value,
        sent: Value,
        words: usize,
        on_return: OnReturn,
    ) -> Leave {
        unsafe {
            let data = generator.as_ptr();
            let suspended = (*data).state == GeneratorState::Suspended;
            let ready = suspended || (*data).state == GeneratorState::Created && sent.is_none();
            let function = (*data).function;
            let code = (*function.as_ptr()).code.as_ptr();
            let hot = &iso.fiber.hot;
            let room = hot.stack_end.offset_from(new_base) as usize;
            if !ready || self.frame.add(1) >= hot.frame_end || (*code).frame_size as usize >= room {
                return self.general(iso);
            }
            (*self.frame).ip = self.ip.add(words);
            self.ip = (*code).ops.as_ptr().add((*data).ip as usize);
            self.base = new_base;
            self.sp = iso.wake(generator, new_base, sent);
            self.frame = self.frame.add(1);
            let base = new_base.offset_from(iso.fiber.hot.stack) as u32;
            let consts = (*code).consts.as_ptr();
            self.frame.write(Frame { function, ip: self.ip, consts, base, on_return });
            // A `yield` statement at the end of a loop's body, as most are: on to the next round at once.
            if suspended && Instruction(self.ip.read()).op() == Op::Pop {
                self.drop_top(1);
                self.ip = self.ip.add(1);
                let jump = Instruction(self.ip.read());
                if matches!(jump.op(), Op::Jump | Op::JumpFor) {
                    self.ip = self.ip.offset(1 + jump.sax() as isize);
                }
            }
            self.charge(iso)
        }
    }

    /// `ForIterStore`.
    #[inline(always)]
    unsafe fn step_and_store(self, iso: &mut Isolate) -> Leave {
        unsafe {
            match quick_step(self.peek(0)) {
                QuickStep::Item(value) => {
                    self.set_local(self.word.a(), value);
                    // Over the `StoreLocal` that stores what comes from a frame.
                    self.next(iso, 3)
                }
                QuickStep::End => self.end_loop(iso, 2, self.second()),
                QuickStep::Generator => self.retry(iso, for_generator_store),
                QuickStep::Other => self.retry(iso, for_iter_store_other),
            }
        }
    }

    /// The loop over the iterator on top is over.
    #[inline(always)]
    unsafe fn end_loop(mut self, iso: &mut Isolate, words: isize, distance: i32) -> Leave {
        unsafe {
            self.drop_top(1);
            self.jump(iso, words, distance)
        }
    }
}

handlers! {
    fn for_iter(iso, m) {
        match quick_step(m.peek(0)) {
            QuickStep::Item(value) => m.push_next(iso, value),
            QuickStep::End => m.end_loop(iso, 1, m.word.sax()),
            QuickStep::Generator => m.retry(iso, for_generator),
            QuickStep::Other => m.retry(iso, for_iter_other),
        }
    }

    #[inline(never)]
    fn for_iter_other(iso, m) {
        if let Some(char) = quick_char(iso, m.peek(0)) {
            return m.push_next(iso, char);
        }
        m.call(iso, for_iter_native)
    }

    #[inline(never)]
    fn for_iter_native(iso, m) {
        match iso.step_out(m.peek(0), m.sp) {
            Stepping::Item => {
                m.sp = m.sp.add(1);
                m.next(iso, 1)
            }
            Stepping::End => m.end_loop(iso, 1, m.word.sax()),
            Stepping::Raised => m.raised(iso, 1),
            Stepping::Script | Stepping::Pair => m.general(iso),
        }
    }

    /// `ForIter` and `ForIterPair` of a generator.
    #[inline(never)]
    fn for_generator(iso, m) {
        match m.peek(0).as_gc::<Generator>() {
            Some(generator) => m.resume(iso, generator, m.sp, Value::NONE, 1, OnReturn::GeneratorFor),
            None => m.general(iso),
        }
    }

    fn for_iter_store(iso, m) {
        m.step_and_store(iso)
    }

    fn jump_for(iso, m) {
        m.ip = m.ip.offset(1 + m.word.sax() as isize);
        iso.heap.fuel.left -= 1;
        if iso.heap.fuel.left <= 0 {
            return m.call(iso, leave_safepoint);
        }
        m.word = Instruction(m.ip.read());
        m.step_and_store(iso)
    }

    #[inline(never)]
    fn for_iter_store_other(iso, m) {
        if let Some(char) = quick_char(iso, m.peek(0)) {
            m.set_local(m.word.a(), char);
            return m.next(iso, 3);
        }
        m.call(iso, for_iter_store_native)
    }

    #[inline(never)]
    fn for_iter_store_native(iso, m) {
        match iso.step_out(m.peek(0), m.base.add(m.word.a() as usize)) {
            Stepping::Item => m.next(iso, 3),
            Stepping::End => m.end_loop(iso, 2, m.second()),
            Stepping::Raised => m.raised(iso, 2),
            Stepping::Script | Stepping::Pair => m.general(iso),
        }
    }

    #[inline(never)]
    fn for_generator_store(iso, m) {
        match m.peek(0).as_gc::<Generator>() {
            Some(generator) => m.resume(iso, generator, m.sp, Value::NONE, 2, OnReturn::GeneratorForStore),
            None => m.general(iso),
        }
    }

    fn for_iter_pair(iso, m) {
        let Some((first, second)) = quick_pair(&iso.heap, m.peek(0)) else { return m.retry(iso, for_iter_pair_other) };
        // Over the `UnpackSequence`.
        m.ip = m.ip.add(2);
        match store_pair(m.ip) {
            Some((to_first, to_second)) => {
                m.set_local(to_first, first);
                m.set_local(to_second, second);
                m.next(iso, 2)
            }
            None => {
                m.push(second);
                m.push(first);
                m.go(iso)
            }
        }
    }

    #[inline(never)]
    fn for_iter_pair_other(iso, m) {
        if m.peek(0).is::<Generator>() {
            return m.retry(iso, for_generator);
        }
        match iso.step_pair_out(m.peek(0), m.sp) {
            Stepping::Pair => {
                // Over the `UnpackSequence`.
                m.ip = m.ip.add(2);
                match store_pair(m.ip) {
                    Some((first, second)) => {
                        m.set_local(first, m.sp.add(1).read());
                        m.set_local(second, m.sp.read());
                        m.next(iso, 2)
                    }
                    None => {
                        m.sp = m.sp.add(2);
                        m.go(iso)
                    }
                }
            }
            Stepping::Item => {
                m.sp = m.sp.add(1);
                m.next(iso, 1)
            }
            Stepping::End => m.end_loop(iso, 1, m.word.sax()),
            Stepping::Raised => m.raised(iso, 1),
            Stepping::Script => m.general(iso),
        }
    }

    fn get_iter(iso, m) {
        if let Some(list) = m.peek(0).as_gc::<List>() {
            let iterator = iso.list_iter_out(list);
            return m.replace_next(iso, 0, iterator);
        }
        m.retry(iso, get_iter_other)
    }

    #[inline(never)]
    fn get_iter_other(iso, m) {
        match iso.iter_out(m.peek(0)) {
            Some(iterator) => m.replace_next(iso, 0, iterator),
            None => m.general(iso),
        }
    }

    fn unpack_sequence(iso, m) {
        let count = m.word.ax() as usize;
        if !quick_unpack(&iso.heap, m.peek(0), count, m.sp.sub(1)) {
            return m.general(iso);
        }
        m.sp = m.sp.add(count).sub(1);
        m.next(iso, 1)
    }

    fn yield_value(iso, m) {
        let Some(generator) = m.base.sub(1).read().as_gc::<Generator>() else { return m.general(iso) };
        let on_return = (*m.frame).on_return;
        if !on_return.pushes_yielded() {
            return m.general(iso);
        }
        let value = m.peek(0);
        let start = (*m.function()).code.get().ops.as_ptr();
        iso.suspend(generator, m.base, m.sp.sub(1), m.ip.offset_from(start) as u32 + 1);
        // A loop keeps the generator; for a call, the value takes its place.
        m.sp = if on_return == OnReturn::GeneratorCall { m.base.sub(1) } else { m.base };
        m.pop_frame(iso);
        let store = Instruction(m.ip.read());
        if store.op() == Op::StoreLocal {
            m.set_local(store.ax(), value);
            m.ip = m.ip.add(1);
        } else {
            m.push(value);
        }
        m.go(iso)
    }

    fn send(iso, m) {
        match m.peek(1).as_gc::<Generator>() {
            Some(generator) => {
                let sent = m.peek(0);
                m.resume(iso, generator, m.sp.sub(1), sent, 1, OnReturn::GeneratorSend)
            }
            None => m.general(iso),
        }
    }
}
