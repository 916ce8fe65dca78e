//! From a login and its secret to the one header that carries them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use zeroize::Zeroizing;

use super::{Secret, echo};
use crate::model::Scheme;

/// A part of the credential shorter than this is not looked for in responses: it would be
/// found in headers that have nothing to do with it.
const ECHO_BYTES_MIN: usize = 8;

/// Headers that frame or route a message. A login that named one could split a request in
/// two or send it elsewhere.
const FRAMING: [&str; 11] = [
    "host",
    "connection",
    "content-length",
    "transfer-encoding",
    "te",
    "trailer",
    "upgrade",
    "expect",
    "keep-alive",
    "proxy-connection",
    "http2-settings",
];

/// A header to add to requests for origins that were agreed to with `credential`.
#[derive(Clone)]
pub struct Credential {
    header: HeaderName,
    /// Marked sensitive: its `Debug` prints no value, and HTTP/2 keeps it out of its tables.
    value: HeaderValue,
    /// What must not come back in a response.
    echoes: Vec<Secret>,
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum CredentialFault {
    #[error("this login needs a username; give it with --username")]
    NoUsername,
    #[error("this login needs a secret, and none was given")]
    NoSecret,
    #[error("a username for basic authentication cannot contain `:` (RFC 7617); check --username")]
    Colon,
    #[error("the {0} contains a control character such as a line break; enter it again without")]
    Control(&'static str),
    #[error("the token contains a character that a header cannot carry; enter it again")]
    Token,
    #[error(
        "the connector asks for the token in the header `{0}`, which cannot carry one; report this to its authors"
    )]
    Header(String),
    #[error(
        "this login signs in by OAuth 2.0, where a client's id and secret only open the way to a token; give --client-id, and sign in as `weir connection add --help` shows"
    )]
    OAuth2,
}

impl Credential {
    /// The credential of a login; none for an anonymous one.
    ///
    /// # Errors
    /// Says what is missing or malformed, and never repeats the secret.
    pub fn new(
        scheme: &Scheme,
        username: Option<&str>,
        secret: Option<&Secret>,
    ) -> Result<Option<Self>, CredentialFault> {
        match scheme {
            Scheme::Anonymous => Ok(None),
            Scheme::Basic(_) => {
                let username = username.filter(|name| !name.is_empty()).ok_or(CredentialFault::NoUsername)?;
                Self::basic(username, given(secret)?).map(Some)
            }
            Scheme::Token(token) => Self::token(&token.header, &token.prefix, given(secret)?).map(Some),
            Scheme::Oauth2(_) => Err(CredentialFault::OAuth2),
        }
    }

    /// The access token of an OAuth 2.0 grant, as RFC 6750 2.1 has it.
    ///
    /// # Errors
    /// If the token is empty or cannot stand in a header.
    pub fn bearer(token: &Secret) -> Result<Self, CredentialFault> {
        Self::token(AUTHORIZATION.as_str(), "Bearer ", given(Some(token))?)
    }

    /// RFC 7617: base64 of `username:password`, in UTF-8.
    fn basic(username: &str, password: &Secret) -> Result<Self, CredentialFault> {
        if username.contains(':') {
            return Err(CredentialFault::Colon);
        }
        refuse_control("username", username)?;
        refuse_control("password", password.expose())?;
        let pair = Zeroizing::new(format!("{username}:{}", password.expose()));
        let encoded = Secret::new(STANDARD.encode(pair.as_bytes()));
        let value = sensitive("Basic ", &encoded)?;
        Ok(Self { header: AUTHORIZATION, value, echoes: echo::forms(&[password, &encoded]) })
    }

    fn token(header: &str, prefix: &str, token: &Secret) -> Result<Self, CredentialFault> {
        let name = HeaderName::from_bytes(header.as_bytes())
            .ok()
            .filter(|name| !FRAMING.contains(&name.as_str()))
            .ok_or_else(|| CredentialFault::Header(header.to_owned()))?;
        refuse_control("token", token.expose())?;
        Ok(Self { header: name, value: sensitive(prefix, token)?, echoes: echo::forms(&[token]) })
    }

    /// The header that a connector may neither set nor read.
    pub fn header(&self) -> &HeaderName {
        &self.header
    }

    /// Its value, for the gate alone.
    pub fn value(&self) -> &HeaderValue {
        &self.value
    }

    /// Whether `bytes` repeat the secret in one of its forms.
    pub fn is_echoed_in(&self, bytes: &[u8]) -> bool {
        let found = |secret: &[u8]| bytes.windows(secret.len()).any(|window| window == secret);
        self.echoes().any(|secret| found(secret.as_bytes()))
    }

    /// The secret in each form in which a server may repeat it, for whoever has to leave it out. What is
    /// too short to be told from other words is not among them.
    pub(crate) fn echoes(&self) -> impl Iterator<Item = &str> {
        self.echoes.iter().map(Secret::expose).filter(|secret| secret.len() >= ECHO_BYTES_MIN)
    }
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Credential({}: …)", self.header)
    }
}

fn given(secret: Option<&Secret>) -> Result<&Secret, CredentialFault> {
    secret.filter(|secret| !secret.is_empty()).ok_or(CredentialFault::NoSecret)
}

fn refuse_control(what: &'static str, text: &str) -> Result<(), CredentialFault> {
    if text.chars().any(char::is_control) { Err(CredentialFault::Control(what)) } else { Ok(()) }
}

