//! `int` and `bool`: constructors and methods. Operators are in `operate`.

use num_bigint::{BigInt, Sign};
use num_traits::{FromPrimitive, Signed};

use super::receiver::{base_value, int_argument, made, retry_with_index};
use super::special::{comparisons, numeric};
use super::types::BuiltinType;
use crate::error::Raise;
use crate::heap::{Class, Gc};
use crate::limits::MAX_INT_DIGITS;
use crate::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use crate::operate::number;
use crate::operate::number_text::{ParseIntError, parse_int, small_int};
use crate::operate::{custom, repr_native, truth};
use crate::value::{Tag, Value};

/// Registers the methods.
pub(crate) fn define(module: &mut ModuleBuilder<'_>, types: &[Gc<Class>]) {
    let builder = module
        .class("int", "An integer of any size.")
        .raw_static("__new__(cls, x=..., /, base=...)", "An int from a number, or from text in a base.", new)
        .raw("bit_length(self, /)", "Number of bits needed for the absolute value.", bit_length)
        .raw("bit_count(self, /)", "Number of ones in the binary form of the absolute value.", bit_count)
        .raw("conjugate(self, /)", "The number itself.", itself)
        .raw("is_integer(self, /)", "True.", |_, _| Ok(Outcome::Return(Value::TRUE)))
        .raw("as_integer_ratio(self, /)", "The pair (self, 1).", as_integer_ratio)
        .raw("to_bytes(self, /, length=1, byteorder='big', *, signed=False)", "The bytes of the number.", to_bytes)
        .raw_class(
            "from_bytes(type, /, bytes, byteorder='big', *, signed=False)",
            "The number in some bytes.",
            from_bytes,
        )
        .raw_getter("real", "The number itself.", itself)
        .raw_getter("imag", "0.", |_, _| Ok(Outcome::Return(Value::int(0))))
        .raw_getter("numerator", "The number itself.", itself)
        .raw_getter("denominator", "1.", |_, _| Ok(Outcome::Return(Value::int(1))))
        .raw("__index__(self, /)", "", itself)
        .raw("__trunc__(self, /)", "", itself)
        .raw("__floor__(self, /)", "", itself)
        .raw("__ceil__(self, /)", "", itself)
        .raw("__invert__(self, /)", "", |cx, args| {
            let receiver = receiver(cx, args, "__invert__")?;
            Ok(Outcome::Return(number::invert(cx, receiver).unwrap_or(Value::NOT_IMPLEMENTED)))
        });
    comparisons(numeric(builder)).into_class(types[BuiltinType::Int as usize]);
    module
        .class("bool", "True or False.")
        .raw_static("__new__(cls, x=False, /)", "The truth of a value.", new_bool)
        .into_class(types[BuiltinType::Bool as usize]);
}

/// The int inside a receiver.
fn receiver(cx: &Cx<'_>, args: &[Value], method: &str) -> Result<Value, Raise> {
    let base = base_value(cx, args[0]);
    if number::small(base).is_some() || cx.as_big(base).is_some() {
        return Ok(base);
    }
    let found = cx.type_name(args[0]);
    Err(Raise::type_error(format!("descriptor '{method}' for 'int' objects doesn't apply to a '{found}' object")))
}

fn big_receiver(cx: &Cx<'_>, args: &[Value], method: &str) -> Result<BigInt, Raise> {
    receiver(cx, args, method).map(|int| cx.to_big(int).unwrap_or_default())
}

fn itself(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let int = receiver(cx, args, "__int__")?;
    Ok(Outcome::Return(number::small(int).map_or(int, Value::int)))
}

fn new_bool(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    truth(cx, args[1])
}

fn new(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (class, x) = (args[0], args[1]);
    if args[2].is_undefined() {
        let made_of = if x.is_undefined() { Value::int(0) } else { x };
        if class.same(Value::obj(cx.builtin_class(BuiltinType::Int))) {
            return to_int(cx, made_of);
        }
        let class = cx.keep(class);
        return to_int(cx, made_of)?.and_then(cx, move |cx, int| {
            let class = cx.kept(class);
            made(cx, class, BuiltinType::Int, int).map(Outcome::Return)
        });
    }
    if x.is_undefined() {
        return Err(Raise::type_error("int() missing string argument"));
    }
    let Some(base) = int_argument(cx, args[2])? else { return retry_with_index(cx, args, 2, new) };
    let base = match u32::try_from(base) {
        Ok(base) if base == 0 || (2..=36).contains(&base) => base,
        _ => return Err(Raise::value_error("int() base must be >= 2 and <= 36, or 0")),
    };
    let Some(int) = from_text(cx, x, base)? else {
        return Err(Raise::type_error("int() can't convert non-string with explicit base"));
    };
    made(cx, class, BuiltinType::Int, int).map(Outcome::Return)
}

/// `int(value)`.
pub(crate) fn to_int(cx: &mut Cx<'_>, value: Value) -> NativeResult {
    if value.tag() == Tag::Int {
        return Ok(Outcome::Return(value));
    }
    if let Some(int) = cx.as_str(value).and_then(small_int) {
        return Ok(Outcome::Return(Value::int(int)));
    }
    for method in ["__int__", "__index__", "__trunc__"] {
        if let Some(function) = custom(cx, value, method) {
            return Ok(Outcome::call(function, &[value], move |cx, result| {
                let result = result?;
                let base = base_value(cx, result);
                if let Some(int) = number::small(base) {
                    return Ok(Outcome::Return(Value::int(int)));
                }
                if cx.as_big(base).is_some() {
                    return Ok(Outcome::Return(base));
                }
                let found = cx.type_name(result);
                Err(Raise::type_error(format!("{method} returned non-int (type {found})")))
            }));
        }
    }
    let base = base_value(cx, value);
    if let Some(int) = number::small(base) {
        return Ok(Outcome::Return(Value::int(int)));
    }
    if cx.as_big(base).is_some() {
        return Ok(Outcome::Return(base));
    }
    if let Some(float) = base.as_float() {
        let int = float_to_int(float)?;
        return Ok(Outcome::Return(cx.int(int)));
    }
    match from_text(cx, value, 10)? {
        Some(int) => Ok(Outcome::Return(int)),
        None => {
            let found = cx.type_name(value);
            Err(Raise::type_error(format!(
                "int() argument must be a string, a bytes-like object or a real number, not '{found}'"
            )))
        }
    }
}

