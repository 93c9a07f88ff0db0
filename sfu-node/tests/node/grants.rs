//! Who gets in, and whose word counts. All of it is tried over raw HTTP.

use earshot_protocol::fleet::{Grant, HearingSets, Word};
use earshot_sfu_node::tokens::unix_s;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use std::time::Instant;

use super::client::Client;
use super::running::Running;
use super::signer::{ROOM, SPACE, Signer};

fn offer(session: u32) -> String {
    Client::new(session, "127.0.0.1:9".parse().unwrap(), (2, 2), Instant::now()).1
}

#[test]
fn a_grant_lets_in_once() {
    let node = Running::start();
    let grant = node.signer.grant(1);
    let answer = node.join(&grant, &offer(1));
    assert_eq!(answer.status, 201, "{answer:?}");
    assert!(answer.head.contains("content-type: application/sdp"));
    assert!(answer.body.contains("a=ice-lite") && answer.body.contains(&format!("{} typ host", node.media.port())));
    assert!(answer.body.contains("tcptype passive"));
    assert_eq!(node.join(&grant, &offer(1)).refusal(), (409, "used_grant".into()));
    assert_eq!(node.join(&node.signer.grant(1), &offer(1)).status, 201, "another one does");
}

#[test]
fn forged_expired_and_foreign_grants_never_get_in() {
    let node = Running::start();
    let signer = &node.signer;
    let with = |change: fn(&mut Grant)| {
        let mut grant = signer.claims(1);
        change(&mut grant);
        signer.sign(&grant)
    };
    let good = signer.grant(1);
    let (head, signature) = good.rsplit_once('.').unwrap();
    let other = signer.claims(2);
    let by_secret = {
        // The public key taken for a shared secret, and another algorithm named.
        let header = Header { kid: Some("first".into()), ..Header::new(Algorithm::HS256) };
        encode(&header, &other, &EncodingKey::from_secret(signer.public.x.as_bytes())).unwrap()
    };
    let unsigned = {
        use base64::Engine;
        let part = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.", part(r#"{"alg":"none","kid":"first"}"#), part(&serde_json::to_string(&other).unwrap()))
    };
    let swapped = {
        let payload = signer.grant(3);
        format!("{}.{}.{signature}", head.split('.').next().unwrap(), payload.split('.').nth(1).unwrap())
    };
    let forged = [
        ("no token", String::new()),
        ("no JWT", "abc".into()),
        ("somebody else's key", Signer::new("first").grant(1)),
        ("an unknown key", Signer::new("second").grant(1)),
        ("another algorithm", by_secret),
        ("no signature", unsigned),
        ("another's signature", swapped),
        ("a broken signature", format!("{head}.{}", signature.chars().rev().collect::<String>())),
        ("expired", with(|grant| grant.exp = unix_s() - 1)),
        ("expired right now", with(|grant| grant.exp = unix_s())),
        ("another node's", with(|grant| grant.aud = "node-2".into())),
        ("another issuer's", with(|grant| grant.iss = "somebody".into())),
        ("no session", with(|grant| grant.sub = "me".into())),
        ("a session out of range", with(|grant| grant.sub = "4294967296".into())),
        ("without a number", with(|grant| grant.jti = String::new())),
        ("too long", with(|grant| grant.space = "s".repeat(3_000))),
        ("a word instead", signer.word("{}")),
    ];
    for (what, grant) in forged {
        let answer = node.join(&grant, &offer(1));
        assert_eq!(answer.refusal(), (401, "bad_grant".into()), "{what}");
    }
    assert_eq!(node.figure("joins_total"), 0.0);
    assert_eq!(node.join(&good, &offer(1)).status, 201, "the good one still does");
}

