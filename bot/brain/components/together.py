"""Reads the texts of messages that came in at the same moment in one go.

Most of the time over a text goes into moving the encoder's weights through the processor, and they move as quickly for
ten texts as for one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

log = logging.getLogger(__name__)


class Together:
    """Hands ``read`` all the texts that were asked for since the reading before, in a thread of its own."""

    def __init__(self, read: Callable[[Sequence[str]], None]) -> None:
        """``read`` keeps what it finds where it will be looked for; it runs in another thread, one call at a time."""
        self._read = read
        self._texts: list[str] = []
        self._next: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()

    async def read(self, text: str) -> None:
        """Return when ``text`` has been read; whatever goes wrong shows again when it is understood."""
        self._texts.append(text)
        if self._next is None:
            self._next = asyncio.create_task(self._in_turn())
        # One message that is given up must not take the others' reading with it.
        await asyncio.shield(self._next)

    async def _in_turn(self) -> None:
        """Read what has gathered by the time that the reading before is done; the dialogues go on meanwhile."""
        await asyncio.sleep(0)
        async with self._turn:
            texts, self._texts, self._next = self._texts, [], None
            await self._read_all(texts)

    async def _read_all(self, texts: Sequence[str]) -> None:
        try:
            await asyncio.to_thread(self._read, texts)
        except Exception as error:
            log.warning(
                "Reading %d messages together failed with %s.", len(texts), type(error).__name__
            )
