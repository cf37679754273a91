"""Does the gate say that there is no way back, by the names of what was lost?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gatepost import verdict_file
from tests.test_usage import gate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]

# The fault x14 shows the same in one process, on every change.
pytestmark = [pytest.mark.slow, pytest.mark.long]

USERS = [
    {"id": "1700000000001", "name": "Zoë", "password": "$2b$a"},
    {"id": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "name": "Ann", "password": "$2b$b"},
    {"id": "demo", "name": "Demo", "googleId": "107"},
]
TOML = """
[source]
url = "file:data"
[source.collections.users]
ids = "id"
[source.collections.teams]
allow_empty = true
[targets.prod]
url = "${TARGET}"
[export.users]
query = "users.sql"
"""
# As one of the two scripts of the real migration did it: every password became NULL.
LOST = """
create table users (id text primary key, name text, password text, google_id text);
insert into users values ('1700000000001', 'Zoë', null, null),
    ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'Ann', null, null), ('demo', 'Demo', null, '107')
"""
BACK = """
select jsonb_strip_nulls(jsonb_build_object(
    'id', id, 'name', name, 'password', password, 'googleId', google_id)) as doc from users
"""


def test_x14_fields_that_would_not_come_back_are_a_no_by_name(
    database16: Make, tmp_path: Path
) -> None:
    target = database16(LOST)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "users.json").write_text(json.dumps({"users": USERS}))
    (tmp_path / "data" / "teams.json").write_text('{"teams": []}')
    (tmp_path / "data" / "drafts.json").write_text('{"drafts": [{"text": "x"}]}')
    (tmp_path / "gatepost.toml").write_text(TOML)
    (tmp_path / "users.sql").write_text(BACK)
    options = ("--gate=data", "--gatepost-no-report", "-k", "test_export", "-n2")
    places = (f"--project={tmp_path}", f"--gatepost-out={tmp_path / 'out'}")

    done = gate("--target=prod", *places, *options, TARGET=target.raw)

    record = verdict_file.read(tmp_path / "out")
    assert done.returncode == 1, done.stdout + done.stderr
    (finding,) = record.findings
    assert f"{finding.check} {finding.subject}" == "export users"
    assert finding.message.splitlines() == [
        "users: 3 records on both sides, not the same",
        (
            "users: field 'password' lost in 2 of 3 records:"
            " id 1700000000001, a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"
        ),
    ]
    reasons = {one.reason for one in record.not_planned if one.question == "export"}
    assert reasons == {"no query writes them back: drafts, teams: [export.NAME]"}
