//! Encodings: UTF-8, ASCII, Latin-1, UTF-16 and UTF-32, with the error handlers of the language.
//!
//! Text is always valid Unicode here, so encoding to a UTF form never fails, and handlers that would produce lone
//! surrogates (`surrogateescape`, `surrogatepass`) are unknown.

use smol_str::SmolStr;

use super::receiver::text_of;
use super::str_::text;
use crate::error::{ExcClass, Raise};
use crate::native::{Cx, NativeResult, Outcome};
use crate::value::Value;

/// A known encoding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Codec {
    Utf8,
    /// With a byte order mark.
    Utf8Signed,
    Ascii,
    Latin1,
    /// Bytes per unit; `None`: with a byte order mark, else whether little-endian.
    Wide(u8, Option<bool>),
}

impl Codec {
    /// Finds an encoding by any of its usual names.
    fn find(name: &str) -> Result<Codec, Raise> {
        let plain: String = name.trim().to_ascii_lowercase().replace(['_', ' '], "-");
        Ok(match plain.as_str() {
            "utf-8" | "utf8" | "u8" | "cp65001" => Codec::Utf8,
            "utf-8-sig" | "utf8-sig" => Codec::Utf8Signed,
            "ascii" | "us-ascii" | "646" => Codec::Ascii,
            "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "8859" | "l1" | "cp819" | "latin" => Codec::Latin1,
            "utf-16" | "utf16" | "u16" => Codec::Wide(2, None),
            "utf-16-le" | "utf-16le" => Codec::Wide(2, Some(true)),
            "utf-16-be" | "utf-16be" => Codec::Wide(2, Some(false)),
            "utf-32" | "utf32" | "u32" => Codec::Wide(4, None),
            "utf-32-le" | "utf-32le" => Codec::Wide(4, Some(true)),
            "utf-32-be" | "utf-32be" => Codec::Wide(4, Some(false)),
            _ => return Err(Raise::new(ExcClass::LookupError, format!("unknown encoding: {name}"))),
        })
    }
}

/// `str.encode(encoding, errors)`
pub(super) fn encode_method(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let source = text(cx, args, "encode")?;
    let option = |cx: &Cx<'_>, at: usize, name: &str| match text_of(cx, args[at]) {
        Some(text) => Ok(text.get(cx.heap()).to_smol()),
        None => {
            let found = cx.type_name(args[at]);
            Err(Raise::type_error(format!("encode() argument '{name}' must be str, not {found}")))
        }
    };
    let (encoding, errors) = (option(cx, 1, "encoding")?, option(cx, 2, "errors")?);
    let bytes = encode(cx, &source, &encoding, &errors)?;
    Ok(Outcome::Return(cx.bytes(&bytes)))
}

/// Encodes text.
pub(crate) fn encode(cx: &mut Cx<'_>, text: &str, encoding: &str, errors: &str) -> Result<Vec<u8>, Raise> {
    let codec = Codec::find(encoding)?;
    cx.reserve(text.len().saturating_mul(4))?;
    cx.charge_work(text.len() / 8);
    match codec {
        Codec::Utf8 => Ok(text.as_bytes().to_vec()),
        Codec::Utf8Signed => Ok([b"\xef\xbb\xbf", text.as_bytes()].concat()),
        Codec::Ascii => narrow(cx, text, 128, "ascii", errors),
        Codec::Latin1 => narrow(cx, text, 256, "latin-1", errors),
        Codec::Wide(unit, order) => Ok(widen(text, unit, order)),
    }
}

fn widen(text: &str, unit: u8, order: Option<bool>) -> Vec<u8> {
    let little = order.unwrap_or(true);
    let mut out = Vec::with_capacity(text.len() * usize::from(unit) + 4);
    let mark = order.is_none().then_some('\u{feff}');
    for c in mark.into_iter().chain(text.chars()) {
        if unit == 4 {
            let code = c as u32;
            out.extend(if little { code.to_le_bytes() } else { code.to_be_bytes() });
        } else {
            for code in c.encode_utf16(&mut [0; 2]) {
                out.extend(if little { code.to_le_bytes() } else { code.to_be_bytes() });
            }
        }
    }
    out
}

