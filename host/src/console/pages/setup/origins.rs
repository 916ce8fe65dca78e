//! Where requests will go, for somebody to agree to before a secret is sent there.

use maud::{Markup, html};
use sha2::{Digest, Sha256};

use crate::console::pages::faults::Faults;
use crate::model::Origin;

/// The id of the box that is ticked.
pub const AGREED: &str = "agreed";

/// Stands for just these origins and what is let through to them: what was agreed to of others is not agreed to here.
pub fn mark(origins: &[Origin]) -> String {
    let mut hasher = Sha256::new();
    for origin in origins {
        for part in [origin.url.as_str(), &origin.manner(), &origin.purpose] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }
    hasher.finalize().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// The list, and the box. `agreed` is the mark that was sent.
pub fn ask(asked: &[Origin], own: &[Origin], agreed: &str, faults: &Faults) -> Markup {
    let mark = mark(&[asked, own].concat());
    let fault = faults.at(AGREED);
    html! {
        fieldset.field.agree.faulty[fault.is_some()] {
            legend { "Where requests will go" }
            p.help { "Weir sends what you typed, and every request of this connection, to these addresses and no others." }
            (list(asked, own))
            div.check {
                input #agreed type="checkbox" name="agreed" value=(mark) checked[agreed == mark]
                    aria-describedby=[fault.map(|_| "agreed-fault")] aria-invalid=[fault.map(|_| "true")];
                label for="agreed" { "I agree to all of them" }
            }
            @if let Some(fault) = fault { p.fault #agreed-fault { (fault) } }
        }
    }
}

/// Origins in plain words; `own` are those that Weir itself asks.
pub fn list(asked: &[Origin], own: &[Origin]) -> Markup {
    html! {
        ul.origins {
            @for origin in asked {
                li { code { (origin.url) } " — " (origin.purpose) " " span.soft { "(" (origin.manner()) ")" } }
            }
            @for origin in own {
                li {
                    code { (origin.url) } " — " (origin.purpose) " "
                    span.soft { "(by Weir itself, never by the connector)" }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::mark;
    use crate::model::Origin;

    #[test]
    fn an_agreement_is_to_all_that_is_said_of_an_origin() {
        let origin = |url: &str, credential, post, purpose: &str| {
            vec![Origin { url: url.to_owned(), credential, post, purpose: purpose.to_owned() }]
        };
        let agreed = mark(&origin("https://a", false, false, "read"));
        assert_eq!(agreed, mark(&origin("https://a", false, false, "read")));
        for other in [
            origin("https://b", false, false, "read"),
            origin("https://a", true, false, "read"),
            origin("https://a", false, true, "read"),
            origin("https://a", false, false, "read all"),
            Vec::new(),
        ] {
            assert_ne!(agreed, mark(&other), "{other:?}");
        }
    }
}
