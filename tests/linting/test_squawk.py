"""Is there anything that squawk warns of, that applies here, and that nobody says?"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gatepost.linting import rules
from tests.linting.planted import BROKEN
from tests.linting.squawk import ALIKE

if TYPE_CHECKING:
    from tests.linting.conftest import Place

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "in-place.md"
_SECTION = "### Where squawk speaks"
_ROW = re.compile(r"^\| `([a-z-]+)`(?:, `[a-z-]+`)* \| ([^|]+) \|$", re.MULTILINE)
_NAME = re.compile(r"`([a-z-]+)`")
# It speaks so of what it cannot read.
_NO_RULE = "syntax-error"


@pytest.mark.parametrize("name", ALIKE)
def test_rule_of_ours_speaks_where_squawk_does(place: Place, name: str) -> None:
    text, ours = ALIKE[name]

    assert ours in {hit.rule.name for hit in place.hits(text)[0]}


@pytest.mark.parametrize("name", ALIKE)
@pytest.mark.long
def test_squawk_speaks_where_the_rule_of_ours_does(tmp_path: Path, name: str) -> None:
    included = "" if name == _NO_RULE else name

    assert name in squawk(tmp_path, ALIKE[name][0], included)


@pytest.mark.long
def test_every_rule_of_squawk_that_is_told_of_exists(tmp_path: Path) -> None:
    for name in sorted(told() - {_NO_RULE}):
        squawk(tmp_path, "select 1;", name)


@pytest.mark.long
def test_most_of_what_fails_or_loses_squawk_cannot_know(tmp_path: Path) -> None:
    seen = [one for one in BROKEN if squawk(tmp_path, one.files[-1]) & set(ALIKE)]

    # It reads a file by itself: neither the catalog nor the files before it.
    assert len(seen) < len(BROKEN) / 2


def test_document_tells_of_every_rule_of_ours() -> None:
    text = DOCUMENT.read_text()

    assert [one.name for one in rules.RULES if f"| `{one.name}` |" not in text] == []


def test_document_says_which_rule_of_ours_speaks() -> None:
    ours = {found[1]: found[2] for found in _ROW.finditer(section())}

    for name, (_, rule) in ALIKE.items():
        assert f"`{rule}`" in ours[name]


def section() -> str:
    """Return the part of the document that is about squawk's rules."""
    return DOCUMENT.read_text().partition(_SECTION)[2].partition("\n## ")[0]


def told() -> set[str]:
    """Return the names of squawk's rules in the document."""
    rows = [found[0] for found in _ROW.finditer(section())]
    return {name for row in rows for name in _NAME.findall(row.split("|")[1])}


def squawk(folder: Path, text: str, included: str = "") -> set[str]:
    """Return the rules by which squawk speaks of a file, one that is off by default among them."""
    program = shutil.which("squawk", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("squawk is not installed: pip install squawk-cli")
    file = folder / "file.sql"
    file.write_text(text)
    options = ["--reporter=json", "--assume-in-transaction", f"--include={included}"]
    command = [program, *options[: 3 if included else 2], str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    return {str(one["rule_name"]) for one in json.loads(done.stdout)}