/// Encodes to one byte per character below `limit`.
fn narrow(cx: &mut Cx<'_>, text: &str, limit: u32, codec: &str, errors: &str) -> Result<Vec<u8>, Raise> {
    let mut out = Vec::with_capacity(text.len());
    for (position, c) in text.chars().enumerate() {
        let code = c as u32;
        if code < limit {
            out.push(code as u8);
            continue;
        }
        match errors {
            "strict" => return Err(cannot_encode(codec, text, position, c, limit)),
            "ignore" => {}
            "replace" => out.push(b'?'),
            "xmlcharrefreplace" => out.extend(format!("&#{code};").bytes()),
            "backslashreplace" => out.extend(escape(code).bytes()),
            _ => return Err(unknown_handler(errors)),
        }
        if out.len() % 4096 == 0 {
            cx.reserve(out.len() * 2)?;
        }
    }
    Ok(out)
}

fn escape(code: u32) -> String {
    match code {
        0..=0xff => format!("\\x{code:02x}"),
        0x100..=0xffff => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    }
}

#[cold]
fn cannot_encode(codec: &str, text: &str, position: usize, c: char, limit: u32) -> Raise {
    let run = text.chars().skip(position).take_while(|&c| c as u32 >= limit).count();
    let what = if run == 1 {
        format!("character '{}' in position {position}", escape(c as u32))
    } else {
        format!("characters in position {position}-{}", position + run - 1)
    };
    let message = format!("'{codec}' codec can't encode {what}: ordinal not in range({limit})");
    Raise::new(ExcClass::UnicodeEncodeError, message)
}

#[cold]
fn unknown_handler(errors: &str) -> Raise {
    Raise::new(ExcClass::LookupError, format!("unknown error handler name '{errors}'"))
}

/// Decodes bytes.
pub(crate) fn decode(cx: &mut Cx<'_>, bytes: &[u8], encoding: &str, errors: &str) -> Result<SmolStr, Raise> {
    let codec = Codec::find(encoding)?;
    cx.reserve(bytes.len().saturating_mul(2))?;
    cx.charge_work(bytes.len() / 8);
    match codec {
        Codec::Utf8 => decode_utf8(bytes, errors),
        Codec::Utf8Signed => decode_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes), errors),
        Codec::Latin1 => Ok(bytes.iter().map(|&byte| char::from(byte)).collect()),
        Codec::Ascii => {
            let mut out = String::with_capacity(bytes.len());
            for (position, &byte) in bytes.iter().enumerate() {
                if byte < 128 {
                    out.push(char::from(byte));
                } else {
                    let fault = Fault { codec: "ascii", bytes, start: position, end: position + 1 };
                    fault.handle(&mut out, errors, "ordinal not in range(128)")?;
                }
            }
            Ok(out.into())
        }
        Codec::Wide(unit, order) => decode_wide(bytes, unit, order, errors),
    }
}

/// Bytes that cannot be decoded.
struct Fault<'b> {
    codec: &'b str,
    bytes: &'b [u8],
    start: usize,
    end: usize,
}

impl Fault<'_> {
    fn handle(&self, out: &mut String, errors: &str, reason: &str) -> Result<(), Raise> {
        let Fault { codec, bytes, start, end } = *self;
        match errors {
            "strict" => {
                let what = if end - start == 1 {
                    format!("byte 0x{:02x} in position {start}", bytes[start])
                } else {
                    format!("bytes in position {start}-{}", end - 1)
                };
                let message = format!("'{codec}' codec can't decode {what}: {reason}");
                Err(Raise::new(ExcClass::UnicodeDecodeError, message))
            }
            "ignore" => Ok(()),
            "replace" => {
                out.push('\u{fffd}');
                Ok(())
            }
            "backslashreplace" => {
                bytes[start..end].iter().for_each(|&byte| out.push_str(&escape(u32::from(byte))));
                Ok(())
            }
            _ => Err(unknown_handler(errors)),
        }
    }
}

