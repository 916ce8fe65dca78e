//! The laws: each is broken by one behaviour of one small connector, and seen by its number.

use std::path::Path;

use weir::check::source::{Recorded, SourceFile};
use weir::check::{LAWS, Report, Subject, Verdict, check};
use weir::sandbox::Connector;

use crate::acme::engine;
use crate::wasm::{lawless_connector, renamed_in};

const SOURCE: &str = include_str!("../components/lawless/source.json");

/// The lawless connector's source, with the one law that is to be broken.
fn source(breaks: &str) -> SourceFile {
    let mut source: serde_json::Value = serde_json::from_str(SOURCE).unwrap();
    source["settings"]["breaks"] = breaks.into();
    SourceFile::parse(&source.to_string(), Path::new("source.json")).unwrap()
}

async fn checked(wasm: &[u8], file: SourceFile) -> Vec<Report> {
    let connector = Connector::load(&engine(), wasm).await.unwrap();
    let login = Subject::login_of(&connector, file.login.as_deref()).unwrap();
    let settings = file.settings.to_string();
    let plan = Subject::plan(&connector, &settings, &login).await.unwrap();
    let now = file.now;
    check(&Subject::new(connector, login, settings, plan, Box::new(Recorded::new(file)), now)).await
}

/// The laws that were not kept, with what was found.
fn unkept(reports: &[Report]) -> Vec<String> {
    let line = |report: &Report| match &report.verdict {
        Verdict::Kept(_) => None,
        Verdict::NotJudged(why) => Some(format!("{} not judged: {why}", report.law.number)),
        Verdict::Broken(findings) => Some(format!("{} broken: {:#?}", report.law.number, findings[0])),
    };
    reports.iter().filter_map(line).collect()
}

fn broken(reports: &[Report]) -> Vec<&'static str> {
    let is_broken = |report: &&Report| matches!(report.verdict, Verdict::Broken(_));
    reports.iter().filter(is_broken).map(|report| report.law.name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lawful_connector_keeps_every_law() {
    let reports = checked(lawless_connector(), source("")).await;
    assert_eq!(unkept(&reports), Vec::<String>::new());
    assert_eq!(reports.len(), LAWS.len());
}

/// What `describe` does cannot be said by a setting.
fn marked(law: &str) -> Option<Vec<u8>> {
    let mark = match law {
        "describe-pure" => "by-clock",
        "names" => "by-names",
        "settings-schema" => "a-schema",
        _ => return None,
    };
    Some(renamed_in(lawless_connector(), "describes: lawfully", &format!("describes: {mark:>8}")))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_law_is_broken_by_one_behaviour_and_seen_by_its_number() {
    let mut seen = Vec::new();
    for law in LAWS {
        let marked = marked(law.name);
        let breaks = if marked.is_some() { "" } else { law.name };
        let reports = checked(marked.as_deref().unwrap_or(lawless_connector()), source(breaks)).await;
        if broken(&reports) != [law.name] {
            seen.push(format!("{} {}: {:#?}", law.number, law.name, unkept(&reports)));
        }
    }
    assert!(seen.is_empty(), "{}", seen.join("\n"));
}
