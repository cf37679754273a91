"""What keeps others out of the source while it is copied, and how is that given back exactly?

A database that is set read-only is no fence: whoever is in it writes on, and whoever comes may set
it back.  So roles lose the right to log in, or to connect, sessions are ended, and then it is
looked whether anybody is left.  What was there before each act is on the disk before the act.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import psycopg
from psycopg import sql
from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from gatepost import database, run_file
from gatepost.errors import ToolFailed
from gatepost.sql import question

from ..outcome import NoGo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gatepost import conduct
    from gatepost.database import Connection
    from gatepost.settings import Project

FILE = "fence.json"
PUBLIC = "public"

Kind = Literal["login", "connect"]


@dataclass(frozen=True)
class Act:
    """One right that was taken, and what there was of it before.

    :param kind: to log in to the server, or to connect to the source's database.
    :param role: `public` stands for PUBLIC where it is about connecting.
    :param was: whether the role had it.
    :param grantable: whether it could hand it on.
    """

    kind: Kind
    role: str
    was: bool
    grantable: bool = False


@dataclass(frozen=True)
class Fence:
    """A `fence.json`: which source, and what was taken, in order.

    :param lifted: whether all of it was given back.
    """

    system_identifier: str
    database: str
    acts: tuple[Act, ...] = ()
    lifted: bool = False


_FENCE = TypeAdapter(Fence)
_MAY = "select pg_catalog.has_database_privilege(%s, %s, 'CONNECT')"


def is_declared(declared: conduct.Fence) -> bool:
    """Whether the project allows any act at all."""
    return bool(declared.roles or declared.connect or declared.terminate)


def told(declared: conduct.Fence, name: str) -> str:
    """Return in words which acts are declared."""
    said = [f"role {role} may not log in" for role in declared.roles]
    said += [f"{_spoken(role)} may not connect to {name}" for role in declared.connect]
    said += [f"sessions of others in {name} are ended"] * declared.terminate
    return ", ".join(said)


def demands_quiet(project: Project) -> bool:
    """Whether others must be out of the source: a stop hook says so, or a fence is declared."""
    return bool(project.migrate.stop) or is_declared(project.fence)


def drill(conn: Connection, name: str, declared: conduct.Fence) -> None:
    """Do all of it in a transaction that is rolled back: what is refused is refused now.

    :param conn: to the source, autocommit.
    :param name: its database.
    :raises NoGo: an act is refused, would not keep its role out, or would keep us out.
    """
    try:
        with conn.transaction(force_rollback=True):
            for kind, role in _wanted(declared):
                _take(conn, name, kind, role)
            for fault in _faults(conn, name, declared):
                raise fault
    except psycopg.Error as error:
        raise NoGo(
            f"the fence could not be put up: {error.diag.message_primary}",
            hint="NOLOGIN takes CREATEROLE and the admin option on the role, REVOKE CONNECT the"
            " database's owner",
        ) from None


def put_up(conn: Connection, folder: Path, fence: Fence, declared: conduct.Fence) -> Fence:
    """Take the declared rights, each noted in ``folder`` before it is taken.

    :param conn: to the source, autocommit.
    :param fence: without an act: whose fence it is.
    """
    for kind, role in _wanted(declared):
        act = _now(conn, fence.database, kind, role)
        if act is None:
            raise NoGo(f"the fence could not be put up: there is no role {role} on the source")
        fence = replace(fence, acts=(*fence.acts, act))
        _write(fence, folder)
        _take(conn, fence.database, kind, role)
    return fence


def lift(folder: Path, conn: Connection, *, only: Kind | None = None) -> str:
    """Give back what ``folder`` says was taken, exactly; may be repeated.

    What is as it was already is left alone, and so is a role that is not there any more.

    :param conn: to the source's server, autocommit; any of its databases will do.
    :param only: of one kind; the rest stays taken.
    :return: what was given back, in words.
    :raises ToolFailed: the note cannot be read, or is of another server; or a right is not back.
    """
    fence = read(folder)
    if fence is None or fence.lifted:
        return "no fence is up"
    ((_, here, _),) = database.rows(conn, question("identity"))
    if here != fence.system_identifier:
        raise ToolFailed(
            f"{folder / FILE} is of the server {fence.system_identifier}, and this is {here}",
            hint="give the source that the run had",
        )
    given = [act for act in reversed(fence.acts) if only in (None, act.kind)]
    for act in given:
        _give(conn, fence.database, act)
    if only is None:
        _write(replace(fence, lifted=True), folder)
    return ", ".join(_again(act, fence.database) for act in reversed(given) if act.was) or "nothing"


def give_to(folder: Path, conn: Connection, name: str) -> None:
    """Give a copy that was made behind the fence the rights to connect that the original had.

    May be repeated, and is nothing where no fence was put up.
    """
    fence = read(folder)
    for act in reversed(fence.acts if fence else ()):
        if act.kind == "connect":
            _give(conn, name, act)


def in_doubt(conn: Connection, name: str, declared: conduct.Fence) -> tuple[str, ...]:
    """Return in words what may have been taken, where no note says what there was before.

    :param conn: to the source's server, autocommit; any of its databases will do.
    """
    acts = (_now(conn, name, kind, role) for kind, role in _wanted(declared))
    return tuple(
        _taken(act, name)
        for act in acts
        if act is not None and not act.was and not _gets_in(conn, name, act)
    )


def _gets_in(conn: Connection, name: str, act: Act) -> bool:
    """Whether a role may connect though it was not granted that by its name."""
    if act.kind == "login" or act.role == PUBLIC:
        return False
    return bool(database.value(conn, _MAY, (act.role, name)))


def statements(fence: Fence, only: Kind | None = None) -> tuple[str, ...]:
    """Return the SQL that gives back what was taken, for a person to run."""
    return tuple(
        _restoring(fence.database, act).as_string()
        for act in fence.acts
        if act.was and only in (None, act.kind)
    )


def read(folder: Path) -> Fence | None:
    """Return the fence that a run noted; None where it put up none.

    :raises ToolFailed: there is a note, but it cannot be read.
    """
    try:
        return _FENCE.validate_json((folder / FILE).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise ToolFailed(f"{folder / FILE}: cannot be read: {type(error).__name__}") from None


def is_up(folder: Path) -> bool:
    """Whether a run has noted a fence, and not that all of it was given back.

    :raises ToolFailed: as `read`.
    """
    noted = read(folder)
    return noted is not None and not noted.lifted


def left_up(work: Path, system_identifier: str, name: str) -> Path | None:
    """Return the folder of a run whose fence around this source is still up, though it was no GO.

    After a GO a source stays fenced on purpose.
    """
    for file in sorted(work.glob(f"*/{FILE}")):
        fence = read(file.parent)
        if fence is None or fence.lifted:
            continue
        ended = run_file.read(file.parent)
        of_this = (fence.system_identifier, fence.database) == (system_identifier, name)
        if of_this and (ended is None or ended.word != "GO"):
            return file.parent
    return None


def _wanted(declared: conduct.Fence) -> Iterator[tuple[Kind, str]]:
    for role in declared.roles:
        yield "login", role
    for role in declared.connect:
        yield "connect", role


def _now(conn: Connection, name: str, kind: Kind, role: str) -> Act | None:
    """Return what there is of a right; None where there is no such role."""
    found = database.rows(
        conn, "select rolcanlogin from pg_catalog.pg_roles where rolname = %s", (role,)
    )
    if kind == "login":
        return Act(kind, role, was=found[0][0]) if found else None
    if not found and role != PUBLIC:
        return None
    of = {"name": name, "role": "" if role == PUBLIC else role}
    ((held, grantable),) = database.rows(conn, question("runner_fence_connect"), of)
    return Act(kind, role, was=held, grantable=grantable)


def _take(conn: Connection, name: str, kind: Kind, role: str) -> None:
    if kind == "login":
        conn.execute(sql.SQL("alter role {} nologin").format(sql.Identifier(role)))
        return
    revoke = sql.SQL("revoke connect on database {} from {}")
    conn.execute(revoke.format(sql.Identifier(name), _grantee(role)))
    left = _now(conn, name, kind, role)
    # Whoever may not revoke is told so by a warning, and nothing is revoked.
    if left is not None and left.was:
        raise NoGo(
            f"the fence could not be put up: {_spoken(role)} may still connect to {name}, which we"
            " may not revoke",
            hint="let our role own the database, or be a member of its owner",
        )


def _give(conn: Connection, name: str, act: Act) -> None:
    now = _now(conn, name, act.kind, act.role)
    if now is None or not act.was or (now.was, now.grantable) == (act.was, act.grantable):
        return
    conn.execute(_restoring(name, act))
    if _now(conn, name, act.kind, act.role) != act:
        raise ToolFailed(f"the fence is not lifted: {_taken(act, name)}")


def _restoring(name: str, act: Act) -> sql.Composed:
    if act.kind == "login":
        return sql.SQL("alter role {} login").format(sql.Identifier(act.role))
    grant = sql.SQL("grant connect on database {} to {}{}")
    option = sql.SQL(" with grant option" if act.grantable else "")
    return grant.format(sql.Identifier(name), _grantee(act.role), option)


def _grantee(role: str) -> sql.Composable:
    return sql.SQL("public") if role == PUBLIC else sql.Identifier(role)


def _faults(conn: Connection, name: str, declared: conduct.Fence) -> Iterator[NoGo]:
    """Yield in what the fence, as it stands, would not do what it is for."""
    me = database.value(conn, "select current_user::pg_catalog.text")
    if me in declared.roles:
        yield NoGo(
            f"the fence would keep us out: role {me} is the runner's own",
            hint="give the runner a role of its own on the source",
        )
    if not database.value(conn, _MAY, (me, name)):
        yield NoGo(
            f"the fence would keep us out: role {me} may connect to {name} as everybody may",
            hint=f'grant connect on database "{name}" to "{me}"',
        )
    for role in declared.connect:
        if role != PUBLIC and database.value(conn, _MAY, (role, name)):
            yield NoGo(
                f"the fence would not keep {role} out: it may connect to {name} through PUBLIC,"
                " another role, or as a superuser",
                hint=f'connect = ["{role}", "public"], or roles = ["{role}"]',
            )
    given = {"allowed": list(declared.allow)}
    staying = database.rows(conn, question("runner_fence_unending"), given)
    if declared.terminate and staying:
        roles = ", ".join(role for (role,) in staying)
        yield NoGo(
            f"role {me} may not end the sessions of {roles} in {name}",
            hint=f'grant pg_signal_backend to "{me}"; a superuser\'s only a superuser may end:'
            " allow = […] if it only looks",
        )


def _spoken(role: str) -> str:
    return "PUBLIC" if role == PUBLIC else f"role {role}"


def _again(act: Act, name: str) -> str:
    if act.kind == "login":
        return f"role {act.role} may log in again"
    return f"{_spoken(act.role)} may connect to {name} again"


def _taken(act: Act, name: str) -> str:
    return _again(act, name).replace(" may ", " may not ", 1).removesuffix(" again")


def _write(fence: Fence, folder: Path) -> None:
    """Replace the note, whole or not at all, on the disk when this returns."""
    part = folder / f"{FILE}.part"
    with part.open("wb") as file:
        file.write(_FENCE.dump_json(fence, indent=2) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / FILE)
    holder = os.open(folder, os.O_RDONLY)  # or the new name may not survive a power cut
    try:
        os.fsync(holder)
    finally:
        os.close(holder)
