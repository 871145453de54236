//! The words for a parse error: which token was met where, and what that usually means.
//!
//! The generated parser says only "this token, in this state"; the rules here look at the tokens of the logical
//! line around it and choose CPython's wording for the mistake. They are tried in order, first match wins, and
//! the last resort is "invalid syntax" at the token.

use crate::{
    error::SyntaxError,
    lexer::{Lexeme, has_colon, starts_block},
    span::Span,
    token::Token,
};

/// Describe the failure at token `at` of the logical line that starts at token `start`.
pub(crate) fn explain(source: &str, tokens: &[Lexeme], start: usize, at: usize, expected: &[String]) -> SyntaxError {
    let at = at.min(tokens.len().saturating_sub(1));
    let scene = Scene::new(source, tokens, start, at, expected);
    scene
        .legacy_statement()
        .or_else(|| scene.fstring())
        .or_else(|| scene.dictionary())
        .or_else(|| scene.equals())
        .or_else(|| scene.walrus())
        .or_else(|| scene.header())
        .or_else(|| scene.conditional())
        .or_else(|| scene.parameters())
        .or_else(|| scene.comprehension())
        .or_else(|| scene.forgotten_comma())
        .or_else(|| scene.import())
        .unwrap_or_else(|| scene.invalid_syntax())
}

/// The line around a parse error.
struct Scene<'a> {
    source: &'a str,
    tokens: &'a [Lexeme],
    /// Index of the first token of the line.
    start: usize,
    /// Index of the token that was not accepted.
    at: usize,
    expected: &'a [String],
    /// Indices of the brackets that are open at the token, outermost first.
    open: Vec<usize>,
}

impl<'a> Scene<'a> {
    fn new(source: &'a str, tokens: &'a [Lexeme], start: usize, at: usize, expected: &'a [String]) -> Self {
        let start = start.min(at);
        let mut open = Vec::new();
        for (index, lexeme) in tokens.iter().enumerate().take(at).skip(start) {
            match lexeme.token {
                Token::LPar | Token::LSqb | Token::LBrace | Token::FieldOpen => open.push(index),
                Token::RPar | Token::RSqb | Token::RBrace | Token::FieldClose => {
                    open.pop();
                }
                _ => {}
            }
        }
        Self { source, tokens, start, at, expected, open }
    }

    fn token(&self) -> Token {
        self.tokens[self.at].token
    }

    fn span(&self) -> Span {
        self.tokens[self.at].span
    }

    /// The token in front, if it is on the same line.
    fn previous(&self) -> Option<Lexeme> {
        (self.at > self.start).then(|| self.tokens[self.at - 1])
    }

    fn first(&self) -> Token {
        self.tokens[self.start].token
    }

    fn innermost(&self) -> Option<Token> {
        self.open.last().map(|&index| self.tokens[index].token)
    }

    fn expects(&self, name: &str) -> bool {
        self.expected.iter().any(|token| token.trim_matches('"') == name)
    }

    fn here(&self, message: &str) -> SyntaxError {
        SyntaxError::new(message, self.span())
    }

    fn invalid_syntax(&self) -> SyntaxError {
        if self.token() == Token::Indent {
            return SyntaxError::indentation("unexpected indent", self.span());
        }
        let mut span = self.span();
        if self.token() == Token::Greater
            && let Some(previous) = self.previous()
            && previous.token == Token::Less
            && previous.span.end == span.start
        {
            span.start = previous.span.start;
        }
        SyntaxError::new("invalid syntax", span)
    }

    /// `print "a"`
    fn legacy_statement(&self) -> Option<SyntaxError> {
        let name = self.tokens[self.start].span.slice(self.source);
        let fits = self.at == self.start + 1 && self.token().starts_expression() && matches!(name, "print" | "exec");
        fits.then(|| {
            let end = self.tokens[self.line_end()].span.start;
            let message = format!("Missing parentheses in call to '{name}'. Did you mean {name}(...)?");
            SyntaxError::new(message, Span::new(self.tokens[self.start].span.start, end))
        })
    }

    /// The index of the NEWLINE that ends the line.
    fn line_end(&self) -> usize {
        let rest = &self.tokens[self.at..];
        self.at + rest.iter().position(|t| t.token == Token::Newline).unwrap_or(rest.len() - 1)
    }

