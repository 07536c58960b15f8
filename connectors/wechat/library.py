"""The one module that sees wechatpy, and mends what is known to be wrong with it.

Mended here: signatures compared in constant time; padding, length and app id of a ciphertext checked; the random
prefix taken from the system; ``]]>`` and control characters in a reply made harmless; every fault of an input one
exception; the client's blocking transport, token handling and endless retry replaced (see ``connectors.wechat.api``).
"""

import base64
import binascii
import hmac
import re
import secrets
import struct
from collections.abc import Awaitable, Callable
from typing import Any

from wechatpy import parse_message
from wechatpy.client import WeChatClient
from wechatpy.crypto.base import WeChatCipher
from wechatpy.replies import TextReply, TransferCustomerServiceReply
from wechatpy.utils import WeChatSigner

from bot.text import linked

BLOCK_BYTES = 32
"""Block of WeChat's PKCS#7 padding: 1 to 32 bytes, each holding the count (its page 消息加解密说明)."""

MOST_LEVELS = 10
"""How deep elements may lie within one another; WeChat's deepest event, a group of pictures, needs four."""

_PLAIN_START = re.compile(r"\s*(<\?xml[^<>]*\?>\s*)?<xml>")
"""A push begins with its root: no document type, no comment, no instruction."""


class Malformed(Exception):
    """A push that cannot be read."""


class ForeignAccount(Exception):
    """A ciphertext that was made for another account."""


def is_signed(signature: str, token: str, *parts: str) -> bool:
    """Whether ``signature`` is that of ``token`` and ``parts``: SHA-1 over their sorted concatenation, in hex."""
    return hmac.compare_digest(sign(token, *parts).encode(), signature.encode())


def sign(token: str, *parts: str) -> str:
    """The signature of ``parts``."""
    signer = WeChatSigner()
    signer.add_data(token, *parts)
    return str(signer.signature)


class Cipher:
    """AES as WeChat uses it, for one key and one account."""

    def __init__(self, encoding_aes_key: str, app_id: str) -> None:
        self._aes = WeChatCipher(base64.b64decode(encoding_aes_key + "="))
        self._app_id = app_id.encode()

    def encrypt(self, text: str) -> str:
        """``text`` as base64 of a ciphertext."""
        body = text.encode()
        plain = secrets.token_bytes(16) + struct.pack(">I", len(body)) + body + self._app_id
        pad = BLOCK_BYTES - len(plain) % BLOCK_BYTES
        return base64.b64encode(self._aes.encrypt(plain + bytes([pad]) * pad)).decode()

    def decrypt(self, encrypted: str) -> str:
        """The text inside. Raises Malformed for what is no ciphertext of this key, else ForeignAccount."""
        try:
            sealed = base64.b64decode(encrypted, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Malformed("the ciphertext is not base64") from error
        if not sealed or len(sealed) % BLOCK_BYTES:
            raise Malformed("the ciphertext has an impossible length")
        return self._opened(_unpadded(self._aes.decrypt(sealed)))

    def _opened(self, plain: bytes) -> str:
        if len(plain) < 20:
            raise Malformed("the ciphertext is too short")
        (length,) = struct.unpack(">I", plain[16:20])
        body, app_id = plain[20 : 20 + length], plain[20 + length :]
        if len(body) != length:
            raise Malformed("the ciphertext's length field is wrong")
        if not hmac.compare_digest(app_id, self._app_id):
            raise ForeignAccount("the ciphertext was made for another account")
        try:
            return body.decode()
        except UnicodeDecodeError as error:
            raise Malformed("the text is not UTF-8") from error


def _unpadded(plain: bytes) -> bytes:
    pad = plain[-1]
    if not 1 <= pad <= BLOCK_BYTES or plain[-pad:] != bytes([pad]) * pad:
        raise Malformed("the ciphertext's padding is wrong")
    return plain[:-pad]


def fields_of(xml: bytes | str) -> dict[str, Any]:
    """The elements of a push. Raises Malformed; entities and document types are refused."""
    try:
        text = xml.decode() if isinstance(xml, bytes) else xml
        if not _PLAIN_START.match(text):
            raise Malformed("the XML declares something before its root")
        fields = parse_message(text if "<MsgType>" in text else _typed(text))._data
        if _is_deeper(fields, MOST_LEVELS):
            raise Malformed("the XML is nested too deeply")
    except Malformed:
        raise
    # wechatpy lets through whatever its XML reader and its own code stumble over.
    except Exception as error:
        raise Malformed(f"the XML cannot be read: {type(error).__name__}") from error
    return dict(fields)


def _is_deeper(value: Any, levels: int) -> bool:
    """Whether elements lie within one another on more than ``levels`` levels."""
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_is_deeper(each, levels - 1) for each in inner)


def _typed(xml: str) -> str:
    """The outer envelope of safe mode has no type of its own, which wechatpy's reader insists on."""
    return xml.replace("</xml>", "<MsgType>envelope</MsgType></xml>")


def text_reply(text: str, follower: str, account: str, now: float) -> str:
    """A passive text reply as XML; ``account`` is the original id (gh_...) that the push was sent to."""
    within = linked(text).replace("]]>", "]]]]><![CDATA[>")
    reply = TextReply(source=account, target=follower, content=within, time=int(now))
    return str(reply.render())


def transfer_reply(follower: str, account: str, now: float) -> str:
    """The reply that hands the follower to WeChat's own desk, to whoever is free there (its page 消息转发到客服)."""
    return str(
        TransferCustomerServiceReply(source=account, target=follower, time=int(now)).render()
    )


def sealed_reply(cipher: Cipher, token: str, xml: str, now: float) -> str:
    """A reply as safe mode wants it: encrypted and signed."""
    encrypted, timestamp, nonce = cipher.encrypt(xml), str(int(now)), secrets.token_hex(8)
    signature = sign(token, timestamp, nonce, encrypted)
    return (
        f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt>"
        f"<MsgSignature><![CDATA[{signature}]]></MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
    )


Call = Callable[[str, str, dict[str, Any]], Awaitable[dict[str, Any]]]
"""One API call: HTTP method, path, JSON body -> JSON answer."""


class Methods(WeChatClient):  # type: ignore[misc]
    """wechatpy's API methods over a transport of ours; each of them gives an awaitable of the JSON answer."""

    API_BASE_URL = "/cgi-bin/"

    def __init__(self, app_id: str, call: Call) -> None:
        super().__init__(app_id, secret="", auto_retry=False)
        self._call = call

    async def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        process = kwargs.get("result_processor")
        path = self.API_BASE_URL + url_or_endpoint
        answer = await self._call(method, path, kwargs.get("data") or {})
        return process(answer) if process else answer
