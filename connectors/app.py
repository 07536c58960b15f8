"""The connector's process: its roles, put together and served over HTTP."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.brand_files import live_brand
from bot.collecting import collect_rarely
from bot.ports import StoreDown
from connectors.alerts.running import Alerting
from connectors.crm import HttpMembers
from connectors.desk.app import create_desk
from connectors.dispatching import Dispatcher
from connectors.gauges import Gauges
from connectors.parts import Parts, open_accounts
from connectors.settings import Settings
from connectors.store.exchanges import ONCE, Repeats
from connectors.store.load import living_workers
from connectors.store.versions import ready_data
from connectors.tasks import end, finish
from connectors.watchdog import Watchdog
from connectors.wechat.callback import BODY_BYTES, HANG_UP_SECONDS, Callback
from connectors.wechat.capabilities import DESK_LIMITS, limits
from connectors.wechat.pushes import Reader
from connectors.worker import STOP_SECONDS, Worker

log = structlog.get_logger()

SHUTDOWN_SECONDS = 5.0
"""How long requests at hand may still take: WeChat hangs up after 5 s, and the supervisor waits for 10 s in all."""

CHECK_SECONDS = 5.0
"""How long a start waits for the store to say what form its data have."""

STORE_PAUSE_SECONDS = 0.5
IDLE_SECONDS = 75.0
"""A connection without a whole request head for so long is closed; reverse proxies keep theirs for 60 s."""

LINGER_SECONDS = 2.0
"""How long the rest of a body is still taken in that nobody wants to read."""


async def serve(
    accounts: Sequence[Settings], nlu_data: Path, roles: Iterable[str], *, simulated_clock: bool
) -> None:
    """Serve the roles for all accounts until SIGTERM or SIGINT; then finish what is at hand and return."""
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    settings = accounts[0]
    async with (
        Watchdog().watching(),
        open_accounts(accounts, nlu_data, simulated_clock=simulated_clock) as every,
        contextlib.AsyncExitStack() as running,
    ):
        checking = await _checked_data(every)
        # Messages are accepted first, whatever else takes long; workers come last, when all they need is there.
        public = create_app(every[0], set(roles), *every[1:])
        await running.enter_async_context(_site(public, settings.host, settings.port))
        await running.enter_async_context(_gauging(every))
        if "actions" in roles:
            await running.enter_async_context(_acting(every[0], nlu_data))
        if "worker" in roles:
            await running.enter_async_context(_working(every))
        collect_rarely()
        _say_limits(every)
        log.info("connector.serving", roles=sorted(roles), port=settings.port, accounts=len(every))
        await stopping.wait()
        log.info("connector.stopping")
        await end(checking)


async def _checked_data(accounts: Sequence[Parts]) -> "asyncio.Task[None]":
    """Raise WrongData if the store's data cannot be used; a store that is away is waited for beside everything else."""

    names = [each.settings.wechat_app_id for each in accounts]

    async def check() -> None:
        while True:
            try:
                return await ready_data(accounts[0].connection, names)
            except StoreDown:
                await asyncio.sleep(STORE_PAUSE_SECONDS)

    checking = asyncio.create_task(check())
    await asyncio.wait([checking], timeout=CHECK_SECONDS)
    if checking.done():
        await checking
    checking.add_done_callback(_end_process_after_fault)
    return checking


def _say_limits(accounts: Sequence[Parts]) -> None:
    for settings in (each.settings for each in accounts):
        for limit in limits(settings.wechat_account_kind):
            log.warning("wechat.account_limit", account=settings.wechat_account_name, what=limit)
        for limit in DESK_LIMITS if settings.human_desk == "wechat" else ():
            log.warning("wechat.desk_limit", account=settings.wechat_account_name, what=limit)


def create_app(parts: Parts, roles: set[str], *others: Parts) -> web.Application:
    """The application on the public port; ``others`` are the parts of further accounts."""
    app, every = web.Application(client_max_size=BODY_BYTES), (parts, *others)
    app.add_routes(Health(every).routes())
    if "callback" in roles:
        for each in every:
            app.add_routes(_callback(each, is_alone=not others))
    if "desk" in roles:
        app.add_subapp("/desk/", create_desk(parts, *others))
    return app


def _callback(parts: Parts, *, is_alone: bool) -> list[web.RouteDef]:
    """An account's address: ``/wechat`` where it is the only one, and ``/wechat/<name>`` where it has a name."""
    settings = parts.settings
    # What cannot be sent later has to go with one of WeChat's deliveries.
    repeats = ONCE if settings.may_send else Repeats(settings.wechat_deliveries, HANG_UP_SECONDS)
    callback = Callback(
        Reader(settings),
        parts.exchanges,
        parts.answers,
        parts.clock,
        settings.reply_seconds,
        is_numbered=not settings.may_send_menus,
        repeats=repeats,
    )
    name = settings.wechat_account_name
    paths = [f"/wechat/{name}"] if name else []
    paths += ["/wechat"] if is_alone else []
    return [route for path in paths for route in callback.routes(path)]


