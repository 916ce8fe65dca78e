//! Links, mentions, and the resources they point at.

use super::marks::Spot;
use super::renderer::Renderer;
use super::style::Style;
use super::tree::Element;

/// What an `ri:` element names.
pub struct Target {
    /// How it is called where nothing else names it.
    pub name: String,
    /// Where a link to it points, if it can be linked.
    pub address: Option<String>,
}

impl Target {
    pub fn new(name: impl Into<String>, address: String) -> Self {
        Self { name: name.into(), address: Some(address) }
    }
}

impl Renderer {
    /// `<ac:link>`: its body, or else the name of what it points at.
    pub fn link(&mut self, link: Element<'_>) {
        let anchor = link.attribute("ac:anchor");
        let target = self.target_in(link);
        let spot = self.flow.spot();
        self.label(|renderer| {
            renderer.children_that(link, |child| !child.name.starts_with("ri:"));
            if renderer.flow.nothing_since(spot) {
                match (&target, &anchor) {
                    (Some(target), _) => renderer.flow.words(&target.name),
                    (None, Some(anchor)) => renderer.flow.words(anchor),
                    (None, None) => {}
                }
            }
        });
        let mut address = match target {
            Some(Target { address: None, .. }) => return,
            Some(target) => target.address.unwrap_or_default(),
            None => String::new(),
        };
        if let Some(anchor) = anchor {
            address.push('#');
            address.push_str(&percent_decoded(&anchor));
        }
        if !address.is_empty() {
            self.link_since(spot, &address);
        }
    }

    /// `<a>`, also as the smart link of the new editor, whose text may be its own URL.
    pub fn web_link(&mut self, link: Element<'_>) {
        let Some(address) = link.attribute("href") else {
            return self.children(link);
        };
        let spot = self.flow.spot();
        self.label(|renderer| renderer.children(link));
        let text = self.flow.since(spot).map(str::trim);
        let address = address.trim();
        let bare = address.strip_prefix("mailto:").unwrap_or(address);
        let title = link.attribute("title").filter(|title| !title.trim().is_empty());
        if let Some(title) = title {
            if !self.flow.style.plain && !runs_code(address) {
                let target = self.titled(address, &title);
                self.flow.link(spot, &target);
            }
        } else if text.is_none_or(|text| !text.is_empty() && text.replace('\\', "") != bare) {
            self.link_since(spot, address);
        } else if self.flow.style.plain || runs_code(address) {
            self.flow.rewind(spot);
            self.flow.words(bare);
        } else if bare.contains("://") || bare.contains('@') {
            self.flow.rewind(spot);
            let unfit = |character: char| character.is_control() || " <>".contains(character);
            let address = bare.replace(unfit, "");
            self.flow.markdown(&format!("<{address}>"));
        } else {
            self.link_since(spot, address);
        }
    }

    /// An `ri:` element outside of any link, as apps leave them in their parameters.
    pub fn resource(&mut self, resource: Element<'_>) {
        if let Some(target) = self.target(resource) {
            self.named(target);
        }
    }

    /// A target by its own name.
    pub fn named(&mut self, target: Target) {
        let spot = self.flow.spot();
        self.label(|renderer| renderer.flow.words(&target.name));
        if let Some(address) = target.address {
            self.link_since(spot, &address);
        }
    }

    pub fn link_since(&mut self, spot: Spot, address: &str) {
        if !self.flow.style.plain && !runs_code(address) {
            self.flow.link(spot, &destination(address, self.flow.style.cell));
        }
    }

    /// Where a link or an image points, and the words that Confluence shows under the mouse.
    pub fn titled(&mut self, address: &str, title: &str) -> String {
        let cell = self.flow.style.cell;
        let target = destination(address, cell);
        let title = self.apart(Style::PLAIN, |renderer| renderer.flow.words(title.trim()));
        if title.is_empty() {
            return target;
        }
        let mut title = title.replace('\\', "\\\\").replace('"', "\\\"");
        if cell {
            title = title.replace('|', "\\|");
        }
        format!("{target} \"{title}\"")
    }

