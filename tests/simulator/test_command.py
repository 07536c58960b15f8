"""``bida simulator`` as its users meet it: started alone, before a bot that is not ours."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "simulator.md"
START_SECONDS = 30


def block(name: str, bot: int, simulator: int) -> str:
    """A program out of the page, with ports that are free here."""
    programs = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    text = next(program for program in programs if program.startswith(f"# {name}\n"))
    return str(text).replace("9000", str(bot)).replace("8090", str(simulator))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(command: list[str], port: int) -> Iterator[subprocess.Popen[str]]:
    """A process that listens on ``port``."""
    process = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True
    )
    try:
        until_open(port, process)
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=START_SECONDS)


def environment() -> dict[str, str]:
    """Ours without settings that would reach the simulator."""
    foreign = ("WECHAT_", "SIMULATOR_", "REDIS_URL", "DESK_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def until_open(port: int, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on port {port}")


def simulator(*flags: str) -> list[str]:
    return ["-m", "connectors.cli", "simulator", *flags]


def test_the_pages_example_runs_as_it_is_printed(tmp_path: Path) -> None:
    bot, port = free_port(), free_port()
    for name in ("bot.py", "try_bot.py"):
        (tmp_path / name).write_text(block(name, bot, port), encoding="utf-8")
    flags = ["--url", f"http://127.0.0.1:{bot}/wechat", "--token", "t0ken", "--mode", "plain"]
    with (
        running([str(tmp_path / "bot.py")], bot),
        running(simulator(*flags, "--port", str(port)), port),
    ):
        tried = subprocess.run(
            [sys.executable, str(tmp_path / "try_bot.py")],
            cwd=ROOT,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
    assert tried.returncode == 0, tried.stderr
    told = [line.rstrip() for line in tried.stdout.splitlines()]
    assert "\n".join(told) in PAGE.read_text(encoding="utf-8")


def test_what_nobody_gave_is_made_up_and_told() -> None:
    port = free_port()
    with running(simulator("--token", "t0ken", "--port", str(port)), port) as process:
        assert process.stdout
        lines = [process.stdout.readline() for _ in range(4)]
    names = [line.partition("=")[0] for line in lines]
    assert names[:3] == ["WECHAT_APP_ID", "WECHAT_APP_SECRET", "WECHAT_ENCODING_AES_KEY"]
    assert len(lines[2].strip().partition("=")[2]) == 43
    assert lines[3].startswith("The simulated WeChat is at")


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        (("--mode", "safe", "--key", "short"), "43 characters"),
        (("--accounts", "/nowhere.yml"), "/nowhere.yml cannot be read"),
    ],
)
def test_what_cannot_be_started_is_explained_in_a_sentence(
    flags: tuple[str, ...], why: str
) -> None:
    tried = subprocess.run(
        [sys.executable, *simulator(*flags, "--port", str(free_port()))],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert tried.returncode == 1
    assert why in tried.stderr
    assert "Traceback" not in tried.stderr
