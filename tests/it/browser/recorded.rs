//! Records: filtered as one types, browsed as a tree that opens, and looked at one by one.

use super::Chrome;
use crate::acme::small;
use crate::console::Desk;

#[tokio::test(flavor = "multi_thread")]
async fn records_are_filtered_browsed_and_opened() {
    let desk = Desk::synced(small()).await;
    desk.host.catch_up().unwrap();
    let mut chrome = Chrome::open(&desk).await;
    chrome.signs_in(&desk).await;
    chrome.clicks("Records").await;
    chrome.arrives("/records").await;
    chrome.sees("10 records, the newest first.").await;
    chrome.inspect("the list of records").await;
    chrome.screenshot("records").await;

    // The list follows what is typed and chosen, and so does the address.
    chrome.fills("Title contains", "leave").await;
    chrome.sees_no_more("Palette").await;
    chrome.fills("Kind", "Pages").await;
    chrome.sees("2 records, the newest first.").await;
    assert!(chrome.address().await.query().unwrap().contains("title=leave"));
    chrome.fills("Title contains", "nothing like it").await;
    chrome.sees("Nothing fits.").await;

    // A level is fetched when it is opened.
    chrome.clicks("Tree").await;
    chrome.arrives("/records/tree").await;
    chrome.inspect("the tree of records").await;
    let opens = "const all = document.querySelectorAll('details[data-level]');
        const wanted = [...all].find(one => one.querySelector('summary').textContent.endsWith(arguments[0])); wanted.open = true; return true;";
    for (title, below) in [("Open", "Handbook"), ("Handbook", "Leave"), ("Leave", "Parental leave")] {
        chrome.run(opens, vec![title.into()]).await;
        chrome.sees(below).await;
    }
    assert_eq!(chrome.place().await, "/records/tree", "all of that on one page");
    chrome.inspect("the tree of records, opened").await;
    chrome.screenshot("records-tree").await;

    chrome.clicks("Parental leave").await;
    chrome.sees("Both flamingo parents.").await;
    chrome.sees("Who may read it").await;
    chrome.sees("Read for the first time").await;
    chrome.inspect("a record").await;
    chrome.screenshot("record").await;
    chrome.clicks("flamingo.txt").await;
    chrome.sees("text/plain").await;
    chrome.clicks("Words taken out of it").await;
    chrome.inspect("the record of a file").await;

    chrome.close().await;
    desk.stop().await;
}
