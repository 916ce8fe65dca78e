//! The console and its API, over HTTP as browsers and programs ask, beside a simulated site.

mod agents;
mod events;
mod guarded;
mod indexed;
mod operated;
mod people;
mod provider;
mod recorded;
mod searched;
mod setting_up;
mod signed_in;
mod watching;

pub use provider::Provider;

use std::collections::BTreeSet;
use std::sync::Arc;

use confluence_simulator::{Knobs, Running, Simulator, Site};
use reqwest::{Client, RequestBuilder, Response};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use url::Url;
use weir::console::{Console, ConsoleOptions, Listening, SignInOptions, make_token, token_hash};
use weir::extract::Limits;
use weir::host::{Host, ServeOptions, Served, SyncOptions, Teller};
use weir::store::{Mode, NewToken, Scope, SignedIn};
use weir::sync::{Halt, Silent, Stop, Stopper};

use crate::acme::{NAME, draft, engine};

/// A host that is served as `weir serve` does it, in this process, and a site beside it.
pub struct Desk {
    pub host: Arc<Host>,
    pub site: Running,
    pub url: Url,
    pub folder: TempDir,
    stopper: Stopper,
    tasks: Vec<JoinHandle<()>>,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Answer {
    pub async fn of(response: Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, text: response.text().await.unwrap() }
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

struct Quiet;

impl Teller for Quiet {
    fn tell(&self, _event: Served<'_>) {}
}

impl Desk {
    /// No connection yet.
    pub async fn empty(site: Site) -> Self {
        Self::with(site, Self::options(Url::parse("http://localhost/").unwrap())).await
    }

    /// What `weir serve` takes by itself.
    pub fn options(url: Url) -> ConsoleOptions {
        let sign_in = SignInOptions::default();
        ConsoleOptions { url, administrators: BTreeSet::new(), sign_in, open_metrics: false }
    }

    /// Options as `weir serve` makes them of its arguments; the URL becomes that of the port.
    pub async fn with(site: Site, options: ConsoleOptions) -> Self {
        let site = Simulator::start(site, Knobs::default()).await.unwrap();
        let folder = TempDir::new().unwrap();
        let host = Arc::new(Host::open(folder.path(), None).unwrap().with_engine(engine()));
        let (stopper, stop) = Stop::door();
        let listening = Listening::at("127.0.0.1:0".parse().unwrap(), false).await.unwrap();
        let url = Url::parse(&format!("http://{}/", listening.address())).unwrap();
        let console =
            Console::new(Arc::clone(&host), ConsoleOptions { url: url.clone(), ..options }, stop.clone());
        let answering = tokio::spawn(async move { listening.serve(&console).await.unwrap() });
        let served = Arc::clone(&host);
        let options = ServeOptions { files: Some(Limits::default()) };
        let reading =
            tokio::spawn(async move { served.serve(options, stop, Arc::new(Quiet)).await.unwrap() });
        Self { host, site, url, folder, stopper, tasks: vec![answering, reading] }
    }

    /// A site that was read, by a connection that is paused.
    pub async fn synced(site: Site) -> Self {
        let desk = Self::empty(site).await;
        // Added by somebody who reads it at once, so that the schedule has nothing to do.
        desk.host.add_connection(draft(&desk.site)).await.unwrap();
        desk.host.set_paused(NAME, true).unwrap();
        let connection = desk.host.store().connection(NAME).unwrap().id;
        let turned = desk.host.alone(connection).await;
        desk.host.sync(NAME, SyncOptions::by_hand(Mode::Everything), Arc::new(Silent)).await.unwrap();
        desk.host.read_files(NAME, Limits::default(), &Stop::never(), Arc::new(Silent)).await.unwrap();
        drop(turned);
        desk
    }

    /// Looks for everything anew.
    pub async fn syncs(&self) {
        let connection = self.host.store().connection(NAME).unwrap().id;
        let turned = self.host.alone(connection).await;
        self.host.sync(NAME, SyncOptions::by_hand(Mode::Inventory), Arc::new(Silent)).await.unwrap();
        drop(turned);
    }

    pub fn token(&self, email: Option<&str>, scopes: &[Scope]) -> String {
        let new = NewToken {
            label: "test".to_owned(),
            email: email.map(str::to_owned),
            scopes: scopes.to_vec(),
            expires: None,
        };
        make_token(&self.host, &new).unwrap().1
    }

    /// The cookie of a browser in which somebody is signed in who is no administrator.
    pub fn session(&self, email: &str) -> String {
        let (label, email, scopes) = ("test".to_owned(), Some(email.to_owned()), vec![Scope::Search]);
        let (token, secret) =
            make_token(&self.host, &NewToken { label, email, scopes, expires: None }).unwrap();
        let now = self.host.now().unwrap();
        let signed_in = SignedIn::Token(token);
        self.host.store().begin_session(token_hash(&secret), &signed_in, now, now + 600_000).unwrap();
        secret
    }

    pub fn at(&self, path: &str) -> Url {
        self.url.join(path).unwrap()
    }

    /// A program that shows this token.
    pub async fn get(&self, token: &str, path: &str) -> Answer {
        Answer::of(client().get(self.at(path)).bearer_auth(token).send().await.unwrap()).await
    }

    pub async fn post(&self, token: &str, path: &str, body: &serde_json::Value) -> Answer {
        let request = client().post(self.at(path)).bearer_auth(token);
        let request = request.header("content-type", "application/json").body(body.to_string());
        Answer::of(request.send().await.unwrap()).await
    }

    /// A browser that signed in with an administrator's token: its cookie.
    pub async fn signed_in(&self) -> Browser<'_> {
        let token = self.token(None, &[Scope::Manage]);
        let request = client().post(self.at("/sign-in"));
        let answer = Answer::of(form(request, &[("token", &token)]).send().await.unwrap()).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
        let mut browser = Browser { desk: self, cookie, csrf: String::new() };
        let page = browser.get("/connections").await.text;
        let value = page.split(r#"name="csrf" value=""#).nth(1).unwrap();
        browser.csrf = value.split('"').next().unwrap().to_owned();
        browser
    }

    /// Stops as SIGTERM would, and waits until everything has ended.
    pub async fn stop(mut self) {
        self.stopper.stop(Halt::Interrupted);
        for task in std::mem::take(&mut self.tasks) {
            task.await.unwrap();
        }
    }
}

/// Somebody at a browser without a script.
pub struct Browser<'a> {
    pub desk: &'a Desk,
    pub cookie: String,
    pub csrf: String,
}

impl Browser<'_> {
    pub async fn get(&self, path: &str) -> Answer {
        let request = client().get(self.desk.at(path)).header("cookie", &self.cookie);
        Answer::of(request.send().await.unwrap()).await
    }

    /// Sends a form of one of our pages.
    pub async fn sends(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = client().post(self.desk.at(path)).header("cookie", &self.cookie);
        let fields = [&[("csrf", self.csrf.as_str())], fields].concat();
        Answer::of(form(request, &fields).send().await.unwrap()).await
    }
}

pub fn form(request: RequestBuilder, fields: &[(&str, &str)]) -> RequestBuilder {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    request.header("content-type", "application/x-www-form-urlencoded").body(body)
}

/// Follows nothing by itself.
pub fn client() -> Client {
    // The host installs the same when it first makes its own client.
    let _already = rustls::crypto::ring::default_provider().install_default();
    Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}
