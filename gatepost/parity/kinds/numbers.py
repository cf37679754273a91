"""How do two numbers differ?"""

from __future__ import annotations

import math
import re
import struct
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, localcontext
from typing import TYPE_CHECKING, TypeAlias

from gatepost.parity.kinds.text import swap
from gatepost.parity.kinds.values import A_VALUE, ANOTHER, Difference, Pair, contrast, signed

if TYPE_CHECKING:
    from collections.abc import Callable

_SPECIAL = {"nan": "NaN", "infinity": "Infinity", "-infinity": "-Infinity", "-0": "-0"}
_WIDTHS = (16, 32, 64)
# A double holds every integer up to 2**53, and every decimal of 15 digits.
_EXACT = 2**53
# How many digits programs write a double with, and a single.
_DOUBLE_DIGITS = (15, 16, 17)
_SINGLE_DIGITS = (6, 7, 8, 9)
_FACTORS = (10, 100, 1_000, 10_000, 1_000_000, 1_000_000_000, 60, 3_600, 1_024)
# Floats that few steps lie between were computed or written in two ways.
_STEPS = 4
_PLAIN = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
# Enough for every numeric: 131,072 digits before the point, 16,383 behind it.
_CONTEXT = Context(prec=150_000)


@dataclass(frozen=True)
class _Numbers:
    was: Decimal
    now: Decimal
    pair: Pair

    def place(self) -> str:
        """The first digit that differs."""
        return _digit(self.pair)


_Recogniser: TypeAlias = "Callable[[_Numbers], str | Difference | None]"


def word(text: str) -> str:
    """Return what a number that stands for nothing, or is none, is called."""
    special = _SPECIAL.get(text.lower())
    if special is not None:
        return special
    return "0" if _PLAIN.fullmatch(text) and not Decimal(text) else A_VALUE


def told(pair: Pair) -> Difference:
    """Return how two integers or two numerics differ."""
    return _first(pair, _OF_NUMERICS)


def told_of_doubles(pair: Pair) -> Difference:
    """Return how two values of float8 differ."""
    return _first(pair, _OF_DOUBLES)


def told_of_singles(pair: Pair) -> Difference:
    """Return how two values of float4 differ."""
    return _first(pair, _OF_SINGLES)


def _first(pair: Pair, recognisers: tuple[_Recogniser, ...]) -> Difference:
    special = contrast(pair, word)
    if special is not None:
        return special
    if not (_PLAIN.fullmatch(pair.was) and _PLAIN.fullmatch(pair.now)):
        return Difference(ANOTHER, pair.place)
    numbers = _Numbers(Decimal(pair.was), Decimal(pair.now), pair)
    with localcontext(_CONTEXT):
        for recognise in recognisers:
            found = recognise(numbers)
            if found is not None:
                return found if isinstance(found, Difference) else Difference(found)
    return Difference(ANOTHER, numbers.place())


def _places(number: Decimal) -> int:
    """Return how many decimals a number is written with."""
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _scale(numbers: _Numbers) -> str | None:
    if numbers.was != numbers.now:
        return None
    return f"scale {_places(numbers.was)} before, {_places(numbers.now)} after"


def _negated(numbers: _Numbers) -> str | None:
    if numbers.now != -numbers.was:
        return None
    return "sign lost" if numbers.was < 0 else "sign gained"


def _wrapped(numbers: _Numbers) -> str | None:
    """An integer that did not fit."""
    was, now = numbers.was, numbers.now
    if _places(was) or _places(now):
        return None
    for width in _WIDTHS:
        half = 1 << (width - 1)
        if -half <= was < half:
            continue
        if now == (int(was) + half) % (2 * half) - half:
            return f"wrapped at {width} bits"
        if now == int(was) % (2 * half):
            return f"wrapped at {width} bits, unsigned"
        if now in (half - 1, -half):
            return f"clipped at {width} bits"
    return None


def _doubled(numbers: _Numbers) -> Difference | None:
    """A number that went through a double and came back with what that could hold."""
    was, now = numbers.was, numbers.now
    if _digits(was) < _DOUBLE_DIGITS[0]:
        return None
    double = float(was)
    if now not in (Decimal(double), Decimal(repr(double))):
        return None
    words = "precision of a float (2^53)" if abs(was) > _EXACT else "precision of a float"
    return Difference(words, numbers.place())


def _fewer(usual: tuple[int, ...]) -> _Recogniser:
    """Return what recognises a number rounded to so many digits that count."""

    def recognise(numbers: _Numbers) -> Difference | None:
        was, now = numbers.was, numbers.now
        for digits in usual:
            if _digits(was) > digits and Decimal(f"{was:.{digits}g}") == now:
                return Difference(f"rounded to {digits} digits", numbers.place())
        return None

    return recognise


