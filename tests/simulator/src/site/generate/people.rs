//! Who works here: the story's three, the crawler, a leaver, and colleagues.

use super::story::{CRAWLER_EMAIL, DEMO_PEOPLE};
use super::{Making, Size};
use crate::site::{ADMINS_GROUP, TimeZone};

const FIRST: [&str; 24] = [
    "Dora", "Emil", "Farah", "Goran", "Hanna", "Imre", "Joana", "Kenji", "Lena", "Marta", "Nils", "Oyelaran",
    "Priya", "Quentin", "Rosa", "Samir", "Tove", "Uma", "Viktor", "Wanda", "Ximena", "Yusuf", "Zita",
    "Aoife",
];
const LAST: [&str; 20] = [
    "Alves",
    "Berg",
    "Castillo",
    "Dlamini",
    "Eriksen",
    "Fischer",
    "Gupta",
    "Horvath",
    "Ito",
    "Jensen",
    "Kovacs",
    "Lindqvist",
    "Mbeki",
    "Nagy",
    "Ortega",
    "Petrov",
    "Quist",
    "Rossi",
    "Sato",
    "Tremblay",
];
const TEAMS: [&str; 8] = ["support", "design", "finance", "sales", "data", "mobile", "legal", "facilities"];

/// The crawler's account id.
pub const CRAWLER: &str = "712020:0e0e0e0e-0000-4000-8000-00000000000e";

pub(super) fn populate(making: &mut Making, size: &Size) {
    let site = &mut making.site;
    let [ana, ben, chloe] = DEMO_PEOPLE;
    site.add_person(ana.account_id, ana.name, ana.email);
    site.add_person(ben.account_id, ben.name, ben.email);
    site.add_guest(chloe.account_id, chloe.name, chloe.email);
    site.add_person(CRAWLER, "Knowledge Crawler", CRAWLER_EMAIL);
    site.add_group_member(ADMINS_GROUP, CRAWLER);
    if let Some(crawler) = site.users.get_mut(CRAWLER) {
        crawler.time_zone = TimeZone::ISTANBUL;
    }
    making.people = vec![ana.account_id.into(), ben.account_id.into()];
    colleagues(making, size.people.saturating_sub(4));
    site_apps(making);
    groups(making, size.groups);
}

/// The last colleague has left; about one in six of the others hides the e-mail.
fn colleagues(making: &mut Making, count: usize) {
    for index in 0..count {
        let first = FIRST[index % FIRST.len()];
        let last = LAST[(index * 7 + index / FIRST.len()) % LAST.len()];
        let round = index / (FIRST.len() * LAST.len());
        let suffix = if round == 0 { String::new() } else { round.to_string() };
        let account_id =
            format!("712020:{:08x}-{:04x}-4000-8000-{:012x}", making.rng.u32(..), making.rng.u16(..), index);
        let email = format!("{}.{}{suffix}@acme.example", first.to_lowercase(), last.to_lowercase());
        making.site.add_person(&account_id, &format!("{first} {last}"), &email);
        let leaver = index + 1 == count;
        if leaver {
            making.site.close_account(&account_id);
        } else if let Some(user) = making.site.users.get_mut(&account_id) {
            user.email_visible = index % 6 != 5;
            user.time_zone = [TimeZone::UTC, TimeZone::KOLKATA, TimeZone::BOGOTA][index % 3];
        }
        making.people.push(account_id);
    }
}

fn site_apps(making: &mut Making) {
    making.site.add_app("557058:a9900000-0000-4000-8000-000000000001", "Automation for Confluence");
    making.site.add_app("557058:a9900000-0000-4000-8000-000000000002", "Diagrams for Teams");
}

/// Three teams of the story, then others, beside the two groups of every site. The
/// crawler is in each.
fn groups(making: &mut Making, count: usize) {
    let [ana, ben, _] = DEMO_PEOPLE;
    let colleagues: Vec<String> = making.people.iter().skip(2).cloned().collect();
    let nth = |from: usize, step: usize| colleagues.iter().skip(from).step_by(step).map(String::as_str);
    let mut teams: Vec<(String, Vec<&str>)> = vec![
        ("people-team".into(), nth(0, 9).chain([ana.account_id]).collect()),
        ("engineering".into(), nth(1, 2).chain([ben.account_id]).collect()),
        ("engineering-managers".into(), nth(3, 8).chain([ben.account_id]).collect()),
    ];
    for index in 0..count.saturating_sub(5) {
        let name = TEAMS[index % TEAMS.len()];
        let round = index / TEAMS.len();
        let name = if round == 0 { name.to_string() } else { format!("{name}-{}", round + 1) };
        teams.push((name, nth(index % 5, 5).collect()));
    }
    teams.truncate(count.saturating_sub(2));
    for (index, (name, members)) in teams.iter().enumerate() {
        let id = format!("22222222-bbbb-4bbb-8bbb-{:012x}", index + 1);
        making.site.add_group(&id, name, members);
        making.site.add_group_member(&id, CRAWLER);
    }
}
