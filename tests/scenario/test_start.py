"""Starting: what is wrong is said in one sentence, before anything runs."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.installations import ROOT, Demo, children, command_of


def bida(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Call the command line with some settings, none of them from this machine."""
    mine = ("WECHAT_", "REDIS_", "RASA_", "PORT", "DESK_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(mine)}
    command = [sys.executable, "-m", "connectors.cli", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=kept | environment, capture_output=True, text=True, check=False
    )


def sentence(result: "subprocess.CompletedProcess[str]") -> str:
    """The one line that a refused start says."""
    assert result.returncode == 1
    assert result.stdout == ""
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    return lines[0]


def test_a_taken_port_is_named_with_the_setting_that_moves_it(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        said = sentence(bida("demo", "--var", str(tmp_path), PORT=str(port)))
    assert said.startswith(f"Port {port} on 127.0.0.1 is taken")
    assert "PORT" in said


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("WECHAT_APP_ID=wx1", ".env:1: WECHAT_APP_ID is wrong"),
        ("", "WECHAT_APP_ID is not set"),
    ],
)
def test_a_broken_setting_stops_the_start(tmp_path: Path, line: str, expected: str) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text(line + "\n")
    assert expected in sentence(bida("run", "--env-file", str(env_file)))


def test_a_lone_process_without_a_store_stops_with_a_sentence(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text(
        "WECHAT_APP_ID=wx0123456789abcdef\nWECHAT_APP_SECRET=secret\nWECHAT_TOKEN=token\n"
    )
    assert "REDIS_URL is not set" in sentence(bida("run", "--env-file", str(env_file)))


def test_every_process_is_the_supervisors_own_child(demo: Demo) -> None:
    commands = [command_of(pid) for pid in children(demo.process.pid)]
    for part in ("valkey", "rasa", "connectors.cli run", "connectors.simulator"):
        assert any(part in command for command in commands)
