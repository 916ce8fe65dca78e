//! All items of a connection at once: which of them may a person read.

use std::collections::BTreeMap;

use super::rule::{self, Above};
use super::{Identity, NumSet};
use crate::model::Access;

/// Stands for "no parent" among positions; no forest has so many items.
const NONE: u32 = u32::MAX;

/// The items of one connection as a forest, with what each states of its readers.
///
/// Twelve bytes an item, and a little more for each that waits. Building it sorts, so it costs O(n log n); each question
/// after that is one pass over the items, without recursion however deep they lie.
#[derive(Debug, Clone, Default)]
pub struct Forest {
    /// Parents before their children. The first `placed` hang on roots; the others on
    /// items whose parent is not there. Items in a circle, and below one, are left out:
    /// nobody may read them.
    nodes: Vec<Node>,
    placed: usize,
    statements: Vec<Access>,
    /// Former places that still count, in the order of the nodes.
    former: Vec<FormerNode>,
    /// Items whose words are shown to nobody yet. Who may read them still decides about what is below.
    withheld: NumSet,
}

/// An item of which not everything that was told counts yet; see [`super::settle`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    pub num: u32,
    /// Its words are shown to nobody yet.
    pub withheld: bool,
    /// The number of the parent and the place of the statement that must let a reader in as well.
    pub former: Option<(Option<u32>, u32)>,
}

/// As [`Node`], of a place that an item has left.
#[derive(Debug, Clone, Copy)]
struct FormerNode {
    node: u32,
    parent: u32,
    statement: u32,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    num: u32,
    /// The place of the parent among the nodes, or `NONE`.
    parent: u32,
    /// The place of what it states among the statements. A place that does not exist
    /// counts as `Access::Unknown`.
    statement: u32,
}

impl Forest {
    /// From `(number, number of the parent, place of its statement)`, in any order.
    ///
    /// Numbers are unique; an item that is given twice and differently may be read by
    /// nobody. A parent need not be among the items, nor a statement's place exist.
    pub fn new(items: impl IntoIterator<Item = (u32, Option<u32>, u32)>, statements: Vec<Access>) -> Self {
        Self::with_waiting(items, statements, &[])
    }

    /// The same, of which some items wait. An item that may not be placed before its former parent
    /// is, and the other way round, is for nobody until one of them has settled.
    pub fn with_waiting(
        items: impl IntoIterator<Item = (u32, Option<u32>, u32)>,
        statements: Vec<Access>,
        waiting: &[Waiting],
    ) -> Self {
        let mut items: Vec<Given> =
            items.into_iter().map(|(num, parent, statement)| Given { num, parent, statement }).collect();
        items.sort_unstable_by_key(|item| item.num);
        items.dedup_by(|later, first| {
            if later.num == first.num && later != first {
                first.statement = NONE;
            }
            later.num == first.num
        });
        let children = Children::new(&items);
        let mut planting = Planting::new(&items, &children, waiting);
        planting.plant(&children.roots);
        let placed = planting.nodes.len();
        planting.plant(&children.orphans);
        let Planting { nodes, former, .. } = planting;
        let withheld = waiting.iter().filter(|one| one.withheld).map(|one| one.num).collect();
        Forest { nodes, placed, statements, former, withheld }
    }

    /// The numbers of all items that the person may read.
    pub fn readable(&self, identity: &Identity) -> NumSet {
        let named: Vec<bool> =
            self.statements.iter().map(|access| identity.is_any(rule::principals(access))).collect();
        let mut verdicts: Vec<bool> = Vec::with_capacity(self.placed);
        let mut readable = NumSet::new();
        let mut former = self.former.iter().peekable();
        for (node, here) in self.nodes.iter().take(self.placed).zip(0u32..) {
            let judge = |parent: u32, statement: u32| {
                let above = match parent {
                    NONE => Above::Nothing,
                    parent => verdicts
                        .get(parent as usize)
                        .map_or(Above::Lost, |&readable| Above::Parent { readable }),
                };
                match (self.statements.get(statement as usize), named.get(statement as usize)) {
                    (Some(access), Some(&named)) => rule::readable(access, above, named),
                    _ => false,
                }
            };
            let once = former.next_if(|former| former.node == here);
            let verdict = judge(node.parent, node.statement)
                && once.is_none_or(|former| judge(former.parent, former.statement));
            verdicts.push(verdict);
            if verdict && !self.withheld.contains(node.num) {
                readable.insert(node.num);
            }
        }
        readable
    }

    /// The numbers of the items whose words are shown to nobody yet.
    pub fn withheld(&self) -> &NumSet {
        &self.withheld
    }

