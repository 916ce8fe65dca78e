//! The audit log: records without ids, by offset, since a checkpoint.

use crate::fake::{Fake, results, story};
use confluence::error::Error;
use confluence::filter::Wanted;
use confluence::model::{Change, Page, Partition, Position};
use confluence::reading::{list_partitions, read_page};
use insta::assert_snapshot;

const DAY: u64 = 86_400_000;
const NOW: u64 = 20_000 * DAY;

fn log() -> Partition {
    Partition { id: "audit".to_owned(), label: String::new(), token: "\"audit\"".to_owned() }
}

fn record(at: u64, summary: &str) -> String {
    format!(
        r#"{{"author":{{"type":"user","displayName":"Ada","accountId":"ada"}},"remoteAddress":"",
        "creationDate":{at},"summary":"{summary}","description":"","category":"Permissions","sysAdmin":false,
        "affectedObject":{{"name":"team:1","objectType":"Group"}},
        "changedValues":[{{"name":"Type","oldValue":"","newValue":"VIEWSPACE"}}],
        "associatedObjects":[{{"name":"Plan","objectType":"Page"}},{{"name":"HR","objectType":"Space"}}]}}"#
    )
}

fn answer(records: &[String]) -> String {
    results(records, None).replacen('{', r#"{"limit":1000,"#, 1)
}

fn read(fake: &Fake, position: Position) -> Vec<Page> {
    let mut pages = vec![read_page(&fake.site(), &Wanted::default(), &log(), &position, 100).unwrap()];
    while let Some(cursor) = pages.last().unwrap().next.clone() {
        pages.push(
            read_page(&fake.site(), &Wanted::default(), &log(), &Position::After(cursor), 100).unwrap(),
        );
    }
    pages
}

fn ids(pages: &[Page]) -> Vec<String> {
    let changes = pages.iter().flat_map(|page| &page.changes);
    let ids = changes.map(|change| match change {
        Change::Activity(activity) => activity.id.clone(),
        other => panic!("{other:?}"),
    });
    ids.collect()
}

#[test]
fn a_record_becomes_an_activity() {
    let system = r#"{"author":{"displayName":"System"},"creationDate":5,"summary":"User created",
        "affectedObject":{"name":"","objectType":""},"associatedObjects":[{"name":"Bo","objectType":"User"}]}"#;
    let fake =
        Fake::default().on("/audit?", &answer(&[record(NOW, "Space permission added"), system.to_owned()]));
    let pages = read(&fake, Position::Since(r#"{"newest":0}"#.to_owned()));
    assert_snapshot!(format!("{:#?}", pages[0].changes), @r#"
    [
        Activity(
            Activity {
                id: "audit:1728000000000-cc683222244cc70c-0",
                at: 1728000000000,
                actor: Some(
                    "ada",
                ),
                summary: "Space permission added",
                subject: "Group team:1, Page Plan, Space HR",
                detail: "{\"author\":{\"type\":\"user\",\"displayName\":\"Ada\",\"accountId\":\"ada\"},\"remoteAddress\":\"\",\n        \"creationDate\":1728000000000,\"summary\":\"Space permission added\",\"description\":\"\",\"category\":\"Permissions\",\"sysAdmin\":false,\n        \"affectedObject\":{\"name\":\"team:1\",\"objectType\":\"Group\"},\n        \"changedValues\":[{\"name\":\"Type\",\"oldValue\":\"\",\"newValue\":\"VIEWSPACE\"}],\n        \"associatedObjects\":[{\"name\":\"Plan\",\"objectType\":\"Page\"},{\"name\":\"HR\",\"objectType\":\"Space\"}]}",
            },
        ),
        Activity(
            Activity {
                id: "audit:5-5ca27cb1c34a9d1e-0",
                at: 5,
                actor: None,
                summary: "User created",
                subject: "User Bo",
                detail: "{\"author\":{\"displayName\":\"System\"},\"creationDate\":5,\"summary\":\"User created\",\n        \"affectedObject\":{\"name\":\"\",\"objectType\":\"\"},\"associatedObjects\":[{\"name\":\"Bo\",\"objectType\":\"User\"}]}",
            },
        ),
    ]
    "#);
}

#[test]
fn a_first_read_goes_back_ninety_days_from_the_newest_record() {
    let page = |from: u64, count: u64| {
        answer(&(from..from + count).map(|n| record(NOW - n * DAY / 20, "x")).collect::<Vec<_>>())
    };
    let fake = Fake::default().on("start=1000", &page(1000, 1000)).on("/audit?", &page(0, 1000));
    let pages = read(&fake, Position::Everything);
    // Twenty a day, the first and the last included.
    assert_eq!(ids(&pages).len(), 90 * 20 + 1);
    assert_snapshot!(fake.asked(), @"
    /wiki/rest/api/audit?start=0&limit=1000
    /wiki/rest/api/audit?startDate=1720224000000&endDate=1728000000000&start=1000&limit=1000
    ");
    assert_eq!(pages[1].checkpoint, Some(format!(r#"{{"newest":{NOW}}}"#)));
}

#[test]
fn later_reads_begin_a_little_before_the_last_record() {
    let fake = Fake::default().on("/audit?", &answer(&[record(NOW + 7, "new"), record(NOW, "old")]));
    let pages = read(&fake, Position::Since(format!(r#"{{"newest":{NOW}}}"#)));
    assert_snapshot!(fake.asked(), @"/wiki/rest/api/audit?startDate=1727999400000&start=0&limit=1000");
    assert_eq!(pages[0].checkpoint, Some(format!(r#"{{"newest":{}}}"#, NOW + 7)));
    let nothing = Fake::default().on("/audit?", &answer(&[]));
    let pages = read(&nothing, Position::Since(format!(r#"{{"newest":{NOW}}}"#)));
    assert_eq!(pages[0].checkpoint, Some(format!(r#"{{"newest":{NOW}}}"#)));
    assert_eq!(read(&nothing, Position::Everything)[0].checkpoint, None);
}

#[test]
fn a_site_that_lists_the_oldest_first_is_read_to_its_end() {
    let page = |from: u64, count: u64| {
        answer(&(from..from + count).map(|n| record(NOW + n, "x")).collect::<Vec<_>>())
    };
    let fake = Fake::default()
        .on("start=2000", &page(2000, 3))
        .on("start=1000", &page(1000, 1000))
        .on("/audit?", &page(0, 1000));
    let pages = read(&fake, Position::Everything);
    assert_eq!(ids(&pages).len(), 2003);
    assert_eq!(pages[2].checkpoint, Some(format!(r#"{{"newest":{}}}"#, NOW + 2002)));
    assert!(!fake.asked().contains("endDate"), "{}", fake.asked());
}

#[test]
fn a_site_that_tells_fewer_at_once_is_asked_for_the_rest() {
    let page = |from: u64, count: u64| {
        let records: Vec<_> = (from..from + count).map(|n| record(NOW - n, "x")).collect();
        answer(&records).replace(r#""limit":1000"#, r#""limit":10"#)
    };
    let fake = Fake::default().on("start=10&", &page(10, 4)).on("/audit?", &page(0, 10));
    assert_eq!(ids(&read(&fake, Position::Everything)).len(), 14);
}

#[test]
fn ids_are_the_same_in_every_read_and_different_for_each_record() {
    let twice = [record(NOW, "x"), record(NOW, "x"), record(NOW, "y"), record(NOW - 1, "x")];
    let once = ids(&read(&Fake::default().on("/audit?", &answer(&twice)), Position::Everything));
    let mut different = once.clone();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), 4);
    // Somebody's new name, and properties in another order, are no new records.
    let renamed = twice.map(|row| {
        row.replace(r#""displayName":"Ada","accountId":"ada""#, r#""accountId":"ada","displayName":"Ada L.""#)
    });
    assert_eq!(ids(&read(&Fake::default().on("/audit?", &answer(&renamed)), Position::Everything)), once);
}

#[test]
fn there_is_a_log_only_where_it_is_wanted_and_the_account_may_read_it() {
    let partitions = |fake: &Fake, audit| {
        let mut wanted = Wanted::default();
        wanted.filter.audit = audit;
        list_partitions(&fake.site(), &wanted, "audit")
    };
    let good = Fake::default().on("/audit?", &answer(&[]));
    assert_eq!(partitions(&good, true).unwrap(), [Partition { label: "Audit log".to_owned(), ..log() }]);
    assert_snapshot!(good.asked(), @"/wiki/rest/api/audit?start=0&limit=1");
    assert_eq!(partitions(&Fake::default(), false).unwrap(), []);
    for status in [403, 404, 405, 410, 501] {
        let fake = Fake::default().status("/audit?", status, r#"{"message":"only for administrators"}"#);
        assert_eq!(partitions(&fake, true).unwrap(), [], "{status}");
        assert!(fake.logged().starts_with("Info: the audit log is left out"), "{}", fake.logged());
    }
    for (status, body) in
        [(401, ""), (429, ""), (503, ""), (403, r#"{"message":"not permitted to use Confluence"}"#)]
    {
        assert!(partitions(&Fake::default().status("/audit?", status, body), true).is_err(), "{status}");
    }
}

#[test]
fn odd_records_and_checkpoints() {
    let rows = [record(NOW, "good"), r#"{"creationDate":"yesterday"}"#.to_owned(), "7".to_owned()];
    let fake = Fake::default().on("/audit?", &answer(&rows));
    assert_snapshot!(story(&read(&fake, Position::Everything)), @r#"activity audit:1728000000000-90847c37a23afd06-0 "good" of "Group team:1, Page Plan, Space HR""#);
    for checkpoint in ["", "{}", "7", r#"{"newest":-1}"#] {
        let error =
            read_page(&fake.site(), &Wanted::default(), &log(), &Position::Since(checkpoint.to_owned()), 1)
                .unwrap_err();
        assert!(matches!(error, Error::StalePosition(_)), "{checkpoint}: {error:?}");
    }
}
