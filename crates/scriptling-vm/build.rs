//! Decides how the run loop dispatches: see `run/hot/mod.rs`.

use std::env;

fn main() {
    println!("cargo::rustc-check-cfg=cfg(threaded)");
    println!("cargo::rerun-if-changed=build.rs");
    let variable = |name: &str| env::var(name).unwrap_or_default();
    // Threaded code needs the optimizer to turn calls in tail position into jumps, and all of a handler's arguments in
    // registers. Where either is not known to hold, handlers return to a loop instead.
    let optimized = matches!(variable("OPT_LEVEL").as_str(), "2" | "3" | "s" | "z");
    let registers = matches!(variable("CARGO_CFG_TARGET_ARCH").as_str(), "x86_64" | "aarch64");
    let interpreted = env::var_os("CARGO_CFG_MIRI").is_some();
    if optimized && registers && !interpreted && variable("CARGO_CFG_TARGET_OS") != "windows" {
        println!("cargo::rustc-cfg=threaded");
    }
}
