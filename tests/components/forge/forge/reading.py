"""The contract's `sync` but for single items: partitions, and pages of changes."""

import json

from . import access, feed, items, people
from .errors import Fault
from .rows import PAGES_MAX, change, understood
from .values import Page

PEOPLE, CHANGES, ISSUES = "people", "changes", "issues"

PHASES = ("issues", "comments")

OPEN_MAX = 8_000
"""Open issues of a repository that a cursor carries where closed ones are left out, so that comments on those are too:
56 KB of the 64 that it may have. Beyond, comments on closed issues are told; without their issue nobody sees them."""


def list_partitions(api, settings, admin, dataset):
    """Triples of id, label and token."""
    if dataset == CHANGES:
        return [("site", "What was touched", "")]
    if dataset == PEOPLE:
        return [(name, label, "") for name, label in people.partitions(api, admin)]
    if dataset == ISSUES:
        found = repositories(api, settings)
        # What the settings ask for of each belongs to the token, so that a change of that is read anew.
        asked = {"closed": settings.closed, "anonymous": settings.anonymous}
        return [
            (items.repository_id(row["id"]), row["full_name"], json.dumps({"id": row["id"]} | asked)) for row in found
        ]
    raise Fault("unexpected", f"there is no dataset {dataset!r}")


def repositories(api, settings):
    """Those that have issues and are asked for, as the account sees them."""
    rows = api.all("repos", "search", sort="id", order="asc")
    return [row for row in rows if row.get("has_issues", True) and settings.wants(row["full_name"])]


def read_page(api, settings, admin, partition, token, position, limit):
    """`position` is a pair of its case and its text."""
    if partition == "site":
        return feed.read_page(api, settings, position, limit)
    if partition == people.USERS:
        return _users(api, admin, position)
    if partition.startswith(people.ORGANISATION):
        return Page(people.teams(api, partition.removeprefix(people.ORGANISATION)))
    return _repository(api, settings, understood(token, "id")["id"], position, limit)


def _users(api, admin, position):
    at = {"page": 1, "rows": 0} if position[0] != "after" else understood(position[1], "page", "rows")
    read = people.users(api, admin, at["page"])
    rows = at["rows"] + len(read.rows)
    changes = [("user", people.user(row, admin)) for row in read.rows]
    more = None if read.is_last(rows) else json.dumps({"page": at["page"] + 1, "rows": rows})
    return Page(changes, more)


def _repository(api, settings, number, position, limit):
    """First the repository and its readers, then issues, then comments."""
    case, text = position
    if case == "after":
        at = understood(text, "phase", "inventory", "page", "rows", "open")
    elif case in ("everything", "inventory"):
        at = {"phase": None, "inventory": case == "inventory"}
    else:
        raise Fault("stale-position", "a repository is read as a whole; what changed is in `changes`")
    row = api.get("repositories", number)
    changes = []
    if at["phase"] is None:
        item = items.repository(row, access.of_repository(api, row, settings.anonymous))
        changes.append(("seen" if at["inventory"] else "upsert", item))
        at |= {"phase": PHASES[0], "page": 1, "rows": 0, "open": []}
    walk = Walk(api, settings, row, at)
    for _ in range(PAGES_MAX):
        changes += walk.step()
        if walk.at is None:
            return Page(changes)
        if len(changes) >= limit:
            break
    return Page(changes, json.dumps(walk.at), remaining=walk.remaining)


class Walk:
    """Through the issues of a repository and their comments, a page of the API a step. `at` is where, None at the
    end."""

    def __init__(self, api, settings, row, at):
        self.api, self.settings, self.at = api, settings, at
        self.number, (self.owner, self.name) = row["id"], row["full_name"].split("/", 1)
        self.user_id = None if at["inventory"] else api.user_id
        self.case = "seen" if at["inventory"] else "upsert"
        self.remaining = None

    def step(self):
        at = self.at
        read = self._page(at["phase"], at["page"])
        at["page"] += 1
        at["rows"] += len(read.rows)
        if read.total is not None:
            self.remaining = max(read.total - at["rows"], 0)
        found = []
        for row in read.rows:
            if self._is_left_out(at, row):
                continue
            found += change(at["phase"], self.number, row, self.user_id, self.case)
        if read.is_last(at["rows"]):
            following = PHASES[PHASES.index(at["phase"]) + 1 :]
            self.at = at | {"phase": following[0], "page": 1, "rows": 0} if following else None
        return found

    def _page(self, phase, page):
        path = ("repos", self.owner, self.name, "issues")
        if phase == "comments":
            return self.api.page(*path, "comments", page=page)
        state = "all" if self.settings.closed else "open"
        return self.api.page(*path, page=page, state=state, type="issues")

    def _is_left_out(self, at, row):
        """Comments say of which issue they are, and not whether that is closed."""
        if self.settings.closed:
            return False
        if at["phase"] == "issues":
            at["open"] = at["open"] + [row.get("number")] if len(at["open"]) < OPEN_MAX else at["open"]
            return False
        return len(at["open"]) < OPEN_MAX and items.issue_of(row) not in at["open"]


def in_scope(settings, kind, properties, above):
    """Whether the settings ask for an item; `above` are pairs of kind and properties, from the nearest on."""
    for level, facts in [(kind, properties), *above]:
        facts = dict(facts)
        if level == "issue" and facts.get("state") == "closed" and not settings.closed:
            return False
        if level == "repository" and "full_name" in facts and not settings.wants(facts["full_name"]):
            return False
    return True
