"""What does one file of SQL hold that is to be run, and may it be?

A comment in it says what is unusual: `-- gatepost: no transaction` for statements that the server
refuses in one, and `-- gatepost: no objects` where nothing declared is to change.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from gatepost.errors import UsageError
from gatepost.migrations import statements
from gatepost.migrations.statements import Statement
from gatepost.wording import meant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NO_TRANSACTION = "no transaction"
NO_OBJECTS = "no objects"
_MARKS = (NO_TRANSACTION, NO_OBJECTS)
_MARK = re.compile(r"gatepost:\s*(.*?)\s*", re.IGNORECASE)
# What the server does in no transaction; of the rest it says so itself.
_ALONE = (
    ("vacuum",),
    ("alter", "system"),
    *((act, what) for act in ("create", "drop") for what in ("database", "tablespace")),
)


@dataclass(frozen=True)
class Script:
    """A file of SQL that can be run.

    :param sha256: of the file as it lies there, in hexadecimal.
    :param transactional: all of it is done, or nothing.
    :param declares: something that the catalog holds is to be another after it.
    """

    path: Path
    sha256: str
    statements: tuple[Statement, ...] = field(repr=False)
    transactional: bool
    declares: bool


def read(file: Path) -> Script:
    """Return what a file holds.

    :raises UsageError: it could not be run as it is, or not be taken back: why, and in which line.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(f"it cannot be read: {error.strerror}") from None
    parts = statements.split(_text(data))
    marks = set(_marks(parts.comments))
    if not parts.statements:
        raise UsageError("it holds no statement")
    for one in parts.statements:
        _refuse(one, transactional=NO_TRANSACTION not in marks)
    return Script(
        path=file,
        sha256=hashlib.sha256(data).hexdigest(),
        statements=parts.statements,
        transactional=NO_TRANSACTION not in marks,
        declares=NO_OBJECTS not in marks,
    )


def _text(data: bytes) -> str:
    if data.startswith(b"\xef\xbb\xbf"):
        raise UsageError("it begins with a byte order mark", hint="save it as UTF-8 without one")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"byte {error.start}: it is not UTF-8") from None
    if "\0" in text:
        raise UsageError(f"byte {data.index(0)}: a NUL, as no text of SQL may have")
    return text


def _marks(comments: Iterable[statements.Comment]) -> Iterator[str]:
    for comment in comments:
        found = _MARK.fullmatch(comment.text)
        if found is None:
            continue
        if found[1] not in _MARKS:
            raise UsageError(
                f"line {comment.line}: '{found[1]}' is no mark",
                hint=meant(found[1], _MARKS) or f"one of {', '.join(_MARKS)}",
            )
        yield found[1]


def _refuse(one: Statement, *, transactional: bool) -> None:
    """Refuse what would fail half-way, or last longer than the file."""
    first = one.words[0] if one.words else ""
    if first == "copy" and ("stdin" in one.words or "stdout" in one.words):
        raise UsageError(
            f"line {one.line}: copy from and to a client is psql's business", hint="use insert"
        )
    if first == "set" and not _is_local(one):
        raise UsageError(
            f"line {one.line}: set without local would outlive the migration", hint="set local …"
        )
    if transactional:
        _refuse_in_transaction(one)


def _refuse_in_transaction(one: Statement) -> None:
    if is_about_transactions(one):
        raise UsageError(
            f"line {one.line}: `{one.words[0]}`, and each file is one transaction",
            hint=f"leave it out, or mark the file: -- gatepost: {NO_TRANSACTION}",
        )
    if _is_done_alone(one):
        raise UsageError(
            f"line {one.line}: {' '.join(one.words[:3])} … is done in no transaction",
            hint=f"give it a file of its own, marked: -- gatepost: {NO_TRANSACTION}",
        )


def is_about_transactions(one: Statement) -> bool:
    """Whether a statement begins or ends a transaction."""
    if one.begins("rollback"):
        return "to" not in one.words  # a savepoint is a part of the transaction
    first = one.words[0] if one.words else ""
    known = ("begin", "start", "commit", "end", "abort")
    return first in known or one.begins("prepare", "transaction")


def _is_done_alone(one: Statement) -> bool:
    # A materialised view may be refreshed concurrently in a transaction, an index not be made.
    concurrently = "concurrently" in one.words and not one.begins("refresh")
    return concurrently or any(one.begins(*words) for words in _ALONE)


def _is_local(one: Statement) -> bool:
    return one.words[1:2] in (("local",), ("constraints",), ("transaction",))
