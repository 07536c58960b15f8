"""``bida wechat check`` and ``bida wechat menu`` as an operator calls them, before the simulator's own interfaces."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from bot.entries import read_entry
from connectors.app import create_app
from connectors.cli.commands import main
from connectors.parts import open_parts
from connectors.settings import load_settings
from connectors.simulator.client import Simulator
from tests.simulator.conftest import APP_ID, KEY, TOKEN, StartSimulator
from tests.simulator.test_command import ROOT, environment, free_port, running, simulator

MENU = ROOT / "nlu_data" / "brand" / "menu.yml"
SECRET = "s3cret"
STATES = ("ok", "missing", "unknown")


@dataclass
class Operator:
    """Somebody at a terminal, with an account's settings in the environment."""

    wechat: Simulator
    environment: pytest.MonkeyPatch
    screen: pytest.CaptureFixture[str]

    def set(self, **settings: str) -> None:
        """Set something in the environment."""
        for name, value in settings.items():
            self.environment.setenv(name, value)

    async def bida(self, *arguments: str) -> tuple[int, str, str]:
        """Call the command, beside the loop that plays WeChat; its exit code, and what it says on both ways."""
        self.screen.readouterr()
        code = await asyncio.to_thread(main, ("wechat", *arguments))
        return code, *self.screen.readouterr()

    async def findings(self) -> tuple[int, dict[str, str]]:
        """What ``check`` says: its exit code, and the lines by their subject."""
        code, told, _ = await self.bida("check")
        lines = [line for line in told.splitlines() if line[:9].strip() in STATES]
        return code, {line[9:23].strip(): line for line in lines}

    async def asked(self) -> list[str]:
        """The calls of WeChat's API so far."""
        return [entry["path"] for entry in await self.wechat.log("api")]

    async def shown(self) -> list[str]:
        """The names of the buttons that followers see, top ones first."""
        async with self.wechat.session.get(f"{self.wechat.url}/page/state") as answer:
            top = (await answer.json())["accounts"][0]["menu"]
        return names(top)


def names(top: list[Any]) -> list[str]:
    """The names of buttons as the phone's page is told them."""
    inner = [each for button in top for each in button["buttons"]]
    return [each["names"]["zh-Hans"] for each in [*top, *inner]]


Open = Callable[..., Awaitable[Operator]]


