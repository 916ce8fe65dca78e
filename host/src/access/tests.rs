//! The rule, told by who may not read as much as by who may.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use super::seeded::Seeded;
use super::{Forest, Identity, Level, NumSet, Reason, explain};
use crate::model::{Access, Principal};

fn user(id: &str) -> Principal {
    Principal::User(id.into())
}

fn group(id: &str) -> Principal {
    Principal::Group(id.into())
}

fn anna() -> Identity {
    Identity { user: Some("anna".into()), groups: ["staff".into()].into(), member: true, closed: false }
}

/// A forest with a statement an item, by its place.
fn forest(items: &[(u32, Option<u32>, Access)]) -> Forest {
    let nodes = items.iter().enumerate().map(|(place, (num, parent, _))| (*num, *parent, place as u32));
    Forest::new(nodes.collect::<Vec<_>>(), items.iter().map(|item| item.2.clone()).collect())
}

fn read(items: &[(u32, Option<u32>, Access)], identity: &Identity) -> Vec<u32> {
    forest(items).readable(identity).iter().collect()
}

use Access::{Inherited, Narrowed, Replaced, Unknown, Widened};

#[test]
fn a_restricted_page_and_all_below_it_are_for_the_named_only() {
    let site = [
        (1, None, Replaced(vec![group("staff")])),
        (2, Some(1), Narrowed(vec![user("bob")])),
        (3, Some(2), Narrowed(vec![user("anna")])),
        (4, Some(3), Inherited),
        (5, Some(1), Inherited),
    ];
    assert_eq!(read(&site, &anna()), [1, 5]);
    let bob = Identity { user: Some("bob".into()), ..anna() };
    assert_eq!(read(&site, &bob), [1, 2, 5]);
    // Named on the page, but not let into the space.
    let outsider = Identity { groups: [].into(), member: false, ..bob };
    assert_eq!(read(&site, &outsider), [0u32; 0]);
    assert_eq!(read(&site, &Identity::default()), [0u32; 0]);
}

#[test]
fn widened_adds_and_replaced_stands_alone() {
    let drive = [
        (1, None, Replaced(vec![user("bob")])),
        (2, Some(1), Widened(vec![user("anna")])),
        (3, Some(2), Replaced(vec![user("bob")])),
        (4, Some(3), Replaced(vec![Principal::Members])),
        (5, Some(1), Widened(vec![])),
    ];
    assert_eq!(read(&drive, &anna()), [2, 4]);
    let bob = Identity { user: Some("bob".into()), ..Identity::default() };
    assert_eq!(read(&drive, &bob), [1, 2, 3, 5]);
    let guest = Identity { user: Some("guest".into()), ..Identity::default() };
    assert_eq!(read(&drive, &guest), [0u32; 0]);
}

#[test]
fn only_a_root_that_names_its_readers_has_any() {
    let anyone = || vec![Principal::Anyone];
    let roots = [
        (1, None, Inherited),
        (2, None, Narrowed(anyone())),
        (3, None, Widened(anyone())),
        (4, None, Replaced(anyone())),
        (5, None, Replaced(vec![])),
        (6, None, Unknown),
        (7, Some(6), Inherited),
        (8, Some(6), Widened(anyone())),
    ];
    assert_eq!(read(&roots, &Identity::default()), [4, 8]);
}

#[test]
fn anyone_is_also_a_stranger_but_no_closed_account() {
    let open = [
        (1, None, Replaced(vec![Principal::Anyone])),
        (2, Some(1), Inherited),
        (3, Some(1), Narrowed(vec![user("anna"), Principal::Members])),
        (4, Some(3), Widened(vec![Principal::Anyone])),
        (5, Some(3), Replaced(vec![Principal::Anyone])),
    ];
    let stranger = Identity::default();
    assert_eq!(read(&open, &stranger), [1, 2, 4, 5]);
    assert_eq!(read(&open, &anna()), [1, 2, 3, 4, 5]);
    // Whatever else is said of a closed account, it reads nothing.
    for closed in [Identity { closed: true, ..stranger }, Identity { closed: true, ..anna() }] {
        assert_eq!(read(&open, &closed), [0u32; 0]);
    }
}

#[test]
fn what_hangs_on_an_absent_parent_or_in_a_circle_is_for_nobody() {
    let anyone = || Replaced(vec![Principal::Anyone]);
    let lost = [
        (1, Some(99), anyone()),
        (2, Some(1), anyone()),
        (3, Some(4), anyone()),
        (4, Some(3), anyone()),
        (5, Some(4), anyone()),
        (6, Some(6), anyone()),
        (7, Some(0), Widened(vec![Principal::Anyone])),
        (u32::MAX, None, anyone()),
        (8, Some(u32::MAX), Inherited),
    ];
    assert_eq!(read(&lost, &anna()), [8, u32::MAX]);
    let under = |roots: &[u32]| forest(&lost).under(roots).iter().collect::<Vec<_>>();
    assert_eq!(under(&[1]), [1, 2]);
    assert_eq!(under(&[u32::MAX, 2]), [2, 8, u32::MAX]);
    assert_eq!(under(&[3, 6, 99]), [0u32; 0]);
}

