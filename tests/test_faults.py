"""Was every check seen to fail, on the very damage that it is for, and on nothing else?

Each file of tests/faults is planted on a pair of its own, and the gate is asked as a user asks it.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from gatepost.plan import QUESTIONS
from gatepost.verdict import EXIT
from tests import faults
from tests.conftest import roles_dropped
from tests.faults.scene import Pair, Scene, migrated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gatepost.embedded import Server
    from gatepost.settings import Gate
    from tests.faults import Fault
    from tests.faults.scene import Ended

pytestmark = pytest.mark.slow

ALL = faults.all_faults()
BROKEN = [fault for fault in ALL if fault.word != "GO"]
HEALTHY = [fault for fault in ALL if fault.word == "GO"]
# The failures of three real migrations that a gate is to see, by their ids.  Those left out are
# about the runner, or about documents that contradict one another.
PROMISED = {f"F{number}" for number in range(1, 28)} - {"F7", "F12", "F13", "F14", "F15"}
PROMISED |= {f"P{number}" for number in (1, 3, 4, 6, 8, 9, 10, 11, 12, 13, 15)}
PROMISED |= {f"X{number}" for number in (*range(1, 12), 14, 15, 16, 17)}
# What tests/mapping shows as well, without a server of its own to stage on for every gate.
LONG = {"x8_query_that_fails", "x9_records_left_out", "x17_wrong_top_key"}
# What tests/promotion and tests/environments show as well.
LONG |= {"go_of_staging_made_by_hand", "environment_of_an_old_password"}
# What tests/additions shows as well.
LONG |= {"dropped_column_not_declared"}
# What tests/linting shows as well, without a gate for each.
LONG |= {
    "p1_rows_deleted_by_a_migration",
    "p3_index_that_cannot_be_built",
    "p10_two_indexes_concurrently",
}
# What tests/schema, tests/test_privileges and tests/test_settings_check show as well, kind by kind.
LONG |= {
    "collation_changed",
    "column_grant_lost",
    "connection_limit_lower",
    "constraint_not_validated",
    "database_grant_lost",
    "database_timezone_changed",
    "default_privilege_lost",
    "exclusion_lost",
    "extension_of_another_schema",
    "extension_without_a_member",
    "float_narrowed",
    "function_open_to_all",
    "grant_too_many",
    "grant_without_option",
    "identity_becomes_plain",
    "integer_widened",
    "locale_changed",
    "membership_lost",
    "numeric_narrowed",
    "p12_index_under_a_constraints_name",
    "partition_lost",
    "partition_with_another_bound",
    "role_missing",
    "role_passes_row_security",
    "role_setting_lost",
    "row_security_on",
    "schema_closed",
    "schema_missing",
    "search_path_lost",
    "small_print_of_the_schema",
    "timestamp_with_another_type",
    "unlogged_table",
    "view_of_another_condition",
}
# What pytest ends with when the gate cannot begin.
USAGE = 4


@pytest.fixture(scope="session")
def pair(server16: Server, server18: Server, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """A healthy migration, from which every fault takes its clones."""
    return migrated(server16, server18, tmp_path_factory.mktemp("faults"))


@pytest.fixture
def scene(pair: Pair, tmp_path: Path) -> Iterator[Scene]:
    """A pair to be damaged."""
    with contextlib.ExitStack() as held:
        for server in pair.servers.values():
            held.enter_context(roles_dropped(server))
        yield Scene(pair, tmp_path, held)


@pytest.mark.parametrize(
    "fault",
    [pytest.param(one, marks=pytest.mark.long if one.name in LONG else ()) for one in BROKEN],
    ids=lambda fault: fault.name,
)
def test_fault_is_found_and_named_and_nothing_else_is(scene: Scene, fault: Fault) -> None:
    scene.plant(fault)
    assert_said(scene.ask(fault.gate), fault)


@pytest.mark.parametrize("trap", HEALTHY, ids=lambda trap: trap.name)
def test_what_only_looks_wrong_is_left_alone(scene: Scene, trap: Fault) -> None:
    scene.plant(trap)
    assert_said(scene.ask(trap.gate), trap)


@pytest.mark.parametrize("gate", ["pre", "data", "app"])
def test_healthy_migration_is_a_go_with_nothing_left_out(scene: Scene, gate: Gate) -> None:
    ended = scene.ask(gate)

    assert ended.record is not None, ended.text
    assert (ended.record.verdict, ended.status) == ("GO", 0), ended.text
    assert not ended.record.findings
    assert not ended.record.not_asked
    assert ended.record.counts.not_applicable == (gate == "data"), "it has no sequence"


@pytest.mark.parametrize(
    "name",
    [
        "f11_more_orphans_than_inherited",
        pytest.param("f5_price_null_becomes_zero", marks=pytest.mark.long),
    ],
)
def test_two_workers_find_what_one_process_finds(scene: Scene, name: str) -> None:
    (fault,) = (one for one in ALL if one.name == name)
    scene.plant(fault)
    alone, together = (
        scene.ask(fault.gate, *options).record for options in ((), ("-p", "xdist", "-n2"))
    )

    assert alone is not None
    assert together is not None
    assert alone.verdict == together.verdict == "NO-GO"
    assert alone.counts == together.counts
    assert [(one.check, one.subject, one.message) for one in alone.findings] == [
        (one.check, one.subject, one.message) for one in together.findings
    ]


def test_every_question_was_seen_to_fail() -> None:
    named = {question for fault in BROKEN for question, _ in (*fault.finds, *fault.refuses)}

    assert named == set(QUESTIONS)


def test_every_fault_has_a_name_of_its_own() -> None:
    assert [name for name, times in Counter(one.name for one in ALL).items() if times > 1] == []


def test_every_promised_failure_has_its_fault() -> None:
    ids = {fault.title.partition(":")[0] for fault in ALL}

    assert ids == PROMISED | {"own"}
    assert len(BROKEN) >= 45
    assert len(HEALTHY) >= 15


def test_what_only_looks_wrong_lies_in_its_own_folder() -> None:
    apart = {file.stem for file in faults.HEALTHY.glob("[a-z]*.*")}

    assert apart == {trap.name for trap in HEALTHY}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("-- F0: a\n-- gate: data\n-- find: rows public.t\n-- on after\n", "'find: rows public.t'"),
        ("-- F0: a\n-- gate: later\n-- on after\n", "'later' is no gate"),
        ("-- F0: a\n-- gate: data\n-- on  after\ndrop table t;\n", "no section"),
    ],
    ids=["unknown key", "unknown gate", "no section"],
)
def test_fault_that_cannot_be_read_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "fault.sql"
    file.write_text(text)

    with pytest.raises(ValueError, match=complaint):
        faults.load(file)


def assert_said(ended: Ended, fault: Fault) -> None:
    """Assert the verdict of a fault, its findings to the last one, and what they say."""
    record = ended.record
    if fault.word == "none":
        assert record is None
        assert ended.status == USAGE, ended.text
        assert_contained(fault.says, ended.text)
        return
    assert record is not None, ended.text
    found = {(one.check, one.subject): one.message for one in record.findings}
    assert set(found) == fault.finds, ended.text
    assert (record.verdict, ended.status) == (fault.word, EXIT[fault.word]), ended.text
    assert {(one.check, one.subject) for one in record.not_asked} == fault.unasked, ended.text
    assert not record.problems
    said = (
        *found.values(),
        *(one.reason for one in record.not_asked),
        *(one.note for one in record.notes),
    )
    assert_contained(fault.says, "\n".join(said))


def assert_contained(pieces: tuple[str, ...], text: str) -> None:
    for piece in pieces:
        assert piece in text, f"not said: {piece}\n{text}"
