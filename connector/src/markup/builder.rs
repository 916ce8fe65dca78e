//! Gives tags their nesting, and mends it where they do not match, as a browser would.

use super::entities::decode;
use super::events::Event;
use super::tree::{Kind, NOBODY, Node, Tree};

/// Elements nested deeper than this are read as if their tags were not there. Real pages stay
/// below 40; the walk over the tree is recursive and has to fit a stack of 1 MiB.
const DEPTH_MAX: usize = 100;

/// Of what follows this many nodes only the words are kept, so that a body of nothing but tags cannot fill the
/// sandbox's memory (a node is 32 bytes there). A page of 5 MB usually has a tenth of it.
const NODES_MAX: usize = 1 << 20;

struct Open<'a> {
    name: &'a str,
    at: u32,
    last_child: u32,
}

pub struct Builder<'a> {
    tree: Tree<'a>,
    open: Vec<Open<'a>>,
    /// Elements open beyond [`DEPTH_MAX`].
    deeper: usize,
}

impl<'a> Builder<'a> {
    pub fn new() -> Self {
        let mut builder =
            Self { tree: Tree { nodes: Vec::new(), overflow: String::new() }, open: Vec::new(), deeper: 0 };
        let root = Kind::Element { name: "", attributes: "" };
        builder.add(root);
        builder.open.push(Open { name: "", at: 0, last_child: NOBODY });
        builder
    }

    pub fn event(&mut self, event: Event<'a>) {
        match event {
            Event::Text(text) => self.text(Kind::Text(text), text),
            Event::Raw(text) => self.text(Kind::Raw(text), text),
            Event::Start { name, attributes, empty } => self.start(name, attributes, empty),
            Event::End(name) => self.end(name),
        }
    }

    pub fn finish(self) -> Tree<'a> {
        self.tree
    }

    fn full(&self) -> bool {
        self.tree.nodes.len() >= NODES_MAX
    }

    fn text(&mut self, kind: Kind<'a>, text: &'a str) {
        if self.full() {
            self.tree.overflow.push_str(&decode(text));
            self.tree.overflow.push(' ');
        } else {
            self.add(kind);
        }
    }

    fn start(&mut self, name: &'a str, attributes: &'a str, empty: bool) {
        if self.full() {
            return;
        }
        while self.open.last().is_some_and(|open| ends_before(open.name, name)) {
            self.open.pop();
        }
        let empty = empty || matches!(name, "br" | "hr" | "col" | "img" | "wbr");
        if self.open.len() > DEPTH_MAX {
            self.deeper += usize::from(!empty);
            return;
        }
        let at = self.add(Kind::Element { name, attributes });
        if !empty {
            self.open.push(Open { name, at, last_child: NOBODY });
        }
    }

    /// Closes the innermost open element of that name and all inside of it. An end without a start closes nothing.
    fn end(&mut self, name: &str) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        let value_left_open = |open: &Open<'_>| holds_a_value(open.name) && open.name != name;
        if self.open.last().is_some_and(value_left_open) {
            self.open.pop();
        }
        let outward = self.open.iter().enumerate().skip(1).rev();
        for (depth, open) in outward {
            if open.name == name {
                self.open.truncate(depth);
                return;
            }
            if keeps_inside(open.name) && !keeps_inside(name) {
                return;
            }
        }
    }

    /// Appends a node to the innermost open element.
    fn add(&mut self, kind: Kind<'a>) -> u32 {
        let at = u32::try_from(self.tree.nodes.len()).unwrap_or(NOBODY);
        self.tree.nodes.push(Node { kind, first_child: NOBODY, next: NOBODY });
        if let Some(parent) = self.open.last_mut() {
            let elder = std::mem::replace(&mut parent.last_child, at);
            if let Some(node) = self.tree.nodes.get_mut(elder as usize) {
                node.next = at;
            } else if let Some(node) = self.tree.nodes.get_mut(parent.at as usize) {
                node.first_child = at;
            }
        }
        at
    }
}

/// Whether `open` was left open by mistake, because `next` cannot stand inside of it.
fn ends_before(open: &str, next: &str) -> bool {
    match open {
        "p" | "li" | "tr" => open == next,
        "td" | "th" => matches!(next, "td" | "th" | "tr"),
        // The settings of an app's macro are one attribute with parameters inside.
        "ac:adf-attribute" => next != "ac:adf-parameter",
        _ if holds_a_value(open) => true,
        "ac:parameter" => {
            is_block(next) || matches!(next, "ac:parameter" | "ac:rich-text-body" | "ac:plain-text-body")
        }
        "ac:adf-parameter" => {
            is_block(next) || matches!(next, "ac:adf-attribute" | "ac:adf-content" | "ac:adf-fallback")
        }
        _ => false,
    }
}

/// Elements without markup inside: whatever begins or ends there belongs behind them.
fn holds_a_value(name: &str) -> bool {
    matches!(name, "ac:task-id" | "ac:task-uuid" | "ac:task-status" | "ac:adf-attribute" | "ac:placeholder")
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "table" | "blockquote" | "pre"
    )
}

/// Elements that stray end tags of text inside of them do not close.
fn keeps_inside(name: &str) -> bool {
    matches!(name, "table" | "thead" | "tbody" | "tr" | "td" | "th" | "ul" | "ol" | "li")
        || (name.starts_with("ac:") && name != "ac:inline-comment-marker")
}
