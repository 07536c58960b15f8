"""The people at the desk as routing sees them: from their accounts, their presence, and what they hold."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.desk.case import Case
from bot.desk.listing import Listed
from bot.desk.presence import State
from bot.desk.routing import Colleague, Floor, with_loads
from connectors.desk.guard.access import LEADING, SERVING
from connectors.desk.guard.accounts import Accounts, Agent, Role
from connectors.parts import Parts
from connectors.store.desk.presence import Presence


@dataclass(frozen=True)
class PeopleOnFloor:
    """Reads who is there."""

    accounts: Accounts
    presence: Presence

    @classmethod
    def over(cls, parts: Parts) -> "PeopleOnFloor":
        """The same people for all accounts."""
        redis, settings = parts.connection.redis, parts.settings
        presence = Presence(redis, parts.clock, settings.agent_offline_seconds)
        return cls(Accounts(redis), presence)

    async def floor(self, held: Iterable[Listed]) -> Floor:
        """Everybody who may have conversations; ``held`` are all that are listed, of all accounts."""
        people, states = await self.accounts.all(), await self.presence.all()
        serving = [each for each in people if each.role in SERVING]
        colleagues = [_colleague(each, states.get(each.name, State.OFFLINE)) for each in serving]
        return with_loads(colleagues, held)


def may_take(agent: Agent, case: Case, floor: Floor) -> bool:
    """Whether this agent's taking is right: of the team, offered to or known by the follower, or leading."""
    is_known = agent.name in {case.offered, case.associate}
    return is_known or agent.role in LEADING or floor.is_member(agent.name, case.team)


def teams_of(people: Iterable[Agent]) -> Floor:
    """Who belongs to which team, whether there or not."""
    return Floor(
        {each.name: _colleague(each, State.OFFLINE) for each in people if each.role in SERVING}
    )


def _colleague(agent: Agent, state: State) -> Colleague:
    # Who leads is offered the conversations of teams that they have joined, and no others.
    is_routed = agent.role == Role.AGENT or bool(agent.teams)
    return Colleague(agent.name, state, agent.teams, agent.skills, agent.limit, is_routed=is_routed)