#[test]
fn who_is_not_named_in_the_room_stays_out() {
    let mut node = Running::start();
    assert_eq!(node.all_hear_all(&[1, 2]).status, 200);
    assert_eq!(node.join(&node.signer.grant(3), &offer(3)).refusal(), (403, "not_in_room".into()));
    assert_eq!(node.join(&node.signer.grant(1), &offer(1)).status, 201);
    // A grant for another room lets into that one, in which nobody is heard; not into this.
    let elsewhere = Grant { room: ROOM + 1, ..node.signer.claims(3) };
    assert_eq!(node.join(&node.signer.sign(&elsewhere), &offer(3)).status, 201);
    let other_space = Grant { space: "other".into(), ..node.signer.claims(3) };
    assert_eq!(node.join(&node.signer.sign(&other_space), &offer(3)).status, 201);
    // A closed room is closed for good.
    let body = format!(r#"{{"space":"{SPACE}","rooms":[],"closed":[{ROOM}]}}"#);
    assert_eq!(node.request("POST", "/v1/hearing", &node.signer.word(&body), &body).status, 200);
    assert_eq!(node.join(&node.signer.grant(1), &offer(1)).refusal(), (403, "not_in_room".into()));
}

#[test]
fn offers_that_are_none_are_refused_and_cost_no_grant() {
    let node = Running::start();
    let grant = node.signer.grant(1);
    for offer in ["", "v=0", "m=audio 9 RTP/AVP 0\r\n", &"m=audio\r\n".repeat(1_000), "\0\u{ffff}"] {
        assert_eq!(node.join(&grant, offer).refusal(), (400, "bad_offer".into()));
    }
    assert_eq!(node.join(&grant, &"x".repeat(200_001)).refusal(), (413, "too_large".into()));
    assert_eq!(node.join(&grant, &offer(1)).status, 201);
}

#[test]
fn only_the_space_says_who_hears_whom() {
    let mut node = Running::start();
    let sets = HearingSets { space: SPACE.into(), ..HearingSets::default() };
    let body = serde_json::to_string(&sets).unwrap();
    let post = |token: &str, body: &str| node.request("POST", "/v1/hearing", token, body);
    let with = |change: fn(&mut Word)| {
        let mut word = node.signer.word_claims(&body);
        change(&mut word);
        node.signer.sign(&word)
    };
    let forged = [
        ("no token", String::new()),
        ("somebody else's key", Signer::new("first").word(&body)),
        ("expired", with(|word| word.exp = unix_s() - 1)),
        ("another node's", with(|word| word.aud = "node-2".into())),
        ("another issuer's", with(|word| word.iss = "somebody".into())),
        ("another body's", node.signer.word("{}")),
        ("a grant instead", node.signer.grant(1)),
    ];
    for (what, token) in forged {
        assert_eq!(post(&token, &body).refusal(), (401, "bad_word".into()), "{what}");
    }
    assert_eq!(post(&node.signer.word("{"), "{").refusal(), (400, "bad_request".into()));
    assert_eq!(post(&node.signer.word(&body), &body).json()["rooms"].as_array().unwrap().len(), 0);
    // An older word changes nothing, and the newest is what is answered.
    let said = node.all_hear_all(&[1, 2]);
    assert_eq!(said.body, r#"{"rooms":[{"revision":1,"room":7}]}"#);
    assert_eq!(node.all_hear_all(&[1]).json()["rooms"][0]["revision"], 2);
    let old = r#"{"space":"space","rooms":[{"room":7,"revision":1,"participants":[]}]}"#;
    assert_eq!(node.request("POST", "/v1/hearing", &node.signer.word(old), old).json()["rooms"][0]["revision"], 2);
}

#[test]
fn a_new_key_is_found_when_it_is_first_named() {
    let node = Running::start();
    let second = Signer::new("second");
    std::fs::write(&node.keys_file, second.keys()).unwrap();
    // It looks again, though not at once: anybody could name keys that do not exist.
    let begin = Instant::now();
    while node.join(&second.grant(1), &offer(1)).status != 201 {
        assert!(begin.elapsed().as_secs() < 8);
        std::thread::sleep(std::time::Duration::from_millis(250));
    }
    assert_eq!(node.join(&node.signer.grant(1), &offer(1)).refusal(), (401, "bad_grant".into()), "the old one is gone");
}
