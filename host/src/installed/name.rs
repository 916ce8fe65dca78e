//! What installed connectors are called.

use super::{BUILT_IN, InstalledFault};

/// Names are typed, and stand in tables beside names of connections.
const NAME_CHARS_MAX: usize = 64;

/// Lower-case letters, digits, `-`, `_` and `.`, beginning with a letter or digit: never to be taken for a path, an
/// address or an option.
///
/// # Errors
///
/// [`InstalledFault::BadName`], and [`InstalledFault::Reserved`] for the built-in one.
pub fn check_name(name: &str) -> Result<(), InstalledFault> {
    let letter =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.');
    let begins = name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if name == BUILT_IN {
        return Err(InstalledFault::Reserved);
    }
    if !begins || name.len() > NAME_CHARS_MAX || !name.bytes().all(letter) || is_reference(name) {
        return Err(InstalledFault::BadName { name: name.chars().take(NAME_CHARS_MAX).collect() });
    }
    Ok(())
}

/// Whether what somebody typed says where a component is, and is not a connector's name.
#[must_use]
pub fn is_reference(typed: &str) -> bool {
    typed.contains(['/', '\\', ':']) || typed.ends_with(".wasm")
}
