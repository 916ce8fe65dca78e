//! Forms, as all pages write them.

use maud::{Markup, html};

use crate::console::Viewer;

/// A form that does something: a POST with the viewer's `csrf` value.
pub fn form(viewer: &Viewer, action: &str, content: Markup) -> Markup {
    html! {
        form method="post" action=(action) {
            input type="hidden" name="csrf" value=(viewer.csrf());
            (content)
        }
    }
}

/// A button that does one thing. `confirm` is asked first, if there is something to lose.
pub fn button(viewer: &Viewer, action: &str, label: &str, class: &str, confirm: Option<&str>) -> Markup {
    form(
        viewer,
        action,
        html! {
            button type="submit" class=(class) data-confirm=[confirm] { (label) }
        },
    )
}

/// One field: a label, what is asked for, help below it, and what is wrong with it.
pub struct Field<'a> {
    pub id: &'a str,
    pub label: &'a str,
    pub help: Option<&'a str>,
    pub fault: Option<&'a str>,
}

impl Field<'_> {
    /// `input` is an element with the field's id, and [`Field::described`] as its `aria-describedby`.
    pub fn show(&self, input: Markup) -> Markup {
        html! {
            div.field.faulty[self.fault.is_some()] {
                label for=(self.id) { (self.label) }
                (input)
                @if let Some(fault) = self.fault { p.fault id=(format!("{}-fault", self.id)) { (fault) } }
                @if let Some(help) = self.help { p.help id=(format!("{}-help", self.id)) { (help) } }
            }
        }
    }

    /// What describes the input, for those who hear it.
    pub fn described(&self) -> Option<String> {
        let fault = self.fault.map(|_| format!("{}-fault", self.id));
        let help = self.help.map(|_| format!("{}-help", self.id));
        match (fault, help) {
            (None, None) => None,
            (fault, help) => Some([fault, help].into_iter().flatten().collect::<Vec<_>>().join(" ")),
        }
    }
}
