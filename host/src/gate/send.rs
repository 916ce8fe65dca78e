//! The way through the gate, step by step.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{HOST, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use tokio::sync::Semaphore;
use url::Url;

use super::body::Meter;
use super::limits::{REQUEST_BYTES_MAX, WIDTH};
use super::origins::{Agreed, Origins};
use super::retry::{Attempt, Decision, Outcome};
use super::{
    Body, CallBudget, Departure, Doors, Failure, Ledger, Place, PlanFault, RawBody, Refusal, addresses,
    headers, peek, target,
};
use crate::model::{Origin, Route};
use crate::secrets::{Credential, Credentials, Lack};

/// What was agreed for one connection.
#[derive(Debug, Default)]
pub struct GatePlan {
    pub origins: Vec<Origin>,
    pub routes: Vec<Route>,
    /// Asked at each send. None for an anonymous login.
    pub credential: Option<Arc<dyn Credentials>>,
    /// Requests in flight at once; `limits::WIDTH` if none.
    pub width: Option<usize>,
    /// Whether the ledger keeps every single exchange, for benchmarks.
    pub keep_exchanges: bool,
}

/// What a response's request was signed with, and what its connection sent last: kept with each response, so that
/// whoever writes it down can leave out what a server repeats of it. No guest sees it.
#[derive(Clone, Debug)]
pub struct Signed(pub Vec<Arc<Credential>>);

/// The gate of one connection. A clone is the same gate: one width, one ledger.
#[derive(Clone)]
pub struct Gate(Arc<Inner>);

struct Inner {
    origins: Origins,
    credential: Option<Arc<dyn Credentials>>,
    turns: Semaphore,
    ledger: Arc<Ledger>,
    doors: Doors,
    epoch: SystemTime,
}

/// A request that was let out, and what to say of it.
struct Admitted {
    departure: Departure,
    /// The URL as the connector knows it; the departure's is another if a server stands in.
    url: Url,
    place: Place,
    /// Whether the credential goes to this origin.
    credential: bool,
    /// What the departure was signed with.
    signed: Option<Arc<Credential>>,
}

impl Gate {
    /// # Errors
    /// If an origin or a route cannot be read, or contradicts the rules of `origins`.
    pub fn new(plan: GatePlan, doors: Doors) -> Result<Self, PlanFault> {
        Ok(Self(Arc::new(Inner {
            origins: Origins::new(&plan.origins, &plan.routes)?,
            credential: plan.credential,
            turns: Semaphore::new(plan.width.unwrap_or(WIDTH).max(1)),
            ledger: Arc::new(Ledger::new(plan.keep_exchanges)),
            epoch: doors.clock.now(),
            doors,
        })))
    }

    /// What went through so far.
    pub fn ledger(&self) -> &Ledger {
        &self.0.ledger
    }

    /// Whether a connector may not set this header, so that the sandbox can say so at once.
    pub fn forbids(&self, header: &http::HeaderName) -> bool {
        headers::is_forbidden(header, self.0.login())
    }

    /// The header of the login, which no connector may set.
    pub fn login_header(&self) -> Option<&http::HeaderName> {
        self.0.login()
    }

    /// Where a URL of an agreed origin leads: to itself, or to the server that stands in.
    ///
    /// # Errors
    /// As [`Gate::send`], for a URL that cannot be read or whose origin was not agreed.
    pub fn led(&self, url: &Url) -> Result<Url, Refusal> {
        let unread = |_| Refusal::Url { url: "(hidden)".to_owned(), reason: "it cannot be read" };
        let (url, place) = target::parse(&url.as_str().parse().map_err(unread)?)?;
        Ok(route(self.0.origins.find(&place)?, &url, &place)?.0)
    }

