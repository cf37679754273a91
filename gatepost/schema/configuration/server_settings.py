"""Which settings of a server change what data or SQL mean, or what becomes of them?

The one list; the check `settings` asks nothing of a server that is not in it.  Whatever is set for
a database or a role is compared besides, in the list or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

# meaning: another value is a finding.
# limit:   a tighter one after is a finding, a looser one a note; 0 stands for none.
# guard:   what was on before and is off after is a finding, any other difference a note.
# told:    another value is a note.
Kind = Literal["meaning", "limit", "guard", "told"]
# database: ALTER DATABASE can set it.  server: its files can.  cluster: initdb.  build: nobody.
Place = Literal["database", "server", "cluster", "build"]


@dataclass(frozen=True)
class Declared:
    """A setting that is compared.

    :param name: in lower case.
    :param why: what depends on it.
    :param absent: what a server does whose version does not know it; None if all of them do.
    """

    name: str
    why: str
    kind: Kind = "meaning"
    place: Place = "database"
    absent: str | None = None


DECLARED = (
    # What a text means as a value, and a value as a text.
    Declared("timezone", "which moment a time without a zone is, and which day it is today"),
    Declared("timezone_abbreviations", "which zone IST or EST is"),
    Declared("datestyle", "whether 03/04 is in March or in April, and how dates are written"),
    Declared("intervalstyle", "how intervals are written, and what '-1 2:03' is"),
    Declared("bytea_output", "how bytea is written"),
    Declared("extra_float_digits", "how many digits of a float are written"),
    Declared("lc_monetary", "what '1,000' is as money, and how money is written"),
    Declared("lc_numeric", "how to_char writes numbers"),
    Declared("lc_time", "how to_char writes months and days"),
    Declared("xmlbinary", "how bytea is written into XML"),
    Declared("xmloption", "whether a text is an XML document or a fragment"),
    Declared("array_nulls", "whether NULL in an array's text is a null or a word"),
    Declared("default_text_search_config", "which words a text is made of when none is named"),
    # What a statement means.
    Declared("search_path", "which table an unqualified name is"),
    Declared("standard_conforming_strings", "whether a backslash in '…' is itself"),
    Declared("backslash_quote", "whether \\' is a quote"),
    Declared("transform_null_equals", "whether x = NULL asks for null"),
    Declared("default_transaction_isolation", "what a transaction sees of others"),
    Declared("default_transaction_read_only", "whether a transaction may write"),
    Declared("default_transaction_deferrable", "whether a transaction may wait before it begins"),
    Declared("session_replication_role", "whether triggers and foreign keys act at all"),
    Declared("event_triggers", "whether event triggers act", absent="on"),
    Declared("row_security", "whether a policy hides rows or ends the query"),
    Declared("lo_compat_privileges", "whether large objects ask for rights"),
    Declared("gin_fuzzy_search_limit", "whether a search may return some of its rows only"),
    Declared("default_table_access_method", "how new tables are stored"),
    Declared("default_toast_compression", "how new values are compressed", "told"),
    Declared("default_tablespace", "where new tables lie", "told"),
    Declared("quote_all_identifiers", "how definitions are written", "told"),
    Declared("createrole_self_grant", "what who creates a role may do as it", "told", absent=""),
    Declared("lc_messages", "in which language the server speaks", "told"),
    Declared("password_encryption", "which clients can log in with a new password", "told"),
    # How long a statement may take before it is an error.
    Declared("statement_timeout", "when a statement is ended", "limit", absent="0"),
    Declared("lock_timeout", "when waiting is ended", "limit", absent="0"),
    Declared("transaction_timeout", "when a transaction is ended", "limit", absent="0"),
    Declared(
        "idle_in_transaction_session_timeout",
        "when an idle transaction is ended",
        "limit",
        absent="0",
    ),
    Declared("idle_session_timeout", "when an idle session is ended", "limit", absent="0"),
    # Whether what was written stays.
    Declared("fsync", "whether what is committed survives a power cut", "guard", "server"),
    Declared("full_page_writes", "whether a page survives being half written", "guard", "server"),
    Declared("synchronous_commit", "whether a commit waits until it is safe", "guard"),
    Declared("zero_damaged_pages", "whether a damaged page is taken for an empty one"),
    Declared("ignore_checksum_failure", "whether a damaged page is taken for a whole one"),
    Declared("autovacuum", "whether dead rows and old transactions are cleared", "guard", "server"),
    Declared("track_counts", "whether autovacuum knows where to go", "guard"),
    Declared("data_checksums", "whether a damaged page is noticed", "told", "cluster"),
    Declared("wal_level", "what can be replicated and recovered from", "told", "server"),
    Declared("archive_mode", "whether there is a log to recover from", "told", "server"),
    Declared("track_commit_timestamp", "whether commits have a time", "told", "server"),
    # What the application may ask of the server.
    Declared("max_prepared_transactions", "whether two-phase commit works", "guard", "server"),
    Declared("max_connections", "how many sessions there may be", "told", "server"),
    Declared("ssl", "whether a connection can be encrypted", "guard", "server"),
    Declared("shared_preload_libraries", "which libraries act in every session", "told", "server"),
    Declared("session_preload_libraries", "which libraries act in a session", "told"),
    Declared("local_preload_libraries", "which libraries act in a session", "told"),
    # What the server was built and initialised with.
    Declared("max_identifier_length", "where a longer name is cut", "limit", "build"),
    Declared("max_index_keys", "how many columns an index may have", "limit", "build"),
    Declared("max_function_args", "how many arguments a function may have", "limit", "build"),
    Declared("block_size", "how long an index entry may be", "told", "build"),
)
BY_NAME = {one.name: one for one in DECLARED}

# What a database or a role may be given after without harm: how fast it is, and what is logged.
_TUNING = (
    *("*_cost", "*_mem", "*_buffers", "*_io_concurrency", "*_collapse_limit", "*_per_gather"),
    *(
        "auto_explain.*",
        "backend_flush_after",
        "compute_query_id",
        "cpu_*",
        "cursor_tuple_fraction",
    ),
    *("deadlock_timeout", "debug_*", "default_statistics_target", "effective_*", "enable_*"),
    *("geqo*", "hash_mem_multiplier", "io_*", "jit*", "log_*"),
    *("maintenance_*", "max_parallel_*", "min_parallel_*", "parallel_*", "pg_stat_statements.*"),
    *("pgaudit.*", "plan_cache_mode", "recursive_worktable_factor", "stats_*", "temp_buffers"),
    *("tcp_*", "track_*", "vacuum_*", "wal_*", "work_mem"),
)


def tunes(name: str) -> bool:
    """Whether a setting only changes how fast answers come, and what is written down about it."""
    return name not in BY_NAME and any(fnmatchcase(name, pattern) for pattern in _TUNING)
