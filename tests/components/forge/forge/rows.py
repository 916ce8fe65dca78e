"""Rows of a listing as changes, and positions as text: what every read shares. Pure but for `user_id`, which looks a
name up."""

import json

from . import items
from .errors import Fault

PAGES_MAX = 10
"""Pages of the API that one page of changes is made of, at most: some 500 rows, a few megabytes."""


def change(phase, repository, row, user_id, case):
    """The change that a row of a listing is: none for what is not wanted, and one failure for what is not understood."""
    make, name = (items.comment, "id") if phase == "comments" else (items.issue, "number")
    try:
        if row.get("pull_request"):
            return []
        item = make(repository, row, user_id)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        number = row.get(name) if isinstance(row, dict) else None
        if not isinstance(number, int):
            return []
        identify = items.comment_id if phase == "comments" else items.issue_id
        return [failed(identify(repository, number), f"the API said what is not understood: {error!r}")]
    return [(case, item)] if item else []


def failed(item, reason):
    return ("failed", (item, reason))


def understood(text, *names):
    """A position that this version wrote, with what it must hold."""
    try:
        position = json.loads(text)
        if all(name in position for name in names):
            return position
    except (ValueError, TypeError):
        pass
    raise Fault("stale-position", "failed to read a position that another version wrote")
