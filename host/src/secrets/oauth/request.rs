//! What is sent to the token address. Pure.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use http::{Method, Request};
use url::form_urlencoded::Serializer;
use zeroize::Zeroizing;

use super::{Client, Code};
use crate::model::Encoding;
use crate::secrets::Secret;

/// What a token is asked for with.
pub(super) enum Ask<'a> {
    /// RFC 6749 4.1.3, with the verifier of RFC 7636 4.5.
    Code { code: &'a Code, verifier: &'a Secret },
    /// RFC 6749 6.
    Refresh(&'a Secret),
    /// RFC 6749 4.4.2.
    Client { scopes: &'a [String] },
}

impl Ask<'_> {
    /// The client's id and secret go in the body, as Atlassian documents it and RFC 6749 2.3.1 allows.
    fn fields(&self, client: &Client) -> Vec<(&'static str, Zeroizing<String>)> {
        let field = |name, text: &str| (name, Zeroizing::new(text.to_owned()));
        let grant_type = match self {
            Self::Code { .. } => "authorization_code",
            Self::Refresh(_) => "refresh_token",
            Self::Client { .. } => "client_credentials",
        };
        let mut fields = vec![
            field("grant_type", grant_type),
            field("client_id", &client.id),
            field("client_secret", client.secret.expose()),
        ];
        match self {
            Self::Code { code, verifier } => fields.extend([
                field("code", code.0.expose()),
                field("redirect_uri", &client.redirect),
                field("code_verifier", verifier.expose()),
            ]),
            Self::Refresh(token) => fields.push(field("refresh_token", token.expose())),
            Self::Client { scopes: [] } => {}
            Self::Client { scopes } => fields.push(field("scope", &scopes.join(" "))),
        }
        fields
    }

    /// What must not come back in an error's words.
    pub fn secrets(&self, client: &Client) -> Vec<Secret> {
        let own = match self {
            Self::Code { code, verifier } => vec![code.0.clone(), (*verifier).clone()],
            Self::Refresh(token) => vec![(*token).clone()],
            Self::Client { .. } => Vec::new(),
        };
        own.into_iter().chain([client.secret.clone()]).collect()
    }

    /// The request as a whole; none if the token address is none.
    pub fn request(&self, client: &Client) -> Option<Request<Bytes>> {
        let fields = self.fields(client);
        let (kind, body) = match client.encoding {
            Encoding::Form => ("application/x-www-form-urlencoded", form(&fields)),
            Encoding::Json => ("application/json", json(&fields)?),
        };
        Request::builder()
            .method(Method::POST)
            .uri(&client.token_url)
            .header(CONTENT_TYPE, HeaderValue::from_static(kind))
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .body(body)
            .ok()
    }
}

fn form(fields: &[(&'static str, Zeroizing<String>)]) -> Bytes {
    let mut form = Serializer::new(String::new());
    form.extend_pairs(fields.iter().map(|(name, value)| (name, value.as_str())));
    form.finish().into()
}

fn json(fields: &[(&'static str, Zeroizing<String>)]) -> Option<Bytes> {
    let object: std::collections::BTreeMap<&str, &str> =
        fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    serde_json::to_vec(&object).ok().map(Bytes::from)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Ask, Client, Code, Encoding, Secret};
    use crate::secrets::oauth::tests::client;

    fn body(ask: &Ask<'_>, encoding: Encoding) -> String {
        let request = ask.request(&Client { encoding, ..client() }).unwrap();
        let kind = request.headers()["content-type"].to_str().unwrap();
        format!("{} {} {kind}\n{}", request.method(), request.uri(), String::from_utf8_lossy(request.body()))
    }

    #[test]
    fn each_grant_is_asked_for_as_its_rfc_has_it_in_both_encodings() {
        let (code, verifier, token) =
            (Code(Secret::new("a code&more")), Secret::new("veri~fier"), Secret::new("old\"token"));
        let scopes = ["read:a".to_owned(), "read:b".to_owned()];
        let asked = [
            Ask::Code { code: &code, verifier: &verifier },
            Ask::Refresh(&token),
            Ask::Client { scopes: &scopes },
            Ask::Client { scopes: &[] },
        ];
        let bodies: Vec<String> =
            asked.iter().flat_map(|ask| [body(ask, Encoding::Json), body(ask, Encoding::Form)]).collect();
        insta::assert_snapshot!(bodies.join("\n"), @r#"
        POST https://auth.example/oauth/token application/json
        {"client_id":"app","client_secret":"client-secret","code":"a code&more","code_verifier":"veri~fier","grant_type":"authorization_code","redirect_uri":"http://127.0.0.1:8737/callback"}
        POST https://auth.example/oauth/token application/x-www-form-urlencoded
        grant_type=authorization_code&client_id=app&client_secret=client-secret&code=a+code%26more&redirect_uri=http%3A%2F%2F127.0.0.1%3A8737%2Fcallback&code_verifier=veri%7Efier
        POST https://auth.example/oauth/token application/json
        {"client_id":"app","client_secret":"client-secret","grant_type":"refresh_token","refresh_token":"old\"token"}
        POST https://auth.example/oauth/token application/x-www-form-urlencoded
        grant_type=refresh_token&client_id=app&client_secret=client-secret&refresh_token=old%22token
        POST https://auth.example/oauth/token application/json
        {"client_id":"app","client_secret":"client-secret","grant_type":"client_credentials","scope":"read:a read:b"}
        POST https://auth.example/oauth/token application/x-www-form-urlencoded
        grant_type=client_credentials&client_id=app&client_secret=client-secret&scope=read%3Aa+read%3Ab
        POST https://auth.example/oauth/token application/json
        {"client_id":"app","client_secret":"client-secret","grant_type":"client_credentials"}
        POST https://auth.example/oauth/token application/x-www-form-urlencoded
        grant_type=client_credentials&client_id=app&client_secret=client-secret
        "#);
    }

    #[test]
    fn an_address_that_is_none_is_not_asked() {
        let nowhere = Client { token_url: "not an address".into(), ..client() };
        assert!(Ask::Client { scopes: &[] }.request(&nowhere).is_none());
    }
}
