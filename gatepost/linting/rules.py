"""What must a pending migration hold, and why?  One record per rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# What comes of it: the server refuses it, or half of it stays; rows or values are lost; others wait
# meanwhile; nothing, but it is worth knowing.
Weight = Literal["fails", "loses", "locks", "tells"]


@dataclass(frozen=True)
class Rule:
    """What every file is to hold.

    :param claim: what is so where it is kept.
    :param why: what happens otherwise.
    :param way_out: what to write instead.
    """

    name: str
    weight: Weight
    claim: str
    why: str
    way_out: str


TEXT = Rule(
    "text",
    "fails",
    "the file is text that a server reads",
    "a byte order mark, a NUL or what is no UTF-8 is a syntax error on the first line",
    "save it as UTF-8 without a byte order mark",
)
SYNTAX = Rule(
    "syntax",
    "fails",
    "the file is SQL, and its bodies of plpgsql are plpgsql",
    "the server refuses all of it",
    "correct the statement; commands of psql are no SQL",
)
UNKNOWN = Rule(
    "unknown name",
    "fails",
    "what is named is there when the statement runs",
    "the server refuses the statement, and every migration behind it waits for it",
    "correct the name, or make it in an earlier migration",
)
TAKEN = Rule(
    "name taken",
    "fails",
    "what is made is not there yet",
    "the server refuses to make it twice; the database has what no migration made",
    "if it is what the migration makes, mark the migration as applied; else rename or drop it",
)
HIDDEN = Rule(
    "already there",
    "tells",
    "IF NOT EXISTS makes what it says",
    "it makes nothing where the name is taken, whatever is behind the name",
    "`schema` compares what is there with what the migrations build",
)
FRESH_LABEL = Rule(
    "new label used",
    "fails",
    "a label of an enum is used in no transaction that adds it",
    "new enum values must be committed before they can be used",
    "use it in a migration of its own, after the one that adds it",
)
LABEL = Rule(
    "unknown label",
    "fails",
    "a label of an enum is there when it is used",
    "invalid input value for enum",
    "compare labels as text: e.enumlabel = '…' from pg_enum",
)
OUTSIDE = Rule(
    "outside a transaction",
    "fails",
    "what the server does in no transaction is in a file of its own",
    "several statements sent as one are one transaction, and the server refuses it there",
    "give each such statement a migration of its own",
)
UNSTEADY = Rule(
    "not immutable",
    "fails",
    "what an index, a generated column or a partition key computes is immutable",
    "functions in index predicates, index expressions and generated columns must be immutable",
    "compare with a constant, or compute it in a column that the application fills",
)
UNCAST = Rule(
    "no cast",
    "fails",
    "a column's values, and its default, become of another type by a cast that the server knows",
    "the server casts nothing unasked that it would not assign, and no default by USING",
    "say how: using …::type; drop the default before, and set it anew behind it",
)
REQUIRED = Rule(
    "required column",
    "fails",
    "a column that must not be NULL has a value for the rows that are there",
    "the rows that are there would hold NULL",
    "add it with a default, or let it be NULL, fill it, and forbid NULL afterwards",
)
CLIENT = Rule(
    "client",
    "fails",
    "a file needs nobody who answers",
    "copy from stdin waits for rows that no runner of migrations sends",
    "insert … values",
)
HALF = Rule(
    "half applied",
    "fails",
    "a file is done as a whole, or not at all",
    "what was committed stays when a later statement fails, and the migration cannot be run again",
    "leave BEGIN, COMMIT and ROLLBACK out: the file is one transaction without them",
)
LEFT_OPEN = Rule(
    "left open",
    "fails",
    "a transaction that a file begins it ends",
    "what is done behind it, the ledger's row among it, is lost with the session",
    "leave BEGIN out: the file is one transaction without it",
)
LEAKS = Rule(
    "setting leaks",
    "fails",
    "a setting ends with the file that makes it",
    "the files behind it, and the ledger's own statements, run in the same session",
    "set local …",
)
LASTS = Rule(
    "setting lasts",
    "tells",
    "a setting ends with the file that makes it",
    "the files behind it run with it too",
    "set local …",
)
SWALLOWED = Rule(
    "error swallowed",
    "fails",
    "what fails is known to have failed",
    "the ledger says applied, whatever was done",
    "name the one error that is expected, duplicate_object, or leave the handler out",
)
OBSCURE = Rule(
    "unread",
    "tells",
    "what a file runs is written in it",
    "what EXECUTE puts together is not known before it runs, nor what is there after it",
    "the rehearsal on a clone runs it",
)
TABLE_DROPPED = Rule(
    "table dropped",
    "loses",
    "no table with rows is dropped",
    "its rows are gone",
    "drop it in a later release, once nothing uses it, and say so: [[dropped]]",
)
COLUMN_DROPPED = Rule(
    "column dropped",
    "loses",
    "no column of a table with rows is dropped",
    "what it held is gone",
    "drop it in a later release, once nothing uses it, and say so: [[dropped]]",
)
ROWS_DELETED = Rule(
    "rows deleted",
    "loses",
    "no row that is there is deleted",
    "it is gone",
    "accept it in writing: [[waivers]]",
)
ROUNDED = Rule(
    "values rounded",
    "loses",
    "no value becomes another by a change of its type",
    "digits that the new type does not hold are rounded or cut off, and no error says so",
    "keep the type, or add a column beside it",
)
REWRITTEN = Rule(
    "table rewritten",
    "locks",
    "no large table is written anew while others use it",
    "nobody reads or writes it meanwhile (ACCESS EXCLUSIVE)",
    "add a column without a default, fill it in batches, then change the default",
)
LOCKED = Rule(
    "long lock",
    "locks",
    "no large table is read through, or indexed, under a lock that others wait for",
    "writes wait meanwhile, and under ACCESS EXCLUSIVE reads too",
    "create index concurrently; add constraint … not valid, and validate it in a later migration",
)
HELD = Rule(
    "lock held",
    "locks",
    "a lock that stops others is held for no long work",
    "it ends with the transaction, and so does everybody's waiting",
    "put the long work into a migration before or behind it",
)
EVERY_ROW = Rule(
    "every row",
    "locks",
    "no statement changes all rows of a large table at once",
    "each row is locked until the end, and as many dead ones are left behind",
    "change them in batches, outside of the migration",
)
RENAMED = Rule(
    "renamed",
    "tells",
    "what is used keeps its name",
    "whoever still uses the old name fails from that moment on: `uses` looks for them",
    "add the new one beside it, and drop the old one in a later release",
)
BRIEF = Rule(
    "brief lock",
    "tells",
    "a lock that stops everybody is not waited for behind a long query",
    "whoever comes after it waits as well",
    "drop index concurrently, detach partition … concurrently, in a migration of its own",
)
UNCHECKED = Rule(
    "unchecked",
    "tells",
    "triggers fire for every row",
    "rows that are written meanwhile are checked by nothing, foreign keys included",
    "enable them again in the same file; `orphans` reads the rows",
)
DOMAIN = Rule(
    "domain checked",
    "tells",
    "a domain in use gets no constraint at once",
    "every table with a column of it is read through, under a lock that lets nobody write",
    "alter domain … add constraint … not valid, and validate it in a later migration",
)
CUT = Rule(
    "name cut",
    "tells",
    "a name has at most 63 bytes",
    "the server cuts it off without an error",
    "a shorter name",
)
EMPTY = Rule(
    "empty",
    "tells",
    "a migration does something",
    "a file without a statement is recorded as applied",
    "fill it, or take it out of the chain before it is applied anywhere",
)

RULES = tuple(one for one in dict(globals()).values() if isinstance(one, Rule))
