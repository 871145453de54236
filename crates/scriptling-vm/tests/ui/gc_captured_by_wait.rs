//! What a parked fiber waits for must not hold a heap reference.
use std::task::Poll;

use scriptling_vm::heap::{Gc, List};
use scriptling_vm::native::{Cx, NativeResult, Outcome};
use scriptling_vm::value::Value;

fn park(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let list: Option<Gc<List>> = cx.as_list(args[0]);
    Ok(Outcome::wait(move |_cx, _waker| match list {
        Some(list) => Poll::Ready(Ok(Outcome::Return(Value::obj(list)))),
        None => Poll::Pending,
    }))
}

fn main() {
    let _ = park;
}
