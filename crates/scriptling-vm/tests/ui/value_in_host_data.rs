//! Objects of host types hold the host's data, not values: the collector does not look into them.
use std::any::Any;

use scriptling_vm::heap::data::HostData;
use scriptling_vm::value::Value;

struct Basket {
    items: Vec<Value>,
}

fn main() {
    let basket: Box<dyn Any + Send> = Box::new(Basket { items: Vec::new() });
    let _ = HostData::Local(basket);
}
