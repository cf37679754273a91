"""Does a source become a database whole, or not at all?"""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
import uuid
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from psycopg import sql

from gatepost import database
from gatepost.errors import GatepostError, SourceFault, UsageError
from gatepost.staging import registry, stage
from tests.staging.project import ANN, BOB, QUERY, TOML, Project, asked, opened, staging_databases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost import embedded
    from gatepost.dsn import Dsn
    from gatepost.staging.progress import Progress
    from gatepost.staging.stage import Staged


@pytest.fixture
def project(tmp_path: Path, server18: embedded.Server) -> Project:
    """A project whose target nobody needs to reach."""
    return Project(tmp_path, server18.dsn("prod"))


@pytest.fixture
def server(server16: embedded.Server) -> Iterator[Dsn]:
    """A server to stage on, on which nothing stays."""
    yield server16.dsn()
    for name in staging_databases(server16.dsn()):
        with opened(server16.dsn()) as conn:
            conn.execute(sql.SQL("drop database {}").format(sql.Identifier(name)))


def values(staged: Staged, query: str) -> list[tuple[Any, ...]]:
    with asked(staged.dsn) as conn:
        return database.rows(conn, query.encode())  # type: ignore[arg-type]  # of the test


def test_source_is_staged_with_its_census_its_files_and_the_mapped_views(
    project: Project, server: Dsn
) -> None:
    settings = project.write()
    file = project.folder / "data" / "users.json"

    staged = stage.into(settings, server)

    (one,) = staged.collections
    content = file.read_bytes()
    assert (one.name, one.file, one.records) == ("users", "data/users.json", 2)
    assert (one.bytes, one.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert values(staged, "select * from gatepost.files") == [
        ("users", "data/users.json", len(content), one.sha256, 2)
    ]
    assert values(staged, "select path, present, nulls, kinds from gatepost.fields") == [
        ("age", 2, 0, ["number"]),
        ("id", 2, 0, ["string"]),
        ("name", 2, 1, ["null", "string"]),
    ]
    assert values(staged, "select * from staged.users order by record") == [
        (1, "5", ANN, "Ann"),
        (2, "7", BOB, None),
    ]
    assert values(staged, 'select name, age from mapped."public.users" order by age') == [
        ("Ann", 5),
        (None, 7),
    ]


def test_legacy_ids_become_the_same_uuids_in_every_rehearsal_and_uuids_stay(
    project: Project, server: Dsn
) -> None:
    kept = "0C9C3F26-2A4B-4C55-9D5C-5F2B3C1E7A10"
    ids: list[Any] = [ANN, BOB, kept, 17, BOB]
    records = [{"id": one, "age": 1, "name": ""} for one in ids]
    settings = replace(project, collections={"users": records}).write()
    query = "select collection, old, new from staged.ids order by old"

    first, second = (values(stage.into(settings, server), query) for _ in range(2))

    assert first == second
    assert [old for _, old, _ in first] == sorted({str(one) for one in ids})
    by_old = {old: new for _, old, new in first}
    assert by_old[kept] == uuid.UUID(kept)
    assert {by_old[one].version for one in (ANN, BOB, "17")} == {5}


def test_progress_is_told_with_a_rate_and_an_estimate(project: Project, server: Dsn) -> None:
    told: list[Progress] = []
    records = [{"id": str(one), "age": one, "name": "x" * 500} for one in range(20_000)]
    settings = replace(project, collections={"users": records}).write()

    stage.into(settings, server, told.append)

    size = (project.folder / "data" / "users.json").stat().st_size
    assert told
    assert all(one.collection == "users" and one.bytes_in_all == size for one in told)
    assert [one.records for one in told] == sorted(one.records for one in told)
    assert told[-1].records_per_second > 0
    assert told[-1].seconds_left is not None


def test_source_is_read_and_never_written(project: Project, server: Dsn) -> None:
    settings = project.write()
    file = project.folder / "data" / "users.json"
    before = file.read_bytes(), file.stat().st_mtime_ns, sorted(file.parent.iterdir())

    stage.into(settings, server)

    assert (file.read_bytes(), file.stat().st_mtime_ns, sorted(file.parent.iterdir())) == before


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("select 1\nfrom nobody;", r"sql/users.sql, line 2: relation \"nobody\" does not exist"),
        (
            "select id,\n  nmae from users",
            r"sql/users.sql, line 2: column \"nmae\" does not exist",
        ),
        ("select 1 as a; drop schema staged cascade", "sql/users.sql, line 1: syntax error"),
        ("delete from users", "sql/users.sql, line 1: syntax error"),
    ],
)
def test_query_that_the_server_refuses_is_told_by_file_and_line_and_nothing_is_left(
    query: str, error: str, project: Project, server: Dsn
) -> None:
    settings = project.write()
    (project.folder / "sql" / "users.sql").write_text(query)

    with pytest.raises(UsageError, match=error):
        stage.into(settings, server)

    assert staging_databases(server) == []


