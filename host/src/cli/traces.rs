//! Traces, by OTLP over HTTP, to a collector that an operator names.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use anyhow::Context as _;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use tokio::runtime::Handle;
use tracing::Subscriber;
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::registry::LookupSpan;
use url::Url;

/// How long a collector may take. Serving never waits for it; ending does.
const ANSWER_MAX: Duration = Duration::from_secs(5);

/// Sends what waits when it is dropped.
pub struct Sending(SdkTracerProvider);

impl Drop for Sending {
    fn drop(&mut self) {
        // A collector that is gone is no reason not to end.
        let _unsent = self.0.shutdown_with_timeout(ANSWER_MAX);
    }
}

/// What hands spans to the collector at this address.
///
/// # Errors
///
/// When there can be no client for it.
pub fn layer<S: Subscriber + for<'span> LookupSpan<'span>>(
    collector: &Url,
) -> anyhow::Result<(OpenTelemetryLayer<S, SdkTracer>, Sending)> {
    // The standard has exporters append the path of what they send.
    let endpoint = format!("{}/v1/traces", collector.as_str().trim_end_matches('/'));
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(Collector::new()?)
        .with_endpoint(endpoint)
        .with_timeout(ANSWER_MAX)
        .build()
        .context("traces cannot be sent there; see --otlp")?;
    let resource = Resource::builder().with_service_name("weir").build();
    let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
    let tracer = provider.tracer("weir");
    Ok((tracing_opentelemetry::layer().with_tracer(tracer), Sending(provider)))
}

/// The exporter's HTTP by the client that we have anyway. It calls from a thread of its own, where no task runs.
#[derive(Debug)]
struct Collector {
    client: reqwest::Client,
    runtime: Handle,
}

impl Collector {
    fn new() -> anyhow::Result<Self> {
        // That another part of the process has chosen a provider already is no fault.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().timeout(ANSWER_MAX).build();
        Ok(Self { client: client.context("no client for traces")?, runtime: Handle::current() })
    }
}

impl HttpClient for Collector {
    fn send_bytes<'a, 'sent>(
        &'a self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'sent>>
    where
        'a: 'sent,
        Self: 'sent,
    {
        let client = self.client.clone();
        let sent = self.runtime.spawn(async move {
            let answer = client.execute(reqwest::Request::try_from(request)?).await?;
            let mut response = Response::new(Bytes::new());
            *response.status_mut() = answer.status();
            *response.body_mut() = answer.bytes().await?;
            Ok::<_, HttpError>(response)
        });
        Box::pin(async move { sent.await? })
    }
}
