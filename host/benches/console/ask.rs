//! Asking for a page again and again.

use std::sync::Arc;
use std::time::Instant;

use url::Url;
use weir::console::{Console, ConsoleOptions, Listening, make_token};
use weir::host::Host;
use weir::store::{NewToken, Scope};
use weir::sync::{Halt, Stop, Stopper};

/// How often each page is asked for, after the first time.
const TIMES: usize = 20;

/// A console that is served in this process, and a client that may ask for everything.
pub struct Asking {
    client: reqwest::Client,
    url: Url,
    token: String,
    stopper: Stopper,
    answering: tokio::task::JoinHandle<()>,
}

impl Asking {
    pub async fn begin(host: &Arc<Host>, person: &str) -> anyhow::Result<Self> {
        let new = NewToken {
            label: "bench".to_owned(),
            email: Some(person.to_owned()),
            scopes: vec![Scope::Search, Scope::Read, Scope::Manage],
            expires: None,
        };
        let token = make_token(host, &new)?.1;
        let listening = Listening::at("127.0.0.1:0".parse()?, false).await?;
        let url = Url::parse(&format!("http://{}/", listening.address()))?;
        let (stopper, stop) = Stop::door();
        let console = Console::new(Arc::clone(host), ConsoleOptions::at(url.clone()), stop);
        let answering = tokio::spawn(async move { listening.serve(&console).await.unwrap() });
        // A client is not made without one, although it only asks this process.
        let _first = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
        Ok(Self { client, url, token, stopper, answering })
    }

    /// A row of the table: what came back, the shortest, the middle and the longest time, and that of the first.
    pub async fn measure(&self, name: &str, address: &str) -> anyhow::Result<[String; 7]> {
        let (first, status, bytes) = self.once(address).await?;
        let mut times = Vec::with_capacity(TIMES);
        for _ in 0..TIMES {
            times.push(self.once(address).await?.0);
        }
        times.sort_by(f64::total_cmp);
        let (min, median, max) = (times[0], times[TIMES / 2], times[TIMES - 1]);
        let [min, median, max, first] = [min, median, max, first].map(|time| format!("{time:.1}"));
        Ok([name.to_owned(), status.to_string(), min, median, max, first, (bytes / 1_000).to_string()])
    }

    async fn once(&self, address: &str) -> anyhow::Result<(f64, u16, usize)> {
        let request = self.client.get(self.url.join(address)?).bearer_auth(&self.token);
        let began = Instant::now();
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        let bytes = answer.bytes().await?.len();
        Ok((began.elapsed().as_secs_f64() * 1e3, status, bytes))
    }

    pub async fn end(self) {
        self.stopper.stop(Halt::Interrupted);
        drop(self.client);
        self.answering.await.unwrap();
    }
}
