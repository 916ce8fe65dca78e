//! From the host's values to what a call takes.

use super::generated::exports::weir::connector::sync as wit;
use super::generated::weir::connector::types;
use crate::model::{Connection, Lineage, Outline, Partition, Position};

pub fn connection(connection: &Connection) -> types::Connection {
    types::Connection { settings: connection.settings.clone(), session: connection.session.clone() }
}

pub fn partition(partition: &Partition) -> wit::Partition {
    wit::Partition {
        id: partition.id.clone(),
        label: partition.label.clone(),
        token: partition.token.clone(),
    }
}

pub fn position(position: &Position) -> wit::Position {
    match position {
        Position::Everything => wit::Position::Everything,
        Position::Inventory => wit::Position::Inventory,
        Position::Since(checkpoint) => wit::Position::Since(checkpoint.clone()),
        Position::After(cursor) => wit::Position::After(cursor.clone()),
    }
}

pub fn lineage(lineage: &Lineage) -> wit::Lineage {
    wit::Lineage { item: outline(&lineage.item), above: lineage.above.iter().map(outline).collect() }
}

fn outline(outline: &Outline) -> wit::Outline {
    wit::Outline {
        id: outline.id.clone(),
        kind: outline.kind.clone(),
        created: outline.created,
        updated: outline.updated,
        properties: outline.properties.clone(),
    }
}
