//! A server of the tests' own: it answers as a story says, and remembers what it was asked.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    /// The origin's host, for which this server stands in.
    pub host: String,
    pub path: String,
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// `GET blog.example/feed.xml?page=2`.
    pub fn line(&self) -> String {
        let pairs: Vec<_> = self.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let query = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) };
        format!("{} {}{}{query}", self.method, self.host, self.path)
    }
}

#[derive(Debug, Clone, Default)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn of(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..self }
    }

    pub fn json(value: &serde_json::Value) -> Self {
        Self::of(200).with("content-type", "application/json;charset=utf-8").body(value.to_string())
    }
}

type Answer = Arc<dyn Fn(&Asked) -> Reply + Send + Sync>;

#[derive(Clone)]
struct Door {
    answer: Answer,
    asked: Arc<Mutex<Vec<Asked>>>,
}

pub struct Server {
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    serving: tokio::task::JoinHandle<()>,
}

impl Server {
    pub async fn start(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let door = Door { answer: Arc::new(answer), asked: Arc::default() };
        let asked = Arc::clone(&door.asked);
        let router = Router::new().fallback(answered).with_state(door);
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, asked, serving }
    }

    /// What it was asked since this was called last.
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    /// The same, a line each.
    pub fn lines(&self) -> Vec<String> {
        self.asked().iter().map(Asked::line).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answered(State(door): State<Door>, request: Request) -> Response {
    let uri = format!("http://any{}", request.uri().path_and_query().unwrap());
    let url = url::Url::parse(&uri).unwrap();
    let asked = Asked {
        method: request.method().to_string(),
        host: request.headers()["host"].to_str().unwrap().to_owned(),
        path: url.path().to_owned(),
        query: url.query_pairs().into_owned().collect(),
        headers: request.headers().clone(),
    };
    let reply = (door.answer)(&asked);
    door.asked.lock().unwrap().push(asked);
    let builder = Response::builder().status(reply.status);
    let headers = reply.headers.iter();
    let builder = headers.fold(builder, |builder, (name, value)| builder.header(name, value));
    builder.body(Body::from(reply.body)).unwrap()
}
