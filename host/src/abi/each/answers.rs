//! From what a call answers to the host's values. What only some versions have comes from `later`.

use super::generated::exports::weir::connector::{setup, sync};
use super::generated::weir::connector::types as wit;
use super::later;
use crate::model::{
    Access, Account, Activity, Amount, Basic, Change, Choice, Dataset, Description, Encoding, Failure, Fault,
    File, Finding, Grant, Group, Issue, Item, Kind, Login, Membership, Next, OAuth2, Origin, Page, Partition,
    Plan, Principal, Scheme, Standing, Summary, Text, TextFormat, Token, User, Verdict,
};

pub fn description(from: setup::Description) -> Description {
    let bounds = later::bounds(&from);
    Description {
        name: from.name,
        title: from.title,
        version: from.version,
        documentation: from.documentation,
        settings_schema: from.settings_schema,
        logins: from.logins.into_iter().map(login).collect(),
        datasets: from.datasets.into_iter().map(dataset).collect(),
        kinds: from.kinds.into_iter().map(kind).collect(),
        bounds,
    }
}

fn login(from: setup::Login) -> Login {
    let scheme = match from.scheme {
        setup::Scheme::Anonymous => Scheme::Anonymous,
        setup::Scheme::Basic(basic) => {
            Scheme::Basic(Basic { username: basic.username, password: basic.password })
        }
        setup::Scheme::Token(token) => {
            Scheme::Token(Token { label: token.label, header: token.header, prefix: token.prefix })
        }
        setup::Scheme::Oauth2(oauth2) => Scheme::Oauth2(OAuth2 {
            grant: match oauth2.grant {
                setup::Grant::AuthorizationCode(address) => Grant::AuthorizationCode(address),
                setup::Grant::ClientCredentials => Grant::ClientCredentials,
            },
            token_url: oauth2.token_url,
            encoding: match oauth2.encoding {
                setup::Encoding::Form => Encoding::Form,
                setup::Encoding::Json => Encoding::Json,
            },
            scopes: oauth2.scopes,
            parameters: oauth2.parameters,
        }),
    };
    Login { name: from.name, title: from.title, help: from.help, scheme }
}

fn dataset(from: setup::Dataset) -> Dataset {
    Dataset { name: from.name, title: from.title, since: from.since, inventory: from.inventory }
}

fn kind(from: setup::Kind) -> Kind {
    let widens = later::widens(&from);
    Kind {
        name: from.name,
        title: from.title,
        family: from.family,
        searched: from.searched,
        inherits: from.inherits,
        widens,
    }
}

pub fn plan(from: setup::Plan) -> Plan {
    let origin = |origin: setup::Origin| Origin {
        url: origin.url,
        credential: origin.credential,
        post: origin.post,
        purpose: origin.purpose,
    };
    Plan {
        settings: from.settings,
        origins: from.origins.into_iter().map(origin).collect(),
        scopes: from.scopes,
    }
}

pub fn issues(from: Vec<wit::Issue>) -> Vec<Issue> {
    let issue = |issue: wit::Issue| Issue { pointer: words(issue.pointer), message: words(issue.message) };
    from.into_iter().take(ISSUES_MAX).map(issue).collect()
}

/// Sentences for people: longer ones are no sentences, and would end in logs and on terminals.
const WORDS_BYTES_MAX: usize = 4 * 1024;

/// More faults than this in one form are the form's.
const ISSUES_MAX: usize = 100;

/// Nobody reads more.
const FINDINGS_MAX: usize = 100;

/// Likewise.
const AMOUNTS_MAX: usize = 100;

fn words(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(WORDS_BYTES_MAX));
    text
}

pub fn account(from: setup::Account) -> Account {
    Account { session: from.session, label: words(from.label), user: from.user }
}

pub fn findings(from: Vec<setup::Finding>) -> Vec<Finding> {
    let finding = |finding: setup::Finding| Finding {
        name: words(finding.name),
        verdict: match finding.verdict {
            setup::Verdict::Good => Verdict::Good,
            setup::Verdict::Notice => Verdict::Notice,
            setup::Verdict::Bad => Verdict::Bad,
        },
        message: words(finding.message),
        remedy: finding.remedy.map(words),
    };
    from.into_iter().take(FINDINGS_MAX).map(finding).collect()
}

pub fn choices(from: Vec<setup::Choice>) -> Vec<Choice> {
    let choice =
        |choice: setup::Choice| Choice { value: choice.value, title: choice.title, hint: choice.hint };
    from.into_iter().map(choice).collect()
}

pub fn partitions(from: Vec<sync::Partition>) -> Vec<Partition> {
    let partition = |partition: sync::Partition| Partition {
        id: partition.id,
        label: words(partition.label),
        token: partition.token,
    };
    from.into_iter().map(partition).collect()
}

