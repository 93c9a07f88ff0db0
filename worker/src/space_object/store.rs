//! The few rows a space keeps in its object's own storage.

use earshot_protocol::SessionId;
use earshot_space::{ConnectionId, Stored};
use serde::Deserialize;
use worker::{Result, SqlStorage, SqlStorageValue, State, console_error};

use crate::fleet::Placement;

const SPACE: &str = "space";
const TEMPLATE: &str = "template";
const SPACE_ID: &str = "space_id";
const REGION: &str = "region";
/// Followed by the session's number.
const LOST: &str = "lost/";

#[derive(Deserialize)]
struct RoomRow {
    room: u64,
}

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

    /// Where in the world the space is at home.
    pub fn region(&self) -> Option<String> {
        self.get(REGION).ok()?.and_then(|bytes| String::from_utf8(bytes).ok())
    }

    /// Writes nothing where it is known already.
    pub fn set_region(&self, region: &str) -> Result<()> {
        if region.is_empty() || self.region().as_deref() == Some(region) {
            return Ok(());
        }
        self.put(REGION, region.as_bytes().to_vec())
    }

    /// The media rooms that are on nodes.
    pub fn media_rooms(&self) -> Result<Vec<u64>> {
        let rows: Vec<RoomRow> = self.sql.exec("SELECT room FROM media_rooms ORDER BY room", None)?.to_array()?;
        Ok(rows.into_iter().map(|row| row.room).collect())
    }

    /// Which node a media room is on.
    pub fn media_room(&self, room: u64) -> Result<Option<Placement>> {
        let statement = "SELECT node, url FROM media_rooms WHERE room = ?";
        let rows: Vec<Placement> = self.sql.exec(statement, vec![(room as i64).into()])?.to_array()?;
        Ok(rows.into_iter().next())
    }

    pub fn put_media_room(&self, room: u64, Placement { node, url }: &Placement) -> Result<()> {
        let statement = "INSERT OR REPLACE INTO media_rooms (room, node, url) VALUES (?, ?, ?)";
        self.sql.exec(statement, vec![(room as i64).into(), node.as_str().into(), url.as_str().into()]).map(|_| ())
    }

    pub fn forget_media_room(&self, room: u64) -> Result<()> {
        self.sql.exec("DELETE FROM media_rooms WHERE room = ?", vec![(room as i64).into()]).map(|_| ())
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
        self.sql.exec("DELETE FROM media_rooms", None)?;
        self.sql.exec("DELETE FROM kept", None).map(|_| ())
    }

    fn create(&self) -> Result<()> {
        self.sql
            .exec("CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID", None)?;
        self.sql.exec(
            "CREATE TABLE IF NOT EXISTS media_rooms (room INTEGER PRIMARY KEY, node TEXT NOT NULL, url TEXT NOT NULL)",
            None,
        )?;
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
