//! What the browser complained about: a script that failed, content that the policy forbids, what could not be loaded.

use serde_json::Value;

use super::Chrome;
use super::driver::Log;

impl Chrome {
    /// From here on a complaint with these words is the story's own doing: `status of 403`.
    pub fn expects(&mut self, words: &str) {
        self.expected.push(words.to_owned());
    }

    /// Fails if there is any other complaint.
    pub async fn is_quiet(&mut self) {
        let log = self.client.issue_cmd(Log).await.unwrap();
        let entries = log.as_array().unwrap_or_else(|| panic!("no log: {log}"));
        let message = |entry: &Value| entry["message"].as_str().unwrap_or_default().to_owned();
        let all =
            entries.iter().filter(|entry| entry["level"] != "INFO" && entry["level"] != "DEBUG").map(message);
        let unexpected = |message: &String| !self.expected.iter().any(|words| message.contains(words));
        let noise: Vec<String> = all.filter(unexpected).collect();
        assert!(noise.is_empty(), "the browser complains:\n{}", noise.join("\n"));
    }
}
