"""Who may work at the desk: accounts with argon2 hashes in Redis."""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import cast

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from pydantic import TypeAdapter
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from connectors.desk.guard.attempts import Attempts
from connectors.store.desk.canned import CannedShelf
from connectors.store.desk.teams import TeamShelf
from connectors.store.keys import AGENTS, LAST_LOGINS, PRESENCE, SIGNS
from connectors.store.readings import Readings

ADMIN = "admin"
"""The first account. It stays and keeps its role, so that there is always somebody who may do everything."""

SHORTEST_PASSWORD = 8
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
"""What a log-in name looks like; people may type it in capitals."""

CHECKS_AT_ONCE = 2
"""A check takes 46 MB and a core: log-ins wait for one another rather than followers for them."""

# OWASP's first choice for argon2id. The library's default takes four threads, which followers' messages need.
_HASHER = PasswordHasher(time_cost=1, memory_cost=47104, parallelism=1)
# Checked when there is no such account, so that a wrong name takes as long as a wrong password.
_NOBODY = _HASHER.hash(secrets.token_hex(8))


class WrongLogin(Exception):
    """Name or password is wrong; which of them is not told."""


class NameTaken(Exception):
    """There is an account of this name already."""


class UnknownAccount(Exception):
    """There is no account of this name."""


