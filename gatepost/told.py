"""What does a check say of one subject?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Told:
    """What was found about one subject.

    :param findings: what is wrong, culprits named; empty if nothing is.
    :param notes: what is true and worth knowing, and no finding.
    :param facts: what the report keeps: counts and names, never a value.
    """

    findings: tuple[str, ...]
    notes: tuple[str, ...] = ()
    facts: object = None
