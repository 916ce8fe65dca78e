//! A publisher's public key.

use p256::ecdsa::VerifyingKey;
use p256::ecdsa::signature::Verifier as _;
use p256::pkcs8::{DecodePublicKey as _, EncodePublicKey as _};

use super::super::Digest;
use super::SignatureFault;

/// An ECDSA key on P-256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    key: VerifyingKey,
    fingerprint: String,
}

/// Why a text is no public key that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    #[error("it is a private key: keep it secret, and give the public one, cosign.pub beside cosign.key")]
    Private,
    #[error(
        "it is a certificate: give the public key itself, which `openssl x509 -pubkey -noout` takes out of it"
    )]
    Certificate,
    #[error(
        "it is no public key in PEM with ECDSA on P-256 (`-----BEGIN PUBLIC KEY-----`), as \
         `cosign generate-key-pair` makes one"
    )]
    NotP256,
}

impl PublicKey {
    /// Reads a PEM `PUBLIC KEY` (SPKI, RFC 5480 and RFC 7468).
    ///
    /// # Errors
    ///
    /// [`KeyFault`]: another sort of key, another curve, or no key.
    pub fn from_pem(text: &str) -> Result<Self, KeyFault> {
        // Told apart only to say what to do.
        if text.contains("PRIVATE KEY-----") {
            return Err(KeyFault::Private);
        }
        if text.contains("CERTIFICATE-----") {
            return Err(KeyFault::Certificate);
        }
        let key = VerifyingKey::from_public_key_pem(text.trim()).map_err(|_| KeyFault::NotP256)?;
        let der = key.to_public_key_der().map_err(|_| KeyFault::NotP256)?;
        Ok(Self { key, fingerprint: Digest::of(der.as_bytes()).hex() })
    }

    /// SHA-256 of the key in DER, 64 hexadecimal digits: what
    /// `openssl pkey -pubin -in cosign.pub -outform DER | sha256sum` prints.
    pub fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }

    /// Whether this key made the DER signature over these bytes, hashed with SHA-256.
    pub(super) fn verify(&self, bytes: &[u8], signature: &[u8]) -> Result<(), SignatureFault> {
        let signature = p256::ecdsa::Signature::from_der(signature).map_err(|_| SignatureFault::Malformed)?;
        self.key.verify(bytes, &signature).map_err(|_| SignatureFault::NotByThisKey)
    }
}
