//! Operator semantics on values, without frames.
//!
//! Every function here answers for all values: builtin types at once, script classes by asking the loop to call their special
//! methods (`Outcome::Call`). The `*_native` variants answer `None` where only the language can tell, for callers that
//! then redirect to the prelude. These functions and the prelude are the closed list of places where Rust causes script
//! code to run.

pub mod attr;
