"""What did the project declare?  Read once, checked whole, frozen; no connection is made here."""

from __future__ import annotations

import datetime as dt
import difflib
import os
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from gatepost import dsn as dsns
from gatepost.durations import seconds
from gatepost.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic_core import ErrorDetails

FILE = "gatepost.toml"
GATES = ("pre", "data", "app", "post")

Gate = Literal["pre", "data", "app", "post"]
Priority = Literal["critical", "important", "optional"]
Seconds = Annotated[float, BeforeValidator(lambda v: seconds(v) if isinstance(v, str) else v)]
Command = str | tuple[str, ...]

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Record):
    """Where the data comes from."""

    url: str = Field(default="", repr=False)
    app: str = ""
    media: tuple[str, ...] = ()


class Target(_Record):
    """An environment the data goes to."""

    url: str = Field(repr=False)
    app: str = ""
    media: tuple[str, ...] = ()
    strategy: Literal["swap", "in-place"] = "swap"


class Migrate(_Record):
    """How the target is filled, and what is told to the application meanwhile."""

    fill: Literal["dump-restore"] = "dump-restore"
    jobs: int = Field(default=2, ge=1, le=64)
    pg_bin: str = ""
    stop: Command = ()
    start: Command = ()
    status: Command = ()
    filled: Command = ()
    hook_timeout: Seconds = 120.0
    lock_timeout: Seconds = 10.0
    swap_timeout: Seconds = 30.0
    work: str = "gatepost-runs"


class Limits(_Record):
    """What the release can afford."""

    downtime: Seconds = 600.0
    rollback: Seconds = 900.0
    statement: Seconds = 0.0
    requests: int = Field(default=8, ge=1, le=64)
    requests_per_second: float = Field(default=0.0, ge=0)
    timeout: Seconds = 10.0


class TableRule(_Record):
    """What one table means to the release."""

    priority: Priority = "important"
    mask: tuple[str, ...] = ()


class Reference(_Record):
    """A foreign key that the catalog does not know."""

    child: str
    parent: str


class MediaColumn(_Record):
    """A column that holds paths or URLs of media files."""

    column: str


class Endpoint(_Record):
    """An API whose answer must agree with the database."""

    path: str
    rows: str = ""
    total: str = ""
    count: str = ""
    key: str = "id"
    page: str = ""
    limit: str = ""
    per_page: int = Field(default=20, ge=1)
    status: int = 200
    p95: Seconds | None = None


class Page(_Record):
    """A page that must render."""

    path: str
    contains: tuple[str, ...] = ()
    p95: Seconds | None = None


class Health(_Record):
    """An endpoint that says whether the application is well."""

    path: str
    expect: dict[str, str | int | bool] = {}
    p95: Seconds | None = None


class Ledger(_Record):
    """Where the record of applied migrations is, and the files it speaks of."""

    kind: Literal["prisma", "sql"]
    table: str
    files: str = ""


class Backup(_Record):
    """The backup that must be there before anything is written."""

    files: str
    max_age: Seconds | None = None


class Waiver(_Record):
    """A finding accepted in writing."""

    check: str
    subject: str
    reason: str = Field(min_length=3)
    until: dt.date
    by: str = Field(min_length=1)


class Project(_Record):
    """A whole `gatepost.toml`."""

    name: str = "unnamed"
    source: Source = Source()
    targets: dict[str, Target] = {}
    migrate: Migrate = Migrate()
    limits: Limits = Limits()
    tables: dict[str, TableRule] = {}
    references: tuple[Reference, ...] = ()
    media: tuple[MediaColumn, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    pages: tuple[Page, ...] = ()
    health: tuple[Health, ...] = ()
    ledgers: tuple[Ledger, ...] = ()
    backup: Backup | None = None
    waivers: tuple[Waiver, ...] = ()


class Settings(_Record):
    """A project, and which source and target this run is about."""

    project: Project
    folder: Path
    target_name: str
    target: Target
    source: Source

    @property
    def before(self) -> dsns.Dsn:
        """The address of the source."""
        return dsns.parse(self.source.url, of="source")

    @property
    def after(self) -> dsns.Dsn:
        """The address of the target."""
        return dsns.parse(self.target.url, of=f"target '{self.target_name}'")

    def priority(self, table: str) -> Priority:
        """Return what the project said about ``table``; `important` where it said nothing."""
        rule = self.project.tables.get(table)
        return rule.priority if rule else "important"

    def masked(self, table: str) -> frozenset[str]:
        """Return the columns of ``table`` whose values, keys included, are never shown."""
        rule = self.project.tables.get(table)
        return frozenset(rule.mask) if rule else frozenset()

    def path(self, text: str) -> Path:
        """Return ``text`` as a path, relative ones from the project's folder."""
        return self.folder / text


def load(
    folder: Path, target: str, source: str = "", environ: Mapping[str, str] | None = None
) -> Settings:
    """Return the settings of one run.

    :param folder: the project; a `gatepost.toml` there is needed only if ``target`` is a name.
    :param target: a name from `[targets]`, or a URL.
    :param source: overrides `[source].url`.
    :raises UsageError: one line that says which key or name is wrong, and what would be right.
    """
    project = read(folder, {**os.environ} if environ is None else environ, source, target)
    name, chosen = _target(project, target)
    origin = project.source.model_copy(update={"url": source} if source else {})
    if not origin.url:
        raise UsageError(
            "no source: nothing to compare the target with",
            hint=f"give --source=URL, or url under [source] in {FILE}",
        )
    settings = Settings(
        project=project, folder=folder, target_name=name, target=chosen, source=origin
    )
    _ = settings.before, settings.after  # a wrong address is said now, not at the first query
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
        return Project.model_validate(_expanded(data, environ, ""))
    except ValidationError as error:
        raise _explained(error) from None


def _target(project: Project, name: str) -> tuple[str, Target]:
    if dsns.is_url(name):
        return "url", Target(url=name)
    if name in project.targets:
        return name, project.targets[name]
    known = ", ".join(sorted(project.targets)) or "none"
    raise UsageError(
        f"no target '{name}' in {FILE}: it has {known}",
        hint=_meant(name, project.targets) or f"add [targets.{name}], or give a URL",
    )


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
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        *_, key = first["loc"]
        return UsageError(
            f"{FILE}: unknown key '{where}'", hint=_meant(str(key), _keys_at(first)) or "remove it"
        )
    return UsageError(f"{FILE}: {where}: {first['msg']}")


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


def _meant(word: str, known: Mapping[str, object] | list[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else ""
