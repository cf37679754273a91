"""What happens to dates, times and intervals."""

from __future__ import annotations

from tests.exact.value_faults import ValueFault

FAULTS = (
    ValueFault(
        "zone taken for UTC",
        "timestamptz",
        "timestamptz '2024-05-01 12:34:56+00' + n * interval '1 day'",
        "v + interval '3 hours'",
        "moved by +3:00:00",
        rows=(2, 3, 4),
    ),
    ValueFault(
        "zone of half hours",
        "timestamp",
        "timestamp '2024-05-01 12:34:56' + n * interval '1 day'",
        "v - interval '5:30'",
        "moved by -5:30:00",
        rows=(2, 3, 4),
    ),
    ValueFault(
        "one microsecond",
        "timestamptz",
        "timestamptz '2024-05-01 12:34:56.123456+00'",
        "v + interval '1 us'",
        "1 microsecond",
    ),
    ValueFault(
        "milliseconds kept",
        "timestamptz",
        "timestamptz '2024-05-01 12:34:56.123456+00'",
        "date_trunc('milliseconds', v)",
        "cut to milliseconds",
    ),
    ValueFault(
        "rounded to seconds",
        "timestamp",
        "timestamp '2024-05-01 12:34:56.723456'",
        "v::timestamp(0)",
        "rounded to seconds",
    ),
    ValueFault(
        "time of day lost",
        "timestamp",
        "timestamp '2024-05-01 12:34:56'",
        "v::date",
        "time of day lost",
    ),
    ValueFault(
        "day and month", "date", "date '2024-04-03'", "'2024-03-04'", "day and month swapped"
    ),
    ValueFault("one day", "date", "date '2024-04-30' + n", "v - 1", "moved by -1 day"),
    ValueFault(
        "century", "date", "date '1968-04-30' + n", "v + interval '100 years'", "another century"
    ),
    ValueFault(
        "year of two digits",
        "date",
        "date '2024-04-30' + n",
        "make_date(24, 5, 3)",
        "two-digit year",
    ),
    ValueFault("before Christ", "date", "date '0044-03-15 BC'", "'0044-03-15'", "BC lost"),
    ValueFault(
        "became 1970",
        "timestamptz",
        "timestamptz '2024-05-01 12:34:56+00'",
        "'epoch'",
        "a value before, 1970-01-01 after",
    ),
    ValueFault(
        "NULL became 1970", "timestamptz", "null", "'epoch'", "NULL before, 1970-01-01 after"
    ),
    ValueFault(
        "endless became 9999",
        "date",
        "'infinity'",
        "'9999-12-31'",
        "infinity before, 9999-12-31 after",
    ),
    ValueFault(
        "endless became NULL", "timestamp(3)", "'-infinity'", "null", "-infinity before, NULL after"
    ),
    ValueFault(
        "halves of one fold in a moment",
        "timestamp",
        "'2024-05-01 12:00:00'",
        "'2024-05-01 10:48:25.032705'",
        "another value",
    ),
    ValueFault("end of the day", "time", "'24:00'", "'00:00'", "24:00:00 before, 00:00:00 after"),
    ValueFault(
        "zone of a time", "timetz", "'12:00+02'", "'12:00+00'", "another time zone, the same clock"
    ),
    ValueFault(
        "zone of a time, same moment",
        "timetz",
        "'12:00+02'",
        "'10:00+00'",
        "another time zone, the same moment",
    ),
    ValueFault(
        "interval of equal length", "interval", "'1 mon'", "'30 days'", "interval normalised"
    ),
    ValueFault("interval counted backwards", "interval", "'1 day 02:00'", "-v", "sign flipped"),
    ValueFault(
        "interval without its fraction", "interval", "'00:00:01.5'", "'00:00:01'", "cut to seconds"
    ),
    ValueFault(
        "interval became 0", "interval", "'1 mon -30 days'", "'0'", "a value before, 0 after"
    ),
)
