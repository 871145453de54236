//! What isolates share by reference can hold no value of any of them.
use std::any::Any;
use std::sync::Mutex;

use scriptling_vm::portable::HostHandle;
use scriptling_vm::value::Value;

struct Box2 {
    value: Mutex<Option<Value>>,
}

impl HostHandle for Box2 {
    fn class(&self) -> (&'static str, &'static str) {
        ("boxes", "Box")
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn main() {}
