"""Which declarations are to be compared, and which did the project leave out?

Only what is declared is selected: rows, sequences, settings and privileges are asked of all there
is, whatever the patterns say.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from gatepost.errors import UsageError
from gatepost.wording import counted, meant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatepost.schema.declarations import Object

# So many of what a pattern stands for are named; of the rest it is told how many they are.
_NAMED = 3


@dataclass(frozen=True)
class Selection:
    """Patterns by which objects are taken or left out.

    `audit.*` stands for whatever has such a name, `function audit.*` for the functions among it,
    with the words for kinds that checks and `gatepost schema dump` use.  `*`, `?` and `[…]` are the
    shell's; case counts.  A whole identity stands for itself, whatever characters are in it.

    :param only: what is taken, all of it where nothing is said.
    :param leave_out: what is not, though `only` has it.
    """

    only: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()

    def takes(self, one: Object) -> bool:
        """Whether an object is to be compared."""
        wanted = not self.only or any(_matches(pattern, one) for pattern in self.only)
        return wanted and not any(_matches(pattern, one) for pattern in self.leave_out)

    def taken(self, objects: Iterable[Object]) -> list[str]:
        """Return what is to be compared, in the order of identities.

        What is a table before and a view after is taken if either is: that it changed its kind is
        not hidden by a pattern for one of them.
        """
        return sorted({one.identity for one in objects if self.takes(one)})

    def left_out(self, objects: Iterable[Object]) -> Iterator[str]:
        """Yield a line for each reason why objects are not compared, with how many and which."""
        objects = list(objects)
        taken = set(self.taken(objects))
        rest = [one for one in objects if one.identity not in taken]
        for pattern in self.leave_out:
            found = {one.identity for one in rest if _matches(pattern, one)}
            yield from _told(found, f"[schema] leave_out '{pattern}'")
        found = {
            one.identity
            for one in rest
            if not any(_matches(pattern, one) for pattern in self.leave_out)
        }
        patterns = ", ".join(f"'{pattern}'" for pattern in self.only)
        yield from _told(found, f"in none of [schema] only {patterns}")

    def check(self, objects: Iterable[Object]) -> None:
        """Refuse a pattern that stands for nothing: whoever wrote it meant something.

        :raises UsageError: the pattern and, where one is near, what was meant.
        """
        objects = list(objects)
        for key, patterns in (("only", self.only), ("leave_out", self.leave_out)):
            for pattern in patterns:
                if not any(_matches(pattern, one) for one in objects):
                    known = {spelled for one in objects for spelled in _spelled(one)}
                    raise UsageError(
                        f"[schema] {key}: '{pattern}' stands for nothing that is declared",
                        hint=meant(pattern, known)
                        or "write a name, `audit.*`, or kind and name, `function audit.*`",
                    )


def _matches(pattern: str, one: Object) -> bool:
    # The brackets of an array's type mean nothing to whoever copies an identity from a report.
    return any(pattern == name or fnmatchcase(name, pattern) for name in _spelled(one))


def _spelled(one: Object) -> tuple[str, str]:
    """Return the name of an object, and that with the kind in front of it."""
    name = one.identity.removeprefix(f"{one.kind} ")
    return name, f"{one.kind} {name}"


def _told(found: set[str], why: str) -> Iterator[str]:
    if found:
        first = ", ".join(sorted(found)[:_NAMED])
        more = ", …" if len(found) > _NAMED else ""
        yield f"{counted(len(found), 'object')} left out by the project, {why}: {first}{more}"
