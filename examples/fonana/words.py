"""What do people write?  Invented, and awkward on purpose: each line trips some exporter."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

CATEGORIES = (
    *("art", "Art", "ART", "art ", "photography", "Photography", "photo", "music", "Music"),
    *("lifestyle", "Lifestyle", "life-style", "tech", "Tech", "travel", "Travel", "fitness"),
)

NAMES = (
    *("Ada Lind", "Bruno Kast", "Chiara Moro", "Dmitri Volkov", "Elif Aydin", "Farid Nasser"),
    *("Greta Holm", "Hana Sato", "Ivo Petrov", "Jonas Weiß", "Katya Orlova", "Léa Fournier"),
    *("Mina Park", "Noor Khan", "Olu Adeyemi", "Petra Novák", "Quim Ferrer", "Rosa d'Angelo"),
    *("Søren Dahl", "Tara Quinn", "Ugo Bianchi", "Vera Sokolova", "Wim de Boer", "Yara Haddad"),
)

PLACES = ("Lisbon", "Tbilisi", "São Paulo", "Łódź", "Санкт-Петербург", "東京", "Bali", "Berlin")

TAGS = ("analogue", "behind the scenes", "drone", "ink", "live", "macro", "night", "studio")

_SUBJECTS = (
    *("Morning light", "A quiet harbour", "The second take", "Studio notes", "Night market"),
    *("Ink on paper", "Slow travel", "First snow", "The long way home", "Rehearsal"),
    *("Film, not pixels", "Under the bridge", "Loose ends", "Colour study", "An early train"),
)
_SENTENCES = (
    "I went back three times before the weather agreed.",
    "Two lenses, one battery and far too much coffee.",
    "The first version was louder; this one breathes.",
    "Nothing here is staged, apart from the chair.",
    "Ask me about the paper, I could go on for hours.",
    "Mixed at home, mastered by a friend who hears more than I do.",
    "Part of a longer series, the rest follows next week.",
    "The print is larger than it looks on a phone.",
)
_CYRILLIC_SUBJECTS = ("Утренний свет", "Тихая гавань", "Заметки из студии", "Первый снег", "Ёлки")
_CYRILLIC_SENTENCES = (
    "Снято на плёнку, проявлено дома.",
    "Продолжение будет на следующей неделе.",
    "Ещё одна попытка поймать этот цвет.",
    "Объяснять тут нечего — смотрите сами.",
)
_EMOJI = (
    *("\U0001f305", "\U0001f3a8", "\U0001f4f7", "\U0001f525", "\U0001f680", "\U0001f984"),
    # a person of three code points, a flag of two, a hand with its colour
    *("\U0001f469\u200d\U0001f3a8", "\U0001f1f5\U0001f1f9", "\U0001f44b\U0001f3fd"),
)
_ACCENTED = (
    "Café, naïve, Zoë and the price in €.",
    "“Quoted” \u2013 with dashes — and an ellipsis…",
    # the same word in one code point an accent, and in two
    "Re\u0301sume\u0301 is not résumé to a database.",
    "Łódź → Škofja Loka ☀",
)
_AWKWARD = (
    r"Saved as C:\new\tables\raw.dng, backslashes and all.",
    'She said "keep both quotes", and it\'s fine.',
    "Columns\tparted\tby\ttabs.",
    r"\N is no null and \. is no end of anything.",
    "50% off; $$ -- {braces}, [brackets] and ,, commas.",
    "<b>not bold</b> & <script>alert('never')</script>",
    "NULL",
    "A line that ends in blanks   ",
)
_REMARKS = (
    *("Thank you!", "When is the next one?", "Sent, please check.", "Love this series"),
    *("Could you do a larger print?", 'It\'s "the" one', "path is D:\\temp\\x", "", "ok"),
    *("Спасибо, получил", "Gracias \U0001f64f", "two\nlines", "tab\there", "très bien"),
)


def title(chance: random.Random, wording: str, number: int) -> str:
    """Return a title; ``number`` makes it the only one of its kind."""
    subjects = _CYRILLIC_SUBJECTS if "cyrillic" in wording else _SUBJECTS
    mark = f" {chance.choice(_EMOJI)}" if "emoji" in wording else ""
    return f"{chance.choice(subjects)}, {number}{mark}"


def text(chance: random.Random, wording: str, *, multiline: bool, awkward: bool = False) -> str:
    """Return two to four sentences; a text that is not multiline holds no newline.

    :param wording: "" for ASCII, else words among cyrillic, emoji and accented.
    """
    sentences = _CYRILLIC_SENTENCES if "cyrillic" in wording else _SENTENCES
    said = chance.sample(sentences, k=chance.randint(2, 4))
    if "accented" in wording:
        said.append(chance.choice(_ACCENTED))
    if awkward:
        said.append(chance.choice(_AWKWARD))
    if "emoji" in wording:
        said.append(chance.choice(_EMOJI) * chance.randint(1, 3))
    return (chance.choice(("\n", "\n\n", "\r\n")) if multiline else " ").join(said)


def remark(chance: random.Random) -> str:
    """Return what is said in a message: at times nothing."""
    return chance.choice(_REMARKS)
