//! The steps, as tabs.

use maud::{Markup, html};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Authenticate,
    Authorize,
    Configure,
}

/// The steps of a set-up. Those before `here` are done; `approved` is whether the login has a step for that.
pub fn steps(here: Step, approved: bool) -> Markup {
    let all = [
        (Step::Authenticate, "Authenticate"),
        (Step::Authorize, "Authorize"),
        (Step::Configure, "Configure records"),
    ];
    let all = all.into_iter().filter(|(step, _)| approved || *step != Step::Authorize);
    html! {
        ol.tabs.steps aria-label="Steps of setting up" {
            @for (number, (step, words)) in (1..).zip(all) {
                li {
                    span aria-current=[(step == here).then_some("step")] data-done[step < here] {
                        @if step < here { span aria-hidden="true" { "✓ " } } @else { (number) ". " }
                        (words)
                        @if step < here { span.unseen { " (done)" } }
                    }
                }
            }
        }
    }
}
