"""Is what applications write into an address understood, and never quoted?"""

from __future__ import annotations

import pytest

from gatepost.environments import address
from gatepost.errors import UsageError

PLACE = {"host": "db", "port": "5432", "dbname": "pool", "user": "app", "password": "p@ss"}
URL = "postgresql://app:p%40ss@db:5432/pool"


@pytest.mark.parametrize(
    "text",
    [
        URL,
        URL.replace("postgresql", "postgres"),
        URL.replace("postgresql", "postgresql+psycopg"),
        f"{URL}?schema=public&connection_limit=20&pool_timeout=30",
        f"{URL}?pgbouncer=true&connect_timeout=0&sslcert=../ca.pem&sslaccept=strict",
    ],
)
def test_address_of_an_application_is_read_as_libpq_would(text: str) -> None:
    assert address.read(text).dsn.parameters == PLACE


def test_what_libpq_knows_stays() -> None:
    read = address.read(f"{URL}?sslmode=require&connect_timeout=3")

    assert read.dsn.parameters == PLACE | {"sslmode": "require", "connect_timeout": "3"}


def test_schema_of_the_client_is_known() -> None:
    assert address.read(f"{URL}?schema=pools&pgbouncer=true").schema == "pools"


def test_machine_through_which_the_target_is_reached_is_gone_through_too() -> None:
    assert address.read(f"{URL}?schema=public", ssh="me@bastion").dsn.ssh == "me@bastion"


@pytest.mark.parametrize(
    "text", ["secret", "mysql://app:secret@db/pool", "postgresql://a:secret%zz@db/pool"]
)
def test_what_is_no_address_is_refused_and_not_quoted(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        address.read(text)

    assert "secret" not in str(refused.value)
