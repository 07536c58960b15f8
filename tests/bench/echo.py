"""The upper limit: the least that answers WeChat in safe mode, with aiohttp and wechatpy as their guides show it.

``python -m tests.bench.echo <port>`` with WECHAT_TOKEN, WECHAT_ENCODING_AES_KEY and WECHAT_APP_ID in its environment.
"""

import os
import sys

from aiohttp import web
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature


def create_app(token: str, aes_key: str, app_id: str) -> web.Application:
    """The whole application: check, decrypt, parse, reply, encrypt."""
    crypto = WeChatCrypto(token, aes_key, app_id)

    async def receive(request: web.Request) -> web.Response:
        query = request.query
        stamp = (query["timestamp"], query["nonce"])
        check_signature(token, query["signature"], *stamp)
        body = await request.text()
        message = parse_message(crypto.decrypt_message(body, query["msg_signature"], *stamp))
        reply = create_reply(message.content, message=message).render()
        return web.Response(
            text=crypto.encrypt_message(reply, query["nonce"]), content_type="text/xml"
        )

    app = web.Application()
    app.add_routes([web.post("/wechat", receive)])
    return app


if __name__ == "__main__":
    names = ("WECHAT_TOKEN", "WECHAT_ENCODING_AES_KEY", "WECHAT_APP_ID")
    app = create_app(*(os.environ[name] for name in names))
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
