"""One difference between two declarations, where it is to be told, and the SQL that many share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """What both sides share, what each has alone, and where they are to differ.

    :param common: SQL with {s} for the schema that the case lives in, as are ``before`` and
        ``after``: names outside of schemas begin with it.
    :param places: a line for each: the identity of the object, which of its parts, which attribute.
    :param since: the version that the SQL takes on both sides.
    """

    name: str
    common: str
    before: str
    after: str
    places: str
    since: int = 16

    def __repr__(self) -> str:
        return self.name


T = "create table t (id integer, v text);"
TOKEN = """
    create type token;
    create function token_in(cstring) returns token language internal immutable strict
      as 'textin';
    create function token_out(token) returns cstring language internal immutable strict
      as 'textout';
"""
TRANSFORM = f"""
    {TOKEN} create type token (input = token_in, output = token_out, like = text);
    create function one(internal) returns internal language internal immutable as 'textout';
    create function two(internal) returns internal language internal immutable as 'textout';
"""
SAME = """
    create function same(integer, integer) returns boolean language internal immutable strict
      as 'int4eq';
"""
ARGUMENTS = "leftarg = integer, rightarg = integer, function = same"
CLASS = """
    create operator class oc for type integer using btree as
    operator 1 <, operator 3 =, function 1 btint4cmp(integer, integer)
"""
SEARCH = "create text search configuration tc (parser = 'default');"
WRAPPER = "create foreign data wrapper {s}_w;"
# Streaming is off by default up to PostgreSQL 17, and parallel from 18 on.
SUBSCRIBED = (
    "create subscription {s}_sb connection 'dbname=x password=kept' publication p, q"
    " with (connect = false, slot_name = 'x'"
)
SUBSCRIBES = f"{SUBSCRIBED}, streaming = off"
