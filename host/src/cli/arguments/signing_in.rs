//! How people sign in to the console.

use anyhow::{Context, bail};
use clap::Args;

use crate::console::{Network, OidcOptions, SignInOptions};
use crate::secrets::Secret;

/// By the company's account, or because a proxy names them.
#[derive(Debug, Args)]
#[command(next_help_heading = "Signing in")]
pub struct SignIn {
    /// Let people sign in with their company account: the issuer of an OpenID provider, as
    /// `https://accounts.google.com`. Register CONSOLE/sign-in/callback with it as redirect URL.
    #[arg(long, value_name = "URL", env = "WEIR_OIDC_ISSUER", requires = "oidc_client_id")]
    oidc_issuer: Option<String>,
    /// The client id that the provider gave; its secret comes from WEIR_OIDC_SECRET.
    #[arg(long, value_name = "ID", env = "WEIR_OIDC_CLIENT_ID", requires = "oidc_issuer")]
    oidc_client_id: Option<String>,
    /// Only people whose e-mail is of this domain, as `acme.com`; may be given several times.
    #[arg(long = "oidc-domain", value_name = "DOMAIN", env = "WEIR_OIDC_DOMAINS", value_delimiter = ',')]
    oidc_domains: Vec<String>,
    /// Believe e-mails of which the provider does not say whether they are verified. Entra ID never says it: use
    /// this only with a tenant in which nobody chooses their own e-mail.
    #[arg(long, env = "WEIR_OIDC_TRUST_EMAIL", requires = "oidc_issuer")]
    oidc_trust_email: bool,
    /// Believe a proxy that names the person in this header, as `X-Forwarded-Email`. The proxy has to remove the
    /// header from what it is sent, and nobody else may reach the console from where it is.
    #[arg(long, value_name = "HEADER", env = "WEIR_TRUST_HEADER", value_parser = header)]
    trust_header: Option<String>,
    /// From where a proxy is believed, as `10.0.0.7` or `10.0.0.0/8`; by default this machine. Its
    /// X-Forwarded-For tells whose attempts to sign in are counted.
    #[arg(
        long, value_name = "ADDRESS", env = "WEIR_TRUST_FROM", value_delimiter = ',',
        default_values = ["127.0.0.1", "::1"]
    )]
    trust_from: Vec<Network>,
}

/// A header's name, in lower case. Not one that carries something else.
fn header(text: &str) -> Result<String, String> {
    let name = text
        .parse::<http::HeaderName>()
        .map_err(|_| "a header's name has letters, digits and dashes".to_owned())?;
    match name.as_str() {
        "authorization" | "cookie" | "host" | "x-forwarded-for" => Err(format!("`{name}` names no person")),
        name => Ok(name.to_owned()),
    }
}

impl SignIn {
    /// The same for the console; `secret` is the client's, if there is one.
    pub fn options(self, secret: Option<String>) -> anyhow::Result<SignInOptions> {
        let Self { oidc_issuer, oidc_client_id, oidc_domains, oidc_trust_email, trust_header, trust_from } =
            self;
        if oidc_issuer.is_none() && !oidc_domains.is_empty() {
            bail!("--oidc-domain says who signs in with a company account; give --oidc-issuer too");
        }
        let oidc = match oidc_issuer.zip(oidc_client_id) {
            Some((issuer, client_id)) => Some(OidcOptions {
                issuer: OidcOptions::issuer(&issuer).context("people cannot sign in so")?,
                client_id,
                secret: secret.filter(|secret| !secret.is_empty()).map(Secret::new),
                domains: oidc_domains
                    .iter()
                    .map(|one| one.trim().trim_start_matches('@').to_lowercase())
                    .collect(),
                trust_email: oidc_trust_email,
            }),
            None => None,
        };
        Ok(SignInOptions { oidc, header: trust_header, proxies: trust_from })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use clap::Parser;

    use super::SignIn;

    #[derive(Debug, Parser)]
    struct Alone {
        #[command(flatten)]
        sign_in: SignIn,
    }

    fn options(arguments: &[&str]) -> Option<crate::console::SignInOptions> {
        let all = [&["weir"], arguments].concat();
        Alone::try_parse_from(all).ok()?.sign_in.options(Some("s3cret".into())).ok()
    }

    #[test]
    fn nobody_is_believed_unless_it_is_said() {
        let none = options(&[]).unwrap();
        assert!(none.oidc.is_none() && none.header.is_none() && !none.is_configured());
        let header =
            options(&["--trust-header", "X-Forwarded-Email", "--trust-from", "10.0.0.0/8,::1"]).unwrap();
        assert_eq!((header.header.as_deref(), header.proxies.len()), (Some("x-forwarded-email"), 2));
        let oidc = [
            "--oidc-issuer",
            "https://id.acme.com",
            "--oidc-client-id",
            "weir",
            "--oidc-domain",
            "@ACME.com",
        ];
        let oidc = options(&oidc).unwrap().oidc.unwrap();
        assert_eq!(
            (oidc.client_id.as_str(), &oidc.domains[..], oidc.trust_email),
            ("weir", &["acme.com".to_owned()][..], false)
        );
        assert!(!format!("{oidc:?}").contains("s3cret"));
    }

    #[test]
    fn what_would_let_the_wrong_ones_in_is_refused() {
        for wrong in [
            &["--oidc-issuer", "https://id.acme.com"][..],
            &["--oidc-client-id", "weir"],
            &["--oidc-issuer", "http://id.acme.com", "--oidc-client-id", "weir"],
            &["--oidc-domain", "acme.com"],
            &["--oidc-trust-email"],
            &["--trust-header", "cookie"],
            &["--trust-header", "a b"],
            &["--trust-header", "x-email", "--trust-from", "proxy.acme.com"],
        ] {
            assert!(options(wrong).is_none(), "{wrong:?}");
        }
    }
}
