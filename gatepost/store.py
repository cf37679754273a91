"""Which facts were read already in this run, by whichever process?

Facts are fetched once per run and shared by all workers; the runner puts those of the before side
here while the dump runs.  A fact is a file, named by what was asked and of whom; of a process that
shares with nobody it stays in memory, since a thousand tables would be six thousand files.
"""

from __future__ import annotations

import hashlib
import threading
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from filelock import FileLock
from pydantic import TypeAdapter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Fact = TypeVar("Fact")

# Seconds between two looks at a lock that another holds: facts of small tables take no longer.
_POLL = 0.005


@cache
def _adapter(of: Any) -> TypeAdapter[Any]:
    # Making one costs more than reading a small fact.
    return TypeAdapter(of)


class Store:
    """The facts of one side, shared by the processes of one run and no longer.

    :param folder: where the processes of a run leave things for each other.
    :param alone: no other process will ask: facts are kept in memory, and not as files.
    """

    def __init__(self, folder: Path, *, alone: bool = False) -> None:
        self.folder = folder
        self._alone = alone
        self._known: dict[str, Any] = {}
        self._asking: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        folder.mkdir(parents=True, exist_ok=True)

    def once(self, name: str, of: type[Fact], ask: Callable[[], Fact]) -> Fact:
        """Return the fact ``name``, asking for it only if nobody has.

        Who comes while another is asking waits for its answer.  An error is not kept: the next
        one asks again.

        :param of: the record's type, by which it is read back.
        """
        if self._alone:
            return self._in_memory(name, ask)
        file = self._file(name)
        kind: Any = of
        adapter: TypeAdapter[Fact] = _adapter(kind)
        if not file.exists():
            with FileLock(f"{file}.lock").acquire(poll_interval=_POLL):
                if not file.exists():
                    fact = ask()
                    part = file.with_suffix(".part")
                    part.write_bytes(adapter.dump_json(fact))
                    part.replace(file)
                    return fact
        return adapter.validate_json(file.read_bytes())

    def _in_memory(self, name: str, ask: Callable[[], Fact]) -> Fact:
        with self._asking[name]:  # threads of this process may ask for the same
            if name not in self._known:
                self._known[name] = ask()
            known: Fact = self._known[name]
            return known

    def _file(self, name: str) -> Path:
        # Names of tables may hold anything; those of files may not.
        return self.folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"
