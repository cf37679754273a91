"""Do files that nobody made up for us become a database, GO, and come back as they were?"""

from __future__ import annotations

import csv
import importlib.util
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gatepost import verdict_file
from runner.__main__ import main
from tests import npm
from tests.runner.conftest import Shop, drop_others
from tests.test_usage import gate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]
    Records = list[dict[str, Any]]

pytestmark = pytest.mark.slow

REAL = Path(__file__).parent / "real"


def package(name: str) -> Path:
    """Return the folder of an installed package, which is not imported."""
    found = importlib.util.find_spec(name)
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


def of_wheels(data: Path) -> None:
    """Copy the files that lie in wheels."""
    for name in ("iso3166-1.json", "iso3166-2.json"):
        shutil.copy(package("pycountry") / "databases" / name, data)
    shutil.copy(package("airportsdata") / "airports.csv", data)


def of_npm(data: Path) -> None:
    """Copy the files that lie in packages of npm."""
    packages = npm.packages(REAL / "npm", "real-files")
    for file in (
        "@vvo/tzdb/raw-time-zones.json",
        "unicode-emoji-json/data-by-group.json",
        "world-countries/dist/countries.csv",
    ):
        shutil.copy(packages / file, data)
    types: Mapping[str, dict[str, Any]] = json.loads((packages / "mime-db/db.json").read_text())
    with (data / "mime.ndjson").open("w", encoding="utf-8") as lines:
        lines.writelines(f"{json.dumps({'type': name} | one)}\n" for name, one in types.items())


def records(file: Path) -> Records:
    """Return what a file holds, read by nothing of ours."""
    if file.suffix == ".csv":
        with file.open(encoding="utf-8", newline="") as opened:
            return list(csv.DictReader(opened))
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".ndjson":
        return [json.loads(line) for line in text.splitlines()]
    found: Any = json.loads(text)
    if isinstance(found, dict):
        ((_, found),) = found.items()
    return list(found)


@pytest.fixture
def made(
    tmp_path: Path, database18: Make, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Shop]]:
    target = database18()
    shop = Shop(tmp_path, target, target)
    monkeypatch.setenv("REAL_TARGET", target.raw)

    def make(name: str) -> Shop:
        shutil.copytree(REAL / name, tmp_path, dirs_exist_ok=True)
        (tmp_path / "data").mkdir()
        return shop

    yield make
    drop_others(shop)


@pytest.mark.parametrize(
    ("name", "fetched"),
    [("wheels", of_wheels), pytest.param("npm", of_npm, marks=pytest.mark.long)],
)
def test_real_files_load_are_verified_and_come_back_as_they_were(
    made: Callable[[str], Shop],
    name: str,
    fetched: Callable[[Path], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    shop = made(name)
    data, back = shop.folder / "data", shop.folder / "back"
    fetched(data)

    status = shop.migrate("--execute")

    assert status == 0, capsys.readouterr().out
    data_gate = shop.runs[0] / "data"
    counts = verdict_file.read(data_gate).counts
    assert (counts.failed, counts.waived, counts.not_asked) == (0, 0, 0)
    assert (data_gate / "junit.xml").read_text().count('classname="export"') >= 3
    where = ("--target=prod", f"--project={shop.folder}", f"--to={back}")
    assert main(["export", *where, "--execute"]) == 0
    for file in data.iterdir():
        was, now = records(file), records(back / file.name)
        assert len(was) > 0
        assert sorted(map(canonical, now)) == sorted(map(canonical, was)), file.name

    if name == "npm":  # one of them is enough: would the files give that database once more?
        again = (f"--source=file:{back}", f"--gatepost-out={shop.folder / 'again'}")
        done = gate(*where[:2], *again, "--gate=data", "--gatepost-no-report")
        assert done.returncode == 0, done.stdout


def canonical(record: dict[str, Any]) -> str:
    """Return a text that equal records share."""
    return json.dumps(record, sort_keys=True)
