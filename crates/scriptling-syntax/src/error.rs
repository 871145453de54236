//! Syntax errors: what went wrong and where.
//!
//! An error is a finished English sentence in CPython's wording plus the class CPython would raise; codes or
//! structured kinds would have no reader. Rendering with the source line is `render.rs`.

use std::fmt;

use crate::span::Span;

/// Which exception class an error becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorClass {
    /// `SyntaxError`
    Syntax,
    /// `IndentationError`
    Indentation,
    /// `TabError`
    Tab,
}

impl ErrorClass {
    /// The name of the exception class.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Syntax => "SyntaxError",
            Self::Indentation => "IndentationError",
            Self::Tab => "TabError",
        }
    }
}

/// One syntax error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The exception class.
    pub class: ErrorClass,
    /// The message, without class name or position.
    pub message: String,
    /// The text at fault.
    pub span: Span,
}

impl SyntaxError {
    /// A plain `SyntaxError`.
    pub fn new(message: impl Into<String>, span: Span) -> Self {
        Self { class: ErrorClass::Syntax, message: message.into(), span }
    }

    /// An `IndentationError`.
    pub fn indentation(message: impl Into<String>, span: Span) -> Self {
        Self { class: ErrorClass::Indentation, message: message.into(), span }
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.class.name(), self.message)
    }
}

impl std::error::Error for SyntaxError {}
