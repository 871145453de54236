//! A source file with its line index.
//!
//! Lines end in `\n`, `\r\n` or a lone `\r`. Lines and columns count from 1, columns in code points, as in
//! CPython's messages. Offsets behind the end are clamped: a span can outlive an edit of the file.

use std::sync::Arc;

use crate::{error::SyntaxError, span::Span};

/// A place in a file, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The line.
    pub line: u32,
    /// The column in code points.
    pub column: u32,
}

/// A named source text.
#[derive(Debug, Clone)]
pub struct Source {
    name: Arc<str>,
    text: Arc<str>,
    /// The offset of each line; the first is 0.
    lines: Arc<[u32]>,
}

impl Source {
    /// Index a text.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let lines = line_starts(&text).into();
        Self { name: name.into(), text, lines }
    }

    /// Read UTF-8 bytes; what is not UTF-8 is a syntax error with a position.
    ///
    /// The returned source contains the readable part of the text, for rendering the error.
    pub fn from_bytes(name: impl Into<Arc<str>>, bytes: &[u8]) -> Result<Self, (Self, SyntaxError)> {
        let name = name.into();
        let error = match std::str::from_utf8(bytes) {
            Ok(text) if u32::try_from(text.len()).is_ok() => return Ok(Self::new(name, text)),
            Ok(_) => {
                let message = "source code is larger than 4 GiB";
                return Err((Self::new(name, ""), SyntaxError::new(message, Span::at(0))));
            }
            Err(error) => error,
        };
        let at = error.valid_up_to();
        let byte = bytes.get(at).copied().unwrap_or(0);
        let reason = match error.error_len() {
            None => "unexpected end of data",
            Some(_) if !(0xC2..=0xF4).contains(&byte) => "invalid start byte",
            Some(_) => "invalid continuation byte",
        };
        let message =
            format!("(unicode error) 'utf-8' codec can't decode byte 0x{byte:02x} in position {at}: {reason}");
        // The line of the error, readable or not, up to its end.
        let end = bytes[at..].iter().position(|&b| b == b'\n').map_or(bytes.len(), |n| at + n);
        let text = String::from_utf8_lossy(&bytes[..end]);
        Err((Self::new(name, &*text), SyntaxError::new(message, Span::new(at as u32, at as u32 + 1))))
    }

    /// The name shown in messages: a path, `<string>` or `<stdin>`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many lines there are, at least one.
    pub fn line_count(&self) -> u32 {
        self.lines.len() as u32
    }

    /// The line that contains an offset, counted from 1.
    pub fn line(&self, offset: u32) -> u32 {
        self.lines.partition_point(|&start| start <= offset) as u32
    }

    /// Line and column of an offset.
    pub fn location(&self, offset: u32) -> Location {
        let line = self.line(offset);
        let start = self.lines[line as usize - 1] as usize;
        let end = self.floor(offset).max(start);
        let column = self.text.get(start..end).map_or(0, |text| text.chars().count());
        Location { line, column: column as u32 + 1 }
    }

    /// The bytes of a line (counted from 1), without its end; empty if there is no such line.
    pub fn line_span(&self, line: u32) -> Span {
        let index = line.wrapping_sub(1) as usize;
        let Some(&start) = self.lines.get(index) else {
            return Span::default();
        };
        let end = self.lines.get(index + 1).map_or(self.text.len(), |&end| end as usize);
        let text = self.text.get(start as usize..end).unwrap_or("");
        Span::new(start, start + text.trim_end_matches(['\n', '\r']).len() as u32)
    }

    /// The text of a line (counted from 1), without its end.
    pub fn line_text(&self, line: u32) -> &str {
        self.line_span(line).slice(&self.text)
    }

    /// The nearest character boundary at or in front of an offset.
    fn floor(&self, offset: u32) -> usize {
        self.text.floor_char_boundary(offset as usize)
    }
}

/// The offset of each line.
fn line_starts(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for (at, &byte) in bytes.iter().enumerate() {
        if byte == b'\n' || (byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
            starts.push(at as u32 + 1);
        }
    }
    starts
}

/// The line of an offset, counted from 1, for messages that name a line; linear, so only for errors.
pub(crate) fn line_of(text: &str, offset: u32) -> u32 {
    let before = &text.as_bytes()[..(offset as usize).min(text.len())];
    let breaks = before
        .iter()
        .enumerate()
        .filter(|&(at, &byte)| byte == b'\n' || (byte == b'\r' && text.as_bytes().get(at + 1) != Some(&b'\n')));
    breaks.count() as u32 + 1
}
