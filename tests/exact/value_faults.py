"""Which damage to single values is planted, and in which words must it be named?

Each fault has a table of its own: `id`, the column `v` and, where two columns are needed, `w`.
The four modules `faults_of_…` hold them by the kind of type.
"""

from __future__ import annotations

from dataclasses import dataclass

ROWS = 4


@dataclass(frozen=True)
class ValueFault:
    """One kind of damage to the values of a column.

    :param type: of `v`, and of `w`.
    :param before: SQL for the value of row `n`, from 1 to `ROWS`.
    :param damage: SQL for what `v` becomes, and what else is set.
    :param kind: how the finding names it.
    :param rows: where it is done.
    :param beside: SQL for the value of `w`; there is no such column where it is empty.
    """

    name: str
    type: str
    before: str
    damage: str
    kind: str
    rows: tuple[int, ...] = (3,)
    beside: str = ""

    def __repr__(self) -> str:
        return self.name.replace(" ", "_")

    def made(self) -> str:
        """Return the SQL that makes its table."""
        columns = f'id int primary key, "v" {self.type}'
        values = f"n, {self.before}"
        if self.beside:
            columns, values = f'{columns}, "w" {self.type}', f"{values}, {self.beside}"
        return (
            f'create table "{self.name}" ({columns});'
            f'insert into "{self.name}" select {values} from generate_series(1, {ROWS}) as n'
        )

    def planted(self) -> str:
        """Return the SQL that does the damage."""
        places = ", ".join(map(str, self.rows))
        return f'update "{self.name}" set v = {self.damage} where id in ({places})'

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are damaged."""
        return ("v", "w") if self.beside else ("v",)
