//! The rows of the fleet: nodes, rooms, and what spaces have not been told yet.

use earshot_protocol::fleet::Beat;
use serde::Deserialize;
use worker::{Result, SqlStorage, SqlStorageValue, State, console_error};

use crate::core::fleet::placement::{self, Arriving, Node, ROOMS_MAX};
use crate::fleet::Placement;

/// Times that a space is told of its rooms: it answers, or it is deleted.
const TRIES_MAX: i64 = 12;

pub struct Store {
    sql: SqlStorage,
}

#[derive(Deserialize)]
struct NodeRow {
    id: String,
    url: String,
    region: String,
    capacity: u32,
    participants: u32,
    load: f32,
    draining: u8,
    run: String,
    version: String,
    seen_ms: i64,
    answer_ms: Option<i64>,
}

#[derive(Deserialize)]
struct CountRow {
    n: i64,
}

#[derive(Deserialize)]
struct ArrivingRow {
    participants: i64,
    listeners: i64,
}

#[derive(Deserialize)]
struct RoomRow {
    space: String,
    room: u64,
}

#[derive(Deserialize)]
struct PlacementRow {
    node: String,
    url: String,
}

/// A room whose space is to be told that its node is gone.
#[derive(Clone, Debug, Deserialize)]
pub struct Untold {
    pub space: String,
    pub room: u64,
    pub tries: i64,
}

#[derive(Deserialize)]
struct TimeRow {
    at: Option<i64>,
}

impl From<NodeRow> for Node {
    fn from(row: NodeRow) -> Self {
        let NodeRow { url, region, capacity, participants, load, run, version, .. } = row;
        let beat = Beat { url, region, capacity, participants, load, draining: row.draining != 0, run, version };
        Self { id: row.id, beat, seen_ms: row.seen_ms, answer_ms: row.answer_ms }
    }
}

impl Store {
    pub fn open(state: &State) -> Self {
        let store = Self { sql: state.storage().sql() };
        if let Err(error) = store.create() {
            console_error!("{{\"event\":\"storage_not_opened\",\"error\":{:?}}}", error.to_string());
        }
        store
    }

