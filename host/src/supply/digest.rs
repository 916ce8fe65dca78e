//! SHA-256 of bytes: the only digest that is taken.

use std::fmt::Write as _;

use sha2::Digest as _;

/// A SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

/// Why a text is no digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DigestFault {
    #[error("`{0}` is no SHA-256: write 64 hexadecimal digits, with or without `sha256:` before them")]
    Malformed(String),
    #[error("`{0}` is a digest of another kind than SHA-256, which alone is taken")]
    Algorithm(String),
}

impl Digest {
    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// Reads `sha256:…` as registries write it, or the digits alone as `sha256sum` prints them.
    ///
    /// # Errors
    ///
    /// [`DigestFault`].
    pub fn parse(text: &str) -> Result<Self, DigestFault> {
        let digits = match text.split_once(':') {
            Some(("sha256", digits)) => digits,
            Some(_) => return Err(DigestFault::Algorithm(text.to_owned())),
            None => text,
        };
        let malformed = || DigestFault::Malformed(text.to_owned());
        // A sign is taken by `from_str_radix` and is no digit.
        if digits.len() != 64 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(malformed());
        }
        let mut bytes = [0; 32];
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| malformed())?;
        }
        Ok(Self(bytes))
    }

    /// 64 lower-case hexadecimal digits.
    pub fn hex(&self) -> String {
        self.0.iter().fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

/// As registries write it: `sha256:…`.
impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "sha256:{}", self.hex())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Digest, DigestFault};

    /// `printf abc | sha256sum`; also the first example of FIPS 180-2.
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn one_digest_has_one_form() {
        for text in [ABC.to_owned(), format!("sha256:{ABC}"), ABC.to_uppercase()] {
            let digest = Digest::parse(&text).unwrap();
            assert_eq!((digest, digest.hex()), (Digest::of(b"abc"), ABC.to_owned()));
            assert_eq!(digest.to_string(), format!("sha256:{ABC}"));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let short = &ABC[1..];
        for text in
            ["", "sha256:", short, &format!("{ABC}0"), &format!("+{short}"), &format!("é{}", &ABC[2..])]
        {
            assert_eq!(Digest::parse(text), Err(DigestFault::Malformed(text.to_owned())), "{text}");
        }
        for text in [format!("sha512:{ABC}{ABC}"), format!("SHA256:{ABC}"), format!(":{ABC}")] {
            assert_eq!(Digest::parse(&text), Err(DigestFault::Algorithm(text.clone())), "{text}");
        }
    }
}
