//! What somebody asks for on the page: words and filters, and both as one query.

use std::collections::BTreeSet;

use crate::console::pages::address;
use crate::store::SearchedKind;

/// Results shown at first, and so many more each time: a screen or two.
pub const SHOWN: usize = 20;
/// Further down nobody looks; another word helps more.
pub const SHOWN_MAX: usize = 200;

/// The fields of the form. Empty ones were left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// In the query language.
    pub words: String,
    /// Families of kinds; any of them.
    pub families: BTreeSet<String>,
    pub connection: String,
    pub space: String,
    pub label: String,
    /// A day, `2026-01-31`: changed since.
    pub updated: String,
    /// With whose eyes, if not with one's own.
    pub as_whom: String,
    /// Results at most.
    pub shown: usize,
}

impl Asked {
    /// From an address; a name that is there twice counts twice only for kinds.
    pub fn of(query: &str) -> Self {
        let mut asked = Self { shown: SHOWN, ..Self::default() };
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let place = match &*name {
                // A space at its end says that the last word is whole.
                "q" => {
                    asked.words = value.trim_start().to_owned();
                    continue;
                }
                "kind" => {
                    asked.families.insert(value.trim().to_owned());
                    continue;
                }
                "shown" => {
                    asked.shown = value.parse().unwrap_or(SHOWN).clamp(1, SHOWN_MAX);
                    continue;
                }
                "connection" => &mut asked.connection,
                "space" => &mut asked.space,
                "label" => &mut asked.label,
                "updated" => &mut asked.updated,
                "as" => &mut asked.as_whom,
                _ => continue,
            };
            value.trim().clone_into(place);
        }
        asked.families.remove("");
        asked
    }

    /// The address of the same search, with these changes.
    pub fn address(&self) -> String {
        let shown = self.shown.to_string();
        let kinds = self.families.iter().map(|family| ("kind", Some(family.as_str())));
        let rest = [
            ("q", Some(self.words.as_str())),
            ("connection", Some(&self.connection)),
            ("space", Some(&self.space)),
            ("label", Some(&self.label)),
            ("updated", Some(&self.updated)),
            ("as", Some(&self.as_whom)),
            ("shown", (self.shown != SHOWN).then_some(shown.as_str())),
        ];
        address::query("/search", rest.into_iter().chain(kinds))
    }

    /// Whether nothing was asked for yet.
    pub fn is_nothing(&self) -> bool {
        self.words.trim().is_empty() && !self.is_filtered()
    }

    /// Whether something other than words narrows the search.
    pub fn is_filtered(&self) -> bool {
        let given = [&self.connection, &self.space, &self.label, &self.updated];
        !self.families.is_empty() || given.into_iter().any(|value| !value.is_empty())
    }

    /// All of it in the query language: the filters first, since the word that is being typed is the last.
    pub fn query(&self, kinds: &[SearchedKind]) -> String {
        let mut query = String::new();
        let mut narrow = |name: &str, value: &str| {
            // Nothing within quotes ends them.
            let value = value.replace(['"', '“', '”', '„', '‟'], "");
            if !value.trim().is_empty() {
                query += &format!("{name}:\"{value}\" ");
            }
        };
        narrow("connection", &self.connection);
        narrow("space", &self.space);
        narrow("label", &self.label);
        if !self.updated.is_empty() {
            narrow("updated", &format!(">{}", self.updated));
        }
        if !self.families.is_empty() {
            narrow("kind", &self.kinds(kinds));
        }
        query + &self.words
    }

    /// The kinds of the families; a name that is no family's is taken for a kind's.
    fn kinds(&self, kinds: &[SearchedKind]) -> String {
        let mut names = BTreeSet::new();
        for family in &self.families {
            let of_family = kinds.iter().filter(|kind| kind.family == *family && kind.offered);
            let before = names.len();
            names.extend(of_family.map(|kind| kind.name.as_str()));
            if names.len() == before {
                names.insert(family);
            }
        }
        names.into_iter().collect::<Vec<_>>().join(",")
    }
}

/// The families to choose from, in the connectors' order, each once.
pub fn families(kinds: &[SearchedKind]) -> Vec<&str> {
    let mut families: Vec<&str> = Vec::new();
    for kind in kinds.iter().filter(|kind| kind.on) {
        if !families.contains(&kind.family.as_str()) {
            families.push(&kind.family);
        }
    }
    families
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn kinds() -> Vec<SearchedKind> {
        let kind = |name: &str, family: &str, offered, on| SearchedKind {
            name: name.to_owned(),
            title: name.to_owned(),
            family: family.to_owned(),
            offered,
            on,
            inherits: false,
        };
        vec![
            kind("page", "Pages", true, true),
            kind("page-comment", "Pages", true, false),
            kind("blogpost", "Blog posts", true, true),
            kind("place", "Spaces", false, false),
        ]
    }

    #[test]
    fn filters_are_written_in_the_query_language() {
        let query = |address: &str| Asked::of(address).query(&kinds());
        assert_eq!(query("q=parental+leave"), "parental leave");
        assert_eq!(query("q=leave+"), "leave ");
        assert_eq!(query("q=leave&kind=Pages&kind=Blog+posts"), r#"kind:"blogpost,page,page-comment" leave"#);
        assert_eq!(query("kind=page"), r#"kind:"page" "#);
        assert_eq!(
            query("q=x&space=ENG&label=how+to&connection=acme&updated=2026-01-31"),
            r#"connection:"acme" space:"ENG" label:"how to" updated:">2026-01-31" x"#
        );
        assert_eq!(query("q=x&space=+&label=&kind="), "x");
        assert_eq!(
            query(r#"q=x&space=a"+-secret+"b"#),
            r#"space:"a -secret b" x"#,
            "no way out of the quotes"
        );
    }

    #[test]
    fn an_address_tells_all_that_was_asked() {
        let asked = Asked::of("q=a%26b&kind=Pages&kind=Spaces&space=ENG&as=ana%40acme.com&shown=40&other=1");
        assert_eq!(asked.shown, 40);
        assert_eq!(Asked::of(asked.address().split_once('?').unwrap().1), asked);
        assert_eq!(Asked::of("shown=9999").shown, SHOWN_MAX);
        assert_eq!(Asked::of("shown=x").shown, SHOWN);
        assert!(Asked::of("q=+&kind=&as=ana%40acme.com").is_nothing());
        assert!(!Asked::of("label=x").is_nothing());
    }

    #[test]
    fn families_to_choose_from_are_those_that_are_searched() {
        assert_eq!(families(&kinds()), ["Pages", "Blog posts"]);
    }
}
