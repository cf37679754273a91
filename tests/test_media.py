"""Is a media file at fault named, whatever its fault, and nothing said of files that are well?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask import Flask, Response, abort, send_file

from gatepost import media
from gatepost.errors import CannotConnect, UsageError
from gatepost.http import Client
from gatepost.media import MediaPath, kinds
from gatepost.media.faults import Kind
from gatepost.media.files import Folders, contradiction, same
from gatepost.media.look import Place
from gatepost.settings import Limits
from tests.media_tree import JPEG, PNG, TREE, WEBP
from tests.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gatepost.media.faults import Survey

COLUMN = "public.posts.mediaUrl"


def files_of(folder: Path, *, types: dict[str, str] | None = None) -> Flask:
    """Return an application that serves a folder, with content types of our own choice."""
    app = Flask(__name__)

    @app.get("/<path:name>")
    def serve(name: str) -> Response:
        file = folder / name
        if not file.is_file():
            abort(404)
        kind = kinds.of(file.suffix.removeprefix("."))
        known = kind.types[0] if kind else "application/octet-stream"
        return send_file(file, mimetype=(types or {}).get(name, known))

    return app


def grown(folder: Path) -> Path:
    """Write the healthy tree into a folder."""
    for name, content in TREE.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder


def held(*names: str) -> list[MediaPath]:
    """Return paths as a column holds them, in order, two rows each."""
    return [MediaPath(name, 2) for name in sorted(names or (f"/{name}" for name in TREE))]


def told(survey: Survey) -> tuple[str, ...]:
    """Return the findings of a survey."""
    return survey.findings(COLUMN)


@pytest.fixture
def public(tmp_path: Path) -> Path:
    return grown(tmp_path / "public")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return grown(tmp_path / "copied")


@pytest.fixture
def client() -> Iterator[Client]:
    with Client("", Limits(timeout=5)) as opened:
        yield opened


# files --------------------------------------------------------------------------------------------


def test_files_that_are_there_and_sound_have_no_finding(public: Path, client: Client) -> None:
    survey = media.survey(held(), Place(Folders((public,))), client)
    assert (survey.files, survey.rows, told(survey)) == (6, 12, ())


def test_query_and_percent_escapes_are_no_part_of_a_file_name(public: Path, client: Client) -> None:
    names = held("/media/a.webp?t=1", "/posts/images/%D0%BC%D0%BE%D0%B9%20%D0%BA%D0%BE%D1%82.webp")
    assert told(media.survey(names, Place(Folders((public,))), client)) == ()


def test_second_folder_is_looked_in_too(public: Path, tmp_path: Path, client: Client) -> None:
    other = tmp_path / "other"
    (public / "media").rename(other)
    (tmp_path / "root").mkdir()
    other.rename(tmp_path / "root" / "media")
    where = media.place(("public", "root"), "", tmp_path)
    assert told(media.survey(held(), where, client)) == ()


def test_missing_files_are_counted_with_their_rows_and_named(public: Path, client: Client) -> None:
    (public / "media/a.webp").unlink()
    (public / "media/b.png").unlink()
    assert told(media.survey(held(), Place(Folders((public,))), client)) == (
        f"{COLUMN}: 2 of 6 files are missing, named by 4 rows (/media/a.webp, /media/b.png)",
    )


def test_five_culprits_are_named_and_the_rest_is_counted(public: Path, client: Client) -> None:
    names = held(*(f"/media/gone-{number}.webp" for number in range(9)))
    survey = media.survey(names, Place(Folders((public,))), client)
    (finding,) = told(survey)
    assert "9 of 9 files are missing, named by 18 rows" in finding
    assert finding.endswith("/media/gone-4.webp, …)")
    assert "gone" not in str(survey.findings(COLUMN, masked=True))
    assert "gone" not in str(survey.facts(masked=True))
    assert "gone-8" in str(survey.facts())


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("/posts/images/img_1.jpg", "posts/images/IMG_1.JPG"),
        ("/Media/a.webp", "media/a.webp"),
        ("/media/TESTS/sound.mp3", "media/tests/Sound.mp3"),
    ],
)
def test_file_in_another_case_is_told_as_such(
    public: Path, client: Client, asked: str, there: str
) -> None:
    assert told(media.survey(held(asked), Place(Folders((public,))), client)) == (
        (
            f"{COLUMN}: 1 of 1 files is there only in another case, named by 2 rows"
            f" ({asked}: the folder holds {there})"
        ),
    )


def test_empty_file_and_folder_of_that_name_are_told(public: Path, client: Client) -> None:
    (public / "media/a.webp").write_bytes(b"")
    (public / "media/b.png").unlink()
    (public / "media/b.png").mkdir()
    findings = told(media.survey(held(), Place(Folders((public,))), client))
    assert findings == (
        f"{COLUMN}: 1 of 6 files is missing, named by 2 rows (/media/b.png)",
        f"{COLUMN}: 1 of 6 files is empty, named by 2 rows (/media/a.webp)",
    )


def test_file_that_is_not_what_its_extension_says_is_told(public: Path, client: Client) -> None:
    (public / "media/b.png").write_bytes(JPEG)
    assert told(media.survey(held(), Place(Folders((public,))), client)) == (
        (
            f"{COLUMN}: 1 of 6 files is not what its extension says, named by 2 rows"
            " (/media/b.png: does not begin as PNG does)"
        ),
    )


def test_malformed_path_is_told_and_never_looked_up(public: Path, client: Client) -> None:
    (public.parent / "secret.png").write_bytes(PNG)
    names = held("/../secret.png", "a.webp")
    assert told(media.survey(names, Place(Folders((public,))), client)) == (
        (
            f"{COLUMN}: 2 of 2 files have malformed paths, named by 4 rows"
            " (/../secret.png: has a dot segment, a.webp: has no leading slash)"
        ),
    )


def test_name_that_leaves_the_folder_finds_nothing(public: Path) -> None:
    (public.parent / "secret.png").write_bytes(PNG)
    assert Folders((public,)).find("../secret.png").file is None
    assert Folders((public,)).find("").file is None


def test_file_that_says_too_little_does_not_fit(tmp_path: Path) -> None:
    (tmp_path / "x.webp").write_bytes(b"R")
    assert contradiction(tmp_path / "x.webp", "webp") == "does not begin as WebP does"


def test_files_are_the_same_by_their_bytes(public: Path, copied: Path) -> None:
    assert same(public / "media/a.webp", copied / "media/a.webp")
    (copied / "media/a.webp").write_bytes(WEBP[:-1] + b"\1")
    assert not same(public / "media/a.webp", copied / "media/a.webp")


def test_folder_that_is_not_on_this_machine_is_an_error_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        media.place(("uploads",), "", tmp_path)
    assert "'uploads' is no folder on this machine" in raised.value.message
    assert "URL" in raised.value.hint


def test_nowhere_to_look_is_an_error_and_no_yes(client: Client) -> None:
    with pytest.raises(UsageError, match="neither a folder nor a URL"):
        media.survey(held(), Place(), client)


# served -------------------------------------------------------------------------------------------


def test_served_files_have_no_finding(public: Path, client: Client) -> None:
    with serving(files_of(public)) as url:
        assert told(media.survey(held(), Place(Folders((public,)), (url,)), client)) == ()
        assert told(media.survey(held(), Place(None, (url,)), client)) == ()
        absolute = held(f"{url}/media/a.webp?t=1")
        assert told(media.survey(absolute, Place(Folders((public,)), (url,)), client)) == ()


def test_file_that_is_there_but_not_served_is_told(
    public: Path, copied: Path, client: Client
) -> None:
    (copied / "media/a.webp").unlink()
    with serving(files_of(copied)) as url:
        assert told(media.survey(held(), Place(Folders((public,)), (url,)), client)) == (
            f"{COLUMN}: 1 of 6 files is not served, named by 2 rows (/media/a.webp: status 404)",
        )


def test_type_and_length_that_do_not_fit_are_told(public: Path, client: Client) -> None:
    (public / "media/b.png").write_bytes(b"")
    with serving(files_of(public, types={"media/a.webp": "text/html"})) as url:
        assert told(media.survey(held(), Place(None, (url,)), client)) == (
            (
                f"{COLUMN}: 1 of 6 files is empty, named by 2 rows"
                " (/media/b.png: served without a byte)"
            ),
            (
                f"{COLUMN}: 1 of 6 files is served as another type, named by 2 rows"
                " (/media/a.webp: text/html)"
            ),
        )


def test_dead_url_on_another_host_is_a_finding_and_a_dead_application_an_error(
    public: Path, client: Client
) -> None:
    dead = "http://127.0.0.1:9"
    names = held(f"{dead}/bucket/a.webp?sig=tiger", "/media/a.webp")
    (finding,) = told(media.survey(names, Place(Folders((public,))), client))
    assert "1 of 2 files is not served" in finding
    assert f"({dead}/bucket/a.webp: connection refused)" in finding
    with pytest.raises(CannotConnect) as raised:
        media.survey(names, Place(Folders((public,)), (dead,)), client)
    assert raised.value.message == f"cannot fetch media from {dead}: connection refused"


# compared with before -----------------------------------------------------------------------------


def test_same_files_have_no_finding(public: Path, copied: Path, client: Client) -> None:
    with serving(files_of(copied)) as url:
        now = Place(Folders((copied,)), (url,))
        survey = media.compare(held(), held(), Place(Folders((public,))), now, client)
        assert (told(survey), survey.notes(COLUMN)) == ((), ())
        survey = media.compare(held(), held(), Place(None, (url,)), now, client)
        assert told(survey) == ()


def test_file_replaced_by_another_is_told(public: Path, copied: Path, client: Client) -> None:
    (copied / "media/a.webp").write_bytes(WEBP[:-1] + b"\1")
    (copied / "media/b.png").write_bytes(PNG + b"stock picture")
    was, now = Place(Folders((public,))), Place(Folders((copied,)))
    assert told(media.compare(held(), held(), was, now, client)) == (
        (
            f"{COLUMN}: 2 of 6 files are not the files they were, named by 4 rows"
            " (/media/a.webp, /media/b.png: 24 bytes before, 37 after)"
        ),
    )


def test_another_file_of_that_name_is_told_by_its_length_alone(
    public: Path, copied: Path, client: Client
) -> None:
    """The folder is right, and the server serves another one."""
    (copied / "media/b.png").write_bytes(PNG + b"stock picture")
    with serving(files_of(copied)) as url:
        for folders in (Folders((public,)), None):
            now = Place(folders, (url,))
            survey = media.compare(held(), held(), Place(Folders((public,))), now, client)
            assert told(survey) == (
                (
                    f"{COLUMN}: 1 of 6 files is not the file it was, named by 2 rows"
                    " (/media/b.png: 24 bytes before, 37 served)"
                ),
            )


def test_what_was_missing_before_is_inherited_and_told_apart(
    public: Path, copied: Path, client: Client
) -> None:
    (public / "media/a.webp").unlink()
    for name in ("media/a.webp", "media/b.png"):
        (copied / name).unlink()
    names = [*held(), *held("bare.webp")]
    with serving(files_of(copied)) as url:
        for now in (Place(Folders((copied,))), Place(None, (url,))):
            survey = media.compare(names, names, Place(Folders((public,))), now, client)
            assert len(survey.findings(COLUMN)) == 1
            assert "1 of 7 files is" in survey.findings(COLUMN)[0]
            assert "/media/b.png" in survey.findings(COLUMN)[0]
            malformed, missing = survey.notes(COLUMN)
            assert "bare.webp" in malformed
            assert "/media/a.webp" in missing
            assert missing.endswith("; it was so before")


def test_another_fault_than_before_is_not_inherited(
    public: Path, copied: Path, client: Client
) -> None:
    (public / "media/a.webp").write_bytes(JPEG)
    (copied / "media/a.webp").unlink()
    was, now = Place(Folders((public,))), Place(Folders((copied,)))
    survey = media.compare(held(), held(), was, now, client)
    assert set(survey.faults) == {Kind.MISSING}
    assert not survey.inherited


def test_paths_that_came_and_went_are_told(public: Path, copied: Path, client: Client) -> None:
    before = held("/media/a.webp", "/media/b.png")
    after = held("/media/a.webp", "/media/tests/film.mp4")
    was, now = Place(Folders((public,))), Place(Folders((copied,)))
    assert told(media.compare(before, after, was, now, client)) == (
        f"{COLUMN}: 1 of 3 files is named no more, named by 2 rows before (/media/b.png)",
        f"{COLUMN}: 1 of 3 files was not named before, named by 2 rows (/media/tests/film.mp4)",
    )


def test_dead_url_that_both_sides_hold_is_inherited(copied: Path, client: Client) -> None:
    names = held("http://127.0.0.1:9/a.webp")
    survey = media.compare(names, names, Place(), Place(Folders((copied,))), client)
    assert survey.findings(COLUMN) == ()
    assert "connection refused" in survey.notes(COLUMN)[0]


def test_without_a_place_before_faults_after_are_findings(copied: Path, client: Client) -> None:
    (copied / "media/a.webp").unlink()
    survey = media.compare(held(), held(), Place(), Place(Folders((copied,))), client)
    assert set(survey.faults) == {Kind.MISSING}


def test_place_takes_the_application_where_no_url_serves_the_media(public: Path) -> None:
    folder = public.parent
    assert media.place(("public",), "http://app/", folder).bases == ("http://app",)
    assert media.place(("http://cdn/x/",), "http://app", folder).bases == ("http://cdn/x",)
    assert media.place(("http://cdn/x",), "", folder).inner("http://cdn/x/a.webp") == "/a.webp"
    assert media.place(("http://cdn/x",), "", folder).inner("http://cdn/xy/a.webp") is None
    assert not media.place((), "", folder)
