"""How do two texts differ?"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from gatepost.parity.kinds.rewritings import rewritten
from gatepost.parity.kinds.values import A_VALUE, ANOTHER, Difference, Pair, contrast, first_of
from gatepost.wording import counted

# What programs write that had no value to write.
_NOTHING = {"null", "none", "nil", "undefined", "nan", "\\n", "[object object]"}
# How many bytes UTF-8 has for one character, at most.
_WIDEST = 4
_REPLACEMENT = "\ufffd"
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def word(text: str) -> str:
    """Return what a text that stands for nothing is called."""
    if not text:
        return "''"
    if not text.strip(" "):
        return "blanks"
    return "the text 'NULL'" if text.lower() in _NOTHING else A_VALUE


def told(pair: Pair) -> Difference:
    """Return how two texts differ."""
    return first_of(_RECOGNISERS, pair) or Difference(ANOTHER, pair.place)


def _placeholder(pair: Pair) -> Difference | None:
    return contrast(pair, word)


def _blanks(pair: Pair) -> Difference | None:
    """Blanks and other white space at the ends."""
    if not pair.whole:
        return None
    for ends, strip in (
        ("trailing blanks", lambda text: text.rstrip(" ")),
        ("leading blanks", lambda text: text.lstrip(" ")),
        ("leading and trailing blanks", lambda text: text.strip(" ")),
        ("trailing white space", str.rstrip),
        ("leading white space", str.lstrip),
        ("leading and trailing white space", str.strip),
    ):
        if strip(pair.was) == strip(pair.now):
            change = _change(len(pair.was), len(pair.now))
            return Difference(f"{ends} {change}", pair.place)
    return None


def _change(was: int, now: int) -> str:
    return "lost" if now < was else "gained" if now > was else "changed"


def _case(pair: Pair) -> Difference | None:
    if pair.becomes(str.lower):
        return Difference("became lower case", pair.place)
    if pair.becomes(str.upper):
        return Difference("became upper case", pair.place)
    size = min(len(pair.was), len(pair.now))
    same = pair.was[:size].lower() == pair.now[:size].lower()
    if same and pair.first < size and pair.was_length == pair.now_length:
        return Difference("case changed", pair.place)
    return None


def _marked(pair: Pair) -> Difference | None:
    """Characters that became U+FFFD or a question mark: one for each, or for each of its bytes."""
    for mark, kind in (
        (_REPLACEMENT, "characters became U+FFFD"),
        ("?", "non-ASCII characters became '?'"),
    ):
        if pair.now.count(mark) > pair.was.count(mark) and _covers(pair, mark):
            return Difference(kind, pair.place)
    return None


def _covers(pair: Pair, mark: str) -> bool:
    """Whether the text before is that after with other characters in the place of marks."""
    now = pair.now if pair.whole else pair.now[: -2 * _WIDEST]
    pattern = ""
    for piece in re.split(f"({re.escape(mark)}+)", now):
        fewest = -(-len(piece) // _WIDEST)
        one = f"(?:[^\\x00-\\x7f]|{re.escape(mark)})"
        pattern += f"{one}{{{fewest},{len(piece)}}}" if piece[:1] == mark else re.escape(piece)
    match = re.fullmatch if pair.whole else re.match
    return match(pattern, pair.was) is not None


def _number(pair: Pair) -> Difference | None:
    """Texts that are numbers, changed by a program that took them for such."""
    if not _NUMBER.fullmatch(pair.was) or not _NUMBER.fullmatch(pair.now):
        return None
    if pair.was.lstrip("0") == pair.now.lstrip("0"):
        change = _change(len(pair.was), len(pair.now))
        return Difference(f"leading zeros {change}")
    try:
        was, now = Decimal(pair.was), Decimal(pair.now)
    except InvalidOperation:
        return None
    rounded = Decimal(f"{was:.{len(now.as_tuple().digits) - 1}e}")
    if "e" in pair.now.lower() and "e" not in pair.was.lower() and rounded == now:
        return Difference("number became scientific notation")
    return Difference("number written another way") if was == now else None


def _cut(pair: Pair) -> Difference | None:
    """The end is missing."""
    now = pair.now.rstrip(_REPLACEMENT)
    if len(pair.now) != pair.now_length:
        return _perhaps_cut(pair)
    if not now or not pair.was.startswith(now) or len(now) >= pair.was_length:
        return None
    return Difference(_cut_at(pair, now), pair.place)


def _cut_at(pair: Pair, kept: str) -> str:
    characters, size = len(kept), len(kept.encode())
    if kept != pair.now:
        return f"truncated at {counted(size, 'byte')}, within a character"
    following = pair.was[characters : characters + 1].encode()
    limit = next(filter(_declared, range(size, size + len(following))), None)
    if limit is not None and size != characters and not _declared(characters):
        return f"truncated at {counted(limit, 'byte')}"
    if characters == pair.was_length - 1 and not _declared(characters):
        return "last character lost"
    return f"truncated at {counted(characters, 'character')}"


def _declared(length: int) -> bool:
    """Whether columns and buffers are declared with such a length: 50, 255, 256."""
    powers = (length, length + 1)
    return length % 10 == 0 or (length > _WIDEST and any(n & (n - 1) == 0 for n in powers))


def _perhaps_cut(pair: Pair) -> Difference | None:
    """Return the cut of a text whose end was not read: sure is only that it is shorter."""
    alike = pair.first == min(len(pair.was), len(pair.now))
    if alike and pair.now_length < pair.was_length and _declared(pair.now_length):
        return Difference(
            f"probably truncated at {counted(pair.now_length, 'character')}", pair.place
        )
    return None


def _shortened(pair: Pair) -> Difference | None:
    """Cut with a mark of it, cut at the beginning, lengthened, doubled."""
    if not pair.whole:
        return None
    for dots in ("…", "...", "[truncated]"):
        kept = pair.now.removesuffix(dots)
        if kept != pair.now and pair.was.startswith(kept):
            return Difference(
                f"truncated at {counted(len(kept), 'character')}, dots added", pair.place
            )
    if pair.now == pair.was * 2:
        return Difference("written twice over", pair.place)
    if pair.was.endswith(pair.now):
        return Difference("beginning lost", pair.place)
    if pair.now.startswith(pair.was):
        return Difference("text added at the end", pair.place)
    return Difference("text added in front", pair.place) if pair.now.endswith(pair.was) else None


def swap(pair: Pair) -> bool:
    """Whether two characters that stand side by side changed places, and nothing else."""
    at = pair.first
    return (
        pair.whole
        and pair.was_length == pair.now_length
        and pair.was[at : at + 2] == pair.now[at : at + 2][::-1]
        and pair.was[at + 2 :] == pair.now[at + 2 :]
    )


def _edited(pair: Pair) -> Difference | None:
    """One character, or two that changed places."""
    at = pair.first
    if not pair.whole:
        return None
    if swap(pair):
        digits = pair.was[at : at + 2].isdigit()
        return Difference("digits swapped" if digits else "characters swapped", pair.place)
    if pair.was[at + 1 :] == pair.now[at + 1 :]:
        digits = pair.was[at].isdigit() and pair.now[at].isdigit()
        return Difference("one digit changed" if digits else "one character changed", pair.place)
    if pair.was[at + 1 :] == pair.now[at:]:
        return Difference("one character lost", pair.place)
    if pair.was[at:] == pair.now[at + 1 :]:
        return Difference("one character new", pair.place)
    return None


_RECOGNISERS = (
    _placeholder,
    _blanks,
    _case,
    _number,
    _marked,
    rewritten,
    _cut,
    _shortened,
    _edited,
)
