//! Workbooks of Excel before 2007 (MS-XLS): the names of sheets and the table of strings, each a line. Which cell
//! a string stands in is not looked up; the numbers of cells are left out.

use crate::{Reason, Words};

const FILE_PASS: u16 = 0x002f;
const BOUND_SHEET: u16 = 0x0085;
const STRINGS: u16 = 0x00fc;
const CONTINUE: u16 = 0x003c;

pub fn extract(stream: &[u8], words: &mut Words) -> Result<(), Reason> {
    let mut records = Records(stream).peekable();
    while let Some((kind, data)) = records.next() {
        match kind {
            FILE_PASS => return Err(Reason::Encrypted),
            BOUND_SHEET => sheet_name(data, words),
            STRINGS => {
                let mut pieces = vec![data.get(8..).unwrap_or_default()];
                while let Some((_, data)) = records.next_if(|(kind, _)| *kind == CONTINUE) {
                    pieces.push(data);
                }
                Strings { pieces: pieces.into_iter(), piece: &[] }.push_all(words);
            }
            _ => {}
        }
    }
    Ok(())
}

/// Records: a type, a length and as many bytes.
struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (head, rest) = self.0.split_first_chunk::<4>()?;
        let [kind_low, kind_high, length_low, length_high] = *head;
        let length = usize::from(u16::from_le_bytes([length_low, length_high])).min(rest.len());
        let (data, rest) = rest.split_at(length);
        self.0 = rest;
        Some((u16::from_le_bytes([kind_low, kind_high]), data))
    }
}

fn sheet_name(data: &[u8], words: &mut Words) {
    let (Some(count), Some(flags), Some(text)) = (data.get(6), data.get(7), data.get(8..)) else { return };
    words.push(&characters(text, usize::from(*count), flags & 1 != 0));
    words.break_line();
}

fn characters(bytes: &[u8], count: usize, wide: bool) -> String {
    if wide {
        let units =
            bytes.chunks_exact(2).take(count).filter_map(|pair| pair.try_into().ok().map(u16::from_le_bytes));
        char::decode_utf16(units).map(|c| c.unwrap_or(' ')).collect()
    } else {
        bytes.iter().take(count).map(|byte| char::from(*byte)).collect()
    }
}

/// The strings of a table that goes on over several records. A string that is split says anew, at the beginning of
/// the next record, whether its characters are wide.
struct Strings<'a> {
    pieces: std::vec::IntoIter<&'a [u8]>,
    piece: &'a [u8],
}

impl<'a> Strings<'a> {
    fn push_all(&mut self, words: &mut Words) {
        while let Some(text) = self.string() {
            words.push(&text);
            words.break_line();
            if words.is_full() {
                return;
            }
        }
    }

    /// `XLUnicodeRichExtendedString`: a count, flags, counts of what follows, the characters, what follows.
    fn string(&mut self) -> Option<String> {
        let [low, high, flags] = self.fixed::<3>()?;
        let mut left = usize::from(u16::from_le_bytes([low, high]));
        let runs = if flags & 0x08 != 0 { u16::from_le_bytes(self.fixed()?) } else { 0 };
        let extra = if flags & 0x04 != 0 { u32::from_le_bytes(self.fixed()?) } else { 0 };
        let mut wide = flags & 1 != 0;
        let mut text = String::new();
        while left > 0 {
            if self.piece.is_empty() {
                self.piece = self.pieces.next()?;
                wide = self.fixed::<1>()?[0] & 1 != 0;
            }
            let width = if wide { 2 } else { 1 };
            let count = (self.piece.len() / width).min(left);
            text.push_str(&characters(self.piece, count, wide));
            if count == 0 {
                self.piece = &[];
            }
            self.piece = self.piece.get(count * width..).unwrap_or_default();
            left -= count;
        }
        self.skip(usize::from(runs) * 4 + extra as usize)?;
        Some(text)
    }

    fn fixed<const N: usize>(&mut self) -> Option<[u8; N]> {
        while self.piece.is_empty() {
            self.piece = self.pieces.next()?;
        }
        let (bytes, rest) = self.piece.split_first_chunk::<N>()?;
        self.piece = rest;
        Some(*bytes)
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > self.piece.len() {
            bytes -= self.piece.len();
            self.piece = self.pieces.next()?;
        }
        self.piece = self.piece.get(bytes..)?;
        Some(())
    }
}
