//! The indentation layer: logos tokens in, logical lines out.
//!
//! Adds INDENT, DEDENT and logical NEWLINE tokens, joins lines inside brackets, checks tabs, finds the ends of
//! strings and numbers, recognises soft keywords by looking at the whole logical line, and hands f-strings to
//! `fstring.rs`. Mistakes that a lexer can see are reported here and repaired (a phantom block, a closed bracket,
//! a skipped character), so the parser meets clean INDENT/DEDENT pairs whatever the text is.
//!
//! Invariant: the tokens are in source order, INDENT and DEDENT are balanced, and every line ends in NEWLINE.

use logos::Logos;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use crate::{
    MAX_BRACKETS, MAX_INDENT,
    error::{ErrorClass, SyntaxError},
    fstring::FString,
    literal::{self, Prefix},
    source::line_of,
    span::Span,
    token::Token,
};

/// Columns between tab stops, as in CPython.
const TAB: usize = 8;

/// How many mistakes are reported before the rest of a file is ignored.
const MAX_ERRORS: usize = 100;

/// A token and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lexeme {
    pub(crate) token: Token,
    pub(crate) span: Span,
}

/// Everything the lexer found.
#[derive(Debug, Default)]
pub(crate) struct Lexed {
    pub(crate) tokens: Vec<Lexeme>,
    /// In source order.
    pub(crate) errors: Vec<SyntaxError>,
}

/// An open bracket.
pub(crate) struct Bracket {
    /// Its character.
    pub(crate) open: u8,
    /// Its offset.
    pub(crate) start: usize,
    /// Whether it opens an f-string field.
    pub(crate) field: bool,
}

/// One level of indentation.
struct Level {
    /// The column, tabs expanded to multiples of eight.
    column: usize,
    /// The column, tabs counted as one: both must agree on every comparison.
    alternate: usize,
    /// Opened by a mistake: no INDENT was produced, so no DEDENT will be.
    phantom: bool,
    /// The block of a `match` statement, where `case` is a keyword.
    of_match: bool,
}

/// The state of the indentation layer.
pub(crate) struct Lexer<'s> {
    pub(crate) source: &'s str,
    pub(crate) logos: logos::Lexer<'s, Token>,
    pub(crate) out: Lexed,
    pub(crate) brackets: Vec<Bracket>,
    /// The f-strings around the current position, outermost first.
    pub(crate) fstrings: Vec<FString>,
    levels: Vec<Level>,
    /// Index of the first token of the current logical line.
    line_start: usize,
    /// Index of the first token of the previous logical line.
    header_start: usize,
    /// Whether a physical line has just begun inside brackets.
    fresh_physical_line: bool,
    /// Set by mistakes after which nothing sensible can follow.
    stopped: bool,
}

/// Turn source text into tokens.
pub(crate) fn lex(source: &str) -> Lexed {
    let mut lexer = Lexer {
        source,
        logos: Token::lexer(source),
        // Typical programs have a token every four to five bytes.
        out: Lexed { tokens: Vec::with_capacity(source.len() / 4 + 8), errors: Vec::new() },
        brackets: Vec::new(),
        fstrings: Vec::new(),
        levels: vec![Level { column: 0, alternate: 0, phantom: false, of_match: false }],
        line_start: 0,
        header_start: 0,
        fresh_physical_line: false,
        stopped: false,
    };
    lexer.run();
    lexer.out
}

