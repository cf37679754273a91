"""Is what a database declares written as a text that says all of it, and nothing else?"""

from __future__ import annotations

import difflib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gatepost import __main__ as front
from gatepost.schema import differences, dump
from gatepost.schema.catalog import Catalog
from gatepost.schema.selection import Selection
from tests.conftest import run
from tests.exact.restoring import made, restored

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server
    from gatepost.schema.dump import Declared

    Make = Callable[..., Dsn]

ROOT = Path(__file__).resolve().parents[1]
EVERY_KIND = (ROOT / "tests" / "every_kind.sql").read_text(encoding="utf-8")
SECRET = "hunter2-very-secret"
SHOP = """
create table users (id int primary key, name varchar(20) not null default 'nobody');
create view names as select name from users;
create schema audit;
create table audit.log (what text);
create function audit.clean() returns int language plpgsql as 'begin\r\n\n\treturn 1;  \nend';
comment on table users is 'true';
"""

# What can be granted at all is a fact about rights: 17 brought MAINTAIN.
OF_THE_VERSION = ["+     - maintain", "-   version: 160000", "+   version: 180000"]


def told(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Return exit status and what was said, by a command of `gatepost schema`."""
    status = front.main(["schema", *arguments])
    said = capfd.readouterr()
    return status, said.out, said.err


def changed(was: Declared, now: Declared) -> list[str]:
    """Return the lines that the texts of two do not share."""
    before, after = (dump.written(one).splitlines() for one in (was, now))
    return [line for line in difflib.ndiff(before, after) if line[0] in "+-"]


def test_every_kind_of_object_is_read_back(
    database16: Make, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    source = database16(EVERY_KIND)
    file = tmp_path / "schema.txt"

    assert told(capfd, "dump", f"--source={source.raw}", f"--out={file}") == (0, "", "")
    live = dump.of(source.raw)
    assert len(live.objects) > 30
    assert dump.of(str(file)) == live
    assert told(capfd, "dump", f"--source={source.raw}")[1].encode() == file.read_bytes()
    status, out, _ = told(capfd, "diff", str(file), source.raw)
    assert (status, out.startswith("no difference in ")) == (0, True), out
    assert [one.name for one in tmp_path.iterdir()] == ["schema.txt"]


def test_text_is_the_same_from_another_version(database16: Make, database18: Make) -> None:
    was, now = dump.of(database16(SHOP).raw), dump.of(database18(SHOP).raw)

    assert changed(was, now) == OF_THE_VERSION


def test_text_after_a_restore_differs_in_spelling_only(
    server16: Server, server18: Server, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with made(server16, "dumped") as before, made(server18, "dumped") as after:
        run(before, SHOP)
        run(before, "alter table users add check (name in ('a', 'b'))")
        restored(server16, server18, "dumped", tmp_path)
        was, now = dump.of(before.raw), dump.of(after.raw)

        assert told(capfd, "diff", before.raw, after.raw)[0] == 0
    # ANY (ARRAY[…]) is deparsed once more from what was deparsed.
    differing = [line for line in changed(was, now) if line not in OF_THE_VERSION]
    assert len(differing) == 2
    assert all("definition: CHECK (((name)::text = ANY" in line for line in differing)


def test_what_differs_is_said_in_the_words_of_the_check(
    database16: Make, database18: Make, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before, after = database16(SHOP), database18(SHOP)
    file = tmp_path / "schema.txt"
    assert told(capfd, "dump", f"--source={before.raw}", f"--out={file}")[0] == 0
    run(after, "alter table users alter name drop not null; grant select on names to public")

    status, out, err = told(capfd, "diff", str(file), after.raw)
    was, now = dump.of(before.raw), dump.of(after.raw)
    found = differences.between("public.users", *(_catalog(one) for one in (was, now)))
    assert (status, err) == (1, "")
    assert found.told in out
    assert "public.users.name: not null before, nullable after" in out
    assert "PUBLIC: select only after on view public.names" in out
    assert out.splitlines()[-1].startswith("2 differences in "), out


def test_texts_are_compared_by_meaning_as_servers_are(
    database18: Make, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    script = "create table t (id serial primary key, v int check (v > 0));"
    sides = (tmp_path / "before.txt", tmp_path / "after.txt")
    renamed = "alter sequence t_id_seq rename to numbers; alter index t_pkey rename to t_key"
    for side, more in zip(sides, ("", renamed), strict=True):
        source = database18(script + more).raw
        assert told(capfd, "dump", f"--source={source}", f"--out={side}")[0] == 0

    status, out, _ = told(capfd, "diff", *map(str, sides))
    assert status == 0, out
    assert "note: public.t_id_seq is named public.numbers after" in out


def _catalog(declared: Declared) -> Catalog:
    return Catalog((), (), (), declared.objects)


def test_selection_is_told_in_the_text_and_followed_by_whoever_compares_with_it(
    database16: Make, database18: Make, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before, after = database16(SHOP), database18(SHOP)
    run(after, "drop function audit.clean(); alter table users drop column name cascade")
    file = tmp_path / "schema.txt"
    chosen = ("--only=audit.*", "--leave-out=function *")

    assert told(capfd, "dump", f"--source={before.raw}", f"--out={file}", *chosen)[0] == 0
    kept = dump.of(str(file))
    assert [one.identity for one in kept.objects] == ["audit.log"]
    assert kept.selection == Selection(("audit.*",), ("function *",))
    assert told(capfd, "diff", str(file), after.raw)[0] == 0
    assert told(capfd, "diff", before.raw, after.raw, *chosen)[0] == 0
    assert told(capfd, "diff", before.raw, after.raw)[0] == 1


def test_project_says_how_to_compare(
    database16: Make, database18: Make, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before, after = database16(SHOP), database18(SHOP)
    run(after, "drop function audit.clean()")
    (tmp_path / "gatepost.toml").write_text(
        '[source]\nurl = "${NOT_SET}"\n[targets.prod]\nurl = "${NOT_SET}"\n'
        '[schema]\nleave_out = ["function audit.*"]\n',
        encoding="utf-8",
    )

    assert told(capfd, "diff", before.raw, after.raw)[0] == 1
    assert told(capfd, "diff", before.raw, after.raw, f"--project={tmp_path}")[0] == 0


def test_program_is_told_the_same(database16: Make, capfd: pytest.CaptureFixture[str]) -> None:
    source = database16(SHOP)

    status, out, _ = told(capfd, "dump", f"--source={source.raw}", "--json", "--only=public.users")
    found = json.loads(out)
    assert (status, found["format"], found["only"]) == (0, 1, ["public.users"])
    (users,) = found["declarations"]
    assert users["attributes"]["columns"]["name"]["type"] == "character varying(20)"
    assert {one["identity"] for one in found["settings"]} == {"database", "roles"}


def test_no_secret_is_in_the_text(database16: Make) -> None:
    source = database16(f"create role dump_reader login password '{SECRET}';" + SHOP)
    text = dump.written(dump.of(source.raw))

    assert "role dump_reader: role" in text
    assert SECRET not in text
    assert "SCRAM-SHA-256$" not in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "the following arguments are required: VERB"),
        (("dump",), "the following arguments are required: --source"),
        (
            ("dump", "--source=x", f"postgresql://u:{SECRET}@h/d"),
            "unrecognized arguments: (an address)",
        ),
        (("dump", f"--source=postgresql://u:{SECRET}@127.0.0.1:1/d"), "cannot connect to host="),
        (("dump", f"--source=postgresql://u:{SECRET}%zz@h/d"), "source: not a connection string"),
        (("dump", "--source=mysql://h/d"), "source: 'mysql' is no kind of address"),
        (("dump", "--source=baseline:none.json"), "baseline none.json: cannot be read"),
        (("diff", "none.txt", "none.txt"), "none.txt: cannot be read: No such file"),
        (("diff", str(ROOT / "README.md"), "none.txt"), "is no dumped schema"),
        (("diff", "none.txt", "none.txt", "--project=nowhere"), "no gatepost.toml in nowhere"),
    ],
)
def test_bad_input_is_one_clear_line(
    arguments: tuple[str, ...], said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    status, out, err = told(capfd, *arguments)

    assert (status, out) == (4, "")
    assert said in err.splitlines()[0]
    assert len(err.splitlines()) <= 2
    assert SECRET not in err


def test_pattern_for_nothing_is_refused(
    database16: Make, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    source, file = database16(SHOP).raw, tmp_path / "schema.txt"

    for arguments in (("dump", f"--source={source}", f"--out={file}"), ("diff", source, source)):
        status, out, err = told(capfd, *arguments, "--leave-out=public.usres")
        assert (status, out) == (4, "")
        assert err.splitlines() == [
            "[schema] leave_out: 'public.usres' stands for nothing that is declared",
            "  hint: did you mean 'public.users'?",
        ]
    assert not file.exists()


def test_nothing_half_written_is_left(
    database16: Make, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    source, file = database16(SHOP).raw, tmp_path / "schema.txt"
    file.mkdir()

    status, out, err = told(capfd, "dump", f"--source={source}", f"--out={file}")
    assert (status, out) == (4, "")
    assert "schema.txt: cannot be written: " in err
    assert [one.name for one in tmp_path.iterdir()] == ["schema.txt"]


def test_reader_that_has_seen_enough_is_no_error(database16: Make) -> None:
    made = "".join(f"create table t{n} (a int, b int, c int);" for n in range(200))
    command = [sys.executable, "-m", "gatepost", "schema", "dump"]
    command.append(f"--source={database16(made).raw}")
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.readline()
        child.stdout.close()
        assert child.stderr.read() == b""


def test_other_commands_are_the_runners(tmp_path: Path) -> None:
    """Wherever they are started, and whether or not anything is installed."""
    done = subprocess.run(
        [sys.executable, "-m", "gatepost", "migrate", "--target=prod", "--project=nowhere"],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
    )

    assert done.returncode == 64
    assert "no gatepost.toml in" in done.stderr


def test_declared_knows_its_name_and_does_not_compare_by_it(database16: Make) -> None:
    source = database16()
    found = dump.of(source.raw)

    assert found.name == source.dbname
    assert source.dbname not in dump.written(found)
    assert replace(found, name="other") == found
