"""Opening Redis, and making sure that what was written stays written."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import NoScriptError, RedisError, ResponseError
from redis.typing import EncodableT

from bot.ports import StoreDown
from connectors.store.sentinel import open_redis

log = structlog.get_logger()

_SCRIPTS = Path(__file__).parent / "scripts"

CONNECTIONS = 64
FLUSH_MILLISECONDS = 2000
ANSWER_SECONDS = 3.0
"""How long Redis may take to answer; longer than any call of ours blocks there."""


@contextlib.contextmanager
def reaching_the_store() -> Iterator[None]:
    """Turn whatever Redis and the line to it may raise into StoreDown."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise StoreDown(f"{type(error).__name__}: {error}") from error


class Connection:
    """A pool of connections to one Redis, and the scripts that run in it."""

    def __init__(self, url: str, connections: int = CONNECTIONS, *, replicas: int = 0) -> None:
        """``replicas``: how many must have a durable write too before it counts as done."""
        self.redis: Redis = open_redis(
            url,
            max_connections=connections,
            timeout=2,
            decode_responses=True,
            socket_connect_timeout=1,
            socket_timeout=ANSWER_SECONDS,
        )
        self._replicas = replicas
        self._flushes_itself: bool | None = None
        self._digests: dict[str, str] = {}

    async def close(self) -> None:
        """Close all connections."""
        await self.redis.aclose()

    async def run(self, script: str, keys: Sequence[str], args: Sequence[EncodableT]) -> Any:
        """Run ``scripts/<script>.lua``. Raises StoreDown when Redis cannot be reached."""
        with reaching_the_store():
            return await self._evaluate(self.redis, script, keys, args)

    async def run_durably(
        self, script: str, keys: Sequence[str], args: Sequence[EncodableT]
    ) -> Any:
        """Run a script and return only when its writes are on disk. Raises StoreDown when that cannot be had."""
        if not self._replicas and await self._has_flushed_by_answering():
            return await self.run(script, keys, args)
        with reaching_the_store():
            # WAITAOF speaks of the writes of its own connection only: over a pool it would prove nothing.
            async with self.redis.client() as one:
                result = await self._evaluate(one, script, keys, args)
                wanted = (1, self._replicas, FLUSH_MILLISECONDS)
                flushed = await one.execute_command("WAITAOF", *wanted)  # type: ignore[no-untyped-call]
        if int(flushed[0]) < 1:
            raise StoreDown("Redis did not flush in time")
        if int(flushed[1]) < self._replicas:
            raise StoreDown("too few replicas of Redis have written in time")
        return result

    async def _has_flushed_by_answering(self) -> bool:
        """Whether an answer of this Redis means "on disk" already, or nothing is ever written there."""
        if self._flushes_itself is None:
            with reaching_the_store():
                self._flushes_itself = await self._learn_how_it_writes()
        return self._flushes_itself

    async def _learn_how_it_writes(self) -> bool:
        try:
            config = await self.redis.config_get("appendonly", "appendfsync")
        except ResponseError:
            # Hosted services often forbid the question; then each write asks for its flush.
            return False
        is_durable = config.get("appendonly") == "yes"
        if not is_durable:
            log.warning("redis.not_durable", why="appendonly is off: its crash loses messages")
        return not is_durable or config.get("appendfsync") == "always"

    async def is_up(self) -> bool:
        """Whether Redis answers."""
        try:
            return bool(await self.redis.ping())
        except (RedisError, OSError):
            return False

    async def _evaluate(
        self, redis: Redis, script: str, keys: Sequence[str], args: Sequence[EncodableT]
    ) -> Any:
        digest = self._digests.get(script)
        if digest is None:
            source = (_SCRIPTS / f"{script}.lua").read_text(encoding="utf-8")
            digest = self._digests[script] = await redis.script_load(source)
        try:
            return await redis.evalsha(digest, len(keys), *keys, *args)
        except NoScriptError:
            # Redis was restarted and has forgotten its scripts.
            self._digests.pop(script, None)
            return await self._evaluate(redis, script, keys, args)