@pytest.fixture
def wechat(
    start: StartSimulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Open:
    """Opens a WeChat whose account is of some kind; ``settings`` are what the operator has set otherwise."""
    for name in [name for name in os.environ if name.startswith(("WECHAT_", "PUBLIC_"))]:
        monkeypatch.delenv(name)

    async def open_one(kind: str, **settings: str) -> Operator:
        simulator = await start(wechat_account_kind=kind, simulator_menu=None)
        operator = Operator(simulator, monkeypatch, capsys)
        operator.set(**(account(kind, simulator.url) | settings))
        return operator

    return open_one


def account(kind: str, url: str) -> dict[str, str]:
    """The settings of the account that the simulator plays."""
    return {
        "WECHAT_APP_ID": APP_ID,
        "WECHAT_APP_SECRET": SECRET,
        "WECHAT_TOKEN": TOKEN,
        "WECHAT_ENCODING_AES_KEY": KEY,
        "WECHAT_ACCOUNT_KIND": kind,
        "WECHAT_API_URL": url,
    }


def written() -> list[str]:
    """The names of the buttons in menu.yml, top ones first."""
    top = read_entry(MENU).need("buttons").list()
    inner = [each for button in top if (found := button.get("buttons")) for each in found.list()]
    return [each.need("name").text() for each in [*top, *inner]]


@pytest.mark.parametrize("kind", ["verified_service", "verified_subscription", "test"])
async def test_an_account_that_may_have_a_menu_gets_it_and_then_lacks_nothing(
    wechat: Open, kind: str
) -> None:
    operator = await wechat(kind)
    code, found = await operator.findings()
    assert code == 1
    assert found["menu"].startswith("missing")
    assert "`bida wechat menu push` brings it" in found["menu"]
    assert "There is none" in (await operator.bida("menu", "show"))[1]
    code, told, fault = await operator.bida("menu", "push")
    assert (code, fault) == (0, "")
    assert "WeChat has the menu" in told
    assert await operator.shown() == written()
    code, found = await operator.findings()
    assert code == 0
    assert found["menu"].startswith("ok")
    _, told, _ = await operator.bida("menu", "show")
    assert all(name in told for name in written())


@pytest.mark.parametrize("kind", ["unverified_service", "unverified_subscription"])
async def test_an_account_that_may_have_none_is_told_so_and_refused_in_a_sentence(
    wechat: Open, kind: str
) -> None:
    operator = await wechat(kind)
    code, found = await operator.findings()
    assert code == 0
    assert "may have none" in found["menu"]
    assert f"{kind} may not send" in found["late answers"]
    for command in ("push", "show"):
        code, told, fault = await operator.bida("menu", command)
        assert (code, told) == (1, "")
        assert "48001" in fault
        assert fault.count("\n") == 1
    assert await operator.shown() == []


async def test_a_check_asks_wechats_own_interfaces_and_changes_nothing(wechat: Open) -> None:
    operator = await wechat("verified_service")
    _, found = await operator.findings()
    assert {subject: line.split()[0] for subject, line in found.items()} == SUBJECTS
    assert await operator.asked() == [
        "/cgi-bin/stable_token",
        "/cgi-bin/callback/check",
        "/cgi-bin/message/custom/typing",
        "/cgi-bin/menu/get",
    ]


SUBJECTS = {
    "messages": "ok",
    "address": "unknown",  # no PUBLIC_URL is set
    "token": "ok",
    "WeChat's view": "ok",
    "late answers": "ok",
    "menu": "missing",
}


@pytest.mark.parametrize(
    ("setting", "value", "subject", "words"),
    [
        ("WECHAT_APP_SECRET", "0" * 32, "token", "WECHAT_APP_SECRET is wrong"),
        ("WECHAT_APP_ID", "wxffffffffffffffff", "token", "WECHAT_APP_ID is no account's"),
        ("WECHAT_API_URL", "http://127.0.0.1:1", "token", "does not answer"),
        ("WECHAT_ACCOUNT_KIND", "unverified_service", "late answers", "set what the account is"),
        ("PUBLIC_URL", "http://127.0.0.1:1", "address", "cannot be reached"),
    ],
)
async def test_a_wrong_setting_is_named_with_what_to_do(
    wechat: Open, setting: str, value: str, subject: str, words: str
) -> None:
    operator = await wechat("verified_service")
    assert (await operator.bida("menu", "push"))[0] == 0
    operator.set(**{setting: value})
    code, found = await operator.findings()
    assert code == 1
    assert found[subject].startswith("missing")
    assert words in found[subject]


async def test_an_account_that_is_less_than_its_settings_say_is_found_out(wechat: Open) -> None:
    operator = await wechat("unverified_subscription", WECHAT_ACCOUNT_KIND="verified_service")
    code, found = await operator.findings()
    assert code == 1
    assert found["late answers"].startswith("missing")
    assert "微信认证" in found["late answers"]


async def test_a_connector_at_its_public_address_answers_as_wechat_wants_it(
    wechat: Open, store_url: str, nlu_data: Path
) -> None:
    operator = await wechat("verified_service")
    operator.set(REDIS_URL=store_url)
    async with (
        open_parts(load_settings(), nlu_data) as parts,
        TestServer(create_app(parts, {"callback"})) as server,
    ):
        operator.set(PUBLIC_URL=str(server.make_url("")).rstrip("/"))
        _, found = await operator.findings()
        assert found["address"].startswith("ok")
        assert "/wechat answers as WeChat wants it" in found["address"]
        operator.set(WECHAT_TOKEN="another")
        _, found = await operator.findings()
        assert "WECHAT_TOKEN is another" in found["address"]


def test_the_commands_work_as_processes_of_their_own() -> None:
    port = free_port()
    told = account("verified_service", f"http://127.0.0.1:{port}")
    flags = ["--app-id", APP_ID, "--secret", SECRET, "--token", TOKEN, "--key", KEY]

    def bida(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "connectors.cli", "wechat", *arguments]
        environs = environment() | told
        return subprocess.run(
            command, cwd=ROOT, env=environs, capture_output=True, text=True, check=False
        )

    with running(simulator(*flags, "--port", str(port)), port):
        assert bida("menu", "push").returncode == 0
        checked = bida("check")
        assert (checked.returncode, checked.stderr) == (0, "")
        assert checked.stdout.endswith("Nothing is missing.\n")
