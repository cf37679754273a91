"""Is a credential missed wherever it was lost?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.mapping import credentials

if TYPE_CHECKING:
    from tests.mapping.conftest import Stage
    from tests.mapping.scene import Scene


def found(scene: Scene, staging: Stage, after: str) -> tuple[str, ...]:
    """Return what is said of the passwords."""
    staged = staging(scene, after)
    return credentials.told(staged.settings, staged.sides, "users", "password").findings


def test_credentials_that_arrived_are_left_to_rows(scene: Scene, staging: Stage) -> None:
    staged = staging(scene, "select 1")
    told = credentials.told(staged.settings, staged.sides, "users", "password")

    assert told.findings == ()
    assert told.notes == (
        "users.password: that no value became another is asked by rows public.users",
    )
    assert told.facts == {"before": 2, "after": {"public.users.password_hash": 2}}


def test_credential_lost_on_the_way_is_missed(scene: Scene, staging: Stage) -> None:
    lost = "update users set password_hash = null where email = 'c@b.c'"

    assert found(scene, staging, lost) == (
        "users.password: 2 values before, 1 after in public.users.password_hash",
    )


@pytest.mark.parametrize(
    "written",
    [
        "null::text",
        pytest.param("case when u.password is not null then 'x1' end", marks=pytest.mark.long),
    ],
)
def test_credential_that_no_query_carries_on_is_missed(
    scene: Scene, staging: Stage, written: str
) -> None:
    scene.queries["users"] = scene.queries["users"].replace("u.password as", f"{written} as")

    assert found(scene, staging, "select 1") == (
        "users.password: 2 values before, and no query carries one of them on",
    )


def test_credential_that_a_query_leaves_behind_names_its_record(
    scene: Scene, staging: Stage
) -> None:
    scene.queries["users"] = scene.queries["users"].replace(
        "u.password as", "case when u.age is not null then u.password end as"
    )

    assert found(scene, staging, "select 1") == (
        (
            "users.password: 1 of 2 values not carried on to public.users.password_hash:"
            " users, record 3"
        ),
        "users.password: 2 values before, 1 after in public.users.password_hash",
    )