#[test]
fn a_missing_statement_and_a_contradiction_mean_nobody() {
    let anyone = Replaced(vec![Principal::Anyone]);
    let nodes = [(1, None, 0), (2, None, 7), (3, None, 0), (3, Some(1), 0), (4, None, 0), (4, None, 0)];
    let forest = Forest::new(nodes, vec![anyone]);
    assert_eq!(forest.readable(&anna()).iter().collect::<Vec<_>>(), [1, 4]);
    assert!(Forest::default().readable(&anna()).is_empty());
}

/// The rule as a person would say it, one item at a time.
fn may_read(items: &BTreeMap<u32, (Option<u32>, Access)>, num: u32, identity: &Identity) -> bool {
    fn arrives(items: &BTreeMap<u32, (Option<u32>, Access)>, num: u32, steps: usize) -> bool {
        match items.get(&num) {
            Some((Some(parent), _)) => steps > 0 && arrives(items, *parent, steps - 1),
            Some((None, _)) => true,
            None => false,
        }
    }
    fn judge(items: &BTreeMap<u32, (Option<u32>, Access)>, num: u32, identity: &Identity) -> bool {
        let (parent, access) = &items[&num];
        let above = || parent.is_some_and(|parent| judge(items, parent, identity));
        match access {
            Unknown => false,
            Replaced(named) => identity.is_any(named),
            Inherited => above(),
            Narrowed(named) => above() && identity.is_any(named),
            Widened(named) => parent.is_some() && (above() || identity.is_any(named)),
        }
    }
    arrives(items, num, items.len()) && judge(items, num, identity)
}

fn draw_principals(seeded: &mut Seeded) -> Vec<Principal> {
    let all =
        [user("anna"), user("bob"), group("staff"), group("board"), Principal::Members, Principal::Anyone];
    (0..seeded.below(3)).map(|_| seeded.pick(&all).clone()).collect()
}

fn draw_access(seeded: &mut Seeded) -> Access {
    match seeded.below(8) {
        0..=2 => Inherited,
        3 | 4 => Narrowed(draw_principals(seeded)),
        5 => Widened(draw_principals(seeded)),
        6 => Replaced(draw_principals(seeded)),
        _ => Unknown,
    }
}

fn draw_identity(seeded: &mut Seeded) -> Identity {
    let groups = ["staff", "board"].into_iter().filter(|_| seeded.once_in(2)).map(String::from).collect();
    let user = [None, Some("anna"), Some("bob")][seeded.below(3) as usize].map(String::from);
    Identity { user, groups, member: seeded.once_in(2), closed: seeded.once_in(9) }
}

/// Up to twelve items with strewn numbers; some hang on numbers that name nothing.
fn draw_items(seeded: &mut Seeded) -> BTreeMap<u32, (Option<u32>, Access)> {
    let nums: Vec<u32> = (0..seeded.below(12)).map(|_| seeded.below(1 << 20) as u32).collect();
    let mut items = BTreeMap::new();
    for (place, &num) in nums.iter().enumerate() {
        let (parent, access) = match seeded.below(12) {
            0 | 1 => (None, Replaced(draw_principals(seeded))),
            2 => (None, draw_access(seeded)),
            3 => (Some(seeded.below(1 << 20) as u32), draw_access(seeded)),
            4 => (Some(*seeded.pick(&nums)), draw_access(seeded)),
            _ => (nums.get(place.saturating_sub(1 + seeded.below(2) as usize)).copied(), draw_access(seeded)),
        };
        items.insert(num, (parent.filter(|parent| place > 0 || *parent != num), access));
    }
    items
}

/// From an item up, as a store would find it: until a root, a gap or a circle.
fn chain(items: &BTreeMap<u32, (Option<u32>, Access)>, num: u32) -> Vec<Level> {
    let mut chain: Vec<Level> = Vec::new();
    let mut next = Some(num);
    while let Some(num) = next {
        if chain.iter().any(|level| level.id == num.to_string()) {
            break;
        }
        let (parent, access) = items.get(&num).cloned().unwrap_or((None, Unknown));
        chain.push(Level {
            id: num.to_string(),
            kind: "page".into(),
            title: format!("Page {num}"),
            present: items.contains_key(&num),
            parent: parent.map(|parent| parent.to_string()),
            access,
            withheld: false,
            former: None,
        });
        next = parent;
    }
    chain
}

