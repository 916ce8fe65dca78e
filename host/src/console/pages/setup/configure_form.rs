//! The form of *Configure records*.

use maud::{Markup, html};

use super::configure::Known;
use super::steps::{Step, steps};
use super::{again, faulty, origins, ready};
use crate::console::pages::faults::Faults;
use crate::console::pages::layout::{self, Nav};
use crate::console::pages::schema;
use crate::console::pages::sent::Sent;
use crate::console::pages::{address, form};
use crate::console::who::Said;
use crate::console::{Trouble, Viewer};
use crate::host::{Drawn, Estimate};
use crate::schedule::{EVERY_MINUTES_MAX, EVERY_MINUTES_MIN};
use crate::store::IndexMode;

/// The id of the interval's field.
pub const EVERY: &str = "every";

/// The name of the field that says whether everything is searched.
pub const SEARCHED: &str = "searched";

pub struct Form<'a> {
    pub viewer: &'a Viewer,
    pub known: &'a Known,
    /// What stands in the form.
    pub sent: &'a Sent,
    pub faults: &'a Faults,
    /// What the settings would need; None if they cannot be read.
    pub drawn: Option<&'a Drawn>,
    pub estimate: Option<&'a Result<Estimate, Trouble>>,
}

impl Form<'_> {
    pub fn page(&self, said: &Said) -> Markup {
        let (name, setting_up) = (&self.known.connection.name, self.known.turn.schedule.setting_up);
        let title = if setting_up { "New connection" } else { "Edit" };
        let lacking = self.drawn.map_or(&[][..], |drawn| &drawn.scopes_lacking);
        let content = html! {
            div.setup {
                h1 { (title) ": " (name) }
                @if setting_up { (steps(Step::Configure, self.known.is_approved())) }
                (self.faults.summary())
                (again::lacking(name, lacking))
                (self.signed_in())
                (form::form(self.viewer, &address::connection(name, "/configure"), html! {
                    (self.schedule())
                    (self.filters())
                    (self.kinds())
                    (self.origins())
                    (ready::estimate(name, "/configure", self.estimate, false))
                    div.row {
                        button.primary type="submit" { @if setting_up { "Save and continue" } @else { "Save" } }
                        a.button href="/connections" { @if setting_up { "Go on another time" } @else { "Cancel" } }
                    }
                }))
            }
        };
        layout::page(self.viewer, Nav::Connections, title, said, content)
    }

    fn signed_in(&self) -> Markup {
        let connection = &self.known.connection;
        let identity = schema::fields(&self.known.description.settings_schema);
        let identity: Vec<_> = identity.into_iter().filter(|field| field.identity).collect();
        let settings = schema::typed(&identity, &self.known.settings());
        html! {
            div.panel {
                dl.facts {
                    @for field in &identity {
                        dt { (field.title) }
                        dd { (settings.get(&field.pointer).map_or("", String::as_str)) }
                    }
                    dt { "Signed in as" }
                    dd {
                        (connection.account) " "
                        a href=(address::connection(&connection.name, "/sign-in")) { "Reauthenticate" }
                    }
                }
            }
        }
    }

    fn schedule(&self) -> Markup {
        let manual = self.sent.text("mode") == Some("manual");
        let help = format!("From {EVERY_MINUTES_MIN} to {EVERY_MINUTES_MAX} (31 days).");
        let field = form::Field {
            id: EVERY,
            label: "Minutes from one sync to the next",
            help: Some(&help),
            fault: self.faults.at(EVERY),
        };
        html! {
            fieldset.panel {
                legend { "When it is read" }
                @for (value, words, checked) in
                    [("scheduled", "On schedule", !manual), ("manual", "Only when somebody asks for it", manual)]
                {
                    div.check {
                        input id=(format!("mode-{value}")) type="radio" name="mode" value=(value) checked[checked];
                        label for=(format!("mode-{value}")) { (words) }
                    }
                }
                (field.show(html! {
                    input id=(EVERY) name=(EVERY) type="number" min=(EVERY_MINUTES_MIN) max=(EVERY_MINUTES_MAX)
                        value=(self.sent.text(EVERY).unwrap_or_default())
                        aria-describedby=[field.described()] aria-invalid=[field.fault.map(|_| "true")];
                }))
            }
        }
    }

    fn filters(&self) -> Markup {
        let choices = address::connection(&self.known.connection.name, "/choices");
        let choices = format!("/api/v1{choices}");
        html! {
            fieldset.panel {
                legend { "What is read" }
                p.help { "Without any of these, everything that the account sees is read." }
                (schema::show(&self.known.fields(), &self.sent.typed(), self.faults, Some(&choices)))
            }
        }
    }

    fn kinds(&self) -> Markup {
        let on: Vec<&str> = self.sent.all("kind").collect();
        let offered: Vec<_> = self.known.kinds.iter().filter(|kind| kind.offered).collect();
        let mut families: Vec<&str> = Vec::new();
        for kind in &offered {
            if !families.contains(&kind.family.as_str()) {
                families.push(&kind.family);
            }
        }
        html! {
            fieldset.panel {
                legend { "What searches find" }
                p.help { "All is read whatever is said here; a kind that is off is left out of searches." }
                (self.index_mode())
                div.families {
                    @for family in families {
                        fieldset {
                            legend { (family) }
                            @for kind in offered.iter().filter(|kind| kind.family == family) {
                                @let id = format!("kind-{}", kind.name);
                                div.check {
                                    input id=(id) type="checkbox" name="kind" value=(kind.name)
                                        checked[on.contains(&kind.name.as_str())];
                                    label for=(id) { (kind.title) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn index_mode(&self) -> Markup {
        let manual = self.sent.text(SEARCHED) == Some(IndexMode::Manual.as_str());
        let modes = [
            (IndexMode::Everything, "Everything of these kinds", !manual),
            (IndexMode::Manual, "Of these kinds only what is chosen, item by item, under Records", manual),
        ];
        html! {
            @for (mode, words, checked) in modes {
                @let id = format!("{SEARCHED}-{}", mode.as_str());
                div.check {
                    input id=(id) type="radio" name=(SEARCHED) value=(mode.as_str()) checked[checked];
                    label for=(id) { (words) }
                }
            }
        }
    }

    fn origins(&self) -> Markup {
        let agreed = &self.known.connection.origins;
        html! {
            @match self.drawn.filter(|drawn| drawn.origins_differ) {
                Some(drawn) => div.panel {
                    (origins::ask(&drawn.plan.origins, &[], &self.sent.owned(origins::AGREED), self.faults))
                },
                None => details.panel {
                    summary { "Where requests go, as agreed: " (agreed.len()) " addresses" }
                    (origins::list(agreed, &[]))
                },
            }
        }
    }
}

/// Trouble in a sentence, for a place on a page that works without.
pub fn trouble(trouble: &Trouble) -> Markup {
    html! { p.trouble { (faulty::sentence(&trouble.to_string())) } }
}
