"""News for whoever listens: open pages and tests that wait."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

BACKLOG = 1000
"""A listener that falls behind so far is cut off; it connects again and reads everything anew."""

Item = dict[str, Any]


class Listener:
    """One who listens, and what it has not heard yet."""

    def __init__(self) -> None:
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

    def publish(self, item: Item) -> None:
        """Pass one item on."""
        self._listeners = {one for one in self._listeners if one.tell(item)}

    def close(self) -> None:
        """End all listening, so that open pages do not hold up a shutdown."""
        for listener in self._listeners:
            listener.cut_off()
        self._listeners = set()

    @contextmanager
    def listening(self) -> Iterator[Listener]:
        """Listen to what is published from now on."""
        listener = Listener()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
