//! What people type: nothing panics, and what was taken is taken again as it is.
#![no_main]

use earshot_protocol::chat::Channel;
use earshot_protocol::{ChatText, DisplayName, Emoji, UserId};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|typed: &str| {
    if let Ok(text) = ChatText::parse(typed) {
        assert_eq!(ChatText::parse(text.as_str()), Ok(text));
    }
    if let Ok(name) = DisplayName::parse(typed) {
        assert_eq!(DisplayName::parse(name.as_str()), Ok(name));
    }
    let _ = (Channel::parse(typed), Emoji::parse(typed), UserId::parse(typed));
});
