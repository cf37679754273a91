"""Are files compared by their keys, and is no value of theirs told?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gatepost import plan
from gatepost.environments import keys
from gatepost.environments.planned import Keys
from gatepost.origin import Source
from gatepost.schema.catalog import Catalog
from gatepost.settings import Project, Settings, Target

if TYPE_CHECKING:
    from pathlib import Path

    from gatepost.settings import Gate
    from gatepost.told import Told

EMPTY = Catalog((), (), (), ())
FILES = {"staging": ".env.staging", "prod": ".env.production"}


def settings(folder: Path, target: str = "prod", **declared: Any) -> Settings:
    environment = {"files": FILES} | declared if declared is not None else None
    return Settings(
        project=Project(environment=environment),
        folder=folder,
        target_name=target,
        target=Target(url="postgresql://h/pool"),
        source=Source(url="postgresql://h/pool"),
    )


def told(folder: Path, staging: str, production: str, **declared: Any) -> Told:
    """Return what is said of the production file."""
    (folder / ".env.staging").write_text(staging)
    (folder / ".env.production").write_text(production)
    return keys.told(settings(folder, **declared), Keys("prod"))


def test_files_with_the_same_keys_are_well(tmp_path: Path) -> None:
    found = told(tmp_path, "A=1\nB=2\n", "B=3\nA=4\n")

    assert found.findings == ()
    assert found.facts == ["A", "B"]


def test_key_that_another_file_has_is_named_and_the_one_that_was_meant(tmp_path: Path) -> None:
    found = told(tmp_path, "SENTRY_DSN=secret\nA=1\n", "SENTY_DSN=secret\nA=2\n")

    assert found.findings == (
        (
            ".env.production: SENTRY_DSN is not there, and is in .env.staging\n"
            "  hint: did you mean 'SENTY_DSN'?"
        ),
    )


def test_key_of_this_file_alone_is_said_where_it_lacks(tmp_path: Path) -> None:
    assert told(tmp_path, "A=1\n", "A=1\nB=2\n").findings == ()


def test_empty_key_and_broken_line_are_named(tmp_path: Path) -> None:
    found = told(tmp_path, "A=1\nB=2", "A=1\nB=\nsecret\n")

    assert found.findings == (
        ".env.production: B is empty",
        ".env.production: line 3: is no KEY=value",
    )


def test_optional_key_may_lack_or_be_empty(tmp_path: Path) -> None:
    assert told(tmp_path, "A=1\nB=2\nC=3", "A=1\nC=", optional=["B", "C"]).findings == ()


def test_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    found = keys.told(settings(tmp_path), Keys("prod"))

    assert found.findings == (".env.production: cannot be read: No such file or directory",)


def test_file_is_called_by_its_name_wherever_it_lies(tmp_path: Path) -> None:
    files = {target: f"{tmp_path}/{file}" for target, file in FILES.items()}
    found = told(tmp_path, "A=1\nB=2\n", "A=1\n", files=files)

    assert found.findings == (".env.production: B is not there, and is in .env.staging",)


def planned(chosen: Settings, gate: Gate = "pre", **facts: Any) -> tuple[list[str], list[str]]:
    found = plan.build(chosen, gate, EMPTY, EMPTY, **facts)
    asked = [ask.planned.check.subject for ask in found.of("environment")]
    return asked, [one.reason for one in found.not_planned if one.question == "environment"]


@pytest.mark.parametrize("gate", ["pre", "app"])
def test_files_and_addresses_are_asked_about_before_and_after(tmp_path: Path, gate: Gate) -> None:
    chosen = settings(tmp_path, url="DATABASE_URL", direct="DIRECT_URL")

    assert planned(chosen, gate) == (
        ["staging", "prod", "DATABASE_URL", "DIRECT_URL"],
        [],
    )


def test_address_that_cannot_lead_anywhere_yet_is_not_asked_about(tmp_path: Path) -> None:
    chosen = settings(tmp_path, url="DATABASE_URL")
    files = ["staging", "prod"]
    rehearsal = chosen.model_copy(update={"rehearsal": True})
    stand_in = "a rehearsal writes to a database that stands in for the target"
    not_there = "the target's database does not exist yet"

    assert planned(chosen, target_exists=False) == (files, [not_there])
    assert planned(rehearsal) == (files, [stand_in])
    assert planned(settings(tmp_path)) == (
        files,
        ["[environment] names no key of an address: url"],
    )
    assert planned(settings(tmp_path, "dev", url="DATABASE_URL")) == (
        files,
        ["[environment] names no file of target 'dev'"],
    )
