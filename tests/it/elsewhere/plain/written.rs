//! Generated types in the form that all hosts are compared in.

use serde_json::{Value, json};

use super::host::contract::weir::connector::types::{Access, Item, Principal};
use crate::elsewhere::told;

pub fn item(item: Item) -> Value {
    told::item([
        ("id", json!(item.id)),
        ("kind", json!(item.kind)),
        ("parent", json!(item.parent)),
        ("version", json!(item.version)),
        ("title", json!(item.title)),
        ("url", json!(item.url)),
        ("body", json!(item.body.map(|body| body.value))),
        ("file", json!(item.file.map(|file| file.link))),
        ("access", json!(access(&item.access))),
        ("author", json!(item.author)),
        ("editor", json!(item.editor)),
        ("created", json!(item.created)),
        ("updated", json!(item.updated)),
        ("properties", json!(item.properties)),
    ])
}

fn access(access: &Access) -> String {
    let (case, principals) = match access {
        Access::Inherited => ("inherited", &[][..]),
        Access::Narrowed(principals) => ("narrowed", &principals[..]),
        Access::Widened(principals) => ("widened", &principals[..]),
        Access::Replaced(principals) => ("replaced", &principals[..]),
        Access::Unknown => ("unknown", &[][..]),
    };
    principals.iter().fold(case.to_owned(), |words, one| format!("{words} {}", principal(one)))
}

fn principal(principal: &Principal) -> String {
    match principal {
        Principal::User(id) => format!("user:{id}"),
        Principal::Group(id) => format!("group:{id}"),
        Principal::Members => "members".to_owned(),
        Principal::Anyone => "anyone".to_owned(),
    }
}
