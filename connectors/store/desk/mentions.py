"""Who was called in a note and has not looked yet."""

from collections.abc import Callable, Iterable, Sequence
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
        """The followers in whose conversations this agent was called, the longest ago first.

        Conversations that have ended their life call nobody any more.
        """
        with reaching_the_store():
            found = await self._redis.hgetall(self._keys.mentions())
        calls = sorted(cast(dict[str, str], found).items(), key=lambda each: float(each[1]))
        pairs = [field.split(" ", 1) for field, _ in calls]
        openids = [openid for openid, called in pairs if called == agent]
        return await self._living(openids, agent) if openids else []

    async def seen(self, openid: str, agent: str) -> bool:
        """The agent has looked; whether there was anything to look at."""
        with reaching_the_store():
            return bool(await self._redis.hdel(self._keys.mentions(), _field(openid, agent)))

    async def forget(self, agent: str) -> None:
        """The agent's account is removed, and nobody calls it. Raises StoreDown."""
        if called := await self._fields(lambda name: name.endswith(f" {agent}")):
            with reaching_the_store():
                await self._redis.hdel(self._keys.mentions(), *called)

    async def fields(self, openid: str) -> Sequence[str]:
        """What stands there about a follower."""
        return await self._fields(lambda name: name.startswith(f"{openid} "))

    async def _fields(self, is_wanted: Callable[[str], bool]) -> Sequence[str]:
        with reaching_the_store():
            names = cast(list[str], await self._redis.hkeys(self._keys.mentions()))
        return list(filter(is_wanted, names))

    async def _living(self, openids: Sequence[str], agent: str) -> Sequence[str]:
        pipe = self._redis.pipeline(transaction=False)
        for openid in openids:
            pipe.exists(self._keys.conversation(openid))
        with reaching_the_store():
            known = dict(zip(openids, await pipe.execute(), strict=True))
        for openid in openids:
            if not known[openid]:
                await self.seen(openid, agent)
        return [openid for openid in openids if known[openid]]


def _field(openid: str, agent: str) -> str:
    return f"{openid} {agent}"
