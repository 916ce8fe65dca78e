//! The address at which a person approves, and what the answer to it is known by.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use url::{Url, form_urlencoded};

use super::callback::{self, CallbackFault, Code};
use super::client::Client;
use crate::gate::Chance;
use crate::secrets::Secret;

/// Of the state and of the verifier: 256 bits each, 43 characters when written down, which is the
/// least that RFC 7636 4.1 allows a verifier and more than anybody guesses.
const RANDOM_BYTES: usize = 32;

/// Parameters that are the host's to set. A connector that named one could have the approval sent
/// elsewhere or made for something else.
const RESERVED: [&str; 8] = [
    "client_id",
    "client_secret",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
];

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConsentFault {
    #[error("the authorize address `{0}` cannot be used; report this to the connector's authors")]
    Address(String),
    #[error(
        "the connector sets the parameter `{0}` of the authorize address, which is the host's; report this to its authors"
    )]
    Reserved(String),
    #[error("the login has no address at which somebody could approve")]
    NoConsent,
    #[error("the system gave no random bytes for the sign-in: {0}")]
    Chance(String),
}

/// One sign-in that was begun. Its `Debug` shows no secret.
#[derive(Debug)]
pub struct Consent {
    url: Url,
    state: String,
    pub(super) verifier: Secret,
}

