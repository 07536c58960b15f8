"""Who may see what: the one place where a session becomes an agent, and where roles are looked at."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import web
from aiohttp.typedefs import Handler
from aiohttp_session import Session, get_session, new_session

from connectors.desk.followers import ADDRESS
from connectors.desk.guard.accounts import NAME, Accounts, Agent, Role
from connectors.store.desk.sessions import Opened, Sessions

OPEN = frozenset({"login", "log_in", "language", "theme", "static", "arrival", "expect"})
"""The routes that strangers may call, by name. Whoever expects an arrival is known by the link itself."""

EVERYBODY = frozenset(Role)
SERVING = frozenset({Role.AGENT, Role.SUPERVISOR, Role.ADMIN})
LEADING = frozenset({Role.SUPERVISOR, Role.ADMIN})
TEACHING = frozenset({Role.TRAINER, Role.SUPERVISOR, Role.ADMIN})

ALLOWED: Mapping[str, frozenset[Role]] = {
    # coming and going
    "log_out": EVERYBODY,
    "me": EVERYBODY,
    "change_password": EVERYBODY,
    "end_session": EVERYBODY,
    "end_other_sessions": EVERYBODY,
    # lists and conversations; trainers read them masked
    "to_home": EVERYBODY,
    "home": EVERYBODY,
    "lists": EVERYBODY,
    "events": EVERYBODY,
    "by_alias": EVERYBODY,
    "conversation": EVERYBODY,
    "thread": EVERYBODY,
    "media": SERVING,
    "take": SERVING,
    "reply": SERVING,
    "typing": SERVING,
    "close": SERVING,
    "mark": EVERYBODY,
    # who has a conversation
    "presence": EVERYBODY,
    "transfer_choices": SERVING,
    "transfer": SERVING,
    "step_in": LEADING,
    "introduce": LEADING,
    "marked": TEACHING,
    # beside the conversation
    **dict.fromkeys(("undo", "picture", "note", "viewing", "tag", "untag"), SERVING),
    **dict.fromkeys(("profile", "member", "suggestions", "canned_here"), SERVING),
    "mentions": EVERYBODY,
    # replies at hand; whose one may change is looked at by the page
    **dict.fromkeys(("canned", "put_canned", "keep_canned", "remove_canned"), EVERYBODY),
    # people; whom one may change is looked at by the page
    "people": LEADING,
    "add_person": LEADING,
    "person": LEADING,
    "change_person": LEADING,
    "renew_password": LEADING,
    "remove_person": LEADING,
    "end_session_of": LEADING,
    "audit": LEADING,
    # the supervisor's pages
    "board": LEADING,
    "board_now": LEADING,
    "reports": LEADING,
    "report_table": LEADING,
    "teams": LEADING,
    "new_team": LEADING,
    "add_team": LEADING,
    "team": LEADING,
    "change_team": LEADING,
    "remove_team": LEADING,
}
"""The roles that may call each route, by its name. A route that is not named here or in OPEN is closed to everybody."""

STREAMS = frozenset({"events"})
"""Routes whose answer goes on for minutes: it ends with the log-in, and pages of other sites get none."""

LOOK_SECONDS = 10.0
"""How often a stream's log-in is looked at again."""

AGENT = web.RequestKey("agent", Agent)
SESSION = web.RequestKey("session", Opened)
_PAGE = re.compile(
    rf"/desk/(conversations/{ADDRESS}|by/wx[0-9A-Za-z]+/[0-9a-f]+|people(/{NAME.pattern})?|me|canned|audit|marked|board|reports|teams(/[a-z0-9_]+)?)?"
)


@dataclass(frozen=True)
class Access:
    """The door of the desk."""

    accounts: Accounts
    sessions: Sessions

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let in whom the route is for; send strangers to the log-in page."""
        name = request.match_info.route.name or ""
        if name == "static":
            return await handler(request)
        found = await self._found(request)
        if found:
            request[AGENT], request[SESSION] = found
        if name in OPEN:
            return await handler(request)
        if not found:
            raise web.HTTPSeeOther(f"/desk/login?next={quote(request.path)}")
        if request.match_info.http_exception is not None:
            # No such page, which only those who are logged in are told.
            return await handler(request)
        if request[AGENT].role not in ALLOWED.get(name, frozenset()):
            raise web.HTTPForbidden
        if name in STREAMS:
            return await self._streamed(request, handler)
        return await handler(request)

    async def _found(self, request: web.Request) -> tuple[Agent, Opened] | None:
        """Whose session this is: looked up each time, so that a removed account or a new password counts at once."""
        session = await get_session(request)
        name, number = str(session.get("agent", "")), str(session.get("number", ""))
        agent = await self.accounts.find(name)
        opened = await self.sessions.look(name, number) if agent else None
        if agent and opened and opened.fingerprint == agent.fingerprint:
            return agent, opened
        return None

    async def _streamed(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """A stream is cut when the session ends that it was opened with."""
        streaming = asyncio.ensure_future(handler(request))
        try:
            while not streaming.done():
                await asyncio.wait([streaming], timeout=LOOK_SECONDS)
                if not streaming.done() and await self._found(request) is None:
                    break
            else:
                return await streaming
        finally:
            streaming.cancel()
        if request.transport:
            request.transport.close()
        return web.Response()


async def begin_session(request: web.Request, agent: Agent, number: str) -> Session:
    """A session with a fresh id, so that nobody could have planted it; ``number`` is its place in the index."""
    session = await new_session(request)
    session["agent"], session["number"] = agent.name, number
    return session


def page_after_login(wanted: str) -> str:
    """Where the agent wanted to go, if that is one of our pages."""
    return wanted if _PAGE.fullmatch(wanted) else "/desk/"
