//! `ascii(value)` and `!a`: the repr with everything outside ASCII escaped.

use std::fmt::Write as _;

use crate::native::{Cx, NativeResult};
use crate::operate;
use crate::value::Value;

/// `ascii(value)`
pub(crate) fn ascii(cx: &mut Cx<'_>, value: Value) -> NativeResult {
    operate::repr(cx, value)?.and_then(cx, |cx, text| {
        let Some(shown) = cx.as_str(text).filter(|shown| !shown.is_ascii()) else { return Ok(text.into()) };
        let mut escaped = String::with_capacity(shown.len() * 2);
        for c in shown.chars() {
            // Writing to a string cannot fail.
            let _ = match u32::from(c) {
                0..=0x7f => escaped.write_char(c),
                code @ 0x80..=0xff => write!(escaped, "\\x{code:02x}"),
                code @ 0x100..=0xffff => write!(escaped, "\\u{code:04x}"),
                code => write!(escaped, "\\U{code:08x}"),
            };
        }
        Ok(cx.str(escaped).into())
    })
}