    /// Mistakes inside the braces of an f-string.
    fn fstring(&self) -> Option<SyntaxError> {
        if self.innermost() != Some(Token::FieldOpen) {
            return None;
        }
        let previous = self.previous()?;
        let text = self.span().slice(self.source);
        let is_end = matches!(self.token(), Token::FieldClose | Token::FieldColon | Token::Bang | Token::Equal);
        if previous.token == Token::FieldOpen {
            return Some(if is_end {
                self.here(&format!("f-string: valid expression required before '{text}'"))
            } else {
                self.here("f-string: expecting a valid expression after '{'")
            });
        }
        if previous.token == Token::Bang {
            return Some(match self.token() {
                Token::FieldClose | Token::FieldColon => self.here("f-string: missing conversion character"),
                _ => self.here("f-string: invalid conversion character"),
            });
        }
        let field = self.open.last().copied().unwrap_or(self.start);
        if self.at >= 2 && self.tokens[self.at - 2].token == Token::Bang {
            return Some(self.here("f-string: expecting ':' or '}'"));
        }
        if let Some(lambda) = self.tokens[field..self.at].iter().find(|t| t.token == Token::Lambda)
            && matches!(self.token(), Token::FieldColon | Token::FStringMiddle | Token::FieldClose)
        {
            let message = "f-string: lambda expressions are not allowed without parentheses";
            return Some(SyntaxError::new(message, lambda.span));
        }
        if previous.token.ends_expression() && !self.token().starts_expression() && !self.token().is_keyword() {
            return Some(self.here("f-string: expecting '=', or '!', or ':', or '}'"));
        }
        is_end.then(|| self.here("f-string: invalid syntax"))
    }

    /// `if x = 1:`, `f(x[0] = 1)`, `[a = 1]`
    fn equals(&self) -> Option<SyntaxError> {
        let in_expression = !self.open.is_empty()
            || matches!(self.first(), Token::If | Token::Elif | Token::While | Token::Assert | Token::Return);
        if self.token() != Token::Equal || !in_expression || !self.previous()?.token.ends_expression() {
            return None;
        }
        let begin = self.operand_start();
        let operand = &self.tokens[begin..self.at];
        let span = operand.first()?.span.to(self.span());
        let last = operand.last()?.token;
        let message = match operand {
            [name] if name.token == Token::Name => {
                "invalid syntax. Maybe you meant '==' or ':=' instead of '='?".to_owned()
            }
            [constant] if matches!(constant.token, Token::None | Token::True | Token::False) => {
                format!("cannot assign to {}", constant.span.slice(self.source))
            }
            _ => {
                let what = match last {
                    Token::Number | Token::String => "literal",
                    Token::RSqb => "subscript",
                    Token::RPar => "function call",
                    Token::Name => "attribute",
                    _ => "expression",
                };
                format!("cannot assign to {what} here. Maybe you meant '==' instead of '='?")
            }
        };
        Some(SyntaxError::new(message, span))
    }

    /// The first token of the operand in front of the error.
    fn operand_start(&self) -> usize {
        let mut depth = 0_usize;
        let mut begin = self.at;
        while begin > self.start {
            match self.tokens[begin - 1].token {
                Token::RPar | Token::RSqb | Token::RBrace | Token::FieldClose | Token::FStringEnd => depth += 1,
                Token::LPar | Token::LSqb | Token::LBrace | Token::FieldOpen | Token::FStringStart if depth > 0 => {
                    depth -= 1;
                }
                _ if depth > 0 => {}
                Token::Name
                | Token::Number
                | Token::String
                | Token::Dot
                | Token::None
                | Token::True
                | Token::False
                | Token::Ellipsis
                | Token::Plus
                | Token::Minus
                | Token::Star
                | Token::DoubleStar
                | Token::Slash
                | Token::DoubleSlash
                | Token::Percent
                | Token::At
                | Token::VBar
                | Token::Amper
                | Token::Circumflex
                | Token::Tilde
                | Token::LeftShift
                | Token::RightShift
                | Token::Less
                | Token::Greater
                | Token::LessEqual
                | Token::GreaterEqual
                | Token::EqEqual
                | Token::NotEqual
                | Token::And
                | Token::Or
                | Token::Not
                | Token::Is
                | Token::Await => {}
                _ => break,
            }
            begin -= 1;
        }
        // `*a` and `**a` are arguments, not operands.
        while begin < self.at && matches!(self.tokens[begin].token, Token::Star | Token::DoubleStar) {
            begin += 1;
        }
        begin
    }

