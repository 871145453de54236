//! Handlers that move values: constants, locals, cells, globals, the stack itself.
#![expect(unsafe_code, reason = "verified code runs unchecked; argued in the module documentation of `run`")]
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::missing_safety_doc,
    reason = "the handlers share one argument, in the module documentation"
)]

use super::{Leave, Machine};
use crate::fiber::Frame;
use crate::isolate::Isolate;
use crate::op::Instruction;
use crate::run::quick::cell_in;
use crate::value::Value;

handlers! {
    fn nop(iso, m) {
        m.next(iso, 1)
    }

    fn pause(iso, m) {
        m.ip = m.ip.add(1);
        m.charge(iso)
    }

    fn load_const(iso, m) {
        m.push_next(iso, m.constant(m.word.ax()))
    }

    fn load_none(iso, m) {
        m.push_next(iso, Value::NONE)
    }

    fn load_int(iso, m) {
        m.push_next(iso, Value::int(i64::from(m.word.sax())))
    }

    fn load_undefined(iso, m) {
        m.push_next(iso, Value::UNDEFINED)
    }

    fn pop(iso, m) {
        m.drop_top(1);
        m.next(iso, 1)
    }

    fn dup(iso, m) {
        m.push_next(iso, m.peek(0))
    }

    fn dup2(iso, m) {
        let (below, top) = (m.peek(1), m.peek(0));
        m.push(below);
        m.push_next(iso, top)
    }

    fn swap(iso, m) {
        let (below, top) = (m.peek(1), m.peek(0));
        m.set_top(0, below);
        m.set_top(1, top);
        m.next(iso, 1)
    }

    fn rot3(iso, m) {
        let (c, b, a) = (m.peek(2), m.peek(1), m.peek(0));
        m.set_top(2, a);
        m.set_top(1, c);
        m.set_top(0, b);
        m.next(iso, 1)
    }

    fn rot4(iso, m) {
        let (d, c, b, a) = (m.peek(3), m.peek(2), m.peek(1), m.peek(0));
        m.set_top(3, a);
        m.set_top(2, d);
        m.set_top(1, c);
        m.set_top(0, b);
        m.next(iso, 1)
    }

    fn copy(iso, m) {
        m.push_next(iso, m.peek(m.word.a() as usize))
    }

    fn load_local(iso, m) {
        m.push_next(iso, m.local(m.word.ax()))
    }

    fn load_local_check(iso, m) {
        let value = m.local(m.word.ax());
        if value.is_undefined() {
            return m.general(iso);
        }
        m.push_next(iso, value)
    }

    fn load_local2(iso, m) {
        m.push(m.local(m.word.a()));
        m.push_next(iso, m.local(m.word.b()))
    }

    fn store_local(iso, m) {
        m.set_local(m.word.ax(), m.peek(0));
        m.drop_top(1);
        m.next(iso, 1)
    }

    fn move_local(iso, m) {
        m.set_local(m.word.a(), m.local(m.word.b()));
        m.next(iso, 1)
    }

    fn clear_local(iso, m) {
        m.set_local(m.word.ax(), Value::UNDEFINED);
        m.next(iso, 1)
    }

    fn make_cell(iso, m) {
        let cell = iso.cell_out(m.local(m.word.ax()));
        m.set_local(m.word.ax(), cell);
        m.next(iso, 1)
    }

    fn load_cell(iso, m) {
        let value = (*cell_in(m.local(m.word.ax()))).value;
        if value.is_undefined() {
            return m.general(iso);
        }
        m.push_next(iso, value)
    }

    fn store_cell(iso, m) {
        (*cell_in(m.local(m.word.ax()))).value = m.peek(0);
        m.drop_top(1);
        m.next(iso, 1)
    }

    fn load_free(iso, m) {
        let cells = (*m.function()).closure.as_ptr();
        let value = (*(*cells.add(m.word.ax() as usize)).as_ptr()).value;
        if value.is_undefined() {
            return m.general(iso);
        }
        m.push_next(iso, value)
    }

    fn load_free_ref(iso, m) {
        let cells = (*m.function()).closure.as_ptr();
        m.push_next(iso, Value::obj(cells.add(m.word.ax() as usize).read()))
    }

    fn store_free(iso, m) {
        let cells = (*m.function()).closure.as_ptr();
        (*(*cells.add(m.word.ax() as usize)).as_ptr()).value = m.peek(0);
        m.drop_top(1);
        m.next(iso, 1)
    }

    fn load_global(iso, m) {
        let globals = (*m.function()).globals.as_ptr();
        let value = (*globals).slots.as_ptr().add(m.word.ax() as usize).read();
        if value.is_undefined() {
            return m.retry(iso, load_builtin);
        }
        m.push_next(iso, value)
    }

    /// `LoadGlobal` of a name that is not bound in the module: a builtin, most likely.
    #[inline(never)]
    fn load_builtin(iso, m) {
        let fallbacks = &(*(*m.function()).globals.as_ptr()).fallbacks;
        match fallbacks.get(m.word.ax() as usize) {
            Some(value) if !value.is_undefined() => m.push_next(iso, *value),
            _ => m.general(iso),
        }
    }

    fn store_global(iso, m) {
        (*(*m.function()).globals.as_ptr()).slots.as_mut_ptr().add(m.word.ax() as usize).write(m.peek(0));
        m.drop_top(1);
        m.next(iso, 1)
    }
}
