//! Our values as the contract's, and back.

use super::bindings::exports::weir::connector::{setup as wit_setup, sync as wit_sync};
use super::bindings::weir::connector::types;
use crate::error::{Error, Issue};
use crate::model::{
    Access, Activity, Amount, Change, Connection, Failure, File, Item, Lineage, Outline, Page, Partition,
    Position, Principal, Standing, User,
};
use crate::setup;

impl From<types::Connection> for Connection {
    fn from(connection: types::Connection) -> Connection {
        Connection { settings: connection.settings, session: connection.session }
    }
}

impl From<wit_sync::Partition> for Partition {
    fn from(partition: wit_sync::Partition) -> Partition {
        Partition { id: partition.id, label: partition.label, token: partition.token }
    }
}

impl From<Partition> for wit_sync::Partition {
    fn from(partition: Partition) -> wit_sync::Partition {
        wit_sync::Partition { id: partition.id, label: partition.label, token: partition.token }
    }
}

impl From<wit_sync::Position> for Position {
    fn from(position: wit_sync::Position) -> Position {
        match position {
            wit_sync::Position::Everything => Position::Everything,
            wit_sync::Position::Inventory => Position::Inventory,
            wit_sync::Position::Since(checkpoint) => Position::Since(checkpoint),
            wit_sync::Position::After(cursor) => Position::After(cursor),
        }
    }
}

impl From<Amount> for wit_sync::Amount {
    fn from(amount: Amount) -> wit_sync::Amount {
        wit_sync::Amount {
            dataset: amount.dataset.to_owned(),
            what: amount.what.to_owned(),
            items: amount.items,
            requests: amount.requests,
            points: amount.points,
            rough: amount.rough,
        }
    }
}

impl From<Page> for wit_sync::Page {
    fn from(page: Page) -> wit_sync::Page {
        wit_sync::Page {
            changes: page.changes.into_iter().map(Into::into).collect(),
            next: match page.next {
                Some(cursor) => wit_sync::Next::More(cursor),
                None => wit_sync::Next::Done(page.checkpoint),
            },
            remaining: None,
            pause: None,
        }
    }
}

impl From<Change> for types::Change {
    fn from(change: Change) -> types::Change {
        match change {
            Change::Upsert(item) => types::Change::Upsert((*item).into()),
            Change::Delete(id) => types::Change::Delete(id),
            Change::Binned(id) => types::Change::Binned(id),
            Change::Seen(summary) => types::Change::Seen(types::Summary {
                id: summary.id,
                parent: summary.parent,
                version: summary.version,
                access: summary.access.map(Into::into),
            }),
            Change::User(user) => types::Change::User(user.into()),
            Change::Group(group) => types::Change::Group(types::Group { id: group.id, name: group.name }),
            Change::Member(membership) => types::Change::Member(types::Membership {
                group: membership.group,
                member: membership.member.into(),
            }),
            Change::Activity(activity) => types::Change::Activity(activity.into()),
            Change::Failed(failure) => types::Change::Failed(failure.into()),
        }
    }
}

impl From<Item> for types::Item {
    fn from(item: Item) -> types::Item {
        types::Item {
            id: item.id,
            kind: item.kind.to_owned(),
            parent: item.parent,
            version: item.version,
            title: item.title,
            url: item.url,
            body: item.body.map(|value| types::Text { format: types::TextFormat::Markdown, value }),
            file: item.file.map(Into::into),
            access: item.access.into(),
            author: item.author,
            editor: item.editor,
            created: item.created,
            updated: item.updated,
            properties: item.properties,
        }
    }
}

impl From<File> for types::File {
    fn from(file: File) -> types::File {
        types::File { link: file.link, name: file.name, media_type: file.media_type, size: file.size }
    }
}

impl From<Access> for types::Access {
    fn from(access: Access) -> types::Access {
        let list = |principals: Vec<Principal>| principals.into_iter().map(Into::into).collect();
        match access {
            Access::Inherited => types::Access::Inherited,
            Access::Narrowed(principals) => types::Access::Narrowed(list(principals)),
            Access::Replaced(principals) => types::Access::Replaced(list(principals)),
            Access::Unknown => types::Access::Unknown,
        }
    }
}

impl From<Principal> for types::Principal {
    fn from(principal: Principal) -> types::Principal {
        match principal {
            Principal::User(id) => types::Principal::User(id),
            Principal::Group(id) => types::Principal::Group(id),
            Principal::Members => types::Principal::Members,
            Principal::Anyone => types::Principal::Anyone,
        }
    }
}

impl From<User> for types::User {
    fn from(user: User) -> types::User {
        types::User {
            id: user.id,
            name: user.name,
            email: user.email,
            standing: match user.standing {
                Standing::Member => types::Standing::Member,
                Standing::Guest => types::Standing::Guest,
                Standing::Closed => types::Standing::Closed,
            },
        }
    }
}

impl From<Activity> for types::Activity {
    fn from(activity: Activity) -> types::Activity {
        types::Activity {
            id: activity.id,
            at: activity.at,
            actor: activity.actor,
            summary: activity.summary,
            subject: activity.subject,
            detail: activity.detail,
        }
    }
}

impl From<wit_sync::Lineage> for Lineage {
    fn from(lineage: wit_sync::Lineage) -> Lineage {
        let above = lineage.above.into_iter().map(Into::into).collect();
        Lineage { item: lineage.item.into(), above }
    }
}

