//! Each fact, and the step at which it stops.

use super::known::{Facts, Filter, Indexed, Present};
use super::steps::{Passage, steps};
use crate::access::Reason;
use crate::host::LeftOut;

fn present() -> Present {
    Present {
        connection: "acme".to_owned(),
        doubts: Vec::new(),
        filter: Filter::Asked,
        who: "user ana of acme, by e-mail".to_owned(),
        refusal: None,
        words: true,
        file: None,
        title: "Palette".to_owned(),
        index: Indexed::Found,
    }
}

/// A letter a step: passed, stopped, not reached; then what the one says that stops.
fn told(facts: &Facts) -> String {
    let steps = steps(facts);
    let letters: String = steps
        .iter()
        .map(|step| match step.state {
            Passage::Passed => 'p',
            Passage::Stopped => 'S',
            Passage::NotReached => '-',
        })
        .collect();
    let stop = steps.iter().find(|step| step.state == Passage::Stopped);
    assert!(stop.is_none_or(|step| step.remedy.is_some()), "what stops says what to do");
    stop.map_or(letters.clone(), |step| format!("{letters} {}", step.words))
}

fn of(change: impl FnOnce(&mut Present)) -> String {
    let mut facts = present();
    change(&mut facts);
    told(&Facts::Present(Box::new(facts)))
}

#[test]
fn each_fact_stops_at_its_step() {
    let acme = || "acme".to_owned();
    let failed = |refused| Facts::Failed {
        connection: acme(),
        id: "page:1".to_owned(),
        reason: "500".to_owned(),
        refused,
        next: "12:00".to_owned(),
    };
    let gone = |deleted, left_out| Facts::Gone { connection: acme(), deleted, left_out };
    let absent = [
        Facts::NoSource { host: "wiki.example".to_owned() },
        Facts::Unmentioned { connections: vec![acme()] },
        Facts::OnlyMentioned { connection: acme() },
        failed(false),
        failed(true),
        Facts::Binned { connection: acme() },
        gone(3, 0),
        gone(3, 1),
        gone(0, 1),
    ];
    let mut lines: Vec<String> = absent.iter().map(told).collect();
    lines.push(of(|_| ()));
    lines.push(of(|item| item.filter = Filter::Unsure("it trapped".to_owned())));
    lines.push(of(|item| item.filter = Filter::Place));
    lines.push(of(|item| item.filter = Filter::LeftOut));
    lines.push(of(|item| item.refusal = Some(("space:1 Design".to_owned(), Reason::NotNamed))));
    lines.push(of(|item| item.refusal = Some(("page:1 Palette".to_owned(), Reason::Withheld))));
    lines.push(of(|item| item.words = false));
    let file = |state: &str| Some((state.to_owned(), "it needs a password".to_owned()));
    lines.push(of(|item| (item.words, item.file) = (false, file("encrypted"))));
    lines.push(of(|item| (item.words, item.file) = (false, file("waiting"))));
    lines.push(of(|item| item.index = Indexed::LeftOut(LeftOut::Kind)));
    lines.push(of(|item| item.index = Indexed::LeftOut(LeftOut::NotChosen)));
    lines.push(of(|item| item.index = Indexed::Waiting));
    lines.push(of(|item| item.index = Indexed::Missing));
    insta::assert_snapshot!(lines.join("\n"), @"
    S---- No connection reads wiki.example.
    S---- No sync of acme has ever met it.
    S---- acme has met it only as what holds something else, and never it itself.
    S---- It could not be read: 500.
    S---- A limit refused it: 500.
    S---- It is in the source's bin.
    S---- It was read once and is gone: the source does not have it any more.
    S---- It was read once and is gone: the source does not have it any more, or the settings leave it out.
    pS--- The settings leave it out: a sync removed what they do not ask for, and this with it.
    ppppp
    ppppp
    pS--- The settings leave it out. It is kept only as a place, since it stands above something they ask for; its words were not read.
    pS--- The settings do not ask for it any more; the next sync removes it.
    ppS-- space:1 Design: the person is none of those named. Who the person is: user ana of acme, by e-mail.
    ppS-- page:1 Palette: its words are new, and who may read what is above was not looked at since: the next sync does. Who the person is: user ana of acme, by e-mail.
    pppS- It has no words of its own: only its title is found, `Palette`.
    pppS- Its file has no words (encrypted): it needs a password. Only its name is found.
    pppS- The words of its file were not taken out yet: only its name is found.
    ppppS It is not searched: its kind is not searched; see `weir index kinds acme`.
    ppppS It is not searched: acme is in manual mode, and it was not chosen; see `weir index list acme`.
    ppppS It waits for the index.
    ppppS The index does not have it.
    ");
}

#[test]
fn the_first_that_stops_is_the_answer() {
    let both = of(|item| {
        item.refusal = Some(("space:1".to_owned(), Reason::NotNamed));
        item.index = Indexed::LeftOut(LeftOut::Kind);
    });
    assert!(both.starts_with("ppS-- space:1: "), "{both}");
}

#[test]
fn what_is_found_says_by_which_words() {
    let steps = steps(&Facts::Present(Box::new(present())));
    assert!(steps.iter().all(|step| step.state == Passage::Passed && step.remedy.is_none()));
    assert_eq!(
        steps.last().map(|step| step.words.as_str()),
        Some("It is found; these words find it: Palette")
    );
}
