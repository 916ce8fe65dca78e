//! A person who approves an app in a browser, and a user whose connection signs in so.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use confluence_simulator::{CRAWLER_EMAIL, OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, Running, Site};
use weir::gate::{BoxFuture, Client as Web, Clock, Doors};
use weir::host::{Draft, Granted, Host};
use weir::model::{OAuth2, Route, Scheme};
use weir::secrets::Secret;
use weir::secrets::oauth::{Client, Grant};

use crate::acme::{GATEWAY, MEDIA, Middle, NAME, SITE, engine, small};
use crate::command::{Said, User, serve};

/// Where Atlassian asks people and hands out tokens.
pub const AUTH: &str = "https://auth.atlassian.com";

/// A callback on a port that was free a moment ago, registered with the app.
pub fn callback(site: &Running) -> String {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let callback = format!("http://127.0.0.1:{port}/callback");
    site.change(|site| site.add_callback(&callback));
    callback
}

/// What somebody does on the consent page, as the end of its address.
pub fn allows(account: &str) -> String {
    format!("&account={account}&decision=allow")
}

pub const DENIES: &str = "&decision=deny";

/// Opens the consent page and decides. Returns where the browser is sent then.
pub fn decides(url: &str, decision: &str) -> String {
    let answer = get(&format!("{}{decision}", url.replace("/authorize?", "/authorize/consent?")));
    let sent = answer.lines().find_map(|line| line.strip_prefix("location: "));
    sent.unwrap_or_else(|| panic!("sent nowhere: {answer}")).to_owned()
}

/// A whole answer, head and body.
pub fn get(url: &str) -> String {
    let (host, path) = url.trim_start_matches("http://").split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Waits for the address that a command prints, decides there, and follows to where it waits.
pub fn answers(mut child: Child, callback: &str, decision: &str) -> Said {
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    let mut url = None;
    while stderr.read_line(&mut said).unwrap() > 0 {
        let line = said.lines().last().unwrap_or_default();
        if line.contains("/authorize?") {
            url = Some(line.trim().to_owned());
        }
        if line.starts_with("waiting at") {
            let sent = decides(url.as_ref().unwrap(), decision);
            assert!(sent.starts_with(callback), "sent to {sent}");
            let page = get(&sent);
            assert!(
                page.starts_with("HTTP/1.1 200 OK") && page.contains("You may close this page"),
                "{page}"
            );
        }
    }
    let output = child.wait_with_output().unwrap();
    Said {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: said,
    }
}

/// `weir connection add` by OAuth 2.0.
pub fn add_arguments(site: &Running, callback: &str) -> Vec<String> {
    let mut arguments: Vec<String> = [
        "connection",
        "add",
        "confluence",
        "--name",
        NAME,
        "--login",
        "oauth",
        "--client-id",
        OAUTH_CLIENT_ID,
        "--redirect",
        callback,
        "--set",
    ]
    .map(str::to_owned)
    .to_vec();
    arguments.push(format!("site={SITE}"));
    for from in [GATEWAY, MEDIA, AUTH] {
        arguments.extend(["--route".to_owned(), format!("{from}={}", site.url())]);
    }
    arguments
}

/// A user who knows the app's secret.
pub fn developer() -> User {
    User { secret: Some(OAUTH_CLIENT_SECRET.into()), ..User::new() }
}

impl User {
    /// Adds the connection through the listener; `decision` is what happens on the consent page.
    pub fn adds_app(&self, site: &Running, decision: &str) -> Said {
        let callback = callback(site);
        let arguments = add_arguments(site, &callback);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        answers(self.starts(&arguments), &callback, decision)
    }

    /// The same with more arguments, and with the browser's last address pasted.
    pub fn adds_app_by_hand(&self, site: &Running, more: &[&str], decision: &str) -> Said {
        let callback = callback(site);
        let arguments = add_arguments(site, &callback);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(["--paste"]).collect();
        let mut child = self.starts_with_input(&[&arguments[..], more].concat());
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        while stderr.read_line(&mut said).unwrap() > 0 {
            let line = said.lines().last().unwrap_or_default();
            if line.contains("/authorize?") {
                let sent = decides(line.trim(), decision);
                writeln!(child.stdin.take().unwrap(), "{sent}").unwrap();
            }
        }
        let output = child.wait_with_output().unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        Said { code: output.status.code().unwrap(), stdout, stderr: said }
    }

    fn starts_with_input(&self, arguments: &[&str]) -> Child {
        self.command(arguments).stdin(Stdio::piped()).spawn().unwrap()
    }

    /// Whether this text is in a file of the data folder, whatever the file.
    pub fn keeps(&self, text: &str) -> Option<String> {
        holds(&self.data(), text.as_bytes())
    }
}

fn holds(folder: &Path, text: &[u8]) -> Option<String> {
    std::fs::read_dir(folder).unwrap().map(Result::unwrap).find_map(|entry| {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            return holds(&entry.path(), text);
        }
        let bytes = if kind.is_file() { std::fs::read(entry.path()).unwrap() } else { Vec::new() };
        bytes.windows(text.len()).any(|window| window == text).then(|| entry.path().display().to_string())
    })
}

