//! A server that says whatever a test has it say, true or not, and notes what it was asked.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What it says to one request.
pub enum Reply {
    /// Status line and headers without the last empty line, and the body.
    Said(String, Vec<u8>),
    /// A body that never ends.
    Endless(String),
    /// Nothing, for as long as somebody waits.
    Silence,
}

pub fn ok(body: impl Into<Vec<u8>>) -> Reply {
    let body = body.into();
    Reply::Said(format!("200 OK\r\ncontent-length: {}", body.len()), body)
}

pub fn status(line: &str) -> Reply {
    Reply::Said(format!("{line}\r\ncontent-length: 0"), Vec::new())
}

pub fn redirect(to: &str) -> Reply {
    status(&format!("302 Found\r\nlocation: {to}"))
}

pub struct Server {
    /// `127.0.0.1:PORT`
    pub address: String,
    asked: Arc<Mutex<Vec<String>>>,
    serving: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Server {
    /// `says` is given path and query.
    pub async fn start(says: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (says, noted) = (Arc::new(says), Arc::clone(&asked));
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (says, noted) = (Arc::clone(&says), Arc::clone(&noted));
                // Whoever hangs up early has heard enough.
                tokio::spawn(async move { answer(stream, says.as_ref(), &noted).await.ok() });
            }
        });
        Self { address, asked, serving }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Each request so far: its path, and what it was authorized with.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn answer(
    mut stream: TcpStream,
    says: &(dyn Fn(&str) -> Reply + Send + Sync),
    noted: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let authorization =
        head.lines().find_map(|line| line.strip_prefix("authorization: ")).unwrap_or("nothing");
    noted.lock().unwrap().push(format!("{path} with {authorization}"));
    let (head, body, endless) = match says(&path) {
        Reply::Said(head, body) => (head, body, false),
        Reply::Endless(head) => (head, vec![0; 64 * 1024], true),
        Reply::Silence => return std::future::pending().await,
    };
    stream.write_all(format!("HTTP/1.1 {head}\r\nconnection: close\r\n\r\n").as_bytes()).await?;
    loop {
        stream.write_all(&body).await?;
        if !endless {
            return stream.shutdown().await;
        }
    }
}
