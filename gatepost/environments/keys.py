"""Do the files of all environments have the same keys, and does each have a value?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.environments import dotenv
from gatepost.errors import UsageError
from gatepost.told import Told
from gatepost.wording import counted, meant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gatepost.environments.dotenv import Variables
    from gatepost.environments.planned import Keys
    from gatepost.settings import Settings


def told(settings: Settings, asked: Keys) -> Told:
    """Return what one file lacks that another has, what is empty in it, and what is no line of it.

    A file that cannot be read is told as such where it is asked about, and only there.
    """
    declared = settings.project.environment
    assert declared is not None, "planned only where it is declared"
    own = declared.shown(asked.target)
    found: dict[str, Variables] = {}
    for target, file in declared.files.items():
        try:
            found[declared.shown(target)] = dotenv.read(settings.path(file))
        except UsageError as error:
            if target == asked.target:
                return Told((f"{own}: {error.message}",))
    findings = tuple(_findings(found, own, frozenset(declared.optional)))
    keys = sorted(found[own].keys)
    return Told(findings, (f"{own}: {counted(len(keys), 'key')}",), keys)


def _findings(found: Mapping[str, Variables], file: str, optional: frozenset[str]) -> Iterator[str]:
    here = found[file]
    others = {name: one for name, one in found.items() if name != file}
    everywhere = frozenset[str]().union(*(one.keys for one in others.values()))
    strange = here.keys - everywhere
    for key in sorted(everywhere - here.keys - optional):
        having = ", ".join(name for name, one in others.items() if key in one.keys)
        hint = meant(key, strange)
        yield f"{file}: {key} is not there, and is in {having}" + (f"\n  hint: {hint}" * bool(hint))
    for key in sorted(here.empty - optional):
        yield f"{file}: {key} is empty"
    for fault in here.faults:
        yield f"{file}: {fault}"
