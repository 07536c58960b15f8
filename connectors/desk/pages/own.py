"""An agent's own page: another password, and where one is logged in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import aiohttp_jinja2
from aiohttp import web

from connectors.desk.guard.access import AGENT, SESSION
from connectors.desk.guard.accounts import ADMIN, SHORTEST_PASSWORD, Accounts, Agent, WrongLogin
from connectors.desk.guard.attempts import TooManyAttempts
from connectors.desk.pages.entrance import Entrance
from connectors.desk.pages.frame import language_of, page, times
from connectors.desk.words import say
from connectors.settings import Settings
from connectors.store.desk.sessions import Opened, Sessions

LONGEST_PASSWORD = 256

BROWSERS = (
    ("wxwork", "WeCom"),
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
"""What a browser calls itself, the most telling word first."""


@dataclass(frozen=True)
class Shown:
    """A session as a page lists it."""

    number: str
    browser: str
    address: str
    since: str
    seen: str
    is_this: bool


@dataclass(frozen=True)
class OwnPage:
    """The handlers and what they work with."""

    accounts: Accounts
    sessions: Sessions
    entrance: Entrance
    settings: Settings

    def routes(self) -> list[web.RouteDef]:
        """The addresses below ``/desk``, by the names that ``access`` knows them by."""
        return [
            web.get("/me", self.me, name="me"),
            web.post("/me/password", self.change_password, name="change_password"),
            web.post("/me/sessions/end", self.end_others, name="end_other_sessions"),
            web.post("/me/sessions/{number:[0-9a-f]+}/end", self.end_session, name="end_session"),
        ]

    async def me(self, request: web.Request) -> web.StreamResponse:
        """The page."""
        return await self._shown(
            request, done="password_changed" if "changed" in request.query else ""
        )

    async def change_password(self, request: web.Request) -> web.StreamResponse:
        """Take another password; the sessions of the old one end, and this browser gets a new one."""
        form, agent = await request.post(), request[AGENT]
        old, new, again = (str(form.get(name, "")) for name in ("old", "new", "again"))
        if fault := self._fault(agent, old, new, again):
            return await self._shown(request, fault, status=422)
        try:
            await self.accounts.check(agent, old, self.entrance.proxies.client(request))
        except WrongLogin:
            return await self._shown(request, "wrong_old_password", status=403)
        except TooManyAttempts:
            return await self._shown(request, "too_many", status=429)
        agent = await self.accounts.set_password(agent.name, new)
        await self.sessions.end_all(agent.name)
        await self.entrance.opened(request, agent)
        raise web.HTTPSeeOther("/desk/me?changed")

    async def end_session(self, request: web.Request) -> web.StreamResponse:
        """Log out of one browser."""
        await self.sessions.end(request[AGENT].name, request.match_info["number"])
        raise web.HTTPSeeOther("/desk/me")

    async def end_others(self, request: web.Request) -> web.StreamResponse:
        """Log out everywhere but here."""
        await self.sessions.end_all(request[AGENT].name, but=request[SESSION].number)
        raise web.HTTPSeeOther("/desk/me")

    def _fault(self, agent: Agent, old: str, new: str, again: str) -> str:
        if agent.name == ADMIN and self.settings.desk_admin_password:
            return "password_is_a_setting"
        if new != again:
            return "not_the_same"
        if not SHORTEST_PASSWORD <= len(new) <= LONGEST_PASSWORD:
            return "bad_length"
        return "is_the_old_one" if new == old else ""

    async def _shown(
        self, request: web.Request, fault: str = "", done: str = "", status: int = 200
    ) -> web.StreamResponse:
        agent, language = request[AGENT], language_of(request)
        opened = await self.sessions.of(agent.name)
        context = page(request) | {
            "sessions": shown_sessions(opened, agent, request),
            "fault": say(language, fault, count=SHORTEST_PASSWORD) if fault else "",
            "done": say(language, done) if done else "",
            "shortest": SHORTEST_PASSWORD,
        }
        return aiohttp_jinja2.render_template("me.html", request, context, status=status)


def shown_sessions(opened: Iterable[Opened], agent: Agent, request: web.Request) -> list[Shown]:
    """The sessions that this account's present password has opened, as a page lists them."""
    at, here = times(request), request[SESSION].number
    return [
        Shown(
            each.number,
            browser_of(each.browser) or say(at.language, "unknown_browser"),
            each.address,
            at.date_and_hour(each.since),
            at.date_and_hour(each.seen),
            each.number == here,
        )
        for each in opened
        if each.fingerprint == agent.fingerprint
    ]


def browser_of(user_agent: str) -> str:
    """What people call this browser, and on which system; empty if it says nothing known."""
    browser = next((name for word, name in BROWSERS if word in user_agent), "")
    system = next((name for word, name in SYSTEMS if re.search(rf"\b{word}", user_agent)), "")
    return " · ".join(filter(None, (browser, system)))
