//! Under each filter: which requests are sent, and what comes of them. `docs/plans.md` says the same in words.

use crate::wiki::Wiki;
use insta::assert_snapshot;

#[test]
fn one_space_is_read_alone() {
    assert_snapshot!(Wiki::default().story(r#"{"spaces":"ENG"}"#), @"");
}

#[test]
fn many_spaces_go_into_buckets() {
    assert_snapshot!(Wiki::default().story(r#"{"spaces-excluded":"OPS","archived-spaces":false}"#), @"");
}

#[test]
fn archived_pages_left_out_may_still_be_places() {
    let mut wiki = Wiki::default();
    wiki.posts.push(crate::wiki::page(5, 8, Some(4)));
    assert_snapshot!(wiki.story(r#"{"spaces":"ENG","archived-pages":false}"#), @"");
}

#[test]
fn kinds_that_are_off_are_not_asked_for() {
    let settings = r#"{"spaces":"ENG","read-comments":false,"read-blogposts":false}"#;
    assert_snapshot!(Wiki::default().story(settings), @"");
}

#[test]
fn without_pages_their_spaces_come_for_the_blog_posts() {
    assert_snapshot!(Wiki::default().story(r#"{"spaces":"ENG","read-pages":false}"#), @"");
}

#[test]
fn a_label_is_searched_for() {
    assert_snapshot!(Wiki::default().story(r#"{"labels":"runbook","labels-excluded":"secret"}"#), @"");
}

#[test]
fn a_page_and_what_lies_below_it_is_searched_for() {
    assert_snapshot!(Wiki::default().story(r#"{"pages":"2","read-blogposts":false}"#), @"");
}

#[test]
fn blog_posts_are_asked_for_by_id() {
    assert_snapshot!(Wiki::default().story(r#"{"blogposts":"51","read-pages":false}"#), @"");
}

#[test]
fn a_window_with_a_beginning_is_walked_from_its_end() {
    let settings = r#"{"spaces":"ENG","modified-after":"2026-01-18T00:00:00Z","read-blogposts":false}"#;
    assert_snapshot!(Wiki::default().story(settings), @"");
}

#[test]
fn sliding_days_count_back_from_the_beginning_of_the_read() {
    let settings = r#"{"spaces":"ENG","modified-within-days":10,"read-blogposts":false,"read-attachments":false}"#;
    assert_snapshot!(Wiki::default().story(settings), @"");
}

#[test]
fn what_is_excluded_by_label_or_place_is_listed_without_its_body() {
    let settings = r#"{"spaces":"ENG","labels-excluded":"team","pages-excluded":"3","read-blogposts":false}"#;
    assert_snapshot!(Wiki::default().story(settings), @"");
}

#[test]
fn what_no_search_mentions_is_asked_for_singly() {
    let wiki = Wiki { unseen: vec![3], ..Wiki::default() };
    let settings = r#"{"spaces":"ENG","labels-excluded":"team","archived-pages":false,"read-blogposts":false}"#;
    assert_snapshot!(wiki.story(settings), @"");
}

#[test]
fn a_site_that_knows_no_containers_is_asked_page_by_page() {
    let wiki = Wiki { containers: false, ..Wiki::default() };
    assert_snapshot!(wiki.story(r#"{"pages":"3","read-blogposts":false}"#), @"");
}