impl Lexer<'_> {
    fn run(&mut self) {
        if self.source.starts_with('\u{FEFF}') {
            self.logos.bump('\u{FEFF}'.len_utf8());
        }
        self.start_line();
        while !self.stopped && self.out.errors.len() < MAX_ERRORS {
            if self.in_fstring_text() {
                self.fstring_text();
                continue;
            }
            match self.logos.next() {
                Some(Ok(token)) => self.take(token),
                Some(Err(())) => self.bad_character(),
                None => break,
            }
        }
        self.finish();
    }

    /// The offset behind the last token.
    pub(crate) fn position(&self) -> usize {
        self.logos.span().end
    }

    pub(crate) fn push(&mut self, token: Token, start: usize, end: usize) {
        self.out.tokens.push(Lexeme { token, span: Span::new(start as u32, end as u32) });
    }

    pub(crate) fn error(&mut self, message: impl Into<String>, start: usize, end: usize) {
        self.out.errors.push(SyntaxError::new(message, Span::new(start as u32, end as u32)));
    }

    fn take(&mut self, token: Token) {
        let span = self.logos.span();
        if self.fresh_physical_line && !matches!(token, Token::Newline | Token::Comment) {
            self.fresh_physical_line = false;
            if token.starts_statement_only() && self.fstrings.is_empty() {
                self.abandon_brackets(span.start);
            }
        }
        match token {
            Token::Comment => {}
            Token::Newline => self.newline(span.start, span.end),
            Token::Name => self.name(),
            Token::Number => self.number(span.start),
            Token::String => self.string(span.start),
            Token::FStringStart => self.fstring_start(span.start),
            Token::LPar | Token::LSqb | Token::LBrace => self.open(token, span.start),
            Token::RPar | Token::RSqb | Token::RBrace => self.close(token, span.start),
            Token::Colon | Token::ColonEqual if self.at_field_level() => {
                self.field_colon(span.start);
            }
            _ => self.push(token, span.start, span.end),
        }
    }

    fn newline(&mut self, start: usize, end: usize) {
        if self.brackets.is_empty() {
            self.end_line(start, end);
            self.start_line();
        } else {
            self.fresh_physical_line = true;
        }
    }

    /// Finish the logical line, if it has any token.
    fn end_line(&mut self, start: usize, end: usize) {
        if self.line_start == self.out.tokens.len() {
            return;
        }
        self.soft_keywords();
        self.push(Token::Newline, start, end);
        self.header_start = self.line_start;
        self.line_start = self.out.tokens.len();
    }

    /// Skip blank lines and compare the indentation of the next line with the open blocks.
    fn start_line(&mut self) {
        let bytes = self.source.as_bytes();
        let mut at = self.position();
        let (mut column, mut alternate);
        loop {
            let blank =
                bytes[at..].iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\x0C')).unwrap_or(bytes.len() - at);
            (column, alternate) = columns(&self.source[at..at + blank]);
            at += blank;
            if bytes.get(at) == Some(&b'#') {
                at += bytes[at..].iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(bytes.len() - at);
            }
            match bytes.get(at) {
                Some(b'\n' | b'\r') => at += 1,
                _ => break,
            }
        }
        self.logos.bump(at - self.position());
        if at < bytes.len() {
            self.indentation(column, alternate, at);
        }
    }

    fn indentation(&mut self, column: usize, alternate: usize, at: usize) {
        let top = self.levels.len() - 1;
        if column > self.levels[top].column {
            if alternate <= self.levels[top].alternate {
                self.tab_error(at);
            }
            self.indent(column, alternate, at);
            return;
        }
        self.expect_no_block(at);
        while self.levels.len() > 1 && column < self.levels[self.levels.len() - 1].column {
            self.dedent(at);
        }
        let top = &self.levels[self.levels.len() - 1];
        if column != top.column {
            let message = "unindent does not match any outer indentation level";
            self.out.errors.push(SyntaxError::indentation(message, Span::at(at as u32)));
            self.levels.push(Level { column, alternate, phantom: true, of_match: false });
        } else if alternate != top.alternate {
            self.tab_error(at);
        }
    }

    fn tab_error(&mut self, at: usize) {
        let message = "inconsistent use of tabs and spaces in indentation".to_owned();
        let start = line_start(self.source, at);
        let span = Span::new(start as u32, at as u32);
        self.out.errors.push(SyntaxError { class: ErrorClass::Tab, message, span });
    }

    fn indent(&mut self, column: usize, alternate: usize, at: usize) {
        if self.levels.len() >= MAX_INDENT {
            let message = "too many levels of indentation";
            self.out.errors.push(SyntaxError::indentation(message, Span::at(at as u32)));
            self.stopped = true;
            return;
        }
        let phantom = self.header().is_none();
        let of_match = self.out.tokens.get(self.header_start).is_some_and(|t| t.token == Token::Match);
        self.levels.push(Level { column, alternate, phantom, of_match });
        if phantom {
            self.out.errors.push(SyntaxError::indentation("unexpected indent", Span::at(at as u32)));
        } else {
            self.push(Token::Indent, at, at);
            self.line_start = self.out.tokens.len();
        }
    }

    fn dedent(&mut self, at: usize) {
        if self.levels.pop().is_some_and(|level| !level.phantom) {
            self.push(Token::Dedent, at, at);
            self.line_start = self.out.tokens.len();
        }
    }

    /// The first token of the previous line, if that line may own a block and does not yet.
    fn header(&self) -> Option<Lexeme> {
        let tokens = &self.out.tokens;
        let (last, before) = (tokens.last()?, tokens.len().checked_sub(2).and_then(|i| tokens.get(i))?);
        if last.token != Token::Newline {
            return None;
        }
        let first = *tokens.get(self.header_start)?;
        let compound = starts_block(first.token);
        // `if x: y` on one line ends in `y`; a missing colon still looks like the header of a block.
        let has_colon = || has_colon(&tokens[self.header_start..]);
        (before.token == Token::Colon || (compound && !has_colon())).then_some(first)
    }

    /// Report a header such as `if x:` that no deeper line follows, and give it an empty block.
    fn expect_no_block(&mut self, at: usize) {
        let Some(first) = self.header() else { return };
        let ends_in_colon = self.out.tokens.iter().rev().nth(1).is_some_and(|t| t.token == Token::Colon);
        if !ends_in_colon || !starts_block(first.token) {
            return;
        }
        let mut what = first.token;
        if what == Token::Async {
            what = self.out.tokens.get(self.header_start + 1).map_or(what, |t| t.token);
        }
        let what = match what {
            Token::Def => "function definition".to_owned(),
            Token::Class => "class definition".to_owned(),
            Token::With | Token::WithItems => "'with' statement".to_owned(),
            Token::Except if self.out.tokens.get(self.header_start + 1).is_some_and(|t| t.token == Token::Star) => {
                "'except*' statement".to_owned()
            }
            Token::For => "'for' statement".to_owned(),
            _ => format!("'{}' statement", first.span.slice(self.source)),
        };
        let line = line_of(self.source, first.span.start);
        let message = format!("expected an indented block after {what} on line {line}");
        let rest = &self.source[at..];
        let word = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let span = if rest.is_empty() {
            // At the end of the file the header is all there is to point at.
            self.out.tokens.last().map_or(Span::at(at as u32), |newline| Span::at(newline.span.start))
        } else {
            Span::new(at as u32, (at + word) as u32)
        };
        self.out.errors.push(SyntaxError::indentation(message, span));
        self.push(Token::Indent, at, at);
        let filler = if first.token == Token::Match {
            // A `match` needs a clause; the tokens have no text, which the pattern does not look at.
            &[Token::Case, Token::None, Token::Colon, Token::Pass][..]
        } else {
            &[Token::Pass][..]
        };
        for &token in filler {
            self.push(token, at, at);
        }
        self.push(Token::Newline, at, at);
        self.push(Token::Dedent, at, at);
        self.line_start = self.out.tokens.len();
        self.header_start = self.line_start;
    }

    fn open(&mut self, token: Token, start: usize) {
        if self.brackets.len() >= MAX_BRACKETS {
            self.error("too many nested parentheses", start, start + 1);
            self.stopped = true;
            return;
        }
        self.brackets.push(Bracket { open: self.source.as_bytes()[start], start, field: false });
        self.push(token, start, start + 1);
    }

    fn close(&mut self, token: Token, start: usize) {
        let close = self.source.as_bytes()[start];
        let Some(bracket) = self.brackets.last() else {
            let message = format!("unmatched '{}'", char::from(close));
            self.error(message, start, start + 1);
            return;
        };
        if close != matching(bracket.open) {
            self.mismatch(close, start);
        } else if bracket.field {
            self.field_close(start);
        } else {
            self.brackets.pop();
            self.push(token, start, start + 1);
        }
    }

    /// Report a bracket that closes another kind than the innermost open one.
    ///
    /// It is taken to close an outer bracket if there is one of its kind, else the innermost.
    fn mismatch(&mut self, close: u8, start: usize) {
        let Some(bracket) = self.brackets.last() else {
            return;
        };
        let (open, open_start) = (bracket.open, bracket.start);
        let line = line_of(self.source, start as u32);
        let open_line = line_of(self.source, open_start as u32);
        let place = if line == open_line { String::new() } else { format!(" on line {open_line}") };
        let message = format!(
            "closing parenthesis '{}' does not match opening parenthesis '{}'{place}",
            char::from(close),
            char::from(open)
        );
        self.error(message, start, start + 1);
        let mut closed = usize::from(!self.brackets.last().is_some_and(|b| b.field));
        for (at, outer) in self.brackets.iter().rev().enumerate() {
            if matching(outer.open) == close {
                closed = at + 1;
            }
            // Nothing closes brackets around a field from inside.
            if matching(outer.open) == close || outer.field {
                break;
            }
        }
        for _ in 0..closed {
            match self.brackets.last() {
                Some(bracket) if bracket.field => self.field_close(start),
                Some(bracket) => {
                    let token = closer(bracket.open);
                    self.brackets.pop();
                    self.push(token, start, start + 1);
                }
                None => {}
            }
        }
    }

    /// A line starts with a word that cannot be inside brackets: they were never closed.
    ///
    /// The word must stand where a statement could, or the line before be the header of a block; otherwise a
    /// stray keyword in a long call would make errors of all its other lines.
    fn abandon_brackets(&mut self, at: usize) {
        let line = line_start(self.source, at);
        let (column, alternate) = columns(&self.source[line..at]);
        let in_header = self.out.tokens.get(self.line_start).is_some_and(|first| starts_block(first.token));
        let in_block = self.levels.last().is_some_and(|level| column <= level.column);
        let Some(bracket) = self.brackets.last().filter(|_| in_header || in_block) else {
            return;
        };
        let (open, start) = (bracket.open, bracket.start);
        let message = format!("'{}' was never closed", char::from(open));
        self.error(message, start, start + 1);
        while let Some(bracket) = self.brackets.pop() {
            self.push(closer(bracket.open), line, line);
        }
        self.end_line(line, line);
        self.indentation(column, alternate, at);
    }

    fn name(&mut self) {
        let span = self.logos.span();
        let text = self.logos.slice();
        if text.is_ascii() {
            self.push(Token::Name, span.start, span.end);
            self.type_keyword();
            return;
        }
        let bad = text.char_indices().find(|&(at, c)| {
            !(c == '_' || if at == 0 { unicode_ident::is_xid_start(c) } else { unicode_ident::is_xid_continue(c) })
        });
        if let Some((at, c)) = bad {
            // Go on behind the character: the rest may be `“quoted”`.
            let start = span.start + at;
            if at > 0 {
                self.push(Token::Name, span.start, start);
            }
            self.logos = Token::lexer(self.source);
            self.logos.bump(start + c.len_utf8());
            self.invalid_character(c, start);
        } else {
            self.push(Token::Name, span.start, span.end);
            self.type_keyword();
        }
    }

    fn bad_character(&mut self) {
        let start = self.logos.span().start;
        let Some(c) = self.source[start..].chars().next() else {
            return;
        };
        let end = start + c.len_utf8();
        // Logos may have taken more than one character into the error.
        self.logos = Token::lexer(self.source);
        self.logos.bump(end);
        match c {
            '\\' if end == self.source.len() => {
                self.error("unexpected EOF while parsing", start, end);
            }
            '\\' => {
                self.error("unexpected character after line continuation character", start, end);
                let rest = self.source[end..].find(['\n', '\r']).unwrap_or(self.source.len() - end);
                self.logos.bump(rest);
            }
            _ => self.invalid_character(c, start),
        }
    }

    fn invalid_character(&mut self, c: char, start: usize) {
        let code = u32::from(c);
        let message = if matches!(c, '$' | '?' | '!' | '`') {
            "invalid syntax".to_owned()
        } else if is_printable(c) {
            format!("invalid character '{c}' (U+{code:04X})")
        } else {
            format!("invalid non-printable character U+{code:04X}")
        };
        // One message per line is enough: `“quoted”` has two bad characters and one cause.
        let repeated = self.out.errors.last().is_some_and(|last| {
            let from = last.span.start as usize;
            let same_kind = last.message.starts_with("invalid");
            same_kind && from < start && !self.source[from..start].contains(['\n', '\r'])
        });
        if !repeated {
            self.error(message, start, start + c.len_utf8());
        }
    }

    fn number(&mut self, start: usize) {
        let (len, fault) = literal::scan_number(&self.source[start..]);
        self.logos.bump(start + len - self.position());
        if let Some(fault) = fault {
            self.error(fault.message, start + fault.at, start + len);
        }
        self.push(Token::Number, start, start + len);
    }

    fn string(&mut self, start: usize) {
        let prefix = Prefix::of(self.logos.slice());
        let scanned = literal::scan_string(self.source.as_bytes(), start + prefix.len, prefix.quote, prefix.triple);
        let end = match scanned {
            Ok(quote) => quote + if prefix.triple { 3 } else { 1 },
            Err(end) => {
                self.unterminated_string(start, end, prefix);
                end
            }
        };
        self.logos.bump(end - self.position());
        self.push(Token::String, start, end);
    }

    fn unterminated_string(&mut self, start: usize, end: usize, prefix: Prefix) {
        if let Some(fstring) = self.fstrings.last()
            && fstring.quote == prefix.quote
            && fstring.triple == prefix.triple
        {
            self.error("f-string: expecting '}'", start, start + prefix.len);
            self.fstrings.clear();
        } else {
            let triple = if prefix.triple { "triple-quoted " } else { "" };
            let line = last_line(self.source, end);
            let message = format!("unterminated {triple}string literal (detected at line {line})");
            self.error(message, start, start + prefix.len);
        }
        // The brackets around it were probably closed inside what now is the string.
        self.brackets.clear();
        self.stopped |= prefix.triple;
    }

    fn finish(&mut self) {
        let end = self.source.len();
        if !self.stopped
            && let Some(bracket) = self.brackets.last()
        {
            self.error(format!("'{}' was never closed", char::from(bracket.open)), bracket.start, bracket.start + 1);
        }
        self.dangling_backslash();
        self.end_line(end, end);
        self.expect_no_block(end);
        while self.levels.len() > 1 {
            self.dedent(end);
        }
        self.out.errors.sort_by_key(|error| error.span.start);
    }

    /// A backslash that joins the last line with nothing.
    fn dangling_backslash(&mut self) {
        let source = self.source;
        let text = source.strip_suffix('\n').unwrap_or(source);
        let text = text.strip_suffix('\r').unwrap_or(text);
        let start = text.len().saturating_sub(1);
        let behind_tokens = self.out.tokens.last().is_none_or(|last| last.span.end as usize <= start);
        let is_comment = text[line_start(text, text.len())..].contains('#');
        if text.ends_with('\\') && text.len() < self.source.len() && behind_tokens && !is_comment {
            self.error("unexpected EOF while parsing", start, start + 1);
        }
    }

    /// `type` in front of a name is a keyword; a name behind a name is never valid otherwise.
    fn type_keyword(&mut self) {
        let tokens = &mut self.out.tokens;
        let Some(at) = tokens.len().checked_sub(2).filter(|&at| at >= self.line_start) else {
            return;
        };
        let candidate = tokens[at];
        if candidate.token == Token::Name && candidate.span.slice(self.source) == "type" {
            let first = at == self.line_start || (at > 0 && matches!(tokens[at - 1].token, Token::Semi | Token::Colon));
            if first {
                tokens[at].token = Token::Type;
            }
        }
    }

    /// Decide about `match`, `case` and `with (...)` now that the whole logical line is known.
    fn soft_keywords(&mut self) {
        let start = self.line_start;
        let line = &mut self.out.tokens[start..];
        match line[0].token {
            Token::Name => match line[0].span.slice(self.source) {
                "match" if line.len() > 1 && is_match(line[1].token, line[line.len() - 1].token) => {
                    line[0].token = Token::Match;
                }
                "case" if self.levels.last().is_some_and(|level| level.of_match) => {
                    line[0].token = Token::Case;
                }
                _ => {}
            },
            Token::With if has_parenthesised_items(&line[1..]) => line[0].token = Token::WithItems,
            Token::Async
                if line.get(1).is_some_and(|t| t.token == Token::With) && has_parenthesised_items(&line[2..]) =>
            {
                line[1].token = Token::WithItems;
            }
            _ => {}
        }
    }
}

