//! The compiler's output, as listings, and that what it makes of whole programs passes the verifier.

use std::path::Path;
use std::sync::Arc;

use scriptling_syntax::Source;
use scriptling_vm::code::Unit;
use scriptling_vm::compile::{CompileOptions, compile};
use scriptling_vm::disasm::disassemble;

fn unit(text: &str) -> Result<Unit, String> {
    let parse = scriptling_syntax::parse(text);
    if let Some(error) = parse.errors.first() {
        return Err(format!("{error}"));
    }
    let source = Arc::new(Source::new("<test>", text));
    compile(source, &parse.module, &CompileOptions::default()).map_err(|errors| errors[0].message.clone())
}

fn listing(text: &str) -> String {
    match unit(text) {
        Ok(unit) => disassemble(&unit),
        Err(message) => format!("error: {message}"),
    }
}

/// For a look at one file: `SHOW=file cargo test -p scriptling-vm --test compile show`.
#[test]
fn show() {
    if let Ok(path) = std::env::var("SHOW") {
        panic!("{}", listing(&std::fs::read_to_string(path).expect("a readable file")));
    }
}

fn scripts(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a readable folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            scripts(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "py") {
            found.push(path);
        }
    }
}

/// Everything that parses compiles, and `compile` itself verifies it.
#[test]
fn conformance_scripts_compile() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/scripts");
    let mut found = Vec::new();
    scripts(&root, &mut found);
    assert!(!found.is_empty());
    let mut failures = Vec::new();
    for path in found {
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let parse = scriptling_syntax::parse(&text);
        if parse.errors.is_empty()
            && let Err(message) = unit(&text)
            && !message.contains("not supported yet")
        {
            failures.push(format!("{}: {message}", path.display()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Runs on a stack of 2 MiB, which is what threads of a pool have.
fn on_small_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(test).expect("a thread");
    thread.join().expect("the test passes");
}

#[test]
fn deep_trees_need_little_stack() {
    let nested = |open: &str, middle: &str, close: &str, times: usize| {
        format!("{}{middle}{}", open.repeat(times), close.repeat(times))
    };
    let texts = [
        nested("", "a", " + a", 998),
        nested("not ", "a", "", 990),
        nested("", "a", ".b", 990),
        nested("", "a", ".b()", 490),
        nested("", "a", "[0]", 990),
        nested("", "a", "(0)", 990),
        nested("lambda: ", "a", "", 990),
        nested("a if a else ", "a", "", 990),
        nested("f(", "a", ")", 190),
        nested("f(*a, b=", "a", ")", 190),
        nested("[", "a", "]", 190),
        nested("[a for a in ", "a", "]", 190),
        nested("[", "a", " for a in b]", 190),
        nested("{a: ", "a", "}", 190),
        nested("(a and not ", "a", ")", 190),
        nested("(a < b < ", "a", ")", 190),
        nested("a ** -", "a", "", 490),
        nested("(a := ", "a", ")", 190),
        nested("f'{", "a", "}'", 10),
        (0..99).map(|depth| format!("{}if a:\n", " ".repeat(depth))).collect::<String>() + &" ".repeat(99) + "pass",
        (0..99).map(|depth| format!("{}def f():\n", " ".repeat(depth))).collect::<String>() + &" ".repeat(99) + "pass",
        (0..99).map(|depth| format!("{}class f:\n", " ".repeat(depth))).collect::<String>() + &" ".repeat(99) + "pass",
        format!("match a:\n case {}: pass", nested("[", "a", "]", 190)),
    ];
    on_small_stack(move || {
        for text in texts {
            let text = text + "\n";
            if let Err(message) = unit(&text) {
                panic!("{message}: {}", text.chars().take(50).collect::<String>());
            }
        }
    });
}

#[test]
fn nested_finally_does_not_explode() {
    let mut text = String::new();
    for depth in 0..19 {
        let indent = " ".repeat(depth);
        text += &format!("{indent}try: a\n{indent}finally:\n");
    }
    text += &" ".repeat(19);
    text += "b\n";
    match unit(&text) {
        Ok(unit) => assert!(unit.codes[0].ops.len() < 1 << 23),
        Err(message) => assert_eq!(message, "code too large"),
    }
}

#[test]
fn bytecode_reference() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/bytecode.md");
    let expected = scriptling_vm::disasm::reference();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &expected).expect("docs/ can be written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "docs/bytecode.md is stale: run this test with UPDATE_DOCS=1");
}
