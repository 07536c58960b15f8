"""The list page: who waits, and who is with whom; and the news that keep every open page up to date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import aiohttp_jinja2
from aiohttp import web

from bot.desk.listing import Listed
from bot.desk.routing import offer_seconds
from bot.desk.teams import DEFAULT, Teams
from bot.messages import Line
from connectors.desk.floor import may_take, teams_of
from connectors.desk.followers import Followers, Who
from connectors.desk.guard.access import AGENT
from connectors.desk.guard.accounts import Accounts, Agent, names_of
from connectors.desk.pages.filtering import TABS, Filter, Viewer, counts
from connectors.desk.pages.frame import Context, page, times
from connectors.desk.stream import News, events
from connectors.desk.views import presenting
from connectors.desk.views.naming import city_names
from connectors.desk.views.times import Times
from connectors.desk.words import pick
from connectors.parts import Parts

Chosen = Sequence[tuple[str, Listed]]
"""Conversations with the app id of their account."""


@dataclass(frozen=True)
class ListPage:
    """The handlers and what they work with."""

    parts: Parts
    followers: Followers
    accounts: Accounts
    news: News

    def routes(self) -> list[web.RouteDef]:
        """The addresses below ``/desk``, by the names that ``access`` knows them by."""
        return [
            web.get("", self.to_home, name="to_home"),
            web.get("/", self.home, name="home"),
            web.get("/lists", self.lists, name="lists"),
            web.get("/events", self.stream, name="events"),
        ]

    async def to_home(self, request: web.Request) -> web.StreamResponse:
        """The address as people type it."""
        raise web.HTTPSeeOther("/desk/")

    @aiohttp_jinja2.template("home.html")
    async def home(self, request: web.Request) -> Context:
        """The lists, and no conversation opened."""
        return page(request) | await self.context(request)

    @aiohttp_jinja2.template("_lists.html")
    async def lists(self, request: web.Request) -> Context:
        """The lists alone, for a page that shows them anew."""
        return page(request) | await self.context(request)

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events, see ``connectors.desk.stream``; ``shows`` is the follower whose page it is."""
        # A proxy that gathers the answer before it passes it on would keep the page waiting.
        headers = {"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
        response = web.StreamResponse(headers=headers)
        with self.news.page(request[AGENT].name, request.query.get("shows", "")) as told:
            await response.prepare(request)
            async for event in events(told):
                try:
                    await response.write(event)
                except ConnectionResetError:
                    break
        return response

    async def context(self, request: web.Request) -> Context:
        """What the lists show under the filter of the page's address."""
        wanted, at, viewer = Filter.of(request.query), times(request), _viewer(request[AGENT])
        every = await self.followers.listed_by_account()
        chosen = [pair for pair in every if wanted.fits(pair[1], viewer, at.now)]
        offered = [pair for pair in chosen if pair[1].offered == viewer.name]
        groups = {
            "mine": [pair for pair in chosen if pair[1].agent == viewer.name],
            "waiting": [pair for pair in chosen if pair[1].is_waiting and pair not in offered],
            "others": [pair for pair in chosen if pair[1].agent not in ("", viewer.name)],
        }
        shown = {name: group[: wanted.most] for name, group in groups.items()}
        cards = await self._cards(request, [offered, *shown.values()])
        return {
            "offers": self._offers(offered, cards[0], at.now),
            "lists": [
                _List(name, made, len(group))
                for (name, group), made in zip(groups.items(), cards[1:], strict=True)
                if group or name == wanted.tab or (wanted.tab == "all" and name != "others")
            ],
            "filter": wanted,
            **self._choices([each for _, each in every], viewer, at),
        }

    async def _cards(
        self, request: web.Request, groups: Sequence[Chosen]
    ) -> list[list[presenting.Card]]:
        """The cards of all groups, their followers' words read at once."""
        at, people = times(request), await self.accounts.all()
        floor, teams = teams_of(people), self.parts.reception.reception.teams
        around = presenting.Surroundings(
            at,
            names_of(people),
            _team_names(teams, at.language),
            self._cities(at.language),
            lambda each: may_take(request[AGENT], each, floor),
        )
        lines = await self.followers.last_lines(
            [(app_id, each.openid) for group in groups for app_id, each in group]
        )
        return [[self._card(pair, lines, around) for pair in group] for group in groups]

    def _card(
        self,
        pair: tuple[str, Listed],
        lines: Mapping[Who, list[Line]],
        around: presenting.Surroundings,
    ) -> presenting.Card:
        app_id, each = pair
        return presenting.card(
            each, lines[app_id, each.openid], around, self.followers.account(app_id)
        )

    def _offers(
        self, offered: Chosen, cards: Sequence[presenting.Card], now: float
    ) -> list[presenting.Offer]:
        """What is offered to the agent, with the seconds in which it is offered to nobody else."""
        reception = self.parts.reception.reception
        return [
            presenting.Offer(card, offer_seconds(each, reception, now))
            for (_, each), card in zip(offered, cards, strict=True)
        ]

    def _choices(self, every: Sequence[Listed], viewer: Viewer, at: Times) -> Context:
        """What the tabs and the filter's choices say."""
        found, cities = counts(every, viewer), self._cities(at.language)
        reasons = sorted({each.reason for each in every if each.reason})
        return {
            "tabs": [(tab, found[tab]) for tab in TABS],
            "reasons": {name: presenting.reason(name, at.language).text for name in reasons},
            "cities": {id: cities.get(id, id) for id in sorted({e.city for e in every if e.city})},
        }

    def _cities(self, language: str) -> Mapping[str, str]:
        return city_names(self.parts.shops.brand.value, language)


@dataclass(frozen=True)
class _List:
    """One list: its first ``cards``, of ``count`` in all."""

    name: str
    cards: Sequence[presenting.Card]
    count: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.cards)


def _viewer(agent: Agent) -> Viewer:
    return Viewer(agent.name, frozenset(agent.teams or (DEFAULT,)))


def _team_names(teams: Teams, language: str) -> Mapping[str, str]:
    """What the teams are called; nothing where there is only one."""
    if len(teams.by_id) == 1:
        return {}
    return {
        id: pick(language, (team.shown, team.shown_en or team.shown))
        for id, team in teams.by_id.items()
    }
