"""Does nothing but a whole, recent and unaltered GO of the same release let it come here?"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import gatepost
from gatepost import plan, project_file, run_file, verdict_file
from gatepost.errors import UsageError
from gatepost.origin import Source
from gatepost.promotion import judging, kept
from gatepost.promotion.declared import Promote
from gatepost.promotion.files import here, recorded
from gatepost.promotion.judging import Wanted
from gatepost.schema.catalog import Catalog
from gatepost.settings import Gate, Project, Settings, Target
from gatepost.verdict import NotPlanned, Outcome, SideInfo
from tests.verdicts import LABEL, RUNS, left

if TYPE_CHECKING:
    from gatepost.told import Told

NOW = dt.datetime(2026, 8, 1, 12, tzinfo=dt.UTC)
PROD = SideInfo("db2:5432", "pool", "16.10", "7302")
EMPTY = Catalog((), (), (), ())
PROMOTE = Promote(origin="staging")
TARGETS = ("staging", "prod")


@dataclass
class Release:
    """A project with two migrations, and what its staging left behind."""

    folder: Path

    def settings(self, target: str = "prod", **changed: Any) -> Settings:
        declared = {"from": "staging"} | changed.pop("promote", {})
        project = Project(
            name="pools",
            promote=declared,
            migrate={"migrations": "prisma/migrations", "fill": "prisma"},
            targets={"staging": {"url": "postgresql://a/b"}},
        )
        return Settings(
            project=project,
            folder=self.folder,
            target_name=target,
            target=Target(url="postgresql://h/pool"),
            source=Source(url="postgresql://h/pool"),
            **changed,
        )

    def migration(self, name: str, text: str) -> Path:
        file = self.folder / "prisma" / "migrations" / name / "migration.sql"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, newline="")
        return file

    def gate(self, gate: Gate, outcome: Outcome = "yes", **changed: Any) -> Path:
        given = {
            "finished": NOW - dt.timedelta(days=1),
            "migrations": recorded(self.settings()),
        } | changed
        return left(self.folder, "pools", "staging", gate, outcome, **given)

    def file(self, gate: Gate, label: str = LABEL) -> Path:
        return self.folder / RUNS / label / gate / verdict_file.FILE

    def told(self, *, app: bool = True, phase: str = "", declared: Promote = PROMOTE) -> Told:
        wanted = Wanted(
            origin="staging",
            place="gatepost-runs",
            app=app,
            version=gatepost.__version__,
            phase=phase,
            migrations=here(self.settings()),
            database=PROD,
            now=NOW,
        )
        return judging.told(kept.of(self.folder / RUNS, "pools", "staging"), wanted, declared)


@pytest.fixture
def release(tmp_path: Path) -> Release:
    made = Release(tmp_path)
    made.migration("20250816213427_init", "create table pools ();\n")
    made.migration("20250829_optimize_indexes", "create index on pools (season);\n")
    return made


@pytest.fixture
def gone_well(release: Release) -> Release:
    for gate in GATES:
        release.gate(gate)
    return release


GATES: tuple[Gate, ...] = ("pre", "data", "app")


def test_release_that_went_well_may_come(gone_well: Release) -> None:
    told = gone_well.told()

    assert told.findings == ()
    (note,) = told.notes
    assert note == (
        "staging: run 20260801T090000-aaaa: GO 24 h 00 min ago (pre, data, app), 2 migrations"
    )


def test_without_any_verdict_it_may_not(release: Release) -> None:
    (finding,) = release.told().findings

    assert finding == (
        "staging: no run has a verdict of its data gate in gatepost-runs\n"
        "  hint: gatepost migrate --target=staging --execute"
    )


def test_rehearsal_proves_nothing(release: Release) -> None:
    for gate in GATES:
        release.gate(gate, rehearsal=True)

    (finding,) = release.told().findings
    assert "; 3 verdicts of rehearsals, which prove nothing here" in finding


@pytest.mark.parametrize("changed", [{"project": "shop"}, {"target": "dev"}], ids=str)
def test_verdict_of_something_else_proves_nothing(
    release: Release, changed: dict[str, Any]
) -> None:
    release.gate("data", **changed)

    (finding,) = release.told().findings
    assert finding.startswith("staging: no run has a verdict")


def test_pre_gate_alone_proves_nothing(release: Release) -> None:
    release.gate("pre")

    (finding,) = release.told().findings
    assert finding.startswith("staging: no run has a verdict of its data gate")


def test_gate_of_the_application_is_needed_where_there_is_one(release: Release) -> None:
    release.gate("data")

    assert release.told(app=False).findings == ()
    (finding,) = release.told().findings
    assert finding.endswith("its app gate was not asked")


def test_gate_of_a_clone_is_none_of_staging_itself(release: Release) -> None:
    release.gate("pre")
    folder = release.gate("data").parent
    folder.rename(folder.with_name(run_file.TRIAL))

    (finding,) = release.told(app=False).findings

    assert finding == f"staging: run {LABEL}: its data gate was not asked"


def test_both_gates_asked_at_once_stand_for_both(release: Release) -> None:
    release.gate("post")

    assert release.told().findings == ()


@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize("outcome", ["no", "not-asked"])
def test_one_gate_that_was_no_go_is_enough(
    gone_well: Release, gate: Gate, outcome: Outcome
) -> None:
    gone_well.gate(gate, outcome)

    (finding,) = gone_well.told().findings
    word = "NO-GO: 1 of 1" if outcome == "no" else "INCOMPLETE: 1 of 1"
    assert f"its {gate} gate was no GO: {word}" in finding


def test_later_run_that_did_not_go_well_counts(gone_well: Release) -> None:
    later = NOW - dt.timedelta(hours=1)
    gone_well.gate("data", "no", label="20260801T110000-bbbb", finished=later)

    findings = gone_well.told().findings
    assert findings[0] == (
        "staging: run 20260801T110000-bbbb: its data gate was no GO:"
        " NO-GO: 1 of 1 checks did not pass"
    )


def test_later_run_that_went_well_makes_up_for_an_earlier(release: Release) -> None:
    release.gate("data", "no", finished=NOW - dt.timedelta(days=2))
    for gate in GATES:
        release.gate(gate, label="20260801T110000-bbbb", finished=NOW - dt.timedelta(hours=1))

    assert release.told().findings == ()


def test_run_that_was_rolled_back_proves_nothing(gone_well: Release) -> None:
    run = {
        "schema_version": 1,
        "word": "NO-GO",
        "exit_status": 20,
        "meaning": "rolled back, and the rollback verified",
        "label": LABEL,
        "project": "pools",
        "target": "staging",
        "started": NOW.isoformat(),
        "finished": NOW.isoformat(),
        "duration_s": 48.2,
    }
    (gone_well.file("app").parent.parent / "run.json").write_text(json.dumps(run))

    (finding,) = gone_well.told().findings
    assert finding.endswith("it ended NO-GO: rolled back, and the rollback verified")


@pytest.mark.parametrize("word", ["ROLLED BACK", "ROLLBACK FAILED", "REFUSED"])
def test_release_that_was_taken_back_after_its_go_proves_nothing(
    gone_well: Release, word: str
) -> None:
    """By hand, or by `watch`; one that was refused has changed nothing."""
    run = gone_well.file("app").parent.parent
    (run / run_file.ROLLBACK).write_text(json.dumps({"word": word}))

    found = [one.partition("aaaa: ")[2] for one in gone_well.told().findings]
    expected = [f"it was taken back after its GO: {word}"]
    assert found == (expected if word != run_file.REFUSED else [])


@pytest.mark.parametrize("said", ["{", "[]", "{}"])
def test_rollback_that_cannot_be_read_is_named(gone_well: Release, said: str) -> None:
    (gone_well.file("app").parent.parent / run_file.ROLLBACK).write_text(said)

    assert "no rollback that can be read" in gone_well.told().findings[0]


def test_altered_verdict_is_named(gone_well: Release) -> None:
    file = gone_well.file("data")
    document = json.loads(file.read_text())
    document["migrations"][0]["name"] = "20250816213427_first"
    file.write_text(json.dumps(document))

    findings = gone_well.told().findings
    assert findings[0].endswith("the verdict of its data gate was changed since it was written")


def test_verdict_made_a_go_by_hand_is_named(release: Release) -> None:
    release.gate("data", "no")
    file = release.file("data")
    document = json.loads(file.read_text())
    document |= {"verdict": "GO", "exit_status": 0}
    file.write_text(json.dumps(document))

    findings = release.told(app=False).findings
    assert any("says GO beside findings" in one for one in findings)
    assert any("was changed since it was written" in one for one in findings)


def test_verdict_laid_out_otherwise_is_the_same(gone_well: Release) -> None:
    file = gone_well.file("data")
    file.write_text(json.dumps(json.loads(file.read_text())))

    assert gone_well.told().findings == ()


def test_verdict_without_a_seal_is_named(gone_well: Release) -> None:
    file = gone_well.file("app")
    document = json.loads(file.read_text())
    del document["seal"]
    file.write_text(json.dumps(document))

    (finding,) = gone_well.told().findings
    assert finding.endswith("the verdict of its app gate bears no seal: it is an older one's")


def test_verdict_that_cannot_be_read_is_named(gone_well: Release) -> None:
    gone_well.file("data").write_text('{"verdict": "GO", ')

    findings = gone_well.told().findings
    assert "no verdict that can be read" in findings[0]


def test_go_that_is_too_old_is_named_with_both_ages(release: Release) -> None:
    release.gate("post", finished=NOW - dt.timedelta(days=9))

    (finding,) = release.told().findings
    assert finding.endswith("it ended 9 days ago, and may be 7 days old")
    assert release.told(declared=Promote(origin="staging", max_age="10 days")).findings == ()


def test_go_of_tomorrow_is_named(release: Release) -> None:
    release.gate("post", finished=NOW + dt.timedelta(days=1))

    (finding,) = release.told().findings
    assert finding.endswith("it ends 24 h 00 min from now: a clock is wrong")


def test_go_of_another_gatepost_is_named(release: Release) -> None:
    release.gate("post", versions={"gatepost": "0.0.1"})

    (finding,) = release.told().findings
    assert finding.endswith(f"it was judged by gatepost 0.0.1, and this is {gatepost.__version__}")


def test_go_of_the_very_database_is_no_other(release: Release) -> None:
    release.gate("post", after=PROD)

    (finding,) = release.told().findings
    assert finding.endswith("it was of this very database, pool at db2:5432")


def test_migrations_that_are_not_the_same_are_named(gone_well: Release) -> None:
    gone_well.migration("20250829_optimize_indexes", "create index on pools (active);\n")
    gone_well.migration("20250901_drop_old", "drop table old;\n")
    gone_well.migration("20250816213427_init", "").unlink()

    told = [one.partition("aaaa: ")[2] for one in gone_well.told().findings]
    assert len(told) == 3
    assert told[0].startswith("20250829_optimize_indexes is another file: sha256 ")
    assert told[1] == "20250901_drop_old is a migration here, and was none there"
    assert told[2] == "20250816213427_init was a migration there, and is none here"


def test_migration_that_was_another_in_one_gate_is_named(gone_well: Release) -> None:
    gone_well.migration("20250829_optimize_indexes", "create index on pools (active);\n")
    gone_well.gate("app")

    (finding,) = gone_well.told().findings
    assert "20250829_optimize_indexes is another file: sha256 " in finding


def test_line_ends_make_no_other_migration(gone_well: Release) -> None:
    gone_well.migration("20250816213427_init", "create table pools ();\r\n")

    assert gone_well.told().findings == ()


def test_phase_stands_for_itself_alone(release: Release) -> None:
    for day, phase in enumerate(("contract", "expand"), 1):
        ended = NOW - dt.timedelta(days=day)
        release.gate("post", phase=phase, label=phase, finished=ended)

    assert release.told(phase="expand").findings == ()
    assert release.told(phase="contract").findings == ()
    (finding,) = release.told(phase="migrate").findings
    assert finding.startswith("staging: no run of phase migrate has a verdict")


def test_later_phase_that_did_not_go_well_counts(release: Release) -> None:
    release.gate("post", phase="expand", label="expand", finished=NOW - dt.timedelta(days=2))
    release.gate("post", "no", phase="contract", label="contract")

    (finding,) = release.told(phase="expand").findings
    assert finding.startswith("staging: run contract: its post gate was no GO")


def planned(settings: Settings) -> tuple[list[str], list[NotPlanned]]:
    found = plan.build(settings, "pre", EMPTY, EMPTY)
    subjects = [str(ask.planned.check) for ask in found.of("promote")]
    return subjects, [one for one in found.not_planned if one.question == "promote"]


def test_production_is_asked_about_staging(release: Release) -> None:
    assert planned(release.settings()) == (["promote staging"], [])


@pytest.mark.parametrize(
    ("target", "changed", "reason"),
    [
        ("staging", {}, "'staging' is where the release goes first"),
        ("dev", {"promote": {"to": ["prod"]}}, "[promote] to does not name target 'dev'"),
        ("prod", {"rehearsal": True}, "a rehearsal writes to a database that stands in for the"),
    ],
)
def test_where_nothing_is_to_be_promoted_it_is_said(
    release: Release, target: str, changed: dict[str, Any], reason: str
) -> None:
    subjects, [unplanned] = planned(release.settings(target, **changed))

    assert subjects == []
    assert unplanned.reason.startswith(reason)


@pytest.mark.parametrize(
    ("promote", "said"),
    [
        ('from = "stagin"', "promote.from: no target 'stagin': it has prod, staging"),
        ('from = "staging"\nto = ["pord"]', "promote.to: no target 'pord': it has prod, staging"),
    ],
)
def test_target_that_is_none_is_refused_with_the_one_that_was_meant(
    tmp_path: Path, promote: str, said: str
) -> None:
    targets = "".join(f'[targets.{name}]\nurl = "postgresql://h/{name}"\n' for name in TARGETS)
    (tmp_path / project_file.FILE).write_text(f"{targets}[promote]\n{promote}\n")

    with pytest.raises(UsageError, match=said) as refused:
        project_file.load(tmp_path, "prod", "postgresql://h/old")
    assert refused.value.hint in ("did you mean 'staging'?", "did you mean 'prod'?")
