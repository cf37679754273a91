"""Which questions does the suite ask, and in which gates?"""

from __future__ import annotations

from dataclasses import dataclass

from gatepost.settings import Gate


@dataclass(frozen=True)
class Question:
    """A question the suite asks.

    :param gates: in which gates.
    :param parameter: the argument by which a check takes its subject.
    """

    name: str
    gates: tuple[Gate, ...]
    parameter: str


# In the order in which they are asked.
QUESTIONS = {
    question.name: question
    for question in (
        Question("connect", ("pre",), "side"),
        Question("identity", ("pre",), "subject"),
        Question("versions", ("pre",), "subject"),
        Question("role", ("pre",), "subject"),
        Question("backup", ("pre",), "backup"),
        Question("promote", ("pre",), "promote"),
        Question("environment", ("pre", "app"), "environment"),
        Question("settings", ("pre", "data"), "subject"),
        Question("extensions", ("pre", "data"), "subject"),
        Question("schema", ("pre", "data"), "subject"),
        Question("ledger", ("pre", "data"), "ledger"),
        Question("lint", ("pre",), "migration"),
        Question("coverage", ("pre",), "collection"),
        Question("ids", ("pre", "data"), "collection"),
        Question("casts", ("pre",), "table"),
        Question("violations", ("pre",), "claim"),
        Question("uses", ("pre",), "taken"),
        Question("rows", ("data",), "relation"),
        Question("columns", ("data",), "relation"),
        Question("additions", ("data",), "table"),
        Question("content", ("pre", "data"), "table"),
        Question("orphans", ("data",), "reference"),
        Question("credentials", ("data",), "credential"),
        Question("counters", ("data",), "counter"),
        Question("sequences", ("data",), "sequence"),
        Question("export", ("data",), "export"),
        Question("objects", ("data",), "subject"),
        Question("privileges", ("data",), "subject"),
        Question("locks", ("data",), "locked"),
        Question("endpoint", ("app",), "endpoint"),
        Question("page", ("app",), "page"),
        Question("health", ("app",), "health"),
        Question("upload", ("app",), "upload"),
        Question("delivery", ("app",), "delivery"),
        Question("probe", ("app",), "probe"),
        Question("media", ("pre", "app"), "media_column"),
        Question("queries", ("app",), "subject"),
        Question("downtime", ("app",), "subject"),
        Question("rollback", ("app",), "subject"),
    )
}
