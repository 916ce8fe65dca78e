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

/// The site in which every way of letting in and of keeping out occurs: folders with restrictions, roles and
/// permissions in each of their modes, access classes, anonymous access, guests, deleted groups, restrictions
/// that name hundreds. Each seed has another role mode.
mod census {
    use super::{Acme, Size, agrees_for_everybody, generated};
    use confluence_simulator::{CRAWLER_EMAIL, Id, Node, Oracle, PageStatus, Restriction, Site};

    #[tokio::test(flavor = "multi_thread")]
    async fn without_roles() {
        agrees_for_everybody(4, &Size::census()).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn before_roles() {
        agrees_for_everybody(1, &Size::census()).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn on_the_way_to_roles() {
        agrees_for_everybody(2, &Size::census()).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn with_roles() {
        agrees_for_everybody(3, &Size::census()).await;
    }

    /// Subtrees move below folders and out of them, folders are restricted and freed, a role is taken away and a
    /// group is deleted.
    fn upheaval(site: &mut Site) {
        let crawler = site.user_by_email(CRAWLER_EMAIL).unwrap().account_id.clone();
        let kept = |node: &&Node| node.status != PageStatus::Trashed;
        let nodes: Vec<Id> = site.nodes.values().filter(kept).map(|node| node.id).collect();
        for (place, node) in nodes.iter().enumerate() {
            let space = site.nodes[node].space;
            let above = site.branch_and_ancestors(*node).iter().map(|branch| branch.id()).collect::<Vec<_>>();
            let mut others =
                site.pages.values().filter(|page| page.space == space && !above.contains(&page.id));
            let moved = others.nth(place).map(|page| page.id);
            match place % 4 {
                0 => moved.into_iter().for_each(|page| site.move_page(page, Some(*node))),
                1 => site.move_node(*node, None),
                2 => site.restrict_node(*node, Some(Restriction::to_users(&[&crawler]))),
                _ => site.restrict_node(*node, None),
            }
        }
        let group =
            site.groups.values().find(|group| !group.members.contains(&crawler) && !group.members.is_empty());
        let group = group.unwrap().id.clone();
        site.delete_group(&group);
        let roles: Vec<_> =
            site.spaces.values().filter_map(|space| Some((space.id, space.roles.last()?.clone()))).collect();
        for (space, row) in roles.into_iter().skip(2).take(3) {
            site.unassign_role(space, &row.principal, &row.role);
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn after_an_upheaval() {
        let acme = Acme::new(generated(2, &Size::census())).await;
        acme.sync().await;
        let before = acme.site.read(|site| site.users.keys().map(|id| acme.oracle(id).len()).sum::<usize>());
        acme.site.change(upheaval);
        let after = acme.site.read(|site| site.users.keys().map(|id| acme.oracle(id).len()).sum::<usize>());
        assert_ne!(before, after, "nothing of importance changed");
        acme.sync().await;
        acme.assert_faithful();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_the_account_does_not_see_leaks_to_nobody() {
        let acme = Acme::new(generated(6, &Size { unseen_spaces: 2, ..Size::census() })).await;
        acme.sync().await;
        let all = acme.site.read(|site| Oracle::new(site).items());
        assert!(acme.items(None).len() < all.len(), "everything was seen");
        acme.assert_nothing_leaks();
    }

    #[test]
    fn it_is_large_and_has_readers_of_all_sorts() {
        for seed in 1..=4 {
            let site = generated(seed, &Size::census());
            let oracle = Oracle::new(&site);
            assert!(oracle.items().len() >= 3_000 && site.users.len() >= 40 && site.groups.len() >= 15);
            let sorts: std::collections::BTreeSet<usize> =
                site.users.keys().map(|id| oracle.readable_by(id).len()).collect();
            assert!(sorts.len() > 15, "{sorts:?}");
        }
    }
}
