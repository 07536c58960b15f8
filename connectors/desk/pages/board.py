"""The board page: how the whole desk stands now, kept up by the stream of news."""

from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp_jinja2
from aiohttp import web

from connectors.desk.followers import Followers
from connectors.desk.guard.accounts import Accounts, names_of
from connectors.desk.pages.frame import Context, page, times
from connectors.desk.views.board import Overview
from connectors.desk.views.ledger_line import LedgerLine
from connectors.parts import Parts
from connectors.store.desk.presence import Presence


@dataclass(frozen=True)
class BoardPage:
    """The handlers and what they work with."""

    every: Sequence[Parts]
    followers: Followers
    accounts: Accounts
    presence: Presence
    ledger: LedgerLine

    def routes(self) -> list[web.RouteDef]:
        """The addresses below ``/desk``, by the names that ``access`` knows them by."""
        return [
            web.get("/board", self.board, name="board"),
            web.get("/board/now", self.now, name="board_now"),
        ]

    @aiohttp_jinja2.template("board.html")
    async def board(self, request: web.Request) -> Context:
        """The page."""
        return page(request) | await self._context(request)

    @aiohttp_jinja2.template("_board.html")
    async def now(self, request: web.Request) -> Context:
        """The board alone, for a page that shows it anew."""
        return page(request) | await self._context(request)

    async def _context(self, request: web.Request) -> Context:
        at, first = times(request), self.every[0]
        agents = await self.accounts.all()
        listed = [
            (self.followers.account(parts.settings.wechat_app_id), each)
            for parts in self.every
            for each in await parts.conversations.listed()
        ]
        overview = Overview(
            listed,
            agents,
            await self.presence.all(),
            first.reception.reception,
            at,
            first.settings.alert_sla_seconds,
            names_of(agents),
        )
        return {"board": overview.board(), "proof": self.ledger.proof(at.now)}
