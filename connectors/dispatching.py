"""Offers waiting conversations to agents and takes them back from those who are not there, in the background."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from redis.exceptions import RedisError

from bot import transfers
from bot.change import Change
from bot.clock import Clock
from bot.conversation import Conversation
from bot.desk import routing
from bot.desk.listing import Listed, listed
from bot.desk.routing import Floor
from bot.ports import StoreDown
from connectors.desk.floor import PeopleOnFloor
from connectors.parts import Parts
from connectors.store.keys import DISPATCH_LEASE
from connectors.store.lease import Lease

log = structlog.get_logger()

PAUSE_SECONDS = 1.0


@dataclass(frozen=True)
class Dispatcher:
    """Moves conversations while it holds the lease.

    A process that has lost it without knowing does no harm: each move is decided anew from the conversation as it
    then stands, and written only if nobody else was quicker.
    """

    accounts: Sequence[Parts]
    people: PeopleOnFloor
    clock: Clock
    lease: Lease
    _there: set[str] = field(default_factory=set)
    """Who was not offline at the last look."""

    @classmethod
    def over(cls, accounts: Sequence[Parts]) -> "Dispatcher":
        """One for the conversations of all accounts: an agent serves them all."""
        first = accounts[0]
        lease = Lease(first.connection.redis, DISPATCH_LEASE)
        return cls(accounts, PeopleOnFloor.over(first), first.clock, lease)

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                if await self.lease.is_ours():
                    await self.step()
            except (StoreDown, RedisError, OSError) as error:
                log.warning("dispatching.failed", why=type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)

    async def step(self) -> None:
        """Make all moves that are due now."""
        found = [(parts, each) for parts in self.accounts for each in await _listed(parts)]
        floor = await self.people.floor([each for _, each in found])
        await self._tell_of_the_silent(floor)
        for parts, each in found:
            move = _Move(parts, floor, self.clock.now())
            if move.is_due(each):
                after = listed(await parts.engine.apply(each.openid, move.step))
                floor = _after(floor, each, after)

    async def _tell_of_the_silent(self, floor: Floor) -> None:
        """Let the pages know who has gone offline by showing no sign of life: nobody else would."""
        there = floor.there
        for name in self._there - there:
            await self.people.presence.tell(name)
        self._there.clear()
        self._there.update(there)


@dataclass(frozen=True)
class _Move:
    """What is due for one conversation, as the floor is."""

    parts: Parts
    floor: Floor
    now: float

    def is_due(self, each: Listed) -> bool:
        """Whether anything is to be done, as far as the lists tell."""
        if each.is_waiting:
            return self._offered(each) != each.offered
        return self._cause(each) is not None

    def step(self, at: Conversation) -> Change:
        """The move, if it is still due."""
        each = listed(at)
        if each is None:
            return Change(at)
        if cause := self._cause(each):
            return transfers.take_back(at, cause, self.now)
        if each.is_waiting and (agent := self._offered(each)) != each.offered:
            return transfers.offer(at, agent, self.now)
        return Change(at)

    def _offered(self, each: Listed) -> str:
        return routing.offered(each, self.floor, self.parts.reception.reception, self.now)

    def _cause(self, each: Listed) -> routing.Cause | None:
        return routing.why_taken_back(each, self.floor, self.parts.reception.reception, self.now)


async def _listed(parts: Parts) -> list[Listed]:
    return await parts.conversations.listed()


def _after(floor: Floor, before: Listed, after: Listed | None) -> Floor:
    """The floor with the loads as they are after a move."""
    floor = floor.loaded(routing.busy_with(before), -1)
    return floor.loaded(routing.busy_with(after), 1) if after else floor
