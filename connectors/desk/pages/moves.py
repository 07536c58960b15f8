"""Who has a conversation: taking, transferring, stepping in, each with a refusal in one clear sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp_jinja2
from aiohttp import web

from bot import handling, transfers
from bot.change import Change
from bot.conversation import Conversation, IllegalMove, Speaker
from bot.desk.presence import ABSENT
from bot.desk.routing import Colleague, Floor
from bot.desk.teams import Team
from bot.engine import Step
from bot.text import safe
from connectors.desk.floor import PeopleOnFloor, may_take
from connectors.desk.followers import ADDRESS
from connectors.desk.guard.access import AGENT, LEADING
from connectors.desk.guard.audit import ABOUT
from connectors.desk.pages.frame import Context, language_of, page, times
from connectors.desk.pages.moving import Moving, done, told
from connectors.desk.words import pick, say
from connectors.parts import Parts

WHY_CHARACTERS = 200
UNPROCESSABLE = 422
STATES_IN_ORDER = ("available", "busy", "away", "offline")


class NotOfTeam(Exception):
    """The conversation is for a team whose people take it, and the agent is not one of them."""

    def __init__(self, team: str) -> None:
        self.team = team
        super().__init__(team)


class Refused(Exception):
    """What was asked for cannot be done; ``name`` is the sentence."""

    def __init__(self, name: str, status: int = UNPROCESSABLE, **values: object) -> None:
        self.name, self.status, self.values = name, status, values
        super().__init__(name)


@dataclass(frozen=True)
class Target:
    """Somebody or something that a conversation can be given to: ``value`` as the form sends it."""

    value: str
    shown: str
    state: str
    told: str


@dataclass(frozen=True)
class Moves:
    """The handlers and what they work with."""

    parts: Parts
    moving: Moving
    people: PeopleOnFloor

    def routes(self) -> list[web.RouteDef]:
        """The addresses below ``/desk``, by the names that ``access`` knows them by."""
        one = f"/conversations/{{openid:{ADDRESS}}}"
        return [
            web.post(f"{one}/take", self.take, name="take"),
            web.get(f"{one}/transfer", self.choices, name="transfer_choices"),
            web.post(f"{one}/transfer", self.transfer, name="transfer"),
            web.post(f"{one}/step-in", self.step_in, name="step_in"),
            web.post(f"{one}/associate", self.introduce, name="introduce"),
        ]

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Take a waiting follower; of several agents exactly one succeeds, and may press twice."""
        agent, now = request[AGENT], self.parts.clock.now()
        floor = await self.people.floor(())

        def step(at: Conversation) -> Change:
            if at.is_queued and not may_take(agent, at, floor):
                raise NotOfTeam(at.team)
            return handling.take(at, agent.name, now)

        try:
            return await self.moving.moved(request, step)
        except IllegalMove as refusal:
            if refusal.speaker is Speaker.AGENT and refusal.agent == agent.name:
                return done(request)
            return await self.moving.refused(request, refusal, "not_waiting")
        except NotOfTeam as refusal:
            return told(request, "not_of_team", team=self._named(request, self._team(refusal.team)))

    @aiohttp_jinja2.template("_transfer_choices.html")
    async def choices(self, request: web.Request) -> Context:
        """To whom the conversation can be given, with presence and load, hours and the bot."""
        followers = self.moving.followers
        follower = followers.of(request)
        conversation = await followers.known(follower)
        floor = await self.people.floor(await followers.listed())
        shown = await self.people.accounts.shown()
        return page(request) | {
            "openid": request.match_info["openid"],
            "agents": self._agents(request, conversation, floor, shown),
            "teams": self._teams(request),
            "associates": [(name, shown[name]) for name in sorted(floor.colleagues)],
            "associate": conversation.associate,
            "why_characters": WHY_CHARACTERS,
        }

    async def transfer(self, request: web.Request) -> web.StreamResponse:
        """Give the conversation to an agent, a team or the bot, with a reason."""
        try:
            step = await self._transfer(request)
            return await self.moving.moved(request, step)
        except Refused as refusal:
            return told(request, refusal.name, refusal.status, **refusal.values)
        except IllegalMove as refusal:
            return await self.moving.refused(request, refusal, "not_waiting")

    async def step_in(self, request: web.Request) -> web.StreamResponse:
        """A supervisor takes the conversation over."""
        agent, now = request[AGENT].name, self.parts.clock.now()
        try:
            return await self.moving.moved(request, lambda at: transfers.step_in(at, agent, now))
        except IllegalMove as refusal:
            return await self.moving.refused(request, refusal, "not_waiting")

    async def introduce(self, request: web.Request) -> web.StreamResponse:
        """Name the agent whom the follower knows, or nobody."""
        name = str((await request.post()).get("associate", ""))
        floor = await self.people.floor(())
        if name and name not in floor.colleagues:
            return told(request, "no_such_colleague", UNPROCESSABLE)
        request[ABOUT] = name
        return await self.moving.moved(request, lambda at: transfers.introduce(at, name))

    async def _transfer(self, request: web.Request) -> Step:
        """The step that the form asks for. Raises Refused."""
        form = await request.post()
        why, to = safe(str(form.get("why", ""))).strip(), str(form.get("to", ""))
        if not why or len(why) > WHY_CHARACTERS:
            raise Refused("why_missing")
        by, now = request[AGENT].name, self.parts.clock.now()
        leads = request[AGENT].role in LEADING
        request[ABOUT] = to
        kind, _, name = to.partition(":")
        if kind == "bot":
            return lambda at: transfers.to_bot(at, by, why, now, leads=leads)
        if kind == "team":
            team = self.parts.reception.reception.teams.by_id.get(name)
            if team is None:
                raise Refused("no_such_team")
            return lambda at: transfers.to_team(at, by, team, why, now, leads=leads)
        if kind != "agent":
            raise Refused("choose_whom")
        await self._check_present(request, name)
        keeps = bool(form.get("associate"))

        def step(at: Conversation) -> Change:
            change = transfers.to_agent(at, by, name, why, now, leads=leads)
            if not keeps:
                return change
            return change.updated(transfers.introduce(change.conversation, name).conversation)

        return step

    async def _check_present(self, request: web.Request, name: str) -> None:
        """Raise Refused unless there is such a colleague, who would not lose the conversation at once."""
        colleague = (await self.people.floor(())).colleagues.get(name)
        if colleague is None:
            raise Refused("no_such_colleague")
        if colleague.state in ABSENT:
            shown = (await self.people.accounts.shown()).get(name, name)
            state = say(language_of(request), str(colleague.state)).lower()
            raise Refused("colleague_absent", 409, agent=shown, state=state)

    def _agents(
        self, request: web.Request, conversation: Conversation, floor: Floor, shown: dict[str, str]
    ) -> list[Target]:
        """The colleagues of the team first, then the others; the present ones on top of each."""
        others = [
            each
            for each in floor.colleagues.values()
            if each.name not in {request[AGENT].name, conversation.agent}
        ]
        others.sort(key=lambda each: _nearness(each, conversation.team))
        language = language_of(request)
        return [
            Target(
                f"agent:{each.name}",
                shown.get(each.name, each.name),
                str(each.state),
                say(language, "load_of", load=each.load, limit=each.limit),
            )
            for each in others
        ]

    def _teams(self, request: web.Request) -> Sequence[Target]:
        return [
            Target(f"team:{each.id}", self._named(request, each), *self._hours(request, each.id))
            for each in self.parts.reception.reception.teams.by_id.values()
        ]

    def _hours(self, request: web.Request, team: str) -> tuple[str, str]:
        """Whether a team's people are there, as a class and in words."""
        at, language = times(request), language_of(request)
        opens = self.parts.reception.reception.opens_at(team, at.now)
        if opens is None:
            return "closed", say(language, "team_closed")
        if opens <= at.now:
            return "open", say(language, "team_open")
        return "closed", say(language, "team_opens", time=at.moment(opens))

    def _team(self, id: str) -> Team:
        return self.parts.reception.reception.teams.get(id)

    def _named(self, request: web.Request, team: Team) -> str:
        return pick(language_of(request), (team.shown, team.shown_en or team.shown))


def _nearness(each: Colleague, team: str) -> tuple[bool, int, int, str]:
    return (
        not each.is_in(team),
        STATES_IN_ORDER.index(str(each.state)),
        each.load,
        each.name,
    )
