"""Is it noticed when the application would come to another database than the one verified?"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from gatepost import database, tunnel
from gatepost.dsn import Dsn
from gatepost.embedded import Server
from gatepost.environments import environment
from gatepost.environments.planned import Address
from gatepost.origin import Source
from gatepost.settings import Project, Settings, Target
from gatepost.side import Side
from gatepost.store import Store
from tests.conftest import run
from tests.environments.pooler import pooled
from tests.standby import standby
from tests.tunnels import behind, calls, stand_in_on_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.told import Told

PASSWORD = "pa$$#word"
FILES = {"staging": ".env.staging", "prod": ".env.production"}
URL = Address("DATABASE_URL")
DIRECT = Address("DIRECT_URL", direct=True)


@dataclass
class Pool:
    """A database, its application's role, and the project around it."""

    server: Server
    dsn: Dsn
    folder: Path
    declared: dict[str, Any] = field(default_factory=dict)

    def url(self, query: str = "", **changed: str) -> str:
        given = {"user": "pool_app", "password": PASSWORD, "dbname": self.dsn.dbname}
        given |= {"port": str(self.server.port)} | changed
        user, password = (quote(given[key], safe="") for key in ("user", "password"))
        who = f"{user}:{password}" if password else user
        return f"postgresql://{who}@127.0.0.1:{given['port']}/{given['dbname']}{query}"

    def write(self, text: str, file: str = ".env.production") -> None:
        (self.folder / file).write_text(text)

    def told(self, url: str = "", asked: Address = URL) -> Told:
        if url:
            self.write(f'{asked.key}="{url}"\n')
        settings = Settings(
            project=Project(environment={"files": FILES, **self.declared}),
            folder=self.folder,
            target_name="prod",
            target=Target(url=self.dsn.raw),
            source=Source(url=self.dsn.raw),
        )
        with contextlib.closing(Side("after", self.dsn, Store(self.folder, alone=True))) as after:
            found = environment.told(settings, asked, after)
        assert not {PASSWORD, quote(PASSWORD, safe="")} & set(str(found).split())
        assert PASSWORD not in str(found)
        return found


@pytest.fixture(scope="module")
def application(server16: Server) -> Iterator[Server]:
    run(server16.dsn(), f"create role pool_app login password '{PASSWORD}'")
    yield server16
    run(server16.dsn(), "drop role pool_app")


@pytest.fixture
def pool(application: Server, database16: Callable[..., Dsn], tmp_path: Path) -> Pool:
    return Pool(application, database16(), tmp_path)


def test_address_that_leads_to_the_verified_database_is_well(pool: Pool) -> None:
    pool.declared = {"user": "pool_app"}
    found = pool.told(pool.url("?schema=public&connection_limit=20&pool_timeout=30"))

    assert (found.findings, found.notes) == ((), ())
    assert found.facts == {
        "the same server": True,
        "the same database": True,
        "through a pooler": False,
    }


def test_time_zone_of_the_application_makes_no_other_server(pool: Pool) -> None:
    for setting in ("timezone = 'Europe/Vienna'", "datestyle = 'German'"):
        run(pool.dsn, f"alter role pool_app in database {pool.dsn.dbname} set {setting}")

    assert pool.told(pool.url()).findings == ()


def test_role_that_nobody_named_is_noted(pool: Pool) -> None:
    own = {"user": "postgres", "password": pool.server.password}
    (note,) = pool.told(pool.url()).notes

    assert note == (
        ".env.production: DATABASE_URL logs in as another role than we, and [environment] user"
        " names none"
    )
    assert pool.told(pool.url(**own)).notes == ()


def test_application_leaves_no_setting_and_no_session_behind(pool: Pool) -> None:
    pool.told(pool.url())

    conn = database.maintenance(pool.dsn)
    with contextlib.closing(conn):
        query = "select count(*) from pg_catalog.pg_stat_activity where usename = 'pool_app'"
        conn.execute("select pg_catalog.pg_sleep(0.1)")
        assert database.value(conn, query) == 0


def test_address_made_of_other_keys_is_put_together(pool: Pool) -> None:
    url = pool.url().replace("127.0.0.1", "${DB_HOST}")
    pool.write(f"DB_HOST=127.0.0.1\nDATABASE_URL={url}\n")

    assert pool.told().findings == ()


def test_another_database_of_the_server_is_named_by_what_was_verified(
    pool: Pool, database16: Callable[..., Dsn]
) -> None:
    other = database16().dbname
    (finding,) = pool.told(pool.url(dbname=other)).findings

    assert finding == (
        ".env.production: DATABASE_URL reaches another database of the server: what was verified"
        f" is {pool.dsn.dbname} at 127.0.0.1:{pool.server.port}"
    )
    assert other not in finding.split()


def test_another_server_is_named_by_its_identifier(pool: Pool, server18: Server) -> None:
    url = pool.url(port=str(server18.port), user="postgres", password=server18.password)
    (finding,) = pool.told(url.replace(pool.dsn.dbname, "postgres")).findings

    assert finding.startswith(".env.production: DATABASE_URL reaches another server, of system ")
    assert str(server18.port) not in finding


