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
    """Hands ``read`` all the texts that were asked for since the event loop last came round."""

    def __init__(self, read: Callable[[Sequence[str]], None]) -> None:
        """``read`` keeps what it finds where it will be looked for."""
        self._read = read
        self._texts: list[str] = []
        self._reading: asyncio.Task[None] | None = None

    async def read(self, text: str) -> None:
        """Return when ``text`` has been read; whatever goes wrong shows again when it is understood."""
        self._texts.append(text)
        if self._reading is None:
            self._reading = asyncio.create_task(self._once_round())
        # One message that is given up must not take the others' reading with it.
        await asyncio.shield(self._reading)

    async def _once_round(self) -> None:
        await asyncio.sleep(0)
        texts, self._texts, self._reading = self._texts, [], None
        try:
            self._read(texts)
        except Exception as error:
            log.warning(
                "Reading %d messages together failed with %s.", len(texts), type(error).__name__
            )
