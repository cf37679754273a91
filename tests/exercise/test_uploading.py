"""Is a file sent, timed, compared and removed, and every way seen in which that goes wrong?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gatepost import exercised
from gatepost.exercises import Upload
from gatepost.settings import Limits
from gatepost.writing import Writer
from runner.exercise import uploading
from tests.exercise.application import TOKEN, Files
from tests.serving import serving

if TYPE_CHECKING:
    from gatepost.exercised import Uploaded


def declared(**given: Any) -> Upload:
    """Return an upload of 256 kB."""
    known: dict[str, Any] = {
        "path": "/api/files",
        "field": "upload",
        "size": "256 kB",
        "at_least": "2 MB/s",
        "download": "files.0.url",
        "remove": "/api/files/{files.0.id}",
    }
    return Upload(**(known | given))


def sent(files: Files, upload: Upload, timeout: float = 5.0) -> Uploaded:
    """Return what came of an upload to a real server."""
    headers = {"Authorization": TOKEN}
    with (
        serving(files.application) as base,
        Writer(base, Limits(timeout=timeout), headers) as writer,
    ):
        return uploading.upload(writer, upload)


def test_files_are_sent_read_back_and_removed() -> None:
    files, upload = Files(), declared()
    found = sent(files, upload)

    assert exercised.upload_findings(found, upload) == ()
    assert len(found.rates) == 3
    assert files.kept == {}
    assert files.asked == [TOKEN] * 3
    told = exercised.told_upload(found, upload)
    assert "the median of 3 files of 256 kB; at least 2.0 MB/s wanted" in told


@pytest.mark.parametrize(
    "given",
    [
        {"field": "", "times": 1},
        {"download": "/uploads/{files.0.id}", "more": {"project": "7"}, "times": 1},
    ],
    ids=["the whole body", "a path with a place"],
)
def test_ways_to_send_and_to_ask(given: dict[str, Any]) -> None:
    files, upload = Files(), declared(**given)

    assert exercised.upload_findings(sent(files, upload), upload) == ()
    assert files.kept == {}


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("slow", "MB/s, the median of 3 files of 256 kB; at least 2.0 MB/s wanted"),
        ("altered", "given back with another content (sha256 "),
        ("cut", "given back with 262,143 bytes, 262,144 were sent"),
        ("kept", "still given back after it was removed"),
        ("refused", "status 413 (too large)"),
        ("nowhere", "not given back: the answer holds nothing at 'files.0.url'"),
    ],
)
def test_fault_of_an_upload_is_said(fault: str, said: str) -> None:
    files, upload = Files(fault), declared()
    (finding,) = exercised.upload_findings(sent(files, upload), upload)

    assert finding.startswith("POST /api/files: ")
    assert said in finding
    assert bool(files.kept) == (fault == "kept"), "what was at fault is removed all the same"


def test_upload_that_is_not_taken_is_given_up() -> None:
    found = sent(Files("slow"), declared(), timeout=0.05)

    assert found.rates == ()
    assert "no answer within 50 ms" in found.problems[0]


def test_another_server_is_not_told_who_we_are() -> None:
    files, elsewhere = Files(), Files()
    elsewhere.kept["x"] = b"of another"
    with serving(elsewhere.application) as other:
        upload = declared(download=f"{other}/uploads/x", times=1)
        found = sent(files, upload)

    assert any("given back with 10 bytes" in one for one in found.problems)
    assert elsewhere.asked == []


def test_token_is_in_no_text() -> None:
    upload = declared(headers={"Authorization": TOKEN})

    assert TOKEN not in repr(upload)
