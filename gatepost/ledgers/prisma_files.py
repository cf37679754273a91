"""Do the migrations of a Prisma project agree with the rows that speak of them?

By the rules of `migrate deploy`: a file that no row stands for is pending, whatever happened to it.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from gatepost.ledgers import checksums, faults
from gatepost.ledgers.entries import Told, told
from gatepost.migrations import prisma

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gatepost.ledgers.entries import Asked, Entry
    from gatepost.migrations.chain import Chain, File

_WHEN = re.compile(r"\d+_")


def judge(asked: Asked, files: Chain) -> Told:
    """Return what is wrong with the files, what is worth knowing, and what is to run."""
    findings = (*_folder(asked, files), *_against(asked, files))
    waiting = asked.waiting(
        [one.name for one in _untouched(asked, files)],
        "has a file and was never applied",
        hint="`prisma migrate deploy` applies it",
    )
    order = Told(notes=tuple(_order(asked, files)))
    return Told(findings) + order + _rolled_back(asked, files) + waiting


def pending(entries: Sequence[Entry], files: Chain) -> tuple[File, ...]:
    """Return what `migrate deploy` would run, in its order."""
    standing = {entry.name for entry in entries if entry.stands}
    return tuple(file for file in files.files if file.name not in standing)


def _folder(asked: Asked, files: Chain) -> Iterator[str]:
    assert asked.folder is not None  # there is a chain of it
    if files.layout != "prisma":
        yield told(
            f"{asked.folder.name}: it holds no NAME/migration.sql",
            "`files` is the folder of Prisma's migrations, prisma/migrations",
        )
    for name in files.empty:
        yield told(
            f"{asked.folder.name}/{name}: it holds no migration.sql, and every deployment refuses"
            " that (P3015)",
            "delete the folder, or put its script back",
        )
    if other := prisma.other_provider(asked.folder):
        yield told(
            f"{asked.folder.name}/migration_lock.toml: these are migrations for {other}, and"
            " every deployment refuses them (P3019)",
            "begin a new chain for postgresql",
        )


def _against(asked: Asked, files: Chain) -> Iterator[str]:
    by_checksum = {form: one for one in files.files for form in checksums.sha256_forms(one.raw)}
    for entry in _newest(asked):
        file = files.named(entry.name)
        if file is None:
            yield _missing(asked, files, entry, by_checksum.get((entry.checksum or "").lower()))
        elif checksums.is_sha256((entry.checksum or "").lower()):
            yield from _edited(asked, entry, file)


def _newest(asked: Asked) -> list[Entry]:
    """Return of each migration the last row that stands for it.

    The engine looks at the first: after a script was mended and deployed again, at the wrong one.
    """
    return list({entry.name: entry for entry in asked.standing}.values())


def _edited(asked: Asked, entry: Entry, file: File) -> Iterator[str]:
    checksum = (entry.checksum or "").lower()
    if checksum not in checksums.sha256_forms(file.raw):
        yield faults.edited(asked, entry.name, checksums.slight(checksum, file.raw))


def _missing(asked: Asked, files: Chain, entry: Entry, same: File | None) -> str:
    if same is not None:
        return asked.says(
            f"{entry.name} was applied, and is called {same.name} since: a deployment would run"
            " it again",
            hint=f"rename the folder back to {entry.name}",
        )
    alike = [one.name for one in pending(asked.entries, files) if _called(one) == _called(entry)]
    if alike:
        return asked.says(
            f"{entry.name} was applied and has no file; {alike[0]} was never applied: renamed, and"
            " edited, after it had run?",
            hint=f"put {entry.name} back as it ran, and what was added into a new migration",
        )
    return asked.says(
        f"{entry.name} was applied and has no file",
        hint="put its folder back: without it a new database is built otherwise",
    )


def _called(one: Entry | File) -> str:
    return _WHEN.sub("", one.name, count=1)


def _rolled_back(asked: Asked, files: Chain) -> Told:
    """Return what is to be said of what was rolled back, and would be run again."""
    rows: dict[str, list[Entry]] = defaultdict(list)
    for entry in asked.entries:
        rows[entry.name].append(entry)
    findings: list[str] = []
    notes: list[str] = []
    for name, ones in rows.items():
        if any(entry.stands for entry in ones):
            continue
        file = files.named(name)
        if file is None:
            notes.append(asked.says(f"{name} was rolled back, and has no file: it will not run"))
        elif name in asked.ledger.again:
            notes.append(asked.says(f"{name} was rolled back, and is to run again"))
        elif any(entry.checksum in checksums.sha256_forms(file.raw) for entry in ones):
            findings.append(
                asked.says(
                    f"{name} was rolled back, and a deployment would run the same script again",
                    hint="delete its folder; or, where it is to run, say so: again ="
                    f' ["{name}"] in [[ledgers]]',
                )
            )
        else:
            notes.append(asked.says(f"{name} was rolled back and edited since, and runs again so"))
    return Told(tuple(findings), tuple(notes))


def _untouched(asked: Asked, files: Chain) -> Iterator[File]:
    """Yield what no row speaks of at all, unless it is told as another's new name."""
    known = {entry.name for entry in asked.entries}
    there = {one.name for one in files.files}
    renamed = {
        (entry.checksum or "").lower() for entry in asked.standing if entry.name not in there
    }
    for file in pending(asked.entries, files):
        if file.name not in known and not renamed & checksums.sha256_forms(file.raw):
            yield file


def _order(asked: Asked, files: Chain) -> Iterator[str]:
    done = [entry.name for entry in asked.standing if entry.done]
    last = max(done, default="")
    for file in pending(asked.entries, files):
        if file.name < last:
            yield asked.says(
                f"{file.name} would run after {last}, and a new database runs it before"
            )
    for one, later in itertools.pairwise(done):
        if one > later:
            yield asked.says(f"{later} ran after {one}, and a new database runs it before")
