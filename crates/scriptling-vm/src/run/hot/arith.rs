//! Handlers of arithmetic: one generic function per pair of operator and addressing (where the operands are and where the
//! result goes), instantiated for each op of the table.
#![expect(unsafe_code, reason = "verified code runs unchecked; argued in the module documentation of `run`")]
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::missing_safety_doc,
    reason = "the handlers share one argument, in the module documentation"
)]

use super::{Leave, Machine};
use crate::fiber::Frame;
use crate::isolate::Isolate;
use crate::op::{BINARY_OPS, BinaryOp, Instruction};
use crate::run::quick::{floor_divide, modulo, quick_binary, true_divide};
use crate::value::{Tag, Value};

/// `+`, `-` or `*`.
pub(super) trait Arithmetic {
    /// Of ints; `None` if the result does not fit.
    fn ints(left: i64, right: i64) -> Option<i64>;
    /// Of floats.
    fn floats(left: f64, right: f64) -> f64;
    /// Of other values, where it takes neither script code nor an error.
    fn others(_iso: &mut Isolate, _left: Value, _right: Value) -> Option<Value> {
        None
    }
}

/// `+`
pub(super) struct Add;
/// `-`
pub(super) struct Sub;
/// `*`
pub(super) struct Mul;

impl Arithmetic for Add {
    #[inline(always)]
    fn ints(left: i64, right: i64) -> Option<i64> {
        left.checked_add(right)
    }
    #[inline(always)]
    fn floats(left: f64, right: f64) -> f64 {
        left + right
    }
    #[inline(always)]
    fn others(iso: &mut Isolate, left: Value, right: Value) -> Option<Value> {
        iso.quick_concat(left, right)
    }
}

impl Arithmetic for Sub {
    #[inline(always)]
    fn ints(left: i64, right: i64) -> Option<i64> {
        left.checked_sub(right)
    }
    #[inline(always)]
    fn floats(left: f64, right: f64) -> f64 {
        left - right
    }
}

impl Arithmetic for Mul {
    #[inline(always)]
    fn ints(left: i64, right: i64) -> Option<i64> {
        left.checked_mul(right)
    }
    #[inline(always)]
    fn floats(left: f64, right: f64) -> f64 {
        left * right
    }
}

/// `/`, `//` or `%`.
pub(super) trait Division {
    /// The result where a machine division gives it.
    fn divide(left: Value, right: Value) -> Option<Value>;
    /// Of other values, where it takes neither script code nor an error.
    fn others(_iso: &mut Isolate, _left: Value, _right: Value) -> Option<Value> {
        None
    }
}

/// `/`
pub(super) struct TrueDiv;
/// `//`
pub(super) struct FloorDiv;
/// `%`
pub(super) struct Mod;

impl Division for TrueDiv {
    #[inline(always)]
    fn divide(left: Value, right: Value) -> Option<Value> {
        true_divide(left, right)
    }
}

impl Division for FloorDiv {
    #[inline(always)]
    fn divide(left: Value, right: Value) -> Option<Value> {
        floor_divide(left, right)
    }
}

impl Division for Mod {
    #[inline(always)]
    fn divide(left: Value, right: Value) -> Option<Value> {
        modulo(left, right)
    }
    #[inline(always)]
    fn others(iso: &mut Isolate, left: Value, right: Value) -> Option<Value> {
        iso.quick_percent(left, right)
    }
}

/// Where the operands are and where the result goes.
pub(super) trait Addressing {
    /// The operands.
    unsafe fn operands(m: &Machine) -> (Value, Value);
    /// Puts the result in its place and goes on.
    unsafe fn finish(m: Machine, iso: &mut Isolate, result: Value) -> Leave;
}

