"""Who was called in a note and has not looked yet."""

from collections.abc import Iterable, Sequence
from typing import cast

from redis.asyncio import Redis
from redis.typing import EncodableT, FieldT

from connectors.store.connection import reaching_the_store
from connectors.store.keys import Keys


class Mentions:
    """The unread mentions of one account; they are few, for looking takes them away."""

    def __init__(self, redis: Redis, account: str) -> None:
        self._redis, self._keys = redis, Keys(account)

    async def add(self, openid: str, agents: Iterable[str], now: float) -> None:
        """Call these agents to a conversation; one that was forgotten meanwhile calls nobody. Raises StoreDown."""
        called: dict[FieldT, EncodableT] = {_field(openid, each): repr(now) for each in agents}
        if not called:
            return
        with reaching_the_store():
            await self._redis.hset(self._keys.mentions(), mapping=called)
            if not await self._redis.exists(self._keys.conversation(openid)):
                await self._redis.hdel(self._keys.mentions(), *called)

    async def of(self, agent: str) -> Sequence[str]:
        """The followers in whose conversations this agent was called, the longest ago first."""
        with reaching_the_store():
            found = await self._redis.hgetall(self._keys.mentions())
        calls = sorted(cast(dict[str, str], found).items(), key=lambda each: float(each[1]))
        pairs = [field.split(" ", 1) for field, _ in calls]
        return [openid for openid, called in pairs if called == agent]

    async def seen(self, openid: str, agent: str) -> bool:
        """The agent has looked; whether there was anything to look at."""
        with reaching_the_store():
            return bool(await self._redis.hdel(self._keys.mentions(), _field(openid, agent)))

    async def fields(self, openid: str) -> Sequence[str]:
        """What stands there about a follower."""
        with reaching_the_store():
            names = cast(list[str], await self._redis.hkeys(self._keys.mentions()))
        return [name for name in names if name.startswith(f"{openid} ")]


def _field(openid: str, agent: str) -> str:
    return f"{openid} {agent}"
