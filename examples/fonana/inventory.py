"""How much of everything is there, and how crooked is it?

The proportions are those of a real platform at the moment it moved: ids that are no cuids, wallets
that are no keys, counters that nobody keeps, references that lead nowhere.  All of it is healthy
data that a careless check calls wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class People:
    """The rows of users, and of what belongs to one user.

    :param nameless: creators whose nickname is NULL.
    :param idle: creators without a single post.
    :param plain_ids: ids that are no cuid.
    :param odd_wallets: wallets that are no base58 key.
    :param named: how many have `name`, which an old log-in filled; `linked`, a `solana_wallet`.
    :param multiline: bios of more than one line.
    :param avatars: how many avatars have a path of which form.
    """

    users: int
    creators: int
    nameless: int
    idle: int
    plain_ids: int
    odd_wallets: int
    referred: int
    named: int
    linked: int
    multiline: int
    avatars: Mapping[str, int]
    backgrounds: int
    settings: int
    tiers: int
    follows: int
    accounts: int
    sessions: int


@dataclass(frozen=True)
class Posts:
    """The rows of posts, and of what belongs to one post.

    :param media: how many posts have a mediaUrl of which form; the others are text.
    :param files: how many files those of the commonest form share.
    :param unconverted: thumbnails that were left out when jpg became webp.
    :param access: how many posts are locked, priced and tied to a tier in which combination;
        see `content.ACCESS`.
    :param tiers: the tiers of the posts that have a paid one.
    :param wording: how many texts hold what beyond ASCII.
    :param multiline: texts of more than one line.
    :param twins: pairs of posts equal in creator, title and content.
    :param ratios: posts with an imageAspectRatio.
    """

    posts: int
    media: Mapping[str, int]
    files: int
    unconverted: int
    access: Mapping[str, int]
    tiers: tuple[str, ...]
    wording: Mapping[str, int]
    multiline: int
    twins: int
    ratios: int
    plain_ids: int
    tagged: int
    comments: int
    flash_sales: int


@dataclass(frozen=True)
class Dealings:
    """The rows of what users do with one another.

    :param notifications: how many of which type.
    :param found: of the posts that notifications name, how many are there.
    """

    subscriptions: int
    purchases: int
    tips: int
    conversations: int
    messages: int
    message_purchases: int
    notifications: Mapping[str, int]
    found: int


@dataclass(frozen=True)
class Inventory:
    """What one copy of the platform holds."""

    people: People
    posts: Posts
    dealings: Dealings


SOURCE = Inventory(
    People(
        users=59,
        creators=56,
        nameless=3,
        idle=28,
        plain_ids=11,
        odd_wallets=12,
        referred=8,
        named=41,
        linked=25,
        multiline=3,
        avatars={"webp": 51, "png": 1, "jpeg": 1, "tests": 1},
        backgrounds=53,
        settings=21,
        tiers=14,
        follows=37,
        accounts=5,
        sessions=6,
    ),
    Posts(
        posts=312,
        media={"webp": 280, "tests jpg": 5, "mp3": 2, "mp4": 2, "images JPG": 4, "images webp": 4},
        files=147,
        unconverted=1,
        access={
            "locked": 68,
            "locked price": 57,
            "locked tier": 10,
            "locked tier price": 6,
            "price": 3,
            "sellable price": 1,
            "free tier": 3,
        },
        tiers=("basic",) * 6 + ("premium",) * 5 + ("vip",) * 5,
        wording={"cyrillic": 24, "cyrillic emoji": 10, "emoji": 99, "accented": 26},
        multiline=102,
        twins=7,
        ratios=9,
        plain_ids=13,
        tagged=44,
        comments=1,
        flash_sales=2,
    ),
    Dealings(
        subscriptions=3,
        purchases=9,
        tips=4,
        conversations=24,
        messages=230,
        message_purchases=4,
        notifications={
            "LIKE_POST": 1240,
            "COMMENT_POST": 402,
            "NEW_POST_FROM_SUBSCRIPTION": 108,
            "NEW_MESSAGE": 226,
            "NEW_SUBSCRIBER": 3,
            "SYSTEM_ANNOUNCEMENT": 8,
        },
        found=2,
    ),
)

# What production held before: a launch that was tried once and left behind.
OLD = Inventory(
    People(
        users=4,
        creators=4,
        nameless=0,
        idle=1,
        plain_ids=1,
        odd_wallets=1,
        referred=1,
        named=2,
        linked=1,
        multiline=1,
        avatars={"webp": 3, "png": 1},
        backgrounds=3,
        settings=2,
        tiers=1,
        follows=3,
        accounts=1,
        sessions=1,
    ),
    Posts(
        posts=4,
        media={"webp": 3},
        files=3,
        unconverted=0,
        access={"locked": 1, "price": 1},
        tiers=(),
        wording={"emoji": 1, "cyrillic": 1},
        multiline=1,
        twins=0,
        ratios=0,
        plain_ids=1,
        tagged=2,
        comments=1,
        flash_sales=0,
    ),
    Dealings(
        subscriptions=1,
        purchases=1,
        tips=0,
        conversations=1,
        messages=5,
        message_purchases=0,
        notifications={"LIKE_POST": 9, "NEW_MESSAGE": 3},
        found=1,
    ),
)
