"""How long followers waited for the first word of a person, as it was lately: what a likely wait is told from."""

from collections.abc import Iterable
from dataclasses import dataclass

from redis.asyncio import Redis

from bot.ledger import Entry, Event
from connectors.store.keys import WAITS_SECONDS, Keys

KEPT = 50
"""So many of a team's latest waits are looked at."""

Wait = tuple[float, float]
"""From when until when somebody waited (Unix seconds)."""


def wait_commands(keys: Keys, entries: Iterable[Entry]) -> list[list[str]]:
    """What a step adds, as Redis commands: the first words of people in it."""
    commands: list[list[str]] = []
    for entry in entries:
        if entry.event is Event.REPLIED and entry.reason == "first" and entry.team:
            key = keys.waits(entry.team)
            commands += [
                ["LPUSH", key, f"{entry.since!r} {entry.at!r}"],
                ["LTRIM", key, "0", str(KEPT - 1)],
                ["EXPIRE", key, str(WAITS_SECONDS)],
            ]
    return commands


@dataclass(frozen=True)
class WaitShelf:
    """Reads one account's waits."""

    redis: Redis
    account: str

    async def latest(self, team: str) -> list[Wait]:
        """A team's latest waits, the newest first."""
        written = await self.redis.lrange(Keys(self.account).waits(team), 0, -1)
        return [_wait(str(each)) for each in written]


def _wait(written: str) -> Wait:
    since, until = written.split()
    return float(since), float(until)
