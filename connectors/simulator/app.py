"""The simulator, put together and served."""

import secrets
import sys
import time
from collections.abc import AsyncIterator, Callable

from aiohttp import web
from pydantic import ValidationError
from redis.asyncio import Redis

from connectors.simulator import page
from connectors.simulator.accounts_file import AccountsFileError, read_accounts
from connectors.simulator.answering import explained
from connectors.simulator.api import Api
from connectors.simulator.bulletin import Bulletin
from connectors.simulator.clock import MovableClock, SharedOffset
from connectors.simulator.controls import Controls
from connectors.simulator.courier import Courier
from connectors.simulator.crm import Crm
from connectors.simulator.journal import Journal
from connectors.simulator.menu_file import read_menu
from connectors.simulator.model.faults import Faults
from connectors.simulator.model.follower import Follower
from connectors.simulator.model.ids import Ids
from connectors.simulator.model.platform import Platform
from connectors.simulator.model.wechat import WeChat
from connectors.simulator.script import Script
from connectors.simulator.settings import SimulatorSettings
from connectors.simulator.shapes import account_shape, follower_shape

WECHAT = web.AppKey("wechat", WeChat)

SHUTDOWN_SECONDS = 1.0
BODY_BYTES = 12 * 2**20
"""Room for the largest medium; what is too large for its kind has a code of its own."""


def create_app(settings: SimulatorSettings) -> web.Application:
    """The simulated accounts with their API, their scripted followers and their page."""
    clock, bulletin, faults = MovableClock(), Bulletin(), Faults()
    journal = Journal(bulletin)
    wechat = _wechat(settings, clock, bulletin)
    redis = Redis.from_url(settings.redis_url) if settings.redis_url else None
    shared_offset = SharedOffset(redis)
    courier = Courier(
        wechat, faults, journal, settings.simulator_answer_seconds, settings.simulator_deliveries
    )
    script = Script(wechat, courier, faults, bulletin)
    controls = Controls(wechat, courier, faults, journal, bulletin, clock, shared_offset)

    app = web.Application(middlewares=[page.guarded], client_max_size=BODY_BYTES)
    app[WECHAT] = wechat
    app.on_response_prepare.append(page.add_headers)
    app.add_routes(Api(wechat, faults, journal).routes())
    app.add_routes(Crm(wechat, faults).routes())
    app.add_subapp("/api", _scripted([*script.routes(), *controls.routes()]))
    phone = page.Page(wechat, journal, bulletin, clock, settings.desk_url)
    app.add_routes(phone.routes())
    app.on_shutdown.append(lambda _: _end(bulletin))
    app.cleanup_ctx.append(_running(courier, clock, shared_offset))
    return app


def _wechat(settings: SimulatorSettings, clock: MovableClock, bulletin: Bulletin) -> WeChat:
    if settings.simulator_accounts:
        played = read_accounts(settings.simulator_accounts, settings.simulator_callback_url)
    else:
        played = [(settings.account(), read_menu(settings.simulator_menu))]
    ids = Ids(settings.simulator_seed or secrets.token_hex(8), time.time())

    def tell_of_account(platform: Platform) -> None:
        bulletin.publish({"type": "account", "account": account_shape(platform)})

    def tell(follower: Follower) -> None:
        shape = follower_shape(wechat.of_follower(follower.openid), follower)
        bulletin.publish({"type": "follower", "follower": shape}, about=follower.openid)

    wechat = WeChat(
        tuple(
            Platform(account, clock, ids, menu, tell, tell_of_account) for account, menu in played
        )
    )
    return wechat


def _scripted(routes: list[web.RouteDef]) -> web.Application:
    app = web.Application(middlewares=[explained], client_max_size=BODY_BYTES)
    app.add_routes(routes)
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
        serve(SimulatorSettings())  # type: ignore[call-arg]
    except ValidationError as error:
        sys.exit(f"The simulator cannot start: {sentence(error)}")
    except AccountsFileError as error:
        sys.exit(f"The simulator cannot start: {error}")


def sentence(error: ValidationError) -> str:
    """The first fault of the settings."""
    first = error.errors()[0]
    name = str(first["loc"][0]).upper() + ": " if first["loc"] else ""
    return f"{name}{first['msg']}."


def serve(settings: SimulatorSettings) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    app = create_app(settings)
    address = f"http://{settings.simulator_host}:{settings.simulator_port}"
    for platform in app[WECHAT].platforms:
        print(
            f"The simulated WeChat is at {address}/ and pushes to {platform.account.callback_url}",
            flush=True,
        )
    web.run_app(
        app,
        host=settings.simulator_host,
        port=settings.simulator_port,
        access_log=None,
        shutdown_timeout=SHUTDOWN_SECONDS,
        print=None,
    )
