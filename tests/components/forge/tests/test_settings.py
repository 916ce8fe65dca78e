import unittest

from forge import settings
from forge.errors import Fault


def refused(text):
    try:
        settings.read(text)
    except Fault as fault:
        return [pointer for pointer, _ in fault.detail]
    return None


class Settings(unittest.TestCase):
    def test_they_are_tidied_and_defaults_are_left_out(self):
        read = settings.read('{"site": " https://Git.Example.com/forge/ ", "closed": true, "repositories": ["Acme/B", "acme/a"]}')
        self.assertEqual(read.origin, "https://git.example.com")
        tidied = '{"repositories": ["acme/a", "acme/b"], "site": "https://git.example.com/forge"}'
        self.assertEqual(read.tidied(), tidied)
        self.assertEqual(settings.read(tidied), read)

    def test_each_fault_is_told_where_it_is(self):
        self.assertEqual(refused("{"), [""])
        self.assertEqual(refused("[]"), [""])
        for site in ["", "http://git.example.com", "https://", "https://ana@git.example.com", "https://git.example.com:x", 7]:
            self.assertEqual(refused(__import__("json").dumps({"site": site})), ["/site"], site)
        wrong = '{"site": "https://git.example.com", "repositories": ["a/b", "c", 7], "closed": "no", "extra": 1}'
        self.assertEqual(refused(wrong), ["/extra", "/repositories/1", "/repositories/2", "/closed"])
