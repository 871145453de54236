//! Operator semantics on values, without frames.
//!
//! Every function here answers for all values: builtin types at once, script classes by asking the loop to call their special
//! methods (`Outcome::Call`). The `*_native` variants answer `None` where only the language can tell, for callers that
//! then redirect to the prelude. These functions and the prelude are the closed list of places where Rust causes script
//! code to run.

pub mod arith;
mod ascii;
pub mod attr;
pub(crate) mod big_range;
pub mod compare;
pub mod containers;
pub(crate) mod digits;
mod dispatch;
pub(crate) mod field;
pub mod format;
pub mod hash;
pub mod iterate;
pub mod lookup;
pub mod number;
pub mod number_text;
pub mod percent;
pub(crate) mod plain;
pub mod repr;
pub(crate) mod search;
pub(crate) mod special_attrs;
pub mod subscript;
pub mod truth;
pub(crate) mod wide;

pub(crate) use arith::{UnaryOp, binary, index, unary};
pub(crate) use ascii::ascii;
pub(crate) use compare::compare;
pub(crate) use dispatch::{base_value, custom};
pub(crate) use format::format;
pub(crate) use hash::{hash, hash_native};
pub(crate) use repr::{repr, repr_native, str, str_native};
pub(crate) use truth::{truth, truth_native};
