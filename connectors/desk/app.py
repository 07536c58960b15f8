"""The desk as an application of its own, mounted at ``/desk/``."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp_jinja2
import aiohttp_session
import jinja2
import structlog
from aiohttp import web
from aiohttp_session.redis_storage import RedisStorage
from redis.asyncio import Redis
from redis.exceptions import RedisError

from connectors.desk import faults, security
from connectors.desk.access import Access
from connectors.desk.accounts import Accounts
from connectors.desk.addresses import Proxies
from connectors.desk.canned_page import CannedPage
from connectors.desk.conversation_page import ConversationPage
from connectors.desk.entrance import Entrance
from connectors.desk.followers import Followers
from connectors.desk.list_page import ListPage
from connectors.desk.pages import CLOCK
from connectors.desk.profile_page import ProfilePage
from connectors.desk.security import Forms
from connectors.desk.stream import News
from connectors.desk.writing_page import WritingPage
from connectors.parts import Parts
from connectors.store.desk.canned import CannedShelf
from connectors.store.keys import SESSIONS
from connectors.store.sentinel import open_redis

log = structlog.get_logger()

FOLDER = Path(__file__).parent
SESSION_SECONDS = 12 * 3600
"""A working day."""

RETRY_SECONDS = 1.0


def create_desk(parts: Parts, *others: Parts) -> web.Application:
    """The desk's pages over the given parts; ``others`` are those of further accounts, shown beside the first one."""
    followers = Followers((parts, *others))
    # The session library decodes by itself, so it gets connections that do not.
    sessions = open_redis(str(parts.settings.redis_url))
    news = News(parts.connection.redis, followers.channels())
    accounts, forms = Accounts(parts.connection.redis), Forms(parts.settings.public_url)
    storage = RedisStorage(
        sessions,
        cookie_name=SESSIONS,
        max_age=SESSION_SECONDS,
        path="/desk/",
        httponly=True,
        samesite="Strict",
        secure=forms.is_secure,
    )
    # Outermost first: a page may fail at any depth, a session names the agent, and an agent's forms carry its token.
    app = web.Application(
        middlewares=[
            faults.middleware,
            aiohttp_session.session_middleware(storage),
            Access(accounts).middleware,
            forms.middleware,
        ]
    )
    app[CLOCK] = parts.clock
    loader = jinja2.FileSystemLoader(FOLDER / "templates")
    aiohttp_jinja2.setup(app, loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    proxies = Proxies.named(parts.settings.trusted_proxies)
    app.add_routes(Entrance(accounts, forms, proxies).routes())
    lists = ListPage(followers, accounts, news)
    app.add_routes(lists.routes())
    conversations = ConversationPage(parts, followers, accounts, lists)
    app.add_routes(conversations.routes())
    app.add_routes(WritingPage(conversations, followers, accounts).routes())
    app.add_routes(ProfilePage(conversations, accounts).routes())
    app.add_routes(CannedPage(CannedShelf(parts.connection.redis)).routes())
    app.router.add_static("/static/", FOLDER / "static", name="static")
    app.on_response_prepare.append(security.add_headers)
    app.cleanup_ctx.append(_running(parts, accounts, news, sessions))
    app.on_shutdown.append(_ending(news))
    return app


def _running(
    parts: Parts, accounts: Accounts, news: News, sessions: Redis
) -> Callable[[web.Application], AsyncIterator[None]]:
    async def context(app: web.Application) -> AsyncIterator[None]:
        await news.open()
        first_account = asyncio.create_task(_first_account(parts, accounts))
        yield
        first_account.cancel()
        await asyncio.wait([first_account])
        await news.close()
        await sessions.aclose()

    return context


def _ending(news: News) -> Callable[[web.Application], Awaitable[None]]:
    async def end(app: web.Application) -> None:
        news.end_pages()

    return end


async def _first_account(parts: Parts, accounts: Accounts) -> None:
    """Make sure that somebody can log in, as soon as Redis answers."""
    set_one = parts.settings.desk_admin_password
    while True:
        with contextlib.suppress(RedisError, OSError):
            made_up = await accounts.ensure_admin(set_one.get_secret_value() if set_one else None)
            if made_up:
                # The one moment at which it can be read; the store has only its hash.
                print(f"The desk's first account: admin, password {made_up}", flush=True)
            return
        await asyncio.sleep(RETRY_SECONDS)
