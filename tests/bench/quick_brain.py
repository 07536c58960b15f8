"""A brain that answers at once, to measure the connector alone: ``python -m tests.bench.quick_brain <port>``.

It speaks the brain's channel as docs/architecture.md describes it.
"""

import sys
from typing import Any

from aiohttp import web

SAID = (
    "好的，已经收到您的问题，这是给您的回答：门店每天十点到二十二点营业，会员可以查询积分与权益。"
)
REPLY: dict[str, Any] = {
    "name": "utter_store_hours",
    "kind": "answer",
    "text": SAID,
    "choices": [],
    "hand_over": None,
}


def create_app() -> web.Application:
    """The channel's addresses."""
    app = web.Application()
    app.add_routes(
        [
            web.post("/webhooks/bida/webhook", _answer),
            web.get("/webhooks/bida/health", _healthy),
        ]
    )
    return app


async def _answer(request: web.Request) -> web.Response:
    asked = await request.json()
    return web.json_response(turn(asked["message_id"], asked["text"]))


async def _healthy(request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


def turn(message_id: str, text: str) -> dict[str, Any]:
    """The same turn for each message."""
    intent = {"name": "store_hours", "confidence": 0.97}
    return {
        "status": "ok",
        "error": None,
        "message_id": message_id,
        "model": "quick",
        "language": "zh-Hans",
        "replies": [REPLY],
        "nlu": {"text": text, "intent": intent, "ranking": [intent], "entities": []},
    }


if __name__ == "__main__":
    web.run_app(create_app(), host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
