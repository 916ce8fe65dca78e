"""Unit tests of the pure parts. `make test` makes the bindings that they need to run outside a component."""

import unittest

from componentize_py_types import Err
from wit_world.exports.sync import Next_Done, Position_After, Position_Everything, Position_Since
from wit_world.imports.weir_connector_types import (
    Access_Inherited,
    Access_Narrowed,
    Access_Replaced,
    Access_Unknown,
    Change_Delete,
    Change_Failed,
    Error_Forbidden,
    Error_NotFound,
    Error_StalePosition,
    Error_Throttled,
    Error_Unauthenticated,
    Error_Unavailable,
    Error_Unexpected,
    Principal_Group,
)

from describe import configure
from item import access, change
from meaning import meaning
from reading import read, read_items


class Settings(unittest.TestCase):
    def test_an_address_is_tidied_and_becomes_the_only_origin(self):
        plan = configure('{"site":" https://Notes.Example/ "}')
        self.assertEqual(plan.settings, '{"site": "https://notes.example"}')
        self.assertEqual([origin.url for origin in plan.origins], ["https://notes.example"])

    def test_what_is_wrong_is_named_where_it_stands(self):
        for settings, pointers in [
            ('{"site":"http://notes.example"}', ["/site"]),
            ('{"site":"https://notes.example/path"}', ["/site"]),
            ('{"stie":"https://notes.example"}', ["/stie", "/site"]),
            ('{"site":7}', ["/site"]),
            ("null", ["/site"]),
        ]:
            with self.assertRaises(Err) as raised:
                configure(settings)
            self.assertEqual([issue.pointer for issue in raised.exception.value], pointers)


class Items(unittest.TestCase):
    def test_readers_are_said_relative_to_the_notebook(self):
        named = [Principal_Group("staff")]
        self.assertEqual(access(True, {"readers": ["group:staff"]}), Access_Replaced(named))
        self.assertEqual(access(False, {"readers": ["group:staff"]}), Access_Narrowed(named))
        self.assertEqual(access(False, {"readers": None}), Access_Inherited())

    def test_what_is_not_told_is_unknown_and_whoever_is_not_understood_reads_nothing(self):
        self.assertEqual(access(True, {"readers": None}), Access_Unknown())
        self.assertEqual(access(False, {}), Access_Unknown())
        self.assertEqual(access(False, {"readers": "everybody"}), Access_Unknown())
        self.assertEqual(access(False, {"readers": ["robots", 7]}), Access_Narrowed([]))

    def test_a_row_that_is_not_understood_fails_alone(self):
        self.assertIsInstance(change({"id": "n1", "title": 7}, inventory=False), Change_Failed)
        self.assertIsNone(change({"title": "Nobody"}, inventory=False))

    def test_an_inventory_says_what_reading_everything_would(self):
        row = {"id": "n2", "notebook": "n1", "version": 3, "title": "Leave", "url": "https://notes.example/n2"}
        row |= {"text": "Both parents.", "readers": ["user:ana"], "new": "field"}
        item, seen = change(row, inventory=False).value, change(row, inventory=True).value
        told = (item.id, item.parent, item.version, item.access)
        self.assertEqual(told, (seen.id, seen.parent, seen.version, seen.access))


class Answers(unittest.TestCase):
    def case(self, status, body):
        with self.assertRaises(Err) as raised:
            meaning("/notes/n9", status, "30", body)
        return raised.exception.value

    def test_each_answer_has_the_case_that_tells_the_host_what_to_do(self):
        self.assertIsInstance(self.case(401, b""), Error_Unauthenticated)
        self.assertIsInstance(self.case(403, b""), Error_Forbidden)
        self.assertIsInstance(self.case(429, b""), Error_Throttled)
        self.assertEqual(self.case(429, b"").value.wait, 30_000)
        self.assertIsInstance(self.case(503, b""), Error_Unavailable)
        self.assertIsInstance(self.case(200, b"<html>"), Error_Unexpected)
        self.assertIsInstance(self.case(200, b"\x00{\xff"), Error_Unexpected)

    def test_only_a_404_that_names_the_note_says_that_it_is_gone(self):
        self.assertIsInstance(self.case(404, b'{"missing":"/notes/n9"}'), Error_NotFound)
        self.assertIsInstance(self.case(404, b"<html>not here"), Error_Unexpected)


class Site:
    """A site that knows these answers; nothing else is there."""

    def __init__(self, answers):
        self.answers = answers

    def ask(self, paths):
        return [self.answers.get(path, Err(Error_NotFound(path))) for path in paths]


def listing(now, next):
    return {"now": now, "total": 0, "notes": [], "next": next}


class Reading(unittest.TestCase):
    def test_a_checkpoint_is_when_the_read_began_however_long_it_took(self):
        site = Site({
            "/notes?since=1&limit=50": listing(1_000_000, "n1"),
            "/notes?since=1&after=n1&limit=50": listing(9_000_000, None),
        })
        first = read(site, "changes", Position_Since("1"), 50)
        last = read(site, "changes", Position_After(first.next.value), 50)
        self.assertEqual(last.next, Next_Done("940000"))

    def test_the_first_read_of_the_feed_delivers_where_the_next_one_begins_and_nothing_else(self):
        page = read(Site({"/notes?limit=1": listing(1_000_000, "n1")}), "changes", Position_Everything(), 50)
        self.assertEqual((page.changes, page.next), ([], Next_Done("940000")))

    def test_positions_of_another_making_are_stale(self):
        for position in [Position_Since("yesterday"), Position_After("{")]:
            with self.assertRaises(Err) as raised:
                read(Site({}), "changes", position, 50)
            self.assertIsInstance(raised.exception.value, Error_StalePosition)

    def test_a_note_is_gone_only_if_the_site_says_so(self):
        self.assertEqual(read_items(Site({}), ["n/1"]), [Change_Delete("n/1")])
        [other] = read_items(Site({"/notes/n%2F1": {"id": "n2"}}), ["n/1"])
        self.assertIsInstance(other, Change_Failed)

    def test_a_refused_note_fails_alone_and_a_refused_credential_fails_the_call(self):
        [refused] = read_items(Site({"/notes/n1": Err(Error_Forbidden("no"))}), ["n1"])
        self.assertIsInstance(refused, Change_Failed)
        with self.assertRaises(Err):
            read_items(Site({"/notes/n1": Err(Error_Unauthenticated("no"))}), ["n1"])


if __name__ == "__main__":
    unittest.main()
