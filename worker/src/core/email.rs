//! E-mail addresses and passwords, as far as they can be judged without sending anything.
//!
//! Absent on purpose: the full grammar of addresses. Only a message that arrives proves one.

/// Longest address that mail servers must accept.
const EMAIL_BYTES_MAX: usize = 254;
const LOCAL_BYTES_MAX: usize = 64;
/// Shortest password; the advice of NIST SP 800-63B.
pub const PASSWORD_CHARS_MIN: usize = 8;
/// Longest password: hashing an endless one would be an attack.
pub const PASSWORD_CHARS_MAX: usize = 128;

/// The commonest passwords of eight characters and more; the first ones that anybody tries.
const COMMON: [&str; 16] = [
    "12345678",
    "123456789",
    "1234567890",
    "password",
    "password1",
    "password123",
    "qwertyui",
    "qwertyuiop",
    "11111111",
    "00000000",
    "iloveyou",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "abcd1234",
];

/// The address in the one form in which it is compared, or none if it cannot be one.
pub fn normalise(text: &str) -> Option<String> {
    let email = text.trim().to_lowercase();
    let (local, domain) = email.split_once('@')?;
    let plain = |text: &str| {
        !text.is_empty()
            && text.chars().all(|c| c.is_alphanumeric() || (c.is_ascii_graphic() && !"@\"(),:;<>[]\\".contains(c)))
    };
    let labels = domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
    (email.len() <= EMAIL_BYTES_MAX
        && local.len() <= LOCAL_BYTES_MAX
        && plain(local)
        && plain(domain)
        && labels
        && domain.contains('.'))
    .then_some(email)
}

/// Why a password was refused, as a sentence.
pub fn password_fault(password: &str, email: &str) -> Option<&'static str> {
    let chars = password.chars().count();
    if chars < PASSWORD_CHARS_MIN {
        return Some("Choose a password of at least 8 characters.");
    }
    if chars > PASSWORD_CHARS_MAX {
        return Some("A password can have at most 128 characters.");
    }
    let lower = password.to_lowercase();
    if COMMON.contains(&lower.as_str()) || lower == email {
        return Some("That password is among the first that anyone would try; choose another.");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_one_form() {
        assert_eq!(normalise("  Ada@Example.ORG ").as_deref(), Some("ada@example.org"));
        assert!(normalise("first.last+tag@sub.example.org").is_some());
        for bad in
            ["", "ada", "@example.org", "ada@", "ada@localhost", "a@b@c.d", "a b@c.d", "a@b..c", "a@-b.c", "a\n@b.c"]
        {
            assert_eq!(normalise(bad), None, "{bad:?}");
        }
        assert_eq!(normalise(&format!("{}@b.cd", "a".repeat(65))), None);
        assert_eq!(normalise(&format!("a@{}.cd", "b".repeat(260))), None);
    }

    #[test]
    fn weak_passwords_are_told_why() {
        assert!(password_fault("short", "").is_some());
        assert!(password_fault("Password123", "").is_some());
        assert!(password_fault("ada@example.org", "ada@example.org").is_some());
        assert!(password_fault(&"x".repeat(129), "").is_some());
        assert_eq!(password_fault("äöüßäöüß", ""), None);
    }
}