    /// Judges a request, sends it, and tries again where that may help.
    ///
    /// Answers come back whatever their status, redirects too: following one is a request
    /// of its own. A 429 or 5xx comes back when trying again did not help, or when the
    /// server asked for a longer wait than the call's budget has.
    ///
    /// # Errors
    /// [`Refusal::Failed`] if no answer came, every other case if the request (or the size of
    /// the answer's headers) is against the rules.
    pub async fn send(&self, request: Request<Bytes>, call: &CallBudget) -> Result<Response<Body>, Refusal> {
        let refused = |_: &Refusal| self.0.ledger.refused();
        let mut admitted = self.0.admit(request).inspect_err(refused)?;
        self.0.sign(&mut admitted).await.inspect_err(refused)?;
        // 7. The call has requests left.
        if !call.take() {
            let refusal = Refusal::Budget { requests_max: call.limits().0 };
            return Err(refusal).inspect_err(refused);
        }
        self.0.carry_out(admitted, call).await
    }
}

impl Inner {
    /// The policy, in its order. Nothing is sent here.
    fn admit(&self, request: Request<Bytes>) -> Result<Admitted, Refusal> {
        let (head, body) = request.into_parts();
        let (url, place) = target::parse(&head.uri)?;

        // 1. The origin was agreed. 2. The method is allowed there, and so is the body.
        let agreed = self.origins.find(&place)?;
        agreed.admits(&head.method, &place)?;
        check_body(&head.method, &body)?;

        // 3. A server may stand in. 4. The address is allowed; a name's are judged by the
        // resolver of the client that dials them, so that nothing changes in between.
        let (dialled, stood_in_for) = route(agreed, &url, &place)?;
        check_address(agreed, &place)?;

        // 5. No header is forbidden.
        let mut headers = headers::outgoing(head.headers, body.len(), self.login())?;
        if let Some(host) = stood_in_for {
            headers.insert(HOST, host);
        }
        let departure = Departure { method: head.method, url: dialled, headers, body, reach: agreed.reach };
        Ok(Admitted { departure, url, place, credential: agreed.credential, signed: None })
    }

    /// 6. Today's credential is added, for this origin, if agreed. Without it nothing goes out.
    async fn sign(&self, admitted: &mut Admitted) -> Result<(), Refusal> {
        if let Some(credentials) = self.credential.as_ref().filter(|_| admitted.credential) {
            let credential = credentials.current().await.map_err(Refusal::Credential)?;
            admitted.departure.headers.insert(credential.header(), credential.value().clone());
            admitted.signed = Some(credential);
        }
        Ok(())
    }

    /// Sends what was admitted, when it is its turn.
    ///
    /// The turn ends with the answer's headers, not with its body: a connector that holds
    /// bodies unread while it asks for more would otherwise wait for itself.
    async fn carry_out(&self, admitted: Admitted, call: &CallBudget) -> Result<Response<Body>, Refusal> {
        let Admitted { mut departure, url, place, signed, .. } = admitted;
        let method = departure.method.clone();
        // The semaphore is never closed; if it were, there would be no turns to take.
        let turn = self.turns.acquire().await;
        let start = self.elapsed();
        let meter = Meter {
            line: self.ledger.begun(&method, &url, start),
            ledger: Arc::clone(&self.ledger),
            clock: Arc::clone(&self.doors.clock),
            epoch: self.epoch,
        };
        let mut answer = self.try_until_settled(departure.clone(), &meter, call).await;
        let mut used: Vec<Arc<Credential>> = signed.into_iter().collect();
        if let (Ok(first), Some(signed)) = (&mut answer, used.first()) {
            let another = self.another_credential(first, signed).await;
            if let Some(another) =
                another.inspect_err(|_| self.ledger.failed(&meter.line)).map_err(Refusal::Credential)?
            {
                departure.headers.insert(another.header(), another.value().clone());
                used.push(another);
                self.ledger.retried(&meter.line, Duration::ZERO);
                answer = self.try_until_settled(departure, &meter, call).await;
            }
        }
        drop(turn);
        match answer {
            Ok(answer) => self.hand_over(answer, meter, call, used),
            Err(failure) => {
                self.ledger.failed(&meter.line);
                Err(match failure {
                    Failure::Address { address, kind } => Refusal::Address { place, address, kind },
                    failure => Refusal::Failed { method, place, failure },
                })
            }
        }
    }

