//! What codes and names of glyphs stand for, in fonts that do not say it themselves.

use encoding_rs::{MACINTOSH, WINDOWS_1252};

/// The character that a code has in WinAnsiEncoding, or in MacRomanEncoding (ISO 32000-2, annex D).
pub fn base(code: u8, is_mac: bool) -> String {
    let encoding = if is_mac { MACINTOSH } else { WINDOWS_1252 };
    spelled(&encoding.decode_without_bom_handling(&[code]).0)
}

/// Ligatures by their letters, so that words with them are found; soft hyphens left out.
pub fn spelled(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut spelled = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{fb00}' => spelled.push_str("ff"),
            '\u{fb01}' => spelled.push_str("fi"),
            '\u{fb02}' => spelled.push_str("fl"),
            '\u{fb03}' => spelled.push_str("ffi"),
            '\u{fb04}' => spelled.push_str("ffl"),
            '\u{fb05}' | '\u{fb06}' => spelled.push_str("st"),
            '\u{ad}' => {}
            // Private use: drawn, but no character anybody types.
            '\u{e000}'..='\u{f8ff}' => {}
            c => spelled.push(c),
        }
    }
    spelled
}

/// What a glyph's name stands for, as the Adobe Glyph List Specification has it: `eacute`, `uni00E9`, `f_i`,
/// `A.alt`. Of the list itself the names of Western letters and signs are known.
pub fn named(name: &str) -> Option<String> {
    let name = name.split('.').next().unwrap_or(name);
    if name.contains('_') {
        return name.split('_').map(named).collect();
    }
    if let Some(digits) = name.strip_prefix("uni").filter(|digits| digits.len() >= 4) {
        let unit = |digits: &[u8]| u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
        let units: Option<Vec<u16>> = digits.as_bytes().chunks(4).map(unit).collect();
        return String::from_utf16(&units?).ok().map(|text| spelled(&text));
    }
    if let Some(digits) = name.strip_prefix('u').filter(|digits| (4..=6).contains(&digits.len()))
        && let Some(c) = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
    {
        return Some(spelled(c.encode_utf8(&mut [0; 4])));
    }
    let mut letters = name.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return Some(letter.to_string());
    }
    let known = NAMES.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned());
    known.or_else(|| accented(name))
}

/// `Eacute` is E with what `acute` puts on it.
fn accented(name: &str) -> Option<String> {
    let (letter, accent) = name.split_at_checked(1)?;
    let marked = ACCENTS.iter().find(|(known, _)| *known == accent)?.1;
    let mut pairs = marked.chars();
    while let (Some(plain), Some(whole)) = (pairs.next(), pairs.next()) {
        if letter.starts_with(plain) {
            return Some(whole.to_string());
        }
    }
    None
}

/// An accent's name, and each letter before the letter with the accent.
const ACCENTS: [(&str, &str); 13] = [
    ("acute", "aáeéiíoóuúyýAÁEÉIÍOÓUÚYÝcćnńsśzźlĺrŕCĆNŃSŚZŹLĹRŔ"),
    ("grave", "aàeèiìoòuùAÀEÈIÌOÒUÙ"),
    ("circumflex", "aâeêiîoôuûAÂEÊIÎOÔUÛcĉgĝhĥjĵsŝwŵyŷ"),
    ("dieresis", "aäeëiïoöuüyÿAÄEËIÏOÖUÜYŸ"),
    ("tilde", "aãnñoõAÃNÑOÕiĩuũIĨUŨ"),
    ("ring", "aåAÅuůUŮ"),
    ("cedilla", "cçCÇsşSŞtţTŢ"),
    ("caron", "cčsšzžCČSŠZŽeěrřnňdďtťlľEĚRŘNŇDĎTŤLĽ"),
    ("ogonek", "aąeęAĄEĘiįuųIĮUŲ"),
    ("macron", "aāeēiīoōuūAĀEĒIĪOŌUŪ"),
    ("breve", "aăgğuŭAĂGĞUŬ"),
    ("hungarumlaut", "oőuűOŐUŰ"),
    ("dotaccent", "zżeėIİcċgġZŻEĖ"),
];

const NAMES: [(&str, &str); 98] = [
    ("space", " "),
    ("nbspace", " "),
    ("exclam", "!"),
    ("quotedbl", "\""),
    ("numbersign", "#"),
    ("dollar", "$"),
    ("percent", "%"),
    ("ampersand", "&"),
    ("quotesingle", "'"),
    ("parenleft", "("),
    ("parenright", ")"),
    ("asterisk", "*"),
    ("plus", "+"),
    ("comma", ","),
    ("hyphen", "-"),
    ("minus", "−"),
    ("period", "."),
    ("slash", "/"),
    ("zero", "0"),
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("colon", ":"),
    ("semicolon", ";"),
    ("less", "<"),
    ("equal", "="),
    ("greater", ">"),
    ("question", "?"),
    ("at", "@"),
    ("bracketleft", "["),
    ("backslash", "\\"),
    ("bracketright", "]"),
    ("asciicircum", "^"),
    ("underscore", "_"),
    ("grave", "`"),
    ("braceleft", "{"),
    ("bar", "|"),
    ("braceright", "}"),
    ("asciitilde", "~"),
    ("quoteleft", "‘"),
    ("quoteright", "’"),
    ("quotedblleft", "“"),
    ("quotedblright", "”"),
    ("quotesinglbase", "‚"),
    ("quotedblbase", "„"),
    ("guillemotleft", "«"),
    ("guillemotright", "»"),
    ("guilsinglleft", "‹"),
    ("guilsinglright", "›"),
    ("endash", "–"),
    ("emdash", "—"),
    ("bullet", "•"),
    ("ellipsis", "…"),
    ("dagger", "†"),
    ("daggerdbl", "‡"),
    ("section", "§"),
    ("paragraph", "¶"),
    ("copyright", "©"),
    ("registered", "®"),
    ("trademark", "™"),
    ("degree", "°"),
    ("plusminus", "±"),
    ("multiply", "×"),
    ("divide", "÷"),
    ("mu", "µ"),
    ("onehalf", "½"),
    ("onequarter", "¼"),
    ("threequarters", "¾"),
    ("onesuperior", "¹"),
    ("twosuperior", "²"),
    ("threesuperior", "³"),
    ("Euro", "€"),
    ("cent", "¢"),
    ("sterling", "£"),
    ("yen", "¥"),
    ("currency", "¤"),
    ("germandbls", "ß"),
    ("ae", "æ"),
    ("AE", "Æ"),
    ("oe", "œ"),
    ("OE", "Œ"),
    ("oslash", "ø"),
    ("Oslash", "Ø"),
    ("eth", "ð"),
    ("thorn", "þ"),
    ("lslash", "ł"),
    ("Lslash", "Ł"),
    ("dotlessi", "ı"),
    ("ff", "ff"),
    ("fi", "fi"),
    ("fl", "fl"),
    ("ffi", "ffi"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_glyphs_become_letters() {
        let text: Option<String> =
            ["A", "eacute", "germandbls", "uni00FC", "u1F600", "f_i", "one.oldstyle", "scaron"]
                .map(named)
                .into_iter()
                .collect();
        assert_eq!(text.as_deref(), Some("Aéßü😀fi1š"));
        assert_eq!([named("g123"), named(""), named("uniXYZW")], [None, None, None]);
        assert_eq!((base(0xe9, false), base(0x8e, true)), ("é".into(), "é".into()));
    }
}