impl From<wit_sync::Outline> for Outline {
    fn from(outline: wit_sync::Outline) -> Outline {
        Outline {
            id: outline.id,
            kind: outline.kind,
            created: outline.created,
            updated: outline.updated,
            properties: outline.properties,
        }
    }
}

impl From<Failure> for types::Failure {
    fn from(failure: Failure) -> types::Failure {
        types::Failure { id: failure.id, url: failure.url, reason: failure.reason }
    }
}

impl From<Issue> for types::Issue {
    fn from(issue: Issue) -> types::Issue {
        types::Issue { pointer: issue.pointer, message: issue.message }
    }
}

impl From<Error> for types::Error {
    fn from(error: Error) -> types::Error {
        match error {
            Error::InvalidSettings(issues) => {
                types::Error::InvalidSettings(issues.into_iter().map(Into::into).collect())
            }
            Error::Unauthenticated(message) => types::Error::Unauthenticated(message),
            Error::Forbidden(message) => types::Error::Forbidden(message),
            Error::NotFound(message) => types::Error::NotFound(message),
            Error::Throttled { message, wait } => types::Error::Throttled(types::Throttle { message, wait }),
            Error::Unavailable(message) => types::Error::Unavailable(message),
            Error::StalePosition(message) => types::Error::StalePosition(message),
            Error::Unexpected(message) => types::Error::Unexpected(message),
        }
    }
}

impl From<setup::Description> for wit_setup::Description {
    fn from(description: setup::Description) -> wit_setup::Description {
        let dataset = |dataset: setup::Dataset| wit_setup::Dataset {
            name: dataset.name.to_owned(),
            title: dataset.title.to_owned(),
            since: dataset.since,
            inventory: dataset.inventory,
        };
        let kind = |kind: setup::Kind| wit_setup::Kind {
            name: kind.name.to_owned(),
            title: kind.title.to_owned(),
            family: kind.family.to_owned(),
            searched: kind.searched,
            inherits: kind.inherits,
            widens: false,
        };
        let bound = |bound: setup::Origin| wit_setup::Bound {
            url: bound.url,
            credential: bound.credential,
            post: false,
            purpose: bound.purpose.to_owned(),
        };
        wit_setup::Description {
            name: description.name.to_owned(),
            title: description.title.to_owned(),
            version: description.version.to_owned(),
            documentation: description.documentation.map(str::to_owned),
            settings_schema: description.settings_schema,
            logins: description.logins.into_iter().map(Into::into).collect(),
            datasets: description.datasets.into_iter().map(dataset).collect(),
            kinds: description.kinds.into_iter().map(kind).collect(),
            bounds: description.bounds.into_iter().map(bound).collect(),
        }
    }
}

impl From<setup::Login> for wit_setup::Login {
    fn from(login: setup::Login) -> wit_setup::Login {
        wit_setup::Login {
            name: login.name.to_owned(),
            title: login.title.to_owned(),
            help: login.help,
            scheme: login.scheme.into(),
        }
    }
}

impl From<setup::Scheme> for wit_setup::Scheme {
    fn from(scheme: setup::Scheme) -> wit_setup::Scheme {
        match scheme {
            setup::Scheme::Basic(basic) => wit_setup::Scheme::Basic(wit_setup::Basic {
                username: basic.username.to_owned(),
                password: basic.password.to_owned(),
            }),
            setup::Scheme::OAuth2(oauth) => wit_setup::Scheme::Oauth2(wit_setup::Oauth2 {
                grant: wit_setup::Grant::AuthorizationCode(oauth.authorize_url.to_owned()),
                token_url: oauth.token_url.to_owned(),
                encoding: wit_setup::Encoding::Json,
                scopes: oauth.scopes.into_iter().map(str::to_owned).collect(),
                parameters: oauth
                    .parameters
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .collect(),
            }),
        }
    }
}

impl From<setup::Finding> for wit_setup::Finding {
    fn from(finding: setup::Finding) -> wit_setup::Finding {
        wit_setup::Finding {
            name: finding.name.to_owned(),
            verdict: match finding.verdict {
                setup::Verdict::Good => wit_setup::Verdict::Good,
                setup::Verdict::Notice => wit_setup::Verdict::Notice,
                setup::Verdict::Bad => wit_setup::Verdict::Bad,
            },
            message: finding.message,
            remedy: finding.remedy,
        }
    }
}

impl From<setup::Plan> for wit_setup::Plan {
    fn from(plan: setup::Plan) -> wit_setup::Plan {
        let origin = |origin: setup::Origin| wit_setup::Origin {
            url: origin.url,
            credential: origin.credential,
            post: false,
            purpose: origin.purpose.to_owned(),
        };
        wit_setup::Plan {
            settings: plan.settings,
            origins: plan.origins.into_iter().map(origin).collect(),
            scopes: plan.scopes,
        }
    }
}

impl From<setup::Choice> for wit_setup::Choice {
    fn from(choice: setup::Choice) -> wit_setup::Choice {
        wit_setup::Choice { value: choice.value.to_string(), title: choice.title, hint: choice.hint }
    }
}

impl From<setup::Account> for wit_setup::Account {
    fn from(account: setup::Account) -> wit_setup::Account {
        wit_setup::Account { session: account.session, label: account.label, user: account.user }
    }
}
