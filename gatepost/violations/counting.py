"""How many rows break what a pending migration demands, and which are they?"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database
from gatepost.violations import asking, probing
from gatepost.violations.claims import Against, Becoming, Excluding, Pointing, Shared
from gatepost.violations.found import SHOWN, Found
from gatepost.violations.shapes import KEY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gatepost.database import Connection
    from gatepost.schema.catalog import Catalog
    from gatepost.violations.claims import Claim
    from gatepost.violations.found import Key
    from gatepost.violations.shapes import Shape

_HIDDEN = sql.Identifier(KEY)
_COUNTS = sql.SQL("select pg_catalog.count(*){counts} from ({rows}) as {name}")
_COUNT = sql.SQL(", pg_catalog.count(*) filter (where {broken})")
_KEYS = sql.SQL(
    "select {name}.{key} from ({rows}) as {name} where {broken} order by 1 limit {limit}"
)
# Of each key that several rows have: two of the rows, how many they are, and of how many keys and
# rows it is one.
_SHARED = sql.SQL(
    "select pg_catalog.min({name}.{key}), pg_catalog.max({name}.{key}), pg_catalog.count(*),"
    " pg_catalog.count(*) over (), pg_catalog.sum(pg_catalog.count(*)) over (),"
    " array[{shown}]::pg_catalog.text[]"
    " from ({rows}) as {name} where {given} group by {keys}"
    " having pg_catalog.count(*) > 1 order by 3 desc, 1 limit {limit}"
)
_LOST = sql.SQL("({given}) and not exists (select from ({parents}) as parent where {pairs})")
_PAIRS = sql.SQL(
    "with taken as materialized (select {elements}, {name}.{key} as key from ({rows}) as {name}"
    " where {given})"
    " select a.key, pg_catalog.count(*) over () from taken as a where exists"
    " (select from taken as b where a.key <> b.key and {alike}) order by 1 limit {limit}"
)


def by_row(conn: Connection, claims: Iterable[Claim]) -> dict[str, tuple[int, int]]:
    """Return how many rows break each claim that a row breaks by itself, and of how many.

    One scan for all that is demanded of a table in one state.  Missing are those that cannot be
    asked together.
    """
    together: dict[tuple[int, tuple[str, ...]], list[Claim]] = defaultdict(list)
    for one in claims:
        if isinstance(one.test, Against) and not one.missing and one.shape.live:
            together[id(one.shape), one.path].append(one)
    found: dict[str, tuple[int, int]] = {}
    for some in together.values():
        try:
            with database.as_written(conn, some[0].path):
                ((among, *counts),) = asking.rows(conn, _counting(some))
        except (asking.TooDear, *probing.OF_ROWS, *probing.NOT_YET):
            continue
        found |= {one.subject: (rows, among) for one, rows in zip(some, counts, strict=True)}
    return found


def count(
    conn: Connection, claim: Claim, catalog: Catalog, known: tuple[int, int] | None = None
) -> Found | None:
    """Return the rows that break a claim; None where it is not known what would.

    :param known: how many rows break it, and of how many, where that was asked.
    :raises TooDear: the planner expects that it takes too long.
    :raises psycopg.Error: the server refuses the question.

    One scan for what a row breaks by itself, a sort or a hash of the keys for what several rows
    do, an anti-join for what points elsewhere.
    """
    with database.as_written(conn, claim.path):
        match claim.test:
            case Against():
                return _against(conn, claim.shape, claim.test, known)
            case Shared():
                return _shared(conn, claim.shape, claim.test)
            case Pointing():
                return _pointing(conn, claim.shape, claim.test)
            case Excluding():
                return _excluding(conn, claim.shape, claim.test)
            case Becoming():
                return probing.becoming(conn, claim.shape, claim.test, catalog)
            case _:
                return None


def _counting(claims: list[Claim]) -> sql.Composed:
    shape = claims[0].shape
    tests = [one.test.broken for one in claims if isinstance(one.test, Against)]
    counts = sql.SQL("").join(_COUNT.format(broken=one) for one in tests)
    return _COUNTS.format(counts=counts, rows=shape.rows(), name=_name(shape))


def _against(conn: Connection, shape: Shape, test: Against, known: tuple[int, int] | None) -> Found:
    if known is None:
        count = _COUNT.format(broken=test.broken)
        query = _COUNTS.format(counts=count, rows=shape.rows(), name=_name(shape))
        ((among, rows),) = asking.rows(conn, query)
    else:
        rows, among = known
    if not rows:
        return Found(0, among)
    return Found(rows, among, _keys(conn, shape, test.broken, alone=False))


def _shared(conn: Connection, shape: Shape, test: Shared) -> Found:
    keys = sql.SQL(", ").join(test.keys)
    given = [] if test.given is None else [sql.SQL("({})").format(test.given)]
    if not test.nulls_are_one:
        given += [sql.SQL("{} is not null").format(one) for one in test.keys]
    shown = sql.SQL(", ").join(sql.SQL("{}::pg_catalog.text").format(one) for one in test.keys)
    query = _SHARED.format(
        name=_name(shape),
        key=_HIDDEN,
        shown=shown,
        rows=shape.rows(alone=True),
        given=_all(given),
        keys=keys,
        limit=sql.Literal(SHOWN),
    )
    found = asking.rows(conn, query)
    if not found:
        return Found(0)
    return Found(
        rows=int(found[0][4]),
        keys=tuple(tuple(key) for row in found for key in row[:2]),
        groups=int(found[0][3]),
        values=tuple(tuple(row[5]) for row in found),
        more=int(found[0][3]) > len(found) or any(row[2] > 2 for row in found),  # noqa: PLR2004 - a pair
    )


def _pointing(conn: Connection, shape: Shape, test: Pointing) -> Found:
    name = _name(shape)
    columns = [sql.SQL("{}.{}").format(name, sql.Identifier(one)) for one in test.columns]
    given = _all([sql.SQL("{} is not null").format(one) for one in columns])
    lost: sql.Composable = given
    if test.parent.live is not None:
        parents = [sql.Identifier("parent", one) for one in test.parent_columns]
        pairs = [
            sql.SQL("{} = {}").format(parent, mine)
            for parent, mine in zip(parents, columns, strict=True)
        ]
        rows = test.parent.rows(alone=True)
        lost = _LOST.format(given=given, parents=rows, pairs=_all(pairs))
    if test.full:
        some = sql.SQL(" or ").join(sql.SQL("{} is not null").format(one) for one in columns)
        lost = sql.SQL("({lost}) or (({some}) and not ({given}))").format(
            lost=lost, some=some, given=given
        )
    query = _COUNTS.format(
        counts=_COUNT.format(broken=lost), rows=shape.rows(alone=True), name=name
    )
    ((among, rows),) = asking.rows(conn, query)
    return Found(rows, among, _keys(conn, shape, lost, alone=True) if rows else ())


def _excluding(conn: Connection, shape: Shape, test: Excluding) -> Found:
    places = range(len(test.pairs))
    elements = sql.SQL(", ").join(
        sql.SQL("{} as {}").format(element, sql.Identifier(str(at)))
        for at, (element, _) in enumerate(test.pairs)
    )
    alike = _all(
        [
            sql.SQL("{} {} {}").format(
                sql.Identifier("a", str(at)), test.pairs[at][1], sql.Identifier("b", str(at))
            )
            for at in places
        ]
    )
    query = _PAIRS.format(
        elements=elements,
        name=_name(shape),
        key=_HIDDEN,
        rows=shape.rows(alone=True),
        given=test.given or sql.SQL("true"),
        alike=alike,
        limit=sql.Literal(SHOWN),
    )
    found = asking.rows(conn, query)
    return Found(rows=int(found[0][1]) if found else 0, keys=tuple(tuple(key) for key, _ in found))


def _keys(
    conn: Connection, shape: Shape, broken: sql.Composable, *, alone: bool
) -> tuple[Key, ...]:
    query = _KEYS.format(
        name=_name(shape),
        key=_HIDDEN,
        rows=shape.rows(alone=alone),
        broken=broken,
        limit=sql.Literal(SHOWN),
    )
    return tuple(tuple(key) for (key,) in database.rows(conn, query))


def _all(conditions: list[sql.Composed]) -> sql.Composable:
    return sql.SQL(" and ").join(conditions) if conditions else sql.SQL("true")


def _name(shape: Shape) -> sql.Identifier:
    return sql.Identifier(shape.relation.name)
