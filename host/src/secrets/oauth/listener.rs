//! Waits on a loopback address for the browser that comes back from the source (RFC 8252 7.3).
//!
//! Speaks as little HTTP as that takes. Whoever else calls here (another program, a page that
//! guesses the port, a browser that only opens connections) gets a refusal and changes nothing.

use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use url::{Host, Url};

use super::callback::{CallbackFault, Code};
use super::consent::Consent;

/// Of a request's head. Codes may be signed tokens of some KB; browsers add 1 to 2 KB of their own.
const HEAD_BYTES_MAX: usize = 32 * 1024;

/// For one request, from its first byte to the end of the answer. A browser on this machine needs
/// milliseconds; one that only opened a connection is let go.
const REQUEST_MAX: Duration = Duration::from_secs(10);

/// Connections looked at side by side: browsers open a few at once.
const AT_ONCE_MAX: usize = 8;

/// A loopback address, bound.
pub struct Listener {
    socket: TcpListener,
    path: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ListenFault {
    #[error(
        "the redirect URL {0} does not lead to this machine, so nobody can be waited for here; use --paste, or one such as http://127.0.0.1:8737/callback"
    )]
    NotHere(String),
    #[error("the redirect URL `{0}` cannot be used: it must be absolute, without user, query and fragment")]
    Redirect(String),
    #[error(
        "cannot wait at {address} for the browser ({source}); choose another port with --redirect (and register that URL), or use --paste"
    )]
    Bind { address: SocketAddr, source: std::io::Error },
    #[error("nobody came back from the browser in time; start again, or use --paste")]
    Late,
    #[error(transparent)]
    Answered(#[from] CallbackFault),
}

/// Where to listen for a redirect URL, and for which path.
///
/// # Errors
/// [`ListenFault::NotHere`] for one that leads to another machine or is encrypted, which nobody
/// holds a certificate for here.
pub fn here(redirect: &str) -> Result<(SocketAddr, String), ListenFault> {
    let url = absolute(redirect)?;
    let not_here = || ListenFault::NotHere(redirect.to_owned());
    let address = match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::from(address),
        Some(Host::Ipv6(address)) => IpAddr::from(address),
        Some(Host::Domain("localhost")) => IpAddr::from(Ipv4Addr::LOCALHOST),
        _ => return Err(not_here()),
    };
    if !address.is_loopback() || url.scheme() != "http" {
        return Err(not_here());
    }
    let port = url.port_or_known_default().ok_or_else(not_here)?;
    Ok((SocketAddr::new(address, port), url.path().to_owned()))
}

/// RFC 6749 3.1.2: absolute, without a fragment. A query would be mixed with the answer's.
fn absolute(redirect: &str) -> Result<Url, ListenFault> {
    let fault = || ListenFault::Redirect(redirect.to_owned());
    let url = Url::parse(redirect).map_err(|_| fault())?;
    let web =
        matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    let bare = url.query().is_none() && url.fragment().is_none();
    if web && bare { Ok(url) } else { Err(fault()) }
}

impl Listener {
    /// Binds the address that a redirect URL names.
    ///
    /// # Errors
    /// As [`here`], and if something else listens there.
    pub async fn bind(redirect: &str) -> Result<Self, ListenFault> {
        let (address, path) = here(redirect)?;
        let socket = TcpListener::bind(address).await;
        Ok(Self { socket: socket.map_err(|source| ListenFault::Bind { address, source })?, path })
    }

    /// Until the source has answered this consent, or `patience` ends. What does not answer it is
    /// refused, and waiting goes on.
    ///
    /// # Errors
    /// [`ListenFault::Answered`] if the source refused, [`ListenFault::Late`].
    pub async fn wait(
        self,
        consent: Arc<Consent>,
        patience: impl Future<Output = ()>,
    ) -> Result<Code, ListenFault> {
        let mut visits = JoinSet::new();
        let path: Arc<str> = self.path.into();
        let mut patience = std::pin::pin!(patience);
        loop {
            tokio::select! {
                came = self.socket.accept(), if visits.len() < AT_ONCE_MAX => {
                    // A connection that broke before it was taken is nobody's answer.
                    let Ok((stream, _)) = came else { continue };
                    visits.spawn(visit(stream, Arc::clone(&path), Arc::clone(&consent)));
                }
                Some(visited) = visits.join_next() => match visited {
                    Ok(Some(Ok(code))) => return Ok(code),
                    Ok(Some(Err(fault))) if fault.is_final() => return Err(fault.into()),
                    _ => {}
                },
                () = &mut patience => return Err(ListenFault::Late),
            }
        }
    }
}

