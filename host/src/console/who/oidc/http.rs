//! The way to the provider: no redirects, little time, and not much at once.

use std::pin::Pin;
use std::sync::OnceLock;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};

use super::fault::words;

/// A person waits for it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// For one answer, to its end.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);
/// Keys and tokens are some kilobytes.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;

/// A client that is made when it is first needed: loading certificates takes a while.
#[derive(Default)]
pub struct Http(OnceLock<Result<reqwest::Client, String>>);

/// Why there was no answer. The address stays out of it: its query may hold a code.
#[derive(Debug, thiserror::Error)]
pub enum HttpFault {
    #[error("{0}")]
    Unready(String),
    #[error("{0}")]
    Unanswered(String),
    #[error("it answered with more than {ANSWER_BYTES_MAX} bytes")]
    TooLong,
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = HttpFault;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpFault>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

impl Http {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFault> {
        let client = self.0.get_or_init(build).as_ref().map_err(|fault| HttpFault::Unready(fault.clone()))?;
        let unanswered = |error: reqwest::Error| HttpFault::Unanswered(words(&error.without_url()));
        let request = reqwest::Request::try_from(request).map_err(unanswered)?;
        let mut answer = client.execute(request).await.map_err(unanswered)?;
        let mut body = Vec::new();
        while let Some(bytes) = answer.chunk().await.map_err(unanswered)? {
            if body.len() + bytes.len() > ANSWER_BYTES_MAX {
                return Err(HttpFault::TooLong);
            }
            body.extend_from_slice(&bytes);
        }
        let mut response = HttpResponse::new(body);
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

fn build() -> Result<reqwest::Client, String> {
    // reqwest takes the process's provider. That another part of the process has chosen one already is no fault.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let settings = || {
        reqwest::Client::builder()
            .user_agent(concat!("weir/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(ANSWER_TIMEOUT)
    };
    // A machine without certificates can still speak to itself in plain HTTP, and to nobody else.
    let built = settings().build().or_else(|_| settings().tls_certs_only([]).build());
    built.map_err(|error| words(&error))
}
