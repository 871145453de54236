//! A native's own state outlives the call and is shared by isolates: it cannot keep what it was given.
use std::sync::Mutex;

use scriptling_vm::native::{ModuleBuilder, NativeModule};
use scriptling_vm::value::Value;

struct Memory;

impl NativeModule for Memory {
    fn name(&self) -> &'static str {
        "memory"
    }

    fn define(&self, module: &mut ModuleBuilder<'_>) {
        let last: Mutex<Option<Value>> = Mutex::new(None);
        module.function("swap(value)", "The value of the call before.", move |value: Value| -> Option<Value> {
            last.lock().unwrap().replace(value)
        });
    }
}

fn main() {}
