"""Pushes of WeChat and the replies that their callbacks wait for."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar
from weakref import WeakValueDictionary

import structlog
from redis.exceptions import RedisError
from redis.typing import EncodableT

from bot.messages import Bubble, Inbound
from bot.ports import StoreDown
from connectors.store.connection import Connection
from connectors.store.conversations import message_to_json, reply_from_json
from connectors.store.keys import EXCHANGE_SECONDS, SIGNATURE_SECONDS, Keys
from connectors.store.subscription import Subscription

log = structlog.get_logger()

T = TypeVar("T")

RETRY_SECONDS = 0.25


async def _persistently(work: Callable[[], Awaitable[T]], ends_at: float) -> T:
    """Do it again and again while the store is away. Raises StoreDown at ``ends_at`` on the event loop's clock."""
    while True:
        try:
            return await work()
        except StoreDown as error:
            log.warning("wechat.store_down", why=str(error))
            if ends_at - asyncio.get_running_loop().time() <= RETRY_SECONDS:
                raise
            await asyncio.sleep(RETRY_SECONDS)


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
        self._turnstiles: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._waiting: dict[str, set[asyncio.Future[str]]] = {}
        self._finished_ones = Subscription(connection.redis, self._keys.finished(), self._heard)

    async def open(self) -> None:
        """Begin to listen for finished exchanges."""
        await self._finished_ones.open()

    async def close(self) -> None:
        """Stop listening."""
        await self._finished_ones.close()

    async def answer(
        self, message: Inbound, digest: str, signature: str, now: float, seconds: float
    ) -> Answer:
        """Store the message durably unless it was before, and await its reply for up to ``seconds``.

        A reply that is given back here is noted as taken: it has to be written to WeChat now, or ``give_back``.
        Raises StoreDown when the store stays away: then nothing is known to be stored, or the reply not to be taken.
        """
        loop = asyncio.get_running_loop()
        began, ends_at = loop.time(), loop.time() + seconds
        # A follower's pushes are stored, and their replies taken, one by one: in their order, whatever the store does.
        turnstile = self._turnstiles.setdefault(message.openid, asyncio.Lock())
        with self._awaited(message.key) as finished:
            async with turnstile:
                status, reply = await _persistently(
                    lambda: self._claim(message, digest, signature, now + seconds), ends_at
                )
            if status != "forged" and reply is None:
                reply = await self._finished(message, finished, max(0.0, ends_at - loop.time()))
        if reply:
            async with turnstile:
                reply = await _persistently(
                    lambda: self._take(message, now + loop.time() - began), ends_at
                )
        return Answer(status, reply)

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
            keys.exchanges(openid),
            keys.left(openid),
        ]
        times = [open_until, EXCHANGE_SECONDS, SIGNATURE_SECONDS]
        args: list[EncodableT] = [message.key, digest, message_to_json(message), *times, openid]
        args += [message.sent_at, int(message.event == "subscribe")]
        status, *reply = await self._connection.run_durably("claim", names, args)
        return status, reply_from_json(reply[0]) if reply and reply[0] else None

    async def _finished(
        self, message: Inbound, finished: asyncio.Future[str], seconds: float
    ) -> tuple[Bubble, ...] | None:
        try:
            async with asyncio.timeout(seconds):
                return reply_from_json(await finished)
        except TimeoutError:
            return await self._given_up(message)

    async def _given_up(self, message: Inbound) -> tuple[Bubble, ...] | None:
        """The reply if it is there by now; else it will be sent. The message is stored: nothing is raised any more."""
        exchange = self._keys.exchange(message.key)
        try:
            late = await self._connection.run("give_up", [exchange], [EXCHANGE_SECONDS])
        except StoreDown:
            return None
        return reply_from_json(late) if late else None

    async def _take(self, message: Inbound, at: float) -> tuple[Bubble, ...]:
        """The reply, noted as taken before a byte of it is written; empty once it was withdrawn to be sent.

        A callback that dies in between has not answered, so that WeChat repeats the push, which voids the note.
        """
        reply = await self._connection.run(
            "take", [self._keys.exchange(message.key)], [repr(at), EXCHANGE_SECONDS]
        )
        return reply_from_json(reply)

    async def give_back(self, message: Inbound) -> None:
        """Note that the reply could not be written: WeChat had hung up. If the note is lost, its repeat still voids."""
        with contextlib.suppress(RedisError, OSError):
            await self._connection.redis.hdel(self._keys.exchange(message.key), "taken_at")

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

    def _heard(self, news: str) -> None:
        key, reply = json.loads(news)
        for future in self._waiting.get(key, ()):
            if not future.done():
                future.set_result(reply)
