"""The connector's process: its roles, put together and served over HTTP."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.brand_files import live_brand
from bot.ports import StoreDown
from connectors.crm import HttpMembers
from connectors.desk.app import create_desk
from connectors.parts import Parts, open_parts
from connectors.settings import Settings
from connectors.store.versions import ready_data
from connectors.wechat.callback import BODY_BYTES, Callback
from connectors.wechat.pushes import Reader
from connectors.worker import Worker

log = structlog.get_logger()

SHUTDOWN_SECONDS = 8.0

CHECK_SECONDS = 5.0
"""How long a start waits for the store to say what form its data have."""

STORE_PAUSE_SECONDS = 0.5


async def serve(
    settings: Settings, nlu_data: Path, roles: Iterable[str], *, simulated_clock: bool
) -> None:
    """Serve the roles until SIGTERM or SIGINT; then finish what is at hand and return."""
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with (
        open_parts(settings, nlu_data, simulated_clock=simulated_clock) as parts,
        contextlib.AsyncExitStack() as running,
    ):
        checking = await _checked_data(parts)
        # Messages are accepted first, whatever else takes long; workers come last, when all they need is there.
        public = create_app(parts, set(roles))
        await running.enter_async_context(_site(public, settings.host, settings.port))
        if "actions" in roles:
            await running.enter_async_context(_acting(parts, nlu_data))
        if "worker" in roles:
            await running.enter_async_context(_working(parts))
        log.info("connector.serving", roles=sorted(roles), port=settings.port)
        await stopping.wait()
        log.info("connector.stopping")
        checking.cancel()


async def _checked_data(parts: Parts) -> "asyncio.Task[None]":
    """Raise WrongData if the store's data cannot be used; a store that is away is waited for beside everything else."""

    async def check() -> None:
        while True:
            try:
                return await ready_data(parts.connection, parts.settings.wechat_app_id)
            except StoreDown:
                await asyncio.sleep(STORE_PAUSE_SECONDS)

    checking = asyncio.create_task(check())
    await asyncio.wait([checking], timeout=CHECK_SECONDS)
    if checking.done():
        await checking
    checking.add_done_callback(_end_process_after_fault)
    return checking


def create_app(parts: Parts, roles: set[str]) -> web.Application:
    """The application on the public port."""
    app = web.Application(client_max_size=BODY_BYTES)
    app.add_routes(Health(parts).routes())
    if "callback" in roles:
        reader = Reader(parts.settings)
        reply_seconds = parts.settings.reply_seconds
        callback = Callback(reader, parts.exchanges, parts.answers, parts.clock, reply_seconds)
        app.add_routes(callback.routes())
    if "desk" in roles:
        app.add_subapp("/desk/", create_desk(parts))
    return app


@dataclass
class Health:
    """Whether this process lives, and whether it can do its work."""

    parts: Parts
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
        """503 until Redis answers and the brain answered once; a brain that fails later is ``degraded``."""
        redis = await self.parts.connection.is_up()
        brain = await self.parts.brain.is_ready()
        self._was_ready = self._was_ready or brain
        state = {"redis": redis, "brain": brain}
        if not redis or not self._was_ready:
            return web.json_response({"status": "not ready", **state}, status=503)
        return web.json_response({"status": "ready" if brain else "degraded", **state})

    async def metrics(self, request: web.Request) -> web.Response:
        """Everything Prometheus may know."""
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


@contextlib.asynccontextmanager
async def _site(app: web.Application, host: str, port: int) -> AsyncIterator[None]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
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
async def _working(parts: Parts) -> AsyncIterator[None]:
    worker = Worker(parts.engine, parts.inbox, parts.settings.worker_followers)
    running = asyncio.create_task(worker.run())
    running.add_done_callback(_end_process_after_fault)
    housekeeping = asyncio.create_task(parts.housekeeping.run())
    housekeeping.add_done_callback(_end_process_after_fault)
    try:
        yield
    finally:
        housekeeping.cancel()
        worker.stop()
        await running


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
