//! The secrets that the two ends of a connection agreed on in their handshake (DTLS-SRTP, RFC 5764), as str0m's DTLS tells them to str0m.
//!
//! str0m takes its cryptography from a provider, and has no call to ask for the keys. So it gets a provider of ours, which is its own, and only
//! notes down what a handshake yields. They are handed to the one connection they belong to, and to nobody else.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

use str0m::config::CryptoProvider;
use str0m::crypto::dtls::{
    DtlsCert, DtlsImplError, DtlsInstance, DtlsOutput, DtlsProvider, DtlsVersion, ProtocolVersion, SrtpProfile,
};
use str0m::crypto::{CryptoError, CryptoSafe};

/// What encrypts what goes either way.
pub struct Secrets {
    pub profile: SrtpProfile,
    pub sending: Master,
    pub receiving: Master,
}

/// What one side's keys are derived from: 16 bytes and a salt of 14 for AES-CM, 16 or 32 and a salt of 12 for AES-GCM.
pub struct Master {
    pub key: Vec<u8>,
    pub salt: Vec<u8>,
}

/// The place where a connection's secrets will be, once there are any.
#[derive(Clone, Default)]
pub struct Handed(Arc<Mutex<Option<Secrets>>>);

impl Handed {
    pub fn take(&self) -> Option<Secrets> {
        self.0.lock().ok()?.take()
    }

    fn put(&self, secrets: Secrets) {
        if let Ok(mut place) = self.0.lock() {
            *place = Some(secrets);
        }
    }
}

/// Secrets do not get into logs.
impl std::fmt::Debug for Handed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Handed")
    }
}

thread_local! {
    /// Of the instance of DTLS that this thread made last.
    static MADE: RefCell<Option<Handed>> = const { RefCell::new(None) };
}

/// str0m's own cryptography, listened to.
pub fn provider() -> CryptoProvider {
    static LISTENING: OnceLock<Listening> = OnceLock::new();
    let inner = str0m::crypto::from_feature_flags();
    let dtls_provider = LISTENING.get_or_init(|| Listening(inner.dtls_provider));
    CryptoProvider { dtls_provider, ..inner }
}

/// Makes something with one connection in it, by the [`provider`], and says where its secrets will be.
pub fn listen<T>(make: impl FnOnce() -> T) -> (T, Handed) {
    MADE.take();
    let made = make();
    (made, MADE.take().unwrap_or_default())
}

#[derive(Debug)]
struct Listening(&'static dyn DtlsProvider);

impl DtlsProvider for Listening {
    fn generate_certificate(&self) -> Option<DtlsCert> {
        self.0.generate_certificate()
    }

    fn new_dtls(
        &self,
        certificate: &DtlsCert,
        now: Instant,
        version: DtlsVersion,
        mtu: Option<usize>,
    ) -> Result<Box<dyn DtlsInstance>, CryptoError> {
        let inner = self.0.new_dtls(certificate, now, version, mtu)?;
        let handed = Handed::default();
        MADE.set(Some(handed.clone()));
        Ok(Box::new(Listened { inner, handed }))
    }

    fn is_test(&self) -> bool {
        self.0.is_test()
    }
}

#[derive(Debug)]
struct Listened {
    inner: Box<dyn DtlsInstance>,
    handed: Handed,
}

impl DtlsInstance for Listened {
    fn set_active(&mut self, active: bool) {
        self.inner.set_active(active);
    }

    fn handle_packet(&mut self, packet: &[u8]) -> Result<(), DtlsImplError> {
        self.inner.handle_packet(packet)
    }

    fn poll_output<'a>(&mut self, buffer: &'a mut [u8]) -> DtlsOutput<'a> {
        let is_client = self.inner.is_active();
        let output = self.inner.poll_output(buffer);
        if let DtlsOutput::KeyingMaterial(material, profile) = &output
            && let Some(secrets) = secrets(material, *profile, is_client)
        {
            self.handed.put(secrets);
        }
        output
    }

    fn handle_timeout(&mut self, now: Instant) -> Result<(), DtlsImplError> {
        self.inner.handle_timeout(now)
    }

    fn send_application_data(&mut self, data: &[u8]) -> Result<usize, DtlsImplError> {
        self.inner.send_application_data(data)
    }

    fn is_active(&self) -> bool {
        self.inner.is_active()
    }

    fn protocol_version(&self) -> Option<ProtocolVersion> {
        self.inner.protocol_version()
    }

    fn is_closing(&self) -> bool {
        self.inner.is_closing()
    }

    fn is_closed(&self) -> bool {
        self.inner.is_closed()
    }

    fn close(&mut self) -> Result<(), DtlsImplError> {
        self.inner.close()
    }
}

/// The client's key, the server's key, the client's salt, the server's salt (RFC 5764, section 4.2), for those profiles that we encrypt by.
fn secrets(material: &[u8], profile: SrtpProfile, is_client: bool) -> Option<Secrets> {
    let (key_bytes, salt_bytes) = match profile {
        SrtpProfile::AES128_CM_SHA1_80 => (16, 14),
        SrtpProfile::AEAD_AES_128_GCM => (16, 12),
        SrtpProfile::AEAD_AES_256_GCM => (32, 12),
        _ => return None,
    };
    let (client_key, rest) = material.split_at_checked(key_bytes)?;
    let (server_key, rest) = rest.split_at_checked(key_bytes)?;
    let (client_salt, rest) = rest.split_at_checked(salt_bytes)?;
    let (server_salt, _) = rest.split_at_checked(salt_bytes)?;
    let client = Master { key: client_key.to_vec(), salt: client_salt.to_vec() };
    let server = Master { key: server_key.to_vec(), salt: server_salt.to_vec() };
    let (sending, receiving) = if is_client { (client, server) } else { (server, client) };
    Some(Secrets { profile, sending, receiving })
}

/// What a connection is listened to by has to pass what str0m asks of its own.
const _: fn() = || {
    fn is_safe<T: CryptoSafe>() {}
    is_safe::<Listening>();
    is_safe::<Listened>();
};

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn each_side_sends_by_what_the_other_receives_by() {
        for (profile, key_bytes, salt_bytes) in [
            (SrtpProfile::AES128_CM_SHA1_80, 16, 14),
            (SrtpProfile::AEAD_AES_128_GCM, 16, 12),
            (SrtpProfile::AEAD_AES_256_GCM, 32, 12),
        ] {
            let parts = [vec![1; key_bytes], vec![2; key_bytes], vec![3; salt_bytes], vec![4; salt_bytes]];
            let material = parts.concat();
            let client = secrets(&material, profile, true).unwrap();
            let server = secrets(&material, profile, false).unwrap();
            for (client, server) in [(&client.sending, &server.receiving), (&server.sending, &client.receiving)] {
                assert_eq!((&client.key, &client.salt), (&server.key, &server.salt));
            }
            let [client_key, server_key, client_salt, server_salt] = parts;
            assert_eq!((client.sending.key, client.sending.salt), (client_key, client_salt));
            assert_eq!((server.sending.key, server.sending.salt), (server_key, server_salt));
            assert!(secrets(material.split_last().unwrap().1, profile, true).is_none(), "a byte is missing");
        }
    }
}
