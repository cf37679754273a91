"""Can the files that are to be run be run, and taken back, and run again?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost.errors import NotMigrated, UsageError
from gatepost.ledgers import standing
from gatepost.migrations import apply, files, proof
from gatepost.migrations.proof import Proof
from gatepost.schema.scratch import Scratch

if TYPE_CHECKING:
    from gatepost.settings import Settings
    from gatepost.side import Side


@dataclass(frozen=True)
class Folder:
    """The files of migrations, before any of them is run."""

    name: str

    def __str__(self) -> str:
        return self.name


def of(settings: Settings, before: Side, after: Side) -> Proof:
    """Return what is wrong with the files that we are to run, and with their ways back.

    They are run, taken back and run again in a scratch database, where there is a server for one;
    on those that ran already, whose ways back nobody is about to need.
    """
    folder = settings.migrations
    assert folder is not None  # it is asked about
    found = files.look(folder)
    if found.faults:
        return Proof(found.faults)
    if all(one.down is None for one in found.migrations):
        return Proof(notes=("nothing takes a migration back",))
    try:
        stands = standing.of(before.connection, settings, before.catalog)
        ran = {one.name for one in stands.applied} if stands else set()
        last = next((one for one in reversed(found.migrations) if one.name in ran), None)
        with Scratch(settings, before, after).empty() as made:
            if last is not None:
                apply.up(made, folder, to=last.version)
            return proof.there_and_back(made, folder)
    except UsageError as error:
        return Proof(notes=(f"their ways back were not tried: {error.message}",))
    except NotMigrated as error:
        if settings.project.migrate.fill == "files":  # they are to build all of it
            return Proof((error.message,))
        said = f"their ways back were not tried: they do not build all of it: {error.message}"
        return Proof(notes=(said,))
