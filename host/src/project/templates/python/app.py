"""The door to the host: what the world `connector` exports, each function handed on to the file that knows the answer."""

from wit_world import exports

import describe
import reading
from request import Http


class Setup(exports.Setup):
    def describe(self):
        return describe.describe()

    def configure(self, settings, login):
        return describe.configure(settings)

    def choices(self, connection, pointer, typed):
        return []  # No setting is chosen from a list.

    def authenticate(self, settings, login):
        site = describe.site(settings)
        return reading.account(Http(site), site)

    def diagnose(self, connection):
        return reading.findings(http(connection))


class Sync(exports.Sync):
    def list_partitions(self, connection, dataset):
        return reading.partitions(dataset)

    def read_page(self, connection, partition, position, limit):
        return reading.read(http(connection), partition.token, position, limit)

    def estimate(self, connection):
        return reading.estimate(http(connection))

    def read_items(self, connection, ids):
        return reading.read_items(http(connection), ids)

    def in_scope(self, connection, items):
        return [True for _ in items]  # The settings leave nothing out.


class Content(exports.Content):
    def download(self, connection, link, sink):
        return http(connection).download(link, sink)


def http(connection):
    return Http(describe.site(connection.settings))
