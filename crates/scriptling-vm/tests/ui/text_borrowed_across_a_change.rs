//! Borrows of heap contents end before the heap is changed.
use scriptling_vm::native::{Cx, NativeResult, Outcome};
use scriptling_vm::value::Value;

fn double(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let text = cx.as_str(args[0]).unwrap_or_default();
    let doubled = cx.str(text.repeat(2));
    let both = [doubled, cx.str(text)];
    Ok(Outcome::Return(cx.tuple(&both)))
}

fn main() {
    let _ = double;
}
