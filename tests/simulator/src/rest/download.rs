//! An attachment's bytes: the site answers 302 to the media host, whose URL
//! bears its own token. The media host wants no other credential, and says so.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::answer::{Answer, Content};
use super::exchange::Exchange;
use super::query::{Query, encode};
use super::{attachments, errors};
use crate::clock::Millis;
use crate::site::{Container, Site};

pub const MEDIA_URL: &str = "https://api.media.atlassian.com";
const CLIENT: &str = "5b3c2a10-0000-4000-8000-000000000001";

/// `content/{container}/child/attachment/{att…}/download`
pub fn redirect(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    let wire_id = cx.segment(7);
    let missing = || errors::v1_missing_content(wire_id);
    let file = attachments::seen(cx, wire_id).ok_or_else(missing)?;
    let (Container::Page(holder) | Container::BlogPost(holder)) = file.container;
    if cx.id(4) != Some(holder) {
        return Err(missing());
    }
    let token = sign(&file.file_id, cx.now + cx.knobs.signed_url_ms);
    let name = encode(&file.name);
    let location =
        format!("{MEDIA_URL}/file/{}/binary?token={token}&client={CLIENT}&name={name}", file.file_id);
    Ok(Answer::of(302, Content::Empty).with("location", location))
}

/// The old servlet, which refuses tokens of every kind.
pub fn servlet(url: &str) -> Answer {
    Answer::of(401, Content::Empty).with("www-authenticate", format!("OAuth realm=\"{url}/wiki\""))
}

/// `/file/{fileId}/binary` on the media host.
pub fn media(site: &Site, path: &str, query: &Query, authorized: bool, now: Millis) -> Answer {
    let mut parts = path.split('/').filter(|part| !part.is_empty()).skip(1);
    let file_id = parts.next().unwrap_or_default();
    if authorized {
        return errors::gateway(400, "Only one auth mechanism is allowed: drop the Authorization header");
    }
    if parts.next() != Some("binary") {
        return errors::gateway(404, "Not Found");
    }
    match expiry(file_id, query.get("token").unwrap_or_default()) {
        None => return errors::gateway(403, "The token does not allow this file"),
        Some(expiry) if expiry <= now => return errors::gateway(403, "The token has expired"),
        Some(_) => {}
    }
    match site.attachments.values().find(|file| file.file_id == file_id) {
        Some(file) => {
            let name = file.name.replace(['"', '\\'], "_");
            let body = Content::File { media_type: file.kind.media_type(), bytes: file.bytes() };
            Answer::of(200, body).with("content-disposition", format!("attachment; filename=\"{name}\""))
        }
        None => errors::gateway(404, "Not Found"),
    }
}

/// Three parts, as a JWT has; nobody outside this file looks into them.
fn sign(file_id: &str, expires: Millis) -> String {
    let claims = URL_SAFE_NO_PAD.encode(format!("{{\"exp\":{expires}}}"));
    let signed = format!("eyJhbGciOiJIUzI1NiJ9.{claims}");
    let signature = mac(file_id, &signed);
    format!("{signed}.{signature:016x}")
}

fn expiry(file_id: &str, token: &str) -> Option<Millis> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (_, claims) = signed.split_once('.')?;
    let genuine = signature == format!("{:016x}", mac(file_id, signed));
    let claims: serde_json::Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
    claims["exp"].as_i64().filter(|_| genuine)
}

/// No secret is kept here, so nothing stronger than a checksum is wanted.
fn mac(file_id: &str, signed: &str) -> u64 {
    let bytes = "simulated".bytes().chain(file_id.bytes()).chain(signed.bytes());
    bytes
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
