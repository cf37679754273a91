"""In which ways did the real migration go wrong, and how does each of them come to happen here?

X1 to X17 are what its scripts did.  Some lay in the files, some in the migrations or the queries,
some in what happened meanwhile.
"""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING

from examples import control
from examples.planting import INCONCLUSIVE, NOTHING_CHANGED, USAGE, Faults

if TYPE_CHECKING:
    from examples.fluxstudio.plant import Scene

FAULTS: Faults[Scene] = Faults()
_fault = FAULTS.register


@_fault("003_files.sql")
def x1_failed_migration(scene: Scene) -> None:
    """A migration fails half-way: it was recorded as applied, and the next one run"""
    scene.edit(
        "migrations/003_files.sql", "references public.files (id)", "references public.file (id)"
    )


@_fault("ledger")
def x1_recorded_by_hand(scene: Scene) -> None:
    """A migration is recorded that never ran"""
    scene.on_filled(
        "insert into gatepost_migrations (version, name, sha256, duration)"
        " values ('006', '006_tasks.sql', repeat('0', 64), '1 s')"
    )


@_fault("public.portfolio_items")
def x2_rest_of_a_file_missing(scene: Scene) -> None:
    """The end of a file was rolled back, and "already exists" passed for success"""
    scene.on_filled("drop table portfolio_items, portfolios")


@_fault("001_core.sql")
def x3_returns_silently(scene: Scene) -> None:
    """001 finds a table `users` and makes nothing, without a word"""
    text = (scene.project / "migrations/001_core.sql").read_text(encoding="utf-8")
    users = text[text.index("create table public.users") : text.index("create table public.organ")]
    scene.add("migrations/000_seed.sql", users)
    scene.add("migrations/000_seed.down.sql", "drop table public.users;\n")
    quoted = text.replace("$$", "$body$")
    scene.add(
        "migrations/001_core.sql",
        "do $silent$ begin if to_regclass('public.users') is not null then return; end if;\n"
        f"execute $made$ {quoted} $made$; end $silent$;\n",
    )


@_fault("target 'prod'", (USAGE,))
def x4_no_address(scene: Scene) -> None:
    """No address is given: the runner and the verifier both called that a success"""
    scene.environ["FLUXSTUDIO_URL"] = ""


@_fault("public.projects")
def x4_exit_zero_anyway(scene: Scene) -> None:
    """The verifier finds that something is missing, and exits with 0"""
    scene.environ["PYTEST_PLUGINS"] = "examples.fluxstudio.exit_zero"
    scene.on_filled("truncate projects cascade")


@_fault("schema_migrations")
def x5_second_ledger(scene: Scene) -> None:
    """Another runner keeps a ledger of its own in the same database"""
    scene.on_filled(
        "create table schema_migrations (version int primary key, checksum text);"
        " insert into schema_migrations values (1, 'FAILED')"
    )


@_fault("004", (NOTHING_CHANGED, USAGE))
def x6_one_number_twice(scene: Scene) -> None:
    """Two migrations have one number"""
    scene.add("migrations/004_tasks.sql", "create table public.tasks (id uuid primary key);\n")
    scene.add("migrations/004_tasks.down.sql", "drop table public.tasks;\n")


@_fault("003_files was edited after it was applied")
def x6_edited_later(scene: Scene) -> None:
    """A migration says something else than when it was applied"""
    scene.on_filled(
        "update gatepost_migrations set sha256 = repeat('a', 64) where name = '003_files'"
    )


@_fault("project_members")
def x7_text_points_to_uuid(scene: Scene) -> None:
    """A foreign key from text to uuid cannot be made"""
    scene.edit(
        "migrations/003_files.sql",
        "user_id uuid not null references public.users (id) on delete cascade,\n    role",
        "user_id text not null references public.users (id) on delete cascade,\n    role",
    )


@_fault("users")
def x8_ids_taken_as_they_are(scene: Scene) -> None:
    """Ids go into a uuid column as they are, and two of three are none"""
    scene.edit("sql/users.sql", "i.new as id", "u.id::uuid as id")


