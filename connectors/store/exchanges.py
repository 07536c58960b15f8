"""Pushes of WeChat and the replies that their callbacks wait for."""

import asyncio
import contextlib
import json
from dataclasses import dataclass
from typing import Literal

from redis.exceptions import RedisError

from bot.messages import Bubble, Inbound
from connectors.store.connection import Connection, StoreDown
from connectors.store.conversations import message_to_json, reply_from_json
from connectors.store.keys import EXCHANGE_SECONDS, SIGNATURE_SECONDS, Keys


@dataclass(frozen=True)
class Claim:
    """What a push is: new and now stored, a repeat with the reply if it is ready, or forged and refused."""

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

    async def claim(self, message: Inbound, digest: str, signature: str, open_until: float) -> Claim:
        """Store the message durably unless it was before; ``open_until`` (Unix seconds) is how long a reply may take.

        Raises StoreDown: then nothing is known to be stored.
        """
        keys, openid = self._keys, message.openid
        names = [keys.exchange(message.key), keys.signature(signature), keys.inbox(openid), keys.scheduled()]
        times = [open_until, EXCHANGE_SECONDS, SIGNATURE_SECONDS]
        args = [message.key, digest, message_to_json(message), *times, openid]
        status, *reply = await self._connection.run_durably("claim", [*names, keys.ready()], args)
        ready = reply_from_json(reply[0]) if reply and reply[0] else None
        return Claim(status, ready)

    async def reply(self, message: Inbound, seconds: float) -> tuple[Bubble, ...] | None:
        """The reply to a claimed message, awaited for up to ``seconds``; None when it will be sent later."""
        future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(message.key, set()).add(future)
        try:
            async with asyncio.timeout(seconds):
                return reply_from_json(await future)
        except TimeoutError:
            late = await self._connection.run("give_up", [self._keys.exchange(message.key)], [])
            return reply_from_json(late) if late else None
        finally:
            self._forget(message.key, future)

    async def taken(self, message: Inbound, at: float) -> None:
        """Note that the reply was written to WeChat whole. Losing this note makes the reply go out once more, later."""
        with contextlib.suppress(RedisError, OSError):
            await self._connection.redis.hset(self._keys.exchange(message.key), "taken_at", repr(at))

    def _forget(self, key: str, future: asyncio.Future[str]) -> None:
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
