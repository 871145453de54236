//! The same for continuations attached to an outcome.
use scriptling_vm::native::{Cx, NativeResult, Outcome};
use scriptling_vm::value::Value;

fn both(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let other = args[1];
    Outcome::tail_call(args[0], &[]).and_then(cx, move |cx, result| Ok(Outcome::Return(cx.tuple(&[result, other]))))
}

fn main() {
    let _ = both;
}
