//! D1, behind functions that say what they do. SQL lives here and nowhere else; every value is bound, never spliced.

pub mod blocks;
pub mod channels;
pub mod directs;
pub mod entries;
pub mod erasures;
pub mod messages;
pub mod moderation;
pub mod notices;
pub mod passkeys;
pub mod passwords;
pub mod push;
pub mod refresh;
pub mod retention;
pub mod search;
pub mod spaces;
pub mod users;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use worker::wasm_bindgen::JsValue;
use worker::{D1Database, D1PreparedStatement, Env, Result};

#[derive(Deserialize)]
struct IdRow {
    id: i64,
}

#[derive(Deserialize)]
struct CountRow {
    n: i64,
}

/// The database.
pub struct Db(D1Database);

/// A bound value. Integers go through a double: times in milliseconds fit one for 285,000 years.
pub enum Arg<'a> {
    Text(&'a str),
    Int(i64),
    Null,
}

impl From<Arg<'_>> for JsValue {
    fn from(arg: Arg<'_>) -> Self {
        match arg {
            Arg::Text(text) => Self::from_str(text),
            Arg::Int(number) => Self::from_f64(number as f64),
            Arg::Null => Self::NULL,
        }
    }
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Arg<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Arg<'_> {
    fn from(flag: bool) -> Self {
        Self::Int(i64::from(flag))
    }
}

impl<'a, T: Into<Arg<'a>>> From<Option<T>> for Arg<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl Db {
    pub fn of(env: &Env) -> Result<Self> {
        env.d1("DB").map(Self)
    }

    fn statement<const N: usize>(&self, sql: &str, args: [Arg<'_>; N]) -> Result<D1PreparedStatement> {
        self.0.prepare(sql).bind(&args.map(JsValue::from))
    }

    async fn first<T: DeserializeOwned, const N: usize>(&self, sql: &str, args: [Arg<'_>; N]) -> Result<Option<T>> {
        self.statement(sql, args)?.first(None).await
    }

    async fn all<T: DeserializeOwned, const N: usize>(&self, sql: &str, args: [Arg<'_>; N]) -> Result<Vec<T>> {
        self.statement(sql, args)?.all().await?.results()
    }

    /// The same for statements whose number of values varies.
    async fn all_of<T: DeserializeOwned>(&self, sql: &str, args: Vec<Arg<'_>>) -> Result<Vec<T>> {
        let args: Vec<JsValue> = args.into_iter().map(JsValue::from).collect();
        self.0.prepare(sql).bind(&args)?.all().await?.results()
    }

    /// How many rows it changed.
    async fn run<const N: usize>(&self, sql: &str, args: [Arg<'_>; N]) -> Result<usize> {
        let result = self.statement(sql, args)?.run().await?;
        Ok(result.meta()?.and_then(|meta| meta.changes).unwrap_or(0))
    }

    /// All or nothing. How many rows each changed.
    async fn batch(&self, statements: Vec<D1PreparedStatement>) -> Result<Vec<usize>> {
        let results = self.0.batch(statements).await?;
        results.iter().map(|result| Ok(result.meta()?.and_then(|meta| meta.changes).unwrap_or(0))).collect()
    }

    fn note(&self, at: i64, actor: &str, space: Option<&str>, action: &str) -> Result<D1PreparedStatement> {
        self.statement(
            "INSERT INTO audit (at, actor_id, space_id, action) VALUES (?1, ?2, ?3, ?4)",
            [at.into(), actor.into(), space.into(), action.into()],
        )
    }

    /// The same, only where something holds of ?1, the actor, and ?2.
    fn note_where(&self, at: i64, actor: &str, action: &str, holds: &str, of: &str) -> Result<D1PreparedStatement> {
        self.statement(
            &format!("INSERT INTO audit (at, actor_id, action) SELECT ?3, ?1, ?4 WHERE {holds}"),
            [actor.into(), of.into(), at.into(), action.into()],
        )
    }
}

/// Did a statement fail because the value is taken?
pub fn is_taken(error: &worker::Error) -> bool {
    error.to_string().contains("UNIQUE constraint failed")
}
