//! `weir person link | unlink | list`.

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use super::arguments::Person;
use super::connection::open;
use super::screen::{Screen, plain};

pub fn run(data: &Path, command: &Person, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    let store = host.store();
    match command {
        Person::Link { email, account, connection } => {
            store.link_person(store.connection(connection)?.id, email, account)?;
            screen.talk(&format!("{} is {} at {connection}", plain(email), plain(account)));
        }
        Person::Unlink { email, connection } => {
            let linked = store.unlink_person(store.connection(connection)?.id, email)?;
            screen.talk(if linked { "the link is gone" } else { "there was no such link" });
        }
        Person::List { connection } => {
            let connection = store.connection(connection)?.id;
            let links = store.links(connection)?;
            for user in store.users(connection)? {
                let linked: Vec<&str> =
                    links.iter().filter(|(_, id)| *id == user.id).map(|(email, _)| email.as_str()).collect();
                let record = json!({ "user": user, "linked": linked });
                screen.record(&record, || {
                    let email = user.email.as_deref().unwrap_or("(hidden)");
                    let linked = linked.join(", ");
                    format!("{}\t{}\t{}\t{linked}", plain(&user.id), plain(&user.name), plain(email))
                });
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
