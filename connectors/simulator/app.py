"""The simulator, put together and served."""

import secrets
import sys
import time
from collections.abc import AsyncIterator, Callable

from aiohttp import web
from pydantic import ValidationError
from redis.asyncio import Redis

from connectors.simulator import page, script
from connectors.simulator.api import Api
from connectors.simulator.bulletin import Bulletin
from connectors.simulator.clock import MovableClock, SharedOffset
from connectors.simulator.courier import Courier
from connectors.simulator.crm import Crm
from connectors.simulator.journal import Journal
from connectors.simulator.menu_file import read_menu
from connectors.simulator.model.faults import Faults
from connectors.simulator.model.follower import Follower
from connectors.simulator.model.ids import Ids
from connectors.simulator.model.platform import Platform
from connectors.simulator.settings import SimulatorSettings
from connectors.simulator.shapes import follower_shape

PLATFORM = web.AppKey("platform", Platform)

SHUTDOWN_SECONDS = 1.0


def create_app(settings: SimulatorSettings) -> web.Application:
    """One simulated account with its API, its scripted followers and its page."""
    clock, bulletin, faults = MovableClock(), Bulletin(), Faults()
    journal = Journal(bulletin)
    platform = _platform(settings, clock, bulletin)
    redis = Redis.from_url(settings.redis_url) if settings.redis_url else None
    shared_offset = SharedOffset(redis)
    courier = Courier(
        platform, faults, journal, settings.simulator_answer_seconds, settings.simulator_deliveries
    )
    followers = script.Script(platform, courier, faults, journal, bulletin, clock, shared_offset)

    app = web.Application(middlewares=[page.guarded])
    app[PLATFORM] = platform
    app.on_response_prepare.append(page.add_headers)
    app.add_routes(Api(platform, faults, journal).routes())
    app.add_routes(Crm(platform, faults).routes())
    app.add_subapp("/api", _scripted(followers))
    phone = page.Page(followers, bulletin, settings.simulator_account_name, settings.desk_url)
    app.add_routes(phone.routes())
    app.on_shutdown.append(lambda _: _end(bulletin))
    app.cleanup_ctx.append(_running(courier, clock, shared_offset))
    return app


def _platform(settings: SimulatorSettings, clock: MovableClock, bulletin: Bulletin) -> Platform:
    def tell(follower: Follower) -> None:
        shape = follower_shape(follower, clock.now())
        bulletin.publish({"type": "follower", "follower": shape}, about=follower.openid)

    ids = Ids(settings.simulator_seed or secrets.token_hex(8), time.time())
    menu = read_menu(settings.simulator_menu)
    return Platform(settings.account(), clock, ids, menu, tell)


def _scripted(followers: script.Script) -> web.Application:
    app = web.Application(middlewares=[script.explained])
    app.add_routes(followers.routes())
    return app


def _running(
    courier: Courier, clock: MovableClock, shared_offset: SharedOffset
) -> Callable[[web.Application], AsyncIterator[None]]:
    async def run(app: web.Application) -> AsyncIterator[None]:
        clock.offset = await shared_offset.read()
        async with courier.running():
            yield
        await shared_offset.close()

    return run


async def _end(bulletin: Bulletin) -> None:
    bulletin.close()


def run() -> None:
    """Serve until Ctrl-C or SIGTERM, with the settings of the environment."""
    try:
        settings = SimulatorSettings()  # type: ignore[call-arg]
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper() + ": " if first["loc"] else ""
        sys.exit(f"The simulator cannot start: {name}{first['msg']}.")
    address = f"http://{settings.simulator_host}:{settings.simulator_port}"
    print(
        f"The simulated WeChat is at {address}/ and pushes to {settings.simulator_callback_url}",
        flush=True,
    )
    web.run_app(
        create_app(settings),
        host=settings.simulator_host,
        port=settings.simulator_port,
        access_log=None,
        shutdown_timeout=SHUTDOWN_SECONDS,
        print=None,
    )
