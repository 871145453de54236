//! Typed parameters and results of natives.
//!
//! [`FromValue`] distinguishes "wrong type" (`Ok(None)`, which becomes a TypeError that names the expected type) from
//! "right type, bad value" (`Err`). Only owned or `Copy` Rust types are converted, so one macro covers all arities.

use std::sync::Arc;

use smol_str::SmolStr;

use super::{Cx, NativeCall, NativeResult, Outcome};
use crate::error::Raise;
use crate::heap::{Dict, Gc, List, Tuple};
use crate::value::Value;

/// A Rust type that a native can take as a parameter.
pub trait FromValue: Sized {
    /// What scripts call it, for error messages.
    const EXPECTED: &'static str;

    /// Converts; `None` if the value is of another type.
    fn from_value(cx: &mut Cx<'_>, value: Value) -> Result<Option<Self>, Raise>;
}

/// The values behind a `*args` parameter.
pub struct Rest(pub Vec<Value>);

macro_rules! from_value {
    ($($type:ty, $expected:literal, |$cx:ident, $value:ident| $body:expr;)*) => {$(
        impl FromValue for $type {
            const EXPECTED: &'static str = $expected;
            #[allow(unused_variables, reason = "not every conversion looks into the heap")]
            fn from_value($cx: &mut Cx<'_>, $value: Value) -> Result<Option<Self>, Raise> {
                Ok($body)
            }
        }
    )*};
}

from_value! {
    Value, "object", |cx, value| Some(value);
    bool, "bool", |cx, value| value.as_bool();
    i64, "int", |cx, value| match (value.as_int().or(value.as_bool().map(i64::from)), cx.as_big(value)) {
        (Some(int), _) => Some(int),
        (None, Some(_)) => return Err(Raise::overflow_error("int too large for this parameter (64 bits)")),
        (None, None) => None,
    };
    usize, "int", |cx, value| match i64::from_value(cx, value)? {
        Some(int) => Some(usize::try_from(int).map_err(|_| Raise::value_error("must not be negative"))?),
        None => None,
    };
    f64, "float", |cx, value| match value.as_float().or(value.as_int().map(|int| int as f64)) {
        Some(float) => Some(float),
        None => match value.as_bool() {
            Some(flag) => Some(f64::from(u8::from(flag))),
            None => match cx.as_big(value).map(num_traits::ToPrimitive::to_f64) {
                Some(Some(float)) if float.is_finite() => Some(float),
                Some(_) => return Err(Raise::overflow_error("int too large to convert to float")),
                None => None,
            },
        },
    };
    SmolStr, "str", |cx, value| value.as_gc::<crate::heap::Str>().map(|text| text.get(cx.heap()).to_smol());
    String, "str", |cx, value| cx.as_str(value).map(str::to_owned);
    Vec<u8>, "bytes", |cx, value| cx.as_bytes(value).map(<[u8]>::to_vec);
    Gc<List>, "list", |cx, value| value.as_gc();
    Gc<Dict>, "dict", |cx, value| value.as_gc();
    Gc<Tuple>, "tuple", |cx, value| value.as_gc();
    Rest, "tuple", |cx, value| cx.sequence(value).map(Rest);
}

impl<T: FromValue> FromValue for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;
    fn from_value(cx: &mut Cx<'_>, value: Value) -> Result<Option<Self>, Raise> {
        if value.is_none() || value.is_undefined() {
            return Ok(Some(None));
        }
        Ok(T::from_value(cx, value)?.map(Some))
    }
}

/// Converts one bound argument, or raises a TypeError that names the parameter's expected type.
pub(crate) fn argument<T: FromValue>(cx: &mut Cx<'_>, args: &[Value], index: usize) -> Result<T, Raise> {
    let value = args[index];
    match T::from_value(cx, value)? {
        Some(converted) => Ok(converted),
        None => {
            let found = cx.type_name(value);
            Err(Raise::type_error(format!("argument {} must be {}, not {found}", index + 1, T::EXPECTED)))
        }
    }
}

