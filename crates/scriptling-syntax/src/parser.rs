//! Drives lexer and grammar, and recovers from errors.
//!
//! One pass of the generated parser over all tokens is the normal case. If it fails, the tokens are cut into
//! top-level statements, which are parsed one by one; a statement that fails has the offending line replaced by a
//! harmless one (`pass`, or a header that keeps its block) and is tried again. Each line is repaired at most once
//! and the number of repairs in a file is bounded, so the time stays linear in the size of the text.
//!
//! The generated code, its errors and its expected-token lists are seen by this file only.

use std::cell::Cell;

use lalrpop_util::{ParseError, lalrpop_mod};

use crate::{
    Parse,
    ast::{Module, Stmt},
    error::{ErrorClass, SyntaxError},
    explain,
    lexer::{self, Lexed, Lexeme},
    make::Context,
    span::Span,
    token::Token,
    validate,
};

lalrpop_mod!(
    #[allow(
        clippy::all,
        clippy::pedantic,
        clippy::unwrap_used,
        clippy::allow_attributes_without_reason,
        missing_docs,
        unreachable_pub,
        unused_qualifications,
        reason = "generated from grammar.lalrpop"
    )]
    grammar
);

/// How many lines of a file are repaired before the parser gives up on it.
const MAX_REPAIRS: usize = 20;

/// How many tokens are parsed again in files of any size, and per token of a large file.
///
/// Twenty attempts at one statement of 10 MB would take most of a minute.
const RETRY_BUDGET: (usize, usize) = (200_000, 4);

/// Parse a whole file.
pub(crate) fn parse(source: &str) -> Parse {
    let Ok(_) = u32::try_from(source.len()) else {
        let error = SyntaxError::new("source code is larger than 4 GiB", Span::default());
        return Parse { module: Module::default(), errors: vec![error] };
    };
    if let Some(at) = source.find('\0') {
        // Refused as a whole, wherever it stands: such a file is not text.
        let span = Span::new(at as u32, at as u32 + 1);
        let error = SyntaxError::new("source code cannot contain null bytes", span);
        return Parse { module: Module::default(), errors: vec![error] };
    }
    let mut lexed = lexer::lex(source);
    let mut cx = Context { source, errors: Vec::new() };
    let parser = grammar::FileParser::new();
    let body = if let Ok(body) = run(&parser, &mut cx, &lexed.tokens) {
        body
    } else {
        cx.errors.clear();
        let mut recovery = Recovery {
            parser,
            cx: &mut cx,
            lexed: &lexed,
            repairs: 0,
            budget: RETRY_BUDGET.0 + RETRY_BUDGET.1 * lexed.tokens.len(),
            obsolete: Vec::new(),
        };
        let body = recovery.run();
        let obsolete = recovery.obsolete;
        lexed.errors.retain(|error| !(is_missing_block(error) && obsolete.contains(&error.span.start)));
        body
    };
    let module = Module { body };
    // In a damaged tree the binding may have been on a line that was dropped.
    let is_damaged = !lexed.errors.is_empty() || !cx.errors.is_empty();
    let misplaced = validate::validate(source, &module).into_iter();
    cx.errors.extend(misplaced.filter(|e| !(is_damaged && e.message.starts_with("no binding for"))));
    let mut errors = without_consequences(source, lexed.errors, cx.errors);
    errors.sort_by_key(|error| error.span.start);
    errors.dedup();
    Parse { module, errors }
}

fn is_missing_block(error: &SyntaxError) -> bool {
    error.message.starts_with("expected an indented block")
}

/// The lexer's errors, and the later ones that are not on a line the lexer could not read.
fn without_consequences(source: &str, lexical: Vec<SyntaxError>, later: Vec<SyntaxError>) -> Vec<SyntaxError> {
    let unreadable: Vec<_> = lexical
        .iter()
        .filter(|error| error.class == ErrorClass::Syntax)
        .map(|error| {
            let at = (error.span.start as usize).min(source.len());
            let start = source[..at].rfind(['\n', '\r']).map_or(0, |n| n + 1);
            let end = source[at..].find(['\n', '\r']).map_or(source.len(), |n| at + n);
            start..=end
        })
        .collect();
    let mut errors = lexical;
    errors.extend(later.into_iter().filter(|error| {
        let at = error.span.start as usize;
        !unreadable.iter().any(|line| line.contains(&at))
    }));
    errors
}

