"""Goods of all the types that may be declared to count as the same, and what is said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gatepost import settings
from gatepost.names import relation
from gatepost.parity import tables
from tests.pairs import opened

if TYPE_CHECKING:
    from gatepost.dsn import Dsn

GOODS = """
create table goods (
    id int primary key, price numeric, weight float8, small float4, stock int, name text,
    code char(6), sold timestamp, day date, note text
);
insert into goods
select g, g + 0.50, g / 7.0, g / 3.0, g, 'Name ' || g, 'c' || g,
       timestamp '2024-05-01' + g * interval '1 hour', date '2024-05-01' + g, 'x'
from generate_series(1, 200) as g;
insert into goods values (900, 'NaN', 'NaN', 'Infinity', null, null, '', 'infinity', '-infinity'),
    (901, 'Infinity', '-Infinity', '-0', 0, '', null, null, null);
"""


class Told:
    """What a comparison said."""

    def __init__(self, found: tables.Comparison) -> None:
        self.alike = found.alike
        self.finding = found.finding
        self.damage = "\n".join(map(str, found.damage))
        self.notes = found.notes


def asked(pair: tuple[Dsn, Dsn], rule: dict[str, Any], name: str = "public.goods") -> Told:
    """Return what is said of a table under a rule."""
    project = settings.Project(tables={name: settings.TableRule(**rule)})
    with opened(*pair, project) as session:
        return Told(tables.compare(session, relation(name)))
