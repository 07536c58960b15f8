"""Opening Redis, and making sure that what was written stays written."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import NoScriptError, RedisError
from redis.typing import EncodableT

log = structlog.get_logger()

_SCRIPTS = Path(__file__).parent / "scripts"

CONNECTIONS = 64
FLUSH_MILLISECONDS = 2000


class StoreDown(Exception):
    """Redis cannot be reached, or did not flush what it was given."""


class Connection:
    """A pool of connections to one Redis, and the scripts that run in it."""

    def __init__(self, url: str) -> None:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=2,
            decode_responses=True,
            socket_connect_timeout=1,
        )
        self.redis: Redis = Redis.from_pool(pool)
        self._flushes_itself: bool | None = None
        self._digests: dict[str, str] = {}

    async def close(self) -> None:
        """Close all connections."""
        await self.redis.aclose()

    async def run(self, script: str, keys: Sequence[str], args: Sequence[EncodableT]) -> Any:
        """Run ``scripts/<script>.lua``. Raises StoreDown when Redis cannot be reached."""
        try:
            return await self._evaluate(self.redis, script, keys, args)
        except (RedisError, OSError) as error:
            raise StoreDown(str(error)) from error

    async def run_durably(
        self, script: str, keys: Sequence[str], args: Sequence[EncodableT]
    ) -> Any:
        """Run a script and return only when its writes are on disk. Raises StoreDown when that cannot be had."""
        if await self._has_flushed_by_answering():
            return await self.run(script, keys, args)
        try:
            # WAITAOF speaks of the writes of its own connection only: over a pool it would prove nothing.
            async with self.redis.client() as one:
                result = await self._evaluate(one, script, keys, args)
                flushed = await one.execute_command("WAITAOF", 1, 0, FLUSH_MILLISECONDS)  # type: ignore[no-untyped-call]
        except (RedisError, OSError) as error:
            raise StoreDown(str(error)) from error
        if int(flushed[0]) < 1:
            raise StoreDown("Redis did not flush in time")
        return result

    async def _has_flushed_by_answering(self) -> bool:
        """Whether an answer of this Redis means "on disk" already, or nothing is ever written there."""
        if self._flushes_itself is None:
            try:
                config = await self.redis.config_get("appendonly", "appendfsync")
            except (RedisError, OSError) as error:
                raise StoreDown(str(error)) from error
            is_durable = config.get("appendonly") == "yes"
            if not is_durable:
                log.warning("redis.not_durable", why="appendonly is off: its crash loses messages")
            self._flushes_itself = not is_durable or config.get("appendfsync") == "always"
        return self._flushes_itself

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
            del self._digests[script]
            return await self._evaluate(redis, script, keys, args)
