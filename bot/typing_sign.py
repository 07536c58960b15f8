"""The sign that an answer is being written: shown when one takes longer than a follower would expect."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from bot.ports import Sender

PATIENCE_SECONDS = 1.0
"""So long nobody wonders; a sign that comes with the answer would stay on the screen behind it."""


@contextlib.asynccontextmanager
async def typing_when_slow(sender: Sender, openid: str, seconds: float) -> AsyncIterator[None]:
    """Show the sign if what happens inside lasts longer than ``seconds``; it never holds up what happens inside."""
    showing = asyncio.create_task(_show(sender, openid, max(seconds, PATIENCE_SECONDS)))
    try:
        yield
    finally:
        showing.cancel()
        await asyncio.wait([showing])


async def _show(sender: Sender, openid: str, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await sender.typing(openid)