/// A parse that failed: at which token, and what would have been accepted there.
struct Failure {
    at: usize,
    expected: Vec<String>,
}

fn run(parser: &grammar::FileParser, cx: &mut Context<'_>, tokens: &[Lexeme]) -> Result<Vec<Stmt>, Failure> {
    let taken = Cell::new(0_usize);
    let input = tokens.iter().map(|lexeme| {
        taken.set(taken.get() + 1);
        Ok((lexeme.span.start, lexeme.token, lexeme.span.end))
    });
    parser.parse(cx, input).map_err(|error| match error {
        ParseError::UnrecognizedToken { expected, .. } => Failure { at: taken.get().saturating_sub(1), expected },
        ParseError::UnrecognizedEof { expected, .. } => Failure { at: taken.get(), expected },
        ParseError::InvalidToken { .. } | ParseError::ExtraToken { .. } | ParseError::User { .. } => {
            Failure { at: taken.get().saturating_sub(1), expected: Vec::new() }
        }
    })
}

/// The state of the second attempt, statement by statement.
struct Recovery<'c, 's> {
    parser: grammar::FileParser,
    cx: &'c mut Context<'s>,
    lexed: &'c Lexed,
    repairs: usize,
    /// How many tokens may still be parsed.
    budget: usize,
    /// Where the lexer missed blocks whose headers turned out to be wrong.
    obsolete: Vec<u32>,
}

impl Recovery<'_, '_> {
    fn run(&mut self) -> Vec<Stmt> {
        let mut body = Vec::new();
        let mut rest = &self.lexed.tokens[..];
        while !rest.is_empty() && self.repairs < MAX_REPAIRS {
            let (statement, behind) = rest.split_at(statement_len(rest));
            rest = behind;
            body.extend(self.statement(statement.to_vec()));
        }
        body
    }

    fn statement(&mut self, mut tokens: Vec<Lexeme>) -> Vec<Stmt> {
        // Everything in front of this index has been repaired once already.
        let mut repaired_to = 0;
        loop {
            self.budget = self.budget.saturating_sub(tokens.len());
            let errors_before = self.cx.errors.len();
            let failure = match run(&self.parser, self.cx, &tokens) {
                Ok(body) => return body,
                Err(failure) => failure,
            };
            // What the constructors said about the other lines will be said again by the next attempt.
            let constructed = self.cx.errors.split_off(errors_before);
            let line = Line::around(&tokens, failure.at);
            let span = line.span(&tokens);
            let known = self
                .lexed
                .errors
                .iter()
                .any(|error| span.contains(Span::at(error.span.start)) && !is_missing_block(error));
            if let Some(block) = tokens.get(line.end + 1).filter(|t| t.token == Token::Indent) {
                // What is wrong with the header matters more than that its block is missing.
                let newline = tokens[line.end].span.start;
                self.obsolete.extend([newline, block.span.start]);
            }
            let exhausted = self.repairs >= MAX_REPAIRS || self.budget == 0;
            let hopeless = line.start < repaired_to || exhausted;
            if !known && (!hopeless || errors_before == 0) {
                let error = explain::explain(self.cx.source, &tokens, line.start, failure.at, &failure.expected);
                let first = tokens[line.start];
                let misplaced =
                    error.message == "invalid syntax" && (failure.at == line.start || first.token == Token::Name);
                if !(misplaced && self.lost_its_header(first)) {
                    self.cx.errors.push(error);
                }
            }
            if hopeless {
                self.cx.errors.extend(constructed);
                return Vec::new();
            }
            // The repaired statement is parsed from its start again, so its errors stay in this list once.
            repaired_to = line.repair(&mut tokens, failure.at);
            self.repairs += 1;
        }
    }

