//! Which headers a connector may set, and which it may read. Pure.

use std::sync::Arc;

use http::header::{ACCEPT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue, RANGE};

use super::Refusal;
use super::limits::{REQUEST_HEADER_BYTES_MAX, RESPONSE_HEADER_BYTES_MAX};
use crate::secrets::Credential;

/// Never set by a connector. Names are compared with `_` read as `-`, because some
/// servers do.
const REQUEST_FORBIDDEN: [&str; 32] = [
    // Credentials, which are the host's.
    "authorization",
    "cookie",
    "cookie2",
    // Framing and routing of the message: RFC 9110 7.6.1 and what smuggling is made of.
    "host",
    "connection",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "expect",
    "http2-settings",
    "alt-used",
    "max-forwards",
    // Claims about who asks, from where, or for which host and path.
    "forwarded",
    "via",
    "x-real-ip",
    "client-ip",
    "x-client-ip",
    "true-client-ip",
    "cf-connecting-ip",
    "x-cluster-client-ip",
    "x-host",
    "x-original-host",
    "x-original-url",
    "x-original-uri",
    "x-rewrite-url",
    // A GET that the server takes for a DELETE.
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-method",
    // Impersonation, as some services offer it.
    "x-remote-user",
];

/// The same for every name that begins so.
const REQUEST_FORBIDDEN_PREFIXES: [&str; 2] = ["proxy-", "x-forwarded-"];

