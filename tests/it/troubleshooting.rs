//! README's list "When something is wrong", row by row: each is produced here, and shows the words
//! that the row quotes.
//!
//! A row without a case fails, and so does a case without a row.

mod data;
mod finding;
mod oauth;
mod settings;
mod signing_in;
mod syncing;

use std::path::Path;

use crate::command::Said;

/// What each row quotes, `…` standing for anything, and what produces it: a function that returns what was said.
macro_rules! rows {
    ($($theme:ident::$case:ident => $row:literal,)*) => {
        const ROWS: &[&str] = &[$($row),*];

        $(#[tokio::test(flavor = "multi_thread")]
        async fn $case() {
            says($row, &$theme::$case().await);
        })*
    };
}

rows! {
    signing_in::a_wrong_token => "… did not accept the e-mail and the API token",
    signing_in::a_site_typed_wrongly => "the settings are refused: /site: …",
    signing_in::a_site_that_is_none => "… does not answer as Confluence does",
    signing_in::a_scope_is_missing => "the scope … is missing",
    signing_in::the_schedule_waits_for_a_sign_in => "needs-sign-in: nothing is read before …",
    signing_in::an_account_that_sees_no_space => "… can sign in but sees no space",
    oauth::a_callback_that_is_not_registered => "this redirect URL must be registered with the app exactly as it stands here: …",
    oauth::another_site_or_none => "the app was granted …",
    oauth::the_grant_was_revoked => "the sign-in of … does not work any more",
    oauth::settings_that_need_more => "these settings need what the sign-in was not granted: …",
    settings::an_unknown_space => "There is no space …",
    settings::nothing_is_left => "nothing is left to be found",
    finding::never_read => "there is no item … that has been read",
    finding::restricted => "<- the person is none of those named",
    finding::readers_unknown => "<- the source would not tell who may read it",
    finding::below_what_was_not_read => "<- it has not been read, or is gone",
    finding::read_and_not_searched => "not found in searches: …",
    finding::a_hidden_address => "no user of … shows this e-mail",
    finding::an_address_shown_twice => "… users of … show this e-mail",
    syncing::files_without_words => "files … with words, … waiting, … without (…)",
    syncing::a_part_left_out => "left out: …; the next sync goes on there",
    syncing::no_audit_log => "the audit log is left out: …",
    syncing::throttled_for_long => "left out: … it asks to be left alone for …",
    syncing::everything_is_down => "nothing could be read; the reasons stand above",
    syncing::too_much_is_missing => "nothing was deleted: … too many to believe",
    syncing::deletions_wait => "… deletions approve …, or reject …",
    syncing::an_item_that_is_refused => "… could not be read: …; see …",
    data::a_removal_was_cut_off => "went on removing …; it is gone",
    syncing::two_at_once => "the data folder … is in use by process … (…)",
    syncing::nobody_serves => "nothing serves this data folder: …",
    syncing::canceled => "canceled: what was read of … is kept",
    data::damaged => "the store … is damaged",
    data::a_lost_key => "the secret … does not open with this key",
}

/// The first column of README's list, without its backticks.
fn readme() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (_, list) = text.split_once("## When something is wrong").unwrap();
    let (list, _) = list.split_once("\n## ").unwrap();
    let rows = list.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
    rows.map(|(quoted, _)| quoted.to_owned()).collect()
}

/// Whether the parts between the `…` occur in this order. Lines may break anywhere.
fn quotes(row: &str, said: &str) -> bool {
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut rest = said.as_str();
    row.split('…').map(str::trim).all(|part| match rest.split_once(part) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

#[track_caller]
fn says(row: &str, said: &str) {
    println!("{said}");
    assert!(quotes(row, said), "{row}\nis not what was said:\n{said}");
}

#[test]
fn every_row_has_its_case() {
    assert_eq!(readme(), ROWS);
}

#[test]
fn a_row_is_said_in_its_order_and_whole() {
    assert!(quotes("the app was granted …, but not …", "error: the app was granted\n  a, b, but not c"));
    assert!(!quotes("… b … a", "a b"));
    assert!(!quotes("the scope … is missing", "the scope is there"));
}

/// What a command that failed said to people.
#[track_caller]
fn failed(said: Said) -> String {
    assert_eq!(said.code, 1, "{said}");
    said.stderr
}

/// What a command said to people that did a part of its work.
#[track_caller]
fn incomplete(said: Said) -> String {
    assert_eq!(said.code, 3, "{said}");
    said.stderr
}
