"""Which statements would give a relation, type or function what is said of it as a whole?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from psycopg import sql

from gatepost.names import parts
from gatepost.schema import invented
from gatepost.schema.mending import statements
from gatepost.schema.mending.statements import RELATIONS, TABLES, WORDS, raw, target, word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.schema.declarations import Object
    from gatepost.schema.telling import Difference

    Statements = Iterator[sql.Composable]
    Mend = Callable[[Difference, Object, Object], Statements]


def _altered(found: Difference, action: sql.Composable) -> sql.Composed:
    return sql.SQL("alter {} {} {}").format(word(found.kind), target(found), action)


def _comment(found: Difference, _before: Object, _after: Object) -> Statements:
    if found.kind in WORDS:
        what = sql.SQL("{} {}").format(word(found.kind), target(found))
        yield statements.commented(what, found.before)


def _name(found: Difference, _before: Object, _after: Object) -> Statements:
    called = target(replace(found, identity=found.after))
    name = sql.Identifier(parts(found.before.removeprefix(f"{found.kind} "))[-1])
    yield sql.SQL("alter {} {} rename to {}").format(word(found.kind), called, name)


def _table(yes: str, no: str = "") -> Mend:
    """Return what mends an attribute of a table; without ``no``, only where it was so."""

    def statement(found: Difference, _before: Object, _after: Object) -> Statements:
        said = yes if found.before else no
        if found.kind in TABLES and said:
            yield _altered(found, raw(said))

    return statement


def _persistence(found: Difference, _before: Object, _after: Object) -> Statements:
    # the other way round, a crash would empty it
    if found.kind in TABLES and found.before == "permanent":
        yield _altered(found, raw("set logged"))


def _access_method(found: Difference, _before: Object, _after: Object) -> Statements:
    if found.before:
        yield _altered(found, sql.SQL("set access method {}").format(sql.Identifier(found.before)))


def _options(prefix: str = "") -> Mend:
    def statement(found: Difference, _before: Object, _after: Object) -> Statements:
        # elsewhere, options may hold what is kept secret
        if found.kind in RELATIONS:
            alter = sql.SQL("alter {} {}").format(word(found.kind), target(found))
            yield from statements.options(alter, found.before, found.after, prefix)

    return statement


def _replica_identity(found: Difference, _before: Object, _after: Object) -> Statements:
    if found.before != "index":  # which index it is, that index says
        yield _altered(found, raw(f"replica identity {found.before or 'default'}"))


def _inherits(found: Difference, before: Object, after: Object) -> Statements:
    if before.attributes.get("bound") or after.attributes.get("bound"):
        return
    was, now = found.before or [], found.after or []
    for verb, gone in (("inherit", _only(was, now)), ("no inherit", _only(now, was))):
        for parent in gone:
            name = sql.Identifier(*parts(parent))
            yield _altered(found, sql.SQL("{} {}").format(raw(verb), name))


def _only(here: list[str], there: list[str]) -> list[str]:
    return [name for name in here if name not in there]


def _bound(found: Difference, before: Object, after: Object) -> Statements:
    """Attach a partition again; its rows are refused where they do not fit."""
    parents = before.attributes.get("inherits") or []
    if found.after is None and len(parents) == 1 and not after.attributes.get("inherits"):
        yield sql.SQL("alter table {} attach partition {} {}").format(
            sql.Identifier(*parts(parents[0])), target(found), raw(found.before)
        )


def _query(found: Difference, before: Object, _after: Object) -> Statements:
    if found.kind == "view":
        yield from _view(found, before.attributes)


def _view(found: Difference, was: dict[str, Any]) -> Statements:
    given = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(value))
        for name, _, value in (option.partition("=") for option in was.get("options", ()))
    )
    options = sql.SQL(" with ({})").format(given) if was.get("options") else raw("")
    query = raw(was["query"].strip().rstrip(";"))
    yield sql.SQL("create or replace view {}{} as {}").format(target(found), options, query)


def _populated(found: Difference, _before: Object, _after: Object) -> Statements:
    if found.before:
        yield sql.SQL("refresh materialized view {}").format(target(found))


def _sequence(found: Difference, before: Object, after: Object) -> Statements:
    """Set all that differs at once: one bound alone may lie beyond another."""
    was, now = before.attributes, after.attributes
    changed = [key for key in _SEQUENCE if was.get(key) != now.get(key)]
    options = sql.SQL(" ").join(_option(key, was[key]) for key in changed)
    yield _altered(found, options)


def _option(key: str, value: Any) -> sql.Composable:
    if key == "cycle":
        return raw("cycle" if value else "no cycle")
    written = raw(value) if key == "type" else sql.Literal(value)
    return sql.SQL("{} {}").format(raw(_SEQUENCE[key]), written)


_SEQUENCE = {
    "type": "as",
    "start": "start with",
    "increment": "increment by",
    "minimum": "minvalue",
    "maximum": "maxvalue",
    "cache": "cache",
    "cycle": "",
}


def _labels(found: Difference, _before: Object, _after: Object) -> Statements:
    """Add the labels that are gone, where those that are left stand in their order."""
    was: list[str] = found.before
    now: list[str] = found.after or []
    if [label for label in was if label in now] != now or not now:
        return
    for at, label in enumerate(was):
        if label in now:
            continue
        first = next(one for one in was if one in now)
        beside = raw("after") if at else raw("before")
        neighbour = sql.Literal(was[at - 1] if at else first)
        action = sql.SQL("add value {} {} {}").format(sql.Literal(label), beside, neighbour)
        yield _altered(found, action)


def _fields(found: Difference, _before: Object, _after: Object) -> Statements:
    was, now = found.before or [], found.after or []
    if was[: len(now)] == now:
        yield from (
            _altered(found, sql.SQL("add attribute {}").format(raw(each)))
            for each in was[len(now) :]
        )


def _domain_default(found: Difference, _before: Object, _after: Object) -> Statements:
    default = (
        sql.SQL("set default {}").format(raw(found.before)) if found.before else raw("drop default")
    )
    yield _altered(found, default)


def _domain_nullable(found: Difference, _before: Object, _after: Object) -> Statements:
    yield _altered(found, raw("drop not null" if found.before else "set not null"))


def _routine(yes: str, no: str) -> Mend:
    def statement(found: Difference, _before: Object, _after: Object) -> Statements:
        if found.kind != "aggregate":
            yield _altered(found, raw(yes if found.before else no))

    return statement


def _routine_as(what: str) -> Mend:
    def statement(found: Difference, _before: Object, _after: Object) -> Statements:
        if found.kind != "aggregate" and found.before is not None:
            yield _altered(found, raw(f"{what}{found.before}"))

    return statement


def _settings(found: Difference, _before: Object, _after: Object) -> Statements:
    was, now = found.before or [], found.after or []
    for name, value in statements.assigned(_only(was, now)):
        yield _altered(found, sql.SQL("set {} to {}").format(name, value))
    kept = {setting.partition("=")[0] for setting in was}
    for name, _ in statements.assigned(each for each in now if each.partition("=")[0] not in kept):
        yield _altered(found, sql.SQL("reset {}").format(name))


def _firing(found: Difference, _before: Object, _after: Object) -> Statements:
    states = {"disabled": "disable", "replica only": "enable replica", "always": "enable always"}
    yield _altered(found, raw(states.get(found.before, "enable")))


def _statistics_target(found: Difference, _before: Object, _after: Object) -> Statements:
    number = sql.Literal(-1 if found.before is None else found.before)
    yield _altered(found, sql.SQL("set statistics {}").format(number))


def made(found: Difference) -> Statements:
    """Make what holds no data and is said in full: views, types and extended statistics."""
    was: dict[str, Any] = found.before
    yield from _made(found, was)
    if was.get("comment") and found.kind in _MADE:
        what = sql.SQL("{} {}").format(word(found.kind), target(found))
        yield statements.commented(what, was["comment"])


_MADE = frozenset({"view", "statistics", "enum", "composite"})


def _made(found: Difference, was: dict[str, Any]) -> Statements:
    if found.kind == "view":
        yield from _view(found, was)
    elif found.kind == "statistics":
        yield raw(was["definition"])
    elif found.kind == "enum":
        labels = sql.SQL(", ").join(map(sql.Literal, was["labels"]))
        yield sql.SQL("create type {} as enum ({})").format(target(found), labels)
    elif found.kind == "composite":
        fields = sql.SQL(", ").join(map(raw, was["fields"]))
        yield sql.SQL("create type {} as ({})").format(target(found), fields)


def _owned(found: Difference, _before: Object, _after: Object) -> Statements:
    if found.kind != "sequence":
        return
    owner = invented.owner(found.before or "")
    if found.before and not owner:
        return
    column = sql.Identifier(*owner) if owner else raw("none")
    yield _altered(found, sql.SQL("owned by {}").format(column))


_ROUTINES = ("function", "window function", "procedure")
# What would mend each attribute of each kind; the kind is empty where any will do.
ATTRIBUTES: dict[tuple[str, str], Mend] = {
    ("", "comment"): _comment,
    ("sequence", "name"): _name,
    ("statistics", "name"): _name,
    ("", "persistence"): _persistence,
    ("table", "access method"): _access_method,
    ("materialized view", "access method"): _access_method,
    ("", "options"): _options(),
    ("", "toast options"): _options("toast."),
    ("", "replica identity"): _replica_identity,
    ("", "row security"): _table("enable row level security", "disable row level security"),
    ("", "row security forced"): _table("force row level security", "no force row level security"),
    ("", "inherits"): _inherits,
    ("", "bound"): _bound,
    ("", "query"): _query,
    ("", "populated"): _populated,
    ("sequence", "owner"): _owned,
    ("enum", "labels"): _labels,
    ("composite", "fields"): _fields,
    ("domain", "default"): _domain_default,
    ("domain", "nullable"): _domain_nullable,
    ("event trigger", "enabled"): _firing,
    ("statistics", "statistics target"): _statistics_target,
    **{("sequence", key): _sequence for key in _SEQUENCE},
} | {
    (kind, attribute): mend
    for kind in _ROUTINES
    for attribute, mend in {
        "volatility": _routine_as(""),
        "parallel": _routine_as("parallel "),
        "cost": _routine_as("cost "),
        "rows": _routine_as("rows "),
        "strict": _routine("strict", "called on null input"),
        "security definer": _routine("security definer", "security invoker"),
        "leakproof": _routine("leakproof", "not leakproof"),
        "settings": _settings,
    }.items()
}
