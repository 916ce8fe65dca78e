//! `weir doctor [N]`.

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use super::arguments::Doctor;
use super::connection::open;
use super::screen::{Screen, plain};
use crate::model::{Finding, Verdict};

pub async fn run(data: &Path, command: &Doctor, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    let names = match &command.name {
        Some(name) => vec![name.clone()],
        None => host.store().connections()?.into_iter().map(|connection| connection.name).collect(),
    };
    if names.is_empty() {
        screen.talk("no connections yet; see `weir connection add --help`");
    }
    let mut worst = Verdict::Good;
    for name in names {
        let findings = host.doctor(&name).await?;
        for finding in &findings {
            let record = json!({ "connection": name, "finding": finding });
            screen.record(&record, || words(&name, finding));
        }
        worst = findings.iter().map(|finding| finding.verdict).fold(worst, Verdict::max);
    }
    Ok(if worst == Verdict::Bad { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn words(connection: &str, finding: &Finding) -> String {
    let mark = match finding.verdict {
        Verdict::Good => "ok    ",
        Verdict::Notice => "notice",
        Verdict::Bad => "BAD   ",
    };
    let remedy = finding.remedy.as_deref().map(|words| format!("\n          -> {}", plain(words)));
    format!(
        "{}  {mark}  {}: {}{}",
        plain(connection),
        plain(&finding.name),
        plain(&finding.message),
        remedy.unwrap_or_default()
    )
}
