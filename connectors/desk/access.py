"""Who may see what: the one place where a session becomes an agent, and where roles are looked at."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import web
from aiohttp.typedefs import Handler
from aiohttp_session import Session, get_session, new_session

from connectors.desk.accounts import Accounts, Agent, Role
from connectors.desk.followers import ADDRESS

OPEN = frozenset({"login", "log_in", "language", "static"})
"""The routes that strangers may call, by name. Every other one wants a log-in: a forgotten name is a closed door."""

ALLOWED: dict[str, frozenset[str]] = {}
"""The routes that only some roles may call, by name."""

EVERY_ROLE = frozenset(Role)
AGENT = web.RequestKey("agent", Agent)
_PAGE = re.compile(rf"/desk/(conversations/{ADDRESS})?")


@dataclass(frozen=True)
class Access:
    """The door of the desk."""

    accounts: Accounts

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let in whom the route is for; send strangers to the log-in page."""
        name = request.match_info.route.name or ""
        agent = await self.agent(request) if name != "static" else None
        if agent:
            request[AGENT] = agent
        elif name not in OPEN:
            raise web.HTTPSeeOther(f"/desk/login?next={quote(request.path)}")
        if agent and agent.role not in ALLOWED.get(name, EVERY_ROLE):
            raise web.HTTPForbidden
        return await handler(request)

    async def agent(self, request: web.Request) -> Agent | None:
        """Whose session this is: looked up each time, so that a removed account or a new password counts at once."""
        session = await get_session(request)
        agent = await self.accounts.find(str(session.get("agent", "")))
        return agent if agent and agent.fingerprint == session.get("fingerprint") else None


async def begin_session(request: web.Request, agent: Agent) -> Session:
    """A session with a fresh id, so that nobody could have planted it."""
    session = await new_session(request)
    session["agent"], session["fingerprint"] = agent.name, agent.fingerprint
    return session


def page_after_login(wanted: str) -> str:
    """Where the agent wanted to go, if that is one of our pages."""
    return wanted if _PAGE.fullmatch(wanted) else "/desk/"
