//! Who is in which list, and that the lists agree with who is let in.

use super::{Matching, PeopleFilter, PeopleQuery, PersonLine};
use crate::model::{Access, Item, Principal, Standing};
use crate::store::testing::{Fixture, fixture, member, page, upsert, user};
use crate::store::{Match, StoreError};

/// Ada hides her e-mail and is named; two Bobs show one; Cleo left; Gus is a guest; Eve hides hers and is linked.
fn site() -> Fixture {
    let site = fixture();
    let group = |id: &str| Principal::Group(id.into());
    let person = |id: &str| Principal::User(id.into());
    let named = vec![person("ada"), person("ghost"), person("eve"), group("void"), group("team")];
    site.everything(&[
        user("ada", None, Standing::Member),
        user("bob", Some("bob@acme.example"), Standing::Member),
        user("bob-2", Some("Bob@acme.example"), Standing::Member),
        user("cleo", None, Standing::Closed),
        user("dan", Some("dan@acme.example"), Standing::Member),
        user("eve", None, Standing::Member),
        user("gus", Some("gus@acme.example"), Standing::Guest),
        member("team", person("dan")),
        upsert(Item { access: Access::Narrowed(named), ..page("page:1", "space:1") }),
    ]);
    site.store.link_person(site.connection, "eve@acme.example", "eve").unwrap();
    site
}

fn list(site: &Fixture, query: &PeopleQuery) -> Vec<PersonLine> {
    site.store.people(site.connection, query).unwrap()
}

fn ids(site: &Fixture, filter: PeopleFilter, words: &str) -> Vec<String> {
    let query = PeopleQuery { filter, words: words.into(), after: None, limit: 50 };
    list(site, &query).into_iter().map(|person| person.id).collect()
}

#[test]
fn each_list_has_whom_it_says_and_as_many_as_are_counted() {
    let site = site();
    let counts = site.store.people_counts(site.connection).unwrap();
    for (filter, expected) in [
        (PeopleFilter::ToLink, &["ghost", "ada"][..]),
        (PeopleFilter::Matched, &["dan", "eve", "gus"]),
        (PeopleFilter::Hidden, &["ada"]),
        (PeopleFilter::Shared, &["bob", "bob-2"]),
        (PeopleFilter::Guests, &["gus"]),
        (PeopleFilter::Closed, &["cleo"]),
    ] {
        assert_eq!(ids(&site, filter, ""), expected, "{filter:?}");
        assert_eq!(counts.of(filter), expected.len() as u64, "{filter:?}");
    }
    assert_eq!((counts.all, counts.empty_groups, counts.lost_links), (8, 1, 0));
    assert_eq!(ids(&site, PeopleFilter::All, " BOB@"), ["bob", "bob-2"]);
    assert_eq!(ids(&site, PeopleFilter::All, "100%"), [""; 0]);
    let groups = site.store.empty_groups(site.connection, None, 9).unwrap();
    assert_eq!(groups.into_iter().map(|group| group.id).collect::<Vec<_>>(), ["void"]);
}

#[test]
fn whoever_is_said_to_be_matched_is_and_nobody_else() {
    let site = site();
    site.store.link_person(site.connection, "dan@acme.example", "ada").unwrap();
    for person in list(&site, &PeopleQuery { filter: PeopleFilter::All, limit: 50, ..Default::default() }) {
        let emails = person.email.iter().chain(&person.links);
        let reads = emails.filter(|email| {
            let (identity, found) = site.store.identity(site.connection, email).unwrap();
            identity.user.as_deref() == Some(person.id.as_str())
                && matches!(found, Match::Email | Match::Linked)
        });
        let matched = matches!(person.matching, Matching::Email | Matching::Linked);
        assert_eq!(reads.count() > 0, matched, "{person:?}");
    }
    let dan =
        list(&site, &PeopleQuery { words: "dan".into(), filter: PeopleFilter::All, limit: 9, after: None });
    assert_eq!(dan[0].matching, Matching::Taken, "his e-mail is Ada's now");
}

#[test]
fn pages_meet_without_a_gap() {
    let site = site();
    let mut query = PeopleQuery { filter: PeopleFilter::All, limit: 3, ..Default::default() };
    let mut seen = Vec::new();
    loop {
        let mut page = list(&site, &query);
        let more = page.len() > 3;
        page.truncate(3);
        query.after = page.last().map(|person| (person.name.clone(), person.id.clone()));
        seen.extend(page.into_iter().map(|person| person.id));
        if !more {
            break;
        }
    }
    assert_eq!(seen, ["ghost", "ada", "bob", "bob-2", "cleo", "dan", "eve", "gus"]);
}

#[test]
fn a_list_of_links_is_kept_as_a_whole_or_not_at_all() {
    let mut site = site();
    let link = |links: &[(&str, &str)]| {
        let links: Vec<_> = links.iter().map(|(email, user)| ((*email).into(), (*user).into())).collect();
        site.store.link_people(site.connection, &links)
    };
    let unknown = link(&[("ada@acme.example", "ada"), ("zoe@acme.example", "zoe")]);
    assert!(matches!(unknown, Err(StoreError::UnknownAccount { .. })));
    let lines = |site: &Fixture, lost| site.store.link_lines(site.connection, lost, None, 9).unwrap();
    assert_eq!(lines(&site, false).len(), 1);
    link(&[("Ada@acme.example ", "ada"), ("eve@acme.example", "dan")]).unwrap();
    let known = site.store.known_people(site.connection).unwrap();
    assert_eq!(known.links["ada@acme.example"], "ada");
    assert_eq!(known.links["eve@acme.example"], "dan");
    assert_eq!(known.users["bob-2"].1.as_deref(), Some("bob@acme.example"));
    site.next_run();
    site.everything(&[user("dan", Some("dan@acme.example"), Standing::Member)]);
    let lost: Vec<_> = lines(&site, true).into_iter().map(|link| link.email).collect();
    assert_eq!(lost, ["ada@acme.example"]);
    assert_eq!(site.store.people_counts(site.connection).unwrap().lost_links, 1);
}
