"""What is known of a backup, and what of it is believed?"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gatepost.backups import drills, encryption, files, manifest
from gatepost.backups.drills import Drill
from gatepost.errors import ToolFailed, UsageError
from gatepost.origin import Source
from gatepost.schema.scratch import NOTHING
from gatepost.settings import Backup, Project, Settings, Target
from tests.stored import IDENTIFIER, NOON, noted

if TYPE_CHECKING:
    from gatepost.backups.files import File
    from gatepost.backups.manifest import Manifest

ROW = b"a row that nobody may read; " * 64


def laid(folder: Path, name: str, *, days: int = 0, **more: Any) -> Manifest:
    """Lay a backup into a folder; a good one, unless told otherwise."""
    archive = folder / f"{name}.dump"
    archive.write_bytes(name.encode() * 10)
    return noted(archive, at=NOON - dt.timedelta(days=days), **more)


def lying(folder: Path, backup: Backup, database: str = "shop") -> tuple[File, ...]:
    """The files that the check would look at."""
    return files.files(folder, backup, (IDENTIFIER, database))


def checked(folder: Path, backup: Backup) -> tuple[str, ...]:
    """What the check would say of a folder, of a database without a table."""
    settings = Settings(
        project=Project(backup=backup),
        folder=folder,
        target_name="prod",
        target=Target(url="postgresql://nowhere/shop"),
        source=Source(),
    )
    return files.findings(settings, lying(folder, backup), NOTHING, "")


def test_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    made = laid(tmp_path, "shop-1")

    assert manifest.read(manifest.place(tmp_path, "shop-1")) == made
    assert list(tmp_path.glob("*.part")) == []


def test_newest_that_counts_is_found_among_those_that_do_not(tmp_path: Path) -> None:
    laid(tmp_path, "good", days=3)
    laid(tmp_path, "older", days=4)
    laid(tmp_path, "unverified", days=2, verified=None)
    laid(tmp_path, "empty", days=1, bytes=0)
    (tmp_path / "empty.dump").write_bytes(b"")
    laid(tmp_path, "cut")
    (tmp_path / "cut.dump").write_bytes(b"c")
    laid(tmp_path, "gone")
    (tmp_path / "gone.dump").unlink()
    laid(tmp_path, "other", database="another")
    (tmp_path / "bare.dump").write_bytes(b"PGDMP")
    manifest.place(tmp_path, "damaged").write_text('{"version": 1')

    found = {one.name: one.trouble for one in manifest.stored(tmp_path)}
    newest = manifest.newest_good(tmp_path, (IDENTIFIER, "shop"))

    assert newest is not None
    assert newest.name == "good"
    assert manifest.newest_good(tmp_path) != newest
    assert found["unverified"] == "it was never restored and compared"
    assert found["empty"] == "empty.dump is empty"
    assert found["cut"] == "cut.dump has 1 bytes, and 30 were written"
    assert found["gone"] == "gone.dump cannot be read: No such file or directory"
    assert found["bare"] == "it has no manifest"
    assert found["damaged"].startswith("damaged.manifest.json is no manifest")
    assert manifest.newest_good(tmp_path / "nowhere") is None


@pytest.mark.parametrize("pattern", ["", "elsewhere/*.dump"])
def test_archive_of_ours_without_a_manifest_is_no_backup_for_the_check(
    tmp_path: Path, pattern: str
) -> None:
    """It was killed before it could be verified; what something else wrote needs none."""
    backup = Backup(files=pattern, folder="")
    laid(tmp_path, "good", days=1)
    (tmp_path / "killed.dump").write_bytes(b"PGDMP")

    said = checked(tmp_path, backup)

    assert said == (
        "killed.dump is no backup yet: it has no manifest; the last that counts is good",
    )
    (tmp_path / "killed.dump").unlink()
    assert [one.path.name for one in lying(tmp_path, backup)] == ["good.dump"]
    assert lying(tmp_path, backup, "another") == ()


def test_no_backup_at_all_is_said_with_the_place_where_one_should_be(tmp_path: Path) -> None:
    nothing = "no file of that name: there is no backup"

    assert checked(tmp_path, Backup()) == (f"backups/: {nothing}",)
    assert checked(tmp_path, Backup(files="*.dump")) == (f"*.dump: {nothing}",)


def test_backup_is_as_old_as_what_it_shows(tmp_path: Path) -> None:
    """Whatever the date of the file says: it may have been copied."""
    laid(tmp_path, "older", days=1)
    laid(tmp_path, "newer")
    os.utime(tmp_path / "newer.dump", (0, 0))

    assert [one.path.name for one in lying(tmp_path, Backup(folder=""))] == [
        "newer.dump",
        "older.dump",
    ]


def test_byte_that_was_changed_is_found_by_reading_it(tmp_path: Path) -> None:
    laid(tmp_path, "shop-1")
    (stored,) = manifest.stored(tmp_path)
    assert stored.altered() == ""

    stored.archive.write_bytes(b"S" + stored.archive.read_bytes()[1:])

    assert stored.good
    assert stored.altered() == "is not what was written: its sha256 differs"


def test_name_of_a_database_that_no_file_may_have_is_spelled_otherwise(tmp_path: Path) -> None:
    name = manifest.named("../shop/1", "20261122T120000-0000")

    assert manifest.place(tmp_path, name).parent == tmp_path


def test_last_drill_is_that_of_the_target_that_is_asked_about(tmp_path: Path) -> None:
    for number, target in enumerate(["prod", "prod", "staging"]):
        drills.write(
            Drill(
                1, f"2026-{number}", target, NOON, "GO", "", "shop-1", NOON, 1.0, 900.0, 1.0, "x"
            ),
            tmp_path,
        )
    (tmp_path / drills.FOLDER / "2027.json").write_text("{}")

    found = drills.last(tmp_path, "prod")

    assert found is not None
    assert found.label == "2026-1"
    assert drills.last(tmp_path, "test") is None


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A private key as age-keygen writes it, with its public key beside it."""
    pyrage = pytest.importorskip("pyrage")
    one = pyrage.x25519.Identity.generate()
    file = tmp_path / "key.txt"
    file.write_text(f"# created: today\n# public key: {one.to_public()}\n{one}\n")
    (tmp_path / "public").write_text(str(one.to_public()))
    return file


