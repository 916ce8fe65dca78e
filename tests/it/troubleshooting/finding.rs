//! A page that somebody misses, or a person whom nobody knows.

use confluence_simulator::{Fault, Knobs, Restriction, Running, What, When};

use super::failed;
use crate::acme::{ANA, BEN, HIDDEN, page, page_id, small};
use crate::command::{User, serve};

/// `weir why` of a page by its title.
fn why(user: &User, site: &Running, title: &str, person: &str) -> String {
    let id = page_id(site.read(|site| page(site, title)));
    user.runs(&["why", &id, "--as", person]).ok().stdout
}

pub async fn never_read() -> String {
    let site = serve(small()).await;
    let user = User::synced(&site);
    let open = site.read(|site| site.space_by_key("OPEN").unwrap().id);
    let id = site.change(|site| site.add_page(open, None, "Pond", "<p>Deep.</p>"));
    let address = format!("https://acme.atlassian.net/wiki/spaces/OPEN/pages/{id}/Pond");
    failed(user.runs(&["why", &address, "--as", ANA]))
}

pub async fn restricted() -> String {
    let site = serve(small()).await;
    let handbook = site.read(|site| page(site, "Handbook"));
    let few = Restriction::to_users(&["ana", "crawler"]);
    site.change(|site| site.restrict_page(handbook, Some(few)));
    why(&User::synced(&site), &site, "Leave", BEN)
}

/// A page in a folder of the open space.
fn foldered() -> confluence_simulator::Site {
    let mut site = small();
    let open = site.space_by_key("OPEN").unwrap().id;
    let folder = site.add_folder(open, None, "Plans");
    site.add_page(open, Some(folder), "Pond", "<p>Deep.</p>");
    site
}

pub async fn readers_unknown() -> String {
    let site = serve(foldered()).await;
    site.set_knobs(Knobs { node_restrictions_unreadable: true, ..Knobs::default() });
    why(&User::synced(&site), &site, "Pond", BEN)
}

pub async fn below_what_was_not_read() -> String {
    let site = serve(foldered()).await;
    let user = User::new();
    user.adds(&site.url()).ok();
    let what = What::Status { code: 500, retry_after_seconds: None };
    let fault = |path: &str| Fault { path: path.into(), when: When::Always, what };
    let faults = vec![fault("type+in"), fault("/folders/")];
    site.set_knobs(Knobs { faults, ..Knobs::default() });
    let synced = user.runs(&["sync"]);
    assert_eq!(synced.code, 3, "{synced}");
    why(&user, &site, "Pond", BEN)
}

pub async fn read_and_not_searched() -> String {
    let site = serve(small()).await;
    let user = User::synced(&site);
    user.runs(&["index", "mode", "acme", "manual"]).ok();
    let not_chosen = why(&user, &site, "Leave", BEN);
    assert!(not_chosen.contains("is in manual mode, and it was not chosen"), "{not_chosen}");
    user.runs(&["index", "off", "acme", "page"]).ok();
    why(&user, &site, "Leave", BEN)
}

pub async fn a_hidden_address() -> String {
    let site = serve(small()).await;
    let user = User::synced(&site);
    let search = ["search", "flamingo", "--as", HIDDEN];
    let said = user.runs(&search).ok();
    user.runs(&["person", "link", HIDDEN, "hidden", "--connection", "acme"]).ok();
    assert!(!user.runs(&search).ok().stdout.is_empty(), "the remedy helps");
    said.stderr
}

pub async fn an_address_shown_twice() -> String {
    let site = serve(small()).await;
    site.change(|site| site.users.get_mut("ben").unwrap().email = ANA.into());
    let user = User::synced(&site);
    let search = ["search", "flamingo", "--as", ANA];
    let said = user.runs(&search).ok();
    user.runs(&["person", "link", ANA, "ana", "--connection", "acme"]).ok();
    assert!(!user.runs(&search).ok().stdout.is_empty(), "the remedy helps");
    said.stderr
}
