"""Mentions in Markdown: `@ana` to `[@](user:7)`, which the host shows with the name that the user has today. Pure but for
`user_id`, which looks a name up."""

import re

LOOKED_UP_MAX = 100
"""Names that one text may have looked up: a request each. Nobody mentions more people in earnest."""

# A name begins after a blank or an opening mark; `ana@acme.com` is no mention.
MENTION = re.compile(r"(?<![\w@/`.\[])@([A-Za-z0-9][A-Za-z0-9_.-]*[A-Za-z0-9]|[A-Za-z0-9])(?![\w@])")
CODE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)


def with_mentions(text, user_id):
    """The text with its mentions; those of nobody known, and what stands in code, stay as they are."""
    looked_up = set()

    def mention(match):
        name = match.group(1)
        if name.lower() not in looked_up and len(looked_up) >= LOOKED_UP_MAX:
            return match.group(0)
        looked_up.add(name.lower())
        known = user_id(name)
        return f"[@](user:{known})" if known else match.group(0)

    pieces, at = [], 0
    for code in CODE.finditer(text):
        pieces += [MENTION.sub(mention, text[at : code.start()]), code.group(0)]
        at = code.end()
    pieces.append(MENTION.sub(mention, text[at:]))
    return "".join(pieces)
