"""Background work that one process at a time does for all."""

import secrets
from dataclasses import dataclass

from redis.asyncio import Redis


@dataclass
class Lease:
    """One process at a time does what ``key`` stands for; when it dies, another one follows within ``seconds``."""

    redis: Redis
    key: str
    seconds: float = 20.0

    def __post_init__(self) -> None:
        self._owner = secrets.token_hex(8)

    async def is_ours(self) -> bool:
        """Take the lease or keep it."""
        milliseconds = int(self.seconds * 1000)
        if await self.redis.set(self.key, self._owner, nx=True, px=milliseconds):
            return True
        if await self.redis.get(self.key) != self._owner:
            return False
        await self.redis.pexpire(self.key, milliseconds)
        return True

    async def let_go(self) -> None:
        """Leave it to others at once."""
        if await self.redis.get(self.key) == self._owner:
            await self.redis.delete(self.key)
