//! *Configure records*: when a connection is read, what of it, and what of that searches find. The page also changes a
//! connection that is set up.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::configure_form::{EVERY, Form as Shown, SEARCHED};
use super::{again, faulty, origins};
use crate::console::pages::address;
use crate::console::pages::faults::Faults;
use crate::console::pages::schema;
use crate::console::pages::sent::Sent;
use crate::console::pages::shown::{Oops, back};
use crate::console::who::{Administrator, Said};
use crate::console::{Console, Trouble, Viewer};
use crate::host::{Drawn, Estimate, Turn};
use crate::model::{Connection, Description};
use crate::schedule::Every;
use crate::store::{IndexMode, SearchedKind};

#[derive(Deserialize)]
pub struct Wanted {
    /// Ask the source how much there is.
    estimate: Option<String>,
}

/// A connection as it is configured now.
pub struct Known {
    pub connection: Connection,
    pub description: Description,
    pub turn: Turn,
    pub kinds: Vec<SearchedKind>,
    pub index_mode: IndexMode,
}

impl Known {
    pub async fn of(console: &Console, name: &str) -> Result<Self, Trouble> {
        let asked = name.to_owned();
        let (connection, turn, index_mode) = console
            .with_host(move |host| {
                let connection = host.store().connection(&asked)?;
                let index_mode = host.store().index_mode(connection.id)?;
                Ok((connection, host.turn(&asked)?, index_mode))
            })
            .await?;
        let description = console.host().connector(&connection.connector).await?.description().clone();
        let kinds = console.host().kinds(name).await?;
        Ok(Self { connection, description, turn, kinds, index_mode })
    }

    pub fn settings(&self) -> Value {
        serde_json::from_str(&self.connection.settings).unwrap_or_else(|_| json!({}))
    }

    /// What may be changed; what says which source it is may not.
    pub fn fields(&self) -> Vec<schema::Field> {
        let fields = schema::fields(&self.description.settings_schema);
        fields.into_iter().filter(|field| !field.identity).collect()
    }

    /// Whether the login has a step of its own for a person's authorization.
    pub fn is_approved(&self) -> bool {
        let login = self.description.logins.iter().find(|login| login.name == self.connection.login);
        login.is_some_and(|login| super::new_form::is_approved(&login.scheme))
    }
}

