//! Where a secret comes from: standard input, the environment, or a prompt. Never an argument,
//! because arguments are seen by everybody on a machine.

use std::io::{IsTerminal, Read};

use anyhow::{Context, bail};

use crate::secrets::Secret;

/// A secret is a token or a password: longer input is a mistake.
const SECRET_BYTES_MAX: u64 = 64 * 1024;

/// `label` is what the login calls it.
pub fn ask(label: &str, from_stdin: bool) -> anyhow::Result<Secret> {
    if let Some(secret) = given(from_stdin)? {
        return Ok(secret);
    }
    if !std::io::stdin().is_terminal() {
        bail!(
            "no secret was given: pipe it in with --secret-stdin, set WEIR_SECRET, or run this on a terminal"
        );
    }
    let text = rpassword::prompt_password(format!("{label}: "));
    checked(&text.context("failed to read the secret from the terminal")?)
}

/// The secret that standard input or the environment holds; none if neither was meant to.
pub fn given(from_stdin: bool) -> anyhow::Result<Option<Secret>> {
    if from_stdin {
        let mut text = String::new();
        let input = std::io::stdin().lock().take(SECRET_BYTES_MAX).read_to_string(&mut text);
        input.context("failed to read the secret from standard input")?;
        return checked(&text).map(Some);
    }
    std::env::var("WEIR_SECRET").ok().map(|text| checked(&text)).transpose()
}

fn checked(text: &str) -> anyhow::Result<Secret> {
    // Blanks come along when a token is copied, and no source gives out one that has them at its ends.
    let text = text.trim();
    if text.is_empty() {
        bail!("the secret is empty: create a token as the login describes, and give it in full");
    }
    Ok(Secret::new(text))
}
