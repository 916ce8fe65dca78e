//! Setting connections up and changing them.

use std::sync::Arc;

use serde_json::Value;

use super::Deed;
use crate::console::{Console, Trouble, Viewer};
use crate::host::{Added, Draft, Drawn, Outlined};
use crate::model::{Connection, Grant, Scheme};
use crate::schedule::Every;
use crate::secrets::oauth::Client;
use crate::store::{Mode, SearchedKind};

impl Console {
    /// Adds a connection whose origins somebody agreed to. A login that a person approves is [`Console::approve`]'s.
    ///
    /// # Errors
    ///
    /// As [`crate::host::Host::add_connection`].
    pub async fn add_connection(
        &self,
        viewer: &Viewer,
        draft: Draft,
        outlined: &Outlined,
    ) -> Result<Added, Trouble> {
        let oauth = match &outlined.login.scheme {
            Scheme::Oauth2(oauth) => Some(oauth.clone()),
            _ => None,
        };
        if oauth.as_ref().is_some_and(|oauth| oauth.grant != Grant::ClientCredentials) {
            let words =
                "this login is approved by a person: set the connection up in the console, in a browser";
            return Err(Trouble::Bad(words.to_owned()));
        }
        let (host, scopes, callback) =
            (Arc::clone(self.host()), outlined.plan.scopes.clone(), self.callback());
        self.act(viewer, added(&draft, &outlined.login.name), async move {
            let Some(oauth) = oauth else { return host.add_connection(draft).await };
            let id = draft.username.clone().unwrap_or_default();
            let client = Client::new(&oauth, &id, draft.secret.clone(), &callback);
            let begun = host.begin(&oauth, client, &scopes, &draft.routes)?;
            let granted = host.grant(begun, None).await?;
            host.add_granted(draft, granted).await
        })
        .await
    }

    /// Keeps settings whose origins somebody agreed to. It may be done beside a run, as `weir connection set` does it: a
    /// run goes by the settings it began with.
    ///
    /// # Errors
    ///
    /// As [`crate::host::Host::keep_settings`].
    pub async fn keep_settings(
        &self,
        viewer: &Viewer,
        name: String,
        drawn: Drawn,
    ) -> Result<Connection, Trouble> {
        let before = self.connection(&name).await?;
        let about = changed(&before.settings, &drawn.plan.settings).join(", ");
        let deed = Deed::of("settings-changed", &name).about(about);
        let host = Arc::clone(self.host());
        self.act(viewer, deed, async move { host.keep_settings(&name, &drawn).await }).await
    }

    /// Says how a connection is read; what is not given stays.
    ///
    /// # Errors
    ///
    /// When there is no such connection.
    pub async fn set_schedule(
        &self,
        viewer: &Viewer,
        name: String,
        manual: Option<bool>,
        every: Option<Every>,
    ) -> Result<(), Trouble> {
        let manual_words = manual.map(|manual| if manual { "by hand" } else { "on schedule" }.to_owned());
        let every_words = every.map(|every| format!("every {every}"));
        let about = [manual_words, every_words].into_iter().flatten().collect::<Vec<_>>().join(", ");
        let deed = Deed::of("schedule-changed", &name).about(about);
        self.act_blocking(viewer, deed, move |host| host.set_schedule(&name, manual, every)).await
    }

    /// Says which kinds searches find: all of `on`, and no others. Kinds that stand as they are to stand are left alone.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or no such kind.
    pub async fn set_kinds(
        &self,
        viewer: &Viewer,
        name: String,
        on: Vec<String>,
    ) -> Result<Vec<SearchedKind>, Trouble> {
        let kinds = self.host().kinds(&name).await?;
        let switched = |to: bool| {
            let other =
                kinds.iter().filter(|kind| kind.offered && kind.on != to && on.contains(&kind.name) == to);
            other.map(|kind| kind.name.clone()).collect::<Vec<_>>()
        };
        let unknown = on.iter().filter(|name| !kinds.iter().any(|kind| kind.name == **name)).cloned();
        let (to_on, to_off) =
            (switched(true).into_iter().chain(unknown).collect::<Vec<_>>(), switched(false));
        if to_on.is_empty() && to_off.is_empty() {
            return Ok(kinds);
        }
        let said =
            |to: &str, kinds: &[String]| (!kinds.is_empty()).then(|| format!("{to}: {}", kinds.join(", ")));
        let about =
            [said("on", &to_on), said("off", &to_off)].into_iter().flatten().collect::<Vec<_>>().join("; ");
        let (deed, host) = (Deed::of("kinds-switched", &name).about(about), Arc::clone(self.host()));
        self.act(viewer, deed, async move {
            host.switch_kinds(&name, &to_on, true).await?;
            host.switch_kinds(&name, &to_off, false).await
        })
        .await
    }

    /// Lets a connection be read that was set up: at once, or paused until somebody says so. One that is read by
    /// hand waits without a pause.
    ///
    /// # Errors
    ///
    /// When there is no such connection.
    pub async fn finish_setup(&self, viewer: &Viewer, name: String, start: bool) -> Result<(), Trouble> {
        let about = if start { "and read at once" } else { "and read later" };
        let deed = Deed::of("setup-finished", &name).about(about);
        self.act_blocking(viewer, deed, move |host| {
            let manual = host.turn(&name)?.schedule.manual;
            if !start && !manual {
                // Before the mark goes, or the schedule would find it due.
                host.set_paused(&name, true)?;
            }
            host.finish_setup(&name)?;
            if start {
                host.want(&name, Mode::Since)?;
            }
            Ok(())
        })
        .await
    }

    /// A connection by its name; nothing is changed.
    ///
    /// # Errors
    ///
    /// When there is no such connection.
    pub async fn connection(&self, name: &str) -> Result<Connection, Trouble> {
        let name = name.to_owned();
        self.with_host(move |host| Ok(host.store().connection(&name)?)).await
    }
}

pub(super) fn added(draft: &Draft, login: &str) -> Deed {
    Deed::of("connection-added", &draft.name).about(format!("{}, login {login}", draft.connector))
}

/// The names of settings that differ.
fn changed(before: &str, after: &str) -> Vec<String> {
    let [before, after] =
        [before, after].map(|text| serde_json::from_str::<Value>(text).unwrap_or(Value::Null));
    let names = |settings: &Value| settings.as_object().map(|all| all.keys().cloned().collect::<Vec<_>>());
    let mut all: Vec<String> = [names(&before), names(&after)].into_iter().flatten().flatten().collect();
    all.sort();
    all.dedup();
    all.retain(|name| before.get(name) != after.get(name));
    all
}

#[cfg(test)]
mod tests {
    use super::changed;

    #[test]
    fn the_trail_names_what_was_changed_and_not_to_what() {
        assert_eq!(changed(r#"{"a":1,"b":[2],"c":3}"#, r#"{"a":1,"b":[3],"d":4}"#), ["b", "c", "d"]);
        assert_eq!(changed("no JSON", "{}"), [""; 0]);
    }
}
