"""What this connector is, what it needs, and which settings are good. Pure."""

import json
import re

from componentize_py_types import Err
from wit_world.exports.setup import (
    Bound,
    Dataset,
    Description,
    Kind,
    Login,
    Origin,
    Plan,
    Scheme_Token,
    Token,
)
from wit_world.imports.weir_connector_types import Issue

SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "site": {
            "type": "string",
            "format": "uri",
            "title": "Site",
            "description": "The address of the notes, without a path: https://notes.example",
            # What was read of one site must not meet the people of another.
            "x-identity": True,
        },
    },
    "required": ["site"],
    "additionalProperties": False,
}

PURPOSE = "read notes and people"


def describe():
    return Description(
        name="example-notes",
        title="Example notes",
        version="0.1.0",
        documentation=None,
        settings_schema=json.dumps(SCHEMA),
        logins=[
            Login(
                name="token",
                title="Access token",
                help="Create a token that may read, under Profile > Access tokens.",
                # The host asks for the token, keeps it, and adds this header outside the sandbox.
                scheme=Scheme_Token(Token(label="Token", header="authorization", prefix="Bearer ")),
            )
        ],
        datasets=[
            # The feed comes first, so that its first checkpoint is older than anything that is read after it.
            Dataset(name="changes", title="Changes", since=True, inventory=False),
            Dataset(name="people", title="People", since=False, inventory=False),
            Dataset(name="notes", title="Notes", since=False, inventory=True),
        ],
        # Notes may have readers of their own, but never more than their notebook has.
        kinds=[kind("notebook", "Notebooks"), kind("note", "Notes")],
        # Anybody may run the notes anywhere, so the outermost is any address. Name yours if it has one.
        bounds=[Bound(url="https://*", credential=True, post=False, purpose=PURPOSE)],
    )


def kind(name, title):
    return Kind(name, title, family="Notes", searched=True, inherits=False, widens=False)


def configure(settings):
    settings = json.loads(settings)
    settings = settings if isinstance(settings, dict) else {}
    issues = [Issue(f"/{name}", f"There is no setting {name}.") for name in settings if name != "site"]
    address = str(settings.get("site", "")).strip().rstrip("/").lower()
    if not re.fullmatch(r"https://[a-z0-9.-]+(:[0-9]{1,5})?", address):
        issues.append(Issue("/site", "Give the site's address without a path: https://notes.example"))
    if issues:
        raise Err(issues)
    origin = Origin(url=address, credential=True, post=False, purpose=PURPOSE)
    return Plan(settings=json.dumps({"site": address}), origins=[origin], scopes=[])


def site(settings):
    """The site in settings that `configure` tidied."""
    return json.loads(settings)["site"]
