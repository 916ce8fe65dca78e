//! How items stand to searches: found, or why not.

use crate::access::NumSet;
use crate::host::{Forests, HostError, LeftOut, Searchable};
use crate::model::ConnectionId;
use crate::store::{RecordLine, Store};

/// How an item, or the file of one, stands to searches. An item is in the first of the first five that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordState {
    /// Its kind is not searched.
    KindOff,
    /// Only what was chosen is searched, and it was not.
    NotChosen,
    /// Its words are new, and who may read it has not settled.
    Withheld,
    /// The index has not taken it in yet.
    Waiting,
    /// Whoever may read it finds it.
    Found,
    /// Its file was not looked at yet.
    FileWaiting,
    /// No words could be taken out of its file.
    FileWithoutWords,
}

impl RecordState {
    pub const ALL: [Self; 7] = [
        Self::Found,
        Self::KindOff,
        Self::NotChosen,
        Self::Withheld,
        Self::Waiting,
        Self::FileWaiting,
        Self::FileWithoutWords,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::KindOff => "kind-off",
            Self::NotChosen => "not-chosen",
            Self::Withheld => "withheld",
            Self::Waiting => "waiting",
            Self::Found => "found",
            Self::FileWaiting => "file-waiting",
            Self::FileWithoutWords => "file-without-words",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// The state of one item; what an unknown connection has is not searched.
    pub(super) fn of(line: &RecordLine, searchable: Option<&Searchable>) -> Self {
        match searchable.map_or(Some(LeftOut::NotChosen), |all| all.left_out(line.num, &line.kind)) {
            Some(LeftOut::Kind) => Self::KindOff,
            Some(LeftOut::NotChosen) => Self::NotChosen,
            None if line.withheld => Self::Withheld,
            None if line.waits => Self::Waiting,
            None => Self::Found,
        }
    }

    /// All items in this state, of one connection or of all.
    pub(super) fn items(
        self,
        store: &Store,
        forests: &Forests,
        connection: Option<ConnectionId>,
    ) -> Result<NumSet, HostError> {
        let mut items = NumSet::new();
        for (forest, searchable) in forests.of(connection) {
            let mut some = match self {
                Self::KindOff => searchable.those_left_out(LeftOut::Kind),
                Self::NotChosen => searchable.those_left_out(LeftOut::NotChosen),
                Self::FileWaiting | Self::FileWithoutWords => searchable.present().clone(),
                Self::Withheld | Self::Waiting | Self::Found => searchable.items().clone(),
            };
            match self {
                Self::Withheld => some.intersect(forest.withheld()),
                Self::Waiting | Self::Found => some.subtract(forest.withheld()),
                _ => {}
            }
            items.union(&some);
        }
        match self {
            Self::Waiting => items.intersect(&store.nums_in_outbox()?),
            Self::Found => items.subtract(&store.nums_in_outbox()?),
            Self::FileWaiting => items.intersect(&store.nums_of_files(true)?),
            Self::FileWithoutWords => items.intersect(&store.nums_of_files(false)?),
            Self::KindOff | Self::NotChosen | Self::Withheld => {}
        }
        Ok(items)
    }
}
