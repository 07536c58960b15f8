"""The live board: plain values, ready for a template, from what the lists know of every conversation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.desk.alarms import Alarm, alarms
from bot.desk.listing import Listed
from bot.desk.presence import State
from bot.desk.reception import Reception
from connectors.desk.followers import address
from connectors.desk.guard.access import SERVING
from connectors.desk.guard.accounts import Agent, Role
from connectors.desk.views.opening import state_of
from connectors.desk.views.presenting import Face, face
from connectors.desk.views.times import Times
from connectors.desk.words import pick, say
from connectors.desk.words.names import REASONS

FEW = 40
"""So many conversations are shown one by one; the counts are of all."""

URGENCIES = ("overdue", "window", "risk", "")
"""How urgent a conversation is, the most urgent first."""


@dataclass(frozen=True)
class Row:
    """One conversation: ``waited`` since the follower has had no word, ``due`` until a word was promised."""

    address: str
    face: Face
    reason: str
    team: str
    waited: str
    due: str
    urgency: str
    holder: str
    holder_name: str
    is_vip: bool
    is_waiting: bool


@dataclass(frozen=True)
class TeamRow:
    """A team's state; ``hours`` says until when its people are there, or when they are back."""

    id: str
    name: str
    is_open: bool
    hours: str
    waiting: int
    oldest: str
    urgent: Mapping[str, int]
    held: int
    there: int
    members: int


@dataclass(frozen=True)
class AgentRow:
    """An agent's state and load; ``share`` is the load in per cent of the limit."""

    name: str
    shown: str
    state: str
    load: int
    limit: int
    share: float
    longest: str
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Board:
    """All of the desk at one moment."""

    waiting: int
    oldest: str
    urgent: Mapping[str, int]
    held: int
    there: int
    teams: tuple[TeamRow, ...]
    agents: tuple[AgentRow, ...]
    rows: tuple[Row, ...]
    hidden: int


@dataclass(frozen=True)
class Overview:
    """What the board is made of. ``listed`` are an account's name, empty where there is one, with a conversation;

    ``present`` tells the presence of all who were ever here, ``notice_seconds`` how long before a promise is broken
    it counts as at risk.
    """

    listed: Sequence[tuple[str, Listed]]
    agents: Sequence[Agent]
    present: Mapping[str, State]
    reception: Reception
    times: Times
    notice_seconds: float
    shown: Mapping[str, str] = field(default_factory=dict)

    def board(self) -> Board:
        """The board."""
        ordered = sorted(self.listed, key=lambda each: URGENCIES.index(self._urgency(each[1])))
        rows = [self._row(account, each) for account, each in ordered]
        every = [each for _, each in self.listed]
        agents = tuple(self._agent(agent, rows) for agent in self._serving())
        return Board(
            waiting=sum(each.is_waiting for each in every),
            oldest=self._oldest(every),
            urgent=self._urgent(every),
            held=sum(not each.is_waiting for each in every),
            there=sum(agent.state == State.AVAILABLE for agent in agents),
            teams=tuple(self._team(team, every) for team in self.reception.teams.by_id),
            agents=agents,
            rows=tuple(rows[:FEW]),
            hidden=max(0, len(rows) - FEW),
        )

    def _serving(self) -> list[Agent]:
        """Whoever takes conversations: agents first, supervisors who hold something or are there."""
        holding = {each.agent for _, each in self.listed}
        found = [
            agent
            for agent in self.agents
            if agent.role == Role.AGENT
            or (
                agent.role in SERVING
                and (agent.name in holding or self._state(agent) is not State.OFFLINE)
            )
        ]
        order = tuple(State)
        return sorted(found, key=lambda agent: (order.index(self._state(agent)), agent.name))

    def _state(self, agent: Agent) -> State:
        return self.present.get(agent.name, State.OFFLINE)

    def _row(self, account: str, each: Listed) -> Row:
        waited, now = _waiting_since(each), self.times.now
        holder = each.agent or (each.offered if each.is_waiting else "")
        return Row(
            address(account, each.openid),
            face(each.openid),
            self._reason(each.reason),
            self._team_name(each.team),
            self.times.span(now - waited) if waited else "",
            self._due(each),
            self._urgency(each),
            self.shown.get(holder, holder),
            holder,
            each.is_vip,
            each.is_waiting,
        )

    def _agent(self, agent: Agent, rows: Sequence[Row]) -> AgentRow:
        held = [each for _, each in self.listed if each.agent == agent.name]
        return AgentRow(
            agent.name,
            agent.shown,
            self._state(agent),
            len(held),
            agent.limit,
            min(100.0, round(100 * len(held) / agent.limit, 1)),
            self._oldest(held),
            tuple(row for row in rows if row.holder_name == agent.name and not row.is_waiting),
        )

    def _team(self, id: str, every: Iterable[Listed]) -> TeamRow:
        own = [each for each in every if self.reception.teams.get(each.team).id == id]
        waiting, now = [each for each in own if each.is_waiting], self.times.now
        members = [agent for agent in self.agents if id in agent.teams]
        return TeamRow(
            id,
            self._team_name(id),
            self.reception.is_open(id, now),
            state_of(self.reception.schedule(id), self.times),
            len(waiting),
            self._oldest(waiting),
            self._urgent(own),
            len(own) - len(waiting),
            sum(self._state(agent) is State.AVAILABLE for agent in members),
            len(members),
        )

    def _team_name(self, id: str) -> str:
        team = self.reception.teams.get(id)
        return pick(self.times.language, (team.shown, team.shown_en or team.shown))

    def _reason(self, name: str) -> str:
        return pick(self.times.language, REASONS[name]) if name in REASONS else name

    def _urgency(self, each: Listed) -> str:
        found, now = alarms(each, self.times.now, self.notice_seconds), self.times.now
        if Alarm.AT_RISK in found and each.due_at <= now:
            return "overdue"
        if Alarm.WINDOW in found or each.alarmed_at:
            return "window"
        return "risk" if Alarm.AT_RISK in found else ""

    def _urgent(self, every: Iterable[Listed]) -> dict[str, int]:
        found = [self._urgency(each) for each in every]
        return {urgency: found.count(urgency) for urgency in URGENCIES if urgency}

    def _due(self, each: Listed) -> str:
        if not each.due_at or not _waiting_since(each):
            return ""
        left, language = each.due_at - self.times.now, self.times.language
        name = "due_in" if left > 0 else "late_by"
        return say(language, name, time=self.times.span(abs(left)))

    def _oldest(self, chosen: Iterable[Listed]) -> str:
        since = [at for each in chosen if (at := _waiting_since(each))]
        return self.times.span(self.times.now - min(since)) if since else ""


def _waiting_since(each: Listed) -> float:
    """Since when the follower has waited for a person's word; 0.0 while it is the follower's turn."""
    return each.since if each.is_waiting else each.unanswered_since
