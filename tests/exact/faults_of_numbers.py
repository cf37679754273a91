"""What happens to numbers."""

from __future__ import annotations

from tests.exact.value_faults import ValueFault

FAULTS = (
    ValueFault("NULL became 0", "numeric(10,2)", "null", "0", "NULL before, 0 after"),
    ValueFault("0 became NULL", "int", "0", "null", "0 before, NULL after"),
    ValueFault("off by one", "int", "1000 + n", "v + 1", "off by +1"),
    ValueFault("sign lost", "int", "-70 - n", "abs(v)", "sign lost"),
    ValueFault("sign of a numeric", "numeric", "-1.10 - n", "-v", "sign lost"),
    ValueFault("wrapped at 16 bits", "int", "70000 + n", "v - 65536", "wrapped at 16 bits"),
    ValueFault(
        "wrapped at 32 bits",
        "bigint",
        "4294967296 + 100000 * n",
        "v - 4294967296",
        "wrapped at 32 bits",
    ),
    ValueFault(
        "clipped at 32 bits", "bigint", "5000000000 + n", "2147483647", "clipped at 32 bits"
    ),
    ValueFault(
        "identifier in a double",
        "bigint",
        "9007199254740990 + n",
        "9007199254740992",
        "precision of a float",
    ),
    ValueFault(
        "amount in a double",
        "numeric",
        "12345678901234567.89 + n",
        "v::float8::numeric(30,0)",
        "rounded",
    ),
    ValueFault("cents lost", "numeric(12,2)", "19.99 + n", "trunc(v)", "cut to a whole number"),
    ValueFault(
        "rounded to cents", "numeric", "1.23456 + n", "round(v, 2)", "rounded to 2 decimals"
    ),
    ValueFault("cents became units", "int", "1999 + n", "v * 100", "multiplied by 100"),
    ValueFault("units became cents", "numeric", "250 + n", "v / 100", "divided by 100"),
    ValueFault("digits swapped", "int", "100054 + n * 100", "100345", "digits swapped"),
    ValueFault("NaN became NULL", "numeric", "'NaN'", "null", "NaN before, NULL after"),
    ValueFault(
        "infinity became NaN", "numeric", "'Infinity'", "'NaN'", "Infinity before, NaN after"
    ),
    ValueFault("minus zero", "float8", "'-0'", "0", "-0 before, 0 after"),
    ValueFault("last place", "float8", "0.1", "0.10000000000000002", "float in the last place"),
    ValueFault(
        "double narrowed", "float8", "n + 0.1::float8", "v::float4::float8", "narrowed to float4"
    ),
    ValueFault(
        "double of 15 digits",
        "float8",
        "n * 0.12345678901234567::float8",
        "v::numeric::float8",
        "rounded to 15 digits",
    ),
    ValueFault("denormal became 0", "float8", "'5e-324'", "0", "a value before, 0 after"),
    ValueFault(
        "infinity became the largest",
        "float8",
        "'Infinity'",
        "1.7976931348623157e308",
        "Infinity before, a value after",
    ),
    ValueFault("last place of a float4", "float4", "1.5", "1.5000001", "float in the last place"),
    ValueFault("float4 of 6 digits", "float4", "1.2345679", "1.23457", "rounded to 6 digits"),
    ValueFault("cent of money", "money", "(100 + n)::money", "v + 0.01::money", "off by +1"),
    ValueFault("another object", "oid", "4294967290 + n", "1", "another value"),
    ValueFault("halves of one fold", "bigint", "5", "4294967300", "another value"),
    ValueFault("count halved", "smallint", "2 * n", "v / 2", "one digit changed"),
)
