//! What is known of an item and a person, as far as it decides.

use crate::access::Reason;
use crate::host::LeftOut;

/// All that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Facts {
    /// No connection reads the site of this address.
    NoSource {
        host: String,
    },
    /// None of these connections' sources has ever mentioned it.
    Unmentioned {
        connections: Vec<String>,
    },
    /// It is only known as what holds something else.
    OnlyMentioned {
        connection: String,
    },
    Failed {
        connection: String,
        id: String,
        reason: String,
        refused: bool,
        next: String,
    },
    /// It is in the source's bin.
    Binned {
        connection: String,
    },
    /// It was there. How many items the run that took it away deleted, and how many the settings left out.
    Gone {
        connection: String,
        deleted: u64,
        left_out: u64,
    },
    Present(Box<Present>),
}

/// What is known of an item that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    pub connection: String,
    /// What may explain something and stops nothing.
    pub doubts: Vec<String>,
    pub filter: Filter,
    /// Who the person is at the source.
    pub who: String,
    /// Which level refuses the person, and why.
    pub refusal: Option<(String, Reason)>,
    /// Whether it has words besides its title.
    pub words: bool,
    /// How its file stands, and why: `waiting`, `encrypted`; None without a file.
    pub file: Option<(String, String)>,
    pub title: String,
    pub index: Indexed,
}

/// Whether the settings ask for an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    Asked,
    /// It was not chosen, and is kept because it stands above something that was.
    Place,
    /// They do not any more; the next sync removes it.
    LeftOut,
    /// The connector could not say.
    Unsure(String),
}

/// How an item stands to the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Indexed {
    LeftOut(LeftOut),
    /// The index has yet to look at it.
    Waiting,
    /// It was looked at, and a search by its id finds nothing.
    Missing,
    Found,
}
