"""Repositories, issues and comments as items. Pure but for `user_id`, which mentions need.

Ids hold what it takes to ask for the thing: `repository:3`, `issue:3/17`, `comment:3/204`. A repository keeps its number
when it is renamed or given away; an issue keeps its index, which is not given to another one after it.
"""

import hashlib
import json

from .api import moment
from .markdown import with_mentions
from .values import Item

INHERITED = ("inherited",)


def repository_id(number):
    return f"repository:{number}"


def issue_id(repository, index):
    return f"issue:{repository}/{index}"


def comment_id(repository, number):
    return f"comment:{repository}/{number}"


def parsed(item):
    """Kind, repository and number of an id; None if it is none of these."""
    kind, _, rest = item.partition(":")
    repository, _, number = rest.partition("/")
    known = (kind == "repository" and not number) or (kind in ("issue", "comment") and number.isdecimal())
    return (kind, int(repository), int(number or 0)) if known and repository.isdecimal() else None


def repository(row, access):
    properties = [("full_name", row["full_name"])]
    if row.get("archived"):
        properties.append(("status", "archived"))
    properties += [("label", topic) for topic in row.get("topics") or []]
    return Item(
        id=repository_id(row["id"]),
        kind="repository",
        parent=None,
        version=_version(row["full_name"], row.get("description"), row.get("archived"), row.get("topics")),
        title=row["full_name"],
        url=row.get("html_url") or "",
        access=access,
        body=row.get("description") or None,
        created=moment(row.get("created_at")),
        properties=properties,
    )


def issue(repository, row, user_id):
    """`user_id` is None where no words are asked for."""
    labels = [label["name"] for label in row.get("labels") or [] if label.get("name")]
    milestone = (row.get("milestone") or {}).get("title")
    properties = [("number", f"#{row['number']}"), ("state", row.get("state") or "open")]
    properties += [("label", label) for label in sorted(labels)]
    if milestone:
        properties.append(("milestone", milestone))
    return Item(
        id=issue_id(repository, row["number"]),
        kind="issue",
        parent=repository_id(repository),
        # `updated_at` also moves when somebody comments, which is no reason to read the issue again.
        version=_version(row.get("title"), row.get("body"), properties),
        title=row.get("title") or f"#{row['number']}",
        url=row.get("html_url") or "",
        access=INHERITED,
        body=_words(row, user_id),
        author=poster(row),
        created=moment(row.get("created_at")),
        updated=moment(row.get("updated_at")),
        properties=properties,
    )


def comment(repository, row, user_id):
    """None for what hangs on no issue: a comment of a pull request."""
    number = issue_of(row)
    if number is None:
        return None
    first = (row.get("body") or "").strip().split("\n")[0]
    return Item(
        id=comment_id(repository, row["id"]),
        kind="comment",
        parent=issue_id(repository, number),
        version=_version(row.get("body")),
        title=first[:80] or "Comment",
        url=row.get("html_url") or "",
        access=INHERITED,
        body=_words(row, user_id),
        author=poster(row),
        created=moment(row.get("created_at")),
        updated=moment(row.get("updated_at")),
    )


def issue_of(row):
    """The number of the issue that a comment is on, or None."""
    number = (row.get("issue_url") or "").rstrip("/").rpartition("/")[2]
    return int(number) if number.isdecimal() and not row.get("pull_request_url") else None


def poster(row):
    """Who wrote it. Accounts that are gone are one ghost with the id -1; what was moved from another forge has only a
    name."""
    number = (row.get("user") or {}).get("id")
    return str(number) if isinstance(number, int) and number > 0 else None


def _words(row, user_id):
    body = row.get("body")
    return with_mentions(body, user_id) if body and user_id else body or None


def _version(*parts):
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:24]
