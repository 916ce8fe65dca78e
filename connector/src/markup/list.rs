//! Lists, numbered lists and task lists.

use super::block::is_not_shown;
use super::renderer::Renderer;
use super::style::Gap;
use super::tree::{Child, Element};

/// Markdown reads at most nine digits as the number of an item.
const NUMBER_MAX: u32 = 999_999_999;

impl Renderer {
    pub fn list(&mut self, list: Element<'_>, numbered: bool) {
        let mut number = list.attribute("start").and_then(|start| start.trim().parse().ok()).unwrap_or(1);
        let mut gap = self.list_gap();
        for child in list.children() {
            let Child::Element(item) = child else {
                // Words between items belong to nobody, but they are words.
                self.one(child);
                continue;
            };
            if is_not_shown(item.name) {
                continue;
            }
            if matches!(item.name, "ul" | "ol") {
                // Old editors put the inner list beside the item instead of into it.
                let indent = if numbered { "   " } else { "  " };
                self.item(indent, indent, gap, |renderer| {
                    renderer.list(item, item.name == "ol");
                });
                gap = Gap::Line;
                continue;
            }
            let marker = if numbered { format!("{}. ", number.min(NUMBER_MAX)) } else { "- ".to_owned() };
            let indent = " ".repeat(marker.len());
            self.item(&marker, &indent, gap, |renderer| {
                if item.name == "li" {
                    renderer.children(item);
                } else {
                    renderer.element(item);
                }
            });
            number = number.saturating_add(1);
            gap = Gap::Line;
        }
        self.flow.flush();
    }

    pub fn task_list(&mut self, list: Element<'_>) {
        let mut gap = self.list_gap();
        for child in list.children() {
            let Child::Element(task) = child else {
                self.one(child);
                continue;
            };
            if task.name == "ac:task-list" {
                self.item("  ", "  ", gap, |renderer| renderer.task_list(task));
                continue;
            }
            let status = task.child("ac:task-status");
            let status = status.map(|status| self.plain(status));
            let marker = match status.as_deref() {
                Some("complete") => "- [x] ",
                _ => "- [ ] ",
            };
            self.item(marker, "  ", gap, |renderer| renderer.children(task));
            gap = Gap::Line;
        }
    }

    fn item(&mut self, marker: &str, indent: &str, gap: Gap, write: impl FnOnce(&mut Self)) {
        let opened = self.flow.open(marker, indent, gap);
        let in_item = std::mem::replace(&mut self.flow.in_item, true);
        write(self);
        self.flow.close(&opened);
        self.flow.in_item = in_item;
    }

    fn list_gap(&self) -> Gap {
        if self.flow.in_item { Gap::Line } else { Gap::Blank }
    }
}