@pytest.mark.parametrize(
    ("changed", "hint"),
    [
        ({"password": "secret"}, "the password is read from"),
        ({"dbname": "secret"}, "is the name spelled as the server spells it"),
        ({"port": "9"}, "is the server up, and may this machine reach that port?"),
    ],
    ids=["password", "database", "port"],
)
def test_address_that_reaches_nothing_is_told_without_it(
    pool: Pool, changed: dict[str, str], hint: str
) -> None:
    (finding,) = pool.told(pool.url(**changed)).findings

    assert finding.startswith(f".env.production: DATABASE_URL reaches no database\n  hint: {hint}")
    assert not {"secret", "pool_app", "127.0.0.1"} & set(finding.split())


def test_time_that_is_no_number_reaches_nothing(pool: Pool) -> None:
    (finding,) = pool.told(pool.url("?connect_timeout=soon")).findings

    assert finding.startswith(".env.production: DATABASE_URL reaches no database\n  hint: ")


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("", "is not there, or empty"),
        ("DATABASE_URL=", "is not there, or empty"),
        ("DATABASE_URL=secret", "is no address of a PostgreSQL database"),
        ("DATABASE_URL=${SECRET}", "cannot be read: DATABASE_URL refers to SECRET, which is not"),
    ],
)
def test_key_that_holds_no_address_is_told(pool: Pool, text: str, finding: str) -> None:
    pool.write(text)

    (told,) = pool.told().findings
    assert told.startswith(f".env.production: DATABASE_URL {finding}")
    assert "secret" not in told


def test_file_that_is_not_there_is_told(pool: Pool) -> None:
    (finding,) = pool.told().findings

    assert finding == (
        ".env.production: DATABASE_URL is not known: the file cannot be read:"
        " No such file or directory"
    )


def test_another_role_than_the_declared_is_told(pool: Pool) -> None:
    pool.declared = {"user": "pool_web"}
    (finding,) = pool.told(pool.url()).findings

    assert finding.endswith(
        "DATABASE_URL logs in as another role than pool_web, which [environment] user names"
    )
    assert "pool_app" not in finding


def test_password_that_only_this_machine_knows_is_told(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    (finding,) = pool.told(pool.url(password="")).findings

    assert finding.endswith("DATABASE_URL holds no password, and the server wants one")


def test_schema_that_is_not_there_is_told(pool: Pool) -> None:
    (finding,) = pool.told(pool.url("?schema=secret")).findings

    assert finding.endswith("DATABASE_URL names a schema that the database does not have")


def test_pooler_is_noted_and_refused_where_it_is_to_be_passed(pool: Pool) -> None:
    pool.declared = {"user": "pool_app"}
    with pooled(pool.server.port) as port:
        url = pool.url(port=str(port))
        noted, refused = pool.told(url), pool.told(url, DIRECT)

    assert noted.findings == ()
    assert noted.notes == (".env.production: DATABASE_URL goes through a pooler",)
    (finding,) = refused.findings
    assert finding.startswith(".env.production: DIRECT_URL goes through a pooler, where no lock")


def test_other_environment_that_leads_to_the_same_database_is_named(pool: Pool) -> None:
    pool.write(f"DATABASE_URL='{pool.url('?connection_limit=1')}'", ".env.staging")
    (finding,) = pool.told(pool.url()).findings

    assert finding.endswith("DATABASE_URL leads where that of .env.staging leads")


def test_other_environment_that_leads_elsewhere_or_nowhere_is_left_alone(pool: Pool) -> None:
    pool.write(f"DATABASE_URL='{pool.url(dbname='pool_staging')}'", ".env.staging")
    assert pool.told(pool.url()).findings == ()

    pool.write("DATABASE_URL=", ".env.staging")
    assert pool.told(pool.url()).findings == ()


def test_local_file_that_is_read_in_its_place_is_named(pool: Pool) -> None:
    pool.write("OTHER=1", ".env.production.local")
    assert pool.told(pool.url()).findings == ()

    pool.write("DATABASE_URL=secret", ".env.production.local")
    (finding,) = pool.told(pool.url()).findings
    assert finding.endswith("is in .env.production.local too, which programs read in its place")


def test_file_that_some_programs_read_first_is_noted(pool: Pool) -> None:
    pool.declared = {"user": "pool_app"}
    pool.write("DATABASE_URL=secret", ".env.local")

    found = pool.told(pool.url())
    assert found.findings == ()
    assert found.notes == (
        ".env.production: DATABASE_URL is in .env.local too, which Next.js reads in its place",
    )


@pytest.mark.long
def test_standby_and_what_became_of_it_are_not_the_verified_database(pool: Pool) -> None:
    with standby(pool.server) as copy:
        url = pool.url(port=str(copy.port))
        (finding,) = pool.told(url).findings
        assert "DATABASE_URL reaches a standby, to which nothing can be written" in finding

        run(copy.dsn(), "select pg_catalog.pg_promote()")
        (finding,) = pool.told(url).findings
        assert "DATABASE_URL reaches a copy of the server, file by file" in finding


def test_address_is_gone_to_from_the_machine_through_which_the_target_is_reached(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the file calls its host is what that machine calls it."""
    stand_in_on_path(pool.folder, monkeypatch)
    pool.dsn = behind(pool.dsn)
    with tunnel.opened((pool.dsn,)):
        assert pool.told(pool.url().replace("127.0.0.1", "localhost")).findings == ()

    assert len(calls(pool.folder)) == 2
