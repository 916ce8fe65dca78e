//! Signing a connection in again: with another secret, or with another authorization. What was read stays.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::faulty::{self, SECRET, USERNAME};
use super::new_form::{is_approved, labels, linked, redirect_url};
use super::origins;
use crate::console::acts::Again;
use crate::console::authorization::{Authorization, Purpose};
use crate::console::pages::faults::Faults;
use crate::console::pages::layout::{self, Nav};
use crate::console::pages::sent::Sent;
use crate::console::pages::shown::{Oops, back};
use crate::console::pages::{address, form};
use crate::console::who::{self, Administrator, Said};
use crate::console::{Console, Trouble, Viewer};
use crate::host::HostError;
use crate::model::{Connection, Login, OAuth2, Origin, Scheme};
use crate::secrets::Secret;
use crate::secrets::oauth::Client;

/// What there is to know of a connection that signs in again.
struct Known {
    connection: Connection,
    login: Login,
    scopes: Vec<String>,
    /// The app of the last time, if it can still be read.
    client: Option<Client>,
    /// Where the host itself signs in.
    own: Vec<Origin>,
}

impl Known {
    async fn of(console: &Console, name: &str) -> Result<Self, Trouble> {
        let connection = console.connection(name).await?;
        let outlined = console.host().outline(
            &connection.connector,
            &connection.settings,
            Some(&connection.login),
            &connection.routes,
        );
        let outlined = outlined.await?;
        let asked = connection.clone();
        let client = match &outlined.login.scheme {
            // A grant that does not open any more is what signing in again is for.
            Scheme::Oauth2(_) => {
                console
                    .with_host(move |host| Ok(host.kept_grant(&asked).ok().map(|(client, _)| client)))
                    .await?
            }
            _ => None,
        };
        Ok(Self {
            connection,
            login: outlined.login,
            scopes: outlined.plan.scopes,
            client,
            own: outlined.own,
        })
    }

    /// Whether the app's secret would go elsewhere than it did: to that somebody has to agree anew.
    fn moved(&self, oauth: &OAuth2) -> bool {
        self.client.as_ref().is_none_or(|kept| kept.token_url != oauth.token_url || kept.flow != oauth.grant)
    }

    fn username(&self) -> &str {
        let kept = self.client.as_ref().map(|client| client.id.as_str());
        kept.or(self.connection.username.as_deref()).unwrap_or_default()
    }

    fn show(&self, console: &Console, viewer: &Viewer, sent: &Sent, faults: &Faults) -> Markup {
        let labels = labels(&self.login.scheme);
        let action = address::connection(&self.connection.name, "/sign-in");
        let optional = self.client.is_some().then_some("Leave it empty to use the one that is kept.");
        let fields = html! {
            dl.facts {
                dt { "Reads as" } dd { (self.connection.account) }
                dt { "Login" } dd { (self.login.title) }
            }
            p.help { (linked(&self.login.help)) }
            @if let Some(label) = &labels.username {
                @let field = form::Field { id: USERNAME, label, help: None, fault: faults.at(USERNAME) };
                (field.show(html! {
                    input id=(USERNAME) name=(USERNAME) type="text" spellcheck="false" autocomplete="off"
                        value=(sent.text(USERNAME).unwrap_or(self.username()))
                        aria-describedby=[field.described()] aria-invalid=[field.fault.map(|_| "true")];
                }))
            }
            @if let Some(label) = &labels.secret {
                @let field = form::Field { id: SECRET, label, help: optional, fault: faults.at(SECRET) };
                (field.show(html! {
                    input id=(SECRET) name=(SECRET) type="password" autocomplete="off"
                        aria-describedby=[field.described()] aria-invalid=[field.fault.map(|_| "true")];
                }))
            }
            @if is_approved(&self.login.scheme) { (redirect_url(&console.callback())) }
            @match &self.login.scheme {
                Scheme::Oauth2(oauth) if self.moved(oauth) => {
                    (origins::ask(&self.connection.origins, &self.own, &sent.owned(origins::AGREED), faults))
                },
                _ => details {
                    summary { "Where requests go" }
                    (origins::list(&self.connection.origins, &self.own))
                },
            }
            div.row {
                button.primary type="submit" {
                    @if is_approved(&self.login.scheme) { "Continue to authorize" } @else { "Sign in" }
                }
                a.button href="/connections" { "Cancel" }
            }
        };
        let content = html! {
            div.setup {
                h1 { "Sign in again: " (self.connection.name) }
                (faults.summary())
                (form::form(viewer, &action, html! { div.panel { (fields) } }))
            }
        };
        layout::page(viewer, Nav::Connections, "Sign in again", &Said(None), content)
    }
}

