//! The audit log: who may look, what is in it, and in which order.

use confluence_simulator::{ADMINS_GROUP, Clock, Operation, Plan, Principal, Restriction, Site};
use serde_json::{Value, json};

use crate::client::{Client, NOON, start};

const HOUR: i64 = 3_600_000;

/// Root administers, Ann does not; a page under Home in space S. An hour has passed since.
fn site() -> (Site, Clock, u64, u64) {
    let clock = Clock::standing_at(NOON);
    let mut site = Site::new(clock.clone());
    site.add_person("root", "Root", "root@acme.example");
    site.add_person("ann", "Ann", "ann@acme.example");
    site.add_group_member(ADMINS_GROUP, "root");
    site.add_group("team", "Team", &["root"]);
    let space = site.add_space("S", "Space", &[Principal::all_licensed_users()]);
    let page = site.add_page(space, None, "Page", "");
    clock.advance(HOUR);
    (site, clock, space, page)
}

fn summaries(body: &Value) -> Vec<&str> {
    body["results"].as_array().unwrap().iter().map(|row| row["summary"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_of_who_may_read_are_recorded_by_name_newest_first() {
    let (site, clock, space, page) = site();
    let running = start(site).await;
    let client = Client::new(&running, "root@acme.example");
    let changes: [&dyn Fn(&mut Site); 6] = [
        &|site| site.add_group_member("team", "ann"),
        &|site| site.add_space_permission(space, Principal::user("ann"), Operation::read_space()),
        &|site| site.restrict_page(page, Some(Restriction::to_groups(&["team"]))),
        &|site| site.restrict_page(page, None),
        &|site| site.archive_page(page),
        &|site| site.archive_space(space),
    ];
    for change in changes {
        running.change(|site| change(site));
        clock.advance(HOUR);
    }
    // What changes nobody's rights leaves no record.
    running.change(|site| site.edit_page(page, "<p>new</p>"));
    running.change(|site| site.move_page(page, None));
    let from = NOON + HOUR;
    let body = client.get(&format!("/wiki/rest/api/audit?startDate={from}")).json();
    assert_eq!(
        summaries(&body),
        [
            "Space archived",
            "Page archived",
            "Content restriction removed",
            "Content restriction added",
            "Space permission added",
            "User added to group",
        ]
    );
    let added = &body["results"][3];
    assert_eq!(added["affectedObject"], json!({ "name": "Team:team", "objectType": "Group" }));
    assert_eq!(
        added["associatedObjects"],
        json!([{ "name": "Page", "objectType": "Page" }, { "name": "Space", "objectType": "Space" }])
    );
    assert_eq!(added["creationDate"], json!(from + 2 * HOUR));
    assert_eq!(body["results"][4]["changedValues"][0]["newValue"], "VIEWSPACE");
    let text = body.to_string();
    assert!(
        !text.contains(&page.to_string()) && !text.contains(&space.to_string()),
        "names, and no ids: {text}"
    );

    let until = from + HOUR;
    let window = client.get(&format!("/wiki/rest/api/audit?startDate={from}&endDate={until}")).json();
    assert_eq!(summaries(&window), ["Space permission added", "User added to group"]);
    let (rows, pages) = client.walk(&format!("/wiki/rest/api/audit?startDate={from}&limit=4"));
    assert_eq!((rows.len(), pages), (6, 2));
    let recent = client.get("/wiki/rest/api/audit/since?number=2&units=HOURS").json();
    assert_eq!(summaries(&recent), ["Space archived", "Page archived"]);
    assert_eq!(running.ledger().entries().last().map(|entry| entry.points), Some(1));
    clock.advance(366 * 24 * HOUR);
    assert_eq!(summaries(&client.get("/wiki/rest/api/audit").json()), [""; 0], "kept for a year");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_look_and_not_on_the_free_plan() {
    let (site, ..) = site();
    let running = start(site).await;
    let status = |email: &str| Client::new(&running, email).get("/wiki/rest/api/audit").status;
    assert_eq!((status("root@acme.example"), status("ann@acme.example")), (200, 403));
    running.change(|site| site.plan = Plan::Free);
    assert_eq!(status("root@acme.example"), 403);
}
