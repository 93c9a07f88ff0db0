//! Markup of messages: nothing panics, whatever is typed.
#![no_main]

use earshot_markup::{mentions, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = (parse(text), mentions(text));
});
