use crate::fake::{CLOUD, Fake, NO_SCOPE, broken, response, results};
use confluence::confluence::site::Site;
use confluence::model::Connection;
use confluence::setup::scopes::{SCOPES, Wanted};
use confluence::setup::{Chosen, diagnose, open};
use confluence::transport::TransportErrorKind;
use insta::assert_snapshot;

const ADA: &str =
    r#"{"accountId":"ada","email":"ada@acme.example","displayName":"Ada","timeZone":"Europe/Istanbul"}"#;

const ALL: Chosen = Chosen { wanted: Wanted { audit: true, ..Wanted::USUAL }, space_keys: Vec::new() };
const USUAL: Chosen = Chosen { wanted: Wanted::USUAL, space_keys: Vec::new() };

/// How the account signed in: the login, and whether through the gateway.
fn told(fake: &Fake, login: &str, through_gateway: bool, chosen: &Chosen) -> String {
    let cloud = if through_gateway { format!(r#","cloudId":"{CLOUD}""#) } else { String::new() };
    let session =
        format!(r#"{{"accountId":"ada","site":"https://acme.atlassian.net","login":"{login}"{cloud}}}"#);
    let settings = r#"{"site":"https://acme.atlassian.net"}"#.to_owned();
    let opened = open(&Connection { settings, session }).unwrap();
    let site = Site::new(opened.site.clone(), fake, fake);
    let findings = match diagnose(&site, &opened, chosen) {
        Ok(findings) => findings,
        Err(error) => return format!("{error:?}"),
    };
    let lines = findings.iter().map(|finding| {
        let remedy = finding.remedy.as_ref().map(|remedy| format!("\n    -> {remedy}")).unwrap_or_default();
        format!("{:?} {}: {}{remedy}", finding.verdict, finding.name, finding.message.replace(CLOUD, "CLOUD"))
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn space(key: &str, kind: &str) -> String {
    format!(r#"{{"id":"8","key":"{key}","type":"{kind}"}}"#)
}

/// A site where everything is as it should be.
fn healthy() -> Fake {
    let found = r#"{"id":"7","type":"page","restrictions":{"read":{"operation":"read"}}}"#.to_owned();
    Fake::default()
        .on("user/current", ADA)
        .on("/spaces keys=", &results(&[space("ENG", "global")], None))
        .on("/spaces status=current", &results(&[space("ENG", "global"), space("~ada", "personal")], None))
        .on("/spaces status=archived", &results(&[space("OLD", "global")], None))
        .on("/space-role-mode", r#"{"mode":"ROLES_TRANSITION"}"#)
        .on("/content/search", &results(&[found], None))
}

#[test]
fn a_healthy_connection_with_a_plain_token() {
    let fake = healthy();
    assert_snapshot!(told(&fake, "api-token", false, &USUAL), @"
    Good sign-in: signed in as Ada (ada@acme.example) on acme.atlassian.net, with an API token without scopes
    Good site: acme.atlassian.net answers as Confluence
    Good spaces: the account sees 2 current spaces, 1 of them personal, and 1 archived; spaces it may not view are unknown to it, and so to the search
    Good scopes: the API token has no scopes: it may read whatever its account may
    Good space-roles: the site is on its way from permissions to roles, and both are read
    Good restrictions: restrictions are read through the search, 200 pages at once
    Good time-zone: the account's time zone is Europe/Istanbul, in which the search reads dates
    Good rate-limit: no answer told of a quota, as is usual with API tokens; bursts may still be slowed down
    ");
    assert_snapshot!(fake.asked(), @"
    /wiki/rest/api/user/current
    /wiki/api/v2/spaces?status=current&limit=250
    /wiki/api/v2/spaces?status=archived&limit=250
    /wiki/api/v2/space-role-mode
    /wiki/rest/api/content/search?cql=type=page&limit=1&expand=restrictions.read.restrictions.user,restrictions.read.restrictions.group
    ");
}

#[test]
fn an_app_is_measured_by_what_it_was_granted() {
    let lacked = ["read:comment:confluence", "read:confluence-user"];
    let granted: Vec<String> = SCOPES
        .iter()
        .filter(|scope| !lacked.contains(&scope.name))
        .map(|scope| format!("{:?}", scope.name))
        .collect();
    let rows = format!(
        r#"[{{"id":"{CLOUD}","url":"https://acme.atlassian.net","scopes":[{}]}}]"#,
        granted.join(",")
    );
    let fake = healthy().on("/accessible-resources", &rows).on("/audit", &results(&[], None));
    // What the classic scope of the user opens, a granular one that was granted opens too.
    assert_snapshot!(told(&fake, "oauth", true, &ALL), @"
    Good sign-in: signed in as Ada (ada@acme.example) on acme.atlassian.net, with OAuth 2.0, through api.atlassian.com
    Good site: acme.atlassian.net answers as Confluence
    Good spaces: the account sees 2 current spaces, 1 of them personal, and 1 archived; spaces it may not view are unknown to it, and so to the search
    Bad scopes: the app lacks read:comment:confluence (comments and replies)
        -> add the scopes that are missing to the app, then sign in again and approve them
    Good space-roles: the site is on its way from permissions to roles, and both are read
    Good restrictions: restrictions are read through the search, 200 pages at once
    Good audit-log: the account may read the audit log
    Good time-zone: the account's time zone is Europe/Istanbul, in which the search reads dates
    Good rate-limit: no answer told of a quota, as is usual with API tokens; bursts may still be slowed down
    ");
    assert_eq!(fake.requests(), 7);
    let elsewhere = healthy().on("/accessible-resources", "[]");
    let told = told(&elsewhere, "oauth", true, &USUAL);
    assert_snapshot!(told.lines().find(|line| line.contains("scopes:")).unwrap(), @"Bad scopes: the app was granted no site at all: whoever approved it is a guest of https://acme.atlassian.net, whom Atlassian lets approve nothing, or has no account there; sign in as a licensed user of https://acme.atlassian.net");
}

#[test]
fn a_token_with_scopes_shows_what_it_lacks_only_when_it_is_used() {
    let fake = healthy()
        .status("/folders/0", 401, NO_SCOPE)
        .status("/download", 401, NO_SCOPE)
        .status("/audit", 401, NO_SCOPE)
        .status("/", 404, r#"{"errors":[{"title":"Cannot find it"}]}"#);
    let told = told(&fake, "api-token", true, &ALL);
    let lines: Vec<&str> = told.lines().filter(|line| !line.starts_with("Good")).collect();
    assert_snapshot!(lines.join("\n"), @"
    Bad scopes: the API token lacks read:audit-log:confluence (audit records), read:folder:confluence (folders, through which pages inherit restrictions)
        -> make a new token with the scopes that are missing, and sign in again with it
    ");
    assert_eq!(
        fake.requests(),
        SCOPES.len() - 1 + 1 - 2,
        "one for each scope but the account's and two that others make good, and the archived spaces"
    );
}

/// A scope that another makes good is looked at only where that other one is lacking.
#[test]
fn a_scope_that_another_makes_good_is_looked_at_only_without_that_one() {
    let fake = healthy()
        .status("/attachments", 401, NO_SCOPE)
        .status("/download", 404, r#"{"message":"no such file"}"#)
        .status("/search/user", 401, NO_SCOPE)
        .status("/restriction", 401, NO_SCOPE)
        .status("/", 404, r#"{"errors":[{"title":"Cannot find it"}]}"#);
    let told = told(&fake, "api-token", true, &USUAL);
    assert_snapshot!(told.lines().find(|line| line.starts_with("Bad")).unwrap(), @"Bad scopes: the API token lacks read:content-details:confluence (the people of the site), read:attachment:confluence (names and sizes of attachments), read:confluence-content.all (restrictions that the search does not tell, one by one)");
}

#[test]
fn chosen_spaces_that_are_not_seen_are_named() {
    let keys = ["ENG", "eng", "HR"].map(str::to_owned).to_vec();
    let told = told(&healthy(), "api-token", false, &Chosen { space_keys: keys, ..USUAL });
    assert_snapshot!(told.lines().skip_while(|line| !line.contains("chosen")).take(2).collect::<Vec<_>>().join("\n"), @"
    Bad chosen-spaces: the settings name spaces that the account does not see: HR
        -> change the settings, or have the account given access to these spaces
    ");
}

#[test]
fn what_is_wrong_comes_with_its_remedy() {
    let rejected = r#"{"message":"Current user not permitted to use Confluence"}"#;
    let turned_away = Fake::default().status("user/current", 403, rejected);
    assert_snapshot!(told(&turned_away, "api-token", false, &ALL), @"
    Bad sign-in: the sign-in is not accepted any more: asked acme.atlassian.net for /wiki/rest/api/user/current and got 403: Current user not permitted to use Confluence
        -> make a new token if this one has expired or was revoked, and sign in again with it; where nobody can sign in with the new one either, the account may not use Confluence any more
    Good site: acme.atlassian.net answers as Confluence
    ");
    assert_eq!(turned_away.requests(), 1, "a credential that is no good is tried once");
    let fake = Fake::default()
        .on("user/current", ADA)
        .on("/spaces", &results(&[], None))
        .status("/space-role-mode", 404, r#"{"errors":[{"title":"no such thing"}]}"#)
        .on("/content/search", &results(&[r#"{"id":"7"}"#.to_owned()], None))
        .status("/audit", 403, r#"{"message":"only administrators"}"#);
    assert_snapshot!(told(&fake, "api-token", false, &ALL), @"
    Good sign-in: signed in as Ada (ada@acme.example) on acme.atlassian.net, with an API token without scopes
    Good site: acme.atlassian.net answers as Confluence
    Bad spaces: the account sees no space
        -> ask a Confluence administrator to give the account access to the spaces that shall be searched
    Good scopes: the API token has no scopes: it may read whatever its account may
    Good space-roles: the site grants spaces by permissions
    Notice restrictions: the search does not tell restrictions
        -> nothing, if a first sync may take longer: each page's restriction is then asked for by itself
    Bad audit-log: the audit log could not be read: asked acme.atlassian.net for /wiki/rest/api/audit and got 403: only administrators
        -> sign in again as a Confluence administrator of a paid plan, or change the settings: without `audit` everything else is read, and changes of permissions are found by complete reads
    Good time-zone: the account's time zone is Europe/Istanbul, in which the search reads dates
    Good rate-limit: no answer told of a quota, as is usual with API tokens; bursts may still be slowed down
    ");
}

#[test]
fn a_page_of_something_else_is_not_confluence() {
    let fake = Fake::default().on("/", "<html>for sale</html>");
    let told = told(&fake, "api-token", false, &USUAL);
    assert_snapshot!(told, @"
    Bad site: acme.atlassian.net does not answer as Confluence: asked acme.atlassian.net for /wiki/rest/api/user/current and got something else than the expected JSON (expected value at line 1 column 1): <html>for sale</html>
        -> check the address and that Confluence is part of the site's plan; if both are right, try again later
    ");
    assert_eq!(fake.requests(), 1);
}

#[test]
fn a_quota_is_told_with_what_is_left() {
    let headers = |left| {
        [
            ("x-ratelimit-limit", "65000"),
            ("x-ratelimit-remaining", left),
            ("x-ratelimit-reset", "2026-06-30T13:00:00Z"),
        ]
    };
    let last = |fake: &Fake| told(fake, "api-token", false, &USUAL).lines().last().unwrap().to_owned();
    let fake = Fake::default().answer("user/current", Ok(response(200, &headers("40000"), ADA)));
    assert_snapshot!(last(&fake.on("/", &results(&[], None))), @"Good rate-limit: 40000 of 65000 points are left until 2026-06-30T13:00:00Z");
    let near = [&headers("900")[..], &[("x-ratelimit-nearlimit", "true")]].concat();
    let fake =
        Fake::default().answer("user/current", Ok(response(200, &near, ADA))).on("/", &results(&[], None));
    assert!(told(&fake, "api-token", false, &USUAL).contains("Notice rate-limit: 900 of 65000 points"));
}

#[test]
fn a_quota_that_tells_only_its_policy_is_told_too() {
    let policy = [("beta-ratelimit-policy", "\"global-app-quota\";q=65000;w=3600")];
    let fake = Fake::default().answer("user/current", Ok(response(200, &policy, ADA)));
    let told = told(&fake.on("/", &results(&[], None)), "oauth", true, &USUAL);
    assert_snapshot!(told.lines().last().unwrap(), @r#"Good rate-limit: requests are charged against a quota ("global-app-quota";q=65000;w=3600)"#);
}

#[test]
fn another_account_s_credential_is_noticed() {
    let fake = Fake::default()
        .on("user/current", r#"{"accountId":"bob","displayName":"Bob"}"#)
        .on("/", &results(&[], None));
    assert_snapshot!(told(&fake, "api-token", false, &USUAL).lines().take(2).collect::<Vec<_>>().join("\n"), @"
    Bad sign-in: the credential is now that of Bob on acme.atlassian.net, and not of the account that signed in
        -> sign in again
    ");
}

#[test]
fn where_nothing_answers_there_is_nothing_to_tell() {
    let fake = Fake::default().answer("/", broken(TransportErrorKind::Unreachable));
    assert_snapshot!(told(&fake, "api-token", false, &USUAL), @r#"Unavailable("asked acme.atlassian.net for /wiki/rest/api/user/current, but the answer broke off")"#);
}
