//! The demo's story. Acme's salary bands are kept in a private space, one
//! search for [`DEMO_QUERY`] is asked by three people, and each gets another
//! answer:
//!
//! - **Ana** works in the people team. She finds the private space's pages,
//!   the restricted "Salary bands 2026" and the page below it, what the
//!   handbook says, and what is written openly elsewhere; but not the
//!   engineering managers' hiring budget.
//! - **Ben** leads the platform engineers. He finds the handbook's page, the
//!   engineers' ladder, the partners' page and the managers' hiring budget;
//!   of the people team's pages he finds none.
//! - **Chloe** is a guest from an agency. She sees one space, and in it one page.

use super::people::CRAWLER;
use super::spaces::Spaces;
use super::{Making, WRITTEN_UNTIL};
use crate::prose;
use crate::site::{CommentKind, Container, FileKind, Restriction};

/// Somebody in the story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoPerson {
    pub email: &'static str,
    pub name: &'static str,
    pub account_id: &'static str,
    /// Who this is, in half a sentence.
    pub role: &'static str,
}

/// Ana, Ben and Chloe: most to least.
pub const DEMO_PEOPLE: [DemoPerson; 3] = [
    DemoPerson {
        email: "ana@acme.example",
        name: "Ana Moreira",
        account_id: "712020:0a0a0a0a-0000-4000-8000-000000000001",
        role: "people team",
    },
    DemoPerson {
        email: "ben@acme.example",
        name: "Ben Okafor",
        account_id: "712020:0b0b0b0b-0000-4000-8000-000000000002",
        role: "engineering manager",
    },
    DemoPerson {
        email: "chloe@acme.example",
        name: "Chloe Laurent",
        account_id: "712020:0c0c0c0c-0000-4000-8000-000000000003",
        role: "guest from an agency",
    },
];

/// What all three search for.
pub const DEMO_QUERY: &str = "salary";

/// The account whose token the connector is given.
pub const CRAWLER_EMAIL: &str = "crawler@acme.example";

const REVIEW: &str = "Salary review: how it works";
const BANDS: &str = "Salary bands 2026";
const LEVELS: &str = "Engineering levels and their pay";

/// A page of the story.
struct Told {
    place: Place,
    /// The title of the page above, told earlier.
    under: Option<&'static str>,
    author: DemoPerson,
    readers: Readers,
    title: &'static str,
    paragraphs: &'static [&'static str],
}

enum Place {
    Private,
    Open,
    Engineering,
    Partners,
}

/// Whom the page's own restriction lets through.
enum Readers {
    All,
    /// Ana by name, and the crawler.
    Ana,
    /// The group of engineering managers.
    Managers,
}

const ANA: DemoPerson = DEMO_PEOPLE[0];
const BEN: DemoPerson = DEMO_PEOPLE[1];

const PAGES: [Told; 7] = [
    Told {
        place: Place::Private,
        under: None,
        author: ANA,
        readers: Readers::All,
        title: REVIEW,
        paragraphs: &[
            "Every spring the people team looks at every salary in the company, side by side and without names. The \
             review asks three questions: does the band still match the market, does the person's place in the band \
             match the work, and would we be embarrassed to explain the difference to the person beside them?",
            "Leads propose, the people team compares, and the board signs. Nobody hears a number before all numbers \
             are signed. Letters go out on the first Monday of May, and the talk comes before the letter.",
        ],
    },
    Told {
        place: Place::Private,
        under: Some(REVIEW),
        author: ANA,
        readers: Readers::Ana,
        title: BANDS,
        paragraphs: &[
            "The bands below hold from May 2026 and are not to leave this page. Each salary band has a floor, a middle \
             and a ceiling; new colleagues are hired between floor and middle.",
            "Support: 38,000 to 52,000. Design: 46,000 to 71,000. Engineering: 52,000 to 96,000. Leads: 74,000 to \
             118,000. Figures are in euros a year for full time.",
        ],
    },
    Told {
        place: Place::Private,
        under: Some(BANDS),
        author: ANA,
        readers: Readers::All,
        title: LEVELS,
        paragraphs: &[
            "This page inherits the restriction of the page above it. It maps the five engineering levels to the \
             salary bands: level one begins at the floor, level five ends at the ceiling, and the steps between are \
             not equal.",
        ],
    },
    Told {
        place: Place::Open,
        under: None,
        author: ANA,
        readers: Readers::All,
        title: "Pay day and payslips",
        paragraphs: &[
            "Your salary is paid on the twenty-fifth, or on the last working day before it. The payslip appears in the \
             portal two days earlier. If a figure surprises you, write to the people team before pay day and not after.",
        ],
    },
    Told {
        place: Place::Engineering,
        under: None,
        author: BEN,
        readers: Readers::All,
        title: "Engineering career ladder",
        paragraphs: &[
            "The ladder has five rungs and describes work, not years. What a rung is worth is for the people team to \
             say: questions about salary belong to them, questions about expectations belong here.",
        ],
    },
    Told {
        place: Place::Engineering,
        under: None,
        author: BEN,
        readers: Readers::Managers,
        title: "Hiring budget of the platform team",
        paragraphs: &[
            "Two places are open for the second half of the year. The salary budget for both together is 150,000 \
             euros, and an offer above it needs the signature of the board. For managers only, please.",
        ],
    },
    Told {
        place: Place::Partners,
        under: None,
        author: BEN,
        readers: Readers::All,
        title: "Working with our agencies",
        paragraphs: &[
            "Colleagues from agencies are invoiced by the day. What an agency pays as salary is its own affair; please \
             do not discuss it in shared documents, and ask your contact if an invoice looks wrong.",
        ],
    },
];

pub(super) fn write(making: &mut Making, spaces: &Spaces) {
    for told in &PAGES {
        tell(making, spaces, told);
    }
    let id =
        |making: &Making, title: &str| making.site.page_by_title(title).map_or(0, |page| page.id);
    let (bands, levels) = (id(making, BANDS), id(making, LEVELS));
    let remark = "<p>Should the salary of part-time colleagues be shown for full time here, as last year?</p>";
    making
        .site
        .add_comment(Container::Page(levels), None, CommentKind::Footer, remark);
    making.site.add_attachment(
        Container::Page(bands),
        "salary-bands-2026.csv",
        FileKind::Csv,
    );
}

fn tell(making: &mut Making, spaces: &Spaces, told: &Told) {
    let space = match told.place {
        Place::Private => spaces.private,
        Place::Open => spaces.open,
        Place::Engineering => spaces.engineering,
        Place::Partners => spaces.partners,
    };
    let restriction = match told.readers {
        Readers::All => None,
        Readers::Ana => Some(Restriction::to_users(&[ANA.account_id, CRAWLER])),
        Readers::Managers => {
            let managers = making.site.group_by_name("engineering-managers");
            managers.map(|group| Restriction::to_groups(&[&group.id]))
        }
    };
    let parent = told
        .under
        .and_then(|title| making.site.page_by_title(title))
        .map(|page| page.id);
    let body: String = told
        .paragraphs
        .iter()
        .map(|text| format!("<p>{}</p>", prose::escape(text)))
        .collect();
    let id = making.site.add_page(space, parent, told.title, &body);
    let written = WRITTEN_UNTIL - 40 * 86_400_000 + making.rng.i64(0..20 * 86_400_000);
    if let Some(page) = making.site.pages.get_mut(&id) {
        page.author = told.author.account_id.into();
        page.created = written;
        page.restriction = restriction;
        for version in &mut page.versions {
            version.author = told.author.account_id.into();
            version.at = written;
        }
    }
}
