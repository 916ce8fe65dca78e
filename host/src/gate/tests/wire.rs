//! The real client against a server on this machine.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use http_body_util::BodyExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::{SITE, call, doors, get, origin, plan, route};
use crate::gate::{BodyFault, BoxFuture, CallBudget, Client, Failure, Gate, GatePlan, Lookup, Refusal};

/// gzip of `{"results":[]}`.
const ZIPPED: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x2a\x4a\x2d\x2e\xcd\x29\x29\x56\xb2\x8a\x8e\xad\x05\x00\x0a\x27\x7c\x9e\x0e\x00\x00\x00";

/// Speaks just enough HTTP/1.1, and counts who came.
struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// `answer` gives the bytes for a request's head; none closes the connection instead.
    async fn start(answer: fn(&str) -> Option<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (came, heard) = (Arc::clone(&connections), Arc::clone(&requests));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                came.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, answer, Arc::clone(&heard)));
            }
        });
        Self { address, connections, requests }
    }

    fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A gate whose site is this server.
    fn gate(&self) -> Gate {
        let plan = GatePlan { routes: vec![route(SITE, &self.origin())], ..plan() };
        Gate::new(plan, doors(Arc::new(Client::default()))).unwrap()
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn serve(mut stream: TcpStream, answer: fn(&str) -> Option<Vec<u8>>, heard: Arc<Mutex<Vec<String>>>) {
    let mut pending = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return,
            Ok(read) => pending.extend_from_slice(&chunk[..read]),
        }
        while let Some(end) = pending.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8(pending.drain(..end + 4).collect()).unwrap();
            heard.lock().unwrap().push(head.clone());
            let Some(bytes) = answer(&head) else { return };
            if stream.write_all(&bytes).await.is_err() {
                return;
            }
        }
    }
}

