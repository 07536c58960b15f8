"""The brain of an installation, and how a new model takes over: a process beside the old one, tried and switched to."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientSession

from bot.models import Models, name_of
from connectors.cli import processes
from connectors.cli.processes import free_port
from connectors.cli.stage import Follower
from connectors.rasa import RasaBrain
from connectors.supervisor import Child, StartFailed, Supervisor

START_SECONDS = 180.0
LOOK_SECONDS = 1.0
TRIAL_SECONDS = 20.0

DRAIN_SECONDS = 20.0
"""How long the old brain still lives: longer than any message may be with it."""


@dataclass
class LiveBrain:
    """Keeps one brain running; ``file`` tells the connector where it is."""

    supervisor: Supervisor
    environment: Mapping[str, str]
    file: Path
    _child: Child | None = None
    _name: str = ""

    async def start(self, url: str, model: Path) -> None:
        """Start the first brain."""
        self._child = await self._launch(url, model)
        self._name = name_of(model)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(url)

    async def until_ready(self) -> None:
        """Wait until it answers. Raises StartFailed."""
        if self._child:
            await self.supervisor.until_ready(self._child, START_SECONDS)

    async def follow(self, models: Models) -> None:
        """Switch whenever another model is made the live one; a model that fails its trial is left alone."""
        failed = ""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            wanted = models.record().live
            if wanted and wanted not in (self._name, failed):
                failed = "" if await self._switch(models.path(wanted)) else wanted

    async def _switch(self, model: Path) -> bool:
        print(f"The model {name_of(model)} is to go live; starting it beside the old one ...")
        url = f"http://127.0.0.1:{free_port()}"
        child = await self._launch(url, model)
        try:
            await self.supervisor.until_ready(child, START_SECONDS)
            await _try(url)
        except StartFailed as error:
            print(f"It was not taken, the old one stays: {error}", flush=True)
            await self.supervisor.end(child)
            return False
        await self._take_over(url, child, name_of(model))
        return True

    async def _take_over(self, url: str, child: Child, name: str) -> None:
        old, self._child, self._name = self._child, child, name
        unfinished = self.file.with_suffix(".new")
        unfinished.write_text(url)
        unfinished.replace(self.file)
        print(f"The model {name} is live.", flush=True)
        await asyncio.sleep(DRAIN_SECONDS)
        if old:
            await self.supervisor.end(old)

    async def _launch(self, url: str, model: Path) -> Child:
        child = processes.brain(self.environment, url, model)
        await self.supervisor.start(child)
        return child


async def _try(url: str) -> None:
    """Let the new brain answer one message. Raises StartFailed."""
    async with ClientSession() as session:
        brain = RasaBrain(session, lambda: (url,), TRIAL_SECONDS)
        follower = Follower(brain, f"trial-{time.time_ns()}")
        turn = await follower.say("你好")
        await follower.leave()
    if turn.trouble:
        raise StartFailed("it did not answer a greeting.")
