"""The API of Gitea and Forgejo, version 1: paths, pages, and what an answer means.

Facts are from the API's own description, `swagger.v1.json` on every site, and from its source where that is silent.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timezone
from urllib.parse import quote, urlencode

from .errors import Fault, refused

ROWS = 50
"""Rows of a page: what `MAX_RESPONSE_ITEMS` allows unless a site says otherwise. Fewer may come."""


# By hand: `strptime` imports a module when it is first called, and a component has only those that were imported while it
# was made.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DATE = re.compile(
    r"\w{3}, (?P<day>\d\d) (?P<month>\w{3}) (?P<year>\d{4}) (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d) GMT"
)


@dataclass
class Response:
    status: int
    headers: dict
    """Names in lower case."""
    body: bytes = field(repr=False, default=b"")

    def json(self):
        return json.loads(self.body)


@dataclass
class Rows:
    """A page of a listing."""

    rows: list
    total: int | None
    """`x-total-count`: all rows of the listing, if the site says."""
    date: str | None = None

    def is_last(self, seen):
        """Whether no page follows, with `seen` rows read of this listing so far. A short page proves nothing: a site
        may allow fewer rows than were asked for."""
        return not self.rows or (self.total is not None and seen >= self.total)


class Api:
    """`ask` takes an address and returns a `Response`, or raises the fault that kept one from coming."""

    def __init__(self, site, ask):
        self.base = f"{site}/api/v1"
        self.ask = ask
        self._ids = {}

    def response(self, *path, **query):
        steps = "/".join(quote(str(step), safe="") for step in path)
        given = {name: value for name, value in query.items() if value is not None}
        asked = f"/{steps}?{urlencode(given)}" if given else f"/{steps}"
        return asked, self.ask(self.base + asked)

    def get(self, *path, **query):
        """The JSON at a path. Raises the fault that any other answer stands for."""
        asked, response = self.response(*path, **query)
        if response.status != 200:
            raise refused(asked, response)
        return _parsed(asked, response)

    def find(self, *path):
        """The same, or None where the API denies that there is such a thing. 204 is how it says that a comment is none
        that a person wrote."""
        asked, response = self.response(*path)
        if response.status in (204, 404):
            return None
        if response.status != 200:
            raise refused(asked, response)
        return _parsed(asked, response)

    def page(self, *path, page, **query):
        """A page of a listing, counted from 1. Searches wrap their rows."""
        asked, response = self.response(*path, page=page, limit=query.pop("limit", ROWS), **query)
        if response.status != 200:
            raise refused(asked, response)
        rows = _parsed(asked, response)
        if isinstance(rows, dict):
            rows = rows.get("data")
        if rows is None:
            rows = []
        if not isinstance(rows, list):
            raise Fault("unexpected", f"asked for {asked} and got no list")
        rows = [row for row in rows if isinstance(row, dict)]
        total = response.headers.get("x-total-count", "")
        return Rows(rows, int(total) if total.isdecimal() else None, response.headers.get("date"))

    def all(self, *path, **query):
        """Every row of a listing that is short."""
        rows, page = [], 1
        while True:
            read = self.page(*path, page=page, **query)
            rows += read.rows
            if read.is_last(len(rows)):
                return rows
            page += 1

    def user_id(self, login):
        """The id of the user with this name; None if there is none. Asked once a call."""
        login = login.lower()
        if login not in self._ids:
            user = self.find("users", login)
            self._ids[login] = str(user["id"]) if user and isinstance(user.get("id"), int) else None
        return self._ids[login]


def _parsed(asked, response):
    try:
        return response.json()
    except ValueError:
        raise Fault("unexpected", f"asked for {asked} and got no JSON; is there a forge at this address?") from None


def moment(text):
    """Milliseconds of an RFC 3339 time, or None."""
    try:
        at = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=timezone.utc)
    millis = int(at.timestamp() * 1000)
    return millis if millis >= 0 else None


def server_time(date):
    """Seconds of a `date` header (RFC 9110, 5.6.7), or None."""
    match = DATE.fullmatch(date or "")
    if not match or match["month"] not in MONTHS:
        return None
    year, day, hour, minute, second = (int(match[part]) for part in ("year", "day", "hour", "minute", "second"))
    try:
        at = datetime(year, MONTHS.index(match["month"]) + 1, day, hour, minute, min(second, 59), tzinfo=timezone.utc)
    except ValueError:
        return None
    return int(at.timestamp())


def written(seconds):
    """A time as the API takes it."""
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat().replace("+00:00", "Z")
