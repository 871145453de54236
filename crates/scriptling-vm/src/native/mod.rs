//! The native ABI: how Rust code becomes callable from scripts.
//!
//! Two faces. The kernel (`outcome`): a native gets a [`Cx`] and its bound arguments and returns what is to happen next. The
//! public face (`module`): plain Rust functions with typed parameters, registered with a signature in the script's own
//! syntax. Standard modules use only this, as a third party would.
//!
//! Which to choose: takes a callable or a lazy iterable: write it in the prelude (script). Waits for someone: return
//! `Outcome::wait`. Blocks the operating system's thread: offload it and await the future. Otherwise: a plain function.

mod args;
mod convert;
mod cx;
mod module;
mod outcome;
mod services;
mod signature;

use std::sync::Arc;

pub(crate) use args::argument_error;
pub use convert::{FromValue, IntoNative, IntoOutcome, Rest};
pub(crate) use cx::set_table;
pub use cx::{Cx, Kept};
pub use module::{ClassBuilder, ModuleBuilder, NativeModule, OnImport};
pub(crate) use module::{frozen_str, native_value, new_class};
pub(crate) use outcome::returned;
pub use outcome::{CallRequest, GeneratorAction, GeneratorRequest, NativeResult, Outcome, Resume, Wait};
pub use services::float_text;
pub(crate) use signature::Declaration;
pub use signature::{DefaultValue, Parameter, Signature};

use crate::value::Value;

/// A native as the loop calls it: arguments bound to the signature, undefined where optional and not given.
pub type RawNative = fn(&mut Cx<'_>, &[Value]) -> NativeResult;

/// A native with captured state.
pub type NativeClosure = dyn Fn(&mut Cx<'_>, &[Value]) -> NativeResult + Send + Sync;

/// What a native function object calls.
#[derive(Clone)]
pub enum NativeCall {
    /// A plain function.
    Raw(RawNative),
    /// A closure (typed functions are wrapped in one).
    Closure(Arc<NativeClosure>),
}

impl NativeCall {
    /// Calls it.
    #[inline]
    pub fn invoke(&self, cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
        match self {
            NativeCall::Raw(function) => function(cx, args),
            NativeCall::Closure(function) => function(cx, args),
        }
    }
}
