"""Is what a database declares written as a text that says all of it, and nothing else?"""

from __future__ import annotations

import contextlib
import difflib
import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from gatepost import __main__ as front
from gatepost import baseline, baseline_file, project_file, recorded, verdict_file
from gatepost.errors import NotRecorded, UsageError
from gatepost.origin import Source
from gatepost.schema import differences, dump
from gatepost.schema.catalog import Catalog
from gatepost.schema.declarations import Object
from gatepost.schema.dump import Declared
from gatepost.schema.selection import Selection
from tests.conftest import run
from tests.exact.restoring import made, restored
from tests.test_usage import gate

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

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

# What could be taken for the form itself, and what editors, git and terminals do not leave alone.
_PIECES = st.sampled_from(
    [*"|\"-[]{}:,. \n\r\t\\#'", "\u2028", "\x85", "\xa0", "\x1c", "\0", "é", "日", ": ", "- ", "| "]
)
_WORDS = st.sampled_from(["true", "null", "1", "-1.5e+3", "01", "{}", "[]", "[declarations]", ""])
TEXTS = st.one_of(st.text(max_size=8), st.lists(_PIECES, max_size=8).map("".join), _WORDS)
VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False)
    )
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.lists(
    st.builds(Object, TEXTS, TEXTS, st.dictionaries(TEXTS, VALUES, max_size=4)),
    max_size=3,
    unique_by=lambda one: one.identity,
).map(lambda found: tuple(sorted(found, key=lambda one: one.identity)))
PATTERNS = st.lists(TEXTS, max_size=2).map(tuple)
DECLARED = st.builds(
    Declared, OBJECTS, OBJECTS, OBJECTS, st.builds(Selection, PATTERNS, PATTERNS), st.just("")
)


def exactly(declared: Declared) -> str:
    """Return all of it, in a form that tells 1 from true and 1.0, which Python does not."""
    parts = (declared.objects, declared.configuration, declared.privileges)
    return json.dumps([[vars(one) for one in part] for part in parts], sort_keys=True)


