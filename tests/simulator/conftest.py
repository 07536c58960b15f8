"""A simulator in the test's own event loop, and a callback that remembers and answers as it is told."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import xmltodict
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import TextReply

from connectors.simulator.app import create_app
from connectors.simulator.client import Simulator
from connectors.simulator.settings import SimulatorSettings

APP_ID = "wx0123456789abcdef"
TOKEN = "seasonal2026"
KEY = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA"

MENU = """
buttons:
  - name: {zh-Hans: 会员, en: Circle}
    buttons:
      - {name: {zh-Hans: 我的积分, en: Points}, type: click, key: points}
      - {name: 官网, type: view, url: "https://shop.example/"}
  - {name: 人工客服, type: click, key: human}
"""


class Callback:
    """A callback written with wechatpy. ``answer`` makes the body, or a whole response, for a message."""

    def __init__(self) -> None:
        self.crypto = WeChatCrypto(TOKEN, KEY, APP_ID)
        self.requests: list[tuple[dict[str, str], str]] = []
        self.messages: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], Awaitable[web.Response]] = self.success

    async def handle(self, request: web.Request) -> web.Response:
        """GET echoes; POST is remembered and answered."""
        if request.method == "GET":
            return web.Response(text=request.query["echostr"])
        query, body = dict(request.query), await request.text()
        self.requests.append((query, body))
        message = xmltodict.parse(self.opened(query, body))["xml"]
        self.messages.append(message)
        return await self.answer(message)

    def opened(self, query: dict[str, str], body: str) -> str:
        """The XML of a request, in safe and in plain mode."""
        if "msg_signature" not in query:
            return body
        stamp = (query["msg_signature"], query["timestamp"], query["nonce"])
        return str(self.crypto.decrypt_message(body, *stamp))

    async def success(self, message: dict[str, Any]) -> web.Response:
        """Nothing to say."""
        return web.Response(text="success")

    def says(self, text: str) -> None:
        """Answer everything with this text."""

        async def answer(message: dict[str, Any]) -> web.Response:
            return self.sealed(message, text)

        self.answer = answer

    def sealed(self, message: dict[str, Any], text: str) -> web.Response:
        """An encrypted text reply."""
        reply = TextReply(
            content=text, source=message["ToUserName"], target=message["FromUserName"]
        )
        body = self.crypto.encrypt_message(reply.render(), "77310042", "1795392000")
        return web.Response(text=body, content_type="text/xml")


StartSimulator = Callable[..., Awaitable[Simulator]]


@pytest.fixture
async def opened() -> AsyncIterator[AsyncExitStack]:
    """Closes what a test opened, in the opposite order."""
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
async def callback() -> Callback:
    """What pushes go to."""
    return Callback()


@pytest.fixture
async def start(opened: AsyncExitStack, callback: Callback, tmp_path: Path) -> StartSimulator:
    """Starts simulators with the given settings over quick defaults."""
    app = web.Application(client_max_size=20 * 1024 * 1024)
    app.router.add_route("*", "/wechat", callback.handle)
    app.router.add_route("*", "/wechat/{account}", callback.handle)
    server = await opened.enter_async_context(TestServer(app))
    menu = tmp_path / "menu.yml"
    menu.write_text(MENU, encoding="utf-8")

    async def start(**changes: Any) -> Simulator:
        told: dict[str, Any] = {
            "wechat_app_id": APP_ID,
            "wechat_app_secret": "s3cret",
            "wechat_token": TOKEN,
            "wechat_encoding_aes_key": KEY,
            "simulator_callback_url": str(server.make_url("/wechat")),
            "simulator_answer_seconds": 0.2,
            "simulator_menu": menu,
            "simulator_seed": "test",
        }
        app = create_app(SimulatorSettings(**(told | changes)))
        simulated = await opened.enter_async_context(TestServer(app))
        session = await opened.enter_async_context(ClientSession())
        return Simulator(session, str(simulated.make_url("/")).rstrip("/"))

    return start


@pytest.fixture
async def simulator(start: StartSimulator) -> Simulator:
    """A simulator with the quick defaults: verified service account, safe mode."""
    return await start()
