"""What was backed up comes back as it was, while the store goes on; what is damaged or not empty is refused."""

import asyncio
import gzip
import tarfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import handling
from bot.desk.presence import State
from bot.desk.teams import Team
from bot.ledger import audit
from connectors.backup import BackupFault, backup, restore
from connectors.desk.guard.accounts import Accounts, Agent
from connectors.store.connection import Connection
from connectors.store.desk.audit import AuditLog, Entry
from connectors.store.desk.canned import Canned, CannedShelf
from connectors.store.desk.mentions import Mentions
from connectors.store.desk.presence import Presence
from connectors.store.desk.tags import Tags
from connectors.store.desk.teams import TeamShelf
from connectors.store.keys import (
    AGENTS,
    AUDIT,
    CANNED,
    DATA_VERSION,
    LAST_LOGINS,
    PRESENCE,
    TEAMS,
)
from connectors.store.versions import CURRENT, ready_data
from tests.doubles import answer, text
from tests.integration.test_engine import ACCOUNT, House
from tests.stories.test_story_35 import _READ, running_store


@pytest.fixture
async def house(connection: Connection) -> House:
    """A connector with data of every kind."""
    house = House(connection)
    await ready_data(connection, [ACCOUNT])
    for number in range(20):
        openid = f"oFollower{number}"
        house.brain.turns = [answer(hand_over="needs_person" if number % 2 else None)]
        await house.receive(text("几点👋\x7f", key=f"{number}", openid=openid))
        await house.work()
    await house.receive(text("还没有人读", key="unread", openid="oFollower1"))
    await connection.redis.sadd(house.store.keys.marks("oFollower1"), "1.0")
    await _at_the_desk(house, connection)
    return house


async def _at_the_desk(house: House, connection: Connection) -> None:
    """What people have there: accounts, teams, replies at hand; and what they write about a follower."""
    redis, now, openid = connection.redis, house.clock.now(), "oFollower1"
    await Accounts(redis).put(Agent("li", "小李👋", "agent", "a hash", ("all",), ("投诉",), 3))
    await Accounts(redis).came("li", now)
    await TeamShelf(redis).put(Team("paris", "巴黎店", cities=("paris",), managers=("li",)))
    for owner in ("", "li"):
        await CannedShelf(redis).put(Canned("", "bye", "再见\n👋", owner))
    await Tags(redis, ACCOUNT).add(openid, "老客")
    await Mentions(redis, ACCOUNT).add(openid, ["li"], now)
    await house.engine.apply(
        openid, lambda at: handling.note(at, "li", "有纠纷 @小李", ["li"], now)
    )
    await Presence(redis, house.clock, 300.0).choose("li", State.BUSY)
    await AuditLog(redis).write(Entry(now, "li", "note", ACCOUNT, "alias"))


@pytest.fixture
async def empty(tmp_path: Path) -> AsyncIterator[Connection]:
    """A second store, empty."""
    (tmp_path / "second").mkdir()
    async with running_store(tmp_path / "second") as url:
        connection = Connection(url)
        yield connection
        await connection.close()


def url_of(connection: Connection) -> str:
    """Where a connection leads."""
    return f"unix://{connection.redis.connection_pool.connection_kwargs['path']}"


async def content(connection: Connection) -> dict[str, object]:
    """All that is to come back, with what is left of its lifetime in hundreds of seconds."""
    redis, found = connection.redis, {}
    async for key in redis.scan_iter():
        if ":signature:" in key or key.endswith((":workers", ":ready", ":scheduled")):
            continue
        value = await _READ[await redis.type(key)](redis, key)
        kept = sorted(value) if isinstance(value, set) else value
        found[key] = (kept, (await redis.expiretime(key)))
    return found


def left_over(folder: Path) -> list[Path]:
    """What the making of a backup should have removed."""
    return list(folder.glob(".bida*"))


async def test_a_backup_comes_back_as_it_was(
    house: House, connection: Connection, empty: Connection, tmp_path: Path
) -> None:
    media, back = tmp_path / "media", tmp_path / "back"
    (media / "a").mkdir(parents=True)
    (media / "a" / "picture.jpg").write_bytes(b"\xff\xd8" * 1000)
    before = await content(connection)
    made = await backup(url_of(connection), media, tmp_path / "b.tar.gz")
    await restore(url_of(empty), back, tmp_path / "b.tar.gz")
    after = await content(empty)
    assert after == before
    of_follower = (house.store.keys.tags("oFollower1"), house.store.keys.mentions())
    assert {AGENTS, AUDIT, CANNED, LAST_LOGINS, PRESENCE, TEAMS, *of_follower} <= after.keys()
    assert (back / "a" / "picture.jpg").read_bytes() == b"\xff\xd8" * 1000
    assert made.keys > 60
    assert (tmp_path / "b.tar.gz").stat().st_mode & 0o077 == 0
    assert left_over(tmp_path) == []


