"""News for whoever listens: open pages and tests that wait."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

BACKLOG = 1000
"""A listener that falls behind so far is cut off; it connects again and reads everything anew."""

Item = dict[str, Any]


class Listener:
    """One who listens, and what it has not heard yet. ``about`` is the one openid it cares for, None for all."""

    def __init__(self, about: str | None) -> None:
        self.about = about
        self._queue: asyncio.Queue[Item | None] = asyncio.Queue()

    async def next(self) -> Item | None:
        """The next item; None when the listener was cut off."""
        return await self._queue.get()

    def tell(self, item: Item) -> bool:
        """Whether there was room for the item."""
        has_room = self._queue.qsize() < BACKLOG
        self._queue.put_nowait(item if has_room else None)
        return has_room

    def cut_off(self) -> None:
        """Tell that nothing more will come."""
        self._queue.put_nowait(None)


class Bulletin:
    """Passes each published item to every listener."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()

    def publish(self, item: Item, about: str | None = None) -> None:
        """Pass one item on; ``about`` is the openid that it concerns."""
        cut_off = {
            one for one in self._listeners if one.about in (None, about) and not one.tell(item)
        }
        self._listeners -= cut_off

    def close(self) -> None:
        """End all listening, so that open pages do not hold up a shutdown."""
        for listener in self._listeners:
            listener.cut_off()
        self._listeners = set()

    @contextmanager
    def listening(self, about: str | None = None) -> Iterator[Listener]:
        """Listen to what is published from now on, of one openid or of all."""
        listener = Listener(about)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
