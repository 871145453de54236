//! Parsing and compiling a file of a megabyte, against CPython's `ast.parse` and `compile`.

use std::process::Command;
use std::sync::Arc;

use scriptling_syntax::{Source, parse};
use scriptling_vm::compile::{CompileOptions, compile};

use crate::interpreter::Interpreters;
use crate::measure::{Target, best_of, line, milliseconds, timed};
use crate::{Options, folder};

/// Measures both.
pub(crate) fn run(options: &Options, interpreters: &Interpreters) -> Result<(), String> {
    if !options.wants("parse") && !options.wants("compile") {
        return Ok(());
    }
    let text = megabyte()?;
    println!("front end, {:.2} MB of bench scripts", text.len() as f64 / 1e6);
    let ours_parse = milliseconds(best_of(options.runs(), || drop(std::hint::black_box(parse(&text)))));
    let ours_compile = milliseconds(best_of(options.runs(), || {
        let module = parse(&text).module;
        let source = Arc::new(Source::new("bench.py", text.as_str()));
        // Too large a file is a result as well: the error shows up as an absurdly small time.
        let _ = std::hint::black_box(compile(source, &module, &CompileOptions::default()).is_ok());
    }));
    report("parse", ours_parse, python_time(options, interpreters, &text, "ast.parse(text)")?);
    report("parse + compile", ours_compile, python_time(options, interpreters, &text, "compile(text, 'x', 'exec')")?);
    println!();
    Ok(())
}

fn report(name: &str, ours: f64, theirs: Option<f64>) {
    line(name, ours, "ms", Target::None);
    if let Some(theirs) = theirs {
        line(&format!("{name}, python3"), theirs, "ms", Target::None);
        line(&format!("{name}, times faster"), theirs / ours, "x", Target::AtLeast(1.0));
    }
}

/// The bench scripts one after the other until there is a megabyte of them.
fn megabyte() -> Result<String, String> {
    let mut pieces = Vec::new();
    for entry in std::fs::read_dir(folder().join("scripts")).map_err(|error| error.to_string())?.flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "py") {
            pieces.push(std::fs::read_to_string(entry.path()).map_err(|error| error.to_string())?);
        }
    }
    pieces.sort();
    let mut text = String::new();
    while text.len() < 1_000_000 && !pieces.is_empty() {
        for piece in &pieces {
            text.push_str(piece);
            text.push('\n');
        }
    }
    Ok(text)
}

/// The best time of an expression over the text under CPython, in milliseconds.
fn python_time(
    options: &Options,
    interpreters: &Interpreters,
    text: &str,
    expression: &str,
) -> Result<Option<f64>, String> {
    let Some(python) = &interpreters.python else { return Ok(None) };
    let file = std::env::temp_dir().join(format!("scriptling-bench-{}.py", std::process::id()));
    std::fs::write(&file, text).map_err(|error| error.to_string())?;
    let script = format!(
        "import ast, sys, time\ntext = open(sys.argv[1]).read()\nbest = 1e9\nfor _ in range({}):\n    \
         start = time.perf_counter()\n    {expression}\n    best = min(best, time.perf_counter() - start)\nprint(best * 1e3)",
        options.runs()
    );
    let result = timed(Command::new(python).args(["-c", &script]).arg(&file));
    std::fs::remove_file(&file).map_err(|error| error.to_string())?;
    let (_, printed) = result?;
    printed.trim().parse().map(Some).map_err(|_| format!("python3 printed {printed:?}"))
}
