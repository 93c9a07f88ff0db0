//! Tokens as they come with a request, whole: nothing panics, and none is taken, for nobody here can sign.
#![no_main]

use std::cell::RefCell;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use earshot_sfu_node::keys::{Keys, Source};
use earshot_sfu_node::tokens::Tokens;
use libfuzzer_sys::fuzz_target;
use tokio::runtime::{Builder, Runtime};

/// The point that the curve is generated from: a key whose other half is one, and that nobody uses.
const KEYS: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","kid":"k","x":"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY","y":"T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"}]}"#;

thread_local! {
    static TOKENS: RefCell<Option<(Runtime, Tokens)>> = const { RefCell::new(None) };
}

fn tokens() -> (Runtime, Tokens) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let path = std::env::temp_dir().join(format!("earshot-fuzz-{}.json", std::process::id()));
    std::fs::write(&path, KEYS).unwrap();
    let keys = Keys::new(Source::File(path.clone()), ureq::Agent::new_with_defaults());
    runtime.block_on(keys.refresh()).unwrap();
    let _gone = std::fs::remove_file(path);
    (runtime, Tokens::new(keys, "n".into()))
}

fuzz_target!(|parts: (Vec<u8>, Vec<u8>, Vec<u8>, bool)| {
    let (head, claims, signature, is_whole) = parts;
    let token = if is_whole {
        String::from_utf8_lossy(&head).into_owned()
    } else {
        [head, claims, signature].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".")
    };
    TOKENS.with_borrow_mut(|kept| {
        let (runtime, tokens) = kept.get_or_insert_with(tokens);
        assert!(runtime.block_on(tokens.grant(&token)).is_err());
        assert!(runtime.block_on(tokens.word(&token)).is_err());
    });
});
