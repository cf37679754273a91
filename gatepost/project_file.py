"""How is a `gatepost.toml` read?  Whole or not at all, and every mistake in one line."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from pydantic import BaseModel, ValidationError

from gatepost import dsn as dsns
from gatepost.conduct import PHASES, Phase
from gatepost.equivalence import EQUIVALENCES, NO_EQUIVALENCE
from gatepost.errors import UsageError
from gatepost.origin import FILES
from gatepost.settings import Project, Settings, Target
from gatepost.wording import meant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic_core import ErrorDetails

FILE = "gatepost.toml"

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def load(
    folder: Path,
    target: str,
    source: str = "",
    environ: Mapping[str, str] | None = None,
    *,
    phase: str = "",
) -> Settings:
    """Return the settings of one run.

    Where migrations change the target itself, that is the source as well, unless another is named.

    :param folder: the project; a `gatepost.toml` there is needed only if ``target`` is a name.
    :param target: a name from `[targets]`, or a URL.
    :param source: overrides `[source].url`; files are found from the current folder.
    :param phase: of `[migrate.phases]`, the one that is run; empty for all migrations.
    :raises UsageError: one line that says which key or name is wrong, and what would be right.
    """
    project = read(folder, {**os.environ} if environ is None else environ, source, target)
    name, chosen = _target(project, target)
    origin = project.source.model_copy(update={"url": _here(source)} if source else {})
    of_itself = chosen.strategy == "in-place" or project.migrate.fill == "prisma"
    if of_itself and not origin.url:
        origin = origin.model_copy(update={"url": chosen.url})
    if not origin.url:
        raise UsageError(
            "no source: nothing to compare the target with",
            hint=f"give --source=URL, or url under [source] in {FILE}",
        )
    settings = Settings(
        project=project,
        folder=folder,
        target_name=name,
        target=chosen,
        source=origin,
        phase=_phase(project, phase),
    )
    _ = (
        settings.baseline or settings.to_be_staged or settings.before,
        settings.after,
    )  # a wrong address is said now, not at the first query
    return settings


def read(folder: Path, environ: Mapping[str, str], source: str = "", target: str = "") -> Project:
    """Return the project's file, its variables expanded and every key known."""
    file = folder / FILE
    if not file.is_file():
        if dsns.is_url(target):
            return Project()
        raise UsageError(f"no {FILE} in {folder}", hint="give --project=FOLDER, or URLs")
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{FILE}: {error}") from None
    if source and isinstance(data.get("source"), dict):
        data["source"].pop("url", None)  # overridden: its variables need not be set
    if isinstance(data.get("targets"), dict):
        # A variable of another target need not be set in this run.
        for name in [key for key in data["targets"] if key != target]:
            data["targets"][name] = _without_variables(data["targets"][name])
    try:
        project = Project.model_validate(_expanded(data, environ, ""))
    except ValidationError as error:
        raise _explained(error) from None
    _refuse_strangers(project)
    return project


def _refuse_strangers(project: Project) -> None:
    """Make sure that a release is promoted between targets: a name misspelt would ask nobody."""
    declared = project.promote
    if declared is None:
        return
    for key, name in (("from", declared.origin), *(("to", one) for one in declared.to)):
        if name not in project.targets:
            known = ", ".join(sorted(project.targets)) or "none"
            raise UsageError(
                f"{FILE}: promote.{key}: no target '{name}': it has {known}",
                hint=meant(name, project.targets) or f"add [targets.{name}]",
            )


def _target(project: Project, name: str) -> tuple[str, Target]:
    if dsns.is_url(name):
        return "url", Target(url=name)
    if name in project.targets:
        return name, project.targets[name]
    known = ", ".join(sorted(project.targets)) or "none"
    raise UsageError(
        f"no target '{name}' in {FILE}: it has {known}",
        hint=meant(name, project.targets) or f"add [targets.{name}], or give a URL",
    )


def _phase(project: Project, given: str) -> Phase | Literal[""]:
    if not given:
        return ""
    for phase in PHASES:
        if phase == given and project.migrate.phases.of(phase):
            return phase
    declared = [phase for phase in PHASES if project.migrate.phases.of(phase)]
    raise UsageError(
        f"no migration is of phase '{given}': [migrate.phases] has {', '.join(declared) or 'none'}",
        hint=meant(given, declared) or f"name its migrations: {given} = […]",
    )


def _here(source: str) -> str:
    """Return an address as it was given; of files, whoever reads on, where they are."""
    for kind in (dsns.BASELINE, FILES):
        if source.startswith(kind) and source != kind:
            return f"{kind}{Path(source.removeprefix(kind)).resolve()}"
    return source


def _without_variables(value: Any) -> Any:
    if isinstance(value, str):
        return _VARIABLE.sub("unset", value)
    if isinstance(value, list):
        return [_without_variables(item) for item in value]
    if isinstance(value, dict):
        return {key: _without_variables(item) for key, item in value.items()}
    return value


def _expanded(value: Any, environ: Mapping[str, str], where: str) -> Any:
    """Return ``value`` with every ${NAME} replaced from ``environ``."""
    if isinstance(value, str):

        def one(match: re.Match[str]) -> str:
            if match[1] not in environ:
                raise UsageError(
                    f"{where}: the environment variable {match[1]} is not set",
                    hint=f"export {match[1]}=…",
                )
            return environ[match[1]]

        return _VARIABLE.sub(one, value)
    if isinstance(value, list):
        return [_expanded(item, environ, f"{where}[{at}]") for at, item in enumerate(value)]
    if isinstance(value, dict):
        return {
            key: _expanded(item, environ, f"{where}.{key}" if where else str(key))
            for key, item in value.items()
        }
    return value


def _explained(error: ValidationError) -> UsageError:
    """Return the first fault as one line, without the input itself, which may hold a secret."""
    faults = error.errors(include_url=False, include_input=False)
    # A misspelt key is also a missing one: the misspelling says more.
    unknown = [one for one in faults if one["type"] == "extra_forbidden"]
    first = (unknown or faults)[0]
    where = ".".join(_place(first["loc"]))
    if first["type"] == "extra_forbidden":
        *_, key = first["loc"]
        return UsageError(
            f"{FILE}: unknown key '{where}'", hint=meant(str(key), _keys_at(first)) or "remove it"
        )
    hint = ""
    if first["type"] == NO_EQUIVALENCE:
        # What the input may hold is a word here, and no secret.
        hint = meant(_spelled(error, first["loc"]), EQUIVALENCES)
    said = first["msg"].removeprefix("Value error, ")  # that of a rule of ours stands by itself
    return UsageError(f"{FILE}: {where}: {said}", hint=hint)


def _place(location: tuple[int | str, ...]) -> tuple[str, ...]:
    """Return the keys that lead to a fault, without the kind of equivalence that was meant."""
    parts = tuple(str(part) for part in location)
    match parts:
        case ("tables", table, "compare", column, _, *rest):
            return ("tables", table, "compare", column, *rest)
        case _:
            return parts


def _spelled(error: ValidationError, place: tuple[int | str, ...]) -> str:
    """Return the word, or the first key, that stands at a place."""
    (given,) = (one["input"] for one in error.errors(include_url=False) if one["loc"] == place)
    return str(next(iter(given), "") if isinstance(given, dict) else given)


def _keys_at(error: ErrorDetails) -> list[str]:
    """Return the keys that would have been right where ``error`` is."""
    model: type[BaseModel] = Project
    for part in error["loc"][:-1]:
        if isinstance(part, str) and part in model.model_fields:
            model = next(_models(model.model_fields[part].annotation), model)
    return list(model.model_fields)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