    /// The numbers of these items and of all that lies below them, readable or not.
    /// Numbers that name no item, or an item in a circle, add nothing.
    pub fn under(&self, roots: &[u32]) -> NumSet {
        let roots: NumSet = roots.iter().copied().collect();
        let mut inside: Vec<bool> = Vec::with_capacity(self.nodes.len());
        let mut under = NumSet::new();
        for node in &self.nodes {
            let parent_inside = inside.get(node.parent as usize).copied().unwrap_or(false);
            let is_inside = parent_inside || roots.contains(node.num);
            inside.push(is_inside);
            if is_inside {
                under.insert(node.num);
            }
        }
        under
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Given {
    num: u32,
    parent: Option<u32>,
    statement: u32,
}

/// Who is whose child, as places among the items.
struct Children {
    roots: Vec<u32>,
    orphans: Vec<u32>,
    /// The children of the item at `i` are `all[starts[i]..starts[i + 1]]`.
    starts: Vec<u32>,
    all: Vec<u32>,
}

impl Children {
    /// Items are sorted by number. Sorted by parent as well they can be walked side by
    /// side, which finds every parent without a table of numbers.
    fn new(items: &[Given]) -> Self {
        let mut roots = Vec::new();
        let mut by_parent: Vec<(u32, u32)> = Vec::with_capacity(items.len());
        for (item, place) in items.iter().zip(0u32..) {
            match item.parent {
                Some(parent) => by_parent.push((parent, place)),
                None => roots.push(place),
            }
        }
        by_parent.sort_unstable();
        let mut children = by_parent.into_iter().peekable();
        let mut orphans = Vec::new();
        let mut starts = Vec::with_capacity(items.len() + 1);
        let mut all = Vec::new();
        for item in items {
            while let Some((_, orphan)) = children.next_if(|(parent, _)| *parent < item.num) {
                orphans.push(orphan);
            }
            starts.push(all.len() as u32);
            while let Some((_, child)) = children.next_if(|(parent, _)| *parent == item.num) {
                all.push(child);
            }
        }
        starts.push(all.len() as u32);
        orphans.extend(children.map(|(_, orphan)| orphan));
        Children { roots, orphans, starts, all }
    }

    fn of(&self, place: u32) -> &[u32] {
        let place = place as usize;
        match (self.starts.get(place), self.starts.get(place + 1)) {
            (Some(&start), Some(&end)) => self.all.get(start as usize..end as usize).unwrap_or_default(),
            _ => &[],
        }
    }
}

/// The nodes so far, and what waits for a former parent to be among them.
struct Planting<'a> {
    items: &'a [Given],
    children: &'a Children,
    /// By number: the former place of an item.
    former_places: BTreeMap<u32, (Option<u32>, u32)>,
    /// Where former parents were planted, by number; of others nobody asks.
    planted: BTreeMap<u32, Option<u32>>,
    /// By the number of the former parent: the items that wait for it, as place and parent's node.
    held: BTreeMap<u32, Vec<(u32, u32)>>,
    nodes: Vec<Node>,
    former: Vec<FormerNode>,
}

impl<'a> Planting<'a> {
    fn new(items: &'a [Given], children: &'a Children, waiting: &[Waiting]) -> Self {
        let former_places: BTreeMap<_, _> =
            waiting.iter().filter_map(|one| Some((one.num, one.former?))).collect();
        let parents = former_places.values().filter_map(|(parent, _)| *parent);
        Self {
            items,
            children,
            planted: parents.map(|parent| (parent, None)).collect(),
            former_places,
            held: BTreeMap::new(),
            nodes: Vec::with_capacity(items.len()),
            former: Vec::new(),
        }
    }

    /// Adds the items at these places and all below them, each after its parent and its former one.
    ///
    /// Every item is the child of one parent at most, so no walk from a root meets an item
    /// twice, and a circle is never entered.
    fn plant(&mut self, tops: &[u32]) {
        let mut waiting: Vec<(u32, u32)> = tops.iter().rev().map(|&top| (top, NONE)).collect();
        while let Some((place, parent)) = waiting.pop() {
            let Some(item) = self.items.get(place as usize) else { continue };
            let here = self.nodes.len() as u32;
            if let Some(&(former, statement)) = self.former_places.get(&item.num) {
                let stood = match former.map(|num| (num, self.planted.get(&num).copied().flatten())) {
                    None => NONE,
                    Some((_, Some(node))) => node,
                    Some((num, None)) => {
                        self.held.entry(num).or_default().push((place, parent));
                        continue;
                    }
                };
                self.former.push(FormerNode { node: here, parent: stood, statement });
            }
            self.nodes.push(Node { num: item.num, parent, statement: item.statement });
            if let Some(node) = self.planted.get_mut(&item.num) {
                *node = Some(here);
                waiting.extend(self.held.remove(&item.num).unwrap_or_default());
            }
            waiting.extend(self.children.of(place).iter().rev().map(|&child| (child, here)));
        }
    }
}
