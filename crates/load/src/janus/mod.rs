//! A node beside Janus: the same native people, all to all, each with a voice and a picture in one size, in the same run; and what a packet that
//! arrived cost the server. `cargo xtask bench sfu --janus`, as root, where Janus is installed; elsewhere it says so and does nothing.
//!
//! Absent on purpose: several sizes of a picture, of which Janus would have to choose, and people who come and go.

mod person;
mod place;
mod server;

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::{Context, ensure};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use self::person::{Notes, Person};
use self::place::Place;
use self::server::Janus;
use crate::node::Node;
use crate::signer::{ROOM, Signer};

/// Whom each hears, and sees: as many as the node would give it in the end.
const VOICES: u32 = 8;
const PICTURES: u32 = 12;
/// Until layers, voices and estimates have settled.
const SETTLES: Duration = Duration::from_secs(8);

struct Figures {
    received_per_s: f64,
    cpu_per_100k: f64,
    delay_p50_ms: f64,
    delay_p99_ms: f64,
}

/// Both, twice, so that it is seen how much they vary.
pub async fn compare(node: &Path, count: u32, seconds: u64) -> anyhow::Result<()> {
    if let Err(why) = Place::is_possible() {
        println!("not compared with Janus: {why}");
        return Ok(());
    }
    for _ in 0..2 {
        let ours = of_node(node, count, seconds).await.context("the node")?;
        let theirs = of_janus(count, seconds).await.context("Janus")?;
        print("node", &ours);
        print("janus", &theirs);
        println!("node to Janus, CPU for a packet: {:.2}", ours.cpu_per_100k / theirs.cpu_per_100k);
    }
    Ok(())
}

fn print(what: &str, figures: &Figures) {
    println!(
        "{what}: {:.0} packets/s received; {:.2} CPU s per 100,000; delay p50 {:.1} ms, p99 {:.1}",
        figures.received_per_s, figures.cpu_per_100k, figures.delay_p50_ms, figures.delay_p99_ms
    );
}

async fn of_node(program: &Path, count: u32, seconds: u64) -> anyhow::Result<Figures> {
    let place = Place::new()?;
    let signer = Arc::new(Signer::new()?);
    let node = Arc::new(Node::start_at(place.command(program), place.theirs, &signer, 1)?);
    node.tell(&signer, &[(1..=count).collect()])?;
    let notes = Arc::new(Notes::default());
    let mut people = Vec::new();
    for session in 1..=count {
        let (mut person, offer) = Person::for_node(session, others(session, count, PICTURES), place.ours.into())?;
        let (grant, joins) = (signer.grant(ROOM, session)?, Arc::clone(&node));
        let answer = tokio::task::spawn_blocking(move || joins.join(&grant, &offer)).await??;
        person.answered(&answer)?;
        people.push(tokio::spawn(person.live(Arc::clone(&notes), mpsc::unbounded_channel().1)));
    }
    measure(&notes, people, seconds, || node.cpu_s()).await
}

async fn of_janus(count: u32, seconds: u64) -> anyhow::Result<Figures> {
    let place = Place::new()?;
    let janus = Arc::new(Janus::start(&place)?);
    let notes = Arc::new(Notes::default());
    let (mut people, mut hands) = (Vec::new(), Vec::new());
    for session in 1..=count {
        let (mut person, offer) = Person::for_janus(session, place.ours.into())?;
        let joins = Arc::clone(&janus);
        let answer = tokio::task::spawn_blocking(move || joins.publish(session, &offer)).await??;
        person.answered(&answer)?;
        let (hand, taken) = mpsc::unbounded_channel();
        hands.push((hand, person.lines()));
        people.push(tokio::spawn(person.live(Arc::clone(&notes), taken)));
    }
    // What is subscribed to has to be there.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let lines: Vec<_> = hands.iter().map(|(_, lines)| lines.clone()).collect();
    for (session, (hand, _)) in (1..=count).zip(&hands) {
        let line = |other: u32| lines.get(other as usize - 1).cloned().map(|lines| (other, lines));
        let voices = others(session, count, VOICES).into_iter().filter_map(line).map(|(other, lines)| (other, lines.0));
        let pictures =
            others(session, count, PICTURES).into_iter().filter_map(line).map(|(other, lines)| (other, lines.1));
        let feeds: Vec<(u32, String)> = voices.chain(pictures).collect();
        let (joins, ip): (_, IpAddr) = (Arc::clone(&janus), place.ours.into());
        let runtime = tokio::runtime::Handle::current();
        let transport = tokio::task::spawn_blocking(move || {
            joins.subscribe(&feeds, |offer| {
                let _within = runtime.enter();
                person::listener(ip, offer)
            })
        });
        hand.send(transport.await??).ok().context("somebody gave up")?;
    }
    measure(&notes, people, seconds, || janus.cpu_s()).await
}

/// The next so many after somebody, around the circle.
fn others(session: u32, count: u32, most: u32) -> Vec<u32> {
    (0..most.min(count - 1)).map(|step| (session + step) % count + 1).collect()
}

async fn measure(
    notes: &Arc<Notes>,
    people: Vec<JoinHandle<anyhow::Result<()>>>,
    seconds: u64,
    cpu_s: impl Fn() -> anyhow::Result<f64>,
) -> anyhow::Result<Figures> {
    tokio::time::sleep(SETTLES).await;
    notes.is_measuring.store(true, Ordering::Relaxed);
    let before = (notes.received.load(Ordering::Relaxed), cpu_s()?);
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let after = (notes.received.load(Ordering::Relaxed), cpu_s()?);
    notes.is_measuring.store(false, Ordering::Relaxed);
    for person in &people {
        ensure!(!person.is_finished(), "somebody gave up");
        person.abort();
    }
    let mut delays = std::mem::take(&mut *notes.delays_us.lock().map_err(|_| anyhow::anyhow!("no delays"))?);
    delays.sort_unstable();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let at = |share: f64| {
        let index = ((delays.len() as f64 * share) as usize).min(delays.len().saturating_sub(1));
        delays.get(index).map_or(0.0, |&us| us as f64 / 1_000.0)
    };
    let received = (after.0 - before.0) as f64;
    ensure!(received > 0.0, "nothing arrived");
    Ok(Figures {
        received_per_s: received / seconds as f64,
        cpu_per_100k: (after.1 - before.1) * 100_000.0 / received,
        delay_p50_ms: at(0.5),
        delay_p99_ms: at(0.99),
    })
}
