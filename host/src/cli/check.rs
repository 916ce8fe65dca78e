//! `weir connector check FILE`: the laws every connector keeps, and which of them this one breaks.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::{Context, bail};
use clap::Args;
use serde_json::{Value, json};
use url::Url;

use super::INCOMPLETE;
use super::screen::{Screen, count, plain};
use super::secret;
use super::typed::settings_of;
use crate::check::source::{Live, Recorded, SourceFile};
use crate::check::{Finding, LAWS, Law, Report, Subject, Verdict, check, law};
use crate::gate::{Client, Doors, Gate, GatePlan, parse_route};
use crate::host::{BUILT_IN, CONFLUENCE, private_folder};
use crate::model::{Login, Plan, Scheme};
use crate::sandbox::{Connector, Engine};
use crate::secrets::{Credential, Fixed};

#[derive(Debug, Args)]
#[command(after_help = "\
The source is a file with recorded answers (docs/check.md has its format), or the source itself, with the
options of `weir connection add`. It is read a few times over, from memory after the first; nothing is kept.

Examples:
  weir connector check notes.wasm                        with source.json in this folder
  weir connector check notes.wasm --source quiet.json
  weir connector check notes.wasm --set site=https://notes.example --record source.json
  weir connector check confluence --set site=https://acme.atlassian.net \\
       --login api-token --username me@acme.com          a small site, or a part of it
  weir connector check --explain W021

Exit codes: 0 all laws kept, 1 one is broken, 2 wrong usage, 3 one could not be judged.")]
pub struct Check {
    /// A component file, or `confluence` for the built-in one.
    #[arg(required_unless_present_any = ["explain", "list"])]
    file: Option<PathBuf>,
    /// A recorded source; source.json in this folder if there is one and no other source is named.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["settings", "username", "routes", "edit", "record"])]
    source: Option<PathBuf>,
    /// A setting, as for `connection add`: the source itself is asked then.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    settings: Vec<String>,
    /// The way to sign in; the first is the default.
    #[arg(long)]
    login: Option<String>,
    /// The part of the credential that is not secret.
    #[arg(long)]
    username: Option<String>,
    /// Read the secret from standard input instead of asking; WEIR_SECRET may hold it too.
    #[arg(long)]
    secret_stdin: bool,
    /// Let a server stand in for an origin, as `https://notes.example=http://127.0.0.1:8790`.
    #[arg(long = "route", value_name = "FROM=TO")]
    routes: Vec<String>,
    /// Where a POST edits something in the source, once, so that the laws about edits can be judged.
    #[arg(long, value_name = "URL")]
    edit: Option<Url>,
    /// Write what the source answered into a file that does as a recorded source; no secret is in it.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Say what a law asks for, and why.
    #[arg(long, value_name = "LAW")]
    explain: Option<String>,
    /// List the laws.
    #[arg(long, conflicts_with = "explain")]
    list: bool,
}

/// What a recorded source is called if nobody says otherwise.
const SOURCE: &str = "source.json";

/// Findings shown of one law; the others are most likely the same once more.
const SHOWN_MAX: usize = 3;

