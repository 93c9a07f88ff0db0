//! Health, figures, and how it ends.

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use super::running::Running;

#[test]
fn it_says_how_it_is() {
    let node = Running::start();
    let live = node.request("GET", "/health/live", "", "");
    assert_eq!((live.status, live.json()["draining"].as_bool()), (200, Some(false)));
    assert_eq!(live.json()["run"].as_str().unwrap().len(), 16);
    let metrics = node.request("GET", "/metrics", "", "");
    assert!(metrics.head.contains("text/plain"));
    for line in metrics.body.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(name.starts_with("earshot_node_") && value.parse::<f64>().is_ok(), "{line}");
    }
    assert_eq!((node.figure("has_keys"), node.figure("draining"), node.figure("participants")), (1.0, 0.0, 0.0));
}

#[test]
fn without_anybody_it_ends_at_once_when_told_to() {
    let mut node = Running::start();
    node.signal("TERM");
    assert!(node.ended(Duration::from_secs(3)).unwrap().success());
}

#[test]
fn settings_are_checked_on_request() {
    let check = |more: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_sfu-node"));
        command.arg("--check").args(more).env_remove("FLEET_TOKEN").output().unwrap()
    };
    assert!(check(&["--keys-file", "keys.json"]).status.success());
    let wrong = check(&["--keys-file", "keys.json", "--capacity", "0"]);
    assert!(!wrong.status.success());
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("capacity"));
}

#[test]
fn a_thread_that_is_full_for_long_says_that_it_leaves_out_pictures() {
    // Full is what has anything to do: datagrams of nobody's keep one thread so, and not the other.
    let node = Running::start_with(&["--full-percent", "1"]);
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let begin = Instant::now();
    let mut seen = Vec::new();
    while seen.last().is_none_or(|(_, level)| *level == 0.0) {
        assert!(begin.elapsed() < Duration::from_secs(40), "it never was full: {seen:?}");
        let second = Instant::now();
        while second.elapsed() < Duration::from_secs(1) {
            for _ in 0..200 {
                socket.send_to(&[0xff; 20], node.media).unwrap();
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        seen.push((begin.elapsed(), node.figure("sparing")));
    }
    assert!(seen.last().unwrap().0 > Duration::from_secs(10), "not at once: {seen:?}");
    assert_eq!(seen.last().unwrap().1, 1.0, "one thread, one step");
}
