//! Seals secrets for the data folder and opens them again.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use super::{Key, Secret};

/// The first byte of what `seal` makes, so that another cipher can follow one day.
const VERSION: u8 = 1;

/// 192 bits: long enough to be drawn at random without ever meeting twice.
const NONCE_BYTES: usize = 24;

/// XChaCha20-Poly1305 under one key (draft-irtf-cfrg-xchacha).
///
/// A sealed secret is `version (1) | nonce (24) | ciphertext | tag (16)`. Which connection
/// it belongs to and what it is called are authenticated with it, so sealed bytes that were
/// moved to another row do not open there.
pub struct Vault {
    cipher: XChaCha20Poly1305,
}

#[derive(Debug, thiserror::Error)]
pub enum VaultFault {
    #[error(
        "the secret `{name}` of the connection `{connection}` does not open with this key: it was damaged, moved here from another connection, or sealed with another key; restore the key, or sign in again"
    )]
    Sealed { connection: String, name: String },
    #[error("the secret could not be sealed: {0}")]
    Chance(getrandom::Error),
    #[error("the secret is too long to be sealed")]
    Length,
}

impl Vault {
    pub fn new(key: &Key) -> Self {
        Self { cipher: XChaCha20Poly1305::new((&*key.0).into()) }
    }

    /// What to keep in the store for the secret called `name` of `connection`.
    ///
    /// `connection` is whatever names it for good; the same text has to be given to `open`.
    ///
    /// # Errors
    /// [`VaultFault::Chance`] if the system gives no random bytes for the nonce.
    pub fn seal(&self, connection: &str, name: &str, secret: &Secret) -> Result<Vec<u8>, VaultFault> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(VaultFault::Chance)?;
        let label = label(connection, name);
        let payload = Payload { msg: secret.expose().as_bytes(), aad: &label };
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| VaultFault::Length)?;
        Ok([&[VERSION], nonce.as_slice(), &sealed].concat())
    }

    /// The secret again.
    ///
    /// # Errors
    /// [`VaultFault::Sealed`] if a byte differs, or key, connection or name are others.
    pub fn open(&self, connection: &str, name: &str, sealed: &[u8]) -> Result<Secret, VaultFault> {
        self.opened(connection, name, sealed)
            .ok_or_else(|| VaultFault::Sealed { connection: connection.to_owned(), name: name.to_owned() })
    }

    fn opened(&self, connection: &str, name: &str, sealed: &[u8]) -> Option<Secret> {
        let (version, rest) = sealed.split_first()?;
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_BYTES>()?;
        if *version != VERSION {
            return None;
        }
        let label = label(connection, name);
        let payload = Payload { msg: ciphertext, aad: &label };
        let plain = Zeroizing::new(self.cipher.decrypt(&XNonce::from(*nonce), payload).ok()?);
        Some(Secret::new(std::str::from_utf8(&plain).ok()?))
    }
}

/// What is authenticated beside the secret. The length keeps `ab`, `c` apart from `a`, `bc`.
fn label(connection: &str, name: &str) -> Vec<u8> {
    format!("weir secret {VERSION}\n{}\n{connection}\n{name}", connection.len()).into_bytes()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Key, Secret, Vault};

    fn vault() -> Vault {
        Vault::new(&Key::random().unwrap())
    }

    #[test]
    fn what_was_sealed_opens_again() {
        let vault = vault();
        for text in ["", "hunter2", "ключ 🔑", &"x".repeat(10_000)] {
            let sealed = vault.seal("acme", "api-token", &Secret::new(text)).unwrap();
            assert_eq!(vault.open("acme", "api-token", &sealed).unwrap().expose(), text);
        }
    }

    #[test]
    fn sealing_twice_gives_different_bytes_without_the_secret_in_them() {
        let vault = vault();
        let first = vault.seal("acme", "api-token", &Secret::new("hunter2")).unwrap();
        assert_ne!(first, vault.seal("acme", "api-token", &Secret::new("hunter2")).unwrap());
        assert!(!first.windows(7).any(|window| window == b"hunter2"));
    }

    #[test]
    fn any_changed_or_missing_byte_is_noticed() {
        let vault = vault();
        let sealed = vault.seal("acme", "api-token", &Secret::new("hunter2")).unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(vault.open("acme", "api-token", &changed).is_err(), "byte {at}");
            assert!(vault.open("acme", "api-token", &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn another_key_connection_or_name_does_not_open_it() {
        let vault = vault();
        let sealed = vault.seal("ab", "c", &Secret::new("hunter2")).unwrap();
        assert!(self::vault().open("ab", "c", &sealed).is_err());
        for (connection, name) in [("other", "c"), ("ab", "other"), ("a", "bc"), ("ab\nc", ""), ("", "ab\nc")]
        {
            let fault = vault.open(connection, name, &sealed).unwrap_err();
            assert!(!format!("{fault} {fault:?}").contains("hunter2"));
        }
    }
}
