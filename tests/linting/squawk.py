"""What squawk's rules speak of, with a file for each, and the rule of ours that speaks of it too.

Those without one are told in docs/in-place.md, with the reason.
"""

from __future__ import annotations

_KEY = 'alter table games add constraint k foreign key ("poolId") references pools (id);'

# By squawk's rule: a file of which it speaks, and our rule.
ALIKE = {
    "adding-field-with-default": (
        "alter table pools add column a uuid default gen_random_uuid();",
        "table rewritten",
    ),
    "adding-foreign-key-constraint": (_KEY, "long lock"),
    "adding-not-nullable-field": ("alter table pools alter column url set not null;", "long lock"),
    "adding-required-field": (
        "alter table pools add column owner text not null;",
        "required column",
    ),
    "adding-serial-primary-key-field": (
        "alter table apart.pools add column n serial primary key;",
        "table rewritten",
    ),
    "ban-alter-domain-with-add-constraint": (
        "alter domain code add constraint c check (value <> '');",
        "domain checked",
    ),
    "ban-concurrent-index-creation-in-transaction": (
        "create index concurrently if not exists i on pools (season);\nselect 1;",
        "outside a transaction",
    ),
    "ban-disable-trigger": ("alter table pools disable trigger all;", "unchecked"),
    "ban-drop-column": ("alter table pools drop column url;", "column dropped"),
    "ban-drop-database": ("drop database shop;", "table dropped"),
    "ban-drop-schema": ("drop schema apart cascade;", "table dropped"),
    "ban-drop-table": ("drop table games;", "table dropped"),
    "ban-set-schema": ("alter table pools set schema apart;", "renamed"),
    "ban-truncate-cascade": ("truncate pools cascade;", "rows deleted"),
    "ban-uncommitted-transaction": ("begin;\nselect 1;", "left open"),
    "changing-column-type": (
        "alter table pools alter column season type bigint;",
        "table rewritten",
    ),
    "constraint-missing-not-valid": (
        "alter table pools add constraint c check (season > 0);",
        "long lock",
    ),
    "disallowed-unique-constraint": (
        "alter table pools add constraint u unique (name);",
        "long lock",
    ),
    "identifier-too-long": (f"alter table pools add column {'a' * 64} int;", "name cut"),
    "renaming-column": ("alter table pools rename column url to link;", "renamed"),
    "renaming-table": ("alter table pools rename to lotteries;", "renamed"),
    "require-concurrent-index-creation": ("create index i on pools (season);", "long lock"),
    "require-concurrent-index-deletion": ("drop index pools_season;", "brief lock"),
    "require-concurrent-partition-detach": (
        "alter table parted detach partition part;",
        "brief lock",
    ),
    "require-concurrent-reindex": ("reindex table pools;", "long lock"),
    "syntax-error": ("create tabel t (id int);", "syntax"),
    "transaction-nesting": (
        "create table t (id bigint);\ncommit;\ncreate table u (id bigint);",
        "half applied",
    ),
}
