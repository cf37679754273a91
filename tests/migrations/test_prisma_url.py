"""Is Prisma told of the database that libpq was told of?"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from gatepost.dsn import Dsn
from gatepost.errors import UsageError
from gatepost.migrations import prisma_url

LEDGER = "public._prisma_migrations"


def asked(url: str) -> dict[str, str]:
    """The parameters of a URL."""
    return {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}


def test_address_of_a_url_is_kept_whole() -> None:
    given = Dsn("postgresql://po%40ol:s%2Fe%20c@db.example:6543/pool?connect_timeout=3")

    url = prisma_url.of(given, "Pool._prisma_migrations", application_name="gatepost r1 command")

    assert url.startswith("postgresql://po%40ol:s%2Fe%20c@db.example:6543/pool?")
    assert asked(url) == {
        "schema": "Pool",
        "connect_timeout": "3",
        "application_name": "gatepost r1 command",
    }


def test_options_go_along_and_what_is_empty_is_left_out() -> None:
    url = prisma_url.of(Dsn("host=db dbname=pool"), LEDGER, options="-c lock_timeout=300", x="")

    assert asked(url) == {"schema": "public", "options": "-c lock_timeout=300"}
    assert "%20" in url  # a plus would be read as one


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        ("disable", {"sslmode": "disable"}),
        ("require", {"sslmode": "require"}),
        ("verify-full", {"sslmode": "require", "sslaccept": "strict"}),
    ],
)
def test_certificates_are_looked_at_as_strictly(mode: str, told: dict[str, str]) -> None:
    url = prisma_url.of(Dsn(f"host=db dbname=pool sslmode={mode} sslrootcert=/ca.pem"), LEDGER)

    assert asked(url) == {"schema": "public", "sslcert": "/ca.pem", **told}


def test_socket_stands_behind_the_question_mark() -> None:
    url = prisma_url.of(Dsn("host=/run/postgresql port=5433 dbname=pool user=me"), LEDGER)

    assert url.startswith("postgresql://me@localhost:5433/pool?")
    assert asked(url)["host"] == "/run/postgresql"


def test_what_an_address_leaves_to_the_environment_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """To Prisma, an address without a host is one on this machine."""
    monkeypatch.setenv("PGHOST", "db.example")
    monkeypatch.setenv("PGUSER", "pool")

    assert prisma_url.of(Dsn("dbname=pool"), LEDGER).startswith("postgresql://pool@db.example/pool")
    assert prisma_url.of(Dsn("host=db user=me dbname=pool"), LEDGER).startswith(
        "postgresql://me@db/pool?"
    )


def test_service_is_refused() -> None:
    with pytest.raises(UsageError, match="service=prod: Prisma reads no service file"):
        prisma_url.refuse(Dsn("service=prod dbname=pool"))


def test_number_of_a_host_is_told_from_its_port() -> None:
    url = prisma_url.of(Dsn("postgresql://me@[::1]:5433/pool"), LEDGER)

    assert url.startswith("postgresql://me@[::1]:5433/pool?")
