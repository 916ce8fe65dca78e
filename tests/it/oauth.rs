//! Adding a connection by OAuth 2.0: approved, denied, and every way in which it comes to nothing.

use confluence_simulator::{CRAWLER_EMAIL, OAUTH_CLIENT_SECRET, OTHER_SITE, Running};

use crate::acme::{ANA, BEN, small};
use crate::command::{Said, User, serve, snapshots, stable};
use crate::consent::{DENIES, allows, developer, token_requests};

/// What is said once the browser has answered.
fn after(user: &User, said: &Said) -> String {
    let words = said.stderr.lines().skip_while(|line| !line.starts_with("waiting at")).skip(1);
    let said =
        Said { code: said.code, stdout: said.stdout.clone(), stderr: words.collect::<Vec<_>>().join("\n") };
    stable(user, said)
}

fn told(user: &User, said: &Said, check: impl FnOnce(String)) {
    let said = after(user, said);
    snapshots(|| check(said));
}

/// Nothing of a sign-in that failed stays.
fn nothing_is_kept(user: &User) {
    assert_eq!(user.runs(&["connection", "list"]).stdout, "");
    assert_eq!(user.keeps(OAUTH_CLIENT_SECRET), None);
}

fn targets(site: &Running) -> Vec<String> {
    site.ledger().entries().into_iter().map(|entry| entry.target).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_is_approved_and_two_people_search() {
    let (site, user) = (serve(small()).await, developer());
    let said = user.adds_app(&site, &allows(CRAWLER_EMAIL)).ok();
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"(state|code_challenge)=[\w-]{43}", "$1=RANDOM");
    settings.add_filter(r"127\.0\.0\.1%3A\d+", "LOOPBACK");
    settings.bind(|| snapshots(|| insta::assert_snapshot!(stable(&user, &said), @"
    exit 0
    --- stdout
    added acme
    --- stderr
    this redirect URL must be registered with the app exactly as it stands here:
      http://LOOPBACK/callback
    these scopes will be asked for; the app must be allowed to ask for all of them:
      offline_access
      read:confluence-user
      read:space:confluence
      read:confluence-space.summary
      read:configuration:confluence
      read:space.permission:confluence
      read:page:confluence
      search:confluence
      read:confluence-content.all
      read:label:confluence
      read:content-details:confluence
      read:confluence-groups
      read:comment:confluence
      read:attachment:confluence
      readonly:content.attachment:confluence
      read:folder:confluence
      read:whiteboard:confluence
      read:database:confluence
      read:embed:confluence
    requests will go to these origins and no others:
      https://api.atlassian.com (reads, with the credential): read spaces, pages, comments, people and permissions
      https://api.media.atlassian.com (reads, without the credential): download attachments
      https://auth.atlassian.com (by Weir itself, never by the connector): sign in, and renew the tokens
    open this address in a browser, sign in and approve:
      http://LOOPBACK/authorize?audience=api.atlassian.com&prompt=consent&client_id=sim0ClientId000000000000000000001&scope=offline_access%20read%3Aconfluence-user%20read%3Aspace%3Aconfluence%20read%3Aconfluence-space.summary%20read%3Aconfiguration%3Aconfluence%20read%3Aspace.permission%3Aconfluence%20read%3Apage%3Aconfluence%20search%3Aconfluence%20read%3Aconfluence-content.all%20read%3Alabel%3Aconfluence%20read%3Acontent-details%3Aconfluence%20read%3Aconfluence-groups%20read%3Acomment%3Aconfluence%20read%3Aattachment%3Aconfluence%20readonly%3Acontent.attachment%3Aconfluence%20read%3Afolder%3Aconfluence%20read%3Awhiteboard%3Aconfluence%20read%3Adatabase%3Aconfluence%20read%3Aembed%3Aconfluence&redirect_uri=http%3A%2F%2FLOOPBACK%2Fcallback&state=RANDOM&response_type=code&code_challenge=RANDOM&code_challenge_method=S256
    waiting at http://LOOPBACK/callback for the answer; Ctrl-C gives up
    signed in as Crawler (crawler@acme.example) on acme.atlassian.net
    next: weir sync acme
    ")));

    user.runs(&["sync"]).ok();
    let found = |person: &str| user.runs(&["search", "flamingo", "--as", person]).ok().stdout;
    assert!(found(ANA).contains("Palette") && found(ANA).contains("Handbook"));
    assert!(found(BEN).contains("Handbook") && !found(BEN).contains("Palette"));
    let to_site: Vec<String> = targets(&site).into_iter().filter(|it| it.starts_with("/wiki")).collect();
    assert_eq!(to_site, [""; 0], "nothing goes to the site itself");
    assert!(targets(&site).iter().any(|target| target.starts_with("/ex/confluence/")));
    assert!(site.ledger().entries().iter().all(|entry| !entry.leaked));
    assert_eq!(token_requests(&site), 1, "the code's; no hour has passed");

    let items = |user: &User| user.runs(&["items", "--connection", "acme"]).ok().sorted().stdout;
    assert_eq!(items(&user), items(&User::synced(&site)), "an app reads what a token reads");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_is_pasted_where_there_is_no_browser() {
    let (site, user) = (serve(small()).await, developer());
    let said = user.adds_app_by_hand(&site, &[], &allows(CRAWLER_EMAIL)).ok();
    assert!(said.stdout.contains("added acme"), "{said}");
    assert!(said.stderr.contains("Copy the whole address"), "{said}");
    user.runs(&["sync"]).ok();
    assert!(user.runs(&["search", "flamingo", "--as", BEN]).ok().stdout.contains("Handbook"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_approved_is_not_kept() {
    let (site, user) = (serve(small()).await, developer());
    let said = user.adds_app(&site, DENIES);
    told(&user, &said, |said| {
        insta::assert_snapshot!(said, @"
    exit 1
    --- stderr
    error: the sign-in was not approved; nothing was kept. Start again to be asked once more
    ")
    });
    nothing_is_kept(&user);
    assert_eq!(token_requests(&site), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_secret_that_is_wrong() {
    let site = serve(small()).await;
    let user = User { secret: Some("not-the-secret".into()), ..User::new() };
    let said = user.adds_app(&site, &allows(CRAWLER_EMAIL));
    told(&user, &said, |said| {
        insta::assert_snapshot!(said, @"
    exit 1
    --- stderr
    error: failed to sign in: https://auth.atlassian.com answered 401 access_denied (Unauthorized): the client id or the client secret is wrong; copy both again from the app's settings
    ")
    });
    nothing_is_kept(&user);
    assert_eq!(token_requests(&site), 1, "asked once");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_was_chosen_on_the_consent_page() {
    let (site, user) = (serve(small()).await, developer());
    let said = user.adds_app(&site, &format!("{}&site={OTHER_SITE}", allows(CRAWLER_EMAIL)));
    told(&user, &said, |said| {
        insta::assert_snapshot!(said, @"
    exit 1
    --- stderr
    error: failed to sign in: the app was granted https://acme-labs.atlassian.net, but not SITE; sign in again and choose SITE at the top of the consent page, or change the setting
    ")
    });
    nothing_is_kept(&user);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_is_granted_nothing_and_told_why() {
    let (site, user) = (serve(small()).await, developer());
    let said = user.adds_app(&site, &allows("guest@agency.example"));
    told(&user, &said, |said| {
        insta::assert_snapshot!(said, @"
    exit 1
    --- stderr
    error: failed to sign in: the app was granted no site at all: whoever approved it is a guest of SITE, whom Atlassian lets approve nothing, or has no account there; sign in as a licensed user of SITE
    ")
    });
    nothing_is_kept(&user);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_may_not_ask_for_a_scope() {
    let (site, user) = (serve(small()).await, developer());
    site.change(|site| site.identity.apps[0].scopes.remove("read:comment:confluence"));
    let said = user.adds_app(&site, &allows(CRAWLER_EMAIL));
    told(&user, &said, |said| {
        insta::assert_snapshot!(said, @"
        exit 1
        --- stderr
        error: the app may not ask for one of these scopes (The app has not been given the scope read:comment:confluence); add them to the app's permissions, and start again
        ")
    });
    nothing_is_kept(&user);
    assert_eq!(token_requests(&site), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_comes_back_to_an_address_elsewhere_or_one_that_is_taken() {
    let (site, user) = (serve(small()).await, developer());
    let taken = site.url() + "/callback";
    let mut said = Vec::new();
    for redirect in ["https://weir.acme.example/callback", "http://127.0.0.1:8737/callback?a=b", &taken] {
        let arguments = crate::consent::add_arguments(&site, redirect);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let refused = user.runs(&arguments);
        assert_eq!(refused.code, 1, "{refused}");
        said.push(refused.stderr.lines().last().unwrap().to_owned());
    }
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, said.join("\n")), @"
    error: the redirect URL https://weir.acme.example/callback does not lead to this machine, so nobody can be waited for here; use --paste, or one such as http://LOOPBACK/callback
    error: the redirect URL `http://LOOPBACK/callback?a=b` cannot be used: it must be absolute, without user, query and fragment
    error: cannot wait at LOOPBACK for the browser (Address already in use (os error 98)); choose another port with --redirect (and register that URL), or use --paste
    ")
    });
    assert_eq!(targets(&site), [""; 0], "nobody was asked anything");
    nothing_is_kept(&user);
}
