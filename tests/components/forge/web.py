"""The way out over `wasi:http`: one request at a time, since each page of a listing says whether there is another."""

from urllib.parse import urlsplit

from componentize_py_types import Err, Ok
from wit_world.imports import outgoing_handler
from wit_world.imports.streams import StreamError_Closed
from wit_world.imports.wasi_http_types import (
    ErrorCode_HttpRequestDenied,
    ErrorCode_HttpResponseBodySize,
    Fields,
    IncomingBody,
    OutgoingRequest,
    Scheme_Https,
)

from forge.api import Response
from forge.errors import Fault

CHUNK_BYTES = 1024 * 1024

BODY_BYTES_MAX = 32 * 1024 * 1024
"""50 issues with bodies of 64 KB each are a tenth of it; what is larger would fill this memory."""


def ask(url):
    """The answer to a GET, whatever its status."""
    parts = urlsplit(url)
    request = OutgoingRequest(Fields.from_list([("accept", b"application/json")]))
    request.set_scheme(Scheme_Https())
    request.set_authority(parts.netloc)
    request.set_path_with_query(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    try:
        with outgoing_handler.handle(request, None) as pending:
            with pending.subscribe() as ready:
                ready.block()
            answer = pending.get()
    except Err as error:
        raise _failure(url, error.value) from None
    match answer:
        case Ok(Ok(response)):
            with response:
                return _read(url, response)
        case Ok(Err(code)):
            raise _failure(url, code)
        case _:
            raise _failure(url, None)


def _read(url, response):
    status = response.status()
    with response.headers() as fields:
        headers = {name.lower(): value.decode("latin-1") for name, value in fields.entries()}
    body = response.consume()
    chunks, size = [], 0
    with body.stream() as stream:
        while True:
            try:
                chunk = stream.blocking_read(CHUNK_BYTES)
            except Err as error:
                if isinstance(error.value, StreamError_Closed):
                    break
                raise _failure(url, None) from None
            chunks.append(chunk)
            size += len(chunk)
            if size > BODY_BYTES_MAX:
                raise Fault("unexpected", f"asked for {url} and got more than {BODY_BYTES_MAX} bytes")
    _complete(url, body)
    return Response(status, headers, b"".join(chunks))


def _complete(url, body):
    """A body counts only if it ended as announced."""
    with IncomingBody.finish(body) as end:
        with end.subscribe() as ready:
            ready.block()
        match end.get():
            case Ok(Ok(_)):
                return
            case _:
                raise _failure(url, None)


def _failure(url, code):
    if isinstance(code, ErrorCode_HttpRequestDenied):
        return Fault("unexpected", f"asked for {url}, and the host let no request out to there")
    if isinstance(code, ErrorCode_HttpResponseBodySize):
        return Fault("unexpected", f"asked for {url}, and the answer is larger than the host allows")
    why = type(code).__name__.removeprefix("ErrorCode_") if code is not None else "the answer broke off"
    return Fault("unavailable", f"asked for {url}, and no whole answer came: {why}")
