"""News for open pages: which conversation changed, as server-sent events."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

from redis.asyncio import Redis
from redis.exceptions import RedisError

EVERYTHING = ""
"""News that any conversation may have changed: the page looks at all it shows."""

QUEUE_SIZE = 200
KEEP_ALIVE_SECONDS = 15.0
STREAM_SECONDS = 300.0
"""A stream ends after so long and the page asks for the next one, which looks at its log-in again."""

_END = None
Queue = asyncio.Queue[str | None]


@dataclass
class News:
    """One listener to Redis for all pages of this process."""

    redis: Redis
    channel: str
    _pages: set[Queue] = field(default_factory=set)
    _is_closed: bool = False

    async def run(self) -> None:
        """Pass on what is published, for ever."""
        while True:
            with contextlib.suppress(RedisError, OSError):
                await self._listen()
            await asyncio.sleep(0.5)

    @contextlib.contextmanager
    def page(self) -> Iterator[Queue]:
        """The news for one page while it is open."""
        queue = Queue(QUEUE_SIZE)
        self._pages.add(queue)
        if self._is_closed:
            queue.put_nowait(_END)
        try:
            yield queue
        finally:
            self._pages.discard(queue)

    def close(self) -> None:
        """End every page's stream: a server that stops waits for its open requests."""
        self._is_closed = True
        for page in self._pages:
            _put_alone(page, _END)

    async def _listen(self) -> None:
        async with self.redis.pubsub() as channel:
            await channel.subscribe(self.channel)
            # After a gap every page looks at everything once.
            self._tell(EVERYTHING)
            async for message in channel.listen():
                if message["type"] == "message":
                    self._tell(message["data"])

    def _tell(self, openid: str) -> None:
        if self._is_closed:
            return
        for page in self._pages:
            if page.full():
                # A page that was slow to read is told to look at everything instead.
                _put_alone(page, EVERYTHING)
            else:
                page.put_nowait(openid)


def _put_alone(queue: Queue, news: str | None) -> None:
    while not queue.empty():
        queue.get_nowait()
    queue.put_nowait(news)


async def events(queue: Queue, seconds: float = STREAM_SECONDS) -> AsyncIterator[bytes]:
    """The events of one page; a comment now and then shows that the line is alive."""
    ending = asyncio.get_running_loop().time() + seconds
    yield b"retry: 1000\n\n"
    while (left := ending - asyncio.get_running_loop().time()) > 0:
        try:
            async with asyncio.timeout(min(KEEP_ALIVE_SECONDS, left)):
                openid = await queue.get()
        except TimeoutError:
            yield b": alive\n\n"
            continue
        if openid is _END:
            return
        yield f"event: changed\ndata: {openid}\n\n".encode()
