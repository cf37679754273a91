"""What do people of a studio call things, and what do they write?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

NAMES = (
    "Anna Lindqvist", "Björn Åkesson", "Chidi Okafor", "Daria Соколова", "Émile Zürcher",
    "Fatima Al-Sayed", "George O'Neil", "Hana 田中", "Ivo de Vries", "Jordan Smith",
    "Karim بن علي", "Lucía Núñez", "Maeve Ní Bhriain", "Noor Jahan", "Oskar Weiß",
)  # fmt: skip

# The editor escaped what the form had escaped already; it is what people see, and stays.
ESCAPED = "Brand &amp;lt;b&amp;gt;Refresh&amp;lt;/b&amp;gt; &amp;amp; Web"

PROJECTS = (
    ESCAPED, "Spring Show Visuals", "Marching Band Uniforms", "Winter Guard Floor",
    "Percussion Props", "Website <relaunch>", "Tour Poster 2025", "Identity “Aurora”",
    "Stage Backdrop", "Costume Sketches", "Social Kit", "Programme Booklet",
)  # fmt: skip

TEAMS = ("Props & Sets", "Visual Design", "Print \\ Web")

CHANNELS = ("general", "design", "feedback", "clients", "print", "déjà vu", "random", "launch 🚀")

_OPENINGS = (
    "Could somebody look at", "I moved", "Here is the newest version of", "Client loves",
    "Please do not print", "Новая версия:", "Let us talk about", "Fixed the colours of",
)  # fmt: skip

_THINGS = (
    "the floor tarp", "page 3", "C:\\shows\\new\\2025", 'the "final" logo', "it's cover",
    "the tab\tstops", "line one\nline two\r\nline three", "<script>alert(1)</script>", "\\N",
    "the 👩‍🎨 sketches", "50 % grey", "{not json}", "e\u0301 or \u00e9", "مرحبا بالعالم",
)  # fmt: skip

_ENDS = ("", ".", "?", " — thanks!", " 🎺", " (v2)", "  ")

REACTIONS = ("👍", "🎉", "❤️", "eyes", "+1")
TASKS = ("Sketch", "Collect references", "Ask for measures", "Choose fabric", "Send proof")
MILESTONES = ("Kick-off", "First draft", "Review", "Hand-over")
TAGS = ("brand", "print", "web", "stage", "draft", "naïve")


def sentence(chance: random.Random) -> str:
    """Return what somebody writes: with tabs, quotes, backslashes and many alphabets."""
    return f"{chance.choice(_OPENINGS)} {chance.choice(_THINGS)}{chance.choice(_ENDS)}"


def maybe(chance: random.Random) -> str | None:
    """Return a sentence, nothing, or no text at all."""
    return chance.choice((sentence(chance), "", None, sentence(chance)))
