"""What is a rule asked about, and what does it answer?"""

from __future__ import annotations

from dataclasses import dataclass, field

from gatepost.linting.acts import Act, Mode
from gatepost.linting.rules import Rule
from gatepost.linting.world import World
from gatepost.names import Relation


@dataclass(frozen=True)
class Hit:
    """Where a rule is not kept.

    :param line: of the file, from 1.
    :param said: what is so, in words.
    :param hint: a better way out than the rule's own.
    :param of: of what is dropped, its name: `schema.table` or `schema.table.column`.
    :param bytes: of the table that others wait for, where they do.
    :param seconds: how long they wait, as far as can be said.
    """

    rule: Rule
    line: int
    said: str
    hint: str = ""
    of: str = ""
    bytes: int = 0
    seconds: float = 0.0


@dataclass
class Block:
    """What was done in a transaction so far.

    :param labels: added to enums that were there before it, with their lines, by type and label.
    :param types: made in it: their labels may be used at once.
    :param held: tables that others wait for until it ends, with the line that locked each.
    """

    labels: dict[tuple[str, str], int] = field(default_factory=dict)
    types: set[str] = field(default_factory=set)
    held: dict[Relation, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """An act, and what is there when it is done.

    :param mode: how the file is run.
    """

    act: Act
    world: World
    block: Block
    mode: Mode

    def hit(self, rule: Rule, said: str, hint: str = "", of: str = "") -> Hit:
        """Return that a rule is not kept by this act."""
        return Hit(rule, self.act.line, said, hint, of)
