"""The contract's `read-items`: things by their ids, wherever they are.

The API answers 404 for what is gone and for what the account may not see alike. Both are this source's word that there
is no such thing for us; but first the token is shown to be good, since a bad one is told the same by some proxies.
"""

from . import access, items
from .errors import Fault
from .rows import change, failed


def read_items(api, settings, ids):
    """One change for each id. Words first, then who may read."""
    answers, repositories, denied = [], {}, False
    for item in ids:
        known = items.parsed(item)
        if known is None:
            answers.append(("delete", item))
            continue
        try:
            answer = _one(api, settings, item, known, repositories)
        except Fault as fault:
            if fault.case in ("unauthenticated", "throttled", "unavailable"):
                raise
            answer = failed(item, fault.message)
        denied |= answer[0] == "delete"
        answers.append(answer)
    if denied:
        api.get("user")
    return answers


def _one(api, settings, item, known, repositories):
    kind, number, inner = known
    row = repositories.get(number) or api.find("repositories", number)
    if row is None or not row.get("has_issues", True) or not settings.wants(row["full_name"]):
        return ("delete", item)
    repositories[number] = row
    if kind == "repository":
        return ("upsert", items.repository(row, access.of_repository(api, row, settings.anonymous)))
    owner, name = row["full_name"].split("/", 1)
    path = ("repos", owner, name, "issues")
    found = api.find(*path, inner) if kind == "issue" else api.find(*path, "comments", inner)
    issue = found
    if kind == "comment" and found is not None and not settings.closed:
        issue = api.find(*path, items.issue_of(found) or 0)
    if found is None or issue is None or (issue.get("state") == "closed" and not settings.closed):
        return ("delete", item)
    said = change("issues" if kind == "issue" else "comments", number, found, api.user_id, "upsert")
    return said[0] if said else ("delete", item)
