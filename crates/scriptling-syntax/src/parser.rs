//! Drives lexer and grammar, and recovers from errors.
//!
//! One pass of the LALRPOP parser over all tokens is the normal case.

use lalrpop_util::{ParseError, lalrpop_mod};

use crate::{
    Parse,
    ast::Module,
    error::SyntaxError,
    lexer,
    make::Context,
    span::Span,
};

lalrpop_mod!(
    #[allow(
        clippy::all,
        clippy::pedantic,
        missing_docs,
        unreachable_pub,
        unused_qualifications,
        reason = "generated from grammar.lalrpop"
    )]
    grammar
);

/// Parse a whole file.
pub(crate) fn parse(source: &str) -> Parse {
    let lexed = lexer::lex(source);
    let mut cx = Context { source, errors: Vec::new() };
    let tokens = lexed.tokens.iter().map(|lexeme| Ok((lexeme.span.start, lexeme.token, lexeme.span.end)));
    let result = grammar::FileParser::new().parse(&mut cx, tokens);
    let mut errors = lexed.errors;
    let body = match result {
        Ok(body) => body,
        Err(error) => {
            let span = match error {
                ParseError::UnrecognizedToken { token: (l, _, r), .. } => Span::new(l, r),
                _ => Span::at(source.len() as u32),
            };
            errors.push(SyntaxError::new("invalid syntax", span));
            Vec::new()
        }
    };
    errors.append(&mut cx.errors);
    errors.sort_by_key(|error| error.span.start);
    Parse { module: Module { body }, errors }
}
