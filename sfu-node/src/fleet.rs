//! The node's beats to the Worker: that it is there, how much it has to do, and that it is about to end.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use earshot_protocol::fleet::{Beat, BeatAnswer};
use tokio::sync::Notify;

use crate::http::App;
use crate::settings::Settings;

/// Where the answer does not say.
const BEAT: Duration = Duration::from_secs(5);
/// After a beat that failed.
const AGAIN: Duration = Duration::from_secs(2);
const BEAT_MS: std::ops::RangeInclusive<u64> = 200..=60_000;
const ANSWER_BYTES_MAX: u64 = 10_000;

/// Beats for ever, and at once when woken.
pub async fn beat(
    worker: String,
    secret: String,
    settings: Settings,
    app: Arc<App>,
    agent: ureq::Agent,
    at_once: Arc<Notify>,
) {
    let address = format!("{worker}/api/fleet/nodes/{}", settings.id);
    let authorization = format!("Bearer {secret}");
    loop {
        let beat = said(&settings, &app);
        let (agent, address, authorization) = (agent.clone(), address.clone(), authorization.clone());
        let told = tokio::task::spawn_blocking(move || tell(&agent, &address, &authorization, &beat)).await;
        let pause = match told {
            Ok(Ok(answer)) => Duration::from_millis(answer.beat_ms.clamp(*BEAT_MS.start(), *BEAT_MS.end())),
            Ok(Err(error)) => {
                tracing::warn!(error = format!("{error:#}"), "a beat failed");
                AGAIN
            }
            Err(_) => BEAT,
        };
        let _ = tokio::time::timeout(pause, at_once.notified()).await;
    }
}

fn said(settings: &Settings, app: &App) -> Beat {
    Beat {
        url: settings.url.clone(),
        region: settings.region.clone(),
        capacity: settings.capacity,
        participants: u32::try_from(app.participants()).unwrap_or(u32::MAX),
        load: app.load(),
        draining: app.is_draining(),
        run: app.run.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

fn tell(agent: &ureq::Agent, address: &str, authorization: &str, beat: &Beat) -> anyhow::Result<BeatAnswer> {
    let request = agent.post(address).header("authorization", authorization).header("content-type", "application/json");
    let mut answer = request.send(serde_json::to_vec(beat)?).context("telling the Worker")?;
    let text = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_string()?;
    serde_json::from_str(&text).context("reading its answer")
}
