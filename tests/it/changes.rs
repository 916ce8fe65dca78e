//! The site changes between two syncs: the store follows, the index follows, and whoever may
//! no longer read a thing no longer finds it. What did not change costs the index nothing.

use std::time::Duration;

use confluence_simulator::{Fault, Knobs, Operation, Principal, Restriction, What, When};
use weir::gate::Clock;
use weir::host::Fed;
use weir::sync::Held;

use crate::acme::{ANA, Acme, BEN, company, generated, page_id, small};

async fn synced() -> Acme {
    let acme = Acme::new(small()).await;
    acme.sync().await;
    acme.assert_faithful();
    acme
}

/// What a sync counted, in one line.
async fn sync_and_count(acme: &Acme) -> String {
    let synced = acme.sync().await;
    acme.assert_faithful();
    let counts = &synced.report.run.counts;
    let Fed { put, removed } = synced.fed;
    format!(
        "{} new, {} changed, {} moved, {} with other readers, {} gone; index: {put} put, {removed} removed",
        counts.added,
        counts.changed,
        counts.moved,
        counts.access_changed,
        counts.deleted + counts.binned
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_changed() {
    let acme = synced().await;
    insta::assert_snapshot!(sync_and_count(&acme).await, @"0 new, 0 changed, 0 moved, 0 with other readers, 0 gone; index: 0 put, 0 removed");
    let counts = acme.try_sync().await.report.run.counts;
    assert_eq!(counts.unchanged, acme.items(None).len() as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_edited_renamed_and_labelled() {
    let acme = synced().await;
    let (leave, palette) = (acme.page("Leave"), acme.page("Palette"));
    acme.site.change(|site| {
        site.edit_page(leave, "<p>Holidays and pelican days.</p>");
        site.rename_page(palette, "Colours");
        site.label_page(palette, "brand");
    });
    insta::assert_snapshot!(sync_and_count(&acme).await, @"0 new, 2 changed, 0 moved, 0 with other readers, 0 gone; index: 2 put, 0 removed");
    assert_eq!(acme.finds("pelican", BEN), [page_id(leave)].into());
    assert!(!acme.finds("flamingo", BEN).contains(&page_id(leave)));
    assert_eq!(acme.finds("colours label:brand", ANA), [page_id(palette)].into());
    assert!(acme.finds("palette", ANA).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tree_moves_to_a_space_that_few_may_read() {
    let acme = synced().await;
    let (leave, palette) = (acme.page("Leave"), acme.page("Palette"));
    assert_eq!(acme.finds("flamingo", BEN).len(), 7);
    acme.site.change(|site| site.move_page(leave, Some(palette)));
    insta::assert_snapshot!(sync_and_count(&acme).await, @"0 new, 2 changed, 1 moved, 0 with other readers, 0 gone; index: 2 put, 0 removed");
    assert_eq!(acme.finds("flamingo", BEN).len(), 2, "the handbook and the blog post");
    assert_eq!(acme.finds("flamingo", ANA).len(), 8, "and all there is, for a designer");
    assert_eq!(acme.finds("flamingo space:DESIGN", ANA).len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ancestor_is_restricted_and_opened_again() {
    let acme = synced().await;
    let handbook = acme.page("Handbook");
    let few = Restriction::to_users(&["ana", "crawler"]);
    acme.site.change(|site| site.restrict_page(handbook, Some(few)));
    insta::assert_snapshot!(sync_and_count(&acme).await, @"0 new, 0 changed, 0 moved, 1 with other readers, 0 gone; index: 0 put, 0 removed");
    assert_eq!(acme.finds("flamingo", BEN).len(), 1, "the blog post alone");
    assert_eq!(acme.finds("flamingo", ANA).len(), 8);
    acme.site.change(|site| site.restrict_page(handbook, None));
    insta::assert_snapshot!(sync_and_count(&acme).await, @"0 new, 0 changed, 0 moved, 1 with other readers, 0 gone; index: 0 put, 0 removed");
    assert_eq!(acme.finds("flamingo", BEN).len(), 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_join_and_leave_groups() {
    let acme = synced().await;
    let reads_palette = |email: &str| acme.finds("palette", email).len() == 1;
    assert!(reads_palette(ANA) && !reads_palette(BEN));
    acme.site.change(|site| {
        site.add_group_member("designers", "ben");
        site.remove_group_member("designers", "ana");
    });
    insta::assert_snapshot!(sync_and_count(&acme).await, @"0 new, 0 changed, 0 moved, 0 with other readers, 0 gone; index: 0 put, 0 removed");
    assert!(!reads_palette(ANA) && reads_palette(BEN));
    acme.site.change(|site| site.close_account("ben"));
    sync_and_count(&acme).await;
    assert!(!reads_palette(BEN) && acme.items(Some(BEN)).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_space_s_permission_and_a_group_are_taken_away() {
    let acme = synced().await;
    let (open, design) = (acme.space("OPEN"), acme.space("DESIGN"));
    let (all, read) = (Principal::all_licensed_users(), Operation::read_space());
    acme.site.change(|site| {
        for space in [open, design] {
            site.add_space_permission(space, Principal::user("crawler"), read.clone());
        }
        site.remove_space_permission(open, &all, &read);
        site.delete_group("designers");
    });
    insta::assert_snapshot!(sync_and_count(&acme).await, @"0 new, 0 changed, 0 moved, 2 with other readers, 0 gone; index: 0 put, 0 removed");
    for person in [ANA, BEN] {
        assert!(acme.items(Some(person)).is_empty(), "{person}");
        assert!(acme.finds("flamingo", person).is_empty(), "{person}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn things_are_deleted_and_the_site_is_asked_about_each() {
    let acme = synced().await;
    let (leave, parental, palette) = (acme.page("Leave"), acme.page("Parental leave"), acme.page("Palette"));
    acme.site.change(|site| {
        let comments: Vec<u64> = site.comments.keys().copied().collect();
        let file = *site.attachments.keys().next().unwrap();
        let post = *site.blog_posts.keys().next().unwrap();
        site.trash_page(leave);
        site.delete_comment(comments[0]);
        site.trash_attachment(file);
        site.trash_blog_post(post);
        site.purge_page(palette);
    });
    acme.site.ledger().clear();
    insta::assert_snapshot!(sync_and_count(&acme).await, @"0 new, 0 changed, 1 moved, 0 with other readers, 6 gone; index: 0 put, 6 removed");
    assert_eq!(acme.finds("flamingo", ANA), [page_id(acme.page("Handbook")), page_id(parental)].into());
    let singly = |endpoint: &str| endpoint.contains("{id}") && !endpoint.contains("/permissions");
    let asked = acme.site.ledger().by_endpoint();
    let asked: Vec<String> = asked
        .into_iter()
        .filter(|(endpoint, _)| singly(endpoint))
        .map(|(endpoint, times)| format!("{times} {endpoint}"))
        .collect();
    insta::assert_snapshot!(asked.join("\n"), @r"
        1 /wiki/api/v2/attachments/{id}
        2 /wiki/api/v2/footer-comments/{id}
        2 /wiki/api/v2/inline-comments/{id}
        1 /wiki/api/v2/pages/{id}
        3 /wiki/rest/api/group/{id}/membersByGroupId
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_site_does_not_confirm_is_kept() {
    let acme = synced().await;
    let (parental, before) = (acme.page("Parental leave"), acme.items(None));
    acme.site.change(|site| site.trash_page(parental));
    // The listing does not mention it any more, and no question about it is answered.
    let broken = Fault {
        path: parental.to_string(),
        when: When::Always,
        what: What::Status { code: 500, retry_after_seconds: None },
    };
    acme.site.set_knobs(Knobs { faults: vec![broken], ..Knobs::default() });
    let report = acme.try_sync().await.report;
    assert!(acme.items(None).is_subset(&before) && acme.items(None).contains(&page_id(parental)));
    insta::assert_snapshot!(report.run.message.unwrap(), @"content/pages-1: of 1 items that were not mentioned any more, the source could not say of 1 whether they are there; they stay as they were, and are asked about again later");
    acme.site.set_knobs(Knobs::default());
    // It is asked about again, but not at once.
    acme.clock.sleep(Duration::from_secs(301)).await;
    acme.sync().await;
    acme.assert_faithful();
}

#[tokio::test(flavor = "multi_thread")]
async fn archiving_hides_nothing() {
    let acme = synced().await;
    let (leave, design) = (acme.page("Leave"), acme.space("DESIGN"));
    acme.site.change(|site| {
        site.archive_page(leave);
        site.archive_space(design);
    });
    insta::assert_snapshot!(sync_and_count(&acme).await, @"0 new, 2 changed, 0 moved, 0 with other readers, 0 gone; index: 2 put, 0 removed");
    assert_eq!(acme.finds("flamingo", ANA).len(), 8);
    assert_eq!(acme.finds("flamingo status:archived", BEN), [page_id(leave)].into());
}

#[tokio::test(flavor = "multi_thread")]
async fn when_more_than_a_fifth_vanishes_nothing_is_deleted() {
    let acme = Acme::new(generated(2, &company())).await;
    acme.sync().await;
    let before = acme.items(None);
    // As when the account loses its permission: whole spaces are gone from every answer.
    let hidden_spaces = vec!["ENG".to_owned(), "HANDBOOK".to_owned()];
    acme.site.set_knobs(Knobs { hidden_spaces, ..Knobs::default() });
    let synced = acme.try_sync().await;
    let Held { suspects, present } = synced.report.held.unwrap();
    assert!(suspects * 5 > present && present == before.len() as u64, "{suspects} of {present}");
    assert!(synced.report.run.message.unwrap().contains("nothing was deleted"));
    assert_eq!(acme.items(None), before);
    acme.assert_nothing_leaks();

    acme.site.set_knobs(Knobs::default());
    acme.sync().await;
    acme.assert_faithful();
}