    fn create(&self) -> Result<()> {
        for table in [
            "CREATE TABLE IF NOT EXISTS nodes (id TEXT PRIMARY KEY, url TEXT NOT NULL, region TEXT NOT NULL, capacity INTEGER NOT NULL,
             participants INTEGER NOT NULL, load REAL NOT NULL, draining INTEGER NOT NULL, run TEXT NOT NULL, version TEXT NOT NULL,
             seen_ms INTEGER NOT NULL, answer_ms INTEGER) WITHOUT ROWID",
            "CREATE TABLE IF NOT EXISTS rooms (space TEXT NOT NULL, room INTEGER NOT NULL, node TEXT NOT NULL,
             participants INTEGER NOT NULL, placed_ms INTEGER NOT NULL, listeners INTEGER NOT NULL DEFAULT 0,
             PRIMARY KEY (space, room)) WITHOUT ROWID",
            "CREATE TABLE IF NOT EXISTS untold (space TEXT NOT NULL, room INTEGER NOT NULL, tries INTEGER NOT NULL,
             at_ms INTEGER NOT NULL, PRIMARY KEY (space, room)) WITHOUT ROWID",
        ] {
            self.run(table, Vec::new())?;
        }
        // The rooms of an installation that is older than this column go on.
        if self.run("SELECT listeners FROM rooms LIMIT 0", Vec::new()).is_err() {
            self.run("ALTER TABLE rooms ADD COLUMN listeners INTEGER NOT NULL DEFAULT 0", Vec::new())?;
        }
        Ok(())
    }

    // ---- nodes -------------------------------------------------------------------------------------------------------

    pub fn nodes(&self) -> Result<Vec<Node>> {
        let rows: Vec<NodeRow> = self.all("SELECT * FROM nodes ORDER BY id", Vec::new())?;
        Ok(rows.into_iter().map(Node::from).collect())
    }

    pub fn node(&self, id: &str) -> Result<Option<Node>> {
        let rows: Vec<NodeRow> = self.all("SELECT * FROM nodes WHERE id = ?", vec![id.into()])?;
        Ok(rows.into_iter().next().map(Node::from))
    }

    pub fn put_node(&self, node: &Node) -> Result<()> {
        let Beat { url, region, capacity, participants, load, draining, run, version } = node.beat.clone();
        self.run(
            "INSERT OR REPLACE INTO nodes (id, url, region, capacity, participants, load, draining, run, version, seen_ms, answer_ms)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            vec![
                node.id.as_str().into(),
                url.into(),
                region.into(),
                i64::from(capacity).into(),
                i64::from(participants).into(),
                f64::from(load).into(),
                i64::from(draining).into(),
                run.into(),
                version.into(),
                node.seen_ms.into(),
                node.answer_ms.into(),
            ],
        )
    }

    /// It was reached, if it is still the same run.
    pub fn reached(&self, id: &str, run: &str, answer_ms: i64) -> Result<()> {
        let values = vec![answer_ms.into(), id.into(), run.into()];
        self.run("UPDATE nodes SET answer_ms = ? WHERE id = ? AND run = ?", values)
    }

    pub fn forget_node(&self, id: &str) -> Result<()> {
        self.run("DELETE FROM nodes WHERE id = ?", vec![id.into()])
    }

    // ---- rooms -------------------------------------------------------------------------------------------------------

    /// Where a room is.
    pub fn placement(&self, space: &str, room: u64) -> Result<Option<Placement>> {
        let rows: Vec<PlacementRow> = self.all(
            "SELECT node, url FROM rooms JOIN nodes ON nodes.id = rooms.node WHERE space = ? AND room = ?",
            vec![space.into(), number(room)],
        )?;
        Ok(rows.into_iter().next().map(|PlacementRow { node, url }| Placement { node, url }))
    }

    /// A room is on a node. What was to be told of one that it was on before is over.
    pub fn put_room(&self, space: &str, room: u64, node: &str, coming: Arriving, now_ms: i64) -> Result<()> {
        if self.count("SELECT count(*) AS n FROM rooms", Vec::new())? >= ROOMS_MAX {
            // Of a room that is so old nobody has said that it ended. If it lives, its people say when its node does not.
            self.run(
                "DELETE FROM rooms WHERE (space, room) IN (SELECT space, room FROM rooms ORDER BY placed_ms LIMIT 1)",
                Vec::new(),
            )?;
        }
        self.run(
            "INSERT OR REPLACE INTO rooms (space, room, node, participants, placed_ms, listeners) VALUES (?, ?, ?, ?, ?, ?)",
            vec![
                space.into(),
                number(room),
                node.into(),
                i64::from(coming.participants).into(),
                now_ms.into(),
                i64::from(coming.listeners).into(),
            ],
        )?;
        self.told(space, &[room])
    }

    pub fn forget_room(&self, space: &str, room: u64) -> Result<()> {
        self.run("DELETE FROM rooms WHERE space = ? AND room = ?", vec![space.into(), number(room)])?;
        self.told(space, &[room])
    }

    pub fn rooms_of_space(&self, space: &str) -> Result<i64> {
        self.count("SELECT count(*) AS n FROM rooms WHERE space = ?", vec![space.into()])
    }

    pub fn rooms_on(&self, node: &str) -> Result<i64> {
        self.count("SELECT count(*) AS n FROM rooms WHERE node = ?", vec![node.into()])
    }

    /// Who of rooms that were placed since then is on the way to a node.
    pub fn arriving(&self, node: &str, since_ms: i64) -> Result<Arriving> {
        let rows: Vec<ArrivingRow> = self.all(
            "SELECT coalesce(sum(participants), 0) AS participants, coalesce(sum(listeners), 0) AS listeners
             FROM rooms WHERE node = ? AND placed_ms >= ?",
            vec![node.into(), since_ms.into()],
        )?;
        let many = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
        let arriving =
            |row: &ArrivingRow| Arriving { participants: many(row.participants), listeners: many(row.listeners) };
        Ok(rows.first().map(arriving).unwrap_or_default())
    }

    // ---- what spaces are to be told ----------------------------------------------------------------------------------

    /// A node is gone: its rooms have none from now on, and have to go elsewhere at once.
    pub fn lose_rooms(&self, node: &str, now_ms: i64) -> Result<usize> {
        let rooms = self.rooms(node)?;
        for RoomRow { space, room } in &rooms {
            self.put_untold(space, *room, now_ms)?;
        }
        self.run("DELETE FROM rooms WHERE node = ?", vec![node.into()])?;
        Ok(rooms.len())
    }

    /// A node is about to end: its rooms have to go elsewhere, each in its turn.
    pub fn empty_rooms(&self, node: &str, now_ms: i64) -> Result<usize> {
        let rooms = self.rooms(node)?;
        for (RoomRow { space, room }, at_ms) in rooms.iter().zip(placement::departures(now_ms, rooms.len())) {
            self.put_untold(space, *room, at_ms)?;
        }
        Ok(rooms.len())
    }

    /// A room that has not had its turn has it now. Whether it is one.
    pub fn hurry(&self, space: &str, room: u64, now_ms: i64) -> Result<bool> {
        let rows: Vec<RoomRow> = self.all(
            "UPDATE untold SET at_ms = ?3 WHERE space = ?1 AND room = ?2 AND tries = 0 AND at_ms > ?3 RETURNING space, room",
            vec![space.into(), number(room), now_ms.into()],
        )?;
        Ok(!rows.is_empty())
    }

    /// Those of a node; where people are just arriving comes last.
    fn rooms(&self, node: &str) -> Result<Vec<RoomRow>> {
        self.all("SELECT space, room FROM rooms WHERE node = ? ORDER BY placed_ms, space, room", vec![node.into()])
    }

    fn put_untold(&self, space: &str, room: u64, at_ms: i64) -> Result<()> {
        self.run(
            "INSERT OR REPLACE INTO untold (space, room, tries, at_ms) VALUES (?, ?, 0, ?)",
            vec![space.into(), number(room), at_ms.into()],
        )
    }

    /// What is due to be told, of so many spaces: of those that have waited longest.
    pub fn untold(&self, now_ms: i64, spaces: i64) -> Result<Vec<Untold>> {
        self.all(
            "SELECT space, room, tries FROM untold WHERE at_ms <= ?1 AND space IN
             (SELECT space FROM untold WHERE at_ms <= ?1 GROUP BY space ORDER BY min(at_ms) LIMIT ?2)",
            vec![now_ms.into(), spaces.into()],
        )
    }

    pub fn told(&self, space: &str, rooms: &[u64]) -> Result<()> {
        for &room in rooms {
            self.run("DELETE FROM untold WHERE space = ? AND room = ?", vec![space.into(), number(room)])?;
        }
        Ok(())
    }

    /// Telling failed: once more later, but not for ever.
    pub fn not_told(&self, untold: &Untold, again_ms: i64) -> Result<()> {
        if untold.tries + 1 >= TRIES_MAX {
            return self.told(&untold.space, &[untold.room]);
        }
        self.run(
            "UPDATE untold SET tries = ?, at_ms = ? WHERE space = ? AND room = ?",
            vec![(untold.tries + 1).into(), again_ms.into(), untold.space.as_str().into(), number(untold.room)],
        )
    }

    pub fn next_untold_ms(&self) -> Result<Option<i64>> {
        let rows: Vec<TimeRow> = self.all("SELECT min(at_ms) AS at FROM untold", Vec::new())?;
        Ok(rows.into_iter().next().and_then(|row| row.at))
    }

    // ---- SQL ---------------------------------------------------------------------------------------------------------

    fn run(&self, statement: &str, values: Vec<SqlStorageValue>) -> Result<()> {
        self.sql.exec(statement, values).map(|_| ())
    }

    fn all<T: for<'de> Deserialize<'de>>(&self, statement: &str, values: Vec<SqlStorageValue>) -> Result<Vec<T>> {
        self.sql.exec(statement, values)?.to_array()
    }

    fn count(&self, statement: &str, values: Vec<SqlStorageValue>) -> Result<i64> {
        Ok(self.all::<CountRow>(statement, values)?.first().map_or(0, |row| row.n))
    }
}

/// Rooms are counted up from 1 and pass through JavaScript as doubles.
fn number(room: u64) -> SqlStorageValue {
    i64::try_from(room).unwrap_or(i64::MAX).into()
}
