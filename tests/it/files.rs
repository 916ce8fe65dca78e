//! The words inside attachments: found by whoever may read the page, and by nobody else; fetched once, and again
//! only when they changed; and where there are none, a reason.

use std::sync::Arc;

use confluence_simulator::{Container, FileKind, Id, ItemRef, Knobs};
use weir::extract::Limits;
use weir::host::{FilesRead, SyncOptions};
use weir::store::Mode;
use weir::sync::{Silent, Stop};

use crate::acme::{ANA, Acme, BEN, NAME, page, small};

const PDF: &[u8] = include_bytes!("../../host/extractor/tests/files/truetype.pdf");
const DOCX: &[u8] = include_bytes!("../../host/extractor/tests/files/word.docx");
const LOCKED: &[u8] = include_bytes!("../../host/extractor/tests/files/user-password.pdf");

const PDF_KIND: FileKind = FileKind::Made { media_type: "application/pdf", bytes: PDF };

async fn synced(files: &[(&str, &str, FileKind)]) -> Acme {
    let mut site = small();
    for (title, name, kind) in files {
        let on = Container::Page(page(&site, title));
        site.add_attachment(on, name, *kind);
    }
    let acme = Acme::new(site).await;
    acme.sync().await;
    acme.site.ledger().clear();
    acme
}

async fn read(acme: &Acme) -> FilesRead {
    read_within(acme, Limits::default()).await
}

async fn read_within(acme: &Acme, limits: Limits) -> FilesRead {
    acme.host.read_files(NAME, limits, &Stop::never(), Arc::new(Silent)).await.unwrap()
}

fn requests(acme: &Acme) -> usize {
    let count = acme.site.ledger().entries().len();
    acme.site.ledger().clear();
    count
}

fn attachment(acme: &Acme, name: &str) -> Id {
    acme.site.read(|site| site.attachments.values().find(|file| file.name == name).unwrap().id)
}

