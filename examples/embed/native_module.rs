//! Give scripts a module of plain Rust functions, with state behind them.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use scriptling_vm::error::{Error, Raise};
use scriptling_vm::isolate::{Isolate, Limits, NoHost};
use scriptling_vm::library::Library;
use scriptling_vm::native::{ModuleBuilder, NativeModule};

struct Counter {
    total: Arc<AtomicI64>,
}

impl NativeModule for Counter {
    fn name(&self) -> &'static str {
        "counter"
    }

    fn define(&self, module: &mut ModuleBuilder<'_>) {
        let total = self.total.clone();
        // The signature is the script's: names, defaults and help come from it.
        module.function(
            "add(amount, times=1)",
            "Adds amount, several times if asked to.",
            move |amount: i64, times: i64| {
                let sum = amount.checked_mul(times).ok_or_else(|| Raise::overflow_error("that is too much"))?;
                Ok::<i64, Raise>(total.fetch_add(sum, Ordering::SeqCst) + sum)
            },
        );
    }
}

fn main() -> Result<(), Error> {
    let total = Arc::new(AtomicI64::new(0));
    let library = Library::builder().module(Counter { total: total.clone() }).build();
    let mut isolate = Isolate::new(library, Box::new(NoHost), Limits::default());
    isolate.run_source("count.py", "import counter\ncounter.add(2)\ncounter.add(10, times=4)\n")?;
    assert_eq!(total.load(Ordering::SeqCst), 42);
    // Errors are the script's exceptions, with a traceback.
    let error = isolate.run_source("wrong.py", "import counter\ncounter.add('two')\n").expect_err("not a number");
    assert_eq!(error.class(), "TypeError");
    Ok(())
}
