"""Do FluxStudio's migrations and queries keep all that its files hold?

Staged, loaded and asked back on one server, without a runner and without a gate.
"""

from __future__ import annotations

import contextlib
import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from psycopg import sql

from examples.fluxstudio.generate import COLLECTIONS, generate
from examples.fluxstudio.stage import MIGRATIONS
from gatepost import database, names, project_file
from gatepost.migrations import apply, files, proof
from gatepost.staging import stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server
    from gatepost.settings import Settings

    Make = Callable[..., Dsn]

HERE = Path(__file__).resolve().parents[1] / "examples" / "fluxstudio"
FILLED = (
    "users", "organizations", "organization_members", "teams", "team_members", "projects",
    "project_members", "project_milestones", "files", "conversations", "conversation_participants",
    "messages", "message_reactions", "legacy_ids",
)  # fmt: skip
MOMENT = "2025-09-14T10:11:12.345Z"
# As the real files were: three users, two projects, and of all else nothing.
REAL: dict[str, list[dict[str, Any]]] = {
    "users": [
        {"id": "1757844672345", "email": "a@x.example", "name": "Kent", "userType": "client",
         "createdAt": MOMENT, "password": "$2a$10$" + "a" * 53},
        {"id": "5c1c1b1e-3a4d-4c59-9d0e-0e1f2a3b4c5d", "email": "A@x.example", "name": "Kent",
         "userType": "designer", "createdAt": MOMENT, "password": "$2a$10$" + "b" * 53},
        {"id": "demo-client-1", "email": "c@x.example", "name": "Demo", "userType": "client",
         "createdAt": MOMENT, "googleId": "117"},
    ],
    "projects": [
        {"id": f"00000000-0000-4000-8000-00000000000{n}", "name": "&amp;lt;b&amp;gt;x",
         "description": "", "teamId": None, "status": "planning", "priority": "medium",
         "startDate": MOMENT, "dueDate": None, "progress": n,
         "createdBy": "5c1c1b1e-3a4d-4c59-9d0e-0e1f2a3b4c5d", "createdAt": MOMENT,
         "updatedAt": MOMENT,
         "members": [{"userId": "5c1c1b1e-3a4d-4c59-9d0e-0e1f2a3b4c5d", "role": "owner",
                      "joinedAt": MOMENT}],
         "tasks": [], "milestones": [], "files": [], "channelMetadata": None}
        for n in (1, 2)
    ],
    "files": [], "messages": [], "channels": [], "teams": [],
}  # fmt: skip


def settings_of(data: Path) -> Settings:
    """The example's settings, for these files."""
    variables = ("URL", "APP", "LIVE", "PUBLIC", "BACKUPS", "STOP", "START", "STATUS", "FILLED")
    environ = {f"FLUXSTUDIO_{name}": "" for name in variables}
    environ["FLUXSTUDIO_URL"] = "postgresql://nobody@nowhere/fluxstudio"
    environ["FLUXSTUDIO_DATA"] = str(data)
    return project_file.load(HERE, "prod", environ=environ)


class Loaded:
    """Files in a staging database, and what the queries yield of them in another one."""

    def __init__(self, data: Path, staged: Dsn, target: Dsn) -> None:
        self.data = data
        self.staged = staged
        self.target = target

    def ask(self, query: str, *, staged: bool = False) -> list[tuple[Any, ...]]:
        dsn = self.staged if staged else self.target
        with contextlib.closing(database.maintenance(dsn, label="test")) as conn:
            conn.execute("set search_path = public")
            return database.rows(conn, sql.SQL(query))

    def written(self, name: str) -> dict[str, Any]:
        records = json.loads((self.data / f"{name}.json").read_text(encoding="utf-8"))[name]
        return {one["id"]: one for one in records}

    def exported(self, name: str) -> dict[str, Any]:
        query = (HERE / "sql" / "back" / f"{name}.sql").read_text(encoding="utf-8")
        return {one["id"]: one for (one,) in self.ask(query)}


def load(data: Path, server: Server, target: Dsn) -> Loaded:
    settings = settings_of(data)
    staged = stage.into(settings, server.dsn(), migrate=functools.partial(stage.build, settings))
    apply.up(target, MIGRATIONS)
    with (
        contextlib.closing(database.maintenance(staged.dsn, label="test")) as out,
        contextlib.closing(database.maintenance(target, label="test")) as into,
    ):
        for name in FILLED:
            table = names.relation(f"public.{name}")
            columns = sql.SQL(", ").join(map(sql.Identifier, columns_of(into, name)))
            query = sql.SQL("copy (select {} from {}) to stdout").format(
                columns, stage.view_of(table).identifier
            )
            copy = sql.SQL("copy {} ({}) from stdin").format(table.identifier, columns)
            with out.cursor().copy(query) as read, into.cursor().copy(copy) as write:
                for block in read:
                    write.write(block)
    return Loaded(data, staged.dsn, target)


