"""How fast does the application take a file, and is it the same when it is asked for?"""

from __future__ import annotations

import hashlib
import secrets
import time
from typing import TYPE_CHECKING, Any

from gatepost.durations import spoken
from gatepost.errors import CannotConnect, GatepostError
from gatepost.exercised import Uploaded
from gatepost.http import OK
from gatepost.wording import sized

from . import places, using

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.answers import Answer
    from gatepost.exercises import Upload
    from gatepost.writing import Writer


def upload(writer: Writer, declared: Upload) -> Uploaded:
    """Send files one after the other until one is at fault, and remove each of them again.

    Each has a content of its own, so that none can be taken for another.  Of two runs the better
    counts, where the first is too slow: a busy machine is now and then.
    """
    first = _run(writer, declared)
    if first.problems or first.rate >= declared.at_least:
        return first
    second = _run(writer, declared)
    return second if second.problems else max(first, second, key=lambda one: one.rate)


def _run(writer: Writer, declared: Upload) -> Uploaded:
    rates: list[float] = []
    problems: list[str] = []
    for _ in range(declared.times):
        problems += _one(writer, declared, rates)
        if problems:
            break
    return Uploaded(declared.path, declared.size, tuple(rates), tuple(problems))


def _one(writer: Writer, declared: Upload, rates: list[float]) -> Iterator[str]:
    """Yield what is wrong with one file."""
    content = secrets.token_bytes(declared.size)
    try:
        answer = _sent(writer, declared, content)
        found = using.accepted(answer)
    except GatepostError as error:
        yield error.message
        return
    rates.append(declared.size / answer.seconds)
    yield from _unlike(writer, declared, found, content)
    if why := using.removed(writer, declared.remove, found):
        yield why
    else:
        yield from _left(writer, declared, found)


def _sent(writer: Writer, declared: Upload, content: bytes) -> Answer:
    began = time.monotonic()
    allowed = declared.size / declared.at_least
    try:
        return writer.upload(declared.path, content, declared.field, declared.more, allowed)
    except CannotConnect as error:
        took = time.monotonic() - began
        if took < allowed:
            raise
        raise CannotConnect(
            f"{sized(declared.size)} not taken within {spoken(took)}: {error.message}"
        ) from None


def _unlike(writer: Writer, declared: Upload, found: Any, content: bytes) -> Iterator[str]:
    """Yield how the file that is given back is another than the one that was sent."""
    try:
        answer = writer.read(places.url(declared.download, found), at_most=declared.size)
    except GatepostError as error:
        yield f"not given back: {error.message}"
        return
    if answer.status != OK:
        yield f"not given back: status {answer.status} of {answer.url}"
    elif answer.cut or len(answer.body) != declared.size:
        length = f"more than {declared.size:,}" if answer.cut else f"{len(answer.body):,}"
        yield f"given back with {length} bytes, {declared.size:,} were sent"
    elif _hash(answer.body) != _hash(content):
        yield f"given back with another content (sha256 {_hash(answer.body)}, not {_hash(content)})"


def _left(writer: Writer, declared: Upload, found: Any) -> Iterator[str]:
    """Yield what is still there of a file that the application says it has removed."""
    try:
        answer = writer.read(places.url(declared.download, found), at_most=1)
    except places.NoPlace:
        return  # that it cannot be asked for was said
    except GatepostError as error:
        yield f"whether it was removed cannot be told: {error.message}"
        return
    if answer.status == OK:
        yield "still given back after it was removed"


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
