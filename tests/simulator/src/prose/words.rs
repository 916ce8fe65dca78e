//! Names for the places left in the texts.

use fastrand::Rng;

use super::Mention;

const SERVICES: [&str; 24] = [
    "Kestrel", "Juniper", "Harbour", "Lantern", "Quarry", "Saffron", "Meridian", "Thistle", "Basalt",
    "Orchard", "Ferry", "Granite", "Compass", "Willow", "Anvil", "Beacon", "Cobalt", "Drift", "Ember",
    "Foundry", "Glacier", "Hazel", "Islet", "Keel",
];
const TEAMS: [&str; 12] = [
    "Platform",
    "Checkout",
    "Search",
    "Identity",
    "Customer Care",
    "Data",
    "Mobile",
    "Growth",
    "Finance",
    "Facilities",
    "Brand",
    "Field Engineering",
];
const CITIES: [&str; 10] =
    ["Lisbon", "Oslo", "Montreal", "Pune", "Kraków", "Nairobi", "Osaka", "Bogotá", "Győr", "Leeds"];
const QUARTERS: [&str; 8] =
    ["Q1 2025", "Q2 2025", "Q3 2025", "Q4 2025", "Q1 2026", "Q2 2026", "Q3 2026", "Q4 2026"];
const DAYS: [&str; 5] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
const ADJECTIVES: [&str; 40] = [
    "Amber", "Brisk", "Copper", "Dusty", "Eager", "Faded", "Gentle", "Hollow", "Ivory", "Jolly", "Keen",
    "Lunar", "Mellow", "Nimble", "Opal", "Patient", "Quiet", "Russet", "Silver", "Tidal", "Umber", "Velvet",
    "Windy", "Young", "Zesty", "Bold", "Calm", "Deep", "Early", "Frosty", "Golden", "Humble", "Indigo",
    "Late", "Misty", "Noble", "Pale", "Rapid", "Sunlit", "Wild",
];
const ANIMALS: [&str; 40] = [
    "Heron", "Otter", "Badger", "Curlew", "Lynx", "Marten", "Newt", "Osprey", "Plover", "Quail", "Raven",
    "Stoat", "Tern", "Vole", "Wren", "Yak", "Bison", "Crane", "Dormouse", "Egret", "Finch", "Gecko", "Hare",
    "Ibis", "Jackdaw", "Kite", "Lark", "Moth", "Nuthatch", "Owl", "Puffin", "Robin", "Seal", "Toad",
    "Urchin", "Viper", "Weasel", "Swift", "Beetle", "Adder",
];
pub const REMARKS: &[&str] = &[
    "Thanks, this helped.",
    "Is this still true?",
    "We saw the same last week.",
    "Could somebody add an example?",
    "I disagree with the second point.",
    "Agreed in today's call.",
    "For the record:",
    "Please keep this in mind:",
];

pub fn service(rng: &mut Rng) -> &'static str {
    pick(rng, &SERVICES)
}

/// `Amber Heron 417`: so many that a page's own is as good as unique.
pub fn code_name(rng: &mut Rng) -> String {
    format!("{} {} {}", pick(rng, &ADJECTIVES), pick(rng, &ANIMALS), rng.u32(100..1000))
}

/// One of several; the empty text where there is none.
pub fn pick<T: Copy + Default>(rng: &mut Rng, of: &[T]) -> T {
    if of.is_empty() { T::default() } else { of.get(rng.usize(0..of.len())).copied().unwrap_or_default() }
}

/// The names one page keeps using, so that its paragraphs speak of the same things.
pub struct Filling {
    service: &'static str,
    team: &'static str,
    city: &'static str,
    quarter: &'static str,
    person: String,
}

impl Filling {
    pub fn new(rng: &mut Rng, people: &[Mention<'_>]) -> Self {
        let person = match people {
            [] => "the lead".to_string(),
            people => people.get(rng.usize(0..people.len())).map_or("", |person| person.name).to_string(),
        };
        Filling {
            service: service(rng),
            team: pick(rng, &TEAMS),
            city: pick(rng, &CITIES),
            quarter: pick(rng, &QUARTERS),
            person,
        }
    }

    pub fn fill(&self, rng: &mut Rng, text: &str) -> String {
        text.replace("{service}", self.service)
            .replace("{team}", self.team)
            .replace("{city}", self.city)
            .replace("{quarter}", self.quarter)
            .replace("{person}", &self.person)
            .replace("{day}", pick(rng, &DAYS))
            .replace("{number}", &rng.u32(3..900).to_string())
            .replace("{ticket}", &format!("ACME-{}", rng.u32(100..9999)))
    }

    pub fn service(&self) -> &'static str {
        self.service
    }
}