    /// A clause in the wrong place is no news if a header in front of it has no block.
    fn lost_its_header(&self, first: Lexeme) -> bool {
        let is_clause = matches!(first.token, Token::Elif | Token::Else | Token::Except | Token::Finally)
            || first.span.slice(self.cx.source) == "case";
        is_clause
            && self.lexed.errors.iter().any(|error| error.span.start <= first.span.start && is_missing_block(error))
    }
}

/// How many tokens the first top-level statement has, with its blocks and clauses.
fn statement_len(tokens: &[Lexeme]) -> usize {
    let mut depth = 0_usize;
    let mut at_line_start = true;
    let mut decorated = false;
    for (at, lexeme) in tokens.iter().enumerate() {
        let token = lexeme.token;
        match token {
            Token::Indent => depth += 1,
            Token::Dedent => depth = depth.saturating_sub(1),
            _ => {}
        }
        let begins = at_line_start && depth == 0 && !matches!(token, Token::Dedent | Token::Indent);
        if begins {
            let is_clause = matches!(token, Token::Elif | Token::Else | Token::Except | Token::Finally);
            if at > 0 && !is_clause && !decorated {
                return at;
            }
            decorated = token == Token::At;
        }
        at_line_start = matches!(token, Token::Newline | Token::Indent | Token::Dedent);
    }
    tokens.len()
}

/// A logical line: token indices of its first token and of its NEWLINE.
struct Line {
    start: usize,
    end: usize,
}

impl Line {
    fn around(tokens: &[Lexeme], at: usize) -> Self {
        let is_break = |token| matches!(token, Token::Newline | Token::Indent | Token::Dedent);
        let at = at.min(tokens.len() - 1);
        // A DEDENT that came too early is the fault of the line in front of it.
        let mut last = at;
        while last > 0 && tokens[last].token == Token::Dedent {
            last -= 1;
        }
        let start = tokens[..last].iter().rposition(|t| is_break(t.token)).map_or(0, |newline| newline + 1);
        let end = tokens[last..].iter().position(|t| t.token == Token::Newline).map_or(last, |n| last + n);
        Self { start, end }
    }

    fn span(&self, tokens: &[Lexeme]) -> Span {
        tokens[self.start].span.to(tokens[self.end].span)
    }

    /// Replace the line by one that is accepted; returns the index behind it.
    fn repair(&self, tokens: &mut Vec<Lexeme>, failed_at: usize) -> usize {
        let place = Span::at(tokens[self.start].span.start);
        let has_block = tokens.get(self.end + 1).is_some_and(|t| t.token == Token::Indent);
        let first = tokens[self.start].token;
        let misplaced = failed_at == self.start;
        let is_clause = matches!(first, Token::Elif | Token::Else | Token::Except | Token::Finally | Token::Case);
        let header: &[Token] = match first {
            _ if misplaced => &[Token::If, Token::None, Token::Colon],
            Token::Elif => &[Token::Elif, Token::None, Token::Colon],
            Token::Else => &[Token::Else, Token::Colon],
            Token::Except => &[Token::Except, Token::None, Token::Colon],
            Token::Finally => &[Token::Finally, Token::Colon],
            Token::Case => &[Token::Case, Token::None, Token::Colon],
            Token::Match => &[Token::Match, Token::None, Token::Colon],
            Token::Try => &[Token::Try, Token::Colon],
            Token::While | Token::For => &[Token::While, Token::None, Token::Colon],
            Token::Class => &[Token::Class, Token::Name, Token::Colon],
            Token::Def => &[Token::Def, Token::Name, Token::LPar, Token::RPar, Token::Colon],
            Token::Async if tokens.get(self.start + 1).is_some_and(|t| t.token == Token::Def) => {
                &[Token::Async, Token::Def, Token::Name, Token::LPar, Token::RPar, Token::Colon]
            }
            _ => &[Token::If, Token::None, Token::Colon],
        };
        let mut line = Vec::new();
        if has_block || (is_clause && !misplaced) {
            line.extend_from_slice(header);
        }
        if !has_block {
            line.push(Token::Pass);
        }
        let behind = self.start + line.len() + 1;
        tokens.splice(self.start..self.end, line.into_iter().map(|token| Lexeme { token, span: place }));
        behind
    }
}
