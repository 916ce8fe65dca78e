//! The form of *Authenticate*.

use maud::{Markup, html};

use super::asked::Asked;
use super::faulty::{CONNECTOR, LOGIN, NAME, ROUTES, SECRET, USERNAME};
use super::origins;
use super::steps::{Step, steps};
use crate::console::Viewer;
use crate::console::pages::faults::Faults;
use crate::console::pages::form;
use crate::console::pages::layout::{self, Nav};
use crate::console::pages::schema::{self, Field};
use crate::console::who::Said;
use crate::host::Outlined;
use crate::model::{Description, Grant, Login, Scheme};

/// What is shown of a form that may have come back.
pub struct Shown<'a> {
    pub viewer: &'a Viewer,
    /// Names and titles of those to choose from.
    pub connectors: &'a [(String, String)],
    pub description: &'a Description,
    pub login: &'a Login,
    pub fields: Vec<Field>,
    pub asked: &'a Asked,
    pub faults: &'a Faults,
    /// None before there is something to agree to.
    pub outlined: Option<&'a Outlined>,
    /// What has to be registered with an app.
    pub callback: &'a str,
}

/// What the two halves of a credential are called; None for what a login does not take.
pub struct Labels {
    pub username: Option<String>,
    pub secret: Option<String>,
}

pub fn labels(scheme: &Scheme) -> Labels {
    let (username, secret) = match scheme {
        Scheme::Anonymous => (None, None),
        Scheme::Basic(basic) => (Some(basic.username.clone()), Some(basic.password.clone())),
        Scheme::Token(token) => (None, Some(token.label.clone())),
        Scheme::Oauth2(_) => (Some("Client ID".to_owned()), Some("Client secret".to_owned())),
    };
    Labels { username, secret }
}

/// Whether a person approves this login elsewhere.
pub fn is_approved(scheme: &Scheme) -> bool {
    matches!(scheme, Scheme::Oauth2(oauth) if oauth.grant != Grant::ClientCredentials)
}

