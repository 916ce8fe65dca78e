//! How an answer is shown that is no page of its own: trouble, and where a form leads.

use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::layout;
use crate::console::who;
use crate::console::{Console, Trouble};

/// What a page's handler returns: the page, or its trouble as a page.
pub type Page = Result<Markup, Oops>;

/// Trouble, to be shown to people.
pub struct Oops(Trouble);

impl<E: Into<Trouble>> From<E> for Oops {
    fn from(trouble: E) -> Self {
        Self(trouble.into())
    }
}

impl Oops {
    /// For those who show it themselves.
    pub fn into_trouble(self) -> Trouble {
        self.0
    }
}

impl IntoResponse for Oops {
    fn into_response(self) -> Response {
        page(&self.0)
    }
}

/// Trouble with a request for this path: problem+json for programs, a page for people.
pub fn shown(path: &str, trouble: Trouble) -> Response {
    let programs = ["/api/", "/mcp", "/metrics"];
    if programs.iter().any(|program| path.starts_with(program)) {
        return trouble.into_response();
    }
    match trouble {
        Trouble::SignedOut => Redirect::to("/sign-in").into_response(),
        trouble => page(&trouble),
    }
}

/// The same; whoever has to sign in comes back to the page that was asked for.
pub fn shown_at(uri: &Uri, trouble: Trouble) -> Response {
    let to = uri.path_and_query().map_or("/", axum::http::uri::PathAndQuery::as_str);
    match trouble {
        Trouble::SignedOut if !to.starts_with("/api/") && !to.starts_with("/mcp") && to != "/" => {
            let to: String = url::form_urlencoded::byte_serialize(to.as_bytes()).collect();
            Redirect::to(&format!("/sign-in?to={to}")).into_response()
        }
        trouble => shown(uri.path(), trouble),
    }
}

fn page(trouble: &Trouble) -> Response {
    let status = trouble.status();
    let title = match status {
        StatusCode::NOT_FOUND => "Not found",
        StatusCode::FORBIDDEN => "Not allowed",
        _ => "That did not work",
    };
    let content = html! {
        h1 { (title) }
        p.trouble role="alert" { (trouble) }
        p { a href="/" { "To the beginning" } }
    };
    let mut response = (status, layout::bare(title, content)).into_response();
    if let Trouble::TooMany(wait) = trouble {
        response.headers_mut().insert(header::RETRY_AFTER, wait.div_ceil(1_000).into());
    }
    response
}

/// What every page says that shows something with somebody else's eyes; `own` is where one's own look at it.
pub fn looking_as(person: &str, own: &str) -> Markup {
    html! {
        p.looking role="status" {
            span { "You are looking as " strong { (person) } ". That is noted in the audit trail." }
            a href=(own) { "Look as yourself" }
        }
    }
}

/// Where a form leads: to a page, which says what happened.
///
/// # Errors
///
/// When that cannot be said.
pub fn back(console: &Console, to: &str, words: &str) -> Result<Response, Oops> {
    let said = who::say(console, words)?;
    Ok(with_cookie(Redirect::to(to).into_response(), said))
}

/// The same answer, with a cookie.
pub fn with_cookie(mut response: Response, cookie: HeaderValue) -> Response {
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

/// A place of this console, and no other site's: where somebody goes on who has signed in.
pub fn own_place(to: Option<&str>) -> &str {
    let own = |to: &&str| {
        let mut bytes = to.bytes();
        bytes.next() == Some(b'/')
            && !matches!(bytes.next(), Some(b'/' | b'\\'))
            && !to.contains(char::is_control)
    };
    to.filter(own).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::own_place;

    #[test]
    fn nobody_is_led_to_another_site() {
        assert_eq!(own_place(Some("/search?q=a")), "/search?q=a");
        for to in
            ["https://evil.example", "//evil.example", "/\\evil.example", "", "search", "/\t/evil.example"]
        {
            assert_eq!(own_place(Some(to)), "/", "{to}");
        }
    }
}
