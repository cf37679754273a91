"""Do the documents say what there is: every setting, option, link, dependency and question?"""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import PydanticUndefined

import fixtures
from gatepost.questions import QUESTIONS
from gatepost.schema.command import _parser as _schema_parser
from gatepost.settings import Project
from runner.__main__ import _parser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "examples").glob("*/README.md"),
        *(ROOT / "benchmarks").glob("*.md"),
        *(ROOT / "requirements").glob("*.md"),
    ]
)
TEXTS = {file.relative_to(ROOT).as_posix(): file.read_text("utf-8") for file in DOCUMENTS}
SETTINGS = TEXTS["docs/settings.md"]
NONE, REQUIRED = "none", "required"
# Of pytest and its plugins, where a document says how to run checks.
OTHERS = {"--pyargs", "--deselect"}


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the records that an annotation speaks of, but for those of one column's comparison."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models(part)


def sections(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, type[BaseModel]]]:
    """Yield each table that a file may have, by its heading, and the record that reads it."""
    for name, field in model.model_fields.items():
        key = f"{path}.{field.alias or name}".lstrip(".")
        inner = list(models(field.annotation))
        if not inner or key.endswith(".compare"):
            continue
        kind = field.annotation if get_origin(field.annotation) is not Annotated else None
        if get_origin(kind) is dict:
            key += '."SCHEMA.TABLE"' if key == "tables" else ".NAME"
        yield (f"[[{key}]]" if get_origin(kind) is tuple else f"[{key}]"), inner[0]
        yield from sections(inner[0], key)


def told(heading: str) -> dict[str, str]:
    """Return what the settings' document says of a table: by key, what counts otherwise."""
    parts = re.split(r"(?m)^## ", SETTINGS)
    (text,) = [one for one in parts if f"`{heading}`" in one.partition("\n")[0]] or [""]
    return dict(re.findall(r"(?m)^\| `(\w+)` \| (.+?) \| ", text))


def value(field: FieldInfo, text: str) -> Any:
    """Return what a spelling in the document stands for, as the file would be read."""
    if text == NONE:
        return None
    if text == REQUIRED:
        return PydanticUndefined
    given = tomllib.loads(f"x = {text.strip('`')}")["x"]
    kind: Any = field.annotation
    for one in field.metadata:
        kind = Annotated[kind, one]
    return TypeAdapter(kind).validate_python(given)


@pytest.mark.parametrize(("heading", "model"), [*sections(Project)], ids=str)
def test_settings_are_all_told_with_what_counts_otherwise(
    heading: str, model: type[BaseModel]
) -> None:
    known = {
        field.alias or name: field
        for name, field in model.model_fields.items()
        if not (isinstance(inner := next(models(field.annotation), None), type) and inner)
        or name == "compare"
    }
    said = told(heading)

    assert said.keys() == known.keys()
    for key, field in known.items():
        usual = field.get_default(call_default_factory=True, validated_data={})
        assert value(field, said[key]) == usual, key


def blocks(kind: str) -> list[tuple[str, str]]:
    """Return the blocks of a language in all documents, with where they stand."""
    return [
        (f"{name}:{text[: match.start()].count(chr(10)) + 1}", match[1])
        for name, text in TEXTS.items()
        for match in re.finditer(rf"(?ms)^```{kind}\n(.*?)^```", text)
    ]


@pytest.mark.parametrize(("where", "text"), blocks("toml"), ids=lambda one: one[:40])
def test_every_key_of_an_example_is_one_that_gatepost_knows(where: str, text: str) -> None:
    data = tomllib.loads(text)
    # A piece of [migrate] that stands by itself, as in hooks.md.
    if data.keys() <= {"stop", "start", "status", "command"}:
        data = {"migrate": data}
    try:
        Project.model_validate(data)
    except ValidationError as error:
        wrong = [one for one in error.errors() if one["type"] != "missing"]
        assert not wrong, where


def commands(program: str) -> list[tuple[str, str]]:
    """Return what is said to a program in all documents, in blocks and between backquotes."""
    found = set()
    for name, text in TEXTS.items():
        code = "\n".join(re.findall(r"(?ms)^```.*?^```", text))
        lines = re.findall(rf"(?m)^{program} (.+)$", code)
        lines += re.findall(rf"`{program}\s([^`]+)`", text)
        found |= {(name, " ".join(line.partition(" #")[0].split())) for line in lines}
    return sorted(one for one in found if one[1].split()[0] != "VERB" and "…" not in one[1])


@pytest.mark.parametrize(("where", "command"), commands("gatepost"), ids=lambda one: one[:60])
def test_command_can_be_typed(where: str, command: str) -> None:
    verb, *options = shlex.split(command)
    parser = _parser()
    if verb == "schema":
        # In running text the verb alone stands for all of it.
        verb, *options = options
        options = options or {"dump": ["--source=x"], "diff": ["a", "b"]}[verb]
        parser = _schema_parser()
    elif "--target" not in command:
        options.append("--target=prod")
    if verb == "export" and "--to" not in command:
        options.append("--to=back")

    assert parser.parse_args([verb, *options]), where


@pytest.mark.parametrize(("where", "command"), commands("pytest"), ids=lambda one: one[:60])
def test_option_of_a_gate_is_there(where: str, command: str) -> None:
    source = Path(str(fixtures.__file__)).read_text("utf-8")

    for option in re.findall(r"(?<!\S)(--[a-z-]+)", command):
        assert option in OTHERS or f'"{option}"' in source, where


def anchors(text: str) -> set[str]:
    """Return the anchors that a page's headings get on GitHub."""
    heads = re.findall(r"(?m)^#+ (.+)$", re.sub(r"(?ms)^```.*?^```", "", text))
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("name", TEXTS)
def test_links_lead_somewhere(name: str) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"(?ms)^```.*?^```", "", TEXTS[name])):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        file = ((ROOT / name).parent / path).resolve() if path else ROOT / name
        assert file.exists(), link
        assert not anchor or anchor in anchors(file.read_text("utf-8")), link


def test_readme_lists_the_questions_of_each_gate() -> None:
    rows = dict(re.findall(r"(?m)^\| (pre|data|app) \| (.+) \|$", TEXTS["README.md"]))

    for gate, row in rows.items():
        asked = {one.name for one in QUESTIONS.values() if gate in one.gates}
        assert set(re.findall(r"`(\w+)`", row)) == asked
    assert len(rows) == len({gate for one in QUESTIONS.values() for gate in one.gates})


def test_changelog_counts_the_questions() -> None:
    assert f"with {len(QUESTIONS)} questions" in TEXTS["CHANGELOG.md"]


def dependencies() -> set[str]:
    """Return what is installed by name, by the package, its extras, tests and benchmarks."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"]]
    for extra in project["optional-dependencies"].values():
        lines += extra
    for file in (ROOT / "requirements").glob("*.in"):
        lines += file.read_text("utf-8").splitlines()
    names = (re.match(r"[A-Za-z][\w.-]*", line) for line in lines)
    return {name[0] for name in names if name} - {"gatepost"}


def test_every_dependency_is_named_with_why() -> None:
    rows = re.findall(r"(?m)^\| ([^|]+) \| [^|]+ \|$", TEXTS["docs/house.md"])
    named = set(re.findall(r"[\w.-]+", " ".join(rows)))

    assert dependencies() - named == set()
