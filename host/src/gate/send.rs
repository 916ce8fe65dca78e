//! The way through the gate, step by step.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, HeaderValue, RANGE, RETRY_AFTER};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use url::Url;

use super::body::Meter;
use super::echo::Echo;
use super::governor::{Governor, Turn};
use super::limits::{REQUEST_BYTES_MAX, SPENT_AT_ONCE_MAX};
use super::origins::{Agreed, Origins};
use super::pace::Rest;
use super::retry::{self, Attempt, Decision, Outcome};
use super::signs::Signs;
use super::told::told;
use super::{
    Body, CallBudget, Departure, Doors, Failure, GatePlan, Governors, Ledger, Place, PlanFault, RawBody,
    Refusal, Signed, addresses, headers, peek, target,
};
use crate::secrets::{Credential, Credentials, Lack};

/// The gate of one connection. A clone is the same gate: the same governors, one ledger.
#[derive(Clone)]
pub struct Gate {
    inner: Arc<Inner>,
    /// Whether it leaves points of an hour to others.
    spares: bool,
}

struct Inner {
    origins: Origins,
    credential: Option<Arc<dyn Credentials>>,
    governors: Governors,
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
    /// Whether the credential goes to this origin, so that what it answers is charged to the connection.
    credential: bool,
    governor: Arc<Governor>,
    /// What the departure was signed with.
    signed: Option<Arc<Credential>>,
}

/// How a request gets to be sent, and how long it has waited for that.
struct Way {
    governor: Arc<Governor>,
    /// Whether points bound it.
    metered: bool,
    waited: Duration,
    wait_max: Duration,
}

impl Gate {
    /// # Errors
    /// If an origin or a route cannot be read, or contradicts the rules of `origins`.
    pub fn new(plan: GatePlan, doors: Doors) -> Result<Self, PlanFault> {
        let inner = Inner {
            origins: Origins::new(&plan.origins, &plan.routes)?,
            credential: plan.credential,
            governors: plan.governors,
            ledger: Arc::new(Ledger::new(plan.keep_exchanges)),
            epoch: doors.clock.now(),
            doors,
        };
        Ok(Self { inner: Arc::new(inner), spares: false })
    }

