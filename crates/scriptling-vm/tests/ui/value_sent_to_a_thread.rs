//! A value never leaves its isolate; a `Portable` does.
use scriptling_vm::native::{Cx, NativeResult, Outcome};
use scriptling_vm::value::Value;

fn start(_cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let value = args[0];
    std::thread::spawn(move || value.as_int());
    Ok(Outcome::Return(Value::NONE))
}

fn main() {
    let _ = start;
}
