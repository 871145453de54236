//! Numbers as JSON text writes them: Python's `repr` of ints and floats.

use scriptling_vm::error::Raise;
use scriptling_vm::limits::MAX_INT_DIGITS;

/// The shortest text that reads back as `value`, with an exponent where Python uses one.
pub(super) fn float_text(value: f64) -> String {
    // `{:e}` gives the shortest digits; only their layout is decided here.
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').expect("`{:e}` writes an exponent");
    let exponent: i32 = exponent.parse().expect("an exponent is a small int");
    if (-4..16).contains(&exponent) {
        let text = value.to_string();
        return if text.contains('.') { text } else { text + ".0" };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

/// Python's refusal to convert between very long ints and text.
pub(super) fn check_digits(digits: usize) -> Result<(), Raise> {
    if digits <= MAX_INT_DIGITS {
        return Ok(());
    }
    Err(Raise::value_error(format!(
        "Exceeds the limit ({MAX_INT_DIGITS} digits) for integer string conversion: value has {digits} digits; use \
         sys.set_int_max_str_digits() to increase the limit"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_look_like_python_s() {
        for (value, text) in [
            (0.1, "0.1"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (1e16, "1e+16"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (9_999_999_999_999_998.0, "9999999999999998.0"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (5e-324, "5e-324"),
            (1e100, "1e+100"),
        ] {
            assert_eq!(float_text(value), text);
        }
    }
}
