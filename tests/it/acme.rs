//! The scene: a simulated site, a data folder, and a connection from one to the other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, SystemTime};

use confluence_simulator::{
    API_TOKEN, AccountStatus, CRAWLER_EMAIL, Clock as SiteClock, Id, ItemRef, Knobs, Oracle, Running,
    Simulator, Site, Size, User, WRITTEN_UNTIL, generate,
};
use tempfile::TempDir;
use weir::gate::{BoxFuture, Chance, Client, Clock, Doors};
use weir::host::{Draft, Host, HostError, SyncOptions, Synced};
use weir::installed::KeyChoice;
use weir::model::Route;
use weir::sandbox::Engine;
use weir::secrets::Secret;
use weir::store::{ConnectionStatus, Mode, StoredItem};
use weir::supply::{Options, Reference, fetch};
use weir::sync::{Progress, Silent};

pub const NAME: &str = "acme";
pub const SITE: &str = "https://acme.atlassian.net";
pub const MEDIA: &str = "https://api.media.atlassian.com";
/// Where tokens with scopes and apps are good.
pub const GATEWAY: &str = "https://api.atlassian.com";

/// Compiled components, kept between test runs; the engine tells stale ones by their content.
pub fn compiled() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled")
}

/// The one engine of this process.
pub fn engine() -> Engine {
    static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(Some(&compiled())).unwrap());
    ENGINE.clone()
}

/// A clock that stands still, except that sleeping moves it at once.
#[derive(Default)]
pub struct Hands(Mutex<Duration>);

impl Hands {
    /// How long was slept in all.
    pub fn slept(&self) -> Duration {
        *self.0.lock().unwrap()
    }
}

impl Clock for Hands {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(WRITTEN_UNTIL.unsigned_abs()) + self.slept()
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        *self.0.lock().unwrap() += time;
        Box::pin(tokio::task::yield_now())
    }
}

/// Chance that is none, so that waits are what the limits say.
pub struct Middle;

impl Chance for Middle {
    fn unit(&self) -> f64 {
        0.5
    }
}

/// A company with a site, and with a host that reads it.
pub struct Acme {
    // The host goes before the folder that it holds open.
    pub host: Host,
    pub site: Running,
    pub clock: Arc<Hands>,
    pub folder: TempDir,
}

impl Acme {
    /// Starts the site and adds a connection to it.
    pub async fn new(site: Site) -> Self {
        let acme = Self::unconnected(site).await;
        acme.host.add_connection(draft(&acme.site)).await.unwrap();
        acme
    }

    pub async fn unconnected(site: Site) -> Self {
        let site = Simulator::start(site, Knobs::default()).await.unwrap();
        let folder = TempDir::new().unwrap();
        let clock = Arc::<Hands>::default();
        let host = open(folder.path(), &clock).unwrap();
        Self { host, site, clock, folder }
    }

    /// The same data folder, opened again as the next process would.
    pub fn reopened(self) -> Self {
        let Self { host, site, clock, folder } = self;
        drop(host);
        let host = open(folder.path(), &clock).unwrap();
        Self { host, site, clock, folder }
    }

    /// Syncs and expects the run to be complete.
    pub async fn sync(&self) -> Synced {
        let synced = self.try_sync().await;
        assert!(synced.report.is_complete(), "{:?}", synced.report);
        synced
    }

    pub async fn try_sync(&self) -> Synced {
        self.watched_sync(Arc::new(Silent)).await.unwrap()
    }

    pub async fn watched_sync(&self, progress: Arc<dyn Progress>) -> Result<Synced, HostError> {
        self.host.sync(NAME, SyncOptions::by_hand(Mode::Inventory), progress).await
    }

    /// What is stored, by id; with a person only what that person may read.
    pub fn items(&self, person: Option<&str>) -> BTreeSet<String> {
        let mut ids = BTreeSet::new();
        let each = |line: weir::store::ItemLine| ids.insert(line.id);
        self.host.each_item(NAME, None, person, each).unwrap();
        ids
    }

    /// All that is stored, in full. An item's number tells the order of arrival and is left out.
    pub fn contents(&self) -> BTreeMap<String, StoredItem> {
        let item = |id: String| {
            let item = self.host.item(&id, Some(NAME)).unwrap();
            (id, StoredItem { num: 0, ..item })
        };
        self.items(None).into_iter().map(item).collect()
    }

    /// The ids that a search finds.
    pub fn finds(&self, query: &str, person: &str) -> BTreeSet<String> {
        let found = self.host.search(query, person, 100).unwrap();
        found.hits.into_iter().map(|hit| hit.id).collect()
    }

    pub fn status(&self) -> ConnectionStatus {
        self.host.store().status().unwrap().connections.remove(0)
    }

    pub fn page(&self, title: &str) -> Id {
        self.site.read(|site| page(site, title))
    }

    pub fn space(&self, key: &str) -> Id {
        self.site.read(|site| site.space_by_key(key).unwrap().id)
    }

    /// Every account that a person could ask as.
    pub fn people(&self) -> Vec<User> {
        let is_person = |user: &&User| user.email.contains('@');
        self.site.read(|site| site.users.values().filter(is_person).cloned().collect())
    }

    /// What the site's own judge lets an account read.
    pub fn oracle(&self, account: &str) -> BTreeSet<String> {
        self.site.read(|site| Oracle::new(site).readable_by(account))
    }

    /// What the site's own judge lets people without an account read.
    pub fn anyone(&self) -> BTreeSet<String> {
        self.site.read(|site| Oracle::new(site).readable_by_anyone())
    }