    /// The line is the header of a block.
    fn header(&self) -> Option<SyntaxError> {
        let first = self.first();
        self.previous()?;
        if !starts_block(first) || !self.open.is_empty() {
            return None;
        }
        if first == Token::Except && self.token() == Token::Comma {
            let types = self.tokens.get(self.start + 1)?.span;
            return Some(SyntaxError::new("multiple exception types must be parenthesized", types));
        }
        let definition = first == Token::Def || self.tokens.get(self.start + 1)?.token == Token::Def;
        let name = self.start + 1 + usize::from(first == Token::Async);
        if definition && self.at == name + 1 && self.expects("(") {
            return Some(self.here("expected '('"));
        }
        if !self.expects(":") || has_colon(&self.tokens[self.start..self.at]) {
            return None;
        }
        // These can only be followed by a colon; in the others an operator may be what is missing.
        let forced =
            matches!(first, Token::Def | Token::Else | Token::Try | Token::Finally) || self.token() == Token::Newline;
        forced.then(|| self.here("expected ':'"))
    }

    /// `a if b`, `a if b else pass`
    fn conditional(&self) -> Option<SyntaxError> {
        let previous = self.previous()?;
        let is_statement = self.token().starts_statement_only() || self.token() == Token::From;
        if previous.token == Token::Else && self.at > self.start + 1 && is_statement {
            return Some(self.here("expected expression after 'else', but statement is given"));
        }
        if !self.expects("else") || self.token() == Token::Colon || !previous.token.ends_expression() {
            return None;
        }
        let mut depth = 0_usize;
        let condition = (self.start..self.at).rev().find(|&index| {
            match self.tokens[index].token {
                Token::RPar | Token::RSqb | Token::RBrace => depth += 1,
                Token::LPar | Token::LSqb | Token::LBrace => depth = depth.saturating_sub(1),
                Token::If => return depth == 0,
                _ => {}
            }
            false
        })?;
        let value = Scene { at: condition, open: Vec::new(), ..*self };
        let begin = self.tokens[value.operand_start()].span;
        Some(SyntaxError::new("expected 'else' after 'if' expression", begin.to(previous.span)))
    }

    /// `def f((a, b)):`, `lambda (a): 1`, `def f(a=):`
    fn parameters(&self) -> Option<SyntaxError> {
        let previous = self.previous()?;
        let def = self.start + usize::from(self.first() == Token::Async);
        let in_def = self.tokens[def].token == Token::Def && self.open.as_slice() == [def + 2];
        let in_lambda = self.tokens[self.start..self.at]
            .iter()
            .rev()
            .find(|t| matches!(t.token, Token::Lambda | Token::Colon | Token::LPar))
            .is_some_and(|t| t.token == Token::Lambda);
        match (previous.token, self.token()) {
            (Token::LPar | Token::Comma, Token::LPar) if in_def => {
                Some(self.here("Function parameters cannot be parenthesized"))
            }
            (Token::Lambda | Token::Comma, Token::LPar) if in_lambda => {
                Some(self.here("Lambda expression parameters cannot be parenthesized"))
            }
            (Token::Equal, Token::Comma | Token::RPar | Token::Colon) if in_def || in_lambda => {
                let message = "expected default value expression";
                Some(SyntaxError::new(message, previous.span))
            }
            _ => None,
        }
    }

    /// `a.b := 1`
    fn walrus(&self) -> Option<SyntaxError> {
        let previous = self.previous()?;
        if self.token() != Token::ColonEqual || !previous.token.ends_expression() {
            return None;
        }
        let operand = &self.tokens[self.operand_start()..self.at];
        let what = match operand {
            [_] | [] => return None,
            [first, ..] if first.token == Token::LPar => return None,
            [.., last] if last.token == Token::RSqb => "subscript",
            [.., last] if last.token == Token::RPar => "function call",
            [.., dot, _] if dot.token == Token::Dot => "attribute",
            _ => "expression",
        };
        let message = format!("cannot use assignment expressions with {what}");
        Some(SyntaxError::new(message, operand.first()?.span.to(self.span())))
    }

