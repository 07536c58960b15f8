"""For trainers: what agents say that the bot should have known, with the answers that they gave themselves."""

from dataclasses import dataclass

import aiohttp_jinja2
from aiohttp import web

from bot.misses import masked
from connectors.desk.followers import Followers
from connectors.desk.pages.frame import Context, page, times

ROWS = 200


@dataclass(frozen=True)
class Row:
    """One marked exchange, masked."""

    at: str
    text: str
    guess: str
    answer: str
    link: str


@dataclass(frozen=True)
class MarkedPage:
    """The handlers and what they work with."""

    followers: Followers

    def routes(self) -> list[web.RouteDef]:
        """The addresses below ``/desk``, by the names that ``access`` knows them by."""
        return [web.get("/marked", self.marked, name="marked")]

    @aiohttp_jinja2.template("marked.html")
    async def marked(self, request: web.Request) -> Context:
        """The newest marked exchanges."""
        at, found = times(request), await self.followers.marked()
        rows = [
            Row(
                at.date_and_hour(each.at),
                masked(each.miss.text),
                each.miss.guess,
                masked(each.miss.answer),
                f"/desk/conversations/{address}",
            )
            for address, each in found[:ROWS]
        ]
        return page(request) | {"rows": rows}
