//! Server-sent events, as whoever follows them reads them.

use std::time::Duration;

use reqwest::Response;

/// Long enough for a busy machine; a test that comes here has failed.
const PATIENCE: Duration = Duration::from_secs(120);

/// Server-sent events, one after the other.
pub struct Events {
    response: Response,
    read: String,
}

impl Events {
    pub fn of(response: Response) -> Self {
        assert_eq!(response.status().as_u16(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, read: String::new() }
    }

    /// The name and the data of the next one; None at the end.
    pub async fn next(&mut self) -> Option<(String, String)> {
        loop {
            while let Some((event, rest)) = self.read.clone().split_once("\n\n") {
                self.read = rest.to_owned();
                let of = |field: &str| {
                    let lines = event.lines().filter_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
                    lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
                };
                if !of("event").is_empty() {
                    return Some((of("event"), of("data")));
                }
            }
            let chunk = tokio::time::timeout(PATIENCE, self.response.chunk()).await.expect("an event");
            self.read += std::str::from_utf8(&chunk.ok().flatten()?).unwrap();
        }
    }

    /// The data of the next event of this name that holds these words.
    pub async fn until(&mut self, name: &str, words: &str) -> String {
        loop {
            let (event, data) = self.next().await.unwrap_or_else(|| panic!("no {name} with {words}"));
            if event == name && data.contains(words) {
                return data;
            }
        }
    }
}
