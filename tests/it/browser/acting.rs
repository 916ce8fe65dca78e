//! What a person does: going somewhere, filling in, clicking, reading. Things are named by the words people see.

use fantoccini::elements::{Element, ElementRef};
use fantoccini::{Client, Locator};
use serde_json::{Value, json};
use url::Url;

use super::Chrome;
use crate::console::Desk;
use weir::store::Scope;

/// How WebDriver writes an element in JSON.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// The first visible thing below `arguments[1]` that can be clicked and is called so.
const CLICKABLE: &str = "
    const [words, within] = arguments;
    const called = e => (e.getAttribute('aria-label') ?? e.innerText ?? '').replace(/\\s+/g, ' ').trim() === words;
    const all = [...document.querySelectorAll(within)].flatMap(e =>
        [...e.querySelectorAll('a, button, summary, label, [role=tab], [role=option], [role=button]')]);
    return all.find(e => e.checkVisibility() && called(e)) ?? null;";

/// The field below `arguments[1]` that has this label.
const FIELD: &str = "
    const [words, within] = arguments;
    const said = text => (text ?? '').replace(/\\s+/g, ' ').trim() === words;
    const roots = [...document.querySelectorAll(within)];
    const label = roots.flatMap(e => [...e.querySelectorAll('label, legend')]).find(e => said(e.innerText));
    if (label?.control) return label.control;
    return roots.flatMap(e => [...e.querySelectorAll('[aria-label]')])
        .find(e => said(e.getAttribute('aria-label'))) ?? null;";

impl Chrome {
    /// Signs in with a new administrator's token, and is at the connections.
    pub async fn signs_in(&self, desk: &Desk) {
        self.goes("/sign-in").await;
        self.fills("Administrator's token", &desk.token(None, &[Scope::Manage])).await;
        self.clicks("Sign in").await;
        self.sees("Sign out").await;
    }

    /// Goes to a place of the console: `/connections`.
    pub async fn goes(&self, place: &str) {
        self.client.goto(self.url.join(place).unwrap().as_str()).await.unwrap();
    }

    /// Goes where the address bar says, which need not be the console.
    pub async fn goes_to(&self, address: &Url) {
        self.client.goto(address.as_str()).await.unwrap();
    }

    /// The address it is at.
    pub async fn address(&self) -> Url {
        self.client.current_url().await.unwrap()
    }

    /// The path it is at: `/connections`.
    pub async fn place(&self) -> String {
        self.address().await.path().to_owned()
    }

    /// Waits until it is at this path.
    pub async fn arrives(&self, place: &str) {
        let there = async || (self.place().await == place).then_some(());
        self.until(&format!("to be at {place}"), there).await;
    }

    /// Clicks the first visible link, button, label or tab that is called so; waits for it.
    pub async fn clicks(&self, words: &str) {
        self.clicks_in("body", words).await;
    }

    /// The same below elements that a CSS selector finds: `#acme`, `main form`.
    pub async fn clicks_in(&self, within: &str, words: &str) {
        let element = self.element(&format!("{words:?} to click"), CLICKABLE, words, within).await;
        element.click().await.unwrap();
    }

    /// Clicks what asks back, and agrees.
    pub async fn clicks_and_agrees(&self, words: &str) {
        self.clicks(words).await;
        self.client.accept_alert().await.unwrap();
    }

    /// Types into the field with this label instead of what stands there, or chooses from it.
    pub async fn fills(&self, label: &str, value: &str) {
        self.fills_in("body", label, value).await;
    }

    /// The same below elements that a CSS selector finds.
    pub async fn fills_in(&self, within: &str, label: &str, value: &str) {
        let field = self.field(within, label).await;
        if field.tag_name().await.unwrap() == "select" {
            field.select_by_label(value).await.unwrap();
        } else {
            // A file is chosen by its path, and cannot be cleared.
            if field.attr("type").await.unwrap().as_deref() != Some("file") {
                field.clear().await.unwrap();
            }
            field.send_keys(value).await.unwrap();
        }
    }

    /// Types where the cursor is. Keys that are no letters: `fantoccini::key::Key`.
    pub async fn types(&self, keys: &str) {
        self.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// What stands in the field with this label.
    pub async fn value(&self, label: &str) -> String {
        self.field("body", label).await.prop("value").await.unwrap().unwrap_or_default()
    }

    /// Whether the box with this label is ticked.
    pub async fn is_ticked(&self, label: &str) -> bool {
        self.field("body", label).await.is_selected().await.unwrap()
    }

    /// Waits until the page says so.
    pub async fn sees(&self, words: &str) {
        let said = async || self.words().await.contains(words).then_some(());
        self.until(&format!("to see {words:?}"), said).await;
    }

    /// Waits until the page does not say so any more.
    pub async fn sees_no_more(&self, words: &str) {
        let gone = async || (!self.words().await.contains(words)).then_some(());
        self.until(&format!("to see no {words:?}"), gone).await;
    }

    /// All that the page shows.
    pub async fn words(&self) -> String {
        let text = self.run("return document.body?.innerText ?? '';", Vec::new()).await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits for the first element that a CSS selector finds, and reads it.
    pub async fn text(&self, css: &str) -> String {
        self.find(css).await.text().await.unwrap()
    }

    /// What each element says that a CSS selector finds now.
    pub async fn texts(&self, css: &str) -> Vec<String> {
        let script = "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText);";
        serde_json::from_value(self.run(script, vec![json!(css)]).await).unwrap()
    }

    /// Waits for the first element that a CSS selector finds.
    pub async fn find(&self, css: &str) -> Element {
        let found = async || self.client.find(Locator::Css(css)).await.ok();
        self.until(&format!("an element {css}"), found).await
    }

    async fn field(&self, within: &str, label: &str) -> Element {
        self.element(&format!("a field {label:?}"), FIELD, label, within).await
    }

    async fn element(&self, what: &str, script: &str, words: &str, within: &str) -> Element {
        let found = async || {
            let found = self.client.execute(script, vec![json!(words), json!(within)]).await.ok()?;
            element(&self.client, &found)
        };
        self.until(what, found).await
    }
}

fn element(client: &Client, found: &Value) -> Option<Element> {
    let id = found.get(ELEMENT)?.as_str()?.to_owned();
    Some(Element::from_element_id(client.clone(), ElementRef::from(id)))
}
