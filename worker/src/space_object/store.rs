//! The few rows a space keeps in its object's own storage.

use earshot_protocol::SessionId;
use earshot_space::{ConnectionId, Stored};
use worker::{Result, SqlStorage, SqlStorageValue, State, console_error};

const SPACE: &str = "space";
const TEMPLATE: &str = "template";
const SPACE_ID: &str = "space_id";
/// Followed by the session's number.
const LOST: &str = "lost/";

pub struct Store {
    sql: SqlStorage,
}

impl Store {
    pub fn open(state: &State) -> Self {
        let store = Self { sql: state.storage().sql() };
        if let Err(error) = store.create() {
            console_error!("{{\"event\":\"storage_not_opened\",\"error\":{:?}}}", error.to_string());
        }
        store
    }

    /// Which map the space has.
    pub fn template(&self) -> Option<String> {
        self.get(TEMPLATE).ok()?.and_then(|bytes| String::from_utf8(bytes).ok())
    }

    pub fn set_template(&self, template: &str) -> Result<()> {
        self.put(TEMPLATE, template.as_bytes().to_vec())
    }

    /// Under which id the space is known outside.
    pub fn space_id(&self) -> Option<String> {
        self.get(SPACE_ID).ok()?.and_then(|bytes| String::from_utf8(bytes).ok())
    }

    pub fn set_space_id(&self, id: &str) -> Result<()> {
        self.put(SPACE_ID, id.as_bytes().to_vec())
    }

    /// Everything the engine had kept, with what lay in the sockets' attachments.
    pub fn load(&self, connections: Vec<(ConnectionId, Vec<u8>)>) -> Result<Stored> {
        let rows = self.sql.exec("SELECT value FROM kept WHERE name LIKE 'lost/%'", None)?;
        let lost = rows.raw().filter_map(|row| first_blob(row.ok()?)).collect();
        let rows = self.sql.exec("SELECT record FROM messages ORDER BY id", None)?;
        let messages = rows.raw().filter_map(|row| first_blob(row.ok()?)).collect();
        Ok(Stored { space: self.get(SPACE)?, lost, connections, messages })
    }

    pub fn save_message(&self, id: u64, record: Vec<u8>) -> Result<()> {
        let statement = "INSERT OR REPLACE INTO messages (id, record) VALUES (?, ?)";
        self.sql.exec(statement, vec![(id as i64).into(), record.into()]).map(|_| ())
    }

    pub fn forget_messages(&self, up_to: u64) -> Result<()> {
        self.sql.exec("DELETE FROM messages WHERE id <= ?", vec![(up_to as i64).into()]).map(|_| ())
    }

    pub fn save_space(&self, record: Vec<u8>) -> Result<()> {
        self.put(SPACE, record)
    }

    pub fn save_lost(&self, id: SessionId, record: Vec<u8>) -> Result<()> {
        self.put(&format!("{LOST}{}", id.0), record)
    }

    pub fn forget_lost(&self, id: SessionId) -> Result<()> {
        let name = format!("{LOST}{}", id.0);
        self.sql.exec("DELETE FROM kept WHERE name = ?", vec![name.into()]).map(|_| ())
    }

    pub fn forget_all(&self) -> Result<()> {
        self.sql.exec("DELETE FROM messages", None)?;
        self.sql.exec("DELETE FROM kept", None).map(|_| ())
    }

    fn create(&self) -> Result<()> {
        self.sql
            .exec("CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID", None)?;
        self.sql
            .exec("CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY, record BLOB NOT NULL)", None)
            .map(|_| ())
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let rows = self.sql.exec("SELECT value FROM kept WHERE name = ?", vec![name.into()])?;
        Ok(rows.raw().next().transpose()?.and_then(first_blob))
    }

    fn put(&self, name: &str, value: Vec<u8>) -> Result<()> {
        let statement =
            "INSERT INTO kept (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.sql.exec(statement, vec![name.into(), value.into()]).map(|_| ())
    }
}

fn first_blob(row: Vec<SqlStorageValue>) -> Option<Vec<u8>> {
    match row.into_iter().next() {
        Some(SqlStorageValue::Blob(bytes)) => Some(bytes),
        _ => None,
    }
}
