//! Where an answer may lead on to. Pure.
//!
//! The host that a person wrote may be anywhere but at a link-local or other special address: a
//! company keeps its artifacts on its own network, and who writes that name knows it. Where an answer
//! leads is the choice of whoever answers, so that other hosts have to be on the internet: a public
//! page must not make this machine ask its own services, or its network's.

use url::{Host, Url};

use super::reference::is_loopback;
use crate::gate::{Reach, limits::URL_BYTES_MAX};

/// Why an answer is not followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HopFault {
    #[error("it leads to something that is no URL of the web")]
    Unreadable,
    #[error("it leads from https:// to plain http://")]
    Downgraded,
    #[error("it leads to plain http:// on another machine")]
    Plain,
    #[error("it leads to a URL with a user or password in it")]
    Credentials,
    #[error("it leads to a URL of more than {URL_BYTES_MAX} bytes")]
    TooLong,
}

/// The URL that `target` means in an answer of `from`.
pub(super) fn next(from: &Url, target: &str) -> Result<Url, HopFault> {
    let mut url = from.join(target).map_err(|_| HopFault::Unreadable)?;
    url.set_fragment(None);
    match url.scheme() {
        "https" => {}
        "http" if from.scheme() == "https" => return Err(HopFault::Downgraded),
        "http" if !is_loopback(&url) => return Err(HopFault::Plain),
        "http" => {}
        _ => return Err(HopFault::Unreadable),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(HopFault::Credentials);
    }
    if url.as_str().len() > URL_BYTES_MAX { Err(HopFault::TooLong) } else { Ok(url) }
}

/// Which addresses `url` may be dialled at, where a person wrote the host `named`.
pub(super) fn reach(url: &Url, named: Option<Host<&str>>) -> Reach {
    match (url.host() == named, url.scheme()) {
        (true, "https") => Reach::Either,
        (true, _) => Reach::Local,
        (false, _) => Reach::Public,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use url::Url;

    use super::{HopFault, next, reach};
    use crate::gate::Reach;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn an_answer_leads_only_to_what_is_no_less_safe() {
        let https = url("https://acme.example/a/b?c=d");
        let led = |target| next(&https, target).map(String::from);
        assert_eq!(led("e").unwrap(), "https://acme.example/a/e");
        assert_eq!(led("//other.example/e#f").unwrap(), "https://other.example/e");
        assert_eq!(led("https://other.example/?g=h").unwrap(), "https://other.example/?g=h");
        assert_eq!(led("http://acme.example/"), Err(HopFault::Downgraded));
        assert_eq!(led("http://127.0.0.1/"), Err(HopFault::Downgraded));
        assert_eq!(led("https://ana:x@acme.example/"), Err(HopFault::Credentials));
        assert_eq!(led("https://ana@acme.example/"), Err(HopFault::Credentials));
        for target in
            ["file:///etc/passwd", "ftp://acme.example/", "data:,x", "https://", "https://[", "javascript:x"]
        {
            assert_eq!(led(target), Err(HopFault::Unreadable), "{target}");
        }
        assert_eq!(led(&"a".repeat(20_000)), Err(HopFault::TooLong));

        let http = url("http://127.0.0.1:8000/a");
        let led = |target| next(&http, target).map(String::from);
        assert_eq!(led("/b").unwrap(), "http://127.0.0.1:8000/b");
        assert_eq!(led("https://acme.example/b").unwrap(), "https://acme.example/b");
        assert_eq!(led("http://acme.example/b"), Err(HopFault::Plain));
        assert_eq!(led("http://10.0.0.1/b"), Err(HopFault::Plain));
    }

    #[test]
    fn only_the_host_that_was_written_may_be_nearby() {
        let named = url("https://artifacts.corp.example/n.wasm");
        let reach = |text| reach(&url(text), named.host());
        assert_eq!(reach("https://artifacts.corp.example/n.wasm"), Reach::Either);
        assert_eq!(reach("https://artifacts.corp.example:8443/n.wasm"), Reach::Either);
        assert_eq!(reach("https://storage.corp.example/n.wasm"), Reach::Public);
        assert_eq!(reach("https://127.0.0.1/n.wasm"), Reach::Public);
        let this = url("http://127.0.0.1:8000/n.wasm");
        assert_eq!(super::reach(&url("http://127.0.0.1:9000/"), this.host()), Reach::Local);
        assert_eq!(super::reach(&url("http://localhost:9000/"), this.host()), Reach::Public);
    }
}