@dataclass
class Health:
    """Whether this process lives, and whether it can do its work."""

    accounts: Sequence[Parts]
    _was_ready: bool = False

    def routes(self) -> list[web.RouteDef]:
        """The three addresses that operators watch."""
        return [
            web.get("/healthz", self.alive),
            web.get("/readyz", self.ready),
            web.get("/metrics", self.metrics),
        ]

    async def alive(self, request: web.Request) -> web.Response:
        """200 while the process runs."""
        return web.json_response({"status": "alive"})

    async def ready(self, request: web.Request) -> web.Response:
        """503 until Redis answers, a worker lives for each account, and the brain answered once.

        A brain that fails later is ``degraded``: followers are told so and get people.
        """
        first = self.accounts[0]
        redis, brain = await first.connection.is_up(), await first.brain.is_ready()
        worker = redis and await self._has_workers()
        self._was_ready = self._was_ready or brain
        state = {"redis": redis, "worker": worker, "brain": brain}
        if not (redis and worker and self._was_ready):
            return web.json_response({"status": "not ready", **state}, status=503)
        return web.json_response({"status": "ready" if brain else "degraded", **state})

    async def _has_workers(self) -> bool:
        try:
            alive = [
                await living_workers(each.connection, each.settings.wechat_app_id)
                for each in self.accounts
            ]
        except StoreDown:
            return False
        return all(alive)

    async def metrics(self, request: web.Request) -> web.Response:
        """Everything Prometheus may know."""
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


@contextlib.asynccontextmanager
async def _site(app: web.Application, host: str, port: int) -> AsyncIterator[None]:
    runner = web.AppRunner(
        app,
        access_log=None,
        shutdown_timeout=SHUTDOWN_SECONDS,
        keepalive_timeout=IDLE_SECONDS,
        lingering_time=LINGER_SECONDS,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield
    finally:
        await runner.cleanup()


def _end_process_after_fault(worker: "asyncio.Task[None]") -> None:
    """A process whose worker has failed must not look alive: the supervisor starts a sound one."""
    if not worker.cancelled() and (fault := worker.exception()):
        log.critical("worker.ended", why=type(fault).__name__)
        os.kill(os.getpid(), signal.SIGTERM)


@contextlib.asynccontextmanager
async def _gauging(accounts: Sequence[Parts]) -> AsyncIterator[None]:
    looking = asyncio.create_task(Gauges(accounts).run())
    try:
        yield
    finally:
        await end(looking)


@contextlib.asynccontextmanager
async def _working(accounts: Sequence[Parts]) -> AsyncIterator[None]:
    """A worker for each account: none takes another's slots, and all stop together."""
    # In a thread: the callbacks, which are open already, must not wait for it.
    await asyncio.to_thread(lambda: accounts[0].shops.brand)
    workers = [Worker(each.engine, each.inbox, each.settings.worker_followers) for each in accounts]
    serving = [asyncio.create_task(worker.run()) for worker in workers]
    fetching = [asyncio.create_task(each.media.run()) for each in accounts]
    housekeeping = [asyncio.create_task(each.housekeeping.run()) for each in accounts]
    housekeeping.append(asyncio.create_task(Alerting.over(accounts).run()))
    housekeeping.append(asyncio.create_task(Dispatcher.over(accounts).run()))
    for task in serving + fetching + housekeeping:
        task.add_done_callback(_end_process_after_fault)
    try:
        yield
    finally:
        await end(*housekeeping)
        for worker in workers:
            worker.stop()
        for each in accounts:
            each.media.stop()
        # A file that takes longer is fetched by another process, or by the next one here.
        await asyncio.gather(*serving, finish(*fetching, seconds=STOP_SECONDS))


def _actions_app(parts: Parts, nlu_data: Path) -> web.Application:
    # Imported here and in a thread: rasa-sdk takes seconds to load, and meanwhile messages must be accepted.
    from actions.server import create_actions_app

    members = HttpMembers(parts.session, parts.settings.crm_url)
    return create_actions_app(live_brand(nlu_data / "brand"), parts.answers, members)


@contextlib.asynccontextmanager
async def _acting(parts: Parts, nlu_data: Path) -> AsyncIterator[None]:
    address = urlsplit(parts.settings.actions_url)
    app = await asyncio.to_thread(_actions_app, parts, nlu_data)
    async with _site(app, address.hostname or "127.0.0.1", address.port or 80):
        yield
