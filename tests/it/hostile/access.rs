//! Claiming more readers than its kind may have.

use super::Home;

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_beyond_its_kind_shows_the_item_to_nobody_and_is_told_once() {
    for behaviour in ["widens", "replaces", "widens-what-was-seen"] {
        let home = Home::with("greedy", behaviour).await;
        let report = home.sync("greedy").await.report;
        assert!(!report.is_complete(), "{behaviour}");
        let words = report.overclaimed.unwrap();
        insta::allow_duplicates! { insta::assert_snapshot!(words.replace("(2)", "(1)"), @"items of `thing` (1) claimed readers who may not read what holds them, which the connector says those kinds never have; they are shown to nobody: report it to the connector's author") };
        assert_eq!(home.finds("secret"), [], "{behaviour}");
        assert_eq!(report.run.message.unwrap().matches("claimed readers").count(), 1, "{behaviour}");
        let why = home.host.why("thing:1", "ana@acme.example", Some("greedy")).unwrap();
        assert!(!why.explanation.readable, "{behaviour}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lies_within_its_kind_is_shown() {
    let home = Home::with("modest", "delivers word").await;
    let report = home.sync("modest").await.report;
    assert!(report.is_complete() && report.overclaimed.is_none(), "{report:?}");
    assert_eq!(home.finds("word"), [("modest".to_owned(), "thing:1".to_owned())]);
}