#[test]
fn agrees_with_the_rule_said_item_by_item() {
    let (mut allowed, mut refused) = (0, 0);
    for seed in 0..6_000 {
        let mut seeded = Seeded::new(seed);
        let items = draw_items(&mut seeded);
        let nodes: Vec<_> =
            items.iter().rev().zip(0..).map(|((num, (parent, _)), at)| (*num, *parent, at)).collect();
        let statements = items.values().rev().map(|(_, access)| access.clone()).collect();
        let forest = Forest::new(nodes, statements);
        let identity = draw_identity(&mut seeded);
        let readable = forest.readable(&identity);
        for &num in items.keys() {
            let expected = may_read(&items, num, &identity);
            assert_eq!(readable.contains(num), expected, "seed {seed}, item {num}: {items:?}");
            let explanation = explain(&chain(&items, num), &identity);
            assert_eq!(explanation.readable, expected, "seed {seed}, item {num}: {explanation:?}");
            assert_eq!(explanation.refusal.is_none(), expected);
            *(if expected { &mut allowed } else { &mut refused }) += 1;
        }
        assert!(readable.iter().all(|num| items.contains_key(&num)));
    }
    assert!(allowed > 3_000 && refused > 3_000, "{allowed} allowed, {refused} refused");
}

#[test]
fn under_agrees_with_walking_up_from_each_item() {
    for seed in 0..2_000 {
        let mut seeded = Seeded::new(seed);
        let items = draw_items(&mut seeded);
        let nodes: Vec<_> = items.iter().map(|(num, (parent, _))| (*num, *parent, 0)).collect();
        let forest = Forest::new(nodes, vec![]);
        let roots: Vec<u32> = items.keys().copied().filter(|_| seeded.once_in(4)).collect();
        let expected: NumSet = items
            .keys()
            .copied()
            .filter(|&num| {
                let chain = chain(&items, num);
                let circle = chain.last().is_some_and(|last| last.present && last.parent.is_some());
                !circle && chain.iter().any(|level| roots.iter().any(|root| root.to_string() == level.id))
            })
            .collect();
        assert_eq!(forest.under(&roots), expected, "seed {seed}, roots {roots:?}: {items:?}");
    }
}

fn level(id: &str, parent: Option<&str>, access: Access) -> Level {
    let kind = id.split(':').next().unwrap_or_default().into();
    Level {
        id: id.into(),
        kind,
        title: id.into(),
        present: true,
        parent: parent.map(Into::into),
        access,
        withheld: false,
        former: None,
    }
}

#[test]
fn explains_through_whom_each_level_lets_a_person_in() {
    let chain = [
        level("page:2", Some("page:1"), Inherited),
        level("page:1", Some("space:1"), Narrowed(vec![user("bob"), group("staff")])),
        level("space:1", None, Replaced(vec![Principal::Members])),
    ];
    let explanation = explain(&chain, &anna());
    assert!(explanation.readable);
    let through: Vec<_> = explanation.steps.into_iter().map(|step| step.through).collect();
    assert_eq!(through, [None, Some(group("staff")), Some(Principal::Members)]);
}

#[test]
fn names_the_level_that_refuses() {
    let refused = |chain: &[Level]| {
        let refusal = explain(chain, &anna()).refusal.expect("refused");
        (refusal.level, refusal.reason)
    };
    let page = |access| level("page:2", Some("page:1"), access);
    let parent = |access| level("page:1", Some("space:1"), access);
    let space = |access| level("space:1", None, access);
    let staff = || Replaced(vec![group("staff")]);
    let bob = || vec![user("bob")];

    assert_eq!(refused(&[page(Inherited), parent(Narrowed(bob())), space(staff())]), (1, Reason::NotNamed));
    // Both refuse: the nearer one is told.
    assert_eq!(
        refused(&[page(Narrowed(bob())), parent(Narrowed(bob())), space(staff())]),
        (0, Reason::NotNamed)
    );
    assert_eq!(
        refused(&[page(Widened(bob())), parent(Inherited), space(Replaced(bob()))]),
        (2, Reason::NotNamed)
    );
    assert_eq!(
        refused(&[page(Inherited), parent(Inherited), space(Replaced(vec![]))]),
        (2, Reason::RootWithoutReaders)
    );
    assert_eq!(refused(&[page(Inherited), parent(Unknown), space(staff())]), (1, Reason::Unknown));
    assert_eq!(refused(&[page(staff()), parent(staff())]), (1, Reason::ParentAbsent));
    let absent = Level { present: false, parent: None, ..parent(Unknown) };
    assert_eq!(refused(&[page(staff()), absent]), (1, Reason::Absent));
    assert_eq!(refused(&[page(staff()), space(staff())]), (0, Reason::ParentAbsent));
    assert_eq!(refused(&[]), (0, Reason::Absent));
}
