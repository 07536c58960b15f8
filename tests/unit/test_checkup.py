"""Going live: what `bida wechat check` finds missing, against a WeChat that answers as it is told."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from connectors.cli.commands import main
from connectors.settings import Settings
from connectors.wechat.api import Api
from connectors.wechat.checkup import Checkup, Finding, menu_there
from connectors.wechat.library import is_signed
from connectors.wechat.menu import menu_body
from connectors.wechat.token import FetchedToken

MENU = Path(__file__).parents[2] / "nlu_data" / "brand" / "menu.yml"
TOKEN = {"access_token": "a-token", "expires_in": 7200}
REACHED = {"dns": [{"ip": "1.2.3.4"}], "ping": [{"ip": "1.2.3.4", "package_loss": "0%"}]}


def refused(errcode: int, message: str = "refused") -> dict[str, Any]:
    """WeChat's no."""
    return {"errcode": errcode, "errmsg": f"{message} rid: 1-2-3"}


@dataclass
class Wechat:
    """WeChat's API and, before it, our own public address: gives the answers it holds, remembers the calls."""

    answers: dict[str, dict[str, Any]]
    url: str = ""
    calls: list[tuple[str, Any]] = field(default_factory=list)
    token: str = "token"
    callback_status: int = 200

    async def api(self, request: web.Request) -> web.Response:
        path = request.path.removeprefix("/cgi-bin/")
        body = await request.json() if request.can_read_body else None
        self.calls.append((path, body))
        return web.json_response(self.answers[path])

    async def callback(self, request: web.Request) -> web.Response:
        query = request.query
        if not is_signed(query["signature"], self.token, query["timestamp"], query["nonce"]):
            return web.Response(status=403)
        return web.Response(status=self.callback_status, text=query["echostr"])


@pytest.fixture
async def wechat(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wechat]:
    """A WeChat with whom all is well, which shows the menu of the file."""
    for name in [name for name in os.environ if name.startswith(("WECHAT_", "PUBLIC_"))]:
        monkeypatch.delenv(name)
    wechat = Wechat(
        {
            "stable_token": TOKEN,
            "callback/check": REACHED,
            "message/custom/typing": refused(40003, "invalid openid"),
            "menu/get": {"menu": menu_body(MENU)},
            "menu/create": {"errcode": 0, "errmsg": "ok"},
        }
    )
    app = web.Application()
    app.add_routes([web.route("*", "/cgi-bin/{path:.*}", wechat.api)])
    app.add_routes([web.get("/wechat", wechat.callback)])
    async with TestServer(app) as server:
        wechat.url = str(server.make_url("")).rstrip("/")
        yield wechat


async def checked(wechat: Wechat, **changes: Any) -> dict[str, Finding]:
    """The findings by their subject."""
    told: dict[str, Any] = {
        "wechat_app_id": "wx0123456789abcdef",
        "wechat_app_secret": "secret",
        "wechat_token": "token",
        "wechat_encoding_aes_key": "A" * 43,
        "wechat_api_url": wechat.url,
        "public_url": wechat.url,
    }
    settings = Settings(_env_file=None, **(told | changes))
    async with ClientSession() as session:
        found = [each async for each in Checkup(settings, session, MENU).findings()]
    return {each.subject: each for each in found}


async def test_an_account_that_lacks_nothing_is_told_so(wechat: Wechat) -> None:
    found = await checked(wechat)
    assert {each.state for each in found.values()} == {"ok"}
    assert list(found) == ["messages", "address", "token", "WeChat's view", "late answers", "menu"]


async def test_the_check_sends_nothing_and_changes_nothing(wechat: Wechat) -> None:
    await checked(wechat)
    asked = dict(wechat.calls)
    assert list(asked) == ["stable_token", "callback/check", "message/custom/typing", "menu/get"]
    assert asked["stable_token"]["force_refresh"] is False


@pytest.mark.parametrize(
    ("errcode", "expected"),
    [
        (40164, "address 203.0.113.7: add it under 设置与开发 › 基本配置 › IP白名单 (40164)"),
        (40125, "WECHAT_APP_SECRET is wrong"),
        (40013, "WECHAT_APP_ID is no account's"),
        (89503, "account's owner"),
        (99999, "99999 invalid ip 203.0.113.7"),
    ],
)
async def test_a_refused_token_says_what_to_do(wechat: Wechat, errcode: int, expected: str) -> None:
    message = "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist"
    wechat.answers["stable_token"] = refused(errcode, message)
    found = await checked(wechat)
    assert found["token"].state == "missing"
    assert expected in found["token"].words
    assert found["the rest"].state == "unknown"