    /// The same gate, for reads that can go on in another hour: they leave the last of an hour's points to others,
    /// and keep to what a user allowed. What a person waits for does not, and is a handful of requests.
    #[must_use]
    pub fn sparing(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), spares: true }
    }

    /// What went through so far.
    pub fn ledger(&self) -> &Ledger {
        &self.inner.ledger
    }

    /// The connector says what the answers it just got cost, in the source's own measure.
    pub fn spend(&self, units: u64) {
        let units = units.min(SPENT_AT_ONCE_MAX);
        self.inner.ledger.spent(units);
        self.inner.governors.spend(units, self.inner.doors.clock.now());
    }

    /// Whether a connector may not set this header, so that the sandbox can say so at once.
    pub fn forbids(&self, header: &http::HeaderName) -> bool {
        headers::is_forbidden(header, self.inner.login())
    }

    /// The header of the login, which no connector may set.
    pub fn login_header(&self) -> Option<&http::HeaderName> {
        self.inner.login()
    }

    /// Where a URL of an agreed origin leads: to itself, or to the server that stands in.
    ///
    /// # Errors
    /// As [`Gate::send`], for a URL that cannot be read or whose origin was not agreed.
    pub fn led(&self, url: &Url) -> Result<Url, Refusal> {
        let unread = |_| Refusal::Url { url: "(hidden)".to_owned(), reason: "it cannot be read" };
        let (url, place) = target::parse(&url.as_str().parse().map_err(unread)?)?;
        Ok(route(self.inner.origins.find(&place)?, &url, &place)?.0)
    }

    /// Judges a request, sends it, and tries again where that may help.
    ///
    /// Answers come back whatever their status, redirects too: following one is a request
    /// of its own. A 429 or 5xx comes back when trying again did not help, or when the
    /// server asked for a longer wait than the call's budget has. While an origin is to be left alone for
    /// longer than that, nothing is sent to it, and the answer is a 429 of the host's own that says how long.
    ///
    /// # Errors
    /// [`Refusal::Failed`] if no answer came, every other case if the request (or the size of
    /// the answer's headers) is against the rules.
    pub async fn send(&self, request: Request<Bytes>, call: &CallBudget) -> Result<Response<Body>, Refusal> {
        let refused = |_: &Refusal| self.inner.ledger.refused();
        let mut admitted = self.inner.admit(request).inspect_err(refused)?;
        self.inner.sign(&mut admitted).await.inspect_err(refused)?;
        // 7. The call has requests left.
        if !call.take() {
            let refusal = Refusal::Budget { requests_max: call.limits().0 };
            return Err(refusal).inspect_err(refused);
        }
        let (method, url) = (admitted.departure.method.clone(), admitted.url.clone());
        told(&method, &url, self.inner.carry_out(admitted, call, self.spares)).await
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
        if agreed.credential && self.credential.is_some() && headers.contains_key(RANGE) {
            return Err(Refusal::Part { place });
        }
        if let Some(host) = stood_in_for {
            headers.insert(HOST, host);
        }
        let departure = Departure { method: head.method, url: dialled, headers, body, reach: agreed.reach };
        let governor = self.governors.of(&agreed.name());
        Ok(Admitted { departure, url, place, credential: agreed.credential, governor, signed: None })
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

    /// 8. Sends what was admitted, when it is its turn and the origin may be asked.
    ///
    /// The turn ends with the answer's headers, not with its body: a connector that holds
    /// bodies unread while it asks for more would otherwise wait for itself.
    async fn carry_out(
        &self,
        admitted: Admitted,
        call: &CallBudget,
        spares: bool,
    ) -> Result<Response<Body>, Refusal> {
        let Admitted { mut departure, url, place, signed, credential, governor } = admitted;
        let method = departure.method.clone();
        let metered = credential && spares;
        let mut way = Way { governor, metered, waited: Duration::ZERO, wait_max: call.limits().2 };
        let turn = match self.turn(&mut way).await {
            Ok(turn) => turn,
            Err(rest) => {
                self.ledger.refused();
                return Ok(self.in_its_place(rest).map(Body::of_host));
            }
        };
        let start = self.elapsed();
        self.governors.asked();
        let meter = Meter {
            line: self.ledger.begun(&method, &url, start),
            ledger: Arc::clone(&self.ledger),
            clock: Arc::clone(&self.doors.clock),
            epoch: self.epoch,
        };
        let mut answer = self.try_until_settled(departure.clone(), &meter, turn, &mut way).await;
        let mut used: Vec<Arc<Credential>> = signed.into_iter().collect();
        if let (Ok(first), Some(signed)) = (&mut answer, used.first()) {
            let another = self.another_credential(first, signed).await;
            if let Some(another) =
                another.inspect_err(|_| self.ledger.failed(&meter.line)).map_err(Refusal::Credential)?
            {
                departure.headers.insert(another.header(), another.value().clone());
                used.push(another);
                self.ledger.retried(&meter.line, Duration::ZERO);
                let turn = way.governor.turn().await;
                answer = self.try_until_settled(departure, &meter, turn, &mut way).await;
            }
        }
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

    /// A turn at a time when the origin may be asked; or until when it may not, if that is too long to wait.
    ///
    /// All that wait for the same moment wait at once, and are let through in its order and width.
    async fn turn(&self, way: &mut Way) -> Result<Turn, Rest> {
        loop {
            let turn = way.governor.turn().await;
            let now = self.doors.clock.now();
            let Some(rest) = self.governors.rest(&way.governor, way.metered, now) else { return Ok(turn) };
            drop(turn);
            // The jitter is the host's own, and is not held against the call.
            way.waited = way.waited.saturating_add(rest.left(now));
            if way.waited > way.wait_max {
                return Err(rest);
            }
            self.doors.clock.sleep(retry::stretched(rest.left(now), self.doors.chance.unit())).await;
        }
    }

    /// What is answered instead of the origin, in the words that it would use.
    fn in_its_place(&self, rest: Rest) -> Response<RawBody> {
        let seconds = rest.left(self.doors.clock.now()).as_secs_f64().ceil();
        let words = serde_json::json!({ "message": rest.to_string() }).to_string();
        let body = Full::new(Bytes::from(words)).map_err(|never| match never {}).boxed_unsync();
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Ok(seconds) = HeaderValue::from_str(&format!("{seconds}")) {
            headers.insert(RETRY_AFTER, seconds);
        }
        response
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

    /// A turn is kept while waiting to try again without being asked to, so that a server in trouble gets
    /// fewer requests from all of the connection. One that asks for patience asks all of them for it.
    async fn try_until_settled(
        &self,
        departure: Departure,
        meter: &Meter,
        turn: Turn,
        way: &mut Way,
    ) -> Result<Response<RawBody>, Failure> {
        let (mut retries, mut turn) = (0, Some(turn));
        loop {
            let sent = way.governor.narrowings();
            let started = meter.elapsed();
            let answer = self.doors.transport.send(departure.clone()).await;
            let status = answer.as_ref().ok().map(Response::status);
            let ended = meter.elapsed();
            self.ledger.attempted(&meter.line, status, ended.saturating_sub(started), ended);
            let (now, unit) = (self.doors.clock.now(), self.doors.chance.unit());
            let outcome = match &answer {
                Ok(answer) => {
                    way.governor.learn(&Signs::read(answer.status(), answer.headers(), now), sent, now);
                    Outcome::Answered(answer.status(), answer.headers())
                }
                Err(failure) => Outcome::Failed(failure),
            };
            let Way { waited, wait_max, .. } = *way;
            let Decision::Retry { after } =
                (Attempt { outcome, retries, waited, wait_max, now, unit }).decide()
            else {
                return answer;
            };
            if matches!(status, Some(StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)) {
                turn = None;
            }
            drop(answer);
            self.ledger.retried(&meter.line, after);
            self.doors.clock.sleep(after).await;
            way.waited += after;
            retries += 1;
            // Others may have been told meanwhile to leave the origin alone.
            let at_rest = self.governors.rest(&way.governor, way.metered, self.doors.clock.now()).is_some();
            turn = match turn.filter(|_| !at_rest) {
                Some(kept) => Some(kept),
                None => match self.turn(way).await {
                    Ok(another) => Some(another),
                    Err(rest) => return Ok(self.in_its_place(rest)),
                },
            };
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
        let mut response = Response::new(Body::new(raw, response_bytes_max, meter, Echo::of(&used)));
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
