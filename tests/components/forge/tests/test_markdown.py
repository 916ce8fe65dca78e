import unittest

from forge.markdown import with_mentions


def told(text):
    return with_mentions(text, {"ana": "7", "b.e-n": "8"}.get)


class Mentions(unittest.TestCase):
    def test_people_who_are_known_become_ids(self):
        self.assertEqual(told("@ana, ask @b.e-n. (@ana)"), "[@](user:7), ask [@](user:8). ([@](user:7))")

    def test_what_is_no_mention_stays(self):
        for text in ["ana@acme.com", "@nobody", "a/@ana", "`@ana`", "```\n@ana\n```", "~~~\n@ana", "@ana@example.com"]:
            self.assertEqual(told(text), text)

    def test_words_around_code_are_read(self):
        self.assertEqual(told("@ana `@ana` @ana"), "[@](user:7) `@ana` [@](user:7)")

    def test_a_text_of_nothing_but_names_has_not_all_of_them_looked_up(self):
        asked = []
        with_mentions(" ".join(f"@user{n}" for n in range(5_000)), lambda name: asked.append(name))
        self.assertEqual(len(asked), 100)