pub async fn page(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
) -> Result<Markup, Oops> {
    let known = Known::of(&console, &name).await?;
    Ok(known.show(&console, &viewer, &Sent::default(), &Faults::default()))
}

pub async fn post(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Oops> {
    let (known, sent) = (Known::of(&console, &name).await?, Sent(pairs));
    let mut faults = check(&known, &sent);
    if faults.is_empty() {
        match sign_in(&console, &viewer, &known, &sent).await {
            Ok(response) => return Ok(response),
            Err(trouble) => faulty::add(&mut faults, &trouble),
        }
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, known.show(&console, &viewer, &sent, &faults)).into_response())
}

fn check(known: &Known, sent: &Sent) -> Faults {
    let (labels, mut faults) = (labels(&known.login.scheme), Faults::default());
    if let (Some(label), None) = (&labels.username, sent.text(USERNAME)) {
        faults.add(USERNAME, format!("{label} is missing."));
    }
    // The app's secret goes with the app: another app has another one.
    let kept = known.client.as_ref().is_some_and(|client| sent.text(USERNAME) == Some(client.id.as_str()));
    if let (Some(label), None, false) = (&labels.secret, sent.text(SECRET), kept) {
        faults.add(SECRET, format!("{label} is missing."));
    }
    let all = [known.connection.origins.as_slice(), &known.own].concat();
    let asks = matches!(&known.login.scheme, Scheme::Oauth2(oauth) if known.moved(oauth));
    if asks && sent.text(origins::AGREED) != Some(origins::mark(&all).as_str()) {
        faults.add(origins::AGREED, "Read where requests will go, and agree to it.");
    }
    faults
}

async fn sign_in(
    console: &Console,
    viewer: &Viewer,
    known: &Known,
    sent: &Sent,
) -> Result<Response, Trouble> {
    let name = known.connection.name.clone();
    let username = sent.text(USERNAME).map(str::to_owned);
    let Scheme::Oauth2(oauth) = &known.login.scheme else {
        let secret = Secret::new(sent.text(SECRET).unwrap_or_default());
        let connection = console.sign_in(viewer, name, username, secret).await?;
        return done(console, &connection);
    };
    let kept = known.client.as_ref().map(|client| client.secret.clone());
    let secret = sent.text(SECRET).map(Secret::new).or(kept).unwrap_or_else(|| Secret::new(""));
    let client = Client::new(oauth, &username.unwrap_or_default(), secret, &console.callback());
    let (scopes, routes) = (known.scopes.clone(), known.connection.routes.clone());
    if !is_approved(&known.login.scheme) {
        let again = Again { name, login: oauth.clone(), client, scopes, routes };
        return done(console, &console.sign_in_client(viewer, again).await?);
    }
    let authorization = Authorization::new(Purpose::Again(name), oauth.clone(), client, scopes, routes);
    let id = who::chance()?;
    console.authorizations().keep(viewer, id.clone(), authorization, console.host().now()?);
    Ok(Redirect::to(&address::query("/oauth/consent", [("draft", Some(id.as_str()))])).into_response())
}

fn done(console: &Console, connection: &Connection) -> Result<Response, Trouble> {
    let words = format!("{} is signed in as {}.", connection.name, connection.account);
    back(console, "/connections", &words).map_err(Oops::into_trouble)
}

/// What a connection lacks that its settings need, and the way to have it.
pub fn lacking(name: &str, scopes: &[String]) -> Markup {
    html! {
        @if !scopes.is_empty() {
            p.note {
                "These settings need what the sign-in was not granted: " (scopes.join(", ")) ". Add it to the app, then "
                a href=(address::connection(name, "/sign-in")) { "reauthenticate" } "."
            }
        }
    }
}

/// Whether a person has to sign in before anything else can be done.
pub fn is_needed(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::Host(HostError::SignIn(_) | HostError::NoSecret { .. } | HostError::Grant(_)))
}
