//! Which person a provider's claims name.

use super::{OidcFault, OidcOptions};
use crate::store::{email_key, is_email};

/// The e-mail in lower case, if it may be believed and is of a domain that may sign in.
///
/// # Errors
///
/// When there is none, the provider does not say that it is verified, or it is of another domain.
pub fn person(
    email: Option<&str>,
    verified: Option<bool>,
    options: &OidcOptions,
) -> Result<String, OidcFault> {
    let email = email_key(email.unwrap_or_default());
    let odd = email.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    let Some((_, domain)) = email.rsplit_once('@').filter(|_| is_email(&email) && !odd) else {
        return Err(OidcFault::NoEmail);
    };
    match verified {
        Some(true) => {}
        // Some providers do not tell; none is believed that says no.
        None if options.trust_email => {}
        _ => return Err(OidcFault::Unverified(email)),
    }
    if !options.domains.is_empty() && !options.domains.iter().any(|one| one == domain) {
        return Err(OidcFault::Domain(email));
    }
    Ok(email)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::person;
    use crate::console::who::oidc::{OidcFault, OidcOptions};

    fn options(domains: &[&str], trust_email: bool) -> OidcOptions {
        OidcOptions {
            issuer: OidcOptions::issuer("https://id.acme.com").unwrap(),
            client_id: "weir".into(),
            secret: None,
            domains: domains.iter().map(|one| (*one).to_owned()).collect(),
            trust_email,
        }
    }

    #[test]
    fn only_a_verified_e_mail_of_the_company_is_a_person() {
        let strict = options(&["acme.com"], false);
        assert_eq!(person(Some(" Ana@ACME.com"), Some(true), &strict).unwrap(), "ana@acme.com");
        let refused = |email, verified, options: &OidcOptions| person(email, verified, options).unwrap_err();
        for email in [None, Some(""), Some("ana"), Some("a b@acme.com"), Some("a\n@acme.com")] {
            assert!(matches!(refused(email, Some(true), &strict), OidcFault::NoEmail), "{email:?}");
        }
        for verified in [None, Some(false)] {
            assert!(matches!(refused(Some("ana@acme.com"), verified, &strict), OidcFault::Unverified(_)));
        }
        for other in ["ana@evil.com", "ana@notacme.com", "ana@sub.acme.com", "acme.com@evil.com"] {
            assert!(matches!(refused(Some(other), Some(true), &strict), OidcFault::Domain(_)), "{other}");
        }
        let trusting = options(&[], true);
        assert_eq!(person(Some("ana@any.org"), None, &trusting).unwrap(), "ana@any.org");
        assert!(matches!(refused(Some("ana@any.org"), Some(false), &trusting), OidcFault::Unverified(_)));
    }

    #[test]
    fn an_issuer_is_reached_where_nobody_listens() {
        for good in ["https://accounts.google.com", "http://127.0.0.1:9/realms/a", "http://localhost:9"] {
            assert!(OidcOptions::issuer(good).is_ok(), "{good}");
        }
        for bad in ["http://id.acme.com", "ftp://localhost", "id.acme.com", ""] {
            assert!(OidcOptions::issuer(bad).is_err(), "{bad}");
        }
    }
}
