//! Sigstore's bundle: one JSON document around a signature (*protobuf-specs*, `sigstore_bundle.proto`,
//! versions 0.1 to 0.3). Only the signature itself is read: who holds the key is told by its name.

use base64::Engine as _;
use serde::Deserialize;

use super::super::way::plain;
use super::SignatureFault;

const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.bundle";
const IN_TOTO: &str = "application/vnd.in-toto+json";

/// What was signed, and the signatures in DER.
pub(super) enum Content {
    /// The bytes of a file.
    OfBytes(Vec<u8>),
    /// `signed` is what the signatures are over, made of the payload.
    OfStatement { signed: Vec<u8>, payload: Vec<u8>, signatures: Vec<Vec<u8>> },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bundle {
    media_type: String,
    message_signature: Option<MessageSignature>,
    dsse_envelope: Option<Envelope>,
}

#[derive(Deserialize)]
struct MessageSignature {
    signature: String,
}

/// DSSE (*secure-systems-lab/dsse*, `envelope.md`).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    payload: String,
    payload_type: String,
    signatures: Vec<EnvelopeSignature>,
}

#[derive(Deserialize)]
struct EnvelopeSignature {
    sig: String,
}

pub(super) fn read(bundle: &[u8]) -> Result<Content, SignatureFault> {
    let not_understood = |what: &str| SignatureFault::NotUnderstood(plain(what));
    let bundle: Bundle =
        serde_json::from_slice(bundle).map_err(|error| not_understood(&error.to_string()))?;
    if !bundle.media_type.starts_with(MEDIA_TYPE) {
        return Err(not_understood(&bundle.media_type));
    }
    match (bundle.message_signature, bundle.dsse_envelope) {
        (Some(message), None) => decoded(&message.signature).map(Content::OfBytes),
        (None, Some(envelope)) if envelope.payload_type == IN_TOTO => {
            let payload = decoded(&envelope.payload)?;
            let signatures =
                envelope.signatures.iter().map(|it| decoded(&it.sig)).collect::<Result<_, _>>()?;
            Ok(Content::OfStatement {
                signed: encoding(&envelope.payload_type, &payload),
                payload,
                signatures,
            })
        }
        (None, Some(envelope)) => Err(not_understood(&envelope.payload_type)),
        _ => Err(not_understood("the bundle holds no signature, or two sorts")),
    }
}

/// What is signed of an envelope: type and payload with their lengths (DSSE's `protocol.md`, *PAE*), so
/// that no payload can pass for one of another type.
fn encoding(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

fn decoded(text: &str) -> Result<Vec<u8>, SignatureFault> {
    base64::engine::general_purpose::STANDARD.decode(text).map_err(|_| SignatureFault::NotBase64)
}
