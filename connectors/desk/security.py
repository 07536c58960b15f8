"""What stands before every page of the desk: a log-in, an honest origin, headers that forbid foreign script."""

import hmac
import secrets
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp_session import Session, get_session

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

OPEN_PATHS = ("/desk/login", "/desk/static/")
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@web.middleware
async def headers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Put the safety headers on whatever goes out, refusals too."""
    try:
        response = await handler(request)
    except web.HTTPException as refusal:
        refusal.headers.update(HEADERS)
        raise
    if not response.prepared:
        response.headers.update(HEADERS)
    return response


@web.middleware
async def logged_in(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Send strangers to the log-in page."""
    if request.path.startswith(OPEN_PATHS):
        return await handler(request)
    session = await get_session(request)
    if "agent" not in session:
        raise web.HTTPSeeOther("/desk/login")
    return await handler(request)


@web.middleware
async def same_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse writes that do not carry the session's token or come from another site."""
    if request.method in WRITES:
        session = await get_session(request)
        form = await request.post()
        given = str(form.get("csrf") or request.headers.get("X-CSRF-Token", ""))
        if not hmac.compare_digest(given.encode(), csrf_token(session).encode()):
            raise web.HTTPForbidden(text="The page is out of date: reload it and try again.")
    return await handler(request)


def csrf_token(session: Session) -> str:
    """The token that this session's forms carry."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])
