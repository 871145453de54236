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
