"""Story 35: a follower's data stay after the unfollow. Here nothing stays, in no key, no file and no log."""

import asyncio
import contextlib
import io
import json
import logging
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from redis.asyncio import Redis

from bot import handling
from bot.change import Change
from bot.engine import Engine
from bot.ledger import audit
from bot.messages import Inbound
from bot.ports import Conflict, LeaseLost, Unsent
from bot.turn import Turn
from connectors.logs import OURS, write_logs
from connectors.store.connection import Connection
from connectors.store.conversations import Conversations
from connectors.store.embedded import EmbeddedStore
from connectors.store.exchanges import Exchanges
from connectors.store.inbox import Inbox
from connectors.store.keys import DAY, Keys
from connectors.store.late import LateAnswers
from connectors.store.misses import Marks, moment
from connectors.store.rewriting import Rewriting
from connectors.supervisor import Supervisor
from connectors.worker import Worker
from tests.doubles import PlainMenu, PlainNotices, Postbox, SettableClock, SilentBrain, answer, text

ACCOUNT, OPENID, OTHER = "wxaccount", "oFollowerWhoLeaves", "oFollowerWhoStays"
KEYS = {OTHER: "10000", OPENID: "20000"}
"""How the messages of each are numbered."""

WORDS = "我住在淮海中路八十八号"
ANSWER = "您附近的门店是国金店"