    /// After a 401 that a newer token may mend: that token, where one can be had. One that is
    /// about a scope cannot be mended so, and keeps its answer.
    async fn another_credential(
        &self,
        answer: &mut Response<RawBody>,
        signed: &Credential,
    ) -> Result<Option<Arc<Credential>>, Lack> {
        let credentials = self.credential.as_ref().filter(|credentials| credentials.is_renewable());
        match credentials.filter(|_| answer.status() == StatusCode::UNAUTHORIZED) {
            Some(credentials) if !peek::is_about_scope(answer).await => credentials.refused(signed).await,
            _ => Ok(None),
        }
    }

    /// A turn is kept while waiting to try again, so that a server that asks for patience
    /// gets fewer requests from all of the connection.
    async fn try_until_settled(
        &self,
        departure: Departure,
        meter: &Meter,
        call: &CallBudget,
    ) -> Result<Response<RawBody>, Failure> {
        let (_, _, wait_max) = call.limits();
        let (mut retries, mut waited) = (0, Duration::ZERO);
        loop {
            let answer = self.doors.transport.send(departure.clone()).await;
            let status = answer.as_ref().ok().map(Response::status);
            self.ledger.attempted(&meter.line, status, meter.elapsed());
            let outcome = match &answer {
                Ok(answer) => Outcome::Answered(answer.status(), answer.headers()),
                Err(failure) => Outcome::Failed(failure),
            };
            let (now, unit) = (self.doors.clock.now(), self.doors.chance.unit());
            match (Attempt { outcome, retries, waited, wait_max, now, unit }).decide() {
                Decision::GiveUp => return answer,
                Decision::Retry { after } => {
                    drop(answer);
                    self.ledger.retried(&meter.line, after);
                    self.doors.clock.sleep(after).await;
                    retries += 1;
                    waited += after;
                }
            }
        }
    }

    /// Removes what the connector may not see, and measures what it reads.
    fn hand_over(
        &self,
        answer: Response<RawBody>,
        meter: Meter,
        call: &CallBudget,
        mut used: Vec<Arc<Credential>>,
    ) -> Result<Response<Body>, Refusal> {
        // A server may also repeat what another request of this connection brought it.
        used.extend(self.credential.as_ref().and_then(|credentials| credentials.latest()));
        let (head, raw) = answer.into_parts();
        let (_, response_bytes_max, _) = call.limits();
        let mut response = Response::new(Body::new(raw, response_bytes_max, meter));
        *response.status_mut() = head.status;
        *response.headers_mut() = headers::incoming(head.headers, &used)?;
        response.extensions_mut().insert(Signed(used));
        Ok(response)
    }

    fn login(&self) -> Option<&http::HeaderName> {
        self.credential.as_ref().map(|credentials| credentials.header())
    }

    fn elapsed(&self) -> Duration {
        self.doors.clock.now().duration_since(self.epoch).unwrap_or_default()
    }
}

fn check_body(method: &Method, body: &Bytes) -> Result<(), Refusal> {
    if body.len() > REQUEST_BYTES_MAX {
        let (what, bytes) = ("request's body", body.len());
        return Err(Refusal::TooLarge { what, bytes, bytes_max: REQUEST_BYTES_MAX });
    }
    // What a body means to a GET is for each server to guess (RFC 9110 9.3.1).
    if *method != Method::POST && !body.is_empty() { Err(Refusal::Body(method.clone())) } else { Ok(()) }
}

/// The URL to dial, and the `host` to name if that is another server's.
fn route(agreed: &Agreed, url: &Url, place: &Place) -> Result<(Url, Option<HeaderValue>), Refusal> {
    let Some(to) = &agreed.stand_in else { return Ok((url.clone(), None)) };
    let moved = target::moved(url, to).zip(HeaderValue::from_str(&place.authority()).ok());
    let (dialled, host) = moved.ok_or_else(|| Refusal::Url {
        url: place.to_string(),
        reason: "it cannot be sent to the server that stands in",
    })?;
    Ok((dialled, Some(host)))
}

/// Judges an address that was written out; a name has none yet.
fn check_address(agreed: &Agreed, place: &Place) -> Result<(), Refusal> {
    let dialled = agreed.stand_in.as_ref().unwrap_or(place);
    match dialled.address() {
        Some(address) if !agreed.reach.admits(address) => {
            Err(Refusal::Address { place: dialled.clone(), address, kind: addresses::kind(address) })
        }
        _ => Ok(()),
    }
}
