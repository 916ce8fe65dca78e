//! Entities and character references.
//!
//! The names are those of XHTML 1.0, which is what Confluence writes. quick-xml's `escape-html` feature knows the 2,231
//! of HTML 5, at the price of ten seconds of building and a larger component.

use std::borrow::Cow;

/// No name and no number is longer, so that a lone `&` is not searched for its `;` through the page.
const REFERENCE_BYTES_MAX: usize = 10;

/// Replaces the references in `text`. What is not one stays as it is written.
pub fn decode(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find('&') else {
        return Cow::Borrowed(text);
    };
    let (plain, mut rest) = text.split_at_checked(first).unwrap_or((text, ""));
    let mut decoded = String::with_capacity(text.len());
    decoded.push_str(plain);
    while let Some(behind) = rest.strip_prefix('&') {
        let (character, follows) = match reference(behind) {
            Some((character, follows)) => (character, follows),
            None => ('&', behind),
        };
        decoded.push(character);
        let next = follows.find('&').unwrap_or(follows.len());
        let (plain, further) = follows.split_at_checked(next).unwrap_or((follows, ""));
        decoded.push_str(plain);
        rest = further;
    }
    Cow::Owned(decoded)
}

/// Reads the reference that `text` begins with, its `&` already taken.
pub fn reference(text: &str) -> Option<(char, &str)> {
    let end = text.bytes().take(REFERENCE_BYTES_MAX + 1).position(|byte| byte == b';')?;
    let (name, follows) = (text.get(..end)?, text.get(end + 1..)?);
    let character = match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(hexadecimal) => char::from_u32(u32::from_str_radix(hexadecimal, 16).ok()?)?,
            None => char::from_u32(number.parse().ok()?)?,
        },
        None => *CHARACTERS.get(NAMES.binary_search(&name).ok()?)?,
    };
    Some((character, follows))
}

/// In order of their bytes, each beside its character in [`CHARACTERS`].
const NAMES: [&str; 253] = [
    "AElig", "Aacute", "Acirc", "Agrave", "Alpha", "Aring", "Atilde", "Auml", "Beta", "Ccedil", "Chi",
    "Dagger", "Delta", "ETH", "Eacute", "Ecirc", "Egrave", "Epsilon", "Eta", "Euml", "Gamma", "Iacute",
    "Icirc", "Igrave", "Iota", "Iuml", "Kappa", "Lambda", "Mu", "Ntilde", "Nu", "OElig", "Oacute", "Ocirc",
    "Ograve", "Omega", "Omicron", "Oslash", "Otilde", "Ouml", "Phi", "Pi", "Prime", "Psi", "Rho", "Scaron",
    "Sigma", "THORN", "Tau", "Theta", "Uacute", "Ucirc", "Ugrave", "Upsilon", "Uuml", "Xi", "Yacute", "Yuml",
    "Zeta", "aacute", "acirc", "acute", "aelig", "agrave", "alefsym", "alpha", "amp", "and", "ang", "apos",
    "aring", "asymp", "atilde", "auml", "bdquo", "beta", "brvbar", "bull", "cap", "ccedil", "cedil", "cent",
    "chi", "circ", "clubs", "cong", "copy", "crarr", "cup", "curren", "dArr", "dagger", "darr", "deg",
    "delta", "diams", "divide", "eacute", "ecirc", "egrave", "empty", "emsp", "ensp", "epsilon", "equiv",
    "eta", "eth", "euml", "euro", "exist", "fnof", "forall", "frac12", "frac14", "frac34", "frasl", "gamma",
    "ge", "gt", "hArr", "harr", "hearts", "hellip", "iacute", "icirc", "iexcl", "igrave", "image", "infin",
    "int", "iota", "iquest", "isin", "iuml", "kappa", "lArr", "lambda", "lang", "laquo", "larr", "lceil",
    "ldquo", "le", "lfloor", "lowast", "loz", "lrm", "lsaquo", "lsquo", "lt", "macr", "mdash", "micro",
    "middot", "minus", "mu", "nabla", "nbsp", "ndash", "ne", "ni", "not", "notin", "nsub", "ntilde", "nu",
    "oacute", "ocirc", "oelig", "ograve", "oline", "omega", "omicron", "oplus", "or", "ordf", "ordm",
    "oslash", "otilde", "otimes", "ouml", "para", "part", "permil", "perp", "phi", "pi", "piv", "plusmn",
    "pound", "prime", "prod", "prop", "psi", "quot", "rArr", "radic", "rang", "raquo", "rarr", "rceil",
    "rdquo", "real", "reg", "rfloor", "rho", "rlm", "rsaquo", "rsquo", "sbquo", "scaron", "sdot", "sect",
    "shy", "sigma", "sigmaf", "sim", "spades", "sub", "sube", "sum", "sup", "sup1", "sup2", "sup3", "supe",
    "szlig", "tau", "there4", "theta", "thetasym", "thinsp", "thorn", "tilde", "times", "trade", "uArr",
    "uacute", "uarr", "ucirc", "ugrave", "uml", "upsih", "upsilon", "uuml", "weierp", "xi", "yacute", "yen",
    "yuml", "zeta", "zwj", "zwnj",
];

