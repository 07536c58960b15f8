"""Keeps child processes alive, and leaves none behind."""

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE_SECONDS = 10.0
"""How long a child may take to end before it is killed."""

STEADY_SECONDS = 30.0
"""A child that ran for so long was well: its next restart is quick again."""

PAUSES = (0.2, 1.0, 3.0, 10.0)
"""Before the first, second, ... restart in a row."""

LOG_BYTES = 20_000_000

PR_SET_PDEATHSIG = 1
"""prctl(2): which signal a child gets when its parent dies."""

_LIBC = ctypes.CDLL(None)


class StartFailed(Exception):
    """A child did not become ready; the message says which, and where its log lies."""


@dataclass
class Child:
    """One process to keep: how to start it, and how to see that it is ready."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    is_ready: Callable[[], Awaitable[bool]]
    process: asyncio.subprocess.Process | None = None
    keeping: "asyncio.Task[None] | None" = None


@dataclass
class Supervisor:
    """Starts children in order and ends them in the opposite order."""

    logs: Path
    say: Callable[[str], None] = print
    pauses: Sequence[float] = PAUSES
    _children: list[Child] = field(default_factory=list)
    _is_stopping: bool = False

    async def start(self, child: Child, *, ready_seconds: float = 0.0) -> None:
        """Start a child and keep it running; wait until it is ready. Raises StartFailed."""
        self.logs.mkdir(parents=True, exist_ok=True)
        await self._launch(child)
        child.keeping = asyncio.create_task(self._keep(child))
        self._children.append(child)
        if ready_seconds:
            await self.until_ready(child, ready_seconds)

    async def until_ready(self, child: Child, seconds: float) -> None:
        """Wait until the child is ready. Raises StartFailed after ``seconds``, or when it keeps ending at once."""
        loop = asyncio.get_running_loop()
        first, deadline = child.process, loop.time() + seconds
        while loop.time() < deadline:
            if await child.is_ready():
                return
            if child.process is not first:
                break
            await asyncio.sleep(0.1)
        raise StartFailed(f"{child.name} did not start: see {self._log(child)}.")

    async def end(self, child: Child) -> None:
        """End one child for good; if it does not end in time it is killed."""
        if child.keeping:
            child.keeping.cancel()
        await _end(child)
        self._children.remove(child)

    async def stop(self) -> None:
        """End all children, the last started first."""
        self._is_stopping = True
        for child in list(reversed(self._children)):
            await self.end(child)

    async def _keep(self, child: Child) -> None:
        loop, failures = asyncio.get_running_loop(), 0
        while child.process:
            started = loop.time()
            code = await child.process.wait()
            if self._is_stopping:
                return
            failures = 0 if loop.time() - started > STEADY_SECONDS else failures + 1
            self.say(f"{child.name} ended ({_how(code)}); starting it again.")
            _end_group(child.process.pid)
            await asyncio.sleep(self.pauses[min(failures, len(self.pauses) - 1)])
            await self._launch(child)

    async def _launch(self, child: Child) -> None:
        path = self._log(child)
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        with path.open("ab") as log:
            # A session of its own: Ctrl-C at the terminal reaches the supervisor alone, which ends them in order.
            child.process = await asyncio.create_subprocess_exec(
                *child.command,
                cwd=child.folder,
                env={**os.environ, **child.environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )

    def _log(self, child: Child) -> Path:
        return self.logs / f"{child.name}.log"


def _die_with_parent() -> None:
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


async def _end(child: Child) -> None:
    process = child.process
    if process is None or process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await process.wait()
    except TimeoutError:
        pass
    _end_group(process.pid)
    await process.wait()


def _end_group(group: int) -> None:
    """Kill what a child may have started itself."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def _how(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
