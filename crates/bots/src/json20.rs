//! The usual protocol, for comparison: who moves sends its position as JSON twenty times a second, and everybody gets it.
//!
//! It speaks to the reference server in `crates/bots/reference`, which does no more than that. Walking is idealised in its
//! favour: no collisions, no names, one number for the time.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use earshot_client_core::Input;
use earshot_simulator::KeyTrace;
use futures_util::{SinkExt, StreamExt};
use serde::{Deserialize, Serialize};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

use crate::metrics::Metrics;

const TICK: Duration = Duration::from_millis(50);
/// A frame in so many is timed, as observers do in the other mode.
const TIMED_ONE_IN: u64 = 16;

#[derive(Serialize, Deserialize)]
struct Position {
    id: u64,
    x: f64,
    y: f64,
    direction: String,
    moving: bool,
    /// Microseconds since 1970; both ends run on one machine.
    t: u64,
}

/// Lives until it is aborted.
pub async fn run(url: String, seed: u64, walking_percent: i64, metrics: Arc<Metrics>) {
    let socket_url = format!("{}/json20", url.trim_end_matches('/').replacen("http", "ws", 1));
    let Ok((socket, _)) = connect_async(socket_url).await else { return metrics.note_ended() };
    let (mut sink, mut stream) = socket.split();
    let mut keys = KeyTrace::new(seed, walking_percent.max(1));
    let (mut octant, mut x, mut y): (Option<u32>, f64, f64) = (None, (seed % 800) as f64, (seed % 600) as f64);
    let mut key_at = tokio::time::Instant::now() + Duration::from_millis(500);
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    let (mut was_walking, mut received) = (false, 0_u64);
    loop {
        tokio::select! {
            message = stream.next() => {
                let Some(Ok(message)) = message else { return metrics.note_ended() };
                let Message::Text(text) = message else { continue };
                metrics.note_received(text.len());
                received += 1;
                if received.is_multiple_of(TIMED_ONE_IN)
                    && let Ok(position) = serde_json::from_str::<Position>(&text)
                {
                    metrics.note_latency(now_us().saturating_sub(position.t).min(u64::from(u32::MAX)) as u32);
                }
            }
            now = tick.tick() => {
                if walking_percent > 0 && now >= key_at {
                    let (input, wait_ms) = keys.next_step();
                    key_at = now + Duration::from_millis(wait_ms as u64);
                    octant = match input {
                        Input::Steer { direction, .. } => direction.map(|direction| direction.octant()),
                        _ => None,
                    };
                }
                let walking = octant.is_some();
                if walking != was_walking {
                    metrics.note_walking(walking);
                }
                // One more after stopping tells everybody that one stands.
                if walking || was_walking {
                    let angle = f64::from(octant.unwrap_or(0)) * std::f64::consts::FRAC_PI_4;
                    (x, y) = ((x + 6.4 * angle.cos()).clamp(0.0, 1_500.0), (y + 6.4 * angle.sin()).clamp(0.0, 1_000.0));
                    let position = Position { id: seed % 100_000, x, y, direction: "right".into(), moving: walking, t: now_us() };
                    let Ok(text) = serde_json::to_string(&position) else { continue };
                    metrics.note_sent(text.len());
                    if sink.send(Message::text(text)).await.is_err() {
                        return metrics.note_ended();
                    }
                }
                was_walking = walking;
            }
        }
    }
}

fn now_us() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as u64)
}
