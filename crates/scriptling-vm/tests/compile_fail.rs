//! What the native ABI refuses at compile time, with the message that an author of natives sees.
//!
//! `TRYBUILD=overwrite cargo test -p scriptling-vm --test compile_fail` writes the messages anew. They are those of one
//! version of the compiler, and every version words some of them differently; so others do not run this test.

use std::process::Command;

/// The compiler whose messages are in `ui/`.
const COMPILER: &str = "rustc 1.95.";

#[test]
#[expect(clippy::print_stderr, reason = "a test that compares nothing says so")]
fn misuse_of_the_native_interface_does_not_compile() {
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(compiler).arg("--version").output().expect("the compiler that built this");
    let version = String::from_utf8_lossy(&version.stdout);
    if !version.starts_with(COMPILER) {
        eprintln!("not compared: the messages are those of {COMPILER}*, this is {version}");
        return;
    }
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
