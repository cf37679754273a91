"""Which faults may the ledger of any runner have, and in which words are they told?"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from gatepost.ledgers.entries import Asked

_KEEP = "keep the row of the run that counts"


def locked(asked: Asked, what: str) -> Iterator[str]:
    """Yield who is at work under the lock of those that write it.

    :param what: what that means, in words.
    """
    if asked.held:
        yield asked.says(f"{what}: {', '.join(asked.held)}", hint="ask again when it has ended")


def failed(asked: Asked, hint: str) -> Iterator[str]:
    """Yield what is recorded as anything but a run that came to its end."""
    for entry in asked.entries:
        if entry.state == "failed":
            yield asked.says(f"{entry.name} is recorded as {entry.said}", hint=hint)


def checksums(asked: Asked, is_one: Callable[[str], object], hint: str) -> Iterator[str]:
    """Yield the rows whose checksum is none that the runner would have written."""
    for entry in asked.standing:
        if entry.checksum is not None and not is_one(entry.checksum):
            yield asked.says(f"{entry.name} has '{entry.checksum[:20]}' for a checksum", hint=hint)


def twice(asked: Asked, names: Iterable[str], hint: str = _KEEP) -> Iterator[str]:
    """Yield what several rows are of.

    :param names: what each row that counts is of.
    """
    for name, times in Counter(names).items():
        if times > 1:
            yield asked.says(f"{name} is recorded {times} times", hint=hint)


def edited(asked: Asked, name: str, how: str = "") -> str:
    """Return that a file is not any more what ran."""
    return asked.says(
        f"{name} was edited after it was applied" + (f": {how}" if how else ""),
        hint="put back the file as it ran, and change the database by a new migration",
    )


def renamed(asked: Asked, name: str, now: str) -> str:
    """Return that the file of what ran has another name now."""
    return asked.says(
        f"{name} was applied, and is called {now} since", hint=f"rename the file back to {name}.sql"
    )
