"""Users, and who belongs to which team: the dataset `people`.

An administrator's token reads all users with their e-mails and all organisations; any other one what it may see.
"""

from .api import Rows
from .values import User

USERS = "users"
ORGANISATION = "organisation:"


def partitions(api, admin):
    """Pairs of id and label: the users, and each organisation's teams."""
    listing = ("admin", "orgs") if admin else ("user", "orgs")
    rows = api.all(*listing)
    names = sorted(row.get("username") or row.get("name") for row in rows)
    return [(USERS, "Users")] + [(f"{ORGANISATION}{name}", f"Teams of {name}") for name in names]


def users(api, admin, page) -> Rows:
    """A page of users."""
    if admin:
        return api.page("admin", "users", page=page)
    return api.page("users", "search", page=page)


def user(row, admin):
    """Only an administrator is told who is inactive; everybody else sees `false` of all."""
    closed = admin and (row.get("prohibit_login") or row.get("active") is False)
    standing = "closed" if closed else "guest" if row.get("restricted") else "member"
    return User(str(row["id"]), row.get("full_name") or row.get("login") or str(row["id"]), email(row), standing)


def email(row):
    """None where the user hides it: then an address at the site's `noreply` host stands there, which is nobody's."""
    address = (row.get("email") or "").strip()
    host = address.rpartition("@")[2].lower()
    return None if not address or host.startswith("noreply.") or host == "noreply" else address


def teams(api, organisation):
    """The changes that tell an organisation's teams and their members."""
    changes = []
    for team in api.all("orgs", organisation, "teams"):
        group = str(team["id"])
        changes.append(("group", (group, f"{organisation}/{team.get('name') or group}")))
        for person in api.all("teams", group, "members"):
            changes.append(("member", (group, ("user", str(person["id"])))))
    return changes
