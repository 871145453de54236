//! Fields as most formatting has them, of `%` as well as of `format`: an alignment, a width, decimals. What is asked for and
//! cannot be done here is for the general functions (`format`, `percent`), which also know the errors.

use super::digits::Digits;
use super::number_text::{fixed_exactly, with_float_repr};
use crate::heap::builder::Builder;
use crate::heap::{Heap, Str};
use crate::value::{Tag, Value};

/// Wider fields are for the general functions, which ask for memory.
const WIDEST: usize = 99;
/// Longer text is for them too.
const LONGEST: usize = 120;

/// How a value is to be shown.
#[derive(Default)]
pub(super) struct Field {
    /// `<`, `>`, `^`; 0 for what is usual for the value.
    align: u8,
    /// What is in front of numbers that are not negative, or 0.
    sign: u8,
    /// Whether numbers are padded with zeros behind the sign.
    zeros: bool,
    width: usize,
    precision: Option<usize>,
    /// The type letter: `d`, `o`, `x`, `X`, `f`, `s`, or 0 if there is none.
    kind: u8,
}

impl Field {
    /// The field of a format spec: `[<>^][0][width][.precision][type]`.
    pub(super) fn of_spec(spec: &str) -> Option<Field> {
        let mut rest = spec.as_bytes();
        let mut field = Field::default();
        if let [align @ (b'<' | b'>' | b'^'), after @ ..] = rest {
            (field.align, rest) = (*align, after);
        }
        if let [b'0', after @ ..] = rest {
            (field.zeros, rest) = (true, after);
        }
        field.sizes(&mut rest)?;
        if let [kind @ (b'd' | b's' | b'f' | b'x'), after @ ..] = rest {
            (field.kind, rest) = (*kind, after);
        }
        // Text has no zeros.
        let usual = rest.is_empty() && !(field.zeros && (field.align != 0 || field.kind == b's'));
        usual.then_some(field)
    }

    /// The field behind a `%`, `[-+ 0...][width][.precision]type`, and its length.
    pub(super) fn of_percent(text: &[u8]) -> Option<(Field, usize)> {
        let mut rest = text;
        let mut field = Field { align: b'>', ..Field::default() };
        while let [flag @ (b'-' | b'+' | b' ' | b'0'), after @ ..] = rest {
            match flag {
                b'-' => field.align = b'<',
                b'0' => field.zeros = true,
                b' ' if field.sign != 0 => {}
                sign => field.sign = *sign,
            }
            rest = after;
        }
        field.sizes(&mut rest)?;
        let [kind, after @ ..] = rest else { return None };
        field.kind = match kind {
            b'd' | b'i' | b'u' => b'd',
            b'f' | b'F' => b'f',
            b's' | b'x' | b'X' | b'o' => *kind,
            _ => return None,
        };
        field.zeros &= field.align == b'>' && field.kind != b's';
        Some((field, text.len() - after.len()))
    }

    fn sizes(&mut self, rest: &mut &[u8]) -> Option<()> {
        self.width = number(rest).unwrap_or(0);
        if let [b'.', after @ ..] = *rest {
            *rest = after;
            self.precision = Some(number(rest)?);
        }
        (self.width <= WIDEST).then_some(())
    }

    /// Appends a value; nothing if it is another one than these fields are for.
    pub(super) fn put(&self, heap: &Heap, out: &mut Builder, value: Value) -> Option<()> {
        match value.tag() {
            Tag::Int => self.put_int(out, value.payload() as i64),
            Tag::Float => self.put_float(out, f64::from_bits(value.payload())),
            Tag::Obj => {
                let text = value.as_gc::<Str>()?;
                let (view, chars) = (text.view(), text.get(heap).char_len());
                if !self.shows_text() || view.len() > LONGEST {
                    return None;
                }
                self.lay_out(out, b'<', chars, "", |out| out.push_str(&view));
                Some(())
            }
            Tag::None | Tag::Bool if self.kind == b's' && self.precision.is_none() => {
                let text =
                    if value.is_none() { "None" } else { ["False", "True"][usize::from(value.same(Value::TRUE))] };
                self.lay_out(out, b'<', text.len(), "", |out| out.push_str(text));
                Some(())
            }
            _ => None,
        }
    }

    /// Whether text is shown as it is.
    fn shows_text(&self) -> bool {
        matches!(self.kind, 0 | b's') && self.precision.is_none() && !self.zeros
    }

    fn put_int(&self, out: &mut Builder, int: i64) -> Option<()> {
        const EXACT: u64 = 1 << 53;
        let radix = match self.kind {
            0 | b'd' | b's' => 10,
            b'x' | b'X' => 16,
            b'o' => 8,
            _ if int.unsigned_abs() <= EXACT => return self.put_float(out, int as f64),
            _ => return None,
        };
        if self.precision.is_some() {
            return None;
        }
        let digits = Digits::new(int.unsigned_abs(), radix, self.kind == b'X');
        self.put_number(out, int < 0, digits.bytes());
        Some(())
    }

    fn put_float(&self, out: &mut Builder, float: f64) -> Option<()> {
        match self.kind {
            b'f' if float.is_finite() => {
                let digits = fixed_exactly(float.abs(), self.precision.unwrap_or(6))?;
                self.put_number(out, float.is_sign_negative(), digits.bytes());
            }
            0 | b's' if self.precision.is_none() && !self.zeros => with_float_repr(float, |text| {
                self.lay_out(out, b'>', text.len(), "", |out| out.push_str(text));
            }),
            _ => return None,
        }
        Some(())
    }

    fn put_number(&self, out: &mut Builder, negative: bool, digits: &[u8]) {
        let sign = match self.sign {
            _ if negative => "-",
            _ if self.kind == b's' => "",
            b'+' => "+",
            b' ' => " ",
            _ => "",
        };
        self.lay_out(out, b'>', digits.len(), sign, |out| out.push_ascii(digits));
    }

    /// Appends a sign and what `body` appends, of so many characters, with padding.
    #[inline]
    fn lay_out(&self, out: &mut Builder, usual: u8, chars: usize, sign: &str, body: impl FnOnce(&mut Builder)) {
        let padding = self.width.saturating_sub(sign.len() + chars);
        if padding == 0 {
            out.push_str(sign);
            return body(out);
        }
        let before = match if self.align == 0 { usual } else { self.align } {
            b'<' => 0,
            b'^' => padding / 2,
            _ => padding,
        };
        if self.zeros {
            out.push_str(sign);
            out.fill(b'0', padding);
            body(out);
        } else {
            if before > 0 {
                out.fill(b' ', before);
            }
            out.push_str(sign);
            body(out);
            if padding > before {
                out.fill(b' ', padding - before);
            }
        }
    }
}

/// Up to three digits.
fn number(rest: &mut &[u8]) -> Option<usize> {
    let count = rest.iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, after) = rest.split_at(count);
    *rest = after;
    (count > 0).then(|| digits.iter().fold(0, |number, digit| number * 10 + usize::from(digit - b'0')))
}

/// `format(value, spec)` of an int, a finite float or a string by a usual spec; `None`: not such a one.
pub(crate) fn format(heap: &mut Heap, value: Value, spec: &str) -> Option<Value> {
    let field = Field::of_spec(spec)?;
    match value.as_gc::<Str>() {
        Some(text) if field.shows_text() && text.get(heap).char_len() >= field.width => return Some(value),
        None if field.kind == b's' => return None,
        _ => {}
    }
    let mut out = Builder::new();
    field.put(heap, &mut out, value)?;
    Some(out.finish(heap))
}
