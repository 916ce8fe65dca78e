//! Fonts: from the bytes of a string to characters and widths (ISO 32000-2, 9.5 to 9.10).

use std::collections::HashMap;

use hayro_syntax::object::dict::keys;
use hayro_syntax::object::{Array, Dict, Name, Number, Object, Stream};

use super::cmap::CMap;
use super::encoding;

/// Widths that a font may state for its glyphs: codes of two bytes have no more.
const WIDTHS_MAX: usize = 65_536;

pub struct Font {
    to_unicode: Option<CMap>,
    kind: Kind,
}

enum Kind {
    /// A byte a glyph.
    Simple { texts: Vec<String>, first: usize, widths: Vec<f32> },
    /// Codes of several bytes.
    Composite { widths: HashMap<u32, f32>, other: f32, is_unicode: bool },
    /// A byte a glyph, drawn by operators; widths are in units of its own.
    Drawn,
}

pub struct Glyph {
    pub text: String,
    /// In thousandths of the font's size.
    pub width: f32,
    /// Word spacing counts for this one: the byte 32 alone.
    pub is_blank_byte: bool,
}

impl Font {
    pub fn new(dict: &Dict<'_>) -> Self {
        let to_unicode = dict.get::<Stream<'_>>(keys::TO_UNICODE).and_then(|stream| stream.decoded().ok());
        let to_unicode = to_unicode.map(|bytes| CMap::parse(&bytes));
        let kind = match dict.get::<Name<'_>>(keys::SUBTYPE).as_deref() {
            Some(b"Type0") => composite(dict),
            Some(b"Type3") => Kind::Drawn,
            _ => simple(dict),
        };
        Self { to_unicode, kind }
    }

    /// Takes the next glyph from the front of a string.
    pub fn next(&self, codes: &mut &[u8]) -> Option<Glyph> {
        let length = match &self.kind {
            Kind::Composite { .. } => {
                let stated = self.to_unicode.as_ref().and_then(|map| map.code_bytes(codes));
                stated.unwrap_or(2).clamp(1, 4).min(codes.len())
            }
            _ => 1,
        };
        let (bytes, rest) = codes.split_at_checked(length).filter(|(bytes, _)| !bytes.is_empty())?;
        *codes = rest;
        let code = bytes.iter().fold(0, |code, byte| code << 8 | u32::from(*byte));
        let mapped = self.to_unicode.as_ref().and_then(|map| map.text(code)).filter(|text| !text.is_empty());
        let text = mapped.map_or_else(|| self.unmapped(code), str::to_owned);
        Some(Glyph { text, width: self.width(code), is_blank_byte: bytes == b" " })
    }

    fn unmapped(&self, code: u32) -> String {
        match &self.kind {
            Kind::Simple { texts, .. } => texts.get(code as usize).cloned().unwrap_or_default(),
            Kind::Composite { is_unicode: true, .. } => {
                char::from_u32(code).map(String::from).unwrap_or_default()
            }
            // Numbers of glyphs in a font that does not say what they are.
            Kind::Composite { .. } => String::new(),
            Kind::Drawn => u8::try_from(code).map(|code| encoding::base(code, false)).unwrap_or_default(),
        }
    }

    fn width(&self, code: u32) -> f32 {
        match &self.kind {
            Kind::Simple { texts, first, widths } => {
                let stated = (code as usize).checked_sub(*first).and_then(|at| widths.get(at)).copied();
                stated.unwrap_or_else(|| usual(texts.get(code as usize).map_or("", String::as_str)))
            }
            Kind::Composite { widths, other, .. } => widths.get(&code).copied().unwrap_or(*other),
            Kind::Drawn => 500.0,
        }
    }
}

fn simple(dict: &Dict<'_>) -> Kind {
    let named = dict.get::<Name<'_>>(keys::ENCODING);
    let stated = dict.get::<Dict<'_>>(keys::ENCODING);
    let base = named.or_else(|| stated.as_ref()?.get::<Name<'_>>(keys::BASE_ENCODING));
    let is_mac = base.as_deref() == Some(b"MacRomanEncoding");
    let mut texts: Vec<String> = (0..=u8::MAX).map(|code| encoding::base(code, is_mac)).collect();
    if let Some(differences) = stated.and_then(|stated| stated.get::<Array<'_>>(keys::DIFFERENCES)) {
        let mut code = 0_usize;
        for object in differences.iter::<Object<'_>>() {
            match object {
                Object::Number(number) => code = usize::try_from(number.as_i64()).unwrap_or(usize::MAX),
                Object::Name(name) => {
                    if let Some(text) = texts.get_mut(code) {
                        *text = encoding::named(name.as_str()).unwrap_or_default();
                    }
                    code = code.saturating_add(1);
                }
                _ => {}
            }
        }
    }
    let first = dict.get::<Number>(keys::FIRST_CHAR).and_then(|first| usize::try_from(first.as_i64()).ok());
    let widths = dict.get::<Array<'_>>(keys::WIDTHS);
    let widths = widths.map(|widths| widths.iter::<Number>().take(256).map(|width| width.as_f32()).collect());
    Kind::Simple { texts, first: first.unwrap_or(0), widths: widths.unwrap_or_default() }
}

fn composite(dict: &Dict<'_>) -> Kind {
    let descendant = dict.get::<Array<'_>>(keys::DESCENDANT_FONTS);
    let descendant = descendant.and_then(|fonts| fonts.iter::<Dict<'_>>().next()).unwrap_or_else(Dict::empty);
    let other = descendant.get::<Number>(keys::DW).map_or(1000.0, |width| width.as_f32());
    let is_unicode = dict.get::<Name<'_>>(keys::ENCODING).is_some_and(|name| name.as_str().contains("UCS2"));
    let widths =
        descendant.get::<Array<'_>>(keys::W).map(|stated| stated_widths(&stated)).unwrap_or_default();
    Kind::Composite { widths, other, is_unicode }
}

/// `first [w …]` gives widths in a row, `first last w` the same width to all.
fn stated_widths(stated: &Array<'_>) -> HashMap<u32, f32> {
    let mut widths = HashMap::new();
    let mut pending: Vec<u32> = Vec::new();
    let code = |number: &Number| u32::try_from(number.as_i64()).unwrap_or(u32::MAX);
    for object in stated.iter::<Object<'_>>() {
        match (object, pending.as_slice()) {
            (Object::Array(row), [first]) => {
                for (step, width) in row.iter::<Number>().take(WIDTHS_MAX).enumerate() {
                    widths.insert(
                        first.saturating_add(u32::try_from(step).unwrap_or(u32::MAX)),
                        width.as_f32(),
                    );
                }
                pending.clear();
            }
            (Object::Number(width), [first, last]) => {
                let last = (*last).min(first.saturating_add(u16::MAX.into()));
                widths.extend((*first..=last).map(|code| (code, width.as_f32())));
                pending.clear();
            }
            (Object::Number(number), _) => pending.push(code(&number)),
            _ => pending.clear(),
        }
        if widths.len() > WIDTHS_MAX {
            break;
        }
    }
    widths
}

/// About how wide a character is in Helvetica and Times: the fonts that every reader has state no widths.
fn usual(text: &str) -> f32 {
    match text.chars().next() {
        Some(
            'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | '.' | ',' | ':' | ';' | '\'' | '!' | '|' | '(' | ')'
            | ' ',
        ) => 278.0,
        Some('m' | 'w' | 'M' | 'W' | '@' | '%' | '—') => 850.0,
        Some(c) if c.is_uppercase() => 680.0,
        _ => 530.0,
    }
}
