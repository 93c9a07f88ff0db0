//! Who stands how to a space. What a standing allows is decided by `earshot_space::permissions::may` alone.

use earshot_space::permissions::Role;
use serde::{Deserialize, Serialize};

/// Who is let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// Whoever has the link.
    Link,
    /// Only those who are members already.
    Members,
}

impl Access {
    /// As the database has it; what it does not know is the stricter one.
    pub fn from_text(text: &str) -> Self {
        if text == "link" { Self::Link } else { Self::Members }
    }

    pub fn as_text(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Members => "members",
        }
    }
}

/// The database's word for a role.
pub fn role_text(role: Role) -> &'static str {
    match role {
        Role::Guest => "guest",
        Role::Member => "member",
        Role::Admin => "admin",
        Role::Owner => "owner",
    }
}

/// And back.
pub fn role_from_text(text: &str) -> Option<Role> {
    [Role::Guest, Role::Member, Role::Admin, Role::Owner].into_iter().find(|&role| role_text(role) == text)
}

/// What a kept role is worth now: who came by the link is out when the link no longer admits.
pub fn standing(access: Access, kept: Option<Role>) -> Option<Role> {
    kept.filter(|&role| access == Access::Link || role > Role::Guest)
}

/// May one know that the space exists? To have its link is to know.
pub fn may_know(access: Access, standing: Option<Role>) -> bool {
    access == Access::Link || standing.is_some()
}

/// The role with which one joins, or none where one may not.
pub fn join(access: Access, kept: Option<Role>, is_guest: bool) -> Option<Role> {
    match (standing(access, kept), access) {
        // A guest who has made an account since is a member from now on.
        (Some(Role::Guest) | None, Access::Link) => Some(if is_guest { Role::Guest } else { Role::Member }),
        (Some(role), _) => Some(role),
        (None, Access::Members) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_admits_everyone_as_what_they_are() {
        assert_eq!(join(Access::Link, None, true), Some(Role::Guest));
        assert_eq!(join(Access::Link, None, false), Some(Role::Member));
        assert_eq!(join(Access::Link, Some(Role::Guest), false), Some(Role::Member));
        assert_eq!(join(Access::Link, Some(Role::Owner), true), Some(Role::Owner));
    }

    #[test]
    fn a_closed_space_is_unknown_to_strangers_and_to_former_guests() {
        for kept in [None, Some(Role::Guest)] {
            assert_eq!(standing(Access::Members, kept), None);
            assert!(!may_know(Access::Members, standing(Access::Members, kept)));
            assert_eq!(join(Access::Members, kept, true), None);
        }
        assert_eq!(join(Access::Members, Some(Role::Member), false), Some(Role::Member));
    }

    #[test]
    fn roles_survive_the_database_and_nonsense_is_no_role() {
        for role in [Role::Guest, Role::Member, Role::Admin, Role::Owner] {
            assert_eq!(role_from_text(role_text(role)), Some(role));
        }
        assert_eq!(role_from_text("root"), None);
        assert_eq!(Access::from_text("whatever"), Access::Members);
    }
}
