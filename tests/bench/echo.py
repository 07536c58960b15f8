"""The upper limit: the least that answers WeChat in safe mode, with aiohttp and wechatpy as their guides show it.

``python -m tests.bench.echo <port> [<address of a Redis>]`` with WECHAT_TOKEN, WECHAT_ENCODING_AES_KEY and
WECHAT_APP_ID in its environment. With a Redis, each message is appended to a list there before it is answered.
"""

import sys
from collections.abc import AsyncIterator

from aiohttp import web
from redis.asyncio import Redis

from tests.bench.envelopes import Envelopes

MESSAGES = "echo:messages"
REDIS = web.AppKey("redis", Redis)


def create_app(envelopes: Envelopes, redis_url: str = "") -> web.Application:
    """The whole application: check, decrypt, parse, keep, reply, encrypt."""

    async def receive(request: web.Request) -> web.Response:
        body = await request.text()
        message = envelopes.opened(request.query, body)
        if redis_url:
            await request.app[REDIS].rpush(MESSAGES, message.content)
        return envelopes.answer(request.query, message, message.content)

    async def store(app: web.Application) -> AsyncIterator[None]:
        async with Redis.from_url(redis_url) as app[REDIS]:
            yield

    app = web.Application()
    if redis_url:
        app.cleanup_ctx.append(store)
    app.add_routes([web.post("/wechat", receive)])
    return app


if __name__ == "__main__":
    app = create_app(Envelopes.of_environment(), *sys.argv[2:3])
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
