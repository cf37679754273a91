"""Do legacy ids become UUIDs by rule, whatever they are made of?"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gatepost import database
from gatepost.staging import identities, stage
from tests.staging.project import Project, asked

if TYPE_CHECKING:
    from pathlib import Path

    from gatepost import embedded

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
# What COPY writes in another way than it is.
AWKWARD = ["a\tb", "a\nb\r", "\\", "\\N", "\\t", "\b\f\v", "", " ", "é", "{}", "0" * 400]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, TEXTS)
def test_new_id_is_the_one_of_the_standard_library(project: str, old: str) -> None:
    space = identities.space_of(project, "users")

    assert uuid.UUID(identities.new(space.bytes, old.encode())) == uuid.uuid5(space, old)


def test_ids_are_kept_as_they_are_with_the_uuids_of_their_texts(
    tmp_path: Path, server16: embedded.Server
) -> None:
    kept = str(uuid.uuid4())
    ids: list[Any] = [*AWKWARD, kept, kept.upper(), 17, None, True]
    project = Project(tmp_path, server16.dsn("prod"))
    records = [{"id": one, "age": 1, "name": ""} for one in ids]
    chosen = replace(project, collections={"users": records}).write()
    space = identities.space_of("studio", "users")

    staged = stage.into(chosen, server16.dsn())

    with asked(staged.dsn) as conn:
        found = dict(database.rows(conn, "select old, new from staged.ids"))
    stage.drop(staged)
    assert found == {
        **{one: uuid.uuid5(space, one) for one in (*AWKWARD, "17")},
        kept: uuid.UUID(kept),
        kept.upper(): uuid.UUID(kept),
    }
