//! Which field an error belongs to.

use crate::console::Trouble;
use crate::console::pages::{faults::Faults, schema};
use crate::host::HostError;
use crate::model::Issue;
use crate::secrets::CredentialFault;
use crate::store::StoreError;

/// The ids of the fields that are none of the settings.
pub const NAME: &str = "name";
pub const CONNECTOR: &str = "connector";
pub const LOGIN: &str = "login";
pub const USERNAME: &str = "username";
pub const SECRET: &str = "secret";
pub const ROUTES: &str = "routes";

/// Puts trouble at the field it is about, or else over the form, so that nothing that was typed is lost.
pub fn add(faults: &mut Faults, trouble: &Trouble) {
    let Trouble::Host(error) = trouble else { return faults.add("", sentence(&trouble.to_string())) };
    let at = match error {
        HostError::Settings(issues) => return add_issues(faults, issues),
        HostError::Store(StoreError::NameTaken { .. } | StoreError::BadName { .. }) => NAME,
        HostError::Installed(_) | HostError::Connector { .. } => CONNECTOR,
        HostError::UnknownLogin { .. } => LOGIN,
        HostError::Credential(CredentialFault::Colon) => {
            return faults.add(
                USERNAME,
                "This cannot contain “:”; the source would take what follows for the secret.",
            );
        }
        HostError::Credential(CredentialFault::NoUsername) => USERNAME,
        HostError::Credential(_)
        | HostError::SignIn(_)
        | HostError::TokenServer(_)
        | HostError::Token(_)
        | HostError::NoSecret { .. } => SECRET,
        HostError::Route(_) | HostError::Plan(_) => ROUTES,
        _ => "",
    };
    faults.add(at, sentence(&error.to_string()));
}

/// Faults of settings, each at its field.
pub fn add_issues(faults: &mut Faults, issues: &[Issue]) {
    for issue in issues {
        let id = if issue.pointer.is_empty() { String::new() } else { schema::id(&issue.pointer) };
        faults.add(&id, sentence(&issue.message));
    }
}

/// Errors are written to stand after others; on a page they stand alone.
pub fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    let words: String = first.into_iter().flatten().chain(letters).collect();
    if words.ends_with(['.', '!', '?', ')']) || words.is_empty() { words } else { words + "." }
}

#[cfg(test)]
mod tests {
    use super::{Faults, add, sentence};
    use crate::console::Trouble;
    use crate::host::HostError;
    use crate::model::Issue;
    use crate::secrets::CredentialFault;
    use crate::store::StoreError;

    #[test]
    fn a_fault_stands_at_the_field_it_is_about() {
        let issue = |pointer: &str| Issue { pointer: pointer.to_owned(), message: "no".to_owned() };
        let troubles = [
            (HostError::Settings(vec![issue("/site")]), "set-site"),
            (HostError::Settings(vec![issue("")]), ""),
            (HostError::Store(StoreError::NameTaken { name: "a".to_owned() }), "name"),
            (HostError::Credential(CredentialFault::Colon), "username"),
            (HostError::Credential(CredentialFault::Token), "secret"),
            (HostError::NotReady("all"), ""),
        ];
        for (error, id) in troubles {
            let mut faults = Faults::default();
            let words = error.to_string();
            add(&mut faults, &Trouble::Host(error));
            assert!(faults.at(id).is_some(), "{words}");
        }
    }

    #[test]
    fn words_become_a_sentence() {
        assert_eq!([sentence("failed: a"), sentence("It is."), sentence("")], ["Failed: a.", "It is.", ""]);
    }
}