/// How results are stored.
macro_rules! addressing {
    ($($(#[$doc:meta])* $name:ident = (|$m:ident| $left:expr, $right:expr), $finish:tt;)*) => { $(
        $(#[$doc])*
        pub(super) struct $name;

        impl Addressing for $name {
            #[inline(always)]
            unsafe fn operands($m: &Machine) -> (Value, Value) {
                unsafe { ($left, $right) }
            }
            #[inline(always)]
            unsafe fn finish(m: Machine, iso: &mut Isolate, result: Value) -> Leave {
                addressing!(@finish m, iso, result, $finish)
            }
        }
    )* };
    (@finish $m:ident, $iso:ident, $result:ident, push) => {
        unsafe { $m.push_next($iso, $result) }
    };
    (@finish $m:ident, $iso:ident, $result:ident, (replace $pops:literal)) => {
        unsafe { $m.replace_next($iso, $pops, $result) }
    };
    (@finish $m:ident, $iso:ident, $result:ident, (store $pops:literal)) => {
        unsafe {
            $m.set_local($m.word.a(), $result);
            let mut m = $m;
            m.drop_top($pops);
            m.next($iso, 1)
        }
    };
}

addressing! {
    /// Both on the stack.
    Stack = (|m| m.peek(1), m.peek(0)), (replace 1);
    /// The top and a local.
    TopLocal = (|m| m.peek(0), m.local(m.word.b())), (replace 0);
    /// The top and a constant.
    TopConst = (|m| m.peek(0), m.constant(m.word.bx())), (replace 0);
    /// A local and a small int.
    LocalInt = (|m| m.local(m.word.b()), Value::int(m.word.sc())), push;
    /// Two locals.
    Locals = (|m| m.local(m.word.b()), m.local(m.word.c())), push;
    /// A local and a small int; to a local.
    LocalIntStore = (|m| m.local(m.word.b()), Value::int(m.word.sc())), (store 0);
    /// Two locals; to a local.
    LocalsStore = (|m| m.local(m.word.b()), m.local(m.word.c())), (store 0);
    /// Augmented assignment of a local to a local.
    Assign = (|m| m.local(m.word.a()), m.local(m.word.b())), (store 0);
    /// Augmented assignment of a small int to a local.
    IntAssign = (|m| m.local(m.word.a()), Value::int(m.word.sc())), (store 0);
    /// Both on the stack; to a local.
    StackStore = (|m| m.peek(1), m.peek(0)), (store 2);
}

handlers! {
    fn arithmetic<O: Arithmetic, A: Addressing>(iso, m) {
        let (left, right) = A::operands(&m);
        if left.tag() == Tag::Int && right.tag() == Tag::Int {
            if let Some(result) = O::ints(left.payload() as i64, right.payload() as i64) {
                return A::finish(m, iso, Value::int(result));
            }
        } else if left.tag() == Tag::Float && right.tag() == Tag::Float {
            let result = O::floats(f64::from_bits(left.payload()), f64::from_bits(right.payload()));
            return A::finish(m, iso, Value::float(result));
        }
        m.retry(iso, arithmetic_rare::<O, A>)
    }

    /// An int and a float, or text.
    #[inline(never)]
    fn arithmetic_rare<O: Arithmetic, A: Addressing>(iso, m) {
        let (left, right) = A::operands(&m);
        let floats = match (left.tag(), right.tag()) {
            (Tag::Int, Tag::Float) => (left.payload() as i64 as f64, f64::from_bits(right.payload())),
            (Tag::Float, Tag::Int) => (f64::from_bits(left.payload()), right.payload() as i64 as f64),
            _ => {
                return match O::others(iso, left, right) {
                    Some(result) => A::finish(m, iso, result),
                    None => m.general(iso),
                };
            }
        };
        A::finish(m, iso, Value::float(O::floats(floats.0, floats.1)))
    }

    fn division<O: Division, A: Addressing>(iso, m) {
        let (left, right) = A::operands(&m);
        match O::divide(left, right) {
            Some(result) => A::finish(m, iso, result),
            None => m.retry(iso, division_rare::<O, A>),
        }
    }

    /// Text that is a template, or an error.
    #[inline(never)]
    fn division_rare<O: Division, A: Addressing>(iso, m) {
        let (left, right) = A::operands(&m);
        match O::others(iso, left, right) {
            Some(result) => A::finish(m, iso, result),
            None => m.general(iso),
        }
    }

    fn binary(iso, m) {
        let op = BINARY_OPS[m.word.a() as usize];
        let (left, right) = (m.peek(1), m.peek(0));
        if op == BinaryOp::Pow {
            return m.retry(iso, power);
        }
        match quick_binary(op, left, right) {
            Some(result) => m.replace_next(iso, 1, result),
            None => m.general(iso),
        }
    }

    #[inline(never)]
    fn power(iso, m) {
        match iso.power_out(m.peek(1), m.peek(0)) {
            Some(result) => m.replace_next(iso, 1, result),
            None => m.general(iso),
        }
    }

    fn negate(iso, m) {
        let value = m.peek(0);
        let negated = match value.tag() {
            Tag::Int if value.payload() as i64 != i64::MIN => Value::int(-(value.payload() as i64)),
            Tag::Float => Value::float(-f64::from_bits(value.payload())),
            _ => return m.general(iso),
        };
        m.replace_next(iso, 0, negated)
    }
}
