"""Is the example's database what its inventory says, and are its files files?"""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from psycopg import sql

from examples.fonana.generate import TABLES, generate
from examples.fonana.media import body
from examples.fonana.stage import create_database
from gatepost import database, embedded
from gatepost.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

ROOT = Path(__file__).resolve().parents[1]
MEDIA = {
    ("users", "avatar"): {
        r"^/media/avatars/[^/]+\.webp$": 51,
        r"^/media/avatars/[^/]+\.png$": 1,
        r"^/media/avatars/[^/]+\.jpeg$": 1,
        r"^/media/tests/avatars/[^/]+\.jpg$": 1,
    },
    ("users", "backgroundImage"): {r"^/media/backgrounds/[^/]+\.webp$": 53},
    ("posts", "mediaUrl"): {
        r"^/media/posts/[^/]+\.webp$": 280,
        r"^/media/tests/posts/[^/]+\.jpg$": 5,
        r"^/media/tests/posts/[^/]+\.mp3$": 2,
        r"^/media/tests/posts/[^/]+\.mp4$": 2,
        r"^/posts/images/[^/]+\.JPG$": 4,
        r"^/posts/images/[^/]+\.webp$": 4,
    },
    ("posts", "thumbnail"): {
        r"^/media/thumbposts/thumb_[^/]+\.webp$": 279,
        r"^/media/tests/posts/[^/]+\.jpg$": 9,
        r"^/posts/images/thumb_[^/]+\.webp$": 8,
        r"^/media/thumbposts/[^/]+\.jpg$": 1,
    },
}
MAGIC = {
    ".webp": (b"RIFF", "WEBP"),
    ".png": (b"\x89PNG\r\n\x1a\n", "PNG"),
    ".jpg": (b"\xff\xd8\xff", "JPEG"),
    ".jpeg": (b"\xff\xd8\xff", "JPEG"),
    ".mp3": (b"ID3\x03", ""),
    ".mp4": (b"\x00\x00\x00\x1cftypisom", ""),
}
# Rows that answer a question, and how many there must be.
CUID = "c[a-z0-9]{24}"
BASE58 = "[1-9A-HJ-NP-Za-km-z]{32,44}"
INVENTORY = {
    "users where true": 59,
    'users where "isCreator"': 56,
    'users where nickname is null and "isCreator"': 3,
    "users where nickname is null": 3,
    "users where nickname = ''": 0,
    f"users where id !~ '^{CUID}$'": 11,
    "users where length(id) not between 6 and 36": 0,
    f"users where wallet !~ '^{BASE58}$'": 12,
    "users where length(wallet) not between 7 and 51": 0,
    'users where "referrerId" is not null': 8,
    'users where "referrerId" = id': 0,
    'users where "backgroundImage" is not null': 53,
    "users where email is not null": 0,
    "users where name is not null": 41,
    "users where solana_wallet is not null": 25,
    r"users where bio ~ '\n'": 3,
    'users as u where "isCreator" and not exists'
    ' (select from posts as p where p."creatorId" = u.id)': 28,
    "posts where true": 312,
    'posts where "isLocked"': 141,
    'posts where "isLocked" and price is null and "minSubscriptionTier" is null': 68,
    "posts where price is null": 245,
    "posts where price = 0": 0,
    "posts where \"minSubscriptionTier\" = 'basic'": 6,
    "posts where \"minSubscriptionTier\" = 'premium'": 5,
    "posts where \"minSubscriptionTier\" = 'vip'": 5,
    "posts where \"minSubscriptionTier\" = 'free'": 3,
    'posts where "minSubscriptionTier" is not null': 19,
    'posts where "isSellable"': 1,
    'posts where "imageAspectRatio" is not null': 9,
    "posts where type = 'image'": 293,
    "posts where type = 'text'": 15,
    "posts where type = 'audio'": 2,
    "posts where type = 'video'": 2,
    'posts where "mediaUrl" is null and thumbnail is null': 15,
    f"posts where id !~ '^{CUID}$'": 13,
    "posts where length(id) not between 6 and 36": 0,
    r"posts where content ~ '\n'": 102,
    "comments where true": 1,
    "likes where true": 0,
    "subscriptions where true": 3,
    "notifications where true": 1987,
    "notifications where metadata ? 'postId'": 1750,
    "notifications where metadata ? 'postId' and not exists"
    " (select from posts where id = metadata ->> 'postId')": 1748,
    'notifications where not exists (select from users where id = "userId")': 0,
    '"Message" where true': 230,
    '"Message" as m join "Conversation" as c on c.id = m."conversationId"'
    ' where m."senderId" not in (c."fromUserId", c."toUserId")': 0,
    '"MessagePurchase" where not exists (select from users where id = "userId")': 0,
    'transactions where num_nulls("senderId", "receiverId") > 0': 0,
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with embedded.running(16, durable=False) as running:
        yield running


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("public")


@pytest.fixture(scope="module")
def address(server: Server, public: Path) -> Dsn:
    """The source: generated once, read by all."""
    found = create_database(server, "fonana")
    generate(found, public)
    return found


def asked(address: Dsn, query: str) -> list[tuple[object, ...]]:
    """Return what a query of these tests yields; names need no schema in it."""
    conn = database.maintenance(address)
    try:
        conn.execute("set search_path to public")
        return database.rows(conn, sql.SQL(query))
    finally:
        conn.close()


def test_schema_has_what_was_described_and_nothing_else(address: Dsn) -> None:
    kinds = asked(
        address,
        "select relkind::text, count(*) from pg_class where relnamespace = 'public'::regnamespace"
        " group by 1 order by 1",
    )
    constraints = asked(
        address,
        "select contype::text, confupdtype::text, confdeltype::text, count(*) from pg_constraint"
        " where connamespace = 'public'::regnamespace and contype <> 'n'"
        " group by 1, 2, 3 order by 1, 3",
    )
    others = asked(
        address,
        "select (select count(*) from pg_type where typtype = 'e'),"
        " (select count(*) from pg_proc where pronamespace = 'public'::regnamespace),"
        " (select count(*) from pg_trigger where not tgisinternal),"
        " (select count(*) from pg_index join pg_class on oid = indexrelid"
        "   where relnamespace = 'public'::regnamespace and indisunique and not indisprimary)",
    )

    # Tables and indexes: no sequence, no view.
    assert kinds == [("i", 54), ("r", 23)]
    # All update by cascade; 28 delete by cascade, 4 set null, 5 restrict; unique is an index.
    assert constraints == [
        ("f", "c", "c", 28),
        ("f", "c", "n", 4),
        ("f", "c", "r", 5),
        ("p", " ", " ", 23),
    ]
    assert others == [(8, 0, 0, 19)]
    assert {
        name
        for (name,) in asked(address, "select tablename from pg_tables where schemaname = 'public'")
    } == set(TABLES)


def test_every_foreign_key_is_named_after_its_table_and_column(address: Dsn) -> None:
    strange = asked(
        address,
        "select conname from pg_constraint"
        " join pg_attribute on attrelid = conrelid and attnum = conkey[1]"
        " join pg_class on pg_class.oid = conrelid"
        " where contype = 'f' and conname <> relname || '_' || attname || '_fkey'",
    )

    assert strange == []


@pytest.mark.parametrize("which", INVENTORY)
def test_inventory_is_exact(address: Dsn, which: str) -> None:
    assert asked(address, f"select count(*) from {which}") == [(INVENTORY[which],)]


def test_text_beyond_ascii_is_exact(address: Dsn) -> None:
    texts = [str(text) for (text,) in asked(address, "select title || content from posts")]

    assert sum(bool(re.search("[\u0400-\u04ff]", text)) for text in texts) == 34
    assert sum(any(ord(letter) > 0xFFFF for letter in text) for text in texts) == 109
    assert sum(not text.isascii() for text in texts) == 159


def test_posts_have_the_shape_of_the_real_ones(address: Dsn) -> None:
    (found,) = asked(
        address,
        'select count(distinct category), sum("likesCount") between 2000 and 9999,'
        ' sum("commentsCount") between 200 and 999,'
        """ max("createdAt") - min("createdAt") between '34 days' and '35 days' from posts""",
    )
    twins = asked(
        address,
        'select count(*) from posts group by "creatorId", title, content having count(*) > 1',
    )

    assert found == (17, True, True, True)
    assert twins == [(2,)] * 7


def test_awkward_text_is_there(address: Dsn) -> None:
    """Each of these once broke an exporter; NULL and the empty string are both there."""
    for piece in ("\\\\n", "\\\\N", "\t", '"', "''", "\r\n", "<script>"):
        found = asked(
            address, f"select count(*) > 0 from posts where strpos(content, E'{piece}') > 0"
        )
        assert found == [(True,)], piece
    assert asked(
        address, "select count(*) filter (where website = '') > 0, count(website) < 59 from users"
    ) == [(True, True)]


@pytest.mark.parametrize(("table", "column"), MEDIA)
def test_media_paths_have_the_forms_of_the_real_ones(address: Dsn, table: str, column: str) -> None:
    paths = [
        str(p)
        for (p,) in asked(address, f'select "{column}" from {table} where "{column}" is not null')
    ]
    forms = MEDIA[table, column]

    assert {form: sum(bool(re.search(form, path)) for path in paths) for form in forms} == forms
    assert len(paths) == sum(forms.values())


def test_297_posts_share_164_files(address: Dsn) -> None:
    assert asked(address, 'select count("mediaUrl"), count(distinct "mediaUrl") from posts') == [
        (297, 164)
    ]


def test_every_file_is_valid_and_no_two_are_alike(public: Path) -> None:
    files = [file for file in public.rglob("*") if file.is_file()]

    for file in files:
        magic, kind = MAGIC[file.suffix.lower()]
        data = file.read_bytes()
        assert data.startswith(magic), file
        if kind:
            with Image.open(io.BytesIO(data)) as image:
                image.load()
                assert image.format == kind, file
    assert len({hashlib.sha256(file.read_bytes()).digest() for file in files}) == len(files)


def test_sound_is_four_whole_frames(public: Path) -> None:
    (one, *_) = public.rglob("*.mp3")
    data = one.read_bytes()
    tag = 10 + (data[8] << 7) + data[9]

    assert len(data) == tag + 4 * 417
    assert all(data[tag + n * 417 :].startswith(b"\xff\xfb") for n in range(4))


def test_film_is_boxes_without_a_gap() -> None:
    data = body("/media/tests/posts/x.mp4")
    names = []
    while data:
        size = int.from_bytes(data[:4], "big")
        names.append(data[4:8])
        data = data[size:]

    assert names == [b"ftyp", b"moov", b"mdat"]


def references(address: Dsn) -> list[str]:
    queries = [f'select "{column}" from {table}' for table, column in MEDIA]
    return [str(path) for (path,) in asked(address, " union all ".join(queries)) if path]


def test_every_reference_leads_to_a_file(address: Dsn, public: Path) -> None:
    found = references(address)

    assert len(found) == 701
    assert [path for path in found if not (public / path[1:]).is_file()] == []


def test_17_references_lead_nowhere_where_media_are_missing(server: Server, tmp_path: Path) -> None:
    address = create_database(server, "missing")
    generate(address, tmp_path, missing=True)

    assert sum(not (tmp_path / path[1:]).is_file() for path in references(address)) == 17


def contents(address: Dsn) -> str:
    """Return the digest of every byte of every table, in the order it was written."""
    digest = hashlib.sha256()
    conn = database.maintenance(address)
    try:
        for name in sorted(TABLES):
            table = sql.Identifier("public", name)
            with conn.cursor().copy(sql.SQL("copy {} to stdout").format(table)) as sent:
                for block in sent:
                    digest.update(block)
    finally:
        conn.close()
    return digest.hexdigest()


def tree(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def test_the_same_seed_gives_the_same_bytes(
    server: Server, address: Dsn, public: Path, tmp_path: Path
) -> None:
    again = create_database(server, "again")
    generate(again, tmp_path)

    assert contents(again) == contents(address)
    assert tree(tmp_path) == tree(public)


def test_another_process_gives_the_same_bytes(server: Server, address: Dsn, tmp_path: Path) -> None:
    """Hashes of strings are random per process: nothing may hang on them."""
    again = create_database(server, "elsewhere")
    done = subprocess.run(
        [sys.executable, "-m", "examples.fonana.generate", "--media", str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": again.raw, "PYTHONHASHSEED": "7"},
    )

    assert contents(again) == contents(address)
    assert "312 posts" in done.stdout


def test_another_seed_gives_other_rows_of_the_same_shape(
    server: Server, address: Dsn, tmp_path: Path
) -> None:
    other = create_database(server, "other")
    counts = generate(other, tmp_path, seed=7)

    assert contents(other) != contents(address)
    assert (counts["users"], counts["posts"]) == (59, 312)
    assert asked(other, 'select count(distinct "mediaUrl") from posts') == [(164,)]


def test_scale_multiplies_the_rows_and_keeps_the_shape(server: Server, tmp_path: Path) -> None:
    large = create_database(server, "large")
    counts = generate(large, tmp_path, 3)

    assert (counts["users"], counts["posts"], counts["notifications"]) == (177, 936, 5961)
    assert (
        asked(large, 'select count(*), count(distinct "mediaUrl") from posts where "isLocked"')[0][
            0
        ]
        == 423
    )
    assert asked(large, 'select count(distinct "mediaUrl") from posts') == [(492,)]


def test_a_database_that_is_not_empty_is_left_as_it_is(address: Dsn, tmp_path: Path) -> None:
    before = contents(address)

    with pytest.raises(UsageError, match="not empty"):
        generate(address, tmp_path)

    assert contents(address) == before
    assert list(tmp_path.iterdir()) == []