/// `match` is a keyword if the line ends like a header, or goes on as no expression can.
fn is_match(second: Token, last: Token) -> bool {
    let plain_name = matches!(second, Token::Colon | Token::Equal | Token::Dot | Token::Comma);
    let two_operands = second.starts_expression()
        && !matches!(second, Token::LPar | Token::LSqb | Token::Plus | Token::Minus | Token::Not);
    (last == Token::Colon && !plain_name) || two_operands
}

/// Whether `tokens` (what follows `with`) are `( ... as ... ):`.
fn has_parenthesised_items(tokens: &[Lexeme]) -> bool {
    let mut depth = 0_usize;
    let mut has_as = false;
    for (at, lexeme) in tokens.iter().enumerate() {
        match lexeme.token {
            Token::LPar | Token::LSqb | Token::LBrace | Token::FieldOpen => depth += 1,
            Token::RPar | Token::RSqb | Token::RBrace | Token::FieldClose => {
                depth = depth.saturating_sub(1);
            }
            Token::As if depth == 1 => has_as = true,
            _ => {}
        }
        if depth == 0 {
            let next = tokens.get(at + 1).map(|t| t.token);
            return at > 0 && has_as && next == Some(Token::Colon);
        }
    }
    false
}

/// The token that closes a bracket.
fn closer(open: u8) -> Token {
    match open {
        b'(' => Token::RPar,
        b'[' => Token::RSqb,
        _ => Token::RBrace,
    }
}

