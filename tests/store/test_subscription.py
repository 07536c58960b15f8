"""Hearing a channel: nothing is missed unseen, and the listener ends at once."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from connectors.store.connection import Connection
from connectors.store.subscription import Subscription

CHANNEL = "words"


class Listener:
    """A subscription that keeps what it heard, and counts how often it began."""

    def __init__(self, connection: Connection) -> None:
        self.heard: asyncio.Queue[str] = asyncio.Queue()
        self.begun: asyncio.Queue[None] = asyncio.Queue()
        self.subscription = Subscription(
            connection.redis, CHANNEL, self.heard.put_nowait, self._count
        )

    async def _count(self) -> None:
        self.begun.put_nowait(None)


@pytest.fixture
async def listener(connection: Connection) -> AsyncIterator[Listener]:
    listener = Listener(connection)
    await listener.subscription.open()
    async with asyncio.timeout(5):
        await listener.begun.get()
        yield listener
        await listener.subscription.close()


async def test_what_is_published_is_heard(listener: Listener, connection: Connection) -> None:
    await connection.redis.publish(CHANNEL, "天亮了")
    assert await listener.heard.get() == "天亮了"


async def test_a_line_that_broke_is_told_as_a_gap(
    listener: Listener, connection: Connection
) -> None:
    await connection.redis.client_kill_filter(_type="pubsub")
    await listener.begun.get()
    await connection.redis.publish(CHANNEL, "又通了")
    assert await listener.heard.get() == "又通了"


async def test_a_listener_may_end_before_it_has_begun(connection: Connection) -> None:
    subscription = Subscription(connection.redis, CHANNEL, lambda words: None)
    await subscription.open()
    async with asyncio.timeout(5):
        await subscription.close()
    assert not await connection.redis.pubsub_channels()