pub async fn page(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    said: Said,
    Path(name): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Oops> {
    let known = Known::of(&console, &name).await?;
    let (mut faults, mut drawn) = (Faults::default(), None);
    match console.host().draw_settings(&name, &known.connection.settings).await {
        Ok(found) => drawn = Some(found),
        // Settings that a newer connector refuses are to be mended here.
        Err(error) => faulty::add(&mut faults, &error.into()),
    }
    let estimate = match wanted.estimate {
        Some(_) => Some(console.host().estimate(&name).await.map_err(Trouble::from)),
        None => None,
    };
    let sent = Sent(present(&known));
    Ok(show(&viewer, &said, &known, &sent, &faults, drawn.as_ref(), estimate.as_ref()))
}

/// What the form would send if nothing were changed.
fn present(known: &Known) -> Vec<(String, String)> {
    let schedule = &known.turn.schedule;
    let settings = schema::typed(&known.fields(), &known.settings());
    let mode = if schedule.manual { "manual" } else { "scheduled" };
    let mut pairs: Vec<(String, String)> = vec![
        ("mode".to_owned(), mode.to_owned()),
        (EVERY.to_owned(), schedule.every.as_minutes().to_string()),
        (SEARCHED.to_owned(), known.index_mode.as_str().to_owned()),
        (origins::AGREED.to_owned(), String::new()),
    ];
    pairs.extend(settings.into_iter().map(|(pointer, text)| (schema::PREFIX.to_owned() + &pointer, text)));
    let on = known.kinds.iter().filter(|kind| kind.on);
    pairs.extend(on.map(|kind| ("kind".to_owned(), kind.name.clone())));
    pairs
}

fn show(
    viewer: &Viewer,
    said: &Said,
    known: &Known,
    sent: &Sent,
    faults: &Faults,
    drawn: Option<&Drawn>,
    estimate: Option<&Result<Estimate, Trouble>>,
) -> Response {
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let form = Shown { viewer, known, sent, faults, drawn, estimate };
    (status, form.page(said)).into_response()
}

pub async fn post(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Oops> {
    let (known, sent) = (Known::of(&console, &name).await?, Sent(pairs));
    let mut faults = Faults::default();
    let every = every(&sent, &mut faults);
    let drawn = draw(&console, &known, &sent, &mut faults).await;
    if let (true, Some(every), Some(drawn)) = (faults.is_empty(), every, &drawn) {
        match keep(&console, &viewer, &known, &sent, every, drawn).await {
            Ok(()) => return leave(&console, &known, drawn),
            Err(trouble) if again::is_needed(&trouble) => {
                faults.add("", faulty::sentence(&trouble.to_string()))
            }
            Err(trouble) => faulty::add(&mut faults, &trouble),
        }
    }
    Ok(show(&viewer, &Said(None), &known, &sent, &faults, drawn.as_ref(), None))
}

fn every(sent: &Sent, faults: &mut Faults) -> Option<Every> {
    let minutes = sent.text(EVERY).unwrap_or_default().parse::<u32>();
    let words = "This takes minutes, from 5 to 44640 (31 days).";
    match minutes.ok().and_then(|minutes| Every::minutes(minutes).ok()) {
        Some(every) => Some(every),
        None => {
            faults.add(EVERY, words);
            None
        }
    }
}

/// Checks the settings that were sent, and that somebody agreed where they lead further than before.
async fn draw(console: &Console, known: &Known, sent: &Sent, faults: &mut Faults) -> Option<Drawn> {
    let settings = match schema::settings(&known.fields(), &known.settings(), &sent.typed()) {
        Ok(settings) => settings.to_string(),
        Err(issues) => {
            faulty::add_issues(faults, &issues);
            return None;
        }
    };
    match console.host().draw_settings(&known.connection.name, &settings).await {
        Ok(drawn) => {
            if drawn.origins_differ && sent.text(origins::AGREED) != Some(&origins::mark(&drawn.plan.origins))
            {
                faults.add(
                    origins::AGREED,
                    "Requests would go further than before: read where, and agree to it.",
                );
            }
            Some(drawn)
        }
        Err(error) => {
            faulty::add(faults, &error.into());
            None
        }
    }
}

/// What stands as it did is left alone: a source that does not answer keeps nobody from changing a schedule.
async fn keep(
    console: &Console,
    viewer: &Viewer,
    known: &Known,
    sent: &Sent,
    every: Every,
    drawn: &Drawn,
) -> Result<(), Trouble> {
    let name = &known.connection.name;
    let Connection { settings, origins, .. } = &known.connection;
    if *settings != drawn.plan.settings || *origins != drawn.plan.origins {
        console.keep_settings(viewer, name.clone(), drawn.clone()).await?;
    }
    let (manual, before) = (sent.text("mode") == Some("manual"), &known.turn.schedule);
    if manual != before.manual || every != before.every {
        console.set_schedule(viewer, name.clone(), Some(manual), Some(every)).await?;
    }
    let on = sent.all("kind").map(str::to_owned).collect();
    console.set_kinds(viewer, name.clone(), on).await?;
    if let Some(mode) = sent.text(SEARCHED).and_then(IndexMode::named) {
        console.set_index_mode(viewer, name.clone(), mode).await?;
    }
    Ok(())
}

fn leave(console: &Console, known: &Known, drawn: &Drawn) -> Result<Response, Oops> {
    let name = &known.connection.name;
    if known.turn.schedule.setting_up {
        return back(console, &address::connection(name, "/ready"), "");
    }
    match drawn.scopes_lacking.is_empty() {
        true => back(console, "/connections", &format!("{name} is changed; the next sync goes by that.")),
        false => back(console, &address::connection(name, "/configure"), &format!("{name} is changed.")),
    }
}
