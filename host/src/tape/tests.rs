//! Tapes without a connector: what is written, what is read back, and what hurts whom.

use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderName, Request, Response};
use http_body_util::{BodyExt as _, Full};

use super::format::Outcome;
use super::player::Player;
use super::*;
use crate::gate::{BoxFuture, RawBody, Signed};
use crate::model::{Change, Scheme, Token};
use crate::sandbox::{Denied, Outside, Senses as _, Way};
use crate::secrets::{Credential, Secret};

const TOKEN: &str = "swordfish-swordfish";
const SIGNATURE: &str = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJhY21lIn0.c2ln";

/// Redirects to a signed address, and there repeats the token.
struct Site;

impl Outside for Site {
    fn forbids(&self, _: &HeaderName) -> bool {
        false
    }

    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<RawBody>, Denied>> {
        let signed = request.uri().query().is_some();
        let body = if signed { format!("you sent {TOKEN}") } else { String::new() };
        let body: RawBody = Full::new(Bytes::from(body)).map_err(|never| match never {}).boxed_unsync();
        let mut response = Response::new(body);
        if !signed {
            let location = format!("https://media.example/1?token={SIGNATURE}");
            response.headers_mut().insert("location", location.parse().unwrap());
        }
        let scheme = Token { label: "Token".into(), header: "x-key".into(), prefix: String::new() };
        let credential = Credential::new(&Scheme::Token(scheme), None, Some(&Secret::new(TOKEN)));
        response.extensions_mut().insert(Signed(vec![Arc::new(credential.unwrap().unwrap())]));
        Box::pin(std::future::ready(Ok(response)))
    }
}

/// A file in memory with room for so many bytes.
#[derive(Clone)]
struct Paper(Arc<Mutex<Vec<u8>>>, usize);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut written = self.0.lock().unwrap();
        if written.len() + bytes.len() > self.1 {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        written.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Paper {
    fn new(room: usize) -> Self {
        Self(Arc::default(), room)
    }

    fn recorder(&self) -> Arc<Recorder> {
        Recorder::writing(Path::new("paper.tape"), Box::new(self.clone()), header()).unwrap()
    }

    fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().clone()
    }
}

fn header() -> Header {
    let connector = Component {
        given: "confluence".into(),
        name: "confluence-cloud".into(),
        version: "0.1.0".into(),
        sha256: String::new(),
    };
    Header {
        format: FORMAT,
        weir: "0.1.0".into(),
        connector,
        connection: "acme".into(),
        settings: "{}".into(),
        session: String::new(),
        login: "token".into(),
        login_header: Some("x-key".into()),
        origins: Vec::new(),
        mode: "since".into(),
        started: 0,
    }
}

async fn get(outside: &dyn Outside, url: &str) -> String {
    match outside.send(Request::get(url).body(Bytes::new()).unwrap()).await {
        Ok(response) => {
            let location = response.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
            let body = response.into_body().collect().await.unwrap().to_bytes();
            location.unwrap_or_else(|| String::from_utf8(body.to_vec()).unwrap())
        }
        Err(denied) => format!("{denied:?}"),
    }
}

/// A connector that follows a redirect and answers what it found there.
async fn follows(outside: &dyn Outside) -> Vec<Change> {
    let location = get(outside, "https://acme.example/").await;
    vec![Change::Delete(location.clone()), Change::Delete(get(outside, &location).await)]
}

async fn recorded(recorder: &Arc<Recorder>) -> Taping {
    let taping = recorder.call(Asked::ReadItems { ids: vec!["page:1".into()] }, &Way::new(Arc::new(Site)));
    taping.ended(Sort::Items, &Ok(follows(&taping).await));
    taping
}

fn read(bytes: &[u8]) -> (Vec<Call>, Result<bool, TapeError>) {
    let mut calls = Vec::new();
    let mut tape = match Tape::reading(Path::new("paper.tape"), Box::new(io::Cursor::new(bytes.to_vec()))) {
        Ok(tape) => tape,
        Err(error) => return (calls, Err(error)),
    };
    loop {
        match tape.next_call() {
            Ok(Some(call)) => calls.push(call),
            Ok(None) => return (calls, Ok(tape.is_whole())),
            Err(error) => return (calls, Err(error)),
        }
    }
}

