//! A future is polled outside the isolate: it takes and gives portable copies.
use scriptling_vm::native::{Cx, NativeResult, Outcome};
use scriptling_vm::portable::Portable;
use scriptling_vm::value::Value;

fn later(_cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let value = args[0];
    Ok(Outcome::future(async move {
        std::future::ready(()).await;
        Ok(Portable::int(value.as_int().unwrap_or(0)))
    }))
}

fn main() {
    let _ = later;
}
