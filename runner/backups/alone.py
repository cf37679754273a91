"""By what is a backup compared?  By all of it, exactly: none of the migration's rules counts here.

What a project declares about the move, as equivalences, renamed roles or waivers, would let a
backup pass that is not what the database holds.  Only what protects values and servers is taken.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
from typing import TYPE_CHECKING, Any, Literal

from gatepost import database, tools
from gatepost.conduct import Migrate
from gatepost.errors import NotReadable, UsageError
from gatepost.origin import Source
from gatepost.project_file import FILE
from gatepost.schema import catalog
from gatepost.settings import Project, Settings, TableRule, Target

from ..plan import Plan
from ..servers import labels, survey

if TYPE_CHECKING:
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.schema.catalog import Catalog

Side = Literal["source", "target"]


def plan(settings: Settings, of: Side, folder: Path) -> Plan:
    """Return the plan of a run that copies a database; its scratch server is not known yet.

    :param of: which of the project's databases.
    :param folder: the run's own, which becomes its project.
    :raises UsageError: there is no such database.
    :raises CannotConnect: its server cannot be reached, or refuses us.
    :raises NotReadable: our role may not read all of it.
    """
    there = settings.after if of == "target" else settings.before
    with contextlib.closing(database.read_only(there, label="backup")) as conn:
        project = _project(settings, catalog.read(conn))
    alone = Settings(
        project=project,
        folder=folder,
        target_name=settings.target_name,
        target=Target(url=there.raw),
        source=Source(url=there.raw),
    )
    found = survey.look(alone)
    _refuse(found)
    return Plan(
        settings=alone,
        survey=found,
        tools=tools.choose(found.source.major, found.source.major, project.migrate.pg_bin),
        names=labels.Names(_called(found), labels.PLACEHOLDER),
        given_target=there.raw,
        given_source=there.raw,
        rehearsal=True,
    )


def on(plan: Plan, server: Dsn, *, before: str = "") -> Plan:
    """Return the plan with the server on which the copy is restored.

    :param before: the baseline that stands for the database; empty for itself.
    :raises UsageError: it is too old, or lets our role make no database.
    """
    target = server.of(plan.names.live)
    settings = plan.settings.model_copy(update={"target": Target(url=target.raw)})
    found = survey.look(settings)
    if not found.target.may_create:
        raise UsageError(
            f"role {found.target.role} may not create a database on the scratch server",
            hint=f'alter role "{found.target.role}" createdb',
        )
    pg_bin = settings.project.migrate.pg_bin
    return dataclasses.replace(
        plan,
        settings=settings,
        survey=dataclasses.replace(found, beside={}),
        tools=tools.choose(found.source.major, found.target.major, pg_bin),
        given_target=target.raw,
        given_source=before or plan.given_source,
    )


def write(project: Project, folder: Path) -> None:
    """Write the project's file, which the gate and the recording read; no address is in it."""
    limits = project.limits.model_dump(mode="json", exclude_defaults=True)
    lines = [f"name = {_quoted(project.name)}"]
    lines += ["[limits]", *(f"{key} = {value}" for key, value in limits.items())]
    lines += ["[engine]", f"dask = {_quoted(project.engine.dask)}"]
    lines += ["[migrate]", f"pg_bin = {_quoted(project.migrate.pg_bin)}"]
    for name, rule in project.tables.items():
        lines += [f"[tables.{_quoted(name)}]", f"mask = {_quoted(rule.mask)}"]
    (folder / FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _project(settings: Settings, found: Catalog) -> Project:
    real = settings.project
    declared = real.migrate
    return Project(
        name=real.name,
        limits=real.limits.model_copy(update={"budget": 0.0}),
        engine=real.engine,
        tables=_masks(real, found),
        migrate=Migrate(
            format="custom",  # one file, which can be hashed, encrypted and copied as one
            compress=declared.compress,
            jobs=declared.jobs,
            pg_bin=declared.pg_bin,
            lock_timeout=declared.lock_timeout,
            work=str(settings.path(declared.work).absolute()),
        ),
    )


def _masks(real: Project, found: Catalog) -> dict[str, TableRule]:
    """Return what no report may show, of the tables that this database has."""
    columns = {str(one.relation): {column.name for column in one.columns} for one in found.tables}
    masks = {
        name: tuple(column for column in rule.mask if column in columns[name])
        for name, rule in real.tables.items()
        if name in columns
    }
    return {name: TableRule(mask=mask) for name, mask in masks.items() if mask}


def _refuse(found: survey.Survey) -> None:
    unread = [str(table.relation) for table in found.tables if not table.readable]
    if unread:
        raise NotReadable(
            f"role {found.source.role} may not read {unread[0]}: {len(unread)} in all",
            hint=f'grant pg_read_all_data to "{found.source.role}"   (PostgreSQL 14 and later)',
        )


def _called(found: survey.Survey) -> str:
    """Return a name that stands for the database on any scratch server, and is short enough."""
    whose = f"{found.source.system_identifier} {found.origin.name}"
    return f"gatepost_copy_{hashlib.sha256(whose.encode()).hexdigest()[:8]}"


def _quoted(value: Any) -> str:
    """Return a text, or a list of texts, as TOML has it."""
    return json.dumps(value, ensure_ascii=False)
