//! Filters that mean something else than their author meant.

use super::failed;
use crate::acme::small;
use crate::command::{User, serve};

pub async fn an_unknown_space() -> String {
    let site = serve(small()).await;
    let user = User::synced(&site);
    let set =
        |keys: &str| failed(user.runs(&["connection", "set", "acme", "--set", &format!("spaces={keys}")]));
    let other_case = set("open");
    assert!(other_case.contains("keys are told apart by case, did you mean OPEN?"), "{other_case}");
    other_case + &set("OPEN,SECRET")
}

/// The folder stays as a place, which is nothing to be found.
pub async fn nothing_is_left() -> String {
    let mut site = small();
    let open = site.space_by_key("OPEN").unwrap().id;
    site.add_folder(open, None, "Plans");
    let site = serve(site).await;
    let user = User::synced(&site);
    user.runs(&["connection", "set", "acme", "--set", "labels=no-such-label"]).ok();
    let said = user.runs(&["sync"]).ok().stderr;
    let doctor = user.runs(&["doctor", "acme"]).ok().stdout;
    assert!(doctor.contains("everything was read, and nothing is left to be found"), "{doctor}");
    said
}
