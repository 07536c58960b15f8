"""Stock Rasa behind WeChat's callback, as its users put it there: aiohttp and wechatpy before the REST channel.

``python -m tests.bench.adapter <port> <address of the REST channel>`` with WECHAT_TOKEN, WECHAT_ENCODING_AES_KEY and
WECHAT_APP_ID in its environment. It stores nothing, knows no repeats, and waits for Rasa however long that takes.
"""

import sys
from collections.abc import AsyncIterator

from aiohttp import ClientSession, web

from tests.bench.envelopes import Envelopes

SESSION = web.AppKey("session", ClientSession)


def create_app(envelopes: Envelopes, rest_url: str) -> web.Application:
    """The whole application: check, decrypt, ask Rasa, encrypt."""

    async def receive(request: web.Request) -> web.Response:
        message = envelopes.opened(request.query, await request.text())
        body = {"sender": message.source, "message": message.content}
        async with request.app[SESSION].post(rest_url, json=body) as answer:
            answer.raise_for_status()
            said = [each["text"] for each in await answer.json() if "text" in each]
        return envelopes.answer(request.query, message, "\n\n".join(said))

    app = web.Application()
    app.cleanup_ctx.append(_session)
    app.add_routes([web.post("/wechat", receive)])
    return app


async def _session(app: web.Application) -> AsyncIterator[None]:
    async with ClientSession() as session:
        app[SESSION] = session
        yield


if __name__ == "__main__":
    app = create_app(Envelopes.of_environment(), sys.argv[2])
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
