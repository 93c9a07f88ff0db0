//! Decisions without the platform: no clock, no database, no request. Everything here is tested natively.

pub mod admission;
pub mod chat;
pub mod cookies;
pub mod counts;
pub mod directs;
pub mod email;
pub mod es256;
pub mod fleet;
pub mod ids;
pub mod jwt;
pub mod network;
pub mod notices;
pub mod origin;
pub mod push;
pub mod refresh;
pub mod search;
pub mod turn;
pub mod webauthn;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_text_is_fatal(text in any::<String>(), other in "[ -~]{0,80}") {
            for text in [&text, &other] {
                let _ = cookies::read(text, cookies::ACCESS);
                let sender = origin::Sender { origin: Some(text), host: &other, has_bearer: false, has_session_cookie: true };
                let _ = (sender.may_change_state(), sender.may_open_socket());
                let _ = email::normalise(text);
                let _ = email::password_fault(text, &other);
                let _ = (ids::is_user_id(text), ids::is_space_id(text));
                prop_assert_eq!(jwt::verify(&[7; 32], text, 0), None);
                prop_assert!(fleet::tokens::read_grant(text, &other, "commons", 0).is_none());
                let _ = (es256::SigningKey::parse(text).is_some(), fleet::placement::is_node_id(text));
            }
        }

        #[test]
        fn a_page_elsewhere_is_never_ours(host in "[a-z]{1,8}(\\.[a-z]{2,5})?(:[0-9]{2,5})?", other in "[a-z]{1,8}(\\.[a-z]{2,5})?(:[0-9]{2,5})?") {
            let port = |text: &str| text.trim_end_matches(":443").to_owned();
            let origin = format!("https://{other}");
            let sender = origin::Sender { origin: Some(&origin), host: &host, has_bearer: true, has_session_cookie: false };
            prop_assert_eq!(sender.may_change_state(), port(&host) == port(&other));
        }
    }
}
