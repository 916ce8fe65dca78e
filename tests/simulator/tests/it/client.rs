//! The smallest HTTP client that can see a connection break.

use std::io::{Read, Write};
use std::net::TcpStream;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use confluence_simulator::{
    API_TOKEN, CRAWLER_EMAIL, Clock, Knobs, Running, Simulator, Site, Size, generate,
};
use serde_json::Value;

pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// The body is as long as its header promised.
    pub whole: bool,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Somebody asking a running site.
pub struct Client<'a> {
    running: &'a Running,
    authorization: Option<String>,
}

impl<'a> Client<'a> {
    pub fn new(running: &'a Running, email: &str) -> Self {
        let pair = STANDARD.encode(format!("{email}:{API_TOKEN}"));
        Client { running, authorization: Some(format!("Basic {pair}")) }
    }

    pub fn crawler(running: &'a Running) -> Self {
        Client::new(running, CRAWLER_EMAIL)
    }

    pub fn with_header(running: &'a Running, authorization: Option<&str>) -> Self {
        Client { running, authorization: authorization.map(str::to_string) }
    }

    pub fn get(&self, target: &str) -> Reply {
        self.send("GET", target, "")
    }

    pub fn send(&self, method: &str, target: &str, body: &str) -> Reply {
        let authorization = self.authorization.iter().map(|value| format!("Authorization: {value}\r\n"));
        let authorization: String = authorization.collect();
        let request = format!(
            "{method} {target} HTTP/1.1\r\nHost: acme.atlassian.net\r\nConnection: close\r\n{authorization}\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(self.running.address()).expect("connect");
        stream.write_all(request.as_bytes()).expect("send");
        let mut bytes = Vec::new();
        // A broken connection is an answer too; what came before it counts.
        let _ = stream.read_to_end(&mut bytes);
        parse(&bytes)
    }

    /// Follows `next` to the end, and returns all rows and the number of pages.
    pub fn walk(&self, first: &str) -> (Vec<Value>, usize) {
        let mut rows = Vec::new();
        let mut target = first.to_string();
        for page in 1.. {
            let reply = self.get(&target);
            assert_eq!(reply.status, 200, "{target}: {}", reply.text());
            let mut body = reply.json();
            rows.append(body["results"].as_array_mut().expect("results"));
            let Some(next) = body["_links"]["next"].as_str() else {
                return (rows, page);
            };
            // v1's links are relative to /wiki, v2's to the site.
            target = if next.starts_with("/wiki/") { next.to_string() } else { format!("/wiki{next}") };
        }
        unreachable!("the walk has no end")
    }

    pub fn ids(&self, first: &str) -> Vec<String> {
        let (rows, _) = self.walk(first);
        rows.iter().map(|row| row["id"].as_str().expect("id").to_string()).collect()
    }
}

fn parse(bytes: &[u8]) -> Reply {
    let split = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(bytes.len());
    let head = String::from_utf8_lossy(&bytes[..split]).into_owned();
    let raw = bytes.get(split + 4..).unwrap_or_default();
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_string()))
        .collect();
    let find = |name: &str| headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let (body, whole) = match find("content-length").and_then(|length| length.parse::<usize>().ok()) {
        Some(length) => (raw.to_vec(), raw.len() == length),
        None => unchunk(raw),
    };
    Reply { status: status.unwrap_or(0), headers, body, whole }
}

fn unchunk(mut raw: &[u8]) -> (Vec<u8>, bool) {
    let mut body = Vec::new();
    while let Some(end) = raw.windows(2).position(|window| window == b"\r\n") {
        let size = usize::from_str_radix(&String::from_utf8_lossy(&raw[..end]), 16).unwrap_or(0);
        if size == 0 {
            return (body, true);
        }
        raw = &raw[end + 2..];
        body.extend_from_slice(&raw[..size.min(raw.len())]);
        raw = raw.get(size + 2..).unwrap_or_default();
    }
    (body, false)
}

/// Noon of the day the generated content ends.
pub const NOON: i64 = confluence_simulator::WRITTEN_UNTIL;

pub async fn start(site: Site) -> Running {
    Simulator::start(site, Knobs::default()).await.expect("a free port")
}

/// The demo's site, from seed 1.
pub async fn demo() -> Running {
    start(generate(1, &Size::demo(), Clock::standing_at(NOON))).await
}
