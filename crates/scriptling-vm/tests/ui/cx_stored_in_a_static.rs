//! Nor can it be put anywhere that outlives the call.
use std::cell::RefCell;

use scriptling_vm::native::{Cx, NativeResult, Outcome};
use scriptling_vm::value::Value;

thread_local! {
    static LAST: RefCell<Option<&'static mut Cx<'static>>> = const { RefCell::new(None) };
}

fn store(cx: &mut Cx<'_>, _args: &[Value]) -> NativeResult {
    LAST.with(|last| *last.borrow_mut() = Some(cx));
    Ok(Outcome::Return(Value::NONE))
}

fn main() {
    let _ = store;
}
