//! Checking what was typed into *Authenticate*: all faults at once, each at its field.

use serde_json::json;

use super::asked::{Asked, chosen, described, first_fields};
use super::faulty::{self, CONNECTOR, NAME, ROUTES, SECRET, USERNAME};
use super::{new_form, origins};
use crate::console::pages::faults::Faults;
use crate::console::pages::schema;
use crate::console::{Console, Trouble};
use crate::gate::parse_route;
use crate::host::{Draft, Outlined};
use crate::model::{Route, Scheme};
use crate::secrets::Secret;

/// What there is of a connection to be.
pub struct Checked {
    pub faults: Faults,
    /// None if what was typed cannot be read.
    pub draft: Option<Draft>,
    /// Where its requests would go; None if its settings or routes are refused.
    pub outlined: Option<Outlined>,
}

/// Says all that is wrong, and what came of the rest. Nothing is sent.
pub async fn check(console: &Console, asked: &Asked, secret: Option<Secret>) -> Result<Checked, Trouble> {
    let mut faults = Faults::default();
    let description = described(console.host(), asked, &mut faults).await?;
    let login = chosen(&description, asked)?;
    check_name(console, &asked.name, &mut faults).await?;
    let settings = schema::settings(&first_fields(&description), &json!({}), &asked.typed);
    let settings = match settings {
        Ok(settings) => Some(settings.to_string()),
        Err(issues) => {
            faulty::add_issues(&mut faults, &issues);
            None
        }
    };
    let routes = read_routes(&asked.routes, &mut faults);
    let mut outlined = None;
    if let (Some(settings), Some(routes), None) = (&settings, &routes, faults.at(CONNECTOR)) {
        match console.host().outline(asked.connector(), settings, Some(&login.name), routes).await {
            Ok(found) => outlined = Some(found),
            Err(error) => faulty::add(&mut faults, &error.into()),
        }
    }
    check_credential(&login.scheme, asked, secret.as_ref(), &mut faults);
    if outlined.as_ref().is_some_and(|outlined| asked.agreed != origins::mark(&outlined.origins())) {
        faults.add(origins::AGREED, "Read where requests will go, and agree to it.");
    }
    let draft = settings.zip(routes).map(|(settings, routes)| Draft {
        connector: outlined.as_ref().map_or_else(String::new, |outlined| outlined.connector.clone()),
        name: asked.name.clone(),
        settings,
        login: Some(login.name.clone()),
        username: Some(asked.username.clone()).filter(|name| !name.is_empty()),
        secret: secret.unwrap_or_else(|| Secret::new("")),
        routes,
        setting_up: true,
    });
    Ok(Checked { faults, draft, outlined })
}

async fn check_name(console: &Console, name: &str, faults: &mut Faults) -> Result<(), Trouble> {
    if name.is_empty() {
        faults.add(NAME, "Give the connection a name.");
        return Ok(());
    }
    let asked = name.to_owned();
    let checked = console.with_host(move |host| Ok(host.store().check_new_name(&asked)?)).await;
    if let Err(trouble) = checked {
        faulty::add(faults, &trouble);
    }
    Ok(())
}

/// Origins of the connection and what stands in for them, one a line.
fn read_routes(text: &str, faults: &mut Faults) -> Option<Vec<Route>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    match lines.map(parse_route).collect::<Result<_, _>>() {
        Ok(routes) => Some(routes),
        Err(error) => {
            faults.add(ROUTES, faulty::sentence(&error.to_string()));
            None
        }
    }
}

fn check_credential(scheme: &Scheme, asked: &Asked, secret: Option<&Secret>, faults: &mut Faults) {
    let labels = new_form::labels(scheme);
    if let (Some(label), true) = (&labels.username, asked.username.is_empty()) {
        faults.add(USERNAME, format!("{label} is missing."));
    }
    if let (Some(label), None) = (&labels.secret, secret) {
        faults.add(SECRET, format!("{label} is missing."));
    }
}