/// Reads an int from a `str` or `bytes`; `None` if it is neither.
fn from_text(cx: &mut Cx<'_>, value: Value, base: u32) -> Result<Option<Value>, Raise> {
    let source = base_value(cx, value);
    let parsed = if let Some(text) = cx.as_str(source) {
        parse_int(text, base)
    } else if let Some(bytes) = cx.as_bytes(source) {
        std::str::from_utf8(bytes).map_err(|_| ParseIntError::Invalid).and_then(|text| parse_int(text, base))
    } else {
        return Ok(None);
    };
    match parsed {
        Ok(int) => Ok(Some(cx.int(int))),
        Err(ParseIntError::Invalid) => {
            let shown = repr_native(cx, source)?.unwrap_or_default();
            Err(Raise::value_error(format!("invalid literal for int() with base {base}: {shown}")))
        }
        Err(ParseIntError::TooLong(digits)) => Err(Raise::value_error(format!(
            "Exceeds the limit ({MAX_INT_DIGITS} digits) for integer string conversion: value has {digits} digits; \
             use sys.set_int_max_str_digits() to increase the limit"
        ))),
    }
}

/// `int(float)`: cut towards zero.
pub(crate) fn float_to_int(float: f64) -> Result<BigInt, Raise> {
    BigInt::from_f64(float.trunc()).ok_or_else(|| {
        if float.is_nan() {
            Raise::value_error("cannot convert float NaN to integer")
        } else {
            Raise::overflow_error("cannot convert float infinity to integer")
        }
    })
}

fn bit_length(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let bits = big_receiver(cx, args, "bit_length")?.bits();
    Ok(Outcome::Return(cx.int(bits)))
}

fn bit_count(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let ones = big_receiver(cx, args, "bit_count")?.magnitude().count_ones();
    Ok(Outcome::Return(cx.int(ones)))
}

fn as_integer_ratio(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let int = receiver(cx, args, "as_integer_ratio")?;
    let int = number::small(int).map_or(int, Value::int);
    Ok(Outcome::Return(cx.tuple(&[int, Value::int(1)])))
}

/// Whether the byte order argument says "little".
fn is_little(cx: &Cx<'_>, order: Value) -> Result<bool, Raise> {
    match cx.as_str(base_value(cx, order)) {
        Some("little") => Ok(true),
        Some("big") => Ok(false),
        Some(_) => Err(Raise::value_error("byteorder must be either 'little' or 'big'")),
        None => {
            let found = cx.type_name(order);
            Err(Raise::type_error(format!("to_bytes() argument 'byteorder' must be str, not {found}")))
        }
    }
}

fn flag(cx: &mut Cx<'_>, value: Value) -> bool {
    crate::operate::truth_native(cx, value).unwrap_or(true)
}

/// `to_bytes(length, byteorder, *, signed)`
fn to_bytes(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let int = big_receiver(cx, args, "to_bytes")?;
    let Some(length) = int_argument(cx, args[1])? else { return retry_with_index(cx, args, 1, to_bytes) };
    let little = is_little(cx, args[2])?;
    let signed = flag(cx, args[3]);
    let Ok(length) = usize::try_from(length) else {
        return Err(Raise::value_error("length argument must be non-negative"));
    };
    if int.is_negative() && !signed {
        return Err(Raise::overflow_error("can't convert negative int to unsigned"));
    }
    cx.reserve(length)?;
    let zero = int.sign() == Sign::NoSign;
    let mut bytes = match (zero, signed) {
        (true, _) => Vec::new(),
        (false, true) => int.to_signed_bytes_le(),
        (false, false) => int.magnitude().to_bytes_le(),
    };
    if bytes.len() > length {
        return Err(Raise::overflow_error("int too big to convert"));
    }
    bytes.resize(length, if int.is_negative() { 0xff } else { 0 });
    if !little {
        bytes.reverse();
    }
    Ok(Outcome::Return(cx.bytes(&bytes)))
}

/// `from_bytes(bytes, byteorder, *, signed)`
fn from_bytes(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let little = is_little(cx, args[2])?;
    let signed = flag(cx, args[3]);
    let class = cx.keep(args[0]);
    super::bytes::bytes_of(cx, args[1])?.and_then(cx, move |cx, bytes| {
        let mut bytes = cx.as_bytes(bytes).unwrap_or_default().to_vec();
        if !little {
            bytes.reverse();
        }
        let int = if signed { BigInt::from_signed_bytes_le(&bytes) } else { BigInt::from_bytes_le(Sign::Plus, &bytes) };
        let int = cx.int(int);
        let class = cx.kept(class);
        let exact = cx.builtin_class(BuiltinType::Int);
        if class.as_gc::<Class>() == Some(exact) {
            return Ok(Outcome::Return(int));
        }
        Ok(Outcome::tail_call(class, &[int]))
    })
}
