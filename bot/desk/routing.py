"""Which agent is offered a conversation, and when one is taken back: the rules, as plain functions of what is known."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from bot.conversation import Conversation, Speaker
from bot.desk.listing import Listed
from bot.desk.presence import ABSENT, State
from bot.desk.reception import Reception
from bot.desk.teams import DEFAULT


class Cause(StrEnum):
    """Why a conversation is taken from its agent."""

    GONE = "gone"  # the account is no more
    OFFLINE = "offline"
    AWAY = "away"
    SILENT = "silent"  # the follower waited too long for a word


@dataclass(frozen=True)
class Colleague:
    """An agent as routing sees one. ``load``: conversations held and offered; ``limit``: so many at once.

    ``is_routed``: conversations are offered to this person; others only take them by themselves.
    """

    name: str
    state: State = State.AVAILABLE
    teams: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    limit: int = 5
    load: int = 0
    is_routed: bool = True

    def is_in(self, team: str) -> bool:
        """Whether the person belongs to a team; who belongs to none is in the one for everything."""
        return team in (self.teams or (DEFAULT,))


@dataclass(frozen=True)
class Floor:
    """All who may work at the desk, by log-in name, as they are at one moment."""

    colleagues: Mapping[str, Colleague] = field(default_factory=dict)

    @cached_property
    def _manned(self) -> frozenset[str]:
        routed = [each for each in self.colleagues.values() if each.is_routed]
        return frozenset(team for each in routed for team in each.teams or (DEFAULT,))

    @property
    def there(self) -> frozenset[str]:
        """Those who are not offline."""
        people = self.colleagues.values()
        return frozenset(each.name for each in people if each.state is not State.OFFLINE)

    def is_member(self, name: str, team: str) -> bool:
        """Whether a team's conversations are this person's to take; a team without members is everybody's."""
        colleague = self.colleagues.get(name)
        return colleague is not None and (colleague.is_in(team) or team not in self._manned)

    def loaded(self, name: str, more: int) -> "Floor":
        """The same floor after somebody got ``more`` conversations."""
        colleague = self.colleagues.get(name)
        if colleague is None:
            return self
        changed = replace(colleague, load=colleague.load + more)
        return Floor({**self.colleagues, name: changed})


def with_loads(colleagues: Iterable[Colleague], listed: Iterable[Listed]) -> Floor:
    """The floor, with the loads that follow from what is held and offered."""
    loads: dict[str, int] = {}
    for each in listed:
        busy = busy_with(each)
        loads[busy] = loads.get(busy, 0) + 1
    return Floor({each.name: replace(each, load=loads.get(each.name, 0)) for each in colleagues})


def busy_with(each: Listed) -> str:
    """Whose load a conversation is: the one's who has it, or is offered it; empty for nobody's."""
    return each.offered if each.is_waiting else each.agent


def choose(each: Listed, floor: Floor) -> str:
    """To whom a waiting conversation is offered; empty if nobody is free.

    Who has let it go comes last, in the same order. Then: the follower's own associate, who need not be of the team;
    skills; the last agent; the least loaded.
    """
    free = [one for one in floor.colleagues.values() if _is_free(one, each, floor)]
    wanted = {each.subject, each.language} - {""}

    def rank(one: Colleague) -> tuple[int, bool, int, bool, int, str]:
        return (
            each.passed.index(one.name) if one.name in each.passed else -1,
            one.name != each.associate,
            -len(wanted.intersection(one.skills)),
            one.name != each.last_agent,
            one.load,
            one.name,
        )

    return min(free, key=rank).name if free else ""


def offered(each: Listed, floor: Floor, reception: Reception, now: float) -> str:
    """Whose offer a waiting conversation is at ``now`` (Unix seconds); empty for nobody's.

    Nothing is offered outside the hours of a team, nor in one whose members choose for themselves.
    """
    team = reception.teams.get(each.team)
    if not team.is_automatic or not reception.is_open(team.id, now):
        return ""
    if not each.offered:
        return choose(each, floor)
    holder = floor.colleagues.get(each.offered)
    is_running = offer_seconds(each, reception, now) > 0
    if is_running and holder and _is_free(holder, each, floor):
        return each.offered
    passed = (*(name for name in each.passed if name != each.offered), each.offered)
    return choose(replace(each, passed=passed), floor)


def offer_seconds(each: Listed | Conversation, reception: Reception, now: float) -> int:
    """How many seconds an offer still runs; the clock stops outside the team's hours."""
    used = reception.schedule(each.team).open_seconds(each.offered_at, now)
    return max(0, math.ceil(reception.teams.get(each.team).offer_seconds - used))


def why_taken_back(each: Listed, floor: Floor, reception: Reception, now: float) -> Cause | None:
    """Why a conversation has to leave its agent at ``now`` (Unix seconds); None if it may stay.

    Who only steps away keeps those in which it is the follower's turn.
    """
    if each.speaker is not Speaker.AGENT:
        return None
    holder = floor.colleagues.get(each.agent)
    if holder is None:
        return Cause.GONE
    if holder.state in ABSENT:
        is_kept = holder.state is State.AWAY and not each.unanswered_since
        return None if is_kept else Cause(holder.state)
    return Cause.SILENT if _is_silent(each, reception, now) else None


def _is_silent(each: Listed, reception: Reception, now: float) -> bool:
    """Whether the follower has waited past the limit for a word of the agent; the clock stops outside the hours."""
    if not each.unanswered_since:
        return False
    since = max(each.unanswered_since, each.since)
    waited = reception.schedule(each.team).open_seconds(since, now)
    return waited >= reception.teams.get(each.team).silent_seconds


def _is_free(one: Colleague, each: Listed, floor: Floor) -> bool:
    """Whether the conversation can be offered to somebody; what is theirs already does not count against them."""
    load = one.load - (one.name == each.offered)
    is_for = one.name == each.associate or floor.is_member(one.name, each.team)
    return one.is_routed and one.state is State.AVAILABLE and load < one.limit and is_for
