"""A forge of dictionaries: answers by path, and what was asked."""

import json
from urllib.parse import parse_qsl, urlsplit

from forge.api import Api, Response

SITE = "https://git.example.com"


class Site:
    """`answers` maps a path below `/api/v1` to rows, to an object, or to a status. Lists are given out in pages."""

    def __init__(self, answers):
        self.answers = answers
        self.asked = []

    def api(self):
        return Api(SITE, self.ask)

    def ask(self, url):
        parts = urlsplit(url)
        path = parts.path.removeprefix("/api/v1")
        self.asked.append(f"{path}?{parts.query}" if parts.query else path)
        found = self.answers.get(path, 404)
        headers = {"date": "Mon, 05 Jan 2026 12:00:00 GMT"}
        if isinstance(found, int):
            return Response(found, headers, b'{"message": "no"}')
        query = dict(parse_qsl(parts.query))
        if isinstance(found, list):
            headers["x-total-count"] = str(len(found))
            size = int(query.get("limit", 50))
            begin = (int(query.get("page", 1)) - 1) * size
            found = found[begin : begin + size]
        return Response(200, headers, json.dumps(found).encode())
