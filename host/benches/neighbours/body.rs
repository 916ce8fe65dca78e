//! How long the largest answer takes through the gate, with and without a credential to look for.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, StreamBody};
use weir::gate::{BoxFuture, CallBudget, Departure, Doors, Failure, Gate, GatePlan, RawBody, Transport};
use weir::model::{Basic, Origin, Scheme};
use weir::secrets::{Credential, Fixed, Secret};

use crate::table::Table;

/// As chunks come from the network.
const CHUNK_BYTES: usize = 16 * 1024;
const CHUNKS: usize = 64 * 1024 * 1024 / CHUNK_BYTES - 1;

/// Answers with nearly as much as an answer may have.
struct Large(Bytes);

impl Transport for Large {
    fn send(&self, _: Departure) -> BoxFuture<'_, Result<Response<RawBody>, Failure>> {
        let frames: VecDeque<_> = (0..CHUNKS).map(|_| Ok(http_body::Frame::data(self.0.clone()))).collect();
        let body = StreamBody::new(futures_util::stream::iter(frames)).boxed_unsync();
        Box::pin(std::future::ready(Ok(Response::new(body))))
    }
}

pub fn measure() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let scheme = Scheme::Basic(Basic { username: "E-mail".into(), password: "Token".into() });
    let secret = Secret::new("ATATT3xFfGF0aa/aa+aa=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    let credential = Credential::new(&scheme, Some("crawler@acme.example"), Some(&secret))?;
    let mut table = Table::new(&["an answer of 64 MiB", "milliseconds"]);
    for (name, credential) in [("without a credential", None), ("with one to look for", credential)] {
        let plan = GatePlan {
            origins: vec![Origin {
                url: "https://acme.example".into(),
                credential: true,
                post: false,
                purpose: "read".into(),
            }],
            credential: credential.map(Fixed::source),
            ..GatePlan::default()
        };
        let text: String = r#"{"title":"Parental leave","body":"<p>Both parents, A or B.</p>"},"#.repeat(256);
        let chunk = Bytes::from(text.into_bytes()).slice(..CHUNK_BYTES);
        let gate = Gate::new(plan, Doors::real(Arc::new(Large(chunk))))?;
        let mut times: Vec<Duration> = Vec::new();
        for _ in 0..5 {
            let began = Instant::now();
            let bytes = runtime.block_on(drink(&gate))?;
            assert_eq!(bytes, CHUNKS * CHUNK_BYTES);
            times.push(began.elapsed());
        }
        times.sort();
        table.row(&[name.to_owned(), format!("{:.1}", times[2].as_secs_f64() * 1_000.0)]);
    }
    println!("\nthe middle of five");
    table.print();
    Ok(())
}

async fn drink(gate: &Gate) -> anyhow::Result<usize> {
    let request = Request::get("https://acme.example/").body(Bytes::new())?;
    let mut body = gate.send(request, &CallBudget::default()).await?.into_body();
    let mut bytes = 0;
    while let Some(frame) = body.frame().await {
        bytes += frame?.data_ref().map_or(0, Bytes::len);
    }
    Ok(bytes)
}
