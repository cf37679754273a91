"""Is what takes writing asked where the runner has written, and told as not planned elsewhere?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gatepost import plan
from gatepost.exercised import Exercised
from gatepost.measured import Measured
from gatepost.origin import Source
from gatepost.schema.catalog import Catalog
from gatepost.settings import Project, Settings, Target

if TYPE_CHECKING:
    from pathlib import Path

    from gatepost.plan import Plan

DECLARED: dict[str, Any] = {
    "uploads": [{"path": "/f", "at_least": "1 MB/s", "download": "url", "remove": "/f/{id}"}],
    "deliveries": [{"url": "/ws", "send": "{id}"}],
    "probes": [{"create": "/p", "query": "select %(id)s", "delete": "/p/{id}"}],
    "limits": {"queries": "50 ms"},
}
QUESTIONS = ("upload", "delivery", "probe", "queries")
EMPTY = Catalog((), (), (), ())


def planned(
    folder: Path, project: dict[str, Any], measured: Measured | None = None, app: str = "http://a"
) -> Plan:
    """Return the plan of an app gate."""
    settings = Settings(
        project=Project(**project),
        folder=folder,
        target_name="prod",
        target=Target(url="postgresql://a/b", app=app),
        source=Source(url="postgresql://c/d"),
    )
    return plan.build(settings, "app", EMPTY, EMPTY, measured=measured)


def reasons(found: Plan) -> dict[str, str]:
    """Return why each of our questions was not planned."""
    return {one.question: one.reason for one in found.not_planned if one.question in QUESTIONS}


def test_all_is_asked_where_the_runner_has_used_the_application(tmp_path: Path) -> None:
    measured = Measured("application", 9, 1.0, exercised=Exercised())
    found = planned(tmp_path, DECLARED, measured)

    assert reasons(found) == {}
    subjects = [str(ask.planned.check) for name in QUESTIONS for ask in found.of(name)]
    assert subjects == ["upload /f", "delivery /ws", "probe /p", "queries database"]


@pytest.mark.parametrize("measured", [None, Measured("database", 9, 1.0)], ids=["alone", "unused"])
def test_what_takes_writing_is_not_asked_where_nobody_wrote(
    tmp_path: Path, measured: Measured | None
) -> None:
    found = reasons(planned(tmp_path, DECLARED, measured))

    assert set(found) == {"upload", "delivery", "probe"}
    assert found["probe"] == (
        "nobody wrote through the application: `gatepost migrate` does, and `gatepost measure`"
    )


def test_target_without_an_application_is_told(tmp_path: Path) -> None:
    assert set(reasons(planned(tmp_path, DECLARED, app="")).values()) == {
        "target 'prod' names no app"
    }


def test_what_is_not_declared_is_told(tmp_path: Path) -> None:
    assert reasons(planned(tmp_path, {})) == {
        "upload": "the project declares no [[uploads]]",
        "delivery": "the project declares no [[deliveries]]",
        "probe": "the project declares no [[probes]]",
        "queries": "the project sets no limit: [limits] queries",
    }