class Role(StrEnum):
    """What an account may do; see ``access.ALLOWED``."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    TRAINER = "trainer"
    ADMIN = "admin"


@dataclass(frozen=True)
class Agent:
    """A person at the desk: ``name`` to log in with, ``shown`` to followers and colleagues.

    ``teams`` are ids; ``skills`` are subjects and languages that the person is good at; ``limit`` is how many
    conversations at once. ``mail`` and ``wecom`` (the user id there) are where alerts reach the person; empty: nowhere.
    """

    name: str
    shown: str
    role: str
    password_hash: str
    teams: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    limit: int = 5
    mail: str = ""
    wecom: str = ""

    @property
    def fingerprint(self) -> str:
        """Changes with the password, so that a new password ends every session of the old one."""
        return hashlib.sha256(self.password_hash.encode()).hexdigest()[:16]


_AGENT = TypeAdapter(Agent)


@dataclass(frozen=True)
class Accounts:
    """The accounts of the desk."""

    redis: Redis
    _checks: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CHECKS_AT_ONCE))
    _readings: Readings[Agent] = field(default_factory=lambda: Readings(_AGENT))

    async def log_in(self, name: str, password: str, address: str) -> Agent:
        """The agent with this name and password. Raises WrongLogin or TooManyAttempts."""
        name = plain_name(name)
        # What can be no name has one count for all, so that strangers fill no store with made-up ones.
        attempts = Attempts(self.redis, name if NAME.fullmatch(name) else "?", address)
        await attempts.count()
        agent = await self.find(name)
        is_right = await self._is_right(agent.password_hash if agent else _NOBODY, password)
        if agent is None or not is_right:
            raise WrongLogin
        await attempts.forgive()
        return agent

    async def check(self, agent: Agent, password: str, address: str) -> None:
        """Ask the password of somebody who is logged in once more. Raises WrongLogin or TooManyAttempts."""
        await self.log_in(agent.name, password, address)

    async def find(self, name: str) -> Agent | None:
        """The agent with this name, if there is one."""
        fields = await self.redis.hget(AGENTS, name) if NAME.fullmatch(name) else None
        return _AGENT.validate_json(fields) if fields else None

    async def all(self) -> list[Agent]:
        """Everyone who may work at the desk, by log-in name."""
        found = await self.redis.hgetall(AGENTS)
        return self._readings.of(found[name] for name in sorted(found))

    async def shown(self) -> dict[str, str]:
        """What each account is called by colleagues and followers, by its log-in name."""
        return names_of(await self.all())

    async def add(self, name: str, shown: str, role: Role, password: str) -> None:
        """Make an account. Raises NameTaken, or ValueError for a name that cannot be one."""
        await self.put(Agent(name, shown, role, await _hashed(password)))

    async def put(self, agent: Agent) -> None:
        """Keep a new account. Raises NameTaken, or ValueError for a name that cannot be one."""
        if not NAME.fullmatch(agent.name):
            raise ValueError(
                f"{agent.name!r} cannot be a log-in name: at most 32 small letters, digits, dots and dashes."
            )
        if not await self.redis.hsetnx(AGENTS, agent.name, _AGENT.dump_json(agent)):
            raise NameTaken(f"There is an account called {agent.name} already.")

    async def set_password(self, name: str, password: str) -> Agent:
        """Give an account another password, which ends its sessions. Raises UnknownAccount."""
        hashed = await _hashed(password)
        return await self.change(name, lambda agent: replace(agent, password_hash=hashed))

    async def change(self, name: str, changed: Callable[[Agent], Agent]) -> Agent:
        """Write an account anew, computed from what it is at that moment. Raises UnknownAccount."""

        async def step(pipe: Pipeline) -> Agent:
            written = cast(str | None, await pipe.hget(AGENTS, name))
            if written is None:
                raise UnknownAccount(f"There is no account called {name}.")
            agent = changed(_AGENT.validate_json(written))
            pipe.multi()  # type: ignore[no-untyped-call]
            pipe.hset(AGENTS, name, _AGENT.dump_json(agent))
            return agent

        # Somebody else's change at the same moment is not undone: the step is taken again.
        return cast(Agent, await self.redis.transaction(step, AGENTS, value_from_callable=True))

    async def remove(self, name: str) -> None:
        """End an account and all that is known of it: another one of the same name inherits nothing."""
        pipe = self.redis.pipeline(transaction=True)
        pipe.hdel(AGENTS, name)
        pipe.hdel(LAST_LOGINS, name)
        pipe.hdel(PRESENCE, name)
        pipe.zrem(SIGNS, name)
        await pipe.execute()
        await CannedShelf(self.redis).remove_own(name)
        await TeamShelf(self.redis).dismiss(name)

    async def came(self, name: str, at: float) -> None:
        """Note a log-in (Unix seconds)."""
        await self.redis.hset(LAST_LOGINS, name, repr(at))

    async def last_logins(self) -> Mapping[str, float]:
        """When each account was last used to log in, by its name."""
        found = cast(dict[str, str], await self.redis.hgetall(LAST_LOGINS))
        return {name: float(at) for name, at in found.items()}

    async def ensure_admin(self, password: str | None) -> str | None:
        """Make the first account if there is none, or give it the password that is set.

        Returns the password when it had to be made up: it is shown once and kept nowhere.
        """
        admin = await self.find(ADMIN)
        if admin is None:
            return await self._first(password)
        if password and not await self._is_right(admin.password_hash, password):
            await self.set_password(ADMIN, password)
        return None

    async def _first(self, password: str | None) -> str | None:
        chosen = password or generated()
        try:
            await self.add(ADMIN, "Admin", Role.ADMIN, chosen)
        except NameTaken:
            # Another process started at the same moment and has printed its own.
            return None
        return None if password else chosen

    async def _is_right(self, password_hash: str, password: str) -> bool:
        async with self._checks:
            return await asyncio.to_thread(_matches, password_hash, password)


def names_of(people: Iterable[Agent]) -> dict[str, str]:
    """What these people are called, by their log-in names."""
    return {each.name: each.shown for each in people}


def plain_name(typed: str) -> str:
    """A log-in name as it is kept."""
    return typed.strip().lower()


async def hashed(password: str) -> str:
    """The password as it is kept."""
    return await _hashed(password)


def generated() -> str:
    """A password that nobody has to think of."""
    return secrets.token_urlsafe(12)


async def _hashed(password: str) -> str:
    return await asyncio.to_thread(_HASHER.hash, password)


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except VerificationError:
        return False
