"""What a follower costs in the store: ``python -m tests.bench.footprint [followers] [messages of each]``.

The brain is a double that keeps what the real one was seen to keep: a tracker of 7 KB and 1.1 KB for each answer.
"""

import asyncio
import secrets
import sys
import tempfile
import time
from pathlib import Path

from redis.asyncio import Redis

from bot.engine import Engine
from bot.messages import Inbound
from bot.turn import Turn
from connectors.store.connection import Connection
from connectors.store.conversations import Conversations
from connectors.store.embedded import EmbeddedStore
from connectors.store.exchanges import Exchanges
from connectors.store.inbox import Inbox
from connectors.store.keys import DAY, Keys
from connectors.supervisor import Supervisor
from tests.doubles import PlainMenu, PlainNotices, Postbox, SettableClock, SilentBrain, answer

ACCOUNT = "wx0123456789abcdef"
TRACKER_BYTES, TURN_BYTES = 7000, 1100
ASKED = "你们上海店周末几点关门，停车方便吗？"
ANSWER = "上海恒月广场店：周六 10:00–22:30；周日 10:00–22:00。商场地下有停车场，消费满 300 元可免费停两小时。"


class KeepingBrain(SilentBrain):
    """Keeps as much as the real one does."""

    def __init__(self, redis: Redis) -> None:
        super().__init__([answer(ANSWER)])
        self.redis, self.keys = redis, Keys(ACCOUNT)

    async def ask(self, message: Inbound) -> Turn:
        turns = self.keys.turns(message.openid, int(time.time()) // DAY)
        pipe = self.redis.pipeline()
        pipe.set(self.keys.tracker(message.openid), secrets.token_hex(TRACKER_BYTES // 2))
        pipe.hset(turns, message.key, secrets.token_hex(TURN_BYTES // 2))
        await pipe.execute()
        return self.turns[0]


async def fill(connection: Connection, followers: int, messages: int) -> None:
    """So many followers, each with so many messages that were answered as customer messages."""
    clock, brain = SettableClock(), KeepingBrain(connection.redis)
    store, exchanges = Conversations(connection, ACCOUNT), Exchanges(connection, ACCOUNT)
    engine = Engine(store, brain, Postbox(), PlainNotices(), PlainMenu(), clock)
    inbox = Inbox(connection, ACCOUNT, clock)
    for number in range(followers):
        openid = f"o{number:027d}"
        for each in range(messages):
            key = f"{number:012d}{each:06d}"
            message = Inbound(key, ACCOUNT, openid, "text", clock.now(), ASKED)
            await exchanges.answer(message, secrets.token_hex(16), secrets.token_hex(20), 0.0, 0.0)
            taken = await inbox.take(0.05)
            assert taken
            served = await engine.serve(taken, inbox.worker)
            assert await inbox.release(served)


async def used(redis: Redis) -> int:
    """Bytes that the data take."""
    return int((await redis.info("memory"))["used_memory_dataset"])


async def let_go(redis: Redis) -> None:
    """Remove what ends by itself within two days: pushes, signatures, the brain's stored answers."""
    for part in ("exchange", "exchanges", "signature", "turns"):
        async for key in redis.scan_iter(match=f"bida:{{{ACCOUNT}}}:{part}:*", count=1000):
            await redis.delete(key)


async def main(followers: int, messages: int) -> None:
    """Fill a store and print what each follower takes."""
    with tempfile.TemporaryDirectory(prefix="bida-footprint-") as folder:
        supervisor, store = Supervisor(Path(folder)), EmbeddedStore.in_folder(Path(folder))
        await supervisor.start(store.child(), ready_seconds=20)
        connection = Connection(store.url)
        try:
            before = await used(connection.redis)
            await fill(connection, followers, messages)
            busy = (await used(connection.redis) - before) / followers
            ledger = await connection.redis.memory_usage(Keys(ACCOUNT).ledger(), samples=0)
            await let_go(connection.redis)
            idle = (await used(connection.redis) - before) / followers
        finally:
            await connection.close()
            await supervisor.stop()
            store.remove()
    print(f"{followers} followers with {messages} messages each, bytes a follower:")
    print(f"  within two days of the messages  {busy:8.0f}")
    print(f"  later, for KEEP_..._DAYS         {idle:8.0f}")
    print(f"  of it the ledger, for ever       {(ledger or 0) / followers:8.0f}")


if __name__ == "__main__":
    asyncio.run(main(*(int(each) for each in sys.argv[1:] or ("1000", "5"))))
