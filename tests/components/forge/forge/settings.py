"""The settings: which site, which of its repositories. Pure."""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from .errors import invalid_settings

NAMES = ("site", "repositories", "closed", "anonymous")


@dataclass(frozen=True)
class Settings:
    site: str
    """Without a slash at its end; a forge may live below a path."""
    repositories: tuple
    """Full names in lower case; all if empty."""
    closed: bool
    anonymous: bool

    @property
    def origin(self):
        parts = urlsplit(self.site)
        return f"{parts.scheme}://{parts.netloc}"

    def wants(self, full_name):
        return not self.repositories or full_name.lower() in self.repositories

    def tidied(self):
        """As `configure` returns them: defaults are left out."""
        settings = {"site": self.site}
        if self.repositories:
            settings["repositories"] = list(self.repositories)
        if not self.closed:
            settings["closed"] = False
        if self.anonymous:
            settings["anonymous"] = True
        return json.dumps(settings, sort_keys=True)


def read(text):
    """The settings in a JSON text. Raises the fault that names each thing wrong with them."""
    try:
        given = json.loads(text)
    except ValueError as error:
        raise invalid_settings([("", f"this is no JSON: {error}")]) from None
    if not isinstance(given, dict):
        raise invalid_settings([("", "settings are a JSON object")])
    issues = [(f"/{name}", "there is no such setting") for name in given if name not in NAMES]
    site = _site(given.get("site"), issues)
    repositories = _repositories(given.get("repositories", []), issues)
    closed, anonymous = (_flag(given, name, default, issues) for name, default in (("closed", True), ("anonymous", False)))
    if issues:
        raise invalid_settings(issues)
    return Settings(site, repositories, closed, anonymous)


def _site(site, issues):
    try:
        parts = urlsplit(site.strip() if isinstance(site, str) else "")
        parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.query or parts.fragment:
        issues.append(("/site", "the address of the forge, like https://git.example.com"))
        return ""
    return f"https://{parts.netloc.lower()}{parts.path.rstrip('/')}"


def _repositories(names, issues):
    if not isinstance(names, list):
        issues.append(("/repositories", "a list of names, like acme/handbook"))
        return ()
    kept = set()
    for at, name in enumerate(names):
        parts = name.strip().strip("/").split("/") if isinstance(name, str) else []
        if len(parts) == 2 and all(parts):
            kept.add("/".join(parts).lower())
        else:
            issues.append((f"/repositories/{at}", "a name with its owner, like acme/handbook"))
    return tuple(sorted(kept))


def _flag(given, name, default, issues):
    value = given.get(name, default)
    if not isinstance(value, bool):
        issues.append((f"/{name}", "true or false"))
        return default
    return value