/// One request and its answer; what it said of the sign-in, if it was about one.
async fn visit(
    mut stream: TcpStream,
    path: Arc<str>,
    consent: Arc<Consent>,
) -> Option<Result<Code, CallbackFault>> {
    let visited = async {
        let head = head(&mut stream).await?;
        let (page, said) = judge(&head, &path, &consent);
        // The browser may have gone; what it brought counts all the same.
        let _gone = stream.write_all(page.http().as_bytes()).await;
        let _gone = stream.shutdown().await;
        said
    };
    tokio::time::timeout(REQUEST_MAX, visited).await.ok().flatten()
}

/// The head of a request; none if it is too long or never ends.
async fn head(stream: &mut TcpStream) -> Option<String> {
    let mut read = Vec::new();
    let mut chunk = [0; 4096];
    while !read.windows(4).any(|window| window == b"\r\n\r\n") {
        let count = stream.read(&mut chunk).await.ok().filter(|count| *count > 0)?;
        read.extend_from_slice(chunk.get(..count)?);
        if read.len() > HEAD_BYTES_MAX {
            return None;
        }
    }
    String::from_utf8(read).ok()
}

/// The decision about one request: which page it gets, and what it said. Pure.
fn judge(head: &str, path: &str, consent: &Consent) -> (Page, Option<Result<Code, CallbackFault>>) {
    let mut words = head.lines().next().unwrap_or_default().split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (asked, query) = target.split_once('?').unwrap_or((target, ""));
    if asked != path {
        return (Page::Elsewhere, None);
    }
    if method != "GET" {
        return (Page::Method, None);
    }
    let said = consent.code(query);
    let page = match &said {
        Ok(_) => Page::Done,
        Err(said) if said.is_final() => Page::Denied,
        Err(_) => Page::Another,
    };
    (page, Some(said))
}

/// The whole of what a browser is shown: fixed words, nothing that came with the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    Done,
    Denied,
    Another,
    Elsewhere,
    Method,
}

