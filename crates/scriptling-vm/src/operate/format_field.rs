//! Formatting by the specs that most fields have: an alignment, a width, decimals. Anything else is for `format`.

use super::digits::Digits;
use super::number_text;
use crate::heap::builder::Builder;
use crate::heap::{Heap, Str};
use crate::value::{Tag, Value};

/// Wider fields are for `format`, which asks for memory.
const WIDEST: usize = 99;
/// Longer text is for `format` too.
const LONGEST: usize = 120;

/// `[<>^][0][width][.precision][type]`
struct Field {
    align: u8,
    zeros: bool,
    width: usize,
    precision: Option<usize>,
    kind: u8,
}

impl Field {
    fn parse(spec: &str) -> Option<Field> {
        let mut rest = spec.as_bytes();
        let mut field = Field { align: 0, zeros: false, width: 0, precision: None, kind: 0 };
        if let [align @ (b'<' | b'>' | b'^'), after @ ..] = rest {
            (field.align, rest) = (*align, after);
        }
        if let [b'0', after @ ..] = rest {
            (field.zeros, rest) = (true, after);
        }
        field.width = number(&mut rest).unwrap_or(0);
        if let [b'.', after @ ..] = rest {
            rest = after;
            field.precision = Some(number(&mut rest)?);
        }
        if let [kind @ (b'd' | b's' | b'f' | b'x'), after @ ..] = rest {
            (field.kind, rest) = (*kind, after);
        }
        let usual = rest.is_empty() && field.width <= WIDEST && !(field.zeros && field.align != 0);
        usual.then_some(field)
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
pub(crate) fn format_field(heap: &mut Heap, value: Value, spec: &str) -> Option<Value> {
    let field = Field::parse(spec)?;
    match value.tag() {
        Tag::Int if matches!(field.kind, 0 | b'd' | b'x') && field.precision.is_none() => {
            let int = value.payload() as i64;
            let radix = if field.kind == b'x' { 16 } else { 10 };
            let digits = Digits::new(int.unsigned_abs(), radix, false);
            Some(lay_out(heap, &field, if int < 0 { "-" } else { "" }, digits.as_str(), None, b'>'))
        }
        Tag::Float if field.kind == b'f' && field.precision.is_none_or(|precision| precision <= WIDEST) => {
            let float = f64::from_bits(value.payload());
            if !float.is_finite() {
                return None;
            }
            let text = number_text::fixed(float, field.precision.unwrap_or(6), false);
            let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
            Some(lay_out(heap, &field, sign, digits, None, b'>'))
        }
        Tag::Obj if matches!(field.kind, 0 | b's') && field.precision.is_none() && !field.zeros => {
            let text = value.as_gc::<Str>()?;
            let (view, chars) = (text.view(), text.get(heap).char_len());
            if view.len() > LONGEST {
                return None;
            }
            // A field that is full is the string itself.
            let full = chars >= field.width;
            Some(if full { value } else { lay_out(heap, &field, "", &view, Some(chars), b'<') })
        }
        _ => None,
    }
}

/// Puts a value's text, of so many characters if they are not its bytes, into its field.
fn lay_out(heap: &mut Heap, field: &Field, sign: &str, body: &str, chars: Option<usize>, default: u8) -> Value {
    let padding = field.width.saturating_sub(sign.len() + chars.unwrap_or(body.len()));
    let align = if field.align == 0 { default } else { field.align };
    let before = match align {
        b'<' => 0,
        b'^' => padding / 2,
        _ => padding,
    };
    let mut out = Builder::with_capacity(0);
    if field.zeros {
        out.push_str(sign);
        out.fill(b'0', padding);
        out.push_str(body);
    } else {
        out.fill(b' ', before);
        out.push_str(sign);
        out.push_str(body);
        out.fill(b' ', padding - before);
    }
    out.finish(heap)
}
