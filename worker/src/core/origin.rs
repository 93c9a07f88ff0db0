//! Whose page sent this? The one defence against other sites acting through a visitor's cookies.
//!
//! Browsers put `Origin` on every request that changes state and on every WebSocket upgrade. What has none comes from
//! a program, and a program may act only by what it was given on purpose: a bearer token, or nothing at all.

/// What the request says about itself.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    pub origin: Option<&'a str>,
    /// The host it was sent to, with its port.
    pub host: &'a str,
    pub has_bearer: bool,
    /// Any cookie of ours.
    pub has_session_cookie: bool,
}

impl Sender<'_> {
    /// May it change state?
    pub fn may_change_state(&self) -> bool {
        match self.origin {
            Some(origin) => is_same_host(origin, self.host),
            None => self.has_bearer || !self.has_session_cookie,
        }
    }

    /// May it open a WebSocket? Stricter: an upgrade is a GET, so a cookie would come along.
    pub fn may_open_socket(&self) -> bool {
        match self.origin {
            Some(origin) => is_same_host(origin, self.host),
            None => self.has_bearer,
        }
    }
}

/// The scheme is not compared: behind a proxy that ends TLS the Worker sees another one than the browser.
fn is_same_host(origin: &str, host: &str) -> bool {
    let Some((scheme, authority)) = origin.split_once("://") else { return false };
    let default_port = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => return false,
    };
    let bare = |text: &str| text.strip_suffix(default_port).unwrap_or(text).to_ascii_lowercase();
    !authority.is_empty() && bare(authority) == bare(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender(origin: Option<&str>) -> Sender<'_> {
        Sender { origin, host: "earshot.example", has_bearer: false, has_session_cookie: true }
    }

    #[test]
    fn only_our_own_pages_may_act_with_cookies() {
        assert!(sender(Some("https://earshot.example")).may_change_state());
        assert!(sender(Some("https://EARSHOT.example:443")).may_open_socket());
        for other in [
            "null",
            "",
            "https://",
            "https://evil.example",
            "https://earshot.example.evil.example",
            "https://earshot.example:8443",
            "https://evil.example/https://earshot.example",
            "file://earshot.example",
            "earshot.example",
        ] {
            assert!(!sender(Some(other)).may_change_state(), "{other}");
            assert!(!sender(Some(other)).may_open_socket(), "{other}");
        }
        assert!(!sender(None).may_change_state());
    }

    #[test]
    fn programs_act_by_bearer_token_or_start_with_nothing() {
        let program = Sender { has_session_cookie: false, ..sender(None) };
        assert!(program.may_change_state());
        assert!(!program.may_open_socket());
        assert!(Sender { has_bearer: true, ..program }.may_open_socket());
    }
}