/// Each file and how it stands.
fn states(acme: &Acme) -> String {
    let mut states = Vec::new();
    acme.host
        .each_item(NAME, Some("attachment"), None, |line| {
            states.push(format!("{} {}", line.title, line.file.unwrap_or_default()));
            true
        })
        .unwrap();
    states.sort();
    states.join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_inside_a_pdf_is_found_by_those_who_may_read_it_and_by_nobody_else() {
    let acme = synced(&[("Palette", "drawing.pdf", PDF_KIND)]).await;
    assert!(acme.finds("zebra", ANA).is_empty(), "the bytes have not been fetched");
    let done = read(&acme).await;
    assert_eq!((done.taken, done.without, done.unfetched), (2, 0, 0));
    let found = acme.host.search("\"zebra crossing\"", ANA, 10).unwrap();
    assert_eq!(found.hits.iter().map(|hit| hit.title.as_str()).collect::<Vec<_>>(), ["drawing.pdf"]);
    let snippet: String = found.hits[0].snippet.fragments.iter().map(|part| part.text.as_str()).collect();
    assert_eq!(snippet, "A zebra crossing in Vera: übermut, Łódka walrus upright");
    assert!(acme.finds("zebra", BEN).is_empty(), "Ben may not read the space");
    assert!(acme.finds("zebra", "nobody@acme.example").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_fetched_twice_unless_it_changed() {
    let acme = synced(&[("Leave", "rules.docx", FileKind::Made { media_type: "", bytes: DOCX })]).await;
    read(&acme).await;
    assert_eq!(requests(&acme), 4, "two files, each by way of the media host");
    acme.site.change(|site| site.rename_page(page(site, "Leave"), "Absence"));
    acme.sync().await;
    requests(&acme);
    assert_eq!((read(&acme).await.taken, requests(&acme)), (0, 0));

    let text = attachment(&acme, "flamingo.txt");
    let before = acme.host.item(&ItemRef::Attachment(text).to_string(), None).unwrap().words.unwrap();
    acme.site.change(|site| site.replace_attachment(text, 7));
    acme.sync().await;
    requests(&acme);
    assert_eq!((read(&acme).await.taken, requests(&acme)), (1, 2));
    let after = acme.host.item(&ItemRef::Attachment(text).to_string(), None).unwrap().words.unwrap();
    assert_ne!(before.value, after.value);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_words_of_a_deleted_file_are_gone() {
    let acme = synced(&[("Leave", "drawing.pdf", PDF_KIND)]).await;
    read(&acme).await;
    assert_eq!(acme.finds("zebra", BEN).len(), 1);
    let file = attachment(&acme, "drawing.pdf");
    acme.site.change(|site| site.trash_attachment(file));
    acme.host.sync(NAME, SyncOptions::by_hand(Mode::Everything), Arc::new(Silent)).await.unwrap();
    assert!(acme.finds("zebra", BEN).is_empty());
    assert!(acme.host.store().file_stats(acme.status().connection.id).unwrap().with_words == 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_without_words_has_a_reason() {
    let made = |bytes| FileKind::Made { media_type: "application/pdf", bytes };
    let acme = synced(&[
        ("Leave", "locked.pdf", made(LOCKED)),
        ("Leave", "broken.pdf", made(&PDF[..400])),
        ("Leave", "scan.png", FileKind::Png),
        ("Leave", "empty.pdf", made(b"")),
        ("Leave", "table.csv", FileKind::Csv),
    ])
    .await;
    assert_eq!(states(&acme).matches("waiting").count(), 6);
    let done = read(&acme).await;
    assert_eq!((done.taken, done.without, requests(&acme)), (2, 4, 10), "the picture is not fetched");
    insta::assert_snapshot!(states(&acme), @"
    broken.pdf damaged
    empty.pdf empty
    flamingo.txt words
    locked.pdf encrypted
    scan.png unsupported
    table.csv words
    ");
    let connection = acme.status().connection.id;
    let lines = acme.host.store().files_without_words(connection, Some("encrypted"), 0, 10).unwrap();
    let said: Vec<_> = lines.iter().map(|line| (line.title.as_str(), line.detail.as_str())).collect();
    assert_eq!(said, [("locked.pdf", "it is protected by a password")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_too_large_is_not_asked_for_until_the_limit_grows() {
    let acme = synced(&[("Leave", "drawing.pdf", PDF_KIND)]).await;
    let small = Limits { file_bytes_max: 5_000 };
    assert_eq!((read_within(&acme, small).await.without, requests(&acme)), (1, 2));
    assert_eq!((read_within(&acme, small).await.without, requests(&acme)), (0, 0));
    assert_eq!((read(&acme).await.taken, requests(&acme)), (1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_cannot_be_had_wait_with_growing_patience() {
    let acme = synced(&[("Leave", "drawing.pdf", PDF_KIND)]).await;
    acme.site.set_knobs(Knobs { signed_url_ms: -1, ..Knobs::default() });
    let tries = async || read(&acme).await.unfetched;
    assert_eq!((tries().await, tries().await), (2, 2), "the next sync may try again at once");
    assert_eq!(tries().await, 0, "but not the one after that");
    let hours = std::time::Duration::from_secs(3_600);
    weir::gate::Clock::sleep(&*acme.clock, hours).await;
    acme.site.set_knobs(Knobs::default());
    let done = read(&acme).await;
    assert_eq!((done.taken, done.stats.waiting), (2, 0));
    assert_eq!(acme.finds("zebra", BEN).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_stops_the_pass_and_loses_nothing() {
    let acme = synced(&[("Leave", "drawing.pdf", PDF_KIND)]).await;
    acme.site.change(|site| site.close_account("crawler"));
    let done = read(&acme).await;
    assert!(done.stopped.is_some() && done.stats.waiting == 2, "{done:?}");
}
