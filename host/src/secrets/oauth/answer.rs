//! What a token address answered. Pure.

use std::time::{Duration, SystemTime};

use http::StatusCode;
use http::header::{DATE, HeaderMap, RETRY_AFTER};
use serde::Deserialize;
use serde_json::Value;
use zeroize::Zeroizing;

use super::fault::{Said, TokenFault};
use crate::secrets::Secret;

/// Of words that come from a server, in a message.
const WORDS_CHARS_MAX: usize = 200;

/// What is withheld from such words: shorter pieces occur by chance.
const SECRET_BYTES_MIN: usize = 6;

/// A successful answer (RFC 6749 5.1).
pub struct Tokens {
    pub access: Secret,
    pub refresh: Option<Secret>,
    /// How long the access token is good, if the server said.
    pub lives: Option<Duration>,
    pub scope: Option<String>,
}

#[derive(Deserialize)]
struct Granted {
    access_token: Zeroizing<String>,
    refresh_token: Option<Zeroizing<String>>,
    /// A number of seconds; some servers write it as a text.
    expires_in: Option<Value>,
    scope: Option<String>,
    token_type: Option<String>,
}

/// RFC 6749 5.2. Some servers use other shapes for errors, so nothing of it is required.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Refused {
    error: String,
    error_description: String,
}

/// An answer to be read.
pub(super) struct Answer<'a> {
    /// The origin that was asked, for messages.
    pub place: &'a str,
    pub status: StatusCode,
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
}

impl Answer<'_> {
    /// The tokens, or why there are none. None of `secrets` is in the fault, even if the server
    /// repeats them.
    pub fn read(&self, secrets: &[Secret], now: SystemTime) -> Result<Tokens, TokenFault> {
        if self.status.is_success() {
            return self.tokens();
        }
        let refused: Refused = serde_json::from_slice(self.body).unwrap_or_default();
        let said = Said {
            place: self.place.to_owned(),
            status: self.status.as_u16(),
            error: harmless(&refused.error, secrets),
            description: harmless(&refused.error_description, secrets),
            clock_differs_minutes: self.clock_difference(now),
        };
        Err(TokenFault::of(said, self.wait(now)))
    }

    fn tokens(&self) -> Result<Tokens, TokenFault> {
        // The parser's own words could quote a token, so they are not repeated.
        let unreadable = |what| TokenFault::Answer { place: self.place.to_owned(), what };
        let granted: Granted =
            serde_json::from_slice(self.body).map_err(|_| unreadable("it holds no access token"))?;
        if granted.token_type.is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
            return Err(unreadable(
                "its token is not of the type Bearer, the only one that this host can send",
            ));
        }
        if granted.access_token.is_empty() {
            return Err(unreadable("its access token is empty"));
        }
        let secret = |text: Zeroizing<String>| Secret::new(text.as_str());
        Ok(Tokens {
            access: secret(granted.access_token),
            refresh: granted.refresh_token.filter(|token| !token.is_empty()).map(secret),
            lives: granted.expires_in.as_ref().and_then(seconds),
            scope: granted.scope.filter(|scope| !scope.trim().is_empty()),
        })
    }

    /// RFC 9110 10.2.3: seconds, or a date.
    fn wait(&self, now: SystemTime) -> Option<Duration> {
        let text = self.headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
        match text.parse() {
            Ok(seconds) => Some(Duration::from_secs(seconds)),
            Err(_) => date(text)?.duration_since(now).ok(),
        }
    }

    /// Whole minutes between the server's clock and this machine's.
    fn clock_difference(&self, now: SystemTime) -> u64 {
        let server = self.headers.get(DATE).and_then(|value| date(value.to_str().ok()?));
        let apart = server.map(|server| server.duration_since(now).unwrap_or_else(|error| error.duration()));
        apart.unwrap_or_default().as_secs() / 60
    }
}

fn date(text: &str) -> Option<SystemTime> {
    chrono::DateTime::parse_from_rfc2822(text).ok().map(SystemTime::from)
}

fn seconds(value: &Value) -> Option<Duration> {
    let seconds = value.as_u64().or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()))?;
    Some(Duration::from_secs(seconds))
}