class KeepingBrain(SilentBrain):
    """Keeps in Redis what the real one keeps, under its keys."""

    def __init__(self, redis: Redis) -> None:
        super().__init__([answer(ANSWER)])
        self.redis, self.keys = redis, Keys(ACCOUNT)
        self.is_up = True
        self.before_keeping = asyncio.Event()
        self.before_keeping.set()
        self.is_asked = asyncio.Event()

    async def ask(self, message: Inbound) -> Turn:
        self.is_asked.set()
        await self.before_keeping.wait()
        await self.keep(message)
        return await super().ask(message)

    async def keep(self, message: Inbound) -> None:
        """The tracker and the stored turn of a message."""
        events = json.dumps([message.text, message.openid], ensure_ascii=False)
        await self.redis.set(self.keys.tracker(message.openid), events)
        turns = self.keys.turns(message.openid, int(time.time()) // DAY)
        await self.redis.hset(turns, message.key, message.text)

    async def forget(self, account: str, openid: str) -> None:
        if self.is_up:
            self.forgotten.append(openid)
            await self.redis.delete(self.keys.tracker(openid))


class Pictures:
    """Keeps a picture of everybody in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, openid: str) -> None:
        (self.folder / f"{openid}.jpg").write_text(WORDS)

    async def erase(self, openid: str) -> None:
        (self.folder / f"{openid}.jpg").unlink(missing_ok=True)


class House:
    """A connector over a store of its own, whose files can be looked through."""

    def __init__(self, connection: Connection, folder: Path) -> None:
        self.connection, self.redis = connection, connection.redis
        self.clock, self.postbox = SettableClock(), Postbox()
        self.brain = KeepingBrain(connection.redis)
        self.pictures = Pictures(folder)
        self.store = Conversations(connection, ACCOUNT, secret="a secret")
        self.exchanges = Exchanges(connection, ACCOUNT)
        self.inbox = Inbox(connection, ACCOUNT, self.clock)
        parts = (self.brain, self.postbox, PlainNotices(), PlainMenu(), self.clock)
        self.engine = Engine(self.store, *parts, media=self.pictures)
        self.rewriting = Rewriting(connection, ACCOUNT, 0.0)

    async def receive(self, message: Inbound) -> str:
        """Push a message as WeChat would; its callback does not wait."""
        result = await self.exchanges.answer(
            message, f"digest {message.key}", f"signature {message.key}", self.clock.now(), 0.0
        )
        return result.status

    async def work(self) -> None:
        """Serve everyone who has something to do."""
        while openid := await self.inbox.take(0.02):
            served = await self.engine.serve(openid, self.inbox.worker)
            assert await self.inbox.release(served)

    async def live(self, openid: str) -> None:
        """All that a follower can leave behind: words, an answer, a mark, an agent's words, an unreadable message."""
        await self.receive(text(WORDS, key=KEYS[openid] + "1", openid=openid))
        await self.work()
        line = (await self.store.transcript(openid))[0].line
        await Marks(self.redis, ACCOUNT).toggle(openid, moment(line.at))
        self.brain.turns = [answer("请稍候", hand_over="needs_person")]
        await self.receive(text(f"转人工 {WORDS}", key=KEYS[openid] + "2", openid=openid))
        await self.work()
        late = text(WORDS, key=KEYS[openid] + "2", openid=openid)
        await LateAnswers(self.connection).keep(late, answer(WORDS))
        now, notices = self.clock.now(), PlainNotices()
        await self.engine.apply(openid, lambda c: handling.take(c, "li", now))
        said = f"{openid} {ANSWER}"
        await self.engine.apply(openid, lambda c: handling.reply(c, "li", said, notices, now))
        await self.receive(text(WORDS, key=KEYS[openid] + "3", openid=openid))
        await self.inbox.set_aside(openid)
        self.pictures.keep(openid)

    def leaving(self, event: str = "unsubscribe") -> Inbound:
        """WeChat says that the follower is gone."""
        return Inbound(f"{event}1", ACCOUNT, OPENID, "event", self.clock.now(), "", event)

    async def finish(self) -> None:
        """The second pass, when its time has come."""
        self.clock.at += 61
        await self.engine.forgetting.second_passes()

    async def rewrite(self) -> None:
        """Let the file be rewritten, and wait for it."""
        await self.rewriting.step(self.clock.now())
        keys = self.store.keys
        while await self.redis.exists(keys.unwritten(), keys.rewriting()):
            await asyncio.sleep(0.05)
            await self.rewriting.step(self.clock.now())

    async def everything(self) -> str:
        """Every key with all that it holds."""
        return await everything_in(self.redis)


async def everything_in(redis: Redis) -> str:
    """Every key of a store with all that it holds."""
    found = []
    async for key in redis.scan_iter():
        found.append(key)
        kind = await redis.type(key)
        if kind != "none":
            found.append(str(await _READ[kind](redis, key)))
    return "\n".join(found)


_READ = {
    "string": lambda redis, key: redis.get(key),
    "hash": lambda redis, key: redis.hgetall(key),
    "list": lambda redis, key: redis.lrange(key, 0, -1),
    "set": lambda redis, key: redis.smembers(key),
    "zset": lambda redis, key: redis.zrange(key, 0, -1),
    "stream": lambda redis, key: redis.xrange(key),
}


@contextlib.asynccontextmanager
async def running_store(folder: Path) -> AsyncIterator[str]:
    """A store with files of its own."""
    supervisor, store = Supervisor(folder, say=lambda _: None), EmbeddedStore.in_folder(folder)
    await supervisor.start(store.child(), ready_seconds=20)
    try:
        yield store.url
    finally:
        await supervisor.stop()
        store.remove()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house with two followers, of whom one will leave."""
    for name in ("store", "pictures"):
        (tmp_path / name).mkdir()
    async with running_store(tmp_path / "store") as url:
        connection = Connection(url)
        house = House(connection, tmp_path / "pictures")
        for openid in (OTHER, OPENID):
            house.brain.turns = [answer(ANSWER)]
            await house.live(openid)
        yield house
        await connection.close()


def files_with(folder: Path, told: str) -> list[str]:
    """The files below ``folder`` that hold a text or have it in their name."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [str(path) for path in files if told in path.name or told.encode() in path.read_bytes()]


async def forget(house: House, way: str) -> None:
    """Have the follower forgotten in one of the three ways."""
    if way == "bida forget":
        await house.engine.forgetting.on_request(OPENID)
    else:
        await house.receive(house.leaving(way))
        await house.work()


@pytest.mark.parametrize("way", ["unsubscribe", "user_authorization_revoke", "bida forget"])
async def test_story_35_nothing_of_a_follower_is_left_anywhere(
    house: House, tmp_path: Path, way: str
) -> None:
    before = await house.everything()
    assert OPENID in before
    assert WORDS in before
    assert files_with(tmp_path, OPENID)
    await forget(house, way)
    await house.finish()
    await house.rewrite()
    after = await house.everything()
    assert OPENID not in after
    assert after.count(WORDS) < before.count(WORDS)
    await forget_the_other(house)
    assert WORDS not in await house.everything()
    assert ANSWER not in await house.everything()
    for told in (OPENID, WORDS, ANSWER):
        assert files_with(tmp_path, told) == []


async def forget_the_other(house: House) -> None:
    """The words of both are the same: only without the other can one see that they are gone."""
    assert OTHER in await house.everything()
    await house.engine.forgetting.on_request(OTHER)
    await house.finish()
    await house.rewrite()


async def test_story_35_the_ledger_says_how_the_open_enquiry_ended(house: House) -> None:
    await forget(house, "unsubscribe")
    result = audit([entry async for entry in house.store.ledger()], house.clock.now())
    assert result.is_sound
    assert result.reasons["undeliverable(unfollowed)"] == 1


async def test_story_35_a_receipt_is_kept_that_names_nobody(house: House) -> None:
    await house.engine.forgetting.on_request(OPENID)
    ((_, receipt),) = await house.redis.xrange(house.store.keys.receipts())
    assert int(receipt["keys"]) >= 8
    assert float(receipt["at"]) == house.clock.now()
    assert receipt["hash"] == house.store._erasure.receipt(OPENID)
    assert receipt["hash"] != Conversations(house.connection, ACCOUNT)._erasure.receipt(OPENID)


async def test_story_35_a_brain_that_is_down_keeps_nothing(house: House) -> None:
    house.brain.is_up = False
    await forget(house, "unsubscribe")
    await house.finish()
    assert OPENID not in await house.everything()


async def test_story_35_the_message_at_hand_is_not_written_back(house: House) -> None:
    """The command comes while a worker waits for the brain: the step is refused, and the brain's late turn goes too."""
    house.brain.before_keeping.clear()
    house.brain.is_asked.clear()
    await house.receive(text(f"还有 {WORDS}", key="late", openid="oSomebodyElse"))
    await house.inbox.take(0.02)
    serving = asyncio.create_task(house.engine.serve("oSomebodyElse", house.inbox.worker))
    await house.brain.is_asked.wait()
    await house.engine.forgetting.on_request("oSomebodyElse")
    house.brain.before_keeping.set()
    with pytest.raises(LeaseLost):
        await serving
    assert await house.redis.exists(house.store.keys.tracker("oSomebodyElse"))
    await house.finish()
    assert "oSomebodyElse" not in await house.everything()
    result = audit([entry async for entry in house.store.ledger()], house.clock.now())
    assert result.reasons["undeliverable(forgotten)"] == 1


async def test_story_35_what_wechat_answers_after_it_is_not_written_back(house: House) -> None:
    """The command comes between the intention to send and WeChat's word that nothing was sent."""
    sending, may_end = asyncio.Event(), asyncio.Event()

    class Slow(Postbox):
        async def send(self, openid: str, bubble: object) -> None:
            sending.set()
            await may_end.wait()
            raise Unsent

    engine = Engine(
        house.store, SilentBrain([answer()]), Slow(), PlainNotices(), PlainMenu(), house.clock
    )
    worker = Worker(engine, house.inbox, 1)
    await house.receive(text(WORDS, key="s1", openid="oSomebodyElse"))
    running = asyncio.create_task(worker.run())
    await sending.wait()
    await engine.forgetting.on_request("oSomebodyElse")
    may_end.set()
    worker.stop()
    await running
    await house.finish()
    assert "oSomebodyElse" not in await house.everything()


async def test_story_35_an_older_push_that_comes_late_brings_nobody_back(house: House) -> None:
    await house.receive(house.leaving())
    await house.receive(text(WORDS, key="older, in the inbox", openid=OPENID))
    await house.work()
    assert await house.receive(text(WORDS, key="older, later still", openid=OPENID)) == "repeat"
    await house.work()
    await house.finish()
    assert OPENID not in await house.everything()


async def test_story_35_who_follows_again_at_once_begins_anew(house: House) -> None:
    await house.receive(house.leaving())
    house.clock.at += 1
    again = Inbound("f1", ACCOUNT, OPENID, "event", house.clock.now(), "", "subscribe")
    await house.receive(again)
    await house.work()
    await house.finish()
    assert [told.line.kind for told in await house.store.transcript(OPENID)] == [
        "subscribe",
        "text",
    ]
    assert WORDS not in str(await house.store.transcript(OPENID))


async def test_story_35_a_repeat_of_a_forgotten_push_is_still_a_repeat(house: House) -> None:
    await house.engine.forgetting.on_request(OPENID)
    assert await house.receive(text(WORDS, key=KEYS[OPENID] + "1", openid=OPENID)) == "repeat"
    await house.work()
    await house.finish()
    assert OPENID not in await house.everything()


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What a connector writes as its log."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    write_logs()
    # What is kept on first use would go on writing here when this test is over.
    structlog.configure(**{**structlog.get_config(), "cache_logger_on_first_use": False})
    log = io.StringIO()
    own = root.handlers[-1]
    assert isinstance(own, logging.StreamHandler)
    own.setStream(log)
    yield log
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.NOTSET)