@pytest.mark.parametrize(
    ("change", "subject", "expected"),
    [
        ({"token": "another"}, "address", "refuses: WECHAT_TOKEN is another"),
        ({"callback_status": 502}, "address", "the proxy does not reach the connector"),
        ({"callback_status": 301}, "address", "redirects, which WeChat does not follow"),
    ],
)
async def test_a_wrong_callback_says_what_to_do(
    wechat: Wechat, change: dict[str, Any], subject: str, expected: str
) -> None:
    for name, value in change.items():
        setattr(wechat, name, value)
    found = (await checked(wechat))[subject]
    assert found.state == "missing"
    assert expected in found.words


@pytest.mark.parametrize(
    ("path", "answer", "subject", "expected"),
    [
        ("callback/check", {"dns": []}, "WeChat's view", "cannot resolve"),
        (
            "callback/check",
            {**REACHED, "ping": [{"package_loss": "100%"}]},
            "WeChat's view",
            "open ports",
        ),
        ("callback/check", refused(40201), "WeChat's view", "服务器配置"),
        ("message/custom/typing", refused(48001), "late answers", "微信认证"),
        ("menu/get", refused(46003), "menu", "there is none: `bida wechat menu push`"),
        ("menu/get", {"menu": {"button": []}}, "menu", "there is none"),
    ],
)
async def test_what_wechat_does_not_see_is_missing(
    wechat: Wechat, path: str, answer: dict[str, Any], subject: str, expected: str
) -> None:
    wechat.answers[path] = answer
    found = (await checked(wechat))[subject]
    assert found.state == "missing"
    assert expected in found.words


async def test_a_kind_that_the_settings_name_wrongly_is_found_both_ways(wechat: Wechat) -> None:
    kind = "unverified_subscription"
    found = await checked(wechat, wechat_account_kind=kind)
    assert "WECHAT_ACCOUNT_KIND is unverified_subscription" in found["late answers"].words
    wechat.answers["message/custom/typing"] = refused(48001)
    wechat.answers["menu/get"] = refused(48001)
    found = await checked(wechat, wechat_account_kind=kind)
    assert {found["late answers"].state, found["menu"].state} == {"ok"}


async def test_plain_text_and_an_unknown_address_are_named(wechat: Wechat) -> None:
    found = await checked(wechat, wechat_encoding_aes_key=None, public_url=None)
    assert "安全模式" in found["messages"].words
    assert found["messages"].state == "missing"
    assert found["address"].state == "unknown"


async def test_a_menu_with_another_button_is_found(wechat: Wechat) -> None:
    shown = menu_body(MENU)
    shown["button"][0]["name"] = "旧名字"
    wechat.answers["menu/get"] = {"menu": shown}
    assert "another one" in (await checked(wechat))["menu"].words


async def test_no_menu_is_an_empty_one(wechat: Wechat) -> None:
    wechat.answers["menu/get"] = refused(46003)
    async with ClientSession() as session:
        assert list(await menu_there(Api(session, wechat.url, FetchedToken("t")))) == []


@pytest.fixture
def account(wechat: Wechat, monkeypatch: pytest.MonkeyPatch) -> None:
    """The account's settings in the environment, as the commands read them."""
    told = {
        "APP_ID": "wx0123456789abcdef",
        "APP_SECRET": "secret",
        "TOKEN": "token",
        "ENCODING_AES_KEY": "A" * 43,
        "API_URL": wechat.url,
    }
    for name, value in told.items():
        monkeypatch.setenv(f"WECHAT_{name}", value)
    monkeypatch.setenv("PUBLIC_URL", wechat.url)


async def bida(*arguments: str) -> int:
    """One command, beside the event loop that plays WeChat."""
    return await asyncio.to_thread(main, arguments)


@pytest.mark.usefixtures("account")
async def test_the_check_prints_a_line_a_finding_and_ends_with_0_or_1(
    wechat: Wechat, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await bida("wechat", "check") == 0
    assert capsys.readouterr().out.endswith("Nothing is missing.\n")
    wechat.answers["menu/get"] = refused(46003)
    assert await bida("wechat", "check") == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("ok       messages")
    assert lines[-2].startswith("missing  menu")


@pytest.mark.usefixtures("account")
async def test_the_menu_is_pushed_as_it_is_written(wechat: Wechat) -> None:
    assert await bida("wechat", "menu", "push") == 0
    assert dict(wechat.calls)["menu/create"] == menu_body(MENU)


@pytest.mark.usefixtures("account")
async def test_a_refused_menu_is_one_sentence(
    wechat: Wechat, capsys: pytest.CaptureFixture[str]
) -> None:
    wechat.answers["menu/create"] = refused(48001)
    assert await bida("wechat", "menu", "push") == 1
    assert "48001" in capsys.readouterr().err
    wechat.answers["stable_token"] = refused(40164, "invalid ip 203.0.113.7")
    assert await bida("wechat", "menu", "push") == 1
    assert "203.0.113.7" in capsys.readouterr().err


@pytest.mark.usefixtures("account")
async def test_the_menu_that_wechat_shows_is_shown(
    wechat: Wechat, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await bida("wechat", "menu", "show") == 0
    assert "人工客服  human" in capsys.readouterr().out