def columns_of(conn: database.Connection, name: str) -> list[str]:
    found = conn.execute(
        "select attname from pg_catalog.pg_attribute where attrelid = %s::pg_catalog.regclass"
        " and attnum > 0 order by attnum",
        [f"public.{name}"],
    )
    return [column for (column,) in found]


@contextlib.contextmanager
def loaded(data: Path, server: Server, name: str) -> Iterator[Loaded]:
    """Stage files and load them into a database of that name; both are gone afterwards."""
    with contextlib.closing(database.maintenance(server.dsn(), label="test")) as conn:
        made = [name]
        conn.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))
        try:
            found = load(data, server, server.dsn(name))
            made.append(found.staged.dbname)
            yield found
        finally:
            for one in made:
                drop = sql.SQL("drop database {} with (force)")
                conn.execute(drop.format(sql.Identifier(one)))


@pytest.fixture(scope="module")
def studio(server18: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """A whole studio, loaded once."""
    data = tmp_path_factory.mktemp("studio")
    generate(data)
    with loaded(data, server18, "fluxstudio_mapping") as found:
        yield found


@pytest.fixture(scope="module")
def real(server18: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """The few records that there were, loaded once."""
    data = tmp_path_factory.mktemp("real")
    for name, records in REAL.items():
        (data / f"{name}.json").write_text(json.dumps({name: records}), encoding="utf-8")
    with loaded(data, server18, "fluxstudio_real") as found:
        yield found


def test_migrations_make_21_tables_and_the_map_of_ids(studio: Loaded) -> None:
    (counts,) = studio.ask(
        "select (select count(*) from pg_tables where schemaname = 'public'),"
        " (select count(*) from pg_trigger where not tgisinternal),"
        " (select count(*) from pg_constraint where contype = 'f'),"
        " (select count(*) from pg_constraint where contype = 'c'"
        "   and connamespace = 'public'::regnamespace)"
    )

    # With the map of ids and the ledger, whose one check is on its checksums.
    assert counts == (23, 12, 46, 19)


@pytest.mark.long
def test_every_migration_can_be_taken_back(database16: Make) -> None:
    proved = proof.there_and_back(database16(), MIGRATIONS)

    assert proved.findings == ()
    assert len(proved.proved) == len(files.read(MIGRATIONS)) == 5


@pytest.mark.parametrize("name", FILLED)
def test_query_yields_every_column_of_its_table(studio: Loaded, name: str) -> None:
    """A default that nobody wrote out would be another one in every rehearsal."""
    (missing,) = studio.ask(
        "select array(select attname::text from pg_attribute where attnum > 0"
        f" and attrelid = 'public.{name}'::regclass except select attname::text from pg_attribute"
        f""" where attnum > 0 and attrelid = 'mapped."public.{name}"'::regclass)""",
        staged=True,
    )

    assert missing == ([],)


@pytest.mark.parametrize("name", COLLECTIONS)
def test_what_was_loaded_gives_the_same_documents_back(studio: Loaded, name: str) -> None:
    assert studio.exported(name) == studio.written(name)


@pytest.mark.parametrize("name", COLLECTIONS)
def test_files_as_the_real_ones_were_come_back_too(real: Loaded, name: str) -> None:
    assert real.exported(name) == {one["id"]: one for one in REAL[name]}


def test_people_of_one_name_have_an_organisation_each(studio: Loaded) -> None:
    (counts,) = studio.ask(
        "select count(*), count(distinct name), count(distinct created_by) from organizations"
    )

    assert counts == (30, 15, 30)


def test_nothing_is_made_up_of_people(studio: Loaded) -> None:
    (counts,) = studio.ask(
        "select count(password_hash), count(oauth_id), count(*) filter (where email_verified),"
        " count(last_login), count(*) filter (where updated_at <> created_at) from users"
    )

    assert counts == (20, 10, 0, 0, 0)


def test_time_of_day_is_kept_beside_the_date(studio: Loaded) -> None:
    found = studio.ask("select start_date::text, metadata ->> 'startDate' from projects")

    assert all(moment.startswith(f"{day}T") for day, moment in found)
    assert {moment for _, moment in found} == {
        one["startDate"] for one in studio.written("projects").values()
    }


def test_every_record_is_found_by_its_old_id(studio: Loaded) -> None:
    found = studio.ask(
        "select collection, count(*), count(distinct new_id) from legacy_ids group by 1"
    )

    assert {name: (old, new) for name, old, new in found} == {
        name: (len(studio.written(name)),) * 2 for name in COLLECTIONS
    }


def test_second_staging_gives_the_same_ids(studio: Loaded, server16: Server) -> None:
    digest = "select md5(string_agg(t::text, ',' order by t::text)) from {} as t"
    with loaded(studio.data, server16, "fluxstudio_again") as again:
        for name in FILLED:
            assert again.ask(digest.format(name)) == studio.ask(digest.format(name)), name
