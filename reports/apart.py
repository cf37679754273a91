"""How are two gates of one kind told apart in one report?

A change in place asks the data gate twice: of the trial on a clone, and of the change itself.  To
Allure the same check twice is one check and its retry, of which it shows the last alone.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_RESULT = "-result.json"


def copied(results: Path, gate: str, place: str, into: Path) -> Path:
    """Copy a gate's results under the name of its place in the run; return their new folder.

    :param gate: `data`, as the results name it.
    :param place: `trial`, as the copies will.
    """
    into.mkdir(parents=True)
    for file in results.iterdir():
        if not file.name.endswith(_RESULT):
            shutil.copyfile(file, into / file.name)
            continue
        result = json.loads(file.read_text(encoding="utf-8"))
        text = json.dumps(_of(result, f"{gate} gate", f"{place} gate"), ensure_ascii=False)
        (into / file.name).write_text(text, encoding="utf-8")
    return into


def _of(result: dict[str, Any], was: str, called: str) -> dict[str, Any]:
    identity = hashlib.sha256(f"{called}\n{result['historyId']}".encode()).hexdigest()[:32]
    labels = [
        {**label, "value": called} if label["value"] == was else label for label in result["labels"]
    ]
    return {
        **result,
        "historyId": identity,
        "testCaseId": identity,
        "fullName": result["fullName"].replace(was, called, 1),
        "titlePath": [called if one == was else one for one in result["titlePath"]],
        "labels": labels,
    }
