//! Deletions that are too many to be believed, as a person sees and decides them; and items that cannot be read.

use std::sync::Arc;

use confluence_simulator::{Fault, Knobs, Principal, Running, Site, What, When};
use serde_json::Value;
use weir::sync::{Silent, Stop};

use crate::acme::{Acme, NAME, company, generated, page, page_id, small};
use crate::command::{Said, User, serve, snapshots, stable};

fn hide(site: &Running, spaces: &[&str]) {
    let hidden_spaces = spaces.iter().map(|key| (*key).to_owned()).collect();
    site.set_knobs(Knobs { hidden_spaces, ..Knobs::default() });
}

/// As when the account loses its permission: whole spaces are gone from every answer.
async fn without_two_spaces() -> (Acme, usize) {
    let acme = Acme::new(generated(2, &company())).await;
    acme.sync().await;
    hide(&acme.site, &["ENG", "HANDBOOK"]);
    let held = acme.try_sync().await.report.held.unwrap();
    (acme, usize::try_from(held.suspects).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_shows_up_again_waits_no_longer() {
    let (acme, suspects) = without_two_spaces().await;
    let waiting = acme.host.waiting_deletions(NAME).unwrap();
    assert_eq!(waiting.len(), suspects);
    acme.site.set_knobs(Knobs::default());
    acme.sync().await;
    assert!(acme.host.waiting_deletions(NAME).unwrap().is_empty());
    acme.assert_faithful();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_deletes_what_the_site_denies_by_name_and_it_comes_back_with_the_permission() {
    let (acme, suspects) = without_two_spaces().await;
    let before = acme.items(None).len();
    let approved = acme.host.approve_deletions(NAME, &Stop::never(), Arc::new(Silent)).await.unwrap();
    assert!(approved.unanswered.is_empty() && approved.stopped.is_none(), "{approved:?}");
    assert_eq!((approved.waited, approved.present), (suspects, 0));
    assert_eq!(acme.items(None).len(), before - suspects);
    acme.assert_nothing_leaks();
    acme.sync().await;
    acme.site.set_knobs(Knobs::default());
    acme.sync().await;
    acme.assert_faithful();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_while_the_token_is_refused_deletes_nothing() {
    let (acme, suspects) = without_two_spaces().await;
    let before = acme.items(None);
    acme.site.set_knobs(Knobs {
        faults: vec![Fault {
            path: String::new(),
            when: When::Always,
            what: What::Status { code: 401, retry_after_seconds: None },
        }],
        ..Knobs::default()
    });
    let approved = acme.host.approve_deletions(NAME, &Stop::never(), Arc::new(Silent)).await.unwrap();
    assert!(approved.stopped.is_some(), "{approved:?}");
    assert_eq!((acme.items(None), acme.host.waiting_deletions(NAME).unwrap().len()), (before, suspects));
}

/// `small`, and a space of 60 pages.
fn long() -> Site {
    let mut site = small();
    let space = site.add_space("LONG", "Long", &[Principal::all_licensed_users()]);
    for number in 0..60 {
        site.add_page(space, None, &format!("Page {number}"), "<p>Words.</p>");
    }
    site
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_looks_rejects_and_approves() {
    let site = serve(long()).await;
    let user = User::synced(&site);
    let says = |arguments: &[&str]| stable(&user, user.runs(arguments));
    hide(&site, &["LONG"]);
    assert_eq!(user.runs(&["sync", "--inventory"]).code, 3);
    let all = user.runs(&["deletions", "acme", "--all", "--json"]).ok().json();
    assert_eq!(
        (all.len(), &all[0]["connection"], &all[0]["rejected"]),
        (61, &Value::from("acme"), &Value::from(false))
    );
    snapshots(|| {
        insta::assert_snapshot!(says(&["deletions"]), @r"
        exit 0
        --- stdout
        acme	Long	60 pages	since WHEN
        acme	Long	1 space	since WHEN
        --- stderr
        they are shown as before until you decide: weir deletions approve acme, or reject acme
        ");
        insta::assert_snapshot!(says(&["deletions", "limit", "acme"]), @r"
        exit 0
        --- stdout
        acme: more than 20% of the items, and more than 50, wait for a person
        ");
        insta::assert_snapshot!(says(&["deletions", "limit", "acme", "--share", "130%"]).lines().nth(2).unwrap_or_default(), @"error: invalid value '130%' for '--share <SHARE>': `130%` is no share from 0% to 100%");
        insta::assert_snapshot!(says(&["deletions", "reject", "acme"]), @r"
        exit 0
        --- stdout
        acme: 61 items stay
        ");
        let again: Said = user.runs(&["sync", "--inventory"]).ok();
        assert!(!again.stderr.contains("too many"), "{again}");
        insta::assert_snapshot!(says(&["deletions", "acme"]), @r"
        exit 0
        --- stdout
        acme	Long	60 pages	since WHEN	rejected: stays
        acme	Long	1 space	since WHEN	rejected: stays
        ");
        insta::assert_snapshot!(says(&["deletions", "approve", "acme"]), @r"
        exit 0
        --- stdout
        acme: asked about 61 items: 61 gone, 0 in the bin, 0 still there, 0 unanswered
        --- stderr
        asking the source about 61 items that were not mentioned any more
        ");
        insta::assert_snapshot!(says(&["deletions", "approve", "acme"]), @r"
        exit 0
        --- stderr
        no deletions wait for anybody
        ");
    });
    let items = user.runs(&["items", "--connection", "acme", "--json"]).ok().json();
    assert_eq!(items.len(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_larger_share_is_believed_if_a_person_says_so() {
    let site = serve(long()).await;
    let user = User::synced(&site);
    user.runs(&["deletions", "limit", "acme", "--share", "90%", "--at-least", "0"]).ok();
    hide(&site, &["LONG"]);
    let said = user.runs(&["sync", "--inventory", "--json"]).ok();
    let counts = &said.json()[0]["run"]["counts"];
    assert_eq!((&counts["deleted"], &counts["binned"]), (&Value::from(61), &Value::from(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_page_that_cannot_be_asked_about_keeps_no_other_from_being_deleted() {
    let acme = Acme::new(long()).await;
    acme.sync().await;
    let broken = acme.page("Page 7");
    acme.site.change(|site| {
        for number in 0..12 {
            let id = page(site, &format!("Page {number}"));
            site.purge_page(id);
        }
    });
    acme.site.set_knobs(Knobs {
        faults: vec![Fault {
            path: broken.to_string(),
            when: When::Always,
            what: What::Status { code: 500, retry_after_seconds: None },
        }],
        ..Knobs::default()
    });
    let report = acme.try_sync().await.report;
    assert_eq!(report.run.counts.deleted, 11, "{report:?}");
    let connection = acme.status().connection.id;
    let failed = acme.host.store().failures(connection, None, 9).unwrap();
    let [failed] = &failed[..] else { panic!("{failed:?}") };
    assert_eq!((failed.id.clone(), failed.title.as_deref()), (page_id(broken), Some("Page 7")));
    assert!(acme.items(None).contains(&page_id(broken)));
    acme.site.set_knobs(Knobs::default());
    acme.host.store().retry_failures(connection, &[]).unwrap();
    acme.sync().await;
    acme.assert_faithful();
}
