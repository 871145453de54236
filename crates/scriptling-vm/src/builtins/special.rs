//! Special methods that the scalar types share: arithmetic, comparison and conversion dunders, for code that calls them by
//! name (`int.__add__(a, b)`, `super().__eq__(other)`). The operators themselves do not come here.

use super::receiver::base_value;
use crate::native::{ClassBuilder, Cx, NativeResult, Outcome};
use crate::op::{BINARY_OPS, BinaryOp, COMPARE_OPS, CompareOp};
use crate::operate;
use crate::operate::compare::{Answer, compare_native};
use crate::operate::number;
use crate::value::Value;

/// `__add__` and the like of a number: `NotImplemented` for operands of other types.
fn number_operator<const OP: usize, const REFLECTED: bool>(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (mut left, mut right) = (base_value(cx, args[0]), base_value(cx, args[1]));
    if REFLECTED {
        (left, right) = (right, left);
    }
    let result = number::binary(cx, BINARY_OPS[OP], left, right)?;
    Ok(Outcome::Return(result.unwrap_or(Value::NOT_IMPLEMENTED)))
}

/// `__add__`, `__mul__`, `__mod__` of text.
pub(super) fn text_operator<const OP: usize>(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (left, right) = (base_value(cx, args[0]), base_value(cx, args[1]));
    let right = if BINARY_OPS[OP] as u8 == BinaryOp::Mod as u8 { args[1] } else { right };
    match operate::arith::binary_native(cx, BINARY_OPS[OP], left, right, false)? {
        Some(outcome) => Ok(outcome),
        None => Ok(Outcome::Return(Value::NOT_IMPLEMENTED)),
    }
}

fn comparison<const OP: usize>(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (left, right) = (base_value(cx, args[0]), base_value(cx, args[1]));
    Ok(Outcome::Return(match compare_native(cx, COMPARE_OPS[OP], left, right)? {
        Answer::Known(result) if number::is_number(left) == number::is_number(right) => Value::bool(result),
        _ => Value::NOT_IMPLEMENTED,
    }))
}

/// Adds the six comparisons, `__hash__`, `__repr__`, `__str__` and `__format__`.
pub(super) fn comparisons<'b, 'a>(builder: ClassBuilder<'b, 'a>) -> ClassBuilder<'b, 'a> {
    builder
        .raw("__lt__(self, value, /)", "", comparison::<{ CompareOp::Lt as usize }>)
        .raw("__le__(self, value, /)", "", comparison::<{ CompareOp::Le as usize }>)
        .raw("__gt__(self, value, /)", "", comparison::<{ CompareOp::Gt as usize }>)
        .raw("__ge__(self, value, /)", "", comparison::<{ CompareOp::Ge as usize }>)
        .raw("__eq__(self, value, /)", "", comparison::<{ CompareOp::Eq as usize }>)
        .raw("__ne__(self, value, /)", "", comparison::<{ CompareOp::Ne as usize }>)
        .raw("__hash__(self, /)", "", |cx, args| {
            let base = base_value(cx, args[0]);
            operate::hash(cx, base)
        })
        .raw("__repr__(self, /)", "", |cx, args| {
            let base = base_value(cx, args[0]);
            operate::repr(cx, base)
        })
        .raw("__str__(self, /)", "", |cx, args| {
            let base = base_value(cx, args[0]);
            operate::str(cx, base)
        })
        .raw("__format__(self, format_spec, /)", "", |cx, args| {
            let base = base_value(cx, args[0]);
            let Some(spec) = cx.as_str(base_value(cx, args[1])).map(str::to_owned) else {
                let found = cx.type_name(args[1]);
                let message = format!("__format__() argument must be str, not {found}");
                return Err(crate::error::Raise::type_error(message));
            };
            operate::format(cx, base, &spec)
        })
}

macro_rules! operators {
    ($builder:expr; $($plain:literal $reflected:literal $op:ident;)*) => {
        $builder$(
            .raw(concat!($plain, "(self, value, /)"), "", number_operator::<{ BinaryOp::$op as usize }, false>)
            .raw(concat!($reflected, "(self, value, /)"), "", number_operator::<{ BinaryOp::$op as usize }, true>)
        )*
    };
}

/// Adds the arithmetic that ints and floats share.
fn arithmetic<'b, 'a>(builder: ClassBuilder<'b, 'a>) -> ClassBuilder<'b, 'a> {
    operators! { builder;
        "__add__" "__radd__" Add;
        "__sub__" "__rsub__" Sub;
        "__mul__" "__rmul__" Mul;
        "__truediv__" "__rtruediv__" TrueDiv;
        "__floordiv__" "__rfloordiv__" FloorDiv;
        "__mod__" "__rmod__" Mod;
        "__pow__" "__rpow__" Pow;
    }
}

/// Adds arithmetic and conversions of `int`.
pub(super) fn numeric<'b, 'a>(builder: ClassBuilder<'b, 'a>) -> ClassBuilder<'b, 'a> {
    let builder = operators! { arithmetic(builder);
        "__lshift__" "__rlshift__" LShift;
        "__rshift__" "__rrshift__" RShift;
        "__and__" "__rand__" BitAnd;
        "__or__" "__ror__" BitOr;
        "__xor__" "__rxor__" BitXor;
    };
    conversions(builder)
}

/// Adds arithmetic and conversions of `float`.
pub(super) fn float_numeric<'b, 'a>(builder: ClassBuilder<'b, 'a>) -> ClassBuilder<'b, 'a> {
    conversions(arithmetic(builder))
}

fn conversions<'b, 'a>(builder: ClassBuilder<'b, 'a>) -> ClassBuilder<'b, 'a> {
    builder
        .raw("__neg__(self, /)", "", |cx, args| unary(cx, args, number::negate))
        .raw("__pos__(self, /)", "", |cx, args| unary(cx, args, |_, value| Some(value)))
        .raw("__abs__(self, /)", "", |cx, args| unary(cx, args, number::absolute))
        .raw("__bool__(self, /)", "", |cx, args| {
            let base = base_value(cx, args[0]);
            operate::truth(cx, base)
        })
        .raw("__int__(self, /)", "", |cx, args| {
            let base = base_value(cx, args[0]);
            super::int::to_int(cx, base)
        })
        .raw("__float__(self, /)", "", |cx, args| {
            let base = base_value(cx, args[0]);
            super::float::to_float(cx, base)
        })
        .raw("__divmod__(self, value, /)", "", |cx, args| {
            let (left, right) = (base_value(cx, args[0]), base_value(cx, args[1]));
            divide(cx, left, right)
        })
        .raw("__rdivmod__(self, value, /)", "", |cx, args| {
            let (left, right) = (base_value(cx, args[0]), base_value(cx, args[1]));
            divide(cx, right, left)
        })
}

fn unary(cx: &mut Cx<'_>, args: &[Value], operation: fn(&mut Cx<'_>, Value) -> Option<Value>) -> NativeResult {
    let base = base_value(cx, args[0]);
    let base = base.as_bool().map_or(base, |flag| Value::int(i64::from(flag)));
    Ok(Outcome::Return(operation(cx, base).unwrap_or(Value::NOT_IMPLEMENTED)))
}

fn divide(cx: &mut Cx<'_>, left: Value, right: Value) -> NativeResult {
    Ok(Outcome::Return(match number::divide_with_remainder(cx, left, right)? {
        Some((quotient, remainder)) => cx.tuple(&[quotient, remainder]),
        None => Value::NOT_IMPLEMENTED,
    }))
}
