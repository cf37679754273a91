"""Would whoever uses the database still find what it uses, under the name that it had?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.linting import rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.linting.cases import Case, Hit


def renamed(case: Case) -> Iterator[Hit]:
    """Yield what gets another name, or another schema, and was there before the first file."""
    act, node = case.act, case.act.node
    if act.kind not in ("RenameStmt", "AlterObjectSchemaStmt") or node.relation is None:
        return
    table = case.world.table(node.relation)
    if table is None or table.made:
        return
    if act.kind == "AlterObjectSchemaStmt":
        yield case.hit(rules.RENAMED, f"{table.relation} moves to the schema {node.newschema}")
    elif node.renameType.name == "OBJECT_COLUMN":
        yield case.hit(rules.RENAMED, f"{table.relation}.{node.subname} becomes {node.newname}")
    elif node.renameType.name in ("OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW"):
        yield case.hit(rules.RENAMED, f"{table.relation} becomes {node.newname}")
