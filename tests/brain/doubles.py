"""The connector's side of the channel, and a double of the actions that remembers and decides nothing."""

import socket
from dataclasses import dataclass, field
from itertools import count
from types import TracebackType
from typing import Any

from aiohttp import ClientSession, web

NOW = 1_795_600_000.0
"""Wednesday, 25 November 2026."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Brain:
    """What the connector does with the brain."""

    session: ClientSession
    url: str
    _numbers: "count[int]" = field(default_factory=count)

    async def say(self, text: str, sender: str = "anna", message_id: "str | None" = None) -> dict:
        """The turn that answers a message."""
        asked = {
            "account": "wx1",
            "sender": sender,
            "message_id": message_id or f"m{next(self._numbers)}",
            "text": text,
            "time": NOW,
        }
        status, turn = await self.post(asked)
        assert status == 200
        return turn

    async def post(self, body: Any) -> "tuple[int, dict]":
        """Send anything at all."""
        async with self.session.post(f"{self.url}/webhooks/bida/webhook", json=body) as answer:
            return answer.status, await answer.json()

    async def forget(self, sender: str) -> dict:
        """Erase a follower."""
        address = f"{self.url}/webhooks/bida/conversations/wx1/{sender}"
        async with self.session.delete(address) as answer:
            return await answer.json()

    async def health(self) -> dict:
        """How the brain is."""
        async with self.session.get(f"{self.url}/webhooks/bida/health") as answer:
            return await answer.json()

    async def understand(self, body: Any) -> "tuple[int, dict]":
        """What a text may mean, without a turn; ``body`` may be anything at all, bytes as they are."""
        sent = {"data": body} if isinstance(body, bytes) else {"json": body}
        async with self.session.post(f"{self.url}/webhooks/bida/parse", **sent) as answer:
            return answer.status, await answer.json()

    async def parse(self, text: str) -> dict:
        """Rasa's own address for tools."""
        async with self.session.post(f"{self.url}/model/parse", json={"text": text}) as answer:
            return await answer.json()


class Actions:
    """Says ``reply`` to every call and sets ``slots``; remembers the calls."""

    def __init__(self, port: int) -> None:
        self.calls: list[dict] = []
        self.callers: set[Any] = set()
        self.slots: dict[str, Any] = {}
        self.reply = {
            "name": "utter_x",
            "kind": "answer",
            "text": "x",
            "choices": [],
            "hand_over": None,
        }
        self._port = port

    async def __aenter__(self) -> "Actions":
        app = web.Application(client_max_size=2**22)
        app.router.add_post("/webhook", self._answer)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        return self

    async def __aexit__(
        self,
        kind: "type[BaseException] | None",
        error: "BaseException | None",
        trace: "TracebackType | None",
    ) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        self.calls.append(await request.json())
        self.callers.add(request.transport and request.transport.get_extra_info("peername"))
        events = [
            {"event": "slot", "name": name, "value": value} for name, value in self.slots.items()
        ]
        return web.json_response({"events": events, "responses": [{"custom": self.reply}]})
