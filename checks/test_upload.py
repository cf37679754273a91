"""Does the application take a file fast enough, give it back as it was, and remove it?

As the runner saw it, which sent the files: a check writes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import exercised

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.exercised import Exercised
    from gatepost.exercises import Upload

pytestmark = pytest.mark.gate("upload")


def test_file_is_taken_fast_enough_and_given_back_as_it_was(
    upload: Upload, exercise: Exercised, evidence: Evidence
) -> None:
    found = exercised.named(exercise.uploads, upload.path)
    evidence.attach(f"files sent to {upload.path}", found)
    if found is not None:
        evidence.note(exercised.told_upload(found, upload))
    findings = exercised.upload_findings(found, upload)
    assert not findings, "\n".join(findings)
