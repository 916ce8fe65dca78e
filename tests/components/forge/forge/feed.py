"""The feed of changes: which issues were touched, on the whole site, and the comments beside them.

A checkpoint is a time of the server, in seconds. Its first read delivers nothing but that.
"""

import json

from . import items
from .api import server_time, written
from .errors import Fault
from .rows import PAGES_MAX, change, understood
from .values import Page

TOUCHED_MAX = 8_000
"""Issues that a cursor can carry: 56 KB of the 64 that it may have."""

LAG = 60
"""Seconds that a checkpoint is put back: what is being written while the answer is, has a time before it."""


def read_page(api, settings, position, limit):
    case, text = position
    if case in ("everything", "inventory"):
        return Page([], checkpoint=json.dumps({"since": _now(_touched(api, 0, 1, 1))}))
    if case == "since":
        at = {"since": understood(text, "since")["since"], "page": 1, "rows": 0, "began": None, "talk": {}}
    else:
        at = understood(text, "since", "page", "rows", "began", "talk")
    changes = []
    for _ in range(PAGES_MAX):
        found, at = (_issues if at["page"] else _comments)(api, settings, at)
        changes += found
        if not at["page"] and not at["talk"]:
            return Page(changes, checkpoint=json.dumps({"since": at["began"]}))
        if len(changes) >= limit:
            break
    return Page(changes, more=json.dumps(at))


def _touched(api, since, page, limit=None):
    query = {} if limit is None else {"limit": limit}
    return api.page("repos", "issues", "search", page=page, state="all", type="issues", since=written(since), **query)


def _now(read):
    """When a read began that got this as its first answer."""
    seconds = server_time(read.date)
    if seconds is None:
        raise Fault("unexpected", "asked what was touched, and the answer carries no date to go on from")
    return seconds - LAG


def _issues(api, settings, at):
    """A page of touched issues. Each repository with one is noted, so that its comments are asked for."""
    read = _touched(api, at["since"], at["page"])
    began = at["began"] if at["began"] is not None else _now(read)
    rows = at["rows"] + len(read.rows)
    talk, changes = at["talk"], []
    for row in read.rows:
        repository = row.get("repository") or {}
        name = repository.get("full_name") or ""
        if "/" not in name or not settings.wants(name):
            continue
        touched = talk.setdefault(str(repository["id"]), [name, []])[1]
        if row.get("state") == "closed" and not settings.closed:
            changes.append(("delete", items.issue_id(repository["id"], row["number"])))
        else:
            changes += change("issues", repository["id"], row, api.user_id, "upsert")
            touched.append(row.get("number"))
    if sum(len(touched) for _, touched in talk.values()) > TOUCHED_MAX:
        raise Fault("stale-position", "more was touched than can be followed: all of it is to be looked at")
    page = 0 if read.is_last(rows) else at["page"] + 1
    return changes, {"since": at["since"], "page": page, "rows": rows, "began": began, "talk": talk}


def _comments(api, settings, at):
    """A page of comments of the first repository that is left. A new comment touches its issue, so that those on issues
    which are not told are left out with them."""
    number = min(at["talk"], key=int)
    full_name, touched = at["talk"][number]
    owner, name = full_name.split("/", 1)
    step = at.get("step", {"page": 1, "rows": 0})
    path = ("repos", owner, name, "issues", "comments")
    read = api.page(*path, page=step["page"], since=written(at["since"]))
    rows = step["rows"] + len(read.rows)
    found = []
    for row in read.rows:
        if items.issue_of(row) in touched:
            found += change("comments", int(number), row, api.user_id, "upsert")
    if not read.is_last(rows):
        return found, at | {"step": {"page": step["page"] + 1, "rows": rows}}
    talk = {other: name for other, name in at["talk"].items() if other != number}
    return found, {**at, "talk": talk, "step": {"page": 1, "rows": 0}}