async def test_a_restored_store_goes_on_where_it_was(
    house: House, connection: Connection, empty: Connection, tmp_path: Path
) -> None:
    await backup(url_of(connection), tmp_path / "media", tmp_path / "b.tar.gz")
    await restore(url_of(empty), tmp_path / "back", tmp_path / "b.tar.gz")
    await ready_data(empty, [ACCOUNT])
    other = House(empty)
    await other.work()
    assert (await other.store.transcript("oFollower1"))[-2].line.text == "还没有人读"
    assert audit([entry async for entry in other.store.ledger()], other.clock.now()).is_sound


async def test_a_backup_of_a_running_store_is_of_one_moment(
    house: House, connection: Connection, empty: Connection, tmp_path: Path
) -> None:
    """The ledger and the conversations fit each other, though followers write all the while."""
    stopping = asyncio.Event()

    async def write() -> None:
        number = 1000
        while not stopping.is_set():
            number += 1
            await house.receive(text("几点", key=f"{number}", openid=f"oFollower{number % 50}"))
            await house.work()

    writing = asyncio.create_task(write())
    await backup(url_of(connection), tmp_path / "media", tmp_path / "b.tar.gz")
    stopping.set()
    await writing
    await restore(url_of(empty), tmp_path / "back", tmp_path / "b.tar.gz")
    other = House(empty)
    result = audit([entry async for entry in other.store.ledger()], other.clock.now())
    open_ones = 0
    async for key in empty.redis.scan_iter(match=other.store.keys.conversation("*")):
        open_ones += len((await other.store.read(key.rpartition(":")[2])).enquiries)
    assert result.is_sound
    assert result.open == open_ones


async def test_a_store_that_is_not_empty_is_left_alone(
    house: House, connection: Connection, tmp_path: Path
) -> None:
    await backup(url_of(connection), tmp_path / "media", tmp_path / "b.tar.gz")
    before = await content(connection)
    with pytest.raises(BackupFault, match="empty store only"):
        await restore(url_of(connection), tmp_path / "back", tmp_path / "b.tar.gz")
    assert await content(connection) == before


async def test_a_media_folder_that_is_not_empty_is_left_alone(
    house: House, connection: Connection, empty: Connection, tmp_path: Path
) -> None:
    await backup(url_of(connection), tmp_path / "media", tmp_path / "b.tar.gz")
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "picture.jpg").touch()
    with pytest.raises(BackupFault, match="MEDIA_DIR"):
        await restore(url_of(empty), tmp_path / "media", tmp_path / "b.tar.gz")
    assert await empty.redis.dbsize() == 0


async def test_a_backup_is_never_overwritten(connection: Connection, tmp_path: Path) -> None:
    (tmp_path / "b.tar.gz").write_text("precious")
    with pytest.raises(BackupFault, match="another name"):
        await backup(url_of(connection), tmp_path / "media", tmp_path / "b.tar.gz")
    assert (tmp_path / "b.tar.gz").read_text() == "precious"


def damaged(file: Path, way: str) -> None:
    """Damage a backup."""
    whole = file.read_bytes()
    if way == "cut":
        file.write_bytes(whole[: len(whole) // 2])
    elif way == "no backup":
        file.write_bytes(b"something else")
    elif way == "no manifest":
        with tarfile.open(file, "w:gz"):
            pass
    elif way == "changed":
        plain = gzip.decompress(whole)
        file.write_bytes(gzip.compress(plain.replace(b"oFollower7", b"oFollower8", 1)))
    else:
        file.write_bytes(
            gzip.compress(gzip.decompress(whole).replace(b"store.jsonl\0", b"../evil.txt\0", 1))
        )


@pytest.mark.parametrize("way", ["cut", "no backup", "no manifest", "changed", "elsewhere"])
async def test_a_damaged_backup_is_refused_before_anything_is_written(
    house: House, connection: Connection, empty: Connection, tmp_path: Path, way: str
) -> None:
    await backup(url_of(connection), tmp_path / "media", tmp_path / "b.tar.gz")
    damaged(tmp_path / "b.tar.gz", way)
    with pytest.raises(BackupFault, match=r"damaged|no backup"):
        await restore(url_of(empty), tmp_path / "back", tmp_path / "b.tar.gz")
    assert await empty.redis.dbsize() == 0


async def test_a_backup_of_a_newer_program_is_refused(
    house: House, connection: Connection, empty: Connection, tmp_path: Path
) -> None:
    await connection.redis.set(DATA_VERSION, CURRENT + 1)
    await backup(url_of(connection), tmp_path / "media", tmp_path / "b.tar.gz")
    with pytest.raises(BackupFault, match="newer program"):
        await restore(url_of(empty), tmp_path / "back", tmp_path / "b.tar.gz")
    assert await empty.redis.dbsize() == 0
