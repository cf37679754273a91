"""Does the migration: steps, journal, lock.  Every hard thing is pg_dump's or the gate's."""