impl Page {
    fn http(self) -> String {
        let (status, words) = match self {
            Self::Done => ("200 OK", "Weir has its answer. You may close this page."),
            Self::Denied => (
                "200 OK",
                "The sign-in was not approved. You may close this page; Weir says more where it was started.",
            ),
            Self::Another => {
                ("400 Bad Request", "This does not answer the sign-in that Weir is waiting for.")
            }
            Self::Elsewhere => ("404 Not Found", "There is nothing here."),
            Self::Method => ("405 Method Not Allowed\r\nallow: GET", "There is nothing here for that."),
        };
        let body = format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Weir</title><p>{words}</p></html>\n"
        );
        format!(
            "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\nconnection: close\r\n\
             cache-control: no-store\r\nreferrer-policy: no-referrer\r\ncontent-security-policy: default-src 'none'\r\n\r\n\
             {body}",
            body.len()
        )
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use std::sync::Arc;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};

    use super::{Consent, ListenFault, Listener, here};
    use crate::secrets::oauth::CallbackFault;
    use crate::secrets::oauth::tests::{Counting, client};

    fn consent() -> Arc<Consent> {
        Arc::new(Consent::new(&client(), &[], &[], &Counting::default()).unwrap())
    }

    fn state(consent: &Consent) -> String {
        consent.url().query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned()
    }

    async fn listening() -> (Listener, std::net::SocketAddr) {
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        (Listener { socket, path: "/callback".into() }, address)
    }

    /// The status of the answer to one request, or nothing if there was none.
    async fn asks(address: std::net::SocketAddr, request: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let _gone = stream.write_all(request.as_bytes()).await;
        let mut answer = String::new();
        let _gone = stream.read_to_string(&mut answer).await;
        assert!(!answer.contains("<script"), "{answer}");
        answer.lines().next().unwrap_or_default().to_owned()
    }

    #[tokio::test]
    async fn strangers_are_refused_and_waiting_goes_on_until_the_right_one_comes() {
        let (listener, address) = listening().await;
        let consent = consent();
        let waiting = tokio::spawn(listener.wait(Arc::clone(&consent), std::future::pending()));
        // One that says nothing keeps nobody from being heard.
        let _silent = TcpStream::connect(address).await.unwrap();
        let right = state(&consent);
        let callback = |query: &str| format!("GET /callback?{query} HTTP/1.1\r\nhost: x\r\n\r\n");
        for (request, status) in [
            ("GET / HTTP/1.1\r\n\r\n".to_owned(), "HTTP/1.1 404 Not Found"),
            ("GET /favicon.ico HTTP/1.1\r\n\r\n".to_owned(), "HTTP/1.1 404 Not Found"),
            (format!("GET /callback/?code=a&state={right} HTTP/1.1\r\n\r\n"), "HTTP/1.1 404 Not Found"),
            (
                format!("POST /callback?code=a&state={right} HTTP/1.1\r\n\r\n"),
                "HTTP/1.1 405 Method Not Allowed",
            ),
            (callback("code=stolen"), "HTTP/1.1 400 Bad Request"),
            (callback("code=stolen&state=guess"), "HTTP/1.1 400 Bad Request"),
            (callback("error=access_denied"), "HTTP/1.1 400 Bad Request"),
            (callback("code=<script>&state=x"), "HTTP/1.1 400 Bad Request"),
            ("\r\n\r\n".to_owned(), "HTTP/1.1 404 Not Found"),
            (callback(&format!("code=the-code&state={right}")), "HTTP/1.1 200 OK"),
        ] {
            assert_eq!(asks(address, &request).await, status, "{request}");
        }
        assert_eq!(waiting.await.unwrap().ok().unwrap().0.expose(), "the-code");
    }

    #[tokio::test]
    async fn a_flood_is_cut_off_and_a_refusal_ends_the_waiting() {
        let (listener, address) = listening().await;
        let consent = consent();
        let waiting = tokio::spawn(listener.wait(Arc::clone(&consent), std::future::pending()));
        let flood = format!("GET /callback?code={} HTTP/1.1\r\n", "a".repeat(64 * 1024));
        assert_eq!(asks(address, &flood).await, "");
        let denied = format!("GET /callback?error=access_denied&state={} HTTP/1.1\r\n\r\n", state(&consent));
        assert_eq!(asks(address, &denied).await, "HTTP/1.1 200 OK");
        let fault = waiting.await.unwrap().err().unwrap();
        assert!(matches!(fault, ListenFault::Answered(CallbackFault::Denied)), "{fault}");
    }

    #[tokio::test]
    async fn patience_ends_and_a_taken_port_is_told() {
        let (listener, address) = listening().await;
        let taken = Listener::bind(&format!("http://{address}/callback")).await.err().unwrap();
        assert!(matches!(taken, ListenFault::Bind { .. }), "{taken}");
        let late = listener.wait(consent(), std::future::ready(())).await.err().unwrap();
        assert!(matches!(late, ListenFault::Late), "{late}");
    }

    #[test]
    fn only_a_plain_loopback_address_is_waited_at() {
        let table = [
            ("http://127.0.0.1:8737/callback", "127.0.0.1:8737 /callback"),
            ("http://localhost:8737/a/b", "127.0.0.1:8737 /a/b"),
            ("http://[::1]:8737/", "[::1]:8737 /"),
            ("http://127.0.0.1", "127.0.0.1:80 /"),
        ];
        for (redirect, expected) in table {
            let (address, path) = here(redirect).unwrap();
            assert_eq!(format!("{address} {path}"), expected);
        }
        for elsewhere in [
            "https://127.0.0.1/callback",
            "http://10.0.0.5/callback",
            "http://0.0.0.0/",
            "https://weir.acme.example/callback",
            "http://localhost.evil.example/",
        ] {
            assert!(matches!(here(elsewhere), Err(ListenFault::NotHere(_))), "{elsewhere}");
        }
        for none in [
            "",
            "/callback",
            "file:///callback",
            "http://127.0.0.1/?a=b",
            "http://127.0.0.1/#a",
            "http://u@127.0.0.1/",
            "http://u:p@127.0.0.1/",
        ] {
            assert!(matches!(here(none), Err(ListenFault::Redirect(_))), "{none}");
        }
    }
}
