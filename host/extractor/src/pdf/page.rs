//! One page: the operators that move and show text, and the forms it draws in its place.

use std::collections::HashMap;
use std::rc::Rc;

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::dict::keys;
use hayro_syntax::object::{Array, Dict, Name, Number, Object, ObjectIdentifier, Stream};
use hayro_syntax::page::Page;

use super::font::Font;
use super::layout::{Layout, Matrix};
use crate::Words;

/// Forms within forms. Real ones nest three deep; one that holds itself would never end.
const FORMS_DEEP_MAX: u32 = 8;

/// Forms drawn in one file: a stamp on each page of a book. Forms that draw others many times multiply.
const FORMS_MAX: u32 = 20_000;

/// Graphics states saved at once. More are only counted in hostile files, so the last is forgotten.
const SAVED_MAX: usize = 256;

/// What is kept from page to page of a file.
#[derive(Default)]
pub struct Reading {
    fonts: HashMap<ObjectIdentifier, Rc<Font>>,
    forms: u32,
    pictures: bool,
}

/// What `q` keeps and `Q` brings back.
#[derive(Clone)]
struct State {
    place: Matrix,
    font: Option<Rc<Font>>,
    size: f32,
    leading: f32,
    character_spacing: f32,
    word_spacing: f32,
    stretch: f32,
}

/// A stream of operators with what its names mean.
struct Content<'a> {
    fonts: Dict<'a>,
    forms: Dict<'a>,
}

struct Text<'w> {
    state: State,
    saved: Vec<State>,
    matrix: Matrix,
    line: Matrix,
    layout: Layout,
    words: &'w mut Words,
}

impl Reading {
    pub fn has_pictures(&self) -> bool {
        self.pictures
    }

    pub fn read(&mut self, page: &Page<'_>, words: &mut Words) {
        let resources = page.resources();
        let content = Content { fonts: resources.fonts.clone(), forms: resources.x_objects.clone() };
        let state = State {
            place: Matrix::IDENTITY,
            font: None,
            size: 1.0,
            leading: 0.0,
            character_spacing: 0.0,
            word_spacing: 0.0,
            stretch: 1.0,
        };
        let (matrix, line) = (Matrix::IDENTITY, Matrix::IDENTITY);
        let mut text = Text { state, saved: Vec::new(), matrix, line, layout: Layout::default(), words };
        self.follow(page.page_stream().unwrap_or_default(), &content, &mut text, 0);
    }

    fn follow(&mut self, stream: &[u8], content: &Content<'_>, text: &mut Text<'_>, depth: u32) {
        let mut operators = TypedIter::new(stream);
        while let Some(operator) = operators.next() {
            match operator {
                Op::SaveState(_) if text.saved.len() < SAVED_MAX => text.saved.push(text.state.clone()),
                Op::RestoreState(_) => {
                    if let Some(state) = text.saved.pop() {
                        text.state = state;
                    }
                }
                Op::Transform(by) => {
                    let by = [by.0, by.1, by.2, by.3, by.4, by.5];
                    text.state.place = matrix(by).then(&text.state.place);
                }
                Op::TextFont(font) => {
                    text.state.font = self.font(&content.fonts, font.0);
                    text.state.size = font.1.as_f32();
                }
                Op::XObject(name) => self.draw(name.0, content, text, depth),
                Op::InlineImage(_) => self.pictures = true,
                other => text.operate(other),
            }
            if text.words.is_full() {
                return;
            }
        }
    }

    fn font(&mut self, fonts: &Dict<'_>, name: &Name<'_>) -> Option<Rc<Font>> {
        let dict = fonts.get::<Dict<'_>>(name)?;
        let Some(id) = dict.obj_id() else { return Some(Rc::new(Font::new(&dict))) };
        Some(Rc::clone(self.fonts.entry(id).or_insert_with(|| Rc::new(Font::new(&dict)))))
    }

