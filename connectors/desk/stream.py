"""News for open pages: which conversation changed and whose presence, as server-sent events.

A page hears at once of what concerns it: its agent's conversations, those that are offered to its agent, the one it
shows, and its agent's own presence. Of changes elsewhere it hears once in a while, however much happens.
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

PRESENT = "@"
"""Begins news of an agent's presence; alone, that of colleagues has changed."""

QUEUE_SIZE = 200
KEEP_ALIVE_SECONDS = 15.0
"""How often a page hears that the line is alive: one that misses it asks anew (``static/news.js``)."""

ELSEWHERE_SECONDS = 1.0
LOOKS_A_SECOND = 25
"""How often a page hears at most of changes elsewhere: with many pages more rarely, because each then looks at its
lists and all of them together must leave room for what concerns somebody.
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
    _due: set[str] = field(default_factory=set)
    _due_at: dict[str, float] = field(default_factory=dict)

    def tell(self, news: str | None) -> None:
        """Pass news on; a page that is slow to read is told to look at everything instead."""
        if self.told.full() or news is _END:
            while not self.told.empty():
                self.told.get_nowait()
            news = news and EVERYTHING
        self.told.put_nowait(news)

    def gather(self, news: str, seconds: float = ELSEWHERE_SECONDS) -> None:
        """Pass news on once within so many seconds, however often it comes, and not to all pages at the same moment."""
        if news in self._due:
            return
        loop = asyncio.get_running_loop()
        soon = loop.time() + random.random() * seconds  # noqa: S311
        at = self._due_at[news] = max(soon, self._due_at.get(news, -seconds) + seconds)
        self._due.add(news)
        loop.call_at(at, self._tell_gathered, news)

    def _tell_gathered(self, news: str) -> None:
        self._due.discard(news)
        self.tell(news)


class News:
    """One listener to Redis for all pages of this process."""

    def __init__(
        self,
        redis: Redis,
        channels: Mapping[str, Callable[[str], str]],
        changed: Callable[[], None] = lambda: None,
        concerned: Concerned = _nobody,
    ) -> None:
        """``channels``: where changes are published, and what those that are named there are called here.

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
        for page in self._open_pages:
            page.tell(EVERYTHING)

    def _teller(self, named: Callable[[str], str]) -> Callable[[str], None]:
        def tell(openid: str) -> None:
            telling = asyncio.create_task(self.tell(named(openid)))
            self._telling.add(telling)
            telling.add_done_callback(self._telling.discard)

        return tell

    async def tell(self, news: str) -> None:
        """Tell the pages that the conversation at an address has changed; or ``VIEWED`` or ``PRESENT``, and of whom."""
        if news.startswith(VIEWED):
            self._tell_those_who_show(news.removeprefix(VIEWED), news)
        elif news.startswith(PRESENT):
            self._tell_presence(news.removeprefix(PRESENT), news)
        else:
            await self._tell_change(news)

    async def _tell_change(self, address: str) -> None:
        self._changed()
        concerned = await self._concerned(address) if self._pages else frozenset()
        for page in self._open_pages:
            if page.agent in concerned or page.shows == address:
                page.tell(address)
            else:
                page.gather(ELSEWHERE, self._seconds)

    def _tell_presence(self, name: str, news: str) -> None:
        """The agent's own pages show it in their bar; on others it stands in lists at most."""
        for page in self._open_pages:
            if page.agent == name:
                page.tell(news)
            else:
                page.gather(PRESENT, self._seconds)

    def _tell_those_who_show(self, address: str, news: str) -> None:
        for page in self._open_pages:
            if page.shows == address:
                page.tell(news)

    @property
    def _open_pages(self) -> Set[Page]:
        return frozenset() if self._is_closed else self._pages

    @property
    def _seconds(self) -> float:
        """Within how many seconds a page hears once of changes elsewhere."""
        return max(ELSEWHERE_SECONDS, len(self._pages) / LOOKS_A_SECOND)


async def events(page: Page, seconds: float = STREAM_SECONDS) -> AsyncIterator[bytes]:
    """The events of one page, and between them signs that the line is alive, which pages listen for."""
    loop = asyncio.get_running_loop()
    ending, alive_at = loop.time() + seconds, loop.time() + KEEP_ALIVE_SECONDS
    yield b"retry: 1000\n\n"
    while (now := loop.time()) < ending:
        if now >= alive_at:
            alive_at = now + KEEP_ALIVE_SECONDS
            yield b"event: alive\ndata: \n\n"
        try:
            async with asyncio.timeout_at(min(alive_at, ending)):
                news = await page.told.get()
        except TimeoutError:
            continue
        if news is _END:
            return
        yield _event(news)


def _event(news: str) -> bytes:
    if news == ELSEWHERE:
        return b"event: elsewhere\ndata: \n\n"
    for mark, kind in ((VIEWED, "viewed"), (PRESENT, "presence")):
        if news.startswith(mark):
            return f"event: {kind}\ndata: {news.removeprefix(mark)}\n\n".encode()
    return f"event: changed\ndata: {news}\n\n".encode()
