"""An official account as its owner set it up in WeChat's console."""

import hashlib
from dataclasses import dataclass
from typing import Literal

Mode = Literal["plain", "compatible", "safe"]
AccountKind = Literal[
    "verified_service",
    "verified_subscription",
    "unverified_service",
    "unverified_subscription",
    "test",
]
Right = Literal["customer_messages", "message_menus", "menu", "media", "scenes"]

TEXT_BYTES = 2048
"""The true limit of a passive text is unpublished; so much is known to pass."""

_VERIFIED: frozenset[AccountKind] = frozenset({"verified_service", "verified_subscription"})

RIGHTS: dict[Right, frozenset[AccountKind]] = {
    "customer_messages": _VERIFIED | {"test"},
    "message_menus": _VERIFIED,
    "menu": _VERIFIED | {"test"},
    "media": _VERIFIED | {"test"},
    "scenes": frozenset({"verified_service", "test"}),
}
"""Which kinds of account may do what, by WeChat's table 接口权限说明; ``scenes`` are QR codes with parameters."""


@dataclass(frozen=True)
class Account:
    """Keys are EncodingAESKeys of 43 characters; ``mode`` is how pushes are encrypted.

    ``ip_whitelist`` empty means that the console's list is not looked at; ``passive_text_bytes`` is the longest
    passive text. ``name`` stands at the top of the chat.
    """

    app_id: str
    secret: str
    original_id: str
    token: str
    aes_key: str
    mode: Mode
    kind: AccountKind
    callback_url: str
    kf_accounts: frozenset[str] = frozenset()
    name: str = ""
    previous_aes_key: str = ""
    ip_whitelist: frozenset[str] = frozenset()
    passive_text_bytes: int = TEXT_BYTES

    @property
    def is_test(self) -> bool:
        """Whether this is a sandbox account (公众平台接口测试号): smaller quotas, no message menus."""
        return self.kind == "test"

    def may(self, right: Right) -> bool:
        """Whether an account of this kind has the right."""
        return self.kind in RIGHTS[right]


def original_id_of(app_id: str) -> str:
    """An original id (原始ID) in WeChat's shape: ``gh_`` and 12 hexadecimal digits, always the same for an app id."""
    return f"gh_{hashlib.sha256(app_id.encode()).hexdigest()[:12]}"
