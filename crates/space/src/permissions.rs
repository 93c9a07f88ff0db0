//! Who may do what in a space. The Worker, the object and (through the API's `may` list) the interface all ask here.

use serde::{Deserialize, Serialize};

pub use earshot_protocol::Role;

/// What one may want to do in a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Be there, walk, be seen.
    Enter,
    /// See the list of its members.
    ListMembers,
    /// Pass its link on.
    Share,
    /// Change name, description or who may enter.
    EditSpace,
    /// Delete what others wrote, see what it was, read reports, shut people out.
    Moderate,
    DeleteSpace,
}

impl Action {
    /// All of them, for lists of what a role may do.
    pub const ALL: [Self; 6] =
        [Self::Enter, Self::ListMembers, Self::Share, Self::EditSpace, Self::Moderate, Self::DeleteSpace];
}

/// The one decision.
pub fn may(role: Role, action: Action) -> bool {
    let least = match action {
        Action::Enter | Action::ListMembers | Action::Share => Role::Guest,
        Action::EditSpace | Action::Moderate => Role::Admin,
        Action::DeleteSpace => Role::Owner,
    };
    role >= least
}

/// All a role may do, in [`Action::ALL`]'s order.
pub fn all_that(role: Role) -> Vec<Action> {
    Action::ALL.into_iter().filter(|&action| may(role, action)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stronger_role_may_do_all_that_a_weaker_one_may() {
        let roles = [Role::Guest, Role::Member, Role::Admin, Role::Owner];
        for pair in roles.windows(2) {
            assert!(all_that(pair[0]).iter().all(|&action| may(pair[1], action)));
        }
        assert!(!may(Role::Member, Action::EditSpace));
        assert!(!may(Role::Admin, Action::DeleteSpace));
    }
}
