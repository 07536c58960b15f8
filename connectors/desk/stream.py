"""News for open pages: which conversation changed, as server-sent events."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping

from redis.asyncio import Redis

from connectors.desk.followers import VIEWED
from connectors.store.subscription import Subscription

EVERYTHING = ""
"""News that any conversation may have changed: the page looks at all it shows."""

QUEUE_SIZE = 200
KEEP_ALIVE_SECONDS = 15.0
STREAM_SECONDS = 300.0
"""A stream ends after so long and the page asks for the next one, which looks at its log-in again."""

_END = None
Queue = asyncio.Queue[str | None]


class News:
    """One listener to Redis for all pages of this process."""

    def __init__(self, redis: Redis, channels: Mapping[str, Callable[[str], str]]) -> None:
        """``channels``: where each change of a conversation is published, and what its openid is called here."""
        self._pages: set[Queue] = set()
        self._is_closed = False
        self._changes = [
            Subscription(redis, channel, self._teller(named), self._tell_everything)
            for channel, named in channels.items()
        ]

    async def open(self) -> None:
        """Begin to pass on what is published."""
        for changes in self._changes:
            await changes.open()

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

    def end_pages(self) -> None:
        """End every page's stream: a server that stops waits for its open requests."""
        self._is_closed = True
        for page in self._pages:
            _put_alone(page, _END)

    async def close(self) -> None:
        """Stop listening."""
        await asyncio.gather(*(changes.close() for changes in self._changes))

    async def _tell_everything(self) -> None:
        """After a gap every page looks at everything once."""
        self._tell(EVERYTHING)

    def _teller(self, named: Callable[[str], str]) -> Callable[[str], None]:
        return lambda openid: self._tell(named(openid))

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
        kind = "viewed" if openid.startswith(VIEWED) else "changed"
        yield f"event: {kind}\ndata: {openid.removeprefix(VIEWED)}\n\n".encode()