fn unpacked(bytes: &[u8]) -> String {
    let mut text = String::new();
    zstd::stream::read::Decoder::new(bytes).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[tokio::test]
async fn a_call_made_again_from_its_tape_answers_the_same_and_no_secret_is_on_it() {
    let paper = Paper::new(usize::MAX);
    let recorder = paper.recorder();
    let taping = recorded(&recorder).await;
    let time = (taping.wall(), taping.monotonic());
    recorded(&recorder).await;
    let end = recorder.finish().unwrap();
    assert_eq!((end.calls, end.exchanges), (2, 4));
    let text = unpacked(&paper.bytes());
    for secret in [TOKEN, SIGNATURE] {
        assert!(!text.contains(secret), "{text}");
    }
    let (calls, whole) = read(&paper.bytes());
    assert!(whole.unwrap());
    for mut call in calls {
        let recorded = call.answered.answer.get().to_owned();
        assert_eq!(sha256(recorded.as_bytes()), call.answered.sha256);
        assert!(matches!(call.exchanges[0].outcome, Some(Outcome::Response { status: 200, .. })));
        let player = Player::new(&mut call, Some("x-key"));
        let again = follows(&player).await;
        assert_eq!(serde_json::to_string(&Answer::Items(again)).unwrap(), recorded);
        assert_eq!((player.missing(), player.unused()), (vec![], vec![]));
        assert!(player.forbids(&HeaderName::from_static("x-key")));
        assert_ne!((player.wall(), player.monotonic()), time, "the clocks were read when the call was over");
        let denied = get(&player, "https://acme.example/").await;
        assert!(denied.contains("which the tape does not have"), "each exchange is used once: {denied}");
    }
}

#[tokio::test]
async fn a_tape_that_was_cut_is_read_up_to_its_last_whole_call() {
    let paper = Paper::new(usize::MAX);
    let recorder = paper.recorder();
    recorded(&recorder).await;
    let first = paper.bytes().len();
    recorded(&recorder).await;
    let second = paper.bytes().len();
    recorder.finish().unwrap();
    let whole = paper.bytes();
    for (cut, calls) in [(first, 1), (second - 1, 1), (second, 2), (whole.len() - 1, 2)] {
        let (read, end) = read(&whole[..cut]);
        assert_eq!(read.len(), calls, "{cut} of {} bytes", whole.len());
        assert!(cut == whole.len() - 1 || !end.unwrap(), "{cut} bytes are no whole tape");
    }
    assert!(Tape::reading(Path::new("x"), Box::new(io::Cursor::new(b"no tape".to_vec()))).is_err());
}

#[tokio::test]
async fn a_byte_that_was_changed_is_noticed() {
    let paper = Paper::new(usize::MAX);
    let recorder = paper.recorder();
    recorded(&recorder).await;
    recorder.finish().unwrap();
    let whole = paper.bytes();
    let kept = format!("{:?}", read(&whole).0);
    let mut noticed = 0;
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        match read(&bytes) {
            // A bit that only advises the unpacker, as on how much memory it needs.
            (calls, Ok(true)) => assert_eq!(format!("{calls:?}"), kept, "byte {at} of {}", whole.len()),
            _ => noticed += 1,
        }
    }
    assert!(noticed + 2 >= whole.len(), "{noticed} of {} bytes", whole.len());
}

#[tokio::test]
async fn a_full_disk_ends_the_recording_and_nothing_else() {
    let paper = Paper::new(600);
    let recorder = paper.recorder();
    for _ in 0..20 {
        recorded(&recorder).await;
    }
    insta::assert_snapshot!(recorder.finish().unwrap_err(), @"the tape paper.tape could not be written to its end (no storage space); what it has up to there can be replayed, and what was read is kept all the same");
    let (calls, end) = read(&paper.bytes());
    assert!(!end.unwrap() && calls.len() < 20);
}

#[tokio::test]
async fn requests_that_nobody_waited_for_are_on_the_tape_without_an_answer() {
    let paper = Paper::new(usize::MAX);
    let recorder = paper.recorder();
    let taping =
        recorder.call(Asked::ListPartitions { dataset: "content".into() }, &Way::new(Arc::new(Site)));
    drop(taping.send(Request::get("https://acme.example/never").body(Bytes::new()).unwrap()));
    let unread =
        taping.send(Request::get("https://acme.example/unread").body(Bytes::new()).unwrap()).await.unwrap();
    taping.ended(Sort::Partitions, &Ok(Vec::<crate::model::Partition>::new()));
    drop(unread);
    recorder.finish().unwrap();
    let exchanges = read(&paper.bytes()).0.remove(0).exchanges;
    assert_eq!(exchanges.len(), 2);
    assert_eq!(exchanges[0].outcome, None);
    assert!(matches!(
        &exchanges[1].outcome,
        Some(Outcome::Response { end: super::format::BodyEnd::Unread, .. })
    ));
}
