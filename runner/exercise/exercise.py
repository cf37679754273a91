"""What came of using the application as the project says that it is used?"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from gatepost import exercised
from gatepost.exercised import Exercised
from gatepost.wording import counted, sized
from gatepost.writing import Writer

from . import delivering, probing, uploading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.dsn import Dsn
    from gatepost.exercised import Delivered, Fact, Probed, Uploaded
    from gatepost.exercises import Delivery, Exercise, Probe, Upload
    from gatepost.settings import Settings


_MASK = "****"


def is_declared(settings: Settings) -> bool:
    """Whether there is an application to be used, and something to be tried on it."""
    project = settings.project
    wanted = (*project.uploads, *project.deliveries, *project.probes)
    return bool(wanted) and bool(settings.target.app)


def use(settings: Settings, live: Dsn) -> Exercised:
    """Use the application in front of the target, and remove what was written.

    What it does not do is in what is returned, and is not raised.

    :param live: the database that it should write to.
    """
    project = settings.project
    return Exercised(
        tuple(_uploaded(settings, one) for one in project.uploads),
        tuple(_delivered(settings, one) for one in project.deliveries),
        tuple(_probed(settings, one, live) for one in project.probes),
    )


def says(settings: Settings) -> str:
    """Return what will be written, and that it is removed."""
    return f"through the application: {', '.join(_intended(settings))}; all of it is removed again"


def lines(found: Exercised, settings: Settings) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each thing that was tried, with its figures and what is wrong with it."""
    project = settings.project
    for upload in project.uploads:
        if sent := exercised.named(found.uploads, upload.path):
            told = exercised.told_upload(sent, upload)
            yield f"upload {upload.path}: {told}", exercised.upload_findings(sent, upload)
    for delivery in project.deliveries:
        if heard := exercised.named(found.deliveries, delivery.path):
            told = exercised.told_delivery(heard, delivery)
            yield f"delivery {delivery.path}: {told}", exercised.delivery_findings(heard, delivery)
    for probe in project.probes:
        if saved := exercised.named(found.probes, probe.path):
            told = exercised.told_probe(saved)
            yield f"probe {probe.path}: {told}", exercised.probe_findings(saved, probe)


def _intended(settings: Settings) -> Iterator[str]:
    for upload in settings.project.uploads:
        yield f"{counted(upload.times, 'file')} of {sized(upload.size)} to {upload.path}"
    for delivery in settings.project.deliveries:
        yield f"{counted(delivery.times, 'message')} to {delivery.path}"
    for probe in settings.project.probes:
        yield f"1 row to {probe.create}"


def _uploaded(settings: Settings, declared: Upload) -> Uploaded:
    with Writer(settings.target.app, settings.project.limits, declared.headers) as writer:
        return _masked(uploading.upload(writer, declared), declared)


def _delivered(settings: Settings, declared: Delivery) -> Delivered:
    limits = settings.project.limits
    with Writer(settings.target.app, limits, declared.headers) as writer:
        return _masked(delivering.deliver(writer, declared, limits), declared)


def _probed(settings: Settings, declared: Probe, live: Dsn) -> Probed:
    with Writer(settings.target.app, settings.project.limits, declared.headers) as writer:
        return _masked(probing.probe(writer, declared, live), declared)


def _masked(found: Fact, declared: Exercise) -> Fact:
    """Return what came of it without what an application that complains may have repeated."""
    problems = list(found.problems)
    for secret in sorted(declared.secrets, key=len, reverse=True):
        problems = [one.replace(secret, _MASK) for one in problems]
    return dataclasses.replace(found, problems=tuple(problems))
