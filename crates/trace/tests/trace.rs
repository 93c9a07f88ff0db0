//! Native and wasm give the same bits: this is the native half; worker/test/trace.test.mjs runs the same trace in wasm.

/// What both must give. Recorded on x86-64; it changes only when movement is meant to change.
const RECORDED: &str = include_str!("trace.digest");

#[test]
fn ten_thousand_intents_lead_through_the_recorded_positions() {
    assert_eq!(format!("{:016x}", earshot_trace::digest()), RECORDED.trim());
}