fn response(head: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    [format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\n\r\n").as_bytes(), body].concat()
}

async fn text(gate: &Gate, url: &str) -> String {
    let answer = gate.send(get(url), &call()).await.unwrap();
    String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

/// An origin on this machine, with the route to itself by which its user says that it is meant.
fn inside(site: &str) -> GatePlan {
    GatePlan {
        origins: vec![origin(site, false, false)],
        routes: vec![route(site, site)],
        ..GatePlan::default()
    }
}

/// Every name leads here.
struct Pointed(&'static str);

impl Lookup for Pointed {
    fn lookup(&self, _: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let address = self.0.parse().unwrap();
        Box::pin(std::future::ready(Ok(vec![address])))
    }
}

#[tokio::test]
async fn one_connection_serves_many_requests_and_the_server_hears_the_real_host() {
    let server = Server::start(|_| Some(response("200 OK", b"hello"))).await;
    let gate = server.gate();
    assert_eq!(text(&gate, "https://acme.example/wiki?a=1").await, "hello");
    assert_eq!(text(&gate, "https://acme.example/wiki?a=2").await, "hello");
    assert_eq!(server.connections(), 1);

    let mut lines: Vec<String> = server.requests.lock().unwrap()[0].lines().map(str::to_owned).collect();
    lines.sort();
    insta::assert_snapshot!(lines.join("\n").trim(), @r"
    GET /wiki?a=1 HTTP/1.1
    accept-encoding: gzip
    accept: */*
    authorization: Basic YWRhQGFjbWUuZXhhbXBsZTpodW50ZXIyLWh1bnRlcjI=
    host: acme.example
    user-agent: weir/0.1.0
    ");
}

#[tokio::test]
async fn gzip_is_decoded_and_its_headers_are_gone() {
    let server = Server::start(|_| Some(response("200 OK\r\ncontent-encoding: gzip", ZIPPED))).await;
    let gate = server.gate();
    let answer = gate.send(get(SITE), &call()).await.unwrap();
    assert!(!answer.headers().contains_key("content-encoding"));
    assert!(!answer.headers().contains_key("content-length"));
    assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "{\"results\":[]}");
    assert_eq!(gate.ledger().traffic().bytes, 14);
}

#[tokio::test]
async fn a_head_without_body_is_whole_although_it_names_an_encoding() {
    let server = Server::start(|_| Some(response("200 OK\r\ncontent-encoding: gzip", b""))).await;
    let request = http::Request::head(SITE).body(bytes::Bytes::new()).unwrap();
    let answer = server.gate().send(request, &call()).await.unwrap();
    assert!(answer.into_body().collect().await.unwrap().to_bytes().is_empty());
}

#[tokio::test]
async fn the_limit_counts_decompressed_bytes() {
    let server = Server::start(|_| Some(response("200 OK\r\ncontent-encoding: gzip", &bomb()))).await;
    let less = CallBudget::default().response_bytes_max(99_999);
    let body = server.gate().send(get(SITE), &less).await.unwrap().into_body();
    assert_eq!(body.collect().await.unwrap_err(), BodyFault::TooLarge { bytes_max: 99_999 });
}

/// A bomb that is packed again as one member of gzip without packing: only that one is undone.
#[tokio::test]
async fn a_bomb_within_a_bomb_is_opened_once() {
    let server =
        Server::start(|_| Some(response("200 OK\r\ncontent-encoding: gzip", &stored(&bomb())))).await;
    let answer = server.gate().send(get(SITE), &call()).await.unwrap();
    assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), bomb());
    let twice =
        Server::start(|_| Some(response("200 OK\r\ncontent-encoding: gzip, gzip", &stored(&bomb())))).await;
    let answer = twice.gate().send(get(SITE), &call()).await.unwrap();
    let read = answer.into_body().collect().await.map(|read| read.to_bytes().len());
    assert!(read.as_ref().is_ok_and(|bytes| *bytes < 1_000) || read.is_err(), "{read:?}");
}

/// gzip (RFC 1952) of these bytes in one stored block (RFC 1951 3.2.4).
fn stored(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap();
    let crc = bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)))
    });
    let head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x01".as_slice();
    let ends = [(!crc).to_le_bytes(), u32::from(length).to_le_bytes()].concat();
    [head, &length.to_le_bytes(), &(!length).to_le_bytes(), bytes, &ends].concat()
}

/// gzip of 100,000 zeros: 132 bytes.
fn bomb() -> Vec<u8> {
    let head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xed\xc1\x31\x01\x00\x00\x00\xc2\xa0\xf5\x4f\x6d\x0d\x0f\xa0";
    let tail = b"\x80\x57\x03\x7d\x95\x11\xd4\xa0\x86\x01\x00";
    [head.as_slice(), &[0; 132 - 25 - 11], tail].concat()
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let server =
        Server::start(|_| Some(response("302 Found\r\nlocation: /elsewhere\r\nset-cookie: a=b", b""))).await;
    let gate = server.gate();
    for _ in 0..2 {
        let answer = gate.send(get(SITE), &call()).await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["location"]),
            (302, &"/elsewhere".parse().unwrap())
        );
    }
    let requests = server.requests.lock().unwrap();
    assert_eq!(requests.len(), 2);
    assert!(!requests[1].to_lowercase().contains("cookie"), "no cookie is kept");
}

#[tokio::test]
async fn a_name_that_resolves_to_this_machine_is_refused_without_a_route() {
    let server = Server::start(|_| Some(response("200 OK", b"inside"))).await;
    let site = format!("https://acme.example:{}", server.address.port());
    let plan = || GatePlan { origins: vec![origin(&site, false, false)], ..GatePlan::default() };
    for address in ["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.1", "169.254.169.254"] {
        let gate = Gate::new(plan(), doors(Arc::new(Client::new(Arc::new(Pointed(address)))))).unwrap();
        let refusal = gate.send(get(&site), &call()).await.unwrap_err();
        assert!(matches!(refusal, Refusal::Address { .. }), "{address}: {refusal}");
        assert_eq!(gate.ledger().traffic().retries, 0);
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn localhost_is_reached_by_a_route_to_itself_and_only_as_this_machine() {
    let server = Server::start(|_| Some(response("200 OK", b"hello"))).await;
    let site = format!("http://localhost:{}", server.address.port());
    let here = || doors(Arc::new(Client::new(Arc::new(Pointed("127.0.0.1")))));
    assert_eq!(text(&Gate::new(inside(&site), here()).unwrap(), &site).await, "hello");
    let named = GatePlan { routes: Vec::new(), ..inside(&site) };
    let gate = Gate::new(named, here()).unwrap();
    assert!(matches!(gate.send(get(&site), &call()).await, Err(Refusal::Address { .. })), "no route");
    let elsewhere = doors(Arc::new(Client::new(Arc::new(Pointed("8.8.8.8")))));
    let gate = Gate::new(inside(&site), elsewhere).unwrap();
    assert!(matches!(gate.send(get(&site), &call()).await, Err(Refusal::Address { .. })));
}

#[tokio::test]
async fn an_address_inside_is_reached_by_a_route_to_itself() {
    let server = Server::start(|_| Some(response("200 OK", b"hello"))).await;
    let site = server.origin();
    let gate = Gate::new(inside(&site), doors(Arc::new(Client::default()))).unwrap();
    assert_eq!(text(&gate, &site).await, "hello");
    let named = GatePlan { routes: Vec::new(), ..inside(&site) };
    let gate = Gate::new(named, doors(Arc::new(Client::default()))).unwrap();
    assert!(matches!(gate.send(get(&site), &call()).await, Err(Refusal::Address { .. })));
    assert_eq!(server.requests.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_server_that_hangs_up_or_is_not_there_is_tried_again_and_reported() {
    let server = Server::start(|_| None).await;
    let refusal = server.gate().send(get(SITE), &call()).await.unwrap_err();
    assert!(matches!(&refusal, Refusal::Failed { failure: Failure::Broken(_), .. }), "{refusal}");
    assert_eq!(server.requests.lock().unwrap().len(), 3);

    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let plan = GatePlan { routes: vec![route(SITE, &format!("http://{nobody}"))], ..plan() };
    let gate = Gate::new(plan, doors(Arc::new(Client::default()))).unwrap();
    let refusal = gate.send(get("https://acme.example/?token=secret"), &call()).await.unwrap_err();
    assert!(matches!(&refusal, Refusal::Failed { failure: Failure::Connect(_), .. }), "{refusal}");
    assert!(!refusal.to_string().contains("secret"), "{refusal}");
    assert_eq!(gate.ledger().traffic().retries, 2);
}

#[tokio::test]
async fn a_name_without_address_says_so() {
    struct Nowhere;
    impl Lookup for Nowhere {
        fn lookup(&self, name: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
            Box::pin(async move { Err(io::Error::other(format!("{name} is unknown"))) })
        }
    }
    let gate = Gate::new(plan(), doors(Arc::new(Client::new(Arc::new(Nowhere))))).unwrap();
    let refusal = gate.send(get(SITE), &call()).await.unwrap_err();
    insta::assert_snapshot!(refusal, @"GET https://acme.example failed: the name could not be resolved (acme.example is unknown); check the address, and this machine's DNS");
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_not_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let site = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        }
    });
    let gate = Gate::new(inside(&site), doors(Arc::new(Client::default()))).unwrap();
    let Refusal::Failed { failure, .. } = gate.send(get(&site), &call()).await.unwrap_err() else { panic!() };
    // Where the machine has no certificates at all, there is no TLS to begin with.
    assert!(matches!(failure, Failure::Tls(_) | Failure::Unready(_)), "{failure}");
    assert_eq!(gate.ledger().traffic().retries, 0);
}

#[tokio::test]
async fn a_flood_of_headers_is_stopped() {
    let server =
        Server::start(|_| Some(response(&format!("200 OK\r\nx-flood: {}", "a".repeat(70_000)), b""))).await;
    let refusal = server.gate().send(get(SITE), &call()).await.unwrap_err();
    assert!(matches!(refusal, Refusal::TooLarge { .. }), "{refusal}");
}
