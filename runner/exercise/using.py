"""What is an application asked as one of its users, and what of the answer is wrong?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gatepost import api
from gatepost.errors import GatepostError

from . import places

if TYPE_CHECKING:
    from gatepost.answers import Answer
    from gatepost.writing import Writer

_FINE = 200
_GONE = frozenset({404, 410})


class Refused(GatepostError):
    """The application did not do what it was asked, and says so by its status."""


def payload(answer: Answer) -> Any:
    """Return the JSON of an answer; None where it is none."""
    try:
        return answer.json()
    except ValueError:
        return None


def accepted(answer: Answer) -> Any:
    """Return the JSON of an answer that says yes; None where it is none.

    :raises Refused: another status than 2xx, or 2xx with an error in it.
    """
    found = payload(answer)
    said = api.complaint(found)
    if answer.status // 100 * 100 != _FINE or said:
        raise Refused(f"status {answer.status}" + (f" ({said})" if said else ""))
    return found


def removed(writer: Writer, template: str, found: Any) -> str:
    """Remove what was written, and return why that could not be done; empty where it was.

    :param found: the answer to what wrote it.
    """
    try:
        path = places.path(template, found)
        answer = writer.delete(path)
        if answer.status not in _GONE:
            accepted(answer)
    except GatepostError as error:
        return f"not removed again: {error.message}"
    return ""
