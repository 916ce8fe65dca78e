import unittest

from forge import access

from .site import Site

OWNER = {"id": 4, "login": "acme", "visibility": "public"}
REPOSITORY = {"id": 3, "full_name": "acme/plans", "owner": OWNER, "private": True}
PEOPLE = "/repos/acme/plans/collaborators"
TEAMS = "/repos/acme/plans/teams"


def told(answers, anonymous=False, **row):
    return access.of_repository(Site(answers).api(), REPOSITORY | row, anonymous)


def team(number, **facts):
    return {"id": number, "permission": "read"} | facts


class Access(unittest.TestCase):
    def test_public_is_for_members_unless_an_administrator_says_more(self):
        self.assertEqual(told({}, private=False), ("replaced", [("members",)]))
        self.assertEqual(told({}, private=False, anonymous=True), ("replaced", [("anyone",)]))
        limited = OWNER | {"visibility": "limited"}
        self.assertEqual(told({}, private=False, anonymous=True, owner=limited), ("replaced", [("members",)]))
        self.assertEqual(told({}, private=False, anonymous=True, internal=True), ("replaced", [("members",)]))

    def test_private_of_a_person_is_for_the_owner_and_collaborators(self):
        found = told({PEOPLE: [{"id": 7}], TEAMS: 405})
        self.assertEqual(found, ("replaced", [("user", "4"), ("user", "7")]))

    def test_private_of_an_organisation_is_for_teams_that_see_issues(self):
        teams = [
            team(1, permission="owner"),
            team(2, units_map={"repo.issues": "read"}),
            team(3, units_map={"repo.issues": "none", "repo.code": "write"}),
            team(4, units=["repo.code"]),
            team(5, units=["repo.issues"]),
        ]
        groups = [("group", "1"), ("group", "2"), ("group", "5")]
        self.assertEqual(told({PEOPLE: [], TEAMS: teams}), ("replaced", groups))
        hidden = OWNER | {"visibility": "private"}
        self.assertEqual(told({PEOPLE: [], TEAMS: teams}, private=False, owner=hidden), ("replaced", groups))

    def test_what_is_not_told_is_nobody_s(self):
        self.assertEqual(told({PEOPLE: 403}), ("unknown",))
        self.assertEqual(told({PEOPLE: [], TEAMS: 403}), ("unknown",))
        self.assertEqual(told({PEOPLE: [], TEAMS: 404}), ("unknown",))
        self.assertEqual(told({}, owner=None), ("unknown",))
