"""Can two gates of one kind be told apart wherever their results, and the report's work, lie?"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest

from reports import apart

MEMORY = Path("/dev/shm")  # noqa: S108 - another file system is what is asked for


def test_results_are_copied_to_another_file_system(tmp_path: Path) -> None:
    if not MEMORY.is_dir() or MEMORY.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is one file system")
    result = {"historyId": "1", "fullName": "data gate", "titlePath": ["data gate"], "labels": []}
    (tmp_path / "a-result.json").write_text(json.dumps(result))
    (tmp_path / "b-attachment.json").write_text("{}")

    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        made = apart.copied(tmp_path, "data", "trial", Path(name) / "trial")

        assert (made / "b-attachment.json").read_text() == "{}"
        assert json.loads((made / "a-result.json").read_text())["fullName"] == "trial gate"
