import json
import unittest

from forge import reading, settings, single
from forge.api import moment, server_time, written
from forge.errors import Fault

from .site import SITE, Site

REPOSITORY = {
    "id": 3,
    "full_name": "acme/plans",
    "owner": {"id": 4, "visibility": "public"},
    "private": False,
    "has_issues": True,
}
ROOT, ISSUES, COMMENTS = "/repositories/3", "/repos/acme/plans/issues", "/repos/acme/plans/issues/comments"
TOKEN = json.dumps({"id": 3})


def issue(number, **facts):
    row = {"number": number, "title": f"Issue {number}", "body": "words", "state": "open", "user": {"id": 7}}
    return row | {"updated_at": "2026-01-05T11:00:00Z"} | facts


def comment(number, on, **facts):
    return {"id": number, "body": "words", "user": {"id": 7}, "issue_url": f"{SITE}/acme/plans/issues/{on}"} | facts


def read_all(site, position, closed=True):
    given = settings.read(json.dumps({"site": SITE, "closed": closed}))
    changes, place = [], (position, "")
    while True:
        page = reading.read_page(site.api(), given, False, "repository:3", TOKEN, place, 100)
        changes += page.changes
        if page.more is None:
            return changes
        place = ("after", page.more)


def ids(changes):
    return [value if isinstance(value, str) else getattr(value, "id", value) for _, value in changes]


class Reading(unittest.TestCase):
    def test_a_repository_then_its_issues_then_their_comments(self):
        site = Site({ROOT: REPOSITORY, ISSUES: [issue(n) for n in range(1, 121)], COMMENTS: [comment(9, 2)]})
        everything = read_all(site, "everything")
        self.assertEqual(len(everything), 122)
        self.assertEqual(ids(everything)[:2], ["repository:3", "issue:3/1"])
        self.assertEqual((everything[-1][1].id, everything[-1][1].parent), ("comment:3/9", "issue:3/2"))
        inventory = read_all(site, "inventory")
        self.assertEqual({case for case, _ in inventory}, {"seen"})
        said = lambda changes: [(one.id, one.parent, one.version, one.access) for _, one in changes]
        self.assertEqual(said(inventory), said(everything))

    def test_a_page_that_is_shorter_than_asked_for_is_not_the_last(self):
        site = Site({ROOT: REPOSITORY, ISSUES: [issue(n) for n in range(1, 8)], COMMENTS: []})
        ask = site.ask
        site.ask = lambda url: ask(url.replace("limit=50", "limit=3"))
        self.assertEqual(len(read_all(site, "everything")), 8)

    def test_a_comment_touches_the_issue_and_is_no_edit_of_it(self):
        versions = [
            read_all(Site({ROOT: REPOSITORY, ISSUES: [issue(1, updated_at=at)], COMMENTS: []}), "inventory")[1][1].version
            for at in ("2026-01-05T11:00:00Z", "2026-01-05T12:00:00Z")
        ]
        self.assertEqual(versions[0], versions[1])

    def test_pull_requests_and_comments_on_them_are_left_out(self):
        pulled = comment(9, 2, issue_url="", pull_request_url=f"{SITE}/acme/plans/pulls/2")
        site = Site({ROOT: REPOSITORY, ISSUES: [issue(2), issue(4, pull_request={"merged": False})], COMMENTS: [pulled]})
        self.assertEqual(ids(read_all(site, "everything")), ["repository:3", "issue:3/2"])

    def test_comments_on_closed_issues_go_with_them(self):
        comments = [comment(8, 1), comment(9, 2)]
        site = Site({ROOT: REPOSITORY, ISSUES: [issue(1)], COMMENTS: comments})
        self.assertEqual(ids(read_all(site, "everything", closed=False))[-1:], ["comment:3/8"])
        self.assertIn("state=open", site.asked[1])

    def test_one_row_that_is_not_understood_is_one_failure(self):
        site = Site({ROOT: REPOSITORY, ISSUES: [issue(1), issue(2, labels=7), issue(3)], COMMENTS: []})
        self.assertEqual([case for case, _ in read_all(site, "everything")], ["upsert", "upsert", "failed", "upsert"])

    def test_a_position_of_another_version_is_stale(self):
        for text in ["yesterday", "7", "{}", "[]"]:
            with self.assertRaises(Fault) as raised:
                given = settings.read(json.dumps({"site": SITE}))
                reading.read_page(Site({}).api(), given, False, "site", "", ("since", text), 100)
            self.assertEqual(raised.exception.case, "stale-position")


class Single(unittest.TestCase):
    def asked(self, answers, *names):
        given = settings.read(json.dumps({"site": SITE}))
        return single.read_items(Site({"/user": {"id": 1}} | answers).api(), given, list(names))

    def test_each_is_answered_and_what_is_denied_is_gone(self):
        answers = {ROOT: REPOSITORY, f"{ISSUES}/1": issue(1), f"{ISSUES}/3": 500 - 97, f"{COMMENTS}/9": 204}
        said = self.asked(answers, "issue:3/1", "issue:3/2", "issue:3/3", "comment:3/9", "repository:8", "nonsense")
        expected = ["upsert", "delete", "failed", "delete", "delete", "delete"]
        self.assertEqual([case for case, _ in said], expected)

    def test_with_a_token_that_is_not_taken_nothing_is_gone(self):
        with self.assertRaises(Fault) as raised:
            self.asked({"/user": 401}, "repository:8")
        self.assertEqual(raised.exception.case, "unauthenticated")


class Times(unittest.TestCase):
    def test_times_as_the_api_writes_and_takes_them(self):
        self.assertEqual(moment("2026-01-05T13:00:00+01:00"), 1_767_614_400_000)
        self.assertEqual((moment(None), moment("soon"), moment("0001-01-01T00:00:00Z")), (None, None, None))
        self.assertEqual(server_time("Mon, 05 Jan 2026 12:00:00 GMT"), 1_767_614_400)
        self.assertEqual(server_time("now"), None)
        self.assertEqual(written(1_767_614_400), "2026-01-05T12:00:00Z")
