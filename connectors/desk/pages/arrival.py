"""Where a manager answers for a VIP's arrival, known by the link alone: who stands in a shop has no time to log in.

Opening it changes nothing, because chats open links by themselves to show what is behind them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp_jinja2
from aiohttp import web

from bot.clock import Clock
from bot.conversation import Conversation
from bot.desk.arrivals import Arrival, Asked, shop_name
from bot.members import CrmUnavailable, Member, Members
from connectors.desk.guard.accounts import Accounts
from connectors.desk.guard.audit import BY_LINK
from connectors.desk.pages.frame import language_of, page, times
from connectors.desk.views import presenting
from connectors.desk.words import say
from connectors.parts import Parts
from connectors.store.desk.arrivals import ArrivalShelf
from connectors.store.desk.audit import Entry


@dataclass(frozen=True)
class Found:
    """The arrival that a link leads to, and who was given the link."""

    parts: Parts
    conversation: Conversation
    arrival: Arrival
    asked: Asked


@dataclass(frozen=True)
class ArrivalPage:
    """The handlers and what they work with."""

    every: Sequence[Parts]
    accounts: Accounts
    members: Members
    clock: Clock

    def routes(self) -> list[web.RouteDef]:
        """The addresses below ``/desk``, by the names that ``access`` knows them by."""
        one = "/arrivals/{link:[0-9a-f]{16}\\.[A-Za-z0-9_-]{32}}"
        return [
            web.get(one, self.arrival, name="arrival"),
            web.post(one, self.expect, name="expect"),
        ]

    async def arrival(self, request: web.Request) -> web.StreamResponse:
        """Whom to expect, and a button."""
        return await self._shown(request, await self._found(request))

    async def expect(self, request: web.Request) -> web.StreamResponse:
        """Say that one will be at the door; the first one does it."""
        found = await self._found(request)
        if found is None:
            return await self._shown(request, None)
        asked, shown = found.asked, await self._name(request, found)
        shelf = _shelf(found.parts)
        conversation = found.conversation
        await shelf.change(conversation.openid, lambda latest: latest.met(asked, shown))
        whom = conversation.account, conversation.alias
        request[BY_LINK] = Entry(self.clock.now(), asked.manager, "expect", *whom)
        raise web.HTTPSeeOther(request.path)

    async def _found(self, request: web.Request) -> Found | None:
        """What the link leads to; None once it is over, or if it never was."""
        alias, _, secret = request.match_info["link"].partition(".")
        for parts in self.every:
            openid = await parts.conversations.by_alias(alias)
            arrival = await _shelf(parts).of(openid) if openid else None
            asked = arrival.by_secret(secret) if arrival else None
            if arrival and asked and not arrival.is_over(self.clock.now()):
                return Found(parts, await parts.conversations.read(openid), arrival, asked)
        return None

    async def _name(self, request: web.Request, found: Found) -> str:
        """What the follower will be told: the manager's shown name, or the team's."""
        manager = await self.accounts.find(found.asked.manager)
        team = found.parts.reception.reception.teams.get(found.arrival.team)
        return manager.shown if manager else team.shown

    async def _shown(self, request: web.Request, found: Found | None) -> web.StreamResponse:
        if found is None:
            sentence = say(language_of(request), "arrival_over")
            context = page(request) | {"sentence": sentence}
            return aiohttp_jinja2.render_template("fault.html", request, context, status=410)
        at, arrival = times(request), found.arrival
        name = await self._name(request, found)
        context = page(request) | {
            "face": presenting.face(found.conversation.openid),
            "facts": self._facts(found, await self._member(found), at.language),
            "at": at.moment(arrival.at),
            "name": name,
            "met_by": arrival.met_by,
            "is_mine": bool(arrival.met_by) and arrival.met_by_name == found.asked.manager,
            "path": request.path,
        }
        return aiohttp_jinja2.render_template("arrival.html", request, context)

    def _facts(self, found: Found, member: Member | None, language: str) -> list[tuple[str, str]]:
        brand = found.parts.shops.brand.value
        spelling = "zh-Hans" if language == "zh" else "en"
        shop = shop_name(brand, found.arrival.place, spelling)
        spoken = found.conversation.language
        told = [
            ("arrival_where", shop or say(language, "arrival_unknown_shop")),
            ("arrival_member", member.name if member else ""),
            ("arrival_tier", member.tier if member else ""),
            ("arrival_associate", member.associate if member else ""),
            ("arrival_language", say(language, spoken) if spoken else ""),
        ]
        return [(say(language, name), value) for name, value in told if value]

    async def _member(self, found: Found) -> Member | None:
        try:
            return await self.members.find(found.conversation.openid)
        except CrmUnavailable:
            return None


def _shelf(parts: Parts) -> ArrivalShelf:
    return ArrivalShelf(parts.connection.redis, parts.settings.wechat_app_id)
