//! Handlers that make containers and text, and those of exception handlers.
#![expect(unsafe_code, reason = "verified code runs unchecked; argued in the module documentation of `run`")]
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::missing_safety_doc,
    reason = "the handlers share one argument, in the module documentation"
)]

use super::{Leave, Machine};
use crate::fiber::Frame;
use crate::heap::{List, Set};
use crate::isolate::Isolate;
use crate::op::{Instruction, Op};
use crate::run::quick::quick_push;
use crate::value::Value;

handlers! {
    fn build_list(iso, m) {
        let count = m.word.ax() as usize;
        m.drop_top(count);
        let list = iso.list_out(m.sp, count);
        m.push_next(iso, list)
    }

    fn build_tuple(iso, m) {
        let count = m.word.ax() as usize;
        m.drop_top(count);
        match iso.heap.bump_tuple(std::slice::from_raw_parts(m.sp, count)) {
            Some(tuple) => m.push_next(iso, Value::obj(tuple)),
            None => {
                m.sp = m.sp.add(count);
                m.retry(iso, build_tuple_rare)
            }
        }
    }

    #[inline(never)]
    fn build_tuple_rare(iso, m) {
        let count = m.word.ax() as usize;
        m.drop_top(count);
        let tuple = iso.tuple_out(m.sp, count);
        m.push_next(iso, tuple)
    }

    fn build_dict(iso, m) {
        if m.word.ax() != 0 {
            return m.general(iso);
        }
        let dict = iso.dict_out();
        m.push_next(iso, dict)
    }

    fn build_set(iso, m) {
        if m.word.ax() != 0 {
            return m.general(iso);
        }
        let set = iso.set_out();
        m.push_next(iso, set)
    }

    /// The slice of a subscript that follows at once need not become an object.
    fn build_slice(iso, m) {
        let count = m.word.a() as usize;
        match Instruction(m.ip.add(1).read()).op() {
            Op::LoadSubscript => {
                let Some(part) = iso.slice_out(m.sp, count) else { return m.general(iso) };
                m.drop_top(count);
                m.set_top(0, part);
            }
            Op::StoreSubscript => {
                if !iso.store_slice_out(m.sp, count) {
                    return m.general(iso);
                }
                m.drop_top(count + 2);
            }
            _ => return m.general(iso),
        }
        m.next(iso, 2)
    }

    fn build_string(iso, m) {
        let count = m.word.ax() as usize;
        let parts = std::slice::from_raw_parts(m.sp.sub(count), count);
        let Some(text) = iso.quick_build_string(parts) else { return m.general(iso) };
        m.drop_top(count);
        m.push_next(iso, text)
    }

    fn format_value(iso, m) {
        let has_spec = m.word.b() != 0;
        let (value, spec) = if has_spec { (m.peek(1), m.peek(0)) } else { (m.peek(0), Value::UNDEFINED) };
        match iso.quick_format(value, m.word.a(), spec) {
            Some(text) => m.replace_next(iso, usize::from(has_spec), text),
            None => m.general(iso),
        }
    }

    fn list_append(iso, m) {
        let Some(list) = m.peek(1 + m.word.a() as usize).as_gc::<List>() else {
            unreachable!("the compiler appends to lists it has made")
        };
        if !quick_push(list, m.peek(0)) {
            return m.retry(iso, list_append_rare);
        }
        m.drop_top(1);
        m.next(iso, 1)
    }

    /// To a list that has to grow or to change its representation.
    #[inline(never)]
    fn list_append_rare(iso, m) {
        if let Some(list) = m.peek(1 + m.word.a() as usize).as_gc::<List>() {
            iso.push_out(list, m.peek(0));
        }
        m.drop_top(1);
        m.next(iso, 1)
    }

    fn set_add(iso, m) {
        let Some(set) = m.peek(1 + m.word.a() as usize).as_gc::<Set>() else {
            unreachable!("the compiler adds to sets it has made")
        };
        if !iso.quick_set_add(set, m.peek(0)) {
            return m.general(iso);
        }
        m.drop_top(1);
        m.next(iso, 1)
    }

    fn dict_add(iso, m) {
        if !iso.quick_store_item(m.peek(2 + m.word.a() as usize), m.peek(1), m.peek(0)) {
            return m.general(iso);
        }
        m.drop_top(2);
        m.next(iso, 1)
    }

    fn push_handled(iso, m) {
        let exception = m.peek(0);
        m.set_top(0, iso.fiber.handling);
        iso.fiber.handling = exception;
        m.push_next(iso, exception)
    }

    fn pop_handled(iso, m) {
        iso.fiber.handling = m.peek(0);
        m.drop_top(1);
        m.next(iso, 1)
    }

    fn exception_matches(iso, m) {
        match iso.exception_matches_out(m.peek(1), m.peek(0)) {
            Some(truth) => m.replace_next(iso, 0, Value::bool(truth)),
            None => m.general(iso),
        }
    }
}
