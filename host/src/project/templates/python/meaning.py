"""What an answer of the site means, as a row or as an error of the contract. Pure.

The case decides what the host does, see `error` in wit/types.wit; the words are for people.
"""

import json

from componentize_py_types import Err
from wit_world.imports.weir_connector_types import (
    Error_Forbidden,
    Error_NotFound,
    Error_Throttled,
    Error_Unauthenticated,
    Error_Unavailable,
    Error_Unexpected,
    Throttle,
)


def meaning(path, status, retry_after, body):
    asked = f"the site answered {status} to GET {path}"
    if status == 401:
        raise Err(Error_Unauthenticated(asked))
    if status == 403:
        raise Err(Error_Forbidden(asked))
    if status == 429:
        seconds = int(retry_after) if retry_after and retry_after.isascii() and retry_after.isdigit() else None
        raise Err(Error_Throttled(Throttle(asked, None if seconds is None else seconds * 1000)))
    if status >= 500:
        raise Err(Error_Unavailable(asked))
    row = parsed(body)
    # Only a 404 that names what it denies says that this is gone; any other may come from a proxy on the way.
    if status == 404 and isinstance(row, dict) and row.get("missing") == path:
        raise Err(Error_NotFound(asked))
    if status != 200:
        raise Err(Error_Unexpected(asked))
    if not isinstance(row, dict):
        raise Err(Error_Unexpected(f"{asked} with something that is not JSON"))
    return row


def parsed(body):
    try:
        # By name: left to guess, `json` looks for codecs that a component does not have.
        return json.loads(body.decode("utf-8"))
    except ValueError:
        return None
