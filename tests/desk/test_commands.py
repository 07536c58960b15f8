"""``bida desk``, as it is typed."""

import argparse
import asyncio
import re
from pathlib import Path

import pytest

from connectors.cli.demo import demo_file
from connectors.cli.desk_commands import add_desk_commands
from connectors.desk.guard.accounts import Accounts, Agent
from connectors.store.connection import Connection


@pytest.fixture
def bida(tmp_path: Path, store_url: str, monkeypatch: pytest.MonkeyPatch):
    """Calls ``bida desk ...`` beside a demo of its own."""
    demo_file(tmp_path / "demo.env")
    monkeypatch.setenv("REDIS_URL", store_url)
    parser = argparse.ArgumentParser()
    add_desk_commands(parser.add_subparsers(required=True))

    def call(*arguments: str) -> int:
        options = parser.parse_args(["desk", *arguments, "--demo", "--var", str(tmp_path)])
        return int(options.command(options))

    asyncio.run(_with_store(store_url, lambda connection: connection.redis.flushall()))
    return call


async def _with_store(url, act):
    connection = Connection(url)
    try:
        return await act(connection)
    finally:
        await connection.close()


def _logged_in(url: str, name: str, password: str) -> Agent:
    return asyncio.run(
        _with_store(url, lambda at: Accounts(at.redis).log_in(name, password, "here"))
    )


def test_an_account_is_made_with_a_password_that_is_shown_once(
    bida, store_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bida("add", "li", "--shown", "小李") == 0
    found = re.search(r"password (\S+) ", capsys.readouterr().out)
    assert found
    agent = _logged_in(store_url, "li", found[1])
    assert (agent.shown, agent.role) == ("小李", "agent")
    assert bida("password", "li") == 0
    again = re.search(r"password (\S+) ", capsys.readouterr().out)
    assert again
    assert _logged_in(store_url, "li", again[1]).name == "li"


def test_what_cannot_be_done_is_said_in_a_sentence(
    bida, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bida("add", "li") == 0
    assert bida("add", "li") == 1
    assert "already" in capsys.readouterr().err
    assert bida("add", "小李") == 1
    assert "log-in name" in capsys.readouterr().err
    assert bida("password", "nobody") == 1
    assert "no account" in capsys.readouterr().err
