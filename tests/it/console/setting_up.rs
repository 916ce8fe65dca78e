//! Setting connections up, over HTTP as a browser without a script does it.

mod afterwards;
mod by_oauth;

use confluence_simulator::{API_TOKEN, CRAWLER_EMAIL, OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET};
use serde_json::{Value, json};
use weir::installed::KeyChoice;
use weir::schedule::State;
use weir::supply::{Options, Reference, fetch};

use super::{Answer, Browser, Desk};
use crate::acme::{GATEWAY, MEDIA, NAME, SITE, draft, small};
use crate::consent::AUTH;

/// The form of the first step, filled in by somebody whose site is simulated.
struct Form(Vec<(&'static str, String)>);

impl Form {
    fn of(desk: &Desk, login: &str) -> Self {
        let (username, secret, origins): (_, _, &[&str]) = match login {
            "oauth" => (OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, &[GATEWAY, MEDIA, AUTH]),
            _ => (CRAWLER_EMAIL, API_TOKEN, &[SITE, GATEWAY, MEDIA]),
        };
        let routes: Vec<String> = origins.iter().map(|from| format!("{from}={}", desk.site.url())).collect();
        let fields = [
            ("name", NAME),
            ("set/site", SITE),
            ("login", login),
            ("username", username),
            ("secret", secret),
            ("routes", &routes.join("\n")),
        ];
        Self(fields.map(|(name, text)| (name, text.to_owned())).to_vec())
    }

    fn with(mut self, name: &'static str, text: &str) -> Self {
        self.0.retain(|(other, _)| *other != name);
        self.0.push((name, text.to_owned()));
        self
    }

    async fn sent(&self, browser: &Browser<'_>) -> Answer {
        let fields: Vec<(&str, &str)> = self.0.iter().map(|(name, text)| (*name, text.as_str())).collect();
        browser.sends("/connections/new", &fields).await
    }

    /// Sent twice: the first answer shows to what one agrees.
    async fn agreed(self, browser: &Browser<'_>) -> Answer {
        let asked = self.sent(browser).await;
        self.with("agreed", &value(&asked, "agreed")).sent(browser).await
    }
}

/// The value of a field that a page holds.
fn value(page: &Answer, name: &str) -> String {
    let input = page.text.split("<input").find(|input| input.contains(&format!("name=\"{name}\"")));
    let input = input.unwrap_or_else(|| panic!("no {name} in {}", page.text));
    input.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// What a page says is wrong with a field.
fn fault(page: &Answer, id: &str) -> String {
    let after = page.text.split(&format!("id=\"{id}-fault\">")).nth(1);
    let text = after.unwrap_or_else(|| panic!("no fault at {id} in {}", page.text)).split('<').next();
    text.unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_set_up_by_token() {
    let desk = Desk::empty(small()).await;
    let browser = desk.signed_in().await;
    let form = browser.get("/connections/new").await;
    assert!(form.text.contains("Confluence Cloud") && form.text.contains(">API token"), "{}", form.text);
    let asked = Form::of(&desk, "api-token").sent(&browser).await;
    assert_eq!(asked.status, 422);
    assert!(asked.text.contains(SITE) && asked.text.contains(MEDIA), "{}", asked.text);
    assert_eq!(fault(&asked, "agreed"), "Read where requests will go, and agree to it.");
    assert_eq!(desk.site.ledger().entries().len(), 0, "nothing was sent anywhere");
    assert!(!asked.text.contains(API_TOKEN), "the secret stands in a page");

    // Typed once, kept in memory, and not typed again.
    let form = Form::of(&desk, "api-token").with("secret", "").with("kept", &value(&asked, "kept"));
    let signed_in = form.with("agreed", &value(&asked, "agreed")).sent(&browser).await;
    assert_eq!((signed_in.status, signed_in.header("location")), (303, "/connections/acme/configure"));
    let turn = desk.host.turn(NAME).unwrap();
    assert_eq!((turn.state, turn.schedule.setting_up), (State::SettingUp, true));

    let configure = browser.get("/connections/acme/configure").await;
    assert!(configure.text.contains("Signed in as") && configure.text.contains("Spaces left out"));
    let fields = [
        ("mode", "scheduled"),
        ("every", "30"),
        ("set/spaces", "OPEN\nDESIGN"),
        ("set/personal-spaces", "yes"),
        ("set/archived-spaces", "yes"),
        ("set/archived-pages", "yes"),
        ("set/modified-after", "2020-01-31T09:00"),
        ("set/read-pages", "yes"),
        ("kind", "page"),
        ("kind", "space"),
    ];
    let configured = browser.sends("/connections/acme/configure", &fields).await;
    assert_eq!(
        (configured.status, configured.header("location")),
        (303, "/connections/acme/ready"),
        "{}",
        configured.text
    );
    let connection = desk.host.store().connection(NAME).unwrap();
    let settings: Value = serde_json::from_str(&connection.settings).unwrap();
    assert_eq!(settings["spaces"], json!(["OPEN", "DESIGN"]));
    assert_eq!(
        (&settings["read-comments"], &settings["modified-after"]),
        (&json!(false), &json!("2020-01-31T09:00:00Z"))
    );
    let on: Vec<String> = {
        let kinds = desk.host.kinds(NAME).await.unwrap();
        kinds.into_iter().filter(|kind| kind.on).map(|kind| kind.name).collect()
    };
    assert_eq!(on, ["space", "page"]);
    assert_eq!(desk.host.turn(NAME).unwrap().schedule.every.as_minutes(), 30);

    let ready = browser.get("/connections/acme/ready").await;
    assert!(ready.text.contains("Configured and ready to sync"), "{}", ready.text);
    let estimated = browser.get("/connections/acme/ready?estimate=yes").await;
    assert!(estimated.text.contains("requests, less than a minute"), "{}", estimated.text);
    assert!(desk.host.store().status().unwrap().connections[0].last_run.is_none(), "nothing was read so far");
    let done = browser.sends("/connections/acme/ready", &[("start", "now")]).await;
    assert_eq!((done.status, done.header("location")), (303, "/connections"));
    crate::serve::until("its first run", || {
        desk.host.store().status().unwrap().connections[0]
            .last_run
            .as_ref()
            .is_some_and(|run| run.outcome.is_some())
    })
    .await;
    let acts: Vec<String> = desk
        .host
        .store()
        .acts(None, 9)
        .unwrap()
        .into_iter()
        .map(|act| format!("{} {}", act.act, act.about))
        .rev()
        .collect();
    insta::assert_snapshot!(acts.join("\n"), @"
    connection-added confluence, login api-token
    settings-changed modified-after, read-attachments, read-blogposts, read-comments, read-other-content, spaces
    schedule-changed on schedule, every 30m
    kinds-switched off: page-comment, page-attachment, blogpost, blogpost-comment, blogpost-attachment, folder, whiteboard, database, embed
    setup-finished and read at once
    ");
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_stands_at_its_field() {
    let desk = Desk::synced(small()).await;
    let browser = desk.signed_in().await;
    let form = Form(vec![
        ("name", NAME.to_owned()),
        ("set/site", format!("{SITE}/wiki")),
        ("login", "api-token".to_owned()),
        ("routes", "https://a.example".to_owned()),
    ]);
    let page = form.sent(&browser).await;
    let told = ["name", "username", "secret", "routes"].map(|id| format!("{id}: {}", fault(&page, id)));
    insta::assert_snapshot!(told.join("\n"), @"
    name: A connection named `acme` exists already; choose another name or remove that one first.
    username: E-mail of the Atlassian account is missing.
    secret: API token is missing.
    routes: The route `https://a.example` must be FROM=TO, as https://acme.atlassian.net=http://127.0.0.1:8790.
    ");
    assert!(page.text.contains("href=\"#username\""), "the summary leads to the field");
    // What a connector says of its settings needs routes that can be read.
    let site = form.with("routes", "").with("set/site", &format!("{SITE}/wiki")).sent(&browser).await;
    insta::assert_snapshot!(fault(&site, "set-site"), @"The site must not have a path; remove &quot;/wiki&quot; and use https://acme.atlassian.net.");

    let form = Form::of(&desk, "api-token").with("name", "beta");
    let wrong = form.with("secret", "not-the-token").agreed(&browser).await;
    assert_eq!(wrong.status, 422);
    assert!(
        fault(&wrong, "secret").contains("did not accept the e-mail and the API token"),
        "{}",
        wrong.text
    );
    assert!(!wrong.text.contains("not-the-token"));
    let colon =
        Form::of(&desk, "api-token").with("name", "beta").with("username", "a:b").agreed(&browser).await;
    insta::assert_snapshot!(fault(&colon, "username"), @"This cannot contain “:”; the source would take what follows for the secret.");
    let unknown =
        Form::of(&desk, "api-token").with("name", "beta").with("connector", "missing").sent(&browser).await;
    assert!(fault(&unknown, "connector").starts_with("There is no connector `missing`"), "{}", unknown.text);
    // A browser names what is installed, and never a file of the machine.
    let file = desk.folder.path().join("test.wasm");
    std::fs::write(&file, crate::wasm::test_connector()).unwrap();
    let path = Form::of(&desk, "api-token").with("name", "beta").with("connector", file.to_str().unwrap());
    assert!(fault(&path.sent(&browser).await, "connector").contains("is not run any more"));
    assert_eq!(desk.host.store().connections().unwrap().len(), 1, "nothing was kept");
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_agreed_to_is_agreed_to_anew_when_it_changes() {
    let desk = Desk::empty(small()).await;
    let browser = desk.signed_in().await;
    let asked = Form::of(&desk, "api-token").sent(&browser).await;
    let agreed = value(&asked, "agreed");
    let form =
        Form::of(&desk, "api-token").with("set/site", "https://other.atlassian.net").with("routes", "");
    let other = form.with("agreed", &agreed).sent(&browser).await;
    assert_eq!((other.status, fault(&other, "agreed").is_empty()), (422, false));
    assert_ne!(value(&other, "agreed"), agreed);
    assert!(desk.host.store().connections().unwrap().is_empty());
    // Another browser knows nothing of a secret that was typed in this one.
    let elsewhere = desk.signed_in().await;
    let form = Form::of(&desk, "api-token").with("secret", "").with("kept", &value(&asked, "kept"));
    let refused = form.with("agreed", &agreed).sent(&elsewhere).await;
    assert_eq!(fault(&refused, "secret"), "API token is missing.");
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn choosing_another_login_shows_its_fields_and_keeps_the_rest() {
    let desk = Desk::empty(small()).await;
    let browser = desk.signed_in().await;
    let page = Form::of(&desk, "oauth").with("choose", "login").sent(&browser).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("Client ID") && page.text.contains("2. Authorize"), "{}", page.text);
    assert_eq!(value(&page, "set/site"), SITE);
    let callback = format!("{}oauth/callback", desk.url);
    assert!(page.text.contains(&callback) && !page.text.contains(OAUTH_CLIENT_SECRET));
    let by_address = browser.get("/connections/new?login=oauth&name=beta").await;
    assert!(by_address.text.contains("Client ID"));
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn any_connector_gets_a_form_of_its_schema() {
    let desk = Desk::empty(small()).await;
    let browser = desk.signed_in().await;
    install(&desk).await;
    let page = browser.get("/connections/new").await;
    assert!(page.text.contains(r#"<option value="test">Test (test)</option>"#), "{}", page.text);
    let form = Form(vec![("name", "test".to_owned()), ("connector", "test".to_owned())]);
    let page = form.with("choose", "connector").sent(&browser).await;
    assert!(page.text.contains("A token") && page.text.contains("Any word will do."), "{}", page.text);
    let form = Form(vec![("name", "test".to_owned()), ("connector", "test".to_owned())]);
    let form = form.with("set/behaviour", "behaves");
    let answer = form.with("secret", "any-word").agreed(&browser).await;
    assert_eq!(answer.header("location"), "/connections/test/configure", "{}", answer.text);
    let page = browser.get("/connections/test/configure").await;
    assert!(page.text.contains("name=\"set/behaviour\"") && page.text.contains(">Things<"), "{}", page.text);
    let connection = desk.host.store().connection("test").unwrap();
    assert_eq!(connection.origins[0].url, "https://agreed.example");
    let page = browser.get("/connectors").await;
    assert!(page.text.contains(&weir::tape::sha256(crate::wasm::test_connector())), "{}", page.text);
    assert!(page.text.contains("https://agreed.example (reads, with the credential): test"), "{}", page.text);
    assert!(page.text.contains(r#"<a href="/connections/test">test</a>"#), "{}", page.text);
    let token = desk.token(None, &[weir::store::Scope::Manage]);
    let listed = desk.get(&token, "/api/v1/connectors").await.json();
    assert_eq!((&listed[0]["name"], &listed[0]["from"]), (&json!("confluence"), &json!("built in")));
    let test = &listed[1];
    assert_eq!(test["bounds"][0]["url"], "https://agreed.example");
    assert_eq!(
        (&test["contract"], &test["connections"], &test["signed_by"]),
        (&json!("0.2.0"), &json!(["test"]), &json!(null))
    );
    desk.stop().await;
}

/// As `weir connector add` does it on the machine that serves.
async fn install(desk: &Desk) {
    let file = desk.folder.path().join("test.wasm");
    std::fs::write(&file, crate::wasm::test_connector()).unwrap();
    let supplied =
        fetch(&Reference::parse(file.to_str().unwrap()).unwrap(), &Options::default()).await.unwrap();
    let offer = desk.host.offer(supplied, None, &KeyChoice::AsKept, None).await.unwrap();
    desk.host.install(&offer).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_read_before_it_is_set_up_and_later_means_later() {
    let desk = Desk::empty(small()).await;
    let browser = desk.signed_in().await;
    let added = weir::host::Draft { setting_up: true, ..draft(&desk.site) };
    desk.host.add_connection(added).await.unwrap();
    let refused = desk.host.want(NAME, weir::store::Mode::Since).unwrap_err();
    assert!(refused.to_string().contains("is still being set up"), "{refused}");
    assert!(
        desk.host
            .sync(
                NAME,
                weir::host::SyncOptions::by_hand(weir::store::Mode::Since),
                std::sync::Arc::new(weir::sync::Silent)
            )
            .await
            .is_err()
    );
    browser.sends("/connections/acme/ready", &[("start", "later")]).await;
    let turn = desk.host.turn(NAME).unwrap();
    assert_eq!((turn.state, turn.last), (State::Paused, None));
    desk.stop().await;
}
