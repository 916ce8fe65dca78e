"""What may go wrong, in the contract's words. One place decides what an answer of the API means."""


class Fault(Exception):
    """Ends a call. `case` is a case of the contract's `error`, `detail` what that case carries, `status` the answer that
    it is about."""

    def __init__(self, case, message, detail=None, status=None):
        super().__init__(message)
        self.status = status
        self.case = case
        self.message = message
        self.detail = detail


def invalid_settings(issues):
    """`issues` are pairs of a JSON Pointer and a sentence."""
    return Fault("invalid-settings", "the settings are not right", issues)


def refused(asked, response):
    """The fault that an answer stands for which is not what was hoped for."""
    status = response.status
    message = f"asked for {asked} and got {status}{said(response)}"
    if status == 401:
        return Fault("unauthenticated", f"{message}: the token is not taken")
    if status == 403:
        return Fault("forbidden", f"{message}: the token lacks a scope, or the account may not")
    if status in (404, 410):
        return Fault("not-found", message)
    if status == 429:
        return Fault("throttled", message, retry_after(response))
    if status >= 500:
        return Fault("unavailable", message)
    if status in (301, 302, 307, 308):
        return Fault("unexpected", f"{message}: it is called something else now; change the settings")
    return Fault("unexpected", message, status=status)


def retry_after(response):
    """Milliseconds, or None: a date cannot be compared without a clock, which is not read here."""
    seconds = response.headers.get("retry-after", "").strip()
    return int(seconds) * 1000 if seconds.isdecimal() else None


def said(response):
    """The API's own words, if they are short ones."""
    try:
        message = response.json().get("message", "")
    except (ValueError, AttributeError):
        return ""
    return f" ({message})" if isinstance(message, str) and 0 < len(message) <= 200 else ""
