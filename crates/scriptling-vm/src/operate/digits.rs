//! Digits of 64-bit ints, without allocation.

use crate::heap::str::PAIRS;
use crate::native::Cx;
use crate::value::Value;

/// The digits of a number in some radix.
pub(crate) struct Digits {
    buffer: [u8; 64],
    start: usize,
}

impl Digits {
    /// The digits in a radix from 2 to 16.
    pub(crate) fn new(magnitude: u64, radix: u64, upper: bool) -> Digits {
        // Division by a variable is several times slower than by a constant.
        match radix {
            10 => return Digits::of(magnitude),
            16 => {}
            _ => return Digits::in_radix(magnitude, radix),
        }
        let alphabet = if upper { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
        let mut digits = Digits { buffer: [0; 64], start: 64 };
        let mut rest = magnitude;
        loop {
            digits.start -= 1;
            digits.buffer[digits.start] = alphabet[(rest & 15) as usize];
            rest >>= 4;
            if rest == 0 {
                return digits;
            }
        }
    }

    #[inline(never)]
    fn in_radix(magnitude: u64, radix: u64) -> Digits {
        let mut digits = Digits { buffer: [0; 64], start: 64 };
        let mut rest = magnitude;
        loop {
            digits.start -= 1;
            digits.buffer[digits.start] = b"0123456789abcdef"[(rest % radix) as usize];
            rest /= radix;
            if rest == 0 {
                return digits;
            }
        }
    }

    /// The decimal digits, made two at a time.
    #[inline]
    fn of(magnitude: u64) -> Digits {
        let mut digits = Digits { buffer: [0; 64], start: 64 };
        let mut rest = magnitude;
        while rest >= 10 {
            digits.start -= 2;
            digits.buffer[digits.start..digits.start + 2].copy_from_slice(&PAIRS[(rest % 100) as usize]);
            rest /= 100;
        }
        if rest > 0 || digits.start == 64 {
            digits.start -= 1;
            digits.buffer[digits.start] = b'0' + rest as u8;
        }
        digits
    }

    /// An int in decimal, with its sign.
    pub(crate) fn decimal(int: i64) -> Digits {
        let mut digits = Digits::of(int.unsigned_abs());
        if int < 0 {
            digits.start -= 1;
            digits.buffer[digits.start] = b'-';
        }
        digits
    }

    /// The decimal digits of a number with a point in front of the last `decimals` of them, at most 17.
    pub(crate) fn fixed(number: u64, decimals: usize, negative: bool) -> Digits {
        let mut digits = Digits::of(number);
        if decimals > 0 {
            let point = digits.buffer.len() - decimals;
            // There is at least one digit before the point.
            while digits.start >= point {
                digits.start -= 1;
                digits.buffer[digits.start] = b'0';
            }
            digits.buffer.copy_within(digits.start..point, digits.start - 1);
            digits.buffer[point - 1] = b'.';
            digits.start -= 1;
        }
        if negative {
            digits.start -= 1;
            digits.buffer[digits.start] = b'-';
        }
        digits
    }

    /// The text as bytes, all of them ASCII.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.buffer[self.start..]).unwrap_or_default()
    }
}

/// `str(int)` as a value.
pub(crate) fn decimal(cx: &mut Cx<'_>, int: i64) -> Value {
    if (0..10).contains(&int) {
        return cx.char(char::from(b'0' + int as u8));
    }
    cx.heap_mut().decimal_str(int)
}

#[cfg(test)]
mod tests {
    use super::Digits;

    #[test]
    fn digits_are_those_of_the_standard_library() {
        for int in [0, 1, 9, 10, 99, 100, 12_345, i64::MAX, i64::MIN, -1, -10] {
            assert_eq!(Digits::decimal(int).as_str(), int.to_string());
            let magnitude = int.unsigned_abs();
            assert_eq!(Digits::new(magnitude, 16, false).as_str(), format!("{magnitude:x}"));
            assert_eq!(Digits::new(magnitude, 16, true).as_str(), format!("{magnitude:X}"));
            assert_eq!(Digits::new(magnitude, 2, false).as_str(), format!("{magnitude:b}"));
        }
        assert_eq!(Digits::fixed(12_345, 2, true).as_str(), "-123.45");
        assert_eq!(Digits::fixed(5, 3, false).as_str(), "0.005");
        assert_eq!(Digits::fixed(0, 0, false).as_str(), "0");
        assert_eq!(Digits::fixed(u64::MAX, 17, true).as_str(), "-184.46744073709551615");
    }
}
