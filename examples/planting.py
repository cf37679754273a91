"""Into what are an example's faults planted, by which names, and what must come of each?"""

from __future__ import annotations

import difflib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from gatepost.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Scene = TypeVar("Scene")

NOTHING_CHANGED = 10
ROLLED_BACK = 20
INCONCLUSIVE = 30
USAGE = 64
NO_GO = (NOTHING_CHANGED, ROLLED_BACK)


@dataclass(frozen=True)
class Fault(Generic[Scene]):
    """One way to go wrong.

    :param culprit: what the run must say.
    :param plant: does it, to a scene.
    :param ends: the exit status that it may end with.
    :param needs: the headings of the project file that it is about, and that take their time.
    :param writes: which of the source's files it writes itself, while the run is under way.
    """

    name: str
    title: str
    culprit: str
    plant: Callable[[Scene], None]
    ends: tuple[int, ...] = NO_GO
    needs: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()


class Faults(dict[str, Fault[Scene]]):
    """The faults of an example by name, in the order in which they were registered."""

    def register(
        self,
        culprit: str,
        ends: tuple[int, ...] = NO_GO,
        *,
        needs: tuple[str, ...] = (),
        writes: tuple[str, ...] = (),
    ) -> Callable[[Callable[[Scene], None]], Callable[[Scene], None]]:
        """Register a function under its name as a fault; its docstring is the title."""

        def register(plant: Callable[[Scene], None]) -> Callable[[Scene], None]:
            name, title = plant.__name__, (plant.__doc__ or "").splitlines()[0]
            self[name] = Fault(name, title, culprit, plant, ends, needs, writes)
            return plant

        return register

    def find(self, name: str) -> Fault[Scene]:
        """Return the fault of that name, or of the only name that begins so.

        :raises UsageError: there is none, or more than one.
        """
        begun = [one for one in self if one.startswith(name.lower())]
        if name in self or len(begun) == 1:
            return self[name if name in self else begun[0]]
        if begun:
            raise UsageError(f"'{name}' begins {len(begun)} faults: {', '.join(begun)}")
        close = difflib.get_close_matches(name, self, n=1)
        hint = f"did you mean '{close[0]}'?" if close else "--list names them"
        raise UsageError(f"no fault '{name}'", hint=hint)


def copied(project: Path, folder: Path, names: Iterable[str]) -> Path:
    """Return a new folder with what a project has under some names, for faults to be planted in."""
    folder.mkdir()
    for name in names:
        if (project / name).is_dir():
            shutil.copytree(project / name, folder / name)
        else:
            shutil.copy(project / name, folder / name)
    return folder
