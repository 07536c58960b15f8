"""What the stories of several workers share: followers who write, worker processes, and a look at what came of it."""

import asyncio
import contextlib
import multiprocessing
import re
import time
from collections.abc import AsyncIterator, Iterable
from multiprocessing.process import BaseProcess
from pathlib import Path

from bot.ledger import Audit, audit
from bot.messages import Delivery, Inbound
from bot.ports import StoreDown
from connectors.store.connection import Connection
from connectors.store.conversations import Conversations
from connectors.store.exchanges import Exchanges
from connectors.store.keys import Keys
from tests.stories import mortal_worker
from tests.stories.mortal_worker import ACCOUNT

FORKS = multiprocessing.get_context("forkserver")
"""Worker processes come from one that has loaded everything already, and so begin at once."""
FORKS.set_forkserver_preload(["tests.stories.mortal_worker"])


async def ended(process: BaseProcess) -> None:
    """Wait for the end of a process."""
    while process.is_alive():
        await asyncio.sleep(0.01)


class Outpost:
    """The callback's side, and the file into which the worker processes send."""

    def __init__(self, connection: Connection, url: str, folder: Path) -> None:
        self.connection, self.url, self.file = connection, url, folder / "sent"
        self.store, self.keys = Conversations(connection, ACCOUNT), Keys(ACCOUNT)
        self.exchanges = Exchanges(connection, ACCOUNT)

    async def push(self, openid: str, text: str, key: str) -> None:
        """A message whose callback does not wait: its answer goes out as a customer message.

        While the store is away the callback tries again, as it does under WeChat's repeats.
        """
        message = Inbound(key, ACCOUNT, openid, "text", float(int(time.time())), text)
        while True:
            with contextlib.suppress(StoreDown):
                await self.exchanges.answer(message, key, f"s{key}", time.time(), 0.0)
                return
            await asyncio.sleep(0.1)

    @contextlib.asynccontextmanager
    async def worker(self, steps: int = 0, seconds: float = 0.002) -> AsyncIterator[BaseProcess]:
        """A worker process; at the end it is asked to finish, if it lives."""
        told = (self.url, str(self.file), steps, seconds)
        process = FORKS.Process(target=mortal_worker.run, args=told)
        process.start()
        try:
            yield process
        finally:
            process.terminate()
            await ended(process)
            process.close()

    async def bury(self) -> None:
        """Let the time pass after which dead workers are known to be dead; no other one may live."""
        async for key in self.connection.redis.scan_iter(match=self.keys.alive("*")):
            await self.connection.redis.delete(key)

    async def until_idle(self) -> None:
        """Wait until nobody has anything to do."""
        while await self.connection.redis.exists(self.keys.scheduled(), self.keys.ready()):
            await asyncio.sleep(0.02)

    async def until_settled(self, openid: str) -> None:
        """Wait until nothing is on its way to a follower any more."""
        under_way = {Delivery.QUEUED, Delivery.SENDING, Delivery.HANDED}
        while {each.delivery for each in await self.store.transcript(openid)} & under_way:
            await asyncio.sleep(0.05)

    def sent(self) -> list[str]:
        """What the followers saw, in order: openid and text."""
        return self.file.read_text().splitlines() if self.file.exists() else []

    def seen(self, openid: str, text: str) -> list[int]:
        """Where in all that a follower saw the answer to this text stands, in characters; one place for each time."""
        told = " ".join(line for line in self.sent() if line.startswith(f"{openid} "))
        return [found.start() for found in re.finditer(re.escape(text), told)]

    async def said(self, openid: str) -> list[str]:
        """A follower's own words, as the transcript has them."""
        lines = await self.store.transcript(openid)
        return [each.line.text for each in lines if each.line.author == "follower"]

    async def audited(self) -> Audit:
        """What the ledger proves."""
        return audit([entry async for entry in self.store.ledger()], time.time())

    async def followers(self, names: Iterable[str], texts: Iterable[str], pause: float) -> None:
        """All of them write the same texts, one after the other, with a pause in between."""

        async def one(openid: str) -> None:
            for text in texts:
                await self.push(openid, text, f"{openid}-{text}")
                await asyncio.sleep(pause)

        await asyncio.gather(*(one(name) for name in names))
