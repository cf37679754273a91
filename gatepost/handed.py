"""How do figures that the runner has come to reach the gate that judges them?  As one file."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import TypeAdapter, ValidationError

from gatepost.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

Figures = TypeVar("Figures")


def write(kind: TypeAdapter[Figures], figures: Figures, file: Path) -> None:
    """Hand figures over; whoever reads meanwhile finds all of them, or the ones before."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.part")
    part.write_bytes(kind.dump_json(figures, indent=2) + b"\n")
    part.replace(file)


def read(kind: TypeAdapter[Figures], file: Path | None) -> Figures | None:
    """Return what was handed over; None where nothing was.

    :raises UsageError: there is something, and it cannot be read.
    """
    if file is None or not file.exists():
        return None
    try:
        return kind.validate_json(file.read_bytes())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{file}: no figures that can be read: {where}: {first['msg']}") from None