    fn draw(&mut self, name: &Name<'_>, content: &Content<'_>, text: &mut Text<'_>, depth: u32) {
        let Some(object) = content.forms.get::<Stream<'_>>(name) else { return };
        let dict = object.dict();
        if dict.get::<Name<'_>>(keys::SUBTYPE).as_deref() == Some(b"Image") {
            self.pictures = true;
            return;
        }
        self.forms += 1;
        if depth >= FORMS_DEEP_MAX || self.forms > FORMS_MAX {
            return;
        }
        let Ok(stream) = object.decoded() else { return };
        let own = dict.get::<Dict<'_>>(keys::RESOURCES);
        // A form without resources uses the page's, as old writers have it.
        let inner = match own {
            Some(own) => Content {
                fonts: own.get::<Dict<'_>>(keys::FONT).unwrap_or_else(Dict::empty),
                forms: own.get::<Dict<'_>>(keys::XOBJECT).unwrap_or_else(Dict::empty),
            },
            None => Content { fonts: content.fonts.clone(), forms: content.forms.clone() },
        };
        let (state, saved) = (text.state.clone(), std::mem::take(&mut text.saved));
        if let Some(by) = dict.get::<[f32; 6]>(keys::MATRIX) {
            text.state.place = Matrix(by).then(&text.state.place);
        }
        self.follow(&stream, &inner, text, depth + 1);
        (text.state, text.saved) = (state, saved);
    }
}

impl Text<'_> {
    /// The operators of text (ISO 32000-2, 9.3 and 9.4); others do not matter.
    fn operate(&mut self, operator: Op<'_, '_>) {
        match operator {
            Op::BeginText(_) => (self.matrix, self.line) = (Matrix::IDENTITY, Matrix::IDENTITY),
            Op::CharacterSpacing(by) => self.state.character_spacing = by.0.as_f32(),
            Op::WordSpacing(by) => self.state.word_spacing = by.0.as_f32(),
            Op::HorizontalScaling(by) => self.state.stretch = by.0.as_f32() / 100.0,
            Op::TextLeading(by) => self.state.leading = by.0.as_f32(),
            Op::NextLine(by) => self.next_line(by.0.as_f32(), by.1.as_f32()),
            Op::NextLineAndSetLeading(by) => {
                self.state.leading = -by.1.as_f32();
                self.next_line(by.0.as_f32(), by.1.as_f32());
            }
            Op::SetTextMatrix(to) => {
                self.line = matrix([to.0, to.1, to.2, to.3, to.4, to.5]);
                self.matrix = self.line;
            }
            Op::NextLineUsingLeading(_) => self.next_line(0.0, -self.state.leading),
            Op::ShowText(text) => self.show(text.0.as_bytes()),
            Op::NextLineAndShowText(text) => {
                self.next_line(0.0, -self.state.leading);
                self.show(text.0.as_bytes());
            }
            Op::ShowTextWithParameters(text) => {
                self.state.word_spacing = text.0.as_f32();
                self.state.character_spacing = text.1.as_f32();
                self.next_line(0.0, -self.state.leading);
                self.show(text.2.as_bytes());
            }
            Op::ShowTexts(texts) => self.show_all(texts.0),
            _ => {}
        }
    }

    fn next_line(&mut self, x: f32, y: f32) {
        self.line = Matrix::moved(x, y).then(&self.line);
        self.matrix = self.line;
    }

    /// Strings, and numbers that move what follows back by thousandths of the font's size.
    fn show_all(&mut self, texts: &Array<'_>) {
        for object in texts.iter::<Object<'_>>() {
            match object {
                Object::String(text) => self.show(text.as_bytes()),
                Object::Number(back) => {
                    let by = -back.as_f32() / 1000.0 * self.state.size * self.state.stretch;
                    self.matrix = Matrix::moved(by, 0.0).then(&self.matrix);
                }
                _ => {}
            }
        }
    }

    fn show(&mut self, codes: &[u8]) {
        let Some(font) = self.state.font.clone() else { return };
        let mut rest = codes;
        while let Some(glyph) = font.next(&mut rest) {
            let State { size, character_spacing, word_spacing, stretch, .. } = self.state;
            let spacing = character_spacing + if glyph.is_blank_byte { word_spacing } else { 0.0 };
            let width = glyph.width / 1000.0 * size;
            let place = self.matrix.then(&self.state.place);
            self.layout.glyph(&glyph.text, &place, size, width * stretch, self.words);
            self.matrix = Matrix::moved((width + spacing) * stretch, 0.0).then(&self.matrix);
        }
    }
}

fn matrix(numbers: [Number; 6]) -> Matrix {
    Matrix(numbers.map(|number| number.as_f32()))
}
