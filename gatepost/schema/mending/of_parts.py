"""Which statements would give a relation the constraints, indexes, triggers … it had before?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from psycopg import sql

from gatepost.schema.mending import statements
from gatepost.schema.mending.statements import beside, raw, target, word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.schema.declarations import Object
    from gatepost.schema.telling import Difference

    Statements = Iterator[sql.Composable]
    Mend = Callable[[Difference, Object, Object], Statements]
    Attributes = dict[str, Any]

_FIRING = {
    "enabled": "enable",
    "disabled": "disable",
    "replica only": "enable replica",
    "always": "enable always",
}
_DROPPED = {"triggers": "trigger", "rules": "rule", "policies": "policy"}


def _name(found: Difference) -> sql.Identifier:
    return sql.Identifier(found.name)


def _was(found: Difference, before: Object) -> Attributes:
    """Return all that was said of the part before."""
    attributes: Attributes = before.attributes[found.part][found.name]
    return attributes


def _alter(found: Difference) -> sql.Composed:
    holder = word("domain") if found.kind == "domain" else sql.SQL("table")
    return sql.SQL("alter {} {}").format(holder, target(found))


def _constraint(found: Difference, before: Object, after: Object) -> Statements:
    """Make a constraint as it was: rows that break it are refused, none is lost."""
    dropped = sql.SQL("drop constraint {}").format(_name(found))
    if found.before is None and not found.key:
        yield sql.SQL("{} {}").format(_alter(found), dropped)
        return
    was = _was(found, before)
    if was.get("local") is False:  # it comes with the parent's
        return
    added = sql.SQL("add constraint {} {}").format(_name(found), raw(_definition(was)))
    if found.name not in after.attributes.get("constraints", {}):
        yield sql.SQL("{} {}").format(_alter(found), added)
    elif found.kind == "domain":
        yield from (sql.SQL("{} {}").format(_alter(found), step) for step in (dropped, added))
    else:
        yield sql.SQL("{} {}, {}").format(_alter(found), dropped, added)
    if was.get("comment"):
        yield from _comment_on_constraint(found, was["comment"])


def _definition(was: Attributes) -> str:
    marks = {"enforced": " not enforced", "validated": " not valid"}
    mark = next((text for key, text in marks.items() if was.get(key) is False), "")
    return f"{was['definition']}{mark}"


def _comment_on_constraint(found: Difference, comment: str | None) -> Statements:
    domain = raw("domain ") if found.kind == "domain" else raw("")
    what = sql.SQL("constraint {} on {}{}").format(_name(found), domain, target(found))
    yield statements.commented(what, comment)


def _validated(found: Difference, _before: Object, _after: Object) -> Statements:
    if found.after is False:
        yield sql.SQL("{} validate constraint {}").format(_alter(found), _name(found))


def _enforced(found: Difference, before: Object, after: Object) -> Statements:
    # a check can be made enforced only by making it anew
    yield from _constraint(found, before, after)


def _sleeping(found: Difference, before: Object, after: Object) -> Statements:
    # those triggers have names of the server's; a key that is made anew reads all rows again
    if found.after is not None:
        yield from _constraint(found, before, after)


def _index(found: Difference, before: Object, after: Object) -> Statements:
    if found.before is None:
        yield sql.SQL("drop index {}").format(beside(found))
        return
    was = _was(found, before)
    if was.get("part of the parent's index"):  # it comes with that
        return
    if found.name in after.attributes.get("indexes", {}):
        yield sql.SQL("drop index {}").format(beside(found))
    definition: str = was["definition"]
    unique = raw("unique " if definition.startswith("unique ") else "")
    using = raw(definition.removeprefix("unique "))
    yield sql.SQL("create {}index {} on {} using {}").format(
        unique, _name(found), target(found), using
    )
    if was.get("comment"):
        yield statements.commented(sql.SQL("index {}").format(beside(found)), was["comment"])


def _sound(found: Difference, _before: Object, _after: Object) -> Statements:
    if found.after is False:
        yield sql.SQL("reindex index {}").format(beside(found))


def _clustered(found: Difference, _before: Object, _after: Object) -> Statements:
    on = sql.SQL("cluster on {}").format(_name(found))
    yield sql.SQL("{} {}").format(_alter(found), on if found.before else raw("set without cluster"))


def _replica_identity(found: Difference, _before: Object, _after: Object) -> Statements:
    if found.before:
        using = sql.SQL("replica identity using index {}").format(_name(found))
        yield sql.SQL("{} {}").format(_alter(found), using)


def _index_options(found: Difference, _before: Object, _after: Object) -> Statements:
    alter = sql.SQL("alter index {}").format(beside(found))
    yield from statements.options(alter, found.before, found.after)


def _statistics(found: Difference, _before: Object, _after: Object) -> Statements:
    number = -1 if found.before is None else found.before
    yield sql.SQL("alter index {} alter column {} set statistics {}").format(
        beside(found), sql.Literal(int(found.key[-1])), sql.Literal(number)
    )


def _dropped(found: Difference) -> sql.Composed:
    what = raw(_DROPPED[found.part])
    return sql.SQL("drop {} {} on {}").format(what, _name(found), target(found))


def _trigger_or_rule(found: Difference, before: Object, after: Object) -> Statements:
    if found.name in after.attributes.get(found.part, {}):
        yield _dropped(found)
    if found.before is None:
        return
    was = _was(found, before)
    yield raw(was["definition"].rstrip(";"))
    if was.get("enabled", "enabled") != "enabled":
        yield _firing(found, was["enabled"])
    if was.get("comment"):
        yield from _comment(found, was["comment"])


def _firing(found: Difference, state: str) -> sql.Composed:
    what = raw(f"{_FIRING[state]} {_DROPPED[found.part]}")
    return sql.SQL("{} {} {}").format(_alter(found), what, _name(found))


def _enabled(found: Difference, _before: Object, _after: Object) -> Statements:
    yield _firing(found, found.before or "enabled")


def _policy(found: Difference, before: Object, after: Object) -> Statements:
    if found.name in after.attributes.get("policies", {}):
        yield _dropped(found)
    if found.before is None and not found.key:
        return
    was = _was(found, before)
    roles = (sql.SQL(role) if role == "public" else sql.Identifier(role) for role in was["roles"])
    yield sql.SQL("create policy {} on {} as {} for {} to {}{}{}").format(
        _name(found),
        target(found),
        raw("permissive" if was.get("permissive", True) else "restrictive"),
        raw(was["command"]),
        sql.SQL(", ").join(roles),
        _clause("using", was.get("using")),
        _clause("with check", was.get("with check")),
    )
    if was.get("comment"):
        yield from _comment(found, was["comment"])


def _clause(keyword: str, expression: str | None) -> sql.Composable:
    return sql.SQL(" {} ({})").format(raw(keyword), raw(expression)) if expression else raw("")


def _comment(found: Difference, comment: str | None) -> Statements:
    what = raw(_DROPPED[found.part])
    yield statements.commented(
        sql.SQL("{} {} on {}").format(what, _name(found), target(found)), comment
    )


def _said(how: Callable[[Difference, str | None], Statements]) -> Mend:
    def statement(found: Difference, _before: Object, _after: Object) -> Statements:
        yield from how(found, found.before)

    return statement


def _comment_on_index(found: Difference, comment: str | None) -> Statements:
    yield statements.commented(sql.SQL("index {}").format(beside(found)), comment)


def _renamed(found: Difference, _before: Object, _after: Object) -> Statements:
    one, other = sql.Identifier(found.after), sql.Identifier(found.before)
    if found.part == "constraints":
        yield sql.SQL("{} rename constraint {} to {}").format(_alter(found), one, other)
    elif found.part == "indexes":
        lying = beside(replace(found, name=found.after))
        yield sql.SQL("alter index {} rename to {}").format(lying, other)
    else:
        what = raw(_DROPPED[found.part])
        yield sql.SQL("alter {} {} on {} rename to {}").format(what, one, target(found), other)


# What would mend each attribute of each part; the key without attribute is the part itself.
ATTRIBUTES: dict[tuple[str, str], Mend] = {
    ("constraints", ""): _constraint,
    ("constraints", "definition"): _constraint,
    ("constraints", "validated"): _validated,
    ("constraints", "enforced"): _enforced,
    ("constraints", "triggers"): _sleeping,
    ("constraints", "valid"): _sound,
    ("constraints", "ready"): _sound,
    ("constraints", "clustered"): _clustered,
    ("constraints", "replica identity"): _replica_identity,
    ("constraints", "options"): _index_options,
    ("constraints", "comment"): _said(_comment_on_constraint),
    ("constraints", "comment of the index"): _said(_comment_on_index),
    ("constraints", "statistics targets"): _statistics,
    ("constraints", "name"): _renamed,
    ("indexes", ""): _index,
    ("indexes", "definition"): _index,
    ("indexes", "valid"): _sound,
    ("indexes", "ready"): _sound,
    ("indexes", "clustered"): _clustered,
    ("indexes", "replica identity"): _replica_identity,
    ("indexes", "comment"): _said(_comment_on_index),
    ("indexes", "statistics targets"): _statistics,
    ("indexes", "name"): _renamed,
    ("triggers", ""): _trigger_or_rule,
    ("triggers", "definition"): _trigger_or_rule,
    ("triggers", "enabled"): _enabled,
    ("triggers", "comment"): _said(_comment),
    ("triggers", "name"): _renamed,
    ("rules", ""): _trigger_or_rule,
    ("rules", "definition"): _trigger_or_rule,
    ("rules", "enabled"): _enabled,
    ("rules", "comment"): _said(_comment),
    ("rules", "name"): _renamed,
    ("policies", ""): _policy,
    ("policies", "command"): _policy,
    ("policies", "permissive"): _policy,
    ("policies", "roles"): _policy,
    ("policies", "using"): _policy,
    ("policies", "with check"): _policy,
    ("policies", "comment"): _said(_comment),
    ("policies", "name"): _renamed,
}