    /// The store holds the whole site, and everybody reads exactly what the site lets them read:
    /// those whose e-mail is hidden, and whom nobody linked, what anyone may.
    pub fn assert_faithful(&self) {
        let all = self.site.read(|site| Oracle::new(site).items());
        assert_same("stored", &self.items(None), &all);
        for user in self.people() {
            let matched = user.email_visible && user.status == AccountStatus::Active;
            let allowed = if matched { self.oracle(&user.account_id) } else { self.anyone() };
            assert_same(&user.email, &self.items(Some(&user.email)), &allowed);
        }
    }

    /// Whatever is missing, nobody reads more than the site lets them read.
    pub fn assert_nothing_leaks(&self) {
        for user in self.people() {
            let allowed = self.oracle(&user.account_id);
            let shown = self.items(Some(&user.email));
            let leaked: Vec<&String> = shown.difference(&allowed).collect();
            assert!(leaked.is_empty(), "{} reads {leaked:?}", user.email);
        }
    }
}

fn open(folder: &Path, clock: &Arc<Hands>) -> Result<Host, HostError> {
    let transport = Arc::new(Client::default());
    let doors = Doors { transport, clock: Arc::clone(clock) as _, chance: Arc::new(Middle) };
    Ok(Host::with_doors(folder, doors)?.with_engine(engine()))
}

/// Installs a component file, as somebody does who agrees to all of it, and tells its name.
pub async fn installed(host: &Host, file: &Path) -> Result<String, HostError> {
    let reference = Reference::parse(file.to_str().unwrap()).unwrap();
    let supplied = fetch(&reference, &Options::default()).await.unwrap();
    let offer = host.offer(supplied, None, &KeyChoice::AsKept, None).await?;
    Ok(host.install(&offer)?.name)
}

/// A connection to the site, which also stands in for the media host.
pub fn draft(site: &Running) -> Draft {
    let route = |from: &str| Route { from: from.to_owned(), to: site.url() };
    Draft {
        connector: "confluence".to_owned(),
        name: NAME.to_owned(),
        settings: format!(r#"{{"site":"{SITE}"}}"#),
        login: Some("api-token".to_owned()),
        username: Some(CRAWLER_EMAIL.to_owned()),
        secret: Secret::new(API_TOKEN),
        routes: vec![route(SITE), route(GATEWAY), route(MEDIA)],
        setting_up: false,
    }
}

/// 40 people in 15 groups and some 800 items: every kind of access, and quick to read.
pub fn company() -> Size {
    Size {
        spaces: 8,
        pages: 420,
        blog_posts: 30,
        comments: 240,
        attachments: 110,
        people: 40,
        groups: 15,
        ..Size::demo()
    }
}

/// A generated site. Its clock stands still, so that nothing depends on when a test runs.
pub fn generated(seed: u64, size: &Size) -> Site {
    generate(seed, size, SiteClock::standing_at(WRITTEN_UNTIL))
}

pub const ANA: &str = "ana@acme.example";
pub const BEN: &str = "ben@acme.example";
pub const HIDDEN: &str = "hidden@acme.example";

/// A handful of everything, told by hand:
///
/// - space OPEN, for all: Handbook > Leave > Parental leave, with a comment and its reply, a
///   file, and a blog post;
/// - space DESIGN, for the group of designers, which Ana is in and Ben is not: Palette.
pub fn small() -> Site {
    use confluence_simulator::{ADMINS_GROUP, CommentKind, Container, FileKind, Principal};
    let mut site = Site::new(SiteClock::standing_at(WRITTEN_UNTIL));
    site.add_person("crawler", "Crawler", CRAWLER_EMAIL);
    site.add_group_member(ADMINS_GROUP, "crawler");
    site.add_person("ana", "Ana", ANA);
    site.add_person("ben", "Ben", BEN);
    site.add_person("hidden", "Hidden", HIDDEN);
    site.users.get_mut("hidden").unwrap().email_visible = false;
    site.add_guest("guest", "Guest", "guest@agency.example");
    site.add_person("closed", "Closed", "closed@acme.example");
    site.close_account("closed");
    site.add_group("designers", "designers", &["ana", "crawler"]);

    let open = site.add_space("OPEN", "Open", &[Principal::all_licensed_users()]);
    let handbook = site.add_page(open, None, "Handbook", "<p>How we work, in flamingo pink.</p>");
    let leave = site.add_page(open, Some(handbook), "Leave", "<p>Holidays and flamingo days.</p>");
    let parental = site.add_page(open, Some(leave), "Parental leave", "<p>Both flamingo parents.</p>");
    let on = Container::Page(parental);
    let asked = site.add_comment(on, None, CommentKind::Footer, "<p>Is a flamingo a parent?</p>");
    site.add_comment(on, Some(asked), CommentKind::Footer, "<p>A flamingo is.</p>");
    site.add_attachment(on, "flamingo.txt", FileKind::Text);
    site.add_blog_post(open, "Flamingo news", "<p>We have a pond.</p>");
    let design = site.add_space("DESIGN", "Design", &[Principal::group("designers")]);
    site.add_page(design, None, "Palette", "<p>The flamingo pink of the logo.</p>");
    site
}

pub fn page(site: &Site, title: &str) -> Id {
    site.page_by_title(title).unwrap_or_else(|| panic!("no page is called {title}")).id
}

pub fn page_id(id: Id) -> String {
    ItemRef::Page(id).to_string()
}

/// Says what differs instead of printing two long sets.
pub fn assert_same(what: &str, found: &BTreeSet<String>, expected: &BTreeSet<String>) {
    let missing: Vec<&String> = expected.difference(found).collect();
    let surplus: Vec<&String> = found.difference(expected).collect();
    assert!(missing.is_empty() && surplus.is_empty(), "{what}: missing {missing:?}, surplus {surplus:?}");
}
