//! An OpenID provider that lets everybody in, and says of them what a test wants it to say.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use weir::console::OidcOptions;
use weir::secrets::Secret;

const CLIENT: &str = "weir-console";
const SECRET: &str = "s3cret of the client";

/// Changes what a token says before it is signed.
type Twist = Box<dyn Fn(&mut Value) + Send>;

pub struct Provider {
    pub url: String,
    shared: Arc<Mutex<Shared>>,
    serving: tokio::task::JoinHandle<()>,
}

struct Shared {
    url: String,
    key: EcdsaKeyPair,
    kid: String,
    /// A key that is not among those it shows, for what somebody else signs.
    shown: Value,
    twist: Twist,
    /// By code: challenge and nonce.
    codes: HashMap<String, (String, String)>,
}

type Door = Arc<Mutex<Shared>>;

impl Provider {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let key = key();
        let shown = jwk(&key, "first");
        let twist: Twist = Box::new(|_| {});
        let shared =
            Shared { url: url.clone(), key, kid: "first".into(), shown, twist, codes: HashMap::new() };
        let shared = Arc::new(Mutex::new(shared));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route(
                "/jwks",
                get(async |State(door): State<Door>| Json(json!({ "keys": [door.lock().unwrap().shown] }))),
            )
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .with_state(Arc::clone(&shared));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, shared, serving }
    }

    pub fn options(&self) -> OidcOptions {
        OidcOptions {
            issuer: OidcOptions::issuer(&self.url).unwrap(),
            client_id: CLIENT.to_owned(),
            secret: Some(Secret::new(SECRET)),
            domains: Vec::new(),
            trust_email: false,
        }
    }

    /// What its tokens say from now on, beside what they always say.
    pub fn says(&self, twist: impl Fn(&mut Value) + Send + 'static) {
        self.shared.lock().unwrap().twist = Box::new(twist);
    }

    /// Signs with another key from now on, which it shows, or not.
    pub fn rotates(&self, kid: &str, shows: bool) {
        let mut shared = self.shared.lock().unwrap();
        shared.key = key();
        shared.kid = kid.to_owned();
        if shows {
            shared.shown = jwk(&shared.key, kid);
        }
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn key() -> EcdsaKeyPair {
    let (chance, algorithm) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
    let document = EcdsaKeyPair::generate_pkcs8(algorithm, &chance).unwrap();
    EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &chance).unwrap()
}

fn jwk(key: &EcdsaKeyPair, kid: &str) -> Value {
    let point = key.public_key().as_ref();
    let [x, y] = [&point[1..33], &point[33..65]].map(|half| URL_SAFE_NO_PAD.encode(half));
    json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": kid, "x": x, "y": y })
}

async fn discovery(State(door): State<Door>) -> Json<Value> {
    let url = door.lock().unwrap().url.clone();
    Json(json!({
        "issuer": url, "authorization_endpoint": format!("{url}/authorize"), "token_endpoint": format!("{url}/token"),
        "jwks_uri": format!("{url}/jwks"), "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
    }))
}

async fn authorize(State(door): State<Door>, Query(asked): Query<HashMap<String, String>>) -> Redirect {
    assert_eq!((asked["client_id"].as_str(), asked["code_challenge_method"].as_str()), (CLIENT, "S256"));
    assert!(asked["scope"].split(' ').any(|scope| scope == "openid"), "{asked:?}");
    let mut shared = door.lock().unwrap();
    let code = format!("code-{}", shared.codes.len());
    shared.codes.insert(code.clone(), (asked["code_challenge"].clone(), asked["nonce"].clone()));
    let mut to = url::Url::parse(&asked["redirect_uri"]).unwrap();
    to.query_pairs_mut().append_pair("code", &code).append_pair("state", &asked["state"]);
    Redirect::to(to.as_str())
}

/// A code is good once, for the client that knows its secret and the browser's verifier.
async fn token(
    State(door): State<Door>,
    headers: HeaderMap,
    Form(asked): Form<HashMap<String, String>>,
) -> Response {
    let basic = form_basic(&headers);
    let mut shared = door.lock().unwrap();
    let found = shared.codes.remove(&asked["code"]);
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&asked["code_verifier"]));
    match found {
        Some((expected, nonce)) if expected == challenge && basic => {
            let token = shared.token(&nonce);
            Json(json!({ "access_token": "a", "token_type": "Bearer", "id_token": token })).into_response()
        }
        _ => (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response(),
    }
}

fn form_basic(headers: &HeaderMap) -> bool {
    let shown = headers["authorization"].to_str().unwrap().strip_prefix("Basic ").unwrap().to_owned();
    let secret: String = url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
    STANDARD.decode(shown).unwrap() == format!("{CLIENT}:{secret}").into_bytes()
}

impl Shared {
    fn token(&self, nonce: &str) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let mut claims = json!({
            "iss": self.url, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 300, "nonce": nonce,
            "email": "Ana@acme.example", "email_verified": true,
        });
        (self.twist)(&mut claims);
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        // A test may ask for another way of signing by a claim of that name.
        let alg = claims["alg"].as_str().unwrap_or("ES256").to_owned();
        let said = format!("{}.{}", part(&json!({ "alg": alg, "kid": self.kid })), part(&claims));
        let signature = match alg.as_str() {
            "none" => String::new(),
            "HS256" => {
                let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, SECRET.as_bytes());
                URL_SAFE_NO_PAD.encode(ring::hmac::sign(&key, said.as_bytes()))
            }
            _ => URL_SAFE_NO_PAD.encode(self.key.sign(&SystemRandom::new(), said.as_bytes()).unwrap()),
        };
        format!("{said}.{signature}")
    }
}
