//! Rate limits, counted by the platform. They are per data centre and approximate: a brake for abuse, not a quota.
//!
//! The numbers are in wrangler.toml. A binding that is missing limits nothing, and `RATE_LIMITS = "off"` (for load
//! tests on one's own machine, where everyone has one address) switches all of them off.

use crate::context::Context;
use crate::core::ids;
use crate::error::{Answer, ApiError};

/// What is limited, each with a binding of its own.
#[derive(Clone, Copy)]
pub enum Limit {
    /// Guests made, by network. Generous: a whole class comes through one.
    Guest,
    /// Accounts made, passwords and passkeys tried or changed, sessions ended, by network. A class has one address here too.
    SignIn,
    /// Passwords tried, by e-mail address and network.
    Password,
    /// Passwords tried, by e-mail address: many machines may try one account.
    Account,
    /// Sockets opened, by user: each costs queries and a place in an object. A tab that fails again and again knocks a dozen times
    /// in its first minute and half as often from then on (client-core's `link.rs`): five may do so at once.
    Socket,
    /// Spaces made, by user.
    CreateSpace,
    /// Credentials for the relay, by user. One is needed an hour, and one at each reload or change of network.
    Ice,
    /// Messages edited, deleted and reacted to, by user. Each wakes an object: two a second are more than hands do.
    Change,
    /// Searches and exports, by user: each reads thousands of rows.
    Search,
    /// Reports, by user: somebody has to read them.
    Report,
    /// Media rooms joined, by user. Who walks through a crowd of zones joins a few in a minute, and each once more when a node ends.
    MediaJoin,
    /// Rings, by the two: one may be asked again, not pestered.
    Ring,
}

impl Limit {
    fn binding(self) -> &'static str {
        match self {
            Self::Guest => "LIMIT_GUEST",
            Self::SignIn => "LIMIT_SIGN_IN",
            Self::Password => "LIMIT_PASSWORD",
            Self::Account => "LIMIT_ACCOUNT",
            Self::Socket => "LIMIT_SOCKET",
            Self::CreateSpace => "LIMIT_CREATE_SPACE",
            Self::Ice => "LIMIT_ICE",
            Self::Change => "LIMIT_CHANGE",
            Self::Search => "LIMIT_SEARCH",
            Self::Report => "LIMIT_REPORT",
            Self::MediaJoin => "LIMIT_MEDIA_JOIN",
            Self::Ring => "LIMIT_RING",
        }
    }
}

/// Counts a password that is tried, wherever: to sign in, or as the current one. Whoever tries somebody's from elsewhere does not
/// shut them out.
pub async fn spend_password(context: &Context, email: &str) -> Answer<()> {
    spend(context, Limit::Password, &ids::token_hash(&format!("{email} {}", context.network))).await?;
    spend(context, Limit::Account, &ids::token_hash(email)).await
}

/// Counts one use, before any work is done for it.
pub async fn spend(context: &Context, limit: Limit, key: &str) -> Answer<()> {
    let is_off = context.env.var("RATE_LIMITS").is_ok_and(|value| value.to_string() == "off");
    if is_off {
        return Ok(());
    }
    let Ok(limiter) = context.env.rate_limiter(limit.binding()) else { return Ok(()) };
    if limiter.limit(key.to_owned()).await?.success {
        return Ok(());
    }
    Err(ApiError::new(429, "too_many_requests", "That was too often. Wait a minute and try again."))
}
