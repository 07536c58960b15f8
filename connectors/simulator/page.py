"""The phone page: static files, what they begin with, and the live stream that keeps them current."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from connectors.simulator.bulletin import Bulletin, Listener
from connectors.simulator.calls.media import download
from connectors.simulator.clock import MovableClock
from connectors.simulator.journal import Journal
from connectors.simulator.model.faults import KINDS
from connectors.simulator.model.wechat import WeChat
from connectors.simulator.shapes import account_shape, follower_shape

STATIC = Path(__file__).parent / "static"
HEARTBEAT_SECONDS = 15.0
LOG_ENTRIES = 300
"""So many of the journal's entries a page begins with."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
        " form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another site's page sends: a loopback port is open to every page in the tester's browser."""
    origin = request.headers.get("Origin")
    is_foreign = bool(origin) and urlsplit(str(origin)).netloc != request.host
    if is_foreign or not _is_local(request.host):
        raise web.HTTPForbidden(text="This page may not speak to the simulator.")
    return await handler(request)


def _is_local(host: str) -> bool:
    """Whether a Host header is an address or a plain name; a domain could have been pointed here by its owner."""
    name = urlsplit(f"//{host}").hostname or ""
    try:
        ip_address(name)
    except ValueError:
        return "." not in name
    return True


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Forbid foreign and inline script on whatever goes out."""
    response.headers.update(HEADERS)


@dataclass(frozen=True)
class Page:
    """The page of all accounts."""

    wechat: WeChat
    journal: Journal
    bulletin: Bulletin
    clock: MovableClock
    desk_url: str

    def routes(self) -> list[web.AbstractRouteDef]:
        """The page, its files and its data."""
        return [
            web.get("/", self.index),
            web.get("/page/state", self.state),
            web.get("/page/stream", self.stream),
            web.get("/media/{media_id}", self.media),
            web.static("/static", STATIC),
        ]

    async def index(self, request: web.Request) -> web.FileResponse:
        """The page itself."""
        return web.FileResponse(STATIC / "index.html")

    async def state(self, request: web.Request) -> web.Response:
        """What a page shows first."""
        state = {
            "accounts": [account_shape(platform) for platform in self.wechat.platforms],
            "followers": [follower_shape(*one) for one in self.wechat.followers()],
            "clock": {"now": self.clock.now(), "offset": self.clock.offset},
            "faults": list(KINDS),
            "log": self.journal.after(0)[-LOG_ENTRIES:],
            "desk_url": self.desk_url,
        }
        return web.json_response(state)

    async def media(self, request: web.Request) -> web.Response:
        """A file without any token, as WeChat serves the pictures that followers send."""
        wanted = request.match_info["media_id"]
        for platform in self.wechat.platforms:
            if platform.media.has(wanted, self.clock.now()):
                return download(platform.media.find(wanted, self.clock.now()))
        raise web.HTTPNotFound

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """News as server-sent events; a page that was cut off reads the state anew."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        with self.bulletin.listening() as news:
            await response.write(b"retry: 1000\n\n")
            while (text := await _next(news)) is not None:
                await response.write(text.encode())
        return response


async def _next(news: Listener) -> str | None:
    """The next stretch of the stream: an item, or a comment that keeps the connection alive."""
    try:
        item = await asyncio.wait_for(news.next(), HEARTBEAT_SECONDS)
    except TimeoutError:
        return ": still here\n\n"
    return None if item is None else f"data: {json.dumps(item, ensure_ascii=False)}\n\n"