def told(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Return exit status and what was said, by a command of `gatepost schema`."""
    status = front.main(["schema", *arguments])
    said = capfd.readouterr()
    return status, said.out, said.err


def changed(was: Declared, now: Declared) -> list[str]:
    """Return the lines that the texts of two do not share."""
    before, after = (dump.written(one).splitlines() for one in (was, now))
    return [line for line in difflib.ndiff(before, after) if line[0] in "+-"]


@tried(max_examples=300, deadline=None)
@given(DECLARED)
def test_what_is_read_is_what_was_written(declared: Declared) -> None:
    written = dump.written(declared)

    assert written.endswith("\n")
    assert "\r" not in written
    assert "\0" not in written
    for content in (written, written.replace("\n", "\r\n")):  # as some check it out
        found = dump.read(content, of="it")
        assert found == declared
        assert exactly(found) == exactly(declared)


@tried(max_examples=300, deadline=None)
@given(DECLARED, st.data())
def test_text_that_was_damaged_is_refused_or_is_another(
    declared: Declared, data: st.DataObject
) -> None:
    lines = dump.written(declared).split("\n")
    at = data.draw(st.integers(0, len(lines) - 1))
    kind = data.draw(st.sampled_from(["gone", "twice", "indented", "marked"]))
    line = {"gone": [], "twice": [lines[at]] * 2, "indented": [f"  {lines[at]}"]}
    lines[at : at + 1] = line.get(kind, ["<<<<<<< HEAD"])

    with contextlib.suppress(UsageError):
        dump.read("\n".join(lines), of="it")


def test_form_is_one_attribute_a_line() -> None:
    attributes: dict[str, Any] = {
        "columns": {"b c": {"type": "integer", "default": "0", "nullable": False}},
        "order": ["b c", "true"],
        "grants": [["ann", "select", False, ""]],
        "body": "begin\n\n\tx  \nend",
        "inherits": [],
        "comment": "",
    }
    table = Object('public."a.b"', "table", attributes)

    assert dump.written(Declared((table,), (), (), Selection(only=("public.*",)))) == (
        "gatepost schema, format 1\n"
        "only: public.*\n"
        "\n"
        "[declarations]\n"
        "\n"
        'public."a.b": table\n'
        "  body:\n"
        "    | begin\n"
        "    |\n"
        '    |"\\tx  "\n'
        "    | end\n"
        "  columns:\n"
        "    b c:\n"
        '      default: "0"\n'
        "      nullable: false\n"
        "      type: integer\n"
        '  comment: ""\n'
        "  grants:\n"
        '    - ["ann", "select", false, ""]\n'
        "  inherits: []\n"
        "  order:\n"
        "    - b c\n"
        '    - "true"\n'
        "\n"
        "[settings]\n"
        "\n"
        "[privileges]\n"
    )


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (("format 1", "format 2"), "format 2, and this gatepost reads 1"),
        (("gatepost", "dump of"), "is no dumped schema"),
        (("\n[settings]\n", "\n"), "is cut, or its parts are not in their order"),
        (("    b: 2\n", "    b\n"), "line 7 has no key"),
        (("    b: 2\n", "    b: 2\n    b: 2\n"), "line 8 has 'b', which is there already"),
        (("    b: 2\n", "     b: 2\n"), "line 7 is not below what stands above it"),
        (("    b: 2\n", '    b: "2\n'), "line 7 is not quoted as JSON quotes"),
        (("t: table\n", "t:\n"), "line 5 has no kind"),
        (("    - x\n", "    x: 1\n"), "line 9 is no element of the list above it"),
        (("    | y\n", "    y: 1\n"), "line 12 is no line of the text above it"),
        (("  c: 1\n", "  c:\n"), "line 13 has no value"),
        (("only: t\n", "onyl: t\n"), "line 2 has an unknown key 'onyl'"),
    ],
)
def test_damage_is_told_by_its_line(damage: tuple[str, str], said: str) -> None:
    text = (
        "gatepost schema, format 1\nonly: t\n\n[declarations]\nt: table\n  a:\n    b: 2\n  l:\n"
        "    - x\n  m:\n    | x\n    | y\n  c: 1\n\n[settings]\n[privileges]\n"
    )
    assert dump.read(text, of="it").objects[0].attributes["m"] == "x\ny"
    assert text.count(damage[0]) == 1
    if damage[0] == "    - x\n":
        damage = ("    - x\n", "    - x\n    x: 1\n")
        said = said.replace("9", "10")

    with pytest.raises(UsageError) as refused:
        dump.read(text.replace(*damage), of="it")
    assert refused.value.message == f"it: {said}"


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
        (("dump", "--source=mysql://h/d"), "source: 'mysql' is no kind of source"),
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


@pytest.fixture
def kept(server16: Server, database16: Make, tmp_path: Path) -> tuple[Dsn, Path]:
    """A database, and the baseline that was recorded of it."""
    source = database16(SHOP)
    file = tmp_path / "shop.json"
    chosen = project_file.load(tmp_path, server16.url("postgres"), source.raw)
    baseline.record(chosen, baseline.Request(file))
    return source, file


def resealed(file: Path, **facts: Any) -> None:
    """Change facts of a baseline as if it had been recorded so; None for one that was not."""
    data = json.loads(file.read_bytes())
    for name, fact in facts.items():
        data["facts"][f"before {name}"] = fact
        if fact is None:
            del data["facts"][f"before {name}"]
    data["sha256"] = baseline_file.UNSEALED
    text = json.dumps(data, indent=2, ensure_ascii=False).encode() + b"\n"
    sealed = hashlib.sha256(text).hexdigest().encode()
    file.write_bytes(text.replace(baseline_file.UNSEALED.encode(), sealed, 1))


def test_baseline_tells_what_its_source_declared(
    kept: tuple[Dsn, Path], capfd: pytest.CaptureFixture[str]
) -> None:
    source, file = kept

    assert dump.of(f"baseline:{file}") == dump.of(source.raw)
    assert told(capfd, "diff", f"baseline:{file}", source.raw)[0] == 0


@pytest.mark.parametrize("fact", ["configuration", "privileges"])
def test_baseline_from_before_a_fact_existed_is_refused(
    fact: str, kept: tuple[Dsn, Path], capfd: pytest.CaptureFixture[str]
) -> None:
    _, file = kept
    resealed(file, **{fact: None})

    status, out, err = told(capfd, "dump", f"--source=baseline:{file}")
    assert (status, out) == (4, "")
    assert err.splitlines()[0] == f"'{fact}' was not recorded in baseline shop.json"


def test_fact_that_was_recorded_in_another_form_is_not_taken_for_it(
    kept: tuple[Dsn, Path], tmp_path: Path
) -> None:
    _, file = kept
    resealed(file, privileges={"public": "all"})
    side = recorded.opened(file, Source(), tmp_path)

    with pytest.raises(NotRecorded, match="'privileges' was recorded in another form"):
        _ = side.privileges


@pytest.mark.slow
def test_gate_is_incomplete_without_facts_that_an_older_baseline_lacks(
    kept: tuple[Dsn, Path], database18: Make, tmp_path: Path
) -> None:
    _, file = kept
    resealed(file, configuration=None, privileges=None)
    sides = (f"--source=baseline:{file}", f"--target={database18(SHOP).raw}", "--gate=data")

    done = gate(*sides, f"--project={tmp_path}", f"--gatepost-out={tmp_path}", "-n0")
    verdict = verdict_file.read(tmp_path)
    assert (done.returncode, verdict.verdict) == (7, "INCOMPLETE"), done.stdout
    assert {one.check for one in verdict.not_asked} >= {"settings", "privileges"}
    assert all("was not recorded in baseline" in one.reason for one in verdict.not_asked)


def test_declared_knows_its_name_and_does_not_compare_by_it(database16: Make) -> None:
    source = database16()
    found = dump.of(source.raw)

    assert found.name == source.dbname
    assert source.dbname not in dump.written(found)
    assert replace(found, name="other") == found
