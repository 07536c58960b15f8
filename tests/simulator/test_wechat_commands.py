"""``bida wechat check`` and ``bida wechat menu`` as an operator calls them, each before a WeChat that really runs."""

import contextlib
import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest

from bot.entries import read_entry
from tests.simulator.conftest import APP_ID, KEY, TOKEN
from tests.simulator.test_command import ROOT, environment, free_port, running, simulator

MENU = ROOT / "nlu_data" / "brand" / "menu.yml"
SECRET = "0123456789abcdef0123456789abcdef"


@dataclass
class Operator:
    """Somebody at a terminal, with an account's settings in the environment."""

    url: str
    settings: dict[str, str]

    def bida(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Call the command."""
        return subprocess.run(
            [sys.executable, "-m", "connectors.cli", "wechat", *arguments],
            cwd=ROOT,
            env=environment() | self.settings,
            capture_output=True,
            text=True,
            check=False,
        )

    def findings(self) -> tuple[int, dict[str, str]]:
        """What ``check`` says: its exit code, and the lines by their subject."""
        done = self.bida("check")
        assert "Traceback" not in done.stderr
        lines = [line for line in done.stdout.splitlines() if line[:9].strip() in STATES]
        return done.returncode, {line[9:23].strip(): line for line in lines}

    def asked(self) -> list[str]:
        """The calls of WeChat's API so far."""
        with urllib.request.urlopen(f"{self.url}/api/log?after=0") as answer:
            entries = json.load(answer)["entries"]
        return [entry["path"] for entry in entries if entry["kind"] == "api"]

    def shown(self) -> list[str]:
        """The names of the buttons that followers see, top ones first."""
        with urllib.request.urlopen(f"{self.url}/page/state") as answer:
            top = json.load(answer)["accounts"][0]["menu"]
        inner = [each for button in top for each in button["buttons"]]
        return [each["names"]["zh-Hans"] for each in [*top, *inner]]


STATES = ("ok", "missing", "unknown")
Open = Callable[..., AbstractContextManager[Operator]]


@pytest.fixture
def wechat() -> Open:
    """Starts a WeChat whose account is of some kind; ``settings`` are what the operator has set otherwise."""

    @contextlib.contextmanager
    def open_one(kind: str, **settings: str) -> Iterator[Operator]:
        port = free_port()
        flags = ["--app-id", APP_ID, "--secret", SECRET, "--token", TOKEN, "--key", KEY]
        with running(simulator(*flags, "--kind", kind, "--port", str(port)), port):
            url = f"http://127.0.0.1:{port}"
            told = {
                "WECHAT_APP_ID": APP_ID,
                "WECHAT_APP_SECRET": SECRET,
                "WECHAT_TOKEN": TOKEN,
                "WECHAT_ENCODING_AES_KEY": KEY,
                "WECHAT_ACCOUNT_KIND": kind,
                "WECHAT_API_URL": url,
            }
            yield Operator(url, told | settings)

    return open_one


def written() -> list[str]:
    """The names of the buttons in menu.yml, top ones first."""
    top = read_entry(MENU).need("buttons").list()
    inner = [each for button in top if (found := button.get("buttons")) for each in found.list()]
    return [each.need("name").text() for each in [*top, *inner]]


@pytest.mark.parametrize("kind", ["verified_service", "test"])
def test_an_account_that_may_have_a_menu_gets_it_and_then_lacks_nothing(
    wechat: Open, kind: str
) -> None:
    with wechat(kind) as operator:
        code, found = operator.findings()
        assert code == 1
        assert found["menu"].startswith("missing")
        assert "`bida wechat menu push` brings it" in found["menu"]
        assert "There is none" in operator.bida("menu", "show").stdout
        pushed = operator.bida("menu", "push")
        assert (pushed.returncode, pushed.stderr) == (0, "")
        assert operator.shown() == written()
        code, found = operator.findings()
        assert code == 0
        assert found["menu"].startswith("ok")
        told = operator.bida("menu", "show").stdout
        assert all(name in told for name in written())


@pytest.mark.parametrize("kind", ["unverified_service", "unverified_subscription"])
def test_an_account_that_may_have_none_is_told_so_and_refused_in_a_sentence(
    wechat: Open, kind: str
) -> None:
    with wechat(kind) as operator:
        code, found = operator.findings()
        assert code == 0
        assert "may have none" in found["menu"]
        assert f"{kind} may not send" in found["late answers"]
        for command in ("push", "show"):
            refused = operator.bida("menu", command)
            assert refused.returncode == 1
            assert refused.stdout == ""
            assert "48001" in refused.stderr
            assert refused.stderr.count("\n") == 1
        assert operator.shown() == []


def test_a_check_asks_wechats_own_interfaces_and_sends_nothing(wechat: Open) -> None:
    with wechat("verified_service") as operator:
        _, found = operator.findings()
        assert list(found) == list(SUBJECTS)
        assert [line.split()[0] for line in found.values()] == [*SUBJECTS.values()]
        assert operator.asked() == [
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
def test_a_wrong_setting_is_named_with_what_to_do(
    wechat: Open, setting: str, value: str, subject: str, words: str
) -> None:
    with wechat("verified_service", **{setting: value}) as operator:
        code, found = operator.findings()
        assert code == 1
        assert found[subject].startswith("missing")
        assert words in found[subject]


def test_an_account_that_is_less_than_its_settings_say_is_found_out(wechat: Open) -> None:
    changed = {"WECHAT_ACCOUNT_KIND": "verified_service"}
    with wechat("unverified_subscription", **changed) as operator:
        code, found = operator.findings()
        assert code == 1
        assert found["late answers"].startswith("missing")
        assert "微信认证" in found["late answers"]


def test_a_connector_at_its_public_address_answers_as_wechat_wants_it(
    wechat: Open, store_url: str
) -> None:
    port = free_port()
    public = {"PUBLIC_URL": f"http://127.0.0.1:{port}"}
    with wechat("verified_service", **public) as operator:
        connector = {"REDIS_URL": store_url, "PORT": str(port)}
        command = ["-m", "connectors.cli", "run", "--role", "callback"]
        with running(command, port, operator.settings | connector):
            _, found = operator.findings()
            assert found["address"].startswith("ok")
            assert "/wechat answers as WeChat wants it" in found["address"]
            operator.settings["WECHAT_TOKEN"] = "another"
            _, found = operator.findings()
            assert "WECHAT_TOKEN is another" in found["address"]
