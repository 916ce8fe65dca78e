"""The contract's `setup` but for what is pure: signing in, choices, a look over a connection, an estimate."""

import json

from . import people, reading
from .api import ROWS
from .errors import Fault, invalid_settings

CHOICES_MAX = 50

NAMED_MAX = 20
"""Repositories of the settings that are looked at one by one, a request each."""


def authenticate(api, settings):
    """Session, label and user. The session says what the account may list."""
    user = api.get("user")
    if not isinstance(user.get("id"), int):
        raise Fault("unexpected", f"{settings.site} answers, and not as a forge does; is the address right?")
    issues = [(f"/repositories/{at}", words) for at, words in _missing(api, settings)]
    if issues:
        raise invalid_settings(issues)
    session = json.dumps({"admin": bool(user.get("is_admin"))})
    return session, f"{user.get('login')} at {settings.site.removeprefix('https://')}", str(user["id"])


def is_admin(session):
    try:
        return bool(json.loads(session).get("admin"))
    except (ValueError, AttributeError):
        return False


def _missing(api, settings):
    for at, full_name in enumerate(settings.repositories[:NAMED_MAX]):
        try:
            row = api.get("repos", *full_name.split("/", 1))
        except Fault as fault:
            if fault.case not in ("not-found", "forbidden", "unexpected"):
                raise
            yield at, f"there is no repository {full_name} that this account may see: {fault.message}"
            continue
        if not row.get("has_issues", True):
            yield at, f"{full_name} has no issues: they are turned off there"


def choices(api, pointer, typed):
    """Triples of value, title and hint."""
    if pointer != "/repositories":
        return []
    read = api.page("repos", "search", page=1, limit=CHOICES_MAX, q=typed or None, sort="alpha", order="asc")
    rows = [row for row in read.rows if row.get("has_issues", True)]
    return [(json.dumps(row["full_name"]), row["full_name"], row.get("description") or None) for row in rows]


def diagnose(api, settings):
    """Quadruples of name, verdict, message and remedy."""
    user = api.get("user")
    admin = bool(user.get("is_admin"))
    findings = [("sign-in", "good", f"signed in as {user.get('login')}", None)]
    if not admin:
        findings.append(
            (
                "administrator",
                "notice",
                "the account is no administrator: it sees its own organisations' teams, and no hidden e-mails",
                "who is in other teams reads nothing; use an administrator's token to read them",
            )
        )
    findings += [("repositories", "bad", words, "change the settings") for _, words in _missing(api, settings)]
    try:
        found = api.page("repos", "search", page=1, limit=1)
        findings.append(("repositories", "good", f"the account sees {found.total} repositories", None))
        rows = people.users(api, admin, 1).rows
        hidden = sum(people.email(row) is None for row in rows)
        verdict = "notice" if hidden else "good"
        remedy = "match them by hand, or use an administrator's token" if hidden else None
        findings.append(("people", verdict, f"of {len(rows)} users looked at, {hidden} hide their e-mail", remedy))
    except Fault as fault:
        findings.append(("people", "bad", fault.message, "sign in again with a token that may read users"))
    return findings


def estimate(api, settings):
    """Tuples of dataset, what, items, requests, rough. Totals are the site's own; which of them the settings ask for is
    counted by repository, and how many comments there are is guessed by the first issues."""
    found = reading.repositories(api, settings)
    issues = api.page("repos", "issues", "search", page=1, state="all" if settings.closed else "open", type="issues")
    total = issues.total if issues.total is not None else len(issues.rows)
    if settings.repositories:
        total = min(total, sum(row.get("open_issues_count") or 0 for row in found) * (2 if settings.closed else 1))
    spoken = sum(row.get("comments") or 0 for row in issues.rows)
    comments = spoken * total // max(len(issues.rows), 1)
    private = sum(bool(row.get("private")) for row in found)
    pages = lambda rows: -(-rows // ROWS)
    return [
        (reading.ISSUES, "repositories", len(found), len(found) + 2 * private, False),
        (reading.ISSUES, "issues", total, pages(total) + len(found), bool(settings.repositories)),
        (reading.ISSUES, "comments", comments, pages(comments) + len(found), True),
    ]
