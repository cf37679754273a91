"""Is it to be asked whether a release went well elsewhere first?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.verdict import NotPlanned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.settings import Priority, Settings

    Found = tuple[object, str, Priority]

QUESTION = "promote"


def promote(settings: Settings) -> Iterator[Found | NotPlanned]:
    """Yield the target whose GO is asked for, or why none is."""
    declared, here = settings.project.promote, settings.target_name
    if declared is None:
        yield NotPlanned(QUESTION, "the project names none: [promote]")
    elif settings.rehearsal:
        yield NotPlanned(QUESTION, "a rehearsal writes to a database that stands in for the target")
    elif here == declared.origin:
        yield NotPlanned(QUESTION, f"'{here}' is where the release goes first")
    elif declared.to and here not in declared.to:
        yield NotPlanned(QUESTION, f"[promote] to does not name target '{here}'")
    else:
        yield declared, declared.origin, "critical"
