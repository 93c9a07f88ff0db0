//! The floor: as many packets of the mean size, only encrypted as SRTP does and sent, in a tight loop, as many in one send as the
//! node had for one receiver at a time. No node can forward for less.

use std::net::{Ipv4Addr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use earshot_sfu_node::udp::Udp;

const HEADER_BYTES: usize = 28;

/// CPU seconds for 100,000 packets of so many bytes, of which so many go together in the mean.
pub fn measure(packets: usize, bytes: usize, together: f64) -> anyhow::Result<f64> {
    // Read and thrown away, on the other core; only the sender's time counts.
    let sink = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    sink.set_read_timeout(Some(Duration::from_millis(50)))?;
    let to = sink.local_addr()?;
    let is_over = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&is_over);
    let reader = std::thread::spawn(move || {
        let mut buffer = vec![0; 65_536];
        while !told.load(Ordering::Relaxed) {
            let _read = sink.recv(&mut buffer);
        }
    });
    let mut socket = Udp::bind((Ipv4Addr::LOCALHOST, 0).into())?;
    let key = UnboundKey::new(&AES_128_GCM, &[7; 16]).map_err(|_| anyhow::anyhow!("no key"))?;
    let key = LessSafeKey::new(key);
    let body = bytes.saturating_sub(HEADER_BYTES + 16).max(1);
    let together = together.max(1.0);
    let mut group: Vec<Vec<u8>> = vec![Vec::with_capacity(bytes); together.ceil() as usize];
    let before = thread_cpu_s()?;
    let (mut sent, mut groups) = (0, 0_u64);
    while sent < packets {
        groups += 1;
        // Groups of the two whole numbers around the mean, so that it comes out.
        let count = ((groups as f64 * together) as usize - sent).clamp(1, group.len());
        for (index, packet) in group.iter_mut().take(count).enumerate() {
            packet.clear();
            packet.resize(HEADER_BYTES, 0x80);
            let mut payload = vec![0x55; body];
            let mut nonce = [0; 12];
            nonce[4..].copy_from_slice(&((sent + index) as u64).to_be_bytes());
            key.seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(&packet[..HEADER_BYTES]),
                &mut payload,
            )
            .map_err(|_| anyhow::anyhow!("not sealed"))?;
            packet.extend_from_slice(&payload);
        }
        socket.send(group.iter().take(count).map(|packet| (to, packet.as_slice())));
        sent += count;
    }
    let cpu_s = thread_cpu_s()? - before;
    is_over.store(true, Ordering::Relaxed);
    let _ended = reader.join();
    Ok(cpu_s * 100_000.0 / sent as f64)
}

fn thread_cpu_s() -> anyhow::Result<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds: f64 = text.split_whitespace().next().context("no time")?.parse()?;
    Ok(nanoseconds / 1e9)
}
