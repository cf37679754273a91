"""Does a page render, and does the application say it is well?"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from gatepost import api, latency
from gatepost.http import OK

if TYPE_CHECKING:
    from gatepost.answers import Answer
    from gatepost.http import Client
    from gatepost.latency import Latency
    from gatepost.served import Health, Page

# Only where a framework writes them: a post may well be about an "Application error".
_ERRORS = re.compile(
    r"""<(?:title|h1|h2)[^>]*>\s*(?:500\W*)?(application\ error|internal\ server\ error)
    |<html[^>]*\sid="(__next_error__)"
    |\A\s*(application\ error|internal\ server\ error)""",
    re.IGNORECASE | re.VERBOSE,
)


def timed(client: Client, path: str, budget: float | None) -> tuple[Answer, Latency | None]:
    """Return the answer to GET, and its latency where there is a budget and it is 200.

    :param budget: p95 in seconds.
    :raises CannotConnect: no answer.
    """
    answer = client.get(path)
    if budget is None or answer.status != OK:
        return answer, None
    return answer, latency.measure(lambda: client.get(path), budget)


def page_findings(answer: Answer, page: Page, took: Latency | None = None) -> tuple[str, ...]:
    """Return what is wrong with a page: status, type, error in the body, text that is missing."""
    what = f"GET {page.path}"
    if answer.status != OK:
        return (f"{what}: status {answer.status}, expected {OK}{_where(answer)}",)
    if answer.content_type not in ("text/html", "application/xhtml+xml"):
        return (f"{what}: content type {answer.content_type or 'missing'}, expected text/html",)
    body = answer.text
    if not body.strip():
        return (f"{what}: the page is empty",)
    if match := _ERRORS.search(body):
        said = next(group for group in match.groups() if group)
        return (f"{what}: status {OK}, but the page says '{said}'",)
    readable = html.unescape(body)
    return (
        *(
            f"{what}: the page does not contain '{text}'"
            for text in page.contains
            if text not in body and text not in readable
        ),
        *latency.finding(what, took, page.p95),
    )


def health_findings(answer: Answer, health: Health, took: Latency | None = None) -> tuple[str, ...]:
    """Return which of the expected values the application does not say of itself."""
    what = f"GET {health.path}"
    payload, readable = _json(answer)
    wrong = tuple(
        f"{what}: {key} is {_spelled(api.at(payload, key))}, expected {_spelled(value)}"
        for key, value in health.expect.items()
        if not _same(api.at(payload, key), value)
    )
    if answer.status != OK:
        said = api.complaint(payload)
        reason = f" ({said})" if said else _where(answer)
        # What is wrong stands in the body, also where the status says already that something is.
        return (
            f"{what}: status {answer.status}, expected {OK}{reason}",
            *(wrong if readable else ()),
        )
    if not readable:
        return (f"{what}: status {OK}, but no JSON ({answer.content_type or 'no content type'})",)
    return (*wrong, *latency.finding(what, took, health.p95))


def _json(answer: Answer) -> tuple[Any, bool]:
    try:
        return answer.json(), True
    except ValueError:
        return None, False


def _same(found: Any, expected: Any) -> bool:
    """Whether two JSON values are one; in Python, unlike there, True equals 1."""
    return type(found) is type(expected) and found == expected


def _spelled(value: Any) -> str:
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return repr(value)[:80]
    return "no single value"


def _where(answer: Answer) -> str:
    return f" (redirects to {answer.location})" if answer.location else ""
