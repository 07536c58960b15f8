"""What protects the pages: headers that forbid foreign script, and forms that no other site can send."""

import hmac
import re
import secrets
from collections.abc import Set
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler
from aiohttp_session import get_session

from connectors.desk.guard.access import AGENT, OPEN, STREAMS

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
FORM_COOKIE = "bida_desk_form"
TOKEN_BYTES = 24
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
TOKEN = web.RequestKey("token", str)
PAGES_FOR_STRANGERS = frozenset({"login", "arrival"})
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self';"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Put the safety headers on whatever goes out: pages, streams and faults."""
    response.headers.update(HEADERS)
    # Pages hold followers' words; the page's own files may be kept, and are asked after each time.
    is_file = request.match_info.route.name == "static"
    response.headers["Cache-Control"] = "no-cache" if is_file else "no-store"


@dataclass(frozen=True)
class Forms:
    """Refuses writes that a page of ours did not send."""

    public_url: str | None

    @property
    def is_secure(self) -> bool:
        """Whether browsers come by TLS."""
        return (self.public_url or "").startswith("https://")

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Check origin and token of every write; give each page the token that its forms carry."""
        # Before a log-in the token lies in a cookie of its own: strangers fill no store with sessions.
        planted = _planted(request)
        token = request[TOKEN] = await _session_token(request) or planted or _fresh_token()
        route, is_write = request.match_info.route.name, request.method in WRITES
        if (is_write or route in STREAMS) and not self.is_ours(request):
            raise web.HTTPForbidden
        # Whoever comes from another site's link is a stranger for one page: cookies stay away from such a request.
        tokens = {token, planted} - {""} if route in OPEN else {token}
        if is_write and not await _carries(request, tokens):
            raise web.HTTPForbidden
        is_planting = AGENT not in request and route in PAGES_FOR_STRANGERS and not planted
        if is_planting and _is_visit(request):
            return self._remembering(await handler(request), token)
        return await handler(request)

    def is_ours(self, request: web.Request) -> bool:
        """Whether the browser says that the request comes from a page of this site, or says nothing."""
        told = request.headers.get("Sec-Fetch-Site")
        if told:
            return told in {"same-origin", "none"}
        origin = request.headers.get("Origin")
        return origin is None or self.is_own_address(origin, request)

    def is_own_address(self, url: str, request: web.Request) -> bool:
        """Whether a URL names this site; what is no URL does not."""
        own = {request.host, urlsplit(self.public_url or "").netloc} - {""}
        try:
            return urlsplit(url).netloc in own
        except ValueError:
            return False

    def _remembering(self, response: web.StreamResponse, token: str) -> web.StreamResponse:
        response.set_cookie(
            FORM_COOKIE,
            token,
            path="/desk/",
            httponly=True,
            samesite="Strict",
            secure=self.is_secure,
        )
        return response


async def _session_token(request: web.Request) -> str:
    if AGENT not in request:
        return ""
    session = await get_session(request)
    if "csrf" not in session:
        session["csrf"] = _fresh_token()
    return str(session["csrf"])


async def _carries(request: web.Request, tokens: Set[str]) -> bool:
    # A script that sends a file names the token in the head, so that nobody's file is read before it is looked at.
    try:
        told = request.headers.get("X-CSRF-Token") or (await request.post()).get("csrf")
    except (ValueError, LookupError):
        return False  # A form that cannot be read, by its bounds or its letters, carries nothing.
    given = str(told or "").encode(errors="replace")
    return any(hmac.compare_digest(given, token.encode()) for token in tokens)


def _planted(request: web.Request) -> str:
    """The token in the cookie; empty if it is none of ours."""
    planted = request.cookies.get(FORM_COOKIE, "")
    return planted if _TOKEN.fullmatch(planted) else ""


def _is_visit(request: web.Request) -> bool:
    """Whether somebody opens the page, as far as the browser says: a script of another tab, sent here because its
    session has ended, would take the cookie away from the form that its owner fills in."""
    return request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def _fresh_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)
