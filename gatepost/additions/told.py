"""What is to be said of a table that a migration made or widened, and of what an old one holds?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gatepost import names
from gatepost.additions import evolution, holdings
from gatepost.parity import queries, shown, tables
from gatepost.told import Told
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatepost.additions.declared import Expectation
    from gatepost.additions.holdings import Held, Holding
    from gatepost.names import Relation
    from gatepost.schema.catalog import Table
    from gatepost.session import Session

_FEW = 8  # values that a declaration names one by one


def additions(session: Session, relation: Relation) -> Told:
    """Return whether what is new of a table holds what was declared of it.

    What nobody declared is a note while it holds nothing, and else a finding.
    """
    settings, sides = session.settings, session.sides
    expected = _expected(settings.project.additions, relation, "additions")
    table = sides.after.catalog.table(relation)
    if table is None:
        return Told(tuple(f"{one.name}: was declared, and is not there after" for one in expected))
    catalogs = sides.before.catalog, sides.after.catalog
    was = evolution.earlier(settings, *catalogs, relation)
    query = queries.yielded(settings, sides.before).get(relation)
    is_new = was is None and query is None
    columns = () if is_new else evolution.of_table(table, was, query)
    found = holdings.of(
        settings, sides.after, table, expected, columns, key="additions", first=is_new
    )
    findings = [*_absent(expected, table), *found.findings]
    notes: list[str] = []
    if is_new and not any(one.table for one in expected):
        (findings if found.rows else notes).append(_new_table(relation, found))
    declared = {names.column(one.column)[1] for one in expected if one.column}
    rows = _rows_before(session, relation) if columns else 0
    for column in columns:
        if column.name not in declared:
            held = found.columns[column.name]
            (findings if _is_invented(held) else notes).append(_new_column(held, rows))
        elif note := _by_default(found.columns[column.name], rows):
            notes.append(note)
    return Told(tuple(findings), tuple(notes), _facts(found))


def content(session: Session, relation: Relation) -> Told:
    """Return whether a table holds what was declared of it: before, or once all has arrived."""
    gate, settings = session.handover.gate, session.settings
    side = session.before if gate == "pre" else session.after
    expected = _expected(settings.project.content, relation, "content")
    table = side.catalog.table(relation)
    if table is None:
        return Told((f"{relation}: its content was declared, and it is not there",))
    if gate == "pre":  # what is not there yet may still be made
        expected = tuple(one for one in expected if not list(_absent((one,), table)))
    found = holdings.of(settings, side, table, expected, key="content")
    return Told((*_absent(expected, table), *found.findings), facts=_facts(found))


def _expected(
    declared: Iterable[Expectation], relation: Relation, key: str
) -> tuple[Expectation, ...]:
    """Return what was declared of a table and its columns."""
    return tuple(one for one in declared if evolution.subject(one, key) == relation)


def _absent(expected: Iterable[Expectation], table: Table) -> Iterator[str]:
    for one in expected:
        if one.column and table.column(names.column(one.column)[1]) is None:
            yield f"{one.name}: was declared, and is not there"


def _rows_before(session: Session, relation: Relation) -> int:
    was = tables.compare(session, relation).was
    return was.rows if was else 0


def _is_invented(held: Held) -> bool:
    """Whether a column holds values that nobody declared, and that follow from nothing."""
    return held.values.nulls < held.values.rows and not held.asked.watched.column.generated


def _new_table(relation: Relation, found: Holding) -> str:
    if not found.rows:
        return f"{relation}: new, and empty"
    more = f": {'; '.join(found.first)}" if found.first else ""
    more += ", …" if found.rows > len(found.first) > 0 else ""
    return (
        f"{relation}: new, and nobody declared what it holds: {counted(found.rows, 'row')}{more}\n"
        f"  hint: if that is meant: [[additions]] table = {_quoted(str(relation))},"
        f" rows = {found.rows}"
    )


def _new_column(held: Held, was: int) -> str:
    name, found, column = held.asked.name, held.values, held.asked.watched.column
    if not found.rows:
        return f"{name}: new; the table holds no row"
    if found.nulls == found.rows:
        return f"{name}: new, and NULL in all of {counted(found.rows, 'row')}"
    if column.generated:
        return f"{name}: new, and computed in {counted(found.rows, 'row')}: {column.generated}"
    given = f" by its default, {column.default}," if column.default else ""
    by_default = _by_default(held, was) or f"{name}: new, and filled{given} before anybody used it"
    return f"{by_default}; nobody declared it: {_distribution(held)}\n  hint: {_hint(held)}"


def _by_default(held: Held, was: int) -> str:
    """Return how many rows have what the default gave them, and none of them chose."""
    rows = held.values.of(held.filled) if held.filled is not None else 0
    if not rows:
        return ""
    those = f"all {rows:,}" if rows == held.values.rows else f"{rows:,} of {held.values.rows:,}"
    return (
        f"{held.asked.name}: new, and its default filled {those} rows"
        f" ({was:,} were there before) with {shown.plain(held.filled)}"
    )


def _distribution(held: Held) -> str:
    """Return which values there are, and how often, as far as they may be shown."""
    found = held.values
    told = [f"{shown.plain(one.text)} in {one.rows:,}" for one in found.most]
    rest = found.distinct - sum(one.text is not None for one in found.most)
    more = f", and {counted(rest, 'other value')}" if rest > 0 else ""
    return f"{', '.join(told)}{more}"


def _hint(held: Held) -> str:
    """Return what a project writes that means just that."""
    found, watched = held.values, held.asked.watched
    own = {"column": _quoted(held.asked.name)}
    known = [one for one in found.most if one.text is not None and (one.wanted or watched.open)]
    if len(known) == found.distinct <= _FEW:
        pairs = ", ".join(f"{_quoted(one.text)} = {one.rows}" for one in known)
        own["distribution"] = f"{{ {pairs} }}"
        if found.nulls:
            own["nulls"] = str(found.nulls)
    elif found.nulls:
        own["nulls"] = str(found.nulls)
    else:
        own["not_null"] = "true"
    said = ", ".join(f"{key} = {value}" for key, value in own.items())
    return f"if that is meant: [[additions]] {said}"


def _quoted(text: str | None) -> str:
    """Return a text as TOML has it, whose strings are those of JSON."""
    return json.dumps(text or "", ensure_ascii=False)


def _facts(found: Holding) -> dict[str, object]:
    """Return what a report keeps: counts, and of the values those that may be shown."""
    return {"rows": found.rows, **{name: held.values for name, held in found.columns.items()}}
