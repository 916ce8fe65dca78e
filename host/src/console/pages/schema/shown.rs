//! The form of a settings schema.

use maud::{Markup, html};

use super::fields::{Field, Sort};
use super::typed::{PREFIX, Typed, id, plain};
use crate::console::pages::faults::Faults;
use crate::console::pages::form;

/// What the script asks for values to choose from; nothing where no connection can ask yet.
type Choices<'a> = Option<&'a str>;

/// Fields under their headings. `choices` is the address that offers values, for the script.
pub fn show(fields: &[Field], typed: &Typed, faults: &Faults, choices: Choices<'_>) -> Markup {
    html! {
        @for group in fields.chunk_by(|one, next| one.group == next.group) {
            @match group.first().map_or("", |field| field.group.as_str()) {
                "" => (all(group, typed, faults, choices)),
                heading => fieldset.group {
                    legend { (heading) }
                    (all(group, typed, faults, choices))
                },
            }
        }
    }
}

fn all(fields: &[Field], typed: &Typed, faults: &Faults, choices: Choices<'_>) -> Markup {
    html! {
        @for field in fields {
            (one(field, typed.get(&field.pointer).map_or("", String::as_str), faults, choices))
        }
    }
}

fn one(field: &Field, text: &str, faults: &Faults, choices: Choices<'_>) -> Markup {
    let (id, name) = (id(&field.pointer), format!("{PREFIX}{}", field.pointer));
    let shown =
        form::Field { id: &id, label: &label(field), help: field.help.as_deref(), fault: faults.at(&id) };
    let (described, invalid) = (shown.described(), shown.fault.map(|_| "true"));
    match &field.sort {
        Sort::Flag if !field.default.is_null() => html! {
            div.field {
                div.check {
                    input id=(id) type="checkbox" name=(name) value="yes" checked[text == "yes"]
                        aria-describedby=[described];
                    label for=(id) { (field.title) }
                }
                @if let Some(fault) = shown.fault { p.fault id=(format!("{id}-fault")) { (fault) } }
                @if let Some(help) = shown.help { p.help id=(format!("{id}-help")) { (help) } }
            }
        },
        Sort::Flag => shown.show(html! {
            select id=(id) name=(name) aria-describedby=[described] aria-invalid=[invalid] {
                @for (value, words) in [("", "Not said"), ("yes", "Yes"), ("no", "No")] {
                    option value=(value) selected[value == text] { (words) }
                }
            }
        }),
        Sort::OneOf(values) => shown.show(html! {
            select id=(id) name=(name) aria-describedby=[described] aria-invalid=[invalid] {
                option value="" { "Not said" }
                @for value in values.iter().map(plain) {
                    option value=(value) selected[value == text] { (value) }
                }
            }
        }),
        Sort::List { .. } => {
            let ask = choices.filter(|_| field.choices);
            shown.show(html! {
                textarea id=(id) name=(name) rows="3" spellcheck="false" aria-describedby=[described]
                    aria-invalid=[invalid] data-choices=[ask] data-setting=[ask.map(|_| &field.pointer)] {
                    "\n" (text)
                }
            })
        }
        Sort::Json => shown.show(html! {
            textarea.code id=(id) name=(name) rows="5" spellcheck="false" aria-describedby=[described]
                aria-invalid=[invalid] { "\n" (text) }
        }),
        Sort::Number { whole, least, most } => shown.show(html! {
            input id=(id) name=(name) type="number" value=(text) step=(if *whole { "1" } else { "any" })
                min=[least] max=[most] aria-describedby=[described] aria-invalid=[invalid];
        }),
        Sort::Moment => shown.show(html! {
            input id=(id) name=(name) type=(moment_type(text)) value=(text) step="any" aria-describedby=[described]
                aria-invalid=[invalid];
        }),
        Sort::Text { example } => shown.show(html! {
            input id=(id) name=(name) type="text" value=(text) placeholder=[example] autocomplete="off"
                spellcheck="false" aria-describedby=[described] aria-invalid=[invalid]
                aria-required=[field.required.then_some("true")];
        }),
    }
}

/// A browser's field for moments shows nothing of what is none, which would then be lost.
fn moment_type(text: &str) -> &'static str {
    let digits = text.get(..4).is_some_and(|year| year.bytes().all(|byte| byte.is_ascii_digit()));
    if text.is_empty() || (digits && text.as_bytes().get(10) == Some(&b'T')) {
        "datetime-local"
    } else {
        "text"
    }
}

fn label(field: &Field) -> String {
    let title = &field.title;
    match &field.sort {
        Sort::Moment => format!("{title} (UTC)"),
        Sort::List { .. } => format!("{title} (one a line)"),
        Sort::Json => format!("{title} (as JSON)"),
        _ => title.clone(),
    }
}
