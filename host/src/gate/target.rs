//! From a request's URI to the one URL that is judged and sent. Pure.

use http::Uri;
use url::{Position, Url};

use super::limits::URL_BYTES_MAX;
use super::{Place, Refusal};

/// The URL, normalised and without fragment, and its place.
///
/// The URI was read by one parser and is read here by another. Where the two could disagree
/// about the host, the request is refused rather than guessed at.
pub(super) fn parse(uri: &Uri) -> Result<(Url, Place), Refusal> {
    let text = uri.to_string();
    if text.len() > URL_BYTES_MAX {
        return Err(Refusal::TooLarge { what: "URL", bytes: text.len(), bytes_max: URL_BYTES_MAX });
    }
    let refused = |reason: &'static str| Refusal::Url { reason, url: shown(&text).to_owned() };
    let (Some(host), Some(authority)) = (uri.host(), uri.authority()) else {
        return Err(refused("it is not absolute"));
    };
    if authority.as_str().contains('@') {
        return Err(refused("it carries a user or password, which only a login may give"));
    }
    let mut url = Url::parse(&text).map_err(|_| refused("it cannot be read"))?;
    url.set_fragment(None);
    let place = Place::of(&url).ok_or_else(|| refused("it is neither https:// nor http://"))?;
    if !url.host_str().is_some_and(|read| read.eq_ignore_ascii_case(host)) || host.ends_with('.') {
        return Err(refused("its host is written in a way that could be read as another"));
    }
    Ok((url, place))
}

/// The same path and query at the server that stands in. None is never the case for two
/// places of the web; it is refused all the same.
pub(super) fn moved(url: &Url, to: &Place) -> Option<Url> {
    Url::parse(&format!("{to}{}", &url[Position::BeforePath..])).ok()
}

/// For messages: nothing after the path, and no user before the host.
fn shown(text: &str) -> &str {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    if path.contains('@') { "(hidden)" } else { path }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use http::Uri;

    use super::{moved, parse};
    use crate::gate::{Place, Refusal};

    fn read(text: &str) -> Result<String, Refusal> {
        parse(&text.parse::<Uri>().unwrap()).map(|(url, _)| url.to_string())
    }

    #[test]
    fn what_is_sent_is_the_normal_form() {
        assert_eq!(read("https://ACME.example:443/a?b=c").unwrap(), "https://acme.example/a?b=c");
        assert_eq!(read("https://acme.example/a#secret").unwrap(), "https://acme.example/a");
        assert_eq!(read("https://acme.example/a/../b/%2e%2e/c").unwrap(), "https://acme.example/c");
        assert_eq!(read("https://acme.example").unwrap(), "https://acme.example/");
    }

    #[test]
    fn tricks_are_refused() {
        for text in [
            "/relative",
            "https://user@acme.example/",
            "https://user:pass@acme.example/",
            "https://acme.example@evil.example/",
            "https://acme.example./",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://127.1/",
            "https://[0:0:0:0:0:0:0:1]/",
            "https://[::ffff:127.0.0.1]/",
            "ftp://acme.example/",
            "ws://acme.example/",
            "acme.example:443",
        ] {
            assert!(matches!(read(text), Err(Refusal::Url { .. })), "{text}: {:?}", read(text));
        }
        for text in [
            "https://acme.example\\@evil.example/",
            "https://ac%6de.example/",
            "https://acme.example /",
            "https://ac\u{ff4d}e.example/",
        ] {
            let refused = text.parse::<Uri>().is_err() || read(text).is_err();
            assert!(refused, "{text}");
        }
        let long = format!("https://acme.example/{}", "a".repeat(16 * 1024));
        assert!(matches!(read(&long), Err(Refusal::TooLarge { what: "URL", .. })));
    }

    #[test]
    fn a_refusal_hides_query_and_user() {
        let message = read("https://user:hunter2@acme.example/?token=hunter2").unwrap_err().to_string();
        assert!(!message.contains("hunter2"), "{message}");
        let message = read("https://127.1/a?token=hunter2").unwrap_err().to_string();
        assert!(!message.contains("hunter2"), "{message}");
    }

    #[test]
    fn a_stand_in_gets_path_and_query_unchanged() {
        let (url, _) =
            parse(&"https://acme.example//evil.example/a%2Fb?q=%20&x=@y".parse().unwrap()).unwrap();
        let to = Place::parse("http://127.0.0.1:8790").unwrap();
        assert_eq!(
            moved(&url, &to).unwrap().as_str(),
            "http://127.0.0.1:8790//evil.example/a%2Fb?q=%20&x=@y"
        );
    }
}
