//! What goes on after a call must not hold a bare value: the collector would not see it. `Cx::keep` is the way.
use scriptling_vm::native::{Cx, NativeResult, Outcome};
use scriptling_vm::value::Value;

fn twice(_cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (function, other) = (args[0], args[1]);
    Ok(Outcome::call(function, &[], move |_cx, result| {
        result?;
        Ok(Outcome::Return(other))
    }))
}

fn main() {
    let _ = twice;
}
