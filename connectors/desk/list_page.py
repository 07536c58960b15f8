"""The list page: who waits, and who is with whom; and the news that keep every open page up to date."""

from dataclasses import dataclass

import aiohttp_jinja2
from aiohttp import web

from bot.conversation import Conversation
from bot.desk.routing import offer_seconds
from bot.ports import Desk
from connectors.desk import presenting
from connectors.desk.access import AGENT
from connectors.desk.accounts import Accounts
from connectors.desk.followers import Followers
from connectors.desk.pages import Context, page, times
from connectors.desk.stream import News, events


@dataclass(frozen=True)
class ListPage:
    """The handlers and what they work with."""

    followers: Followers
    accounts: Accounts
    news: News
    reception: Desk

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
        """Server-sent events: the openid of each conversation that changed, empty when all may have."""
        # A proxy that gathers the answer before it passes it on would keep the page waiting.
        headers = {"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
        response = web.StreamResponse(headers=headers)
        with self.news.page() as queue:
            await response.prepare(request)
            async for event in events(queue):
                try:
                    await response.write(event)
                except ConnectionResetError:
                    break
        return response

    async def context(self, request: web.Request) -> Context:
        """What the lists show."""
        agent, at = request[AGENT].name, times(request)
        waiting = await self.followers.waiting()
        held = await self.followers.held()
        shown = await self.accounts.shown()
        lines = await self.followers.last_lines((*waiting, *held))

        def cards(chosen: list[Conversation]) -> list[presenting.Card]:
            return [
                presenting.card(
                    each,
                    lines[each.account, each.openid],
                    at,
                    shown,
                    self.followers.account(each.account),
                )
                for each in chosen
            ]

        mine = [each for each in held if each.agent == agent]
        # Those who wait for this agent's word stand on top, the longest first.
        mine.sort(key=lambda each: -(presenting.waiting_seconds(each, at.now) or 0))
        others = [each for each in held if each.agent != agent]
        offered = [each for each in waiting if each.offered == agent]
        unoffered = [each for each in waiting if each.offered != agent]
        return {
            "offers": self._offers(offered, cards(offered), at.now),
            "waiting": cards(unoffered),
            "mine": cards(mine),
            "others": cards(others),
        }

    def _offers(
        self, offered: list[Conversation], cards: list[presenting.Card], now: float
    ) -> list[presenting.Offer]:
        """What is offered to the agent, with the seconds in which it is offered to nobody else."""
        return [
            presenting.Offer(card, offer_seconds(each, self.reception.reception, now))
            for each, card in zip(offered, cards, strict=True)
        ]
