"""The teams in Redis, in one value: they are few, and are read and written as a whole."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from pydantic import TypeAdapter
from redis.asyncio import Redis
from redis.exceptions import WatchError

from bot.desk.teams import Team, Teams
from connectors.store.keys import TEAMS

_TEAMS = TypeAdapter(dict[str, Team])


@dataclass(frozen=True)
class TeamShelf:
    """Reads and writes the teams; they are the same for all accounts."""

    redis: Redis

    async def load(self) -> Teams:
        """All teams; the one for everything is always among them."""
        written = await self.redis.get(TEAMS)
        return Teams(_TEAMS.validate_json(written) if written else {})

    async def save(self, teams: Mapping[str, Team]) -> None:
        """Replace all teams."""
        await self.redis.set(TEAMS, _TEAMS.dump_json(dict(teams), exclude_defaults=True))

    async def put(self, team: Team) -> None:
        """Add a team or change it."""
        await self.change(lambda teams: {**teams, team.id: team})

    async def dismiss(self, manager: str) -> None:
        """Let nobody of this log-in name manage a team."""

        def move(teams: Mapping[str, Team]) -> Mapping[str, Team]:
            return {id: _without(team, manager) for id, team in teams.items()}

        if any(manager in team.managers for team in (await self.load()).by_id.values()):
            await self.change(move)

    async def change(self, move: Callable[[Mapping[str, Team]], Mapping[str, Team]]) -> None:
        """Apply ``move`` to the latest teams, again if somebody else was quicker; what it raises goes out."""
        async with self.redis.pipeline() as pipe:
            while True:
                await pipe.watch(TEAMS)
                written = await pipe.get(TEAMS)
                changed = move(Teams(_TEAMS.validate_json(written) if written else {}).by_id)
                pipe.multi()  # type: ignore[no-untyped-call]
                pipe.set(TEAMS, _TEAMS.dump_json(dict(changed), exclude_defaults=True))
                try:
                    await pipe.execute()
                    return
                except WatchError:
                    continue


def _without(team: Team, manager: str) -> Team:
    return replace(team, managers=tuple(name for name in team.managers if name != manager))
