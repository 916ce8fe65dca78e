//! What stands in the lists, a row each.

use maud::{Markup, html};

use super::list::{Faulty, Rows};
use crate::console::Viewer;
use crate::console::pages::form;
use crate::store::{EmptyGroup, LinkLine, Matching, PersonLine};

/// The rows of a list, or that there are none. `name` is the list's in addresses.
pub fn show(
    viewer: &Viewer,
    connection: &str,
    name: &str,
    title: &str,
    rows: &Rows,
    faulty: Option<&Faulty>,
) -> Markup {
    let place = Place { viewer, connection, list: name };
    match rows {
        Rows::People(people) if !people.is_empty() => table(
            title,
            &["Name", "Account", "Matched", "E-mail"],
            people.iter().map(|one| place.person(one, faulty.filter(|faulty| faulty.account == one.id))),
        ),
        Rows::Links(links) if !links.is_empty() => {
            table(title, &["E-mail", "Account that is gone", ""], links.iter().map(|link| place.link(link)))
        }
        Rows::Groups(groups) if !groups.is_empty() => {
            table(title, &["Group", "Id"], groups.iter().map(group))
        }
        _ => html! { p.empty { "Nobody is in this list." } },
    }
}

fn table(title: &str, heads: &[&str], rows: impl Iterator<Item = Markup>) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(title) {
            table {
                thead { tr { @for head in heads { th scope="col" { (head) } } } }
                tbody { @for row in rows { (row) } }
            }
        }
    }
}

/// Where a row's forms lead back to.
struct Place<'a> {
    viewer: &'a Viewer,
    connection: &'a str,
    list: &'a str,
}

impl Place<'_> {
    fn person(&self, person: &PersonLine, faulty: Option<&Faulty>) -> Markup {
        let (state, words) = matching(person.matching);
        html! {
            tr {
                td {
                    @if person.name.is_empty() { span.soft { "(the source told of no such user)" } }
                    @else { (person.name) }
                    @if person.standing.as_deref() == Some("guest") { " " span.badge { "guest" } }
                    @if person.named { " " span.badge data-state="notice" { "named in restrictions" } }
                }
                td { code { (person.id) } }
                td { span.badge data-state=[state] { (words) } }
                td {
                    @match &person.email {
                        Some(email) => (email),
                        None if person.links.is_empty() => span.soft { "not shown" },
                        None => {}
                    }
                    (self.links(person))
                    @if !matches!(person.matching, Matching::Unknown | Matching::Closed | Matching::Email) {
                        (self.link_by_hand(person, faulty))
                    }
                }
            }
        }
    }

    fn links(&self, person: &PersonLine) -> Markup {
        html! {
            @if !person.links.is_empty() {
                ul.links {
                    @for email in &person.links {
                        li { (email) (self.unlink(email, &format!("Unlink {email}"))) }
                    }
                }
            }
        }
    }

    fn link_by_hand(&self, person: &PersonLine, faulty: Option<&Faulty>) -> Markup {
        let called = if person.name.is_empty() { &person.id } else { &person.name };
        let fault = faulty.map(|_| format!("fault-{}", person.id));
        html! {
            form.link-by-hand.faulty[faulty.is_some()] method="post" action="/people/link" {
                (self.hidden())
                input type="hidden" name="account" value=(person.id);
                input type="email" name="email" required autocomplete="off" placeholder="e-mail"
                    aria-label=(format!("E-mail of {called}")) value=[faulty.map(|faulty| faulty.email.as_str())]
                    aria-invalid=[faulty.map(|_| "true")] aria-describedby=[fault.as_deref()];
                button type="submit" { "Link" }
            }
            @if let Some(faulty) = faulty { p.fault id=[fault] role="alert" { (faulty.words) } }
        }
    }

    fn link(&self, link: &LinkLine) -> Markup {
        html! {
            tr {
                td { (link.email) }
                td { code { (link.user_id) } }
                td { (self.unlink(&link.email, &format!("Unlink {}", link.email))) }
            }
        }
    }

    fn unlink(&self, email: &str, label: &str) -> Markup {
        let confirm = format!("Take the link of {email} back? That person then finds nothing by it.");
        form::form(
            self.viewer,
            "/people/unlink",
            html! {
                input type="hidden" name="connection" value=(self.connection);
                input type="hidden" name="list" value=(self.list);
                input type="hidden" name="email" value=(email);
                button.quiet type="submit" aria-label=(label) data-confirm=(confirm) { "Unlink" }
            },
        )
    }

    fn hidden(&self) -> Markup {
        html! {
            input type="hidden" name="csrf" value=(self.viewer.csrf());
            input type="hidden" name="connection" value=(self.connection);
            input type="hidden" name="list" value=(self.list);
        }
    }
}

fn group(group: &EmptyGroup) -> Markup {
    html! {
        tr {
            td {
                @match &group.name {
                    Some(name) => (name),
                    None => span.soft { "(the source told of no such group)" },
                }
            }
            td { code { (group.id) } }
        }
    }
}

/// Colour and words of a badge.
fn matching(matching: Matching) -> (Option<&'static str>, &'static str) {
    match matching {
        Matching::Email => (Some("good"), "by e-mail"),
        Matching::Linked => (Some("good"), "by a link"),
        Matching::Hidden => (Some("bad"), "nobody: no e-mail"),
        Matching::Shared => (Some("bad"), "nobody: shared e-mail"),
        Matching::Taken => (Some("bad"), "nobody: e-mail linked elsewhere"),
        Matching::Closed => (None, "closed"),
        Matching::Unknown => (Some("bad"), "unknown account"),
    }
}