def public(key: Path) -> str:
    """The public key that belongs to a private one."""
    return key.with_name("public").read_text()


def test_what_was_encrypted_is_opened_by_its_key_and_by_no_other(key: Path, tmp_path: Path) -> None:
    pyrage = pytest.importorskip("pyrage")
    other = tmp_path / "other.txt"
    other.write_text(str(pyrage.x25519.Identity.generate()))
    plain, locked, again = (tmp_path / name for name in ("plain", "locked", "again"))
    plain.write_bytes(ROW)

    encryption.encrypt(plain, locked, [public(key)])
    encryption.decrypt(locked, again, key)

    assert again.read_bytes() == ROW
    assert ROW[:20] not in locked.read_bytes()
    assert encryption.opens(locked, key) == ""
    assert "does not open it" in encryption.opens(locked, other)
    with pytest.raises(ToolFailed, match="cannot be decrypted"):
        encryption.decrypt(locked, again, other)


@pytest.mark.parametrize("damage", ["cut", "changed"])
def test_what_was_damaged_is_not_opened_to_its_end(key: Path, tmp_path: Path, damage: str) -> None:
    plain, locked = tmp_path / "plain", tmp_path / "locked"
    plain.write_bytes(ROW * 100)
    encryption.encrypt(plain, locked, [public(key)])
    data = bytearray(locked.read_bytes())
    data[-100] ^= 1
    locked.write_bytes(bytes(data) if damage == "changed" else bytes(data[:-100]))

    with pytest.raises(ToolFailed, match="locked cannot be decrypted"):
        encryption.decrypt(locked, tmp_path / "again", key)


def test_hundred_megabytes_pass_through_a_pipe_in_constant_memory(
    key: Path, tmp_path: Path
) -> None:
    pipe, locked = tmp_path / "pipe", tmp_path / "locked"
    os.mkfifo(pipe)
    argv = encryption.command("encrypt", pipe, locked, public(key))
    with subprocess.Popen(argv) as child, pipe.open("wb") as writer:
        for _ in range(100):
            writer.write(bytes(1_000_000))
        # Not what `getrusage` says of children: that is the peak of this process, if it is higher.
        status = Path(f"/proc/{child.pid}/status").read_text()

    assert child.returncode == 0
    assert locked.stat().st_size > 100_000_000
    assert int(status.partition("VmHWM:")[2].split()[0]) < 150_000  # kB


def test_key_that_is_none_is_refused_before_anything_is_written(key: Path, tmp_path: Path) -> None:
    none = tmp_path / "none.txt"
    none.write_text("AGE-SECRET-KEY-1NOTAKEY")
    refused: list[tuple[dict[str, Any], Path, str]] = [
        ({"encrypt_to": ("age1nokey",), "identity": "k"}, key, "no public key: age1nokey"),
        ({"encrypt_to": (public(key),)}, key, "without identity"),
        ({"encrypt_to": (public(key),), "identity": "k"}, none, "no private key"),
        ({"encrypt_to": (public(key),), "identity": "k"}, tmp_path / "gone", "No such file"),
    ]
    for declared, identity, why in refused:
        with pytest.raises(UsageError, match=why) as error:
            encryption.refuse(Backup(**declared), identity)
        assert "AGE-SECRET" not in str(error.value)
    encryption.refuse(Backup(encrypt_to=(public(key),), identity="k"), key)
    encryption.refuse(Backup(), tmp_path / "gone")


def test_private_key_that_opens_nothing_of_what_is_encrypted_is_refused(key: Path) -> None:
    pyrage = pytest.importorskip("pyrage")
    other = str(pyrage.x25519.Identity.generate().to_public())

    with pytest.raises(UsageError, match="opens nothing that is encrypted"):
        encryption.refuse(Backup(encrypt_to=(other,), identity="k"), key)


def test_encryption_without_its_library_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pyrage", None)

    with pytest.raises(UsageError, match="not installed") as error:
        encryption.encrypt(tmp_path / "a", tmp_path / "b", ["age1"])

    assert "gatepost[age]" in error.value.hint
