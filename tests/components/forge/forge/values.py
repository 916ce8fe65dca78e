"""The contract's values, without the generated types; `app` turns one into the other.

An access is a tuple: `("inherited",)`, `("unknown",)`, or `("replaced", [principal, …])`. A principal is one too:
`("user", id)`, `("group", id)`, `("members",)`, `("anyone",)`. A change is a pair of its case and its value.
"""

from dataclasses import dataclass, field


@dataclass
class Item:
    id: str
    kind: str
    parent: str | None
    version: str
    title: str
    url: str
    access: tuple
    body: str | None = None
    """Markdown."""
    author: str | None = None
    created: int | None = None
    updated: int | None = None
    properties: list = field(default_factory=list)


@dataclass
class User:
    id: str
    name: str
    email: str | None
    standing: str


@dataclass
class Page:
    changes: list
    more: str | None = None
    """The cursor, if there is more."""
    checkpoint: str | None = None
    remaining: int | None = None

