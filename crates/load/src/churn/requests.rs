//! Requests that are to be refused: tokens that are forged, expired, used, or for another node; bodies that are none.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use earshot_participants::room::{Lanes, RoomConnection};

use super::counts::Counts;
use super::dice::Dice;
use super::person::Around;
use crate::signer::Signer;

/// Between two.
const GAP: Duration = Duration::from_millis(700);
/// A room that nobody is ever in.
const ROOM: u64 = u64::MAX;

/// As long as it is let.
pub async fn make(around: Around, mut dice: Dice) -> anyhow::Result<()> {
    let forger = Arc::new(Signer::new()?);
    let offer = RoomConnection::open(around.node.media.ip(), Lanes::ALL, Instant::now(), &mut Vec::new())?
        .take("", Instant::now())
        .unwrap_or_default();
    loop {
        tokio::time::sleep(GAP).await;
        let (around, forger, offer, mut dice) = (around.clone(), Arc::clone(&forger), offer.clone(), dice.fork());
        tokio::task::spawn_blocking(move || ask(&around, &forger, &offer, &mut dice)).await??;
    }
}

fn ask(around: &Around, forger: &Signer, offer: &str, dice: &mut Dice) -> anyhow::Result<()> {
    let Around { node, signer, counts, .. } = around;
    let good = signer.claims("nowhere", ROOM, 7, true);
    let post = |path: &str, token: &str, body: &[u8]| {
        let request = ureq::post(format!("{}{path}", node.url)).header("Authorization", &format!("Bearer {token}"));
        request.content_type("application/sdp").send(body).is_ok()
    };
    let is_let_in = match dice.below(9) {
        0 => post("/v1/join", &forger.sign(&good)?, offer.as_bytes()),
        1 => {
            let expired = earshot_protocol::fleet::Grant { iat: good.iat - 400, exp: good.iat - 100, ..good };
            post("/v1/join", &signer.sign(&expired)?, offer.as_bytes())
        }
        2 => {
            let elsewhere = earshot_protocol::fleet::Grant { aud: "another".into(), ..good };
            post("/v1/join", &signer.sign(&elsewhere)?, offer.as_bytes())
        }
        3 => {
            // Taken once, so that it is used: that once is a participant who never connects.
            let grant = signer.sign(&good)?;
            let _taken = post("/v1/join", &grant, offer.as_bytes());
            post("/v1/join", &grant, offer.as_bytes())
        }
        4 => {
            let half = offer.get(..dice.index(offer.len())).unwrap_or_default();
            broken(counts, post("/v1/join", &signer.sign(&good)?, half.as_bytes()))
        }
        5 => {
            let mut bytes = offer.as_bytes().to_vec();
            for _ in 0..8 {
                let at = dice.index(bytes.len());
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = dice.roll() as u8;
                }
            }
            broken(counts, post("/v1/join", &signer.sign(&good)?, &bytes))
        }
        6 => post("/v1/join", &signer.sign(&good)?, &vec![b'a'; 300_000]),
        7 => post("/v1/hearing", &signer.word(b"something else")?, b"{}"),
        _ => {
            let body = dice.bytes(500);
            post("/v1/hearing", &signer.word(&body)?, &body)
        }
    };
    counts.bad_requests.fetch_add(1, Ordering::Relaxed);
    let of_those = if is_let_in { &counts.let_in_wrongly } else { &counts.bad_requests_refused };
    of_those.fetch_add(1, Ordering::Relaxed);
    Ok(())
}

/// A broken offer may still be one that can be answered; nobody comes then.
fn broken(counts: &Counts, is_answered: bool) -> bool {
    if is_answered {
        counts.tried.fetch_add(1, Ordering::Relaxed);
    }
    false
}