def _rounded(numbers: _Numbers) -> Difference | None:
    """Fewer decimals; as many as are written after, or as there are without zeros at the end."""
    was, now = numbers.was, numbers.now
    for decimals in (_places(now), _places(now.normalize())):
        if decimals >= _places(was.normalize()):
            continue
        unit = Decimal(1).scaleb(-decimals)
        if now in (was.quantize(unit, ROUND_HALF_UP), was.quantize(unit, ROUND_HALF_EVEN)):
            return Difference(_decimals("rounded", decimals), numbers.place())
        if now == was.quantize(unit, ROUND_DOWN):
            return Difference(_decimals("cut", decimals), numbers.place())
    return None


def _decimals(done: str, decimals: int) -> str:
    if not decimals:
        return f"{done} to a whole number"
    return f"{done} to {decimals} decimal{'' if decimals == 1 else 's'}"


def _scaled(numbers: _Numbers) -> str | None:
    was, now = numbers.was, numbers.now
    for factor in _FACTORS:
        if now == was * factor:
            return f"multiplied by {factor:,}"
        if now * factor == was:
            return f"divided by {factor:,}"
        if now == (was / factor).to_integral_value(ROUND_DOWN):
            return f"divided by {factor:,}, the rest lost"
    return None


def _step(numbers: _Numbers) -> str | None:
    difference = numbers.now - numbers.was
    return f"off by {signed(int(difference))}" if abs(difference) == 1 else None


def _narrowed(numbers: _Numbers) -> Difference | None:
    single = _single(float(numbers.was))
    # What a single cannot hold became nothing like it: 0, which has a name of its own, or an error.
    if not single or single == float(numbers.was):
        return None
    now = float(numbers.now)
    # Either the double that the single is, or the one that its own, shorter text is read as.
    if now == single or (_single(now) == single and _digits(numbers.now) <= _shortest(single)):
        return Difference("narrowed to float4", numbers.place())
    return None


def _digits(number: Decimal) -> int:
    return len(number.normalize().as_tuple().digits)


def _shortest(single: float) -> int:
    """Return how many digits suffice to tell a single from its neighbours: 6 to 9."""
    return next((n for n in range(1, 10) if _single(float(f"{single:.{n}g}")) == single), 9)


def _single(number: float) -> float | None:
    try:
        return float(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        return None


def _near(numbers: _Numbers) -> Difference | None:
    was, now = float(numbers.was), float(numbers.now)
    if abs(was - now) <= _STEPS * math.ulp(was):
        return Difference("float in the last place", numbers.place())
    return None


def _near_single(numbers: _Numbers) -> Difference | None:
    was, now = (_single(float(number)) for number in (numbers.was, numbers.now))
    if was is None or now is None:
        return None
    bits = [struct.unpack("<i", struct.pack("<f", abs(number)))[0] for number in (was, now)]
    if was * now > 0 and abs(bits[0] - bits[1]) <= _STEPS:
        return Difference("float in the last place", numbers.place())
    return None


def _edited(numbers: _Numbers) -> Difference | None:
    pair = numbers.pair
    if swap(pair):
        return Difference("digits swapped", numbers.place())
    at = pair.first
    if pair.was_length == pair.now_length and pair.was[at + 1 :] == pair.now[at + 1 :]:
        return Difference("one digit changed", numbers.place())
    return None


def _digit(pair: Pair) -> str:
    """Return which digit is the first that differs, counted from the point where it is behind."""
    point = pair.was.find(".")
    if 0 <= point <= pair.first:
        return f"digit {max(pair.first - point, 1)} behind the point"
    whole = re.split(r"[.eE]", pair.was.lstrip("-"))[0]
    at = min(pair.first - pair.was.startswith("-"), len(whole) - 1)
    return f"digit {max(at, 0) + 1} of {len(whole)}"


_OF_NUMERICS: tuple[_Recogniser, ...] = (
    _scale,
    _negated,
    _wrapped,
    _doubled,
    _rounded,
    _fewer(_DOUBLE_DIGITS),
    _scaled,
    _step,
    _edited,
)
_OF_DOUBLES: tuple[_Recogniser, ...] = (
    _negated,
    _fewer(_DOUBLE_DIGITS),
    _near,
    _narrowed,
    _fewer(_SINGLE_DIGITS),
    _rounded,
    _scaled,
    _step,
    _edited,
)
_OF_SINGLES: tuple[_Recogniser, ...] = (
    _negated,
    _near_single,
    _fewer(_SINGLE_DIGITS),
    _rounded,
    _scaled,
    _step,
    _edited,
)
