//! E-mail (RFC 5322, MIME): who, what about, the text, and the words of what is attached.

use mail_parser::{Address, Message, MessageParser, MimeHeaders, PartType};

use crate::{Reason, Source, Words, extract_inner, html, source};

pub fn extract(bytes: &dyn Source, words: &mut Words, depth: u32) -> Result<(), Reason> {
    let bytes = source::whole(bytes)?;
    let message = MessageParser::default().parse(&bytes);
    let message = message.ok_or_else(|| Reason::damaged("it has no header of a message"))?;
    push(&message, words, depth);
    Ok(())
}

fn push(message: &Message<'_>, words: &mut Words, depth: u32) {
    for people in [message.from(), message.to(), message.cc()].into_iter().flatten() {
        addresses(people, words);
    }
    words.push(message.subject().unwrap_or_default());
    words.break_line();
    // Of a text in two forms the plain one is taken; a message with HTML alone counts it as its text.
    for part in message.text_bodies() {
        match &part.body {
            PartType::Text(text) => words.push(text),
            PartType::Html(text) => html::push(text, words),
            _ => {}
        }
        words.break_line();
    }
    for part in message.attachments() {
        let name = part.attachment_name().unwrap_or_default();
        let media_type = part.content_type().map(|declared| match &declared.c_subtype {
            Some(subtype) => format!("{}/{subtype}", declared.c_type),
            None => declared.c_type.to_string(),
        });
        match &part.body {
            PartType::Message(inner) if depth < crate::NESTING_MAX => push(inner, words, depth + 1),
            PartType::Message(_) | PartType::Multipart(_) => {}
            _ => extract_inner(name, &media_type.unwrap_or_default(), part.contents(), words, depth),
        }
    }
}

fn addresses(people: &Address<'_>, words: &mut Words) {
    for person in people.iter() {
        for text in [person.name(), person.address()].into_iter().flatten() {
            words.blank();
            words.push(text);
        }
    }
    words.break_line();
}
