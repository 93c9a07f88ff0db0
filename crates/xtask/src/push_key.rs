//! `cargo xtask push-key` and `cargo xtask fleet-key`: the keys that pushes (VAPID, RFC 8292) and words to the media fleet are signed
//! with, made once a deployment.

use std::path::Path;

use anyhow::{Context, bail};

use crate::{run, setup};

/// As Node makes it: a private P-256 key, as a JWK.
const MAKE: &str = "const pair = require('node:crypto').generateKeyPairSync('ec', { namedCurve: 'P-256' });\
    process.stdout.write(JSON.stringify(pair.privateKey.export({ format: 'jwk' })));";
/// The key of `cargo xtask dev`. Who subscribed stays subscribed, so it is kept.
const KEPT: &str = ".earshot/push-key.json";

/// Prints a new key, to be piped into `wrangler secret put VAPID_PRIVATE_KEY`.
pub fn print() -> anyhow::Result<()> {
    setup::base()?;
    println!("{}", make()?);
    eprintln!(
        "Pipe it into `wrangler secret put VAPID_PRIVATE_KEY`, and put into VAPID_SUBJECT where you can be reached: mailto:you@example.org"
    );
    Ok(())
}

/// Prints a new key and a new token, each for a secret of the Worker.
pub fn print_fleet() -> anyhow::Result<()> {
    setup::base()?;
    println!("{}\n{}", make()?, random_hex()?);
    eprintln!(
        "Put the first line into the secret FLEET_PRIVATE_KEY and the second into FLEET_TOKEN (`wrangler secret put`); every node gets the \
         second, and no node the first"
    );
    Ok(())
}

/// A secret that nobody can guess: 32 bytes.
pub fn random_hex() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 32];
    std::io::Read::read_exact(&mut std::fs::File::open("/dev/urandom")?, &mut bytes).context("no randomness")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The key for running here.
pub fn kept() -> anyhow::Result<String> {
    if let Ok(key) = std::fs::read_to_string(KEPT) {
        return Ok(key);
    }
    let key = make()?;
    std::fs::create_dir_all(Path::new(KEPT).parent().unwrap_or(Path::new("."))).context("cannot make .earshot")?;
    std::fs::write(KEPT, &key).context("cannot keep the push key")?;
    Ok(key)
}

/// A new private key.
pub fn make() -> anyhow::Result<String> {
    let made = run::node().args(["-e", MAKE]).output().context("cannot run node")?;
    if !made.status.success() {
        bail!("node made no key: {}", String::from_utf8_lossy(&made.stderr));
    }
    Ok(String::from_utf8(made.stdout)?)
}
