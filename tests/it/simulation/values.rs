//! The connector's values as the host's: what the component's border does for a component.

use confluence::error::Error;
use confluence::model as from;
use confluence::setup;
use weir::model as to;

pub fn description() -> to::Description {
    let told = setup::describe();
    let dataset = |it: setup::Dataset| to::Dataset {
        name: it.name.to_owned(),
        title: it.title.to_owned(),
        since: it.since,
        inventory: it.inventory,
    };
    let kind = |it: setup::Kind| to::Kind {
        name: it.name.to_owned(),
        title: it.title.to_owned(),
        family: it.family.to_owned(),
        searched: it.searched,
        inherits: it.inherits,
        widens: false,
    };
    to::Description {
        name: told.name.to_owned(),
        title: told.title.to_owned(),
        version: told.version.to_owned(),
        documentation: None,
        settings_schema: told.settings_schema,
        logins: Vec::new(),
        datasets: told.datasets.into_iter().map(dataset).collect(),
        kinds: told.kinds.into_iter().map(kind).collect(),
        // Bounds are held against a plan, which no simulation makes.
        bounds: None,
    }
}

pub fn partition(it: from::Partition) -> to::Partition {
    to::Partition { id: it.id, label: it.label, token: it.token }
}

pub fn partition_back(it: &to::Partition) -> from::Partition {
    from::Partition { id: it.id.clone(), label: it.label.clone(), token: it.token.clone() }
}

pub fn position_back(it: &to::Position) -> from::Position {
    match it {
        to::Position::Everything => from::Position::Everything,
        to::Position::Inventory => from::Position::Inventory,
        to::Position::Since(checkpoint) => from::Position::Since(checkpoint.clone()),
        to::Position::After(cursor) => from::Position::After(cursor.clone()),
    }
}

pub fn page(it: from::Page) -> to::Page {
    let next = match it.next {
        Some(cursor) => to::Next::More(cursor),
        None => to::Next::Done(it.checkpoint),
    };
    to::Page { changes: it.changes.into_iter().map(change).collect(), next, remaining: None, pause: None }
}

pub fn change(it: from::Change) -> to::Change {
    match it {
        from::Change::Upsert(it) => to::Change::Upsert(Box::new(item(*it))),
        from::Change::Delete(id) => to::Change::Delete(id),
        from::Change::Binned(id) => to::Change::Binned(id),
        from::Change::Seen(it) => to::Change::Seen(to::Summary {
            id: it.id,
            parent: it.parent,
            version: it.version,
            access: it.access.map(access),
        }),
        from::Change::User(it) => to::Change::User(to::User {
            id: it.id,
            name: it.name,
            email: it.email,
            standing: match it.standing {
                from::Standing::Member => to::Standing::Member,
                from::Standing::Guest => to::Standing::Guest,
                from::Standing::Closed => to::Standing::Closed,
            },
        }),
        from::Change::Group(it) => to::Change::Group(to::Group { id: it.id, name: it.name }),
        from::Change::Member(it) => {
            to::Change::Member(to::Membership { group: it.group, member: principal(it.member) })
        }
        from::Change::Activity(it) => to::Change::Activity(to::Activity {
            id: it.id,
            at: it.at,
            actor: it.actor,
            summary: it.summary,
            subject: it.subject,
            detail: it.detail,
        }),
        from::Change::Failed(it) => {
            to::Change::Failed(to::Failure { id: it.id, url: it.url, reason: it.reason })
        }
    }
}

fn item(it: from::Item) -> to::Item {
    to::Item {
        id: it.id,
        kind: it.kind.to_owned(),
        parent: it.parent,
        version: it.version,
        title: it.title,
        url: it.url,
        body: it.body.map(|value| to::Text { format: to::TextFormat::Markdown, value }),
        file: it.file.map(|file| to::File {
            link: file.link,
            name: file.name,
            media_type: file.media_type,
            size: file.size,
        }),
        access: access(it.access),
        author: it.author,
        editor: it.editor,
        created: it.created,
        updated: it.updated,
        properties: it.properties,
    }
}

fn access(it: from::Access) -> to::Access {
    let named = |all: Vec<from::Principal>| all.into_iter().map(principal).collect();
    match it {
        from::Access::Inherited => to::Access::Inherited,
        from::Access::Narrowed(all) => to::Access::Narrowed(named(all)),
        from::Access::Replaced(all) => to::Access::Replaced(named(all)),
        from::Access::Unknown => to::Access::Unknown,
    }
}

fn principal(it: from::Principal) -> to::Principal {
    match it {
        from::Principal::User(id) => to::Principal::User(id),
        from::Principal::Group(id) => to::Principal::Group(id),
        from::Principal::Members => to::Principal::Members,
        from::Principal::Anyone => to::Principal::Anyone,
    }
}

pub fn lineage_back(it: &to::Lineage) -> from::Lineage {
    let outline = |it: &to::Outline| from::Outline {
        id: it.id.clone(),
        kind: it.kind.clone(),
        created: it.created,
        updated: it.updated,
        properties: it.properties.clone(),
    };
    from::Lineage { item: outline(&it.item), above: it.above.iter().map(outline).collect() }
}

pub fn fault(error: Error) -> to::Fault {
    match error {
        Error::InvalidSettings(issues) => to::Fault::InvalidSettings(
            issues.into_iter().map(|it| to::Issue { pointer: it.pointer, message: it.message }).collect(),
        ),
        Error::Unauthenticated(words) => to::Fault::Unauthenticated(words),
        Error::Forbidden(words) => to::Fault::Forbidden(words),
        Error::NotFound(words) => to::Fault::NotFound(words),
        Error::Throttled { message, wait } => to::Fault::Throttled { message, wait },
        Error::Unavailable(words) => to::Fault::Unavailable(words),
        Error::StalePosition(words) => to::Fault::StalePosition(words),
        Error::Unexpected(words) => to::Fault::Unexpected(words),
    }
}
