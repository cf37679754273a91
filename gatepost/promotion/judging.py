"""Is the newest run of the other target a GO that stands for what is about to be done here?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost.durations import spoken
from gatepost.migrations.chain import File
from gatepost.promotion import files
from gatepost.told import Told
from gatepost.verdict import SideInfo
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.promotion.declared import Promote
    from gatepost.promotion.kept import Found, Kept, Release

_SKEW = 300.0  # seconds by which the clocks of two machines may differ


@dataclass(frozen=True)
class Wanted:
    """For what the other target's GO is to stand.

    :param origin: the other target.
    :param place: where its verdicts are looked for, in words.
    :param app: whether an application stands in front of it.
    :param version: of gatepost.
    """

    origin: str
    place: str
    app: bool
    version: str
    phase: str
    migrations: tuple[File, ...]
    database: SideInfo
    now: dt.datetime


def told(found: Found, wanted: Wanted, declared: Promote) -> Told:
    """Return why the other target's newest run of the same phase is no proof; pure.

    No later one may be a no-go: a release that went well and then did not has not gone well.
    """
    unreadable = tuple(f"{wanted.origin}: {line}" for line in found.unreadable)
    at, proof = next(
        ((at, one) for at, one in enumerate(found.releases) if one.phase == wanted.phase),
        (len(found.releases), None),
    )
    later = (
        f"{_about(one, wanted)}: {line}" for one in found.releases[:at] for line in _no_go(one)
    )
    if proof is None:
        return Told((*unreadable, *later, _nothing(found, wanted)))
    findings = (
        *_no_go(proof),
        *_not_asked(proof, wanted),
        *_altered(proof),
        *_age(proof, wanted, declared.max_age),
        *_something_else(proof, wanted),
    )
    about = _about(proof, wanted)
    return Told(
        (*unreadable, *later, *(f"{about}: {line}" for line in findings)),
        (f"{about}: {_summary(proof, wanted)}",),
        [_facts(one) for one in proof.verdicts],
    )


def _about(one: Release, wanted: Wanted) -> str:
    return f"{wanted.origin}: run {one.label}"


def _nothing(found: Found, wanted: Wanted) -> str:
    of_phase = f" of phase {wanted.phase}" if wanted.phase else ""
    said = f"{wanted.origin}: no run{of_phase} has a verdict of its data gate in {wanted.place}"
    if found.rehearsals:
        said += f"; {counted(found.rehearsals, 'verdict')} of rehearsals, which prove nothing here"
    return f"{said}\n  hint: gatepost migrate --target={wanted.origin} --execute"


def _no_go(run: Release) -> Iterator[str]:
    for one in run.verdicts:
        if one.record.verdict != "GO" or one.record.exit_status:
            yield f"its {one.record.gate} gate was no GO: {one.record.headline}"
        elif one.record.blocking or one.record.not_asked or one.record.problems:
            yield f"its {one.record.gate} gate says GO beside findings, or what was not asked"
    if run.run is not None and run.run.word != "GO":
        yield f"it ended {run.run.word}: {run.run.meaning}"
    if run.taken_back:
        yield f"it was taken back after its GO: {run.taken_back}"


def _not_asked(proof: Release, wanted: Wanted) -> Iterator[str]:
    needed = ("data", "app") if wanted.app else ("data",)
    for gate in needed:
        if not proof.gates & {gate, "post"}:
            yield f"its {gate} gate was not asked"


def _altered(proof: Release) -> Iterator[str]:
    for one in proof.verdicts:
        if one.intact is None:
            yield f"the verdict of its {one.record.gate} gate bears no seal: it is an older one's"
        elif not one.intact:
            yield f"the verdict of its {one.record.gate} gate was changed since it was written"


def _age(proof: Release, wanted: Wanted, max_age: float) -> Iterator[str]:
    age = (wanted.now - proof.finished).total_seconds()
    if age > max_age:
        yield f"it ended {spoken(age)} ago, and may be {spoken(max_age)} old"
    elif age < -_SKEW:
        yield f"it ends {spoken(-age)} from now: a clock is wrong"


def _something_else(proof: Release, wanted: Wanted) -> Iterator[str]:
    last = proof.verdicts[-1].record
    version = last.versions.get("gatepost", "an unknown version")
    if version != wanted.version:
        yield f"it was judged by gatepost {version}, and this is {wanted.version}"
    then = last.sides.after
    here = wanted.database
    if then is not None and (then.system_identifier, then.database) == (
        here.system_identifier,
        here.database,
    ):
        yield f"it was of this very database, {here.database} at {here.server}"
    differences = (
        line
        for one in proof.verdicts
        for line in files.differences(wanted.migrations, one.record.migrations)
    )
    yield from dict.fromkeys(differences)


def _summary(proof: Release, wanted: Wanted) -> str:
    last = proof.verdicts[-1].record
    age = spoken(max(0.0, (wanted.now - proof.finished).total_seconds()))
    asked = ", ".join(dict.fromkeys(one.record.gate for one in proof.verdicts))
    said = f"{last.verdict} {age} ago ({asked}), {counted(len(last.migrations), 'migration')}"
    waived = sum(len(one.record.waived) for one in proof.verdicts)
    return f"{said}, {counted(waived, 'waived finding')}" if waived else said


def _facts(kept: Kept) -> dict[str, object]:
    record = kept.record
    return {
        "gate": record.gate,
        "verdict": record.verdict,
        "finished": record.finished,
        "gatepost": record.versions.get("gatepost", ""),
        "migrations": len(record.migrations),
        "intact": kept.intact,
    }
