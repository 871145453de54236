//! Numbers out of script values, with the special methods that Python calls for it (`__float__`, `__index__`).
//!
//! The conversions of builtin numbers happen at once; an instance of a script class costs a call that the run loop makes.
//! Converted numbers are plain Rust data, so they survive such a call without being kept.

use num_bigint::BigInt;
use num_traits::ToPrimitive;
use scriptling_vm::error::Raise;
use scriptling_vm::native::{Cx, NativeResult, Outcome};
use scriptling_vm::operate::attr::special;
use scriptling_vm::value::Value;

/// A Rust number that a script value can be converted to.
pub(crate) trait Number: Sized + Send + 'static {
    /// The special methods to try, in order.
    const METHODS: &'static [&'static str];

    /// Converts a builtin number; `None` for everything else.
    fn convert(cx: &Cx<'_>, value: Value) -> Result<Option<Self>, Raise>;

    /// Converts what a special method returned.
    fn from_method(cx: &Cx<'_>, method: &str, receiver: &str, value: Value) -> Result<Self, Raise>;

    /// The error for a value without any of the methods.
    fn wrong_type(type_name: &str) -> Raise;
}

impl Number for f64 {
    const METHODS: &'static [&'static str] = &["__float__", "__index__"];

    fn convert(cx: &Cx<'_>, value: Value) -> Result<Option<f64>, Raise> {
        if let Some(float) = value.as_float() {
            return Ok(Some(float));
        }
        if let Some(int) = value.as_int() {
            return Ok(Some(int as f64));
        }
        if let Some(flag) = value.as_bool() {
            return Ok(Some(f64::from(u8::from(flag))));
        }
        cx.as_big(value).map(big_to_float).transpose()
    }

    fn from_method(cx: &Cx<'_>, method: &str, receiver: &str, value: Value) -> Result<f64, Raise> {
        let found = || cx.type_name(value);
        if method == "__index__" {
            return match f64::convert(cx, value)? {
                Some(float) if value.as_float().is_none() => Ok(float),
                _ => Err(Raise::type_error(format!("__index__ returned non-int (type {})", found()))),
            };
        }
        let wrong = || Raise::type_error(format!("{receiver}.__float__ returned non-float (type {})", found()));
        value.as_float().ok_or_else(wrong)
    }

    fn wrong_type(type_name: &str) -> Raise {
        Raise::type_error(format!("must be real number, not {type_name}"))
    }
}

/// An integer of any size.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Int {
    /// One that fits the machine.
    Small(i64),
    /// Any other.
    Big(BigInt),
}

impl Int {
    /// As a big integer.
    pub(crate) fn into_big(self) -> BigInt {
        match self {
            Int::Small(small) => BigInt::from(small),
            Int::Big(big) => big,
        }
    }

    /// Whether it is below zero.
    pub(crate) fn is_negative(&self) -> bool {
        match self {
            Int::Small(small) => *small < 0,
            Int::Big(big) => big.sign() == num_bigint::Sign::Minus,
        }
    }
}

impl Number for Int {
    const METHODS: &'static [&'static str] = &["__index__"];

    fn convert(cx: &Cx<'_>, value: Value) -> Result<Option<Int>, Raise> {
        if let Some(small) = value.as_int().or(value.as_bool().map(i64::from)) {
            return Ok(Some(Int::Small(small)));
        }
        Ok(cx.as_big(value).map(|big| Int::Big(big.clone())))
    }

    fn from_method(cx: &Cx<'_>, _method: &str, _receiver: &str, value: Value) -> Result<Int, Raise> {
        let wrong = || Raise::type_error(format!("__index__ returned non-int (type {})", cx.type_name(value)));
        Int::convert(cx, value)?.ok_or_else(wrong)
    }

    fn wrong_type(type_name: &str) -> Raise {
        Raise::type_error(format!("'{type_name}' object cannot be interpreted as an integer"))
    }
}

/// Any int as a float, or CPython's `OverflowError`.
pub(crate) fn big_to_float(big: &BigInt) -> Result<f64, Raise> {
    match big.to_f64() {
        Some(float) if float.is_finite() => Ok(float),
        _ => Err(Raise::overflow_error("int too large to convert to float")),
    }
}

/// Converts all values, calling special methods where needed, then goes on.
pub(crate) fn numbers<T, F>(cx: &mut Cx<'_>, values: &[Value], then: F) -> NativeResult
where
    T: Number,
    F: FnOnce(&mut Cx<'_>, Vec<T>) -> NativeResult + Send + 'static,
{
    numbers_after(cx, Vec::with_capacity(values.len()), values, then)
}

fn numbers_after<T, F>(cx: &mut Cx<'_>, mut done: Vec<T>, values: &[Value], then: F) -> NativeResult
where
    T: Number,
    F: FnOnce(&mut Cx<'_>, Vec<T>) -> NativeResult + Send + 'static,
{
    for (index, &value) in values.iter().enumerate() {
        if let Some(number) = T::convert(cx, cx.base_value(value))? {
            done.push(number);
            continue;
        }
        let (method, callee) = method_of::<T>(cx, value)?;
        let rest = cx.list(&values[index + 1..]);
        let rest = cx.keep(rest);
        let receiver = cx.type_name(value);
        return Ok(Outcome::call(callee, &[value], move |cx, result| {
            done.push(T::from_method(cx, method, &receiver, result?)?);
            let rest = cx.sequence(cx.kept(rest)).expect("a list was kept");
            numbers_after(cx, done, &rest, then)
        }));
    }
    then(cx, done)
}

/// The special method that converts `value`, or the `TypeError` that says it cannot be converted.
fn method_of<T: Number>(cx: &Cx<'_>, value: Value) -> Result<(&'static str, Value), Raise> {
    let found = T::METHODS.iter().find_map(|&method| Some((method, special(cx, value, method)?)));
    found.filter(|(_, callee)| !callee.is_none()).ok_or_else(|| T::wrong_type(&cx.type_name(value)))
}
