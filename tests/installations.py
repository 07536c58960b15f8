"""A whole installation for tests: what ``make demo`` starts, on ports and in a folder of its own."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
START_SECONDS = 300
STOP_SECONDS = 40


@dataclass
class Demo:
    """A running demo."""

    var: Path
    process: "subprocess.Popen[str]"
    phone: str
    connector: str
    said: list[str] = field(default_factory=list)

    @property
    def password(self) -> str:
        """The admin's password, as the terminal shows it."""
        found = re.search(r"log in as admin with (\S+)", "\n".join(self.said))
        assert found
        return found[1]

    def child(self, name: str) -> int:
        """The process id of a supervised process: store, brain, connector or simulator."""
        marks = {
            "store": "valkey",
            "brain": "rasa",
            "connector": "connectors.cli",
            "simulator": "connectors.simulator",
        }
        for pid in children(self.process.pid):
            if marks[name] in command_of(pid):
                return pid
        raise LookupError(f"{name} does not run")

    def kill(self, name: str) -> None:
        """SIGKILL one of them; the supervisor starts it again."""
        os.kill(self.child(name), signal.SIGKILL)

    def bida(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Call the command line beside it."""
        command = [sys.executable, "-m", "connectors.cli", *arguments, "--var", str(self.var)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@contextlib.contextmanager
def running_demo(var: Path) -> Iterator[Demo]:
    """Start a demo, wait until it says where it is, and end it as Ctrl-C would."""
    ports = _free_ports(4)
    url = [f"http://127.0.0.1:{port}" for port in ports]
    names = ("PORT", "SIMULATOR_PORT", "ACTIONS_URL", "RASA_URL")
    settings = dict(zip(names, (str(ports[0]), str(ports[1]), url[2], url[3]), strict=True))
    process = subprocess.Popen(
        [sys.executable, "-m", "connectors.cli", "demo", "--var", str(var)],
        cwd=ROOT,
        env={**os.environ, **settings, "DEMO_EXAMPLES": "no", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    demo = Demo(var, process, url[1], url[0])
    reading = threading.Thread(target=_listen, args=(demo,), daemon=True)
    reading.start()
    try:
        _wait_until_up(demo)
        yield demo
    finally:
        started = children(process.pid) if process.poll() is None else []
        process.send_signal(signal.SIGINT)
        process.wait(STOP_SECONDS)
        reading.join(STOP_SECONDS)
        if process.stdout:
            process.stdout.close()
        left = [command for pid in started if (command := command_of(pid))]
        assert not left, f"The demo left processes behind: {left}"


def children(pid: int) -> list[int]:
    """The processes that ``pid`` has started."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in listed.split()]


def command_of(pid: int) -> str:
    """A process's command line; empty when it has ended."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def _listen(demo: Demo) -> None:
    for line in demo.process.stdout or ():
        demo.said.append(line.rstrip())


def _wait_until_up(demo: Demo) -> None:
    deadline = time.monotonic() + START_SECONDS
    while "Ctrl-C ends everything." not in demo.said:
        if demo.process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("The demo did not start:\n" + "\n".join(demo.said))
        time.sleep(0.1)


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as sockets:
        probes = [sockets.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
