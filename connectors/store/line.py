"""One connection to Redis that many calls share: what is asked at the same time goes out together.

A connection of its own for each call takes several times as long in this process as Redis takes for the call.
"""

import asyncio
from collections import deque
from typing import Any

from hiredis import pack_command
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import RedisError, ResponseError
from redis.typing import EncodableT

from connectors.tasks import end


class Line:
    """Calls that do not block Redis; each gets its own answer, or its own error.

    A connection is taken from the pool while there is something to ask, and given back after it. When it breaks, all
    calls on it raise ConnectionError: whether Redis has done what they asked for, nobody knows.
    """

    def __init__(self, redis: Redis) -> None:
        self._pool = redis.connection_pool
        self._unsent: deque[tuple[bytes, asyncio.Future[Any]]] = deque()
        self._sent: deque[asyncio.Future[Any]] = deque()
        self._exchanging: asyncio.Task[None] | None = None

    async def call(self, *command: EncodableT) -> Any:
        """The answer to a command. Raises RedisError."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._unsent.append((_packed(command), answer))
        if self._exchanging is None:
            self._exchanging = asyncio.create_task(self._exchange())
        return await answer

    async def close(self) -> None:
        """End what is at hand; its calls raise ConnectionError."""
        if self._exchanging:
            await end(self._exchanging)

    async def _exchange(self) -> None:
        why = "the line was closed"
        try:
            connection = await self._pool.get_connection()  # type: ignore[no-untyped-call]
            try:
                while self._unsent or self._sent:
                    await self._one_turn(connection)
            finally:
                await self._pool.release(connection)
        except (RedisError, OSError) as error:
            why = f"{type(error).__name__}: {error}"
        finally:
            self._exchanging = None
            self._lose(why)

    async def _one_turn(self, connection: Any) -> None:
        """Send all that has come up, and read one answer."""
        if self._unsent:
            commands = [command for command, _ in self._unsent]
            self._sent.extend(answer for _, answer in self._unsent)
            self._unsent.clear()
            await connection.send_packed_command(commands, check_health=False)
        try:
            result = await connection.read_response()
        except ResponseError as error:
            _settle(self._sent.popleft(), error=error)
        else:
            _settle(self._sent.popleft(), result)

    def _lose(self, why: str) -> None:
        lost = [*self._sent, *(answer for _, answer in self._unsent)]
        self._sent.clear()
        self._unsent.clear()
        for answer in lost:
            _settle(answer, error=ConnectionLost(why))


def _packed(command: tuple[EncodableT, ...]) -> bytes:
    # A float as the rest of the house writes it: the shortest text that means the same number.
    parts = tuple(repr(part) if isinstance(part, float) else part for part in command)
    packed: bytes = pack_command(parts)  # type: ignore[arg-type]
    return packed


def _settle(
    answer: "asyncio.Future[Any]", result: Any = None, error: Exception | None = None
) -> None:
    """Whoever asked may have gone."""
    if answer.done():
        return
    if error:
        answer.set_exception(error)
    else:
        answer.set_result(result)