/// Never seen by a connector: what gives, asks for or repeats a credential, and what
/// concerns only the connection.
const RESPONSE_FORBIDDEN: [&str; 16] = [
    "set-cookie",
    "set-cookie2",
    "cookie",
    "authorization",
    "www-authenticate",
    "authentication-info",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-authentication-info",
    "proxy-connection",
    "connection",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// The request's headers as they may go out, before the credential is added.
///
/// `accept-encoding` is dropped, as the gate negotiates and decodes; `content-length` too,
/// as the transport counts, but one that contradicts the body is refused.
pub(super) fn outgoing(
    mut headers: HeaderMap,
    body_bytes: usize,
    login: Option<&HeaderName>,
) -> Result<HeaderMap, Refusal> {
    if let Some(name) = headers.keys().find(|name| is_forbidden(name, login)) {
        return Err(Refusal::Header { name: name.clone() });
    }
    let contradicted = |value: &HeaderValue| value.as_bytes() != body_bytes.to_string().as_bytes();
    if headers.get_all(CONTENT_LENGTH).iter().any(contradicted) {
        return Err(Refusal::Header { name: CONTENT_LENGTH });
    }
    headers.remove(CONTENT_LENGTH);
    headers.remove(ACCEPT_ENCODING);
    if headers.contains_key(RANGE) {
        // A part of a compressed body cannot be decoded (RFC 9110 14.2 counts encoded bytes).
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    }
    match bytes(&headers) {
        bytes if bytes > REQUEST_HEADER_BYTES_MAX => {
            Err(Refusal::TooLarge { what: "request's headers", bytes, bytes_max: REQUEST_HEADER_BYTES_MAX })
        }
        _ => Ok(headers),
    }
}

/// The response's headers as the connector may see them; none of these credentials comes back.
pub(super) fn incoming(
    mut headers: HeaderMap,
    credentials: &[Arc<Credential>],
) -> Result<HeaderMap, Refusal> {
    let total = bytes(&headers);
    if total > RESPONSE_HEADER_BYTES_MAX {
        let what = "response's headers";
        return Err(Refusal::TooLarge { what, bytes: total, bytes_max: RESPONSE_HEADER_BYTES_MAX });
    }
    let hidden: Vec<HeaderName> = headers
        .iter()
        .filter(|(name, value)| {
            RESPONSE_FORBIDDEN.contains(&name.as_str())
                || credentials.iter().any(|credential| {
                    *name == credential.header() || credential.is_echoed_in(value.as_bytes())
                })
        })
        .map(|(name, _)| name.clone())
        .collect();
    for name in hidden {
        headers.remove(name);
    }
    Ok(headers)
}

/// Whether the connector may not set `name`; `login` is the header its credential goes in.
pub fn is_forbidden(name: &HeaderName, login: Option<&HeaderName>) -> bool {
    let plain = name.as_str().replace('_', "-");
    REQUEST_FORBIDDEN.contains(&plain.as_str())
        || REQUEST_FORBIDDEN_PREFIXES.iter().any(|prefix| plain.starts_with(prefix))
        || login.is_some_and(|login| login.as_str().replace('_', "-") == plain)
}

fn bytes(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;

    use http::header::{HeaderMap, HeaderName, HeaderValue};

    use super::{incoming, outgoing};
    use crate::gate::Refusal;
    use crate::model::{Scheme, Token};
    use crate::secrets::{Credential, Secret};

    fn headers(list: &[(&str, &str)]) -> HeaderMap {
        list.iter()
            .map(|(name, value)| {
                (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap())
            })
            .collect()
    }

    fn credential() -> Credential {
        let scheme =
            Scheme::Token(Token { label: "Key".into(), header: "x-api-key".into(), prefix: String::new() });
        Credential::new(&scheme, None, Some(&Secret::new("hunter2-hunter2"))).unwrap().unwrap()
    }

    #[test]
    fn what_could_sign_in_smuggle_or_pretend_is_refused() {
        let login = HeaderName::from_static("x-api-key");
        for name in [
            "Authorization",
            "Proxy-Authorization",
            "proxy-anything",
            "Cookie",
            "Host",
            "Connection",
            "Keep-Alive",
            "TE",
            "Trailer",
            "Transfer-Encoding",
            "Upgrade",
            "Expect",
            "HTTP2-Settings",
            "Forwarded",
            "Via",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "x_forwarded_for",
            "X-Real-IP",
            "X-Original-URL",
            "X-Rewrite-URL",
            "X-HTTP-Method-Override",
            "x_http_method_override",
            "X-Api-Key",
            "x_api_key",
        ] {
            let refused = outgoing(headers(&[("accept", "*/*"), (name, "1")]), 0, Some(&login));
            assert!(matches!(refused, Err(Refusal::Header { .. })), "{name}");
        }
        // Without a login its header is an ordinary one.
        assert!(outgoing(headers(&[("x-api-key", "1")]), 0, None).is_ok());
    }

    #[test]
    fn the_body_alone_says_how_long_it_is() {
        assert_eq!(
            outgoing(headers(&[("content-length", "3"), ("accept-encoding", "br")]), 3, None).unwrap(),
            headers(&[])
        );
        for lengths in [
            &[("content-length", "4")][..],
            &[("content-length", "3"), ("content-length", "0")],
            &[("content-length", "+3")],
            &[("content-length", "3, 3")],
        ] {
            assert!(outgoing(headers(lengths), 3, None).is_err(), "{lengths:?}");
        }
    }

    #[test]
    fn ordinary_headers_pass_up_to_the_limit() {
        let ordinary = headers(&[
            ("accept", "application/json"),
            ("content-type", "application/json"),
            ("x-atlassian-token", "no-check"),
        ]);
        assert_eq!(outgoing(ordinary.clone(), 0, None).unwrap(), ordinary);
        let part = outgoing(headers(&[("range", "bytes=0-1"), ("accept-encoding", "gzip")]), 0, None);
        assert_eq!(part.unwrap(), headers(&[("range", "bytes=0-1"), ("accept-encoding", "identity")]));
        let large = headers(&[("x-large", &"a".repeat(16 * 1024))]);
        assert!(matches!(outgoing(large, 0, None), Err(Refusal::TooLarge { .. })));
    }

    #[test]
    fn a_response_loses_what_concerns_credentials_and_connections() {
        let seen = incoming(
            headers(&[
                ("content-type", "application/json"),
                ("retry-after", "3"),
                ("location", "https://media.example/file?token=abc"),
                ("set-cookie", "session=1"),
                ("set-cookie", "other=2"),
                ("www-authenticate", "Basic"),
                ("authorization", "x"),
                ("transfer-encoding", "chunked"),
                ("x-api-key", "other"),
                ("x-debug", "you sent hunter2-hunter2"),
                ("link", "</a>"),
                ("link", "<https://acme.example/?k=hunter2-hunter2>"),
            ]),
            &[Arc::new(credential())],
        );
        let expected = headers(&[
            ("content-type", "application/json"),
            ("retry-after", "3"),
            ("location", "https://media.example/file?token=abc"),
        ]);
        assert_eq!(seen.unwrap(), expected);
    }

    #[test]
    fn a_flood_of_response_headers_is_refused() {
        assert!(matches!(
            incoming(headers(&[("x", &"a".repeat(65 * 1024))]), &[]),
            Err(Refusal::TooLarge { .. })
        ));
    }
}
