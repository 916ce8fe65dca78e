//! Who may read a space: permissions, roles and both; classes of people, guests,
//! and people without an account.

use confluence_simulator::{
    ADMINS_GROUP, Clock, GroupAccess, ItemRef, Knobs, Operation, Oracle, Principal, Restriction, RoleMode,
    Site, USERS_GROUP,
};
use serde_json::{Value, json};

use crate::client::{Client, NOON, start};

/// Root administers the product, Ann and Bob are licensed, Gus is a guest, Una has no licence.
fn people() -> Site {
    let mut site = Site::new(Clock::standing_at(NOON));
    for (id, name) in [("root", "Root"), ("ann", "Ann"), ("bob", "Bob"), ("una", "Una")] {
        site.add_person(id, name, &format!("{id}@acme.example"));
    }
    site.add_guest("gus", "Gus", "gus@acme.example");
    site.add_group_member(ADMINS_GROUP, "root");
    site.remove_group_member(USERS_GROUP, "una");
    site.add_role("viewer", "Viewer", true, &[Operation::read_space()]);
    site.add_role("tidy", "Housekeeper", false, &[Operation::new("delete", "page")]);
    site
}

fn readers(site: &Site, item: ItemRef) -> Vec<&str> {
    let oracle = Oracle::new(site);
    site.users.keys().map(String::as_str).filter(|id| oracle.may_read(id, item)).collect()
}

