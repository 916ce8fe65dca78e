//! Changing a connection's settings: checked, its new origins agreed, signed in, kept.

use serde_json::Value;

use super::{Host, HostError};
use crate::model::{Choice, Connection, Origin, Plan};

/// Changed settings, checked and not yet kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// What the connector made of them.
    pub plan: Plan,
    /// Whether the requests may go elsewhere than was agreed to.
    pub origins_differ: bool,
    /// Scopes that the sign-in was not granted. Somebody has to approve them.
    pub scopes_lacking: Vec<String>,
}

impl Host {
    /// Checks changed settings, and says what they would need that the present ones do not.
    /// Nothing is kept or sent.
    ///
    /// # Errors
    ///
    /// [`HostError::Settings`] with each fault and where it is.
    pub async fn draw_settings(&self, name: &str, settings: &str) -> Result<Drawn, HostError> {
        let connection = self.store.connection(name)?;
        let connector = self.connector(&connection.connector).await?;
        let plan = connector.configure(settings, &connection.login).await?.map_err(HostError::Settings)?;
        let schema = serde_json::from_str(&connector.description().settings_schema).unwrap_or(Value::Null);
        if let Some(setting) = other_source(&schema, &connection.settings, &plan.settings) {
            return Err(HostError::OtherSource { setting, connection: connection.name });
        }
        // A grant that does not open is told by the sign-in that follows.
        let scopes_lacking = self.lacking_scopes(&connection, &plan.scopes).unwrap_or_default();
        Ok(Drawn {
            origins_differ: !beyond(&plan.origins, &connection.origins).is_empty(),
            scopes_lacking,
            plan,
        })
    }

    /// Keeps settings that were drawn, once the source has let the connection in with them. To
    /// call it is the user's agreement to the plan's origins. What was read stays: the next sync
    /// removes what the settings leave out, and reads what they add.
    ///
    /// # Errors
    ///
    /// [`HostError::SignIn`] with what the source said; the settings before are kept then.
    pub async fn keep_settings(&self, name: &str, drawn: &Drawn) -> Result<Connection, HostError> {
        let connection = self.store.connection(name)?;
        let connector = self.connector(&connection.connector).await?;
        let Plan { settings, origins, .. } = &drawn.plan;
        let changed = Connection { settings: settings.clone(), origins: origins.clone(), ..connection };
        let gate = self.gate_of(&changed, &connector)?;
        let signed_in = connector.authenticate(&gate, settings, &changed.login).await;
        let account = signed_in.map_err(HostError::of_sign_in)?;
        self.store.set_settings(changed.id, settings, &account.session, &account.label, origins)?;
        Ok(self.store.connection(name)?)
    }

    /// What a setting may be chosen from, such as the spaces of a site whose names begin so.
    ///
    /// # Errors
    ///
    /// [`HostError::NoChoices`] if the connector offers none for it; [`HostError::Call`] with what
    /// the source said.
    pub async fn choices(&self, name: &str, setting: &str, typed: &str) -> Result<Vec<Choice>, HostError> {
        let connection = self.store.connection(name)?;
        let connector = self.connector(&connection.connector).await?;
        let schema = serde_json::from_str(&connector.description().settings_schema).unwrap_or(Value::Null);
        let offered = offering(&schema);
        let pointer = match setting.strip_prefix('/') {
            Some(_) => setting.to_owned(),
            None => format!("/{}", setting.replace('.', "/")),
        };
        if !offered.contains(&pointer) {
            let offered =
                offered.iter().map(|pointer| pointer.trim_start_matches('/').replace('/', ".")).collect();
            return Err(HostError::NoChoices { setting: setting.to_owned(), offered });
        }
        let gate = self.gate_of(&connection, &connector)?;
        Ok(connector.choices(&gate, &connection, &pointer, typed).await?)
    }
}

