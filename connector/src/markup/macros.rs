//! Macros: those whose words are on the page are written, the others leave their name.

use super::code::{Code, literal};
use super::links::Target;
use super::losses::NAME_CHARS_MAX;
use super::renderer::Renderer;
use super::style::Style;
use super::tree::Element;

/// What a placeholder may say beside the macro's name.
const PLACEHOLDER_CHARS_MAX: usize = 120;

/// Parameters that name what a macro shows, the most telling first.
const TELLING: [&str; 10] =
    ["title", "", "name", "filename", "diagramName", "diagramDisplayName", "page", "jqlQuery", "cql", "url"];

impl Renderer {
    pub fn structured_macro(&mut self, element: Element<'_>) {
        let name = element.attribute("ac:name").unwrap_or_default();
        self.named_macro(&name, element);
    }

    /// A macro by its name. An app's macro is a path, `APP/ENVIRONMENT/static/NAME`.
    pub fn named_macro(&mut self, path: &str, element: Element<'_>) {
        let name = path.rsplit('/').next().unwrap_or(path);
        match name {
            "code" | "code-block" => {
                let language = self.parameter(element, "language");
                self.code_macro(element, &language);
            }
            "noformat" => self.code_macro(element, ""),
            "info" | "note" | "tip" | "warning" | "panel" => {
                let title = self.parameter(element, "title");
                self.panel(panel_kind(name), &title, |renderer| renderer.body(element));
            }
            "expand" | "ui-expand" => self.expand(element),
            "status" => {
                let title = self.parameter(element, "title");
                self.flow.words(&title);
            }
            "excerpt" if self.parameter(element, "hidden") == "true" => {
                self.lose("excerpt (hidden)");
            }
            // Made of the page's own headings, or of nothing that is seen.
            "toc" | "anchor" => {}
            "excerpt" | "toc-zone" | "section" | "column" | "details" => self.body(element),
            "include" | "excerpt-include" => self.included(name, element),
            "jira" | "jiraissues" => self.jira(name, element),
            "view-file" | "viewfile" | "viewpdf" | "viewdoc" | "viewxls" | "viewppt" | "multimedia" => {
                self.file(name, element);
            }
            "profile" => self.profile(name, element),
            name => match drawing_language(name) {
                Some(language) => self.drawing_macro(name, language, element),
                None => self.unknown(name, element),
            },
        }
    }

    /// Everything in a macro but its parameters: they are settings, not words of the page.
    fn body(&mut self, element: Element<'_>) {
        self.children(element);
    }

    fn code_macro(&mut self, element: Element<'_>, language: &str) {
        let code = Code { language: language.to_owned(), title: self.parameter(element, "title") };
        self.code_body(element, &code);
    }

    fn code_body(&mut self, element: Element<'_>, code: &Code) {
        match element.child("ac:plain-text-body") {
            Some(body) => {
                self.code(body, code);
                self.children_that(element, |child| child.name != "ac:plain-text-body");
            }
            None => {
                let source = source(element, &["__body-content"]);
                self.code_block(&source, code);
                self.body(element);
            }
        }
    }

    fn expand(&mut self, element: Element<'_>) {
        let title = self.parameter(element, "title");
        self.flow.flush();
        if !title.is_empty() {
            self.bold_line(&title);
        }
        self.body(element);
        self.flow.flush();
    }

    /// Another page's words stay with that page, whose readers may be others.
    fn included(&mut self, name: &str, element: Element<'_>) {
        let (title, address) = match self.parameter_target(element, "") {
            Some(target) => (target.name, target.address),
            None => (self.parameter(element, ""), None),
        };
        self.by_itself(|renderer| {
            let spot = renderer.flow.spot();
            renderer.placeholder(name, &title);
            if let Some(address) = address {
                renderer.link_since(spot, &address);
            }
        });
    }

    /// Between blocks it is a block, inside of a paragraph a part of it.
    fn by_itself(&mut self, write: impl FnOnce(&mut Self)) {
        let alone = self.between_blocks();
        write(self);
        if alone {
            self.flow.flush();
        }
    }

    fn jira(&mut self, name: &str, element: Element<'_>) {
        let key = self.parameter(element, "key");
        if key.is_empty() {
            self.unknown(name, element);
        } else {
            self.flow.words(&key);
        }
    }

    fn file(&mut self, name: &str, element: Element<'_>) {
        let target = self.parameter_target(element, "name").or_else(|| {
            // Old pages name the file in words.
            let file = self.parameter(element, "name");
            let address = format!("attachment:{file}");
            (!file.is_empty()).then(|| Target::new(file, address))
        });
        let Some(target) = target else {
            return self.unknown(name, element);
        };
        self.by_itself(|renderer| renderer.named(target));
    }

    fn profile(&mut self, name: &str, element: Element<'_>) {
        match self.parameter_target(element, "user") {
            Some(person) => self.named(person),
            None => self.unknown(name, element),
        }
    }

