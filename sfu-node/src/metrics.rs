//! Figures in Prometheus' text format. Nothing in them is about a person: no addresses, no sessions, no rooms.

use std::fmt::Write;
use std::sync::atomic::Ordering;

use crate::http::App;
use crate::shard::{DELAYS_US, Figures};

/// A figure: its name, whether it only grows, what it is, and where it comes from.
type Figure = (&'static str, bool, &'static str, fn(&Figures) -> f64);

#[allow(clippy::cast_precision_loss)]
const FIGURES: [Figure; 32] = [
    ("participants", false, "Participants, connecting ones among them.", |f| f.participants as f64),
    ("participants_connected", false, "Participants with a connection.", |f| f.connected as f64),
    ("rooms", false, "Media rooms.", |f| f.rooms as f64),
    ("tcp_streams", false, "TCP streams of participants.", |f| f.streams as f64),
    ("load", false, "Share of its time that the thread works.", |f| f64::from(f.load)),
    ("sparing", false, "Being full, it forwards: 0 all, 1 of cameras the lowest layer, 2 voices only.", |f| {
        f64::from(f.level as u8)
    }),
    ("datagrams_received_total", true, "Datagrams that came.", |f| f.counters.datagrams_in as f64),
    ("received_bytes_total", true, "Bytes in them.", |f| f.counters.bytes_in as f64),
    ("datagrams_sent_total", true, "Datagrams sent.", |f| f.counters.datagrams_out as f64),
    ("sent_bytes_total", true, "Bytes in them.", |f| f.counters.bytes_out as f64),
    ("sends_total", true, "Calls that sent them, several at a time.", |f| f.sent.sends as f64),
    ("trains_total", true, "Of these calls, those that sent several datagrams to one receiver.", |f| {
        f.sent.trains as f64
    }),
    ("train_datagrams_total", true, "Datagrams in these.", |f| f.sent.train_datagrams as f64),
    ("train_bytes_total", true, "Bytes in them.", |f| f.sent.train_bytes as f64),
    ("datagrams_dropped_total", true, "Datagrams the kernel did not take.", |f| f.sent.dropped as f64),
    ("media_packets_received_total", true, "Media packets that came.", |f| f.counters.packets_in as f64),
    ("media_packets_forwarded_total", true, "Media packets handed to receivers.", |f| {
        f.counters.packets_forwarded as f64
    }),
    ("media_packets_resent_total", true, "Media packets sent once more, because receivers asked for them.", |f| {
        f.counters.packets_resent as f64
    }),
    ("padding_bytes_total", true, "Bytes sent only to find out what links take.", |f| f.counters.bytes_padding as f64),
    ("media_packets_repeated_total", true, "Media packets not sent, as their number was used already.", |f| {
        f.counters.packets_repeated as f64
    }),
    ("media_packets_late_total", true, "Packets of pictures that would have come too late.", |f| {
        f.counters.packets_dropped as f64
    }),
    ("key_frames_requested_total", true, "Requests for key frames, to senders.", |f| {
        f.counters.key_frames_asked as f64
    }),
    ("strays_total", true, "Datagrams that belonged to nobody.", |f| f.counters.strays as f64),
    ("over_limit_total", true, "Datagrams and messages beyond what one may send.", |f| f.counters.over_limit as f64),
    ("bad_messages_total", true, "Messages that could not be read.", |f| f.counters.bad_messages as f64),
    ("joins_total", true, "Participants let in.", |f| f.counters.joins as f64),
    ("connected_total", true, "Connections that came about.", |f| f.counters.connected as f64),
    ("lost_total", true, "Participants that vanished.", |f| f.counters.lost as f64),
    ("expired_total", true, "Participants whose grant ran out.", |f| f.counters.expired as f64),
    ("removed_total", true, "Participants the space removed.", |f| f.counters.removed as f64),
    ("panics_total", true, "Participants that were ended by a panic.", |f| f.counters.panics as f64),
    ("failures_total", true, "Failures inside connections that were survived.", |f| f.counters.failures as f64),
];

pub fn render(app: &App) -> String {
    let shards: Vec<_> = app.shards.iter().map(crate::shard::ShardHandle::figures).collect();
    let mut text = String::new();
    for (name, is_counter, help, of) in &FIGURES {
        head(&mut text, name, if *is_counter { "counter" } else { "gauge" }, help);
        for (index, figures) in shards.iter().enumerate() {
            let _ = writeln!(text, "earshot_node_{name}{{shard=\"{index}\"}} {}", of(figures));
        }
    }
    histogram(&mut text, &shards);
    head(&mut text, "refused_total", "counter", "Joins that were refused.");
    let _ = writeln!(text, "earshot_node_refused_total {}", app.refused.load(Ordering::Relaxed));
    head(&mut text, "tcp_turned_away_total", "counter", "TCP streams that never became a participant's.");
    let _ = writeln!(text, "earshot_node_tcp_turned_away_total {}", app.streams.turned_away.load(Ordering::Relaxed));
    head(&mut text, "tcp_ended_total", "counter", "TCP streams of participants that were ended for what they sent.");
    let _ = writeln!(text, "earshot_node_tcp_ended_total {}", app.streams.ended.load(Ordering::Relaxed));
    head(&mut text, "capacity", "gauge", "Participants it takes at the most.");
    let _ = writeln!(text, "earshot_node_capacity {}", app.capacity);
    head(&mut text, "draining", "gauge", "1: it takes nobody any more.");
    let _ = writeln!(text, "earshot_node_draining {}", u8::from(app.is_draining()));
    head(&mut text, "has_keys", "gauge", "1: grants can be checked.");
    let _ = writeln!(text, "earshot_node_has_keys {}", u8::from(!app.tokens.keys.is_empty()));
    head(&mut text, "build_info", "gauge", "Its version.");
    let _ = writeln!(text, "earshot_node_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"));
    text
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(text, "# HELP earshot_node_{name} {help}\n# TYPE earshot_node_{name} {kind}");
}

#[allow(clippy::cast_precision_loss)]
fn histogram(text: &mut String, shards: &[Figures]) {
    head(
        text,
        "forwarding_seconds",
        "histogram",
        "How long datagrams were in the node before what they led to was sent.",
    );
    for (index, figures) in shards.iter().enumerate() {
        let mut count = 0;
        for (most_us, in_class) in DELAYS_US.iter().zip(figures.delays) {
            count += in_class;
            let most_s = *most_us as f64 / 1e6;
            let _ =
                writeln!(text, "earshot_node_forwarding_seconds_bucket{{shard=\"{index}\",le=\"{most_s}\"}} {count}");
        }
        let all: u64 = figures.delays.iter().sum();
        let sum_s = figures.delay_sum_us as f64 / 1e6;
        let _ = writeln!(text, "earshot_node_forwarding_seconds_bucket{{shard=\"{index}\",le=\"+Inf\"}} {all}");
        let _ = writeln!(text, "earshot_node_forwarding_seconds_sum{{shard=\"{index}\"}} {sum_s}");
        let _ = writeln!(text, "earshot_node_forwarding_seconds_count{{shard=\"{index}\"}} {all}");
    }
}
