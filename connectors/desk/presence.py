"""An agent's presence at the pages: chosen in the bar, kept alive by every request, ended by logging out."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.desk.presence import CHOICES, State
from connectors.desk.guard.access import AGENT, STREAMS
from connectors.store.desk.presence import Presence
from connectors.tasks import end

ALIVE_SECONDS = 30.0
"""How often an open stream counts as a sign of life."""

CHOSEN = web.RequestKey("chosen", State)
"""What the agent has chosen, for the bar of a page."""


@dataclass(frozen=True)
class AgentsPresence:
    """Notices who is there."""

    presence: Presence

    def routes(self) -> list[web.RouteDef]:
        """The address, by the name that ``access`` knows it by."""
        return [
            web.get("/presence", self.chosen, name="presence"),
            web.post("/presence", self.choose, name="presence"),
        ]

    async def chosen(self, request: web.Request) -> web.StreamResponse:
        """The state that the agent has chosen, for a bar that shows it anew."""
        return web.Response(text=str(await self.presence.chosen(request[AGENT].name)))

    async def choose(self, request: web.Request) -> web.StreamResponse:
        """Take over the state that the agent has chosen."""
        wanted = str((await request.post()).get("state", ""))
        if wanted not in CHOICES:
            return web.Response(status=422)
        await self.presence.choose(request[AGENT].name, State(wanted))
        if "text/html" not in request.headers.get("Accept", ""):
            return web.Response(text="ok")
        raise web.HTTPSeeOther("/desk/")

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Count the request as a sign of life; it comes after the checks, so that only true ones count."""
        agent, route = request.get(AGENT), request.match_info.route.name
        if agent is None:
            return await handler(request)
        if route == "log_out":
            await self.presence.leave(agent.name)
            return await handler(request)
        await self.presence.sign(agent.name)
        if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
            request[CHOSEN] = await self.presence.chosen(agent.name)
        if route not in STREAMS:
            return await handler(request)
        async with self._alive(agent.name):
            return await handler(request)

    @contextlib.asynccontextmanager
    async def _alive(self, name: str) -> AsyncIterator[None]:
        """While a stream is open its page is there, even if the browser lets the page sleep."""
        signing = asyncio.create_task(self._keep_signing(name))
        try:
            yield
        finally:
            await end(signing)

    async def _keep_signing(self, name: str) -> None:
        while True:
            await asyncio.sleep(ALIVE_SECONDS)
            with contextlib.suppress(OSError):
                await self.presence.sign(name)
