//! Where words and lines end: glyphs have places, and blanks are often only gaps between them.

use crate::Words;

/// An affine map of the plane, `[a b c d e f]` as PDF writes it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Matrix(pub [f32; 6]);

impl Matrix {
    pub const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    pub fn moved(x: f32, y: f32) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// This one first, then the other.
    pub fn then(&self, next: &Self) -> Self {
        let ([a, b, c, d, e, f], [p, q, r, s, t, u]) = (self.0, next.0);
        Self([
            a * p + b * r,
            a * q + b * s,
            c * p + d * r,
            c * q + d * s,
            e * p + f * r + t,
            e * q + f * s + u,
        ])
    }
}

/// A gap this wide, in sizes of the font, parts two words. Blanks are a quarter wide, and kerning moves less.
const WORD_GAP: f32 = 0.15;

/// A step back of this much begins something new; overlaps of marks with their letters are smaller.
const STEP_BACK: f32 = 0.5;

/// A step across the line of this much begins another line; raised marks move less.
const LINE_STEP: f32 = 0.6;

/// Where the last glyph ended.
#[derive(Default)]
pub struct Layout {
    end: Option<End>,
}

struct End {
    x: f32,
    y: f32,
    /// The direction of writing, of length one.
    along: (f32, f32),
    size: f32,
}

impl Layout {
    /// Takes the next glyph, which is `width` wide in the units of the text; `place` maps those to the page.
    pub fn glyph(&mut self, text: &str, place: &Matrix, size: f32, width: f32, words: &mut Words) {
        let [a, b, c, d, x, y] = place.0;
        let (length, height) = (a.hypot(b), c.hypot(d));
        if !(length.is_finite() && length > 0.0 && x.is_finite() && y.is_finite()) {
            return;
        }
        let along = (a / length, b / length);
        let size = (size * height).abs().max(f32::MIN_POSITIVE);
        if let Some(last) = &self.end {
            last.part((x, y), along, size, words);
        }
        if text.chars().all(char::is_whitespace) {
            words.blank();
        } else {
            words.push(text);
        }
        self.end = Some(End { x: x + width * a, y: y + width * b, along, size });
    }
}

impl End {
    /// Writes what stands between the last glyph and the one at this place.
    fn part(&self, (x, y): (f32, f32), along: (f32, f32), size: f32, words: &mut Words) {
        let (dx, dy) = (x - self.x, y - self.y);
        let ahead = dx * self.along.0 + dy * self.along.1;
        let across = dy * self.along.0 - dx * self.along.1;
        let turned = along.0 * self.along.0 + along.1 * self.along.1 < 0.9;
        let larger = size.max(self.size);
        if turned || across.abs() > LINE_STEP * larger {
            words.break_line();
        } else if ahead > WORD_GAP * size.min(self.size) || ahead < -STEP_BACK * larger {
            words.blank();
        }
    }
}
