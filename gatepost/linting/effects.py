"""What is there after a statement that was not before?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gatepost.linting import blocks
from gatepost.linting.alterations import alter, constrain, constrain_column
from gatepost.linting.facts import Function, Volatility
from gatepost.linting.parsing import kind
from gatepost.linting.running import path_set
from gatepost.linting.world import Table
from gatepost.linting.written import index_name, named, words, written_table
from gatepost.names import Relation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gatepost.linting.acts import Act
    from gatepost.linting.world import World


_RELATIONS = frozenset(
    {"OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_INDEX", "OBJECT_SEQUENCE"}
    | {"OBJECT_FOREIGN_TABLE"}
)
_TYPES = ("OBJECT_TYPE", "OBJECT_DOMAIN")
_CALLED = frozenset({"OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE", "OBJECT_AGGREGATE"})


def play(world: World, act: Act) -> None:
    """Let what an act makes, renames and drops be so."""
    effect = _EFFECTS.get(act.kind)
    if effect is not None:
        effect(world, act)


def _create_table(world: World, act: Act) -> None:
    made = written_table(world, act.node)
    if made.relation in world.tables:
        return
    world.make(made)
    for one in act.node.tableElts or ():
        if kind(one) == "Constraint":
            constrain(world, made.relation, one)
        elif kind(one) == "ColumnDef":
            constrain_column(world, made.relation, one)


def _create_foreign_table(world: World, act: Act) -> None:
    world.make(replace(written_table(world, act.node.base), kind="foreign table"))


def _create_as(world: World, act: Act) -> None:
    relation = world.named(act.node.into.rel)
    if relation not in world.tables:
        world.make(Table(relation, "table", {}, whole=False, made=True))


def _create_view(world: World, act: Act) -> None:
    relation = world.named(act.node.view)
    world.make(Table(relation, "view", {}, whole=False, made=True))


def _create_index(world: World, act: Act) -> None:
    table = world.named(act.node.relation)
    name = index_name(table, act.node)
    world.indexes[Relation(table.schema, name)] = table
    if table in world.tables:
        world.tables[table].parts[name] = named(act.node)


def _create_sequence(world: World, act: Act) -> None:
    world.sequences.add(world.named(act.node.sequence))


def _create_enum(world: World, act: Act) -> None:
    name = world.meant(*words(act.node.typeName))
    if name not in world.enums:
        world.make_type(name, [one.sval for one in act.node.vals or ()])


def _alter_enum(world: World, act: Act) -> None:
    node = act.node
    name = world.type_named(*words(node.typeName))
    labels = world.enums.get(name) if name else None
    if labels is None:
        return
    if node.oldVal:
        labels[:] = [node.newVal if one == node.oldVal else one for one in labels]
    elif node.newVal not in labels:
        labels.append(node.newVal)


def _create_type(world: World, act: Act) -> None:
    node = act.node
    if kind(node) == "CompositeTypeStmt":
        world.make_type(world.named(node.typevar))
    elif kind(node) == "CreateDomainStmt":
        world.make_type(world.meant(*words(node.domainname)))
    elif kind(node) == "CreateRangeStmt":
        world.make_type(world.meant(*words(node.typeName)))
    elif node.kind.name == "OBJECT_TYPE":
        world.make_type(world.meant(*words(node.defnames)))
    elif node.kind.name == "OBJECT_AGGREGATE":
        _made_function(world, words(node.defnames))


def _create_schema(world: World, act: Act) -> None:
    if act.node.schemaname:
        world.schemas.add(act.node.schemaname)


def _create_extension(world: World, act: Act) -> None:
    world.obscure = world.obscure or f"what the extension {act.node.extname} brings"


def _create_function(world: World, act: Act) -> None:
    options = {one.defname: one.arg for one in act.node.options or ()}
    volatility: Volatility = getattr(options.get("volatility"), "sval", "volatile")
    _made_function(
        world,
        words(act.node.funcname),
        result=world.type(act.node.returnType).name if act.node.returnType is not None else "",
        volatility=volatility,
        inlined=getattr(options.get("language"), "sval", "sql").lower() == "sql",
    )


def _made_function(
    world: World,
    written: tuple[str, ...],
    *,
    result: str = "",
    volatility: Volatility = "immutable",
    inlined: bool = False,
) -> None:
    """Let a function be there; of one that got another name no more is known."""
    made = Function(
        schema=written[-2] if len(written) > 1 else world.home,
        name=written[-1],
        arguments=(),
        optional=0,
        variadic=True,
        result=result,
        volatility=volatility,
        inlined=inlined,
        made=True,
    )
    world.functions.insert(0, made)


def _do(world: World, act: Act) -> None:
    """Know no more what is there once a body has run what cannot be read."""
    steps = blocks.unfolded(act.of) if act.of is not None else ()
    if any(one.unread for one in steps):
        world.obscure = world.obscure or f"the block on line {act.line}"


def _rename(world: World, act: Act) -> None:
    node, what = act.node, act.node.renameType.name
    if what in {"OBJECT_COLUMN", "OBJECT_ATTRIBUTE"}:
        table = world.table(node.relation) if node.relation is not None else None
        if table is not None and node.subname in table.columns:
            table.columns = {
                (node.newname if name == node.subname else name): (
                    replace(one, name=node.newname) if name == node.subname else one
                )
                for name, one in table.columns.items()
            }
            table.parts = {
                name: columns - {node.subname} | {node.newname}
                if node.subname in columns
                else columns
                for name, columns in table.parts.items()
            }
    elif what == "OBJECT_TABCONSTRAINT":
        table = world.table(node.relation)
        if table is not None:
            table.constraints[node.newname] = table.constraints.pop(node.subname, ())
            table.parts[node.newname] = table.parts.pop(node.subname, frozenset())
            _move(world, Relation(table.relation.schema, node.subname), node.newname)
    elif what in _TYPES:
        name = world.type_named(*words(node.object))
        if name is not None:
            _call_type(world, name, Relation(name.schema, node.newname))
    elif what == "OBJECT_SCHEMA":
        _rename_schema(world, node.subname, node.newname)
    elif what in _CALLED:
        _made_function(world, (*words(node.object)[:-1], node.newname))
    elif what in _RELATIONS:
        _move(world, world.named(node.relation), node.newname)


def _move(world: World, relation: Relation, name: str) -> None:
    if world.knows(relation):
        world.rename(relation, Relation(relation.schema, name))


def _rename_schema(world: World, schema: str, to: str) -> None:
    world.schemas.add(to)
    for relation in (*world.tables, *world.indexes, *world.sequences):
        if relation.schema == schema:
            world.rename(relation, Relation(to, relation.name))
    for name in (*world.enums, *world.types):
        if name.schema == schema:
            _call_type(world, name, Relation(to, name.name))


def _call_type(world: World, name: Relation, to: Relation) -> None:
    world.make_type(to, world.drop_type(name))
    was, now = f"{name.schema}.{name.name}", f"{to.schema}.{to.name}"
    for table in world.tables.values():
        for one in [one for one in table.columns.values() if one.type.name == was]:
            table.columns[one.name] = replace(one, type=replace(one.type, name=now))


def _drop(world: World, act: Act) -> None:
    if act.guarded:
        return
    node, what = act.node, act.node.removeType.name
    for one in node.objects:
        if what in _RELATIONS:
            world.drop(world.meant(*words(one)))
        elif what in _TYPES:
            name = world.type_named(*words(one))
            if name is not None:
                world.drop_type(name)


def _set_schema(world: World, act: Act) -> None:
    node, what = act.node, act.node.objectType.name
    if node.relation is not None:
        relation = world.named(node.relation)
        if world.knows(relation):
            world.rename(relation, Relation(node.newschema, relation.name))
    elif what in _TYPES:
        name = world.type_named(*words(node.object))
        if name is not None:
            _call_type(world, name, Relation(node.newschema, name.name))
    elif what in _CALLED:
        _made_function(world, (node.newschema, words(node.object)[-1]))


def _update(world: World, act: Act) -> None:
    """Note what is not any more as it was when the rows that a DELETE takes were counted."""
    table = world.table(act.node.relation)
    if table is not None:
        table.changed |= {one.name for one in act.node.targetList}


def _set(world: World, act: Act) -> None:
    """Look for names where the file says from now on."""
    if (path := path_set(act.node)) is not None:
        world.path = path


_EFFECTS: Mapping[str, Callable[[World, Act], None]] = {
    "CreateStmt": _create_table,
    "CreateForeignTableStmt": _create_foreign_table,
    "CreateTableAsStmt": _create_as,
    "ViewStmt": _create_view,
    "IndexStmt": _create_index,
    "CreateSeqStmt": _create_sequence,
    "CreateEnumStmt": _create_enum,
    "AlterEnumStmt": _alter_enum,
    "CompositeTypeStmt": _create_type,
    "CreateDomainStmt": _create_type,
    "CreateRangeStmt": _create_type,
    "DefineStmt": _create_type,
    "CreateSchemaStmt": _create_schema,
    "CreateExtensionStmt": _create_extension,
    "CreateFunctionStmt": _create_function,
    "DoStmt": _do,
    "RenameStmt": _rename,
    "DropStmt": _drop,
    "AlterObjectSchemaStmt": _set_schema,
    "UpdateStmt": _update,
    "VariableSetStmt": _set,
    "AlterTableCmd": alter,
}
