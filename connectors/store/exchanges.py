"""Pushes of WeChat and the replies that their callbacks wait for."""

import asyncio
import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from redis.exceptions import RedisError
from redis.typing import EncodableT

from bot.messages import Bubble, Inbound
from connectors.store.connection import Connection, StoreDown
from connectors.store.conversations import message_to_json, reply_from_json
from connectors.store.keys import EXCHANGE_SECONDS, SIGNATURE_SECONDS, Keys


@dataclass(frozen=True)
class Answer:
    """What a push was: new and now stored, a repeat, or forged and refused; and the reply if one came in time."""

    status: Literal["new", "repeat", "forged"]
    reply: tuple[Bubble, ...] | None = None


class Exchanges:
    """Claims pushes, and brings each waiting callback the reply that a worker, in whatever process, has written."""

    def __init__(self, connection: Connection, account: str) -> None:
        self._connection = connection
        self._keys = Keys(account)
        self._waiting: dict[str, set[asyncio.Future[str]]] = {}
        self._listening: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin to listen for finished exchanges."""
        self._listening = asyncio.create_task(self._listen())

    async def close(self) -> None:
        """Stop listening."""
        if self._listening:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening

    async def answer(
        self, message: Inbound, digest: str, signature: str, now: float, seconds: float
    ) -> Answer:
        """Store the message durably unless it was before, and await its reply for up to ``seconds``.

        Raises StoreDown: then nothing is known to be stored.
        """
        with self._awaited(message.key) as finished:
            status, reply = await self._claim(message, digest, signature, now + seconds)
            if status == "forged" or reply is not None:
                return Answer(status, reply)
            return Answer(status, await self._finished(message, finished, seconds))

    async def _claim(
        self, message: Inbound, digest: str, signature: str, open_until: float
    ) -> tuple[Literal["new", "repeat", "forged"], tuple[Bubble, ...] | None]:
        keys, openid = self._keys, message.openid
        names = [
            keys.exchange(message.key),
            keys.signature(signature),
            keys.inbox(openid),
            keys.scheduled(),
            keys.ready(),
        ]
        times = [open_until, EXCHANGE_SECONDS, SIGNATURE_SECONDS]
        args: list[EncodableT] = [message.key, digest, message_to_json(message), *times, openid]
        status, *reply = await self._connection.run_durably("claim", names, args)
        return status, reply_from_json(reply[0]) if reply and reply[0] else None

    async def _finished(
        self, message: Inbound, finished: asyncio.Future[str], seconds: float
    ) -> tuple[Bubble, ...] | None:
        try:
            async with asyncio.timeout(seconds):
                return reply_from_json(await finished)
        except TimeoutError:
            late = await self._connection.run("give_up", [self._keys.exchange(message.key)], [])
            return reply_from_json(late) if late else None

    async def taken(self, message: Inbound, at: float) -> None:
        """Note that the reply was written to WeChat whole. Losing this note makes the reply go out once more, later."""
        with contextlib.suppress(RedisError, OSError):
            await self._connection.redis.hset(
                self._keys.exchange(message.key), "taken_at", repr(at)
            )

    @contextlib.contextmanager
    def _awaited(self, key: str) -> Iterator[asyncio.Future[str]]:
        """A future for the reply, registered before the claim: a quick worker must not be missed."""
        future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, set()).add(future)
        try:
            yield future
        finally:
            others = self._waiting[key]
            others.discard(future)
            if not others:
                del self._waiting[key]

    async def _listen(self) -> None:
        while True:
            try:
                await self._follow()
            except (RedisError, OSError, StoreDown):
                await asyncio.sleep(0.2)

    async def _follow(self) -> None:
        async with self._connection.redis.pubsub() as channel:
            await channel.subscribe(self._keys.finished())
            async for event in channel.listen():
                if event["type"] == "message":
                    self._wake(*json.loads(event["data"]))

    def _wake(self, key: str, reply: str) -> None:
        for future in self._waiting.get(key, ()):
            if not future.done():
                future.set_result(reply)