def test_misspelt_collection_is_told_with_the_one_that_was_meant(
    project: Project, server: Dsn
) -> None:
    settings = project.write()
    (project.folder / "sql" / "users.sql").write_text(QUERY.replace("users as u", "usrs as u"))

    with pytest.raises(UsageError, match="did you mean 'users'"):
        stage.into(settings, server)


@pytest.mark.parametrize("damage", ['{"users": [{"id": "1"}, {"id": ', '{"people": []}', ""])
def test_damaged_file_leaves_nothing_behind(damage: str, project: Project, server: Dsn) -> None:
    settings = project.write()
    (project.folder / "data" / "users.json").write_text(damage)

    with pytest.raises(GatepostError, match=r"users\.json"):
        stage.into(settings, server)

    assert staging_databases(server) == []


def test_what_jsonb_will_not_take_is_told_by_file_and_record(project: Project, server: Dsn) -> None:
    settings = project.write()
    (project.folder / "data" / "users.json").write_text(
        '{"users": [{"id": "1"}, {"id": 1e999999}]}'
    )

    with pytest.raises(SourceFault, match=r"users\.json.*record 2"):
        stage.into(settings, server)

    assert staging_databases(server) == []


def test_failing_migration_leaves_nothing_behind(project: Project, server: Dsn) -> None:
    settings = project.write()

    def migrate(_: Dsn) -> None:
        raise UsageError("it will not do")

    with pytest.raises(UsageError, match="it will not do"):
        stage.into(settings, server, migrate=migrate)

    assert staging_databases(server) == []


def test_empty_collection_has_the_columns_that_are_declared_for_it(
    project: Project, server: Dsn
) -> None:
    toml = TOML.replace(
        "[migrate]",
        "[source.collections.files]\nallow_empty = true\n"
        'ids = "id"\nfields = ["originalName", "parts[].size"]\njson = ["tags"]\n[migrate]',
    )
    settings = replace(
        project, toml=toml, collections=Project(project.folder, server).collections | {"files": []}
    ).write()

    staged = stage.into(settings, server)

    query = "select column_name, data_type from information_schema.columns where table_name = {}"
    assert values(staged, query.format("'files' and table_schema = 'staged'")) == [
        ("record", "bigint"),
        ("id", "text"),
        ("originalName", "text"),
        ("parts", "jsonb"),
        ("tags", "jsonb"),
    ]
    assert values(staged, 'select parent, position, size from staged."files.parts"') == []


@pytest.mark.parametrize("key", ["ids", "credentials"])
def test_declared_field_that_no_record_has_is_refused(
    key: str, project: Project, server: Dsn
) -> None:
    given = '"nmae"' if key == "ids" else '["nmae"]'
    toml = TOML.replace('ids = "id"', f"{key} = {given}")
    settings = replace(project, toml=toml).write()

    with pytest.raises(UsageError, match=rf"users\] {key}: no record has 'nmae'\n.*'name'"):
        stage.into(settings, server)