const CHARACTERS: [char; 253] = [
    '\u{c6}', '\u{c1}', '\u{c2}', '\u{c0}', '\u{391}', '\u{c5}', '\u{c3}', '\u{c4}', '\u{392}', '\u{c7}',
    '\u{3a7}', '\u{2021}', '\u{394}', '\u{d0}', '\u{c9}', '\u{ca}', '\u{c8}', '\u{395}', '\u{397}', '\u{cb}',
    '\u{393}', '\u{cd}', '\u{ce}', '\u{cc}', '\u{399}', '\u{cf}', '\u{39a}', '\u{39b}', '\u{39c}', '\u{d1}',
    '\u{39d}', '\u{152}', '\u{d3}', '\u{d4}', '\u{d2}', '\u{3a9}', '\u{39f}', '\u{d8}', '\u{d5}', '\u{d6}',
    '\u{3a6}', '\u{3a0}', '\u{2033}', '\u{3a8}', '\u{3a1}', '\u{160}', '\u{3a3}', '\u{de}', '\u{3a4}',
    '\u{398}', '\u{da}', '\u{db}', '\u{d9}', '\u{3a5}', '\u{dc}', '\u{39e}', '\u{dd}', '\u{178}', '\u{396}',
    '\u{e1}', '\u{e2}', '\u{b4}', '\u{e6}', '\u{e0}', '\u{2135}', '\u{3b1}', '\u{26}', '\u{2227}',
    '\u{2220}', '\u{27}', '\u{e5}', '\u{2248}', '\u{e3}', '\u{e4}', '\u{201e}', '\u{3b2}', '\u{a6}',
    '\u{2022}', '\u{2229}', '\u{e7}', '\u{b8}', '\u{a2}', '\u{3c7}', '\u{2c6}', '\u{2663}', '\u{2245}',
    '\u{a9}', '\u{21b5}', '\u{222a}', '\u{a4}', '\u{21d3}', '\u{2020}', '\u{2193}', '\u{b0}', '\u{3b4}',
    '\u{2666}', '\u{f7}', '\u{e9}', '\u{ea}', '\u{e8}', '\u{2205}', '\u{2003}', '\u{2002}', '\u{3b5}',
    '\u{2261}', '\u{3b7}', '\u{f0}', '\u{eb}', '\u{20ac}', '\u{2203}', '\u{192}', '\u{2200}', '\u{bd}',
    '\u{bc}', '\u{be}', '\u{2044}', '\u{3b3}', '\u{2265}', '\u{3e}', '\u{21d4}', '\u{2194}', '\u{2665}',
    '\u{2026}', '\u{ed}', '\u{ee}', '\u{a1}', '\u{ec}', '\u{2111}', '\u{221e}', '\u{222b}', '\u{3b9}',
    '\u{bf}', '\u{2208}', '\u{ef}', '\u{3ba}', '\u{21d0}', '\u{3bb}', '\u{2329}', '\u{ab}', '\u{2190}',
    '\u{2308}', '\u{201c}', '\u{2264}', '\u{230a}', '\u{2217}', '\u{25ca}', '\u{200e}', '\u{2039}',
    '\u{2018}', '\u{3c}', '\u{af}', '\u{2014}', '\u{b5}', '\u{b7}', '\u{2212}', '\u{3bc}', '\u{2207}',
    '\u{a0}', '\u{2013}', '\u{2260}', '\u{220b}', '\u{ac}', '\u{2209}', '\u{2284}', '\u{f1}', '\u{3bd}',
    '\u{f3}', '\u{f4}', '\u{153}', '\u{f2}', '\u{203e}', '\u{3c9}', '\u{3bf}', '\u{2295}', '\u{2228}',
    '\u{aa}', '\u{ba}', '\u{f8}', '\u{f5}', '\u{2297}', '\u{f6}', '\u{b6}', '\u{2202}', '\u{2030}',
    '\u{22a5}', '\u{3c6}', '\u{3c0}', '\u{3d6}', '\u{b1}', '\u{a3}', '\u{2032}', '\u{220f}', '\u{221d}',
    '\u{3c8}', '\u{22}', '\u{21d2}', '\u{221a}', '\u{232a}', '\u{bb}', '\u{2192}', '\u{2309}', '\u{201d}',
    '\u{211c}', '\u{ae}', '\u{230b}', '\u{3c1}', '\u{200f}', '\u{203a}', '\u{2019}', '\u{201a}', '\u{161}',
    '\u{22c5}', '\u{a7}', '\u{ad}', '\u{3c3}', '\u{3c2}', '\u{223c}', '\u{2660}', '\u{2282}', '\u{2286}',
    '\u{2211}', '\u{2283}', '\u{b9}', '\u{b2}', '\u{b3}', '\u{2287}', '\u{df}', '\u{3c4}', '\u{2234}',
    '\u{3b8}', '\u{3d1}', '\u{2009}', '\u{fe}', '\u{2dc}', '\u{d7}', '\u{2122}', '\u{21d1}', '\u{fa}',
    '\u{2191}', '\u{fb}', '\u{f9}', '\u{a8}', '\u{3d2}', '\u{3c5}', '\u{fc}', '\u{2118}', '\u{3be}',
    '\u{fd}', '\u{a5}', '\u{ff}', '\u{3b6}', '\u{200d}', '\u{200c}',
];
