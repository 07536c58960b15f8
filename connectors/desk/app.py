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

from connectors.crm import HttpMembers
from connectors.desk.floor import PeopleOnFloor
from connectors.desk.followers import Followers
from connectors.desk.guard import security
from connectors.desk.guard.access import Access
from connectors.desk.guard.accounts import Accounts
from connectors.desk.guard.addresses import Proxies
from connectors.desk.guard.audit import Audit
from connectors.desk.guard.security import Forms
from connectors.desk.pages import faults
from connectors.desk.pages.arrival import ArrivalPage
from connectors.desk.pages.audit import AuditPage
from connectors.desk.pages.board import BoardPage
from connectors.desk.pages.canned import CannedPage
from connectors.desk.pages.conversation import ConversationPage
from connectors.desk.pages.entrance import Entrance
from connectors.desk.pages.frame import CLOCK
from connectors.desk.pages.lists import ListPage
from connectors.desk.pages.marked import MarkedPage
from connectors.desk.pages.moves import Moves
from connectors.desk.pages.moving import Moving
from connectors.desk.pages.own import OwnPage
from connectors.desk.pages.people import PeoplePage
from connectors.desk.pages.profile import ProfilePage
from connectors.desk.pages.reports import ReportsPage
from connectors.desk.pages.teams import TeamsPage
from connectors.desk.pages.writing import WritingPage
from connectors.desk.presence import AgentsPresence
from connectors.desk.stream import PRESENT, News
from connectors.desk.views.ledger_line import LedgerLine
from connectors.parts import Parts
from connectors.store.connection import ANSWER_SECONDS
from connectors.store.desk.audit import AuditLog
from connectors.store.desk.canned import CannedShelf
from connectors.store.desk.sessions import Sessions
from connectors.store.keys import PRESENCE_NEWS, SESSIONS
from connectors.store.sentinel import open_redis
from connectors.tasks import end

log = structlog.get_logger()

FOLDER = Path(__file__).parent
RETRY_SECONDS = 1.0


def create_desk(parts: Parts, *others: Parts) -> web.Application:
    """The desk's pages over the given parts; ``others`` are those of further accounts, shown beside the first one."""
    followers = Followers((parts, *others))
    # The session library decodes by itself, so it gets connections that do not; and it asks for whatever a cookie says.
    sessions = open_redis(
        str(parts.settings.redis_url),
        socket_connect_timeout=1,
        socket_timeout=ANSWER_SECONDS,
        encoding_errors="replace",
    )
    channels = {**followers.channels(), PRESENCE_NEWS: lambda name: PRESENT + name}
    news = News(parts.connection.redis, channels, followers.changed, followers.concerned)
    redis, settings = parts.connection.redis, parts.settings
    accounts, forms = Accounts(redis), Forms(settings.public_url)
    proxies = Proxies.named(settings.trusted_proxies)
    lifetime, idle = settings.desk_session_hours * 3600, settings.desk_idle_minutes * 60
    opened, audit_log = Sessions(redis, lifetime, idle), AuditLog(redis)
    people, moving = PeopleOnFloor.over(parts), Moving(followers, accounts)
    attendance = AgentsPresence(people.presence)
    storage = RedisStorage(
        sessions,
        cookie_name=SESSIONS,
        max_age=int(lifetime),
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
            Access(accounts, opened).middleware,
            forms.middleware,
            Audit(audit_log, accounts, followers, proxies, parts.clock).middleware,
            attendance.middleware,
        ]
    )
    app[CLOCK] = parts.clock
    loader = jinja2.FileSystemLoader(FOLDER / "templates")
    aiohttp_jinja2.setup(app, loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    entrance = Entrance(accounts, opened, forms, proxies, parts.clock)
    app.add_routes(entrance.routes())
    app.add_routes(PeoplePage(accounts, opened, parts.reception, followers).routes())
    app.add_routes(OwnPage(accounts, opened, entrance, settings).routes())
    app.add_routes(AuditPage(audit_log, followers, accounts).routes())
    app.add_routes(MarkedPage(followers).routes())
    members = HttpMembers(parts.session, settings.crm_url)
    app.add_routes(ArrivalPage((parts, *others), accounts, members, parts.clock).routes())
    every, ledger = (parts, *others), LedgerLine((parts, *others))
    app.add_routes(ReportsPage(every, accounts).routes())
    app.add_routes(BoardPage(every, followers, accounts, people.presence, ledger).routes())
    app.add_routes(TeamsPage(parts, others, followers, accounts).routes())
    app.cleanup_ctx.append(ledger.running)
    lists = ListPage(parts, followers, accounts, news)
    app.add_routes(lists.routes())
    conversations = ConversationPage(parts, followers, accounts, lists, moving)
    app.add_routes(conversations.routes())
    app.add_routes(WritingPage(parts, moving, followers, accounts).routes())
    app.add_routes(ProfilePage(followers, accounts).routes())
    app.add_routes(CannedPage(CannedShelf(parts.connection.redis)).routes())
    app.add_routes(Moves(parts, moving, people).routes())
    app.add_routes(attendance.routes())
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
        await end(first_account)
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
