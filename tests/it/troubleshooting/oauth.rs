//! Signing in by OAuth 2.0, with the browser played by a few lines and its last address pasted.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use confluence_simulator::{
    CRAWLER_EMAIL, OAUTH_CALLBACK, OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, OTHER_SITE, Running,
};

use super::failed;
use crate::acme::{GATEWAY, MEDIA, SITE, small};
use crate::command::{Said, User, serve};

const SIGN_IN: &str = "https://auth.atlassian.com";

/// The head and the body of an answer.
fn get(url: &str) -> String {
    let (address, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn user() -> User {
    User { secret: Some(OAUTH_CLIENT_SECRET.into()), ..User::new() }
}

/// `weir connection add … --login oauth --paste`, by somebody who decides like this on the consent page.
fn adds(user: &User, site: &Running, redirect: &str, decision: &str) -> Said {
    let routes = [SIGN_IN, GATEWAY, MEDIA].map(|from| format!("--route={from}={}", site.url()));
    let (site, redirect) = (format!("--set=site={SITE}"), format!("--redirect={redirect}"));
    let id = format!("--client-id={OAUTH_CLIENT_ID}");
    let mut arguments = vec!["connection", "add", "confluence", "--name", "acme", "--login", "oauth", "--paste"];
    arguments.extend([site.as_str(), &redirect, &id]);
    arguments.extend(routes.iter().map(String::as_str));
    let mut child = user.talks(&arguments);
    let (mut stderr, mut said) = (BufReader::new(child.stderr.take().unwrap()), String::new());
    let address = loop {
        let before = said.len();
        assert!(stderr.read_line(&mut said).unwrap() > 0, "no address to approve at: {said}");
        if let Some(address) = said[before..].trim().strip_prefix("http").filter(|it| it.contains("/authorize?")) {
            break format!("http{address}");
        }
    };
    let page = get(&format!("{}&{decision}", address.replace("/authorize?", "/authorize/consent?")));
    let ended_at = page.lines().find_map(|line| line.strip_prefix("location: ")).unwrap_or_else(|| {
        said.push_str(&page);
        ""
    });
    child.stdin.take().unwrap().write_all(format!("{ended_at}\n").as_bytes()).unwrap();
    stderr.read_to_string(&mut said).unwrap();
    let ended = child.wait_with_output().unwrap();
    let stdout = String::from_utf8(ended.stdout).unwrap();
    Said { code: ended.status.code().unwrap(), stdout, stderr: said }
}

fn allowed(account: &str) -> String {
    format!("account={account}&decision=allow")
}

pub async fn a_callback_that_is_not_registered() -> String {
    let site = serve(small()).await;
    let said = failed(adds(&user(), &site, "http://127.0.0.1:8737/callback", &allowed(CRAWLER_EMAIL)));
    assert!(said.contains("not the registered callback URL"), "the browser shows it: {said}");
    said
}

pub async fn somebody_declined() -> String {
    failed(adds(&user(), &serve(small()).await, OAUTH_CALLBACK, "decision=deny"))
}

pub async fn an_app_without_a_scope() -> String {
    let site = serve(small()).await;
    site.change(|site| site.identity.apps[0].scopes.remove("search:confluence"));
    failed(adds(&user(), &site, OAUTH_CALLBACK, &allowed(CRAWLER_EMAIL)))
}

pub async fn another_site_was_chosen() -> String {
    let decision = format!("{}&site={OTHER_SITE}", allowed(CRAWLER_EMAIL));
    failed(adds(&user(), &serve(small()).await, OAUTH_CALLBACK, &decision))
}

pub async fn a_guest_approved() -> String {
    failed(adds(&user(), &serve(small()).await, OAUTH_CALLBACK, &allowed("guest@agency.example")))
}

pub async fn the_grant_was_revoked() -> String {
    let (site, user) = (serve(small()).await, user());
    adds(&user, &site, OAUTH_CALLBACK, &allowed(CRAWLER_EMAIL)).ok();
    site.change(|site| site.revoke_grants("crawler"));
    failed(user.runs(&["sync"]))
}

pub async fn settings_that_need_more() -> String {
    let (site, user) = (serve(small()).await, user());
    adds(&user, &site, OAUTH_CALLBACK, &allowed(CRAWLER_EMAIL)).ok();
    user.runs(&["connection", "set", "acme", "--set", "audit=yes"]).ok().stderr
}
