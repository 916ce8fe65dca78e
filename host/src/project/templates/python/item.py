"""A row of the site as the change it stands for. Pure: it decides, and asks nothing."""

from wit_world.imports.weir_connector_types import (
    Access_Inherited,
    Access_Narrowed,
    Access_Replaced,
    Access_Unknown,
    Change_Binned,
    Change_Failed,
    Change_Group,
    Change_Member,
    Change_Seen,
    Change_Upsert,
    Change_User,
    Failure,
    File,
    Group,
    Item,
    Membership,
    Principal_Anyone,
    Principal_Group,
    Principal_Members,
    Principal_User,
    Standing,
    Summary,
    Text,
    TextFormat,
    User,
)


def change(row, inventory):
    """The change, or None for a row that does not even say which note it is: nobody can be told about that one, and the
    host will ask for it by its id if it knew it."""
    if not isinstance(row, dict) or not isinstance(row.get("id"), str):
        return None
    if row.get("binned") is True:
        return Change_Binned(row["id"])
    try:
        it = item(row)
    except (KeyError, TypeError, ValueError) as error:
        return failed(row["id"], f"the site described it in a way that is not understood: {error!r}")
    # An inventory says of each item what reading everything would, less the words.
    return Change_Seen(Summary(it.id, it.parent, it.version, it.access)) if inventory else Change_Upsert(it)


def failed(id, reason):
    return Change_Failed(Failure(id, url=None, reason=reason))


def item(row):
    # Fields that every row has are taken by their name; unknown fields are no error.
    is_notebook = row["notebook"] is None
    text, file = row.get("text"), row.get("file")
    return Item(
        id=row["id"],
        kind="notebook" if is_notebook else "note",
        parent=told(row["notebook"], str),
        version=str(int(row["version"])),
        title=must(row["title"]),
        url=must(row["url"]),
        body=Text(TextFormat.MARKDOWN, must(text)) if text else None,
        file=attached(file) if file else None,
        access=access(is_notebook, row),
        author=told(row.get("author"), str),
        editor=told(row.get("editor"), str),
        created=told(row.get("created"), int),
        updated=told(row.get("updated"), int),
        properties=[("label", must(label)) for label in row.get("labels") or []],
    )


def attached(file):
    media_type = file.get("type") or "application/octet-stream"
    return File(must(file["link"]), must(file["name"]), must(media_type), told(file.get("size"), int))


def must(text):
    if not isinstance(text, str):
        raise TypeError(f"{text!r} is no text")
    return text


def told(value, kind):
    """The value if the site told one, and it is of this kind."""
    if value is not None and (not isinstance(value, kind) or (kind is int and value < 0)):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value


def access(is_notebook, row):
    """What the site says of this row alone; the host walks up to the notebook. `readers` is null where the site says
    "as the notebook", a list where it names them, and missing where it does not tell: then nobody is shown the note."""
    readers = row.get("readers", "not told")
    if isinstance(readers, list):
        principals = [known for known in map(principal, readers) if known]
        return Access_Replaced(principals) if is_notebook else Access_Narrowed(principals)
    return Access_Inherited() if readers is None and not is_notebook else Access_Unknown()


def principal(reader):
    """A reader of a sort this connector does not know is let in nowhere."""
    sort, _, id = str(reader).partition(":")
    if id:
        return {"user": Principal_User, "group": Principal_Group}.get(sort, lambda _: None)(id)
    return {"members": Principal_Members(), "anyone": Principal_Anyone()}.get(sort)


def people(answer):
    """People and groups, and who belongs to which. A standing that this connector does not know reads nothing."""
    standings = {"member": Standing.MEMBER, "guest": Standing.GUEST}
    for person in answer["people"]:
        standing = standings.get(person["standing"], Standing.CLOSED)
        yield Change_User(User(must(person["id"]), must(person["name"]), told(person.get("email"), str), standing))
    for group in answer["groups"]:
        yield Change_Group(Group(must(group["id"]), must(group["name"])))
        for member in group["members"]:
            yield Change_Member(Membership(group["id"], Principal_User(must(member))))
