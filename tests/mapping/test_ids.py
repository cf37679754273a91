"""Is every id told that is no record's own, that leads nowhere, or that was lost on the way?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from gatepost import project_file
from gatepost.mapping import ends, ids, planned
from gatepost.side import Side
from gatepost.store import Store
from gatepost.verdict import NotPlanned
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn
    from gatepost.told import Told
    from tests.mapping.conftest import Stage, Staging
    from tests.mapping.scene import Scene

UUID = "b7c1b2a6-3d57-4f5b-9a53-6f1f2d3c4e5f"
KEPT = """
create table legacy_ids (kind text, was text, is_now uuid, primary key (kind, was));
"""


def told(staged: Staging, gate: str = "pre", collection: str = "users") -> Told:
    """Return what is said of the ids of a collection."""
    return ids.told(staged.settings, staged.sides, collection, gate)


def with_kept(scene: Scene) -> None:
    """Let the project keep which id became which."""
    scene.migration += KEPT
    scene.queries["legacy_ids"] = "select collection as kind, old as was, new as is_now from ids"


def test_ids_of_three_formats_are_counted(scene: Scene, staging: Stage) -> None:
    found = told(staging(scene))

    assert found.findings == ()
    assert found.notes == ("users: 3 ids: 1 epoch, 1 uuid, 1 word; the rows of public.users",)


def test_ids_that_are_no_records_own_are_told(scene: Scene, staging: Stage) -> None:
    users = scene.collections["users"]
    users[2]["id"] = users[0]["id"]
    users += [
        {"id": None, "email": "d@b.c"},
        {"email": "e@b.c"},
        {"id": UUID.upper(), "email": "f@b.c"},
    ]
    scene.collections["projects"] = []
    scene.source += "allow_empty = true\nfields = ['id', 'name', 'owner', 'budget', 'settings']\n"
    del scene.queries["projects"], scene.queries["project_members"]

    assert told(staging(scene)).findings == (
        "users.id: no id in 2 records: users, records 4, 5",
        "users.id: not one record's alone in 2: users, records 1, 3",
        "users.id: 2 ids become one uuid: users, records 2, 6",
    )


def test_ids_that_a_query_leaves_out_are_told(scene: Scene, staging: Stage) -> None:
    scene.queries["users"] += " where u.password is not null"

    assert told(staging(scene)).findings == (
        "users: the query of public.users yields no row for 1 of 3 ids: users, record 2",
    )


def test_field_whose_values_are_mostly_ids_may_not_point_to_nobody(
    scene: Scene, staging: Stage
) -> None:
    scene.collections["projects"][0]["members"][0]["userId"] = "nobody"
    scene.collections["projects"][1]["members"] = [{"userId": UUID, "role": "viewer"}]

    assert told(staging(scene)).findings == (
        "projects.members[].userId: no id of users in 1 of 3 values: projects, record 1",
    )


def test_field_that_is_looked_up_among_ids_is_told_however_few_of_it_are_there(
    scene: Scene, staging: Stage
) -> None:
    for at, one in enumerate(scene.collections["projects"]):
        one |= {"owner": ("nobody", "")[at], "members": [{"userId": 7, "role": "viewer"}]}

    assert told(staging(scene)).findings == (
        "projects.members[].userId: no id of users in 2 of 2 values: projects, records 1, 2",
        "projects.owner: no id of users in 1 of 1 value: projects, record 1",
    )


def test_one_number_among_texts_makes_no_ids_unseen(scene: Scene, staging: Stage) -> None:
    looked_up = "left join ids as o on o.collection = 'users' and o.old = m.\"userId\""
    scene.queries["project_members"] = scene.queries["project_members"].replace(
        looked_up, f"{looked_up} || ''"
    )
    scene.collections["projects"][0]["members"].append({"userId": 7, "role": "viewer"})

    assert told(staging(scene)).findings == (
        "projects.members[].userId: no id of users in 1 of 3 values: projects, record 1",
    )


def test_text_that_is_read_as_json_is_no_id(scene: Scene, staging: Stage) -> None:
    scene.source += 'json = ["settings"]\n'
    for one in scene.collections["projects"]:
        one["settings"] = "demo-user"

    assert told(staging(scene)).findings == ()


def test_every_id_has_its_row_and_is_kept(scene: Scene, staging: Stage) -> None:
    with_kept(scene)
    staged = staging(scene, "select 1")

    for collection in ("users", "projects"):
        found = told(staged, "data", collection)
        assert found.findings == ()
        assert found.notes == (f"{collection}: old ids are kept in public.legacy_ids",)


def test_old_ids_are_found_though_most_ids_stayed(scene: Scene, staging: Stage) -> None:
    with_kept(scene)
    first = scene.collections["projects"][0]
    more = [{**first, "id": str(uuid.UUID(int=at)), "members": []} for at in range(1, 9)]
    scene.collections["projects"] += more

    assert told(staging(scene, "select 1"), "data").notes == (
        "users: old ids are kept in public.legacy_ids",
    )


def test_ids_that_all_stayed_are_kept_too(scene: Scene, staging: Stage) -> None:
    with_kept(scene)
    for at, one in enumerate(scene.collections["users"]):
        one["id"] = str(uuid.UUID(int=at))
    for one in scene.collections["projects"]:
        one |= {"owner": str(uuid.UUID(int=1)), "members": []}
    scene.source += "fields = ['members[].userId', 'members[].role']\n"
    lost = "update legacy_ids set is_now = gen_random_uuid() where was like '%-000000000001'"

    found = told(staging(scene, lost), "data")
    assert found.findings == ("users: 1 pair of old and new id not in public.legacy_ids",)
    assert found.notes == ("users: old ids are kept in public.legacy_ids",)


def test_id_without_its_row_or_its_pair_is_told(scene: Scene, staging: Stage) -> None:
    with_kept(scene)
    lost = """
      set session_replication_role = replica;
      delete from users where email = 'c@b.c';
      update legacy_ids set is_now = gen_random_uuid() where was = '1767225600000';
    """

    assert told(staging(scene, lost), "data").findings == (
        "users: no row of public.users for 1 of 3 ids: users, record 3",
        "users: 1 pair of old and new id not in public.legacy_ids",
    )


def test_nobody_keeps_the_old_ids_is_a_note(scene: Scene, staging: Stage) -> None:
    assert told(staging(scene, "select 1"), "data").notes == ("users: no table keeps the old ids",)


@pytest.mark.parametrize(
    ("child", "parent", "word"),
    [
        ("text", "uuid", "public.posts.author: is text, and public.users.id, to which it points"),
        ("varchar(25)", "text", ""),
        ("int", "bigint", ""),
        ("uuid", "uuid", ""),
    ],
)
def test_ends_of_a_declared_reference_are_of_one_type(
    scene: Scene, database16: Callable[..., Dsn], child: str, parent: str, word: str
) -> None:
    dsn = database16()
    run(dsn, f"create table users (id {parent} primary key); create table posts (author {child})")
    scene.toml = '[[references]]\nchild = "public.posts.author"\nparent = "public.users.id"\n'
    side = Side("before", dsn, Store(scene.folder / "facts", alone=True))
    scene.write(dsn.raw)
    findings = ends.told(project_file.load(scene.folder, "prod"), side).findings
    side.close()

    assert [word in one for one in findings] == [True] * bool(word)


def test_collections_of_which_nobody_can_tell_what_arrives_are_named(
    scene: Scene, staging: Stage
) -> None:
    """What a query drops lacks on both sides alike: only ids or a way back would show it."""
    scene.source = '[source.collections.users]\nids = "id"\n'

    def said() -> list[str]:
        staged = staging(scene)
        catalog = staged.before.catalog
        asked = planned.ids(staged.settings, list(scene.collections), catalog, catalog)
        return [one.reason for one in asked if isinstance(one, NotPlanned)]

    assert said() == [
        (
            "whether each record arrives, nothing tells of projects:"
            " [source.collections.NAME] ids, or [export.NAME]"
        )
    ]
    scene.toml = '[export.projects]\nquery = "sql/projects.sql"\n'
    assert said() == []
