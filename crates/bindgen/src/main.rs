//! Turns a compiled `.wasm` into JavaScript bindings: `earshot-bindgen IN.wasm OUT_DIR NAME [--reset-state]`.
//!
//! With `--reset-state` the bindings export a function that starts a fresh instance: the Worker's shim calls it after a
//! panic. A page has no use for it, because it can be loaded again.
//!
//! It is the part of the wasm-bindgen command that this project uses, linked as a library: it builds in less than
//! half the time, and its version is the one in Cargo.lock, so it cannot disagree with the crate.

use anyhow::{Context, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (input, out_dir, name, resets) = match args.as_slice() {
        [input, out_dir, name] => (input, out_dir, name, false),
        [input, out_dir, name, flag] if flag == "--reset-state" => (input, out_dir, name, true),
        _ => bail!("usage: earshot-bindgen IN.wasm OUT_DIR NAME [--reset-state]"),
    };
    Bindgen::new()
        .input_path(input)
        .web(true)?
        .out_name(name)
        .typescript(true)
        .omit_default_module_path(true)
        .reset_state_function(resets)
        .remove_name_section(true)
        .generate(out_dir)
        .with_context(|| format!("cannot make bindings for {input}"))
}
