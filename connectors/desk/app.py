"""The desk as an application of its own, mounted at ``/desk/``."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp_jinja2
import aiohttp_session
import jinja2
import structlog
from aiohttp import web
from aiohttp_session.redis_storage import RedisStorage
from redis.asyncio import Redis
from redis.exceptions import RedisError

from connectors.desk import security
from connectors.desk.accounts import Accounts
from connectors.desk.stream import News
from connectors.desk.views import Views
from connectors.parts import Parts

log = structlog.get_logger()

FOLDER = Path(__file__).parent
SESSION_SECONDS = 12 * 3600
"""A working day."""


def create_desk(parts: Parts) -> web.Application:
    """The desk's pages over the given parts."""
    # The session library decodes by itself, so it gets connections that do not.
    sessions = Redis.from_url(str(parts.settings.redis_url))
    news = News(parts.connection.redis, parts.conversations.keys.desk())
    accounts = Accounts(parts.connection.redis)
    storage = RedisStorage(
        sessions,
        cookie_name="bida_desk",
        max_age=SESSION_SECONDS,
        httponly=True,
        samesite="Strict",
        secure=(parts.settings.public_url or "").startswith("https://"),
    )
    app = web.Application(
        middlewares=[
            security.headers,
            aiohttp_session.session_middleware(storage),
            security.logged_in,
            security.same_origin,
        ]
    )
    loader = jinja2.FileSystemLoader(FOLDER / "templates")
    aiohttp_jinja2.setup(app, loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    app.add_routes(Views(parts, accounts, news).routes())
    app.router.add_static("/static/", FOLDER / "static")
    app.cleanup_ctx.append(_running(parts, accounts, news, sessions))
    return app


def _running(parts: Parts, accounts: Accounts, news: News, sessions: Redis):  # type: ignore[no-untyped-def]
    async def context(app: web.Application) -> AsyncIterator[None]:
        with contextlib.suppress(RedisError, OSError):
            await _first_account(parts, accounts)
        listening = asyncio.create_task(news.run())
        yield
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening
        await sessions.aclose()

    return context


async def _first_account(parts: Parts, accounts: Accounts) -> None:
    password = parts.settings.desk_admin_password
    made_up = await accounts.ensure_admin(password.get_secret_value() if password else None)
    if made_up:
        # The one moment at which it can be read; the store has only its hash.
        print(f"The desk's first account: admin, password {made_up}", flush=True)
