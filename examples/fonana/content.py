"""What was published?  The rows of posts, and of what belongs to one post."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from examples.fonana import words
from examples.fonana.world import BEGIN, SPAN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from examples.fonana.world import World

Row = dict[str, Any]
Media = tuple[str | None, str | None]

_PRICES = (0.05, 0.1, 0.1 + 0.2, 0.5, 1.0, 1.25, 2.0, 7.77)
_RATIOS = ("1.777777777777777777777777777778", "0.8", "1.5", "1.000000000000000000000000000001")
_TYPES = {"": "text", "mp3": "audio", "mp4": "video"}


def owners(world: World) -> Sequence[str]:
    """Return the creator of each post: every poster has one at least, the first have most."""
    shape = world.inventory.posts
    chance = world.chance("owners")
    posters = world.posters
    twins = [posters[n % len(posters)] for n in range(shape.twins)]
    weights = [1 / (n + 1) for n in range(len(posters))]
    single = shape.posts - 2 * shape.twins
    others = posters + chance.choices(posters, weights, k=single - len(posters))
    chance.shuffle(others)
    return twins + others + twins[::-1]


def media(world: World) -> Sequence[Media]:
    """Return mediaUrl and thumbnail of each post; several posts share a file."""
    posts = world.inventory.posts
    chance = world.chance("media")
    names = [f"{chance.getrandbits(64):016x}" for _ in range(posts.files)]
    shared = names + chance.choices(names, k=posts.media.get("webp", 0) - posts.files)
    unconverted = posts.unconverted
    found: list[Media] = []
    for number, form in enumerate(_forms(world)):
        name = f"upload_{world.copy}_{number:03d}"
        if form == "webp":
            name = shared.pop()
            thumbnail = f"/media/thumbposts/thumb_{name}.webp"
            if unconverted:
                unconverted -= 1
                thumbnail = f"/media/thumbposts/{name}.jpg"
            found.append((f"/media/posts/{name}.webp", thumbnail))
        elif form.startswith("images"):
            suffix = form.removeprefix("images ")
            found.append((f"/posts/images/{name}.{suffix}", f"/posts/images/thumb_{name}.webp"))
        elif form:
            suffix = form.removeprefix("tests ")
            # A picture is its own thumbnail there; sound and film have a cover.
            cover = name if suffix == "jpg" else f"{name}_cover"
            found.append((f"/media/tests/posts/{name}.{suffix}", f"/media/tests/posts/{cover}.jpg"))
        else:
            found.append((None, None))
    return found


def _forms(world: World) -> Sequence[str]:
    shape = world.inventory.posts
    return world.deal("media form", shape.media, shape.posts, "")


def posts(world: World) -> Iterator[Row]:
    """Yield the posts."""
    shape = world.inventory.posts
    chance = world.chance("posts")
    written = world.moments("written", shape.posts)
    chance.shuffle(written)
    access = world.deal("access", shape.access, shape.posts, "")
    paid = list(shape.tiers)
    ratios = world.some("ratio", shape.ratios, shape.posts)
    texts, creators = _texts(world), owners(world)
    forms, files = _forms(world), media(world)
    for n, key in enumerate(world.posts):
        title, content = texts[n]
        tier = paid.pop() if "locked tier" in access[n] else None
        tier = "free" if "free" in access[n] else tier
        yield {
            "id": key,
            "creatorId": creators[n],
            "title": title,
            "content": content,
            "type": _TYPES.get(forms[n], "image"),
            "category": _category(world, n),
            "thumbnail": files[n][1],
            "mediaUrl": files[n][0],
            "isLocked": "locked" in access[n],
            "isPremium": tier in ("premium", "vip"),
            "price": chance.choice(_PRICES) if "price" in access[n] else None,
            "currency": "SOL",
            "imageAspectRatio": Decimal(chance.choice(_RATIOS)) if ratios[n] else None,
            "isSellable": "sellable" in access[n],
            "minSubscriptionTier": tier,
            # Nobody keeps these: likes holds no row, comments one.
            "likesCount": chance.randrange(28),
            "commentsCount": chance.randrange(4),
            "viewsCount": chance.randrange(5_000),
            "createdAt": written[n],
            "updatedAt": written[n] + dt.timedelta(milliseconds=chance.randrange(86_400_000)),
        }


def _category(world: World, number: int) -> str | None:
    # Every spelling once, then by chance; some never chose one.
    if number < len(words.CATEGORIES):
        return words.CATEGORIES[number]
    return world.chance(f"category {number}").choice((None, *words.CATEGORIES))


def _texts(world: World) -> Sequence[tuple[str, str]]:
    """Return title and content of each post; the last ``twins`` repeat the first, in reverse."""
    shape = world.inventory.posts
    single = shape.posts - 2 * shape.twins
    wording = world.deal("wording", shape.wording, single, "")
    # Twins have one line and ASCII only, so that every other number stays exact.
    wording = [""] * shape.twins + wording
    multiline = [False] * shape.twins + world.some("multiline", shape.multiline, single)
    found = [
        _text(world, n, wording[n], multiline=multiline[n]) for n in range(single + shape.twins)
    ]
    return found + found[: shape.twins][::-1]


def _text(world: World, number: int, wording: str, *, multiline: bool) -> tuple[str, str]:
    chance = world.chance(f"post text {number}")
    return (
        words.title(chance, wording, world.copy * world.inventory.posts.posts + number),
        words.text(chance, wording, multiline=multiline, awkward=number % 7 == 0),
    )


def tags(world: World) -> Iterator[Row]:
    """Yield the tags, which all copies share."""
    for n, name in enumerate(words.TAGS if world.copy == 0 else ()):
        yield {"id": f"tag_{n:02d}", "name": name}


def post_tags(world: World) -> Iterator[Row]:
    """Yield which post has which tag."""
    for n, post in enumerate(world.posts[: world.inventory.posts.tagged]):
        yield {"postId": post, "tagId": f"tag_{n % len(words.TAGS):02d}"}


def comments(world: World) -> Iterator[Row]:
    """Yield the comments."""
    total = world.inventory.posts.comments
    for n, key in enumerate(world.ids("comments", total)):
        moment = BEGIN + SPAN + dt.timedelta(minutes=n)
        yield {
            "id": key,
            "postId": world.posts[n],
            "userId": world.users[n],
            "content": "First!\nAnd a second line, with a \\ in it \U0001f389",
            "isAnonymous": False,
            "likesCount": 0,
            "createdAt": moment,
            "updatedAt": moment,
            "parentId": None,
        }


def flash_sales(world: World) -> Iterator[Row]:
    """Yield sales that were announced and never used."""
    total = world.inventory.posts.flash_sales
    for n, key in enumerate(world.ids("flash_sales", total)):
        moment = BEGIN + dt.timedelta(days=7 * n)
        yield {
            "id": key,
            "creatorId": world.posters[n],
            "postId": None,
            "subscriptionPlan": "premium",
            "discount": 33.3,
            "maxRedemptions": None,
            "usedCount": 0,
            "startAt": moment,
            "endAt": moment + dt.timedelta(days=3),
            "isActive": n == 0,
            "createdAt": moment,
            "updatedAt": moment,
        }
