"""The supervisor: what dies is started again, and nothing is left behind."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from connectors.supervisor import Child, StartFailed, Supervisor

SLEEPER = "import subprocess, sys, time; subprocess.Popen(['sleep', '60']); print('up', flush=True); time.sleep(60)"


async def always() -> bool:
    return True


async def never() -> bool:
    return False


def child(folder: Path, code: str = SLEEPER, ready: object = always) -> Child:
    """A process that runs ``code``."""
    return Child("sleeper", [sys.executable, "-c", code], {}, folder, ready)  # type: ignore[arg-type]


async def test_a_child_that_is_killed_is_started_again_and_said_so(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor, sleeper = Supervisor(tmp_path, said.append), child(tmp_path)
    await supervisor.start(sleeper, ready_seconds=5)
    assert sleeper.process
    first = sleeper.process.pid
    os.kill(first, signal.SIGKILL)
    async with asyncio.timeout(10):
        while sleeper.process.pid == first:
            await asyncio.sleep(0.05)
    await supervisor.stop()
    assert said == ["sleeper ended (signal SIGKILL); starting it again."]


async def test_stopping_leaves_no_process_behind(tmp_path: Path) -> None:
    supervisor, sleeper = Supervisor(tmp_path), child(tmp_path)
    await supervisor.start(sleeper)
    log = tmp_path / "sleeper.log"
    async with asyncio.timeout(10):
        while "up" not in log.read_text():
            await asyncio.sleep(0.05)
    assert sleeper.process
    group = sleeper.process.pid
    await supervisor.stop()
    async with asyncio.timeout(10):
        while _lives(group):
            await asyncio.sleep(0.05)


async def test_a_child_that_never_gets_ready_is_named(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    with pytest.raises(StartFailed, match=r"sleeper did not start: see .*sleeper\.log"):
        await supervisor.start(child(tmp_path, ready=never), ready_seconds=0.3)
    await supervisor.stop()


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
