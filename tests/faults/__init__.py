"""Which damage is planted, and what must be said of it?  One small file each, read here.

The form of a file is in README.md, next to this one.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from gatepost.settings import Gate
from tests.faults.scene import Scene

FOLDER = Path(__file__).parent
HEALTHY = FOLDER / "healthy"

Part = Literal["both", "before", "after"]
Word = Literal["GO", "NO-GO", "INCOMPLETE", "none"]

_SECTION = re.compile(r"-- on (both|before|after)")
_KEYS = ("gate", "finds", "says", "unasked", "refuses", "toml", "word")


@dataclass(frozen=True)
class Fault:
    """One planted damage, or one difference that is none.

    :param name: the file's, without its ending.
    :param title: what it breaks, behind the id it has in the list of failures.
    :param finds: exactly the checks that say no, each a question and a subject.
    :param says: pieces of text, each in one of the findings, of the reasons why something was not
        asked, of the notes, or, where there is no verdict, of what was printed.
    :param unasked: exactly the checks that could not be asked.
    :param refuses: the checks that the refusal to begin has answered.
    :param toml: lines at the end of the project's file.
    :param word: the verdict; `none` where no gate may begin.
    :param parts: SQL by the side on which it runs.
    :param plant: what does the damage where SQL cannot.
    """

    name: str
    title: str
    gate: Gate
    finds: frozenset[tuple[str, str]] = frozenset()
    says: tuple[str, ...] = ()
    unasked: frozenset[tuple[str, str]] = frozenset()
    refuses: frozenset[tuple[str, str]] = frozenset()
    toml: tuple[str, ...] = ()
    word: Word = "NO-GO"
    parts: dict[Part, str] = field(default_factory=dict)
    plant: Callable[[Scene], None] | None = None


def all_faults() -> tuple[Fault, ...]:
    """Return every fault and every trap, in the order of their names."""
    files = [file for folder in (FOLDER, HEALTHY) for file in folder.glob("[a-z0-9]*.*")]
    found = (load(file) for file in files if file.name != "scene.py")
    return tuple(sorted(found, key=lambda fault: fault.name))


def load(path: Path) -> Fault:
    """Return what a file says.

    :raises ValueError: a line of its head is none, or it breaks nothing.
    """
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        said = ast.get_docstring(ast.parse(text)) or ""
        return _fault(path, said.splitlines(), {}, _planter(path))
    lines = text.splitlines()
    begins = next((at for at, line in enumerate(lines) if _SECTION.fullmatch(line)), len(lines))
    head = [line.removeprefix("--").strip() for line in lines[:begins]]
    parts = _parts(lines[begins:])
    if not parts:
        raise ValueError(f"{path.name}: no section '-- on both', '-- on before' or '-- on after'")
    return _fault(path, head, parts, None)


def _fault(
    path: Path, head: list[str], parts: dict[Part, str], plant: Callable[[Scene], None] | None
) -> Fault:
    title, *rest = (line for line in head if line)
    given = _given(path, rest)
    finds = _checks(given["finds"])
    word = given["word"][0] if given["word"] else "NO-GO" if finds else "GO"
    (gate,) = given["gate"]
    if gate not in get_args(Gate) or word not in get_args(Word):
        raise ValueError(f"{path.name}: '{gate}' is no gate, or '{word}' no verdict")
    return Fault(
        name=path.stem,
        title=title,
        gate=gate,  # type: ignore[arg-type]  # looked at above
        finds=finds,
        says=tuple(given["says"]),
        unasked=_checks(given["unasked"]),
        refuses=_checks(given["refuses"]),
        toml=tuple(given["toml"]),
        word=word,  # type: ignore[arg-type]  # looked at above
        parts=parts,
        plant=plant,
    )


def _given(path: Path, head: list[str]) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {key: [] for key in _KEYS}
    for line in head:
        key, colon, value = line.partition(": ")
        if not colon or key not in given:
            raise ValueError(f"{path.name}: '{line}' begins with none of {', '.join(_KEYS)}")
        given[key].append(value.strip())
    return given


def _checks(lines: list[str]) -> frozenset[tuple[str, str]]:
    found = (one.strip().partition(" ") for line in lines for one in line.split(";"))
    return frozenset((question, subject) for question, _, subject in found)


def _parts(lines: list[str]) -> dict[Part, str]:
    parts: dict[Part, list[str]] = {}
    for line in lines:
        if match := _SECTION.fullmatch(line):
            current = parts.setdefault(match[1], [])  # type: ignore[arg-type]  # as the pattern has it
        else:
            current.append(line)
    return {part: "\n".join(text) for part, text in parts.items()}


def _planter(path: Path) -> Callable[[Scene], None]:
    package = ".".join(path.relative_to(FOLDER).with_suffix("").parts)
    plant: Callable[[Scene], None] = importlib.import_module(f"{__name__}.{package}").plant
    return plant
