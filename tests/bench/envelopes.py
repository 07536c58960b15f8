"""WeChat's safe mode with wechatpy alone, as its guide shows it: what the comparisons open and seal messages with."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from aiohttp import web
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature


@dataclass
class Envelopes:
    """Those of one account."""

    token: str
    aes_key: str
    app_id: str

    @classmethod
    def of_environment(cls) -> "Envelopes":
        """The account that the environment names."""
        names = ("WECHAT_TOKEN", "WECHAT_ENCODING_AES_KEY", "WECHAT_APP_ID")
        return cls(*(os.environ[name] for name in names))

    def opened(self, query: Mapping[str, str], body: str) -> Any:
        """The message of a push whose signatures are right; wechatpy raises what is wrong with any other."""
        stamp = (query["timestamp"], query["nonce"])
        check_signature(self.token, query["signature"], *stamp)
        return parse_message(self._crypto.decrypt_message(body, query["msg_signature"], *stamp))

    def answer(self, query: Mapping[str, str], message: Any, text: str) -> web.Response:
        """The response that brings ``text`` to the one who wrote ``message``."""
        xml = create_reply(text, message=message).render()
        sealed = self._crypto.encrypt_message(xml, query["nonce"])
        return web.Response(text=sealed, content_type="text/xml")

    @cached_property
    def _crypto(self) -> WeChatCrypto:
        return WeChatCrypto(self.token, self.aes_key, self.app_id)
