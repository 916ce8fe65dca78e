"""The door to the host: turns the package's plain values into the contract's, and back. Decisions are absent."""

from componentize_py_types import Err
from wit_world.exports import setup, sync
from wit_world.imports import weir_connector_types as types

from forge import describe, look, reading, settings, single
from forge.api import Api
from forge.errors import Fault
from web import ask


def guarded(call):
    """Lets a fault leave as the contract's error. What else is raised is a defect here, and would crash the component
    without a word."""

    def guard(*arguments):
        try:
            return call(*arguments)
        except Fault as fault:
            raise Err(error(fault)) from None
        except Exception as defect:
            words = f"this connector has a defect in `{call.__name__}`: {defect!r}"
            raise Err(types.Error_Unexpected(words)) from None

    return guard


def error(fault):
    match fault.case:
        case "invalid-settings":
            return types.Error_InvalidSettings([types.Issue(pointer, words) for pointer, words in fault.detail])
        case "unauthenticated":
            return types.Error_Unauthenticated(fault.message)
        case "forbidden":
            return types.Error_Forbidden(fault.message)
        case "not-found":
            return types.Error_NotFound(fault.message)
        case "throttled":
            return types.Error_Throttled(types.Throttle(fault.message, fault.detail))
        case "unavailable":
            return types.Error_Unavailable(fault.message)
        case "stale-position":
            return types.Error_StalePosition(fault.message)
        case _:
            return types.Error_Unexpected(fault.message)


def opened(connection):
    given = settings.read(connection.settings)
    return Api(given.site, ask), given, look.is_admin(connection.session)


class Setup:
    def describe(self):
        name, title, help_text = describe.LOGIN
        scheme = setup.Scheme_Token(setup.Token("Token", "authorization", describe.PREFIX))
        return setup.Description(
            name=describe.NAME,
            title=describe.TITLE,
            version=describe.VERSION,
            documentation=None,
            settings_schema=describe.schema(),
            logins=[setup.Login(name, title, help_text, scheme)],
            datasets=[setup.Dataset(*dataset) for dataset in describe.DATASETS],
            kinds=[
                setup.Kind(name, title, family, searched=True, inherits=inherits, widens=False)
                for name, title, family, inherits in describe.KINDS
            ],
            bounds=[setup.Bound("https://*", credential=True, post=False, purpose=describe.PURPOSE)],
        )

    def configure(self, given, login):
        try:
            read = settings.read(given)
        except Fault as fault:
            raise Err([types.Issue(pointer, words) for pointer, words in fault.detail]) from None
        origin = setup.Origin(read.origin, credential=True, post=False, purpose=describe.PURPOSE)
        return setup.Plan(read.tidied(), [origin], [])

    @guarded
    def choices(self, connection, pointer, typed):
        api, _, _ = opened(connection)
        return [setup.Choice(*choice) for choice in look.choices(api, pointer, typed)]

    @guarded
    def authenticate(self, given, login):
        read = settings.read(given)
        return setup.Account(*look.authenticate(Api(read.site, ask), read))

    @guarded
    def diagnose(self, connection):
        api, given, _ = opened(connection)
        verdicts = {"good": setup.Verdict.GOOD, "notice": setup.Verdict.NOTICE, "bad": setup.Verdict.BAD}
        found = look.diagnose(api, given)
        return [setup.Finding(name, verdicts[verdict], words, remedy) for name, verdict, words, remedy in found]


class Sync:
    @guarded
    def list_partitions(self, connection, dataset):
        return [sync.Partition(*part) for part in reading.list_partitions(*opened(connection), dataset)]

    @guarded
    def read_page(self, connection, partition, position, limit):
        place = position_of(position)
        page = reading.read_page(*opened(connection), partition.id, partition.token, place, limit)
        following = sync.Next_More(page.more) if page.more is not None else sync.Next_Done(page.checkpoint)
        return sync.Page([change(one) for one in page.changes], following, page.remaining, None)

    @guarded
    def estimate(self, connection):
        api, given, _ = opened(connection)
        return [
            sync.Amount(dataset, what, items, requests, 0, rough)
            for dataset, what, items, requests, rough in look.estimate(api, given)
        ]

    @guarded
    def read_items(self, connection, ids):
        api, given, _ = opened(connection)
        return [change(one) for one in single.read_items(api, given, ids)]

    @guarded
    def in_scope(self, connection, items):
        given = settings.read(connection.settings)

        def wanted(lineage):
            above = [(level.kind, level.properties) for level in lineage.above]
            return reading.in_scope(given, lineage.item.kind, lineage.item.properties, above)

        return [wanted(lineage) for lineage in items]


class Content:
    @guarded
    def download(self, connection, link, sink):
        raise Fault("not-found", f"there is no file {link!r}: this connector reads issues")


def position_of(position):
    match position:
        case sync.Position_Everything():
            return ("everything", "")
        case sync.Position_Inventory():
            return ("inventory", "")
        case sync.Position_Since(value):
            return ("since", value)
        case sync.Position_After(value):
            return ("after", value)


def change(told):
    case, value = told
    match case:
        case "upsert":
            return types.Change_Upsert(item(value))
        case "seen":
            return types.Change_Seen(types.Summary(value.id, value.parent, value.version, access(value.access)))
        case "delete":
            return types.Change_Delete(value)
        case "failed":
            return types.Change_Failed(types.Failure(value[0], None, value[1]))
        case "user":
            standing = types.Standing[value.standing.upper()]
            return types.Change_User(types.User(value.id, value.name, value.email, standing))
        case "group":
            return types.Change_Group(types.Group(*value))
        case "member":
            return types.Change_Member(types.Membership(value[0], principal(value[1])))


def item(value):
    body = types.Text(types.TextFormat.MARKDOWN, value.body) if value.body else None
    return types.Item(
        id=value.id,
        kind=value.kind,
        parent=value.parent,
        version=value.version,
        title=value.title,
        url=value.url,
        body=body,
        file=None,
        access=access(value.access),
        author=value.author,
        editor=None,
        created=value.created,
        updated=value.updated,
        properties=value.properties,
    )


def access(value):
    match value:
        case ("inherited",):
            return types.Access_Inherited()
        case ("replaced", principals):
            return types.Access_Replaced([principal(one) for one in principals])
        case _:
            return types.Access_Unknown()


def principal(value):
    match value:
        case ("user", name):
            return types.Principal_User(name)
        case ("group", name):
            return types.Principal_Group(name)
        case ("members",):
            return types.Principal_Members()
        case ("anyone",):
            return types.Principal_Anyone()
