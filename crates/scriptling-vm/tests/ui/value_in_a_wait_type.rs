//! A type of one's own that waits is no way round.
use std::task::{Poll, Waker};

use scriptling_vm::native::{Cx, NativeResult, Wait};
use scriptling_vm::value::Value;

struct Item {
    value: Value,
}

impl Wait for Item {
    fn poll(&mut self, _cx: &mut Cx<'_>, _waker: &Waker) -> Poll<NativeResult> {
        Poll::Ready(Ok(self.value.into()))
    }
}

fn main() {}
