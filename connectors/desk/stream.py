"""News for open pages: which conversation changed, as server-sent events."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

from redis.asyncio import Redis
from redis.exceptions import RedisError

QUEUE_SIZE = 200
KEEP_ALIVE_SECONDS = 15.0


@dataclass
class News:
    """One listener to Redis for all pages of this process."""

    redis: Redis
    channel: str
    _pages: set["asyncio.Queue[str]"] = field(default_factory=set)

    async def run(self) -> None:
        """Pass on what is published, for ever."""
        while True:
            with contextlib.suppress(RedisError, OSError):
                await self._listen()
            await asyncio.sleep(0.5)

    @contextlib.contextmanager
    def page(self) -> "Iterator[asyncio.Queue[str]]":
        """The news for one page while it is open."""
        queue: asyncio.Queue[str] = asyncio.Queue(QUEUE_SIZE)
        self._pages.add(queue)
        try:
            yield queue
        finally:
            self._pages.discard(queue)

    async def _listen(self) -> None:
        async with self.redis.pubsub() as channel:
            await channel.subscribe(self.channel)
            # After a gap every page looks at everything once.
            self._tell("")
            async for message in channel.listen():
                if message["type"] == "message":
                    self._tell(message["data"])

    def _tell(self, openid: str) -> None:
        for page in self._pages:
            # A page that does not read loses single news, and the next one makes it look again.
            if not page.full():
                page.put_nowait(openid)


async def events(queue: "asyncio.Queue[str]") -> AsyncIterator[bytes]:
    """The events of one page; a comment now and then shows that the line is alive."""
    while True:
        try:
            async with asyncio.timeout(KEEP_ALIVE_SECONDS):
                openid = await queue.get()
            yield f"event: changed\ndata: {openid}\n\n".encode()
        except TimeoutError:
            yield b": alive\n\n"