    /// The first resource directly inside an element.
    pub fn target_in(&mut self, element: Element<'_>) -> Option<Target> {
        let resource = element.elements().find(|child| child.name.starts_with("ri:"))?;
        self.target(resource)
    }

    pub fn target(&mut self, resource: Element<'_>) -> Option<Target> {
        let attribute = |key| {
            let value = resource.attribute(key);
            value.filter(|value| !value.trim().is_empty())
        };
        match resource.name {
            "ri:page" | "ri:blog-post" => {
                let title = attribute("ri:content-title")?;
                let kind = if resource.name == "ri:page" { "page" } else { "blog" };
                let address = match attribute("ri:space-key") {
                    Some(space) => format!("{kind}:{space}/{title}"),
                    None => format!("{kind}:{title}"),
                };
                Some(Target::new(title, address))
            }
            "ri:attachment" => {
                let name = attribute("ri:filename")?;
                let address = format!("attachment:{name}");
                Some(Target::new(name, address))
            }
            // Not Confluence's own: a file that the editor's format names by its id.
            "ri:media" => {
                let id = attribute("ri:id")?;
                let name = attribute("ri:name").unwrap_or_default();
                Some(Target::new(name, format!("media:{id}")))
            }
            "ri:space" => {
                let key = attribute("ri:space-key")?;
                let address = format!("space:{key}");
                Some(Target::new(key, address))
            }
            "ri:content-entity" => {
                let id = attribute("ri:content-id")?;
                let address = format!("content:{id}");
                Some(Target::new(id, address))
            }
            "ri:url" => {
                let url = attribute("ri:value")?.into_owned();
                Some(Target::new(url.clone(), url))
            }
            "ri:shortcut" => Some(Target {
                name: attribute("ri:parameter").or(attribute("ri:key"))?.into_owned(),
                address: None,
            }),
            "ri:user" => Some(self.mention(resource)),
            other => {
                self.lose(other);
                None
            }
        }
    }

    /// A person, by account id: the host puts the name they have today, as the contract's `text-format` says. Names would
    /// cost requests here, and change.
    fn mention(&mut self, user: Element<'_>) -> Target {
        match user.attribute("ri:account-id").filter(|id| !id.is_empty()) {
            Some(id) => Target { name: "@".to_owned(), address: Some(format!("user:{id}")) },
            // The ids of Confluence Server, which nobody knows any more after a migration.
            None => {
                self.lose(user.name);
                Target { name: "@unknown".to_owned(), address: None }
            }
        }
    }
}

/// The destination of a link or image: in angle brackets where it would not end where it should.
pub fn destination(address: &str, cell: bool) -> String {
    let mut address: String = address.chars().filter(|character| !character.is_control()).collect();
    if cell {
        address = address.replace('|', "\\|");
    }
    let needs_brackets = address.is_empty() || address.contains([' ', '(', ')', '<', '>', '\u{a0}']);
    if needs_brackets {
        let address = address.replace('<', "%3C").replace('>', "%3E");
        format!("<{address}>")
    } else {
        address
    }
}

/// Whether following the address would run something in the reader's browser.
pub fn runs_code(address: &str) -> bool {
    let scheme: String = address
        .chars()
        .filter(|character| !character.is_control() && !character.is_whitespace())
        .take_while(|character| *character != ':')
        .take("javascript".len() + 1)
        .collect();
    ["javascript", "vbscript", "data"].iter().any(|code| scheme.eq_ignore_ascii_case(code))
}

/// Anchors are percent-encoded; people read them. What is not UTF-8 then stays encoded.
fn percent_decoded(anchor: &str) -> String {
    let mut bytes = Vec::with_capacity(anchor.len());
    let mut rest = anchor.as_bytes();
    while let Some((&byte, follows)) = rest.split_first() {
        let encoded = (byte == b'%').then(|| follows.get(..2)).flatten();
        let decoded = encoded
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(decoded.unwrap_or(byte));
        rest = match decoded {
            Some(_) => follows.get(2..).unwrap_or_default(),
            None => follows,
        };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| anchor.to_owned())
}
