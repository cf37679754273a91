"""Is what an application accepts looked for in the database, and every false yes seen?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from gatepost import exercised
from gatepost.exercises import Probe
from gatepost.settings import Limits
from gatepost.writing import Writer
from runner.exercise import probing
from tests.conftest import run
from tests.exercise.application import SCHEMA, Projects
from tests.serving import serving

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn
    from gatepost.exercised import Probed

BY_NAME = """
select name, status, members from projects
where name = (select name from projects where id = %(id)s)
"""


def declared(**given: Any) -> Probe:
    """Return a probe of projects."""
    known: dict[str, Any] = {
        "create": "/api/projects",
        "body": '{"name": "gatepost {id}", "status": "planning", "members": 3}',
        "id": "project.id",
        "query": "select name, status, members from projects where id = %(id)s",
        "expect": {"name": "gatepost {id}", "status": "planning", "members": 3},
        "delete": "/api/projects/{project.id}",
        "within": "1 s",
    }
    return Probe(**(known | given))


def probed(projects: Projects, probe: Probe, live: Dsn | None = None) -> Probed:
    """Return what came of a probe of a real application."""
    with serving(projects.application) as base, Writer(base, Limits(timeout=5), {}) as writer:
        return probing.probe(writer, probe, live or projects.dsn)


def rows(dsn: Dsn) -> int:
    """Return how many projects there are."""
    with psycopg.connect(dsn.raw) as conn:
        (found,) = conn.execute("select count(*) from projects").fetchone() or (0,)
    return int(found)


@pytest.mark.parametrize("fault", ["", "late"])
def test_row_that_is_saved_is_found_as_written_and_removed(
    database16: Callable[..., Dsn], fault: str
) -> None:
    dsn, probe = database16(SCHEMA), declared()
    found = probed(Projects(dsn, fault), probe)

    assert exercised.probe_findings(found, probe) == ()
    assert found.arrived_s is not None
    assert (found.arrived_s > 0.1) == (fault == "late")
    assert rows(dsn) == 0


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("nothing", "accepted, but not in the verified database within 200 ms: not saved, or"),
        ("twice", "accepted once, and 2 rows in the database"),
        ("null", "members was written, and is null in the database"),
        ("kept", "still in the database after it was removed"),
        ("says no", "status 200 (not today, None)"),
        ("no id", "accepted, but the answer holds nothing at 'project.id'"),
    ],
)
def test_false_yes_is_said(database16: Callable[..., Dsn], fault: str, said: str) -> None:
    query = BY_NAME if fault == "twice" else declared().query
    probe = declared(within="200 ms", query=query)
    findings = exercised.probe_findings(probed(Projects(database16(SCHEMA), fault), probe), probe)

    assert said in findings[0]
    assert findings[0].startswith("POST /api/projects: ")


def test_values_in_the_wrong_columns_are_named_without_them(
    database16: Callable[..., Dsn],
) -> None:
    probe = declared()
    found = probed(Projects(database16(SCHEMA), "swapped"), probe)

    assert exercised.probe_findings(found, probe) == (
        "POST /api/projects: name is not in the database as it was written",
        "POST /api/projects: status is not in the database as it was written",
    )


def test_application_that_saves_elsewhere_is_found(database16: Callable[..., Dsn]) -> None:
    elsewhere, verified = database16(SCHEMA), database16(SCHEMA)
    found = probed(Projects(elsewhere), declared(within="100 ms"), verified)

    assert "not in the verified database" in found.problems[0]
    assert rows(elsewhere) == 0, "it is removed from where it was saved"


def test_column_renamed_under_the_application_is_said(database16: Callable[..., Dsn]) -> None:
    dsn = database16(SCHEMA)
    run(dsn, "alter table projects rename column status to state")
    found = probed(Projects(dsn), declared())

    (problem,) = found.problems
    assert 'status 500 (failed: column "status" of relation "projects" does not' in problem


def test_column_that_only_the_query_still_has_is_said(database16: Callable[..., Dsn]) -> None:
    dsn = database16(SCHEMA)
    query = "select name, state from projects where id = %(id)s"
    found = probed(Projects(dsn), declared(query=query))

    assert found.problems == ('accepted, but not to be looked for: column "state" does not exist',)
    assert rows(dsn) == 0
