"""Who may work at the desk: accounts with argon2 hashes in Redis."""

import asyncio
import json
import secrets
from dataclasses import asdict, dataclass

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from redis.asyncio import Redis

from connectors.store.keys import AGENTS, login_failures

ADMIN = "admin"
MAX_FAILURES = 10
FAILURE_SECONDS = 900
"""So many wrong passwords within so long lock a name for the rest of that time."""

_HASHER = PasswordHasher()
# Checked when there is no such account, so that a wrong name takes as long as a wrong password.
_NOBODY = _HASHER.hash(secrets.token_hex(8))


class WrongLogin(Exception):
    """Name or password is wrong; which of them is not told."""


class TooManyAttempts(Exception):
    """The name is locked for a while."""


@dataclass(frozen=True)
class Agent:
    """A person at the desk: ``name`` to log in with, ``shown`` to followers and colleagues."""

    name: str
    shown: str
    role: str
    password_hash: str


@dataclass(frozen=True)
class Accounts:
    """The accounts of the desk."""

    redis: Redis

    async def log_in(self, name: str, password: str) -> Agent:
        """The agent with this name and password. Raises WrongLogin or TooManyAttempts."""
        failures = login_failures(name)
        if int(await self.redis.get(failures) or 0) >= MAX_FAILURES:
            raise TooManyAttempts
        agent = await self.find(name)
        known = agent.password_hash if agent else _NOBODY
        if not await asyncio.to_thread(_is_right, known, password) or agent is None:
            await self.redis.incr(failures)
            await self.redis.expire(failures, FAILURE_SECONDS)
            raise WrongLogin
        await self.redis.delete(failures)
        return agent

    async def find(self, name: str) -> Agent | None:
        """The agent with this name, if there is one."""
        fields = await self.redis.hget(AGENTS, name)
        return Agent(**json.loads(fields)) if fields else None

    async def set(self, name: str, shown: str, role: str, password: str) -> None:
        """Make or change an account."""
        digest = await asyncio.to_thread(_HASHER.hash, password)
        agent = Agent(name, shown, role, digest)
        await self.redis.hset(AGENTS, name, json.dumps(asdict(agent), ensure_ascii=False))

    async def ensure_admin(self, password: str | None) -> str | None:
        """Make the first account if there is none, or give it the password that is set.

        Returns the password when it had to be made up: it is shown once and kept nowhere.
        """
        if password is None and await self.find(ADMIN):
            return None
        chosen = password or secrets.token_urlsafe(9)
        if not await self._has_password(ADMIN, chosen):
            await self.set(ADMIN, "Admin", "admin", chosen)
        return None if password else chosen

    async def _has_password(self, name: str, password: str) -> bool:
        agent = await self.find(name)
        return agent is not None and await asyncio.to_thread(
            _is_right, agent.password_hash, password
        )


def _is_right(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except VerificationError:
        return False
