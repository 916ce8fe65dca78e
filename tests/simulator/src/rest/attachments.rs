//! `/wiki/api/v2/attachments` and one attachment. The bytes are `download`'s.

use serde_json::{Value, json};

use super::answer::Answer;
use super::exchange::Exchange;
use super::keyset::{self, Order};
use super::listing::{Listing, SortKey};
use super::{errors, rows};
use crate::clock::iso;
use crate::site::{Attachment, AttachmentStatus, Container};

pub fn list(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    let order = Order::parse(cx, &["created-date", "modified-date"])?;
    let statuses = rows::statuses(cx, &["current", "archived", "trashed"], &["current", "archived"])?;
    let media_type = cx.query.get("mediaType");
    let name = cx.query.get("filename");
    let listing = cx.listings.list(order.cache_key(cx, "attachments"), || {
        let seen = cx.site.attachments.values().filter(|file| cx.sight.attachments.contains(&file.id));
        Listing::new(seen.map(|file| (sort_key(file, &order.field), file.id)).collect(), order.descending)
    });
    keyset::page(cx, &order, &listing, 50, |id| {
        let file = cx.site.attachments.get(&id)?;
        let wanted = statuses.contains(&status(file))
            && media_type.is_none_or(|wanted| wanted == file.kind.media_type())
            && name.is_none_or(|wanted| wanted == file.name);
        wanted.then(|| row(file))
    })
}

pub fn one(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    let missing = || errors::v2_missing(format!("Cannot find an attachment with id [{}]", cx.segment(4)));
    Ok(rows::single(cx, row(seen(cx, cx.segment(4)).ok_or_else(missing)?)))
}

/// An attachment the caller may see, by its id on the wire.
pub fn seen<'a>(cx: &Exchange<'a>, wire_id: &str) -> Option<&'a Attachment> {
    let id = wire_id.strip_prefix("att")?.parse().ok()?;
    cx.sight.attachments.contains(&id).then(|| cx.site.attachments.get(&id))?
}

pub fn row(file: &Attachment) -> Value {
    let (field, container) = match file.container {
        Container::Page(id) => ("pageId", id),
        Container::BlogPost(id) => ("blogPostId", id),
    };
    let version = file.version();
    let name = rows::slug(&file.name);
    let download = format!(
        "/download/attachments/{container}/{name}?version={}&modificationDate={}&cacheVersion=1&api=v2",
        version.number, version.at
    );
    let webui = webui(file);
    json!({
        "id": file.wire_id(),
        "status": status(file),
        "title": file.name,
        "createdAt": iso(file.created),
        field: container.to_string(),
        "mediaType": file.kind.media_type(),
        "mediaTypeDescription": file.kind.description(),
        "comment": file.comment,
        "fileId": file.file_id,
        "fileSize": file.size,
        "webuiLink": webui,
        "downloadLink": download,
        "version": rows::version(version),
        "_links": { "webui": webui, "download": download },
    })
}

/// Where people see it, which both APIs tell alike.
pub fn webui(file: &Attachment) -> String {
    let (Container::Page(container) | Container::BlogPost(container)) = file.container;
    let name = rows::slug(&file.name);
    format!(
        "/pages/viewpageattachments.action?pageId={container}&preview=%2F{container}%2F{}%2F{name}",
        file.id
    )
}

pub fn status(file: &Attachment) -> &'static str {
    match file.status {
        AttachmentStatus::Current => "current",
        AttachmentStatus::Trashed => "trashed",
    }
}

fn sort_key(file: &Attachment, field: &str) -> SortKey {
    match field {
        "created-date" => SortKey::Number(file.created),
        "modified-date" => SortKey::Number(file.version().at),
        _ => SortKey::Number(i64::try_from(file.id).unwrap_or_default()),
    }
}
