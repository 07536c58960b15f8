"""Faults as people read them: a sentence in their language and a way back, never a bare code."""

import aiohttp_jinja2
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from redis.exceptions import RedisError

from bot.ports import StoreDown
from connectors.desk.pages.frame import language_of, page
from connectors.desk.words import say
from connectors.logs import place_of

log = structlog.get_logger()

SENTENCES = {
    403: "forbidden",
    404: "not_found",
    405: "not_found",
    410: "forgotten",
    413: "too_large",
    500: "failed",
    503: "store_down",
}


@web.middleware
async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer what went wrong: as a page to a browser, as a sentence to our own script."""
    try:
        return await handler(request)
    except web.HTTPError as refusal:
        return _told(request, refusal.status)
    except (StoreDown, RedisError) as error:
        log.warning("desk.store_down", error=type(error).__name__)
        return _told(request, 503)
    except (web.HTTPException, ConnectionError):
        raise  # A redirection; or the browser is gone.
    except Exception as error:
        # The front door of all pages.
        log.error(
            "desk.page_failed",
            page=request.match_info.route.name,
            why=type(error).__name__,
            where=place_of(error),
        )
        return _told(request, 500)


def _told(request: web.Request, status: int) -> web.StreamResponse:
    sentence = say(language_of(request), SENTENCES.get(status, "failed"))
    if "text/html" not in request.headers.get("Accept", ""):
        return web.Response(status=status, text=sentence)
    context = page(request) | {"sentence": sentence}
    return aiohttp_jinja2.render_template("fault.html", request, context, status=status)