/// This machine's time, so long ago. Waiting takes none.
struct Ago(Duration);

impl Clock for Ago {
    fn now(&self) -> SystemTime {
        SystemTime::now() - self.0
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::task::yield_now())
    }
}

pub const HOUR: Duration = Duration::from_secs(60 * 60);
pub const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The host on a data folder, as it would have been so long ago.
pub fn host(folder: &Path, ago: Duration) -> Host {
    let doors =
        Doors { transport: Arc::new(Web::default()), clock: Arc::new(Ago(ago)), chance: Arc::new(Middle) };
    Host::with_doors(folder, doors).unwrap().with_engine(engine())
}

/// A site, and a user whose connection was approved so long ago. The first token has ended on both
/// sides, if that was more than an hour.
pub async fn approved(ago: Duration) -> (Running, User) {
    approved_of(small(), ago, "{}").await
}

/// The same of another site, with more settings.
pub async fn approved_of(site: Site, ago: Duration, settings: &str) -> (Running, User) {
    let (site, user) = (serve(site).await, developer());
    let host = host(&user.data(), ago);
    let connector = host.connector("confluence").await.unwrap();
    let login = connector.description().logins.iter().find(|login| login.name == "oauth").unwrap();
    let Scheme::Oauth2(oauth) = login.scheme.clone() else { panic!("{:?}", login.scheme) };
    let mut all: serde_json::Value = serde_json::from_str(settings).unwrap();
    all["site"] = SITE.into();
    let route = |from: &str| Route { from: from.to_owned(), to: site.url() };
    let draft = Draft {
        connector: "confluence".into(),
        name: NAME.into(),
        settings: all.to_string(),
        login: Some("oauth".into()),
        username: None,
        secret: Secret::new(OAUTH_CLIENT_SECRET),
        routes: [GATEWAY, MEDIA, AUTH].map(route).to_vec(),
        setting_up: false,
    };
    let plan = connector.configure(&draft.settings, "oauth").await.unwrap().unwrap();
    let granted = granted(&host, &site, &oauth, &plan.scopes, &draft.routes).await;
    host.add_granted(draft, granted).await.unwrap();
    if ago > HOUR {
        site.change(Site::expire_access_tokens);
    }
    site.ledger().clear();
    (site, user)
}

async fn granted(
    host: &Host,
    site: &Running,
    oauth: &OAuth2,
    scopes: &[String],
    routes: &[Route],
) -> Granted {
    let callback = callback(site);
    let client = Client::new(oauth, OAUTH_CLIENT_ID, Secret::new(OAUTH_CLIENT_SECRET), &callback);
    let begun = host.begin(oauth, client, scopes, routes).unwrap();
    let sent = decides(begun.url.as_ref().unwrap().as_str(), &allows(CRAWLER_EMAIL));
    let code = begun.consent.as_ref().unwrap().code_in(&sent).unwrap();
    host.grant(begun, Some(code)).await.unwrap()
}

/// How often tokens were asked for.
pub fn token_requests(site: &Running) -> usize {
    site.ledger().count("/oauth/token")
}

/// The refresh token that the site handed out last, and the one that the user keeps.
pub fn refresh_tokens(site: &Running, user: &User) -> (String, String) {
    let last = site.read(|site| {
        let tokens = &site.identity.grants.last().unwrap().refresh_tokens;
        tokens.last().unwrap().value.clone()
    });
    (last, kept(user).1.refresh.unwrap().expose().to_owned())
}

/// What the user keeps of the sign-in, unsealed.
pub fn kept(user: &User) -> (Client, Grant) {
    let host = host(&user.data(), Duration::ZERO);
    host.kept_grant(&host.store().connection(NAME).unwrap()).unwrap()
}
