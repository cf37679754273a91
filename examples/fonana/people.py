"""Who is on the platform?  The rows of users, and of what belongs to one user."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from examples.fonana import content, words
from examples.fonana.world import BEGIN, SPAN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from examples.fonana.world import World

Row = dict[str, Any]

_AVATARS = {
    "webp": "/media/avatars/{}.webp",
    "png": "/media/avatars/{}.png",
    "jpeg": "/media/avatars/{}.jpeg",
    "tests": "/media/tests/avatars/{}.jpg",
}


def avatars(world: World) -> Sequence[str | None]:
    """Return the avatar of each user, in their order."""
    people = world.inventory.people
    chance = world.chance("avatar")
    forms = world.deal("avatar form", people.avatars, people.users, "")
    return [
        _AVATARS[form].format(f"{chance.getrandbits(64):016x}") if form else None for form in forms
    ]


def backgrounds(world: World) -> Sequence[str | None]:
    """Return the background image of each user, in their order."""
    people = world.inventory.people
    chance = world.chance("background")
    there = world.some("background there", people.backgrounds, people.users)
    return [f"/media/backgrounds/{chance.getrandbits(64):016x}.webp" if t else None for t in there]


def nicknames(world: World) -> Sequence[str | None]:
    """Return the nickname of each user, in their order; those without are creators."""
    people = world.inventory.people
    chance = world.chance("nickname")
    nameless = world.some("nameless", people.nameless, people.creators)
    nameless += [False] * (people.users - people.creators)
    first = world.copy * people.users
    names = [chance.choice(words.NAMES) for _ in range(people.users)]
    return [
        None if nameless[n] else f"{name.split()[0].lower()}_{first + n}"
        for n, name in enumerate(names)
    ]


def users(world: World) -> Iterator[Row]:
    """Yield the users, creators first."""
    people = world.inventory.people
    chance = world.chance("users")
    joined = world.moments("joined", people.users)
    chance.shuffle(joined)
    avatar, background, nickname = avatars(world), backgrounds(world), nicknames(world)
    referred = world.some("referred", people.referred, people.users)
    named = world.some("named", people.named, people.users)
    linked = world.some("linked", people.linked, people.users)
    multiline = world.some("multiline bio", people.multiline, people.users)
    owners = content.owners(world)
    for n, key in enumerate(world.users):
        name = chance.choice(words.NAMES)
        others = [other for other in world.users if other != key]
        yield {
            "id": key,
            "wallet": world.wallets[n],
            "nickname": nickname[n],
            "fullName": chance.choice((name, name, None, "")),
            "bio": _bio(world, n, multiline=multiline[n]),
            "avatar": avatar[n],
            "backgroundImage": background[n],
            "website": chance.choice((None, "", f"https://{name.split()[0].lower()}.example/")),
            "twitter": chance.choice((None, "", f"@{name.split()[-1].lower()}")),
            "telegram": chance.choice((None, None, "")),
            "location": chance.choice((None, *words.PLACES)),
            "createdAt": joined[n],
            "updatedAt": joined[n] + dt.timedelta(milliseconds=chance.randrange(86_400_000)),
            "isVerified": chance.random() < 0.3,  # noqa: PLR2004 - a share, said once
            "isCreator": n < people.creators,
            "followersCount": chance.randrange(900),
            "followingCount": chance.randrange(60),
            "postsCount": owners.count(key),
            "referrerId": chance.choice(others) if referred[n] else None,
            "name": name if named[n] else None,
            "email": None,
            "solana_wallet": world.wallets[n] if linked[n] else None,
            "token": None,
            "tokenExpiresAt": None,
        }


def _bio(world: World, number: int, *, multiline: bool) -> str | None:
    chance = world.chance(f"bio {number}")
    if not multiline and chance.random() < 0.2:  # noqa: PLR2004 - a share, said once
        return chance.choice((None, ""))
    wording = chance.choice(("", "", "emoji", "accented", "cyrillic"))
    return words.text(chance, wording, multiline=multiline, awkward=number % 9 == 0)


def user_settings(world: World) -> Iterator[Row]:
    """Yield the settings of those who ever opened that page."""
    chance = world.chance("user_settings")
    total = world.inventory.people.settings
    ids = world.ids("user_settings", total)
    whose = chance.sample(world.users, k=total)
    for key, user, moment in zip(ids, whose, world.moments("settings", total), strict=True):
        yield {
            "id": key,
            "userId": user,
            "notifyComments": chance.random() < 0.8,  # noqa: PLR2004 - a share, said once
            "notifyLikes": chance.random() < 0.5,  # noqa: PLR2004 - a share, said once
            "theme": chance.choice(("dark", "dark", "light")),
            "createdAt": moment,
            "updatedAt": moment,
        }


def creator_tier_settings(world: World) -> Iterator[Row]:
    """Yield what creators ask for their tiers: JSON with text, fractions, null and nesting."""
    chance = world.chance("creator_tier_settings")
    total = world.inventory.people.tiers
    ids = world.ids("creator_tier_settings", total)
    whose = chance.sample(world.creators, k=total)
    for key, creator, moment in zip(ids, whose, world.moments("tiers", total), strict=True):
        yield {
            "id": key,
            "creatorId": creator,
            "basicTier": _tier(0.05, ["posts"]),
            "premiumTier": _tier(0.15, ["posts", 'the "raw" files', "чат"]),
            "vipTier": chance.choice((None, _tier(0.1 + 0.2, ["all of it \U0001f680"]))),
            "createdAt": moment,
            "updatedAt": moment,
        }


def _tier(price: float, perks: list[str]) -> str:
    tier = {"price": price, "currency": "SOL", "perks": perks, "discount": None, "on": True}
    return json.dumps(tier, ensure_ascii=False)


def follows(world: World) -> Iterator[Row]:
    """Yield who follows whom, each pair once."""
    total = world.inventory.people.follows
    chance = world.chance("follows")
    pairs = [(a, b) for a in world.users for b in world.creators[:6] if a != b]
    ids = world.ids("follows", total)
    chosen = chance.sample(pairs, k=total)
    for key, (follower, followed), moment in zip(
        ids, chosen, world.moments("follows", total), strict=True
    ):
        yield {"id": key, "followerId": follower, "followingId": followed, "createdAt": moment}


def accounts(world: World) -> Iterator[Row]:
    """Yield log-ins through another provider; the tokens are none."""
    total = world.inventory.people.accounts
    for n, key in enumerate(world.ids("accounts", total)):
        yield {
            "id": key,
            "user_id": world.users[n],
            "type": "oauth",
            "provider": "example",
            "provider_account_id": f"{world.copy}-{n}",
            "access_token": f"synthetic-{world.signature(f'account {n}')}",
            "expires_at": 1_751_270_400 + n,
            "token_type": "bearer",
            "scope": "",
        }


def sessions(world: World) -> Iterator[Row]:
    """Yield open sessions; the tokens are none."""
    total = world.inventory.people.sessions
    for n, key in enumerate(world.ids("sessions", total)):
        yield {
            "id": key,
            "session_token": f"synthetic-{world.signature(f'session {n}')}",
            "user_id": world.users[-1 - n % len(world.users)],
            "expires": BEGIN + SPAN + dt.timedelta(days=30, seconds=n),
        }
