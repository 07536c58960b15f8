"""News for open pages: which conversation changed, as server-sent events.

A page hears at once of the conversations that concern it: its agent's, those that are offered to its agent, and the one
it shows. That the lists have changed elsewhere it hears once in a while, however much happens.
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field

from redis.asyncio import Redis

from connectors.desk.followers import VIEWED
from connectors.store.subscription import Subscription

EVERYTHING = ""
"""News that any conversation may have changed: the page looks at all it shows."""

ELSEWHERE = "*"
"""News that the lists have changed, though nothing that concerns the page."""

QUEUE_SIZE = 200
KEEP_ALIVE_SECONDS = 15.0
ELSEWHERE_SECONDS = 1.0
LOOKS_A_SECOND = 25
"""How often a page hears at most that the lists have changed: with many pages more rarely, because each then looks at
its lists and all of them together must leave room for what concerns somebody.
"""

STREAM_SECONDS = 300.0
"""A stream ends after so long and the page asks for the next one, which looks at its log-in again."""

_END = None

Concerned = Callable[[str], Awaitable[Set[str]]]
"""The log-in names of those whom a conversation concerns, by the follower's address."""


async def _nobody(address: str) -> Set[str]:
    return frozenset()


@dataclass(eq=False)
class Page:
    """An open page: whose it is, and the address of the follower that it shows. ``told`` are news not yet passed on."""

    agent: str = ""
    shows: str = ""
    told: "asyncio.Queue[str | None]" = field(default_factory=lambda: asyncio.Queue(QUEUE_SIZE))
    _elsewhere_at: float = -ELSEWHERE_SECONDS
    _is_due_elsewhere: bool = False

    def tell(self, news: str | None) -> None:
        """Pass news on; a page that is slow to read is told to look at everything instead."""
        if self.told.full() or news is _END:
            while not self.told.empty():
                self.told.get_nowait()
            news = news and EVERYTHING
        self.told.put_nowait(news)

    def tell_elsewhere(self, seconds: float = ELSEWHERE_SECONDS) -> None:
        """Say that the lists have changed, once within so many seconds, and not to all pages at the same moment."""
        if self._is_due_elsewhere:
            return
        loop, self._is_due_elsewhere = asyncio.get_running_loop(), True
        soon = loop.time() + random.random() * seconds  # noqa: S311
        self._elsewhere_at = max(soon, self._elsewhere_at + seconds)
        loop.call_at(self._elsewhere_at, self._say_elsewhere)

    def _say_elsewhere(self) -> None:
        self._is_due_elsewhere = False
        self.tell(ELSEWHERE)


class News:
    """One listener to Redis for all pages of this process."""

    def __init__(
        self,
        redis: Redis,
        channels: Mapping[str, Callable[[str], str]],
        changed: Callable[[], None] = lambda: None,
        concerned: Concerned = _nobody,
    ) -> None:
        """``channels``: where each change of a conversation is published, and what its openid is called here.

        ``changed`` is called before any page hears of a change.
        """
        self._pages: set[Page] = set()
        self._is_closed = False
        self._changed, self._concerned = changed, concerned
        self._telling: set[asyncio.Task[None]] = set()
        self._changes = [
            Subscription(redis, channel, self._teller(named), self._tell_everything)
            for channel, named in channels.items()
        ]

    async def open(self) -> None:
        """Begin to pass on what is published."""
        for changes in self._changes:
            await changes.open()

    @contextlib.contextmanager
    def page(self, agent: str = "", shows: str = "") -> Iterator[Page]:
        """The news for one page while it is open."""
        page = Page(agent, shows)
        self._pages.add(page)
        if self._is_closed:
            page.tell(_END)
        try:
            yield page
        finally:
            self._pages.discard(page)

    def end_pages(self) -> None:
        """End every page's stream: a server that stops waits for its open requests."""
        self._is_closed = True
        for page in self._pages:
            page.tell(_END)

    async def close(self) -> None:
        """Stop listening."""
        await asyncio.gather(*(changes.close() for changes in self._changes))
        for telling in self._telling:
            telling.cancel()

    async def _tell_everything(self) -> None:
        """After a gap every page looks at everything once."""
        self._changed()
        for page in self._pages:
            if not self._is_closed:
                page.tell(EVERYTHING)

    def _teller(self, named: Callable[[str], str]) -> Callable[[str], None]:
        def tell(openid: str) -> None:
            telling = asyncio.create_task(self.tell(named(openid)))
            self._telling.add(telling)
            telling.add_done_callback(self._telling.discard)

        return tell

    async def tell(self, address: str) -> None:
        """Tell the pages that a conversation has changed, or ``VIEWED`` that somebody looks at it."""
        if address.startswith(VIEWED):
            self._tell_those_who_show(address.removeprefix(VIEWED), address)
            return
        self._changed()
        concerned = await self._concerned(address) if self._pages else frozenset()
        seconds = max(ELSEWHERE_SECONDS, len(self._pages) / LOOKS_A_SECOND)
        for page in () if self._is_closed else self._pages:
            if page.agent in concerned or page.shows == address:
                page.tell(address)
            else:
                page.tell_elsewhere(seconds)

    def _tell_those_who_show(self, address: str, news: str) -> None:
        for page in () if self._is_closed else self._pages:
            if page.shows == address:
                page.tell(news)


async def events(page: Page, seconds: float = STREAM_SECONDS) -> AsyncIterator[bytes]:
    """The events of one page; a comment now and then shows that the line is alive."""
    ending = asyncio.get_running_loop().time() + seconds
    yield b"retry: 1000\n\n"
    while (left := ending - asyncio.get_running_loop().time()) > 0:
        try:
            async with asyncio.timeout(min(KEEP_ALIVE_SECONDS, left)):
                news = await page.told.get()
        except TimeoutError:
            yield b": alive\n\n"
            continue
        if news is _END:
            return
        yield _event(news)


def _event(news: str) -> bytes:
    if news == ELSEWHERE:
        return b"event: elsewhere\ndata: \n\n"
    kind = "viewed" if news.startswith(VIEWED) else "changed"
    return f"event: {kind}\ndata: {news.removeprefix(VIEWED)}\n\n".encode()