impl Shown<'_> {
    pub fn page(&self, said: &Said) -> Markup {
        let content = html! {
            div.setup {
                h1 { "New connection" }
                (steps(Step::Authenticate, is_approved(&self.login.scheme)))
                (self.faults.summary())
                (form::form(self.viewer, "/connections/new", html! { div.panel { (self.fields()) } }))
            }
        };
        layout::page(self.viewer, Nav::Connections, "New connection", said, content)
    }

    fn fields(&self) -> Markup {
        let labels = labels(&self.login.scheme);
        html! {
            // What Enter presses, before the button that only shows other fields.
            button.unseen type="submit" tabindex="-1" aria-hidden="true" { "Go on" }
            (self.connectors())
            (self.text(NAME, "Name", Some("What commands and pages call it, as acme."), &self.asked.name, "text", None))
            (schema::show(&self.fields, &self.asked.typed, self.faults, None))
            (self.logins())
            @if let Some(label) = &labels.username {
                (self.text(USERNAME, label, None, &self.asked.username, "text", Some("off")))
            }
            @if let Some(label) = &labels.secret { (self.secret(label)) }
            @if is_approved(&self.login.scheme) { (redirect_url(self.callback)) }
            @if let Some(outlined) = self.outlined {
                (origins::ask(&outlined.plan.origins, &outlined.own, &self.asked.agreed, self.faults))
            }
            (self.advanced())
            div.row {
                button.primary type="submit" { (self.submit()) }
                a.button href="/connections" { "Cancel" }
            }
        }
    }

    fn submit(&self) -> &'static str {
        match (self.outlined, is_approved(&self.login.scheme)) {
            (None, _) => "Continue",
            (Some(_), true) => "Continue to authorize",
            (Some(_), false) => "Sign in and continue",
        }
    }

    fn text(
        &self,
        id: &str,
        label: &str,
        help: Option<&str>,
        value: &str,
        kind: &str,
        autocomplete: Option<&str>,
    ) -> Markup {
        let field = form::Field { id, label, help, fault: self.faults.at(id) };
        field.show(html! {
            input id=(id) name=(id) type=(kind) value=(value) autocomplete=[autocomplete] spellcheck="false"
                aria-describedby=[field.described()] aria-invalid=[field.fault.map(|_| "true")];
        })
    }

    /// The value never stands in the page.
    fn secret(&self, label: &str) -> Markup {
        let kept = self.asked.kept.as_deref();
        let help = match kept {
            Some(_) => "Kept as you typed it; type it again only to change it.",
            None => "It is sealed, and shown to nobody.",
        };
        html! {
            @if let Some(kept) = kept { input type="hidden" name="kept" value=(kept); }
            (self.text(SECRET, label, Some(help), "", "password", Some("off")))
        }
    }

    fn logins(&self) -> Markup {
        html! {
            fieldset.field {
                legend { "How to sign in" }
                @for login in &self.description.logins {
                    @let id = format!("login-{}", login.name);
                    @let chosen = login.name == self.login.name;
                    div.check {
                        input id=(id) type="radio" name=(LOGIN) value=(login.name) checked[chosen]
                            data-choose="choose" aria-describedby=[chosen.then(|| format!("{id}-help"))];
                        div {
                            label for=(id) { (login.title) }
                            @if chosen { p.help id=(format!("{id}-help")) { (linked(&login.help)) } }
                        }
                    }
                }
                button #choose type="submit" name="choose" value="login" { "Show its fields" }
            }
        }
    }

    /// Those to choose from, if there are several. Others come by a command on the machine, and by nothing that a
    /// browser could be made to send.
    fn connectors(&self) -> Markup {
        let help = "Others are installed on the machine that serves Weir: weir connector add FILE.";
        let field = form::Field {
            id: CONNECTOR,
            label: "Connector",
            help: Some(help),
            fault: self.faults.at(CONNECTOR),
        };
        let chosen = self.asked.connector();
        let missing = !self.connectors.iter().any(|(name, _)| name == chosen);
        html! {
            @if self.connectors.len() < 2 && !missing {
                p { "Connector: " strong { (self.description.title) } " " span.soft { (self.description.version) } }
            } @else {
                (field.show(html! {
                    select id=(CONNECTOR) name=(CONNECTOR) data-choose="choose-connector"
                        aria-describedby=[field.described()] aria-invalid=[field.fault.map(|_| "true")] {
                        @if missing { option value=(chosen) selected { (chosen) } }
                        @for (name, title) in self.connectors {
                            option value=(name) selected[name == chosen] { (title) " (" (name) ")" }
                        }
                    }
                }))
                button #choose-connector type="submit" name="choose" value="connector" { "Show its fields" }
            }
        }
    }

    fn advanced(&self) -> Markup {
        let open = !self.asked.routes.is_empty() || self.faults.at(ROUTES).is_some();
        let field = form::Field {
            id: ROUTES,
            label: "Stand-in servers (one a line)",
            help: Some(
                "ORIGIN=URL sends what is meant for an origin to another server, as to a simulated site.",
            ),
            fault: self.faults.at(ROUTES),
        };
        html! {
            details open[open] {
                summary { "Advanced" }
                (field.show(html! {
                    textarea id=(ROUTES) name=(ROUTES) rows="3" spellcheck="false"
                        placeholder="https://acme.atlassian.net=http://127.0.0.1:8790"
                        aria-describedby=[field.described()] aria-invalid=[field.fault.map(|_| "true")] {
                        "\n" (self.asked.routes)
                    }
                }))
            }
        }
    }
}

/// A connector's words, in which addresses can be followed.
pub fn linked(words: &str) -> Markup {
    let address = |word: &str| word.starts_with("https://") && url::Url::parse(word).is_ok();
    html! {
        @for word in words.split_inclusive(char::is_whitespace) {
            @let bare = word.trim_end().trim_end_matches(['.', ',', ';', ':', ')']);
            @if address(bare) {
                a href=(bare) target="_blank" rel="noopener noreferrer" { (bare) }
                (&word[bare.len()..])
            } @else { (word) }
        }
    }
}

/// What has to be registered with an app, to copy.
pub fn redirect_url(callback: &str) -> Markup {
    html! {
        div.field {
            label for="callback" { "Redirect URL" }
            div.row.copied {
                input #callback type="text" readonly value=(callback) aria-describedby="callback-help";
                button type="button" data-copy="callback" { "Copy" }
            }
            p.help #callback-help { "Register this with the app as its callback URL, letter for letter." }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::linked;

    #[test]
    fn addresses_in_a_connector_s_words_can_be_followed_and_nothing_else() {
        let words = linked("See https://a.example/b?c=d, or <b> javascript:x http://e.").into_string();
        let link = r#"<a href="https://a.example/b?c=d" target="_blank" rel="noopener noreferrer">https://a.example/b?c=d</a>"#;
        assert_eq!(words, format!("See {link}, or &lt;b&gt; javascript:x http://e."));
    }
}
