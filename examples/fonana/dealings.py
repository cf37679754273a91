"""What have users to do with one another?  The rows of money, messages and notifications."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from examples.fonana import words
from examples.fonana.world import BEGIN, SPAN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from examples.fonana.world import World

Row = dict[str, Any]

_END = BEGIN + SPAN
_MESSAGES = {
    "LIKE_POST": ("New like", "{} liked your post"),
    "COMMENT_POST": ("New comment", '{} wrote: "so good"\\o/'),
    "NEW_POST_FROM_SUBSCRIPTION": ("Новая публикация", "{} публикует новую работу"),
    "NEW_MESSAGE": ("New message \U0001f4ac", "{} sent you a message"),
    "NEW_SUBSCRIBER": ("New subscriber", "{} subscribed\nto your basic plan"),
    "SYSTEM_ANNOUNCEMENT": ("Maintenance", "We will be away for ten minutes\tat most."),
}


def subscriptions(world: World) -> Iterator[Row]:
    """Yield the subscriptions."""
    total = world.inventory.dealings.subscriptions
    for n, key in enumerate(world.ids("subscriptions", total)):
        moment = BEGIN + dt.timedelta(days=8 * n, hours=n)
        yield {
            "id": key,
            "userId": world.users[n],
            "creatorId": world.creators[-1 - n],
            "plan": ("basic", "premium", "vip")[n % 3],
            "price": (0.05, 0.15, 0.1 + 0.2)[n % 3],
            "currency": "SOL",
            "subscribedAt": moment,
            "validUntil": moment + dt.timedelta(days=30),
            "isActive": True,
            "txSignature": world.signature(f"subscription {n}"),
            "paymentStatus": "COMPLETED",
        }


def post_purchases(world: World) -> Iterator[Row]:
    """Yield who paid for which post."""
    total = world.inventory.dealings.purchases
    for n, key in enumerate(world.ids("post_purchases", total)):
        price = (0.1, 0.1 + 0.2, 1.25)[n % 3]
        yield {
            "id": key,
            "postId": world.posts[n],
            "userId": world.users[-1 - n % len(world.users)],
            "price": price,
            "currency": "SOL",
            "txSignature": world.signature(f"purchase {n}") if n % 3 else None,
            "purchasedAt": BEGIN + dt.timedelta(days=3 * n, milliseconds=n),
            "paymentStatus": "COMPLETED" if n % 3 else "FAILED",
            "platformFee": price * 0.1,
            "referrerFee": None,
            "creatorAmount": price * 0.9,
        }


def transactions(world: World) -> Iterator[Row]:
    """Yield one transaction for each subscription, for each purchase and for each tip."""
    shape = world.inventory.dealings
    subscribed = [("SUBSCRIPTION", key) for key in world.ids("subscriptions", shape.subscriptions)]
    bought = [("POST_PURCHASE", key) for key in world.ids("post_purchases", shape.purchases)]
    deals = [*subscribed, *bought, *[("TIP", None)] * shape.tips]
    for n, (key, (kind, about)) in enumerate(
        zip(world.ids("transactions", len(deals)), deals, strict=True)
    ):
        sender, receiver = n % len(world.users), -1 - n % len(world.creators)
        moment = BEGIN + dt.timedelta(days=2 * n, seconds=n)
        yield {
            "id": key,
            "subscriptionId": about if kind == "SUBSCRIPTION" else None,
            "txSignature": world.signature(f"transaction {n}"),
            "fromWallet": world.wallets[sender],
            "toWallet": world.wallets[receiver],
            "amount": (0.05, 0.1 + 0.2, 1.25)[n % 3],
            "currency": "SOL",
            "type": kind,
            "status": "CONFIRMED" if n % 4 else "FAILED",
            "platformFee": 0.005,
            "referrerFee": None,
            "referrerWallet": world.wallets[0] if n % 5 == 0 else None,
            "metadata": json.dumps({"slot": 300_000_000 + n, "fee": 5e-06, "memo": None}),
            "errorMessage": None if n % 4 else 'blockhash "not found"\n\tat slot 7',
            "confirmedAt": moment + dt.timedelta(seconds=12) if n % 4 else None,
            "createdAt": moment,
            "updatedAt": moment + dt.timedelta(seconds=12),
            "postPurchaseId": about if kind == "POST_PURCHASE" else None,
            "receiverId": world.users[receiver],
            "senderId": world.users[sender],
        }


def conversations(world: World) -> Iterator[Row]:
    """Yield the conversations, one a pair of users."""
    moments = world.moments("conversations", world.inventory.dealings.conversations)
    for key, (one, other), moment in zip(_talks(world), _pairs(world), moments, strict=True):
        yield {
            "id": key,
            "fromUserId": one,
            "toUserId": other,
            "lastMessageAt": _END,
            "createdAt": moment,
            "updatedAt": _END,
        }


def messages(world: World) -> Iterator[Row]:
    """Yield the messages; who sends one takes part in its conversation."""
    total = world.inventory.dealings.messages
    chance = world.chance("messages")
    talks = list(zip(_talks(world), _pairs(world), strict=True))
    moments = world.moments("messages", total)
    for n, key in enumerate(world.ids("Message", total)):
        talk, pair = talks[n % len(talks)]
        paid = n % 50 == 7  # noqa: PLR2004 - now and then
        yield {
            "id": key,
            "conversationId": talk,
            "senderId": chance.choice(pair),
            "content": None if paid else words.remark(chance),
            "mediaUrl": None,
            "mediaType": None,
            "isPaid": paid,
            "price": 0.1 + 0.2 if paid else None,
            "isRead": chance.random() < 0.7,  # noqa: PLR2004 - a share, said once
            "createdAt": moments[n],
            "metadata": json.dumps({"from": "app", "n": n, "tags": []}) if n % 10 == 0 else None,
        }


def message_purchases(world: World) -> Iterator[Row]:
    """Yield who paid to read which message."""
    shape = world.inventory.dealings
    sold = world.ids("Message", shape.messages)[7::50]
    for n, key in enumerate(world.ids("MessagePurchase", shape.message_purchases)):
        yield {
            "id": key,
            "messageId": sold[n],
            "userId": world.users[n],
            "amount": 0.1 + 0.2,
            "txSignature": world.signature(f"message {n}"),
            "createdAt": _END - dt.timedelta(hours=n),
        }


def notifications(world: World) -> Iterator[Row]:
    """Yield the notifications; nearly every post that one names was deleted long ago."""
    shape = world.inventory.dealings
    total = sum(shape.notifications.values())
    chance = world.chance("notifications")
    kinds = world.deal("notification type", shape.notifications, total, "")
    moments = world.moments("notifications", total)
    talks = _talks(world)
    gone = world.ids("gone", total)
    found = list(world.posts[: shape.found])
    for n, key in enumerate(world.ids("notifications", total)):
        kind = kinds[n]
        title, message = _MESSAGES[kind]
        post = found.pop() if found and kind == "LIKE_POST" else gone[n]
        yield {
            "id": key,
            "userId": chance.choice(world.users),
            "type": kind,
            "title": title,
            "message": message.format(chance.choice(words.NAMES)),
            "isRead": chance.random() < 0.4,  # noqa: PLR2004 - a share, said once
            "metadata": _about(chance, kind, post, talks, world.users),
            "createdAt": moments[n],
        }


def _about(
    chance: Random, kind: str, post: str, talks: Sequence[str], users: Sequence[str]
) -> str | None:
    """Return what a notification is about, as JSON; nothing where it is about everybody."""
    if kind == "SYSTEM_ANNOUNCEMENT":
        return None
    sender = {"senderId": chance.choice(users)}
    if kind == "NEW_MESSAGE":
        return json.dumps({"conversationId": chance.choice(talks), **sender})
    if kind == "NEW_SUBSCRIBER":
        return json.dumps(sender)
    return json.dumps({"postId": post, **sender})


def _talks(world: World) -> list[str]:
    return world.ids("Conversation", world.inventory.dealings.conversations)


def _pairs(world: World) -> list[tuple[str, str]]:
    users = world.users
    pairs = [(one, other) for n, one in enumerate(users[:8]) for other in users[n + 1 :]]
    return world.chance("pairs").sample(pairs, k=world.inventory.dealings.conversations)


def none(_: World) -> Iterator[Row]:
    """Yield nothing: a table without a row is there all the same, and compared."""
    return iter(())