fn decode_utf8(bytes: &[u8], errors: &str) -> Result<SmolStr, Raise> {
    let mut out = String::new();
    let mut start = 0;
    loop {
        match std::str::from_utf8(&bytes[start..]) {
            Ok(text) if out.is_empty() => return Ok(text.into()),
            Ok(text) => {
                out.push_str(text);
                return Ok(out.into());
            }
            Err(error) => {
                let at = start + error.valid_up_to();
                out.push_str(std::str::from_utf8(&bytes[start..at]).expect("checked just above"));
                let (end, reason) = match error.error_len() {
                    None => (bytes.len(), "unexpected end of data"),
                    // The first byte decides whether the sequence never began or was broken off.
                    Some(length) if matches!(bytes[at], 0xc2..=0xf4) => (at + length, "invalid continuation byte"),
                    Some(length) => (at + length, "invalid start byte"),
                };
                Fault { codec: "utf-8", bytes, start: at, end }.handle(&mut out, errors, reason)?;
                start = end;
            }
        }
    }
}

fn decode_wide(bytes: &[u8], unit: u8, order: Option<bool>, errors: &str) -> Result<SmolStr, Raise> {
    let unit = usize::from(unit);
    let codec = if unit == 2 { "utf-16" } else { "utf-32" };
    let read = |at: usize, little: bool| {
        let mut code = 0u32;
        for index in 0..unit {
            let byte = bytes[if little { at + unit - 1 - index } else { at + index }];
            code = code << 8 | u32::from(byte);
        }
        code
    };
    let mut at = 0;
    let little = match order {
        Some(little) => little,
        None if bytes.len() >= unit && read(0, true) == 0xfeff => {
            at = unit;
            true
        }
        None if bytes.len() >= unit && read(0, false) == 0xfeff => {
            at = unit;
            false
        }
        None => true,
    };
    let mut out = String::with_capacity(bytes.len() / unit);
    while at < bytes.len() {
        if bytes.len() - at < unit {
            Fault { codec, bytes, start: at, end: bytes.len() }.handle(&mut out, errors, "truncated data")?;
            break;
        }
        let code = read(at, little);
        let mut length = unit;
        let mut decoded = char::from_u32(code);
        if unit == 2 && (0xd800..0xdc00).contains(&code) && bytes.len() - at >= 4 {
            let low = read(at + 2, little);
            if (0xdc00..0xe000).contains(&low) {
                decoded = char::from_u32(0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00));
                length = 4;
            }
        }
        match decoded {
            Some(c) => out.push(c),
            None => {
                let reason = if unit == 2 { "illegal encoding" } else { "code point not in range(0x110000)" };
                Fault { codec, bytes, start: at, end: at + length }.handle(&mut out, errors, reason)?;
            }
        }
        at += length;
    }
    Ok(out.into())
}

#[cfg(test)]
mod tests {
    use super::{decode_utf8, decode_wide, widen};

    #[test]
    fn utf16_and_utf32_round_trip() {
        let text = "aé€😀";
        for (unit, order) in [(2, None), (2, Some(true)), (2, Some(false)), (4, None), (4, Some(false))] {
            assert_eq!(decode_wide(&widen(text, unit, order), unit, order, "strict").unwrap(), text);
        }
    }

    #[test]
    fn broken_utf8_goes_to_the_handler() {
        assert_eq!(decode_utf8(b"a\xffb", "replace").unwrap(), "a\u{fffd}b");
        assert_eq!(decode_utf8(b"a\xffb", "ignore").unwrap(), "ab");
        assert_eq!(decode_utf8(b"\xe2\x82a", "replace").unwrap(), "\u{fffd}a");
        assert_eq!(decode_utf8(b"a\xff", "backslashreplace").unwrap(), "a\\xff");
        assert!(decode_utf8(b"\xe2\x82", "strict").is_err());
    }
}