pub async fn run(data: &Path, command: &Check, screen: &Screen) -> anyhow::Result<ExitCode> {
    if command.list {
        LAWS.iter().for_each(|law| {
            screen.record(&record_of(law), || format!("{}  {:<18} {}", law.number, law.name, law.says))
        });
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(asked) = &command.explain {
        let law = law(asked).with_context(|| {
            format!("there is no law `{asked}`: `weir connector check --list` lists them")
        })?;
        screen.record(&record_of(law), || explained(law, screen));
        return Ok(ExitCode::SUCCESS);
    }
    let connector = load(data, command).await?;
    let reports = match recorded(command) {
        Some(path) => check(&from_file(connector, &path, command.login.as_deref()).await?).await,
        None => with_source(connector, command, screen).await?,
    };
    Ok(tell(&reports, screen))
}

async fn load(data: &Path, command: &Check) -> anyhow::Result<Connector> {
    let file = command.file.as_deref().context("name a component file")?;
    let wasm = match file == Path::new(BUILT_IN) {
        true => CONFLUENCE.to_vec(),
        false => std::fs::read(file).with_context(|| format!("failed to read {}", file.display()))?,
    };
    // Compiling a large component takes a while, and authors check the same one again and again.
    let compiled = data.join("compiled");
    private_folder(&compiled).with_context(|| format!("failed to make {}", compiled.display()))?;
    let engine = Engine::new(Some(&compiled))?;
    let refused = || format!("{} is no connector that this host can run", file.display());
    Connector::load(&engine, &wasm).await.with_context(refused)
}

/// The file to check with, if it is to be one.
fn recorded(command: &Check) -> Option<PathBuf> {
    let asks_live = !command.settings.is_empty() || command.username.is_some() || !command.routes.is_empty();
    let beside =
        (!asks_live && command.record.is_none()).then(|| PathBuf::from(SOURCE)).filter(|path| path.exists());
    command.source.clone().or(beside)
}

async fn from_file(connector: Connector, path: &Path, login: Option<&str>) -> anyhow::Result<Subject> {
    let file = SourceFile::open(path)?;
    let login = Subject::login_of(&connector, login.or(file.login.as_deref()))?;
    let settings = file.settings.to_string();
    let plan = Subject::plan(&connector, &settings, &login).await?;
    let now = file.now;
    Ok(Subject::new(connector, login, settings, plan, Box::new(Recorded::new(file)), now))
}

async fn with_source(connector: Connector, command: &Check, screen: &Screen) -> anyhow::Result<Vec<Report>> {
    let given = settings_of(&connector.description().settings_schema, &command.settings)?;
    let login = Subject::login_of(&connector, command.login.as_deref())?;
    let plan = Subject::plan(&connector, &given.to_string(), &login).await.with_context(|| {
        format!(
            "there is no {SOURCE} here; name a recorded source with --source, or the source itself with --set"
        )
    })?;
    let source = Arc::new(Live::new(gate(command, &login, &plan)?, command.edit.clone()));
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let now = Duration::from_secs(now.as_secs());
    let name = login.name.clone();
    let subject = Subject::new(connector, login, given.to_string(), plan, Box::new(Arc::clone(&source)), now);
    let reports = check(&subject).await;
    if let Some(path) = &command.record {
        let text = source.written(&given, &name, now).await;
        std::fs::write(path, text).with_context(|| format!("failed to write {}", path.display()))?;
        screen.talk(&format!(
            "wrote what the source answered to {}; look it over before you share it",
            path.display()
        ));
    }
    Ok(reports)
}

fn gate(command: &Check, login: &Login, plan: &Plan) -> anyhow::Result<Gate> {
    let routes = command.routes.iter().map(|text| parse_route(text)).collect::<Result<Vec<_>, _>>()?;
    let label = match &login.scheme {
        Scheme::Anonymous => None,
        Scheme::Basic(basic) => Some(basic.password.as_str()),
        Scheme::Token(token) => Some(token.label.as_str()),
        Scheme::Oauth2(_) => {
            bail!(
                "a check does not sign in by OAuth 2.0: choose another --login, or give a recorded source with --source"
            )
        }
    };
    let secret = label.map(|label| secret::ask(label, command.secret_stdin)).transpose()?;
    let credential = Credential::new(&login.scheme, command.username.as_deref(), secret.as_ref())?;
    let plan = GatePlan {
        origins: plan.origins.clone(),
        routes,
        credential: credential.map(Fixed::source),
        ..GatePlan::default()
    };
    Ok(Gate::new(plan, Doors::real(Arc::new(Client::default())))?)
}

/// Prints each finding, then a line a law, and says how it ended.
fn tell(reports: &[Report], screen: &Screen) -> ExitCode {
    let of = |word: &str| reports.iter().filter(|report| report.verdict.word() == word).count();
    for report in reports {
        let findings = match &report.verdict {
            Verdict::Broken(findings) => findings.as_slice(),
            _ => &[],
        };
        findings.iter().take(SHOWN_MAX).for_each(|finding| screen.words(&words(report.law, finding, screen)));
        if let Some(more @ 1..) = findings.len().checked_sub(SHOWN_MAX) {
            screen.words(&format!("  and {} more of {}\n", more, report.law.number));
        }
    }
    reports.iter().for_each(|report| screen.record(&record(report), || line(report)));
    let (kept, broken, unjudged) = (of("kept"), of("broken"), of("not judged"));
    screen.talk(&format!("{} kept, {broken} broken, {unjudged} not judged", count(kept as u64, "law")));
    match (broken, unjudged) {
        (0, 0) => ExitCode::SUCCESS,
        (0, _) => ExitCode::from(INCOMPLETE),
        _ => ExitCode::from(1),
    }
}

fn words(law: &Law, finding: &Finding, screen: &Screen) -> String {
    let mut lines = vec![
        screen.bold(&format!("error[{}]: {}", law.number, plain(&finding.what))),
        format!("  --> {}", plain(&finding.place)),
        format!("   |  expected  {}", plain(&finding.expected)),
        format!("   |  came      {}", plain(&finding.came)),
    ];
    lines.extend(finding.differences.iter().map(|line| format!("   |            {}", plain(line))));
    lines.push(format!("   = law   {}: {}", law.name, law.says));
    lines.push(format!("   = why   {}", law.why));
    lines.push(format!("   = help  {}\n", finding.help.as_deref().unwrap_or(law.help)));
    lines.join("\n")
}

fn line(report: &Report) -> String {
    let more = match &report.verdict {
        Verdict::Kept(None) => String::new(),
        Verdict::Kept(Some(note)) => format!(" ({note})"),
        Verdict::Broken(findings) => format!(" ({})", count(findings.len() as u64, "finding")),
        Verdict::NotJudged(why) => format!(" ({})", plain(why)),
    };
    format!("{}  {:<18} {}{more}", report.law.number, report.law.name, report.verdict.word())
}

fn record(report: &Report) -> Value {
    let (mut note, mut findings) = (None, Vec::new());
    match &report.verdict {
        Verdict::Kept(word) => note = word.map(str::to_owned),
        Verdict::NotJudged(why) => note = Some(why.clone()),
        Verdict::Broken(found) => {
            findings = found.iter().map(|finding| found_of(finding, report.law)).collect()
        }
    }
    json!({
        "law": report.law.number,
        "name": report.law.name,
        "verdict": report.verdict.word().replace(' ', "-"),
        "note": note,
        "findings": findings,
    })
}

fn found_of(finding: &Finding, law: &Law) -> Value {
    json!({
        "what": finding.what,
        "place": finding.place,
        "expected": finding.expected,
        "came": finding.came,
        "differences": finding.differences,
        "help": finding.help.as_deref().unwrap_or(law.help),
    })
}

fn record_of(law: &Law) -> Value {
    json!({ "law": law.number, "name": law.name, "says": law.says, "why": law.why, "help": law.help })
}

fn explained(law: &Law, screen: &Screen) -> String {
    let title = screen.bold(&format!("{} {}", law.number, law.name));
    format!("{title}\n  {}\n\nWhy: {}\nWhat to do: {}", law.says, law.why, law.help)
}
