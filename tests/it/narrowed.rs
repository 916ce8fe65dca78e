//! Settings changed: what goes, what is read, and what is left alone, as the command says it.

use std::collections::BTreeSet;

use crate::acme::small;
use crate::command::{Said, User, serve};

/// What is stored, by id; places are left out.
fn items(user: &User) -> BTreeSet<String> {
    let lines = user.runs(&["items", "--connection", "acme", "--json"]).ok().json();
    lines.iter().map(|line| line["id"].as_str().unwrap().to_owned()).collect()
}

/// The counts of a sync after these changes: read in full, new, left out, gone.
fn after(user: &User, changes: &[&str]) -> [u64; 4] {
    user.runs(&[&["connection", "set", "acme"], changes].concat()).ok();
    let synced: Said = user.runs(&["sync", "acme", "--json"]).ok();
    let counts = &synced.json()[0]["run"]["counts"];
    let read = counts["by_kind"].as_object().unwrap().values().map(|items| items.as_u64().unwrap()).sum();
    let count = |name: &str| counts[name].as_u64().unwrap();
    [read, count("added"), count("left_out"), count("deleted")]
}

/// How many items are of a kind. Places are listed only if they are asked for.
fn of_kind(user: &User, kind: &str) -> usize {
    let lines = user.runs(&["items", "--connection", "acme", "--kind", kind, "--json"]).ok().json();
    lines.iter().filter(|line| line["kind"] == kind).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_become_places_at_the_next_sync_and_folders_again() {
    let mut site = small();
    let open = site.space_by_key("OPEN").unwrap().id;
    let folder = site.add_folder(open, None, "Plans");
    site.add_page(open, Some(folder), "Pond", "<p>Deep.</p>");
    let site = serve(site).await;
    let user = User::synced(&site);
    let folders_and_places = || (of_kind(&user, "folder"), of_kind(&user, "place"));
    assert_eq!(folders_and_places(), (1, 0));
    for (change, expected) in
        [("--set=read-other-content=no", (0, 1)), ("--unset=read-other-content", (1, 0))]
    {
        after(&user, &[change]);
        assert_eq!(folders_and_places(), expected, "{change}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_is_narrowed_and_widened() {
    let site = serve(small()).await;
    let user = User::synced(&site);
    let all = items(&user);

    assert_eq!(after(&user, &["--set", "spaces=OPEN"])[1..], [0, 2, 0], "a space and its page are left out");
    assert_eq!(items(&user).len(), all.len() - 2);
    assert_eq!(after(&user, &["--set", "spaces=OPEN,DESIGN"]), [2, 2, 0, 0], "only what is new is read");
    assert_eq!(items(&user), all);

    let below = ["--set", "pages=98308", "--set", "read-comments=no"];
    assert_eq!(after(&user, &below)[1..], [0, 3, 0], "a page and two comments of ten items, asked of nobody");
    let places = user.runs(&["items", "--connection", "acme", "--kind", "place", "--json"]).json();
    assert_eq!(places[0]["id"], "page:98307", "what was chosen still hangs on it");
    assert_eq!(places[0]["searchable"], false);
    let found = user.runs(&["search", "flamingo", "--as", "ben@acme.example", "--json"]).json();
    assert!(found.len() == 4 && found.iter().all(|hit| hit["id"] != "page:98307"), "{found:?}");

    let wide = ["--unset", "pages", "--unset", "read-comments", "--unset", "spaces"];
    assert_eq!(
        after(&user, &wide)[1..],
        [3, 0, 0],
        "a page and the comments are back, and the place is a page again"
    );
    assert_eq!(items(&user), all);
}
