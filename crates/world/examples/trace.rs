//! The movement trace as a bare wasm module, for worker/test/trace.test.mjs.
#![allow(unsafe_code)]

#[path = "../tests/common/trace.rs"]
mod trace;

/// The digest of the trace.
// Exported under its own name so that JavaScript finds it; nothing unsafe happens.
#[unsafe(no_mangle)]
pub extern "C" fn trace_digest() -> u64 {
    trace::digest()
}
