//! Operator semantics on values, without frames.
