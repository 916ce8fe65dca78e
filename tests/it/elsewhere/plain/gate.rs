//! The way out: the hook that `wasi:http` of the stock crate leaves to its host.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use http::header::{AUTHORIZATION, COOKIE, HeaderValue};
use http::{Method, Request, Response, Uri};
use http_body_util::BodyExt as _;
use wasmtime_wasi_http::{
    DEFAULT_FORBIDDEN_HEADERS, Error, ForbiddenHeaderFilter, RequestOptions, WasiBody, WasiHttpHooks,
};

use super::host::contract::exports::weir::connector::setup::Origin;

/// What was agreed to, and what is added to it. One that knows no origin lets nothing out.
#[derive(Clone, Default)]
pub struct Gate(Arc<Agreed>);

#[derive(Default)]
struct Agreed {
    origins: Vec<Origin>,
    /// `authorization`, for the origins that were agreed to with the credential.
    credential: Option<HeaderValue>,
    /// Servers that stand in for an origin, as a simulator does.
    stand_ins: BTreeMap<String, String>,
    client: reqwest::Client,
}

type Sent = (Response<WasiBody>, Box<dyn Future<Output = Result<(), Error>> + Send>);

impl Gate {
    pub fn new(origins: Vec<Origin>, credential: HeaderValue, stand_ins: BTreeMap<String, String>) -> Self {
        let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
        let client = builder.build().unwrap();
        Self(Arc::new(Agreed { origins, credential: Some(credential), stand_ins, client }))
    }
}

impl Agreed {
    /// The request as it may leave.
    fn admit(&self, request: &Request<WasiBody>) -> Result<reqwest::Request, Error> {
        let asked = request.uri();
        let origin = origin(asked).ok_or(Error::HttpRequestUriInvalid)?;
        let agreed = self.origins.iter().find(|agreed| agreed.url == origin);
        let agreed = agreed.ok_or(Error::HttpRequestDenied)?;
        if ![Method::GET, Method::HEAD].contains(request.method()) {
            return Err(Error::HttpRequestDenied);
        }
        let to = self.stand_ins.get(&agreed.url).unwrap_or(&agreed.url);
        let path = asked.path_and_query().map_or("/", |path| path.as_str());
        let url = format!("{to}{path}").parse().map_err(|_| Error::HttpRequestUriInvalid)?;
        let mut leaving = reqwest::Request::new(request.method().clone(), url);
        *leaving.headers_mut() = request.headers().clone();
        if let Some(credential) = self.credential.as_ref().filter(|_| agreed.credential) {
            leaving.headers_mut().insert(AUTHORIZATION, credential.clone());
        }
        Ok(leaving)
    }
}

/// None for a user or a password in the address: they are nobody's to set but the host's.
fn origin(uri: &Uri) -> Option<String> {
    let (scheme, authority) = (uri.scheme_str()?, uri.authority()?.as_str());
    (!authority.contains('@')).then(|| format!("{scheme}://{authority}"))
}

impl WasiHttpHooks for Gate {
    /// The credential is the host's to set.
    fn forbidden_header_filter(&mut self) -> ForbiddenHeaderFilter {
        Arc::new(|name| DEFAULT_FORBIDDEN_HEADERS.contains(name) || [AUTHORIZATION, COOKIE].contains(name))
    }

    fn set_host_header(&mut self) -> bool {
        false
    }

    fn send_request(
        &mut self,
        request: Request<WasiBody>,
        _options: Option<RequestOptions>,
        _sent: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Result<Sent, Error>> + Send> {
        let agreed = Arc::clone(&self.0);
        Box::new(async move {
            let leaving = agreed.admit(&request)?;
            let answer = agreed.client.execute(leaving).await.map_err(|_| Error::ConnectionRefused)?;
            let answer = Response::from(answer)
                .map(|body: reqwest::Body| body.map_err(|_| Error::HttpResponseIncomplete).boxed_unsync());
            Ok((answer, Box::new(async { Ok(()) }) as Box<_>))
        })
    }
}
