"""Who may read a repository's issues, as far as the API tells.

- Public: everybody with an account (`members`). Restricted users read only what names them, so they are `guest`s. That
  people without an account may read too is a setting of the site that the API does not tell; the administrator says it
  with `anonymous`.
- For signed-in people (`internal`, or an owner who is `limited`): the same, and never anyone.
- Private, or of an organisation that is private: the owner, the collaborators, and those teams of the organisation that
  have the repository and may see its issues.

What cannot be read is `unknown`, and so nobody's.
"""

from .errors import Fault

ISSUES = "repo.issues"


def of_repository(api, row, anonymous):
    """The access of a repository, as it is now; of a private one it takes one or two requests."""
    owner = row.get("owner") or {}
    if "private" not in row or not owner:
        return ("unknown",)
    if not row["private"] and owner.get("visibility") != "private":
        for_members = row.get("internal") or owner.get("visibility") == "limited"
        open_to_all = anonymous and not for_members
        return ("replaced", [("anyone",) if open_to_all else ("members",)])
    name, repository = row["full_name"].split("/", 1)
    try:
        people = api.all("repos", name, repository, "collaborators")
        is_organisation, teams = _teams(api, name, repository)
    except Fault as fault:
        if fault.case not in ("forbidden", "not-found"):
            raise
        return ("unknown",)
    readers = [("user", str(person["id"])) for person in people]
    readers += [("group", str(team["id"])) for team in teams if sees_issues(team)]
    if not is_organisation:
        readers.append(("user", str(owner["id"])))
    return ("replaced", sorted(set(readers)))


def _teams(api, owner, repository):
    """Whether the owner is an organisation, and the teams that have the repository. 405 says that there are no teams,
    because a person owns it."""
    try:
        return True, api.get("repos", owner, repository, "teams")
    except Fault as fault:
        if fault.status != 405:
            raise
        return False, []


def sees_issues(team):
    """A team has units, each with a level; older sites list only the names."""
    if team.get("permission") in ("admin", "owner"):
        return True
    levels = team.get("units_map")
    if levels:
        return levels.get(ISSUES, "none") != "none"
    return ISSUES in (team.get("units") or [])
