"""What goes into the audit log: every write that succeeded, and the reading of conversations and exports."""

from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.clock import Clock
from connectors.desk.followers import Followers
from connectors.desk.guard.access import AGENT
from connectors.desk.guard.accounts import Accounts, plain_name
from connectors.desk.guard.addresses import Proxies
from connectors.desk.guard.security import WRITES
from connectors.store.desk.audit import AuditLog, Entry

VIEWS = {
    **dict.fromkeys(
        ("conversation", "thread", "profile", "member", "suggestions", "canned_here"), "viewed"
    ),
    "media": "viewed_media",
    "marked": "viewed_marked",
}
"""Reading that is written down, by the route's name: once in some minutes for one agent and one follower."""

EXPORTS = frozenset({"report_table"})
"""Reading that leaves the desk as a file: written down each time."""

QUIET = frozenset({"typing", "viewing", "language", "theme"})
"""Writes that change nothing worth knowing."""

LOGINS = {303: "logged_in", 403: "login_failed", 429: "login_locked"}
ABOUT = web.RequestKey("about", str)
"""What a handler changed, in a word or two for the log: the name of a team, a role. Never a follower's words."""

BY_LINK = web.RequestKey("by_link", Entry)
"""What somebody did who is known by a link alone; the handler says who it was and about whom."""


@dataclass(frozen=True)
class Audit:
    """Writes the log as the requests pass."""

    log: AuditLog
    accounts: Accounts
    followers: Followers
    proxies: Proxies
    clock: Clock

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let the request pass and write down what it did, if it did something."""
        route = request.match_info.route.name or ""
        if route == "log_in":
            return await self._log_in(request, handler)
        agent, action = request.get(AGENT), _action(request, route)
        if route == "expect":
            return await self._by_link(request, handler)
        if agent is None or not action:
            return await handler(request)
        account, alias = await self._whom(request)
        told = Entry(self.clock.now(), agent.name, action, account, alias)
        try:
            response = await handler(request)
        except web.HTTPRedirection:
            await self._write(request, route, told)
            raise
        if response.status < 400:
            await self._write(request, route, told)
        return response

    async def _write(self, request: web.Request, route: str, told: Entry) -> None:
        if route in VIEWS:
            what = f"{told.action}:{told.account}:{told.alias}"
            if not await self.log.is_first_look(told.agent, what):
                return
        about = request.get(ABOUT) or _named(request)
        await self.log.write(
            Entry(told.at, told.agent, told.action, told.account, told.alias, about[:100])
        )

    async def _by_link(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        finally:
            if told := request.get(BY_LINK):
                await self.log.write(told)

    async def _log_in(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            response = await handler(request)
        except web.HTTPRedirection:
            await self._came(request, 303)
            raise
        await self._came(request, response.status)
        return response

    async def _came(self, request: web.Request, status: int) -> None:
        address, name = self.proxies.client(request), str((await request.post()).get("name", ""))
        # What is no account may be a password in the wrong place, and stays out.
        agent = await self.accounts.find(plain_name(name))
        if action := LOGINS.get(status):
            known = agent.name if agent else ""
            if status == 429 and not await self.log.is_first_look(known, f"{action}:{address}"):
                return
            await self.log.write(Entry(self.clock.now(), known, action, address=address))

    async def _whom(self, request: web.Request) -> tuple[str, str]:
        """The follower whom the request is about, as account and alias."""
        if "openid" not in request.match_info:
            return "", ""
        follower = self.followers.of(request)
        conversation = await follower.parts.conversations.read(follower.openid)
        return conversation.account, conversation.alias


def _action(request: web.Request, route: str) -> str:
    if request.match_info.http_exception is not None or route in QUIET:
        return ""
    if request.method in WRITES:
        return route
    return VIEWS.get(route) or (route if route in EXPORTS else "")


def _named(request: web.Request) -> str:
    """What the address itself names beside a follower: an account, a team."""
    told = request.match_info
    return " ".join(told[key] for key in sorted(told) if key not in {"openid", "key", "number"})
