"""A model on trial: a store, the actions and one brain on ports of their own, for as long as it is looked at."""

import itertools
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web

from bot.answers import AnswerBook
from bot.brand_files import live_brand
from bot.corpus import Talk
from bot.lint import shortened
from bot.messages import Inbound
from bot.notices import NOTICES
from bot.rehearsal import differences
from bot.turn import Turn
from connectors.cli import places, processes
from connectors.cli.processes import free_port
from connectors.crm import HttpMembers
from connectors.rasa import RasaBrain
from connectors.store.embedded import EmbeddedStore
from connectors.supervisor import Supervisor

STORE_SECONDS = 30.0
BRAIN_SECONDS = 180.0
TURN_SECONDS = 30.0
ACCOUNT = "rehearsal"


@dataclass
class Stage:
    """A brain to talk with. ``url`` is where it listens."""

    url: str
    session: ClientSession
    _followers: "itertools.count[int]" = field(default_factory=itertools.count)

    def follower(self) -> "Follower":
        """Somebody whom the brain does not know."""
        brain = RasaBrain(self.session, lambda: (self.url,), TURN_SECONDS)
        return Follower(brain, f"f{next(self._followers)}-{time.time_ns()}")

    async def play(self, talk: Talk) -> list[str]:
        """Go through a talk; what went otherwise, one sentence a turn."""
        follower, faults = self.follower(), []
        for step in talk.steps:
            turn = await follower.say(step.say)
            if told := "; ".join(differences(step, turn)):
                faults.append(f'"{step.say}": {told}')
        return faults

    async def parse(self, text: str) -> dict[str, Any]:
        """What Rasa's own ``/model/parse`` makes of a text."""
        async with self.session.post(f"{self.url}/model/parse", json={"text": text}) as response:
            response.raise_for_status()
            return dict(await response.json())


@dataclass
class Follower:
    """Somebody who writes to the brain, one message after another."""

    brain: RasaBrain
    openid: str
    _messages: "itertools.count[int]" = field(default_factory=itertools.count)

    async def say(self, text: str) -> Turn:
        """The brain's turn for a text."""
        key = f"{self.openid}-{next(self._messages)}"
        return await self.brain.ask(Inbound(key, ACCOUNT, self.openid, "text", time.time(), text))

    async def leave(self) -> None:
        """Let the brain forget the talk."""
        await self.brain.forget(ACCOUNT, self.openid)


@asynccontextmanager
async def open_stage(model: Path, logs: Path) -> AsyncIterator[Stage]:
    """Start everything that a talk with ``model`` needs. Raises StartFailed when the model cannot be served."""
    supervisor = Supervisor(logs, say=lambda _: None)
    with tempfile.TemporaryDirectory(prefix="bida-stage-") as folder:
        store = EmbeddedStore.in_folder(Path(folder))
        try:
            async with ClientSession() as session:
                await supervisor.start(store.child(), ready_seconds=STORE_SECONDS)
                actions, url = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
                environment = {"REDIS_URL": store.url, "ACTIONS_URL": actions}
                brain = processes.brain(environment, url, model)
                await supervisor.start(brain)
                async with _acting(session, actions):
                    await supervisor.until_ready(brain, BRAIN_SECONDS)
                    yield Stage(url, session)
        finally:
            await supervisor.stop()
            store.remove()


@asynccontextmanager
async def _acting(session: ClientSession, url: str) -> AsyncIterator[None]:
    # Imported here: rasa-sdk takes seconds to load, and no other command needs it.
    from actions.server import create_actions_app

    data = places.NLU_DATA
    answers = AnswerBook(data, required=NOTICES)
    app = create_actions_app(live_brand(data / "brand"), answers, HttpMembers(session, None))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", int(url.rpartition(":")[2])).start()
        yield
    finally:
        await runner.cleanup()


async def played(stage: Stage, talks: Iterable[Talk]) -> list[tuple[Talk, list[str]]]:
    """Each talk with what went otherwise in it."""
    return [(talk, await stage.play(talk)) for talk in talks]


def told(results: Iterable[tuple[Talk, list[str]]]) -> Iterator[str]:
    """The faults of talks in sentences that name file and line."""
    for talk, faults in results:
        for fault in faults:
            yield shortened(f"{talk.place}: {talk.name}: {fault}", places.ROOT)
