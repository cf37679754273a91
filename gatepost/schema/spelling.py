"""Do two deparsed texts, from servers of different versions, say the same?

A server stores expressions and queries as trees and spells them anew when asked.  The spelling
follows the version and, since a restore parses what a dump spelled, the history: so two texts may
differ although one came from the other.  Four spellings are known to, and only these are forgiven:

* parentheses around what needs none: `(v)::text` and `v::text`;
* a cast of an array where the other text casts its elements, as one restore does to
  `v in ('a', 'b')` on a varchar: `(array['a'::varchar])::text[]`, `array[('a'::varchar)::text]`;
* a column's table, which PostgreSQL 16 and later spell only where there is a choice;
* the name that a constant in a query within has from its type: `'x'::text AS text`.

Parentheses around operators stay: the servers set all of them, and they carry meaning.
"""

from __future__ import annotations

from gatepost.schema import canonical


def alike(one: str, other: str) -> bool:
    """Whether two texts differ at most in the spellings named above."""
    return one == other or _same_but_for_tables(canonical.words(one), canonical.words(other))


def _same_but_for_tables(one: list[str], other: list[str]) -> bool:
    """Whether two lists of words are equal where a column's table may stand in one of them.

    A server leaves it out only where the query has a single relation to choose from.
    """
    of_one, of_other = _relations(one), _relations(other)
    i = j = 0
    while i < len(one) and j < len(other):
        if _qualifies(one, i, other[j : j + 2]) and one[i] in of_one:
            i += 2
        elif _qualifies(other, j, one[i : i + 2]) and other[j] in of_other:
            j += 2
        elif one[i] == other[j]:
            i, j = i + 1, j + 1
        else:
            return False
    return i == len(one) and j == len(other)


def _qualifies(words: list[str], at: int, far: list[str]) -> bool:
    """Whether a table and its column begin here, and over there the column alone.

    A function, a type or a table in its schema looks the same but for what stands around it.
    """
    before, after = words[at - 1] if at else "", words[at + 3 : at + 4]
    return (
        words[at + 1 : at + 3] == [".", far[0]]
        and far[1:] != ["."]
        and before not in (".", "::", "FROM", "JOIN", "ONLY")
        and after not in (["."], ["("])
    )


def _relations(words: list[str]) -> set[str]:
    """Return the names, of tables and their aliases, by which a query's columns are qualified."""
    places: set[int] = set()
    for at, word in enumerate(words):
        if word in ("FROM", "JOIN"):
            end = at + 1
            while words[end : end + 1] and words[end] in ("(", "ONLY", "LATERAL"):
                places.add(_alias(words, end))
                end += 1
            while words[end + 1 : end + 2] == ["."]:
                end += 2
            places |= {end, _alias(words, end + 1)}
    return {words[at] for at in places if at < len(words) and _is_identifier(words[at])}


def _alias(words: list[str], at: int) -> int:
    """Return the place of the alias of what begins at ``at``, if it has one."""
    end = _closing(words, at)
    return end + 2 * (words[end : end + 2] == ["WITH", "ORDINALITY"])


def _is_identifier(word: str) -> bool:
    # Deparsed names without quotes are in lower case, keywords in upper case.
    return canonical.is_name(word) and (word[0] == '"' or word == word.lower())


def _closing(words: list[str], at: int) -> int:
    """Return the place after the group in parentheses that begins at ``at``, if one does."""
    depth = 0
    for end in range(at, len(words)):
        depth += (words[end] == "(") - (words[end] == ")")
        if depth == 0:
            return end + 1 if end > at else at
    return at