    /// `f(*a for a in b)`, `f(a=b for b in c)`
    fn comprehension(&self) -> Option<SyntaxError> {
        if self.innermost() != Some(Token::LPar) || self.token() != Token::For {
            return None;
        }
        let item = self.item_start();
        let second = self.tokens.get(item + 1)?;
        let span = self.tokens[item].span.to(self.tokens[self.at - 1].span);
        match (self.tokens[item].token, second.token) {
            (Token::Star, _) => {
                let message = "iterable unpacking cannot be used in comprehension";
                Some(SyntaxError::new(message, span))
            }
            (Token::Name, Token::Equal) => {
                let message = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
                Some(SyntaxError::new(message, span))
            }
            _ => None,
        }
    }

    /// The first token behind the last comma of the innermost brackets.
    fn item_start(&self) -> usize {
        let open = self.open.last().copied().unwrap_or(self.start);
        let mut depth = 0_usize;
        let mut start = open + 1;
        for index in open + 1..self.at {
            match self.tokens[index].token {
                Token::LPar | Token::LSqb | Token::LBrace | Token::FieldOpen => depth += 1,
                Token::RPar | Token::RSqb | Token::RBrace | Token::FieldClose => {
                    depth = depth.saturating_sub(1);
                }
                Token::Comma if depth == 0 => start = index + 1,
                _ => {}
            }
        }
        start
    }

    /// `{a: }`, `{a: 1, b}`, `{a: *b}`
    fn dictionary(&self) -> Option<SyntaxError> {
        let previous = self.previous()?;
        if self.innermost() != Some(Token::LBrace) {
            return None;
        }
        match (previous.token, self.token()) {
            (Token::Colon, Token::Comma | Token::RBrace) => {
                Some(SyntaxError::new("expression expected after dictionary key and ':'", previous.span))
            }
            (Token::Colon, Token::Star) => Some(self.here("cannot use a starred expression in a dictionary value")),
            (last, token) if last.ends_expression() && self.lacks_colon(token) => {
                let end = previous.span.end;
                Some(SyntaxError::new("':' expected after dictionary key", Span::new(end - 1, end)))
            }
            _ => None,
        }
    }

    /// Whether this item of a dict ends, or goes on with an expression, before its colon.
    fn lacks_colon(&self, token: Token) -> bool {
        if matches!(token, Token::Comma | Token::RBrace) {
            return self.expects(":");
        }
        let open = self.open.last().copied().unwrap_or(self.start);
        let item = self.item_start();
        let first_item = &self.tokens[open + 1..item];
        let ends = token.starts_expression() || token == Token::Equal;
        ends && self.expects(":") && has_colon(first_item) && !has_colon(&self.tokens[item..self.at])
    }

    /// Two expressions in a row inside brackets.
    fn forgotten_comma(&self) -> Option<SyntaxError> {
        let previous = self.previous()?;
        let innermost = self.innermost()?;
        let is_prefix = previous.token == Token::Name && self.token() == Token::String;
        let unary = matches!(self.token(), Token::Not | Token::Plus | Token::Minus | Token::Tilde);
        if !previous.token.ends_expression() || !self.token().starts_expression() || is_prefix || unary {
            return None;
        }
        let field = if innermost == Token::FieldOpen { "f-string: " } else { "" };
        let span = self.tokens[self.operand_start().min(self.at - 1)].span.to(self.span());
        Some(SyntaxError::new(format!("{field}invalid syntax. Perhaps you forgot a comma?"), span))
    }

    /// `from a import b,`
    fn import(&self) -> Option<SyntaxError> {
        let fits = self.first() == Token::From
            && self.token() == Token::Newline
            && self.previous()?.token == Token::Comma
            && self.open.is_empty();
        fits.then(|| self.here("trailing comma not allowed without surrounding parentheses"))
    }
}
