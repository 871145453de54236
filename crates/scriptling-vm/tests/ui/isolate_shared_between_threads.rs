// An isolate moves between threads; two threads cannot have it at once.
use std::sync::Arc;

use scriptling_vm::isolate::{Isolate, Limits, NoHost};
use scriptling_vm::library::Library;

fn main() {
    let isolate = Arc::new(Isolate::new(Library::builder().build(), Box::new(NoHost), Limits::default()));
    let other = isolate.clone();
    std::thread::spawn(move || drop(other));
}