@_fault("public.users")
def x9_a_third_arrives(scene: Scene) -> None:
    """Two users of three, and their projects, never arrive"""
    scene.edit("sql/users.sql", "left join staged.ids as i", "join staged.ids as i")
    scene.edit("sql/users.sql", "i.old = u.id", "i.old = u.id and u.id ~ '^[0-9a-f]{8}-'")


@_fault("public.projects")
def x9_no_project_arrives(scene: Scene) -> None:
    """None of the projects is in the database, and the script said that it was completed"""
    scene.on_filled("truncate projects cascade")


@_fault("password")
def x10_passwords_not_read(scene: Scene) -> None:
    """The query gives every user NULL for a password"""
    scene.edit("sql/users.sql", "u.password as password_hash", "null::text as password_hash")


@_fault("public.users")
def x10_verified_forged(scene: Scene) -> None:
    """Passwords are gone, and every address is called verified"""
    scene.on_filled("update users set password_hash = null, email_verified = true")


@_fault("files")
def x11_entity_ignored(scene: Scene) -> None:
    """Nobody reads files.json"""
    scene.without('tables."public.files"')


@_fault("were not asked", (INCONCLUSIVE,))
def x12_not_all_asked(scene: Scene) -> None:
    """The gate stops after the first few questions, and its report has no end"""
    scene.environ["PYTEST_ADDOPTS"] = "-k connect"


@_fault("no run has a verdict of its data gate in staging")
def x12_report_without_an_end(scene: Scene) -> None:
    """The report of the first run says that it began, and no errors; it went no further"""
    scene.add("staging/20260801/verdict.json", '{"log": ["Starting"], "errors": 0}')
    scene.edit(
        "gatepost.toml",
        "[limits]",
        '[targets.staging]\nurl = "${FLUXSTUDIO_URL}_staging"\n\n'
        '[promote]\nfrom = "staging"\nverdicts = "staging"\n\n[limits]',
    )


@_fault("load", (INCONCLUSIVE,))
def x13_killed_half_way(scene: Scene) -> None:
    """What fills the database ends in the middle, and its transaction wrapped nothing"""
    scene.edit(
        "gatepost.toml", "[limits]", '[migrate.hooks]\n"after load" = "kill -9 $$"\n\n[limits]'
    )


@_fault("public.messages")
def x13_half_loaded(scene: Scene) -> None:
    """What it had written before it ended in the middle is there, and taken for the whole"""
    scene.on_filled("truncate messages cascade")


@_fault("users.json", writes=("users.json",))
def x14_written_over(scene: Scene) -> None:
    """Something writes over the only copy of the files meanwhile"""
    users = shlex.quote(str(scene.data / "users.json"))
    scene.environ["FLUXSTUDIO_FILLED"] = (
        f"cp {users} {users}.kept; printf '{{\"users\":[]}}' > {users}"
    )


@_fault("backup", needs=("backup",))
def x15_backup_of_nothing(scene: Scene) -> None:
    """The newest backup is 20 bytes long, and counts"""
    for file in scene.backups.rglob("*"):
        if file.is_file() and file.suffix not in (".json", ".sha256"):
            file.chmod(0o600)
            file.write_bytes(file.read_bytes()[:20])


@_fault("/api/messages")
def x16_saves_nothing(scene: Scene) -> None:
    """The application was not switched: what it takes goes into the files"""
    state = control.read(scene.state)
    control.State(
        {**state.modules, "new": state.modules["old"]}, state.environ, state.port, state.log
    ).write(scene.state)


@_fault("author_id")
def x16_column_of_another_name(scene: Scene) -> None:
    """The application asks for author_id, and the table has sender_id"""
    scene.on_filled("alter table messages rename column author_id to sender_id")


@_fault("projects.json", (NOTHING_CHANGED, USAGE))
def x17_wrong_top_key(scene: Scene) -> None:
    """projects.json holds the users' key"""
    file = scene.data / "projects.json"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"\A\{\"projects\"", '{"users"', text), encoding="utf-8")


@_fault("users.json", (NOTHING_CHANGED, USAGE))
def x17_nobody_there(scene: Scene) -> None:
    """users.json holds no user, and that is no error to anybody"""
    (scene.data / "users.json").write_text(json.dumps({"users": []}), encoding="utf-8")