async def test_story_35_the_logs_name_nobody_and_repeat_no_word(
    house: House, written: io.StringIO
) -> None:
    """A story with all its faults: a brain in trouble, a message that is set aside, a forgetting."""

    class Broken(PlainNotices):
        def speak(self, name: str, language: str | None, /, **values: object):  # type: ignore[no-untyped-def]
            raise KeyError(f"{WORDS} {third}")

    engine = Engine(house.store, house.brain, Postbox(), Broken(), PlainMenu(), house.clock)
    worker = Worker(engine, house.inbox, 2)
    third = "oSomebodyElse"
    await house.receive(Inbound("p1", ACCOUNT, third, "image", house.clock.now(), "", "", WORDS))
    running = asyncio.create_task(worker.run())
    while await house.redis.llen(house.store.keys.aside()) < 3:
        await asyncio.sleep(0.05)
    worker.stop()
    await running
    await forget(house, "unsubscribe")
    await house.finish()
    await house.rewrite()
    said = written.getvalue()
    assert "worker.message_set_aside" in said
    assert "forgetting.rewritten" in said
    for told in (OPENID, OTHER, third, WORDS, ANSWER):
        assert told not in said


async def test_story_35_a_step_of_before_never_fits_the_new_beginning(house: House) -> None:
    """An agent's page computed a step; the follower was forgotten and wrote again as often as before."""
    await house.engine.forgetting.on_request(OPENID)
    await house.receive(text("你好", key="a1", openid=OPENID))
    await house.work()
    old = await house.store.read(OPENID)
    await house.engine.forgetting.on_request(OPENID)
    await house.receive(text("你好", key="a2", openid=OPENID))
    await house.work()
    with pytest.raises(Conflict):
        await house.store.commit(Change(replace(old, language="en")), house.clock.now())
