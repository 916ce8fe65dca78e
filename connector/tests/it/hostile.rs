//! Answers that no Confluence gives. Each call ends, in changes or in an error, and never in a panic.

use crate::fake::{Fake, response};
use confluence::confluence::site::Site;
use confluence::filter::Wanted;
use confluence::model::{Connection, Partition, Position};
use confluence::reading::{list_partitions, read_items, read_page};
use confluence::setup::scopes;
use confluence::setup::{Chosen, authenticate, diagnose, open};

fn bodies() -> Vec<String> {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let rows = [
        "null",
        "1",
        "\"x\"",
        "[]",
        "{}",
        r#"{"id":null}"#,
        r#"{"id":""}"#,
        r#"{"id":-1}"#,
        r#"{"id":1e300}"#,
        r#"{"id":"1) or (1=1"}"#,
        r#"{"id":"../../x"}"#,
        r#"{"id":"1","version":7,"body":[],"_links":"x"}"#,
        r#"{"id":"1","version":{"number":-5}}"#,
        r#"{"id":"1","version":{"number":1.5,"createdAt":"yesterday"}}"#,
        r#"{"id":"1","spaceId":["8"],"parentId":{}}"#,
        r#"{"id":"1","spaceId":"8","parentId":"2","parentType":"../x"}"#,
        r#"{"id":"1","spaceId":"8","version":{"number":18446744073709551615,"createdAt":"0001-01-01T00:00:00Z"}}"#,
        r#"{"id":"1","spaceId":"8","body":{"storage":{"value":"<ac:link><![CDATA["}}}"#,
        r#"{"id":"1","pageId":"2","fileSize":-1}"#,
        r#"{"user":[],"principal":1}"#,
        r#"{"id":"1","restrictions":{"read":{"restrictions":{"user":{"results":null},"group":[]}}}}"#,
    ];
    let mut bodies: Vec<String> = rows.iter().map(|row| format!(r#"{{"results":[{row},{row}]}}"#)).collect();
    bodies.extend(rows.iter().map(|row| (*row).to_owned()));
    bodies.extend([
        String::new(),
        "\u{feff}{}".to_owned(),
        deep.clone(),
        format!(r#"{{"results":{deep}}}"#),
        r#"{"results":[],"_links":{"next":"https://evil.example/"}}"#.to_owned(),
        r#"{"results":[],"_links":{"next":"/wiki/api/v2/pages?cursor=same"}}"#.to_owned(),
        r#"{"results":[],"_links":{"next":5}}"#.to_owned(),
        r#"{"results":[{"id":"1"}],"_links":{"next":"/rest/api/x?start=1"}}"#.to_owned(),
        format!(r#"{{"results":[{{"id":"{}"}}]}}"#, "9".repeat(1_000_000)),
    ]);
    bodies
}

/// Every call of the contract with a site that answers everything alike. Reads go on for a few pages only: a
/// server may invent pages for ever, and it is the host that gives up.
fn call_everything(fake: &Fake) {
    let site = fake.site();
    for (login, cloud) in [("api-token", ""), ("oauth", r#","cloudId":"c""#)] {
        let _ = authenticate(&site, login);
        let session =
            format!(r#"{{"accountId":"ada","site":"https://acme.atlassian.net","login":"{login}"{cloud}}}"#);
        let settings = r#"{"site":"https://acme.atlassian.net"}"#.to_owned();
        let opened = open(&Connection { settings, session }).unwrap();
        let wanted = scopes::Wanted { audit: true, ..scopes::Wanted::USUAL };
        let chosen = Chosen { wanted, space_keys: vec!["ENG".to_owned()] };
        let through = Site::new(opened.site.clone(), fake, fake);
        let _ = diagnose(&through, &opened, &chosen);
    }
    let _ = list_partitions(&site, &Wanted::default(), "content");
    let mut audit = Wanted::default();
    audit.filter.audit = true;
    let _ = list_partitions(&site, &audit, "audit");
    let ids = ["page:1", "blogpost:1", "space:1", "comment:1", "attachment:att1", "folder:1", "embed:1"]
        .map(str::to_owned);
    let _ = read_items(&site, &Wanted::default(), "ada", &ids);
    let tokens = [
        r#"{"pages":{"spaces":[{"id":"8","key":"ENG","name":"E","type":"g","status":"current"}]}}"#,
        r#"{"blog-posts":{"keys":{}}}"#,
        r#""footer-comments""#,
        r#""inline-comments""#,
        r#""attachments""#,
        r#""directory""#,
        r#"{"nodes":{"keys":{"8":"ENG"},"archived":["OLD"]}}"#,
        r#"{"pages":{"spaces":[{"id":"8","key":"ENG","name":"E","type":"g","status":"current"}],
            "rights":{"mode":"transition","reading_roles":["1"],"anonymous":true}}}"#,
        r#""audit""#,
    ];
    for token in tokens {
        let partition = Partition { id: "p".to_owned(), label: String::new(), token: token.to_owned() };
        let mut position = Position::Everything;
        for _ in 0..4 {
            match read_page(&site, &Wanted::default(), &partition, &position, 1000) {
                Ok(page) => match page.next {
                    Some(cursor) => position = Position::After(cursor),
                    None => break,
                },
                Err(_) => break,
            }
        }
    }
}

#[test]
fn odd_answers_never_panic() {
    for body in bodies() {
        for status in [200, 404, 500] {
            call_everything(&Fake::default().status("/", status, &body));
        }
    }
    let bytes = [0xff, 0xfe, b'{', 0x00];
    let mut answer = response(200, &[("link", "<<>>;rel=next, <"), ("retry-after", "-1")], "");
    answer.body = bytes.to_vec();
    call_everything(&Fake::default().answer("/", Ok(answer)));
}

#[test]
fn cursors_and_tokens_of_anybody_else_are_stale() {
    let fake = Fake::default();
    let partition =
        |token: &str| Partition { id: "p".to_owned(), label: String::new(), token: token.to_owned() };
    let comments = partition(r#""attachments""#);
    let cursors = [
        "",
        "{}",
        "null",
        "[1]",
        r#"{"walk":{"listing":-1}}"#,
        r#"{"spaces":{"from":0}}"#,
        r#"{"walk":{"listing":0,"link":"https://evil.example/wiki/api/v2/x"}}"#,
        r#"{"directory":{"users":{"link":null}}}"#,
    ];
    for cursor in cursors {
        let error =
            read_page(&fake.site(), &Wanted::default(), &comments, &Position::After(cursor.to_owned()), 10)
                .unwrap_err();
        assert!(matches!(error, confluence::error::Error::StalePosition(_)), "{cursor}: {error:?}");
    }
    for token in ["", "{}", "\"unknown\"", r#"{"pages":{}}"#] {
        assert!(
            read_page(&fake.site(), &Wanted::default(), &partition(token), &Position::Everything, 10)
                .is_err()
        );
    }
    // A place past the last listing is the end.
    let end = Position::After(r#"{"walk":{"listing":9}}"#.to_owned());
    let page = read_page(&fake.site(), &Wanted::default(), &comments, &end, 10).unwrap();
    assert_eq!((page.changes.len(), page.next), (0, None));
}
