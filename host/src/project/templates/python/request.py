"""Requests: the contract's wasi:http. The host adds the credential, and retries what is worth it."""

from componentize_py_types import Err, Ok
from wit_world.exports.content import Receipt
from wit_world.imports import outgoing_handler
from wit_world.imports.streams import StreamError_Closed
from wit_world.imports.wasi_http_types import (
    ErrorCode_HttpRequestDenied,
    Fields,
    IncomingBody,
    OutgoingRequest,
    Scheme_Https,
)
from wit_world.imports.weir_connector_types import Error_Unavailable, Error_Unexpected

from meaning import meaning

# How much is asked of a stream at once, in bytes; the host may give less.
CHUNK = 1024 * 1024


class Http:
    def __init__(self, site):
        self.authority = site.removeprefix("https://")

    def ask(self, paths):
        """Asks for all of them at once and then waits: several requests are in flight, as many as the host allows."""
        sent = [attempt(self.send, path) for path in paths]
        return [future if isinstance(future, Err) else attempt(row, path, future) for path, future in zip(paths, sent)]

    def download(self, link, sink):
        """The bytes go from the answer to the host's sink without passing through this memory."""
        with head(self.send(link)) as response:
            if response.status() != 200:
                meaning(link, response.status(), header(response, "retry-after"), body(response))
                raise broken()
            media_type, incoming, size = header(response, "content-type"), response.consume(), 0
            with incoming.stream() as stream:
                while True:
                    try:
                        size += sink.blocking_splice(stream, CHUNK)
                    except Err as error:
                        # The end, or the host has had enough: then the answer no longer matters to it.
                        if isinstance(error.value, StreamError_Closed):
                            break
                        raise broken() from None
            finish(incoming)
            return Receipt(media_type, size)

    def send(self, path):
        request = OutgoingRequest(Fields.from_list([("accept", b"application/json")]))
        request.set_scheme(Scheme_Https())
        request.set_authority(self.authority)
        request.set_path_with_query(path)
        try:
            return outgoing_handler.handle(request, None)
        except Err as error:
            raise failed(error.value) from None


def attempt(act, *given):
    """What comes of it, or the error that stands for that."""
    try:
        return act(*given)
    except Err as error:
        return error


def row(path, future):
    with head(future) as response:
        return meaning(path, response.status(), header(response, "retry-after"), body(response))


def head(future):
    """The head of the answer, once it is there."""
    with future, future.subscribe() as ready:
        ready.block()
        match future.get():
            case Ok(Ok(response)):
                return response
            case Ok(Err(code)):
                raise failed(code)
            case _:
                raise broken()


def header(response, name):
    with response.headers() as headers:
        return next((value.decode("latin-1") for value in headers.get(name)), None)


def body(response):
    incoming, chunks = response.consume(), []
    with incoming.stream() as stream:
        while True:
            try:
                chunks.append(stream.blocking_read(CHUNK))
            except Err as error:
                if isinstance(error.value, StreamError_Closed):
                    break
                raise broken() from None
    finish(incoming)
    return b"".join(chunks)


def finish(incoming):
    """A body counts only if it ended as announced."""
    with IncomingBody.finish(incoming) as end, end.subscribe() as ready:
        ready.block()
        match end.get():
            case Ok(Ok(_)):
                return
            case _:
                raise broken()


def failed(code):
    """No answer came. What the host refused would be refused again; anything else may pass."""
    message = f"the request to the site failed: {type(code).__name__}"
    return Err(Error_Unexpected(message) if isinstance(code, ErrorCode_HttpRequestDenied) else Error_Unavailable(message))


def broken():
    return Err(Error_Unavailable("the site's answer broke off"))