    /// Diagrams and formulas: their source as code, or their file's name if the source is elsewhere.
    fn drawing_macro(&mut self, name: &str, language: &str, element: Element<'_>) {
        if let Some(body) = element.child("ac:plain-text-body") {
            if name.contains("inline") {
                let words = self.plain(body);
                self.code_span(&words);
            } else {
                let title = self.parameter(element, "title");
                self.drawing(body, language, title);
            }
            return;
        }
        let source = source(element, &["body", "text", "__body-content"]);
        if source.trim().is_empty() {
            self.unknown(name, element);
        } else if name.contains("inline") {
            self.code_span(source.trim());
        } else {
            let code = Code { language: language.to_owned(), title: String::new() };
            self.code_block(&source, &code);
        }
    }

    fn unknown(&mut self, name: &str, element: Element<'_>) {
        let words = TELLING
            .iter()
            .map(|key| self.parameter(element, key))
            .find(|words| !words.is_empty())
            .unwrap_or_default();
        let has_body = element.elements().any(|child| child.name.ends_with("-body"));
        if has_body {
            self.flow.flush();
        }
        self.by_itself(|renderer| renderer.placeholder(name, &words));
        if has_body {
            self.flow.flush();
        }
        self.code_body(element, &Code::default());
    }

    /// A node of the editor's format that nobody here knows.
    pub fn unknown_node(&mut self, element: Element<'_>) {
        let kind = element.attribute("ac:name").unwrap_or_default();
        let alone = self.between_blocks();
        self.unknown(&kind, element);
        if alone {
            self.flow.flush();
        }
    }

    fn placeholder(&mut self, name: &str, words: &str) {
        self.replace(if name.is_empty() { "(unnamed)" } else { name });
        if self.flow.style.plain {
            return self.flow.words(words);
        }
        let cut = |text: &str, chars_max| text.chars().take(chars_max).collect::<String>();
        let words = cut(words, PLACEHOLDER_CHARS_MAX);
        let text = format!("macro: {} {words}", cut(name, NAME_CHARS_MAX));
        let label = self.label_of(text.trim_end());
        // Two pairs of brackets side by side would be one link.
        if self.flow.ends_with(']') {
            self.flow.space();
        }
        self.flow.markdown(&format!("[{label}]"));
    }

    /// A parameter's words, or the name of what it points at. Empty if there is none.
    fn parameter(&mut self, element: Element<'_>, key: &str) -> String {
        match find_parameter(element, key) {
            Some(parameter) => self.apart(Style::PLAIN, |renderer| renderer.children(parameter)),
            None => String::new(),
        }
    }

    fn parameter_target(&mut self, element: Element<'_>, key: &str) -> Option<Target> {
        let parameter = find_parameter(element, key)?;
        let link = parameter.child("ac:link").unwrap_or(parameter);
        self.target_in(link)
    }
}

/// The editor's name for the panel that a macro draws: the macro `note` is the yellow one, which the editor calls a
/// warning, and `warning` the red one. The editor's own note is purple, and in storage format an extension.
fn panel_kind(name: &str) -> &str {
    match name {
        "note" => "warning",
        "warning" => "error",
        name => name,
    }
}

/// The setting of that name: a child, or for an app's macro one of the parameters in its attribute `parameters`.
fn find_parameter<'t>(element: Element<'t>, key: &str) -> Option<Element<'t>> {
    element.elements().find_map(|child| match child.name {
        "ac:parameter" => same_key(&child.attribute("ac:name").unwrap_or_default(), key).then_some(child),
        "ac:default-parameter" => key.is_empty().then_some(child),
        "ac:adf-attribute" | "ac:adf-parameter" => {
            let here = child.name == "ac:adf-parameter"
                && same_key(&child.attribute("key").unwrap_or_default(), key);
            if here { Some(child) } else { find_parameter(child, key) }
        }
        _ => None,
    })
}

/// The editor writes `diagramName` what storage format writes `diagram-name`.
fn same_key(one: &str, other: &str) -> bool {
    fn letters(key: &str) -> impl Iterator<Item = u8> {
        key.bytes().filter(|byte| *byte != b'-').map(|byte| byte.to_ascii_lowercase())
    }
    letters(one).eq(letters(other))
}

/// The first of these settings that says something, as it is written.
fn source(element: Element<'_>, keys: &[&str]) -> String {
    let mut sources = keys.iter().filter_map(|key| find_parameter(element, key)).map(literal);
    sources.find(|source| !source.trim().is_empty()).unwrap_or_default()
}

/// The language of a macro that draws what it is given, by the names that apps use.
fn drawing_language(name: &str) -> Option<&'static str> {
    const LANGUAGES: [(&str, &str); 6] = [
        ("math", "math"),
        ("latex", "latex"),
        ("mermaid", "mermaid"),
        ("plantuml", "plantuml"),
        ("graphviz", "dot"),
        ("markdown", "markdown"),
    ];
    LANGUAGES.iter().find(|(part, _)| name.contains(part)).map(|(_, language)| *language)
}
