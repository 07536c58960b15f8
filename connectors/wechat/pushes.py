"""WeChat's pushes: from the raw request to a message that may be trusted. Plain functions of what came in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.messages import Inbound
from connectors.settings import Mode, Settings
from connectors.wechat import library, parsing
from connectors.wechat.library import Cipher, ForeignAccount, Malformed

FRESH_SECONDS = 600
"""How far a request's timestamp may be from our clock; WeChat gives no figure."""

_UNIX_TIME = re.compile(r"[0-9]{1,11}")


class Refused(Exception):
    """A request that is not WeChat's, or not for this account: answered with 403."""


@dataclass(frozen=True)
class Push:
    """A checked push: its message, the account's original id, and what a repeat must share with it.

    ``cipher`` is the one that opened it, None in plain mode.
    """

    message: Inbound
    original_id: str
    digest: str
    signature: str
    cipher: Cipher | None


class Reader:
    """Reads the pushes of one account."""

    def __init__(self, settings: Settings) -> None:
        self.account = settings.wechat_app_id
        self.token = settings.wechat_token.get_secret_value()
        self._mode: Mode = settings.mode
        keys = (settings.wechat_encoding_aes_key, settings.wechat_encoding_aes_key_previous)
        self._ciphers = [Cipher(key.get_secret_value(), self.account) for key in keys if key]

    def check(self, query: Mapping[str, str], now: float) -> None:
        """Raise Refused unless the request's own signature is right and its timestamp fresh."""
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if not library.is_signed(query.get("signature", ""), self.token, timestamp, nonce):
            raise Refused("the signature is wrong")
        if not _UNIX_TIME.fullmatch(timestamp):
            raise Refused("the timestamp is no number")
        if abs(now - int(timestamp)) > FRESH_SECONDS:
            raise Refused("the timestamp is stale")

    def read(self, query: Mapping[str, str], body: bytes) -> Push:
        """The push inside a request that was checked. Raises Refused or Malformed."""
        is_encrypted = query.get("encrypt_type") == "aes"
        if self._mode == "safe" and not is_encrypted:
            raise Refused("a plaintext push in safe mode")
        fields, cipher = library.fields_of(body), None
        if is_encrypted and self._mode != "plain":
            text, cipher = self._opened(query, str(fields.get("Encrypt") or ""))
            fields = library.fields_of(text)
        digest = parsing.digest_of(fields)
        message = parsing.message_of(fields, self.account)
        original_id = str(fields.get("ToUserName") or "")
        if not original_id:
            raise Malformed("the push does not say to whom it was sent")
        return Push(message, original_id, digest, query.get("signature", ""), cipher)

    def _opened(self, query: Mapping[str, str], encrypted: str) -> tuple[str, Cipher]:
        parts = (query.get("timestamp", ""), query.get("nonce", ""), encrypted)
        if not library.is_signed(query.get("msg_signature", ""), self.token, *parts):
            raise Refused("the message signature is wrong")
        fault: Exception = Malformed("there is no key")
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(encrypted), cipher
            except (Malformed, ForeignAccount) as error:
                fault = error
        if isinstance(fault, ForeignAccount):
            raise Refused(str(fault))
        raise fault
