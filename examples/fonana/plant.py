"""How is a fault planted into a migration under way?

The faults are those that the suite's own tests plant, a file each (see tests/faults/README.md); the
demo takes the ones that are SQL, or damage media files only.  What a file does `on before` goes
into the source; what it does `on after` is done by the runner's `filled` hook, between the restore
and the data gate, where a restore that went wrong would have done it.  Media are damaged
beforehand: those of production are first looked at by the app gate, after the swap.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import re
import runpy
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gatepost import database, dsn
from gatepost.errors import UsageError

if TYPE_CHECKING:
    from gatepost.dsn import Dsn

ROOT = Path(__file__).resolve().parents[2]
FAULTS = ROOT / "tests" / "faults"
FILLED = "FONANA_FILLED"
_ASKED_OF_SCENE = re.compile(r"\bscene\.(\w+)\(")
_SECTION = re.compile(r"^-- on (both|before|after)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Fault:
    """A fault that is SQL, or Python that damages media.

    :param name: the file's, without its ending.
    :param title: what it breaks.
    """

    name: str
    title: str
    file: Path

    def script(self, side: str) -> str:
        """Return the SQL for one side, `before` or `after`; empty if there is none."""
        if self.file.suffix != ".sql":
            return ""
        pieces = _SECTION.split(self.file.read_text(encoding="utf-8"))
        sections = zip(pieces[1::2], pieces[2::2], strict=True)
        return "".join(text for where, text in sections if where == side)


@dataclass(frozen=True)
class Media:
    """What the demo has of the scene on which tests plant faults: each side's media folder."""

    folders: dict[str, Path]

    def media(self, side: str) -> Path:
        """Return the folder of `before` or `after`."""
        return self.folders[side]


def faults() -> list[Fault]:
    """Return the faults that the demo can plant: those on what every such database has."""
    files = sorted((*FAULTS.glob("*.sql"), *FAULTS.glob("*.py")))
    found = (_sql_fault(file) if file.suffix == ".sql" else _media_fault(file) for file in files)
    return [fault for fault in found if fault is not None]


def find(name: str) -> Fault:
    """Return the fault of that name, or of the only name that begins so.

    :raises UsageError: there is none, or more than one.
    """
    known = {fault.name: fault for fault in faults()}
    begun = [one for one in known if one.lower().startswith(name.lower())]
    if name in known or len(begun) == 1:
        return known[name if name in known else begun[0]]
    if begun:
        raise UsageError(f"'{name}' begins {len(begun)} faults: {', '.join(begun)}")
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean '{close[0]}'?" if close else "tox -e demo -- --list names them"
    raise UsageError(f"no fault '{name}'", hint=hint)


def hook(fault: Fault) -> str:
    """Return the command for the `filled` hook, which starts in the project's folder."""
    command = shlex.join([sys.executable, "-m", "examples.fonana.plant", str(fault.file)])
    return f"cd {shlex.quote(str(ROOT))} && {command}"


def into_source(fault: Fault, source: Dsn) -> None:
    """Do to the source what the fault does before the migration."""
    _run(source, fault.script("before"))


def into_media(fault: Fault, folders: dict[str, Path]) -> None:
    """Do to the media files what the fault does, if it does anything to them."""
    if fault.file.suffix == ".py":
        runpy.run_path(str(fault.file))["plant"](Media(folders))


def into_target(fault: Fault) -> None:
    """Do to the database that was just filled what the fault does; called as the hook."""
    target = dsn.parse(os.environ["FONANA_PROD_URL"], of="FONANA_PROD_URL")
    _run(target.of(os.environ["GATEPOST_DATABASE"]), fault.script("after"))


def _media_fault(file: Path) -> Fault | None:
    text = file.read_text(encoding="utf-8")
    if set(_ASKED_OF_SCENE.findall(text)) != {"media"} or "def plant(" not in text:
        return None
    return Fault(file.stem, _title(text.removeprefix('"""')), file)


def _sql_fault(file: Path) -> Fault | None:
    text = file.read_text(encoding="utf-8")
    # What is made on both sides first, or needs more settings, is for tests alone.
    sections = {match[1] for match in _SECTION.finditer(text)}
    if "both" in sections or re.search(r"^-- (toml|word):", text, re.MULTILINE):
        return None
    gate = re.search(r"^-- gate: (\w+)", text, re.MULTILINE)
    if gate is None or (gate[1] == "pre" and "before" not in sections):
        return None
    return Fault(file.stem, _title(text), file)


def _title(text: str) -> str:
    return text.splitlines()[0].partition(":")[2].strip()


def _run(where: Dsn, script: str) -> None:
    if not script.strip():
        return
    with contextlib.closing(database.maintenance(where, label="fault")) as conn:
        conn.execute("set search_path = public")
        conn.execute(script.encode())


if __name__ == "__main__":
    chosen = Path(sys.argv[1])
    into_target(Fault(chosen.stem, "", chosen))
