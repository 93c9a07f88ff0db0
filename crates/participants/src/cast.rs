//! Several participants of one space, by number: they come, are told what to do, and say what they heard.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use earshot_bots::api::Access;
use earshot_world::{Map, tiled};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::company::Manner;
use crate::participant::{self, Command, Level, Notice, Settings};
use crate::report::Report;

/// Whoever does not answer by then is too busy to be asked.
const REPORT_MAX: Duration = Duration::from_secs(5);

/// Where they go, and as whom.
#[derive(Clone, Debug)]
pub struct Casting {
    pub url: String,
    pub space: String,
    /// Their names are this and a number.
    pub name: String,
    pub seed: u64,
    pub manner: Manner,
}

struct Member {
    commands: mpsc::UnboundedSender<Command>,
    task: JoinHandle<()>,
}

pub struct Cast {
    casting: Casting,
    members: BTreeMap<usize, Member>,
    map: Option<Arc<Map>>,
    notices: mpsc::UnboundedSender<(usize, Notice)>,
    came: u64,
}

impl Cast {
    /// What becomes of the members is told through `notices`.
    pub fn new(casting: Casting, notices: mpsc::UnboundedSender<(usize, Notice)>) -> Self {
        Self { casting, members: BTreeMap::new(), map: None, notices, came: 0 }
    }

    pub fn len(&self) -> usize {
        self.members.len()
    }

    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Signs somebody in, and sends them to a tile.
    pub async fn join(&mut self, n: usize, at: Option<(i32, i32)>, level: Level) -> anyhow::Result<()> {
        let Casting { url, space, name, seed, manner } = self.casting.clone();
        let name = format!("{name} {n}");
        let has_map = self.map.is_some();
        let (access, map) = tokio::task::spawn_blocking(move || {
            let access = Access::guest(&url, &space, &name)?;
            let map = if has_map { None } else { Some(Arc::new(tiled::read(&access.map()?)?)) };
            anyhow::Ok((access, map))
        })
        .await?
        .with_context(|| format!("participant {n} could not join"))?;
        self.map = map.or(self.map.take());
        let map = self.map.clone().context("the space has no map")?;
        self.came += 1;
        let seed = seed.wrapping_mul(1_000_003).wrapping_add(self.came);
        let settings = Settings { n, seed, at, level, manner };
        let (commands, orders) = mpsc::unbounded_channel();
        let task = tokio::spawn(participant::run(access, map, settings, orders, self.notices.clone()));
        if let Some(before) = self.members.insert(n, Member { commands, task }) {
            before.task.abort();
        }
        Ok(())
    }

    /// False: there is none of this number.
    pub fn tell(&mut self, n: usize, command: Command) -> bool {
        self.members.get(&n).is_some_and(|member| member.commands.send(command).is_ok())
    }

    /// Somebody goes, and has gone when this returns.
    pub async fn leave(&mut self, n: usize) -> bool {
        let Some(member) = self.members.remove(&n) else { return false };
        // It has gone already, or does now.
        let _gone = member.commands.send(Command::Leave);
        member.task.await.is_ok()
    }

    pub fn forget(&mut self) {
        for n in self.members.keys().copied().collect::<Vec<_>>() {
            self.tell(n, Command::Forget);
        }
    }

    pub async fn report(&self) -> Vec<Report> {
        let mut waiting = Vec::new();
        for member in self.members.values() {
            let (to, report) = oneshot::channel();
            if member.commands.send(Command::Report(to)).is_ok() {
                waiting.push(report);
            }
        }
        let mut reports = Vec::new();
        for report in waiting {
            if let Ok(Ok(report)) = tokio::time::timeout(REPORT_MAX, report).await {
                reports.push(report);
            }
        }
        reports
    }

    pub async fn close(&mut self) {
        for n in self.members.keys().copied().collect::<Vec<_>>() {
            self.leave(n).await;
        }
    }
}

/// Places around a tile, the nearest first, `spread` tiles apart: a spiral of squares.
pub fn place((x, y): (i32, i32), spread: i32, index: usize) -> (i32, i32) {
    let index = i32::try_from(index).unwrap_or(0);
    let mut ring = 0;
    while (2 * ring + 1) * (2 * ring + 1) <= index {
        ring += 1;
    }
    if ring == 0 {
        return (x, y);
    }
    let first = (2 * ring - 1) * (2 * ring - 1);
    let (side, step) = ((index - first) / (2 * ring), (index - first) % (2 * ring));
    let (dx, dy) = match side {
        0 => (-ring + step, -ring),
        1 => (ring, -ring + step),
        2 => (ring - step, ring),
        _ => (-ring, ring - step),
    };
    (x + dx * spread, y + dy * spread)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn everybody_has_a_place_of_their_own_and_the_first_are_nearest() {
        let places: Vec<_> = (0..100).map(|index| place((40, 12), 2, index)).collect();
        assert_eq!(places.iter().collect::<BTreeSet<_>>().len(), 100);
        assert_eq!(places.first(), Some(&(40, 12)));
        let far = |&(x, y): &(i32, i32)| (x - 40).abs().max((y - 12).abs());
        assert!(places.iter().map(far).is_sorted());
        assert_eq!(places.get(8).map(far), Some(2));
        assert_eq!(places.get(80).map(far), Some(8));
    }
}