def test_id_within_an_object_is_refused(project: Project, server: Dsn) -> None:
    toml = TOML.replace('ids = "id"', 'ids = "meta.id"')
    settings = replace(project, toml=toml, collections={"users": [{"meta": {"id": "1"}}]}).write()

    with pytest.raises(UsageError, match=r"users\] ids: 'meta\.id' lies within"):
        stage.into(settings, server)


def test_collection_called_as_what_lies_in_another_is_refused(
    project: Project, server: Dsn
) -> None:
    users = {**project.collections, "users.pets": [{"name": "Rex"}]}
    users["users"] = [{**users["users"][0], "pets": [{"name": "Tom"}]}]
    settings = replace(project, collections=users).write()

    with pytest.raises(UsageError, match=r"'users\.pets': .* is the view of"):
        stage.into(settings, server)


def test_collection_called_as_the_table_of_ids_is_refused(project: Project, server: Dsn) -> None:
    settings = replace(project, collections={"users": [{"id": "1"}], "ids": [{}]}).write()

    with pytest.raises(UsageError, match=r"collection 'ids': staged\.ids is the table"):
        stage.into(settings, server)


KILLED = """
import sys, time
from pathlib import Path
from gatepost import project_file
from gatepost.dsn import Dsn
from gatepost.staging import registry, stage
settings = project_file.load(Path(sys.argv[1]), "prod")
def stop(_):
    print("under way", flush=True)
    time.sleep(60)
stage.into(settings, Dsn(sys.stdin.readline().strip()), migrate=stop)
"""


@pytest.mark.slow
def test_staging_that_was_killed_is_taken_for_nothing_and_swept_by_the_next(
    project: Project, server: Dsn
) -> None:
    settings = project.write()
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(project.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(f"{server.url}\n")
    child.stdin.flush()
    assert child.stdout.readline() == "under way\n"
    child.send_signal(signal.SIGKILL)
    child.communicate()
    (half,) = staging_databases(server)

    with asked(server.of(half)) as conn:
        assert registry.staged(conn) == ()
    _until_left_alone(server, half)
    staged = stage.into(settings, server)

    assert staging_databases(server) == [staged.dsn.dbname]


def _until_left_alone(server: Dsn, name: str) -> None:
    query = "select count(*) from pg_catalog.pg_stat_activity where datname = %s"
    for _ in range(100):
        with asked(server) as conn:
            if not database.value(conn, query, [name]):
                return
            conn.execute("select pg_catalog.pg_sleep(0.05)")
    pytest.fail(f"somebody is still in {name}")


def test_server_of_ours_is_of_the_targets_version_and_its_address_holds_no_secret(
    project: Project,
) -> None:
    with stage.server(project.write()) as there:
        with asked(there) as conn:
            assert conn.info.server_version // 10_000 == 18
        passfile = Path(there.parameters["passfile"])
        secret = passfile.read_text().strip().rpartition(":")[2]
        assert passfile.stat().st_mode & 0o777 == 0o600
        assert secret not in there.raw

    assert not passfile.exists()


def test_scratch_server_that_is_the_targets_is_refused(
    project: Project, server18: embedded.Server
) -> None:
    toml = TOML.replace("[source]", f'[source]\nscratch = "{server18.url()}"')
    settings = replace(project, toml=toml).write()

    with pytest.raises(UsageError, match="scratch is the target's server"), stage.server(settings):
        pass


def test_scratch_server_too_old_to_ask_is_refused(
    project: Project, server15: embedded.Server
) -> None:
    toml = TOML.replace("[source]", f'[source]\nscratch = "{server15.url()}"')
    settings = replace(project, toml=toml).write()

    with pytest.raises(UsageError, match="scratch is PostgreSQL 15"), stage.server(settings):
        pass
