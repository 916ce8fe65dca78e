//! What can go wrong while answering: as a page for people, as problem+json (RFC 9457) for programs.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::host::HostError;
use crate::installed::InstalledFault;
use crate::model::{Fault, Issue};
use crate::sandbox::CallError;
use crate::store::StoreError;

/// Why a request got no answer. Pages show it, the API returns it as a [`Problem`].
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    #[error(transparent)]
    Host(#[from] HostError),
    /// Nobody has signed in.
    #[error("sign in first")]
    SignedOut,
    /// Somebody who may not do this.
    #[error("this takes {0}")]
    Forbidden(&'static str),
    #[error("there is nothing at this address")]
    NotFound,
    /// Said so that whoever asked can mend it.
    #[error("{0}")]
    Bad(String),
    /// Something else goes on that this would disturb.
    #[error("{0}")]
    Conflict(String),
    /// So many are served already that one more would keep others waiting.
    #[error("{0}; try again in a moment")]
    Full(&'static str),
    /// Origins that requests would go to and that nobody agreed to.
    #[error("requests would go to {}: agree to these origins, all of them, and repeat this", .0.join(", "))]
    NotAgreed(Vec<String>),
    /// Too many attempts; milliseconds to wait.
    #[error("too many attempts; try again in {} s", .0.div_ceil(1_000))]
    TooMany(u64),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Host(error.into())
    }
}

impl Trouble {
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Bad(_) => StatusCode::BAD_REQUEST,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Full(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::NotAgreed(_) => StatusCode::CONFLICT,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Host(error) => status_of(error),
        }
    }

    /// The same for programs.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let status = self.status();
        let errors = match self {
            Self::Host(HostError::Settings(issues)) => issues.iter().map(Into::into).collect(),
            Self::NotAgreed(origins) => {
                let fault = |url: &String| FieldFault { pointer: "/origins".to_owned(), detail: url.clone() };
                origins.iter().map(fault).collect()
            }
            _ => Vec::new(),
        };
        Problem {
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: self.to_string(),
            errors,
        }
    }
}

fn status_of(error: &HostError) -> StatusCode {
    match error {
        HostError::Store(StoreError::UnknownConnection { .. } | StoreError::ConnectionGone { .. })
        | HostError::Installed(InstalledFault::Unknown { .. })
        | HostError::UnknownItem { .. }
        | HostError::NoChoices { .. } => StatusCode::NOT_FOUND,
        HostError::Store(StoreError::NameTaken { .. })
        | HostError::Taken { .. }
        | HostError::OtherAccount { .. }
        | HostError::SettingUp { .. }
        | HostError::AmbiguousItem { .. }
        | HostError::SeveralItems { .. } => StatusCode::CONFLICT,
        HostError::Store(
            StoreError::BadName { .. }
            | StoreError::BadEmail { .. }
            | StoreError::UnknownAccount { .. }
            | StoreError::UnknownKind { .. }
            | StoreError::NeverSearched { .. },
        )
        | HostError::Settings(_)
        | HostError::OtherSource { .. }
        | HostError::UnknownLogin { .. }
        | HostError::NotOauth { .. }
        | HostError::Query(_)
        | HostError::Route(_)
        | HostError::Plan(_)
        | HostError::Credential(_)
        | HostError::Consent(_)
        | HostError::Connector { .. }
        | HostError::Installed(_) => StatusCode::UNPROCESSABLE_ENTITY,
        // What somebody typed is what the source does not take.
        HostError::SignIn(CallError::Fault {
            fault: Fault::Unauthenticated(_) | Fault::Forbidden(_),
            ..
        }) => StatusCode::UNPROCESSABLE_ENTITY,
        // The source, or what speaks for it, did not do what was asked of it.
        HostError::SignIn(_) | HostError::TokenServer(_) | HostError::Token(_) | HostError::Call(_) => {
            StatusCode::BAD_GATEWAY
        }
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// An error as RFC 9457 has it; its `type` is `about:blank`, so the status says which sort it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    pub title: String,
    pub status: u16,
    /// What was attempted, what came back, what to do next.
    pub detail: String,
    /// What is wrong with single fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldFault>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldFault {
    /// A JSON Pointer (RFC 6901); empty for all of it.
    pub pointer: String,
    pub detail: String,
}

impl From<&Issue> for FieldFault {
    fn from(issue: &Issue) -> Self {
        Self { pointer: issue.pointer.clone(), detail: issue.message.clone() }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        let problem = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, problem);
        if status == StatusCode::UNAUTHORIZED {
            // RFC 9110: a 401 says how to sign in.
            let challenge = HeaderValue::from_static("Bearer realm=\"weir\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// For the API. Pages turn trouble into a page first (`pages::Shown`).
impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let wait = match self {
            Self::TooMany(wait) => Some(wait.div_ceil(1_000)),
            _ => None,
        };
        let mut response = self.problem().into_response();
        if let Some(wait) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, wait.into());
        }
        response
    }
}
