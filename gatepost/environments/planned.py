"""What is to be asked of the files that tell an application its environment?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost.verdict import NotPlanned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.settings import Gate, Priority, Settings

    Found = tuple[object, str, Priority]

QUESTION = "environment"


@dataclass(frozen=True)
class Keys:
    """The keys of the file of one target."""

    target: str

    def __str__(self) -> str:
        return self.target


@dataclass(frozen=True)
class Address:
    """The address that the file of the run's target holds under a key.

    :param direct: it is to lead past any pooler.
    """

    key: str
    direct: bool = False

    def __str__(self) -> str:
        return self.key


def environment(
    settings: Settings, gate: Gate, *, exists: bool = True
) -> Iterator[Found | NotPlanned]:
    """Yield each file, and each key with an address; or why they are not asked about.

    :param exists: whether the target's database is there.
    """
    declared = settings.project.environment
    if declared is None:
        yield NotPlanned(QUESTION, "the project names none: [environment]")
        return
    for target in declared.files:
        yield Keys(target), target, "important"
    given = ((declared.url, False), (declared.direct, True))
    addresses = [Address(key, direct) for key, direct in given if key]
    if not addresses:
        yield NotPlanned(QUESTION, "[environment] names no key of an address: url")
    elif reason := _not_to_be_reached(settings, gate, exists=exists):
        yield NotPlanned(QUESTION, reason)
    else:
        for one in addresses:
            yield one, one.key, "critical"


def _not_to_be_reached(settings: Settings, gate: Gate, *, exists: bool) -> str:
    declared = settings.project.environment
    if declared is None or settings.target_name not in declared.files:
        return f"[environment] names no file of target '{settings.target_name}'"
    if settings.rehearsal:
        return "a rehearsal writes to a database that stands in for the target"
    if gate == "pre" and not exists:
        return "the target's database does not exist yet"
    return ""