pub fn amounts(from: Vec<sync::Amount>) -> Vec<Amount> {
    let amount = |amount: sync::Amount| Amount {
        dataset: words(amount.dataset),
        what: words(amount.what),
        items: amount.items,
        requests: amount.requests,
        points: amount.points,
        rough: amount.rough,
    };
    from.into_iter().take(AMOUNTS_MAX).map(amount).collect()
}

pub fn page(from: sync::Page) -> Page {
    Page {
        changes: changes(from.changes),
        next: match from.next {
            sync::Next::More(cursor) => Next::More(cursor),
            sync::Next::Done(checkpoint) => Next::Done(checkpoint),
        },
        remaining: from.remaining,
        pause: from.pause,
    }
}

pub fn changes(from: Vec<wit::Change>) -> Vec<Change> {
    from.into_iter().map(change).collect()
}

fn change(from: wit::Change) -> Change {
    match from {
        wit::Change::Upsert(it) => Change::Upsert(Box::new(item(it))),
        wit::Change::Delete(id) => Change::Delete(id),
        wit::Change::Binned(id) => Change::Binned(id),
        wit::Change::Seen(it) => Change::Seen(Summary {
            id: it.id,
            parent: it.parent,
            version: it.version,
            access: it.access.map(access),
        }),
        wit::Change::User(it) => Change::User(User {
            id: it.id,
            name: it.name,
            email: it.email,
            standing: match it.standing {
                wit::Standing::Member => Standing::Member,
                wit::Standing::Guest => Standing::Guest,
                wit::Standing::Closed => Standing::Closed,
            },
        }),
        wit::Change::Group(it) => Change::Group(Group { id: it.id, name: it.name }),
        wit::Change::Member(it) => {
            Change::Member(Membership { group: it.group, member: principal(it.member) })
        }
        wit::Change::Activity(it) => Change::Activity(Activity {
            id: it.id,
            at: it.at,
            actor: it.actor,
            summary: it.summary,
            subject: it.subject,
            detail: it.detail,
        }),
        wit::Change::Failed(it) => {
            Change::Failed(Failure { id: it.id, url: it.url, reason: words(it.reason) })
        }
    }
}

fn item(from: wit::Item) -> Item {
    Item {
        id: from.id,
        kind: from.kind,
        parent: from.parent,
        version: from.version,
        title: from.title,
        url: from.url,
        body: from.body.map(|text| Text {
            format: match text.format {
                wit::TextFormat::Plain => TextFormat::Plain,
                wit::TextFormat::Markdown => TextFormat::Markdown,
                wit::TextFormat::Html => TextFormat::Html,
            },
            value: text.value,
        }),
        file: from.file.map(|file| File {
            link: file.link,
            name: file.name,
            media_type: file.media_type,
            size: file.size,
        }),
        access: access(from.access),
        author: from.author,
        editor: from.editor,
        created: from.created,
        updated: from.updated,
        properties: from.properties,
    }
}

fn access(from: wit::Access) -> Access {
    let named = |principals: Vec<wit::Principal>| principals.into_iter().map(principal).collect();
    match from {
        wit::Access::Inherited => Access::Inherited,
        wit::Access::Narrowed(principals) => Access::Narrowed(named(principals)),
        wit::Access::Widened(principals) => Access::Widened(named(principals)),
        wit::Access::Replaced(principals) => Access::Replaced(named(principals)),
        wit::Access::Unknown => Access::Unknown,
    }
}

fn principal(from: wit::Principal) -> Principal {
    match from {
        wit::Principal::User(id) => Principal::User(id),
        wit::Principal::Group(id) => Principal::Group(id),
        wit::Principal::Members => Principal::Members,
        wit::Principal::Anyone => Principal::Anyone,
    }
}

pub fn fault(from: wit::Error) -> Fault {
    match from {
        wit::Error::InvalidSettings(list) => Fault::InvalidSettings(issues(list)),
        wit::Error::Unauthenticated(message) => Fault::Unauthenticated(words(message)),
        wit::Error::Forbidden(message) => Fault::Forbidden(words(message)),
        wit::Error::NotFound(message) => Fault::NotFound(words(message)),
        wit::Error::Throttled(throttle) => {
            Fault::Throttled { message: words(throttle.message), wait: throttle.wait }
        }
        wit::Error::Unavailable(message) => Fault::Unavailable(words(message)),
        wit::Error::StalePosition(message) => Fault::StalePosition(words(message)),
        wit::Error::Unexpected(message) => Fault::Unexpected(words(message)),
    }
}
