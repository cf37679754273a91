"""What does a file do to the transaction and the session that it runs in?"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from gatepost.linting import blocks, parsing, rules
from gatepost.linting.parsing import Unparsable, kind, within
from gatepost.linting.written import LONGEST, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from gatepost.linting.acts import Act, Mode
    from gatepost.linting.cases import Case, Hit
    from gatepost.linting.parsing import Node, Statement

# What a file behind it, or whoever keeps the ledger, would stumble over.
_MEANING = frozenset(
    {"search_path", "role", "session_authorization", "session_replication_role", "row_security"}
    | {"default_transaction_read_only", "transaction_read_only", "default_transaction_isolation"}
    | {"standard_conforming_strings", "check_function_bodies", "default_tablespace"}
    | {"default_table_access_method", "constraint_exclusion", "backslash_quote", "client_encoding"}
)
_SYNTAX = "syntax error"
_SETS = ("VAR_SET_VALUE", "VAR_SET_CURRENT")
_TAKES_BACK = ("VAR_RESET", "VAR_SET_DEFAULT")
_WHOLE_DATABASE = ("REINDEX_OBJECT_SCHEMA", "REINDEX_OBJECT_SYSTEM", "REINDEX_OBJECT_DATABASE")
_NEVER = {
    "VacuumStmt": "vacuum",
    "CreatedbStmt": "create database",
    "DropdbStmt": "drop database",
    "CreateTableSpaceStmt": "create tablespace",
    "DropTableSpaceStmt": "drop tablespace",
    "AlterSystemStmt": "alter system",
    "CreateSubscriptionStmt": "create subscription",
}


def outside(case: Case) -> Iterator[Hit]:
    """Yield what the server does in no transaction, and is asked to do in one."""
    what = _apart(case.act)
    if what and not case.act.alone:
        if case.act.inside:
            because = "a block is in a transaction"
        elif case.mode == "query":
            because = "the file has more statements, and is sent as one"
        else:
            because = "the file is run in one transaction"
        yield case.hit(rules.OUTSIDE, f"{what} in a transaction: {because}")


def disturbs(case: Case) -> Iterator[Hit]:
    """Yield a body that hides errors, or its text, or is none; copies; triggers that are off."""
    act = case.act
    if act.kind in ("DoStmt", "CreateFunctionStmt"):
        yield from _body(case)
    elif act.kind == "CopyStmt" and act.node.is_from and not act.node.filename:
        yield case.hit(rules.CLIENT, "copy from stdin waits for rows that nobody sends")
    elif act.kind == "AlterTableCmd" and act.node.subtype.name in _OFF:
        table = case.world.table(act.on)
        if table is not None and not table.made:
            yield case.hit(rules.UNCHECKED, f"triggers of {table.relation} are switched off")
    yield from _long_names(case)


_OFF = ("AT_DisableTrig", "AT_DisableTrigAll", "AT_DisableTrigUser")


def file_faults(done: Sequence[Act], mode: Mode) -> Iterator[tuple[rules.Rule, int, str]]:
    """Yield what is wrong with the transactions and settings of a file as a whole."""
    yield from _transactions(done)
    yield from _settings(done, mode)


def _apart(act: Act) -> str:
    """Return what an act does that the server does in no transaction; else empty."""
    node = act.node
    if act.kind == "VacuumStmt" and not node.is_vacuumcmd:
        return ""  # analyze
    if act.kind == "ReindexStmt" and node.kind.name in _WHOLE_DATABASE:
        return "reindex of a whole schema"
    if act.kind == "ClusterStmt" and node.relation is None:
        return "cluster of all tables"
    if act.kind in _CONCURRENT and _CONCURRENT[act.kind](node):
        return f"{_WORDS[act.kind]} concurrently"
    return _NEVER.get(act.kind, "")


_CONCURRENT: Mapping[str, Callable[[Node], bool]] = {
    "IndexStmt": lambda node: bool(node.concurrent),
    "DropStmt": lambda node: bool(node.concurrent),
    "ReindexStmt": lambda node: any(one.defname == "concurrently" for one in node.params or ()),
    "AlterTableCmd": lambda node: (
        node.subtype.name == "AT_DetachPartition" and bool(node.def_.concurrent)
    ),
}
_WORDS = {
    "IndexStmt": "create index",
    "DropStmt": "drop index",
    "ReindexStmt": "reindex",
    "AlterTableCmd": "detach partition",
}


def _body(case: Case) -> Iterator[Hit]:
    act = case.act
    if act.of is None:
        return
    if act.kind == "CreateFunctionStmt":
        yield from _function(case, act.of)
        return
    for step in blocks.unfolded(act.of):
        line = step.statement.line
        if step.unread:
            yield replace(case.hit(rules.OBSCURE, step.unread), line=line)
        if "others" in step.swallows:
            said = "`exception when others` around it takes any error for none"
            yield replace(case.hit(rules.SWALLOWED, said), line=line)


def _function(case: Case, statement: Statement) -> Iterator[Hit]:
    """Yield that the body of a function cannot be read; what it does, it does when called."""
    options = {one.defname: one.arg for one in statement.node.options or ()}
    if getattr(options.get("language"), "sval", "").lower() == "plpgsql":
        try:
            parsing.body(statement.text)
        except Unparsable as error:
            # Of types and rows it knows less than the server, which has a catalog.
            if error.message.startswith(_SYNTAX):
                yield case.hit(rules.SYNTAX, error.message)


def _long_names(case: Case) -> Iterator[Hit]:
    """Yield names that the file writes longer than the grammar, as the server, reads them."""
    text = case.act.of.text if case.act.of is not None else ""
    for node in case.act.nodes:
        for field in ("relname", "conname", "idxname", "colname", "newname"):
            name = getattr(node, field, None)
            # A letter of several bytes is not cut in two.
            if not isinstance(name, str) or len(name.encode()) <= LONGEST - 4:
                continue
            if re.search(rf"{re.escape(name)}[^\W.]", text, re.IGNORECASE):
                yield case.hit(rules.CUT, f"a name is cut to '{name}'")


def _transactions(done: Sequence[Act]) -> Iterator[tuple[rules.Rule, int, str]]:
    open_since, ended, last = 0, 0, len(done) - 1
    for at, act in enumerate(done):
        word = (
            act.node.kind.name.removeprefix("TRANS_STMT_") if act.kind == "TransactionStmt" else ""
        )
        if word in ("BEGIN", "START"):
            open_since = act.line
        elif word in ("COMMIT", "ROLLBACK", "PREPARE"):
            open_since = 0
            if word == "ROLLBACK":
                yield rules.HALF, act.line, "rollback takes back what the file did before it"
            elif at != last:
                yield (
                    rules.HALF,
                    act.line,
                    "what stands before `commit` stays if what follows fails",
                )
        ended = act.line
    if open_since:
        yield rules.LEFT_OPEN, open_since, f"`begin` has no `commit` by line {ended}"


def _settings(done: Sequence[Act], mode: Mode) -> Iterator[tuple[rules.Rule, int, str]]:
    lasting: dict[str, int] = {}
    for act in done:
        for name, is_set in _set(act.node):
            if is_set:
                lasting.setdefault(name, act.line)
            elif name == "all":
                lasting.clear()
            else:
                lasting.pop(name, None)
    for name, line in lasting.items():
        # Our own runner of plain files has no session to clean behind them, and refuses any.
        rule = rules.LEAKS if name in _MEANING or mode != "query" else rules.LASTS
        yield rule, line, f"`set {name}` outlives the file"


def _set(node: Node) -> Iterator[tuple[str, bool]]:
    """Yield what a statement sets for longer than its transaction, or takes back."""
    if kind(node) == "VariableSetStmt" and not node.is_local:
        what = node.kind.name
        if what in _SETS:
            yield node.name, True
        elif what in _TAKES_BACK:
            yield node.name, False
        elif what == "VAR_RESET_ALL":
            yield "all", False
    elif kind(node) == "DiscardStmt":
        yield "all", False
    for one in within(node):
        if kind(one) == "FuncCall" and words(one.funcname)[-1] == "set_config":
            name, _, local = (*(one.args or ()), None, None, None)[:3]
            if getattr(getattr(local, "val", None), "boolval", True) is False:
                yield getattr(getattr(name, "val", None), "sval", "a setting"), True