/// The columns behind an indentation: with tab stops, and with tabs counted as one.
fn columns(indentation: &str) -> (usize, usize) {
    indentation.bytes().fold((0, 0), |(column, alternate), byte| match byte {
        b'\t' => ((column / TAB + 1) * TAB, alternate + 1),
        b'\x0C' => (0, 0),
        _ => (column + 1, alternate + 1),
    })
}

/// Whether there is a colon outside brackets.
pub(crate) fn has_colon(tokens: &[Lexeme]) -> bool {
    let mut depth = 0_usize;
    tokens.iter().any(|lexeme| {
        match lexeme.token {
            Token::LPar | Token::LSqb | Token::LBrace => depth += 1,
            Token::RPar | Token::RSqb | Token::RBrace => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && lexeme.token == Token::Colon
    })
}

/// Whether a line that starts with this token owns a block.
pub(crate) fn starts_block(token: Token) -> bool {
    matches!(
        token,
        Token::If
            | Token::Elif
            | Token::Else
            | Token::For
            | Token::While
            | Token::With
            | Token::WithItems
            | Token::Def
            | Token::Class
            | Token::Try
            | Token::Except
            | Token::Finally
            | Token::Async
            | Token::Match
            | Token::Case
    )
}

/// The character that closes a bracket.
fn matching(open: u8) -> u8 {
    match open {
        b'(' => b')',
        b'[' => b']',
        _ => b'}',
    }
}

/// The line in which text that ends at `end` stops: a last line without characters does not count.
pub(crate) fn last_line(source: &str, end: usize) -> u32 {
    line_of(source, end as u32) - u32::from(source[..end].ends_with(['\n', '\r']) && end == source.len())
}

/// The offset of the line that contains `at`.
fn line_start(source: &str, at: usize) -> usize {
    source[..at].rfind(['\n', '\r']).map_or(0, |newline| newline + 1)
}

/// `str.isprintable` for one character.
fn is_printable(c: char) -> bool {
    c == ' '
        || !(matches!(c.general_category_group(), GeneralCategoryGroup::Other | GeneralCategoryGroup::Separator)
            || c.general_category() == GeneralCategory::Unassigned)
}
