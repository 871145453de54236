//! From syntax tree to code.
