//! `Cx` is the isolate for the length of one call: what goes on later is given a new one.
use scriptling_vm::native::{Cx, NativeResult, Outcome};
use scriptling_vm::value::Value;

fn keep_it(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    Ok(Outcome::call(args[0], &[], move |_later, result| {
        result?;
        Ok(Outcome::Return(cx.str("late")))
    }))
}

fn main() {
    let _ = keep_it;
}