impl Consent {
    /// Draws a state and a verifier, and makes the address (RFC 6749 4.1.1, RFC 7636 4.3 with S256).
    ///
    /// # Errors
    /// If the login is none for persons, or its description cannot be used.
    pub fn new(
        client: &Client,
        parameters: &[(String, String)],
        scopes: &[String],
        chance: &dyn Chance,
    ) -> Result<Self, ConsentFault> {
        let authorize = client.authorize_url().ok_or(ConsentFault::NoConsent)?;
        let (state, verifier) = (random(chance)?, random(chance)?);
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        let own = [
            ("client_id", client.id.as_str()),
            ("scope", &scopes.join(" ")),
            ("redirect_uri", &client.redirect),
            ("state", &state),
            ("response_type", "code"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let theirs = parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        if let Some((name, _)) = theirs.clone().find(|(name, _)| RESERVED.contains(name)) {
            return Err(ConsentFault::Reserved(name.to_owned()));
        }
        let url = with_query(authorize, theirs.chain(own))?;
        Ok(Self { url, state, verifier: Secret::new(verifier) })
    }

    /// What to open in a browser. No secret is in it; who sees it can only approve.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The code in a callback's query.
    ///
    /// # Errors
    /// [`CallbackFault`], of which only some end the sign-in.
    pub fn code(&self, query: &str) -> Result<Code, CallbackFault> {
        callback::read(query, &self.state)
    }

    /// The code in a whole address, as a person copies it out of a browser.
    ///
    /// # Errors
    /// As [`Consent::code`].
    pub fn code_in(&self, address: &str) -> Result<Code, CallbackFault> {
        let (_, query) = address.trim().split_once('?').ok_or(CallbackFault::Shape)?;
        self.code(query.split('#').next().unwrap_or_default())
    }
}

fn random(chance: &dyn Chance) -> Result<String, ConsentFault> {
    let mut bytes = [0; RANDOM_BYTES];
    chance.fill(&mut bytes).map_err(|error| ConsentFault::Chance(error.to_string()))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// Blanks become `%20`: Atlassian documents it so, and not every server reads `+` as one.
fn with_query<'a>(
    authorize: &str,
    pairs: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<Url, ConsentFault> {
    let fault = || ConsentFault::Address(authorize.to_owned());
    let mut url = Url::parse(authorize).map_err(|_| fault())?;
    if !matches!(url.scheme(), "https" | "http") || url.fragment().is_some() || !url.username().is_empty() {
        return Err(fault());
    }
    let escaped =
        |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
    let pairs: Vec<String> =
        pairs.map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
    let kept =
        url.query().filter(|query| !query.is_empty()).map(|query| format!("{query}&")).unwrap_or_default();
    url.set_query(Some(&format!("{kept}{}", pairs.join("&"))));
    Ok(url)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Consent, ConsentFault};
    use crate::model::Grant as Flow;
    use crate::secrets::oauth::tests::{Counting, client};
    use crate::secrets::oauth::{CallbackFault, Client};

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn begun(client: &Client, parameters: &[(&str, &str)]) -> Result<Consent, ConsentFault> {
        let scopes = ["read:page:confluence".to_owned(), "offline_access".to_owned()];
        Consent::new(client, &pairs(parameters), &scopes, &Counting::default())
    }

    #[test]
    fn the_address_says_all_that_was_agreed_and_carries_no_secret() {
        let consent = begun(&client(), &[("audience", "api.example"), ("prompt", "consent")]).unwrap();
        insta::assert_snapshot!(consent.url().as_str().replace('&', "\n&"), @"
        https://auth.example/authorize?audience=api.example
        &prompt=consent
        &client_id=app
        &scope=read%3Apage%3Aconfluence%20offline_access
        &redirect_uri=http%3A%2F%2F127.0.0.1%3A8737%2Fcallback
        &state=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8
        &response_type=code
        &code_challenge=zwkx4Wi0nph1A8rxivb-JTtrPYKoEAjD6OHuZ8fI3FU
        &code_challenge_method=S256
        ");
        assert!(!consent.url().as_str().contains(consent.verifier.expose()));
        assert!(!format!("{consent:?}").contains(consent.verifier.expose()));
    }

    #[test]
    fn the_challenge_is_the_one_of_the_verifier() {
        // RFC 7636, appendix B.
        use base64::Engine as _;
        use sha2::Digest as _;
        let challenge = super::URL_SAFE_NO_PAD
            .encode(super::Sha256::digest("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn two_sign_ins_never_share_a_state() {
        let chance = crate::gate::SystemChance;
        let state = || Consent::new(&client(), &[], &[], &chance).unwrap().state;
        assert_ne!(state(), state());
        assert_eq!(state().len(), 43);
    }

    #[test]
    fn what_a_connector_may_not_set_is_refused() {
        for name in super::RESERVED {
            let refused = begun(&client(), &[(name, "x")]).unwrap_err();
            assert_eq!(refused, ConsentFault::Reserved(name.to_owned()));
        }
        for url in [
            "",
            "auth.example",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://a@b.example/",
            "https://b.example/#x",
        ] {
            let elsewhere = Client { flow: Flow::AuthorizationCode(url.into()), ..client() };
            assert_eq!(begun(&elsewhere, &[]).unwrap_err(), ConsentFault::Address(url.into()));
        }
        let alone = Client { flow: Flow::ClientCredentials, ..client() };
        assert_eq!(begun(&alone, &[]).unwrap_err(), ConsentFault::NoConsent);
    }

    #[test]
    fn an_address_keeps_the_query_it_had() {
        let queried =
            Client { flow: Flow::AuthorizationCode("https://b.example/a?tenant=7".into()), ..client() };
        let consent = begun(&queried, &[]).unwrap();
        assert!(consent.url().as_str().starts_with("https://b.example/a?tenant=7&client_id=app"));
    }

    #[test]
    fn a_pasted_address_is_read_like_a_callback() {
        let consent = begun(&client(), &[]).unwrap();
        let read = |text: String| consent.code_in(&text).map(|code| code.0.expose().to_owned());
        let state = &consent.state;
        assert_eq!(read(format!(" http://127.0.0.1:8737/callback?code=a&state={state}#_\n")), Ok("a".into()));
        assert_eq!(read("http://127.0.0.1:8737/callback?code=a&state=x".into()), Err(CallbackFault::State));
        assert_eq!(read("http://127.0.0.1:8737/callback".into()), Err(CallbackFault::Shape));
        assert_eq!(read(String::new()), Err(CallbackFault::Shape));
    }
}