/// The setting, if one differs that says which source this is: it is marked `x-identity`. Settings that
/// cannot be read count as different.
fn other_source(schema: &Value, before: &str, after: &str) -> Option<String> {
    let [before, after] = [before, after].map(|text| serde_json::from_str::<Value>(text).ok());
    let properties = schema.get("properties").and_then(Value::as_object)?;
    let marked =
        properties.iter().filter(|(_, property)| property.get("x-identity") == Some(&Value::Bool(true)));
    let value =
        |settings: &Option<Value>, name: &str| settings.as_ref().and_then(|all| all.get(name)).cloned();
    let mut names = marked.map(|(name, _)| name);
    names.find(|name| value(&before, name).is_none() || value(&before, name) != value(&after, name)).cloned()
}

/// What goes beyond what was agreed to before, in the same words or not.
pub(super) fn beyond<'o>(asked: &'o [Origin], agreed: &[Origin]) -> Vec<&'o Origin> {
    let covers = |asked: &Origin, agreed: &Origin| {
        asked.url == agreed.url && (agreed.credential || !asked.credential) && (agreed.post || !asked.post)
    };
    asked.iter().filter(|asked| !agreed.iter().any(|agreed| covers(asked, agreed))).collect()
}

/// Deeper settings than these nobody types.
const LEVELS_MAX: usize = 4;

/// JSON Pointers (RFC 6901) to the properties that a schema marks with `x-choices`.
fn offering(schema: &Value) -> Vec<String> {
    fn collect(schema: &Value, at: &str, levels: usize, found: &mut Vec<String>) {
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
        for (name, property) in properties {
            let pointer = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
            if levels > 0 {
                collect(property, &pointer, levels - 1, found);
            }
            if property.get("x-choices") == Some(&Value::Bool(true)) {
                found.push(pointer);
            }
        }
    }
    let mut found = Vec::new();
    collect(schema, "", LEVELS_MAX, &mut found);
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use serde_json::json;

    use super::*;

    fn origin(url: &str, credential: bool, post: bool) -> Origin {
        Origin { url: url.into(), credential, post, purpose: String::new() }
    }

    #[test]
    fn only_what_goes_beyond_the_agreement_is_asked_again() {
        let agreed = [origin("https://a.example", true, false), origin("https://b.example", false, true)];
        assert!(beyond(&agreed, &agreed).is_empty());
        assert!(beyond(&[origin("https://a.example", false, false)], &agreed).is_empty());
        assert!(beyond(&[], &agreed).is_empty());
        for further in [
            origin("https://c.example", false, false),
            origin("https://a.example", true, true),
            origin("https://b.example", true, false),
        ] {
            assert_eq!(beyond(std::slice::from_ref(&further), &agreed), [&further]);
        }
    }

    #[test]
    fn settings_to_choose_from_are_those_the_schema_marks() {
        let schema = json!({ "properties": {
            "site": { "type": "string" },
            "spaces": { "type": "array", "x-choices": true },
            "pages": { "type": "object", "properties": { "below": { "x-choices": true }, "a/b": { "x-choices": true } } },
            "labels": { "x-choices": "yes" },
        }});
        assert_eq!(offering(&schema), ["/pages/a~1b", "/pages/below", "/spaces"]);
        assert_eq!(offering(&Value::Null), [""; 0]);
    }

    #[test]
    fn what_says_which_source_it_is_stays() {
        let schema = serde_json::json!({ "properties": {
            "site": { "x-identity": true }, "spaces": {}, "region": { "x-identity": "yes" },
        }});
        let changed = |after: &str| other_source(&schema, r#"{"site":"a","spaces":["X"]}"#, after);
        assert_eq!(changed(r#"{"site":"a","spaces":[],"region":"eu"}"#), None);
        assert_eq!(changed(r#"{"site":"b"}"#), Some("site".into()));
        assert_eq!(changed("{}"), Some("site".into()));
        assert_eq!(changed("no JSON"), Some("site".into()));
        assert_eq!(other_source(&schema, "no JSON", r#"{"site":"a"}"#), Some("site".into()));
        assert_eq!(other_source(&Value::Null, "{}", "{}"), None);
    }
}
