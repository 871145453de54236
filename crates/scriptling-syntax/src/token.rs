//! The tokens: a logos enum, nothing else.
//!
//! Tokens carry no text: a position in the source is enough to get it back, and so a token is one byte. Strings
//! and numbers are only recognised by their first characters here; `lexer.rs` finds their ends by hand, because
//! it gives better messages than a regular expression can. The variants of the second group are never produced by
//! logos but by the indentation and f-string layers in `lexer.rs`.

use logos::Logos;

/// A kind of token.
#[derive(Logos, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[logos(skip r"[ \t\x0C]+")]
#[logos(skip r"\\(\r\n|\r|\n)")]
#[allow(missing_docs, reason = "every variant shows its own text")]
pub(crate) enum Token {
    #[token("False")]
    False,
    #[token("None")]
    None,
    #[token("True")]
    True,
    #[token("and")]
    And,
    #[token("as")]
    As,
    #[token("assert")]
    Assert,
    #[token("async")]
    Async,
    #[token("await")]
    Await,
    #[token("break")]
    Break,
    #[token("class")]
    Class,
    #[token("continue")]
    Continue,
    #[token("def")]
    Def,
    #[token("del")]
    Del,
    #[token("elif")]
    Elif,
    #[token("else")]
    Else,
    #[token("except")]
    Except,
    #[token("finally")]
    Finally,
    #[token("for")]
    For,
    #[token("from")]
    From,
    #[token("global")]
    Global,
    #[token("if")]
    If,
    #[token("import")]
    Import,
    #[token("in")]
    In,
    #[token("is")]
    Is,
    #[token("lambda")]
    Lambda,
    #[token("nonlocal")]
    Nonlocal,
    #[token("not")]
    Not,
    #[token("or")]
    Or,
    #[token("pass")]
    Pass,
    #[token("raise")]
    Raise,
    #[token("return")]
    Return,
    #[token("try")]
    Try,
    #[token("while")]
    While,
    #[token("with")]
    With,
    #[token("yield")]
    Yield,

    #[token("(")]
    LPar,
    #[token(")")]
    RPar,
    #[token("[")]
    LSqb,
    #[token("]")]
    RSqb,
    #[token("{")]
    LBrace,
    #[token("}")]
    RBrace,
    #[token(":")]
    Colon,
    #[token(":=")]
    ColonEqual,
    #[token(",")]
    Comma,
    #[token(";")]
    Semi,
    #[token(".")]
    Dot,
    #[token("...")]
    Ellipsis,
    #[token("->")]
    RArrow,
    #[token("!")]
    Bang,
    #[token("@")]
    At,
    #[token("+")]
    Plus,
    #[token("-")]
    Minus,
    #[token("*")]
    Star,
    #[token("**")]
    DoubleStar,
    #[token("/")]
    Slash,
    #[token("//")]
    DoubleSlash,
    #[token("%")]
    Percent,
    #[token("|")]
    VBar,
    #[token("&")]
    Amper,
    #[token("^")]
    Circumflex,
    #[token("~")]
    Tilde,
    #[token("<<")]
    LeftShift,
    #[token(">>")]
    RightShift,
    #[token("<")]
    Less,
    #[token(">")]
    Greater,
    #[token("<=")]
    LessEqual,
    #[token(">=")]
    GreaterEqual,
    #[token("==")]
    EqEqual,
    #[token("!=")]
    NotEqual,
    #[token("=")]
    Equal,
    #[token("+=")]
    PlusEqual,
    #[token("-=")]
    MinEqual,
    #[token("*=")]
    StarEqual,
    #[token("**=")]
    DoubleStarEqual,
    #[token("/=")]
    SlashEqual,
    #[token("//=")]
    DoubleSlashEqual,
    #[token("%=")]
    PercentEqual,
    #[token("|=")]
    VBarEqual,
    #[token("&=")]
    AmperEqual,
    #[token("^=")]
    CircumflexEqual,
    #[token("@=")]
    AtEqual,
    #[token("<<=")]
    LeftShiftEqual,
    #[token(">>=")]
    RightShiftEqual,

    /// An identifier; non-ASCII characters are checked by the lexer.
    #[regex(r"[A-Za-z_\u{80}-\u{10FFFF}][A-Za-z0-9_\u{80}-\u{10FFFF}]*")]
    Name,
    /// A number; logos sees only how it starts.
    #[regex(r"\.?[0-9]")]
    Number,
    /// A string or bytes literal; logos sees only prefix and opening quote.
    #[regex(r#"([bB][rR]?|[rR][bB]?|[uU])?('|"|'''|""")"#)]
    String,
    /// The prefix and opening quote of an f-string.
    #[regex(r#"([fF][rR]?|[rR][fF])('|"|'''|""")"#)]
    FStringStart,
    /// The end of a logical line; logos produces it for every physical line.
    #[regex(r"\r\n|\r|\n")]
    Newline,
    /// Never reaches the parser.
    #[regex(r"#[^\r\n]*", allow_greedy = true)]
    Comment,

    /// A deeper line starts a block.
    Indent,
    /// A block ends.
    Dedent,
    /// Literal text inside an f-string.
    FStringMiddle,
    /// The closing quote of an f-string.
    FStringEnd,
    /// `{` of an f-string field.
    FieldOpen,
    /// `:` in front of a format.
    FieldColon,
    /// `}` of an f-string field.
    FieldClose,
    /// `match` where it starts a statement.
    Match,
    /// `case` where it starts a clause.
    Case,
    /// `type` where it starts a statement.
    Type,
    /// `with` in front of parenthesised items of which at least one has an `as`.
    WithItems,
}

impl Token {
    /// Whether the token is a reserved word.
    pub(crate) fn is_keyword(self) -> bool {
        (self as u8) <= (Self::Yield as u8)
    }

    /// Whether an expression can start with this token.
    pub(crate) fn starts_expression(self) -> bool {
        matches!(
            self,
            Self::False
                | Self::None
                | Self::True
                | Self::Await
                | Self::Lambda
                | Self::Not
                | Self::LPar
                | Self::LSqb
                | Self::LBrace
                | Self::Ellipsis
                | Self::Plus
                | Self::Minus
                | Self::Tilde
                | Self::Name
                | Self::Number
                | Self::String
                | Self::FStringStart
        )
    }

    /// Whether an expression can end with this token.
    pub(crate) fn ends_expression(self) -> bool {
        matches!(
            self,
            Self::False
                | Self::None
                | Self::True
                | Self::RPar
                | Self::RSqb
                | Self::RBrace
                | Self::Ellipsis
                | Self::Name
                | Self::Number
                | Self::String
                | Self::FStringEnd
        )
    }

    /// Whether the token can only be the first of a statement.
    pub(crate) fn starts_statement_only(self) -> bool {
        matches!(
            self,
            Self::Assert
                | Self::Break
                | Self::Class
                | Self::Continue
                | Self::Def
                | Self::Del
                | Self::Global
                | Self::Import
                | Self::Nonlocal
                | Self::Pass
                | Self::Raise
                | Self::Return
                | Self::Try
                | Self::While
                | Self::With
        )
    }
}