/// RFC 9110 5.5: only visible ASCII, space between it, is read alike by every server.
fn sensitive(prefix: &str, secret: &Secret) -> Result<HeaderValue, CredentialFault> {
    let text = Zeroizing::new(format!("{prefix}{}", secret.expose()));
    let readable = text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    if !readable || text.trim() != text.as_str() {
        return Err(CredentialFault::Token);
    }
    let mut value = HeaderValue::from_str(&text).map_err(|_| CredentialFault::Token)?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Credential, CredentialFault, Secret};
    use crate::model::{Basic, Encoding, Grant, OAuth2, Scheme, Token};

    fn basic() -> Scheme {
        Scheme::Basic(Basic { username: "E-mail".into(), password: "API token".into() })
    }

    fn token(header: &str, prefix: &str) -> Scheme {
        Scheme::Token(Token { label: "Token".into(), header: header.into(), prefix: prefix.into() })
    }

    fn made(
        scheme: &Scheme,
        username: Option<&str>,
        secret: &str,
    ) -> Result<Option<Credential>, CredentialFault> {
        Credential::new(scheme, username, Some(&Secret::new(secret)))
    }

    #[test]
    fn basic_is_the_pair_in_base64() {
        // The two examples of RFC 7617.
        for (name, password, expected) in [
            ("Aladdin", "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            ("test", "123£", "Basic dGVzdDoxMjPCow=="),
        ] {
            let credential = made(&basic(), Some(name), password).unwrap().unwrap();
            assert_eq!(credential.header(), "authorization");
            assert_eq!(credential.value(), expected);
        }
    }

    #[test]
    fn a_token_is_prefix_and_value_in_its_header() {
        let credential = made(&token("X-Api-Key", ""), None, "abc123").unwrap().unwrap();
        assert_eq!(credential.header(), "x-api-key");
        assert_eq!(credential.value(), "abc123");
        let credential = made(&token("authorization", "Bearer "), None, "abc123").unwrap().unwrap();
        assert_eq!(credential.value(), "Bearer abc123");
    }

    #[test]
    fn a_bearer_token_is_sent_as_rfc_6750_has_it_and_never_split() {
        let credential = Credential::bearer(&Secret::new("eyJh.eyJp.c2ln")).unwrap();
        assert_eq!(
            (credential.header().as_str(), credential.value().to_str().unwrap()),
            ("authorization", "Bearer eyJh.eyJp.c2ln")
        );
        assert!(credential.value().is_sensitive());
        for bad in ["", "a\r\nx-evil: 1", "ключ"] {
            assert!(Credential::bearer(&Secret::new(bad)).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn anonymous_needs_nothing_and_gives_nothing() {
        assert!(Credential::new(&Scheme::Anonymous, None, None).unwrap().is_none());
    }

    #[test]
    fn what_cannot_be_said_in_a_header_is_refused_with_its_reason() {
        use CredentialFault::{Colon, Control, Header, NoSecret, NoUsername, Token};
        let bearer = token("authorization", "Bearer ");
        let table = [
            (basic(), None, "p", NoUsername),
            (basic(), Some(""), "p", NoUsername),
            (basic(), Some("a:b"), "p", Colon),
            (basic(), Some("a\r\nx"), "p", Control("username")),
            (basic(), Some("a"), "", NoSecret),
            (basic(), Some("a"), "p\n", Control("password")),
            (bearer.clone(), None, "", NoSecret),
            (bearer.clone(), None, "t\r\nx-evil: 1", Control("token")),
            (bearer.clone(), None, "t\0", Control("token")),
            (bearer.clone(), None, "tökén", Token),
            (bearer, None, "t ", Token),
            (token("authorization", "Bearer\r\n"), None, "t", Token),
            (token("Host", ""), None, "t", Header("Host".into())),
            (token("transfer-encoding", ""), None, "t", Header("transfer-encoding".into())),
            (token("a b", ""), None, "t", Header("a b".into())),
            (token("x\r\ny", ""), None, "t", Header("x\r\ny".into())),
        ];
        for (scheme, username, secret, expected) in table {
            assert_eq!(made(&scheme, username, secret).err(), Some(expected), "{scheme:?} {username:?}");
        }
    }

    #[test]
    fn oauth_is_not_pretended() {
        let scheme = Scheme::Oauth2(OAuth2 {
            grant: Grant::ClientCredentials,
            token_url: "https://auth.example/token".into(),
            encoding: Encoding::Form,
            scopes: vec![],
            parameters: vec![],
        });
        assert_eq!(made(&scheme, None, "s").err(), Some(CredentialFault::OAuth2));
    }

    #[test]
    fn nothing_prints_it() {
        let credential = made(&basic(), Some("a"), "hunter2-hunter2").unwrap().unwrap();
        assert_eq!(format!("{credential:?}"), "Credential(authorization: …)");
        assert!(!format!("{:?}", credential.value()).contains("Basic"));
    }

    #[test]
    fn its_echo_is_found_plain_and_encoded() {
        let credential = made(&basic(), Some("a"), "hunter2-hunter2").unwrap().unwrap();
        let encoded = credential.value().to_str().unwrap().strip_prefix("Basic ").unwrap();
        assert!(credential.is_echoed_in(b"you sent hunter2-hunter2!"));
        assert!(credential.is_echoed_in(format!("<{encoded}>").as_bytes()));
        assert!(!credential.is_echoed_in(b"hunter2"));
        assert!(!credential.is_echoed_in(b""));
    }
}
