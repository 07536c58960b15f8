"""The append-only file remembers every write until it is rewritten: what was forgotten must go from it too."""

import structlog
from redis.exceptions import ResponseError

from connectors.store.connection import Connection, reaching_the_store
from connectors.store.keys import Keys

log = structlog.get_logger()


class Rewriting:
    """Has Redis rewrite its file, once for all that was forgotten in ``within`` seconds, and done by then.

    It is begun at half that time: what is forgotten while a rewriting runs waits for the next one.
    """

    def __init__(self, connection: Connection, account: str, within: float) -> None:
        self._connection, self._redis = connection, connection.redis
        self._keys, self._within = Keys(account), within

    async def step(self, now: float) -> None:
        """Begin a rewriting that is due, or see whether the one begun is done; a failed one is begun again."""
        with reaching_the_store():
            state = await self._redis.info("persistence")
            if state.get("aof_rewrite_in_progress"):
                return
            if await self._redis.exists(self._keys.rewriting()):
                await self._finished_or_again(state)
            elif await self._is_due(now) and await self._redis.renamenx(
                self._keys.unwritten(), self._keys.rewriting()
            ):
                await self._begin(state)

    async def _is_due(self, now: float) -> bool:
        since = await self._redis.get(self._keys.unwritten())
        return since is not None and now >= float(since) + self._within / 2

    async def _begin(self, state: dict[str, object]) -> None:
        if not state.get("aof_enabled"):
            await self._redis.delete(self._keys.rewriting())
            return
        await self._redis.set(self._keys.rewriting(), await self._mark(state))
        try:
            await self._redis.bgrewriteaof()
        except ResponseError as error:
            log.error("forgetting.not_rewritten", why=str(error))
            return
        log.info("forgetting.rewriting")

    async def _finished_or_again(self, state: dict[str, object]) -> None:
        """Done is what has ended well since it was begun; whoever began it may have died in between."""
        server, _, count = str(await self._redis.get(self._keys.rewriting())).rpartition(":")
        same, _, counted = (await self._mark(state)).rpartition(":")
        is_done = server == same and count.isdigit() and int(counted) > int(count)
        if is_done and state.get("aof_last_bgrewrite_status") == "ok":
            await self._redis.delete(self._keys.rewriting())
            log.info("forgetting.rewritten")
        else:
            await self._begin(state)

    async def _mark(self, state: dict[str, object]) -> str:
        """This life of this server, and how many rewritings it has begun in it."""
        server = await self._redis.info("server")
        return f"{server['run_id']}:{state.get('aof_rewrites', 0)}"
