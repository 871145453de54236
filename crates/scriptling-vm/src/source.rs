//! Source texts and their line numbers.

use smol_str::SmolStr;

/// A named source text with an index of its lines.
#[derive(Debug)]
pub struct Source {
    /// What tracebacks call it: a path, `<string>`, `<stdin>`.
    pub name: SmolStr,
    /// The text.
    pub text: Box<str>,
    line_starts: Vec<u32>,
}

impl Source {
    /// Indexes a text.
    pub fn new(name: impl Into<SmolStr>, text: impl Into<Box<str>>) -> Source {
        let text = text.into();
        let mut line_starts = vec![0];
        line_starts.extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at as u32 + 1));
        Source { name: name.into(), text, line_starts }
    }

    /// 1-based line of a byte offset.
    pub fn line(&self, offset: u32) -> u32 {
        self.line_starts.partition_point(|&start| start <= offset) as u32
    }

    /// The text of a 1-based line, without its end.
    pub fn line_text(&self, line: u32) -> &str {
        let Some(&start) = self.line_starts.get(line as usize - 1) else { return "" };
        let end = self.line_starts.get(line as usize).map_or(self.text.len(), |&next| next as usize);
        self.text[start as usize..end].trim_end_matches(['\n', '\r'])
    }

    /// 0-based code-point column of a byte offset within its line.
    pub fn column(&self, offset: u32) -> u32 {
        let start = self.line_starts[self.line(offset) as usize - 1] as usize;
        self.text[start..(offset as usize).min(self.text.len())].chars().count() as u32
    }
}
