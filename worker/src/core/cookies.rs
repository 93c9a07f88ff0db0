//! The two cookies of a session, read and written.

/// The access token: sent everywhere, because WebSockets need it too.
pub const ACCESS: &str = "earshot_access";
/// The refresh token: sent only where it is of use.
pub const REFRESH: &str = "earshot_refresh";
const REFRESH_PATH: &str = "/api/auth";

/// The value of a cookie in a `Cookie` header. The first one counts: browsers send the most specific path first.
pub fn read<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    header.split(';').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        (key.trim() == name).then(|| value.trim()).filter(|value| !value.is_empty())
    })
}

/// A `Set-Cookie` that scripts and other sites cannot use. An age of zero removes it.
fn write(name: &str, value: &str, path: &str, max_age_s: i64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path={path}; Max-Age={max_age_s}; HttpOnly; SameSite=Lax{secure}")
}

/// Both cookies of a fresh session.
pub fn issue(access: &str, access_age_s: i64, refresh: &str, refresh_age_s: i64, secure: bool) -> [String; 2] {
    [write(ACCESS, access, "/", access_age_s, secure), write(REFRESH, refresh, REFRESH_PATH, refresh_age_s, secure)]
}

/// Both cookies, gone.
pub fn clear(secure: bool) -> [String; 2] {
    issue("", 0, "", 0, secure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others_and_only_by_its_whole_name() {
        let header = "a=1; xearshot_access=no; earshot_access=yes; earshot_access=later";
        assert_eq!(read(header, ACCESS), Some("yes"));
        assert_eq!(read("earshot_access", ACCESS), None);
        assert_eq!(read("earshot_access=", ACCESS), None);
        assert_eq!(read(";;=;", ACCESS), None);
    }

    #[test]
    fn cookies_are_out_of_reach_of_scripts_and_secure_over_https() {
        let [access, refresh] = issue("t", 900, "r", 2_592_000, true);
        assert_eq!(access, "earshot_access=t; Path=/; Max-Age=900; HttpOnly; SameSite=Lax; Secure");
        assert!(refresh.contains("Path=/api/auth;"));
        assert!(!clear(false)[0].contains("Secure") && clear(false)[0].contains("Max-Age=0"));
    }
}
