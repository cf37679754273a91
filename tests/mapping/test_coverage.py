"""Is every field told that no query takes, and none that one does?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.errors import UsageError
from gatepost.mapping import coverage, mapped
from gatepost.mapping.planned import rules

if TYPE_CHECKING:
    from gatepost.told import Told
    from tests.mapping.conftest import Stage, Staging
    from tests.mapping.scene import Scene


def judged(staged: Staging, collection: str) -> Told:
    """Return what is said of a collection."""
    return coverage.judge(mapped.of(staged.before), collection, rules(staged.settings, collection))


def test_what_all_queries_take_is_covered(scene: Scene, staging: Stage) -> None:
    staged = staging(scene)

    for collection in scene.collections:
        told = judged(staged, collection)
        assert (told.findings, told.notes) == ((), ())


def test_field_of_one_record_counts(scene: Scene, staging: Stage) -> None:
    scene.collections["users"][1]["verified"] = None
    scene.collections["users"][1]["oauth"] = {"token": "t"}
    findings = judged(staging(scene), "users").findings

    assert findings[0] == "users.oauth: in 1 of 3 records, and no query takes it"
    assert findings[1] == "users.verified: in 1 of 3 records, and no query takes it"
    assert 'users] waive = { "oauth" = "…" }' in findings[2]


def test_each_field_of_an_opened_list_counts_by_itself(scene: Scene, staging: Stage) -> None:
    scene.collections["projects"][0]["members"][1]["joinedAt"] = "2024-01-01"
    scene.queries["projects"] = scene.queries["projects"].replace(
        "p.settings", "jsonb_build_object('m', p.members, 's', p.settings) as settings"
    )

    assert judged(staging(scene), "projects").findings[0] == (
        "projects.members[].joinedAt: in 1 object, and no query takes it"
    )


def test_who_takes_an_object_whole_takes_all_that_is_in_it(scene: Scene, staging: Stage) -> None:
    scene.collections["projects"][1]["settings"] = {"deep": {"er": [1, {"x": 2}]}}

    assert judged(staging(scene), "projects").findings == ()


def test_text_where_others_have_an_object_is_not_taken_with_what_lies_in_the_object(
    scene: Scene, staging: Stage
) -> None:
    scene.collections["projects"][0]["members"].append("demo-user")
    findings = judged(staging(scene), "projects").findings

    assert findings[0] == (
        "projects.members[]: in 3 objects, in some as string, and queries take only what lies in it"
    )


def test_text_where_others_have_an_object_is_taken_with_the_whole(
    scene: Scene, staging: Stage
) -> None:
    scene.collections["projects"][0]["members"].append("demo-user")
    scene.queries["projects"] = scene.queries["projects"].replace(
        "p.settings", "jsonb_build_object('m', p.members, 's', p.settings) as settings"
    )

    assert judged(staging(scene), "projects").findings == ()


def test_count_and_row_as_a_whole_take_nothing(scene: Scene, staging: Stage) -> None:
    scene.queries["users"] = """
      select i.new as id, (select count(*) from users)::text || 'a' as email, null::int as age,
        null::date as born, length(to_jsonb(u)::text)::text as password_hash
      from users u join ids i on i.collection = 'users' and i.old = u.id"""
    findings = "\n".join(judged(staging(scene), "users").findings)

    assert "users.email" in findings
    assert "users.password" in findings
    assert "users.id" not in findings


@pytest.mark.parametrize(
    "users",
    ["(select * from users)", "(select * from (select * from users) as v where v.id is not null)"],
)
def test_star_in_a_subquery_takes_only_what_comes_of_it(
    scene: Scene, staging: Stage, users: str
) -> None:
    scene.collections["users"][1] |= {"verified": True, "it's": {"a": 1}}
    scene.queries["users"] = f"with u as {users} {scene.queries['users'].replace('users u', 'u')}"
    findings = judged(staging(scene), "users").findings

    assert [one.partition(":")[0] for one in findings[:-1]] == ["users.it's", "users.verified"]


@pytest.mark.parametrize(
    "condition",
    [
        "u.verified not in (select p.name from projects p)",
        "exists (select from projects p where p.name = u.verified)",
        "coalesce(u.verified, '') <> all (array(select p.name from projects p))",
        "u.age in (select max(v.age) from users v group by v.verified)",
    ],
)
def test_field_that_decides_which_rows_come_is_taken(
    scene: Scene, staging: Stage, condition: str
) -> None:
    scene.collections["users"][1]["verified"] = "yes"
    scene.queries["users"] += f" where {condition}"

    assert judged(staging(scene), "users").findings == ()


def test_collection_without_a_query_is_told_once(scene: Scene, staging: Stage) -> None:
    scene.collections["teams"] = [{"id": "t", "name": "n"}, {"id": "u", "name": "m"}]
    (told,) = judged(staging(scene), "teams").findings

    assert told.startswith("teams: 2 records, and no query takes anything of it\n")
    assert 'unmapped = "…"' in told


def test_what_is_waived_is_a_note(scene: Scene, staging: Stage) -> None:
    scene.collections["users"][0] |= {"theme": {"a": 1}, "odd": 1}
    scene.collections["teams"] = [{"id": "t"}]
    scene.source += '[source.collections.teams]\nunmapped = "nobody uses them"\n'
    scene.source = scene.source.replace(
        'ids = "id"\n',
        'ids = "id"\nwaive = {theme = "kept by the browser", odd = "of a test",'
        ' email = "no use", gone = "was there once"}\n',
        1,
    )
    staged = staging(scene)
    users, teams = judged(staged, "users"), judged(staged, "teams")

    assert users.findings == teams.findings == ()
    assert users.notes == (
        "users.theme: waived: kept by the browser",
        "users.odd: waived: of a test",
        "users: waive 'email': is taken all the same, by public.users",
        "users: waive 'gone': no record has it",
    )
    assert teams.notes == ("teams: 1 record unmapped: nobody uses them",)


def test_waiver_of_a_field_is_none_of_a_key_that_reads_as_if_it_lay_in_it(
    scene: Scene, staging: Stage
) -> None:
    scene.collections["users"][0] |= {"login": "x", "login.at": "y"}
    scene.source = scene.source.replace("\n", '\nwaive = {login = "nobody logs in"}\n', 1)

    assert judged(staging(scene), "users").findings[0] == (
        "users.login.at: in 1 of 3 records, and no query takes it"
    )


def test_blank_is_no_reason_to_leave_a_collection_out(scene: Scene, staging: Stage) -> None:
    scene.collections["teams"] = [{"id": "t"}]
    scene.source += '[source.collections.teams]\nunmapped = "  "\n'

    with pytest.raises(UsageError, match=r"teams\.unmapped: String should have at least 3"):
        staging(scene)