#[test]
fn permissions_decide_before_roles_and_roles_after_permissions() {
    let mut site = people();
    let space = site.add_space("S", "S", &[Principal::user("ann")]);
    site.assign_role(space, Principal::user("bob"), "viewer");
    let of_mode = |site: &mut Site, mode| {
        site.role_mode = mode;
        readers(site, ItemRef::Space(space)).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(of_mode(&mut site, None), ["ann"]);
    assert_eq!(of_mode(&mut site, Some(RoleMode::PreRoles)), ["ann"]);
    assert_eq!(of_mode(&mut site, Some(RoleMode::Transition)), ["ann", "bob"]);
    assert_eq!(of_mode(&mut site, Some(RoleMode::Roles)), ["bob"]);
    site.unassign_role(space, &Principal::user("bob"), "viewer");
    assert_eq!(of_mode(&mut site, Some(RoleMode::Roles)), [""; 0]);
}

#[test]
fn a_role_that_does_not_read_or_does_not_exist_permits_nothing() {
    let mut site = people();
    site.role_mode = Some(RoleMode::Roles);
    let space = site.add_space("S", "S", &[]);
    site.assign_role(space, Principal::user("ann"), "tidy");
    site.assign_role(space, Principal::user("bob"), "gone");
    assert_eq!(readers(&site, ItemRef::Space(space)), [""; 0]);
    site.assign_role(space, Principal::user("ann"), "viewer");
    assert_eq!(readers(&site, ItemRef::Space(space)), ["ann"]);
}

#[test]
fn classes_of_people_in_either_way_of_granting() {
    for (class, expected) in [
        (Principal::all_licensed_users(), vec!["ann", "bob", "root"]),
        (Principal::all_product_admins(), vec!["root"]),
        // A guest has the space that names the guest; Una's account opens nothing.
        (Principal::authenticated_users(), vec!["ann", "bob", "root"]),
        (Principal::jsm_project_admins(), vec![]),
        (Principal::AccessClass("EVERYBODY_ELSE".into()), vec![]),
        // Anonymous access is off.
        (Principal::anonymous_users(), vec![]),
    ] {
        let mut site = people();
        let space = site.add_space("S", "S", std::slice::from_ref(&class));
        assert_eq!(readers(&site, ItemRef::Space(space)), expected, "{class:?} by permission");
        site.role_mode = Some(RoleMode::Roles);
        site.assign_role(space, class.clone(), "viewer");
        assert_eq!(readers(&site, ItemRef::Space(space)), expected, "{class:?} by role");
    }
}

#[test]
fn anonymous_access_needs_the_site_and_the_space_and_stops_at_a_restriction() {
    let mut site = people();
    let space = site.add_space("S", "S", &[Principal::anonymous_users()]);
    let shut = site.add_space("T", "T", &[Principal::all_licensed_users()]);
    let top = site.add_folder(space, None, "Top");
    let page = site.add_page(space, Some(top), "Page", "");
    let anyone = |site: &Site, item| Oracle::new(site).may_be_read_by_anyone(item);
    assert!(!anyone(&site, ItemRef::Page(page)));
    site.anonymous_access = true;
    assert!(anyone(&site, ItemRef::Page(page)) && !anyone(&site, ItemRef::Space(shut)));
    // Whoever has an account is anyone too, even one that opens nothing.
    site.close_account("bob");
    assert_eq!(readers(&site, ItemRef::Page(page)), ["ann", "bob", "gus", "root", "una"]);
    assert!(!Oracle::new(&site).may_read("nobody", ItemRef::Page(page)));
    site.restrict_node(top, Some(Restriction::to_users(&["ann", "bob", "una"])));
    assert!(!anyone(&site, ItemRef::Page(page)));
    assert_eq!(readers(&site, ItemRef::Page(page)), ["ann"]);
    assert_eq!(Oracle::new(&site).readable_by_anyone(), [format!("space:{space}")].into());
}

#[test]
fn a_licence_can_come_from_any_group_that_gives_one() {
    let mut site = people();
    let abroad = site.add_group("abroad", "users-abroad", &["una"]);
    site.groups.get_mut(&abroad).unwrap().access = GroupAccess::User;
    let space = site.add_space("S", "S", &[Principal::all_licensed_users()]);
    assert_eq!(readers(&site, ItemRef::Space(space)), ["ann", "bob", "root", "una"]);
    site.deactivate_account("una");
    assert_eq!(readers(&site, ItemRef::Space(space)), ["ann", "bob", "root"]);
    site.reactivate_account("una");
    site.delete_account("una");
    assert_eq!(readers(&site, ItemRef::Space(space)), ["ann", "bob", "root"]);
}

fn site_of(mode: Option<RoleMode>) -> (Site, u64) {
    let mut site = people();
    let readers = [Principal::user("ann"), Principal::anonymous_users(), Principal::jsm_project_admins()];
    let space = site.add_space("S", "S", &readers);
    site.assign_role(space, Principal::all_licensed_users(), "viewer");
    site.assign_role(space, Principal::group(USERS_GROUP), "tidy");
    site.role_mode = mode;
    (site, space)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_never_heard_of_roles_has_no_such_routes() {
    let (site, space) = site_of(None);
    let running = start(site).await;
    let client = Client::new(&running, "ann@acme.example");
    for path in ["space-role-mode".into(), "space-roles".into(), format!("spaces/{space}/role-assignments")] {
        assert_eq!(client.get(&format!("/wiki/api/v2/{path}")).status, 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mode_shows_in_what_permissions_say() {
    for (mode, name, types) in [
        (RoleMode::PreRoles, "PRE_ROLES", vec!["user", "access-class"]),
        (RoleMode::Transition, "ROLES_TRANSITION", vec!["user", "access-class", "role", "role"]),
        (RoleMode::Roles, "ROLES", vec!["role", "role"]),
    ] {
        let (site, space) = site_of(Some(mode));
        let running = start(site).await;
        let client = Client::new(&running, "bob@acme.example");
        let client =
            if mode == RoleMode::PreRoles { Client::new(&running, "ann@acme.example") } else { client };
        assert_eq!(client.get("/wiki/api/v2/space-role-mode").json(), json!({ "mode": name }));
        let (rows, _) = client.walk(&format!("/wiki/api/v2/spaces/{space}/permissions"));
        assert_eq!(rows.iter().map(|row| &row["principal"]["type"]).collect::<Vec<_>>(), types);
        let (roles, _) = client.walk("/wiki/api/v2/space-roles?limit=1");
        assert_eq!(
            (&roles[0]["spacePermissions"], &roles[1]["type"]),
            (&json!(["read/space"]), &json!("CUSTOM"))
        );
        let (assigned, _) = client.walk(&format!("/wiki/api/v2/spaces/{space}/role-assignments?limit=1"));
        let class = json!({ "principalType": "ACCESS_CLASS", "principalId": "all-licensed-users" });
        assert_eq!(assigned[0], json!({ "principal": class, "roleId": "viewer" }));
        assert_eq!(assigned[1]["principal"]["principalType"], "GROUP");
        let points = running.ledger().entries().last().map(|entry| entry.points);
        assert_eq!(points, Some(3), "an assignment is a permission: two points and the call's own");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn anonymous_people_show_in_v1_and_only_by_a_knob_in_v2() {
    let (mut site, space) = site_of(None);
    site.delete_group(ADMINS_GROUP);
    let running = start(site).await;
    let client = Client::new(&running, "ann@acme.example");
    let body = client.get("/wiki/rest/api/space/S?expand=permissions").json();
    let flags = |row: &Value| (row["anonymousAccess"] == true, row["unlicensedAccess"] == true);
    let rows = body["permissions"].as_array().unwrap();
    assert_eq!(rows.iter().map(flags).collect::<Vec<_>>(), [(false, false), (true, false), (false, true)]);
    assert_eq!(rows[0]["subjects"]["user"]["results"][0]["accountId"], "ann");
    assert!(rows[1].get("subjects").is_none());
    assert_eq!(client.get("/wiki/rest/api/space/NONE").status, 404);
    let v2 = || client.walk(&format!("/wiki/api/v2/spaces/{space}/permissions")).0;
    let told = |rows: Vec<Value>| rows.iter().any(|row| row["principal"]["id"] == "ANONYMOUS_USERS");
    assert!(!told(v2()));
    running.set_knobs(Knobs { anonymous_in_permissions: true, ..running.knobs() });
    assert!(told(v2()));
    let operations =
        || client.get("/wiki/rest/api/user/anonymous?expand=operations").json()["operations"].clone();
    assert_eq!(operations(), json!([]));
    running.change(|site| site.anonymous_access = true);
    assert_eq!(operations(), json!([{ "operation": "use", "targetType": "application" }]));
}

#[tokio::test(flavor = "multi_thread")]
async fn hundreds_of_subjects_are_read_in_windows() {
    let mut site = people();
    let space = site.add_space("S", "S", &[Principal::all_licensed_users()]);
    let page = site.add_page(space, None, "Page", "");
    let mut restriction = Restriction::to_users(&["ann"]);
    restriction.users.extend((0..230).map(|nth| format!("gone{nth}")));
    restriction.users.push("bob".into());
    restriction.groups.push("deleted".into());
    site.restrict_page(page, Some(restriction));
    site.close_account("root");
    site.deactivate_account("una");
    let running = start(site).await;
    let client = Client::new(&running, "bob@acme.example");
    let expand = "restrictions.read.restrictions.user";
    let row = client.get(&format!("/wiki/rest/api/content/search?cql=type=page&expand={expand}")).json();
    assert_eq!(row["results"][0]["restrictions"]["read"]["restrictions"]["user"]["size"], 200);
    let window = |start: usize| {
        let path =
            format!("/wiki/rest/api/content/{page}/restriction/byOperation/read?start={start}&limit=200");
        client.get(&path).json()["restrictions"].clone()
    };
    assert_eq!((&window(0)["user"]["size"], &window(200)["user"]["size"]), (&json!(200), &json!(32)));
    assert_eq!(window(200)["user"]["results"][31]["accountId"], "bob");
    assert_eq!(window(0)["user"]["results"][1]["type"], "unknown");
    assert_eq!(
        window(0)["group"]["results"],
        json!([{ "type": "group", "name": "deleted", "id": "deleted" }])
    );
    let accounts = json!({ "accountIds": ["root", "una", "gone1"] }).to_string();
    let users = client.send("POST", "/wiki/api/v2/users-bulk", &accounts).json();
    let statuses = users["results"].as_array().unwrap().iter().map(|row| row["accountStatus"].clone());
    assert_eq!(statuses.collect::<Vec<_>>(), ["closed", "inactive"]);
}