/// A Rust type that a native can return.
pub trait IntoOutcome {
    /// Converts.
    fn into_outcome(self, cx: &mut Cx<'_>) -> NativeResult;
}

macro_rules! into_outcome {
    ($($type:ty, |$cx:ident, $value:ident| $body:expr;)*) => {$(
        impl IntoOutcome for $type {
            #[allow(unused_variables, reason = "inline values need no heap")]
            fn into_outcome(self, $cx: &mut Cx<'_>) -> NativeResult {
                let $value = self;
                Ok(Outcome::Return($body))
            }
        }
    )*};
}

into_outcome! {
    Value, |cx, value| value;
    (), |cx, value| Value::NONE;
    bool, |cx, value| Value::bool(value);
    i64, |cx, value| Value::int(value);
    usize, |cx, value| cx.int(value);
    f64, |cx, value| Value::float(value);
    String, |cx, value| cx.str(value);
    SmolStr, |cx, value| cx.str(value);
    &str, |cx, value| cx.str(value);
    Vec<u8>, |cx, value| cx.bytes(&value);
}

impl IntoOutcome for Outcome {
    fn into_outcome(self, _cx: &mut Cx<'_>) -> NativeResult {
        Ok(self)
    }
}

impl<T: IntoOutcome> IntoOutcome for Option<T> {
    fn into_outcome(self, cx: &mut Cx<'_>) -> NativeResult {
        match self {
            Some(value) => value.into_outcome(cx),
            None => Ok(Outcome::Return(Value::NONE)),
        }
    }
}

impl<T: IntoOutcome> IntoOutcome for Result<T, Raise> {
    fn into_outcome(self, cx: &mut Cx<'_>) -> NativeResult {
        self?.into_outcome(cx)
    }
}

/// A Rust function or closure that can be registered: up to six parameters, each [`FromValue`], optionally after a
/// leading `&mut Cx`; its result is [`IntoOutcome`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be called from scripts",
    note = "parameters must implement `FromValue` (owned types: i64, f64, bool, String, Option<...>, Value, ...), at most six of them, optionally after `&mut Cx<'_>`; the result must implement `IntoOutcome`; captured state must be Send + Sync"
)]
pub trait IntoNative<Marker> {
    /// The number of parameters, and what the loop calls.
    fn into_native(self) -> (usize, NativeCall);
}

/// Marks functions that take the `Cx`.
pub struct WithCx;
/// Marks functions that do not.
pub struct WithoutCx;

macro_rules! into_native {
    ($($parameter:ident $index:literal),*) => {
        impl<Function, Output, $($parameter: FromValue,)*> IntoNative<(WithCx, $($parameter,)*)> for Function
        where
            Function: Fn(&mut Cx<'_>, $($parameter),*) -> Output + Send + Sync + 'static,
            Output: IntoOutcome,
        {
            #[allow(unused_variables, reason = "no parameters in the first expansion")]
            fn into_native(self) -> (usize, NativeCall) {
                #[allow(non_snake_case, reason = "the macro has one name per parameter: its type's")]
                let call = move |cx: &mut Cx<'_>, args: &[Value]| {
                    $(let $parameter = argument::<$parameter>(cx, args, $index)?;)*
                    let result = self(cx, $($parameter),*);
                    result.into_outcome(cx)
                };
                (0 $(+ { let _ = $index; 1 })*, NativeCall::Closure(Arc::new(call)))
            }
        }

        impl<Function, Output, $($parameter: FromValue,)*> IntoNative<(WithoutCx, $($parameter,)*)> for Function
        where
            Function: Fn($($parameter),*) -> Output + Send + Sync + 'static,
            Output: IntoOutcome,
        {
            #[allow(unused_variables, reason = "no parameters in the first expansion")]
            fn into_native(self) -> (usize, NativeCall) {
                let call = move |cx: &mut Cx<'_>, args: &[Value]| {
                    let result = self($(argument::<$parameter>(cx, args, $index)?),*);
                    result.into_outcome(cx)
                };
                (0 $(+ { let _ = $index; 1 })*, NativeCall::Closure(Arc::new(call)))
            }
        }
    };
}

into_native!();
into_native!(P0 0);
into_native!(P0 0, P1 1);
into_native!(P0 0, P1 1, P2 2);
into_native!(P0 0, P1 1, P2 2, P3 3);
into_native!(P0 0, P1 1, P2 2, P3 3, P4 4);
into_native!(P0 0, P1 1, P2 2, P3 3, P4 4, P5 5);
