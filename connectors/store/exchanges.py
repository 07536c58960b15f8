"""Pushes of WeChat and the replies that their callbacks wait for."""

import asyncio
import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from redis.typing import EncodableT

from bot.messages import Bubble, Inbound
from bot.ports import StoreDown
from connectors.store.connection import Connection
from connectors.store.conversations import message_to_json, reply_from_json
from connectors.store.keys import EXCHANGE_SECONDS, SIGNATURE_SECONDS, Keys
from connectors.store.subscription import Subscription

Status = Literal["new", "repeat", "forged", "full"]


@dataclass(frozen=True)
class Answer:
    """What a push was, which delivery of it this is, and the reply if one came in time.

    ``new`` is stored now, ``forged`` and ``full`` are not: one is refused, for the other there is no room. ``is_open``:
    WeChat's next delivery of the push may bring the reply.
    """

    status: Status
    reply: tuple[Bubble, ...] | None = None
    delivery: int = 1
    is_open: bool = False


@dataclass(frozen=True)
class Room:
    """How much may wait to be read: messages of one follower, and followers in front of the workers; 0 for no limit."""

    messages: int = 0
    followers: int = 0


@dataclass(frozen=True)
class Repeats:
    """What is counted on where an answer can only go with a delivery: on so many of them, ``seconds`` apart."""

    deliveries: int = 1
    seconds: float = 0.0


ONCE, NO_LIMIT = Repeats(), Room()


class Exchanges:
    """Claims pushes, and brings each waiting callback the reply that a worker, in whatever process, has written."""

    def __init__(self, connection: Connection, account: str, room: Room = NO_LIMIT) -> None:
        self._connection = connection
        self._room = room
        self._keys = Keys(account)
        self._waiting: dict[str, set[asyncio.Future[str]]] = {}
        self._finished_ones = Subscription(connection.redis, self._keys.finished(), self._heard)

    async def open(self) -> None:
        """Begin to listen for finished exchanges."""
        await self._finished_ones.open()

    async def close(self) -> None:
        """Stop listening."""
        await self._finished_ones.close()

    async def answer(
        self,
        message: Inbound,
        digest: str,
        signature: str,
        now: float,
        seconds: float,
        repeats: Repeats = ONCE,
    ) -> Answer:
        """Store the message durably unless it was before, and await its reply for up to ``seconds``.

        Raises StoreDown: then nothing is known to be stored.
        """
        accepted = replace(message, received_at=now)
        with self._awaited(message.key) as finished:
            claimed = await self._claim(accepted, digest, signature, now + seconds)
            if claimed.status in {"forged", "full"} or claimed.reply is not None:
                return claimed
            is_open = claimed.delivery < repeats.deliveries
            open_until = now + repeats.seconds + seconds if is_open else 0.0
            reply = await self._finished(message, finished, seconds, open_until)
            return replace(claimed, reply=reply, is_open=is_open and reply is None)

    async def _claim(
        self, message: Inbound, digest: str, signature: str, open_until: float
    ) -> Answer:
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
        # An event that nobody can be told about is never turned away.
        room = self._room if message.is_answerable else Room()
        is_follow = int(message.event == "subscribe")
        args += [message.sent_at, is_follow, room.messages, room.followers]
        status, *details = await self._connection.run_durably("claim", names, args)
        delivery, reply = (*details, None, None)[:2]
        return Answer(status, reply_from_json(reply) if reply else None, int(delivery or 1))

    async def _finished(
        self, message: Inbound, finished: asyncio.Future[str], seconds: float, open_until: float
    ) -> tuple[Bubble, ...] | None:
        try:
            async with asyncio.timeout(seconds):
                return reply_from_json(await finished)
        except TimeoutError:
            return await self._given_up(message, open_until)

    async def _given_up(self, message: Inbound, open_until: float) -> tuple[Bubble, ...] | None:
        """The reply if it is there by now; else it comes later. The message is stored: nothing is raised any more."""
        exchange = self._keys.exchange(message.key)
        try:
            late = await self._connection.run("give_up", [exchange], [open_until, EXCHANGE_SECONDS])
        except StoreDown:
            return None
        return reply_from_json(late) if late else None

    async def taken(self, message: Inbound, at: float, delivery: int = 1) -> None:
        """Note that this delivery's reply was written to WeChat whole, which counts unless WeChat asks again.

        Losing this note makes the reply go out once more, later.
        """
        exchange = self._keys.exchange(message.key)
        with contextlib.suppress(StoreDown):
            await self._connection.run("taken", [exchange], [delivery, at, EXCHANGE_SECONDS])

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
