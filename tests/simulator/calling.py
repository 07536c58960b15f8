"""Calls of the simulated API as an account makes them."""

import json
from typing import Any

from connectors.simulator.client import Simulator
from tests.simulator.conftest import APP_ID

CREDENTIALS = {"grant_type": "client_credential", "appid": APP_ID, "secret": "s3cret"}
SEND = "/cgi-bin/message/custom/send"
TYPING = "/cgi-bin/message/custom/typing"


async def call(
    simulator: Simulator, method: str, path: str, body: Any = None, **params: str
) -> dict[str, Any]:
    """The JSON answer."""
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    async with simulator.session.request(
        method, simulator.url + path, data=raw if body is not None else None, params=params
    ) as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "application/json; encoding=utf-8"
        answer: dict[str, Any] = await response.json(content_type=None)
        return answer


async def token(simulator: Simulator) -> str:
    """A token that is good now."""
    answer = await call(simulator, "POST", "/cgi-bin/stable_token", CREDENTIALS)
    return str(answer["access_token"])


async def post(simulator: Simulator, path: str, body: Any) -> int:
    """The code of a call with a token."""
    answer = await call(simulator, "POST", path, body, access_token=await token(simulator))
    return int(answer["errcode"])


async def send(simulator: Simulator, openid: str, text: str = "您好", **more: Any) -> int:
    """The code of a customer message."""
    body = {"touser": openid, "msgtype": "text", "text": {"content": text}} | more
    return await post(simulator, SEND, body)