/// A stranger's words in one line, cut short, and without any of these secrets.
pub(super) fn harmless(words: &str, secrets: &[Secret]) -> String {
    let mut words = words.to_owned();
    for secret in secrets.iter().filter(|secret| secret.expose().len() >= SECRET_BYTES_MIN) {
        words = words.replace(secret.expose(), "(withheld)");
    }
    let line = words.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    line.take(WORDS_CHARS_MAX).collect::<String>().trim().to_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::{Duration, SystemTime};

    use http::StatusCode;
    use http::header::{HeaderMap, HeaderName, HeaderValue};

    use super::{Answer, Secret, TokenFault, Tokens};

    /// 2026-03-26T15:59:50Z.
    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_774_540_790)
    }

    fn read(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Result<Tokens, TokenFault> {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        let status = StatusCode::from_u16(status).unwrap();
        let place = "https://auth.example";
        let secrets = [Secret::new("client-secret"), Secret::new("old-refresh")];
        Answer { place, status, headers: &headers, body: body.as_bytes() }.read(&secrets, now())
    }

    #[test]
    fn tokens_are_read_and_what_was_not_said_is_not_guessed() {
        let full = r#"{"access_token":"a","refresh_token":"r","expires_in":3600,"scope":"x y","token_type":"Bearer"}"#;
        let tokens = read(200, &[], full).ok().unwrap();
        assert_eq!((tokens.access.expose(), tokens.refresh.unwrap().expose()), ("a", "r"));
        assert_eq!((tokens.lives, tokens.scope.as_deref()), (Some(Duration::from_secs(3_600)), Some("x y")));
        let bare = read(200, &[], r#"{"access_token":"a","expires_in":"60"}"#).ok().unwrap();
        assert!(bare.refresh.is_none() && bare.scope.is_none());
        assert_eq!(bare.lives, Some(Duration::from_secs(60)));
        assert_eq!(read(200, &[], r#"{"access_token":"a"}"#).ok().unwrap().lives, None);
    }

    /// Status, headers, body.
    type Case = (u16, &'static [(&'static str, &'static str)], &'static str);

    #[test]
    fn each_refusal_says_what_to_do_next() {
        let clock: &[_] = &[("date", "Thu, 26 Mar 2026 15:39:50 GMT")];
        let table: [Case; 13] = [
            (401, &[], r#"{"error":"access_denied","error_description":"Unauthorized"}"#),
            (403, &[], r#"{"error":"unauthorized_client","error_description":"refresh_token is invalid"}"#),
            (
                403,
                &[],
                r#"{"error":"invalid_grant","error_description":"Unknown or invalid refresh token."}"#,
            ),
            (400, clock, r#"{"error":"invalid_grant","error_description":"the code has expired"}"#),
            (400, &[], r#"{"error":"invalid_request","error_description":"redirect_uri does not match"}"#),
            (400, &[], r#"{"error":"invalid_scope"}"#),
            (400, &[], r#"{"error":"unauthorized_client","error_description":"grant type not allowed"}"#),
            (418, &[], "<html>"),
            (429, &[("retry-after", "90")], ""),
            (429, &[("retry-after", "Thu, 26 Mar 2026 16:00:00 GMT")], ""),
            (503, &[], "down"),
            (302, &[], ""),
            (200, &[], r#"{"access_token":7}"#),
        ];
        let words: Vec<String> = table
            .into_iter()
            .map(|(status, headers, body)| read(status, headers, body).err().unwrap().to_string())
            .collect();
        insta::assert_snapshot!(words.join("\n"), @"
        https://auth.example answered 401 access_denied (Unauthorized): the client id or the client secret is wrong; copy both again from the app's settings
        https://auth.example answered 403 unauthorized_client (refresh_token is invalid): the code or the refresh token is unknown, was used before, or has ended
        https://auth.example answered 403 invalid_grant (Unknown or invalid refresh token.): the code or the refresh token is unknown, was used before, or has ended
        https://auth.example answered 400 invalid_grant (the code has expired), and its clock differs from this machine's by 20 minutes: the code or the refresh token is unknown, was used before, or has ended
        https://auth.example answered 400 invalid_request (redirect_uri does not match): the redirect URL is not the registered one; register it exactly as it is shown, with scheme, host, port and path
        https://auth.example answered 400 invalid_scope: the app may not ask for one of these scopes; add them to the app's permissions first
        https://auth.example answered 400 unauthorized_client (grant type not allowed): this app may not sign in so; check its settings
        https://auth.example answered 418: this app may not sign in so; check its settings
        https://auth.example answered 429; it is busy or down, try again later
        https://auth.example answered 429; it is busy or down, try again later
        https://auth.example answered 503; it is busy or down, try again later
        https://auth.example answered in a way that cannot be used: it sends elsewhere, which is not followed; try again, and report it if it stays so
        https://auth.example answered in a way that cannot be used: it holds no access token; try again, and report it if it stays so
        ");
    }

    #[test]
    fn a_token_that_cannot_be_sent_is_refused() {
        for body in ["", "[]", "{}", r#"{"access_token":""}"#, r#"{"access_token":"a","token_type":"mac"}"#] {
            assert!(matches!(read(200, &[], body), Err(TokenFault::Answer { .. })), "{body}");
        }
    }

    #[test]
    fn nothing_secret_comes_back_in_words() {
        let echo =
            r#"{"error":"invalid_grant","error_description":"old-refresh of client-secret\u001b[2J is bad"}"#;
        let fault = read(400, &[], echo).err().unwrap();
        let printed = format!("{fault} {fault:?}");
        assert!(printed.contains("(withheld) of (withheld)"), "{printed}");
        for secret in ["client-secret", "old-refresh", "\u{1b}"] {
            assert!(!printed.contains(secret), "{printed}");
        }
        let unreadable = read(200, &[], r#"{"access_token":["old-refresh"]}"#).err().unwrap();
        assert!(!format!("{unreadable} {unreadable:?}").contains("old-refresh"));
        let long = format!(r#"{{"error":"{}"}}"#, "x".repeat(10_000));
        assert!(read(400, &[], &long).err().unwrap().to_string().len() < 500);
    }
}
