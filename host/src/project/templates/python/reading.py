"""What is read when, and where the next read begins.

`http.ask` is the only way out: paths in, answers of the same order out, each a row or an `Err` of the contract.
"""

import json
from functools import wraps
from urllib.parse import quote

from componentize_py_types import Err
from wit_world.exports.setup import Account, Finding, Verdict
from wit_world.exports.sync import (
    Amount,
    Next_Done,
    Next_More,
    Page,
    Partition,
    Position_After,
    Position_Everything,
    Position_Inventory,
    Position_Since,
)
from wit_world.imports.weir_connector_types import (
    Change_Delete,
    Error_Forbidden,
    Error_NotFound,
    Error_StalePosition,
    Error_Unexpected,
)

from item import change, failed, people

# The site's list of changes may lag so much behind an edit, in milliseconds.
LAG = 60_000

# More rows than that the site does not give at once.
ROWS_MAX = 100


def understood(answers):
    """What is missing in an answer, or of another type than expected, is no crash."""

    @wraps(answers)
    def guarded(*given):
        try:
            return answers(*given)
        except (KeyError, TypeError, AttributeError) as error:
            raise Err(Error_Unexpected(f"an answer of the site is not understood: {error!r}")) from None

    return guarded


def partitions(dataset):
    """One partition a dataset; its token says which, since `read` is told no more than that."""
    return [Partition(id="all", label="All", token=dataset)]


@understood
def read(http, dataset, position, limit):
    if dataset == "changes":
        return read_changes(http, position, limit)
    return read_people(http) if dataset == "people" else read_notes(http, position, limit)


def read_people(http):
    """Whoever is not mentioned is dropped by the host, so it is everybody or nobody."""
    return page(list(people(get(http, "/people"))), Next_Done(None))


def read_notes(http, position, limit):
    """All notes, with their words or as an inventory. The cursor says which, and after which note to go on."""
    if isinstance(position, Position_After):
        at = cursor(position.value)
    else:
        at = {"inventory": isinstance(position, Position_Inventory)}
    answer = get(http, listing(limit, after=at.get("after")))
    on = answer.get("next")
    next = Next_More(json.dumps({**at, "after": on})) if on else Next_Done(None)
    return page(changes(answer["notes"], at["inventory"]), next)


def read_changes(http, position, limit):
    """What changed since a checkpoint. The next one is the site's own time when the *first* page was read, less its lag:
    the time of the last page would miss what was edited during the read, and this machine's clock may be wrong."""
    if isinstance(position, Position_Everything):
        return page([], Next_Done(checkpoint(get(http, listing(1))["now"])))
    at = {"since": time(position.value)} if isinstance(position, Position_Since) else cursor(position.value)
    answer = get(http, listing(limit, since=at["since"], after=at.get("after")))
    began, on = at.get("began", answer["now"]), answer.get("next")
    next = Next_More(json.dumps({**at, "after": on, "began": began})) if on else Next_Done(checkpoint(began))
    # Words and readers stand in one answer, so none are older than the others.
    return page(changes(answer["notes"], inventory=False), next)


def read_items(http, ids):
    """These notes, side by side. Only what the site denies by name is gone; a dead credential fails the call as a whole."""
    answers = http.ask([f"/notes/{quote(id, safe='')}" for id in ids])
    return [answered(id, answer) for id, answer in zip(ids, answers)]


def answered(id, answer):
    if not isinstance(answer, Err):
        another = failed(id, "the site answered with another note")
        return change(answer, inventory=False) if answer.get("id") == id else another
    if isinstance(answer.value, Error_NotFound):
        return Change_Delete(id)
    if isinstance(answer.value, (Error_Forbidden, Error_Unexpected)):
        return failed(id, answer.value.value)
    raise answer


@understood
def estimate(http):
    total = get(http, listing(1))["total"]
    requests = max(1, -(-total // ROWS_MAX))
    return [Amount("notes", "notes", items=total, requests=requests, points=0, rough=False)]


@understood
def account(http, site):
    """The sign-in is proved by the first thing that only somebody who signed in is told."""
    me = get(http, "/people")["me"]
    return Account(session="", label=f"{me} at {site}", user=me)


@understood
def findings(http):
    answer = get(http, "/people")
    hidden = sum(1 for person in answer["people"] if not person.get("email"))
    told = f"The site tells of {len(answer['people'])} people, and hides the e-mail of {hidden}."
    remedy = "Match them with `weir person link`." if hidden else None
    return [
        Finding("sign-in", Verdict.GOOD, f"Signed in as {answer['me']}.", None),
        Finding("people", Verdict.NOTICE if hidden else Verdict.GOOD, told, remedy),
    ]


def get(http, path):
    [answer] = http.ask([path])
    if isinstance(answer, Err):
        raise answer
    return answer


def listing(limit, since=None, after=None):
    parts = {"since": since, "after": after, "limit": min(max(limit, 1), ROWS_MAX)}
    told = {name: quote(str(value), safe="") for name, value in parts.items() if value is not None}
    return "/notes?" + "&".join(f"{name}={value}" for name, value in told.items())


def changes(rows, inventory):
    return [known for known in (change(row, inventory) for row in rows) if known]


def page(changes, next):
    return Page(changes, next, remaining=None, pause=None)


def checkpoint(began):
    return str(max(0, began - LAG))


def time(checkpoint):
    if not (checkpoint.isascii() and checkpoint.isdigit()):
        raise Err(Error_StalePosition(f"{checkpoint} is no checkpoint of this connector"))
    return int(checkpoint)


def cursor(text):
    try:
        return dict(json.loads(text))
    except (TypeError, ValueError):
        raise Err(Error_StalePosition("that is no cursor of this connector")) from None
