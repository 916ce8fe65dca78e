//! CMaps: which bytes make a code, and which characters a code stands for (Adobe Technical Note 5411).

use std::collections::BTreeMap;

/// Characters that one map may name, over all its ranges and however often; Unicode has 150,000.
const ENTRIES_MAX: usize = 200_000;

#[derive(Debug, Default)]
pub struct CMap {
    /// By the length of the code in bytes: its first and last code.
    spaces: Vec<(usize, u32, u32)>,
    characters: BTreeMap<u32, String>,
    /// Entries made so far, those made anew included.
    made: usize,
}

impl CMap {
    /// Reads `codespacerange`, `bfchar` and `bfrange`; what else a CMap may hold is passed over.
    pub fn parse(bytes: &[u8]) -> Self {
        let mut map = Self::default();
        let mut tokens = Tokens(bytes);
        let mut section = None;
        while let Some(token) = tokens.next() {
            match (token, section) {
                (Token::Word(b"begincodespacerange"), _) => section = Some(Section::Space),
                (Token::Word(b"beginbfchar"), _) => section = Some(Section::Character),
                (Token::Word(b"beginbfrange"), _) => section = Some(Section::Range),
                (Token::Word(_), _) => section = None,
                (Token::Hex(from), Some(section)) => map.entry(section, &from, &mut tokens),
                _ => {}
            }
            if map.made > ENTRIES_MAX {
                break;
            }
        }
        map
    }

    fn entry(&mut self, section: Section, from: &[u8], tokens: &mut Tokens<'_>) {
        let first = number(from);
        match (section, tokens.next()) {
            (Section::Space, Some(Token::Hex(to))) => self.spaces.push((from.len(), first, number(&to))),
            (Section::Character, Some(Token::Hex(text))) => {
                self.put(first, &text);
            }
            (Section::Range, Some(Token::Hex(to))) => {
                let last = number(&to).min(first.saturating_add(u16::MAX.into()));
                match tokens.next() {
                    Some(Token::Hex(text)) => self.range(first, last, text),
                    Some(Token::Open) => {
                        let mut code = first;
                        while let Some(Token::Hex(text)) = tokens.next() {
                            if code <= last {
                                self.put(code, &text);
                            }
                            code = code.saturating_add(1);
                        }
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// Codes in a row for characters in a row: the last unit counts up.
    fn range(&mut self, first: u32, last: u32, text: Vec<u8>) {
        let Some((start, unit)) =
            text.split_last_chunk::<2>().map(|(start, unit)| (start, u16::from_be_bytes(*unit)))
        else {
            return;
        };
        for (step, code) in (first..=last).enumerate() {
            if self.made > ENTRIES_MAX {
                return;
            }
            let unit = unit.wrapping_add(u16::try_from(step).unwrap_or(u16::MAX));
            self.put(code, &[start, unit.to_be_bytes().as_slice()].concat());
        }
    }

    fn put(&mut self, code: u32, text: &[u8]) {
        self.made += 1;
        if self.made <= ENTRIES_MAX {
            self.characters.insert(code, utf16(text));
        }
    }

    pub fn text(&self, code: u32) -> Option<&str> {
        self.characters.get(&code).map(String::as_str)
    }

    /// How many bytes the next code has; None if the map does not say.
    pub fn code_bytes(&self, bytes: &[u8]) -> Option<usize> {
        let fits = |(length, first, last): &&(usize, u32, u32)| {
            bytes.get(..*length).is_some_and(|code| (*first..=*last).contains(&number(code)))
        };
        self.spaces.iter().find(fits).map(|(length, ..)| *length)
    }
}

#[derive(Clone, Copy)]
enum Section {
    Space,
    Character,
    Range,
}

enum Token<'a> {
    Word(&'a [u8]),
    Hex(Vec<u8>),
    Open,
    Other,
}

/// PostScript, as far as CMaps use it.
struct Tokens<'a>(&'a [u8]);

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.0 = self.0.trim_ascii_start();
        let length = match self.0.first()? {
            b'%' => self.0.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(self.0.len()),
            b'<' if self.0.get(1) != Some(&b'<') => {
                self.0.iter().position(|byte| *byte == b'>').map_or(self.0.len(), |end| end + 1)
            }
            byte if byte.is_ascii_alphanumeric() => {
                let ends = |byte: &u8| !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
                self.0.iter().position(ends).unwrap_or(self.0.len())
            }
            _ => 1,
        };
        let (token, rest) = self.0.split_at(length);
        self.0 = rest;
        Some(match token {
            [b'<', digits @ ..] if !digits.is_empty() => Token::Hex(hex(digits)),
            [b'['] => Token::Open,
            [first, ..] if first.is_ascii_alphabetic() => Token::Word(token),
            _ => Token::Other,
        })
    }
}

fn hex(digits: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = digits
        .iter()
        .filter_map(|digit| char::from(*digit).to_digit(16))
        .filter_map(|d| d.try_into().ok())
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair.iter().chain(&[0]).take(2).fold(0, |byte, digit| byte << 4 | digit))
        .collect()
}

/// The last four bytes as a number.
fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

fn utf16(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok().map(u16::from_be_bytes));
    let text: String = char::decode_utf16(units).filter_map(Result::ok).filter(|c| *c != '\0').collect();
    super::encoding::spelled(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_producers_write() {
        let map = CMap::parse(
            b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n\
              1 begincodespacerange <0000> <FFFF> endcodespacerange\n\
              2 beginbfchar <0003> <0020> <0024><FB01> endbfchar % a comment\n\
              2 beginbfrange <0041> <0043> <0061> <0050> <0051> [<0078> <D83DDE00>] endbfrange endcmap",
        );
        assert_eq!(map.code_bytes(&[0, 3, 0, 4]), Some(2));
        let text: String =
            [0x3, 0x24, 0x41, 0x43, 0x50, 0x51].iter().filter_map(|code| map.text(*code)).collect();
        assert_eq!(text, " fiacx😀");
        assert_eq!(map.text(0x44), None);
    }

    #[test]
    fn ranges_are_bounded() {
        let hostile = b"beginbfrange <00000000> <FFFFFFFF> <0041> <000000> <FFFFFF> [".repeat(50);
        assert!(CMap::parse(&hostile).made <= ENTRIES_MAX + 1);
        assert!(CMap::parse(b"beginbfrange <0 <").characters.is_empty());
    }
}
