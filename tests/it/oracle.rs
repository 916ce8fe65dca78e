//! Everybody reads exactly what the site lets them read: held against the simulator's judge,
//! which was written from the site's model and shares no code with the host.

use std::collections::BTreeSet;

use confluence_simulator::{AccountStatus, Oracle, Size, User};

use crate::acme::{Acme, NAME, assert_same, company, generated, small};

async fn agrees_for_everybody(seed: u64, size: &Size) {
    let acme = Acme::new(generated(seed, size)).await;
    acme.sync().await;
    acme.assert_faithful();

    let people = acme.people();
    let hidden: Vec<&User> = people.iter().filter(|user| !user.email_visible).collect();
    assert!(!hidden.is_empty() || size.people < 16, "a story without hidden e-mails");
    let connection = acme.host.store().connection(NAME).unwrap().id;
    for user in hidden {
        acme.host.store().link_person(connection, &user.email, &user.account_id).unwrap();
        let allowed = acme.oracle(&user.account_id);
        assert!(!allowed.is_empty());
        assert_same(&user.email, &acme.items(Some(&user.email)), &allowed);
    }
}

/// Not a story that everybody passes: some may read almost all, some little, some nothing.
#[test]
fn a_generated_company_has_readers_of_all_sorts() {
    let site = generated(1, &company());
    let oracle = Oracle::new(&site);
    let all = oracle.items().len();
    let counts: BTreeSet<usize> = site.users.keys().map(|id| oracle.readable_by(id).len()).collect();
    assert!(all > 750, "{all} items");
    assert!(counts.len() > 10 && counts.contains(&0) && counts.last() == Some(&all), "{counts:?} of {all}");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_company_of_forty() {
    agrees_for_everybody(1, &company()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_another_company_of_forty() {
    agrees_for_everybody(7, &company()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_demonstration() {
    agrees_for_everybody(3, &Size::demo()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_finds_what_the_asker_may_read_and_nothing_else() {
    let acme = Acme::new(generated(5, &company())).await;
    acme.sync().await;
    for user in acme.people() {
        let found = acme.finds("salary", &user.email);
        let visible = user.email_visible && user.status == AccountStatus::Active;
        let allowed = if visible { acme.oracle(&user.account_id) } else { BTreeSet::new() };
        assert!(found.is_subset(&allowed), "{}: {:?}", user.email, found.difference(&allowed));
        let expected = acme.finds("salary", confluence_simulator::CRAWLER_EMAIL);
        assert_same(&user.email, &found, &expected.intersection(&allowed).cloned().collect());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guests_closed_accounts_and_strangers() {
    let acme = Acme::new(small()).await;
    acme.sync().await;
    let reads = |email: &str| acme.items(Some(email)).len();
    assert_eq!(reads("ana@acme.example"), acme.items(None).len());
    assert_eq!(reads("ben@acme.example"), acme.items(None).len() - 2, "all but the space and page of design");
    assert_eq!(reads("ben@acme.example"), reads(" BEN@ACME.example "), "as e-mails are written");
    for nobody in ["guest@agency.example", "closed@acme.example", "stranger@acme.example", ""] {
        assert_eq!(reads(nobody), 0, "{nobody:?}");
        assert!(acme.finds("flamingo", nobody).is_empty(), "{nobody:?}");
    }

    // The guest is let into one space by name, and reads that one and no other.
    let open = acme.space("OPEN");
    let guest = confluence_simulator::Principal::user("guest");
    let read = confluence_simulator::Operation::read_space();
    acme.site.change(|site| site.add_space_permission(open, guest, read));
    acme.sync().await;
    assert_eq!(reads("guest@agency.example"), reads("ben@acme.example"));
    acme.assert_faithful();
}
