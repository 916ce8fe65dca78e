"""What this connector is. Pure."""

import json

from .reading import CHANGES, ISSUES, PEOPLE

NAME, TITLE, VERSION = "forge", "Git forge", "0.1.0"

LOGIN = (
    "token",
    "Access token",
    "In the forge, under Settings, Applications, make a token that may read issues, organisations, repositories and users. "
    "An administrator's token, with the scope to read as one, sees all teams and every e-mail.",
)

PREFIX = "token "

DATASETS = [
    (CHANGES, "Changes", True, False),
    (PEOPLE, "People and teams", False, False),
    (ISSUES, "Issues", False, True),
]

KINDS = [
    # Name, title, family, inherits.
    ("repository", "Repositories", "Repositories", False),
    ("issue", "Issues", "Issues", True),
    ("comment", "Comments", "Issues", True),
]

PURPOSE = "read issues, and who may see them"


def schema():
    """The settings as a form."""

    def flag(title, description, default, order):
        return {"title": title, "description": description, "type": "boolean", "default": default, "x-order": order}

    properties = {
        "site": {
            "title": "Site",
            "description": "The address of the forge, like https://git.example.com.",
            "type": "string",
            "format": "uri",
            "x-identity": True,
            "x-order": 1,
        },
        "repositories": {
            "title": "Repositories",
            "description": "Names with their owners, like acme/handbook. All that the account sees, if none is named.",
            "type": "array",
            "items": {"type": "string"},
            "x-choices": True,
            "x-order": 2,
        },
        "closed": flag("Closed issues", "Whether closed issues are read too.", True, 3),
        "anonymous": flag(
            "Open to people without an account",
            "Whether the site shows public repositories to people who are not signed in. It does not say so itself.",
            False,
            4,
        ),
    }
    form = {"type": "object", "additionalProperties": False, "required": ["site"], "properties": properties}
    return json.dumps(form)
