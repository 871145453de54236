//! Source text to checked syntax tree: the front end of Scriptling.
//!
//! [`parse`] is the only entry. It never fails: it returns the tree of everything it understood together with
//! all syntax errors; a tree is fit for compilation only if `errors` is empty. This crate knows no values, no
//! files and no threads. Read `ast` for the result, `parser` for how the pieces work together.
//!
//! ```
//! use scriptling_syntax::{Source, parse, render::render};
//!
//! let source = Source::new("x.py", "if x = 1:\n    print('one')\n");
//! let errors = parse(source.text()).errors;
//! assert_eq!(errors.len(), 1);
//! assert_eq!(
//!     render(&source, &errors[0]),
//!     r#"  File "x.py", line 1
//!     if x = 1:
//!        ^^^
//! SyntaxError: invalid syntax. Maybe you meant '==' or ':=' instead of '='?
//! "#
//! );
//! ```

#![forbid(unsafe_code)]

pub mod ast;
pub mod dump;
pub mod error;
mod explain;
mod fstring;
mod lexer;
mod literal;
mod make;
mod parser;
pub mod render;
pub mod source;
pub mod span;
mod token;
mod validate;
pub mod visit;

pub use ast::Module;
pub use error::{ErrorClass, SyntaxError};
pub use source::Source;
pub use span::Span;

/// How deep an expression may nest: `a+a+a+...` with this many terms is still accepted.
pub const MAX_EXPR_DEPTH: u16 = 1000;

/// How deep brackets may nest; CPython's MAXLEVEL.
pub const MAX_BRACKETS: usize = 200;

/// How deep blocks may be indented; CPython's MAXINDENT.
pub const MAX_INDENT: usize = 100;

/// What [`parse`] returns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parse {
    /// The tree of everything that was understood.
    pub module: Module,
    /// All syntax errors, in source order; the tree may be compiled only if there is none.
    pub errors: Vec<SyntaxError>,
}

/// Parse a source file.
pub fn parse(source: &str) -> Parse {
    parser::parse(source)
}
