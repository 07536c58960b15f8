"""A whole installation on one machine: what ``bida demo`` and ``bida serve`` start, in which order, and how it ends."""

import asyncio
import contextlib
import signal
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.accounts import load_accounts
from connectors.cli import places, processes
from connectors.cli.demo import demo_file
from connectors.cli.demo_desk import PEOPLE, begin, populating, told
from connectors.cli.live_brain import LiveBrain
from connectors.cli.processes import Port
from connectors.cli.training import MODELS, live_model
from connectors.desk.guard.accounts import Accounts
from connectors.settings import Settings, load_settings
from connectors.store.embedded import EmbeddedStore
from connectors.store.sentinel import open_redis
from connectors.supervisor import Supervisor

STORE_SECONDS = 60.0
CONNECTOR_SECONDS = 30.0


@dataclass(frozen=True)
class Installation:
    """What to start."""

    accounts: tuple[Settings, ...]
    env_file: Path
    has_simulator: bool
    var: Path = places.VAR

    @classmethod
    def for_demo(cls, var: Path = places.DEMO) -> "Installation":
        """The demo: a made-up account, and a simulator that plays WeChat. ``var`` keeps its data and logs."""
        env_file = demo_file(var / "demo.env")
        return cls((load_settings(env_file),), env_file, True, var)

    @classmethod
    def for_real(cls) -> "Installation":
        """The real WeChat, with the settings of the environment and ``.env``."""
        return cls(load_accounts(places.ENV_FILE), places.ENV_FILE, False)

    def run(self) -> None:
        """Start everything, say where it is, and keep it running until Ctrl-C or SIGTERM."""
        self._check_ports()
        # Before the event loop: a training may take minutes, and Ctrl-C must end it.
        model = live_model()
        asyncio.run(_until_signalled(self._running(model)))

    async def _running(self, model: Path) -> None:
        supervisor = Supervisor(self.var / "log")
        store = None if self.settings.redis_url else EmbeddedStore.in_folder(self.var / "store")
        try:
            if store:
                await supervisor.start(store.child(), ready_seconds=STORE_SECONDS)
                store.announce()
            redis_url = store.url if store else str(self.settings.redis_url)
            password, examples = await self._accounts(redis_url)
            brain = await self._start_processes(supervisor, store, model)
            self._say_where(password, examples)
            async with populating(self.settings, redis_url, self._phone, is_wanted=bool(examples)):
                await brain.follow(MODELS)
        finally:
            print("Stopping ...")
            await supervisor.stop()
            if store:
                store.remove()
            print("Everything has ended.")

    async def _start_processes(
        self, supervisor: Supervisor, store: EmbeddedStore | None, model: Path
    ) -> LiveBrain:
        environment = self._environment(store)
        brain = LiveBrain(supervisor, environment, self._brain_file)
        connector = processes.connector(
            environment, self.env_file, self._url, simulated_clock=self.has_simulator
        )
        print("Starting the brain; it loads its model ...")
        await brain.start(self.settings.rasa_url[0], model)
        await supervisor.start(connector, ready_seconds=CONNECTOR_SECONDS)
        if self.has_simulator:
            phone = processes.simulator(environment, self._phone)
            await supervisor.start(phone, ready_seconds=CONNECTOR_SECONDS)
        await brain.until_ready()
        return brain

    async def _accounts(self, redis_url: str) -> tuple[str, str]:
        """Make the first accounts here, where passwords that have to be made up can be shown.

        Gives the admin's and that of a fresh demo's example people; empty where there is nothing to show.
        """
        chosen = _secret(self.settings.desk_admin_password)
        async with open_redis(redis_url, decode_responses=True) as redis:
            made_up = await Accounts(redis).ensure_admin(chosen or None)
            has_examples = self.has_simulator and self.settings.demo_examples
            examples = await begin(redis) if has_examples else ""
        return made_up or (chosen if self.has_simulator else ""), examples

    def _environment(self, store: EmbeddedStore | None) -> dict[str, str]:
        """What every child is told; secrets go by the environment, never by a command line."""
        settings = self.settings
        told = {"REDIS_URL": store.url if store else str(settings.redis_url)}
        told["ACTIONS_URL"] = settings.actions_url
        told["RASA_URL_FILE"] = str(self._brain_file)
        told["KEEP_CONVERSATION_DAYS"] = str(settings.keep_conversation_days)
        if "media_dir" not in settings.model_fields_set:
            told["MEDIA_DIR"] = str(self.var / "media")
        if not self.has_simulator:
            return told
        return told | {
            "WECHAT_ACCOUNTS_FILE": "",
            "WECHAT_APP_ID": settings.wechat_app_id,
            "WECHAT_APP_SECRET": settings.wechat_app_secret.get_secret_value(),
            "WECHAT_TOKEN": settings.wechat_token.get_secret_value(),
            "WECHAT_ENCODING_AES_KEY": _secret(settings.wechat_encoding_aes_key),
            "WECHAT_API_URL": self._phone,
            "CRM_URL": f"{self._phone}/crm",
            "SIMULATOR_PORT": str(settings.simulator_port),
            "SIMULATOR_CALLBACK_URL": f"{self._url}/wechat",
            "DESK_URL": f"{self._url}/desk/",
        }

    def _check_ports(self) -> None:
        settings = self.settings
        Port(settings.host, settings.port, "PORT").check()
        Port.of(settings.actions_url, "ACTIONS_URL").check()
        Port.of(settings.rasa_url[0], "RASA_URL").check()
        if self.has_simulator:
            Port("127.0.0.1", settings.simulator_port, "SIMULATOR_PORT").check()

    def _say_where(self, password: str, examples: str) -> None:
        print()
        if self.has_simulator:
            print(f"  Phone     {self._phone}/        a follower's WeChat, simulated")
        else:
            for each in self.accounts:
                path = "/".join(filter(None, ("/wechat", each.wechat_account_name)))
                print(f"  WeChat    {self._url}{path}  the address to enter in WeChat's console")
        login = f"   log in as admin with {password}" if password else ""
        print(f"  Desk      {self._url}/desk/{login}")
        if examples:
            print(f"            or as {told(PEOPLE, examples)}")
        print(f"  Logs      {self.var / 'log'}")
        print("\nCtrl-C ends everything.", flush=True)

    @property
    def settings(self) -> Settings:
        """The settings of the whole installation: with several accounts, any of them has them."""
        return self.accounts[0]

    @property
    def _brain_file(self) -> Path:
        return self.var / "brain"

    @property
    def _url(self) -> str:
        return f"http://{self.settings.host}:{self.settings.port}"

    @property
    def _phone(self) -> str:
        return f"http://127.0.0.1:{self.settings.simulator_port}"


async def _until_signalled(work: Coroutine[Any, Any, None]) -> None:
    """Run ``work``, and cancel it at Ctrl-C or SIGTERM so that it can clean up."""
    task, loop = asyncio.ensure_future(work), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _secret(value: Any) -> str:
    return value.get_secret_value() if value else ""
